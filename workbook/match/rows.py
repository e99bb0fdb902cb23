"""The rows of a grid with the labels that they hold, worked out once for all tables of all editions."""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import zip_longest
from math import isfinite
from typing import TYPE_CHECKING

from workbook.form import load_form
from workbook.match.labels import forms, wanted
from workbook.records import dataclass
from workbook.report.notation import is_wrapped, reading
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from workbook.match.grid import Cell, Grid


_SHORT = 500
"""Characters of a text of which is kept whether it is a number."""


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A row of a grid that is not blank.

    ``words`` gives what each label in it is recognised by, at the first place of a cell that spans several columns;
    ``all_words`` are those of all its labels. ``texts`` is the last text before each column, and that before its end.
    """

    index: int
    cells: Sequence[Cell]
    words: Mapping[int, frozenset[str]]
    all_words: frozenset[str]
    texts: Sequence[str]

    def at(self, column: int) -> Cell | None:
        """Return the cell in a column; ``None`` where the row ends before it."""
        return self.cells[column] if column < len(self.cells) else None


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A grid without its blank rows."""

    grid: Grid
    rows: Sequence[Row]


def rows_of(grid: Grid) -> Rows:
    """Return the rows of a grid that hold something of their own, with their labels.

    What only spans down from the row above is that row once more: where lines of a printed table end a little lower
    than others, they leave a row of nothing else.
    """
    rows = [
        Row(index, cells, words := _words(cells), frozenset().union(*words.values()), _texts(cells))
        for index, (cells, before) in enumerate(zip(grid.rows, [(), *grid.rows], strict=False))
        if any(not is_blank(cell) and cell is not over for cell, over in zip_longest(cells, before[: len(cells)]))
    ]
    return Rows(grid, rows)


def _words(cells: Sequence[Cell]) -> dict[int, frozenset[str]]:
    known, found = _known(), {}
    before = None
    for at, cell in enumerate(cells):
        if cell is not before and isinstance(cell.value, str):
            words = forms(cell.value) & known
            if words:
                found[at] = words
        before = cell
    return found


def _texts(cells: Sequence[Cell]) -> list[str]:
    """Return the last text before each column of a row, and before its end."""
    texts = [""]
    for cell in cells:
        texts.append(cell.text if is_text(cell) else texts[-1])
    return texts


@cache
def _known() -> frozenset[str]:
    """Return the words of every row and column of every edition."""
    tables = [table for edition in editions() for table in load_form(edition).tables]
    return frozenset(word for table in tables for line in (*table.rows, *table.columns) for word in wanted(line.label))


def is_blank(cell: Cell | None) -> bool:
    """Say whether there is nothing in a cell, or no cell."""
    return cell is None or cell.value is None or (isinstance(cell.value, str) and not cell.value.strip())


def is_number(cell: Cell | None) -> bool:
    """Say whether a cell holds a number, be it on several lines, or a sign for nothing."""
    value = cell.value if cell else None
    if value is None:
        return False
    if type(value) is float:
        return isfinite(value)
    return _kept(value) if type(value) is str and len(value) <= _SHORT else _says_number(value)


def _says_number(raw: Any) -> bool:
    value = reading(raw, "万元").value
    return value is not None and (not isinstance(value, str) or is_wrapped(value))


_kept = lru_cache(maxsize=8192)(_says_number)


def is_text(cell: Cell | None) -> bool:
    """Say whether a cell holds something that is not a number."""
    return not is_blank(cell) and not is_number(cell)


def once(cells: Sequence[Cell]) -> list[Cell]:
    """Return cells without the repetitions of those that span several columns."""
    return [cell for index, cell in enumerate(cells) if index == 0 or cell is not cells[index - 1]]
