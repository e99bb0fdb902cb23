"""The bench of the template's writers: what they share, and what they all do to a sheet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from workbook.excel.address import a1
from workbook.excel.layout import Plan
from workbook.excel.template.styles import Formats
from workbook.excel.template.verdicts import statuses
from workbook.report import Finding, Report, Value, plain

PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
"""Sheets are protected without a password against slips, not against people."""

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Characters that the advice beside a cell can have."""


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
