"""Excel for xlwings on Linux, true: LibreOffice holds the workbook and calculates it."""
# ruff: noqa: D102 - methods and properties are those that the classes of ``excel`` and ``ranges`` ask for

from __future__ import annotations

import re
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from office import _properties
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.protection import SheetProtection

from engine import excel, ranges
from engine.calc_file import lock, unlock
from engine.looks import SOLID, Fill
from engine.rules import CODES, Formula, entered, failure, moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import AbstractContextManager

    import xlwings as xw
    from office import Office

    from engine.user import User

_FROM_CALC = re.compile(r"\$('(?:[^']|'')+'|[^\W\d]\w*)\.(?=\$?[A-Z])")
_FROM_EXCEL = re.compile(r"('(?:[^']|'')+'|[^\W\d]\w*)!")
_XLSX = "Calc MS Excel 2007 XML"
_DATED, _LOGICAL = 6, 1024  # kinds of number formats: date and time together, truth
_DATES, _NUMBERS = 2, 1  # contents of cells: a date or time; results of formulas: a number
_FAULTS = {32767: "#N/A", 532: "#DIV/0!", 524: "#REF!", 525: "#NAME?", 503: "#NUM!", 523: "#NUM!", 521: "#NULL!"}
"""Errors in cells as LibreOffice counts them; any other is #VALUE!."""

_NONSENSE = {501, *range(508, 515), 520}
"""Errors of LibreOffice that say that a formula is none: Excel does not accept it."""

_PLAIN = {str, float, type(None)}


def spreadsheet(path: Path, user: User, office: Office) -> AbstractContextManager[xw.Book]:
    """Open a workbook in front of a user, as the one that calls the macros."""
    return excel.opened(excel.App(user, partial(Book, office=office)), path)


class Book(excel.Book):
    """A workbook that LibreOffice holds."""

    def __init__(self, app: excel.App, path: Path, office: Office) -> None:
        super().__init__(app)
        self._open = ExitStack()
        self._folder = Path(self._open.enter_context(TemporaryDirectory()))
        apart = unlock(path, self._folder / path.name)
        self.document = self._open.enter_context(office.open(self._folder / path.name))
        self.document.calculateAll()
        self._structure, self._formats, self.truths = apart.structure, {}, apart.truths
        self.names.update(apart.names)
        for native, protection, merged in zip(self.document.Sheets, apart.protection, apart.merged, strict=True):
            self.sheets.append(Sheet(self, native, protection, merged))
        self.sheets.active = self.sheets[apart.active]

    fixed = property(lambda self: bool(re.search(rb'lockStructure="(1|true)"', self._structure)))

    def insert(self, at: int, title: str) -> Sheet:
        self.document.Sheets.insertNewByName(title, at)
        return Sheet(self, self.document.Sheets.getByName(title), SheetProtection(), [])

    def remove(self, sheet: Sheet) -> None:
        self.document.Sheets.removeByName(sheet.title)

    def store(self, target: Path) -> None:
        made = self._folder / "saved"
        self.document.storeToURL(made.as_uri(), _properties(FilterName=_XLSX))
        lock(made, target, [sheet.protection for sheet in self.sheets], self._structure, self.names)

    def close(self) -> None:
        self._open.close()

    def number_format(self, key: int) -> tuple[int, str]:
        """Return kind and code of a number format."""
        if key not in self._formats:
            found = self.document.NumberFormats.getByKey(key)
            self._formats[key] = found.Type, found.FormatString
        return self._formats[key]

    def number_key(self, code: str) -> int:
        from com.sun.star.lang import Locale  # can be imported once LibreOffice runs

        formats, english = self.document.NumberFormats, Locale("en", "US", "")
        key = formats.queryKey(code, english, False)  # noqa: FBT003
        return key if key != -1 else formats.addNew(code, english)


