"""Texts that are written where the template has no place for them are told; what the template has itself never is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import sound
from workbooks import blank_of, edited, saved, workbook_of

import workbook
from workbook.excel.layout import plan_of, text_name
from workbook.resources import editions

if TYPE_CHECKING:
    from office import Office

WRITTEN = "这是后来补写的一段话，说明有关情况。"


def read(edition: str, put: dict[str, dict[str, Any]]) -> workbook.Report:
    """Return a report in whose workbook something was written into cells, by sheet and address."""
    book = edited(sound(edition))
    for sheet, cells in put.items():
        for address, value in cells.items():
            book[sheet][address] = value
    return workbook.parse(saved(book), "年报.xlsx")


def told(report: workbook.Report) -> list[tuple[str, str, str]]:
    """Return sheet, address and count of what is told."""
    found = [finding for finding in workbook.check(report) if finding.code == "text.elsewhere"]
    return [
        (place.sheet, place.address, finding.words["count"]) for finding in found if (place := finding.cells[0].place)
    ]


@pytest.mark.parametrize("edition", editions())
def test_nothing_of_the_template_is_taken_for_a_text(edition: str) -> None:
    assert told(read(edition, {})) == []
    assert told(workbook.parse(blank_of(edition), "空白.xlsx")) == []


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("address", ["B5", "C5", "D9", "H40"])
def test_beside_paragraphs(edition: str, address: str) -> None:
    (sheet, *_) = plan_of(edition).text_sheets
    report = read(edition, {sheet: {address: WRITTEN}})
    assert told(report) == [(sheet, address, "1")]
    assert WRITTEN not in "".join(filter(None, report.narrative.values()))


@pytest.mark.parametrize("edition", editions())
def test_below_and_beside_tables(edition: str) -> None:
    for sheet in plan_of(edition).sheets:
        put = {sheet.name: {"A60": WRITTEN, "AC8": WRITTEN}}
        assert told(read(edition, put)) == [(sheet.name, "AC8", "2")]


def test_one_finding_a_sheet() -> None:
    first, second = (sheet.name for sheet in plan_of("2021").sheets[:2])
    report = read("2021", {first: {"B50": WRITTEN, "C51": WRITTEN}, second: {"A60": WRITTEN}})
    assert told(report) == [(first, "B50", "2"), (second, "A60", "1")]
    (finding, _) = [finding for finding in workbook.check(report) if finding.code == "text.elsewhere"]
    assert WRITTEN[:10] in finding.message()
    assert first in finding.message()


def test_above_the_first_heading() -> None:
    (sheet, *_) = plan_of("2021").text_sheets
    book = edited(sound("2021"))
    book[sheet].insert_rows(2)
    book[sheet]["A2"] = WRITTEN
    assert told(workbook.parse(saved(book), "年报.xlsx")) == [(sheet, "A2", "1")]


@pytest.mark.parametrize("value", ["✓", "备注", 12, "← 看这里的合计", "  ", "→ 下一张：三"])
def test_marks_numbers_and_short_words_are_nobody_s_text(value: object) -> None:
    (sheet, *_) = plan_of("2021").text_sheets
    assert told(read("2021", {sheet: {"E5": value}})) == []


def test_a_paragraph_in_a_row_that_was_put_in_is_read() -> None:
    (sheet, *_) = plan_of("2021").text_sheets
    book = edited(sound("2021"))
    book[sheet].insert_rows(4)
    book[sheet]["A4"] = WRITTEN
    report = workbook.parse(saved(book), "年报.xlsx")
    assert told(report) == []
    assert WRITTEN in (report.narrative["overview"] or "")


@pytest.mark.parametrize("edition", editions())
@pytest.mark.parametrize("row", [0, 1, 2])
def test_rows_put_in_leave_the_text_beside_a_table_where_it_is(
    edition: str, row: int, libreoffice: Office, tmp_path: Path
) -> None:
    """Rows above the heading, between heading and text, or behind the text, as a spreadsheet puts them in."""
    sheet = next(sheet for sheet in plan_of(edition).sheets if sheet.text)
    key, text = sheet.section.narrative or "", "本年度主动公开政府信息。"
    report = sound(edition)
    report = replace(report, narrative={**report.narrative, key: text})
    path = tmp_path / "年报.xlsx"
    path.write_bytes(workbook_of(report))
    with libreoffice.open(path) as document:
        document.Sheets.getByName(sheet.name).unprotect("")
        document.Sheets.getByName(sheet.name).Rows.insertByIndex(row, 2)
        document.store()
    again = workbook.read(path)
    assert (again.narrative[key], again.cells) == (text, report.cells)
    place = again.places[text_name(key)]
    below = openpyxl.load_workbook(path, read_only=True)[place.sheet][place.address].value
    assert below in {text, None} if row == 1 else below == text
