"""The bench of the template's writers: what they share, and what they all do to a sheet."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbook.excel.address import Spot, a1
from workbook.excel.layout import CHECKS, COVER, ONWARD, Plan
from workbook.excel.template.contents import Contents
from workbook.excel.template.spots import first_entry, verdicts
from workbook.excel.template.styles import ENTRY_TAB, Formats
from workbook.excel.template.verdicts import verdict_formula
from workbook.report import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

PROTECTION = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
"""Sheets are protected without a password against slips, not against people."""

TITLE_LIMIT, MESSAGE_LIMIT = 32, 255
"""Characters that the advice beside a cell can have."""


@dataclass(frozen=True)
class LiveCell:
    """What a number cell shows in place of what was typed.

    Args:
        link: where a click leads, as XlsxWriter writes it.
        tip: what is said over the link.
        formula: what calculates the number; of a total, and where it is only a number, there is none.
        is_least: whether it is shown behind ≥.
    """

    link: str
    tip: str
    formula: str | None = None
    is_least: bool = False


@dataclass(frozen=True)
class TemplateJob:
    """What the writers of the sheets share: the open book, its formats, the plan, what follows from the report.

    ``live`` are number cells that are made from something else in the book, by key.
    """

    book: Any
    formats: Formats
    plan: Plan
    contents: Contents
    live: Mapping[str, LiveCell] = field(default_factory=dict)

    def address(self, key: str) -> str:
        """Return the address of a number cell on its sheet."""
        return self._addresses[key]

    @cached_property
    def _addresses(self) -> dict[str, str]:
        return {key: a1(*spot) for table in self.plan.tables for key, spot in table.cells.items()}

    def hold(self, sheet: Any, row: int, column: int, style: str) -> None:
        """Write what a cell holds: a number, a text never taken for a formula, or nothing."""
        value, dress = self.contents.cells[sheet.name][row, column], self.formats[style]
        if value is None:
            sheet.write_blank(row, column, None, dress)
        elif isinstance(value, str):
            sheet.write_string(row, column, value, dress)
        else:
            sheet.write_number(row, column, plain(value), dress)

    def show(self, sheet: Any, row: int, column: int, formula: str, style: str) -> None:
        """Write a formula with what it shows."""
        value = self.contents.cells[sheet.name][row, column]
        stored = value if isinstance(value, str) else "" if value is None else plain(value)
        sheet.write_formula(row, column, formula, self.formats[style], stored)


def write_verdict(job: TemplateJob, sheet: Any) -> Spot:
    """Write the verdict of a sheet where it stands; return where that is."""
    spot, rows = next((spot, rows) for name, spot, rows in verdicts(job.plan) if name == sheet.name)
    job.show(sheet, *spot, verdict_formula(rows), "verdict")
    colour_verdicts(job, sheet, a1(*spot))
    return spot


def write_onward(job: TemplateJob, sheet: Any, row: int, column: int) -> None:
    """Write the link to the sheet that is to be filled in next, or to the checks."""
    names = (COVER, *job.plan.names, CHECKS)
    name = names[names.index(sheet.name) + 1]
    target = a1(*first_entry(job.plan, name))
    sheet.write_url(row, column, f"internal:'{name}'!{target}", job.formats["onward"], f"{ONWARD}{name}")


def begin(job: TemplateJob, sheet: Any) -> None:
    """Let a sheet open with its first entry."""
    spot = first_entry(job.plan, sheet.name)
    sheet.set_selection(*spot, *spot)


def set_heights(job: TemplateJob, sheet: Any) -> None:
    """Make the rows as high as their texts need."""
    for row, height in job.contents.heights[sheet.name].items():
        sheet.set_row(row, height)


def guard(sheet: Any, **options: bool) -> None:
    """Protect a sheet without a password and set it up for A4, one page wide."""
    sheet.protect("", PROTECTION | options)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.center_horizontally()
    sheet.set_margins(left=0.6, right=0.6, top=0.7, bottom=0.7)
    sheet.hide_gridlines(2)


def print_report(job: TemplateJob, sheet: Any) -> None:
    """Set up a sheet of the report: white, its pages numbered on from those of the sheets before it."""
    sheet.print_black_and_white()
    sheet.set_footer("&C&10— &P —")
    sheet.set_tab_color(ENTRY_TAB)
    if sheet.name == job.plan.names[0]:
        sheet.set_start_page(1)


def colour_verdicts(job: TemplateJob, sheet: Any, area: str) -> None:
    """Colour texts of an area by the mark they begin with."""
    for mark, style in job.formats.verdicts:
        sheet.conditional_format(area, {"type": "text", "criteria": "begins with", "value": mark, "format": style})
