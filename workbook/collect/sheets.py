"""The sheets of a register as rows of values, each with its place: from a workbook of any format, or from a text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.intake import limits
from workbook.intake.archive import damaged, too_large, vet_size
from workbook.intake.encoding import decode
from workbook.intake.kinds import kind_of
from workbook.report import Place, Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.excel.address import Spot

_PACKED = (b"PK", b"\xd0\xcf\x11\xe0")
"""How workbooks begin."""
_OTHER = re.compile(rb"\s*(?:<|\{|%PDF|\x89PNG|\xff\xd8\xff|Rar!)")
"""How files begin that are neither a workbook nor values between marks."""
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_FROM_1904, _LATE = re.compile(rb"date1904\s*=\s*[\"'](?:1|true)"), 1_462
_MARKS = ",;\t，；|"
_LOOKED_AT = 50
"""Lines by which it is told what separates the values of a text."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: its rows by number, from 0 on, each its values by column; ``counted`` where columns have no letters."""

    name: str
    rows: dict[int, dict[int, Any]]
    counted: bool = False
    days: int = 0
    """What its numbers of days lack: on old Macs they begin with 1904."""

    def place(self, row: int, column: int) -> Place:
        """Return where a cell stands."""
        if self.counted:
            return Place(self.name, f"第{row + 1}行第{column + 1}列")
        from workbook.excel.address import a1

        return Place(self.name, a1(row, column))


def sheets(data: bytes, file: str) -> Iterator[Sheet]:
    """Yield the sheets of a file that are shown, with all that their cells hold.

    Raises:
        Unreadable: it is neither a workbook nor a text with values between commas, damaged, or beyond a limit.
    """
    vet_size(data, file)
    if not data.startswith(_PACKED):
        yield _text(data, file)
        return
    kind = kind_of(data, file).key
    if kind == "xlsx":
        yield from _workbook(data, file)
    elif kind == "xls":
        yield from _other_format(data, file)
    else:
        raise _no_table(file)


def _workbook(data: bytes, file: str) -> Iterator[Sheet]:
    from workbook.excel.layout import CHECKS, COVER
    from workbook.excel.reading.file import FileWorkbook
    from workbook.excel.reading.package import Package

    book = FileWorkbook(Package(data, file, limits.REGISTER_SHEET_LIMIT))
    if {COVER, CHECKS} <= set(book.names):
        raise Unreadable(make_finding("register.is_a_report", file=file))
    days = _LATE if _FROM_1904.search(book.package.book) else 0
    for name in book.names:
        if not book.hidden(name):
            yield Sheet(name, _rows(book.values(name), file), days=days)


def _other_format(data: bytes, file: str) -> Iterator[Sheet]:
    from workbook.excel.reading.other_formats import SECONDS
    from workbook.excel.reading.package import vet_other_format
    from workbook.intake.isolate import run_isolated

    vet_other_format(data, file)
    held = run_isolated("workbook.excel.reading.other_formats:held", data, file, seconds=SECONDS)
    for name, cells in held.items():
        yield Sheet(name, _rows(cells, file))


def _text(data: bytes, file: str) -> Sheet:
    text = None if _OTHER.match(data) else decode(data)
    if text is None or _CONTROL.search(text):
        raise _no_table(file)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_mark(text))
    try:
        held = (((at, column), value) for at, row in enumerate(lines) for column, value in enumerate(row))
        return Sheet("表", _rows(held, file), counted=True)
    except csv.Error as error:
        raise damaged(file, str(error)) from error


def _mark(text: str) -> str:
    r"""Return what separates the values of a text: the mark that most of its first lines have equally often.

    >>> _mark("名称;别名\n甲局;甲,乙\n"), _mark("名称\n甲局\n")
    (';', ',')
    """
    lines = [line for line in text[:100_000].split("\n")[:_LOOKED_AT] if line.strip()]
    counts = {mark: Counter(line.count(mark) for line in lines if mark in line) for mark in _MARKS}
    return max(_MARKS, key=lambda mark: max(counts[mark].values(), default=0))


def _rows(held: Iterable[tuple[Spot, Any]], file: str) -> dict[int, dict[int, Any]]:
    """Return the rows of a sheet, blank ones and blank cells left out.

    Raises:
        Unreadable: they are beyond a limit.
    """
    rows: dict[int, dict[int, Any]] = {}
    for cells, ((row, column), value) in enumerate(held, 1):
        if row >= limits.REGISTER_ROW_LIMIT:
            raise too_large(file, f"不止 {row} 行", f"more than {row} rows", limits.REGISTER_ROW_LIMIT)
        if column >= limits.REGISTER_COLUMN_LIMIT:
            raise too_large(file, f"不止 {column} 列", f"more than {column} columns", limits.REGISTER_COLUMN_LIMIT)
        if cells > limits.REGISTER_CELL_LIMIT:
            raise too_large(file, f"不止 {cells - 1} 格", f"more than {cells - 1} cells", limits.REGISTER_CELL_LIMIT)
        if not isinstance(value, str) or value.strip():
            rows.setdefault(row, {})[column] = value
    return dict(sorted(rows.items()))


def _no_table(file: str) -> Unreadable:
    return Unreadable(make_finding("register.not_a_table", file=file))
