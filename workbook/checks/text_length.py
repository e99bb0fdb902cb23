"""Texts that are missing, or longer than the cells of a workbook can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report.findings import make_finding
from workbook.report.limits import PARAGRAPH_LIMIT, TEXT_LIMIT, cell_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report.findings import Finding
    from workbook.report.report import Report

CODES = frozenset({"text.blank", "text.too_long"})


def check(report: Report, _previous: Report | None = None) -> Iterator[Finding]:
    """Yield the texts that are blank or too long."""
    needed = report.form.required_texts
    for key, section in report.form.narratives():
        text = report.narrative[key]
        if not text and key in needed:
            yield make_finding("text.blank", key, section=section.heading)
        elif text and len(text) > PARAGRAPH_LIMIT // 2:
            # Beside tables a text has one cell, else one for each paragraph.
            longest = max(cell_length(cell) for cell in (text.split("\n") if key in needed else [text]))
            for length, limit in ((longest, PARAGRAPH_LIMIT), (len(text), TEXT_LIMIT)):
                if length > limit:
                    yield make_finding(
                        "text.too_long", key, section=section.heading, length=str(length), limit=str(limit)
                    )
                    break
