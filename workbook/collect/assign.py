"""Finds the unit that a report is of: by its credit code, its name, an alias, or its name in short; else suggests some.

What is only alike never assigns; neither does what fits two units, nor a name that says another unit than the code.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from workbook.checks.cover import is_credit_code
from workbook.report.office_words import office_name
from workbook.report.offices import LONGEST, called, chain, level, likeness, parts, readings, short_forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.collect.register import Register, Unit
    from workbook.report import Body

How = Literal["credit_code", "name", "alias", "remembered", "short_name"]

MOST = 5
"""Suggestions that are made."""
_COMPARED = 60
"""Units whose names are compared with one, those that share the most pairs of letters with it."""
_LIKE = 0.5
"""How alike a name must be at least to be suggested."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A unit that a report may be of: how likely (0 to 1, only to order them) and why."""

    unit: str
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class Match:
    """The unit that a report is certainly of, and how that is known; else what it may be, and what speaks against it.

    ``conflict`` is a sentence where evidence was found that cannot be followed.
    """

    unit: str | None = None
    how: How | None = None
    suggestions: tuple[Suggestion, ...] = ()
    conflict: str | None = None


class Matcher:
    """Finds units of a register; its indexes are made when they are first asked."""

    def __init__(self, register: Register, remembered: Mapping[str, str] | None = None) -> None:
        """Prepare for a register.

        Args:
            register: the register.
            remembered: ids of units by the names or credit codes that a person assigned to them; what is no longer in
                the register is passed over.
        """
        self.register = register
        kept = {_key(text): unit for text, unit in (remembered or {}).items() if unit in register}
        self._remembered = {text: unit for text, unit in kept.items() if text}

    def match(self, body: Body, year: int | None) -> Match:
        """Return the unit that a report of an office and a year is of."""
        code = (body.credit_code or "").strip().upper()
        name = office_name(body.name)[:LONGEST]
        by_code = self._codes.get(code, ()) if code else ()
        unit, how, fitting = self._by_name(name, year)
        if len(by_code) == 1:
            if unit and unit != by_code[0] and how != "remembered":
                return self._contradicted(by_code[0], unit, name, code)
            return self._settled(by_code[0], "credit_code", year)
        remembered = self._remembered.get(code)
        if remembered and not unit:
            unit, how = remembered, "remembered"
        if unit is None or how is None:
            return Match(suggestions=self._suggested(name, (*by_code, *fitting), year))
        known = self.register.unit(unit).credit_code
        if how != "remembered" and known and known != code and is_credit_code(code):
            return Match(
                suggestions=(Suggestion(unit, 1.0, "名称相符"),),
                conflict=f"名称“{name}”是“{self._called(unit)}”，但报告上的信用代码 {code} 和名册中的 {known} 不同",
            )
        return self._settled(unit, how, year)

    def _by_name(self, name: str, year: int | None) -> tuple[str | None, How | None, Sequence[str]]:
        """Return the one unit of a name and how that is known; else none, and those that the name fits."""
        if not name:
            return None, None, ()
        short = self._in_short(name)
        open_short = self._reporting(short, "", year)  # those that may be called so: 财政局, 城关镇
        fitting: Sequence[str] = ()
        for how, index in self._by_text:
            found = index.get(name, ())
            open_ones = self._reporting(found, name, year)
            if len(open_ones) == 1 and (how == "remembered" or {*open_short} <= {*open_ones}):
                return open_ones[0], how, ()
            fitting = fitting or found
        if not fitting and len(open_short) == 1:
            return open_short[0], "short_name", ()
        return None, None, tuple(dict.fromkeys((*fitting, *short)))

    def _reporting(self, units: Sequence[str], name: str, year: int | None) -> Sequence[str]:
        """Return those of some units that report for a year, of these those that are then called so; else all."""
        some = [unit for unit in units if self.register.unit(unit).is_open(year)] or units
        return [unit for unit in some if office_name(self.register.unit(unit).name_in(year)) == name] or some

    def _in_short(self, name: str) -> tuple[str, ...]:
        """Return the units that a name is usual for, short or with areas that the register does not know."""
        found = [unit for full in readings(name) for unit in self._shorts.get(full, ())]
        if not found:
            found = [unit for full in readings(name) for unit in self._under_wider(full)]
        return tuple(dict.fromkeys(found))

    def _under_wider(self, full: str) -> Iterator[str]:
        """Yield the units that a name is of but for areas in front that are wider than any that their names tell."""
        areas, _ = parts(full)
        for at in range(1, len(areas) + 1):
            rest = full[sum(map(len, areas[:at])) :]
            for unit in self._shorts.get(rest, ()):
                above, _ = chain(readings(self.register.unit(unit).name)[0], self._names_above(unit))
                taken = {level(area) for area in above[:-1]}
                # Without any area left, its own has to be there for short: 甲市江宁财政局.
                whose = at < len(areas) or rest.startswith(called(above[-1])[1:]) if above else False
                if whose and taken.isdisjoint(map(level, areas[:at])):
                    yield unit

    def _names_above(self, unit: str) -> tuple[str, ...]:
        return tuple(above.name for above in self.register.ancestors(unit))

    def _settled(self, unit: str, how: How, year: int | None) -> Match:
        """Return the unit; of one that does not report for the year, what took its place."""
        found = self.register.unit(unit)
        if found.is_open(year):
            return Match(unit, how)
        successors = tuple(self._successors(found, year))
        goes_on = f"，由“{successors[-1].name}”承接" if successors else ""
        conflict = f"“{found.name}”按名册不报 {year} 年度的报告{goes_on}"
        whose = tuple(Suggestion(each.id, 1.0, f"承接“{found.name}”") for each in reversed(successors))
        return Match(suggestions=(*whose, Suggestion(unit, 0.9, "不报这一年度"))[:MOST], conflict=conflict)

    def _successors(self, unit: Unit, year: int | None) -> Iterator[Unit]:
        """Yield those that took over, one after the other, up to the one that reports for the year."""
        seen = {unit.id}
        while unit.successor and unit.successor not in seen and not unit.is_open(year):
            seen.add(unit.successor)
            unit = self.register.unit(unit.successor)
            yield unit

    def _contradicted(self, by_code: str, by_name: str, name: str, code: str) -> Match:
        conflict = f"信用代码 {code} 是“{self._called(by_code)}”的，名称“{name}”却是“{self._called(by_name)}”"
        whose = (Suggestion(by_code, 1.0, "信用代码相符"), Suggestion(by_name, 1.0, "名称相符"))
        return Match(suggestions=whose, conflict=conflict)

    def _called(self, unit: str) -> str:
        return self.register.unit(unit).name

    def _suggested(self, name: str, fitting: Iterable[str], year: int | None) -> tuple[Suggestion, ...]:
        """Return what a report may be of: first what its name or code fits, then what is called alike."""
        found = {unit: Suggestion(unit, 1.0, "名称或代码相符的不止一个") for unit in fitting}
        for unit in self._near(name) if name else ():
            each = self.register.unit(unit)
            score = max(likeness(name, text, _LIKE) for text in {each.name, *each.aliases})
            if score >= _LIKE and unit not in found:
                found[unit] = Suggestion(unit, min(score, 0.99), "名称相近")
        where = {unit.id: at for at, unit in enumerate(self.register.units)}
        ordered = sorted(
            found.values(),
            key=lambda item: (not self.register.unit(item.unit).is_open(year), -item.score, where[item.unit]),
        )
        return tuple(ordered[:MOST])

    def _near(self, name: str) -> list[str]:
        """Return the units whose names share the most pairs of letters with a name, rare pairs counting more."""
        shared: Counter[str] = Counter()
        for full in readings(name):
            for pair in _pairs(full):
                units = self._pairs.get(pair, ())
                weight = 1_000_000 // (len(units) or 1)
                for unit in units:
                    shared[unit] += weight
        return [unit for unit, _ in shared.most_common(_COMPARED)]

    @cached_property
    def _codes(self) -> dict[str, tuple[str, ...]]:
        return _index((unit.credit_code, unit.id) for unit in self.register.units if unit.credit_code)

    @cached_property
    def _by_text(self) -> tuple[tuple[How, Mapping[str, Sequence[str]]], ...]:
        """The indexes of exact texts, in the order in which they are asked."""
        units = self.register.units
        names = _index((office_name(name), unit.id) for unit in units for name in (unit.name, *unit.names))
        aliases = _index((office_name(alias), unit.id) for unit in units for alias in unit.aliases)
        return ("name", names), ("alias", aliases), ("remembered", _index(self._remembered.items()))

    @cached_property
    def _shorts(self) -> dict[str, tuple[str, ...]]:
        return _index(
            (form, unit.id)
            for unit in self.register.units
            for name in dict.fromkeys((unit.name, *unit.names))
            for form in short_forms(name, self._names_above(unit.id))
        )

    @cached_property
    def _pairs(self) -> dict[str, tuple[str, ...]]:
        return _index(
            (pair, unit.id)
            for unit in self.register.units
            for text in (unit.name, *unit.aliases)
            for full in readings(text)
            for pair in _pairs(full)
        )


def _key(text: str) -> str:
    """Return a remembered text as it is looked up: codes in capitals, names in their normal form."""
    return text.strip().upper() if is_credit_code(text.strip().upper()) else office_name(text)


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)} or {text}


def _index(items: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    """Return by text the units that have it, each once, in their order; all texts of a unit come together."""
    found: dict[str, list[str]] = {}
    for text, unit in items:
        units = found.setdefault(text, [])
        if unit not in units[-1:]:
            units.append(unit)
    return {text: tuple(found.pop(text)) for text in list(found)}
