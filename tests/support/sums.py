"""Units with plausible reports of any edition, and what they add up to.

Counts are overdispersed (a unit has its own rates, from which this year and last year are drawn), applications balance
column by column, most towns have little, and some of those have equal rows.
"""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, field, replace
from math import exp
from typing import TYPE_CHECKING

from workbook.collect.explain import Contributor
from workbook.collect.explain.layout import layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Form

TOP = "市"
COLUMNS = {"natural": 100, "business": 7, "research": 0.4, "charity": 0.4, "legal_service": 2.5, "other": 3}
RESULTS = {
    "granted": 40, "partial": 12, "refused_secret": 0.3, "refused_law": 1, "refused_safety": 0.5,
    "refused_third_party": 1.5, "refused_internal": 1.5, "refused_process": 2, "refused_case_file": 2,
    "refused_inquiry": 2, "unavailable_not_held": 22, "unavailable_to_create": 3, "unavailable_unclear": 2,
    "rejected_petition": 4, "rejected_repeat": 2, "rejected_publication": 0.3, "rejected_excessive": 0.4,
    "rejected_confirm": 1, "other": 4, "other_uncorrected": 2, "other_unpaid": 0.2, "other_rest": 3,
}  # fmt: skip
EQUAL = 0.05
"""The share of towns with little whose rows are those of another unit."""
Cells = dict[str, int]


@dataclass(frozen=True)
class Rates:
    """What a unit has in a year on the average, by cell or by part of a table."""

    applications: float
    columns: Mapping[str, float]
    results: Mapping[str, float]
    disputes: float
    others: Mapping[str, float] = field(default_factory=dict)


def units(form: Form, many: int, *, rich: bool, chance: random.Random) -> list[Contributor]:
    """Return the units below a city: departments, towns, a few missing; some have older versions and parents below."""
    found: list[Contributor] = []
    parents: list[str] = []
    for number in range(many):
        kind = "government" if number == 0 else chance.choices(("department", "township", "other"), (55, 40, 5))[0]
        name = f"{'甲乙丙丁戊己庚辛壬癸'[number % 10]}{number}"
        parent = chance.choice(parents) if parents and chance.random() < 0.35 else TOP
        if kind == "department" and len(parents) < max(3, many // 12):
            parents.append(name)
            parent = TOP
        unit = _unit(form, name, kind, parent, rich=rich, chance=chance, missing=number == many - 1)
        if not rich and kind == "township" and chance.random() < EQUAL:
            unit = replace(unit, current=chance.choice(found).current if unit.counted else None)
        found.append(unit)
    return found


def _unit(
    form: Form, name: str, kind: str, parent: str, *, rich: bool, chance: random.Random, missing: bool
) -> Contributor:
    rates = _rates(form, kind, rich=rich, chance=chance)
    current = report(form, rates, chance)
    last = report(form, rates, chance) if missing or chance.random() < 0.9 else None
    older = tuple(
        (f"第{version}版，2026-01-{version + 8:02}", corrected(form, current, chance))
        for version in range(1, chance.choice((1, 1, 1, 2, 2, 3)))
    )
    if missing or chance.random() < 0.05:
        waiting = (("退回的第1版", current),) if chance.random() < 0.6 else ()
        return Contributor(name, f"{name}局", kind, parent, counted=False, last_year=last, waiting=waiting)
    return Contributor(name, f"{name}局", kind, parent, current=current, older=older, last_year=last)


def _rates(form: Form, kind: str, *, rich: bool, chance: random.Random) -> Rates:
    scale = chance.lognormvariate(4.7 if rich else 1.45, 0.9)
    others: dict[str, float] = {}
    typical = 0.75 if rich else 0.45
    for key in layout(form).cells:
        table, row, _ = key.split(".")
        if table in {"applications", "disputes"} or chance.random() > typical:
            continue
        if row == "rules" and kind != "government":
            continue
        others[key] = chance.lognormvariate(3 if rich else 1.2, 1.6)
    return Rates(
        applications=scale,
        columns={key: chance.gammavariate(1.5, weight) for key, weight in COLUMNS.items()},
        results={key: chance.gammavariate(0.8, weight) for key, weight in RESULTS.items()},
        disputes=scale * chance.gammavariate(1, 0.03),
        others=others,
    )


def report(form: Form, rates: Rates, chance: random.Random) -> Cells:
    """Return a report of a year: the free cells other than 0."""
    cells: dict[str, int] = defaultdict(int)
    plan = layout(form)
    results = {key: rate for key, rate in rates.results.items() if f"applications.{key}.natural" in form.cells}
    for what, rate in (("received", rates.applications), ("brought_forward", rates.applications / 12)):
        many = poisson(chance.gammavariate(4, rate / 4), chance)
        ends = {**results, "carried_forward": 0.08 * sum(results.values())}
        for column, result in zip(_drawn(rates.columns, many, chance), _drawn(ends, many, chance), strict=True):
            cells[f"applications.{what}.{column}"] += 1
            cells[f"applications.{result}.{column}"] += 1
    disputes = [key for key in plan.cells if key.startswith("disputes.")]
    for _ in range(poisson(rates.disputes, chance)):
        cells[chance.choices(disputes, [12 if key.endswith("upheld") else 4 for key in disputes])[0]] += 1
    for key, rate in rates.others.items():
        money = key in plan.money
        value = poisson(chance.gammavariate(2, rate / 2) * (100 if money else 1), chance) * (10_000 if money else 1)
        cells[key] = value * (chance.choice((1, -1)) if form.cells[key].kind.minimum < 0 else 1)
    return {key: value for key, value in cells.items() if value}


def corrected(form: Form, cells: Mapping[str, int], chance: random.Random) -> Cells:
    """Return the version before a correction: one to three small cells differ, applications still balance."""
    found = dict(cells)
    plan = layout(form)
    for _ in range(chance.choice((1, 1, 2))):
        having = sorted(found) or list(plan.cells)
        key = chance.choice(having)
        step = min(abs(found.get(key, 0)), chance.choice((1, 1, 2, 3, 5)))
        found[key] = found.get(key, 0) - step
        if key.startswith("applications."):
            column = key.rpartition(".")[2]
            given = key.split(".")[1] in {"received", "brought_forward"}
            other = f"applications.{one_of(RESULTS, chance)}.{column}"
            if other in form.cells:
                found[other] = found.get(other, 0) + (-step if given else step)
                found[other] = max(0, found[other])
    return {key: value for key, value in found.items() if value}


def poisson(rate: float, chance: random.Random) -> int:
    """Return a number of events."""
    if rate > 200:
        return max(0, round(chance.gauss(rate, rate**0.5)))
    number, product, limit = 0, chance.random(), exp(-rate)
    while product > limit:
        number += 1
        product *= chance.random()
    return number


def one_of(weights: Mapping[str, float], chance: random.Random) -> str:
    """Return one of some keys, each by its weight."""
    return _drawn(weights, 1, chance)[0]


def _drawn(weights: Mapping[str, float], many: int, chance: random.Random) -> list[str]:
    return chance.choices(list(weights), list(weights.values()), k=many)


def total(contributors: list[Contributor]) -> Cells:
    """Return the own sum of the units that count."""
    cells: dict[str, int] = defaultdict(int)
    for unit in contributors:
        if unit.counted:
            for key, value in (unit.current or {}).items():
                cells[key] += value
    return {key: value for key, value in cells.items() if value}
