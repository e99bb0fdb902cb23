"""Finds last year's report of an office: a named file, or one in a folder matched by office and year."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from contextlib import suppress
from dataclasses import field, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.checks.convert import with_zeros
from workbook.checks.prior_year import same_body
from workbook.files import load, parse, read, shown
from workbook.records import dataclass
from workbook.report import Source, Unreadable, make_finding
from workbook.report.office_words import office_name
from workbook.report.offices import own_name, readings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from workbook.report import Body, Finding, Number, Report


@dataclass(frozen=True)
class PriorReport:
    """What is kept of a report that was read: its file, whose it is, of which year; digests of file and cells.

    ``data`` are its bytes, where it is to be read on another machine.
    """

    path: Path
    sha256: str
    body: Body
    year: int | None
    cells: str
    data: bytes | None = field(default=None, repr=False, compare=False)

    def carried(self) -> PriorReport:
        """Return it with its bytes; as it is where they can no longer be read, which is told where it is needed."""
        with suppress(Unreadable):
            return replace(self, data=load(self.path))
        return self


def describe(path: Path, data: bytes, report: Report) -> PriorReport:
    """Return what is to be kept of a report that was read from the bytes of a file."""
    cells = f"{report.edition} {sorted(report.cells.items())}".encode("utf-8", "surrogatepass")
    digests = (hashlib.sha256(content).hexdigest() for content in (data, cells))
    return PriorReport(path, next(digests), report.body, report.year, next(digests))


@dataclass(frozen=True)
class PriorReports:
    """Where last year's reports are: the one that was named, or those of a folder, by name or credit code and year.

    It is handed to worker processes, which read a report from its file when they need it.
    """

    named: PriorReport | None = None
    folder: str = ""
    count: int = 0
    unreadable: int = 0
    by_office: Mapping[tuple[str, int], tuple[PriorReport, ...]] = field(default_factory=dict)

    @classmethod
    def in_folder(cls, folder: Path, reports: Iterable[PriorReport], unreadable: int) -> PriorReports:
        """Return the reports of a folder, found by office."""
        found: defaultdict[tuple[str, int], list[PriorReport]] = defaultdict(list)
        reports = list(reports)
        for item in reports:
            if item.year is not None:
                for office in _offices(item.body):
                    found[office, item.year].append(item)
        index = {key: tuple(items) for key, items in found.items()}
        return cls(None, shown(folder), len(reports), unreadable, index)

    def carried(self) -> PriorReports:
        """Return the reports with their bytes, for machines that do not see their files."""
        kept: dict[Path, PriorReport] = {}

        def carried(item: PriorReport) -> PriorReport:
            return kept[item.path] if item.path in kept else kept.setdefault(item.path, item.carried())

        index = {key: tuple(map(carried, items)) for key, items in self.by_office.items()}
        return replace(self, named=self.named and self.named.carried(), by_office=index)

    def beside(self, report: Report, *, zero: bool = False) -> tuple[Report, Report | None]:
        """Return a report, with a note where none of last year's could be chosen, and last year's.

        Args:
            report: this year's report.
            zero: whether blank cells of last year's are read as 0.

        Raises:
            Unreadable: the file can no longer be read.
        """
        chosen = self.named or self._chosen(report)
        if not isinstance(chosen, PriorReport):
            return replace(report, reader_findings=(*report.reader_findings, chosen)), None
        previous = _read(chosen)
        return report, with_zeros(previous) if zero else previous

    def before(self, last: Report) -> Report | None:
        """Return the report of the year before last year's, where a folder has just one.

        Raises:
            Unreadable: the file can no longer be read.
        """
        chosen = None if self.named else self._chosen(last)
        return _read(chosen) if isinstance(chosen, PriorReport) else None

    def fitting(self, body: Body, year: int | None) -> list[PriorReport]:
        """Return the reports of a folder that are of an office and a year."""
        if year is None:
            return []
        reports = {item.path: item for office in _offices(body) for item in self.by_office.get((office, year), ())}
        fitting = [item for item in reports.values() if same_body(body, item.body)]
        # 鼓楼区 is that of every city; one that is called just so, or has the same code, goes first.
        return [item for item in fitting if _is_sure(body, item.body)] or fitting

    def _chosen(self, report: Report) -> PriorReport | Finding:
        body, year = report.body, (report.year or 0) - 1
        fitting = self.fitting(body, year)
        words = {"folder": self.folder, "body": body.name or body.credit_code or "", "year": str(max(year, 0) or "")}
        if not fitting:
            return make_finding(
                "year.not_found", "year", **words, count=str(self.count), unreadable=str(self.unreadable)
            )
        if len({item.cells for item in fitting}) > 1:
            names = sorted(shown(item.path.name) for item in fitting)
            return make_finding("year.ambiguous", "year", **words, files="、".join(names))
        return min(fitting, key=lambda item: item.path)


def _offices(body: Body) -> set[str]:
    """Return what reports of an office are found by: its credit code, and its name in full without the areas around."""
    names = {own_name(full) for full in readings(body.name or "")}
    return {text for text in (body.credit_code, *names) if text}


def _is_sure(one: Body, other: Body) -> bool:
    same_code = one.credit_code is not None and one.credit_code == other.credit_code
    return same_code or office_name(one.name) == office_name(other.name)


def carried_over(report: Report, previous: Report) -> dict[str, Number]:
    """Return what is brought forward from last year's report, by the cells of this one; totals calculate themselves."""
    values = {key: previous.cells.get(was) for key, was in report.form.opening_cells.items()}
    by_hand = values.keys() - report.form.calculated.keys()
    return {key: value for key, value in values.items() if key in by_hand and isinstance(value, int | Decimal)}


@lru_cache(maxsize=2)
def _read(chosen: PriorReport) -> Report:
    """Return a report from its file, by whose name findings call it; one file may stand beside many reports."""
    name = shown(chosen.path.name)
    report = read(chosen.path) if chosen.data is None else parse(chosen.data, name)
    return replace(report, source=Source(name, chosen.sha256))
