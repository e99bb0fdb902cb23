"""Defined names for the engine of LibreOffice."""
# ruff: noqa: D102 - methods are those of xlwings' engines, described there

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from engine.calc_api import excel, failure

if TYPE_CHECKING:
    from engine.calc import Book
    from engine.calc_cells import Range
    from engine.calc_sheets import Sheet


@excel
class Name(base_classes.Name):
    """A defined name.

    LibreOffice reads names with a full stop but takes no new ones: those stand apart until the workbook is saved.
    """

    def __init__(self, book: Book, sheet: Sheet | None, title: str) -> None:
        self._book, self._sheet, self._title = book, sheet, title

    api = property(lambda self: self)

    @property
    def _known(self) -> Any:
        return (self._sheet.xl if self._sheet else self._book.document).NamedRanges

    @property
    def _apart(self) -> bool:
        return self._title in self._book.names_apart

    @property
    def name(self) -> str:
        return f"{_quoted(self._sheet.name)}!{self._title}" if self._sheet else self._title

    @name.setter
    def name(self, value: str) -> None:
        refers_to = self.refers_to
        self._book.change()
        self.drop()
        self._title = value
        self.put(refers_to)

    @property
    def refers_to(self) -> str:
        if self._apart:
            return self._book.names_apart[self._title]
        known = self._known.getByName(self._title)
        return self._book.formula(known.getTokens(), known.ReferencePosition)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._book.change()
        self.put(value)

    @property
    def refers_to_range(self) -> Range:
        sheet, _, address = self.refers_to[1:].rpartition("!")
        if not sheet:
            raise failure()
        return self._book.sheets(sheet.strip("'").replace("''", "'")).range(address)

    def put(self, refers_to: str) -> None:
        """Let the name stand for a formula."""
        formula = refers_to if refers_to.startswith("=") else f'="{refers_to}"'
        home = (self._sheet or self._book.tabs[0]).xl.getCellByPosition(0, 0).CellAddress
        if not self._apart and not self._known.hasByName(self._title):
            if not re.fullmatch(r"[^\W\d][\w.\\?]*", self._title) or re.fullmatch(r"[A-Za-z]{1,3}\d+", self._title):
                raise failure("The syntax of this name is not correct.")
            if "." in self._title and self._sheet is None:
                self._book.names_apart[self._title] = ""
            else:
                self._known.addNewByName(self._title, "", home, 0)
        if self._apart:
            self._book.names_apart[self._title] = formula
        else:
            known = self._known.getByName(self._title)
            known.setTokens(self._book.tokens(formula, home))

    def drop(self) -> None:
        """Take the name out of the workbook."""
        if self._apart:
            del self._book.names_apart[self._title]
        else:
            self._known.removeByName(self._title)

    def delete(self) -> None:
        self._book.change()
        self.drop()


@excel
class Names(base_classes.Names):
    """The names of a workbook, or of one of its sheets."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self._book, self._sheet = book, sheet

    api = property(lambda self: self)

    def _all(self) -> list[Name]:
        book = self._book
        found = [
            Name(book, sheet, title)
            for sheet in ([self._sheet] if self._sheet else book.tabs)
            for title in sheet.xl.NamedRanges.ElementNames
        ]
        if self._sheet is None:
            found += [Name(book, None, title) for title in (*book.document.NamedRanges.ElementNames, *book.names_apart)]
        return found

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._all()]

    def __call__(self, key: int | str) -> Name:
        for at, (title, name) in enumerate(self.snapshot(), 1):
            if key == at or (isinstance(key, str) and title.lower() == key.lower()):
                return name
        raise failure()

    def contains(self, key: int | str) -> bool:
        return any(key == at or str(key).lower() == it[0].lower() for at, it in enumerate(self.snapshot(), 1))

    def __len__(self) -> int:
        return len(self._all())

    def add(self, name: str, refers_to: str) -> Name:
        sheet, _, title = name.rpartition("!")
        scope = self._book.sheets(sheet.strip("'").replace("''", "'")) if sheet else self._sheet
        made = self(name) if self.contains(name) else Name(self._book, scope, title)
        self._book.change()
        made.put(refers_to)
        return made


def _quoted(title: str) -> str:
    return "'" + title.replace("'", "''") + "'" if re.search(r"\W", title) or title[0].isdigit() else title
