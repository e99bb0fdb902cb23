"""Excel for xlwings on Linux, quick: openpyxl holds the workbook, nothing is calculated but plain totals."""
# ruff: noqa: D102 - methods and properties are those that the classes of ``excel`` and ``ranges`` ask for

from __future__ import annotations

import datetime as dt
import io
import re
from copy import copy
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.cell import range_boundaries
from openpyxl.utils.datetime import to_excel
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.hyperlink import Hyperlink
from python_calamine import CalamineWorkbook
from workbooks import opened

from engine import excel, ranges
from engine.fills import fill_from, fill_to
from engine.rules import CODES, ERRORS, Formula, moment, retold
from workbook.excel.reading import grid

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from contextlib import AbstractContextManager
    from pathlib import Path

    import xlwings as xw

    from engine.user import User

_STATES = {"visible": -1, "hidden": 0, "veryHidden": 2}
_AREA = re.compile(r"(?:(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!)?(\$?[A-Z]{1,3}\$?\d+(?::\$?[A-Z]{1,3}\$?\d+)?)")
_TOTAL = re.compile(r'=(?:IF\(COUNT\((?P<counted>[^()"]+)\)=0,"",SUM\((?P<part>[^()"]+)\)\)|SUM\((?P<sum>[^()"]+)\))')

_COUNT = re.compile(r"=COUNTA\(([^()]+)\)")


def spreadsheet(path: Path, user: User) -> AbstractContextManager[xw.Book]:
    """Open a workbook in front of a user, as the one that calls the macros."""
    return excel.opened(excel.App(user, Book), path)


@lru_cache(maxsize=4)
def _stored(data: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(data))


@lru_cache(maxsize=16)
def _results(data: bytes, title: str) -> list[list[Any]]:
    """Return what the file says that formulas give on a sheet."""
    return _stored(data).get_sheet_by_name(title).to_python(skip_empty_area=False)


class Book(excel.Book):
    """A workbook that openpyxl holds."""

    def __init__(self, app: excel.App, path: Path) -> None:
        super().__init__(app)
        self._data = path.read_bytes()
        self.wb = opened(self._data)
        self.names.update({name: found.attr_text for name, found in self.wb.defined_names.items()})
        self.sheets.extend(Sheet(self, ws) for ws in self.wb.worksheets)
        self.sheets.active = self.sheets[self.wb.worksheets.index(self.wb.active)]

    fixed = property(lambda self: bool(self.wb.security and self.wb.security.lockStructure))

    def insert(self, at: int, title: str) -> Sheet:
        return Sheet(self, self.wb.create_sheet(title, at))

    def remove(self, sheet: Sheet) -> None:
        self.wb.remove(sheet.native)

    def retell(self, title: str, replacement: str) -> None:
        super().retell(title, replacement)
        for ws in self.wb.worksheets:
            for cell in (cell for cell in ws._cells.values() if cell.data_type == "f"):
                cell._value = retold(cell.value, title, replacement)

    def store(self, target: Path) -> None:
        for sheet in self.sheets:
            sheet.native.sheet_view.tabSelected = sheet is self.sheets.active
        self.wb.active = self.sheets.active.native
        self.wb.defined_names.clear()
        self.wb.defined_names |= {name: DefinedName(name, attr_text=text) for name, text in self.names.items()}
        self.wb.save(target)

    def close(self) -> None:
        pass

    def result(self, sheet: Sheet, cell: Any) -> Any:
        """Return what a formula gives: a total of what is there now, else what the file says."""
        total = _total(cell.value)
        if total is not None:
            numbers = self._numbers(sheet, total[0])
            return "" if total[1] and not numbers else next((n for n in numbers if n in ERRORS), float(sum(numbers)))
        if (counted := _COUNT.fullmatch(cell.value)) and (area := self._area(sheet, counted[1])):
            return float(sum(value is not None for row in area.values for value in row))
        if (area := self._area(sheet, cell.value[1:])) is not None:
            return 0.0 if area.raw_value is None else area.raw_value
        if (cell.row, cell.column) in sheet.calculated:
            raise AssertionError(f"openpyxl does not calculate {cell.value}")
        return grid.at(_results(self._data, sheet.title_in_file), cell.row - 1, cell.column - 1)

    def _numbers(self, sheet: Sheet, arguments: Iterable[str]) -> list[Any]:
        areas = [self._area(sheet, argument) for argument in arguments]
        found = [value for area in areas for row in area.values for value in row]
        return [value for value in found if value is not None and not isinstance(value, (bool, str))]

    def _area(self, sheet: Sheet, text: str) -> Range | None:
        """Return what a formula refers to."""
        found = _reference(text)
        if found is None:
            return None
        title, box = found
        return (self.sheets(title) if title else sheet).cells(*box)


@cache
def _total(formula: str) -> tuple[list[str], bool] | None:
    """Return the arguments of a plain total, and whether it is blank where they all are."""
    found = _TOTAL.fullmatch(formula)
    if found is None or found["counted"] != found["part"]:
        return None
    return [argument.strip() for argument in (found["sum"] or found["part"]).split(",")], bool(found["part"])


@cache
def _reference(text: str) -> tuple[str, tuple[int, int, int, int]] | None:
    """Return the sheet, if it is named, and the box of cells to which a formula refers."""
    found = _AREA.fullmatch(text)
    if found is None:
        return None
    left, top, right, bottom = range_boundaries(found[3])
    return (found[1] or "").replace("''", "'") or found[2] or "", (top, left, bottom - top + 1, right - left + 1)


