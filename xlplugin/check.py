"""What is wrong with the report that is open, beside last year's where the workbook remembers its file."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

import workbook
from workbook.report import Finding, Unreadable, make_finding
from xlplugin.fill import PREVIOUS, remembered
from xlplugin.picks import Unpicked
from xlplugin.read import file_report, live_report

if TYPE_CHECKING:
    from workbook.report import Report
    from xlplugin.excel import Desk

_UNPICKED = "it neither lies beside the workbook nor was picked by this user"


def report_of(desk: Desk) -> Report:
    """Return the report that is open, its totals calculated.

    Raises:
        Unreadable: see ``live_report``.
    """
    desk.app.calculate()  # it may be set to calculate by hand
    return live_report(desk.book)


def judged(desk: Desk, report: Report) -> tuple[Finding, ...]:
    """Return the findings of a report; that last year's cannot be read, or may not, is a warning among them.

    The same report beside the same one of last year is not checked twice.
    """
    previous = _previous(desk)
    for known, beside, findings in _checked:
        if known is report and (beside is previous or (isinstance(previous, Finding) and beside == previous)):
            return findings
    if isinstance(previous, Finding):
        findings = workbook.check(replace(report, reader_findings=(*report.reader_findings, previous)))
    else:
        findings = workbook.check(report, previous)
    _checked.append((report, previous, findings))
    return findings


_checked: deque[tuple[Report, Report | Finding | None, tuple[Finding, ...]]] = deque(maxlen=4)


def _previous(desk: Desk) -> Report | Finding | None:
    """Return last year's report, ``None`` where the workbook remembers none, or why it was not read."""
    try:
        path = remembered(desk)
    except Unpicked as refusal:
        return _unread(refusal.file, str(refusal), _UNPICKED)
    if path is None:
        return None
    try:
        return file_report(path)
    except Unreadable as refusal:
        return _unread(path.name, refusal.findings[0].message(), str(refusal))
    except OSError:
        try:
            return workbook.read(path)  # which says why
        except Unreadable as refusal:
            return _unread(path.name, refusal.findings[0].message(), str(refusal))


def _unread(file: str, reason: str, reason_en: str) -> Finding:
    return make_finding("year.unreadable", "year", file=file, name=PREVIOUS, reason=reason, reason_en=reason_en)
