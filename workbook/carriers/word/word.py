"""Reads Word documents (.docx): tables with merged cells, and the text around them, all changes accepted."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import Blocks
from workbook.carriers.limits import Budget, needs_library, vet_archive
from workbook.carriers.visible import PLAIN, RAISED, Ink, Look, Sight, Written
from workbook.carriers.word.looks import UNKNOWN, Styles, W, is_on, value
from workbook.intake.archive import damaged, vet_size
from workbook.intake.limits import SPAN_LIMIT
from workbook.match.drafts import MARK, draft
from workbook.match.grid import Document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.carriers.blocks import Table

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_PASSED = frozenset(f"{W}{name}" for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
"""What wraps blocks, rows and cells without a meaning of its own here."""
_DROPPED = frozenset(f"{W}{name}" for name in ("txbxContent", "pPr", "rPr", "tbl"))
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_UNDERSTOOD = re.compile(r"wp[scgi]|w1[456]\w*|a14|c14|cx\d*|aink|am3d|o|v")
"""What Word understands of the names by which one form of a text asks to be taken."""
_RUNS = frozenset({f"{W}r", f"{_M}r"})
_FIELD = f"{W}fldChar"
_PLAIN_MATH = frozenset(f"{_M}{name}" for name in ("r", "t", "rPr", "sty", "nor", "lit", "scr", "oMath", "ctrlPr"))
_DELETED = frozenset({f"{W}del", f"{W}moveFrom"})
_TEXTS = frozenset({f"{W}t", f"{W}delText", f"{_M}t"})
_LETTERS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_LINES = {f"{W}rt": RAISED}
"""What stands above the line: readings of ruby."""
_PICTURES = frozenset({f"{W}drawing", f"{W}pict", f"{W}object", f"{W}sym"})
_TO_LEFT, _END = "\u202e", "\u202c"


def read_word(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a Word document.

    Raises:
        Unreadable: it is empty, encrypted, damaged, or beyond a limit.
    """
    vet_size(data, file)
    vet_archive(data, file)
    body, styles, status = _open(data, file)
    reader = _Reader(Styles(styles), file)
    reader.read(body)
    drafts = (draft(file),) if status == MARK else ()
    return Document(file, reader.blocks.done, (*drafts, *reader.blocks.reader_findings))


def _open(data: bytes, file: str) -> tuple[Any, Any, str]:
    """Return the body and the styles of a document as elements of lxml, and the status that its properties tell."""
    try:
        import docx
        from docx.opc.exceptions import OpcError
        from lxml import etree
    except ImportError as error:
        raise needs_library(file, "python-docx") from error
    status = ""
    try:
        document = docx.Document(io.BytesIO(data))
        body, styles = document.element.body, document.styles.element
        with suppress(etree.LxmlError, KeyError, ValueError, AttributeError, TypeError):  # no one needs the properties
            status = str(document.core_properties.content_status)
    except (OpcError, etree.LxmlError, KeyError, ValueError, AttributeError, TypeError, IndexError) as error:
        raise damaged(file, str(error)) from error
    if body is None:
        raise damaged(file, "no body")
    return body, styles, status


