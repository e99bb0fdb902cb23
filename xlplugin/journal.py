"""Changes to an open workbook that are taken back together where one of them fails."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Self

from xlplugin.desk import is_formula

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from xlwings import Range, Sheet

    from xlplugin.desk import Desk

Colour = tuple[int, int, int] | None


class Journal:
    """The writes of one macro.

    Used as a context: protection is lifted on the sheets that are written to and is back afterwards; an exception
    undoes every write in reverse order before it goes on. What the user looked at is shown again.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._undo: list[Callable[[], None]] = []
        self._opened: set[str] = set()
        self._last: list[Callable[[], None]] = []
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._view = self.desk.selection
        self.desk.app.screen_updating = False
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
            else:
                self._take_back()
        finally:
            self._stack.close()
            self._show_again()
            self.desk.app.screen_updating = True

    def value(self, cell: Range, value: Any) -> None:
        """Put a value into a cell; a text stays a text, whatever it begins with."""
        self._open(cell.sheet)
        formula, before = is_formula(cell), cell.value
        was = cell.formula if formula else before
        self._undo.append(
            lambda: setattr(cell, "formula", was) if formula else setattr(cell, "value", _literal(cell, was))
        )
        cell.value = _literal(cell, value)

    def colour(self, cell: Range, colour: Colour) -> None:
        """Colour a cell; ``None`` is no colour."""
        self._open(cell.sheet)
        was = cell.color
        self._undo.append(lambda: setattr(cell, "color", was))
        cell.color = colour

    def note(self, cell: Range, text: str | None) -> None:
        """Give a cell a comment in place of the one it has; ``None`` takes it away."""
        self._open(cell.sheet)
        was = note_of(cell)
        self._undo.append(lambda: _put_note(cell, was))
        _put_note(cell, text)

    def name(self, name: str, refers_to: str) -> None:
        """Define a name of the workbook."""
        names = self.desk.book.names
        if name in names:
            known = names[name]
            was = known.refers_to
            self._undo.append(lambda: setattr(known, "refers_to", was))
            known.refers_to = refers_to
        else:
            names.add(name, refers_to)
            self._undo.append(names[name].delete)

    def sheet(self, name: str) -> Sheet:
        """Add a sheet before all others; one of this name gives way to it when all else is done."""
        self.desk.refuse_fixed_sheets()
        sheets = self.desk.book.sheets
        taken = [sheet.name for sheet in sheets]
        sheet = sheets.add(before=sheets[0])
        self._undo.append(lambda: _drop(sheet))
        sheet.name = name if name not in taken else f"{name}（新）"
        if name in taken:
            self.drop(sheets[name])
            self._last.append(lambda: setattr(sheet, "name", name))
        return sheet

    def drop(self, sheet: Sheet) -> None:
        """Delete a sheet when all else is done, for that cannot be undone."""
        self.desk.refuse_fixed_sheets()
        self._last.append(lambda: _drop(sheet))

    def _finish(self) -> None:
        try:
            for step in self._last:
                step()
        except BaseException:
            self._take_back()
            raise

    def _take_back(self) -> None:
        while self._undo:
            self._undo.pop()()

    def _show_again(self) -> None:
        sheet, address = self._view
        if sheet in [other.name for other in self.desk.book.sheets]:
            self.desk.select(sheet, address)

    def _open(self, sheet: Sheet) -> None:
        if sheet.name not in self._opened:
            self._stack.enter_context(self.desk.unlocked(sheet))
            self._opened.add(sheet.name)


def note_of(cell: Range) -> str | None:
    """Return the text of a cell's comment."""
    note = cell.note
    return note.text if note is not None else None


def _put_note(cell: Range, text: str | None) -> None:
    note = cell.note
    if note is not None:
        note.delete()
    if text:
        cell.add_note(text)


def _literal(cell: Range, value: Any) -> Any:
    """Return what to assign so that a text is stored as it is: Excel takes ``=1+1`` or ``3-4`` for another thing."""
    return f"'{value}" if isinstance(value, str) and value and cell.number_format != "@" else value


def _drop(sheet: Sheet) -> None:
    app = sheet.book.app
    asking, app.display_alerts = app.display_alerts, False
    try:
        sheet.delete()
    finally:
        app.display_alerts = asking
