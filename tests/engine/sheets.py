"""Excel for xlwings on Linux, quick: openpyxl holds the workbook, nothing is calculated but plain totals."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import datetime as dt
import os
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xlwings as xw
from openpyxl.utils import range_boundaries
from xlwings import base_classes

from engine.cells import COLUMNS, ROWS, Note, Range
from engine.com import ERRORS, AppApi, BookApi, File, SheetApi, failure, quoted
from engine.names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.user import User

_VISIBLE = {"visible": -1, "hidden": 0, "veryHidden": 2}
_TEXTS = {number: text for text, number in ERRORS.items()}


def _cleaned(value: Any, as_date: Any, as_empty: Any, as_number: Any, errors: Any) -> Any:
    if value in ("", None):
        return as_empty
    if isinstance(value, dt.datetime):
        parts = ("year", "month", "day", "hour", "minute", "second", "microsecond")
        return as_date(**{part: getattr(value, part) for part in parts}, tzinfo=None)
    if as_number is not None and isinstance(value, float):
        return as_number(value)
    if isinstance(value, int) and value in _TEXTS:
        return _TEXTS[value] if errors else None
    return value


class Engine:
    name, type = "excel", "desktop"

    def __init__(self, user: User) -> None:
        self.app = App(self, user)
        self.apps = Apps(self.app)

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        if isinstance(value, dt.date):
            return dt.datetime(*value.timetuple()[:6], getattr(value, "microsecond", 0))  # noqa: DTZ001
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data: Any, as_date: Any, as_empty: Any, as_number: Any, errors: Any) -> list[list[Any]]:
        return [[_cleaned(value, as_date, as_empty, as_number, errors) for value in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self, app: App) -> None:
        self._app = app

    def keys(self) -> list[int]:
        return [self._app.pid]

    def __iter__(self) -> Iterator[App]:
        yield self._app

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        return {self._app.pid: self._app}[pid]


class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    @property
    def active(self) -> Book:
        return Book(self.app.files[-1])

    def __call__(self, key: Any) -> Book:
        for number, book in enumerate(self, start=1):
            if key == number or str(key).lower() == book.name.lower():
                return book
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self.app.files)

    def __iter__(self) -> Iterator[Book]:
        return map(Book, tuple(self.app.files))

    def open(self, fullname: str, *_: Any) -> Book:
        return Book(self.app.open(Path(fullname)))


class App(base_classes.App):
    screen_updating = display_alerts = enable_events = interactive = visible = True
    status_bar: str | bool = False
    calculation, version, hwnd, pid = "automatic", "16.0", 1, os.getpid()

    def __init__(self, engine: Engine, user: User) -> None:
        self.engine, self.user = engine, user
        self.files: list[File] = []  # the active one last
        self._copies: dict[str, int] = {}

    api = property(AppApi)
    books = property(Books)
    path = property(lambda self: self.user.office_path)

    def open(self, path: Path, *, untitled: bool = False) -> File:
        name = path.name
        if untitled:
            self._copies[path.stem] = self._copies.get(path.stem, 0) + 1
            name = f"{path.stem}{self._copies[path.stem]}"
        self.files.append(File(self, path.read_bytes(), None if untitled else path, name))
        return self.files[-1]

    @property
    def selection(self) -> Range | None:
        return Book(self.files[-1]).sheets.active.selection if self.files else None

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002 - as xlwings calls it
        pass

    def calculate(self) -> None:
        pass

    @property
    def cut_copy_mode(self) -> str | None:
        return None if self.user.copied is None else "copy"

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: bool) -> None:
        self.user.copied = self.user.copied if value else None

    def alert(self, prompt: str, title: str, buttons: str | None, mode: str | None, callback: Any) -> str:  # noqa: ARG002
        choices = {None: (), "ok": (), "ok_cancel": ("ok", "cancel"), "yes_no": ("yes", "no")}[buttons]
        assert mode in {None, "info", "critical"}
        if not choices:
            self.user.said.append(prompt)
            return "ok"
        answer = self.user.answer(prompt)
        assert answer in choices, f"{answer} is no button of: {prompt}"
        return answer


class Book(base_classes.Book):
    def __init__(self, file: File) -> None:
        self.file = file

    api = property(lambda self: BookApi(self.file))
    app = property(lambda self: self.file.app)
    name = property(lambda self: self.file.name)
    fullname = property(lambda self: str(self.file.path or self.file.name))
    sheets = property(lambda self: Sheets(self.file))
    names = property(Names)

    def activate(self) -> None:
        self.app.files.remove(self.file)
        self.app.files.append(self.file)

    def close(self) -> None:
        self.app.files.remove(self.file)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        assert password is None, "openpyxl does not encrypt"
        file = self.file
        target = Path.cwd() / path if path else file.path or Path.cwd() / f"{file.name}.xlsx"
        file.wb.save(target)
        file.path, file.name, file.saved = target, target.name, True


class Sheets(base_classes.Sheets):
    def __init__(self, file: File) -> None:
        self.file = file

    @property
    def active(self) -> Sheet:
        return Sheet(self.file, self.file.wb.active)

    def __call__(self, key: Any) -> Sheet:
        for number, sheet in enumerate(self, start=1):
            if key == number or str(key).lower() == sheet.name.lower():
                return sheet
        raise failure("Subscript out of range")

    def __len__(self) -> int:
        return len(self.file.wb.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self.file, ws) for ws in self.file.wb.worksheets)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        self.file.fixed()
        self.file.change()
        taken = {sheet.name.lower() for sheet in self}
        title = next(f"Sheet{number}" for number in range(1, 999) if f"sheet{number}" not in taken)
        at = after.index if after else (before or self.active).index - 1
        sheet = Sheet(self.file, self.file.wb.create_sheet(title, at))
        sheet.activate()
        if name is not None:
            sheet.name = name
        return sheet


class FreezePanes(base_classes.FreezePanes):
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        area = self._sheet.range(frozen_range)
        self._sheet.file.change()
        below, beside = area.row + area.shape[0], area.column + area.shape[1]
        cell = self._sheet.ws.cell(1 if below > ROWS else below, 1 if beside > COLUMNS else beside)
        self._sheet.ws.freeze_panes = cell.coordinate

    def unfreeze(self) -> None:
        self._sheet.file.change()
        self._sheet.ws.freeze_panes = None


class Sheet(base_classes.Sheet):
    def __init__(self, file: File, ws: Any) -> None:
        self.file, self._ws = file, ws

    @property
    def ws(self) -> Any:
        if self._ws not in self.file.wb.worksheets or self.file not in self.file.app.files:
            raise failure("Object required")
        return self._ws

    api = property(lambda self: SheetApi(self.file, self.ws))
    book = property(lambda self: Book(self.file))
    index = property(lambda self: self.file.wb.worksheets.index(self.ws) + 1)
    cells = property(lambda self: Range(self, 1, 1, ROWS, COLUMNS))
    freeze_panes = property(FreezePanes)

    @property
    def name(self) -> str:
        return self.ws.title

    @name.setter
    def name(self, value: str) -> None:
        self.file.fixed()
        others = {ws.title.lower() for ws in self.file.wb.worksheets if ws is not self.ws}
        if not 0 < len(value) <= 31 or re.search(r"[\\/?*:\[\]]|^'|'$", value) or value.lower() in others:
            raise failure("That name is already taken or not valid.")
        self.file.change()
        old, self.ws.title = self.ws.title, value
        self.file.retell(old, quoted(value) + "!")

    @property
    def visible(self) -> int:
        return _VISIBLE[self.ws.sheet_state]

    @visible.setter
    def visible(self, value: Any) -> None:
        state = {-1: "visible", 0: "hidden", 2: "veryHidden"}[-value if isinstance(value, bool) else value]
        self.file.fixed()
        if state != "visible":
            self._others()
        self.file.change()
        self.ws.sheet_state = state

    def _others(self) -> list[Any]:
        others = [ws for ws in self.file.wb.worksheets if ws is not self.ws and ws.sheet_state == "visible"]
        if not others:
            raise failure("A workbook must contain at least one visible worksheet.")
        return others

    def allow(self, option: str) -> None:
        """Refuse what the protection of the sheet does not allow."""
        if self.api.ProtectContents and not getattr(self.api.Protection, option):
            raise failure("The sheet is protected.")

    def allow_drawing(self) -> None:
        """Refuse changes to notes where they are protected."""
        if self.api.ProtectDrawingObjects:
            raise failure("The sheet is protected.")

    def unlock(self, area: Range) -> None:
        """Refuse changes to cells that are locked."""
        if self.api.ProtectContents and any(cell.protection.locked for cell in area.styles()):
            raise failure("The cell or chart that you are trying to change is on a protected sheet.")

    def range(self, first: Any, second: Any = None) -> Range:
        if isinstance(first, tuple) and len(first) == 4:
            return Range(self, *first)
        if isinstance(first, int) and isinstance(second, int):
            first, second = (first, second), None
        corners = [self._box(corner) for corner in (first, second) if corner is not None]
        left, top = min(box[0] for box in corners), min(box[1] for box in corners)
        right, bottom = max(box[2] for box in corners), max(box[3] for box in corners)
        return Range(self, top, left, bottom - top + 1, right - left + 1)

    def _box(self, corner: Any) -> tuple[int, int, int, int]:
        if isinstance(corner, Range):
            height, width = corner.shape
            return corner.column, corner.row, corner.column + width - 1, corner.row + height - 1
        if isinstance(corner, tuple):
            if 0 in corner:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return corner[1], corner[0], corner[1], corner[0]
        try:
            left, top, right, bottom = range_boundaries(corner)
        except ValueError:
            named = self.book.names(corner).refers_to_range
            if named.sheet.ws is not self.ws:
                raise failure("Method 'Range' of object '_Worksheet' failed") from None
            return self._box(named)
        return left or 1, top or 1, right or COLUMNS, bottom or ROWS

    @property
    def used_range(self) -> Range:
        used = [at for at, cell in self.ws._cells.items() if cell.value is not None or cell.has_style]
        rows, columns = {row for row, _ in used} or {1}, {column for _, column in used} or {1}
        top, left = min(rows), min(columns)
        return Range(self, top, left, max(rows) - top + 1, max(columns) - left + 1)

    @property
    def notes(self) -> list[Note]:
        cells = (Range(self, *at) for at, cell in sorted(self.ws._cells.items()) if cell.comment is not None)
        return [cell.note for cell in cells if cell.note is not None]

    @property
    def selection(self) -> Range:
        """What is selected when the sheet is shown."""
        if self.ws not in self.file.selected:
            kept = self.ws.sheet_view.selection
            left, top, right, bottom = range_boundaries(str(kept[-1].sqref).split()[0] if kept else "A1")
            return Range(self, top, left, bottom - top + 1, right - left + 1)
        return Range(self, *self.file.selected[self.ws])

    def activate(self) -> None:
        if self.ws.sheet_state != "visible":
            raise failure("Activate method of Worksheet class failed")
        self.file.wb.active = self.ws
        for ws in self.file.wb.worksheets:
            ws.sheet_view.tabSelected = ws is self.ws

    select = activate

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def delete(self) -> None:
        self.file.fixed()
        others, place, ws = self._others(), self.index, self.ws
        self.file.change()
        shown = self.file.wb.active
        self.file.retell(self.name, "#REF!")
        self.file.wb.remove(ws)
        following = [other for other in self.file.wb.worksheets[place - 1 :] if other in others]
        Sheet(self.file, shown if shown is not ws else (following or others[-1:])[0]).activate()


@contextmanager
def spreadsheet(path: Path, user: User) -> Iterator[xw.Book]:
    """Open a workbook in front of a user, as the one that calls the macros."""
    engine, before = xw.Engine(impl=Engine(user)), (xw.engines.active, xw.engines.engines_by_name.get("excel"))
    xw.engines.add(engine)
    engine.activate()
    try:
        book = xw.Book(impl=Book(engine.impl.app.open(path)))
        book.set_mock_caller()
        yield book
    finally:
        engine.impl.app.files.clear()
        if hasattr(xw.Book, "_mock_caller"):
            del xw.Book._mock_caller
        xw.engines.engines.remove(engine)
        xw.engines.active = before[0]
        if before[1] is None:
            del xw.engines.engines_by_name["excel"]
        else:
            xw.engines.engines_by_name["excel"] = before[1]
