"""The tables as the notice prints them: heads, groups and the place of every number, on the grid of their section.

Template, check page and publications draw from it. Rows and columns count from 0, at the first printed row of the
section; the tables of a section share its columns and stand one below the other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from workbook.form.load import load_form
from workbook.form.model import cell_key
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.form.model import Line, Section, Table


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label and the cells it covers; a ``year`` is a line of a table that has several years."""

    text: str
    top: int
    left: int
    bottom: int
    right: int
    role: Literal["title", "head", "corner", "line", "year"]

    def lower(self, rows: int) -> Label:
        """Return the label so many rows further down."""
        return replace(self, top=self.top + rows, bottom=self.bottom + rows)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """A table as printed. ``wide`` gives the last column of numbers that are printed across several."""

    table: Table
    labels: tuple[Label, ...]
    cells: Mapping[str, tuple[int, int]]
    wide: Mapping[str, int]
    last_row: int


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A section of tables; ``width`` is the number of its columns, ``label_columns`` those that hold labels."""

    section: Section
    tables: tuple[PrintedTable, ...]
    width: int
    label_columns: int

    @property
    def titled(self) -> bool:
        """Whether the tables have titles of their own under the heading of the section."""
        return len(self.tables) > 1


@cache
def printed_sections(edition: str) -> tuple[PrintedSection, ...]:
    """Return the sections of tables of an edition, in the order of the form."""
    form = load_form(edition)
    tables = {section: [table for table in form.tables if table.section == section.number] for section in form.sections}
    return tuple(_section(section, own) for section, own in tables.items() if own)


def _section(section: Section, tables: Sequence[Table]) -> PrintedSection:
    label_columns = max(_depth(table.rows) if table.shape == "rows" else 0 for table in tables)
    values = max(len(table.columns) * (len(table.rows) if table.shape == "line" else 1) for table in tables)
    printed: list[PrintedTable] = []
    top = 0
    for table in tables:
        draw = _line_table if table.shape == "line" else _rows_table
        printed.append(draw(table, top, label_columns, values, titled=len(tables) > 1))
        top = printed[-1].last_row + 1
    return PrintedSection(section, tuple(printed), label_columns + values, label_columns)


def _rows_table(table: Table, top: int, left: int, values: int, *, titled: bool) -> PrintedTable:
    """Print a table of rows: title or banner, heads of one line or more, labels on the left."""
    labels = []
    right = left + values - 1
    ends = [left + index for index in range(len(table.columns))]
    ends[-1] = right  # a table with fewer columns than its neighbours spreads its last one
    if titled:
        labels.append(Label(table.title, top, 0, top, right, "title"))
        top += 1
    heads, banner = _depth(table.columns), 1 if table.corner else 0
    if banner:
        labels.append(Label(table.corner, top, 0, top + heads, left - 1, "corner"))
        labels.append(Label(table.head, top, left, top, right, "head"))
    else:
        labels.append(Label(table.head, top, 0, top + heads - 1, left - 1, "head"))
    top += banner
    for text, first, last, level, deepest in _tree([(*line.under, line.label) for line in table.columns]):
        labels.append(Label(text, top + level, left + first, top + deepest, ends[last], "head"))
    top += heads
    for text, first, last, level, deepest in _tree([(*line.under, line.label) for line in table.rows], left):
        labels.append(Label(text, top + first, level, top + last, deepest, "line"))
    cells = {
        cell_key(table.key, row.key, column.key): (top + down, left + across)
        for down, row in enumerate(table.rows)
        for across, column in enumerate(table.columns)
    }
    spread = f".{table.columns[-1].key}"
    wide = {key: right for key, (_, column) in cells.items() if key.endswith(spread) and column != right}
    return _printed(table, labels, cells, wide, top + len(table.rows) - 1)


def _line_table(table: Table, top: int, _left: int, values: int, *, titled: bool) -> PrintedTable:
    """Print a table as one line of numbers under heads of several lines."""
    labels = []
    if titled:
        labels.append(Label(table.title, top, 0, top, values - 1, "title"))
        top += 1
    paths = [(*row.under, row.label, column.label) for row in table.rows for column in table.columns]
    for text, first, last, level, deepest in _tree(paths):
        labels.append(Label(text, top + level, first, top + deepest, last, "head"))
    line = top + max(map(len, paths))
    keys = [cell_key(table.key, row.key, column.key) for row in table.rows for column in table.columns]
    return _printed(table, labels, {key: (line, index) for index, key in enumerate(keys)}, {}, line)


def _printed(
    table: Table, labels: list[Label], cells: dict[str, tuple[int, int]], wide: dict[str, int], last: int
) -> PrintedTable:
    return PrintedTable(table, tuple(labels), MappingProxyType(cells), MappingProxyType(wide), last)


def _depth(lines: Sequence[Line]) -> int:
    return max(len(line.under) + 1 for line in lines)


def _tree(paths: Sequence[tuple[str, ...]], depth: int = 0) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield label, first and last line, first and last level of every node; a leaf reaches the deepest level."""
    depth = max(depth, *map(len, paths))
    for level in range(depth):
        for path, lines in groupby(range(len(paths)), key=lambda index: paths[index][: level + 1]):
            covered = list(lines)
            if len(path) > level:
                leaf = len(paths[covered[0]]) == level + 1
                yield path[level], covered[0], covered[-1], level, depth - 1 if leaf else level
