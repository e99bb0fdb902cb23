"""Groups within groups within groups are drawn and read, however deep they are."""

from __future__ import annotations

import io

import pytest
from helpers import CARRIERS, silent
from made import copied
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries

import workbook
from workbook.excel.layout import plan_of

ROWS = ("三、本年度办理结果", "（三）不予公开", "甲类", "其中", "包括")
COLUMNS = ("法人或其他组织", "境内", "登记的")


def test_every_group_covers_its_lines_in_the_template() -> None:
    sheet = load_workbook(io.BytesIO(workbook.template("2027")))["三、依申请公开"]
    areas = {}
    for area in sheet.merged_cells.ranges:
        left, top, right, bottom = range_boundaries(str(area))
        areas[sheet.cell(top, left).value] = (bottom - top + 1, right - left + 1)
    assert [areas[label] for label in ROWS[1:]] == [(8, 1)] * 4
    assert areas[ROWS[0]] == (22, 1)
    assert [areas[label] for label in COLUMNS] == [(1, 5)] * 3
    assert areas["自然人"] == (4, 1)
    assert areas["（一）予以公开"] == (1, 5)
    assert areas["四、结转下年度继续办理"] == (1, 6)


def test_no_column_is_too_narrow_for_a_letter() -> None:
    sheet = load_workbook(io.BytesIO(workbook.template("2027")))["三、依申请公开"]
    widths = [item for item in sheet.column_dimensions.values() if item.min <= plan_of("2027").sheets[1].width]
    assert widths
    assert min(item.width for item in widths) >= 4


def test_it_gives_the_report_back() -> None:
    report = workbook.parse(workbook.write(copied()), "年报.xlsx")
    assert (report.edition, report.cells) == ("2027", copied().cells)
    assert not report.reader_findings
    assert workbook.check(report) == ()


@pytest.mark.parametrize("carrier", ["html", "docx"])
def test_published_it_is_read(carrier: str) -> None:
    report = workbook.parse(CARRIERS[carrier](copied()), f"年报.{carrier}")
    assert report.cells == copied().cells


def test_as_plain_text_it_is_read_or_told() -> None:
    """A text has no spans: what heads of several lines stand over may be told in place of being read."""
    assert not silent(copied(), workbook.parse(CARRIERS["txt"](copied()), "年报.txt"))
