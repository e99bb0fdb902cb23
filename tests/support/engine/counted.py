"""Calls into Excel's object model, counted: what each costs on Windows is told from xlwings' own source there."""

from __future__ import annotations

import ast
from functools import lru_cache
from pathlib import Path
from typing import Any

import xlwings as xw

_ENGINE = "engine."
_FREE = {"api", "impl", "options", "engine", "max_cells_per_read", "max_cells_per_write"}  # known without asking


@lru_cache(maxsize=1)
def _costs() -> dict[tuple[str, str], int]:
    """Return how many calls a method or property of xlwings' Windows classes makes, by class and name; at least one."""
    source = Path(str(xw.__file__)).with_name("_xlwindows.py").read_text(encoding="utf-8")
    found: dict[tuple[str, str], int] = {}
    for kind in (node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)):
        for item in (node for node in kind.body if isinstance(node, ast.FunctionDef)):
            found.setdefault((kind.name, item.name), 0)
            if not any(isinstance(mark, ast.Attribute) and mark.attr == "setter" for mark in item.decorator_list):
                found[kind.name, item.name] = sum(map(_is_call, ast.walk(item)))
    return found | {("Sheet", "range"): 3}  # two corners and what is between them; its source has a branch a kind


def _is_call(node: ast.AST) -> bool:
    """Return whether an expression asks a COM object: an attribute with a capital, or the object called itself."""
    if isinstance(node, ast.Attribute):
        return node.attr[:1].isupper() and "xl" in ast.unparse(node.value)
    return isinstance(node, ast.Call) and ast.unparse(node.func) in {"self.xl", "xl"}


class Counter:
    """How many calls were made so far."""

    calls = 0


def counted(book: xw.Book) -> tuple[xw.Book, Counter]:
    """Return a workbook of which every question and order to the spreadsheet is counted."""
    counter = Counter()
    return xw.Book(impl=_wrapped(book.impl, counter)), counter


def _wrapped(value: Any, counter: Counter) -> Any:
    """Return what the spreadsheet answered; of its objects, one that counts in turn."""
    kind = type(value)
    if kind.__module__.startswith(_ENGINE) or kind.__name__ == "SimpleNamespace":
        return Counted(value, counter)
    if callable(value):
        return lambda *given, **named: _wrapped(
            value(*map(_bare, given), **{name: _bare(item) for name, item in named.items()}), counter
        )
    if kind is list and value and isinstance(value[0], tuple):  # the names of a workbook: each was asked what it is
        counter.calls += 2 * len(value)
        return [tuple(_wrapped(item, counter) for item in row) for row in value]
    return value


def _bare(value: Any) -> Any:
    return value.__dict__["_it"] if isinstance(value, Counted) else value


class Counted:
    """An object of an engine that counts what it is asked, as dear as xlwings makes it on Windows."""

    def __init__(self, it: Any, counter: Counter) -> None:
        self.__dict__.update(_it=it, _counter=counter, _placed=False)

    def _charge(self, name: str) -> None:
        kind = next((base.__name__ for base in type(self._it).__mro__ if (base.__name__, name) in _costs()), "")
        placed = kind == "Range" and name in {"row", "column", "shape", "sheet"}  # asked together, and once
        if placed and not self._placed:
            self._counter.calls += _costs()["Range", "coords"]
        elif not placed:
            self._counter.calls += max(_costs().get((kind, name), 1), 1)
        self.__dict__["_placed"] = self._placed or placed

    def __getattr__(self, name: str) -> Any:
        if name not in _FREE:
            self._charge(name)
        return _wrapped(getattr(self._it, name), self._counter)

    def __setattr__(self, name: str, value: Any) -> None:
        self._charge(name)
        setattr(self._it, name, _bare(value))

    def __call__(self, *given: Any) -> Any:
        """Ask a collection or a range for one of its parts."""
        self._charge("__call__")
        return _wrapped(self._it(*map(_bare, given)), self._counter)

    def __iter__(self) -> Any:
        for item in self._it:
            self._counter.calls += 1
            yield _wrapped(item, self._counter)

    def __len__(self) -> int:
        self._charge("__len__")
        return len(self._it)

    def __bool__(self) -> bool:
        return bool(self._it)
