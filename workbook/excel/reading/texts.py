"""What an open workbook has in words: the text parts, and the accepted warnings with their reasons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.excel.layout import CHECKS, WAIVER_SPANS, Plan
from workbook.excel.reading.grid import at, text, value_of
from workbook.report import Waiver, tidy
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from workbook.excel.reading.cover import Cover
    from workbook.excel.reading.file import OpenWorkbook

_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?$")


def texts(plan: Plan, book: OpenWorkbook) -> dict[str, str | None]:
    """Return the text parts: the paragraphs below each heading."""
    grid = book.grid(plan.text_sheet)
    headings = {squeezed(section.heading): key for key, section in plan.form.text_sections()}
    noted = {squeezed(row[0]) for row in grid if at([row], 0, 2)} & headings.keys()
    parts: dict[str, list[str]] = {key: [] for key, _ in plan.form.narratives()}
    current: list[str] | None = None
    for row in grid:
        line = squeezed(row[0]) if row else ""
        # The note beside a heading tells it from a paragraph of the same words.
        if line in headings and (line not in noted or at([row], 0, 2)):
            current = parts[headings[line]]
        elif current is not None:
            value = value_of(row[0]) if row else None
            current.append("" if value is None else str(value))
    return {key: tidy("\n".join(paragraphs)) for key, paragraphs in parts.items()}


def waivers(plan: Plan, book: OpenWorkbook, cover: Cover) -> tuple[Waiver, ...]:
    """Return the accepted warnings; the large sheet of checks is parsed unless the cover says that there are none."""
    if cover.no_waivers:
        return ()
    found = []
    for row in book.grid(CHECKS)[plan.waivers_row + 2 :]:
        code, place, reason, by, date = (text(at([row], 0, column)) or "" for column, _ in WAIVER_SPANS)
        if code:
            found.append(Waiver(code, place, reason, by, _date(date)))
    return tuple(found)


def _date(written: str) -> str:
    """Return a date as ISO writes it; anything else as it is."""
    match = _DATE.match(written)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else written
