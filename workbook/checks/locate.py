"""Locates a fault from the equations that fail.

The rules are linear, so the residuals of the failing equations are the syndrome of a code: changing one cell by ``d``
changes the residual of each of its equations by ``d`` times its coefficient there. In the table of applications no two
cells have proportional coefficients, so one wrong number is named exactly, with the value it should have had. A line of
disputes has one equation for five cells: a wrong number is named there only where the other four cannot have caused it.

A single slip in a sound report is told as it is or not at all: its repair is always among those that are counted, and
one is told only where no other is possible. That costs words where a slip has two faces. A total exchanged with a part
of it may leave a line that a change of the total alone would mend, and where totals follow, any cell of a column might
have broken its balance: both are left untold. Two slips may look like one, and then no code can tell them apart: a
second number wrong in a line of disputes changes the same residual, and two numbers of a line wrong by opposite amounts
look like an exchange.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from workbook.report.values import Number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Equation, Form

Repair = dict[str, Number]
"""Cells with the values they should have."""

Group = list["Equation"]
"""Failing equations connected by shared cells (a connected component)."""

Slip = tuple[tuple[str, ...], frozenset[tuple["Equation", int]]]
"""One wrong cell, or two that were exchanged, and how much a change of the first by 1 changes each equation."""


def locate(form: Form, values: Mapping[str, Number], failing: Mapping[Equation, Number]) -> dict[Equation, Repair]:
    """Return a repair for each failing equation for which there is exactly one simplest.

    Failing equations that share a cell are explained together, by one wrong cell or by two cells of a row or column
    whose values were exchanged (one of them 0: a value put in the wrong column or row), either with every total as
    typed or with every total following its parts, as in a workbook with live formulas. An exchange that leaves the sums
    between its cells as they were breaks equations that share no cell: two groups that nothing explains are tried
    together. Where several explanations are possible, or none, nothing is said.

    Args:
        form: the form whose rules fail.
        values: every cell as it counts in the equations.
        failing: the failing equations, each with left minus right.
    """
    equalities = {equation: residual for equation, residual in failing.items() if equation.exact}
    groups = _groups(equalities)
    claims = _claims(form, values, equalities, ([group] for group in groups))
    explained = {equation for claim in claims for equation in claim[0]}
    left = [group for group in groups if explained.isdisjoint(group)]
    claims += _claims(form, values, equalities, combinations(left, 2))
    times = Counter(equation for equations, _ in claims for equation in equations)
    return {
        equation: repair
        for equations, repair in claims
        if all(times[equation] == 1 for equation in equations)
        for equation in equations
    }


def with_one_slip(form: Form, values: Mapping[str, Number], failing: Mapping[Equation, Number]) -> list[Group]:
    """Return the failing equations that share cells and that one slip explains, be there several it could have been.

    Each group is in the order of ``failing``.
    """
    equalities = {equation: residual for equation, residual in failing.items() if equation.exact}
    return [
        [equation for equation in equalities if equation in group]
        for group in _groups(equalities)
        if any(True for _ in _repairs(form, values, {equation: equalities[equation] for equation in group}))
    ]


def _claims(
    form: Form, values: Mapping[str, Number], failing: Mapping[Equation, Number], unions: Iterable[Sequence[Group]]
) -> list[tuple[Group, Repair]]:
    """Return every correction of every union of groups, with the equations that it satisfies."""
    wholes = [[equation for group in union for equation in group] for union in unions]
    return [
        (whole, repair)
        for whole in wholes
        for repair in _repairs(form, values, {equation: failing[equation] for equation in whole})
    ]


def _repairs(form: Form, values: Mapping[str, Number], residual: Mapping[Equation, Number]) -> Iterator[Repair]:
    """Yield the repairs that bring the equations to rest and leave no cell that may be to blame an impossible number.

    So a negative count is to blame itself, even where its neighbours could make up for it.
    """
    slips = _slips(form).get(frozenset(residual), ())
    repairs = [repair for cells, effect in slips if (repair := _repair(cells, effect, values, residual))]
    suspects = {cell for cells, _ in slips for cell in cells} if repairs else ()
    wrong = {cell for cell in suspects if not _possible(form, cell, values[cell])}
    for repair in repairs:
        if wrong <= repair.keys() and all(_possible(form, cell, value) for cell, value in repair.items()):
            yield repair


def _repair(
    cells: tuple[str, ...],
    effect: Iterable[tuple[Equation, int]],
    values: Mapping[str, Number],
    residual: Mapping[Equation, Number],
) -> Repair | None:
    first, last = cells[0], cells[-1]
    if first == last:
        equation, weight = next(iter(effect))
        change = -residual[equation] * weight  # works for weights 1 and -1; for others the equation stays unsatisfied
    else:
        change = values[last] - values[first]
    if any(residual[equation] + change * weight for equation, weight in effect):
        return None
    return {last: values[first], first: values[first] + change}


@cache
def _slips(form: Form) -> Mapping[frozenset[Equation], set[Slip]]:
    """Return the slips that a form allows, by the equations that each breaks."""
    found: dict[frozenset[Equation], set[Slip]] = defaultdict(set)
    for known in (signatures(form), _following(form)):
        lines: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        for key, signature in known.items():
            found[frozenset(signature)].add(((key,), frozenset(signature.items())))
            cell = form.cells[key]
            lines[cell.table, "row", cell.row.key].append(key)
            lines[cell.table, "column", cell.column.key].append(key)
        for line in lines.values():
            for one, other in combinations(line, 2):
                effect = _difference(known[one], known[other])
                found[frozenset(effect)].add(((one, other), frozenset(effect.items())))
    return found


def _difference(one: Mapping[Equation, int], other: Mapping[Equation, int]) -> dict[Equation, int]:
    weights = {equation: one.get(equation, 0) - other.get(equation, 0) for equation in (*one, *other)}
    return {equation: weight for equation, weight in weights.items() if weight}


@cache
def signatures(form: Form) -> Mapping[str, Mapping[Equation, int]]:
    """Return each cell's coefficients in the exact equations it stands in, right sides brought to the left."""
    found: dict[str, dict[Equation, int]] = {}
    for equation in (one for one in form.equations() if one.exact):
        for cell, coefficient in equation.terms:
            found.setdefault(cell, {})[equation] = coefficient
    return found


