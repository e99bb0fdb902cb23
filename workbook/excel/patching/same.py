"""Whether a marked copy shows a reader just what the workbook shows, of which it was made."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from workbook.excel.findings_sheet import COPY, RESULTS
from workbook.excel.layout import plan_of
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.own import rollup_sheets
from workbook.report.values import squeezed
from workbook.resources import editions

if TYPE_CHECKING:
    from workbook.excel.reading.package import Package

_MARKS = (RESULTS, COPY)


def shows_the_same(package: Package, copy: Package) -> bool:
    """Say whether all that a report is read from is in a marked copy what it is in the workbook.

    That is all that the reader asks of an open workbook: its sheets in their order, which of them are hidden, what can
    be seen of their cells, formulas without a result, cells that have names. The sheets of marks are not read; they
    must have no text by which a table would be looked for there.

    Where it is so the report is the same, and its labels need not be found once more; where it is not sure, they do.

    Raises:
        Unreadable: the copy or the workbook is damaged, or beyond a limit.
    """
    before, after = FileWorkbook(package), FileWorkbook(copy)
    names = [name for name in before.names if name not in _MARKS]
    return (
        names == [name for name in after.names if name not in _MARKS]
        and before.named() == after.named()
        and not rollup_sheets(after)
        and not any(_may_hold_tables(book) for book in (before, after))
        and all(_is_same(before, after, name) for name in names)
    )


def _is_same(before: FileWorkbook, after: FileWorkbook, name: str) -> bool:
    """Say whether a sheet shows the same in both workbooks; 1, 1.0 and TRUE are three things."""
    one, other = before.grid(name), after.grid(name)
    return (
        one == other
        and [*map(type, chain.from_iterable(one))] == [*map(type, chain.from_iterable(other))]
        and before.hidden(name) == after.hidden(name)
        and before.unseen(name) == after.unseen(name)
    )


def _may_hold_tables(book: FileWorkbook) -> bool:
    """Say whether a sheet of marks has a text with which a table begins."""
    begins = {squeezed(table.labels[0].text) for edition in editions() for table in plan_of(edition).tables}
    own = (name for name in _MARKS if name in book.names)
    return any(squeezed(value) in begins for name in own for row in book.grid(name) for value in row if value)
