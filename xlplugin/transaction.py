"""Changes to an open workbook that are taken back together where one of them fails."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Any, Self

from xlplugin.excel import add_sheet, is_formula
from xlplugin.looks import fill_of, note_of, put_fill
from xlplugin.undo import Written, Wrote

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from xlwings import Range, Sheet

    from xlplugin.excel import Desk
    from xlplugin.looks import Fill


class Transaction:
    """The writes of one macro.

    Used as a context: protection is lifted on the sheets that are written to and is back afterwards; meanwhile Excel
    neither draws nor calculates; an exception undoes every write in reverse order before it goes on, and
    ``Desk.undone`` says how many could not be undone. What the user looked at is shown again.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._undo: list[Callable[[], object]] = []
        self._drops: list[Sheet] = []
        self._opened: set[str] = set()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        if self.desk.written is None:
            self.desk.written = Written(frozenset(sheet.name for sheet in self.desk.book.sheets))
        self._stack.enter_context(self.desk.paused())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if kind is None:
                dropped = 0
                try:
                    for sheet in self._drops:
                        _drop(sheet)
                        dropped += 1
                except BaseException:
                    self._take_back()
                    self.desk.undone = (self.desk.undone or 0) + dropped
                    raise
            else:
                self._take_back()

    def set_value(self, cell: Range, value: Any) -> None:
        """Put a value into a cell; a text stays a text, whatever it begins with."""
        self._open(cell.sheet)
        was, formula = (cell.formula, True) if is_formula(cell) else (cell.value, False)
        self._undo.append(lambda: _put_content(cell, was, formula=formula))
        cell.value = literal(cell, value)
        if self.desk.written:
            self.desk.written.put(Wrote(cell, was, formula, value))

    def put_back(self, wrote: Wrote) -> None:
        """Put into a cell what it held before a button wrote into it."""
        cell, now = wrote.cell, wrote.now
        self._open(cell.sheet)
        self._undo.append(lambda: _put_content(cell, now, formula=False))
        _put_content(cell, wrote.was, formula=wrote.formula)

    def set_fill(self, cell: Range, fill: Fill) -> None:
        """Fill a cell.

        Raises:
            ValueError: its own fill could not be put back.
        """
        was = fill_of(cell)
        if was is None:
            raise ValueError(f"{cell.address}: a fill that cannot be put back")
        self._open(cell.sheet)
        self._undo.append(lambda: put_fill(cell, was))
        put_fill(cell, fill)

    def set_comment(self, cell: Range, text: str | None) -> None:
        """Give a cell's comment this text, or a cell a comment; ``None`` takes it away."""
        self._open(cell.sheet)
        was = note_of(cell)
        self._undo.append(lambda: _put_comment(cell, was))
        _put_comment(cell, text)

    def define_name(self, name: str, refers_to: str) -> None:
        """Define a name of the workbook."""
        names = self.desk.book.names
        if self.desk.written:
            self.desk.written.names.setdefault(name, names[name].refers_to if name in names else None)
        if name in names:
            known = names[name]
            was = known.refers_to
            self._undo.append(lambda: setattr(known, "refers_to", was))
            known.refers_to = refers_to
        else:
            names.add(name, refers_to)
            self._undo.append(names[name].delete)

    def forget_name(self, name: str) -> None:
        """Delete a name of the workbook."""
        names = self.desk.book.names
        if name in names:
            refers_to = str(names[name].refers_to)
            self._undo.append(lambda: names.add(name, refers_to))
            names[name].delete()

    def add_sheet(self, name: str) -> Sheet:
        """Add a sheet before all others; one of this name gives way to it."""
        sheets = self.desk.book.sheets
        if name in [sheet.name for sheet in sheets]:
            old = sheets[name]
            self.delete_sheet(old)
            self._undo.append(lambda: setattr(old, "name", name))
            old.name = f"{name}（旧）"
        sheet = add_sheet(self.desk)
        self._undo.append(lambda: _drop(sheet))
        sheet.name = name
        return sheet

    def delete_sheet(self, sheet: Sheet) -> None:
        """Delete a sheet when all else is done, for that cannot be undone."""
        self.desk.refuse_fixed_sheets()
        self._drops.append(sheet)

    def _take_back(self) -> None:
        """Undo every write; one that cannot be undone does not keep the others."""
        failed = 0
        while self._undo:
            step = self._undo.pop()
            try:
                step()
            except Exception:  # noqa: BLE001 - told by the number
                failed += 1
        self.desk.undone = failed

    def _open(self, sheet: Sheet) -> None:
        if sheet.name not in self._opened:
            self._stack.enter_context(self.desk.unlocked(sheet))
            self._opened.add(sheet.name)


def _put_content(cell: Range, content: Any, *, formula: bool) -> None:
    if formula:
        cell.formula = content
    else:
        cell.value = literal(cell, content)


def literal(cell: Range, value: Any) -> Any:
    """Return what to assign so that a text is stored as it is: Excel takes ``=1+1`` or ``3-4`` for another thing."""
    if not isinstance(value, str) or not value:
        return value
    return value if cell.number_format == "@" and not value.startswith("'") else f"'{value}"


def _put_comment(cell: Range, text: str | None) -> None:
    """Give a comment another text, so that it keeps its size and place; or make one, or delete it."""
    note = cell.note
    if note is None:
        if text:
            cell.add_note(text)
    elif text:
        note.text = text
    else:
        note.delete()


def _drop(sheet: Sheet) -> None:
    """Delete a sheet without Excel asking; one that is very hidden cannot be deleted before it is shown."""
    app, shown = sheet.book.app, sheet.visible
    asking, app.display_alerts = app.display_alerts, False
    try:
        sheet.visible = True
        sheet.delete()
    except BaseException:
        with suppress(Exception):
            sheet.visible = shown
        raise
    finally:
        with suppress(Exception):
            app.display_alerts = asking
