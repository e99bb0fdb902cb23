"""Last year's reports as the collection has them: the version that counts of the same unit, for the year before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.checks.convert import with_zeros
from workbook.collect.assign import Matcher
from workbook.collect.registers import in_force, remembered
from workbook.collect.reports import report_of
from workbook.collect.store import Store
from workbook.collect.versions import chains, places_of

if TYPE_CHECKING:
    from workbook.collect.versions import Key
    from workbook.report import Report


@dataclass(frozen=True)
class PriorYears:
    """Where last year's reports are; worker processes open the store themselves.

    Args:
        folder: the collection.
        state: what changes when the store was written to, so that nothing old is kept.
        snapshot: the store as it was, packed, for machines that do not see the folder.
    """

    folder: str
    state: int = 0
    snapshot: bytes | None = field(default=None, repr=False, compare=False)

    def carried(self) -> PriorYears:
        """Return them with the store as it is now."""
        store = Store(Path(self.folder))
        try:
            return replace(self, snapshot=store.snapshot())
        finally:
            store.close()

    def beside(self, report: Report, *, zero: bool = False) -> tuple[Report, Report | None]:
        """Return a report and last year's of the same unit, if there is one.

        Args:
            report: this year's report.
            zero: whether blank cells of last year's are read as 0.
        """
        number = self.number(report)
        if number is None:
            return report, None
        previous = _as_last_of(report, _report(self, number))
        return report, with_zeros(previous) if zero else previous

    def number(self, report: Report) -> int | None:
        """Return the number of last year's submission."""
        return _known(self).number(report)


class _Known:
    """What a process knows of a store."""

    def __init__(self, prior: PriorYears) -> None:
        self.store = Store.of(prior.snapshot) if prior.snapshot else Store(Path(prior.folder))
        self._chains = chains(self.store)
        self._years = {year for _, year in self._chains.by_key}
        self._places = places_of(self.store)
        self._matcher = Matcher(in_force(self.store), remembered(self.store))

    def number(self, report: Report) -> int | None:
        unit, year = self._place(report)
        if unit is None or year is None:
            return None
        version = self._chains.current(unit, year - 1)
        return version.submission if version else None

    def _place(self, report: Report) -> Key:
        """Return the unit and year that a report was assigned to, else those that it says."""
        digest = report.source.sha256 if report.source else ""
        row = self.store.row("SELECT id, unit, for_year FROM submission WHERE digest = ?", [digest])
        if row:
            place = self._places.get(row["id"], (row["unit"], row["for_year"]))
            if place[0] is not None:
                return place
        if report.year is None or report.year - 1 not in self._years:
            return None, None  # there is nothing to find, whosever it is
        return self._matcher.match(report.body, report.year).unit, report.year


def _as_last_of(report: Report, previous: Report) -> Report:
    """Return last year's report as this one's: register and people know that it is, whatever the covers say."""
    year = previous.year if report.year is None else report.year - 1
    return replace(previous, body=report.body, year=year)


@lru_cache(maxsize=1)
def _known(prior: PriorYears) -> _Known:
    return _Known(prior)


@lru_cache(maxsize=2)
def _report(prior: PriorYears, number: int) -> Report:
    return report_of(_known(prior).store, number)
