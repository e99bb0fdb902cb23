"""Jumps against a unit's own earlier years: numbers far beyond what units change from a year to the next."""

from __future__ import annotations

from itertools import pairwise
from math import log
from statistics import NormalDist, fmean
from typing import TYPE_CHECKING

from workbook.collect.labels import heading
from workbook.collect.odd.chance import jump_bits
from workbook.collect.odd.filed import total
from workbook.collect.odd.oddity import Oddity
from workbook.collect.rollup.adding import number
from workbook.collect.schema import MONEY, is_money
from workbook.report import CellValue, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.odd.filed import Filed, Filings
    from workbook.collect.odd.thresholds import History, Thresholds
    from workbook.form import Form

_TELLING = 5
"""From which on a number tells how much its like change; smaller ones change by the luck of the draw."""
_MOST, _QUANTILE = 0.9, NormalDist().inv_cdf(0.95)
"""Nine in ten changes, of either direction, stay below: so many standard deviations."""


def jumps(filings: Filings, rules: Thresholds) -> Iterator[Oddity]:
    """Yield the numbers that jump; a unit of which the collection has no earlier year has none."""
    form, units = filings.form, [each for each in filings.units if each.earlier]
    for key in _looked_at(form):
        series = {each.unit: found for each in units if len(found := _series(filings, each, key)) > 1}
        scale = MONEY if is_money(form, key) else 1
        scaled = {unit: {year: value / scale for year, value in known.items()} for unit, known in series.items()}
        size = _size(list(scaled.values()), rules.history)
        for unit, known in series.items():
            now, *earlier = scaled[unit].values()
            bits = _bits(now, earlier, size, rules.history.least)
            if bits >= rules.bits:
                yield _told(form, key, unit, known, bits)


def _looked_at(form: Form) -> Iterator[str]:
    """Yield the cells that are looked at: those that are no part of another of their row, and are never below 0."""
    for table in form.tables:
        for row in table.rows:
            for column in table.columns:
                key = f"{table.key}.{row.key}.{column.key}"
                if column.part_of is None and key in form.cells and form.cells[key].kind.minimum >= 0:
                    yield key


def _series(filings: Filings, filed: Filed, key: str) -> dict[int, int]:
    """Return a cell through the years, the newest first; nothing where this year's is blank."""
    found: dict[int, int] = {}
    for year, cells in ((filings.year, filed.cells), *sorted(filed.earlier.items(), reverse=True)):
        value = total(filings.form, cells, key)
        if value is not None and value >= 0:
            found[year] = value
    return found if filings.year in found else {}


def _size(series: Sequence[Mapping[int, float]], rules: History) -> float:
    """Return the size of the negative binomial of which numbers change as those of the units do.

    The change is the logarithm of a number by that of the year before; its variance is that of the draw, which is left
    out, and about 1 / (size - 1/2). Nine in ten units say it, so that what jumps does not excuse itself.
    """
    pairs = [
        (known[newer], known[older])
        for known in series
        for newer, older in pairwise(known)
        if newer - older == 1 and min(known[newer], known[older]) >= _TELLING
    ]
    variance = (rules.usual / 100) ** 2
    if pairs:
        changes = sorted(abs(log(new / old)) for new, old in pairs)
        most = changes[min(len(changes) - 1, int(_MOST * len(changes)))] / _QUANTILE
        draw = fmean(sorted(1 / new + 1 / old for new, old in pairs))
        seen = max(0.0, most * most - draw)
        variance = (len(pairs) * seen + rules.pairs * variance) / (len(pairs) + rules.pairs)
    return 0.5 + 1 / max(variance, (rules.steady / 100) ** 2)


def _bits(now: float, earlier: Sequence[float], size: float, least: int) -> float:
    """Return how unlikely a number is beside the nearest of the earlier ones; a fall is a jump read backwards."""
    low, high = min(earlier), max(earlier)
    if now > high:
        return jump_bits(now, max(high, least), size)
    return jump_bits(low, max(now, least), size)


def _told(form: Form, key: str, unit: str, known: Mapping[int, int], bits: float) -> Oddity:
    cell, shown = form.cells[key], {year: number(value, money=is_money(form, key)) for year, value in known.items()}
    (year, now), *earlier = shown.items()
    words = {
        "cell": f"{heading(form, cell.table)} {cell.label}",
        "year": str(year),
        "earlier": "，".join(f"{each} 年 {value}" for each, value in earlier),
        "earlier_en": ", ".join(f"{value} in {each}" for each, value in earlier),
    }
    value = CellValue(key, cell.label, now)
    numbers = {str(each): number for each, number in shown.items()}
    return Oddity(unit, make_finding("odd.jump", key, (value,), now, **words), bits, numbers=numbers)
