"""Reads PDF: tables by their ruling lines, joined where a page ends within them, and the text around them."""

from __future__ import annotations

import io
import logging
import re
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import clean
from workbook.carriers.limits import PAGE_LIMIT, Budget, needs_library
from workbook.carriers.pdf.settle import Area, settle
from workbook.carriers.pdf.tables import Part, continues, find, is_inside, join, part, plain, rows
from workbook.carriers.pdf.vet import counter, vet_streams
from workbook.intake.archive import damaged, too_large, vet_size
from workbook.match.grid import Document, Grid, Paragraph
from workbook.report import Place, Unreadable, make_finding, text_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.carriers.pdf.settle import Left
    from workbook.match.grid import Block

_PAGE_NUMBER = re.compile(
    r"[-—–\s]{0,5}(?:第\s?)?[0-9]{1,3}(?:\s?页)?(?:\s?[/，,]?\s?(?:共\s?)?[0-9]{1,3}(?:\s?页)?)?[-—–\s]{0,5}"
)
_DIGITS = re.compile("[0-9]+")
_MARGIN = 0.15
"""The part of a page, above and below, in which its number and running heads stand."""
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
            raise Unreadable(make_finding("file.encrypted", file=file)) from error
        raise damaged(file, f"{type(error).__name__} {error}") from error
    return reader.document()


_LEVEL = 7
"""Points by which letters of a line may stand higher, as digits of another font do in a large title."""


@dataclass
class _Line:
    """A line of text outside the tables."""

    text: str
    box: Area

    @property
    def height(self) -> float:
        return self.box[3] - self.box[1]


@dataclass
class _Sheet:
    """What stands on a page: the tables' parts, and the lines outside them, from top to bottom."""

    name: str
    height: float
    parts: list[Part]
    lines: list[_Line]


@dataclass
class _Flow:
    """A paragraph in the making: its lines, its place, and the right margin of its page."""

    place: Place
    lines: list[_Line] = field(default_factory=list)
    right: float = 0.0


