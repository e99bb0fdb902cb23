"""The register (名册): which units are expected to report, in a tree, with spells of years, dates and successors.

A unit is known by its ``id``, which stays when it is renamed or moved. It is what stands under 单位ID; where nothing
does, the 统一社会信用代码; where there is none either, the name, behind the name of the unit above if there is one
(``甲县人民政府/财政局``).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from workbook.collect.columns import columns
from workbook.report.offices import kind_by_name

if TYPE_CHECKING:
    from collections.abc import Iterable

Spell = tuple[int | None, int | None]
"""The first and the last report year of a time in which a unit reports, both included; ``None`` without an end."""


@dataclass(frozen=True, slots=True)
class Due:
    """A day by which a report is due: of one year, or of every year (``year`` is ``None``)."""

    month: int
    day: int
    year: int | None = None

    def on(self, year: int) -> dt.date:
        """Return the day for the report of a year: of a day without a year that of the year after.

        A full date is for the report of the year before it; for those of other years its month and day are taken.
        29 February is the 28th where there is none.

        >>> Due(1, 20).on(2025), Due(1, 20, 2026).on(2025), Due(2, 29).on(2025)
        (datetime.date(2026, 1, 20), datetime.date(2026, 1, 20), datetime.date(2026, 2, 28))
        """
        day = 28 if (self.month, self.day) == (2, 29) and year % 4 != 3 else self.day  # noqa: PLR2004
        return dt.date(year + 1, self.month, day)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}-{self.day:02}" if self.year else f"{self.month}月{self.day}日"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the register.

    Args:
        id: the key by which it is known.
        name: what it is called now.
        aliases: what else it is or was called, earlier names included.
        parent: the id of the unit that its report goes to; ``None`` of the topmost.
        kind: a key of the choices of the form's cover (government, department, township, other), where it is told.
        credit_code: its unified social credit code.
        division_code: its code of administrative division.
        due: by when its report is due, where the register says so of this unit itself.
        spells: the report years in which it reports, in their order; never empty.
        successor: the id of the unit that took over what it did.
        counted: whether its numbers go into those of the unit above.
        contact: whom to ask.
        row: the row of the register's sheet that it stands in, from 1 on; of several the last.
        names: what it is called in each of the spells.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    kind: str | None = None
    credit_code: str | None = None
    division_code: str | None = None
    due: Due | None = None
    spells: tuple[Spell, ...] = ((None, None),)
    successor: str | None = None
    counted: bool = True
    contact: str | None = None
    row: int = 0
    names: tuple[str, ...] = ()

    def is_open(self, year: int | None) -> bool:
        """Say whether it reports for a year; for no year in particular it does."""
        return year is None or any(_within(spell, year) for spell in self.spells)

    def name_in(self, year: int | None) -> str:
        """Return what it is called in a report year; its name of now where it does not report."""
        spells = zip(self.spells, self.names, strict=False)
        found = (name for spell, name in spells if year is not None and _within(spell, year))
        return next(found, self.name)

    @property
    def supposed_kind(self) -> str | None:
        """Its kind; where the register does not tell it, the one that its name speaks of."""
        return self.kind or kind_by_name(self.name)


_FIELDS = tuple(item.name for item in fields(Unit))


def _within(spell: Spell, year: int) -> bool:
    since, until = spell
    return (since is None or since <= year) and (until is None or year <= until)


DueBy = Literal["own", "inherited", "law"]


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a report is due and why: the unit's own date, that of a unit above it, or the law's with its clause."""

    date: dt.date
    by: DueBy
    why: str


