"""The rules of a form over the cells of a report: what a cell counts as, the sides of equations, those that fail."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.form.model import DECIMALS
from workbook.report.report import Report
from workbook.report.values import Number, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook.form import Equation, Kind


def countable(value: Value, kind: Kind) -> Number:
    """Return what a value counts as in an equation: itself where it is a possible number, else 0."""
    return 0 if value is None or isinstance(value, str) or not -kind.maximum <= value <= kind.maximum else value


def countable_cells(report: Report) -> dict[str, Number]:
    """Return every cell of a report as it counts in the equations."""
    return {key: countable(report.cells[key], cell.kind) for key, cell in report.form.cells.items()}


def added(parts: Iterable[Value]) -> Value:
    """Return what a total shows: the sum of the numbers among its parts; ``None`` where none is filled."""
    numbers = [part for part in parts if isinstance(part, int | Decimal)]
    return sum(numbers, start=0) if numbers else None


def total(report: Report, equation: Equation) -> Value:
    """Return what the cell that an equation calculates shows over the cells of a report."""
    return added(report.cells[part] for part, _ in equation.right)


def sides(equation: Equation, values: Mapping[str, Number]) -> tuple[Number, Number]:
    """Return the sums of both sides of an equation over counted values."""
    left: Number = sum(values[cell] * sign for cell, sign in equation.left)
    right: Number = sum(values[cell] * sign for cell, sign in equation.right)
    return left, right


def residuals(report: Report) -> dict[Equation, Number]:
    """Return the equations that fail, each with left minus right."""
    values = countable_cells(report)
    found: dict[Equation, Number] = {}
    for equation in report.form.equations():
        left, right = sides(equation, values)
        difference = left - right
        if difference and round(difference, DECIMALS) and (equation.rule.relation == "=" or difference > 0):
            found[equation] = difference
    return found
