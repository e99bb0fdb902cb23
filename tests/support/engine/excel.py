"""Excel's object model as xlwings asks for it, shared by both engines: the user's program, workbooks, sheets, names."""
# ruff: noqa: D101, D102, N802, N803 - names and meaning are those of Excel's object model

from __future__ import annotations

import datetime as dt
import os
import re
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import xlwings as xw
from openpyxl.utils import range_boundaries
from xlwings.utils import fullname_url_to_local_path, read_config_sheet

from engine.names import Names
from engine.rules import ALLOWED, ERRORS, SELECTING, failure, opens, protection, quoted, retold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.ranges import Range
    from engine.user import User

WAITING = "Microsoft Excel is waiting for another application to complete an OLE action."
"""What becomes of a dialog that is shown while Python is being called."""
_VISIBLE = -1
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")


class Engine:
    name, type = "excel", "desktop"

    def __init__(self, app: App) -> None:
        self.app, self.apps = app, [app]

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return "" if value is None else value

    @staticmethod
    def clean_value_data(data: Any, as_date: Any, as_empty: Any, as_number: Any, errors: Any) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return as_empty
            if isinstance(value, dt.datetime):
                return as_date(**{part: getattr(value, part) for part in _PARTS}, tzinfo=None)
            if as_number is not None and isinstance(value, float):
                return as_number(value)
            if isinstance(value, int) and value in ERRORS:
                return ERRORS[value] if errors else None
            return value

        return [[clean(value) for value in row] for row in data]


class Books(list["Book"]):
    """The workbooks that are open, the active one last."""

    active = property(lambda self: self[-1])


class App:
    screen_updating = display_alerts = enable_events = interactive = visible = True
    status_bar: str | bool = False
    calculation, cut_copy_mode = "automatic", None
    version, pid = "16.0", os.getpid()

    def __init__(self, user: User, load: Callable[[App, Path], Book]) -> None:
        self.user, self._load = user, load
        self.engine, self.api, self.books = Engine(self), AppApi(self), Books()
        self._copies: Counter[str] = Counter()

    def open(self, path: Path, *, untitled: bool = False) -> Book:
        """Open a workbook, or a copy of it that has no file yet, before the user."""
        book = self._load(self, path)
        self._copies[path.stem] += untitled
        book.path, book.name = (None, f"{path.stem}{self._copies[path.stem]}") if untitled else (path, path.name)
        self.books.append(book)
        return book

    @property
    def selection(self) -> Range:
        sheet = self.books.active.sheets.active
        return sheet.cells(*(sheet.selected or (1, 1)))

    def activate(self, steal_focus: bool = False) -> None:  # noqa: FBT001, FBT002 - as xlwings calls it
        pass

    def calculate(self) -> None:
        pass  # formulas always show what is calculated

    def alert(self, *_: Any, **__: Any) -> str:
        raise failure(WAITING)


class AppApi:
    Name, Version = "Microsoft Excel", "16.0"

    def __init__(self, app: App) -> None:
        self._app, self._user = app, app.user
        self.Workbooks = SimpleNamespace(Add=self._add)

    Path = property(lambda self: self._user.office_path)
    UserName = property(lambda self: self._user.name)

    @property
    def ActiveCell(self) -> SimpleNamespace:
        if isinstance(self._app.books.active.sheets.active, ChartSheet):
            raise failure("Unable to get the ActiveCell property of the Application class")
        first = self._app.selection.merge_area
        return SimpleNamespace(Row=first.row, Column=first.column, Activate=self._app.selection.select)

    @property
    def Selection(self) -> SimpleNamespace:
        shown = self._app.books.active.sheets.active
        return SimpleNamespace(Select=shown.select if isinstance(shown, ChartSheet) else self._app.selection.select)

    ProtectedViewWindows = property(lambda self: SimpleNamespace(Count=self._user.protected_views))

    def InputBox(self, *_: Any, **__: Any) -> Any:
        raise failure(WAITING)

    GetOpenFilename = GetSaveAsFilename = InputBox

    def _add(self, Template: str) -> BookApi:
        if not Path(Template).is_file():
            raise failure(f"Sorry, we could not find {Template}.")
        return self._app.open(Path(Template), untitled=True).api


