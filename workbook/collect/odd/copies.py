"""Likeness to another unit's report: clauses and rows of tables that both have and few others.

An inverted index holds who has what; what many have is worth nothing and is never looked at pair by pair, so that the
work grows with the reports and not with their pairs.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import log2
from typing import TYPE_CHECKING, TypeVar

from workbook.collect.explain.layout import layout
from workbook.collect.odd.oddity import Oddity
from workbook.report import make_finding
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Mapping

    from workbook.collect.odd.filed import Filed, Filings
    from workbook.collect.odd.thresholds import Thresholds

_ENDS = re.compile("[，,。；;：:！!？?]+")
_DIGITS = re.compile(r"[\d.．%％]+")
_NAMES = 3
"""How many other units are named."""
_TENTH = 10
Pair = tuple[str, str]
Row = tuple[str, tuple[int, ...]]
"""A row of a table with the numbers of its free cells."""
Item = TypeVar("Item", bound="Hashable")
Having = dict[str, dict[Item, int]]
"""By unit what it has, each with its size."""


@dataclass(frozen=True)
class Likeness:
    """What two units have in common and few others have.

    Args:
        size: of what they have in common.
        bits: how rare it is.
        percent: what part that is of what the smaller of the two has and few have.
        least: the size of that.
    """

    size: int
    bits: float
    percent: int
    least: int


def texts(filings: Filings, rules: Thresholds) -> Iterator[Oddity]:
    """Yield the sections of texts that are like those of other units."""
    own = rules.texts
    for section, heading in filings.form.narratives():
        having: Having[str] = {
            each.unit: clauses
            for each in filings.units
            if each.texts.get(section) and (clauses := _clauses(each, each.texts[section], own.clause))
        }
        count = len(having)
        if not count:
            continue
        rare, own_size = _rare(having, _limit(own.shared, count))
        worth = {clause: log2(count / len(units)) for clause, units in rare.items()}
        found: dict[Pair, Likeness] = {}
        for pair, shared in _common(rare).items():
            size, bits = sum(having[pair[0]][each] for each in shared), sum(worth[each] for each in shared)
            least = min(own_size[unit] for unit in pair)
            like = Likeness(size, bits, 100 * size // least, least)
            if size >= own.characters and like.percent >= own.percent and bits - log2(count) >= rules.bits:
                found[pair] = like
        yield from _told("odd.text", section, heading.heading, found, filings)


def tables(filings: Filings, rules: Thresholds) -> Iterator[Oddity]:
    """Yield the sections of tables that are like those of other units; offices above have the same by right."""
    form, own = filings.form, rules.tables
    rows: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cell in layout(form).cells:
        table, row, _ = cell.split(".")
        rows[form.section_of[table].heading][f"{table}.{row}"].append(cell)
    bits = Bits(filings, own.cell)
    count = len(filings.units)
    for heading, some in rows.items():
        having: Having[Row] = {
            each.unit: filled
            for each in filings.units
            if (filled := {(row, values): 1 for row, keys in some.items() if any(values := _values(each, keys))})
        }
        alike: dict[Pair, Likeness] = {}
        rare, own_size = _rare(having, _limit(own.shared, count))
        for pair, shared in _common(rare).items():
            if _above(filings, pair):
                continue
            earned = bits.of(
                (key, value) for row, values in shared for key, value in zip(some[row], values, strict=True)
            )
            least = min(own_size[unit] for unit in pair)
            like = Likeness(len(shared), earned, 100 * len(shared) // least, least)
            if like.percent >= own.percent and earned - log2(count) >= rules.bits:
                alike[pair] = like
        yield from _told("odd.table", next(iter(some)).partition(".")[0], heading, alike, filings)


class Bits:
    """How rare numbers are among the units, as two of them would have them by chance."""

    def __init__(self, filings: Filings, most: int) -> None:
        self._units, self._most, self._form = len(filings.units), most, layout(filings.form)
        self._same: dict[str, Counter[int]] = defaultdict(Counter)
        self._size: dict[str, Counter[int]] = defaultdict(Counter)
        for each in filings.units:
            for key, value in each.cells.items():
                if value:
                    self._same[key][value] += 1
                    self._size[key][value.bit_length()] += 1

    def of(self, cells: Iterable[tuple[str, int | None]]) -> float:
        """Return the bits of cells together; of each balance one number follows from the others and proves nothing."""
        total, best = 0.0, dict[int, float]()
        for key, value in cells:
            if value:
                earned = self.one(key, value)
                total += earned
                rule = self._form.balances.get(key)
                if rule is not None:
                    best[rule] = max(best.get(rule, 0.0), earned)
        return total - sum(best.values())

    def one(self, key: str, value: int) -> float:
        """Return the bits of a number in a cell: how many of the others have it, or one of its length at all."""
        others = max(1, self._units - 2)
        same = (self._same[key][value] - 2) / others
        length = value.bit_length()
        alike = (self._size[key][length] - 2 + 0.5) / others / 2 ** (length - 1)
        return min(float(self._most), -log2(min(1.0, max(same, alike))))


def _clauses(filed: Filed, text: str, least: int) -> dict[str, int]:
    """Return the clauses of a text with their lengths, without blanks, digits and names of the unit."""
    plain = _DIGITS.sub("", squeezed(text))
    for name in (filed.name, *filed.aliases):
        plain = plain.replace(name, "")
    return {clause: len(clause) for clause in _ENDS.split(plain) if len(clause) >= least}


def _values(filed: Filed, keys: Iterable[str]) -> tuple[int, ...]:
    return tuple(filed.cells.get(key) or 0 for key in keys)


def _limit(shared: int, units: int) -> int:
    """Return how many units may have what counts: two in any case, of few units no more than a tenth."""
    return max(2, min(shared, units // _TENTH))


def _rare(having: Having[Item], limit: int) -> tuple[dict[Item, list[str]], dict[str, int]]:
    """Return what at least two units have and not more than so many, with the units; and how much of each is rare."""
    index: defaultdict[Item, list[str]] = defaultdict(list)
    for unit, items in having.items():
        for each in items:
            index[each].append(unit)
    sizes = {
        unit: sum(size for each, size in items.items() if len(index[each]) <= limit) for unit, items in having.items()
    }
    return {each: units for each, units in index.items() if 1 < len(units) <= limit}, sizes


def _common(rare: Mapping[Item, list[str]]) -> dict[Pair, list[Item]]:
    """Return by pair of units what both have."""
    found: defaultdict[Pair, list[Item]] = defaultdict(list)
    for each, units in rare.items():
        for one, other in combinations(units, 2):
            found[one, other].append(each)
    return found


def _above(filings: Filings, pair: Pair) -> bool:
    one, other = (filings.by_unit[unit] for unit in pair)
    return one.unit in other.above or other.unit in one.above


def _told(code: str, at: str, heading: str, found: Mapping[Pair, Likeness], filings: Filings) -> Iterator[Oddity]:
    """Yield an oddity for each unit, with all that it is like."""
    likes: defaultdict[str, list[tuple[float, str, Likeness]]] = defaultdict(list)
    for (one, other), like in found.items():
        likes[one].append((-like.bits, other, like))
        likes[other].append((-like.bits, one, like))
    for unit, some in likes.items():
        some.sort(key=lambda each: each[:2])
        others = tuple(other for _, other, _ in some)
        like = some[0][2]
        words = {
            "section": heading,
            "size": str(like.size),
            "percent": str(like.percent),
            "least": str(like.least),
            **_names(others, filings),
        }
        numbers = {"same": like.size, "percent": like.percent}
        yield Oddity(unit, make_finding(code, at, **words), like.bits, others, numbers)


def _names(others: tuple[str, ...], filings: Filings) -> dict[str, str]:
    named = [f"“{filings.by_unit[unit].name}”" for unit in others[:_NAMES]]
    more = len(others) - _NAMES
    return {
        "others": "、".join(named) + (f"等 {len(others)} 个单位" if more > 0 else ""),
        "others_en": ", ".join(named) + (f" and {more} more" if more > 0 else ""),
    }
