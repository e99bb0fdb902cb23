"""Sheets of the engine of LibreOffice, with the protection that Excel heeds."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.utils import range_boundaries
from xlwings import base_classes

from engine.calc_api import Lock, SheetApi, excel, failure
from engine.calc_cells import COLUMNS, ROWS, Note, Range
from engine.calc_names import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.calc import Book

_LONGEST = 31


@excel
class Sheets(base_classes.Sheets):
    def __init__(self, book: Book) -> None:
        self._book = book

    active = property(lambda self: self._book.active)

    def __call__(self, key: int | str) -> Sheet:
        tabs = self._book.tabs
        if isinstance(key, str):
            tabs, key = [sheet for sheet in tabs if sheet.name.lower() == key.lower()], 1
        if not 1 <= key <= len(tabs):
            raise failure("Subscript out of range")
        return tabs[key - 1]

    def __len__(self) -> int:
        return len(self._book.tabs)

    def __iter__(self) -> Iterator[Sheet]:
        return iter(list(self._book.tabs))

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None) -> Sheet:
        """Add a sheet, then name it: two changes, as over COM."""
        book = self._book
        book.change_structure()
        at = after.index if after else (before or book.active).index - 1
        taken = {sheet.name.lower() for sheet in book.tabs}
        first = next(title for number in range(1, 999) if (title := f"Sheet{number}").lower() not in taken)
        book.document.Sheets.insertNewByName(first, at)
        sheet = Sheet(book, book.document.Sheets.getByName(first), Lock({}))
        book.tabs.insert(at, sheet)
        sheet.activate()
        if name is not None:
            sheet.name = name
        return sheet


class FreezePanes(base_classes.FreezePanes):
    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    def freeze_at(self, frozen_range: str) -> None:
        self._sheet.book.change()
        self._sheet.frozen = frozen_range

    def unfreeze(self) -> None:
        self._sheet.book.change()
        self._sheet.frozen = None


@excel
class Sheet(base_classes.Sheet):
    book: Any = None

    def __init__(self, book: Book, xl: Any, protection: Lock) -> None:
        self.book, self._xl, self.lock = book, xl, protection
        self.frozen: str | None = None
        self._selected: Range | None = None

    api = property(SheetApi)
    freeze_panes = property(FreezePanes)
    index = property(lambda self: self.book.tabs.index(self) + 1)
    cells = property(lambda self: Range(self, 1, 1, ROWS, COLUMNS))
    names = property(lambda self: Names(self.book, self))

    @property
    def xl(self) -> Any:
        """The sheet in LibreOffice, which would go on as its neighbour once it is deleted."""
        if self not in self.book.tabs:
            raise failure("Object required")
        return self._xl

    def allow(self, option: str) -> None:
        """Refuse what the protection does not allow."""
        if self.lock.on("sheet") and not self.lock.allows(option):
            raise failure("The cell or chart you are trying to change is on a protected sheet.")

    @property
    def name(self) -> str:
        return self.xl.Name

    @name.setter
    def name(self, value: str) -> None:
        others = {sheet.name.lower() for sheet in self.book.tabs if sheet is not self}
        if not 0 < len(value) <= _LONGEST or re.search(r"[\\/?*:\[\]]|^'|'$", value) or value.lower() in others:
            raise failure("That name is already taken or not valid.")
        self.book.change_structure()
        self.xl.setName(value)

    def range(self, first: Any, second: Any = None) -> Range:
        if isinstance(first, (int, float)):
            first, second = (first, second), None
        row, column, height, width = self._area(first)
        if second is not None:
            other = self._area(second)
            bottom, right = max(row + height, other[0] + other[2]), max(column + width, other[1] + other[3])
            row, column = min(row, other[0]), min(column, other[1])
            height, width = bottom - row, right - column
        return Range(self, row, column, height, width)

    def _area(self, place: Any) -> tuple[int, int, int, int]:
        if isinstance(place, Range):
            return place.coords[1:]
        if isinstance(place, tuple):
            if 0 in place[:2]:
                raise IndexError("Attempted to access 0-based Range. xlwings/Excel Ranges are 1-based.")
            return (*place, 1, 1)[:4] if len(place) == 2 else place
        try:
            bounds = range_boundaries(place)
        except ValueError:
            named = self.book.names(place).refers_to_range
            if named.sheet is not self:
                raise failure() from None
            return named.coords[1:]
        left, top, right, bottom = (it or other for it, other in zip(bounds, (1, 1, COLUMNS, ROWS), strict=True))
        return min(top, bottom), min(left, right), abs(bottom - top) + 1, abs(right - left) + 1

    @property
    def used_range(self) -> Range:
        cursor = self.xl.createCursor()
        cursor.gotoStartOfUsedArea(False)  # noqa: FBT003
        cursor.gotoEndOfUsedArea(True)  # noqa: FBT003
        area = cursor.RangeAddress
        height, width = area.EndRow - area.StartRow + 1, area.EndColumn - area.StartColumn + 1
        return Range(self, area.StartRow + 1, area.StartColumn + 1, height, width)

    @property
    def notes(self) -> list[Note]:
        positions = [note.Position for note in self.xl.Annotations]
        return [Note(Range(self, at.Row + 1, at.Column + 1)) for at in positions]

    def activate(self) -> None:
        if not self.xl.IsVisible:
            raise failure("Activate method of Worksheet class failed")
        self.book.active = self
        if self.book.view:
            self.book.view.setActiveSheet(self.xl)

    def select(self) -> None:
        self.activate()

    @property
    def selection(self) -> Range:
        """The cells that are selected, or would be if the sheet were shown."""
        if self._selected is None:
            place = self.book.document.CurrentSelection if self.book.active is self else None
            area = getattr(place, "RangeAddress", None)
            size = (area.EndRow - area.StartRow + 1, area.EndColumn - area.StartColumn + 1) if area else (1, 1)
            self._selected = Range(self, area.StartRow + 1, area.StartColumn + 1, *size) if area else Range(self, 1, 1)
        return self._selected

    def select_range(self, cells: Range) -> None:
        if self.book.active is not self or self.book.app.active is not self.book:
            raise failure("Select method of Range class failed")
        self._selected = cells
        if self.book.view:
            self.book.view.select(cells.xl)

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def clear_contents(self) -> None:
        self.used_range.clear_contents()

    @property
    def visible(self) -> int:
        return -1 if self.xl.IsVisible else 0

    @visible.setter
    def visible(self, value: Any) -> None:
        if not value:
            self._leave()
        self.book.change_structure()
        self.xl.IsVisible = bool(value)

    def delete(self) -> None:
        following = self._leave()
        self.book.change_structure()
        self.book.document.Sheets.removeByName(self.name)
        self.book.tabs.remove(self)
        if self.book.active is self:
            following.activate()

    def _leave(self) -> Sheet:
        """Return the sheet to be shown when this one cannot be any more."""
        at = self.index
        others = [sheet for sheet in self.book.tabs[at:] + self.book.tabs[: at - 1][::-1] if sheet.visible]
        if not others:
            raise failure("A workbook must contain at least one visible worksheet.")
        return others[0]
