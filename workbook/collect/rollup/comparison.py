"""A sum beside a report that was filed: the cells that differ, who contributes most to them, what explains them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from workbook.collect.rollup.adding import stored

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.collect.explain import Explanation
    from workbook.collect.register import Unit
    from workbook.collect.rollup.adding import Sum
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Report
    from workbook.report.values import Number

TOP = 5
"""Units that are named of a difference."""


@dataclass(frozen=True)
class Difference:
    """A cell in which the report that was filed is another than the sum.

    Args:
        cell: the cell.
        filed: what the report has.
        own: what the units add up to.
        difference: filed less own.
        adds: whether the cell is one that adds up; of one that does not, the difference is only told.
        follows: whether it is a total that differs by as much as its parts.
    """

    cell: str
    filed: Number
    own: Sum
    difference: Number
    adds: bool
    follows: bool


@dataclass(frozen=True, eq=False)
class Comparison:
    """A sum beside a report that was filed; what it says is worked out once."""

    summed: RollUp
    filed: Report

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """The cells that differ, in the order of the form.

        Cells that are blank in the report, or that its form does not have, are not compared.
        """
        summed, away, theirs = self.summed, self._away, self._theirs
        found = []
        for key in (key for key in summed.form.cells if key in away):
            equation = summed.form.calculated.get(key)
            parts = [part for part, _ in equation.right] if equation else []
            follows = bool(parts) and sum(away.get(part, 0) for part in parts) == away[key]
            filed, difference = summed.shown(key, theirs[key]), summed.shown(key, away[key])
            found.append(Difference(key, filed, summed.cells[key], difference, summed.rules.adds(key), follows))
        return tuple(found)

    @cached_property
    def own(self) -> tuple[Difference, ...]:
        """The differences for which the report is to be looked at: of cells that add up, without totals that follow."""
        return tuple(each for each in self.differences if each.adds and not each.follows)

    @cached_property
    def aside(self) -> tuple[Difference, ...]:
        """Those of cells that do not add up."""
        return tuple(each for each in self.differences if not each.adds and not each.follows)

    @cached_property
    def tops(self) -> Mapping[str, list[tuple[Unit, Number]]]:
        """The units that contribute most to each cell that differs, largest first."""
        return self.summed.tops([each.cell for each in (*self.own, *self.aside)], TOP)

    @cached_property
    def explanation(self) -> Explanation:
        """What explains the differences: a unit that was left out, doubled, of an old version, single wrong cells."""
        from workbook.collect.explain import explain
        from workbook.collect.rollup.contributors import contributors

        summed, declared = self.summed, Counter[str]()
        for each in summed.adjustments:
            declared[each.cell] += each.amount
        free = {key: value for key, value in self._away.items() if key not in summed.form.calculated}
        residual = {key: value for key, value in free.items() if summed.rules.adds(key)}
        return explain(residual, contributors(summed), summed.form, adjustments=declared)

    @cached_property
    def _away(self) -> dict[str, int]:
        theirs, sums = self._theirs, self.summed.tally.sums
        return {key: value - sums[key] for key, value in theirs.items() if value != sums[key]}

    @cached_property
    def _theirs(self) -> dict[str, int]:
        """The cells of the report that the sum has too, totals with them; of another edition they go to its cells."""
        report, summed = self.filed, self.summed
        if report.edition == summed.form.edition:
            held = ((key, stored(summed.form, key, value)) for key, value in report.cells.items())
            return {key: value for key, value in held if value is not None}
        found: Counter[str] = Counter()
        for key, to in summed.rules.taken(report.edition).items():
            value = stored(report.form, key, report.cells[key])
            if value is not None:
                found[to] += value
        return dict(found)
