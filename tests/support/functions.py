"""The functions of the worksheet, asked for what an equation says."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workbook.form import Equation
from workbook.report import Report
from xlplugin import udfs


def raw(value: Any) -> Any:
    """Return a value as Excel hands it over."""
    return float(value) if isinstance(value, int | Decimal) else value


def answer(report: Report, equation: Equation) -> Any:
    """Ask the function that fits an equation for its difference; what is subtracted is added to the other side."""
    left, right = ([raw(report.cells[key]) for key, sign in equation.terms if sign == side] for side in (1, -1))
    if len(left) == 1:
        return udfs.NB_TOTAL_DIFF([left], [right])
    assert (len(left), len(right)) == (2, 2)
    return udfs.NB_BALANCE(*([[value]] for value in (*left, *right)))


def countable(report: Report, equation: Equation, counted: Mapping[str, Any]) -> bool:
    """Say whether the checks count every cell as it stands; the functions refuse texts and know no other cells."""
    return all(counted[key] == (report.cells[key] or 0) for key, _ in equation.terms)