@dataclass(frozen=True)
class Register:
    """The units that are expected, parents before their children; ``digest`` is that of all it says but of its rows."""

    units: tuple[Unit, ...]
    digest: str = field(default="")

    @classmethod
    def of(cls, units: Iterable[Unit]) -> Register:
        """Return the register of some units, in whatever order: each parent before its children, else as they come.

        Raises:
            ValueError: two have one id, a parent or a successor is not among them, or parents go in a circle.
        """
        ordered = _in_tree_order(tuple(units))
        said = json.dumps([_said(unit) for unit in ordered], ensure_ascii=False)
        return cls(ordered, hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest())

    def unit(self, unit_id: str) -> Unit:
        """Return a unit.

        Raises:
            KeyError: there is none with that id.
        """
        return self._by_id[unit_id]

    def __contains__(self, unit_id: object) -> bool:
        return unit_id in self._by_id

    def __len__(self) -> int:
        return len(self.units)

    def expected(self, year: int) -> tuple[Unit, ...]:
        """Return the units that report for a year: the denominator of every figure."""
        return tuple(unit for unit in self.units if unit.is_open(year))

    def ancestors(self, unit_id: str) -> tuple[Unit, ...]:
        """Return the units above one, the nearest first."""
        found, parent = [], self.unit(unit_id).parent
        while parent is not None:
            found.append(self.unit(parent))
            parent = found[-1].parent
        return tuple(found)

    def children(self, unit_id: str) -> tuple[Unit, ...]:
        """Return the units right below one."""
        return self._below.get(unit_id, ())

    def roots(self) -> tuple[Unit, ...]:
        """Return the topmost units."""
        return self._below.get(None, ())

    def due(self, unit_id: str, year: int) -> dt.date | None:
        """Return by when the report of a unit for a year is due; ``None`` where the unit does not report for it."""
        return self.deadline(unit_id, year).date if self.unit(unit_id).is_open(year) else None

    def deadline(self, unit_id: str, year: int) -> Deadline:
        """Return by when a report is due, and why.

        The unit's own date stands. Without one it has that of the nearest unit above that has one, as long as the law
        gives both the same day, or the date is no later than the law's: a government that hands in by 31 March does not
        put off its departments. Else it is the law's (政府信息公开条例, article 49).
        """
        unit = self.unit(unit_id)
        if unit.due:
            return Deadline(unit.due.on(year), "own", f"名册中的报送期限：{unit.due}")
        law = columns().deadline(unit.supposed_kind)
        lawful = Due(law.month, law.day)
        above = next((each for each in self.ancestors(unit_id) if each.due), None)
        if above and above.due:
            theirs = columns().deadline(above.supposed_kind)
            same_law = (theirs.month, theirs.day) == (law.month, law.day)
            if same_law or above.due.on(year) <= lawful.on(year):
                return Deadline(above.due.on(year), "inherited", f"随上级“{above.name}”的报送期限：{above.due}")
        return Deadline(lawful.on(year), "law", law.clause)

    def to_json(self) -> str:
        """Return the register as a text from which ``from_json`` makes it again."""
        return json.dumps([asdict(unit) for unit in self.units], ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Register:
        """Return the register that ``to_json`` wrote."""
        return cls.of(_unit(item) for item in json.loads(text))

    @cached_property
    def _by_id(self) -> dict[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def _below(self) -> dict[str | None, tuple[Unit, ...]]:
        found: dict[str | None, list[Unit]] = {}
        for unit in self.units:
            found.setdefault(unit.parent, []).append(unit)
        return {parent: tuple(units) for parent, units in found.items()}


def _unit(item: dict[str, Any]) -> Unit:
    due = Due(**item["due"]) if item["due"] else None
    spells = tuple((since, until) for since, until in item["spells"])
    return Unit(
        **item | {"due": due, "spells": spells, "aliases": tuple(item["aliases"]), "names": tuple(item["names"])}
    )


def _said(unit: Unit) -> list[Any]:
    """Return all that is said of a unit but where."""
    values = ((name, getattr(unit, name)) for name in _FIELDS if name != "row")
    return [[name, str(value) if isinstance(value, Due) else value] for name, value in values]


def _in_tree_order(units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    below: dict[str | None, list[Unit]] = {}
    ids = {unit.id for unit in units}
    for unit in units:
        below.setdefault(unit.parent, []).append(unit)
    named = {unit.parent for unit in units} | {unit.successor for unit in units}
    if len(ids) < len(units) or not named <= {None, *ids}:
        raise ValueError("two units of one id, or one that is named and not there")
    ordered, waiting = list[Unit](), list(reversed(below.get(None, ())))
    while waiting:
        ordered.append(waiting.pop())
        waiting.extend(reversed(below.get(ordered[-1].id, ())))
    if len(ordered) < len(units):
        raise ValueError("units above each other in a circle")
    return tuple(ordered)