class _Reader:
    """Reads page after page, then joins what they hold.

    A table or a paragraph that a page ends within is open until the next block.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._budget = Budget(file)
        self._blocks: list[Block | Part] = []
        self._pictures: list[int] = []
        self._struck: defaultdict[str, str] = defaultdict(str)
        self._flow: _Flow | None = None

    def read(self, pdf: Any) -> None:
        """Read all pages."""
        from pdfminer.pdfpage import PDFPage

        from workbook.carriers.pdf.letters import look

        if sum(1 for _ in islice(PDFPage.create_pages(pdf.doc), PAGE_LIMIT + 1)) > PAGE_LIMIT:
            raise too_large(self._file, f"超过 {PAGE_LIMIT} 页", f"more than {PAGE_LIMIT} pages", PAGE_LIMIT)
        counting = counter(self._file, pdf.rsrcmgr)
        sheets = []
        for number, page in enumerate(pdf.pages, 1):
            counting.process_page(page.page_obj)
            unread = look(page)
            if page.chars:
                sheets.append(self._sheet(page.filter(is_inside(page.bbox)).dedupe_chars(), f"第{number}页", unread))
            elif page.images:
                self._pictures.append(number)
            page.close()
        _drop_running(sheets)
        lines = [line for sheet in sheets for line in sheet.lines]
        left = min((line.box[0] for line in lines), default=0.0)
        right = max((line.box[2] for line in lines), default=0.0)
        for sheet in sheets:
            self._join(sheet, left, right)
        self._end_paragraph()

    def document(self) -> Document:
        """Return what was read."""
        pages = "、".join(map(str, self._pictures))
        reader_findings = [make_finding("file.pictures", file=self._file, pages=pages)] if pages else []
        reader_findings += text_left_out([(Place(name, ""), text) for name, text in self._struck.items()])
        blocks: list[Block] = []
        tables = 0
        for block in self._blocks:
            if isinstance(block, Part):
                tables += 1
                blocks.append(Grid(f"表{tables}", rows(block, self._budget)))
            else:
                blocks.append(block)
        return Document(self._file, blocks, tuple(reader_findings))

    def _sheet(self, page: Any, name: str, left: Sequence[Left]) -> _Sheet:
        tables = find(page, self._file)
        page, faint = settle(page, [sides for table in tables for sides in table.cells])
        for table in tables:
            table.page = page
        parts = [part(page, table, Place(name, f"表{at} "), self._budget) for at, table in enumerate(tables, 1)]
        for letter in (*left, *faint):
            box = next((box for each in parts for box in each.boxes if box.holds(letter, float(page.height))), None)
            if box:
                box.left_out.append(letter)
            elif letter.kind == "struck":
                self._struck[name] += letter.text
        return _Sheet(name, float(page.height), parts, _lines(page, [table.bbox for table in tables]))

    def _join(self, sheet: _Sheet, left: float, right: float) -> None:
        """Add what stands on a page to the blocks; the margins are those of all pages: one may be blank."""
        items: list[tuple[float, Part | _Line]] = [(each.sides[1], each) for each in sheet.parts]
        items += [(line.box[1], line) for line in sheet.lines]
        number = 0
        for at, (_, item) in enumerate(sorted(items, key=lambda each: each[0])):
            if isinstance(item, _Line):
                number += 1
                self._line(item, Place(sheet.name, f"第{number}行"), left, right)
            else:
                self._table(item, begins=at == 0)

    def _table(self, lower: Part, *, begins: bool) -> None:
        """Add a table, or the rest of the one that the page before ended with."""
        former = None if self._flow or not self._blocks else self._blocks[-1]
        self._end_paragraph()
        if begins and isinstance(former, Part) and continues(former, lower):
            join(former, lower)
        else:
            self._budget.block()
            self._blocks.append(lower)

    def _line(self, line: _Line, place: Place, left: float, right: float) -> None:
        """Add a line to the paragraph, or begin another with it."""
        if self._flow and _begins(line, self._flow, left):
            self._end_paragraph()
        if not self._flow:
            self._flow = _Flow(place)
        self._flow.lines.append(line)
        self._flow.right = right

    def _end_paragraph(self) -> None:
        flow, self._flow = self._flow, None
        if flow:
            text = clean(_together([line.text for line in flow.lines]))
            self._budget.block()
            self._blocks.append(Paragraph(self._budget.text(text), flow.place))


def _lines(page: Any, boxes: Sequence[Area]) -> list[_Line]:
    """Return the lines outside the tables, from top to bottom, without the number of the page."""
    inside = [is_inside(box) for box in boxes]
    letters = page.filter(lambda item: item["object_type"] == "char" and not any(within(item) for within in inside))
    found = letters.extract_text_lines(strip=True, return_chars=False, y_tolerance=_LEVEL)
    lines = [_Line(item["text"], (item["x0"], item["top"], item["x1"], item["bottom"])) for item in found]
    lines = sorted((line for line in lines if line.text.strip()), key=lambda line: line.box[1])
    for at in (0, -1):
        if lines and _PAGE_NUMBER.fullmatch(lines[at].text) and _in_margin(lines[at], float(page.height)):
            lines.pop(at)
    return lines


def _in_margin(line: _Line, height: float) -> bool:
    return line.box[3] < height * _MARGIN or line.box[1] > height * (1 - _MARGIN)


def _drop_running(sheets: Sequence[_Sheet]) -> None:
    """Take away the lines at the ends of pages that run through the document, the same but for the page's number."""
    for at in (0, -1):
        running = True
        while running:
            ends = [_mark(sheet, at) for sheet in sheets]
            running = False
            for here, (mark, sheet) in enumerate(zip(ends, sheets, strict=True)):
                if mark and mark in {*ends[max(0, here - 1) : here], *ends[here + 1 : here + 2]}:
                    sheet.lines.pop(at)
                    running = True


def _mark(sheet: _Sheet, at: int) -> tuple[str, int] | None:
    """Return by what a running line is known: its text without digits, and its height on the page."""
    if not sheet.lines or not _in_margin(sheet.lines[at], sheet.height):
        return None
    return _DIGITS.sub("0", sheet.lines[at].text), round(sheet.lines[at].box[1] / 2)


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


def _together(lines: Sequence[str]) -> str:
    """Join lines; a blank stands only between words of Latin letters."""
    text = ""
    for line in lines:
        apart = text[-1:].isascii() and text[-1:].isalnum() and line[:1].isascii() and line[:1].isalnum()
        text += (" " if apart else "") + line
    return plain(text)
