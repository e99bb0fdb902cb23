"""The roll-up of an office: its units, their sums, who contributes what, and how a report that was filed differs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from heapq import heappop, heappush
from itertools import chain
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now
from workbook.collect.rollup.adding import (
    Sum,
    Tally,
    adjusted,
    free_of,
    number,
    tallied,
    values,
)
from workbook.collect.rollup.additive import Additive, additive
from workbook.collect.rollup.comparison import Comparison
from workbook.collect.rollup.decided import adjustments, scopes
from workbook.collect.rollup.scope import Member, Part, Scope, Tree
from workbook.collect.schema import is_money
from workbook.form import edition_for
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.collection import Collection
    from workbook.collect.explain import Explanation
    from workbook.collect.register import Register, Unit
    from workbook.collect.rollup.decided import Adjustment
    from workbook.collect.standing import Standing, Version
    from workbook.collect.store import Store
    from workbook.form import Form
    from workbook.report import Report
    from workbook.report.values import Number

EVERYONE = "全部单位"
"""What the sum of a register with several topmost units is called."""


class UnknownUnitError(KeyError):
    """The register has no unit of that name, or several may be meant; ``likely`` are their ids."""

    def __init__(self, word: str, likely: Sequence[str] = ()) -> None:
        super().__init__(word)
        self.word, self.likely = word, tuple(likely)


@dataclass(frozen=True, eq=False)
class RollUp:
    """What the units below an office add up to, at a moment; ``Collection.rollup`` makes it.

    Args:
        unit: the office; ``None`` where the register has several topmost units and all are summed.
        name: what it is called.
        year: the report year.
        at: the moment.
        scope: what its report is about.
        rules: what adds up; its form is that of the sum.
        members: the units at and below the office, parents before their children.
        adjustments: what was declared to be added, oldest first.
    """

    unit: Unit | None
    name: str
    year: int
    at: dt.datetime
    scope: Scope
    rules: Additive
    members: tuple[Member, ...]
    adjustments: tuple[Adjustment, ...]
    tally: Tally = field(repr=False)
    collection: Collection = field(repr=False)
    store: Store = field(repr=False)

    @property
    def form(self) -> Form:
        """The form of the sum."""
        return self.rules.form

    @cached_property
    def counted(self) -> dict[int, Member]:
        """The units that are counted, by the submission that the sum has of each."""
        return {each.counted.submission: each for each in self.members if each.counted}

    @cached_property
    def missing(self) -> tuple[Member, ...]:
        """The units that are due and of which no report counts."""
        return tuple(each for each in self.members if each.part is Part.MISSING)

    @cached_property
    def cells(self) -> Mapping[str, Sum]:
        """What each cell adds up to, in the order of the form."""
        units, missing, tally = self.tally.units, len(self.missing), self.tally
        return {
            key: Sum(self.shown(key, tally.sums[key]), tally.blanks[key], units, missing) for key in self.form.cells
        }

    @property
    def filed(self) -> Version | None:
        """The version that counts of the report of the office itself, if it sent one: what the sum is compared with."""
        office = next((each for each in self.members if each.part is Part.OFFICE), None)
        return office.standing.current if office else None

    def filed_report(self) -> Report | None:
        """Return the report of the office itself, if it sent one that counts."""
        return self.collection.report(self.filed.submission) if self.filed else None

    def values(self, *keys: str) -> Iterator[tuple[Member, Mapping[str, int | None]]]:
        """Yield every unit that is counted with its free cells, or some of them, as the sum has them.

        Money is a whole number of 10⁻⁶ 万元; what is blank, or not in its form, is ``None``. In the order of receipt.
        """
        wanted = [(number, each.counted.edition) for number, each in self.counted.items() if each.counted]
        for submission, found in values(self.store, self.rules, wanted, set(keys) or None):
            yield self.counted[submission], found

    def top(self, cell: str, most: int = 5) -> list[tuple[Unit, Number]]:
        """Return the units that contribute most to a cell, the largest first; those with 0 are left out.

        Raises:
            KeyError: the form has no such cell.
        """
        return self.tops([cell], most)[cell]

    def tops(self, cells: Sequence[str], most: int = 5) -> dict[str, list[tuple[Unit, Number]]]:
        """Return the units that contribute most to each of some cells, the largest first.

        Raises:
            KeyError: the form has no such cell.
        """
        parts = {cell: free_of(self.form, self.form.cells[cell].key) for cell in cells}
        found: dict[str, list[tuple[int, int, Unit, int]]] = {cell: [] for cell in cells}
        for at, (member, own) in enumerate(self.values(*chain.from_iterable(parts.values())) if parts else ()):
            for cell, its in parts.items():
                value = sum(sign * (own[key] or 0) for key, sign in its.items())
                if value:
                    heappush(found[cell], (abs(value), -at, member.unit, value))
                    if len(found[cell]) > most:
                        heappop(found[cell])
        ranked = {cell: sorted(some, reverse=True) for cell, some in found.items()}
        return {cell: [(unit, self.shown(cell, value)) for _, _, unit, value in some] for cell, some in ranked.items()}

    def compare(self, filed: Report) -> Comparison:
        """Return the sum beside a report that was filed: which cells differ, by how much, and why."""
        return Comparison(self, filed)

    def explain(self, filed: Report) -> Explanation:
        """Return what explains how a report differs from the sum: which unit was left out, doubled, of an old one."""
        return self.compare(filed).explanation

    def report(self) -> Report:
        """Return the sum as a report of its own, which is sound where those of all units are."""
        from workbook.collect.rollup.as_report import as_report

        return as_report(self)

    def to_dict(self, beside: Comparison | None = None) -> dict[str, Any]:
        """Return all of it as plain data, the same for the same store and moment; beside a report, how that differs."""
        from workbook.collect.rollup.data import as_dict

        return as_dict(self, beside)

    def shown(self, cell: str, value: int) -> Number:
        """Return a whole number of the sums as people have it: money in 万元."""
        return number(value, money=is_money(self.form, cell))


def roll_up(
    collection: Collection,
    store: Store,
    year: int | None = None,
    unit: str | None = None,
    at: dt.datetime | None = None,
    scope: Scope | None = None,
) -> RollUp:
    """Return the roll-up of an office.

    Args:
        collection: of which.
        store: its store.
        year: the report year; that of the collection unless given.
        unit: the office, by its 单位ID, name or alias; the topmost unit unless given, all where there are several.
        at: the moment; now unless given.
        scope: what its report is about; what was decided of it unless given, else all below it.

    Raises:
        UnknownUnitError: the register has no such unit.
    """
    moment = at or now()
    wanted, register = year or collection.year(moment), collection.register(moment)
    office = _office(register, unit)
    said = scopes(store, wanted, moment)
    own = scope or said.get(office or "", Scope.ALL)
    standings = _standings(collection, wanted, moment, office)
    members = tuple(Tree(register, standings, said).members(office, own))
    rules = additive(edition_for(wanted) or editions()[-1])
    summed = {each.unit.id for each in members if each.part in {Part.OFFICE, Part.BELOW}} | {office or ""}
    declared = tuple(each for each in adjustments(store, wanted, moment) if each.unit in summed)
    counted: defaultdict[str, list[int]] = defaultdict(list)
    for member in members:
        if member.counted:
            counted[member.counted.edition].append(member.counted.submission)
    tally = tallied(store, rules, counted)
    adjusted(tally, rules.form, declared)
    top = register.unit(office) if office else None
    name = top.name_in(wanted) if top else EVERYONE
    return RollUp(top, name, wanted, moment, own, rules, members, declared, tally, collection, store)


def _standings(collection: Collection, year: int, at: dt.datetime, office: str | None) -> dict[str, Standing]:
    """Return the standings of all that are expected or sent something, and of the office whatever it is."""
    found = {each.unit.id: each for each in (*collection.standings(year, at), *collection.strays(year, at))}
    if office is not None and office not in found:
        found[office] = collection.standing(office, year, at)
    return found


def _office(register: Register, word: str | None) -> str | None:
    """Return the unit that a word names; the only topmost one where there is no word.

    Raises:
        UnknownUnitError: it names none, or may name several.
    """
    if word is None:
        roots = register.roots()
        return roots[0].id if len(roots) == 1 else None
    if word in register:
        return word
    from workbook.collect.assign import Matcher
    from workbook.report.values import Body

    match = Matcher(register, {}).match(Body(word), None)
    if match.unit is None:
        raise UnknownUnitError(word, [each.unit for each in match.suggestions])
    return match.unit


def series(
    collection: Collection, store: Store, unit: str, cell: str, years: Sequence[int], at: dt.datetime | None = None
) -> dict[int, Number | None]:
    """Return a cell of a unit through the years: of its own report that counts, else of the sum of those below it.

    ``None`` where there is neither, where it is blank, or where the form of that year has no such cell.

    Raises:
        UnknownUnitError: the register has no such unit.
    """
    found: dict[int, Number | None] = {}
    for year in years:
        summed = roll_up(collection, store, year, unit, at)
        version = summed.members[0].standing.current
        if version:
            value = collection.report(version.submission).cells.get(cell)
            found[year] = None if isinstance(value, str) else value
        else:
            own = summed.cells.get(cell)
            found[year] = own.value if own and own.is_known else None
    return found
