"""The text parts of a report, from paragraphs and from cells outside the tables."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.form import load_form
from workbook.match.grid import Grid, Paragraph, TextLine
from workbook.match.headings import HEADING_LIMIT, headings, is_inner, table_titles
from workbook.match.labels import bare, forms, wanted
from workbook.match.signature import unsigned
from workbook.records import dataclass
from workbook.report import tidy
from workbook.report.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Form
    from workbook.match.grid import Document
    from workbook.match.headings import Heading
    from workbook.match.tables import Found
    from workbook.match.title import Title
    from workbook.report import Place

_SENTENCE, _STOP = 15, expression("[。；]|，.*，")
"""The shortest line that is taken for prose, and what stands in it."""
_BESIDE = expression(
    r"[(（\[【]?\s*(?:(?:计量|金额|数据)?单位|注释?[0-9①-⑳]?|备注|附注)\s*[:：]|第\s*[0-9]+\s*页"
    r"|(?:续表|附?表\s*[一二三四五六七八九十0-9]+)[^。；，]{0,40}$"
)
"""How units, notes, captions and page numbers beside a table begin."""


def lines(document: Document) -> Iterator[TextLine]:
    """Yield the lines of text of a document: paragraphs, and the texts of cells that stand alone in their row."""
    yield from (line for _, _, line in document.placed if line)


def short_texts(document: Document) -> Iterator[tuple[str, Place]]:
    """Yield the texts of all cells and of all lines of paragraphs, with their places."""
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from ((line, block.place) for line in block.text.splitlines())
        else:
            yield from ((cell.value, cell.place) for row in block.rows for cell in row if isinstance(cell.value, str))


@dataclass(frozen=True)
class Narrative:
    """The texts of a document by the keys of their sections, and the lines of prose that stand in no section."""

    texts: Mapping[str, str | None]
    outside: tuple[TextLine, ...] = ()


def narrative(document: Document, form: Form, tables: Iterable[Found], head: Title | None = None) -> Narrative:
    """Return the text of each section: what stands behind its heading up to the next, but for its tables.

    Where the heading of the first section is not there, its text is that which stands before the others. Where the
    report begins again behind its end, the first is read. What the kit puts around a report that it publishes is no
    text.

    Args:
        document: the blocks of a file.
        form: the edition.
        tables: the places in the document where tables of the form stand.
        head: what the title of the report says.
    """
    stream = list(_stream(document, form, tables))
    found, again = headings(form, [each.text if isinstance(each, TextLine) else each for each in stream])
    parts: list[list[TextLine]] = [[] for _ in form.sections]
    before: list[TextLine] = []
    behind: list[TextLine] = []
    for at, line in _parted(stream, found, again):
        (before if at is None else behind if at < 0 else parts[at]).append(line)
    opening, name = (form.publication.opening_of(head.name, head.year), head.name) if head else ("", None)
    before = [line for line in before if not opening or folded(line.text) != folded(opening)]
    parts[-1], below = unsigned(parts[-1], name)
    behind = below + behind
    begun = next((at for at, line in enumerate(before) if _is_prose(line.text)), None)
    if begun is not None and found and found[0].section > 0:
        parts[0], before = before[begun:], before[:begun]
    tabled = {table.section for table in form.tables}
    texts: dict[str, str | None] = {}
    for section, part in zip(form.sections, parts, strict=True):
        beside = section.number in tabled
        kept = [line for line in part if line.exact or is_text(form.edition, line.text, beside=beside)]
        if beside and all(not line.exact and _is_title(form.edition, line.text) for line in kept):
            kept = []  # titles of nothing
        if section.narrative:
            texts[section.narrative] = tidy("\n".join(line.text if line.exact else line.text.strip() for line in kept))
        else:
            before += kept
    return Narrative(texts, tuple(line for line in (*before, *behind) if found and _is_prose(line.text)))


def _stream(document: Document, form: Form, tables: Iterable[Found]) -> Iterator[TextLine | int]:
    """Yield the lines of text of a document, and in place of the rows of each table the section that it stands in."""
    numbers = [section.number for section in form.sections]
    held = {id(block): _rows_of_cells(block) for block in document.blocks if isinstance(block, Grid)}
    begins: dict[tuple[int, int], int] = {}
    covered: set[tuple[int, int]] = set()
    for found in tables:
        grid = id(found.grid)
        rows = sorted(held[grid][id(cell)] for cell in found.cells.values() if cell)
        if rows:
            begins[grid, rows[0]] = numbers.index(found.table.section)
            covered.update((grid, row) for row in range(rows[0], rows[-1] + 1))
    for block, at, line in document.placed:
        place = id(block), at
        if line and place not in covered:
            yield line
        if place in begins:
            yield begins.pop(place)


def _rows_of_cells(grid: Grid) -> dict[int, int]:
    """Return the row in which each cell ends."""
    return {id(cell): at for at, row in enumerate(grid.rows) for cell in row}


def _parted(
    stream: Sequence[TextLine | int], found: Sequence[Heading], again: Heading | None
) -> Iterator[tuple[int | None, TextLine]]:
    """Yield the lines between headings with the section that each stands in.

    The section is ``None`` before the first heading, -1 behind the place where the report begins again.
    """
    cuts = {cut.place: cut for cut in (*found, *([again] if again else []))}
    by_line: dict[int, list[Heading]] = {}
    for place in sorted(cuts):
        by_line.setdefault(place[0], []).append(cuts[place])
    current, skipped = None, -1
    for at, line in enumerate(stream):
        start = 0
        for cut in by_line.get(at, ()):
            if isinstance(line, TextLine):
                yield current, replace(line, text=line.text[start : cut.start])
                skipped = at + 1 if cut.stop > len(line.text) else skipped
            start = cut.stop
            current = -1 if cut is again or current == -1 else cut.section
        if isinstance(line, TextLine) and at != skipped:
            yield current, replace(line, text=line.text[start:])


def prose(paragraphs: Iterable[Paragraph]) -> list[TextLine]:
    """Return the lines of prose among paragraphs that are no part of a report."""
    lines = [TextLine(line, each.place, 0, 0) for each in paragraphs for line in each.text.splitlines()]
    return [line for line in lines if _is_prose(line.text)]


def _is_prose(text: str) -> bool:
    """Say whether a line is a sentence, not a title, a link or a date."""
    return len(text) >= _SENTENCE and bool(_STOP.search(text))


def is_text(edition: str, line: str, *, beside: bool) -> bool:
    """Say whether a line is text: no title of a table; ``beside`` tables no label, number, unit, caption or note.

    A title with a number below that of the sections is a sub-heading, which may have the words of any.
    """
    if not beside:
        return bool(line.strip()) and not (len(line) <= HEADING_LIMIT and bare(line) in table_titles(edition))
    if not any(letter.isalpha() for letter in line) or _BESIDE.match(line.strip()):
        return False
    return forms(line).isdisjoint(_labels(edition)) and (is_inner(line) or not _is_title(edition, line))


def _is_title(edition: str, line: str) -> bool:
    """Say whether a line has nothing but the title of a section or a table, with or without a number."""
    return not forms(line).isdisjoint(_all_titles(edition))


@cache
def _all_titles(edition: str) -> frozenset[str]:
    """Return the words of all titles of sections and tables."""
    form = load_form(edition)
    titles = [*(section.title for section in form.sections), *(table.title for table in form.tables)]
    return frozenset(word for title in titles for word in wanted(title))


@cache
def _labels(edition: str) -> frozenset[str]:
    """Return the words of the form that stand around its numbers."""
    form = load_form(edition)
    lines = [line for table in form.tables for line in (*table.rows, *table.columns)]
    labels = {label for line in lines for label in (line.label, *line.under)}
    labels |= {label for table in form.tables for label in (table.head, table.corner)}
    labels |= {rule.title for table in form.tables for rule in table.rules}
    return frozenset(word for label in labels for word in wanted(label))
