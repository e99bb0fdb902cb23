"""Signs that nobody sees, and signs that no document holds, in texts and names: what is published, what is told."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import EDITIONS, sound
from publication import ENDINGS, with_texts

import workbook
from workbook.publish.job import Publishing, publish
from workbook.publish.signs import legible, told
from workbook.report import Report, tidy
from workbook.report.folding import folded

CARRIED = {
    "direction": "甲\u202e乙\u202c丙\u2067丁\u2069戊\u200f。",
    "unended direction": "甲\u202e乙，\n丙丁。",
    "no width": "甲\u200d乙\u200c丙\u00ad丁\u200b戊\u2060己\ufeff庚。",
    "pictures": "甲😀👨\u200d👩\u200d👧🇨🇳乙。",
    "extensions": "𪚥𫝀𫠠𬺰𰀀𱍐。",
    "fillers": "甲\u3164乙\u115f\u2800。",
    "variants": "葛\U000e0100城，♥\ufe0f，\U000e0041。",
    "other scripts": "שלום abc مرحبا བོད་ ئۇيغۇر。",
    "private": "甲\ue000乙\U000f0000。",
    "ends of lines": "甲\u2028乙\u2029丙\x85丁\x0b戊\x0c己\r\n庚\r辛。",
    "decomposed": "cafe\u0301 \u212b 豈 ⺀ ㎡。",
}
UNFIT = {
    "controls": ("甲\x01\x1b[2J乙。", "U+0001、U+001B"),
    "halves": ("甲\ud800乙\udfff。", "U+D800、U+DFFF"),
    "no characters": ("甲\ufffe乙\uffff丙\ufdd0。", "U+FFFE、U+FFFF、U+FDD0"),
}


def _published(report: Report) -> dict[tuple[str, str], Report]:
    files = publish(report, Publishing(("word", "page", "fragment", "text", "data")), findings=())[0]
    return {spot: workbook.parse(files[spot[0]][spot[1]], f"公布{ending}") for spot, ending in ENDINGS.items()}


@pytest.mark.parametrize("text", CARRIED.values(), ids=CARRIED)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_form_carries_them(edition: str, text: str) -> None:
    report = with_texts(edition, text)
    for spot, back in _published(report).items():
        for key, said in report.narrative.items():
            assert folded(back.narrative[key]) == folded(said), (spot, key)
            if spot[0] in {"word", "text", "data"}:
                assert back.narrative[key] == legible(report).narrative[key], (spot, key)
        assert back.cells == report.cells


def test_nothing_but_ends_of_lines_is_another_in_print() -> None:
    for name, text in CARRIED.items():
        report = with_texts("2021", text)
        assert (legible(report).narrative == report.narrative) == (name != "ends of lines")
    lines = legible(with_texts("2021", CARRIED["ends of lines"])).narrative["overview"]
    assert lines == "\n".join("甲乙丙丁戊己庚") + "\n辛。"


@pytest.mark.parametrize(("text", "signs"), UNFIT.values(), ids=UNFIT)
def test_what_no_document_holds_is_shown_as_a_sign_and_told(text: str, signs: str) -> None:
    report = with_texts("2021", text)
    for spot, back in _published(report).items():
        assert {len(tidy(said) or "") for said in back.narrative.values()} == {len(text)}, spot
        assert all("\ufffd" in (said or "") for said in back.narrative.values()), spot
    findings = list(told(report))
    assert {finding.code for finding in findings} == {"text.signs"}
    assert all(signs in finding.message("zh") for finding in findings)


def test_usual_texts_are_told_of_nothing() -> None:
    assert not list(told(sound("2021")))
    assert not list(told(with_texts("2021", "甲\t乙。\n　　丙\u00a0丁，“戊”。")))


@pytest.mark.parametrize("sign", ["\u202e", "\u200d", "\u00ad", "\u2066", "\ufeff"])
def test_a_name_has_none_of_them(sign: str) -> None:
    plain = sound("2021")
    report = replace(plain, body=replace(plain.body, name=f"甲{sign}市教育局"))
    for spot, back in _published(report).items():
        assert back.body.name == "甲市教育局", spot
    codes = [finding.code for finding in told(report)]
    assert codes == (["text.signs"] if sign in "\u202e\u2066" else [])


def test_a_direction_ends_with_its_element() -> None:
    report = with_texts("2021", "甲\u202e乙。")
    for form in ("page", "fragment"):
        page = publish(report, Publishing((form,)), findings=())[0][form][""].decode()
        lines = [line for line in page.splitlines() if "\u202e" in line]
        assert lines
        assert all(line.startswith("<p data-nianbao") and line.endswith("</p>") for line in lines)
