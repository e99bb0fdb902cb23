"""Reads a workbook whose tables are not where the template has them: every sheet becomes a grid for the matcher."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from workbook.excel.address import a1
from workbook.excel.findings_sheet import COPY, RESULTS
from workbook.excel.layout import (
    ASIDE,
    CHECKS,
    COVER,
    COVER_ANSWERS,
    FIRST_ROW,
    GUIDE,
    all_text_sheets,
    plan_of,
)
from workbook.excel.printed_texts import printed_texts
from workbook.excel.reading.cover import Cover
from workbook.excel.reading.elsewhere import elsewhere
from workbook.excel.reading.moved import moved
from workbook.excel.reading.own import is_aside, own_sheets, rollup_sheets
from workbook.excel.reading.texts import text_sheets, texts, waivers
from workbook.match import Cell, Document, Grid, match
from workbook.report import Place, Source, tidy
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.excel.layout import Plan
    from workbook.excel.reading.file import OpenWorkbook
    from workbook.form import Table
    from workbook.report import Report

_OWN = {GUIDE, CHECKS, RESULTS, COPY, COVER}
"""Sheets of the kit that hold no table."""


def read_by_labels(book: OpenWorkbook, digest: str) -> Report:
    """Return the report in a workbook, its tables found by their labels; cover and texts as the template has them.

    Raises:
        Unreadable: there is no table of the form, or two that differ.
    """
    texts_alone = {name for edition in editions() for name in text_sheets(plan_of(edition), book)}
    kept = _OWN | all_text_sheets() | texts_alone | rollup_sheets(book)
    names = [name for name in book.names if name not in kept]
    own = own_sheets(book, names)
    grids = [_grid(book, name, own=name in own) for name in names]
    hidden = any(grid.hidden for grid in grids)
    report = match(Document(book.file, grids, named=book.named() if hidden else {}), digest=digest)
    printed = {key: tidy(text) for key, text in printed_texts(book, report)}
    report = replace(report, narrative=dict(report.narrative) | printed)
    cover = Cover(book)
    plan = plan_of(report.edition, cover.version)
    report = replace(report, reader_findings=(*report.reader_findings, *moved(_moved(plan, report))))
    if COVER in book.names and cover:
        form = plan.form
        places = {key: Place(COVER, a1(row, COVER_ANSWERS)) for key, row in cover.rows(form).items()}
        report = replace(
            report,
            year=cover.year(form),
            body=cover.body(form),
            places=places | dict(report.places),
            reader_findings=(*report.reader_findings, *cover.year_findings(form)),
            waivers=waivers(plan, book, cover),
            source=Source(book.file, digest, cover.template, cover.made_from) if digest else None,
        )
    if not {*text_sheets(plan, book)}.isdisjoint(book.names):
        report = replace(
            report,
            narrative=dict(report.narrative) | texts(plan, book),
            reader_findings=(*report.reader_findings, *elsewhere(plan, book)),
        )
    return report


def _moved(plan: Plan, report: Report) -> Iterator[tuple[Table, Place]]:
    """Yield the tables of which a number stands elsewhere than the template has it, each with its first such place."""
    for table in plan.tables:
        places = ((report.places.get(key), Place(table.sheet, a1(*spot))) for key, spot in table.cells.items())
        away = next((found for found, usual in places if found and found != usual), None)
        if away:
            yield table.table, away


@cache
def _widths() -> dict[str, int]:
    """Return how many columns are printed of the sheets of tables, by their names in any edition."""
    return {sheet.name: sheet.width for edition in editions() for sheet in plan_of(edition).sheets}


@lru_cache(maxsize=512)
def _places(sheet: str, row: int, width: int) -> tuple[Place, ...]:
    """Return the places of a row of cells; a copy that is marked is read with the same."""
    return tuple(Place(sheet, a1(row, column)) for column in range(width))


def _grid(book: OpenWorkbook, name: str, *, own: bool) -> Grid:
    # Beside heading and text of the template's own sheets stand verdict and link, which are no part of the report;
    # nor are the words beside the results of rules.
    width = _widths().get(name) if own else None
    rows = [
        [
            Cell(
                None if value == "" or is_aside(value) or (own and str(value).startswith(ASIDE)) else value,
                place,
                textual=False,
            )
            for place, value in zip(
                _places(name, row, len(values)),
                values[: width if row < FIRST_ROW else None] if any(value != "" for value in values) else (),
                strict=False,
            )
        ]
        for row, values in enumerate(book.grid(name))
    ]
    return Grid(name, rows, hidden=book.hidden(name), own=own)
