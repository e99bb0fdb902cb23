"""Which sheets are the kit's own: a text in one of their number cells is a fault, anywhere else it is only read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.layout import CHECKS, COVER, FIRST_ROW, ONWARD, ROLLUP_NAMES, TO_CHECKS, plan_of
from workbook.expression import expression
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.excel.layout import Plan
    from workbook.excel.reading.file import OpenWorkbook
    from workbook.excel.reading.grid import Grid

_ASIDE = expression(
    rf"{TO_CHECKS}|{ONWARD}.*|✓ 校验通过|✓ 没有错误，有 \d+ 处提示"
    r"|✗ 有 \d+ 处需要改正(?:，另有 \d+ 处未填)?|… 尚有 \d+ 处未填"
)
"""The links of the template and its verdicts: beside headings and below tables, wherever rows are put in."""


def own_sheets(book: OpenWorkbook, names: Iterable[str]) -> frozenset[str]:
    """Return which of some sheets were made from the template.

    They have their names in a workbook that also has its cover or its sheet of checks, or the names of its cells; or
    beside their heading the link to the checks, which is copied with a sheet and stays when it is called otherwise.
    """
    plans = [plan_of(edition) for edition in editions()]
    made = {sheet.name for plan in plans for sheet in plan.sheets} & set(book.names)
    if not made or {COVER, CHECKS}.isdisjoint(book.names):
        keys = {key for plan in plans for key in plan.form.cells}
        made = {place.sheet for name, place in book.named().items() if name in keys}
    return frozenset(name for name in names if name in made or _is_linked(book.grid(name)))


def _is_linked(grid: Grid) -> bool:
    return any(TO_CHECKS in row for row in grid[:FIRST_ROW])


def is_aside(value: Any) -> bool:
    """Say whether a cell holds words of the template that are no part of the report: links, and the verdict."""
    return isinstance(value, str) and _ASIDE.fullmatch(value) is not None


def are_own(names: set[str], plan: Plan, book: OpenWorkbook) -> bool:
    """Say whether sheets of a workbook are such sheets; where they are those of one edition no other need be known."""
    of_one = not {COVER, CHECKS}.isdisjoint(book.names) and names <= {sheet.name for sheet in plan.sheets}
    return of_one or names <= own_sheets(book, names)


def rollup_sheets(book: OpenWorkbook) -> frozenset[str]:
    """Return the sheets behind the report in the workbook of a roll-up: the cells of a thousand units, and no report.

    They are known by the names that it gives them, not by what they are called.
    """
    return frozenset(place.sheet for name, place in book.named().items() if name in ROLLUP_NAMES)