class Sheet(excel.Sheet):
    """A sheet that LibreOffice holds."""

    def __init__(self, book: Book, native: Any, protection: SheetProtection, merged: list[str]) -> None:
        super().__init__(book, native)
        self.protection, self._hidden, self._title = protection, 0, native.Name
        areas = [CellRange(area) for area in merged]
        self.merged = {at: area for area in areas for row in area.rows for at in row}
        self._cursor: Any = None
        self.known: dict[tuple[int, int, int, int], Any] = {}
        """What LibreOffice calls cells, by their box: asking for it takes longest of all."""

    state = property(
        lambda self: -1 if self.native.IsVisible else self._hidden,
        lambda self, value: self._hide(value),
    )
    cells = property(lambda self: partial(Range, self))

    @property
    def notes(self) -> dict[tuple[int, int], tuple[str, str]]:
        found = {(note.Position.Row + 1, note.Position.Column + 1): note for note in self.native.Annotations}
        return {at: (found[at].String, found[at].Author) for at in sorted(found)}

    @property
    def title(self) -> str:
        assert self.native is not None
        return self._title

    @title.setter
    def title(self, value: str) -> None:
        self.native.setName(value)
        self._title = self.native.Name

    def _hide(self, state: int) -> None:
        self._hidden, self.native.IsVisible = state, state == -1  # LibreOffice knows but one way of being hidden

    @property
    def used(self) -> tuple[int, int, int, int]:
        native = self.native
        self._cursor = cursor = native.createCursor() if self._cursor is None else self._cursor
        cursor.gotoStartOfUsedArea(False)  # noqa: FBT003
        cursor.gotoEndOfUsedArea(True)  # noqa: FBT003
        return _box(cursor.RangeAddress)


def _box(at: Any) -> tuple[int, int, int, int]:
    return at.StartRow + 1, at.StartColumn + 1, at.EndRow - at.StartRow + 1, at.EndColumn - at.StartColumn + 1


def _by_format(areas: Any) -> list[Any]:
    """Return areas apart by their number formats, which takes LibreOffice long where there are several."""
    if not areas.RangeAddresses:
        return []
    if not _ambiguous(areas, "NumberFormat"):
        return [areas]
    return [group for area in areas for group in area.getUniqueCellFormatRanges()]


def _ambiguous(cells: Any, name: str) -> bool:
    return cells.getPropertyState(name).value == "AMBIGUOUS_VALUE"


