"""Excel's preview of sheets before they are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from engine.excel import Book

SHOWN = -1
SUBSCRIPT = "Subscript out of range"
FAILED = "PrintPreview method of Sheets class failed"
NO_PRINTER = "No printers are installed. To install a printer, click the File tab, and then click Print."


def preview(book: Book, names: Sequence[str]) -> str:
    """Show sheets to the user from the left, whatever order they are named in; return why it cannot be done."""
    sheets = [next((sheet for sheet in book.sheets if sheet.name.lower() == name.lower()), None) for name in names]
    if not sheets or None in sheets:
        return SUBSCRIPT
    if any(sheet.state != SHOWN for sheet in sheets if sheet):
        return FAILED
    if not book.app.user.has_printer:
        return NO_PRINTER
    book.app.user.previewed.append([sheet.name for sheet in book.sheets if sheet in sheets])
    return ""