class _Reader:
    """Puts what a document holds into blocks.

    Markup is nested no deeper than its parser allows, which is far from where Python would give up.
    """

    def __init__(self, styles: Styles, file: str) -> None:
        self.blocks = Blocks("文档", Budget(file))
        self._styles = styles

    def read(self, holder: Any) -> None:
        """Put the blocks of a body, or of a cell that holds tables, into the document.

        Outside tables colours hide nothing: headings may stand on any ground.
        """
        for block in _children(holder):
            if block.tag == f"{W}p":
                ink = Ink()
                self._ink(block, ink, UNKNOWN)
                self.blocks.paragraph(ink.take(), exact=self._styles.is_text(block))
            elif block.tag == f"{W}tbl":
                self._table(block)

    def _table(self, element: Any) -> None:
        ground = self._styles.ground(element, "FFFFFF")
        rows = [row for row in _children(element) if row.tag == f"{W}tr" and not _is_gone(row)]
        cells = [[cell for cell in _children(row) if cell.tag == f"{W}tc"] for row in rows]
        frames = all(_holds_tables(cell) for row in cells for cell in row)
        table = self.blocks.table(frames=frames)
        for row, each in zip(rows, cells, strict=True):
            table.begin_row()
            for _ in range(_count(row.find(f"{W}trPr/{W}gridBefore"), 0)):
                table.put(Written(""))
            for cell in each:
                self._cell(cell, table, ground)

    def _cell(self, cell: Any, table: Table, ground: str) -> None:
        """Put a cell into its row; one that continues a merged cell is that cell."""
        if cell.find(f"{W}tcPr/{W}cellDel") is not None:
            return  # as it stands when the change is accepted
        columns = _count(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
        if _continues(cell.find(f"{W}tcPr/{W}vMerge")) and table.extend(columns):
            return
        if _continues(cell.find(f"{W}tcPr/{W}hMerge")) and table.widen():
            return
        ground = self._styles.ground(cell, ground)
        if _holds_tables(cell):
            table.put(Written(""), columns=columns)
            self.read(cell)
            return
        ink = Ink()
        for part in _children(cell):
            if part.tag == f"{W}p":
                self._ink(part, ink, ground)
                ink.add("\n")
        table.put(ink.take(), columns=columns)

    def _ink(self, paragraph: Any, ink: Ink, ground: str) -> None:
        """Add the text of a paragraph as it stands when all changes are accepted; what was deleted is struck out."""
        ground = self._styles.ground(paragraph, ground)
        codes = _Codes(paragraph)
        waiting = [(iter(paragraph), PLAIN)]
        while waiting:
            children, look = waiting[-1]
            child = next(children, None)
            if child is None:
                waiting.pop()
            elif child.tag == _FIELD:
                codes.pass_by(child.get(f"{W}fldCharType"))
            elif codes.within or child.tag in _TEXTS or child.tag in _LETTERS:
                ink.add("" if codes.within else _LETTERS.get(child.tag) or child.text or "", look)
                waiting += [(iter(child), look)] if codes.within else []
            elif child.tag in _PICTURES or (child.tag == f"{_M}oMath" and _is_built(child)):
                ink.picture()
            elif isinstance(child.tag, str) and child.tag not in _DROPPED:
                if child.tag == f"{W}bdo" and value(child) == "rtl":
                    ink.add(_TO_LEFT, look)  # else its digits would be taken in the source's order
                forms = _chosen(child) if child.tag == f"{_MC}AlternateContent" else child
                waiting.append((iter(forms), self._look(child, paragraph, look, ground)))

    def _look(self, element: Any, paragraph: Any, outer: Look, ground: str) -> Look:
        """Return how what stands in an element is shown."""
        look = self._styles.look(element, paragraph, ground) if element.tag in _RUNS else PLAIN
        struck = outer.struck or look.struck or element.tag in _DELETED
        line = _LINES.get(element.tag, look.line or outer.line)
        sight = outer.sight if look is PLAIN else look.sight
        if is_on(element.find(f"{W}sdtPr/{W}showingPlcHdr")):
            sight = Sight.HIDDEN  # an invitation to write, and no answer
        return Look(sight, struck, line) if (sight, struck, line) != (PLAIN.sight, False, PLAIN.line) else PLAIN


class _Codes:
    """Follows the fields of a paragraph: what stands between a field's beginning and its result is its code."""

    def __init__(self, paragraph: Any) -> None:
        kinds = [each.get(f"{W}fldCharType") for each in paragraph.iter(_FIELD)]
        # One that goes on beyond the paragraph, as a table of contents does, hides nothing.
        self._followed = kinds.count("begin") == kinds.count("end")
        self._open: list[bool] = []

    @property
    def within(self) -> bool:
        """Whether what stands here is the code of a field."""
        return any(self._open)

    def pass_by(self, kind: str | None) -> None:
        """Skip the begin, separate or end mark of a field."""
        if self._followed and kind == "begin":
            self._open.append(True)
        elif self._open and kind == "separate":
            self._open[-1] = False
        elif self._open and kind == "end":
            self._open.pop()


def _is_built(formula: Any) -> bool:
    """Say whether a formula is more than a row of letters, so that its digits do not stand in a row."""
    return any(isinstance(part.tag, str) and part.tag.startswith(_M) and part.tag not in _PLAIN_MATH
               for part in formula.iterdescendants())  # fmt: skip


def _chosen(element: Any) -> list[Any]:
    """Return the one form, of several of the same text, that Word takes: the first that it understands."""
    choices = [each for each in element if each.tag == f"{_MC}Choice" and _is_understood(each.get("Requires", ""))]
    return [*choices, *element.iter(f"{_MC}Fallback")][:1]


def _is_understood(requires: str) -> bool:
    return all(map(_UNDERSTOOD.fullmatch, requires.split()))


def _is_gone(row: Any) -> bool:
    """Say whether a row was deleted by a change, or is hidden."""
    return row.find(f"{W}trPr/{W}del") is not None or is_on(row.find(f"{W}trPr/{W}hidden"))


def _children(holder: Any) -> Iterator[Any]:
    """Yield the children of an element, and those of what merely wraps them, in order."""
    waiting = [iter(holder)]
    while waiting:
        child = next(waiting[-1], None)
        if child is None:
            waiting.pop()
        elif child.tag == f"{_MC}AlternateContent":
            waiting += [iter(form) for form in _chosen(child)]
        elif child.tag in _PASSED:
            waiting.append(iter(child))
        else:
            yield child


def _holds_tables(cell: Any) -> bool:
    return any(child.tag == f"{W}tbl" for child in _children(cell))


def _continues(merge: Any) -> bool:
    return merge is not None and value(merge, "continue") == "continue"


def _count(element: Any, default: int) -> int:
    """Return a number of columns; the digits that matter come first."""
    text = value(element)
    return min(int(text[:9]), SPAN_LIMIT) if text.isascii() and text.isdigit() else default