class Range(ranges.Range):
    """Cells that LibreOffice holds."""

    @property
    def xl(self) -> Any:
        """What LibreOffice calls these cells."""
        sheet, (height, width), left, top = self.sheet.native, self.shape, self.column - 1, self.row - 1
        box = left, top, left + width - 1, top + height - 1
        if box not in self.sheet.known:
            one = len(self) == 1
            self.sheet.known[box] = sheet.getCellByPosition(left, top) if one else sheet.getCellRangeByPosition(*box)
        return self.sheet.known[box]

    def _mixed(self, name: str) -> bool:
        return len(self) > 1 and _ambiguous(self.xl, name)

    @property
    def locked(self) -> bool | None:
        return None if self._mixed("CellProtection") else self.xl.CellProtection.IsLocked

    @property
    def values(self) -> tuple[tuple[Any, ...], ...]:
        data = self.xl.getDataArray()
        rows = [[None if value == "" else value for value in row] for row in data]
        numbers = any(isinstance(value, float) for row in data for value in row)
        for row, column, kind in self._special() if numbers else ():
            if isinstance(rows[row][column], float):
                rows[row][column] = moment(rows[row][column]) if kind & _DATED else bool(rows[row][column])
        for row, column in self._inside([self.xl.RangeAddress]) if any(None in row for row in data) else ():
            if data[row][column] is None:  # an error
                rows[row][column] = CODES[_FAULTS.get(self(row + 1, column + 1).xl.getError(), "#VALUE!")]
        return tuple(map(tuple, rows))

    def _special(self) -> Iterator[tuple[int, int, int]]:
        """Give rows, columns and kinds of the cells whose numbers are dates or truths."""
        cells, groups = self.xl, [self.xl]
        if self._mixed("NumberFormat") and self.sheet.book.truths:
            groups = list(cells.getUniqueCellFormatRanges())
        elif self._mixed("NumberFormat"):  # LibreOffice lists dates at once, and formats one by one
            yield from ((*at, _DATED) for at in self._inside(cells.queryContentCells(_DATES).RangeAddresses))
            groups = _by_format(cells.queryFormulaCells(_NUMBERS))
        for group in groups:
            kind, _ = self.sheet.book.number_format(group.NumberFormat)
            if kind & (_DATED | _LOGICAL):
                places = [group.RangeAddress] if group is cells else group.RangeAddresses
                yield from ((*at, kind) for at in self._inside(places))

    def _inside(self, areas: Iterable[Any]) -> Iterator[tuple[int, int]]:
        """Give row and column, within the range, of the cells at addresses."""
        for area in areas:
            at = Range(self.sheet, *_box(area)).coordinates()
            yield from ((row - self.row, column - self.column) for row, column in at)

    @property
    def formulas(self) -> tuple[tuple[str, ...], ...]:
        """What cells hold; of formulas only the names of sheets are as Excel writes them: macros read no more."""
        return tuple(tuple(_FROM_CALC.sub(r"\1!", text) for text in row) for row in self.xl.getFormulaArray())

    calculated = property(lambda self: self.xl.Type.value == "FORMULA")

    def fill_in(self, rows: Any) -> None:
        """Put texts and numbers into cells of one format at once, all else cell by cell."""
        apart = len(self) == 1 or any(at in self.sheet.merged for at in self.coordinates())
        apart = apart or self.sheet.notes  # which would go
        common = None if apart else self.number_format
        entries = [[entered(value, common) for value in row] for row in rows] if common is not None else []
        found = [entry for row in entries for entry in row]
        if found and all(own == common and type(value) in _PLAIN for value, own in found):
            key = self.xl.NumberFormat
            self.xl.setDataArray([["" if value is None else value for value, _ in row] for row in entries])
            self.xl.NumberFormat = key  # which texts may change
        else:
            super().fill_in(rows)

    def put(self, value: Any, number_format: str) -> None:
        cell, book = self.xl, self.sheet.book
        key = cell.NumberFormat
        key = key if book.number_format(key)[1] == number_format else book.number_key(number_format)
        if isinstance(value, Formula):
            before = cell.getFormula()
            cell.setFormula(_FROM_EXCEL.sub(r"$\1.", value))
            if cell.getError() in _NONSENSE:
                cell.setFormula(before)
                raise failure(f"Formula: {value}")
        elif value is None or isinstance(value, str):
            cell.setString(value or "")
        else:
            cell.setValue(value)
        book.truths |= isinstance(value, bool)
        cell.NumberFormat = book.number_key("BOOLEAN") if isinstance(value, bool) else key  # which texts may change

    @property
    def number_format(self) -> str | None:
        return None if self._mixed("NumberFormat") else self.sheet.book.number_format(self.xl.NumberFormat)[1]

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.change_format()
        self.xl.NumberFormat = self.sheet.book.number_key(value)

    @property
    def fill(self) -> Fill:
        number = self.xl.CellBackColor
        if number == -1:
            return Fill()
        red, green, blue = number.to_bytes(3, "big")
        return Fill(SOLID, (red, green, blue))

    @fill.setter
    def fill(self, value: Fill) -> None:
        assert value == Fill() or value == Fill(SOLID, value.rgb), "LibreOffice 7 knows no other fills of cells"
        self.xl.CellBackColor = -1 if value.rgb is None else int.from_bytes(bytes(value.rgb), "big")

    def link(self, address: str) -> None:
        assert address.startswith("#")
        field = self.sheet.book.document.createInstance("com.sun.star.text.TextField.URL")
        field.URL = field.Representation = address
        self.xl.insertTextContent(self.xl.createTextCursor(), field, False)  # noqa: FBT003

    @property
    def comment(self) -> str | None:
        return self.xl.Annotation.String or None

    author = property(lambda self: self.xl.Annotation.Author or None)

    @comment.setter
    def comment(self, text: str | None) -> None:
        notes, here = self.sheet.native.Annotations, self.xl.CellAddress
        if text is not None and self.comment is not None:
            self.xl.Annotation.setString(text)
        elif text is not None:
            notes.insertNew(here, text)
        else:
            notes.removeByIndex([note.Position for note in notes].index(here))
