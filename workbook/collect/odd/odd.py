"""What looks odd among the reports of a year: looked for, ranked, at most so many a unit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now
from workbook.collect.odd.copies import tables, texts
from workbook.collect.odd.filed import filings
from workbook.collect.odd.jumps import jumps
from workbook.collect.odd.ratios import ratios
from workbook.collect.odd.thresholds import thresholds
from workbook.report.values import plain

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from workbook.collect.collection import Collection
    from workbook.collect.odd.filed import Filings
    from workbook.collect.odd.oddity import Oddity
    from workbook.collect.odd.thresholds import Thresholds
    from workbook.collect.store import Store
    from workbook.report import Lang


@dataclass(frozen=True)
class Odd:
    """What looks odd among the reports of a year, at a moment; ``Collection.odd`` makes it.

    Args:
        year: the report year.
        at: the moment.
        reports: how many reports were compared with each other.
        earlier: of how many of them the collection has an earlier year.
        names: what the units are called, by id.
        units: the oddities by unit, the oddest unit and the strongest first.
    """

    year: int
    at: dt.datetime
    reports: int
    earlier: int
    names: Mapping[str, str]
    units: Mapping[str, tuple[Oddity, ...]]

    @property
    def oddities(self) -> tuple[Oddity, ...]:
        """All of them, unit by unit."""
        return tuple(chain.from_iterable(self.units.values()))

    def below(self, units: frozenset[str]) -> Odd:
        """Return what is told of some units alone; they were compared with all."""
        some = {unit: found for unit, found in self.units.items() if unit in units}
        return Odd(self.year, self.at, self.reports, self.earlier, self.names, some)

    def to_dict(self, lang: Lang = "zh") -> dict[str, Any]:
        """Return all of it as plain data, the same for the same store and moment."""
        return {
            "year": self.year,
            "at": self.at.isoformat(),
            "reports": self.reports,
            "earlier": self.earlier,
            "units": [
                {"id": unit, "name": self.names[unit], "findings": [as_dict(each, lang) for each in found]}
                for unit, found in self.units.items()
            ],
        }


def as_dict(oddity: Oddity, lang: Lang) -> dict[str, Any]:
    """Return an oddity as plain data: its finding as JSON has findings, and what stands behind it."""
    return {
        **oddity.finding.as_dict(lang),
        "bits": round(oddity.bits, 1),
        "others": list(oddity.others),
        "numbers": {key: plain(value) for key, value in oddity.numbers.items()},
    }


def look(found: Filings, rules: Thresholds | None = None) -> dict[str, tuple[Oddity, ...]]:
    """Return what looks odd among reports, by unit, the strongest first and no more than the thresholds allow.

    It depends on nothing but the reports, not on their order either.
    """
    rules = rules or thresholds()
    found = replace(found, units=tuple(sorted(found.units, key=lambda each: each.unit)))
    odd: defaultdict[str, list[Oddity]] = defaultdict(list)
    for each in chain.from_iterable(way(found, rules) for way in (texts, tables, jumps, ratios)):
        odd[each.unit].append(each)
    ranked = {unit: tuple(sorted(some, key=lambda each: each.rank)[: rules.most]) for unit, some in odd.items()}
    return dict(sorted(ranked.items(), key=lambda pair: (pair[1][0].rank[0], pair[0])))


def odd_of(
    collection: Collection,
    store: Store,
    year: int | None = None,
    unit: str | None = None,
    at: dt.datetime | None = None,
) -> Odd:
    """Return what looks odd in a collection.

    Args:
        collection: the collection.
        store: its store.
        year: the report year; that of the collection unless given.
        unit: the 单位ID of an office: of it and those below it alone; they are compared with all.
        at: the moment; now unless given.

    Raises:
        KeyError: the register has no such unit.
    """
    moment = at or now()
    wanted, register = year or collection.year(moment), collection.register(moment)
    found = filings(store, register, wanted, moment, thresholds().history.years)
    names = {each.unit: each.name for each in found.units}
    earlier = sum(bool(each.earlier) for each in found.units)
    odd = Odd(wanted, moment, len(found.units), earlier, names, look(found))
    if unit is None:
        return odd
    top = register.unit(unit).id
    inside = {each.unit for each in found.units if each.unit == top or top in each.above}
    return odd.below(frozenset(inside))
