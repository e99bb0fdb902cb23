"""The text parts of a report, from paragraphs and from cells outside the tables."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.match.grid import Paragraph
from workbook.match.labels import bare, wanted
from workbook.report import tidy

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workbook.form import Form
    from workbook.match.grid import Document
    from workbook.report import Place

_HEADING_LIMIT = 40
"""Characters of a line that may be the heading of a section."""

_NUMBER = re.compile(r"(?:^\s*|(?<=[。；！？…”）)])\s*)[（(]?[一二三四五六七八九十]{1,3}(?:[)）][、.．]?|[、.．])\s*")
"""The number of a heading, at the beginning of a line or behind the end of a sentence."""
_END = re.compile(r"\s*[：:。]\s*|\s+|$")
"""What may end a heading before the text on its line."""


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
    for line in (part for whole in lines(document) for part in _parted(whole.text, headings)):
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


def _parted(line: str, headings: Collection[str]) -> Iterator[str]:
    """Yield the parts of a line: a heading that stands behind the end of a sentence, or before text, on its own."""
    start = 0
    for number in _NUMBER.finditer(line):
        near = line[number.end() : number.end() + _HEADING_LIMIT]
        found = (end for end in _END.finditer(near) if bare(near[: end.start()]) in headings)
        end = next(found, None)
        if end:
            yield line[start : number.start()]
            yield line[number.start() : number.end() + end.start()]
            start = number.end() + end.end()
    yield line[start:]


def _unnumbered(line: str) -> str:
    return re.sub(r"^\s*[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.．\s]*", "", line)
