"""The rules of the tables: sums that must be equal, or at most that of the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks.locate import locate
from workbook.report.equations import countable_cells, judged, residuals
from workbook.report.findings import Correction, Finding
from workbook.report.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.form import Equation
    from workbook.report.report import Report
    from workbook.report.values import Number

CODES: frozenset[str] = frozenset()
"""None of the catalogue: the codes are those of the form, ``table.rule``."""


def check(report: Report, _previous: Report | None = None) -> Iterator[Finding]:
    """Yield the equations that fail.

    A rule in which a cell stands that was not read, or cannot be, can be neither kept nor broken.
    """
    missed = unread(report)
    failing = {
        equation: difference
        for equation, difference in residuals(report).items()
        if not missed or missed.isdisjoint(key for key, _ in equation.terms)
    }
    if failing:
        yield from _broken(report, failing)


def _broken(report: Report, failing: Mapping[Equation, Number]) -> Iterator[Finding]:
    values = countable_cells(report)
    repairs = locate(report.form, {key: number or 0 for key, number in values.items()}, failing)
    for equation, difference in failing.items():
        left, right = judged(equation, values) or (None, None)
        yield Finding(
            code=equation.code,
            level=equation.rule.level,
            at=equation.at.key,
            cells=tuple(report.cell(key) for key, _ in equation.terms),
            left=left,
            right=right,
            difference=difference,
            corrections=tuple(Correction(report.cell(key), value) for key, value in repairs.get(equation, {}).items()),
            equation=equation,
        )
