"""The rules of a form over the cells of a report: what a cell counts as, the sides of equations, those that fail."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from workbook.form.model import DECIMALS
from workbook.report.notation import plain_number
from workbook.report.report import Report
from workbook.report.values import Number, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from workbook.form import Equation, Form, Kind


def countable(value: Value, kind: Kind) -> Number | None:
    """Return what a value counts as in an equation; ``None`` where it cannot be read, so that nothing can be judged.

    A number and digits that are text count as themselves, a blank and a number that is not possible as 0.
    """
    read = plain_number(value) if isinstance(value, str) else value
    if read is None:
        return None if isinstance(value, str) else 0
    return read if -kind.maximum <= read <= kind.maximum else 0


def countable_cells(report: Report) -> Mapping[str, Number | None]:
    """Return every cell of a report as it counts in the equations.

    A total that adds up its parts as they stand has missed those that are text: it follows from what they count as.
    """
    cells = report.cells
    if report.is_plain:
        return cells  # type: ignore[return-value]
    found = {key: countable(cells[key], cell.kind) for key, cell in report.form.cells.items()}
    if found != cells and any(cells[key] != number for key, number in found.items() if cells[key] is not None):
        for key in report.form.parts_first:
            parts = [part for part, _ in report.form.calculated[key].right]
            if adds_up(cells[key], [cells[part] for part in parts]):
                counted = [found[part] for part in parts]
                found[key] = None if None in counted else sum(number or 0 for number in counted)
    return found


def adds_up(shown: Value, parts: Iterable[Value]) -> bool:
    """Say whether a total shows the sum of its parts as a spreadsheet adds them up: without those that are text.

    An error among them would be the result.
    """
    parts = list(parts)
    wrong = isinstance(shown, str) or any(isinstance(part, str) and part.startswith("#") for part in parts)
    return not wrong and (added(parts) or 0) == (shown or 0)


def added(parts: Iterable[Value]) -> Value:
    """Return what a total shows: the sum of the numbers among its parts; ``None`` where none is filled."""
    numbers = [part for part in parts if isinstance(part, int | Decimal)]
    return sum(numbers, start=0) if numbers else None


def total(report: Report, equation: Equation) -> Value:
    """Return what the cell that an equation calculates shows over the cells of a report."""
    return added(report.cells[part] for part, _ in equation.right)


def judged(equation: Equation, values: Mapping[str, Number | None]) -> tuple[Number, Number] | None:
    """Return the sums of both sides of an equation over counted values; ``None`` where one cannot be read."""
    left, right = _sum(equation.left, values), _sum(equation.right, values)
    return None if left is None or right is None else (left, right)


def _sum(side: Iterable[tuple[str, int]], values: Mapping[str, Number | None]) -> Number | None:
    found: Number = 0
    for key, sign in side:
        value = values[key]
        if value is None:
            return None
        found += value * sign
    return found


def _open(form: Form, values: Mapping[str, Number | None]) -> Iterable[Equation]:
    """Return the equations of a form whose sides are not plainly the same."""
    if None in values.values():
        return form.equations()
    known: Mapping[str, Any] = values
    return [equation for equation, added, taken in _sides(form) if sum(added(known)) != sum(taken(known))]


@cache
def _sides(form: Form) -> tuple[tuple[Equation, Callable[..., Any], Callable[..., Any]], ...]:
    """Return the equations of a form, each with what takes from its cells those to add and those to subtract."""
    return tuple((equation, _taker(equation.terms, 1), _taker(equation.terms, -1)) for equation in form.equations())


def _taker(terms: Iterable[tuple[str, int]], sign: int) -> Callable[[Mapping[str, Number]], Iterable[Number]]:
    """Return what gives the values of the terms of a sign."""
    keys = [key for key, factor in terms for _ in range(factor * sign)]
    if len(keys) > 1:
        return itemgetter(*keys)
    return lambda values: [values[key] for key in keys]


def residuals(report: Report) -> dict[Equation, Number]:
    """Return the equations that fail, each with left minus right; those with a cell that cannot be read do not."""
    values = countable_cells(report)
    found: dict[Equation, Number] = {}
    for equation in _open(report.form, values):
        both = judged(equation, values)
        difference = both[0] - both[1] if both else 0
        if difference and round(difference, DECIMALS) and (equation.rule.relation == "=" or difference > 0):
            found[equation] = difference
    return found
