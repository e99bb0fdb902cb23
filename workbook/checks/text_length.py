"""Texts that are missing, still as the blank template offers them, or longer than the cells of a workbook can hold."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.form import PROMPT
from workbook.report.findings import Quote, make_finding
from workbook.report.limits import PARAGRAPH_LIMIT, TEXT_LIMIT, cell_length

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.form import Section
    from workbook.report.findings import Finding
    from workbook.report.report import Report

CODES = frozenset({"text.blank", "text.prompt", "text.too_long"})


def check(report: Report, _previous: Report | None = None) -> Iterator[Finding]:
    """Yield the texts that are blank, have prompts of the template left in them, or are too long."""
    needed = report.form.required_texts
    for key, section in report.form.narratives():
        text = report.narrative[key]
        if not text and key in needed:
            yield make_finding("text.blank", key, section=section.heading)
        elif text and key in needed and PROMPT in text:
            yield _prompts(key, section, text)
        elif text and len(text) > PARAGRAPH_LIMIT // 2:
            # Beside tables a text has one cell, else one for each paragraph.
            longest = max(cell_length(cell) for cell in (text.split("\n") if key in needed else [text]))
            for length, limit in ((longest, PARAGRAPH_LIMIT), (len(text), TEXT_LIMIT)):
                if length > limit:
                    yield make_finding(
                        "text.too_long", key, section=section.heading, length=str(length), limit=str(limit)
                    )
                    break


def _prompts(key: str, section: Section, text: str) -> Finding:
    """Return that prompts are left in a text, with the paragraph of the first."""
    start = text.index(PROMPT)
    paragraph = text[text.rfind("\n", 0, start) + 1 : start + len(PROMPT)]
    words = {"section": section.heading, "phrase": paragraph, "count": str(text.count(PROMPT))}
    quote = Quote(key, start, start + len(PROMPT), PROMPT)
    return replace(make_finding("text.prompt", key, (), PROMPT, **words), quote=quote)
