"""Which cells a table shows, in what order and under what heads, where its reports are of several editions."""

from __future__ import annotations

from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from workbook.collect.labels import heading
from workbook.form import load_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.form import Form, Line


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


def shown_cells(editions: Iterable[str], names: Sequence[str] = ()) -> tuple[Shown, ...]:
    """Return the cells of some editions, the newest edition's first within each table; what only others have follows.

    Args:
        editions: of the reports.
        names: keys of cells, rows (``applications.received``) and tables; ``*`` stands for any part of a key. The
            cells that have one of these names; all where there is none.

    Raises:
        NoSuchCellError: no cell has one of these names.
    """
    found: dict[str, dict[str, Shown]] = {}
    for edition in sorted(editions, reverse=True):
        form = load_form(edition)
        for key, shown in _cells(form):
            found.setdefault(form.cells[key].table, {}).setdefault(key, shown)
    every = [shown for cells in found.values() for shown in cells.values()]
    wanted = {key for name in names for key in _named(name, [shown.key for shown in every])}
    return tuple(shown for shown in every if not names or shown.key in wanted)


def _named(name: str, keys: Sequence[str]) -> list[str]:
    """Return the keys that a name means."""
    matching = [key for key in keys if key == name or key.startswith(f"{name}.") or fnmatchcase(key, name)]
    if matching:
        return matching
    known = dict.fromkeys(".".join(key.split(".")[:steps]) for key in keys for steps in (1, 2, 3))
    raise NoSuchCellError(name, get_close_matches(name, known, cutoff=0.5))


def _cells(form: Form) -> Iterator[tuple[str, Shown]]:
    for key, cell in form.cells.items():
        labels = heading(form, cell.table), _label(cell.row), _label(cell.column)
        yield key, Shown(key, *labels, cell.kind.unit or "")


def _label(line: Line) -> str:
    return " ".join((*line.under, line.label))
