"""Sound reports of units that know nothing of each other, as they are compared for oddities, and what is planted there.

Two kinds of cities: the made-up one of the mailbag, with texts, whose reports are all about as large; and that of
the sums, whose counts scatter as real ones do (departments and towns, overdispersed, many small), with texts beside
them.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from figures import text
from mailbag import YEAR, Mailbag
from sums import Rates, _rates, report

from workbook import load_form
from workbook.collect.odd.filed import Filed, Filings
from workbook.collect.rollup.adding import stored

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbook.report import Report

FORM = load_form("2021")
FREE = tuple(key for key in FORM.cells if key not in FORM.calculated)
BOILERPLATE = (
    "一年来，坚持以习近平新时代中国特色社会主义思想为指导，深入贯彻落实党的二十大精神，严格按照政府信息公开条例的要求，"
    "不断完善工作机制，持续加大公开力度，切实保障人民群众的知情权、参与权、表达权、监督权。"
)
"""What everybody writes."""
_ROWS = 8
"""Rows other than 0 of a table of which it is worth saying that it was copied."""


class _Reports(Mailbag):
    """The city with its reports, of which nothing is sent."""

    def _fill(self) -> None:
        """Put nothing into the mailbag."""


def mailbag(seed: int, size: int = 60) -> Filings:
    """Return the sound reports of the mailbag's city, with those of last year."""
    bag = _Reports(seed, size)
    offices = {each.id: each for each in bag.offices}
    units = [
        Filed(
            unit, offices[unit].name, offices[unit].kind, numbers(bag.now[unit]), _texts(bag.now[unit]),
            {YEAR - 1: numbers(bag.last[unit])}, _above(unit, offices),
        )
        for unit in bag.expected
    ]  # fmt: skip
    return Filings(YEAR, FORM, tuple(sorted(units, key=lambda each: each.unit)))


@lru_cache(maxsize=8)
def city(seed: int, many: int = 60, *, rich: bool = True, years: int = 3, steady: int = 1) -> Filings:
    """Return reports that scatter as real ones do, with so many earlier years, drawn from the same rates each.

    Counts beside table three are gamma of the shape 2 from year to year; the mean of ``steady`` such years is taken.
    """
    chance = random.Random(f"{seed} {many} {rich}")  # noqa: S311 - made-up reports
    units = []
    for number in range(many):
        kind = "government" if number == 0 else chance.choices(("department", "township", "other"), (55, 40, 5))[0]
        rates = _rates(FORM, kind, rich=rich, chance=chance)
        written = {
            "overview": BOILERPLATE + text(chance, 12),
            "problems": text(chance, 12) + BOILERPLATE,
        }
        now, *before = [_year(rates, chance, steady) for _ in range(years + 1)]
        earlier = {YEAR - back: cells for back, cells in enumerate(before, 1)}
        units.append(Filed(f"u{number:05}", f"第{number}局", kind, now, written, earlier))
    return Filings(YEAR, FORM, tuple(units))


def _year(rates: Rates, chance: random.Random, steady: int) -> dict[str, int | None]:
    drawn = [report(FORM, rates, chance) for _ in range(steady)]
    return {key: sum(each.get(key, 0) for each in drawn) // steady for key in FREE}


def numbers(filed: Report) -> dict[str, int | None]:
    """Return the free cells of a report as sums have them."""
    return {key: stored(filed.form, key, filed.cells[key]) for key in FREE}


def _texts(filed: Report) -> dict[str, str]:
    return {key: written for key, written in filed.narrative.items() if written}


def _above(unit: str, offices: Mapping[str, Any]) -> frozenset[str]:
    found, parent = set(), offices[unit].parent
    while parent:
        found.add(parent)
        parent = offices[parent].parent
    return frozenset(found)


def changed(filings: Filings, *units: Filed) -> Filings:
    """Return filings with some units as they are given."""
    new = {each.unit: each for each in units}
    return replace(filings, units=tuple(new.get(each.unit, each) for each in filings.units))


# ---- what is planted ------------------------------------------------------------------------------------------------

Planted = tuple[Filings, frozenset[tuple[str, str]]]
"""The filings with it, and the units and codes that must be told."""


@dataclass(frozen=True)
class Plant:
    """A way to plant something odd."""

    name: str
    plant: Callable[[Filings, random.Random], Planted]


def copied_text(filings: Filings, chance: random.Random) -> Planted:
    """The text of another unit, its name replaced, numbers changed, and one clause in five written anew."""
    one, other = chance.sample(filings.units, 2)
    clauses = one.texts["problems"].replace(one.name, other.name).split("，")
    said = [text(chance, 1).split("，")[0] if chance.random() < 0.2 else clause for clause in clauses]
    copy = replace(other, texts={**other.texts, "problems": "，".join(said)})
    return changed(filings, copy), frozenset({(one.unit, "odd.text"), (other.unit, "odd.text")})


def copied_table(filings: Filings, chance: random.Random) -> Planted:
    """The table of applications of another unit, two of its numbers changed."""
    pairs = [
        (one, other)
        for one in filings.units
        if _many(one) >= _ROWS
        for other in filings.units
        if one is not other and one.unit not in other.above and other.unit not in one.above
    ]
    one, other = chance.choice(pairs)
    table = {key: value for key, value in one.cells.items() if key.startswith("applications.")}
    for key in chance.sample(sorted(key for key, value in table.items() if value), 2):
        table[key] = (table[key] or 0) + chance.randint(1, 3)
    copy = replace(other, cells={**other.cells, **table})
    return changed(filings, copy), frozenset({(one.unit, "odd.table"), (other.unit, "odd.table")})


def _many(filed: Filed) -> int:
    return len(
        {key.rpartition(".")[0] for key, value in filed.cells.items() if key.startswith("applications.") and value}
    )


def tenfold(filings: Filings, chance: random.Random) -> Planted:
    """A number of at least twenty, ten times as large as in the largest of the earlier years."""
    cells = ("enforcement.penalty.decisions", "services.licensing.decisions", "documents.normative.made")
    known = [(each, key) for each in filings.units for key in cells if _largest(each, key) >= 20]
    if not known:  # the mailbag's city has small numbers
        unit, key = chance.choice(filings.units), cells[0]
        unit = replace(unit, earlier={year: {**known_then, key: 40} for year, known_then in unit.earlier.items()})
    else:
        unit, key = chance.choice(known)
    jumped = replace(unit, cells={**unit.cells, key: 10 * _largest(unit, key)})
    return changed(filings, jumped), frozenset({(unit.unit, "odd.jump")})


def _largest(filed: Filed, key: str) -> int:
    return max((cells[key] or 0 for cells in filed.earlier.values()), default=0)


def refused(filings: Filings, chance: random.Random) -> Planted:
    """All of fifty applications are refused for one reason."""
    peers = [each for each in filings.units if each.kind in {"department", "township"}]
    unit = chance.choice(peers)
    cells = {key: (0 if key.startswith("applications.") else value) for key, value in unit.cells.items()}
    cells |= {"applications.received.natural": 50, "applications.refused_inquiry.natural": 50}
    return changed(filings, replace(unit, cells=cells)), frozenset({(unit.unit, "odd.ratio")})


PLANTS = (
    Plant("copied text", copied_text),
    Plant("copied table", copied_table),
    Plant("tenfold jump", tenfold),
    Plant("all refused", refused),
)
