"""Reports open before a user who presses buttons: what is wrong in them, and what is seen of them."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import xlwings as xw
from cases import sound
from engine.looks import runs
from engine.printer import preview

import workbook
from workbook.excel.layout import CHECKS
from workbook.report import Report
from xlplugin import macros
from xlplugin.read import live_report
from xlplugin.talk import GIVEN, SEPARATOR, SHEETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from contextlib import AbstractContextManager

    from workbook.report import Place

    Open = Callable[..., AbstractContextManager[xw.Book]]


WRONG = {"applications.received.natural": 12, "services.licensing.decisions": None}
"""A wrong number and a blank in the sound base of 2021."""


def press(macro: Callable[..., object], addin: str = workbook.__version__) -> None:
    """Press a button, and answer as the user does what VBA asks; between the calls, as VBA does it."""
    app = xw.engines["excel"].impl.app
    where = app.api.Name, app.api.Path
    reply = _called(app, macros.press, macro.__name__, addin, *where)
    while reply:
        kind, *parts = reply.split(SEPARATOR)
        if kind in {"say", "grave"}:
            app.user.said.append(parts[0])
            app.user.undo = parts[1]
            break
        reply = _called(app, macros.answer, _answered(app, kind, *parts))


def _called(app: Any, function: Callable[..., str], *arguments: str) -> str:
    """Call Python for the workbook that is active, as ``Told`` of the class in VBA does."""
    if hasattr(xw.Book, "_mock_caller"):
        del xw.Book._mock_caller
    if app.books:
        xw.Book(impl=app.books.active).set_mock_caller()
    app.display_alerts = False
    reply = function(*arguments)
    assert app.display_alerts is False
    app.display_alerts = True
    return reply


def _answered(app: Any, kind: str, what: str, *more: str) -> str:
    """Return what VBA hands on of what the user answers, as ``Asked`` of the class does."""
    if kind == "open":
        app.api.Workbooks.Add(what)
        return ""
    if kind == "print":
        return preview(app.books.active, what.split(SHEETS))
    if kind == "text":
        app.user.proposed.append(more[0])
    answer = app.user.answer(what)
    if kind == "ask":
        assert answer in {"yes", "no"}, f"{answer} is no button of: {what}"
        return "yes" if answer == "yes" else ""
    if kind == "text" and answer is not False:
        return GIVEN + str(answer)
    return "" if answer is False else str(answer)


def wrong() -> Report:
    return sound("2021").with_cells(WRONG)


def looks(book: xw.Book) -> dict[str, Any]:
    """Return what the sheets show, how they are protected, their notes, and the fills of cells that may be marked."""
    shown: dict[str, Any] = {}
    for sheet in book.sheets:
        last = sheet.used_range.last_cell
        area = sheet.range((1, 1), (max(last.row, 12), max(last.column, 12)))
        content = area.options(ndim=2).formula if sheet.name != CHECKS else None  # no macro writes there
        shown[sheet.name] = content, protection(sheet)
    places = _places(book, repr((shown, book.impl.names)))
    for name in dict.fromkeys(place.sheet for place in places.values()):
        shown[f"{name}.notes"] = notes(book.sheets[name])
    for key in {*WRONG, "applications.received.total", *list(places)[::7]}:
        shown[key] = book.sheets[places[key].sheet].range(places[key].address).impl.fill
    return shown


_known: dict[str, Mapping[str, Place]] = {}


def _places(book: xw.Book, content: str) -> Mapping[str, Place]:
    """Return where the cells of the report stand: where sheets and names hold the same, in the same places."""
    digest = sha256(content.encode("utf-8", "surrogatepass")).hexdigest()
    if digest not in _known:
        _known[digest] = live_report(book).places
    return _known[digest]


def notes(sheet: xw.Sheet) -> dict[tuple[int, int], tuple[Any, ...]]:
    """Return what the notes of a sheet say, from whom and in which fonts, by row and column."""
    impl = sheet.impl
    return {at: (*found, list(runs(impl.cells(*at).letters))) for at, found in impl.notes.items()}


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
