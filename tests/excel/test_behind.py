"""Sheets that are called as those behind a roll-up: only the names that the kit gives make them so."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from cases import sound
from openpyxl import load_workbook
from openpyxl.workbook.defined_name import DefinedName

import workbook
from workbook.excel.layout import DATA, DIFFERENCES, ROLLUP_NAMES, UNITS, plan_of
from workbook.excel.reading.by_label import read_by_labels
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.package import Package
from workbook.report import Unreadable

if TYPE_CHECKING:
    from openpyxl import Workbook

*_, TABLE = plan_of("2021").tables
KEY, (ROW, COLUMN) = next(iter(TABLE.cells.items()))


def wild() -> Workbook:
    """Return a workbook that holds its last table again, with another number, on a sheet called 数据."""
    book = load_workbook(io.BytesIO(workbook.write(sound("2021"))))
    copy = book.copy_worksheet(book[TABLE.sheet])
    copy.title = DATA
    copy.cell(ROW + 1, COLUMN + 1).value = 9
    book.create_sheet(DIFFERENCES)
    book.create_sheet(UNITS)
    return book


def read(book: Workbook) -> workbook.Report:
    """Return what is read of a workbook."""
    return workbook.parse(saved(book), "年报.xlsx")


def saved(book: Workbook) -> bytes:
    """Return the bytes of a workbook."""
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_answers_on_a_sheet_of_that_name_are_not_passed_over() -> None:
    with pytest.raises(Unreadable) as refusal:
        read(wild())
    assert [finding.code for finding in refusal.value.findings] == ["file.ambiguous"]


def test_a_table_that_stands_only_on_a_sheet_of_that_name_is_read() -> None:
    book = wild()
    del book[TABLE.sheet]
    assert read(book).cells[KEY] == 9


@pytest.mark.parametrize("by_labels", [False, True])
def test_what_the_kit_names_is_behind_the_report_whatever_it_is_called(by_labels: bool) -> None:  # noqa: FBT001
    book = wild()
    for name, sheet in ROLLUP_NAMES.items():
        title = f"{sheet}2"
        book[sheet].title = title
        book.defined_names[name] = DefinedName(name, attr_text=f"'{title}'!$A$1")
    found = read_by_labels(FileWorkbook(Package(saved(book), "年报.xlsx")), "") if by_labels else read(book)
    assert found.cells[KEY] == sound("2021").cells[KEY]
