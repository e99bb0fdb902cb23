"""Defined names, in both engines."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from engine.rules import failure

if TYPE_CHECKING:
    from engine.excel import Book

_NAME = re.compile(r"(?![A-Za-z]{1,3}\d+$|[RrCc]$)[^\W\d][\w.?\\]{0,254}")


class Names(dict[str, str]):
    """The names of a workbook, with what they stand for; those of a single sheet are left alone."""

    def __init__(self, book: Book) -> None:
        super().__init__()
        self.book = book

    def contains(self, key: str) -> bool:
        return key.lower() in map(str.lower, self)

    def __call__(self, key: str) -> Name:
        if not self.contains(key):
            raise failure()
        return Name(self, next(name for name in self if name.lower() == key.lower()))

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name, Name(self, name)) for name in self]

    def add(self, name: str, refers_to: str) -> Name:
        if not _NAME.fullmatch(name):
            raise failure("The name that you entered is not valid.")
        self.book.change()
        name = self(name).name if self.contains(name) else name
        self[name] = _meaning(refers_to)
        return Name(self, name)


def _meaning(refers_to: str) -> str:
    return refers_to[1:] if refers_to.startswith("=") else f'"{refers_to}"'


class Name:
    def __init__(self, names: Names, name: str) -> None:
        self._names, self.name = names, name

    @property
    def refers_to(self) -> str:
        if self.name not in self._names:
            raise failure("Object required")
        return f"={self._names[self.name]}"

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self._names.book.change()
        self._names[self.name] = _meaning(value)

    def delete(self) -> None:
        self._names.book.change()
        del self._names[self.name]
