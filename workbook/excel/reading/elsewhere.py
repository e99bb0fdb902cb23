"""Texts that somebody wrote where the template has no place for them: they are no part of the report, and are told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import FIRST_ROW, LEADS_TO, TEMPLATE_VERSION
from workbook.excel.reading.grid import at
from workbook.report import CellValue, Finding, Place, make_finding
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.excel.layout import Plan
    from workbook.excel.reading.by_position import Found
    from workbook.excel.reading.file import OpenWorkbook

_LEAST = 4
"""Characters of a text from which on it is more than a tick or a mark."""
_OWN = re.compile(f"[✓✗←{LEADS_TO.strip()}]")
"""What the words that the template itself has beside texts and tables begin with."""
_QUOTED = 30


def elsewhere(plan: Plan, book: OpenWorkbook, tables: Iterable[Found] = ()) -> Iterator[Finding]:
    """Yield a finding for each sheet of the template on which texts stand where none is read.

    Args:
        plan: where the template has things; of older versions nothing is said.
        book: the workbook.
        tables: the tables that were found at their places.
    """
    if plan.version != TEMPLATE_VERSION:
        return
    for name in plan.text_sheets:
        yield from _told(name, _beside_texts(plan, book, name))
    below: dict[str, tuple[int, int]] = {}
    for found in tables:
        last, across = found.spot((max(row for row, _ in found.plan.cells.values()), 0))
        below[found.sheet] = max(below.get(found.sheet, (0, 0)), (last, across))
    widths = {sheet.name: sheet.width for sheet in plan.sheets}
    titles = frozenset(rule.title for table in plan.form.tables for rule in table.rules)
    for name, (last, left) in below.items():
        width = widths.get(name)
        if width is not None:
            yield from _told(name, _beside_tables(book, name, last, left + width), titles)


def _beside_texts(plan: Plan, book: OpenWorkbook, name: str) -> Iterator[tuple[int, int, str]]:
    """Yield what stands beside paragraphs, and above the first heading, each with row and column."""
    headings = {squeezed(section.heading) for section in plan.text_sheets[name].values()}
    grid, begun = book.grid(name), False
    for row, values in enumerate(grid[1:], 1):
        # A heading has a note beside it.
        if at(grid, row, 2) and squeezed(values[0]) in headings:
            begun = True
        elif any(values):
            yield from _held(values, row, int(begun))


def _beside_tables(book: OpenWorkbook, name: str, last: int, right: int) -> Iterator[tuple[int, int, str]]:
    """Yield what stands below the last table of a sheet, and right of the verdicts, each with row and column."""
    for row, values in enumerate(book.grid(name)):
        first = 0 if row > last + FIRST_ROW else right + FIRST_ROW
        if len(values) > first:
            yield from _held(values, row, first)


def _held(values: list[Any], row: int, first: int) -> Iterator[tuple[int, int, Any]]:
    """Yield what a row holds from a column on."""
    if any(values[first:]):
        for column, value in enumerate(values[first:], first):
            if value:
                yield row, column, value


def _told(
    sheet: str, found: Iterable[tuple[int, int, object]], titles: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """Yield the finding of a sheet; ``titles`` are those of rules, which stand beside their results."""
    texts = [
        (Place(sheet, a1(row, column)), value.strip())
        for row, column, value in found
        if isinstance(value, str)
        and len(squeezed(value)) >= _LEAST
        and not _OWN.match(value.strip())
        and not any(title in value for title in titles)
    ]
    if texts:
        place, text = texts[0]
        cell = CellValue(sheet, sheet, text, place)
        yield make_finding("text.elsewhere", sheet, (cell,), text, count=str(len(texts)), text=text[:_QUOTED])
