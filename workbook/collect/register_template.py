"""The workbook in which a register is kept: heads with notes, lists to choose from, checks of what is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

from workbook.collect.columns import columns
from workbook.excel.template.build import EPOCH
from workbook.excel.template.styles import ENTRY_TAB, GUIDE_TAB, Formats
from workbook.report.limits import CREDIT_LENGTH, DIVISION_LENGTHS, YEARS

if TYPE_CHECKING:
    from workbook.collect.columns import Column

REGISTER, GUIDE = "名册", "填写说明"
"""The sheets: the one to fill in, and how."""

_ROWS = 20_000
"""Rows that check what is entered."""
_SHORT = 255
"""Characters that Excel shows as a note of a cell."""
_MARK = " *"
"""What stands behind the head of a column that has to be filled in."""
_HEADS = ("列", "填什么", "表头也可以写作")
_SPANS = ((0, 0), (1, 3), (4, 7))
"""The first and the last column that each of them spans, above the narrower columns of the examples."""
_FIRST, _HIGH = 20, 32
"""The width of the first column in characters, and the height of the rows in points."""


def write_template(target: BinaryIO) -> None:
    """Write a register in which no unit stands yet (.xlsx)."""
    from xlsxwriter import Workbook

    book = Workbook(target, {"in_memory": True})
    book.set_properties({"title": "政府信息公开年报报送单位名册", "created": EPOCH})
    formats = Formats(book)
    _register(book.add_worksheet(REGISTER), book, formats)
    _guide(book.add_worksheet(GUIDE), formats)
    book.close()


def _register(sheet: Any, book: Any, formats: Formats) -> None:
    plain = book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter"})
    as_text = book.add_format({"font_name": "宋体", "font_size": 11, "valign": "vcenter", "num_format": "@"})
    for at, column in enumerate(columns().columns):
        # Excel makes numbers of codes, and days of this year of 1月20日, unless the cells are text.
        sheet.set_column(at, at, column.width, plain if column.kind == "year" else as_text)
        sheet.write_string(0, at, f"{column.label}{_MARK * column.required}", formats["question"])
        sheet.data_validation(0, at, 0, at, _noted(column))
        sheet.data_validation(1, at, _ROWS, at, _asked(column))
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, 0, len(columns().columns) - 1)
    sheet.set_tab_color(ENTRY_TAB)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _asked(column: Column) -> dict[str, Any]:
    """Return what may be entered in a column, and what is said of it when a cell is chosen and when it is refused."""
    fewest, most = DIVISION_LENGTHS
    checks: dict[str, dict[str, Any]] = {
        "choice": {"validate": "list", "source": [*columns().choices.values()]},
        "yes_no": {"validate": "list", "source": ["是", "否"]},
        "year": {"validate": "integer", "criteria": "between", "minimum": YEARS[0], "maximum": YEARS[-1]},
        "code": {"validate": "length", "criteria": "==", "value": CREDIT_LENGTH},
        "division": {"validate": "length", "criteria": "between", "minimum": fewest, "maximum": most},
    }
    refused = {"error_title": column.label, "error_message": column.note[:_SHORT]}
    return _noted(column) | refused | checks.get(column.kind, {})


def _noted(column: Column) -> dict[str, Any]:
    return {"validate": "any", "input_title": column.label, "input_message": column.note[:_SHORT]}


def _guide(sheet: Any, formats: Formats) -> None:
    sheet.hide_gridlines(2)
    sheet.set_tab_color(GUIDE_TAB)
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    what = columns()
    for at, column in enumerate(what.columns):
        sheet.set_column(at, at, max(column.width, _FIRST if at == 0 else 0))
    sheet.write_string(0, 0, "怎样填名册", formats["heading"])
    table = [_HEADS, *((f"{column.label}{_MARK * column.required}", column.note, "、".join(column.aliases))
                       for column in what.columns)]  # fmt: skip
    for row, texts in enumerate(table, 2):
        style = formats["head" if texts is _HEADS else "list"]
        for (first, last), text in zip(_SPANS, texts, strict=True):
            if first == last:
                sheet.write_string(row, first, text, style)
            else:
                sheet.merge_range(row, first, row, last, text, style)
        sheet.set_row(row, _HIGH)
    below = len(table) + 3
    for row, line in enumerate(what.guide, below):
        sheet.write_string(row, 0, line, formats["aside"])
    labels = [column.label for column in what.columns]
    rows = ([example.get(column.key, "") for column in what.columns] for example in what.examples)
    for row, cells in enumerate((labels, *rows), below + len(what.guide) + 1):
        for at, text in enumerate(cells):
            sheet.write_string(row, at, text, formats["head" if cells is labels else "list"])
