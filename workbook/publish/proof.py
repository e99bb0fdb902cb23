"""The proof sheet 校对单, signed before a report goes out: verdict, figures, accepted warnings, check code."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook.printable import printable
from workbook.publish.code import check_code
from workbook.publish.page import stylesheet, templates
from workbook.report.findings import verdict
from workbook.report.fold import fold
from workbook.report.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report import Finding, Report


def write_proof(report: Report, findings: Sequence[Finding], previous: Report | None = None) -> bytes:
    """Return the proof sheet of a report as a page to be printed and signed.

    Args:
        report: the report.
        findings: what ``check`` returned.
        previous: that of the year before, whose numbers stand beside.
    """
    waived = {(waiver.code, waiver.at): waiver for waiver in report.waivers}
    found = [finding.as_dict() for finding in findings]
    accepted = [_accepted(finding, waived[finding.identity]) for finding in findings if finding.identity in waived]
    text = (
        templates()
        .get_template("proof.html.jinja")
        .render(
            title=printable(report.form.publication.title_of(report.body.name, report.year)),
            verdict=verdict(cause.status for cause in fold(found, report.edition)),
            code=check_code(report),
            figures=list(_figures(report, previous)),
            waived=accepted,
            open=[printable(finding.message()) for finding in findings if finding.identity not in waived],
            stamp=stamp(report.source.sha256 if report.source else None, "zh"),
            style=stylesheet(),
        )
    )
    return str(text).encode()


def _accepted(finding: Finding, waiver: Any) -> dict[str, str]:
    words = {name: printable(getattr(waiver, name)) for name in ("reason", "by", "date")}
    return {"message": printable(finding.message()), **words}


def _figures(report: Report, previous: Report | None) -> Iterator[dict[str, str]]:
    """Yield the totals of each table without those of parts of other rows; of a table without totals its numbers."""
    titles = {table.key: table.title for table in report.form.tables}
    for table in report.form.tables:
        cells = [cell for cell in report.form.cells.values() if cell.table == table.key and not cell.row.part_of]
        totals = [cell for cell in cells if cell.column.key == "total"] or cells
        for cell in totals:
            now, then = report.cells[cell.key], previous.cells.get(cell.key) if previous else None
            label = f"{titles[table.key]}：{cell.label}"
            yield {"label": label, "now": _said(now), "then": _said(then), "change": _change(now, then)}


def _said(value: Any) -> str:
    return (
        ""
        if value is None
        else printable(value)
        if isinstance(value, str)
        else str(value)
        if isinstance(value, int)
        else f"{value:f}"
    )


def _change(now: Any, then: Any) -> str:
    numbers = [value for value in (now, then) if isinstance(value, int | Decimal)]
    if len(numbers) < len((now, then)):
        return ""
    change = numbers[0] - numbers[1]
    return f"{'+' * (change > 0)}{_said(change)}"
