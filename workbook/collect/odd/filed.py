"""The reports that are compared: of every unit the one that counts, with the numbers of its earlier years."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter, mul
from typing import TYPE_CHECKING

from workbook.collect.rollup.adding import free_of, values
from workbook.collect.rollup.additive import additive
from workbook.collect.versions import chains
from workbook.form import edition_for
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.register import Register
    from workbook.collect.rollup.additive import Additive
    from workbook.collect.store import Store
    from workbook.form import Form

_TOGETHER = 500
"""Submissions whose texts are read at once."""
Numbers = dict[str, int | None]
"""The free cells of a report: money as whole numbers of 10⁻⁶ 万元, ``None`` where it is blank or not in its form."""


@dataclass(frozen=True)
class Filed:
    """What a unit filed for a year.

    Args:
        unit: its 单位ID.
        name: what it is called; ``aliases`` are its other names.
        kind: government, department, township or other; ``None`` where nobody knows.
        above: the offices above it, whose reports hold its numbers by right.
        cells: all free cells of the form of the year.
        texts: its texts, by section.
        earlier: the same of years before, by year.
    """

    unit: str
    name: str
    kind: str | None
    cells: Numbers
    texts: Mapping[str, str] = field(default_factory=dict)
    earlier: Mapping[int, Numbers] = field(default_factory=dict)
    above: frozenset[str] = frozenset()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Filings:
    """All that was filed for a year and counts."""

    year: int
    form: Form
    units: tuple[Filed, ...]

    @cached_property
    def by_unit(self) -> Mapping[str, Filed]:
        """The units by their ids."""
        return {each.unit: each for each in self.units}


class Total:
    """A cell of a form, or the sum of several, as the sum of free cells that it is."""

    def __init__(self, form: Form, *keys: str) -> None:
        parts: Counter[str] = Counter()
        for key in keys:
            for free, sign in free_of(form, key).items():
                parts[free] += sign
        self._several, self._signs = len(parts) > 1, tuple(parts.values())
        self._get = itemgetter(*parts)

    def of(self, cells: Numbers) -> int | None:
        """Return what it is in a report; ``None`` where something of it is blank."""
        values = self._get(cells) if self._several else (self._get(cells),)
        return None if None in values else sum(map(mul, values, self._signs))


def filings(store: Store, register: Register, year: int, at: dt.datetime | None, years: int) -> Filings:
    """Return what was filed for a year and counts, with so many years before it.

    Args:
        store: where it is.
        register: who is expected.
        year: the report year.
        at: the moment; now unless given.
        years: how many earlier years are read.
    """
    rules, known = additive(edition_for(year) or editions()[-1]), chains(store, at)
    chosen: dict[int, dict[str, tuple[int, str]]] = {}
    for each in range(year, year - years - 1, -1):
        found = ((unit.id, known.current(unit.id, each)) for unit in register.expected(year))
        chosen[each] = {unit: (version.submission, version.edition) for unit, version in found if version}
    numbers = {each: _numbers(store, rules, some) for each, some in chosen.items()}
    texts = _texts(store, [submission for submission, _ in chosen[year].values()])
    units = (
        Filed(
            unit.id,
            unit.name_in(year),
            unit.supposed_kind,
            numbers[year][unit.id],
            texts[chosen[year][unit.id][0]],
            {each: some[unit.id] for each, some in numbers.items() if each != year and unit.id in some},
            frozenset(each.id for each in register.ancestors(unit.id)),
            unit.aliases,
        )
        for unit in register.expected(year)
        if unit.id in chosen[year]
    )
    return Filings(year, rules.form, tuple(units))


def _numbers(store: Store, rules: Additive, chosen: Mapping[str, tuple[int, str]]) -> dict[str, Numbers]:
    """Return the free cells of submissions, by unit."""
    units = {submission: unit for unit, (submission, _) in chosen.items()}
    return {units[submission]: cells for submission, cells in values(store, rules, list(chosen.values()))}


def _texts(store: Store, submissions: Sequence[int]) -> defaultdict[int, dict[str, str]]:
    found: defaultdict[int, dict[str, str]] = defaultdict(dict)
    for row in _narratives(store, submissions):
        found[row[0]][row[1]] = row[2]
    return found


def _narratives(store: Store, submissions: Sequence[int]) -> Iterator[tuple[int, str, str]]:
    for start in range(0, len(submissions), _TOGETHER):
        some = submissions[start : start + _TOGETHER]
        marks = ", ".join("?" * len(some))
        query = f"SELECT submission, section, text FROM narrative WHERE submission IN ({marks})"  # noqa: S608
        yield from store.db.execute(query, some)
