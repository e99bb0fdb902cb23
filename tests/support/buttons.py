"""Reports open before a user who presses buttons: what is wrong in them, and what is seen of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlwings as xw
from cases import sound
from engine.looks import runs

from workbook.excel.layout import CHECKS
from workbook.report import Report
from xlplugin.read import live_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    Open = Callable[..., AbstractContextManager[xw.Book]]


WRONG = {"applications.received.natural": 12, "services.licensing.decisions": None}
"""A wrong number and a blank in the sound base of 2021."""


def wrong() -> Report:
    return sound("2021").with_cells(WRONG)


def looks(book: xw.Book) -> dict[str, Any]:
    """Return what the sheets show, how they are protected, and how the cells that may be marked look."""
    shown: dict[str, Any] = {}
    for sheet in book.sheets:
        last = sheet.used_range.last_cell
        area = sheet.range((1, 1), (max(last.row, 12), max(last.column, 12)))
        content = area.options(ndim=2).formula if sheet.name != CHECKS else None  # no macro writes there
        shown[sheet.name] = content, protection(sheet)
    report = live_report(book)
    for key in {*WRONG, "applications.received.total", *list(report.places)[::7]}:
        cell = at(book, key, report)
        shown[key] = look(cell)
    return shown


def look(cell: xw.Range) -> tuple[Any, ...]:
    """Return the fill of a cell, and what its note says, from whom and in which fonts."""
    impl = cell.impl
    return impl.fill, impl.comment, impl.author if impl.comment else None, list(runs(impl.letters))


def protection(sheet: xw.Sheet) -> tuple[Any, ...]:
    api = sheet.api
    flags = (
        "AllowFormattingCells",
        "AllowFormattingColumns",
        "AllowFormattingRows",
        "AllowInsertingRows",
        "AllowFiltering",
    )
    return api.ProtectContents, api.ProtectDrawingObjects, *(bool(getattr(api.Protection, flag)) for flag in flags)


def at(book: xw.Book, key: str, report: Report | None = None) -> xw.Range:
    place = (report or live_report(book)).places[key]
    return book.sheets[place.sheet].range(place.address)
