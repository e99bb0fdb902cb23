"""The text parts of a report, from paragraphs and from cells outside the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.match.grid import Paragraph
from workbook.match.labels import bare, wanted
from workbook.report import tidy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.form import Form
    from workbook.match.grid import Document
    from workbook.report import Place

_HEADING_LIMIT = 40
"""Characters of a line that may be the heading of a section."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text.

    Lines of one ``part``, a paragraph or a cell, were written as one; lines of one ``run`` have no table between them.
    """

    text: str
    place: Place
    part: int
    run: int


def lines(document: Document) -> Iterator[Line]:
    """Yield the lines of text of a document: paragraphs, and the texts of cells that stand alone in their row."""
    part = run = 0
    for block in document.blocks:
        rows = [[block]] if isinstance(block, Paragraph) else block.rows
        for row in rows:
            filled = {id(each): each for each in row if each.text.strip()}
            part += 1
            if len(filled) > 1:
                run += 1
            for only in filled.values() if len(filled) == 1 else ():
                if isinstance(only, Paragraph) or isinstance(only.value, str):
                    yield from (Line(text, only.place, part, run) for text in only.text.splitlines())


def short_texts(document: Document) -> Iterator[tuple[str, Place]]:
    """Yield the texts of all cells and of all lines of paragraphs, with their places."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from ((line, block.place) for line in block.text.splitlines())
        else:
            yield from ((cell.value, cell.place) for row in block.rows for cell in row if isinstance(cell.value, str))


def narrative(document: Document, form: Form) -> dict[str, str | None]:
    """Return the text parts: what stands between the heading of each section and the next.

    Where a heading is there again, as behind a table of contents, the last with a text counts.
    """
    headings: dict[str, str] = {word: "" for table in form.tables for word in wanted(table.title)}
    headings |= {word: section.narrative or "" for section in form.sections for word in wanted(section.title)}
    parts: dict[str, list[list[str]]] = {key: [] for key, _ in form.narratives()}
    current: list[str] | None = None
    for line in (line.text for line in lines(document)):
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
