"""Reads a table in the format "XML Spreadsheet", in which spreadsheets put full values on the clipboard.

The format is Microsoft's XML Spreadsheet schema as published for Excel 2002 and 2003; the table on the clipboard begins
with the first copied cell. What another program put there is hostile until read: sizes are limited, a document type is
refused, and whatever is not as the schema says makes the whole table unread.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from workbook.excel.reading.markup import LAST_COLUMN, LAST_ROW, NUMBER

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.excel.address import Spot

ERRORS = {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
"""What cells show that could not be calculated."""

BYTES = 32_000_000
"""Of a table; one of as many cells as are pasted at once has 4 million, with long texts a few times that."""

_SPACE = "urn:schemas-microsoft-com:office:spreadsheet"
_DEEPEST = 50
_CELL = ("Workbook", "Worksheet", "Table", "Row", "Cell")


class ErrorValue(str):
    """The error that a cell shows, such as ``#N/A``."""

    __slots__ = ()


Exact = float | bool | str | dt.datetime | ErrorValue


@dataclass
class Table:
    """The cells that hold something, by row and column from 0; how far the table goes; what of it is hidden."""

    values: dict[Spot, Exact] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)


def table(xml: bytes, limit: int) -> Table:
    """Return the table; ``limit`` is how many cells it may have, blank ones included.

    Raises:
        ValueError: there is none, or several, or it is too large.
    """
    xml = xml.partition(b"\0")[0]  # memory of the clipboard ends somewhere behind the text
    if len(xml) > BYTES:
        raise ValueError("too long")
    reader = _Reader(limit)
    try:
        reader.parser.Parse(xml, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    found = reader.table
    if reader.tables != 1:
        raise ValueError("not one table")
    for row, column in found.values:
        found.rows, found.columns = max(found.rows, row + 1), max(found.columns, column + 1)
    if found.rows * found.columns > limit:
        raise ValueError("too many cells")
    found.hidden_rows &= set(range(found.rows))
    found.hidden_columns &= set(range(found.columns))
    return found


class _Reader:
    """Follows the elements down to the data of the cells."""

    def __init__(self, limit: int) -> None:
        self.table, self.tables = Table(), 0
        self._left = limit
        self._path: list[str] = []
        self._row = self._column = self._line = 0  # where the next row, cell and column definition stand
        self._at = (0, 0)
        self._covered: dict[int, int] = {}  # columns of cells merged downwards, by the last row that they cover
        self._kind = ""
        self._text: list[str] | None = None
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = _refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._path) >= _DEEPEST:
            raise ValueError("too deep")
        space, _, local = name.rpartition(" ")
        inside = tuple(self._path)
        self._path.append(local if space == _SPACE else "")
        known = {key.removeprefix(f"{_SPACE} "): value for key, value in attributes.items()}
        take = {
            (*_CELL[:2], "Table"): self._start_table,
            (*_CELL[:3], "Column"): self._start_column,
            (*_CELL[:3], "Row"): self._start_row,
            _CELL: self._start_cell,
            (*_CELL, "Data"): self._start_data,
        }.get((*inside, self._path[-1]))
        if take is not None:
            take(known)

    def _end(self, _: str) -> None:
        if self._text is not None and tuple(self._path) == (*_CELL, "Data"):
            found = value("".join(self._text), self._kind)
            if found is not None:
                self.table.values[self._at] = found
                self._spend(1)
            self._text = None
        self._path.pop()

    def _characters(self, text: str) -> None:
        if self._text is not None:  # also that of the letters inside which have a format of their own
            self._text.append(text)

    def _start_table(self, known: Mapping[str, str]) -> None:
        self.tables += 1
        self.table.rows = _count(known, "ExpandedRowCount", LAST_ROW)
        self.table.columns = _count(known, "ExpandedColumnCount", LAST_COLUMN)

    def _start_column(self, known: Mapping[str, str]) -> None:
        first, last = self._lines(known, self._line, LAST_COLUMN)
        self._line = last + 1
        if _is_hidden(known):
            self.table.hidden_columns.update(range(first, last + 1))

    def _start_row(self, known: Mapping[str, str]) -> None:
        first, last = self._lines(known, self._row, LAST_ROW)
        self._row, self._column, self._at = last + 1, 0, (first, 0)
        if _is_hidden(known):
            self.table.hidden_rows.update(range(first, last + 1))

    @staticmethod
    def _lines(known: Mapping[str, str], following: int, most: int) -> tuple[int, int]:
        """Return the first and the last of the rows or columns that are defined together."""
        first = _count(known, "Index", most, following + 1) - 1
        last = first + _count(known, "Span", most)
        if first < following or last >= most:
            raise ValueError("a row or a column out of its order")
        return first, last

    def _start_cell(self, known: Mapping[str, str]) -> None:
        row = self._at[0]
        following = self._column
        while self._covered.get(following, -1) >= row:  # what cells above cover is passed over
            following += 1
        column = _count(known, "Index", LAST_COLUMN, following + 1) - 1
        across, down = _count(known, "MergeAcross", LAST_COLUMN), _count(known, "MergeDown", LAST_ROW)
        if column < self._column or column + across >= LAST_COLUMN:
            raise ValueError("a cell out of its order")
        if down:
            self._spend(across + 1)
            self._covered.update(dict.fromkeys(range(column, column + across + 1), row + down))
        self._at, self._column = (row, column), column + across + 1

    def _start_data(self, known: Mapping[str, str]) -> None:
        if self._at in self.table.values:
            raise ValueError("two values in a cell")
        self._kind, self._text = known.get("Type", ""), []

    def _spend(self, cells: int) -> None:
        self._left -= cells
        if self._left < 0:
            raise ValueError("too many cells")


def value(text: str, kind: str) -> Exact | None:
    """Return what a cell holds, by the words of the schema; ``None`` where that is nothing.

    >>> value("59237.244899999998", "Number"), value("1", "Boolean"), value("#N/A", "Error"), value("", "String")
    (59237.2449, True, '#N/A', None)

    Raises:
        ValueError: it is not of its kind.
    """
    bare = text.strip()
    if kind == "Number" and NUMBER.fullmatch(bare) and abs(number := float(bare)) < float("inf"):
        return number
    if kind == "Boolean" and bare in {"0", "1"}:
        return bare == "1"
    if kind == "DateTime":
        return dt.datetime.fromisoformat(bare)
    if kind == "Error" or (kind == "String" and bare in ERRORS):  # LibreOffice writes errors as texts
        return ErrorValue(bare)
    if kind == "String":
        return text.replace("\r\n", "\n").replace("\r", "\n") if bare else None
    raise ValueError(f"no {kind}")


def _count(known: Mapping[str, str], name: str, most: int, default: int = 0) -> int:
    text = known.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(f"{name} is no number of rows or columns")
    return int(text)


def _is_hidden(known: Mapping[str, str]) -> bool:
    return known.get("Hidden", "0") in {"1", "true"}


def _refuse(*_: object) -> None:
    raise ValueError("a document type could change what follows")
