"""The text of a report against its tables, against itself and against its year: sentences as data, and properties."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import timeit
import tomllib
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from recall import Sentence, recall, sentences
from strategies import sound_reports

import workbook
from workbook.checks.text import check
from workbook.checks.text.definitions import load_statements, parse_statements
from workbook.checks.text.sentences import Text, counting, counts, value_of
from workbook.checks.text.statements import claims, values
from workbook.definition import FormError
from workbook.resources import resource

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.report import Report


def said(report: Report, text: str) -> Report:
    return replace(report, narrative={**report.narrative, "overview": text})


def codes(report: Report, previous: Report | None = None) -> set[str]:
    return {finding.code for finding in check(report, previous)}


@pytest.mark.parametrize("sentence", sentences(), ids=lambda sentence: sentence.text.strip()[:30])
def test_a_sentence_gives_its_findings_and_no_other(sentence: Sentence) -> None:
    found = sentence.findings()
    assert Counter((finding.code, finding.quote.text) for finding in found if finding.quote) == sentence.expect
    for finding in found:
        assert finding.quote
        assert finding.level == "warning"
        assert sentence.text[finding.quote.start : finding.quote.end] == finding.quote.text
        for lang in ("zh", "en"):
            assert "{" not in finding.message(lang) + finding.hint(lang)


def test_there_are_three_hundred_sentences_half_of_them_traps_and_most_contradictions_are_found() -> None:
    figures = recall(sentences())
    assert len(sentences()) >= 300
    assert 2 * figures.sound >= len(sentences())
    assert figures.found.total() >= 0.85 * figures.there.total()
    assert not figures.wrong


def test_what_is_found_is_the_same_in_every_process(root: Path) -> None:
    """The order of a set hangs on the seed of its process; with these two several sentences once differed."""
    script = "from recall import sentences\nfor one in sentences(): print(one.findings())"
    paths = os.pathsep.join(str(root / "tests" / name) for name in ("support", "editions", "editions/inside"))
    told = [
        subprocess.run([sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": paths},
                       capture_output=True, check=True).stdout
        for seed in ("1", "3")
    ]  # fmt: skip
    assert told[0] == told[1]
    assert told[0].count(b"text.contradicts") > 100


def test_what_the_example_says_is_contradicted_twice_and_confirmed_once(root: Path) -> None:
    report = workbook.read(root / "examples/linan-2020.xlsx")
    found = [(finding.code, finding.found, finding.expected) for finding in check(report)]
    assert found == [("text.contradicts", 19, 8), ("text.contradicts", 0, 1)]
    rules, text = load_statements(report.edition), Text("overview", report.narrative["overview"] or "")
    stated = claims(text, report, counts(counting(rules.counters), text.plain))
    assert ("received", 33) in {(claim.statement.key, claim.value) for claim in stated if claim.agrees}


# Statements in words, by the key of the definition; a part stands behind the whole that it is a part of.
WORDS = {
    "new": "新收政府信息公开申请{}件。",
    "received": "收到政府信息公开申请{}件。",
    "handled": "办理政府信息公开申请{}件。",
    "concluded": "办结政府信息公开申请{}件。",
    "answered": "答复政府信息公开申请{}件。",
    "brought_forward": "依申请公开中，上年结转{}件。",
    "carried_forward": "依申请公开中，结转下年度{}件。",
    "reviews": "因政府信息公开引发行政复议{}件。",
    "suits": "因政府信息公开引发行政诉讼{}件。",
    "cases": "因政府信息公开引发行政复议、行政诉讼{}件。",
    "normative_made": "制发行政规范性文件{}件。",
    "rules_made": "制定规章{}部。",
    "licensing": "作出行政许可决定{}件。",
    "penalties": "作出行政处罚决定{}件。",
    "coercion": "作出行政强制决定{}件。",
    "result:不予公开": "依申请公开中，不予公开{}件。",
    "result:予以公开": "依申请公开中，予以公开{}件。",
    "result:重复申请": "依申请公开中，重复申请{}件。",
    "granted_or_partial": "依申请公开中，予以公开及部分公开{}件。",
}


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_a_number_of_the_tables_is_never_disputed_and_another_always(edition: str, data: st.DataObject) -> None:
    report = data.draw(sound_reports(edition))
    key = data.draw(st.sampled_from(sorted(WORDS)))
    lawful = [value for value in values(report, load_statements(edition).by_key[key].readings) if value >= 0]
    if lawful:
        value = int(data.draw(st.sampled_from(lawful)))
        written = data.draw(st.sampled_from([str(value), f"{value:,}", f" {value} "]))
        assert not codes(said(report, WORDS[key].format(written)))
    other = data.draw(st.integers(0, 99_999).filter(lambda number: number not in lawful))
    assert codes(said(report, WORDS[key].format(other))) == {"text.contradicts"}


@given(
    text=st.text(
        st.sampled_from("收到政府信息公开申请办结其中分别为占比同年1230件，。、（）：% \n未发生行政复议诉讼的"),
        max_size=80,
    )
)
def test_any_text_is_read_and_quoted_where_it_stands(text: str) -> None:
    for finding in check(said(sound("2021"), text or "无")):
        assert finding.quote
        assert text[finding.quote.start : finding.quote.end] == finding.quote.text


@given(st.integers(0, 9_999))
def test_numbers_in_words_are_read(value: int) -> None:
    assert value_of(in_words(value)) == value


def in_words(value: int) -> str:
    text, zero = "", False
    for place, step in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // place % 10
        if digit:
            text += "零" * (zero and bool(text)) + "零一二三四五六七八九"[digit] + step
        zero = not digit
    return text or "零"


@pytest.mark.parametrize("word", ["百", "十十", "一二", "一百千", "万", "一万万", "十百"])
def test_words_that_are_no_numbers_are_left_alone(word: str) -> None:
    assert value_of(word) is None


def test_blank_cells_are_not_compared() -> None:
    report = said(sound("2021").with_cells({"applications.received.total": None}), "收到政府信息公开申请3件。")
    assert not codes(report)


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ('"applications.granted + ', '"applications.grantde + '),
        ('part_of = "applications.concluded"', 'part_of = "applications.granted"'),
        ('phrases = ["收费 ¥"]', 'phrases = ["收费 唯 ¥"]'),
        ('phrases = ["收费 ¥"]', 'phrases = ["收费?"]'),
        ('"@复议", "reviews_of_them"]', '"@复议", "reviewed"]'),
        ('context = "提到申请"', 'context = "说到申请"'),
        ('key = "fees"', 'key = "cases"'),
        ('name = "行政事业性收费"', 'nmae = "行政事业性收费"'),
        ('unless = "清理"', 'unless = "整理"'),
        ('disclosure = ["提到文件"]', 'disclosure = ["说到文件"]'),
        ("counters = [", "counter = ["),
        ("[words]", "[[words]"),
        ('begins = "因"', 'begin = "因"'),
        ('[composed."投诉"]', '[composed."投"]'),
        ('core = "诉"', 'cores = "诉"'),
        ('after = ["@复议"]', 'after = ["@复"]'),
    ],
)
def test_a_wrong_definition_is_refused(was: str, becomes: str) -> None:
    text = resource("schema/statements.toml").read_text(encoding="utf-8")
    assert was in text
    with pytest.raises(FormError, match=r"statements\.toml"):
        parse_statements(text.replace(was, becomes, 1), "2021")


_LETTERS = st.characters(codec="gb2312", exclude_characters="０１２３４５６７８９")  # a text is read with other digits
OPEN = tomllib.loads(resource("schema/statements.toml").read_text(encoding="utf-8"))["open"]


@pytest.mark.parametrize("item", OPEN, ids=lambda item: item["begins"])
@given(data=st.data())
def test_what_is_passed_over_begins_as_its_definition_says(item: dict[str, str], data: st.DataObject) -> None:
    written = data.draw(st.from_regex(rf"\A(?:{item['words']})", alphabet=_LETTERS))
    assert written[0] in item["begins"]
    found = load_statements("2021").open[written[0]].match(written)
    assert found
    assert found[0]


RICH = (
    "全年收到政府信息公开申请5400件，办结5330件，其中予以公开412件、部分公开152件。"
    "发布信息716条，公告258条。未发生舆情。"
)
HOSTILE = [
    RICH,
    "1",
    "1件",
    "1件、",
    "其中",
    "3件，其中1件",
    "，",
    " ",
    "1 ",
    "（",
    "3件（",
    "十",
    "一万",
    "无",
    "未因政府信息公开",
    "全年",
    "以区政府",
    "5件，分别为",
    "收到政府信息公开申请",
    "收到1件，",
    "2023年",
    "《",
    "3件，比上年",
    "：",
    "、",
    "1件和",
    "1,111,",
    "收到政府信息公开申请5400件，",
    "5件：甲1件、",
    "甲1件（其中乙1件）、",
    "国办公开办函",
    "2024年1月1日至",
    "1元",
    "占5%",
    "行政复议和",
    "无因政府信息公开引发的行政复议和",
    "\n",
    "均",
    "新收的的的共共",
    "均均均",
    "甲、乙分别为1件、2件、",
    "1件，甲",
    "甲1件、",
    "（其中",
    "其中1件，",
    "由1件增加到",
    "1件，占",
    "全县各级行政机关",
    "无因政府信息公开引发的行政复议、",
    "截至",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_in_the_length_of_the_text(piece: str) -> None:
    """Doubling the text doubles the work, and none is eight times the work of a text as offices write it.

    A busy machine gets three chances; the work of an ordinary text is measured once, and for another chance anew.
    """

    def is_linear(chance: int) -> bool:
        most = 8 * (seconds(RICH, 24_000) if chance else of_an_ordinary_text())
        return seconds(piece, 24_000) <= min(2.6 * seconds(piece, 12_000) + 0.01, most)

    seconds(piece, 1000)
    assert any(map(is_linear, range(3)))


def seconds(piece: str, length: int) -> float:
    """Return how long a text of so many signs is checked; ``timeit`` keeps the garbage out of it."""
    report = said(sound("2021"), (piece * (length // len(piece) + 1))[:length])
    return min(timeit.repeat(lambda: sum(1 for _ in check(report)), timer=time.process_time, number=1, repeat=2))


@cache
def of_an_ordinary_text() -> float:
    seconds(RICH, 1000)
    return seconds(RICH, 24_000)


@pytest.mark.parametrize(
    ("cover", "text", "told"),
    [
        (2024, "2025年，本机关公开信息3条。全年培训1次。问题不多。", True),
        (2024, "2023年，本机关公开信息3条。全年培训1次。问题不多。", True),
        (2024, "2024年，本机关公开信息3条。2025年将继续努力。问题不多。", False),
        (2024, "本机关公开信息3条。2025年，将继续努力。问题不多。", False),
    ],
)
def test_a_text_that_begins_with_another_year_puts_the_cover_in_doubt(cover: int, text: str, *, told: bool) -> None:
    base = sound("2021")
    report = replace(base, year=cover, narrative={**base.narrative, "overview": text})
    assert ("text.period" in {finding.code for finding in workbook.check(report)}) == told
