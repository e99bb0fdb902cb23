"""Locates a fault from the equations that fail.

The rules are linear, so the residuals of the failing equations are the syndrome of a code: changing one cell by ``d``
changes the residual of each of its equations by ``d`` times its coefficient there. In the table of applications no two
cells have proportional coefficients, so one wrong number is named exactly, with the value it should have had.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations
from typing import TYPE_CHECKING

from workbook.report.values import Number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.form import Equation, Form

Repair = dict[str, Number]
"""Cells with the values they should have."""


def locate(form: Form, values: Mapping[str, Number], failing: Mapping[Equation, Number]) -> dict[Equation, Repair]:
    """Return a repair for each failing equation for which there is exactly one simplest.

    Failing equations that share a cell are explained together, by the one cell whose change repairs them all. What is
    left is explained by two cells whose values were exchanged (one of them 0: a value put in the wrong column or row),
    first taking every total as typed, then as following its parts, which it does in a workbook with live formulas.
    Where several explanations are possible, or none, nothing is said.

    Args:
        form: the form whose rules fail.
        values: every cell as it counts in the equations.
        failing: the failing equations, each with left minus right.
    """
    equalities = {equation: residual for equation, residual in failing.items() if equation.rule.relation == "="}
    found: dict[Equation, Repair] = {}
    left = []
    for group in _groups(equalities):
        repairs = list(_single(form, values, {equation: equalities[equation] for equation in group}))
        if len(repairs) == 1:
            found |= dict.fromkeys(group, repairs[0])
        else:
            left.append(group)
    # The equations of an exchange share no cell where it leaves the sums between them as they were.
    for groups in [*((group,) for group in left), *combinations(left, 2)]:
        residual = {equation: equalities[equation] for group in groups for equation in group}
        if found.keys() & residual.keys():
            continue
        repairs = list(_swapped(signatures(form), values, residual)) or list(
            _swapped(_following(form), values, residual)
        )
        if len(repairs) == 1:
            found |= dict.fromkeys(residual, repairs[0])
    return found


@cache
def signatures(form: Form) -> Mapping[str, Mapping[Equation, int]]:
    """Return each cell's coefficients in the equations it stands in, right sides brought to the left."""
    found: dict[str, dict[Equation, int]] = {}
    for equation in form.equations():
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


def _groups(failing: Mapping[Equation, Number]) -> list[list[Equation]]:
    """Part the failing equations into groups that share no cell with each other."""
    groups: list[tuple[list[Equation], set[str]]] = []
    for equation in failing:
        members, cells = [equation], {cell for cell, _ in equation.terms}
        apart = []
        for other, theirs in groups:
            if cells & theirs:
                members, cells = other + members, cells | theirs
            else:
                apart.append((other, theirs))
        groups = [*apart, (members, cells)]
    return [members for members, _ in groups]


def _single(form: Form, values: Mapping[str, Number], residual: Mapping[Equation, Number]) -> Iterator[Repair]:
    for cell, signature in signatures(form).items():
        if signature.keys() != residual.keys():
            continue
        changes = {-residual[equation] * coefficient for equation, coefficient in signature.items()}
        if len(changes) == 1 and all(abs(coefficient) == 1 for coefficient in signature.values()):
            value = values[cell] + changes.pop()
            if _possible(form, cell, value):
                yield {cell: value}


def _swapped(
    known: Mapping[str, Mapping[Equation, int]], values: Mapping[str, Number], residual: Mapping[Equation, Number]
) -> Iterator[Repair]:
    """Yield the pairs of cells in one row or column whose exchange repairs every equation."""
    touching = [cell for cell, signature in known.items() if signature.keys() & residual.keys()]
    for position, one in enumerate(touching):
        for other in touching[position + 1 :]:
            change = values[other] - values[one]
            if change and _in_line(one, other) and _repairs(known[one], known[other], change, residual):
                yield {one: values[other], other: values[one]}


def _repairs(
    one: Mapping[Equation, int], other: Mapping[Equation, int], change: Number, residual: Mapping[Equation, Number]
) -> bool:
    """Say whether adding ``change`` to one cell and taking it from the other brings every equation to rest."""
    return all(
        residual.get(equation, 0) + change * (one.get(equation, 0) - other.get(equation, 0)) == 0
        for equation in one.keys() | other.keys() | residual.keys()
    )


def _in_line(one: str, other: str) -> bool:
    """Say whether two cells stand in the same row or the same column of a table."""
    ours, theirs = one.split("."), other.split(".")
    return ours[0] == theirs[0] and (ours[1] == theirs[1] or ours[2] == theirs[2])


def _possible(form: Form, cell: str, value: Number) -> bool:
    kind = form.cells[cell].kind
    return kind.minimum <= value <= kind.maximum and round(value, kind.decimals) == value
