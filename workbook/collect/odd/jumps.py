"""Jumps against a unit's own earlier years: numbers far beyond what units change from a year to the next."""

from __future__ import annotations

from itertools import pairwise
from math import log
from statistics import NormalDist
from typing import TYPE_CHECKING

from workbook.collect.labels import heading
from workbook.collect.odd.chance import jump_bits
from workbook.collect.odd.filed import Total
from workbook.collect.odd.oddity import Oddity
from workbook.collect.rollup.adding import free_of, number
from workbook.collect.schema import MONEY, is_money
from workbook.report import CellValue, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.odd.filed import Filed, Filings
    from workbook.collect.odd.thresholds import History, Thresholds
    from workbook.form import Form

_MOST, _QUANTILE = 0.9, NormalDist().inv_cdf(0.95)
"""Nine in ten changes, of either direction, stay below: so many standard deviations."""


def jumps(filings: Filings, rules: Thresholds) -> Iterator[Oddity]:
    """Yield the numbers that jump; a unit of which the collection has no earlier year has none."""
    form, units = filings.form, [each for each in filings.units if each.earlier]
    for key in _looked_at(form):
        total = Total(form, key)
        series = {each.unit: found for each in units if len(found := _series(filings.year, each, total)) > 1}
        scale = MONEY if is_money(form, key) else 1
        scaled = {
            unit: {year: value / scale + rules.history.least for year, value in known.items()}
            for unit, known in series.items()
        }
        steadiness = _steadiness(scaled.values(), rules.history)
        for unit, known in series.items():
            now, *earlier = scaled[unit].values()
            within = min(earlier) <= now <= max(earlier)
            bits = 0.0 if within else jump_bits(now, sum(earlier), len(earlier), steadiness)
            if bits >= rules.bits:
                yield _told(form, key, unit, known, bits)


def _looked_at(form: Form) -> Iterator[str]:
    """Yield the cells that are looked at: those that are no part of another of their row, and are never below 0.

    What is taken over from last year's report is not: a check compares that exactly.
    """
    taken_over = {opening.cell for opening in form.opening_equations}
    for table in form.tables:
        for row in table.rows:
            for column in table.columns:
                key = f"{table.key}.{row.key}.{column.key}"
                if column.part_of or form.cells[key].kind.minimum < 0 or free_of(form, key).keys() <= taken_over:
                    continue
                yield key


def _series(year: int, filed: Filed, total: Total) -> dict[int, int]:
    """Return a number through the years, the newest first; nothing where this year's is blank."""
    found: dict[int, int] = {}
    for each, cells in ((year, filed.cells), *sorted(filed.earlier.items(), reverse=True)):
        value = total.of(cells)
        if value is not None and value >= 0:
            found[each] = value
    return found if year in found else {}


def _steadiness(series: Iterable[Mapping[int, float]], rules: History) -> float:
    """Return the shape of the gamma distribution of which numbers change as those of the units do.

    The variance of the logarithm of a number by that of the year before is about 2 / (shape - 1/2). Nine in ten units
    say it, so that what jumps does not excuse itself.
    """
    changes = sorted(
        abs(log(known[newer] / known[older]))
        for known in series
        for newer, older in pairwise(known)
        if newer - older == 1 and min(known[newer], known[older]) >= 2 * rules.least
    )
    variance = (rules.usual / 100) ** 2
    if changes:
        seen = (changes[int(_MOST * len(changes))] / _QUANTILE) ** 2
        variance = (len(changes) * seen + rules.pairs * variance) / (len(changes) + rules.pairs)
    return 0.5 + 2 / max(variance, (rules.steady / 100) ** 2)


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
