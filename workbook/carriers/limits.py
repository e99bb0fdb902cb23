"""How large a published file may be, and the vetting of its parts: all limits of this room stand here."""

from __future__ import annotations

import io
import zipfile

from workbook.intake.archive import ARCHIVE_ERRORS, damaged, too_large, vet_directory, vet_encoding
from workbook.report import Unreadable, make_finding

CONTENT_LIMIT = 200 * 2**20
"""Bytes of all parts of an archive, or of all streams of a PDF, inflated."""
MEMBER_LIMIT = 2_000
"""Parts in an archive; every picture is one."""
MARKUP_LIMIT = 30 * 2**20
"""Bytes of the markup of one part; a tree takes many times the room of its markup."""
TAG_LIMIT = 200_000
"""Tags in one piece of markup; a page pasted from Word has some 20 thousand."""
SPAN_LIMIT = 100
"""Rows or columns that a cell may span; more is taken for this many, as browsers do with a thousand."""
CELL_LIMIT = 200_000
"""Positions in all grids of a file, those that a cell spans counted one by one."""
BLOCK_LIMIT = 50_000
"""Paragraphs and grids of a file."""
TEXT_LIMIT = 10_000_000
"""Characters of all cells and paragraphs; a report has some 20 thousand."""
PAGE_LIMIT = 300
"""Pages of a PDF."""
PAGE_CONTENT_LIMIT = 2**19
"""Bytes of instructions that draw one page, nested forms counted as often as drawn.

A page with a chart of 2,000 curves takes 150 thousand.
"""
DRAWING_LIMIT = 4 * 2**20
"""Bytes of instructions that draw all pages; a megabyte takes up to five seconds."""
LETTER_LIMIT = 12_000
"""Bytes of the letters on a page, most of which take two; a full page has 2 thousand, each an object of a kilobyte."""
LETTERS_LIMIT = 200_000
"""Bytes of the letters on all pages."""
QUOTE_LIMIT = 30_000
"""Brackets of texts and backslashes on a page; pdfminer copies a text at each of those within it."""
QUOTES_LIMIT = 200_000
"""Brackets of texts and backslashes on all pages."""
OBJECT_LIMIT = 50_000
"""Objects of a PDF; a report has some thousand."""
CUT_LIMIT = 5 * 10**9
"""Bytes packed times bytes inflated of streams that are cut short, which pdfminer rescues one byte after the other."""
STROKE_LIMIT = 30_000
"""Lines, curves and rectangles that one page draws; ten thousand take a second."""
STROKES_LIMIT = 100_000
"""Lines, curves and rectangles that all pages draw."""
PICTURES_LIMIT = 2 * 2**30
"""Bytes of all pictures of a PDF, inflated; they are never kept."""
OUTLINE_LIMIT = 10**6
"""Steps along the outlines of filled shapes, to see which letters of a page they cover; a million take a second."""
CROSSING_LIMIT = 40_000
"""Crossings of ruling lines on a page."""
RULE_LIMIT = 2_000
"""Ruling lines on a page, those that touch counted as one."""

_MARKUP = (".xml", ".rels")


class Budget:
    """What a reader may still put into its document."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._cells = self._blocks = self._letters = 0

    def cells(self, count: int = 1) -> None:
        """Count positions in grids.

        Raises:
            Unreadable: there are too many.
        """
        self._cells += count
        if self._cells > CELL_LIMIT:
            raise too_large(
                self._file, f"的表格超过 {CELL_LIMIT} 格", f"tables of more than {CELL_LIMIT} cells", CELL_LIMIT
            )

    def text(self, text: str) -> str:
        """Count the text of a cell or a paragraph, and return it.

        Raises:
            Unreadable: there is too much.
        """
        self._letters += len(text)
        if self._letters > TEXT_LIMIT:
            raise too_large(
                self._file, f"的文字超过 {TEXT_LIMIT} 个字", f"more than {TEXT_LIMIT} characters", TEXT_LIMIT
            )
        return text

    def block(self) -> None:
        """Count a paragraph or a grid.

        Raises:
            Unreadable: there are too many.
        """
        self._blocks += 1
        if self._blocks > BLOCK_LIMIT:
            raise too_large(
                self._file, f"超过 {BLOCK_LIMIT} 个段落", f"more than {BLOCK_LIMIT} paragraphs", BLOCK_LIMIT
            )


def vet_markup(data: bytes, file: str) -> None:
    """Refuse markup whose tree would take too much room.

    Raises:
        Unreadable: it is too long, or has too many tags.
    """
    if len(data) > MARKUP_LIMIT:
        raise too_large(file, f"中有一个部件有 {len(data)} 字节", f"a part of {len(data)} bytes", MARKUP_LIMIT)
    tags = data.count(b"<")
    if tags > TAG_LIMIT:
        raise too_large(file, f"中有 {tags} 个标记", f"{tags} tags", TAG_LIMIT)


def vet_archive(data: bytes, file: str) -> None:
    """Vet an archive: its directory, the checksums of all parts, the declarations of those that are parsed.

    Raises:
        Unreadable: it is encrypted, damaged, or beyond a limit.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            vet_directory(infos, file, members=MEMBER_LIMIT, content=CONTENT_LIMIT)
            for info in infos:
                part = archive.read(info)
                if info.filename.lower().endswith(_MARKUP):
                    _vet_part(part, info.filename, file)
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error


def _vet_part(part: bytes, name: str, file: str) -> None:
    """Refuse markup that declares entities; another encoding could hide that it does."""
    vet_markup(part, file)
    vet_encoding(part, name, file)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise damaged(file, f"{name}: unusual beginning")


def needs_library(file: str, library: str) -> Unreadable:
    """Return the refusal of a file whose reader is not installed."""
    return Unreadable(make_finding("file.needs_library", file=file, library=library, package="nianbao[published]"))
