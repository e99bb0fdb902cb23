"""Compares a report with last year's: what was carried forward then is what is brought forward now."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.report.findings import CellAt, Finding, note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report.values import Report


def compare(report: Report, previous: Report) -> Iterator[Finding]:
    """Yield what does not fit last year's report, which may be of an older edition of the form."""
    file = previous.source.file if previous.source else ""
    if _is_another(report, previous):
        words = {"file": file, "body": previous.body.name or "", "year": str(previous.year or "")}
        yield note("year.not_last", "year", **words)
        return
    for key, was in report.form.carried.items():
        expected, found = previous.cells.get(was), report.cells[key]
        if isinstance(expected, int | Decimal) and isinstance(found, int | Decimal) and found != expected:
            cell = CellAt(key, report.form.cells[key].label, found, report.places.get(key))
            words = {"file": file, "was": previous.form.cells[was].label}
            difference = found - expected
            yield Finding("year.brought_forward", "error", key, (cell,), found, expected, difference, words=words)


def _is_another(report: Report, previous: Report) -> bool:
    """Say whether a report is not that of the year before, or is another office's."""
    years = report.year is not None and previous.year is not None and previous.year != report.year - 1
    names = report.body.name, previous.body.name
    return years or (all(names) and names[0] != names[1])
