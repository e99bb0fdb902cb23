"""Chooses the reader of a file by its content; its name says nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from workbook.carriers.encoding import decode
from workbook.carriers.limits import PDF_SECONDS, WRITTEN_LIMIT
from workbook.intake.archive import names, vet_size
from workbook.intake.isolate import run_isolated

if TYPE_CHECKING:
    from workbook.match.grid import Document

_HEAD = 4096
_PAGE = re.compile(r"<(?:html|table|!doctype|body)\b", re.IGNORECASE)
_FRAGMENT = re.compile(r"\s*<(?:head|meta|div|p|span|section|article|h[1-6])\b", re.IGNORECASE)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


def read(data: bytes, file: str) -> Document | None:
    """Return the blocks of a published file; ``None`` where it is of no kind that is read here.

    Args:
        data: the bytes of the file.
        file: its name, for findings.

    Raises:
        Unreadable: it is empty, encrypted, damaged, beyond a limit, or its reader is not installed.
    """
    vet_size(data, file)
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF"):
        return cast("Document", run_isolated("workbook.carriers.pdf.pdf:read_pdf", data, file, seconds=PDF_SECONDS))
    if data.startswith(b"PK\x03\x04"):
        if "word/document.xml" not in names(data, file):
            return None
        from workbook.carriers.word.word import read_word

        return read_word(data, file)
    return _read_written(data, file)


def _read_written(data: bytes, file: str) -> Document | None:
    """Read what is written in letters."""
    head = (decode(data[:_HEAD], page=True) or "")[:_HEAD]
    if "\0" not in head and (_PAGE.search(head) or _FRAGMENT.match(head)):
        from workbook.carriers.page.page import read_html

        return read_html(data, file)
    vet_size(data, file, WRITTEN_LIMIT)
    text = decode(data)
    if text is None or _CONTROL.search(text):
        return None
    from workbook.carriers.text import read_text

    return read_text(data, file)
