"""The kit's sheets are known as such when they are called otherwise, or stand in a workbook without its other sheets.

The verdict beside a heading, the link to the checks and the one to the next sheet are no texts of the report there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, sound
from openpyxl.styles import Font
from packages import rezipped
from workbooks import edited, saved, workbook_of

import workbook
from workbook.excel.layout import plan_of
from workbook.excel.reading.own import is_aside
from workbook.excel.template.verdicts import verdict_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.report import Report

WITHOUT = {"whole": (), "without cover and checks": ("封面", "校验"), "without cover": ("封面",)}
SHEETS = {
    "tables": [sheet.name for sheet in plan_of("2021").sheets],
    "texts": [*plan_of("2021").text_sheets],
    "all": [*plan_of("2021").names],
}


def listed(report: Report, called: dict[str, str], without: Iterable[str] = (), *, named: bool = True) -> bytes:
    """Return a workbook as Excel saves it when sheets get other names, or are deleted, with all names of its cells."""

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return part
        text = part.decode()
        for gone in without:
            text = re.sub(f'<sheet name="{gone}"[^>]*/>', "", text)
            text = re.sub(f"<definedName [^>]*>'?{gone}'?![^<]*</definedName>", "", text)
        for old, new in called.items():
            text = text.replace(old, new)
        return (text if named else re.sub("<definedNames>.*</definedNames>", "", text)).encode()

    return rezipped(change, workbook_of(report))


def told(report: Report) -> set[str]:
    """Return the codes of what is told, but of sheets that are not where the template has them and of no year."""
    return {finding.code for finding in report.reader_findings} - {"file.table_moved", "body.year"}


@pytest.mark.parametrize("named", [True, False], ids=["names of cells", "no names"])
@pytest.mark.parametrize("called", ["{}", "表{}", "{} (2)"])
@pytest.mark.parametrize("sheets", SHEETS)
@pytest.mark.parametrize("without", WITHOUT)
@pytest.mark.parametrize("edition", EDITIONS)
def test_nothing_is_lost_and_what_stands_beside_headings_is_no_text(
    edition: str, without: str, sheets: str, called: str, *, named: bool
) -> None:
    report = sound(edition)
    names = {name: called.format(name) for name in SHEETS[sheets]}
    read = workbook.parse(listed(report, names, WITHOUT[without], named=named), "a.xlsx")
    assert read.cells == report.cells
    assert read.narrative == report.narrative
    assert told(read) == set()


@pytest.mark.parametrize("called", ["{}", "表{}"])
@pytest.mark.parametrize("sheets", SHEETS)
@pytest.mark.parametrize(("at", "count"), [(1, 1), (1, 3), (2, 1), (9, 1)])
def test_where_rows_are_put_in_too(at: int, count: int, sheets: str, called: str) -> None:
    """Of a sheet that is moved the tables are found by their labels; the texts stay whole, each in its part."""
    for moved in SHEETS["tables"]:
        book = edited(sound("2021"))
        book[moved].insert_rows(at, count)
        for name in SHEETS[sheets]:
            book[name].title = called.format(name)
        assert workbook.parse(saved(book), "a.xlsx").narrative == sound("2021").narrative


@pytest.mark.parametrize("marks", ["✓", "✓△", "✓…", "✗✓", "✗…△"])
def test_every_verdict_is_known_for_none_of_the_report(marks: str) -> None:
    assert is_aside(verdict_text(dict(enumerate(marks)), range(len(marks))))
    assert not any(map(is_aside, ("✓", "查看校验表", "校验通过", 3, None, "本机关已查看校验")))


def test_a_text_in_a_number_cell_of_a_sheet_called_otherwise_is_a_fault() -> None:
    text, key = "约12件", "applications.received.natural"
    read = workbook.parse(listed(sound("2021").with_cells({key: text}), {"三、依申请公开": "表三"}), "a.xlsx")
    assert read.cells[key] == text
    assert ("cell.not_a_number", key) in {(finding.code, finding.at) for finding in workbook.check(read)}


def test_a_copy_of_a_sheet_of_texts_is_not_read_beside_it() -> None:
    book = edited(sound("2021"))
    book.copy_worksheet(book["五六、问题与其他"])
    assert workbook.parse(saved(book), "a.xlsx").narrative == sound("2021").narrative
    book["五六、问题与其他"].title = "另一张"
    assert workbook.parse(saved(book), "a.xlsx").narrative == sound("2021").narrative
    book["一、总体情况"].title = "第一部分"
    assert workbook.parse(saved(book), "a.xlsx").narrative == sound("2021").narrative


@pytest.mark.parametrize("name", ["五六、问题与其他", "问题"])
def test_a_text_that_is_struck_out_is_told_whatever_its_sheet_is_called(name: str) -> None:
    book = edited(sound("2021"))
    sheet = book["五六、问题与其他"]
    sheet.title = name
    sheet["A3"].font = Font(strike=True)
    read = workbook.parse(saved(book), "a.xlsx")
    assert read.narrative["problems"] != sound("2021").narrative["problems"]
    (told_of,) = (finding for finding in read.reader_findings if finding.code == "text.left_out")
    assert told_of.words["sheet"] == name
