"""The tables are found by their labels, whatever is done to them; no wrong number without a finding, ever."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal
from random import Random
from typing import Any

import noise
import pytest
from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from silence import silent, told
from strategies import examples

from workbook.match import match
from workbook.match.grid import Cell, Document, Grid, Paragraph
from workbook.match.labels import bare, forms, wanted
from workbook.match.rows import rows_of
from workbook.report import Place, Report, Unreadable
from workbook.report.notation import reading

ROUNDS = range(6)


def is_replaced(edition: str, names: list[str], wrong: list[tuple[str, Any, Any]]) -> bool:
    """Say whether a table lost numbers or labels, and the whole copy beside it, which both forms share, was read."""
    twin = sound("2019" if edition == "2021" else "2021")
    lost = {"blank row", "delete row", "rewrite rows"} & set(names)
    return (
        bool(lost) and "other edition" in names and all(got == twin.cells[key] + noise.APART for key, _, got in wrong)
    )


def read(edition: str, names: tuple[str, ...], shape: str, seed: int = 0) -> Report | None:
    """Return what is read after the noises; ``None`` where it is refused."""
    page = noise.paper(sound(edition))
    random = Random(seed)  # noqa: S311
    with suppress(IndexError):  # a noise finds nothing left that it could spoil
        for name in names:
            noise.NOISES[name](page, random)
    try:
        return match(page.document(shape))
    except Unreadable:
        return None


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", noise.WRITTEN)
@pytest.mark.parametrize("shape", ["expanded", "corners", "one sheet"])
def test_what_is_written_otherwise_is_read(edition: str, name: str, shape: str) -> None:
    report = read(edition, (name,), shape)
    assert report is not None
    assert report.edition == edition
    wrong = {
        key: (value, report.cells[key]) for key, value in sound(edition).cells.items() if report.cells[key] != value
    }
    assert not wrong
    assert not {finding.code for finding in report.reader_findings} & {
        "table.missing",
        "table.row_missing",
        "table.unsure",
    }


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    "name", sorted(noise.WRITTEN.keys() - {"left column", "right column", "notes", "sums", "contents", "decoys"})
)
def test_plain_text_without_blank_cells_is_read(edition: str, name: str) -> None:
    report = read(edition, (name,), "ragged")
    assert report is not None
    assert dict(report.cells) == dict(sound(edition).cells)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", noise.NOISES)
@pytest.mark.parametrize("shape", noise.SHAPES)
def test_no_wrong_number_without_a_finding(edition: str, name: str, shape: str) -> None:
    for seed in ROUNDS:
        report = read(edition, (name,), shape, seed)
        assert report is None or not silent(sound(edition), report), seed


@examples(60)
@given(
    st.sampled_from(EDITIONS),
    st.lists(st.sampled_from(sorted(noise.NOISES)), min_size=2, max_size=4),
    st.sampled_from(noise.SHAPES),
    st.integers(0, 10_000),
)
def test_noises_together_are_never_silent(edition: str, names: list[str], shape: str, seed: int) -> None:
    report = read(edition, tuple(names), shape, seed)
    wrong = silent(sound(edition), report) if report else []
    assert not wrong or is_replaced(edition, names, wrong)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("shape", noise.SHAPES)
def test_two_copies_that_differ_are_refused(edition: str, shape: str) -> None:
    for seed in ROUNDS:
        assert read(edition, ("other copy",), shape, seed) is None


WORDS = "一、本年新收政府信息公开申请数量 （七）总计 总计 其他 自然人 商业企业 规章 本年制发件数 现行有效件数"

WORDS += " 行政规范性文件 行政许可 本年处理决定数量 结果维持 行政复议 尚未审结 无 / 12件"

JUNK = [*WORDS.split(), "", None, 3, 1.5, True, "x" * 300]


@examples(60)
@given(st.lists(st.lists(st.sampled_from(JUNK), max_size=9), max_size=14), st.booleans())
def test_nothing_but_unreadable_is_raised(values: list[list[Any]], aligned: bool) -> None:  # noqa: FBT001
    rows = [[Cell(value, Place("表", f"{r},{c}")) for c, value in enumerate(row)] for r, row in enumerate(values)]
    with suppress(Unreadable):
        match(Document("x", [Grid("表", rows, aligned)]))


def test_a_large_grid_is_looked_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook.match import rows

    counted = []
    monkeypatch.setattr(rows, "forms", lambda text: counted.append(text) or forms(text))
    page = noise.paper(sound("2021"))
    cells = [[Cell(f"第{r}行" if c == 2 else r * c, Place("大", f"{r},{c}")) for c in range(50)] for r in range(5000)]
    document = page.document("expanded")
    report = match(Document("x", [Grid("大", cells), *document.blocks]))
    assert dict(report.cells) == dict(sound("2021").cells)
    assert len(counted) < 6000


@pytest.mark.parametrize(
    ("title", "body", "year"),
    [
        ("临安区人民政府2020年政府信息公开工作年度报告", "临安区人民政府", 2020),
        ("XX局2024年度政府信息公开工作年度报告", "XX局", 2024),
        ("2023年XX街道办事处政府信息公开年度报告", "XX街道办事处", 2023),
        ("2023 年度 XX 街道办事处\t政府信息公开工作年度报告", "XX街道办事处", 2023),
    ],
)
def test_title_gives_office_and_year(title: str, body: str, year: int) -> None:
    document = noise.paper(sound("2021")).document("expanded")
    report = match(Document("x", [Paragraph(title, Place("文本", "1")), *document.blocks]))
    assert (report.body.name, report.year) == (body, year)


def test_texts_stand_between_their_headings() -> None:
    contents = ["目录", "一、总体情况", "五、存在的主要问题及改进情况", "六、其他需要报告的事项", "前言。"]
    texts = ["一、 总体情况", "做了。", "很多。", "二、主动公开政府信息情况", "五、存在的主要问题及整改措施", "有。",
             "六、其他需要报告的事项", "无"]  # fmt: skip
    document = noise.paper(sound("2021")).document("expanded")
    lines = [Paragraph(text, Place("文本", str(at))) for at, text in enumerate(contents + texts)]
    report = match(Document("x", [*lines, *document.blocks]))
    filled = {key: text for key, text in report.narrative.items() if text}
    assert filled == {"overview": "做了。\n很多。", "problems": "有。", "other": "无"}


@pytest.mark.parametrize(
    ("lines", "overview", "problems"),
    [
        (["一、总体情况", "做了工作。二、主动公开政府信息情况", "表"], "做了工作。", None),
        (
            ["一、总体情况 做了工作。", "很多。五、存在的主要问题及改进情况 不够。六、其他需要报告的事项：无"],
            "做了工作。\n很多。",
            "不够。",
        ),
        (["一、总体情况：做了工作。", "五、存在的主要问题及改进情况。不够。"], "做了工作。", "不够。"),
        (["一、总体情况", "一、总体情况较好，二、三、四项都做了。"], "一、总体情况较好，二、三、四项都做了。", None),
        (["一、总体情况", "见第五、存在的主要问题及改进情况一节。"], "见第五、存在的主要问题及改进情况一节。", None),
    ],
)  # fmt: skip
def test_headings_are_split_off(lines: list[str], overview: str | None, problems: str | None) -> None:
    document = noise.paper(sound("2021")).document("expanded")
    paragraphs = [Paragraph(text, Place("文本", str(at))) for at, text in enumerate(lines)]
    report = match(Document("x", [*paragraphs, *document.blocks]))
    assert (report.narrative["overview"], report.narrative["problems"]) == (overview, problems)


@pytest.mark.parametrize(
    ("raw", "unit", "value", "notation"),
    [
        (None, None, None, ""),
        ("  ", None, None, ""),
        (3, None, 3, ""),
        (3.0, None, 3, ""),
        (Decimal("1.5"), "万元", Decimal("1.5"), ""),
        (True, None, "TRUE", ""),
        ("12", None, 12, "form"),
        ("１，２３４", None, 1234, "form"),
        ("+2", None, 2, "form"),
        ("-11", None, -11, "form"),
        ("33565万元", "万元", 33565, "unit"),
        ("251000元", "万元", Decimal("25.1"), "unit"),
        ("251000元", None, "251000元", ""),
        ("22（其中修订16件）", None, 22, "remark"),
        ("／", None, 0, "nothing"),
        ("——", None, 0, "nothing"),
        ("无", None, 0, "nothing"),
        ("12 34", None, "12 34", ""),
        ("12\n34", None, "12\n34", ""),
        ("12²", None, 12, "form"),
        ("12①", None, 12, "form"),
        ("1,23", None, "1,23", ""),
        ("约5", None, "约5", ""),
        (float("inf"), None, "inf", ""),
        ("9" * 308, None, int("9" * 308), "form"),
        ("9" * 309, None, "9" * 309, ""),
        ("9" * 308 + "亿元", "万元", "9" * 308 + "亿元", ""),
    ],
)
def test_notations(raw: Any, unit: str | None, value: Any, notation: str) -> None:
    read = reading(raw, unit)
    assert (read.value, read.notation) == (value, notation)


def test_labels() -> None:
    assert bare("3.危及“三安全 一稳定”") == "3危及三安全一稳定"
    for text in ("1、属于国家秘密", "（1）属于 国家秘密", "属于国家秘密", "１．属于\n国家秘密"):
        assert not forms(text).isdisjoint(wanted("1.属于国家秘密")), text
    assert forms("x" * 201) == frozenset()
    assert forms("本年收费金额（单位：元）").isdisjoint(wanted("本年收费金额（单位：万元）"))
    assert not forms("本年收费金额(万元)").isdisjoint(wanted("本年收费金额（单位：万元）"))


def table(*rows: list[Any], aligned: bool = True) -> Report:
    """Return what is read of one table; the same list in two places is one cell that spans them."""
    made: dict[int, Cell] = {}

    def cell(value: Any, at: str) -> Cell:
        if isinstance(value, list):
            return made.setdefault(id(value), Cell(value[0], Place("表", at)))
        return Cell(value, Place("表", at))

    grid = [[cell(value, f"{r},{c}") for c, value in enumerate(row)] for r, row in enumerate(rows)]
    return match(Document("x", [Grid("表", grid, aligned)]))


HEADS = ["信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]


def test_amounts_under_another_unit_are_not_taken() -> None:
    report = table(
        HEADS,
        ["规章", 1, 2, 3],
        ["规范性文件", 4, 5, 6],
        ["信息内容", "本年收费金额（单位：元）"],
        ["行政事业性收费", 251000],
    )
    assert 251000 not in report.cells.values()
    assert "fees" in told(report)


@pytest.mark.parametrize(
    ("words", "told_of"), [("单位：元", True), ("（金额单位:千元）", True), ("单位：万元、件", False)]
)
def test_another_unit_beside_a_table_is_told(words: str, told_of: bool) -> None:  # noqa: FBT001 - a case
    fees = ["信息内容", "本年收费金额"], ["行政事业性收费", 251000]
    for rows in ([[words], *fees], [*fees, [None, words]]):
        report = table(HEADS, ["规章", 1, 2, 3], ["规范性文件", 4, 5, 6], *rows)
        assert report.cells["fees.fee.amount"] == 251000
        found = [finding for finding in report.reader_findings if finding.code == "cell.other_unit"]
        assert bool(found) == told_of
        assert all("251000" in finding.message() and words in finding.message() for finding in found)


def test_a_number_that_spans_columns_or_rows_is_not_taken() -> None:
    wide = [7]
    for rows in (
        (["规章", wide, wide, 3], ["规范性文件", 4, 5, 6]),
        (["规章", wide, 2, 3], ["规范性文件", wide, 5, 6]),
    ):
        report = table(HEADS, *rows)
        assert report.cells["documents.rules.made"] is None
        assert "documents.rules" in told(report)


def test_two_numbers_under_one_head_are_not_taken() -> None:
    head = ["本年制发件数"]
    for heads in ([HEADS[0], head, head, *HEADS[2:]], [HEADS[0], HEADS[1], None, *HEADS[2:]]):
        report = table(heads, [None, "上年", "本年", None, None], ["规章", 1, 2, 3, 4], ["规范性文件", 5, 6, 7, 8])
        assert report.cells["documents.rules.made"] is None
        assert {"documents.rules", "documents.normative"} <= told(report)


def test_two_lines_of_numbers_under_one_label_are_not_taken() -> None:
    report = table(HEADS, ["规章", 1, 2, 3], [None, 4, 5, 6], ["规范性文件", 7, 8, 9])
    assert "documents.rules" in told(report)
    assert report.cells["documents.normative.made"] == 7
    both = ["规章"]
    report = table(HEADS, [both, 1, 2, 3], [both, 4, 5, 6], ["规范性文件", 7, 8, 9])
    assert "documents.rules" in told(report)
    assert report.cells["documents.rules.made"] is None


def test_plain_text_with_vanished_blanks_or_exchanged_heads_is_unsure() -> None:
    report = table(HEADS, ["规章", 1, 3], ["规范性文件", 4, 5, 6], aligned=False)
    assert "documents.rules" in told(report)
    assert report.cells["documents.normative.made"] == 4
    for heads in ([HEADS[0], HEADS[2], HEADS[1], HEADS[3]], [*HEADS[:2], "占比", HEADS[3]], [*HEADS, "占比"]):
        report = table(heads, ["规章", 1, 2, 3], ["规范性文件", 4, 5, 6], aligned=False)
        assert {"documents.rules", "documents.normative"} <= told(report)
        assert set(report.cells.values()) == {None}


@pytest.mark.parametrize("rows", [
    [[None, *HEADS * 2_000], ["规章", *[1] * 8_000], ["规范性文件", *[1] * 8_000]],
    [HEADS, ["规章", 1, 2, 3], ["规范性文件", 1, 2, 3]] * 10_000,
], ids=["beside each other", "below each other"])  # fmt: skip
def test_thousands_of_copies_take_no_longer_than_their_cells(rows: list[list[Any]]) -> None:
    start = time.process_time()
    assert table(*rows).cells["documents.rules.made"] == 1
    assert time.process_time() - start < 6


def test_a_row_of_nothing_but_what_spans_down_is_the_row_above_once_more() -> None:
    """As where the lines of a printed table end a little lower in some columns than in others."""
    report, blank = sound("2021"), Cell(None, Place("表", "A1"))
    grid = next(block for block in noise.paper(report).document("expanded").blocks if isinstance(block, Grid))
    assert match(Document("a.pdf", [grid])).cells["documents.rules.made"] == report.cells["documents.rules.made"]
    twice = [row for each in grid.rows for row in (each, [blank, *each[1:]])]
    assert len(rows_of(Grid(grid.name, twice)).rows) == len(rows_of(grid).rows)
    doubled = match(Document("a.pdf", [Grid(grid.name, twice)]))
    assert doubled.cells["documents.rules.made"] == report.cells["documents.rules.made"]
    own = [*grid.rows[:-1], [blank, *grid.rows[-1][1:-1], Cell(7, Place("表", "Z9"))]]
    assert len(rows_of(Grid(grid.name, [*grid.rows, own[-1]])).rows) == len(rows_of(grid).rows) + 1
