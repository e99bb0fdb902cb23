"""The text parts of a report, its office and its year, from paragraphs and from cells outside the tables."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.match.grid import Paragraph
from workbook.match.labels import bare, wanted
from workbook.report import tidy
from workbook.report.limits import YEARS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.form import Form
    from workbook.match.grid import Document
    from workbook.report import Place

_TITLE = re.compile(
    r"(?P<body>[^\s《》“”，。、；：0-9]{2,40}?)?(?P<year>20[0-9]{2})年?度?(?:政府信息公开)(?:工作)?(?:年度)?报告"
)
_LATER = re.compile(
    r"(?P<year>20[0-9]{2})年度?(?P<body>[^\s《》“”，。、；：0-9]{2,40}?)政府信息公开(?:工作)?(?:年度)?报告"
)
_TITLE_LIMIT = 80
"""Characters of a line that may be the report's title."""

_HEADING_LIMIT = 40
"""Characters of a line that may be the heading of a section."""


def lines(document: Document) -> Iterator[str]:
    """Yield the lines of text of a document: paragraphs, and the texts of cells that stand alone in their row."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from block.text.splitlines()
        else:
            for row in block.rows:
                filled = {id(cell): cell for cell in row if cell.text.strip()}
                if len(filled) == 1:
                    (only,) = filled.values()
                    if isinstance(only.value, str):
                        yield from only.value.splitlines()


def short_texts(document: Document) -> Iterator[tuple[str, Place]]:
    """Yield the texts of all cells and of all lines of paragraphs, with their places."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from ((line, block.place) for line in block.text.splitlines())
        else:
            yield from ((cell.value, cell.place) for row in block.rows for cell in row if isinstance(cell.value, str))


def cover(document: Document) -> tuple[str | None, int | None]:
    """Return the office and the year that the title names; ``None`` where no title does."""
    for line in lines(document):
        text = "".join(line.split())
        if len(text) <= _TITLE_LIMIT:
            match = _TITLE.search(text) or _LATER.search(text)
            if match and int(match["year"]) in YEARS:
                return match["body"] or None, int(match["year"])
    return None, None


def narrative(document: Document, form: Form) -> dict[str, str | None]:
    """Return the text parts: what stands between the heading of each section and the next.

    Where a heading is there again, as behind a table of contents, the last with a text counts.
    """
    headings: dict[str, str] = {word: "" for table in form.tables for word in wanted(table.title)}
    headings |= {word: section.narrative or "" for section in form.sections for word in wanted(section.title)}
    parts: dict[str, list[list[str]]] = {key: [] for key, _ in form.narratives()}
    current: list[str] | None = None
    for line in lines(document):
        word = bare(_unnumbered(line)) if len(line) <= _HEADING_LIMIT else ""
        if word in headings:
            key = headings[word]
            current = []
            if key:
                parts[key].append(current)
        elif current is not None:
            current.append(line.strip())
    texts = {key: [tidy("\n".join(filter(None, part))) for part in found] for key, found in parts.items()}
    return {key: next(filter(None, reversed(found)), None) for key, found in texts.items()}


def _unnumbered(line: str) -> str:
    return re.sub(r"^\s*[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．\s]*", "", line)
