"""Defined names of a workbook in the engine over openpyxl."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from openpyxl.workbook.defined_name import DefinedName
from xlwings import base_classes

from engine.com import AREA, failure, quoted

if TYPE_CHECKING:
    from engine.cells import Range
    from engine.sheets import Book


class Names(base_classes.Names):
    def __init__(self, book: Book) -> None:
        self._book, self._file = book, book.file

    api = property(lambda self: self)

    def _all(self) -> list[Name]:
        scopes = [self._file.wb, *self._file.wb.worksheets]
        names = [Name(self._book, scope, key) for scope in scopes for key in scope.defined_names]
        return sorted(names, key=lambda name: name.name.lower())

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self._all()]

    def __len__(self) -> int:
        return len(self._all())

    def __call__(self, key: Any) -> Name:
        for number, name in enumerate(self._all(), start=1):
            if key == number or str(key).lower() == name.name.lower():
                return name
        raise failure("Application-defined or object-defined error")

    def contains(self, key: Any) -> bool:
        return any(str(key).lower() == name.name.lower() for name in self._all())

    def add(self, name: str, refers_to: str) -> Name:
        if not re.fullmatch(r"(?![A-Za-z]{1,3}\d+$|[RrCc]$)[^\W\d][\w.?\\]{0,254}|\\[\w.]*", name):
            raise failure("The name that you entered is not valid.")
        self._file.change()
        own = self._file.wb.defined_names
        key = next((key for key in own if key.lower() == name.lower()), name)
        own[key] = DefinedName(key, attr_text=_meaning(refers_to))
        return Name(self._book, self._file.wb, key)


def _meaning(refers_to: str) -> str:
    return refers_to[1:] if refers_to.startswith("=") else f'"{refers_to}"'


class Name(base_classes.Name):
    def __init__(self, book: Book, scope: Any, key: str) -> None:
        self._book, self._file, self._scope, self._key = book, book.file, scope, key

    @property
    def _entry(self) -> DefinedName:
        if self._key not in self._scope.defined_names:
            raise failure("Object required")
        return self._scope.defined_names[self._key]

    @property
    def name(self) -> str:
        return self._key if self._scope is self._file.wb else f"{quoted(self._scope.title)}!{self._key}"

    @property
    def refers_to(self) -> str:
        return f"={self._entry.attr_text}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        entry = self._entry
        self._file.change()
        entry.attr_text = _meaning(value)

    @property
    def refers_to_range(self) -> Range:
        area = AREA.fullmatch(self._entry.attr_text)
        if area is None or not (area[1] or area[2]):
            raise failure("Application-defined or object-defined error")
        return self._book.sheets((area[1] or "").replace("''", "'") or area[2]).range(area[3])

    def delete(self) -> None:
        assert self._entry is not None
        self._file.change()
        del self._scope.defined_names[self._key]
