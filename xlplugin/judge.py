"""What is wrong with the report that is open, beside last year's where the workbook remembers its file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import workbook
from workbook.report import Unreadable, note
from xlplugin.entry import PREVIOUS, remembered

if TYPE_CHECKING:
    from workbook.report import Finding, Report
    from xlplugin.desk import Desk


def judged(desk: Desk, report: Report) -> tuple[Finding, ...]:
    """Return the findings of a report; that last year's cannot be read is a warning among them."""
    path = remembered(desk)
    if path is None:
        return workbook.check(report)
    try:
        return workbook.check(report, workbook.read(path))
    except Unreadable as refusal:
        words = {"file": path.name, "name": PREVIOUS}
        told = note("year.unreadable", "year", **words, reason=refusal.findings[0].message(), reason_en=str(refusal))
        return workbook.check(replace(report, noted=(*report.noted, told)))
