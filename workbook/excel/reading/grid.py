"""A sheet as rows of values, as python-calamine gives them, and what the values mean."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from workbook.report import Value, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.excel.address import Spot

Grid = list[list[Any]]

_EXACT = 10.0**15  # below it a double holds every whole number, and int() is the quick way


ROWS, COLUMNS = 5_000, 100
"""Rows and columns that are read; what stands beyond them is far from any table."""


def at(grid: Grid, row: int, column: int) -> Any:
    """Return a cell of a grid; an empty text beyond its edges."""
    return grid[row][column] if 0 <= row < len(grid) and 0 <= column < len(grid[row]) else ""


def spread(held: Mapping[Spot, Any], areas: Iterable[tuple[Spot, Spot]]) -> Iterator[tuple[Spot, Any]]:
    """Yield cells with what they hold; in merged ones what stands on top holds for the rows below it too.

    A cell in several merged ones comes as often, so that whoever counts what comes is done with any number of them.

    >>> list(spread({(1, 0): "甲", (2, 1): 5}, [((1, 0), (9, 1))]))
    [((1, 0), '甲'), ((2, 1), 5), ((2, 0), '甲')]
    """
    yield from held.items()
    last = max((row for row, _ in held), default=0)
    for (top, column), (bottom, _) in areas:
        if (top, column) in held:
            for row in range(top + 1, min(bottom, last) + 1):
                yield (row, column), held.get((row, column), held[top, column])


def value_of(raw: Any) -> Value:
    """Return what a cell holds: a number, nothing, or the text of what is not a number."""
    if type(raw) is float:
        whole = int(raw) if -_EXACT < raw < _EXACT else None
        if whole == raw:
            return whole
        read = number(raw)
        return str(raw) if read is None else read
    if raw == "":
        return None
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, dt.date | dt.time | dt.timedelta):
        return str(raw)
    return raw if isinstance(raw, int | str) else str(raw)


def text(raw: Any) -> str | None:
    """Return an answer as text; a number as it is written."""
    value = value_of(raw) if raw is not None else None
    return str(value).strip() or None if value is not None else None
