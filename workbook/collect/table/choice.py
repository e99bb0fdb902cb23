"""Which cells a table shows, in what order and under what heads, where its reports are of several editions."""

from __future__ import annotations

import re
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from workbook.collect.labels import heading
from workbook.form import load_form, without_number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.form import Form, Line

_COMMA = re.compile("[,，]")


class NoSuchCellError(ValueError):
    """No edition in question has a cell of that name; ``like`` are the names that it may have been meant for."""

    def __init__(self, name: str, like: Sequence[str]) -> None:
        super().__init__(f"no cell, row or table is called {name!r}; names like it: {', '.join(like) or 'none'}")
        self.name, self.like = name, tuple(like)


class Shown(NamedTuple):
    """A cell as a table shows it: its key, the labels of its table, row and column, its unit of measure."""

    key: str
    table: str
    row: str
    column: str
    measure: str

    @property
    def heads(self) -> tuple[str, str, str]:
        """What stands above its column, from the top down."""
        return self.table, self.row, self.column

    @property
    def label(self) -> str:
        """Row and column."""
        return f"{self.row} · {self.column}"

    def is_called(self, name: str) -> bool:
        """Say whether a name means this cell: its key, that of its row or table with ``*`` for any part, a label."""
        labels = {self.table, without_number(self.table), self.row, without_number(self.row)}
        key = self.key
        return key == name or key.startswith(f"{name}.") or name in labels or ("*" in name and fnmatchcase(key, name))


def shown_cells(editions: Iterable[str], names: Sequence[str] = ()) -> tuple[Shown, ...]:
    """Return the cells of some editions, the newest edition's first within each table; what only others have follows.

    Args:
        editions: of the reports.
        names: keys of cells, rows (``applications.received``) and tables, where ``*`` stands for any part of a key,
            or labels of rows and tables; several may be divided by commas. All cells where there is none.

    Raises:
        NoSuchCellError: no cell has one of these names.
    """
    found: dict[str, dict[str, Shown]] = {}
    for edition in sorted(editions, reverse=True):
        form = load_form(edition)
        for key, shown in _cells(form):
            found.setdefault(form.cells[key].table, {}).setdefault(key, shown)
    every = [shown for cells in found.values() for shown in cells.values()]
    asked = [part.strip() for name in names for part in _COMMA.split(name)]
    wanted = {shown.key for name in asked if name or not any(asked) for shown in _named(name, every)}
    return tuple(shown for shown in every if not names or shown.key in wanted)


def _named(name: str, every: Sequence[Shown]) -> list[Shown]:
    """Return the cells that a name means."""
    matching = [shown for shown in every if shown.is_called(name)]
    if matching:
        return matching
    keys = dict.fromkeys(".".join(shown.key.split(".")[:steps]) for shown in every for steps in (1, 2, 3))
    labels = dict.fromkeys(label for shown in every for label in (shown.table, shown.row))
    raise NoSuchCellError(name, get_close_matches(name, [*keys, *labels], cutoff=0.5))


def _cells(form: Form) -> Iterator[tuple[str, Shown]]:
    for key, cell in form.cells.items():
        labels = heading(form, cell.table), _label(cell.row), _label(cell.column)
        yield key, Shown(key, *labels, cell.kind.unit or "")


def _label(line: Line) -> str:
    return " ".join((*line.under, line.label))
