"""Excel for xlwings on Linux, true: LibreOffice holds the workbook and calculates it; what it lacks stands here."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import datetime as dt
import os
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import xlwings as xw
from office import _properties
from xlwings import base_classes

from engine.calc_api import ERRORS, AppApi, BookApi, excel, failure, lock, translated, unlock
from engine.calc_names import Names
from engine.calc_sheets import Sheet, Sheets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

    from engine.calc_cells import Range
    from engine.user import User

_FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}
_EXCEL_A1 = 1  # the way of writing addresses
_PARTS = ("year", "month", "day", "hour", "minute", "second", "microsecond")


class Engine:
    name, type = "excel", "desktop"

    def __init__(self, user: User, office: Office) -> None:
        self.app = App(self, user, office)

    apps = property(lambda self: Apps(self.app))

    @staticmethod
    def prepare_xl_data_element(value: Any, _: Any) -> Any:
        return "" if value is None or value != value else value  # noqa: PLR0124 - what is not a number

    @staticmethod
    def clean_value_data(data: Any, date: Any, empty: Any, number: Any, err_to_str: Any) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value in ("", None):
                return empty
            if isinstance(value, dt.datetime):
                return date(**{part: getattr(value, part) for part in _PARTS}, tzinfo=None)
            if number is not None and isinstance(value, float):
                return number(value)
            if isinstance(value, int) and value in ERRORS:
                return ERRORS[value] if err_to_str else None
            return value

        return [[clean(value) for value in row] for row in data]


class Apps(base_classes.Apps):
    def __init__(self, app: App) -> None:
        self._app = app

    def keys(self) -> list[int]:
        return [self._app.pid]

    def __iter__(self) -> Iterator[App]:
        return iter([self._app])

    def __len__(self) -> int:
        return 1

    def __getitem__(self, pid: int) -> App:
        if pid != self._app.pid:
            raise KeyError("Could not find an Excel instance with this PID.")
        return self._app


@excel
class App(base_classes.App):
    screen_updating = display_alerts = enable_events = interactive = visible = True
    status_bar: Any = False
    calculation, version, hwnd = "automatic", "16.0", 1
    engine: Any = None
    api: Any = None

    def __init__(self, engine: Engine, user: User, office: Office) -> None:
        self.engine, self.user, self.office = engine, user, office
        self.open_books: list[Book] = []
        self.active: Book | None = None
        self.api = AppApi(self)

    books = property(lambda self: Books(app=self))
    pid = property(lambda _: os.getpid())
    path = property(lambda self: self.user.office_path)
    xl = property(lambda self: self.api)

    def open(self, path: Path, *, untitled: bool = False) -> Book:
        """Open a workbook, or a copy of it that has no file yet, and show it."""
        stem = f"{path.stem}{sum(book.made_from == path.stem for book in self.open_books) + 1}"
        book = Book(self, path, stem if untitled else None)
        self.open_books.append(book)
        self.active = book
        return book

    @property
    def selection(self) -> Range | None:
        return self.active.active.selection if self.active else None

    @property
    def cut_copy_mode(self) -> str | None:
        return "copy" if self.user.copied else None

    @cut_copy_mode.setter
    def cut_copy_mode(self, value: Any) -> None:
        if not value:
            self.user.copied = None

    def calculate(self) -> None:
        for book in self.open_books:
            book.document.calculateAll()

    def activate(self, steal_focus: Any = None) -> None:
        pass

    def alert(self, prompt: str, title: Any, buttons: str | None, mode: Any, callback: Any) -> str:  # noqa: ARG002
        if buttons in {None, "ok"}:
            self.user.said.append(prompt)
            return "ok"
        return self.user.answer(prompt)

    def quit(self) -> None:
        for book in list(self.open_books):
            book.close()

    def kill(self) -> None:
        self.quit()


@excel
class Books(base_classes.Books):
    def __init__(self, app: App) -> None:
        self.app = app

    app: Any = None
    api = property(lambda self: self.app.api.Workbooks)

    @property
    def active(self) -> Book:
        if self.app.active is None:
            raise failure("Object required")
        return self.app.active

    def __call__(self, key: int | str) -> Book:
        books = self.app.open_books
        if isinstance(key, str):
            books, key = [book for book in books if book.name.lower() == key.lower()], 1
        if not 1 <= key <= len(books):
            raise KeyError(key)
        return books[key - 1]

    def __len__(self) -> int:
        return len(self.app.open_books)

    def __iter__(self) -> Iterator[Book]:
        return iter(list(self.app.open_books))

    def open(self, fullname: str, *_: Any, **__: Any) -> Book:
        return self.app.open(Path(fullname))


@excel
class Book(base_classes.Book):
    app: Any = None

    def __init__(self, app: App, path: Path, untitled: str | None) -> None:
        self.app, self.made_from, self.saved = app, path.stem if untitled else None, True
        self.path = None if untitled else path.resolve()
        self._untitled = untitled
        self._open = ExitStack()
        self._folder = Path(self._open.enter_context(TemporaryDirectory()))
        locks, self.structure = unlock(path, self._folder / path.name)
        self.document = self._open.enter_context(app.office.open(self._folder / path.name))
        self.document.calculateAll()
        self._parser = self.document.createInstance("com.sun.star.sheet.FormulaParser")
        self._parser.CompileEnglish, self._parser.FormulaConvention = True, _EXCEL_A1
        self._formats: dict[int, tuple[int, str]] = {}
        self.names_apart: dict[str, str] = {}
        self.tabs = [Sheet(self, xl, locks[xl.Name]) for xl in self.document.Sheets]
        self.view = self.document.CurrentController  # there is none where LibreOffice shows nothing
        shown = self.view.ActiveSheet.Name if self.view else None
        self.active = next((sheet for sheet in self.tabs if sheet.name == shown), self.tabs[0])

    api = property(BookApi)
    name = property(lambda self: self.path.name if self.path else self._untitled)
    fullname = property(lambda self: str(self.path or self._untitled))
    sheets = property(Sheets)
    names = property(Names)

    def activate(self) -> None:
        self.app.active = self

    def close(self) -> None:
        self._open.close()
        self.app.open_books.remove(self)
        if self.app.active is self:
            self.app.active = self.app.open_books[-1] if self.app.open_books else None

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password:
            raise NotImplementedError("passwords of files")
        target = Path(path) if path else self.path or Path(f"{self.name}.xlsx")
        if target.suffix.lower() not in _FILTERS:
            raise failure(f"SaveAs: {target.suffix}")
        made = self._folder / "saved"
        self.document.storeToURL(made.as_uri(), _properties(FilterName=_FILTERS[target.suffix.lower()]))
        lock(made, target, [sheet.lock for sheet in self.tabs], self.structure, self.names_apart)
        self.path, self.saved = target.resolve(), True

    def change(self) -> None:
        """Note that the workbook is about to change, which may fail."""
        self.app.user.change()
        self.saved = False

    def change_structure(self) -> None:
        if self.api.ProtectStructure:
            raise failure("Workbook is protected and cannot be changed.")
        self.change()

    def number_format(self, key: int) -> tuple[int, str]:
        """Return kind and code of a number format."""
        if key not in self._formats:
            found = self.document.NumberFormats.getByKey(key)
            self._formats[key] = found.Type & ~1, found.FormatString  # without the mark of formats that users made
        return self._formats[key]

    def number_key(self, code: str) -> int:
        from com.sun.star.lang import Locale  # can be imported once LibreOffice runs

        formats, english = self.document.NumberFormats, Locale("en", "US", "")
        if code == "General":
            return 0
        key = formats.queryKey(code, english, False)  # noqa: FBT003
        return key if key != -1 else formats.addNew(code, english)

    def tokens(self, formula: str, address: Any) -> Any:
        """Return a formula that begins with ``=`` as LibreOffice takes it."""
        return self._parser.parseFormula(translated(formula[1:], to_excel=False), address)

    def formula(self, tokens: Any, address: Any) -> str:
        return "=" + translated(self._parser.printFormula(tokens, address), to_excel=True)


@contextmanager
def spreadsheet(path: Path, user: User, office: Office) -> Iterator[xw.Book]:
    """Open a workbook before a user; it is what macros take for the workbook that called them."""
    engine, before = xw.Engine(impl=Engine(user, office)), xw.engines.active
    xw.engines.add(engine)
    engine.activate()
    try:
        book = xw.Book(impl=engine.impl.app.open(path))
        book.set_mock_caller()
        yield book
    finally:
        engine.impl.app.quit()
        xw.engines.engines.remove(engine)
        xw.engines.engines_by_name.pop(engine.name)
        xw.engines.active = before
        if hasattr(xw.Book, "_mock_caller"):
            del xw.Book._mock_caller
