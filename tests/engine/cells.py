"""Ranges of the engine over openpyxl: what can be read of cells and done to them."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import datetime as dt
from copy import copy
from typing import TYPE_CHECKING, Any

from openpyxl.comments import Comment
from openpyxl.formula.translate import Translator
from openpyxl.styles import PatternFill
from openpyxl.styles.colors import Color
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet.hyperlink import Hyperlink
from xlwings import base_classes

from engine.com import failure, formula_of, quoted
from engine.formats import Borders, Font, Style, color_of, common, rgb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from engine.sheets import Sheet

ROWS, COLUMNS = 1048576, 16384
_TOO_MANY = 500_000
_WIDTH, _HEIGHT = 8.43, 15.0
_ACROSS = {"center_across_selection": "centerContinuous"}


class RangeApi:
    Locked = Style("protection", "locked", default=True)
    CommentThreaded = property(lambda self: _threaded(self.area))

    def __init__(self, area: Range) -> None:
        self.area = area

    @property
    def HasFormula(self) -> bool | None:  # noqa: N802 - Excel's name
        kinds = (self.area.sheet.ws._cells.get(at) for at in self.area.coordinates())
        return common(cell is not None and cell.data_type == "f" for cell in kinds)


def _threaded(area: Range) -> str | None:
    comment = getattr(area.sheet.ws._cells.get((area.row, area.column)), "comment", None)
    return comment.text if comment is not None and comment.author.startswith("tc=") else None


class Range(base_classes.Range):
    row = column = 1
    shape = (1, 1)
    wrap_text = Style("alignment", "wrap_text", default=False)
    horizontal_alignment = Style("alignment", "horizontal", "general", _ACROSS)
    vertical_alignment = Style("alignment", "vertical", "bottom")

    def __init__(self, sheet: Sheet, row: int, column: int, height: int = 1, width: int = 1) -> None:
        if row < 1 or column < 1 or row + height - 1 > ROWS or column + width - 1 > COLUMNS:
            raise failure("Application-defined or object-defined error")
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (height, width)
        self.file = sheet.file

    api = property(RangeApi)
    area = property(lambda self: self)
    font = property(Font)
    borders = property(Borders)
    address = property(lambda self: self.get_address(row_absolute=True, col_absolute=True, external=False))

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, *at: int) -> Range:
        row, column = at if len(at) > 1 else ((at[0] - 1) // self.shape[1] + 1, (at[0] - 1) % self.shape[1] + 1)
        return Range(self.sheet, self.row + row - 1, self.column + column - 1)

    def get_address(self, row_absolute: Any, col_absolute: Any, external: Any) -> str:
        row, column = "$" * bool(row_absolute), "$" * bool(col_absolute)
        bottom, right = self.row + self.shape[0] - 1, self.column + self.shape[1] - 1
        corners = [(self.row, self.column), (bottom, right)]
        if self.shape[0] == ROWS:
            ends = [f"{column}{get_column_letter(across)}" for _, across in corners]
        elif self.shape[1] == COLUMNS:
            ends = [f"{row}{down}" for down, _ in corners]
        else:
            ends = [f"{column}{get_column_letter(across)}{row}{down}" for down, across in corners[: len(self)]]
        sheet = quoted(f"[{self.file.name}]{self.sheet.name}") + "!" if external else ""
        return sheet + ":".join(ends)

    def coordinates(self) -> Iterator[tuple[int, int]]:
        """Give row and column of every cell."""
        if len(self) > _TOO_MANY:
            raise NotImplementedError(f"{len(self)} cells at once")
        down, across = range(self.row, self.row + self.shape[0]), range(self.column, self.column + self.shape[1])
        return ((row, column) for row in down for column in across)

    def styles(self) -> Iterator[Any]:
        """Give the cells in whose style the format stands."""
        return (self.file.cell(self.sheet.ws, *at) for at in self.coordinates())

    def restyle(self, part: str, change: Callable[[Any], Any]) -> None:
        """Change a part of the format of every cell, and of all that a cell is merged with."""
        self.sheet.allow("AllowFormattingCells")
        self.file.change()
        ws, cells = self.sheet.ws, {}
        for at in self.coordinates():
            area = self.file.merged(ws, *at)
            if area is None:
                cells[at] = self.file.cell(ws, *at, make=True)
            else:
                cells |= {other: ws._cells[other] for line in area.rows for other in line}
        for cell in cells.values():
            setattr(cell, part, change(copy(getattr(cell, part))))

    def _block(self, read: Callable[[int, int], Any]) -> Any:
        values, width = [read(*at) for at in self.coordinates()], self.shape[1]
        if len(self) <= 1:
            return values[0] if values else None
        return tuple(tuple(values[start : start + width]) for start in range(0, len(values), width))

    @property
    def raw_value(self) -> Any:
        return self._block(lambda row, column: self.file.value(self.sheet.ws, row, column))

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        self.sheet.unlock(self)
        self.file.change()
        for row, column in self.coordinates():
            if isinstance(data, (list, tuple)):
                value = data[row - self.row][column - self.column]
            elif isinstance(data, str) and data.startswith("=") and len(self) > 1:
                origin, here = self(1, 1), Range(self.sheet, row, column)
                value = Translator(data, origin.address.replace("$", "")).translate_formula(
                    here.address.replace("$", "")
                )
            else:
                value = data
            self.file.put(self.sheet.ws, row, column, value)

    @property
    def formula(self) -> Any:
        return self._block(self._formula)

    @formula.setter
    def formula(self, data: Any) -> None:
        self.raw_value = data

    def _formula(self, row: int, column: int) -> str:
        cell = self.sheet.ws._cells.get((row, column))
        if cell is None or cell.value is None:
            return ""
        if cell.data_type == "f":
            return formula_of(cell)
        value = to_excel(cell.value) if isinstance(cell.value, (dt.date, dt.time, dt.timedelta)) else cell.value
        return str(value).upper() if isinstance(value, bool) else value if isinstance(value, str) else f"{value:.15g}"

    def clear_contents(self) -> None:
        ws, own = self.sheet.ws, set(self.coordinates())
        areas = (self.file.merged(ws, *at) for at in own)
        if any(not own.issuperset(at for line in area.rows for at in line) for area in areas if area is not None):
            raise failure("To do this, all the merged cells need to be the same size.")
        self.raw_value = None

    def paste(self, paste: str | None, operation: str | None, skip_blanks: Any, transpose: Any) -> None:
        if paste != "values" or operation or skip_blanks or transpose:
            raise NotImplementedError("only values are pasted")
        copied = self.file.user.copied
        if not copied:
            raise failure("PasteSpecial method of Range class failed")
        rows = [[f"'{value}" if isinstance(value, str) and value else value for value in row] for row in copied]
        Range(self.sheet, self.row, self.column, len(rows), len(rows[0])).raw_value = rows

    @property
    def number_format(self) -> str | None:
        return common(cell.number_format for cell in self.styles())

    @number_format.setter
    def number_format(self, value: str) -> None:
        self.restyle("number_format", lambda _: value)

    @property
    def color(self) -> tuple[int, int, int] | None:
        fills = [(cell.fill, cell.parent.parent.loaded_theme) for cell in self.styles()]
        solid = {"solid": "fgColor", None: None}
        names = [(fill, solid.get(fill.fill_type, "bgColor"), theme) for fill, theme in fills]
        return common((name and rgb(getattr(fill, name), theme) for fill, name, theme in names), (0, 0, 0))

    @color.setter
    def color(self, value: Any) -> None:
        fill = PatternFill() if value is None else PatternFill("solid", fgColor=color_of(value))
        self.restyle("fill", lambda _: fill)

    @property
    def note(self) -> Note | None:
        comment = getattr(self.sheet.ws._cells.get((self.row, self.column)), "comment", None)
        return Note(self(1, 1)) if comment is not None and not comment.author.startswith("tc=") else None

    def add_note(self, text: str) -> Note:
        cell = self.file.cell(self.sheet.ws, self.row, self.column)
        self.sheet.allow_drawing()
        if cell.comment is not None or (cell.row, cell.column) != (self.row, self.column):
            raise failure("Application-defined or object-defined error")
        self.file.change()
        self.file.cell(self.sheet.ws, self.row, self.column, make=True).comment = Comment(text, "Excel")
        return Note(self(1, 1))

    @property
    def hyperlink(self) -> str:
        link = getattr(self.sheet.ws._cells.get((self.row, self.column)), "hyperlink", None)
        if link is None:
            raise failure("The cell does not seem to contain a hyperlink!")
        return link.target or ""

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:
        self.sheet.unlock(self)
        self.sheet.allow("AllowInsertingHyperlinks")
        self.file.change()
        cell = self.file.cell(self.sheet.ws, self.row, self.column, make=True)
        inside = address.startswith("#")
        cell.hyperlink = Hyperlink("", **{"location": address[1:]} if inside else {"target": address})
        font = copy(cell.font)
        font.u, font.color = "single", Color("FF0563C1")
        cell.font = font
        self.file.change()
        self.file.put(self.sheet.ws, cell.row, cell.column, f"'{text_to_display}")
        self.file.change()
        cell.hyperlink.tooltip = screen_tip

    @property
    def merge_cells(self) -> bool | None:
        return common(self.file.merged(self.sheet.ws, *at) is not None for at in self.coordinates())

    @property
    def merge_area(self) -> Range:
        if len(self) > 1:
            raise failure("Application-defined or object-defined error")
        area = self.file.merged(self.sheet.ws, self.row, self.column)
        return self if area is None else Range(self.sheet, area.min_row, area.min_col, *_size(area))

    def select(self) -> None:
        if self.file is not self.file.app.files[-1] or self.file.wb.active is not self.sheet.ws:
            raise failure("Select method of Range class failed")
        self.file.selected[self.sheet.ws] = (self.row, self.column, *self.shape)

    def autofit(self, axis: str | None = None) -> None:
        for option in {"c": ["Columns"], "r": ["Rows"]}.get((axis or "")[:1], ["Columns", "Rows"]):
            self.sheet.allow(f"AllowFormatting{option}")
        self.file.change()

    def _columns(self, *, own: bool = False) -> list[Any]:
        return [_dimension(self.sheet.ws, self.column + at, own=own) for at in range(self.shape[1])]

    @property
    def column_width(self) -> float | None:
        widths = [column.width if column is not None else None for column in self._columns()]
        return common(_WIDTH if width is None else round((round(width * 7) - 5) / 7, 2) for width in widths)

    @column_width.setter
    def column_width(self, value: float) -> None:
        self._resize("Columns", value, 255)
        for column in self._columns(own=True):
            column.width = int((value * 7 + 5) / 7 * 256) / 256

    @property
    def row_height(self) -> float | None:
        rows = [self.sheet.ws.row_dimensions.get(self.row + at) for at in range(self.shape[0])]
        return common((row.ht if row is not None else None) or _HEIGHT for row in rows)

    @row_height.setter
    def row_height(self, value: float) -> None:
        self._resize("Rows", value, 409.5)
        for at in range(self.shape[0]):
            self.sheet.ws.row_dimensions[self.row + at].height = value

    @property
    def column_hidden(self) -> bool | None:
        return common(column is not None and column.hidden for column in self._columns())

    @column_hidden.setter
    def column_hidden(self, value: bool) -> None:
        self._resize("Columns")
        for column in self._columns(own=True):
            column.hidden = value

    @property
    def row_hidden(self) -> bool | None:
        rows = (self.sheet.ws.row_dimensions.get(self.row + at) for at in range(self.shape[0]))
        return common(row is not None and row.hidden for row in rows)

    @row_hidden.setter
    def row_hidden(self, value: bool) -> None:
        self._resize("Rows")
        for at in range(self.shape[0]):
            self.sheet.ws.row_dimensions[self.row + at].hidden = value

    def _resize(self, what: str, value: float = 0, most: float = 0) -> None:
        self.sheet.allow(f"AllowFormatting{what}")
        if not 0 <= value <= most:
            raise failure(f"Unable to set the size of {what}")
        self.file.change()


def _size(area: Any) -> tuple[int, int]:
    return area.max_row - area.min_row + 1, area.max_col - area.min_col + 1


def _dimension(ws: Any, index: int, *, own: bool) -> Any:
    """Return what a file says of a column; ``own`` takes it out of the group of columns that it shares it with."""
    for group in list(ws.column_dimensions.values()):
        first, last = group.min or 0, group.max or 0
        if first <= index <= last and not own:
            return group
        if first <= index <= last and first != last:
            for at in range(first, last + 1):
                single = copy(group)
                single.index, single.min, single.max = get_column_letter(at), at, at
                ws.column_dimensions[single.index] = single
    letter = get_column_letter(index)
    if own and letter not in ws.column_dimensions:
        ws.column_dimensions[letter].width = int((_WIDTH * 7 + 5) / 7 * 256) / 256
    return ws.column_dimensions[letter] if own else ws.column_dimensions.get(letter)


class Note(base_classes.Note):
    def __init__(self, cell: Range) -> None:
        self.location = cell

    location: Any = None
    api = author = property(lambda self: self._comment().author)

    def _comment(self) -> Any:
        comment = self.location.file.cell(self.location.sheet.ws, self.location.row, self.location.column).comment
        if comment is None:
            raise failure("Object required")
        return comment

    def _touch(self) -> Any:
        comment = self._comment()
        self.location.sheet.allow_drawing()
        self.location.file.change()
        return comment

    @property
    def text(self) -> str:
        return self._comment().text

    @text.setter
    def text(self, value: str) -> None:
        self._touch().text = value

    def delete(self) -> None:
        self._touch().parent.comment = None
