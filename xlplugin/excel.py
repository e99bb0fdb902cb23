"""What the macros need of Excel beyond xlwings' own interface: what is shown, protection, files.

Every call into Excel's object model (``.api``) of the whole room stands here, but for fills and notes, which stand in
``looks``: so what only real Excel can show is two pages long.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlplugin.talk import AskText

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from xlwings import App, Book, Range, Sheet

    from xlplugin.talk import Question
    from xlplugin.undo import Written

TITLE = "年报工具箱"
WPS = ("kingsoft", "wps office", "\\wps\\")
"""What the folder of WPS has in it."""

_ALLOWED = (
    "FormattingCells",
    "FormattingColumns",
    "FormattingRows",
    "InsertingColumns",
    "InsertingRows",
    "InsertingHyperlinks",
    "DeletingColumns",
    "DeletingRows",
    "Sorting",
    "Filtering",
    "UsingPivotTables",
)
"""What a protected sheet may allow, by the names of the object ``Protection``."""

_LANDSCAPE, _A4, _VISIBLE, _VERY_HIDDEN = 2, 9, -1, 2
_MANY = 200_000  # cells that are read at once


class Refusal(Exception):  # noqa: N818 - it is an answer to the user, not a fault of the program
    """A macro cannot do what was asked; the text says why and what to do."""


class Desk:
    """The workbook that is open before the user, and the user."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.app: App = book.app
        self.undone: int | None = None
        """How many writes could not be undone after an error; ``None`` where nothing had to be."""
        self.written: Written | None = None
        """What was written, where anything could be."""

    def who(self) -> Generator[Question, Any, str]:
        """Return the user's name as Excel knows it; where it knows none, the user is asked.

        Raises:
            Refusal: the user gives none.
        """
        name = str(self.app.api.UserName or "").strip()
        if not name:
            name = (yield AskText("说明要写明是谁说明的。请输入你的姓名。")) or ""
        if not name:
            raise Refusal("没有说明人，说明没有记下。请再点一次，输入姓名；或清空“说明”列。")
        return name

    @property
    def corner(self) -> Range:
        """The active cell.

        Raises:
            Refusal: something else than cells is shown.
        """
        cell = active_cell(self.app)
        if cell is None:
            raise Refusal("请先选中一个单元格，再点一次。")
        return self.book.sheets.active.range((cell.Row, cell.Column))

    @property
    def selection(self) -> tuple[str, str] | None:
        """The sheet and the address of the active cell; ``None`` where a chart is shown."""
        try:
            cell = self.corner
        except Refusal:
            return None
        return cell.sheet.name, cell.get_address(row_absolute=False, column_absolute=False)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Have Excel neither draw nor calculate; afterwards it does again, and shows what was shown and selected."""
        app, sheet = self.app, self.book.sheets.active
        selected, active = app.api.Selection, active_cell(app)
        calculation = app.calculation
        app.screen_updating = False
        try:
            app.calculation = "manual"
            yield
        finally:
            with suppress(Exception):
                app.calculation = calculation
            with suppress(Exception):  # the sheet may be gone
                sheet.activate()
                selected.Select()
                if active is not None:
                    active.Activate()
            app.screen_updating = True

    def select(self, sheet: str, address: str) -> None:
        """Show a cell to the user.

        Raises:
            Refusal: its sheet is hidden.
        """
        target = self.book.sheets[sheet]
        if not self.shows(sheet):
            raise Refusal(f"「{sheet}」{address} 在隐藏的工作表里。请先取消隐藏该表，再点一次。")
        target.activate()
        target.range(address).select()

    def active_in(self, sheet: str, address: str) -> str:
        """Return the address of the cell that becomes active when a cell is selected: the first of those merged."""
        first = self.book.sheets[sheet].range(address).merge_area[0]
        return str(first.get_address(row_absolute=False, column_absolute=False))

    def sheet(self, name: str) -> Sheet:
        """Return a sheet of the template.

        Raises:
            Refusal: the user renamed or deleted it.
        """
        if not self.has(name):
            raise Refusal(f"没有工作表「{name}」，可能改了名。请改回这个名字，再点一次。")
        return self.book.sheets[name]

    def shows(self, sheet: str) -> bool:
        """Return whether a sheet is not hidden."""
        return self.book.sheets[sheet].visible in {True, _VISIBLE}

    def has(self, sheet: str) -> bool:
        """Return whether the workbook has a sheet of that name."""
        return any(other.name == sheet for other in self.book.sheets)

    @property
    def saved(self) -> Path | None:
        """The file of the workbook; ``None`` where it has none or holds changes that are not saved."""
        return self.path if self.book.api.Saved else None

    @property
    def is_saved(self) -> bool:
        """Whether the workbook is as it was saved, on this machine or in the cloud."""
        return bool(self.book.api.Path and self.book.api.Saved)

    @property
    def path(self) -> Path | None:
        """The file on this machine; ``None`` where the workbook was never saved or its cloud folder is unknown."""
        if not self.book.api.Path:
            return None
        address = str(self.book.api.FullName)
        if "://" not in address:
            return Path(address)
        from xlwings.utils import fullname_url_to_local_path

        try:  # by the user's own settings: xlwings itself would ask a sheet of the workbook for the folder
            return Path(fullname_url_to_local_path(address))
        except Exception:  # noqa: BLE001 - xlwings raises bare exceptions where it cannot tell a cloud folder
            return None

    def refuse_fixed_sheets(self) -> None:
        """Refuse to go on where sheets cannot be added.

        Raises:
            Refusal: the structure of the workbook is protected.
        """
        if self.book.api.ProtectStructure:
            raise Refusal("工作簿的结构设有保护，无法增加工作表。请在“审阅”里取消“保护工作簿”后再试。")

    @contextmanager
    def unlocked(self, sheet: Sheet) -> Iterator[None]:
        """Lift the protection of a sheet, and put the same protection back whatever happens.

        Raises:
            Refusal: it has a password.
        """
        before = _protection(sheet)
        if before is None:
            yield
            return
        try:
            sheet.api.Unprotect("")
        except Exception as error:
            raise Refusal(f"工作表「{sheet.name}」设有保护密码。请先在“审阅”里撤销工作表保护，再点一次。") from error
        try:
            yield
        finally:
            options, selecting = before
            sheet.api.Protect(**options)
            sheet.api.EnableSelection = selecting

    def protected(self, sheet: Sheet) -> bool:
        """Return whether a sheet is protected."""
        return bool(sheet.api.ProtectContents)


def add_sheet(desk: Desk) -> Sheet:
    """Add a sheet before all others.

    Raises:
        Refusal: the structure of the workbook is protected.
    """
    desk.refuse_fixed_sheets()
    sheets = desk.book.sheets
    sheets.active.select()  # where several are selected together, Excel would add as many
    return sheets.add(before=sheets[0])


def used_area(sheet: Sheet, rows: int, columns: int) -> Range:
    """Return the cells of a sheet from its first to its last; of very many no more than some rows and columns.

    Functions of the worksheet ask for it over and over, so with the fewest questions to Excel.
    """
    from xlwings import Range  # the command line looks at this module where xlwings is not installed

    area = Range(impl=sheet.impl.range("A1", sheet.impl.used_range))
    with suppress(Exception):  # Excel cannot count the cells of a whole sheet
        if len(area.impl) <= _MANY:
            return area
    last = area.last_cell
    return sheet.range((1, 1), (min(last.row, rows), min(last.column, columns)))


def values_of(area: Range) -> list[list[Any]]:
    """Return the values of cells, blanks and errors as texts.

    As xlwings reads the arguments of functions: for ``Range.value`` it asks Excel ten more questions, to find out where
    the range is.
    """
    from xlwings import conversion  # as above

    options = {"ndim": 2, "empty": "", "err_to_str": True}
    read: Any = conversion.read
    values: list[list[Any]] = read(None, area.raw_value, options, engine_name="excel")
    return values


def hide(sheet: Sheet) -> None:
    """Hide a sheet so that only a program shows it again."""
    sheet.api.Visible = _VERY_HIDDEN


def one_page_wide(sheet: Sheet) -> None:
    """Have a sheet print across A4, one page wide."""
    with suppress(Exception):  # where no printer is installed, Excel refuses any page set-up
        setup = sheet.api.PageSetup
        setup.Orientation, setup.PaperSize, setup.Zoom = _LANDSCAPE, _A4, False
        setup.FitToPagesWide, setup.FitToPagesTall = 1, False


def locked(cell: Range) -> bool:
    """Return whether a cell may not be changed while its sheet is protected."""
    return bool(cell.api.Locked)


def is_own(cell: Range) -> bool:
    """Return whether a cell is not hidden by one that it was merged with."""
    return not cell.merge_cells or bool(cell.merge_area[0].address == cell.address)


def is_formula(cell: Range) -> bool:
    """Return whether a cell calculates its value."""
    return bool(cell.api.HasFormula)


def caller() -> Book | None:
    """Return the workbook that is open before the user; ``None`` where none is."""
    import xlwings as xw

    try:
        return xw.Book.caller()
    except Exception:  # noqa: BLE001 - what xlwings raises where VBA handed over none
        return None


def active_cell(app: App) -> Any:
    """Return Excel's active cell; ``None`` where a chart sheet is shown, of which Excel refuses to say one.

    xlwings' own selection counts its cells, and a whole sheet has too many.
    """
    try:
        return app.api.ActiveCell
    except Exception:  # noqa: BLE001 - a COM error
        return None


def is_excel(name: str, path: str) -> bool:
    """Return whether a program is Excel, by its name and its folder; WPS calls itself Microsoft Excel too."""
    return name == "Microsoft Excel" and not any(mark in path.lower() for mark in WPS)


def _protection(sheet: Sheet) -> tuple[dict[str, Any], Any] | None:
    api = sheet.api
    if not api.ProtectContents:
        return None
    options = {f"Allow{name}": bool(getattr(api.Protection, f"Allow{name}")) for name in _ALLOWED}
    options |= {"DrawingObjects": bool(api.ProtectDrawingObjects), "Scenarios": bool(api.ProtectScenarios)}
    return {"Contents": True, **options}, api.EnableSelection
