"""Which cells of a report are not blank but were never read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.report.report import Report

_LOST = frozenset({"cell.not_taken", "cell.wrapped_open", "total.not_added"})
"""What is told of a cell in which something stands that is not read."""


def unread(report: Report) -> frozenset[str]:
    """Return the cells that have no number because the file has none at their place, or none that can be read.

    Nothing is known of them: they are not blank, and rules in which they stand can be neither kept nor broken.
    """
    lost = {finding.at for finding in report.reader_findings if finding.code in _LOST}
    return frozenset(
        key
        for key, value in report.cells.items()
        if value is None and (key in lost or (report.places and key not in report.places))
    )
