"""Plain text becomes blocks."""

from __future__ import annotations

import csv
import io
import time

import pytest
from blocks import grids, paragraphs, read
from cases import EDITIONS, sound
from published import delimited

import workbook
from workbook.carriers.text import read_text
from workbook.match.grid import Document, Grid


def text(*lines: str) -> Document:
    return read_text("\n".join(lines).encode(), "a.txt")


def test_cells_one_a_line_are_a_table() -> None:
    document = text(
        "某县年度报告", "", "二、公开情况", "", "\t信息内容", "\t本年", "制作数", "", "\t规章", "\t0", "",
        "\t（三）", "", "不予公开", "\t1.国家秘密", "\t", "\t7", "", "四、复议情况", "\t维持", "\t2", "",
        "\t3", "\t4", "", "", "\t5", "\t6", "尾",
    )  # fmt: skip
    assert grids(document) == [
        [["信息内容", "本年\n制作数"], ["规章", "0"], ["（三）\n不予公开", "1.国家秘密", None, "7"]],
        [["维持", "2"], ["3", "4"]],
        [["5", "6"]],
    ]
    assert paragraphs(document) == ["某县年度报告", "二、公开情况", "四、复议情况", "尾"]
    assert not any(block.aligned for block in document.blocks if isinstance(block, Grid))
    grid = document.blocks[2]
    assert isinstance(grid, Grid)
    assert (grid.rows[2][0].place.sheet, grid.rows[2][0].place.address) == ("文本", "第12行")


def test_a_paragraph_between_tables_is_no_label() -> None:
    long = "这是两张表之间的一段说明文字，" * 8
    document = text("\t项目", "\t数量", "", "说明", "", "\t甲", "\t合计", long, "\t乙", "\t1")
    assert grids(document) == [[["项目", "数量"]], [["甲", "合计"]], [["乙", "1"]]]
    assert paragraphs(document) == ["说明", long]


def test_pipes_are_a_table() -> None:
    document = text(
        "前", "+----+----+", "| 甲 | 乙 |", "|:---|---:|", r"| a\|b | - |", "|| 2 |", "后", "│丙│丁│", "│1│"
    )
    assert grids(document) == [[["甲", "乙"], ["a|b", "-"], [None, "2"]], [["丙", "丁"], ["1"]]]
    assert [block.aligned for block in document.blocks if isinstance(block, Grid)] == [True, False]
    assert paragraphs(document) == ["前", "后"]


def test_pipes_behind_or_between_cells_are_a_table() -> None:
    document = text("前|后", "", "甲 | 乙 |", "---|---|", "子 | 1 |", r"a\|b | - |", "", "丙|丁", "丑|", "后")
    assert grids(document) == [[["甲", "乙"], ["子", "1"], ["a|b", "-"]]]
    assert paragraphs(document) == ["前|后", "丙|丁", "丑|", "后"]
    assert grids(text("首页 | 政务公开 | 互动", "信箱 | 投诉")) == []


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("row", ["{} |", "{}", "| {} |", "| {}"])
def test_a_report_in_rows_with_pipes_is_read(edition: str, row: str) -> None:
    """Each cell that spans several columns stands in the first, as programs write it that turn pages into text."""
    report = sound(edition)
    fields = csv.reader(io.StringIO(delimited(report)))
    lines = [row.format(" | ".join(line)) if len(line) > 1 else "".join(line) for line in fields]
    got = workbook.parse("\n".join(lines).encode(), "年报.txt")
    assert got.cells == report.cells
    assert got.narrative == report.narrative


def test_cells_between_tabs_are_a_table() -> None:
    document = text("前", "\t自然人\t法人", "公开\t1\t", "", "不公开\t2\t3", "后")
    assert grids(document) == [[[None, "自然人", "法人"], ["公开", "1", None], ["不公开", "2", "3"]]]
    assert paragraphs(document) == ["前", "后"]


def test_indented_paragraphs_are_no_table() -> None:
    document = text("\t第一段的话。", "\t第二段的话。", "", "1.\t一点。", "2.\t二点。", "", "附件\t目录")
    assert grids(document) == []
    assert paragraphs(document) == ["第一段的话。", "第二段的话。", "1.\t一点。", "2.\t二点。", "附件\t目录"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_decoded_by_what_it_is(encoding: str) -> None:
    assert paragraphs(read("年度报告\r\n二〇二〇年".encode(encoding), "a")) == ["年度报告", "二〇二〇年"]


@pytest.mark.parametrize(
    "line", ["----\n", "|\n", "\t\n", "\ta\n\nb\n", "\ta\tb\n\n", "\ta\nb\n", "| a\n", "\n\t", "a|b\n", "1|\n"]
)
def test_long_texts_are_read_in_a_bearable_time(line: str) -> None:
    start = time.monotonic()
    assert read(line.encode() * 50_000, "a") is not None
    assert time.monotonic() - start < 10
