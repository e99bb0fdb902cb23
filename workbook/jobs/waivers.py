"""The waivers that an office keeps apart from its reports, each with body and year."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.checks.prior_year import same_body
from workbook.checks.waivers import is_complete, key_of
from workbook.records import dataclass
from workbook.report import Body
from workbook.report.limits import CREDIT

if TYPE_CHECKING:
    from workbook.report import Report
    from workbook.report.values import Waiver


@dataclass(frozen=True, slots=True)
class Kept:
    """A waiver of a report: of which body, by its name or its credit code, and of which year."""

    body: str
    year: int
    waiver: Waiver

    def is_of(self, report: Report) -> bool:
        """Say whether it is one of a report."""
        body = Body(None, self.body) if re.fullmatch(CREDIT, self.body) else Body(self.body)
        return report.year == self.year and bool(same_body(body, report.body))


@dataclass(frozen=True, slots=True)
class KeptWaivers:
    """All waivers that an office keeps; they are applied as those that stand in the reports."""

    kept: tuple[Kept, ...] = ()

    def of(self, report: Report) -> tuple[int, ...]:
        """Return the numbers of the waivers of a report, counted from 0."""
        return tuple(number for number, each in enumerate(self.kept) if each.is_of(report))

    def beside(self, report: Report) -> Report:
        """Return a report with its waivers behind those that stand in it, which go before."""
        own = {key_of(each.code, each.at) for each in report.waivers if is_complete(each)}
        more = (self.kept[number].waiver for number in self.of(report))
        return replace(
            report, waivers=(*report.waivers, *(each for each in more if key_of(each.code, each.at) not in own))
        )
