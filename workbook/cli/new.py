"""A new report that begins with the own office, as the button 新建年报 of Excel makes it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.cli.language import misuse, spoken
from workbook.cli.terminal import say

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.report import Report


def begun(edition: str, year: int | None) -> bytes:
    """Return a workbook with the year, the own office and what is brought forward from last year's report of it.

    Raises:
        click.UsageError: what is kept of the own office cannot be read.
    """
    from workbook.excel.template.build import write
    from workbook.own import OwnError, load
    from workbook.report import Body
    from workbook.report.report import blank

    try:
        own = load()
    except OwnError as error:
        raise misuse("{reason}", reason=error) from error
    report = replace(blank(edition, year), body=own.body or Body())
    if own.last_year and year is not None and (report.body.name or report.body.credit_code):
        report = _opened(report, own.last_year)
    return write(report)


def _opened(report: Report, folder: Path) -> Report:
    """Return a new report with what is brought forward from last year's in a folder; why nothing is, is told."""
    from workbook.files import is_folder
    from workbook.jobs.prior_year import PriorReports, carried_over
    from workbook.jobs.targets import index
    from workbook.report import Unreadable, make_finding

    found = index(folder) if is_folder(folder) else None
    if not isinstance(found, PriorReports):
        say(make_finding("file.missing", file=str(folder)).message(spoken()))
        return report
    try:
        noted, previous = found.beside(report)
    except Unreadable as refusal:
        say(refusal.findings[0].message(spoken()))
        return report
    if previous is None:
        say(noted.reader_findings[-1].message(spoken()))
        return report
    return report.with_cells(carried_over(report, previous))
