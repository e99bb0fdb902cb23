"""Ranges of the engine of LibreOffice: what can be read of cells and done to them."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import datetime as dt
import re
from numbers import Number
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from xlwings import base_classes

from engine import calc_formats
from engine.calc_api import (
    LONGEST,
    NONSENSE,
    RangeApi,
    blocks,
    code_of,
    constant,
    excel,
    failure,
    moment,
    plain,
    serial,
    simple,
    understood,
)

if TYPE_CHECKING:
    from engine.calc_sheets import Sheet

ROWS, COLUMNS = 1048576, 16384
_MANY = 20  # cells from which it pays to write them together
_DATED, _TEXT, _LOGICAL = 6, 256, 1024  # kinds of number formats: date and time together, text, truth
_NOTES, _FORMULAS, _CONTENTS = 8, 16, 23  # kinds of what cells hold; the last is all but notes and formats

_known: dict[str, str] = {}  # formulas as LibreOffice writes them and as Excel does: asking for one takes four calls


@excel
class Note(base_classes.Note):
    def __init__(self, cells: Range) -> None:
        self.location = cells

    location: Any = None
    api = property(lambda self: self.location.xl.Annotation)
    author = property(lambda self: self.location.xl.Annotation.Author)

    @property
    def text(self) -> str:
        return self._found().String

    @text.setter
    def text(self, value: str) -> None:
        self.location.change_drawing()
        self._found().setString(value)

    def delete(self) -> None:
        self._found()
        self.location.change_drawing()
        notes, here = self.location.sheet.xl.Annotations, self.location
        at = [(note.Position.Row + 1, note.Position.Column + 1) for note in notes].index((here.row, here.column))
        notes.removeByIndex(at)

    def _found(self) -> Any:
        note = self.location.xl.Annotation
        if not note.String:
            raise failure("Object required")
        return note


@excel
class Range(base_classes.Range):
    sheet: Any = None
    api: Any = None
    row, column, shape = 0, 0, (1, 1)

    def __init__(self, sheet: Sheet, row: int, column: int, height: int = 1, width: int = 1) -> None:
        if row < 1 or column < 1 or row + height - 1 > ROWS or column + width - 1 > COLUMNS:
            raise failure()
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (height, width)
        self.cells, self.api = self, RangeApi(self)

    color = calc_formats.color
    wrap_text = calc_formats.wrap_text
    horizontal_alignment = calc_formats.horizontal_alignment
    vertical_alignment = calc_formats.vertical_alignment
    font = property(calc_formats.Font)
    borders = property(calc_formats.Borders)

    @property
    def xl(self) -> Any:
        (height, width), left, top = self.shape, self.column - 1, self.row - 1
        if self.shape == (1, 1):
            return self.sheet.xl.getCellByPosition(left, top)
        return self.sheet.xl.getCellRangeByPosition(left, top, left + width - 1, top + height - 1)

    coords = property(lambda self: (self.sheet, self.row, self.column, *self.shape))

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, first: int, second: int | None = None) -> Range:
        down, right = divmod(first - 1, self.shape[1]) if second is None else (first - 1, second - 1)
        return Range(self.sheet, self.row + down, self.column + right)

    def get_address(self, row_absolute: Any = True, col_absolute: Any = True, external: Any = False) -> str:  # noqa: FBT002
        (height, width), row, column = self.shape, "$" * bool(row_absolute), "$" * bool(col_absolute)
        corners = [
            (f"{row}{self.row}", f"{column}{get_column_letter(self.column)}"),
            (f"{row}{self.row + height - 1}", f"{column}{get_column_letter(self.column + width - 1)}"),
        ]
        if height == ROWS:
            address = ":".join(letters for _, letters in corners)
        elif width == COLUMNS:
            address = ":".join(digits for digits, _ in corners)
        else:
            address = ":".join(dict.fromkeys(letters + digits for digits, letters in corners))
        if not external:
            return address
        place = f"[{self.sheet.book.name}]{self.sheet.name}"
        if re.search(r"[^\w.\[\]]", place) or self.sheet.name[0].isdigit():
            place = "'" + place.replace("'", "''") + "'"
        return f"{place}!{address}"

    address = property(get_address)

    def mixed(self, name: str) -> bool:
        return self.shape != (1, 1) and self.xl.getPropertyState(name).value == "AMBIGUOUS_VALUE"

    @property
    def locked(self) -> bool | None:
        return None if self.mixed("CellProtection") else self.xl.CellProtection.IsLocked

    @property
    def has_formula(self) -> bool | None:
        count = len(list(self._found(_FORMULAS)))
        return None if 0 < count < len(self) else bool(count)

    def _found(self, kind: int) -> Any:
        """Return row and column, within the range, of the cells that hold something of a kind."""
        return blocks(self.xl.queryContentCells(kind).getRangeAddresses(), self.row - 1, self.column - 1)

    def change_contents(self) -> None:
        """Refuse where a cell is locked, and note that values are about to change."""
        if self.sheet.lock.on("sheet") and self.locked is not False:
            raise failure("The cell or chart you are trying to change is on a protected sheet.")
        self.sheet.book.change()

    def change_format(self) -> None:
        self.sheet.allow("AllowFormattingCells")
        self.sheet.book.change()

    def change_drawing(self) -> None:
        if self.sheet.lock.on("objects"):
            raise failure("The cell or chart you are trying to change is on a protected sheet.")
        self.sheet.book.change()

    @property
    def raw_value(self) -> Any:
        cells = self.xl
        data = cells.getDataArray()
        rows = [[None if value == "" else value for value in row] for row in data]
        for down, row in enumerate(data):
            for right, value in enumerate(row):
                if value is None:
                    rows[down][right] = code_of(self(down + 1, right + 1).xl.getError())
        for down, right, kind in self._special(cells):
            value = rows[down][right]
            if isinstance(value, float) and kind & _DATED:
                rows[down][right] = moment(value)
            elif isinstance(value, float) and value in {0, 1}:
                rows[down][right] = bool(value)
        return rows[0][0] if self.shape == (1, 1) else tuple(map(tuple, rows))

    def _special(self, cells: Any) -> list[tuple[int, int, int]]:
        """Return rows, columns and kinds of the cells whose numbers are dates or truths."""
        found: list[tuple[int, int, int]] = []
        for group in cells.getUniqueCellFormatRanges() if self.mixed("NumberFormat") else [cells]:
            kind, _ = self.sheet.book.number_format(group.NumberFormat)
            if kind & (_DATED | _LOGICAL):
                addresses = [cells.RangeAddress] if group is cells else group.getRangeAddresses()
                found += [(*at, kind) for at in blocks(addresses, self.row - 1, self.column - 1)]
        return found

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        self.change_contents()
        rows = value if isinstance(value, (list, tuple)) else [[value] * self.shape[1]] * self.shape[0]
        rows = rows if isinstance(rows[0], (list, tuple)) else [rows]
        if len(self) >= _MANY and all(simple(item) for row in rows for item in row) and self._bare():
            self.xl.setDataArray(tuple(tuple(it if isinstance(it, str) else float(it) for it in row) for row in rows))
            return
        base = self(1).xl.CellAddress
        self._each(rows, lambda cell, item: self._enter(cell, item, cell.CellAddress if rows is value else base))

    def _each(self, rows: Any, put: Any) -> None:
        merged = self.xl.IsMerged or self(1).merge_area.coords != self(1).coords
        for down, row in enumerate(rows):
            for right, item in enumerate(row):
                cell = self(down + 1, right + 1)
                if not merged or cell.merge_area.coords[:3] == cell.coords[:3]:  # what merged cells hide is lost
                    put(cell.xl, item)

    def _bare(self) -> bool:
        """Return whether the cells have nothing to keep: LibreOffice drops notes when it takes many values at once."""
        if self.mixed("NumberFormat") or self.sheet.book.number_format(self.xl.NumberFormat) != (16, "General"):
            return False
        return (
            not self.xl.queryContentCells(_NOTES).Count
            and self._merged(self.xl) == self.coords
            and not self.xl.IsMerged
        )

    def _enter(self, cell: Any, value: Any, base: Any) -> None:
        """Give a cell what a user could have typed; formulas are meant as seen from another cell."""
        kind, _ = self.sheet.book.number_format(cell.NumberFormat)
        code = None
        if isinstance(value, str) and len(value) > LONGEST:
            raise failure()
        if isinstance(value, str) and value.startswith("'"):
            value = value[1:]
        elif kind == _TEXT and isinstance(value, Number):
            value = str(value).upper() if isinstance(value, bool) else plain(float(value))
        elif kind != _TEXT and isinstance(value, str):
            value, code = understood(value)
            if isinstance(value, str) and value.startswith("=") and len(value) > 1:
                self._calculate(cell, value, base)
                return
        self._store(cell, value, code)

    def _store(self, cell: Any, value: Any, code: str | None = None) -> None:
        """Give a cell a value as it is, and a number format where the value comes with one and the cell has none."""
        book, key = self.sheet.book, cell.NumberFormat
        if value is None or isinstance(value, str):
            cell.setString(value or "")
            cell.NumberFormat = key  # which LibreOffice turns into "@" where the text could be read otherwise
            return
        if isinstance(value, dt.date):
            whole = not isinstance(value, dt.datetime) or value.time() == dt.time()
            value, code = serial(value), "yyyy/m/d" if whole else "yyyy/m/d h:mm"
        kind, known = book.number_format(key)
        cell.setValue(float(value))
        if isinstance(value, bool):
            cell.NumberFormat = book.number_key("BOOLEAN")
        elif kind == _LOGICAL or (code and known == "General"):
            cell.NumberFormat = book.number_key(code or "General")

    def _calculate(self, cell: Any, formula: str, base: Any) -> None:
        book, before, was = self.sheet.book, cell.getFormula(), cell.NumberFormat
        if book.number_format(was)[0] == _LOGICAL:
            cell.NumberFormat = book.number_key("General")
        cell.setTokens(book.tokens(formula, base))
        if cell.getError() in NONSENSE:
            cell.setFormula(before)
            cell.NumberFormat = was
            raise failure(f"Formula: {formula}")

    @property
    def formula(self) -> Any:
        values = self.raw_value if len(self) > 1 else ((self.raw_value,),)
        rows = [[constant(value) for value in row] for row in values]
        written = self.xl.getFormulaArray()
        for row, column in self._found(_FORMULAS):
            text = written[row][column]
            if text not in _known:
                cell = self(row + 1, column + 1).xl
                _known[text] = self.sheet.book.formula(cell.getTokens(), cell.CellAddress)
            rows[row][column] = _known[text]
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value

    def clear_contents(self) -> None:
        self.change_contents()
        self.xl.clearContents(_CONTENTS)

    def paste(self, paste: Any = None, operation: Any = None, skip_blanks: Any = None, transpose: Any = None) -> None:
        if paste != "values" or operation or skip_blanks or transpose:
            raise NotImplementedError("only values are pasted")
        rows = self.sheet.book.app.user.copied
        if not rows:
            raise failure("PasteSpecial method of Range class failed")
        target = Range(self.sheet, self.row, self.column, len(rows), len(rows[0]))
        target.change_contents()
        target._each(rows, self._store)

    @property
    def number_format(self) -> str | None:
        if self.mixed("NumberFormat"):
            return None
        kind, code = self.sheet.book.number_format(self.xl.NumberFormat)
        if kind & _DATED:  # which LibreOffice writes in capitals
            return "".join(it if it.startswith('"') else it.lower() for it in re.split(r'("[^"]*")', code))
        return "General" if kind == _LOGICAL else code

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.change_format()
        self.xl.NumberFormat = self.sheet.book.number_key(value)

    def _lines(self, axis: str, name: str) -> Any:
        lines = getattr(self.xl, axis)
        found = {getattr(lines.getByIndex(at), name) for at in range(min(lines.Count, 100))}
        return found.pop() if len(found) == 1 else None

    def _set_lines(self, axis: str, name: str, value: Any) -> None:
        self.sheet.allow(f"AllowFormatting{axis}")
        self.sheet.book.change()
        setattr(getattr(self.xl, axis), name, value)

    @property
    def column_width(self) -> float | None:
        width = self._lines("Columns", "Width")
        return None if width is None else round((round(width * 96 / 2540) - 5) / 7, 2)  # 7 dots a digit, 5 between

    @column_width.setter
    def column_width(self, value: float) -> None:
        if not 0 <= value <= 255:
            raise failure("Unable to set the ColumnWidth property of the Range class")
        self._set_lines("Columns", "Width", round((value * 7 + 5) * 2540 / 96))

    @property
    def row_height(self) -> float | None:
        height = self._lines("Rows", "Height")
        return None if height is None else round(height * 72 / 2540 * 4) / 4

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._set_lines("Rows", "Height", round(value * 2540 / 72))

    @property
    def column_hidden(self) -> bool | None:
        seen = self._lines("Columns", "IsVisible")
        return None if seen is None else not seen

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self._set_lines("Columns", "IsVisible", not value)

    def autofit(self, axis: str | None = None) -> None:
        if axis in {None, "columns", "c"}:
            self._set_lines("Columns", "OptimalWidth", value=True)
        if axis in {None, "rows", "r"}:
            self._set_lines("Rows", "OptimalHeight", value=True)

    def _merged(self, cells: Any) -> tuple[Any, ...]:
        cursor = self.sheet.xl.createCursorByRange(cells)
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        row, column = area.StartRow + 1, area.StartColumn + 1
        return self.sheet, row, column, area.EndRow - row + 2, area.EndColumn - column + 2

    @property
    def merge_area(self) -> Range:
        if len(self) > 1:
            raise failure()
        return Range(*self._merged(self.xl))

    @property
    def merge_cells(self) -> bool | None:
        first = self(1).merge_area
        if len(first) > 1 and Range(*self._merged(self.xl)).coords == first.coords:
            return True
        return None if self.xl.IsMerged or self._merged(self.xl) != self.coords else False

    note = property(lambda self: Note(self) if self.xl.Annotation.String else None)

    def add_note(self, text: str) -> Note:
        if self.note is not None:
            raise failure()
        self.change_drawing()
        self.sheet.xl.Annotations.insertNew(self.xl.CellAddress, text)
        return Note(self)

    @property
    def hyperlink(self) -> str:
        for field in self(1).xl.TextFields:
            return field.URL
        raise LookupError("The cell doesn't seem to contain a hyperlink!")

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:  # noqa: ARG002
        if self.sheet.lock.on("sheet"):
            self.sheet.allow("AllowInsertingHyperlinks")
        cell = self(1).xl
        for shown in (address, text_to_display):
            self.change_contents()
            field = self.sheet.book.document.createInstance("com.sun.star.text.TextField.URL")
            field.URL, field.Representation = address, shown
            cell.setString("")
            cell.insertTextContent(cell.createTextCursor(), field, False)  # noqa: FBT003
        self.change_contents()  # the tip, for which LibreOffice has no place

    def select(self) -> None:
        self.sheet.select_range(self)
