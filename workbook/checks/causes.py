"""Which finding causes which: a blank cell the equations that need it, one wrong number all equations it breaks.

A cause is always an error, so nothing that keeps a report from being sent up is ever told under something lighter, and
nothing that can be accepted with a reason hides anything. What is under a finding is to be looked at again when that
one is mended.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.checks.locate import with_one_slip
from workbook.report.equations import countable_cells, judged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook.form import Equation
    from workbook.report.findings import Correction, Finding, Identity
    from workbook.report.report import Report
    from workbook.report.values import Number


def linked(report: Report, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings in their order, each that follows from another with that one's identity in ``under``."""
    if not any(finding.level == "error" for finding in findings):
        return list(findings)
    causes = _Causes(report, findings)
    found = []
    for finding in findings:
        cause = causes.of_equation(finding) if finding.equation else causes.of_other(finding)
        found.append(replace(finding, under=cause) if cause and cause != finding.identity else finding)
    return found


class _Causes:
    """The errors of a report that others may follow from."""

    def __init__(self, report: Report, findings: Sequence[Finding]) -> None:
        self._cells: dict[str, Identity] = {}
        for finding in findings:
            if finding.level == "error" and finding.code.startswith("cell.") and finding.at in report.cells:
                self._cells.setdefault(finding.at, finding.identity)
        broken = [finding for finding in findings if finding.equation]
        self._values: Mapping[str, Number | None] = countable_cells(report) if broken else {}
        self._located: dict[tuple[Correction, ...], Identity] = {}
        for finding in broken:
            if finding.corrections and finding.level == "error":
                cause = self._faulty(change.cell.cell for change in finding.corrections) or finding.identity
                self._located.setdefault(finding.corrections, cause)
        self._together = self._unlocated(report, broken)

    def of_equation(self, finding: Finding) -> Identity | None:
        """Return what breaks an equation: the located cell, else a faulty one in it, else what breaks its neighbours.

        Where another cell is located, a blank one in the same equation has not broken it.
        """
        if finding.corrections:
            return self._located.get(finding.corrections)
        mended = (cause for changes, cause in self._located.items() if self._mends(changes, finding))
        return (
            next(mended, None)
            or self._faulty(cell.cell for cell in finding.cells)
            or self._together.get(finding.identity)
        )

    def of_other(self, finding: Finding) -> Identity | None:
        """Return the fault of the cell that a finding speaks of, or the equation that locates the same wrong number."""
        if finding.code == "total.not_added":
            return self._faulty(cell.cell for cell in finding.cells)
        if not finding.cells or finding.identity in self._cells.values():
            return None
        keys = {cell.cell for cell in finding.cells}
        meant = (finding.found if finding.quote else finding.expected) if finding.level != "info" else None
        for changes, cause in self._located.items():
            if meant is not None and len(changes) == 1 and changes[0].cell.cell in keys and changes[0].value == meant:
                return cause
        return self._faulty([finding.cells[0].cell]) if finding.level != "info" else None

    def _faulty(self, keys: Iterable[str]) -> Identity | None:
        return next((self._cells[key] for key in keys if key in self._cells), None)

    def _mends(self, changes: Sequence[Correction], finding: Finding) -> bool:
        """Say whether a correction that was found for other equations brings this one to rest."""
        equation = finding.equation
        values = {change.cell.cell: change.value for change in changes}
        if equation is None or values.keys().isdisjoint(key for key, _ in equation.terms):
            return False
        both = judged(equation, {**self._values, **values})
        return both is not None and (both[0] == both[1] or (equation.rule.relation == "<=" and both[0] < both[1]))

    def _unlocated(self, report: Report, broken: Sequence[Finding]) -> dict[Identity, Identity]:
        """Return the equations that one wrong cell may have broken together, though it cannot be told which cell."""
        open_ = {f.equation: f for f in broken if f.equation and not f.corrections and f.level == "error"}
        failing: dict[Equation, Number] = {
            equation: both[0] - both[1] for equation in open_ if (both := judged(equation, self._values))
        }
        values = {key: number or 0 for key, number in self._values.items()}
        return {
            open_[equation].identity: open_[group[0]].identity
            for group in with_one_slip(report.form, values, failing)
            for equation in group
        }