class Book:
    """A workbook that is open.

    What holds it adds ``fixed``, ``insert``, ``remove``, ``store`` and ``close``.
    """

    path: Path | None
    name: str
    fixed: bool
    """Whether the structure is protected."""
    cloud: str | None = None
    """The address of its folder where it lies in the cloud."""

    def __init__(self, app: App) -> None:
        self.app, self.saved = app, True
        self.sheets, self.names = Sheets(self), Names(self)

    @property
    def api(self) -> BookApi:
        return BookApi(self)

    @property
    def address(self) -> str:
        """What Excel calls its whole name: a URL where it lies in the cloud."""
        return f"{self.cloud}/{self.name}" if self.cloud else str(self.path or self.name)

    @property
    def fullname(self) -> str:
        """The file, as xlwings finds it on Windows: that of a URL with a sheet of the workbook itself as its guide."""
        if self.cloud is None:
            return self.address
        guide = read_config_sheet(xw.Book(impl=self))
        names = "ONEDRIVE_CONSUMER_WIN", "ONEDRIVE_COMMERCIAL_WIN", "SHAREPOINT_WIN"
        return fullname_url_to_local_path(self.address, *(guide.get(name) for name in names))

    def change(self) -> None:
        """Note that the workbook is about to change, which may fail."""
        self.app.user.change()
        self.saved = False

    def change_structure(self) -> None:
        if self.fixed:
            raise failure("Workbook is protected and cannot be changed.")
        self.change()

    def retell(self, title: str, replacement: str) -> None:
        """Write another sheet, or an error, where a sheet is named: what holds it does so in its formulas."""
        for name, text in self.names.items():
            self.names[name] = retold(text, title, replacement)

    def activate(self) -> None:
        self.app.books.remove(self)
        self.app.books.append(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        target = Path(path) if path else self.path
        assert target is not None, "a copy has no file yet"
        assert target.suffix == ".xlsx"
        assert password is None
        self.store(target)
        self.path, self.name, self.saved = target, target.name, True


class BookApi:
    def __init__(self, book: Book) -> None:
        self._book = book

    Path = property(lambda self: str(self._book.path.parent) if self._book.path else "")
    FullName = property(lambda self: self._book.address)
    ProtectStructure = property(lambda self: self._book.fixed)
    Saved = property(lambda self: self._book.saved)


class Sheets(list["Sheet"]):
    active: Sheet | ChartSheet

    def __init__(self, book: Book) -> None:
        super().__init__()
        self._book = book

    def __call__(self, key: int | str) -> Sheet:
        for number, sheet in enumerate(self, 1):
            if key == number or str(key).lower() == sheet.name.lower():
                return sheet
        raise failure("Subscript out of range")

    def add(self, before: Sheet, after: None, name: None) -> Sheet:
        assert after is name is None
        self._book.change_structure()
        taken = {sheet.name.lower() for sheet in self}
        title = next(f"Sheet{number}" for number in range(1, 999) if f"sheet{number}" not in taken)
        at = before.index - 1
        self.insert(at, self._book.insert(at, title))
        self[at].activate()
        return self[at]


class ChartSheet:
    """A sheet that holds a chart and no cells; it is none of the worksheets of its workbook."""

    name, visible = "图表1", _VISIBLE

    def __init__(self, book: Book) -> None:
        self.book = book

    def activate(self) -> None:
        self.book.sheets.active = self

    select = activate

    def range(self, *_: Any) -> Any:
        raise failure("Object doesn't support this property or method")


class Sheet:
    """A sheet.

    What holds it adds ``title``, ``state``, ``protection``, ``used`` (a box of cells), ``notes`` (texts and authors by
    row and column), ``merged`` (areas by the row and column of each of their cells) and ``cells``.
    """

    title: str
    state: int
    protection: Any
    cells: Callable[..., Range]

    def __init__(self, book: Book, native: Any) -> None:
        self.book, self._native = book, native
        self.selected: tuple[int, ...] | None = None
        self.letters: dict[tuple[int, int], list[dict[str, Any]]] = {}  # fonts in notes, which neither program keeps

    @property
    def api(self) -> SheetApi:
        return SheetApi(self)

    index = property(lambda self: self.book.sheets.index(self) + 1)
    used_range = property(lambda self: self.cells(*self.used))

    @property
    def native(self) -> Any:
        """The sheet of openpyxl or LibreOffice; a sheet that was deleted cannot be used any more."""
        if self not in self.book.sheets:
            raise failure("Object required")
        return self._native

    @property
    def name(self) -> str:
        return self.title

    @name.setter
    def name(self, value: str) -> None:
        others = {sheet.name.lower() for sheet in self.book.sheets if sheet is not self}
        if not 0 < len(value) <= 31 or re.search(r"[\\/?*:\[\]]|^'|'$", value) or value.lower() in others:
            raise failure("That name is already taken or not valid.")
        self.book.change_structure()
        self.book.retell(self.title, quoted(value) + "!")
        self.title = value

    def allow(self, option: str) -> None:
        """Refuse what the protection of the sheet does not allow."""
        if self.protection.sheet and getattr(self.protection, ALLOWED[option]):
            raise failure("The cell or chart that you are trying to change is on a protected sheet.")

    def range(self, first: Any, second: Any = None) -> Range:
        boxes = [self._box(corner) for corner in (first, second) if corner is not None]
        left, top, right, bottom = (
            pick(at) for pick, at in zip((min, min, max, max), zip(*boxes, strict=True), strict=True)
        )
        return self.cells(top, left, bottom - top + 1, right - left + 1)

    @staticmethod
    def _box(corner: Any) -> tuple[int, ...]:
        if isinstance(corner, str):
            return range_boundaries(corner)
        if isinstance(corner, tuple):
            if 0 in corner:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return corner[1], corner[0], corner[1], corner[0]
        (height, width), row, column = corner.shape, corner.row, corner.column
        return column, row, column + width - 1, row + height - 1

    def activate(self) -> None:
        if self.state != _VISIBLE:
            raise failure("Activate method of Worksheet class failed")
        self.book.sheets.active = self

    select = activate

    @property
    def visible(self) -> int:
        return self.state

    @visible.setter
    def visible(self, value: int) -> None:
        state = _VISIBLE if value is True else int(value)
        following = self if state == _VISIBLE else self._next()
        self.book.change_structure()
        self.state = state
        if self.book.sheets.active is self:
            following.activate()

    def delete(self) -> None:
        following = self._next()
        self.book.change_structure()
        self.book.retell(self.title, "#REF!")
        self.book.remove(self)
        self.book.sheets.remove(self)
        if self.book.sheets.active is self:
            following.activate()

    def _next(self) -> Sheet:
        """Return the sheet to be shown when this one cannot be any more."""
        at = self.index
        others = [
            sheet for sheet in self.book.sheets[at:] + self.book.sheets[: at - 1][::-1] if sheet.state == _VISIBLE
        ]
        if not others:
            raise failure("A workbook must contain at least one visible worksheet.")
        return others[0]


class SheetApi:
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    Visible = property(lambda self: self._sheet.state, lambda self, value: setattr(self._sheet, "visible", value))
    ProtectContents = property(lambda self: bool(self._sheet.protection.sheet))
    ProtectDrawingObjects = property(lambda self: bool(self._sheet.protection.objects))
    ProtectScenarios = property(lambda self: bool(self._sheet.protection.scenarios))

    @property
    def Protection(self) -> SimpleNamespace:
        protection = self._sheet.protection
        return SimpleNamespace(**{option: not getattr(protection, flag) for option, flag in ALLOWED.items()})

    @property
    def EnableSelection(self) -> int:
        protection = self._sheet.protection
        return SELECTING[bool(protection.selectLockedCells), bool(protection.selectUnlockedCells)]

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        protection, flags = self._sheet.protection, {number: flags for flags, number in SELECTING.items()}
        protection.selectLockedCells, protection.selectUnlockedCells = flags[value]

    def Unprotect(self, Password: str = "") -> None:
        if not opens(self._sheet.protection, Password):
            raise failure("The password you supplied is not correct.")
        self._replace(protection(Contents=False, DrawingObjects=False, Scenarios=False))

    def Protect(self, **options: Any) -> None:
        self._replace(protection(**options))

    def _replace(self, new: Any) -> None:
        was = self._sheet.protection
        new.selectLockedCells, new.selectUnlockedCells = was.selectLockedCells, was.selectUnlockedCells
        self._sheet.protection, self._sheet.book.saved = new, False


@contextmanager
def opened(app: App, path: Path) -> Iterator[xw.Book]:
    """Open a workbook before the user; it is what macros take for the workbook that called them."""
    engine, before = xw.Engine(impl=app.engine), (xw.engines.active, xw.engines.engines_by_name.get("excel"))
    xw.engines.add(engine)
    engine.activate()
    try:
        book = xw.Book(impl=app.open(path))
        book.set_mock_caller()
        with app.user.clipboard.installed():
            yield book
    finally:
        for impl in app.books:
            impl.close()
        if hasattr(xw.Book, "_mock_caller"):
            del xw.Book._mock_caller
        xw.engines.engines.remove(engine)
        xw.engines.active = before[0]
        xw.engines.engines_by_name.pop("excel")
        if before[1] is not None:
            xw.engines.engines_by_name["excel"] = before[1]
