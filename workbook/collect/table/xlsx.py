"""A table as a workbook, written row by row, so that memory does not grow with it."""

from __future__ import annotations

from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any

from workbook.collect.table.columns import WORDS
from workbook.excel.findings_sheet import HEAD_TINT
from workbook.excel.template.build import EPOCH
from workbook.excel.template.styles import lines as taken
from workbook.intake.results import RESULT
from workbook.printable import printable
from workbook.report import plain
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook.collect.table.columns import Column, Role
    from workbook.collect.table.rows import Row
    from workbook.report import Lang

SHEET_ROWS = 1_000_000
"""Rows that a sheet is given, of the 1048576 that it holds."""
SHEET_COLUMNS = 16_384
"""Columns that a sheet can have."""

_WIDTHS = {"unit": 14, "name": 26, "parent": 20, "table": 26, "label": 40, "cell": 34, "at": 17}
_NUMBER, _TEXT = 9.5, 11
_LINE = 15
_BORDER: dict[str, Any] = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
_HEAD: dict[str, Any] = _BORDER | {"bold": True, "text_wrap": True, "bg_color": f"#{HEAD_TINT}", "align": "center"}
_STYLES: Mapping[Role, dict[str, Any]] = {
    "name": {"text_wrap": True},
    "text": {},
    "state": {},
    "number": {},
    "change": {"num_format": "+0.######;-0.######;0", "font_color": "#1F4E79"},
    "percent": {"num_format": "+0.00;-0.00;0.00", "font_color": "#1F4E79"},
}
_KEY: dict[str, Any] = _BORDER | {"font_size": 7, "font_color": "#808080", "bg_color": f"#{HEAD_TINT}"}


def write(part: Path, columns: Sequence[Column], rows: Iterator[Row], title: str, lang: Lang) -> None:
    """Write the workbook; sheets after the first take what one cannot hold.

    Raises:
        OSError: it cannot be written.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_urls": False, "strings_to_formulas": False}
    book = Workbook(str(part), options)
    book.set_properties({"created": EPOCH, "keywords": RESULT})
    formats = {role: book.add_format(_BORDER | style) for role, style in _STYLES.items()}
    head = {"head": book.add_format(_HEAD), "key": book.add_format(_KEY), "title": book.add_format({"bold": True})}
    first, number = next(rows, None), 1
    while first is not None or number == 1:
        sheet = book.add_worksheet(WORDS[lang]["sheet"] + (f" {number}" if number > 1 else ""))
        top = _heads(sheet, columns, title, head)
        own = chain([first] if first is not None else [], islice(rows, SHEET_ROWS - 1))
        last = _rows(sheet, columns, own, top, formats)
        sheet.autofilter(top - 1, 0, last, len(columns) - 1)
        first, number = next(rows, None), number + 1
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _heads(sheet: Any, columns: Sequence[Column], title: str, head: Mapping[str, Any]) -> int:
    """Write what stands above the rows; return the row, counted from 0, that the first of them has."""
    depth = max(len(column.heads) for column in columns)
    _layout(sheet, columns, depth)
    sheet.write_string(0, 0, title, head["title"])
    for level in range(depth):
        sheet.set_row(1 + level, _height(columns, level, depth))
        at = 0
        for text, group in groupby(columns, key=lambda column: _above(column, level, depth)):
            count = len(list(group))
            if count > 1 and text[-1]:
                sheet.merge_range(1 + level, at, 1 + level, at + count - 1, text[-1], head["head"])
            else:
                for column in range(at, at + count):
                    sheet.write_string(1 + level, column, text[-1], head["head"])
            at += count
    for at, column in enumerate(columns):
        sheet.write_string(1 + depth, at, column.key, head["key"])
    return depth + 2


def _above(column: Column, level: int, depth: int) -> tuple[str, ...]:
    """Return the heads of a column down to a level; those of one that has fewer stand at the bottom."""
    heads = ("",) * (depth - len(column.heads)) + column.heads
    return heads[: level + 1]


def _height(columns: Sequence[Column], level: int, depth: int) -> int:
    """Return how high a row of heads must be for all of its texts to show."""
    most, at = 1, 0
    for text, group in groupby(columns, key=lambda column: _above(column, level, depth)):
        own = list(group)
        most = max(most, taken(text[-1], sum(map(_width, own))))
        at += len(own)
    return min(_LINE * most + 3, 409)


def _width(column: Column) -> float:
    return _WIDTHS.get(column.key, _TEXT if column.role in {"text", "state"} else _NUMBER)


def _layout(sheet: Any, columns: Sequence[Column], depth: int) -> None:
    for at, column in enumerate(columns):
        sheet.set_column(at, at, _width(column))
    names = [at for at, column in enumerate(columns) if column.role == "name"]
    sheet.freeze_panes(depth + 2, names[-1] + 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.repeat_rows(1, depth + 1)
    sheet.repeat_columns(0, names[-1])
    sheet.set_footer("&C&P / &N")


def _rows(sheet: Any, columns: Sequence[Column], rows: Iterator[Row], top: int, formats: Mapping[Role, Any]) -> int:
    """Write rows; return the number, counted from 0, of the last."""
    styles = [formats[column.role] for column in columns]
    write_number, write_string, write_blank = sheet.write_number, sheet.write_string, sheet.write_blank
    at = top - 1
    for at, row in enumerate(rows, top):
        for column, value in enumerate(row):
            if value is None or value == "":
                write_blank(at, column, None, styles[column])
            elif isinstance(value, str):
                write_string(at, column, printable(value)[:PARAGRAPH_LIMIT], styles[column])
            else:
                write_number(at, column, plain(value), styles[column])
    return max(at, top)
