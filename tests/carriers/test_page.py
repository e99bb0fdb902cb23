"""Web pages become blocks."""

from __future__ import annotations

import json
import time

import pytest
from blocks import grids, paragraphs, read, refusal

import workbook
from workbook.carriers.page.page import read_html
from workbook.intake import limits
from workbook.match.grid import Document, Grid, Paragraph


@pytest.mark.parametrize("digits", [400, 5_000, 300_000])
def test_digits_beyond_what_a_number_holds_are_a_text(digits: int) -> None:
    page = "<table><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数<tr><td>规章<td>{}<td>2<td>3</table>"
    start = time.monotonic()
    report = workbook.parse(page.format("9" * digits).encode(), "a.html")
    assert report.cells["documents.rules.made"] == "9" * digits
    assert json.loads(workbook.to_json(report))["tables"]["documents"]["rules"]["made"] is None
    assert time.monotonic() - start < 5


def page(body: str) -> Document:
    return read_html(f"<html><head><title>no</title></head><body>{body}</body></html>".encode(), "a.html")


def test_spans_of_a_page_stand_as_the_same_cell() -> None:
    document = page(
        "<table><tr><th rowspan=2 colspan=2>角</th><th colspan=2>申请人</th></tr><tr><td>自然人</td><td>法人</td></tr>"
        "<tr><td rowspan=0>结果</td><td>公开</td><td>1</td><td></td></tr><tr><td>不公开</td><td>2<td>3</table>"
    )
    assert grids(document) == [
        [
            ["角", "角", "申请人", "申请人"],
            ["角", "角", "自然人", "法人"],
            ["结果", "公开", "1", None],
            ["结果", "不公开", "2", "3"],
        ]
    ]
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert grid.aligned
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[2][0] is grid.rows[3][0]
    assert (grid.rows[3][2].place.sheet, grid.rows[3][2].place.address) == ("网页", "表1 第4行第3列")


def test_a_span_ends_with_its_group_of_rows_and_gaps_are_blank() -> None:
    document = page(
        "<table><thead><tr><td rowspan=5>甲</td><td>乙</td></tr></thead><tbody><tr><td>丙</td></tr>"
        "<tr><td>丁</td><td></td><td rowspan=2>戊</td></tr><tr><td>己</td></tr></tbody></table>"
    )
    assert grids(document) == [[["甲", "乙"], ["丙"], ["丁", None, "戊"], ["己", None, "戊"]]]


def test_a_label_cut_into_spans_is_one_and_breaks_are_lines() -> None:
    document = page(
        "<table><tr><td> <p><span>不予</span><span>公</span><!-- x --><b>开</b>&nbsp;</p></td>"
        "<td>一<br>二<div>三</div></td><td>3\n   0</td><td>&#8203;5</td></tr></table>"
    )
    assert grids(document) == [[["不予公开", "一\n二\n三", "3 0", "5"]]]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    document = page(
        "<script>alert('a')</script><style>p{}</style><p hidden>a</p><p style='DISPLAY: none'>b</p>可见"
        "<table><tr><td style='display:none'>c</td><td>1<script>d</script><noscript>e</noscript>2</td></tr></table>"
    )
    assert paragraphs(document) == ["可见"]
    assert grids(document) == [[["12"]]]


def test_tables_and_paragraphs_stand_in_order() -> None:
    document = page("<h1>标<i>题</i></h1><div>甲<br>乙<p>丙</p>丁</div><table><tr><td>1</table>戊<ul><li>己</ul>")
    shown = [block.text if isinstance(block, Paragraph) else block.name for block in document.blocks]
    assert shown == ["标题", "甲\n乙", "丙", "丁", "表1", "戊", "己"]
    places = [block.place.address for block in document.blocks if isinstance(block, Paragraph)]
    assert places == ["第1段", "第2段", "第3段", "第4段", "第5段", "第6段"]


def test_nested_tables_stand_on_their_own_and_what_frames_them_is_text() -> None:
    document = page(
        "<table><tr><td>菜单</td><td>前<table><tr><td>1</td><td>2</td></tr></table>后</td></tr></table>"
        "<table><tr><td><table><tr><td>3</table></td></tr></table>"
    )
    assert grids(document) == [[["菜单", None]], [["1", "2"]], [["3"]]]
    assert paragraphs(document) == ["前", "后"]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("gb18030", "<meta charset=gb2312>"),
        ("gb18030", "<meta http-equiv=Content-Type content='text/html; charset=GBK'>"),
        ("utf-8", "<?xml version='1.0' encoding='gb2312'?>"),
        ("utf-8", "<meta charset='nonsense'>"),
        ("utf-8", "<meta charset='gb2312'>"),
        ("gb18030", ""),
    ],
)
def test_a_page_is_decoded_by_what_it_is(encoding: str, head: str) -> None:
    assert paragraphs(read(f"{head}<html><p>政府信息公开工作年度报告一".encode(encoding), "a")) == [
        "政府信息公开工作年度报告一"
    ]


def test_a_page_with_broken_letters_is_read() -> None:
    data = "<html><meta charset=utf-8><p>年度报告".encode() + b"\xff</p><p>\xe4\xb8\x80"
    assert paragraphs(read(data, "a")) == ["年度报告\ufffd", "一"]


def test_huge_spans_are_bounded() -> None:
    ((row,),) = grids(page("<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr></table>"))
    assert len(row) == limits.SPAN_LIMIT
    row_of_spans = "<tr>" + "<td colspan=100 rowspan=100>" * 50 + "</tr>"
    assert refusal(f"<table>{row_of_spans * 500}</table>".encode()) == "file.too_large"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<table><tr><td>" * 10_000,
        "<p>" + "a" * 11_000_000,
        "<b>" * 1_100_000,
    ],
)
def test_pages_beyond_measure_are_refused(body: str) -> None:
    assert refusal(f"<html>{body}".encode()) == "file.too_large"


def test_entities_of_a_page_are_not_expanded() -> None:
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    document = read(f"<!DOCTYPE html [<!ENTITY a0 'ha'>{laughs}]><p>&a9;".encode(), "a")
    assert len("".join(paragraphs(document))) < 2000