class Sheet(excel.Sheet):
    """A sheet that openpyxl holds."""

    def __init__(self, book: Book, native: Any) -> None:
        super().__init__(book, native)
        self.merged = {at: area for area in native.merged_cells.ranges for row in area.rows for at in row}
        self.title_in_file = native.title
        self.calculated: set[tuple[int, int]] = set()  # cells that got a formula since the file was made

    title = property(lambda self: self.native.title, lambda self, value: setattr(self.native, "title", value))
    state = property(
        lambda self: _STATES[self.native.sheet_state],
        lambda self, value: setattr(self.native, "sheet_state", {it: name for name, it in _STATES.items()}[value]),
    )
    protection = property(
        lambda self: self.native.protection, lambda self, value: setattr(self.native, "protection", value)
    )
    cells = property(lambda self: lambda *box: Range(self, *box))

    @property
    def used(self) -> tuple[int, int, int, int]:
        used = [at for at, cell in self.native._cells.items() if cell.value is not None or cell.has_style]
        rows, columns = {row for row, _ in used} or {1}, {column for _, column in used} or {1}
        top, left = min(rows), min(columns)
        return top, left, max(rows) - top + 1, max(columns) - left + 1

    @property
    def notes(self) -> dict[tuple[int, int], tuple[str, str]]:
        cells = self.native._cells
        return {at: (cells[at].comment.text, cells[at].comment.author) for at in sorted(cells) if cells[at].comment}

    def at(self, row: int, column: int, *, make: bool = False) -> Any:
        """Return a cell, the one that carries value and format where cells are merged.

        Where there is none, ``make`` puts it there; otherwise it is a stand-in with the style of its row or column.
        """
        ws, area = self.native, self.merged.get((row, column))
        row, column = (area.min_row, area.min_col) if area is not None else (row, column)
        if (row, column) in ws._cells:
            return ws._cells[row, column]
        line = ws.row_dimensions.get(row)
        groups = (group for group in ws.column_dimensions.values() if (group.min or 0) <= column <= (group.max or 0))
        model = line if line is not None and line.has_style else next(groups, None)
        cell = ws.cell(row, column) if make else Cell(ws, row, column)
        if model is not None and model.has_style:
            cell._style = model._style.__copy__()
        return cell


_is_dated = cache(is_date_format)


def _shown(cell: Any) -> Any:
    """Return the constant in a cell as COM gives it."""
    value = cell.value
    if cell.data_type == "e":
        return CODES[value]
    if value is None or isinstance(value, (bool, str)):
        return value
    number = to_excel(value) if isinstance(value, (dt.date, dt.time, dt.timedelta)) else float(value)
    return moment(number) if _is_dated(cell.number_format) else number


def _common(values: Any) -> Any:
    different = set(values)
    return different.pop() if len(different) == 1 else None


class Range(ranges.Range):
    """Cells that openpyxl holds."""

    def _cell(self) -> Any:
        assert len(self) == 1
        return self.sheet.at(self.row, self.column, make=True)

    def _each(self) -> Any:
        return (self.sheet.at(*at) for at in self.coordinates())

    def _restyle(self, name: str, value: Any) -> None:
        """Change the format of every cell, and of all that a cell is merged with."""
        for at in self.coordinates():
            area = self.sheet.merged.get(at)
            for other in (other for line in area.rows for other in line) if area is not None else [at]:
                hidden = self.sheet.native._cells.get(other)
                setattr(
                    hidden if isinstance(hidden, MergedCell) else self.sheet.at(*other, make=True), name, copy(value)
                )

    locked = property(lambda self: _common(cell.protection.locked for cell in self._each()))
    number_format = property(
        lambda self: _common(cell.number_format for cell in self._each()),
        lambda self, value: (self.change_format(), self._restyle("number_format", value)),
    )

    fill = property(
        lambda self: fill_from(self._cell().fill),
        lambda self, value: self._restyle("fill", fill_to(value)),
    )

    def _rows(self, read: Callable[[Any], Any]) -> tuple[tuple[Any, ...], ...]:
        cells = self.sheet.native._cells
        found = [read(cells.get(at)) for at in self.coordinates()]
        width = self.shape[1]
        return tuple(tuple(found[start : start + width]) for start in range(0, len(found), width))

    @property
    def values(self) -> tuple[tuple[Any, ...], ...]:
        def value(cell: Any) -> Any:
            if cell is None or isinstance(cell, MergedCell):
                return None
            return self.sheet.book.result(self.sheet, cell) if cell.data_type == "f" else _shown(cell)

        return self._rows(value)

    @property
    def formulas(self) -> tuple[tuple[str, ...], ...]:
        def text(cell: Any) -> str:
            value = "" if cell is None or cell.value is None else cell.value
            return f"{value:.15g}" if isinstance(value, (int, float)) else str(value)

        return self._rows(text)

    calculated = property(lambda self: self._cell().data_type == "f")

    def put(self, value: Any, number_format: str) -> None:
        cell = self._cell()
        kinds = {Formula: "f", str: "s", bool: "b"}
        kind = kinds.get(type(value), "n")
        if kind == "f":
            self.sheet.calculated.add((self.row, self.column))
        cell.number_format = number_format
        cell._value, cell.data_type = value, kind  # the setter of openpyxl would read texts in its own way

    def link(self, address: str) -> None:
        assert address.startswith("#")
        self._cell().hyperlink = Hyperlink("", location=address[1:])

    @property
    def comment(self) -> str | None:
        found = self.sheet.native._cells.get((self.row, self.column))
        return found.comment.text if found is not None and found.comment is not None else None

    @property
    def author(self) -> str | None:
        found = self.sheet.native._cells.get((self.row, self.column))
        return found.comment.author if found is not None and found.comment is not None else None

    @comment.setter
    def comment(self, text: str | None) -> None:
        self._cell().comment = Comment(text, self.author or "Excel") if text is not None else None
