"""Builds the standard workbook with XlsxWriter: blank as the template, or filled with a report."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbook.checks import check
from workbook.excel.layout import CHECKS, COVER, GUIDE, Plan, a1, plan_of
from workbook.excel.template.styles import Formats
from workbook.excel.template.verdicts import statuses
from workbook.report import Finding, Number, Report, Value, blank, plain

if TYPE_CHECKING:
    from workbook.form import Equation

PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
"""Sheets are protected without a password against slips, not against people."""

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Characters that the advice beside a cell can have."""

EPOCH = datetime(2021, 9, 26, tzinfo=UTC).replace(tzinfo=None)
"""The date in all files that are made, so that the same report gives the same bytes."""


def template(edition: str) -> bytes:
    """Return the blank standard workbook of an edition, byte for byte the same every time."""
    return write(blank(edition))


def write(report: Report) -> bytes:
    """Return the standard workbook filled with a report, every formula with its stored result.

    Reading it gives the report back: a total that is not the sum of its parts is written as the number it is.

    Raises:
        ValueError: a paragraph is longer than a cell can hold.
    """
    from xlsxwriter import Workbook

    from workbook.excel.template.checksheet import write_checks
    from workbook.excel.template.pages import write_cover, write_guide, write_texts
    from workbook.excel.template.tablesheet import write_tables

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": report.form.title, "subject": report.form.authority, "created": EPOCH})
    job = TemplateJob(book, Formats(book), plan_of(report.edition), report, check(report))
    names = [GUIDE, COVER, *(sheet.name for sheet in job.plan.sheets), job.plan.text_sheet, CHECKS]
    sheets = {name: book.add_worksheet(name) for name in names}
    write_guide(job, sheets[GUIDE])
    write_cover(job, sheets[COVER])
    for sheet in job.plan.sheets:
        write_tables(job, sheets[sheet.name], sheet)
    text_ranges = write_texts(job, sheets[job.plan.text_sheet])
    write_checks(job, sheets[CHECKS], text_ranges)
    sheets[COVER].activate()
    for sheet_plan in job.plan.tables:
        for key, (row, column) in sheet_plan.cells.items():
            book.define_name(key, f"={absolute(sheet_plan.sheet, row, column)}")
    book.close()
    return stream.getvalue()


@dataclass(frozen=True)
class TemplateJob:
    """What the writers of the sheets share: the open book, its formats, the plan, the report and its findings."""

    book: Any
    formats: Formats
    plan: Plan
    report: Report
    findings: tuple[Finding, ...]

    @cached_property
    def statuses(self) -> dict[int, str]:
        """The result in each row of the sheet of checks."""
        return statuses(self.plan, self.report, self.findings)

    def address(self, key: str) -> str:
        """Return the address of a number cell on its sheet."""
        return self._addresses[key]

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {key: a1(*spot) for table in self.plan.tables for key, spot in table.cells.items()}

    def put(self, sheet: Any, row: int, column: int, value: Value, style: Any) -> None:
        """Write a value as it is: a number, a text never taken for a formula, or nothing."""
        if value is None:
            sheet.write_blank(row, column, None, style)
        elif isinstance(value, str):
            if sheet.write_string(row, column, value, style):
                raise ValueError(f"a text of {len(value)} characters does not fit into a cell")
        else:
            sheet.write_number(row, column, plain(value), style)


def absolute(sheet: str, row: int, column: int) -> str:
    """Return an absolute reference, such as ``'三、依申请公开'!$D$6``."""
    letters, digits = a1(0, column)[:-1], row + 1
    return f"'{sheet}'!${letters}${digits}"


def calculated(report: Report, equation: Equation) -> Value:
    """Return what the template's formula for a total shows: the sum of its parts, nothing where no part is filled."""
    parts = [report.cells[key] for key, _ in equation.right]
    numbers: list[Number] = [part for part in parts if isinstance(part, int | Decimal)]
    return sum(numbers, start=0) if numbers else None


def guard(sheet: Any, **options: bool) -> None:
    """Protect a sheet without a password and set it up for A4, one page wide."""
    sheet.protect("", PROTECTION | options)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.set_footer("&C&9第 &P 页，共 &N 页")
    sheet.hide_gridlines(2)


def colour_verdicts(job: TemplateJob, sheet: Any, area: str) -> None:
    """Colour texts of an area by the mark they begin with."""
    for mark, style in job.formats.verdicts:
        sheet.conditional_format(area, {"type": "text", "criteria": "begins with", "value": mark, "format": style})
