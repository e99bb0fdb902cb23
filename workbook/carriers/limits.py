"""Holds published files to the limits: what a reader may still put into its document, and the vetting of parts."""

from __future__ import annotations

import io
import zipfile

from workbook.extras import install
from workbook.intake.archive import ARCHIVE_ERRORS, damaged, too_large, vet_directory, vet_doctype, vet_encoding
from workbook.intake.limits import (
    BLOCK_LIMIT,
    CELL_LIMIT,
    MARKUP_LIMIT,
    PUBLISHED_CONTENT_LIMIT,
    PUBLISHED_PART_LIMIT,
    PUBLISHED_TEXT_LIMIT,
    TAG_LIMIT,
)
from workbook.report import Unreadable, make_finding

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
        if self._letters > PUBLISHED_TEXT_LIMIT:
            limit = PUBLISHED_TEXT_LIMIT
            raise too_large(self._file, f"的文字超过 {limit} 个字", f"more than {limit} characters", limit)
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
            vet_directory(infos, file, members=PUBLISHED_PART_LIMIT, content=PUBLISHED_CONTENT_LIMIT)
            for info in infos:
                part = archive.read(info)
                vet_encoding(part, info.filename, file)
                vet_doctype(part, info.filename, file)
                if info.filename.lower().endswith(_MARKUP):
                    _vet_part(part, info.filename, file)
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error


def _vet_part(part: bytes, name: str, file: str) -> None:
    """Refuse markup that declares entities."""
    vet_markup(part, file)
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise damaged(file, f"{name}: unusual beginning")


def needs_library(file: str, library: str) -> Unreadable:
    """Return the refusal of a file whose reader is not installed."""
    return Unreadable(make_finding("file.needs_library", file=file, library=library, install=install("published")))
