"""A report of the year before, from which all is taken over."""

from __future__ import annotations

from dataclasses import replace

from cases import fitting

from workbook.report import Report, Source


def last_of(report: Report, base: Report | None = None) -> Report:
    """Return a report of the year before from which everything is taken over, of a base's edition and numbers."""
    last = fitting(report, base or report)
    return replace(last, body=report.body, year=(report.year or 0) - 1, source=Source("上年.xlsx", "0" * 64))
