"""A table as a workbook, written row by row, so that memory does not grow with it."""

from __future__ import annotations

from itertools import chain, groupby, islice
from typing import TYPE_CHECKING, Any

from workbook.collect.standing import State
from workbook.collect.table.columns import WORDS
from workbook.excel.findings_sheet import BLUE, HEAD_TINT
from workbook.excel.template.build import EPOCH
from workbook.excel.template.styles import lines as taken
from workbook.intake.results import RESULT
from workbook.printable import printable
from workbook.report import plain
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook.collect.table.columns import Column
    from workbook.collect.table.rows import Row
    from workbook.report import Lang

SHEET_ROWS = 1_000_000
"""Rows that a sheet is given, of the 1048576 that it holds."""
SHEET_COLUMNS = 16_384
"""Columns that a sheet can have."""

_WIDTHS = {"unit": 14, "name": 26, "parent": 20, "table": 30, "label": 46, "cell": 34, "year": 7, "at": 17, "kit": 9}
_NUMBER, _TEXT = 9.5, 12
_LINE, _LINES = 15, 3
"""Points of a line of a head, and how many lines it may take before its columns are made wider."""
_CENTRED = 8
"""Columns below a head that is centred over them; over more it stands on the left, where it is seen."""
_PAGE = 200
"""How wide columns may be together to be printed on one page."""
_BORDER: dict[str, Any] = {"border": 1, "border_color": "#BFBFBF", "valign": "vcenter"}
_HEAD: dict[str, Any] = _BORDER | {"bold": True, "text_wrap": True, "bg_color": f"#{HEAD_TINT}", "align": "center"}
_STYLES: Mapping[str, dict[str, Any]] = {
    "name": _BORDER | {"text_wrap": True},
    "text": _BORDER,
    "state": _BORDER,
    "waits": _BORDER | {"font_color": "#9C0006", "bold": True},
    "number": _BORDER,
    "odd": _BORDER | {"font_color": "#9C0006", "align": "right"},
    "change": _BORDER | {"num_format": "+0.######;-0.######;0", "font_color": f"#{BLUE}"},
    "percent": _BORDER | {"num_format": "+0.00;-0.00;0.00", "font_color": f"#{BLUE}"},
    "head": _HEAD,
    "far": _HEAD | {"align": "left"},
    "key": _BORDER | {"font_size": 7, "font_color": "#808080", "bg_color": f"#{HEAD_TINT}"},
    "title": {"bold": True, "font_size": 13},
}


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
    formats = {name: book.add_format(style) for name, style in _STYLES.items()}
    formats |= {state.word(lang): formats["waits"] for state in State if state.waits}
    first, number = next(rows, None), 1
    while first is not None or number == 1:
        sheet = book.add_worksheet(WORDS[lang]["sheet"] + (f" {number}" if number > 1 else ""))
        sheet.set_row(0, 24)
        sheet.write_string(0, 0, title, formats["title"])
        top = _heads(sheet, columns, formats)
        own = chain([first] if first is not None else [], islice(rows, SHEET_ROWS - 1))
        last = _rows(sheet, columns, own, top, formats)
        sheet.autofilter(top - 1, 0, last, len(columns) - 1)
        first, number = next(rows, None), number + 1
    try:
        book.close()
    except FileCreateError as error:
        raise OSError(str(error)) from error


def _heads(sheet: Any, columns: Sequence[Column], formats: Mapping[str, Any]) -> int:
    """Write what stands above the rows; return the row, counted from 0, that the first of them has."""
    depth = max(len(column.heads) for column in columns)
    groups = [list(_groups(columns, level, depth)) for level in range(depth)]
    widths = _set_up(sheet, columns, groups)
    for row, level in enumerate(groups, 1):
        lines = [taken(text, sum(widths[first : last + 1])) for text, first, last in level]
        sheet.set_row(row, _LINE * max(lines) + 4)
        for text, first, last in level:
            style = formats["far" if last - first >= _CENTRED else "head"]
            if text and last > first:
                sheet.merge_range(row, first, row, last, text, style)
            elif text:
                sheet.write_string(row, first, text, style)
    for at, column in enumerate(columns):
        sheet.write_string(depth + 1, at, column.key, formats["key"])
    return depth + 2


def _groups(columns: Sequence[Column], level: int, depth: int) -> Iterator[tuple[str, int, int]]:
    """Yield the heads of a level with their first and last columns; what has fewer heads has them at the bottom."""
    padded = [("",) * (depth - len(column.heads)) + column.heads for column in columns]
    for heads, group in groupby(range(len(columns)), key=lambda at: padded[at][: level + 1]):
        own = list(group)
        yield heads[-1], own[0], own[-1]


def _set_up(sheet: Any, columns: Sequence[Column], groups: Iterable[Iterable[tuple[str, int, int]]]) -> list[float]:
    """Set widths, what stays in sight and how it is printed; return the widths."""
    widths = [
        _WIDTHS.get(one.key, _NUMBER if one.role in {"number", "change", "percent"} else _TEXT) for one in columns
    ]
    for text, first, last in chain.from_iterable(groups):
        while taken(text, sum(widths[first : last + 1])) > _LINES:
            widths[first : last + 1] = [wide + 1 for wide in widths[first : last + 1]]
    for at, wide in enumerate(widths):
        sheet.set_column(at, at, wide)
    depth, name = max(len(column.heads) for column in columns), [column.role for column in columns].index("name")
    sheet.freeze_panes(depth + 2, name + 1)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.repeat_rows(1, depth)
    sheet.repeat_columns(0, name)
    sheet.set_footer("&C&P / &N")
    if sum(widths) <= _PAGE:
        sheet.fit_to_pages(1, 0)
    return widths


def _rows(sheet: Any, columns: Sequence[Column], rows: Iterable[Row], top: int, formats: Mapping[str, Any]) -> int:
    """Write rows; return the number, counted from 0, of the last."""
    styles, odd = [formats[column.role] for column in columns], formats["odd"]
    numbers = {at for at, column in enumerate(columns) if column.role == "number"}
    states = {at for at, column in enumerate(columns) if column.role == "state"}
    write_number, write_string, write_blank = sheet.write_number, sheet.write_string, sheet.write_blank
    at = top
    for at, row in enumerate(rows, top):
        for column, value in enumerate(row):
            if value is None or value == "":
                write_blank(at, column, None, styles[column])
            elif isinstance(value, str):
                style = odd if column in numbers else styles[column]
                style = formats.get(value, style) if column in states else style
                write_string(at, column, printable(value)[:PARAGRAPH_LIMIT], style)
            else:
                write_number(at, column, plain(value), styles[column])
    return at
