"""Drafts: a document that says that it is one is never sound, even where none of its errors is found any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report.compare import DRAFT, still_draft

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.report.findings import Finding
    from workbook.report.report import Report


def apply(findings: Sequence[Finding], report: Report) -> list[Finding]:
    """Return the findings; where a draft has no error among them, the error that it is one still.

    Its numbers may come from its own list of errors, so they are no report, whatever they are.
    """
    if any(finding.level == "error" for finding in findings):
        return list(findings)
    return [*still_draft(report), *(finding for finding in findings if finding.code != DRAFT)]
