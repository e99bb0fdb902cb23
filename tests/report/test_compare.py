"""What differs between two reports, by values alone: exactly what was changed, once a mistake."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from strategies import reports

import workbook
from workbook.jobs.pairs import UNPAIRED
from workbook.report import Body, Finding, Origin, Place, Report, Source, Waiver, catalogue
from workbook.report.compare import compare, draft

if TYPE_CHECKING:
    from collections.abc import Callable

BASE = replace(
    sound("2021"),
    body=Body("甲市教育局", "91110000600037341L", "330112", "department"),
    narrative={**sound("2021").narrative, "overview": "收到“申请” 33 件，办结 33 件。", "disclosure": "见下表。"},
)


def texts(**change: str | None) -> Report:
    return replace(BASE, narrative={**BASE.narrative, **change})


def cover(**change: Any) -> Report:
    return replace(BASE, body=replace(BASE.body, **change))


def without(report: Report, *gone: str) -> Report:
    """Return a report in whose file the cells that begin with some names do not stand."""
    stands = {key: Place("第1表", f"A{number}") for number, key in enumerate(report.cells, 1)}
    lost = [key for key in report.cells if key.startswith(gone)]
    places = {key: place for key, place in stands.items() if key not in lost}
    return replace(report.with_cells(dict.fromkeys(lost)), places=places)


DRAFT = replace(BASE, reader_findings=(draft("甲.json", 3),))
MADE, AMOUNT = "documents.rules.made", "fees.fee.amount"
WAIVED = Waiver("text.blank", "other", "无", "张三", "2025-01-20")
FROM = Source("年报.xlsx", "a" * 64, "2")
JSON = Source("年报.json", "b" * 64, "2", (Origin("年报.xlsx", "a" * 64),))

CASES: dict[str, tuple[Report, Report, list[tuple[str, str]]]] = {
    "nothing": (BASE, BASE, []),
    "a number": (BASE.with_cells({MADE: 7}), BASE, [("differs.cell", MADE)]),
    "blank is not 0": (BASE.with_cells({MADE: None}), BASE.with_cells({MADE: 0}), [("differs.cell", MADE)]),
    "a text is no number": (BASE.with_cells({MADE: "59"}), BASE, [("differs.cell", MADE)]),
    "0.10 is 0.1": (BASE.with_cells({AMOUNT: Decimal("0.10")}), BASE.with_cells({AMOUNT: Decimal("0.1")}), []),
    "1.0 is 1": (BASE.with_cells({AMOUNT: Decimal("1.0")}), BASE.with_cells({AMOUNT: 1}), []),
    "money": (
        BASE.with_cells({AMOUNT: Decimal("0.100001")}),
        BASE.with_cells({AMOUNT: Decimal("0.1")}),
        [("differs.cell", AMOUNT)],
    ),
    "both lack it": (without(BASE, "documents"), without(BASE, "documents"), []),
    "a table": (without(BASE, "disputes.review"), BASE, [("differs.missing", "disputes.review")]),
    "a whole table": (without(BASE, "applications"), BASE, [("differs.missing", "applications")]),
    "a table of one number": (without(BASE, "fees"), BASE, [("differs.missing", "fees")]),
    "a table that the other lacks": (BASE, without(BASE, "applications"), [("differs.missing", "applications")]),
    "a table that is all blank": (
        BASE.with_cells({key: None for key in BASE.cells if key.startswith("applications")}),
        BASE,
        [("differs.missing", "applications")],
    ),
    "a row": (without(BASE, "applications.granted."), BASE, [("differs.missing", "applications.granted")]),
    "a column": (
        without(BASE, *(f"applications.{row.key}.charity" for row in BASE.form.table("applications").rows)),
        BASE,
        [("differs.missing", "applications.charity")],
    ),
    "cells of a row": (
        without(BASE, "applications.granted.natural", "applications.granted.other"),
        BASE,
        [("differs.missing", "applications.granted")],
    ),
    "a row lost and a number changed": (
        without(BASE, "applications.granted.").with_cells({MADE: 7}),
        BASE,
        [("differs.missing", "applications.granted"), ("differs.cell", MADE)],
    ),
    "a character": (texts(overview="收到“申请” 33 件，办结 32 件。"), BASE, [("differs.text", "overview")]),
    "a full stop": (texts(overview="收到“申请” 33 件，办结 33 件"), BASE, [("differs.text", "overview")]),
    "a paragraph less": (texts(overview="甲。"), texts(overview="甲。\n乙。"), [("differs.text", "overview")]),
    "blanks, widths, quotes": (texts(overview="收到「申请」３３件，\n办结３３件。"), BASE, []),
    "a text": (texts(disclosure=None), BASE, [("differs.missing", "disclosure")]),
    "a text of blanks": (texts(disclosure=" \n"), BASE, [("differs.missing", "disclosure")]),
    "a text more": (BASE, texts(disclosure=None), [("differs.missing", "disclosure")]),
    "the year": (replace(BASE, year=2023), BASE, [("differs.year", "year")]),
    "no year": (replace(BASE, year=None), BASE, [("differs.year", "year")]),
    "another office": (cover(name="乙市教育局"), BASE, [("differs.body", "name")]),
    "no office": (cover(name=None), BASE, [("differs.body", "name")]),
    "the name with blanks": (cover(name="甲市 教育局"), BASE, []),
    "a name alone": (cover(credit_code=None, division_code=None, kind=None), BASE, []),
    "another code": (cover(credit_code="911100006000373410"), BASE, [("differs.body", "credit_code")]),
    "another kind": (cover(kind="township"), BASE, [("differs.body", "kind")]),
    "a waiver more": (
        replace(BASE, waivers=(WAIVED,), source=FROM),
        replace(BASE, source=FROM),
        [("differs.waiver", "text.blank")],
    ),
    "a waiver worded anew": (
        replace(BASE, waivers=(WAIVED,)),
        replace(BASE, waivers=(replace(WAIVED, reason="没有"),)),
        [("differs.waiver", "text.blank")] * 2,
    ),
    "a page has no place for waivers": (BASE, replace(BASE, waivers=(WAIVED,), source=FROM), []),
    "made from that file": (replace(BASE, source=JSON), replace(BASE, source=FROM), []),
    "made from that file, the other way about": (replace(BASE, source=FROM), replace(BASE, source=JSON), []),
    "that file has changed": (
        replace(BASE, source=JSON),
        replace(BASE, source=replace(FROM, sha256="c" * 64)),
        [("differs.digest", "source")],
    ),
    "that file has changed, the other way about": (
        replace(BASE, source=replace(FROM, sha256="c" * 64)),
        replace(BASE, source=JSON),
        [("differs.digest", "source")],
    ),
    "another file of its kind": (
        replace(BASE, source=JSON),
        replace(BASE, source=Source("副本.xlsx", "c" * 64, "2")),
        [("differs.digest", "source")],
    ),
    "that file under another name": (
        replace(BASE, source=JSON),
        replace(BASE, source=replace(FROM, file="改名.xlsx")),
        [],
    ),
    "a page names nothing": (replace(BASE, source=JSON), replace(BASE, source=Source("年报.html", "c" * 64)), []),
    "two made from one file": (
        replace(BASE, source=JSON),
        replace(BASE, source=replace(JSON, file="另一份.json", sha256="d" * 64)),
        [],
    ),
    "edited, with the digest kept": (
        replace(BASE.with_cells({MADE: 7}), source=JSON),
        replace(BASE, source=FROM),
        [("differs.cell", MADE)],
    ),
    "a draft": (
        replace(BASE, reader_findings=(draft("甲.json", 3),)),
        BASE,
        [("file.still_draft", "")],
    ),
    "another edition": (
        workbook.blank("2019", 2020),
        workbook.blank("2021", 2020),
        [("differs.edition", "edition")],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_case_gives_its_findings_and_no_other(name: str) -> None:
    report, other, expect = CASES[name]
    found = compare(report, other)
    assert [finding.identity for finding in found] == expect
    for finding in found:
        for lang in ("zh", "en"):
            assert "{" not in finding.message(lang) + finding.hint(lang)


def test_every_code_has_a_case_that_raises_it() -> None:
    raised = {code for *_, expect in CASES.values() for code, _ in expect}
    not_compared = UNPAIRED | {"differs.code"}  # told of folders and of paper: tests/publish/test_command.py
    assert {code for code in catalogue() if code.startswith("differs.")} - not_compared <= raised


def only(report: Report, other: Report) -> Finding:
    (finding,) = compare(report, other)
    return finding


def test_a_number_is_told_with_both_values_and_both_places() -> None:
    here = replace(BASE.with_cells({MADE: 7}), places={MADE: Place("网页", "表1")})
    finding = only(here, replace(BASE, places={MADE: Place("二、主动公开", "B5")}))
    assert (finding.found, finding.expected) == (7, 59)
    assert "「网页」表1" in finding.message()
    assert "「二、主动公开」B5 是 59" in finding.message()
    assert "is 7; in the other file (sheet 二、主动公开, cell B5) it is 59" in finding.message("en")


def test_a_text_is_told_from_the_first_place_where_it_differs() -> None:
    finding = only(texts(overview="收到“申请” 33 件，办结 32 件。"), BASE)
    assert "“…3 件，办结 32 件。”" in finding.message()
    assert "“…3 件，办结 33 件。”" in finding.message()
    assert finding.quote
    assert (finding.quote.part, finding.quote.text) == ("overview", "2 件。")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("applications.granted.", "“收到和处理政府信息公开申请情况”的“（一）予以公开”行"),
        ("applications", "“收到和处理政府信息公开申请情况”"),
        ("applications.granted.natural", "“（一）予以公开”的“自然人”"),
    ],
)
def test_a_missing_part_is_named_with_its_numbers(change: str, says: str) -> None:
    report = replace(without(BASE, change), source=Source("公布.html", "e" * 64))
    finding = only(report, replace(BASE, source=FROM))
    first = next(value for key, value in BASE.cells.items() if key.startswith(change))
    assert finding.message().startswith(f"“公布.html”没有{says}，“年报.xlsx”有：{first}")


def test_a_changed_file_with_the_same_content_says_so() -> None:
    finding = only(replace(BASE, source=JSON), replace(BASE, source=replace(FROM, sha256="c" * 64)))
    assert finding.level == "warning"
    assert "内容相同，文件不是同一个" in finding.message()


@given(report=reports(faulty=True))
def test_a_report_is_the_same_as_itself(report: Report) -> None:
    assert not compare(report, report)


SWAPS: list[Callable[[str], str]] = [lambda text: f" {text}\n", lambda text: text.replace("。", "。\n\n")]


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_a_changed_cell_gives_just_that_finding_either_way(edition: str, data: st.DataObject) -> None:
    report = sound(edition)
    keys = data.draw(st.lists(st.sampled_from(sorted(report.cells)), min_size=1, max_size=5, unique=True))
    values = st.one_of(st.integers(-5, 10**6), st.sampled_from(["3件", Decimal("0.5")]))
    other = report.with_cells({key: data.draw(values) for key in keys})
    changed = [("differs.cell", key) for key in report.cells if report.cells[key] != other.cells[key]]
    assert [finding.identity for finding in compare(report, other)] == changed
    assert [finding.identity for finding in compare(other, report)] == changed


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_a_changed_character_gives_just_that_finding(edition: str, data: st.DataObject) -> None:
    report = sound(edition)
    key = data.draw(st.sampled_from(sorted(report.form.required_texts)))
    text = report.narrative[key] or ""
    at = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.sampled_from("0一。，Zé"))
    other = replace(report, narrative={**report.narrative, key: text[:at] + letter + text[at + 1 :]})
    expect = [("differs.text", key)] if letter != text[at] else []
    assert [finding.identity for finding in compare(other, report)] == expect
    for swap in SWAPS:
        spaced = replace(other, narrative={**other.narrative, key: swap(other.narrative[key] or "")})
        assert [finding.identity for finding in compare(spaced, report)] == expect
