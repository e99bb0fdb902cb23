"""Reads PDF: tables by their ruling lines, joined where a page ends within them, and the text around them."""

from __future__ import annotations

import io
import logging
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import clean
from workbook.carriers.limits import Budget, needs_library
from workbook.carriers.pdf.lines import Line, Sheet, begins, drop_running, lines_of, margins, together
from workbook.carriers.pdf.settle import settle
from workbook.carriers.pdf.tables import Part, continues, find, is_inside, join, part, rows
from workbook.carriers.pdf.vet import Tally, counter, is_small, vet_streams
from workbook.intake.archive import damaged, too_large, vet_size
from workbook.intake.limits import PAGE_LIMIT
from workbook.match.grid import Document, Grid, Paragraph
from workbook.report import Place, Unreadable, make_finding, text_left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.carriers.pdf.lines import Margins
    from workbook.carriers.pdf.settle import Left
    from workbook.match.grid import Block


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


@dataclass
class _Flow:
    """A paragraph in the making: its place and its lines."""

    place: Place
    lines: list[Line] = field(default_factory=list)


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
        if not is_small(page.page_obj for page in pdf.pages):
            counting = counter(Tally(self._file), pdf.rsrcmgr)
            for page in pdf.pages:
                counting.process_page(page.page_obj)
        tally, sheets = Tally(self._file), []
        for number, page in enumerate(pdf.pages, 1):
            unread = look(page, tally)
            if page.chars:
                sheets.append(self._sheet(page.filter(is_inside(page.bbox)).dedupe_chars(), f"第{number}页", unread))
            elif page.images or page.curves or page.rects or page.lines:
                self._pictures.append(number)
            page.close()
        drop_running(sheets)
        within = margins(sheets)
        for sheet in sheets:
            self._join(sheet, within)
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

    def _sheet(self, page: Any, name: str, left: Sequence[Left]) -> Sheet:
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
        return Sheet(name, float(page.height), parts, lines_of(page, [table.bbox for table in tables]))

    def _join(self, sheet: Sheet, within: Margins) -> None:
        """Add what stands on a page to the blocks."""
        items: list[tuple[float, Part | Line]] = [(each.sides[1], each) for each in sheet.parts]
        items += [(line.box[1], line) for line in sheet.lines]
        number = 0
        for at, (_, item) in enumerate(sorted(items, key=lambda each: each[0])):
            if isinstance(item, Line):
                number += 1
                self._line(item, Place(sheet.name, f"第{number}行"), within)
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

    def _line(self, line: Line, place: Place, within: Margins) -> None:
        """Add a line to the paragraph, or begin another with it."""
        if self._flow and begins(line, self._flow.lines, within):
            self._end_paragraph()
        if not self._flow:
            self._flow = _Flow(place)
        self._flow.lines.append(line)

    def _end_paragraph(self) -> None:
        flow, self._flow = self._flow, None
        if flow:
            text = clean(together(flow.lines))
            self._budget.block()
            self._blocks.append(Paragraph(self._budget.text(text), flow.place))
