"""Reads PDF: tables by their ruling lines, joined where a page ends within them, and the text around them."""

from __future__ import annotations

import io
import logging
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.archive import damaged, too_large, vet_size
from workbook.match.grid import Cell, Document, Grid, Paragraph
from workbook.published.blocks import clean
from workbook.published.drawing import counter, vet_lines, vet_streams
from workbook.published.limits import PAGE_LIMIT, Budget, needs_library
from workbook.report import Place, Unreadable, note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbook.match.grid import Block

_Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

_PAGE_NUMBER = re.compile(r"[-—–\s]{0,5}(?:第\s?)?[0-9]{1,3}(?:\s?页)?[-—–\s]{0,5}")
_CJK = "\u2e80-\u9fff\uff00-\uffef\u2018-\u201d"
_GAP = re.compile(rf"(?<=[{_CJK}]) +(?=[{_CJK}])")
_NEAR = 5.0
"""Points by which the sides of two parts of a table may differ."""
_FAR = 1.8
"""Heights of a line that two lines of a paragraph may be apart, top to top, besides the line itself."""


def read_pdf(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a PDF; pages that are pictures are noted.

    Raises:
        Unreadable: it is empty, encrypted, damaged, or beyond a limit.
    """
    vet_size(data, file)
    try:
        import pdfplumber
        from pdfminer.pdfdocument import PDFPasswordIncorrect
    except ImportError as error:
        raise needs_library(file, "pdfplumber") from error
    for library in ("pdfminer", "pdfplumber"):
        logging.getLogger(library).addHandler(logging.NullHandler())  # else they warn on the screen
    vet_streams(data, file)
    reader = _Reader(file)
    try:
        with pdfplumber.open(io.BytesIO(data), raise_unicode_errors=False) as pdf:
            reader.read(pdf)
    except Unreadable:
        raise
    except Exception as error:  # its parser raises whatever a damaged file leads it to
        if any(isinstance(part, PDFPasswordIncorrect) for part in (error, *error.args)):
            raise Unreadable(note("file.encrypted", file=file)) from error
        raise damaged(file, f"{type(error).__name__} {error}") from error
    return reader.document()


@dataclass
class _Line:
    """A line of text outside the tables."""

    text: str
    box: _Box

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass
class _Part:
    """A table on one page."""

    box: _Box
    rows: list[list[Cell]]


@dataclass
class _Flow:
    """A paragraph in the making: its lines, its place, and the margins of its page."""

    place: Place
    lines: list[_Line] = field(default_factory=list)
    left: float = 0.0
    right: float = 0.0


class _Reader:
    """Reads page after page; a table or a paragraph that the page ends within is open until the next block."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._budget = Budget(file)
        self._blocks: list[Block] = []
        self._pictures: list[int] = []
        self._open_table: _Part | None = None
        self._flow: _Flow | None = None
        self._tables = 0

    def read(self, pdf: Any) -> None:
        """Read all pages."""
        from pdfminer.pdfpage import PDFPage

        if sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PAGE_LIMIT + 1)) > PAGE_LIMIT:
            raise too_large(self._file, f"超过 {PAGE_LIMIT} 页", f"more than {PAGE_LIMIT} pages", PAGE_LIMIT)
        counting = counter(self._file, pdf.rsrcmgr)
        for number, page in enumerate(pdf.pages, 1):
            counting.process_page(page.page_obj)
            if not page.chars:
                if page.images:
                    self._pictures.append(number)
            else:
                vet_lines(page, self._file)
                self._page(page.filter(_on(page.bbox)).dedupe_chars(), f"第{number}页")
            page.close()
        self._end_paragraph()

    def document(self) -> Document:
        """Return what was read."""
        pages = "、".join(map(str, self._pictures))
        noted = (note("file.pictures", file=self._file, pages=pages),) if pages else ()
        return Document(self._file, self._blocks, noted)

    def _page(self, page: Any, name: str) -> None:
        tables = [table for table in page.find_tables() if len(table.cells) > 1]
        tables.sort(key=lambda table: table.bbox[1])
        lines = _lines(page, [table.bbox for table in tables])
        left = min((line.box[0] for line in lines), default=0.0)
        right = max((line.box[2] for line in lines), default=0.0)
        number = paragraphs = 0
        items: list[tuple[float, Any]] = [(table.bbox[1], table) for table in tables]
        items += [(line.box[1], line) for line in lines]
        for _, item in sorted(items, key=lambda each: each[0]):
            if isinstance(item, _Line):
                self._open_table = None
                paragraphs += 1
                self._line(item, Place(name, f"第{paragraphs}行"), left, right)
            else:
                number += 1
                self._table(_part(page, item, Place(name, f"表{number} "), self._budget))

    def _table(self, part: _Part) -> None:
        """Add a table, or the rest of the one that the last page ended within."""
        self._end_paragraph()
        former = self._open_table
        if former and _continues(former, part):
            _extend(former.rows[-1], part.rows)
            former.rows.extend(part.rows)
            self._open_table = _Part(part.box, former.rows)
            return
        self._tables += 1
        self._budget.block()
        self._blocks.append(Grid(f"表{self._tables}", part.rows))
        self._open_table = part

    def _line(self, line: _Line, place: Place, left: float, right: float) -> None:
        """Add a line to the paragraph, or begin another with it."""
        if self._flow and _begins(line, self._flow, left):
            self._end_paragraph()
        if not self._flow:
            self._flow = _Flow(place)
        self._flow.lines.append(line)
        self._flow.left, self._flow.right = left, right

    def _end_paragraph(self) -> None:
        flow, self._flow = self._flow, None
        if flow:
            text = clean(_joined([line.text for line in flow.lines]))
            self._budget.block()
            self._blocks.append(Paragraph(self._budget.text(text), flow.place))


