"""Ranges of both engines: addresses, entries, notes, and what protection refuses."""
# ruff: noqa: D101, D102, N802 - names and meaning are those of xlwings' engines and of Excel

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from openpyxl.utils import get_column_letter
from xlwings import base_classes

from engine.looks import NO_FILL, THREAD, Interior, Note, plain_letters
from engine.rules import entered, failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.excel import Sheet

_ROWS, _COLUMNS = 1048576, 16384


class Settable:
    """A format that macros set and nothing reads: all that counts is whether it may be changed."""

    def __init__(self, option: str = "AllowFormattingCells") -> None:
        self._option = option

    def __set__(self, owner: Any, value: Any) -> None:
        owner.change_format(self._option)


class Font:
    bold, size, color = Settable(), Settable(), Settable()

    def __init__(self, cells: Range) -> None:
        self.change_format = cells.change_format


class Borders:
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    def set(self, which: list[str], **_: Any) -> None:
        for _side in which:
            self._cells.change_format()


class RangeApi:
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    Locked = property(lambda self: self._cells.locked)
    HasFormula = property(lambda self: self._cells.calculated)
    Interior = property(lambda self: Interior(self._cells))
    Comment = property(lambda self: self._cells.note and self._cells.note.api)

    @property
    def CommentThreaded(self) -> SimpleNamespace | None:
        if self._cells.sheet.book.app.user.knows_threads:
            return SimpleNamespace() if self._cells.threaded else None
        raise AttributeError("<unknown>.CommentThreaded")


class Range(base_classes.Range):
    """A range of cells.

    What holds it adds for a range ``locked``, ``fill``, ``number_format``, ``values`` and ``formulas`` (rows of
    cells); for a cell ``put``, ``link``, ``comment`` and ``author`` (of its note), ``calculated``.
    """

    sheet: Any = None
    row, column, shape = 1, 1, (1, 1)
    max_cells_per_read = max_cells_per_write = None
    wrap_text = vertical_alignment = Settable()
    column_width = column_hidden = Settable("AllowFormattingColumns")
    comment: str | None
    author: str | None
    fill: Any

    def __init__(self, sheet: Sheet, row: int, column: int, height: int = 1, width: int = 1) -> None:
        if row < 1 or column < 1 or row + height - 1 > _ROWS or column + width - 1 > _COLUMNS:
            raise failure()
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (height, width)

    api = property(RangeApi)
    font, borders = property(Font), property(Borders)
    address = property(lambda self: self.get_address(row_absolute=True, col_absolute=True, external=False))

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, *at: int) -> Range:
        row, column = at if len(at) > 1 else ((at[0] - 1) // self.shape[1] + 1, (at[0] - 1) % self.shape[1] + 1)
        return (
            self if len(self) == row == column == 1 else self.sheet.cells(self.row + row - 1, self.column + column - 1)
        )

    def get_address(self, row_absolute: Any, col_absolute: Any, external: Any) -> str:
        row, column = "$" * bool(row_absolute), "$" * bool(col_absolute)
        corners = [(self.row, self.column), (self.row + self.shape[0] - 1, self.column + self.shape[1] - 1)]
        ends = [f"{column}{get_column_letter(across)}{row}{down}" for down, across in corners[: len(self)]]
        return f"[{self.sheet.book.name}]{self.sheet.name}!" * bool(external) + ":".join(ends)

    def change_contents(self) -> None:
        """Refuse where a cell is locked, and note that values are about to change."""
        if self.sheet.protection.sheet and self.locked is not False:
            raise failure("The cell or chart that you are trying to change is on a protected sheet.")
        self.sheet.book.change()

    def change_format(self, option: str = "AllowFormattingCells") -> None:
        self.sheet.allow(option)
        self.sheet.book.change()

    def change_drawing(self) -> None:
        if self.sheet.protection.objects:
            raise failure("The cell or chart that you are trying to change is on a protected sheet.")
        self.sheet.book.change()

    @property
    def covered(self) -> bool:
        """Whether merged cells hide the cell: what it is given is lost."""
        first = self.merge_area
        return (first.row, first.column) != (self.row, self.column)

    @property
    def merge_area(self) -> Range:
        area = self.sheet.merged.get((self.row, self.column))
        return self if area is None else self.sheet.range((area.min_row, area.min_col), (area.max_row, area.max_col))

    merge_cells = property(lambda self: len(self.merge_area) > 1)

    def _spread(self, rows: Any) -> Any:
        return rows[0][0] if len(self) == 1 else rows

    def _enter(self, data: Any) -> None:
        """Assign values as a user could have typed them."""
        self.change_contents()
        assert isinstance(data, (list, tuple)) or len(self) == 1, "one value for many cells"
        self.fill_in(data if isinstance(data, (list, tuple)) else [[data]])

    def fill_in(self, rows: Any) -> None:
        for down, row in enumerate(rows, 1):
            for across, value in enumerate(row, 1):
                cell = self(down, across)
                if not cell.covered:
                    cell.put(*entered(value, cell.number_format))

    raw_value = property(lambda self: self._spread(self.values), _enter)
    formula = property(lambda self: self._spread(self.formulas), _enter)

    note = property(lambda self: Note(self) if self.comment is not None else None)

    @property
    def color(self) -> tuple[int, int, int] | None:
        found = Interior(self)
        red, green, blue = found.Color.to_bytes(3, "little")
        return None if found.ColorIndex == NO_FILL else (red, green, blue)

    @color.setter
    def color(self, value: tuple[int, int, int] | None) -> None:
        if value is None:
            Interior(self).ColorIndex = NO_FILL
        else:
            Interior(self).Color = int.from_bytes(bytes(value), "little")

    @property
    def threaded(self) -> bool:
        """Whether the note stands for a threaded comment, which this version of Excel knows."""
        return self.sheet.book.app.user.knows_threads and (self.author or "").startswith(THREAD)

    @property
    def letters(self) -> list[dict[str, Any]]:
        """The fonts of the letters of the note."""
        return self.sheet.letters.get((self.row, self.column)) or plain_letters(self.comment)

    @letters.setter
    def letters(self, value: list[dict[str, Any]]) -> None:
        self.sheet.letters[self.row, self.column] = value

    def add_note(self, text: str) -> Note:
        if self.comment is not None or self.covered:
            raise failure()
        self.change_drawing()
        self.comment = text
        return Note(self)

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:
        self.sheet.allow("AllowInsertingHyperlinks")
        self.change_contents()
        self.link(address)
        for _ in (text_to_display, screen_tip):  # each is a change of its own
            self.change_contents()
        self.put(text_to_display, self.number_format)

    def autofit(self, axis: str) -> None:
        assert axis == "r"
        self.change_format("AllowFormattingRows")

    def select(self) -> None:
        if self.sheet.book is not self.sheet.book.app.books.active or self.sheet.book.sheets.active is not self.sheet:
            raise failure("Select method of Range class failed")
        self.sheet.selected = (self.row, self.column, *self.shape)

    def coordinates(self) -> Iterator[tuple[int, int]]:
        """Give row and column of every cell."""
        (height, width), row, column = self.shape, self.row, self.column
        return ((down, across) for down in range(row, row + height) for across in range(column, column + width))
