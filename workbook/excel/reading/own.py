"""Which sheets are the kit's own: a text in one of their number cells is a fault, anywhere else it is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.excel.layout import CHECKS, COVER, ROLLUP_NAMES, plan_of
from workbook.resources import editions

if TYPE_CHECKING:
    from workbook.excel.layout import Plan
    from workbook.excel.reading.file import OpenWorkbook


def own_sheets(book: OpenWorkbook) -> frozenset[str]:
    """Return the sheets of tables that were made from the template.

    They have their names in a workbook that also has its cover or its sheet of checks, or the names of its cells.
    """
    plans = [plan_of(edition) for edition in editions()]
    made = {sheet.name for plan in plans for sheet in plan.sheets} & set(book.names)
    if made and not {COVER, CHECKS}.isdisjoint(book.names):
        return frozenset(made)
    keys = {key for plan in plans for key in plan.form.cells}
    return frozenset(place.sheet for name, place in book.named().items() if name in keys)


def are_own(names: set[str], plan: Plan, book: OpenWorkbook) -> bool:
    """Say whether sheets of a workbook are such sheets; where they are those of one edition no other need be known."""
    of_one = not {COVER, CHECKS}.isdisjoint(book.names) and names <= {sheet.name for sheet in plan.sheets}
    return of_one or names <= own_sheets(book)


def rollup_sheets(book: OpenWorkbook) -> frozenset[str]:
    """Return the sheets behind the report in the workbook of a roll-up: the cells of a thousand units, and no report.

    They are known by the names that it gives them, not by what they are called.
    """
    return frozenset(place.sheet for name, place in book.named().items() if name in ROLLUP_NAMES)