@cache
def _following(form: Form) -> Mapping[str, Mapping[Equation, int]]:
    """Return the signatures of the cells that are filled in, when every total that is calculated follows its parts."""
    follow = {key: dict(signature) for key, signature in signatures(form).items()}
    for total in reversed(form.parts_first):
        for part, coefficient in form.calculated[total].right:
            for other, weight in follow[total].items():
                follow[part][other] = follow[part].get(other, 0) + coefficient * weight
    return {
        key: {equation: weight for equation, weight in follow[key].items() if weight}
        for key in follow
        if key not in form.calculated
    }


def _groups(failing: Mapping[Equation, Number]) -> list[Group]:
    """Part the failing equations into groups that share no cell with each other."""
    groups: list[tuple[list[Equation], frozenset[str]]] = []
    for equation in failing:
        members, cells = [equation], _cells(equation)
        apart = []
        for other, theirs in groups:
            if cells & theirs:
                members, cells = other + members, cells | theirs
            else:
                apart.append((other, theirs))
        groups = [*apart, (members, cells)]
    return [members for members, _ in groups]


@cache
def _cells(equation: Equation) -> frozenset[str]:
    return frozenset(cell for cell, _ in equation.terms)


def _possible(form: Form, cell: str, value: Number) -> bool:
    kind = form.cells[cell].kind
    return kind.minimum <= value <= kind.maximum and round(value, kind.decimals) == value
