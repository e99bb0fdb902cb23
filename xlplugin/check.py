"""What is wrong with the report that is open, beside last year's where the workbook remembers its file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import workbook
from workbook.report import Unreadable, make_finding
from xlplugin.fill import PREVIOUS, remembered
from xlplugin.picks import Unpicked

if TYPE_CHECKING:
    from workbook.report import Finding, Report
    from xlplugin.excel import Desk

_UNPICKED = "it neither lies beside the workbook nor was picked by this user"


def judged(desk: Desk, report: Report) -> tuple[Finding, ...]:
    """Return the findings of a report; that last year's cannot be read, or may not, is a warning among them."""
    try:
        path = remembered(desk)
    except Unpicked as refusal:
        return _without(report, refusal.file, str(refusal), _UNPICKED)
    if path is None:
        return workbook.check(report)
    try:
        return workbook.check(report, workbook.read(path))
    except Unreadable as refusal:
        return _without(report, path.name, refusal.findings[0].message(), str(refusal))


def _without(report: Report, file: str, reason: str, reason_en: str) -> tuple[Finding, ...]:
    """Return the findings without last year's report, and why."""
    told = make_finding("year.unreadable", "year", file=file, name=PREVIOUS, reason=reason, reason_en=reason_en)
    return workbook.check(replace(report, reader_findings=(*report.reader_findings, told)))
