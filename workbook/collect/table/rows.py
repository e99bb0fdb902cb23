"""The rows of a table, as the store gives them out: one unit after the other, never all at once."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook import __version__
from workbook.form import load_form
from workbook.printable import printable
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.collection import Collection
    from workbook.collect.register import Register, Unit
    from workbook.collect.standing import Standing
    from workbook.collect.table.choice import Shown
    from workbook.report import Lang, Value

Row = tuple[Any, ...]
"""Texts, whole numbers, ``Decimal`` and ``None``, one for each column."""

_CENT = Decimal("0.01")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class Kept(NamedTuple):
    """What a unit has for a year: its standing, and the cells of the version that counts where there is one."""

    standing: Standing
    cells: Mapping[str, Value] | None


class Rows:
    """Makes the rows of a collection as it was at a moment.

    Args:
        collection: where they come from.
        years: the report years, in ascending order.
        cells: what is shown.
        at: the moment.
        lang: the language of states and kinds.
    """

    def __init__(
        self, collection: Collection, years: Sequence[int], cells: Sequence[Shown], at: dt.datetime, lang: Lang
    ) -> None:
        self._collection, self._years, self._cells, self._at, self._lang = collection, years, cells, at, lang
        self._keys = [cell.key for cell in cells]
        self._register: Register = collection.register(at)
        self._names = {unit.id: printable(unit.name) for unit in self._register.units}
        self._kinds = load_form(editions()[-1]).field("kind").choices if lang == "zh" else {}
        self._ends = (when(at), __version__)

    def wide(self) -> Iterator[Row]:
        """Yield a row a unit."""
        single = len(self._years) == 1
        for kept in self._units():
            found = [kept.get(year) for year in self._years]
            states = (self._state(one) for one in found)
            given = [one.cells if one else None for one in found]
            numbers = self._single(given[0]) if single else self._compared(given)
            yield (*self._about(kept), *states, *numbers, *self._ends)

    def long(self) -> Iterator[Row]:
        """Yield a row a unit, a year and a cell that its edition has; of a unit without a report one row a year."""
        several = len(self._years) > 1
        for kept in self._units():
            about = self._about(kept)
            last: Kept | None = None
            for year, one in kept.items():
                begin = (*about, year, self._state(one))
                if one.cells is None:
                    yield (*begin, *[None] * (8 if several else 5), *self._ends)
                    continue
                is_last = last is not None and last.standing.year == self._before(year)
                before = last.cells if last and last.cells and is_last else _NOTHING
                for cell in self._cells:
                    if cell.key in one.cells:
                        value = one.cells[cell.key]
                        prior = before.get(cell.key)
                        more = (prior, *change(prior, value)) if several else ()
                        yield (*begin, cell.key, cell.table, cell.label, cell.measure, value, *more, *self._ends)
                last = one

    def _before(self, year: int) -> int | None:
        return next((last for last, this in pairwise(self._years) if this == year), None)

    def _single(self, cells: Mapping[str, Value] | None) -> Iterable[Value]:
        return map(cells.get, self._keys) if cells else (None,) * len(self._keys)

    def _compared(self, given: Sequence[Mapping[str, Value] | None]) -> Iterator[Value]:
        for key in self._keys:
            values = [cells.get(key) if cells else None for cells in given]
            yield values[0]
            for last, this in pairwise(values):
                yield this
                yield from change(last, this)

    def _about(self, kept: Mapping[int, Kept]) -> Row:
        """Return what the first columns say of a unit, as it is in the last of the years that it is expected in."""
        last = max(kept)
        unit: Unit = kept[last].standing.unit
        above = self._names.get(unit.parent or "", unit.parent)
        kind = self._kinds.get(unit.kind or "", unit.kind)
        return printable(unit.id), printable(unit.name_in(last)), above, kind

    def _state(self, kept: Kept | None) -> str | None:
        return kept.standing.state.word(self._lang) if kept else None

    def _units(self) -> Iterator[dict[int, Kept]]:
        """Yield what each unit has, by year; all years give their units in the order of the register.

        Raises:
            ValueError: one of them does not.
        """
        streams = {year: self._collection.cells(year, self._at) for year in self._years}
        waiting = {year: next(stream, None) for year, stream in streams.items()}
        for unit in dict.fromkeys(unit.id for unit in self._register.units):
            kept: dict[int, Kept] = {}
            for year, stream in streams.items():
                first = waiting[year]
                if first is not None and first[0].unit.id == unit:
                    kept[year] = Kept(*first)
                    waiting[year] = next(stream, None)
            if kept:
                yield kept
        if left := [year for year, first in waiting.items() if first is not None]:
            raise ValueError(f"units of {left} do not come in the order of the register")


def change(last: Value, this: Value) -> tuple[Value, Value]:
    """Return by how much a number changed, and by how many per cent of what it was; ``None`` where that says nothing.

    >>> change(8, 9), change(0, 3), change(None, 3)
    ((1, Decimal('12.50')), (3, None), (None, None))
    """
    if not isinstance(last, int | Decimal) or not isinstance(this, int | Decimal):
        return None, None
    difference = this - last
    if last <= 0:
        return difference, None
    return difference, (Decimal(difference) * 100 / Decimal(last)).quantize(_CENT, ROUND_HALF_UP)


def when(at: dt.datetime) -> str:
    """Say a moment as people are shown it."""
    return at.strftime("%Y-%m-%d %H:%M")