def _lines(page: Any, boxes: Sequence[_Box]) -> list[_Line]:
    """Return the lines outside the tables, from top to bottom, without the number of the page."""
    inside = [_on(box) for box in boxes]
    found = page.filter(lambda item: not any(within(item) for within in inside)).extract_text_lines(
        strip=True, return_chars=False
    )
    lines = [_Line(item["text"], (item["x0"], item["top"], item["x1"], item["bottom"])) for item in found]
    lines = sorted((line for line in lines if line.text.strip()), key=lambda line: line.box[1])
    height = float(page.height)
    if lines and _PAGE_NUMBER.fullmatch(lines[-1].text) and lines[-1].box[1] > height * 0.85:
        lines.pop()
    if lines and _PAGE_NUMBER.fullmatch(lines[0].text) and lines[0].box[3] < height * 0.15:
        lines.pop(0)
    return lines


def _begins(line: _Line, flow: _Flow, left: float) -> bool:
    """Say whether a line begins a paragraph: it is indented, or of another size, or the last is short or far."""
    last = flow.lines[-1]
    size = max(line.height, 1.0)
    below = line.box[1] - last.box[1]
    return (
        line.box[0] > left + size
        or last.box[2] < flow.right - 2 * size
        or below > (1 + _FAR) * size
        or abs(last.height - line.height) > size / 4
    )


def _joined(lines: Sequence[str]) -> str:
    """Join lines; a blank stands only between words of Latin letters."""
    text = ""
    for line in lines:
        apart = text[-1:].isascii() and text[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
        text += (" " if apart else "") + line
    return _GAP.sub("", text)


def _part(page: Any, table: Any, place: Place, budget: Budget) -> _Part:
    """Return the cells of a table; each stands in every position that its box covers."""
    texts: dict[_Box, str] = {
        box: text or ""
        for row, line in zip(table.rows, table.extract(), strict=True)
        for box, text in zip(row.cells, line, strict=True)
        if box
    }
    lefts = sorted({box[0] for box in texts})
    tops = sorted({box[1] for box in texts})
    budget.cells(len(lefts) * len(tops))
    rows: list[list[Cell | None]] = [[None] * len(lefts) for _ in tops]

    def put(box: _Box, text: str) -> None:
        down, across = _positions(tops, box[1], box[3]), _positions(lefts, box[0], box[2])
        value = budget.text(clean(_GAP.sub("", text))) or None
        cell = Cell(value, Place(place.sheet, f"{place.address}第{down[0] + 1}行第{across[0] + 1}列"))
        for row in down:
            for column in across:
                rows[row][column] = rows[row][column] or cell

    for box, text in texts.items():
        put(box, text)
    for box in _left_open(rows, lefts, tops, table.bbox):
        put(box, page.filter(_on(box)).extract_text())
    return _Part(tuple(table.bbox), [[cell for cell in row if cell] for row in rows])


def _positions(starts: Sequence[float], first: float, after: float) -> range:
    """Return the columns or rows that a cell covers."""
    return range(bisect_left(starts, first), bisect_left(starts, after))


def _left_open(rows: list[list[Cell | None]], lefts: list[float], tops: list[float], outer: _Box) -> Iterator[_Box]:
    """Yield boxes of what no cell covers, column by column: a merged cell that the page ends within has no bottom."""
    bottoms, rights = [*tops[1:], outer[3]], [*lefts[1:], outer[2]]
    for column, left in enumerate(lefts):
        start = None
        for row, cells in enumerate([*rows, None]):
            blank = cells is not None and cells[column] is None
            if blank and start is None:
                start = row
            elif not blank and start is not None:
                yield left, tops[start], rights[column], bottoms[row - 1]
                start = None


def _on(box: _Box) -> Callable[[Any], bool]:
    """Return what says whether the middle of an item lies in a box; letters beyond the page are not seen."""

    def within(item: Any) -> bool:
        across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return bool(box[0] <= across <= box[2] and box[1] <= down <= box[3])

    return within


def _continues(former: _Part, part: _Part) -> bool:
    """Say whether a table goes on from the one that ended the page before."""
    return (
        len(former.rows[-1]) == len(part.rows[0])
        and abs(former.box[0] - part.box[0]) < _NEAR
        and abs(former.box[2] - part.box[2]) < _NEAR
        and part.box[1] < former.box[3]
    )


def _extend(above: Sequence[Cell], rows: list[list[Cell]]) -> None:
    """Let the labels of the last row before a page break reach into the blank cells that begin the rows after it."""
    for column, upper in enumerate(above):
        lower = rows[0][column]
        if lower.text or not any(letter.isalpha() for letter in upper.text):
            return
        for row in rows:
            if row[column] is not lower:
                break
            row[column] = upper
