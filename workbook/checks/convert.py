"""Reports made of other reports: blanks read as 0, a report carried to another edition of the form."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.form import load_form
from workbook.records import dataclass
from workbook.report.findings import make_finding
from workbook.report.unread import unread

if TYPE_CHECKING:
    from workbook.report.report import Report
    from workbook.report.values import Value


def with_zeros(report: Report) -> Report:
    """Return a report whose blank cells are 0, with a finding for each table that had any.

    Cells that could not be read are not blank.
    """
    blank = [key for key, value in report.cells.items() if value is None and key not in unread(report)]
    reader_findings = list(report.reader_findings)
    for table in report.form.tables:
        count = sum(report.form.cells[key].table == table.key for key in blank)
        if count:
            reader_findings.append(
                make_finding("table.blanks_are_zero", table.key, table=table.title, count=str(count))
            )
    zeros: dict[str, Value] = dict.fromkeys(blank, 0)
    return replace(report, cells={**report.cells, **zeros}, reader_findings=tuple(reader_findings))


@dataclass(frozen=True)
class Conversion:
    """A report in another edition: cells that this does not have, with what stood in them, and cells to be filled."""

    report: Report
    dropped: dict[str, Value]
    open: tuple[str, ...]


def convert_edition(report: Report, edition: str) -> Conversion:
    """Return a report in another edition of the form: what both have is kept, places and notes are not."""
    form = load_form(edition)
    cells = {key: report.cells.get(key) for key in form.cells}
    texts = {key: report.narrative.get(key) for key in form.narrative_keys}
    body = report.body.asked(field.key for field in form.more_fields)
    made = replace(
        report, edition=edition, body=body, cells=cells, narrative=texts, places={}, reader_findings=(), loose=()
    )
    dropped: dict[str, Value] = {
        key: value for key, value in report.cells.items() if key not in form.cells and value is not None
    }
    return Conversion(made, dropped, tuple(key for key in form.cells if key not in report.cells))
