"""An open workbook as Excel's object model shows it: values, protection and the objects behind ``.api``."""
# ruff: noqa: D101, D102, N802, N803 - names and meaning are those of Excel's object model

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import io
import re
import warnings
from functools import lru_cache
from numbers import Number
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.utils.datetime import from_excel, to_excel
from openpyxl.utils.protection import hash_password
from openpyxl.worksheet.protection import SheetProtection

from engine.user import ExcelError, User

if TYPE_CHECKING:
    from collections.abc import Iterator

ERRORS = {
    "#DIV/0!": -2146826281,
    "#N/A": -2146826246,
    "#NAME?": -2146826259,
    "#NULL!": -2146826288,
    "#NUM!": -2146826252,
    "#REF!": -2146826265,
    "#VALUE!": -2146826273,
}
"""Errors in cells as COM gives them; the same that xlwings knows."""

_OPTIONS = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
"""What protection may allow; in a file the flag says that it is forbidden."""

_PROTECT = {"Password": None, "DrawingObjects": True, "Contents": True, "Scenarios": True, "UserInterfaceOnly": False}
_LONGEST = 32767
_SELECTING = {(False, False): 0, (True, False): 1, (True, True): -4142, (False, True): 0}
AREA = re.compile(r"(?:(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
_TOTAL = re.compile(r'=(?:IF\(COUNT\((?P<counted>[^()"]+)\)=0,"",SUM\((?P<part>[^()"]+)\)\)|SUM\((?P<sum>[^()"]+)\))')
_NUMBER = re.compile(
    r"[+-]?[¥￥$]?(?=[\d.]*\d)(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?%?", re.ASCII
)  # what Excel takes for a number when it is typed
_DATE = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?", re.ASCII)
_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no time zones


def failure(text: str) -> ExcelError:
    """Return the COM error with which Excel refuses."""
    return ExcelError(f"(-2147352567, 'Exception occurred.', (0, 'Microsoft Excel', '{text}', None, 0, -2146827284))")


def _load(data: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


@lru_cache(maxsize=4)
def _stored(data: bytes) -> Any:
    return _load(data, values=True)


def shown(cell: Any) -> Any:
    """Return the constant in a cell as COM gives it."""
    value, dated = cell.value, is_date_format(cell.number_format)
    if dated and isinstance(value, (int, float)) and not isinstance(value, bool):
        value = from_excel(value)
    if cell.data_type == "e":
        return ERRORS.get(value, value)
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, dt.time):
        value = dt.datetime.combine(_DAY_ZERO, value)
    elif isinstance(value, dt.timedelta):
        value = _DAY_ZERO + value
    if isinstance(value, dt.date):
        return value if dated else float(to_excel(value))
    return float(value)


def typed(value: Any, number_format: str) -> tuple[Any, str, str]:
    """Return the value, its kind and the number format of a cell after Excel was given a value for it."""
    if value is None or value == "":
        return None, "n", number_format
    if isinstance(value, str):
        return _typed_text(value, number_format)
    if isinstance(value, dt.datetime):
        return value, "d", _date_format(value) if number_format == "General" else number_format
    if not isinstance(value, Number):
        raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")
    if isinstance(value, bool):
        return value, "b", number_format
    return (f"{float(value):.15g}", "s", "@") if number_format == "@" else (float(value), "n", number_format)


def _typed_text(text: str, number_format: str) -> tuple[Any, str, str]:
    if len(text) > _LONGEST:
        raise failure("Application-defined or object-defined error")
    if text.startswith("'"):
        return text[1:] or None, "s", number_format
    if number_format == "@" or text == "=":
        return text, "s", number_format
    if text.startswith("=") or (text[:1] in {"+", "-"} and len(text) > 1 and not _NUMBER.fullmatch(text.strip(" "))):
        return text if text.startswith("=") else f"={text}", "f", number_format
    value, kind, own = _understood(text.strip(" "))
    return (
        (text, "s", number_format)
        if kind is None
        else (value, kind, own if number_format == "General" else number_format)
    )


def _understood(text: str) -> tuple[Any, str | None, str]:
    """Return what Excel takes a text for, its kind (``None``: a text) and the format that it then gives the cell."""
    if _NUMBER.fullmatch(text) and float(re.sub("[¥￥$,%]", "", text)) not in {float("inf"), float("-inf")}:
        number = float(f"{float(re.sub('[¥￥$,%]', '', text)):.15g}")
        return (number / 100, "n", "0%") if text.endswith("%") else (number, "n", "#,##0" if "," in text else "General")
    if text.upper() in {"TRUE", "FALSE"}:
        return text.upper() == "TRUE", "b", "General"
    if text.upper() in ERRORS:
        return text.upper(), "e", "General"
    date = _DATE.fullmatch(text)
    year, month, day = date.groups() if date else (None, 0, 0)
    try:
        found = dt.datetime(int(year or dt.date.today().year), int(month), int(day))  # noqa: DTZ001, DTZ011
    except ValueError:
        return text, None, "General"
    return found, "d", _date_format(found)


def _date_format(value: dt.datetime) -> str:
    return "yyyy/m/d" if value.time() == dt.time() else "yyyy/m/d h:mm"


class File:
    """A workbook that is open."""

    def __init__(self, app: Any, data: bytes, path: Path | None, name: str) -> None:
        self.app, self.data, self.path, self.name = app, data, path, name
        self.user: User = app.user
        self.wb = _load(data, values=False)
        self.saved = True
        self.selected: dict[Any, tuple[int, int, int, int]] = {}
        self._titles = {ws: ws.title for ws in self.wb.worksheets}
        self._written: dict[tuple[Any, int, int], str | None] = {}
        self._merged: dict[Any, dict[tuple[int, int], Any]] = {}

    def change(self) -> None:
        """Note that the workbook is about to change, which may fail."""
        self.user.change()
        self.saved = False

    def fixed(self) -> None:
        """Refuse where the structure is protected."""
        if self.wb.security is not None and self.wb.security.lockStructure:
            raise failure("Workbook is protected and cannot be changed.")

    def merged(self, ws: Any, row: int, column: int) -> Any:
        """Return the merged area in which a cell lies, or ``None``."""
        if ws not in self._merged:
            self._merged[ws] = {at: area for area in ws.merged_cells.ranges for row in area.rows for at in row}
        return self._merged[ws].get((row, column))

    def cell(self, ws: Any, row: int, column: int, *, make: bool = False) -> Any:
        """Return a cell, the one that carries value and format where cells are merged.

        Where there is none, ``make`` puts it there; otherwise it is a stand-in with the style of its row or column.
        """
        area = self.merged(ws, row, column)
        row, column = (area.min_row, area.min_col) if area is not None else (row, column)
        if (row, column) in ws._cells:
            return ws._cells[row, column]
        line, letters = ws.row_dimensions.get(row), get_column_letter(column)
        groups = (group for group in ws.column_dimensions.values() if (group.min or 0) <= column <= (group.max or 0))
        model = line if line is not None and line.has_style else ws.column_dimensions.get(letters) or next(groups, None)
        cell = ws.cell(row, column) if make else Cell(ws, row, column)
        if model is not None and model.has_style:
            cell._style = model._style.__copy__()
        return cell

    def value(self, ws: Any, row: int, column: int) -> Any:
        """Return what COM gives as the value of a cell."""
        cell = ws._cells.get((row, column))
        if cell is None or isinstance(cell, MergedCell):
            return None
        return self._result(ws, cell) if cell.data_type == "f" else shown(cell)

    def put(self, ws: Any, row: int, column: int, value: Any) -> None:
        """Give a cell a value; what merged cells hide is lost, as in Excel."""
        cell = ws._cells.get((row, column))
        if isinstance(cell, MergedCell) or (cell is None and value in (None, "")):
            return
        cell = self.cell(ws, row, column, make=True)
        was = formula_of(cell) if cell.data_type == "f" else None
        self._written.setdefault((ws, row, column), was)
        found, kind, number_format = typed(value, cell.number_format)
        if number_format != cell.number_format:
            cell.number_format = number_format
        cell._value, cell.data_type = found, kind
        cell.quotePrefix = isinstance(value, str) and value.startswith("'")

    def _result(self, ws: Any, cell: Any) -> Any:
        formula, key = formula_of(cell), (ws, cell.row, cell.column)
        total = _TOTAL.fullmatch(formula)
        if total is not None and total["counted"] == total["part"]:
            numbers = self._numbers(ws, total["sum"] or total["part"])
            if numbers is not None:
                return "" if total["part"] and not numbers else self._sum(numbers)
        if "#REF!" in formula:
            return ERRORS["#REF!"]
        if ws not in self._titles or self._written.get(key, formula) != formula:
            raise NotImplementedError(f"openpyxl does not calculate {formula} in {ws.title}!{cell.coordinate}")
        stored = _stored(self.data)[self._titles[ws]]._cells.get(key[1:])
        return "" if stored is None or stored.value is None else shown(stored)

    def _numbers(self, ws: Any, arguments: str) -> list[Any] | None:
        found: list[Any] = []
        for argument in arguments.split(","):
            area = AREA.fullmatch(argument.strip())
            if area is None:
                return None
            title = (area[1] or "").replace("''", "'") or area[2] or ws.title
            left, top, right, bottom = range_boundaries(area[3])
            cells = ((row, column) for row in range(top, bottom + 1) for column in range(left, right + 1))
            found += [self.value(self.wb[title], row, column) for row, column in cells]
        return [value for value in found if value is not None and not isinstance(value, (bool, str))]

    @staticmethod
    def _sum(numbers: list[Any]) -> Any:
        errors = [number for number in numbers if isinstance(number, int)]
        return errors[0] if errors else float(sum(to_excel(n) if isinstance(n, dt.date) else n for n in numbers))

    def retell(self, title: str, replacement: str) -> None:
        """Write another sheet, or an error, where names and formulas name a sheet."""
        quoted = title.replace("'", "''")
        pattern = re.compile(rf"'{re.escape(quoted)}'!|(?<![\w.'!]){re.escape(title)}!")
        for scope in (self.wb, *self.wb.worksheets):
            for name in scope.defined_names.values():
                name.attr_text = pattern.sub(lambda _: replacement, name.attr_text)
        for cell in self._formulas():
            cell._value = pattern.sub(lambda _: replacement, cell._value)

    def _formulas(self) -> Iterator[Any]:
        for ws in self.wb.worksheets:
            yield from (cell for cell in ws._cells.values() if cell.data_type == "f" and isinstance(cell.value, str))


def formula_of(cell: Any) -> str:
    """Return the formula of a cell that has one."""
    return getattr(cell.value, "text", None) or str(cell.value)


def quoted(title: str) -> str:
    """Return the name of a sheet as formulas have it."""
    plain = re.fullmatch(r"[^\W\d][\w.]*|\[[^\W\d][\w.]*\][\w.]*", title)
    return title if plain else "'" + title.replace("'", "''") + "'"


class Permissions:
    """Excel's object ``Protection``."""

    def __init__(self, protection: SheetProtection) -> None:
        for option, flag in _OPTIONS.items():
            setattr(self, option, not getattr(protection, flag))


class SheetApi:
    def __init__(self, file: File, ws: Any) -> None:
        self._file, self._ws = file, ws

    Name = property(lambda self: self._ws.title)
    ProtectContents = property(lambda self: bool(self._ws.protection.sheet))
    ProtectDrawingObjects = property(lambda self: bool(self._ws.protection.objects))
    ProtectScenarios = property(lambda self: bool(self._ws.protection.scenarios))
    Protection = property(lambda self: Permissions(self._ws.protection))

    @property
    def EnableSelection(self) -> int:
        return _SELECTING[self._ws.protection.selectLockedCells, self._ws.protection.selectUnlockedCells]

    @EnableSelection.setter
    def EnableSelection(self, value: int) -> None:
        flags = {number: flags for flags, number in reversed(_SELECTING.items())}[value]
        self._ws.protection.selectLockedCells, self._ws.protection.selectUnlockedCells = flags

    def Unprotect(self, Password: str = "") -> None:
        if not _opens(self._ws.protection, Password):
            raise failure("The password you supplied is not correct.")
        self._replace()

    def Protect(self, **options: Any) -> None:
        if unknown := options.keys() - _OPTIONS.keys() - _PROTECT.keys():
            raise TypeError(f"Protect() got an unexpected keyword argument: {unknown}")
        given = _PROTECT | options
        if given["UserInterfaceOnly"]:
            raise NotImplementedError("protection against the user only")
        forbidden = {flag: not options.get(option, False) for option, flag in _OPTIONS.items()}
        self._replace(objects=bool(given["DrawingObjects"]), scenarios=bool(given["Scenarios"]), **forbidden)
        if given["Password"]:
            self._ws.protection.set_password(given["Password"])
        self._ws.protection.sheet = bool(given["Contents"])

    def _replace(self, **flags: bool) -> None:
        was = self._ws.protection
        kept = {"selectLockedCells": was.selectLockedCells, "selectUnlockedCells": was.selectUnlockedCells}
        self._ws.protection = SheetProtection(**kept, **flags)
        self._file.saved = False


def _opens(protection: SheetProtection, password: str) -> bool:
    if protection.hashValue and protection.algorithmName:
        algorithm = protection.algorithmName.replace("-", "").lower()
        digest = hashlib.new(algorithm, base64.b64decode(protection.saltValue or "") + password.encode("utf-16-le"))
        for turn in range(protection.spinCount or 0):
            digest = hashlib.new(algorithm, digest.digest() + turn.to_bytes(4, "little"))
        return base64.b64encode(digest.digest()).decode() == _text(protection.hashValue)
    return not protection.password or int(hash_password(password), 16) == int(protection.password, 16)


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


class BookApi:
    def __init__(self, file: File) -> None:
        self._file = file

    Name = property(lambda self: self._file.name)
    Path = property(lambda self: str(self._file.path.parent) if self._file.path else "")
    FullName = property(lambda self: str(self._file.path or self._file.name))
    ProtectStructure = property(lambda self: bool(self._file.wb.security and self._file.wb.security.lockStructure))
    Saved = property(
        lambda self: self._file.saved,
        lambda self, value: setattr(self._file, "saved", bool(value)),
    )


class _Workbooks:
    def __init__(self, app: Any) -> None:
        self._app = app

    def Add(self, Template: str) -> BookApi:
        if not Path(Template).is_file():
            raise failure(f"Sorry, we could not find {Template}.")
        return BookApi(self._app.open(Path(Template), untitled=True))


class _Windows:
    def __init__(self, count: int) -> None:
        self.Count = count


class AppApi:
    Name = "Microsoft Excel"
    Version = "16.0"

    def __init__(self, app: Any) -> None:
        self._user: User = app.user
        self.Workbooks = _Workbooks(app)

    Path = property(lambda self: self._user.office_path)
    ProtectedViewWindows = property(lambda self: _Windows(self._user.protected_views))

    def InputBox(self, Prompt: str, Title: str = "", Default: Any = "", Type: int = 2) -> Any:  # noqa: ARG002
        return self._user.answer(Prompt)

    def GetOpenFilename(self, FileFilter: str = "", Title: str = "") -> Any:  # noqa: ARG002
        return self._user.answer(Title)

    def GetSaveAsFilename(self, InitialFileName: str = "", FileFilter: str = "", Title: str = "") -> Any:  # noqa: ARG002
        return self._user.answer(Title)
