"""Tables as sheets of a workbook: heads that stay, filters, rows as high as their texts. No text becomes a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.findings_sheet import HEAD_TINT
from workbook.excel.template.styles import lines as taken
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LINE, _ROW_LIMIT = 17, 409  # points: one line of a row, and the most that a row can be high
BODY: Mapping[str, Any] = {"valign": "top", "text_wrap": True, "border": 1, "border_color": "#BFBFBF"}
"""How the cells of a table look."""


def table(
    book: Any,
    name: str,
    columns: Mapping[str, tuple[str, int]],
    rows: Iterable[Mapping[str, Any]],
    tints: Mapping[str, Mapping[str, Any]],
    tinted: str = "",
) -> Any:
    """Add a sheet with a table and return it; rows are written as they come.

    Args:
        book: the workbook that is written.
        name: of the sheet.
        columns: by key the head of a column and how wide it is in characters.
        rows: by key what stands in the columns; ``how`` names the tint of a row's cell in the column ``tinted``.
        tints: by name how such a cell looks.
        tinted: the key of the column that has tints.
    """
    sheet = book.add_worksheet(name)
    head = book.add_format({**BODY, "bold": True, "bg_color": f"#{HEAD_TINT}"})
    body = book.add_format(BODY)
    formats = {how: book.add_format({**BODY, **tint}) for how, tint in tints.items()}
    for column, (title, wide) in enumerate(columns.values()):
        sheet.set_column(column, column, wide)
        sheet.write_string(0, column, title, head)
    widths = [wide for _, wide in columns.values()]
    last = 0
    for last, row in enumerate(rows, 1):
        for column, key in enumerate(columns):
            write(sheet, last, column, row[key], formats.get(row.get("how", ""), body) if key == tinted else body)
        sheet.set_row(last, height((row[key] for key in columns), widths))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, last, len(columns) - 1)
    _paper(sheet)
    return sheet


def height(values: Iterable[Any], widths: Iterable[int]) -> int:
    """Return how high a row must be for all of its texts to show; not every program works that out on opening."""
    texts = [(str(value if value is not None else ""), wide) for value, wide in zip(values, widths, strict=False)]
    most = max(sum(taken(line, wide) for line in text.split("\n")) for text, wide in texts)
    return min(_LINE * most, _ROW_LIMIT)


def _paper(sheet: Any) -> None:
    """Print on A4, across, one page wide, the heads on every page."""
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write(sheet: Any, row: int, column: int, value: Any, style: Any) -> None:
    """Write a cell: a number as one, anything else as a text, never as a formula."""
    if isinstance(value, int | float):
        sheet.write_number(row, column, value, style)
    elif value:
        sheet.write_string(row, column, str(value)[:PARAGRAPH_LIMIT], style)
    else:
        sheet.write_blank(row, column, None, style)
