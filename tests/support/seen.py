"""One number of a sound workbook, which is shown otherwise than it is held."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
from cases import sound
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.merge import MergedCellRange
from packages import light
from workbooks import opened, saved, workbook_of

import workbook
from workbook.excel.layout import COVER, COVER_ANSWERS, cover_rows, plan_of
from workbook.report import Report, Value

if TYPE_CHECKING:
    from collections.abc import Callable


KEY, SHEET, ADDRESS = "applications.received.business", "三、依申请公开", "E6"

HELD = 901
"""What the sound report has there."""

TOLD = {"cell.shown_otherwise", "cell.not_visible", "cell.left_out", "cell.not_taken", "cell.notation", "cell.linked"}


def book_of(report: Report) -> Any:
    """Return a report as a workbook of openpyxl, with its totals and how many warnings are accepted as numbers.

    What makes it large and is not read is left out.
    """
    book = opened(light(workbook_of(report)))
    accepted = cover_rows(report.form)["waivers"], COVER_ANSWERS
    book[COVER].cell(accepted[0] + 1, accepted[1] + 1).value = len(report.waivers)
    for table in plan_of(report.edition).tables:
        for key, (row, column) in table.cells.items():
            value = report.cells[key]
            book[table.sheet].cell(row + 1, column + 1).value = value if isinstance(value, int) else float(value)  # type: ignore[arg-type]
    return book


def changed(change: Callable[[Any], None], *, moved: bool = False) -> bytes:
    """Return the sound report as a workbook with one cell changed; ``moved`` so that it is read by its labels."""
    stay, move = changed_both(change)
    return move() if moved else stay()


def changed_both(change: Callable[[Any], None]) -> tuple[Callable[[], bytes], Callable[[], bytes]]:
    """Return two functions, the second to be called last: the sound report with one cell changed, and ``moved`` too."""
    book = book_of(sound("2021"))
    change(book[SHEET][ADDRESS])

    def move() -> bytes:
        book[SHEET]["A7"] = "　二、上年结转政府信息公开申请数量（件）"
        return saved(book)

    return lambda: saved(book), move


def told(report: Report, key: str = KEY) -> set[str]:
    """Return the codes of what is told of a cell."""
    return {finding.code for finding in workbook.check(report) if key in {cell.cell for cell in finding.cells}}


def styled(**style: Any) -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        for name, value in style.items():
            setattr(cell, name, value)

    return change


def rich(*runs: tuple[str, dict[str, Any]]) -> Callable[[Any], None]:
    def change(cell: Any) -> None:
        cell.value = CellRichText(*(TextBlock(InlineFont(**font), text) for text, font in runs))

    return change


def merged_over(cell: Any) -> None:
    """Lay the cell on its left over a cell, as if it had been merged with what it holds left in it."""
    cell.parent.merged_cells.ranges.add(MergedCellRange(cell.parent, f"D{cell.row}:{cell.coordinate}"))


def tinted_white(cell: Any) -> None:
    cell.fill, cell.font = PatternFill("solid", "FF1F4E79"), Font(color="FF1F4E79")


NOISES: dict[str, tuple[Callable[[Any], None], str, Value]] = {
    "percent": (styled(number_format="0%"), "cell.shown_otherwise", HELD),
    "hidden by its format": (styled(number_format=";;;"), "cell.shown_otherwise", HELD),
    "thousands": (styled(number_format="0,"), "cell.shown_otherwise", HELD),
    "literal behind": (styled(number_format='0"0"'), "cell.shown_otherwise", HELD),
    "literal before": (styled(number_format='"5"0'), "cell.shown_otherwise", HELD),
    "escaped literal": (styled(number_format="0\\0"), "cell.shown_otherwise", HELD),
    "ten thousands": (styled(number_format='0"万"'), "cell.shown_otherwise", HELD),
    "fraction": (styled(number_format="# ?/?", value=0.5), "cell.shown_otherwise", Decimal("0.5")),
    "power": (styled(number_format="0.0E+00"), "cell.shown_otherwise", HELD),
    "condition": (styled(number_format='[>100]"many";0'), "cell.shown_otherwise", HELD),
    "white format": (styled(number_format="[White]0"), "cell.shown_otherwise", HELD),
    "rounded": (styled(number_format="0", value=5.4), "cell.shown_otherwise", Decimal("5.4")),
    "no sign": (styled(number_format="0;0", value=-5), "cell.shown_otherwise", -5),
    "zero hidden": (styled(number_format="0;-0;;@", value=0), "cell.shown_otherwise", 0),
    "date": (styled(number_format="yyyy-mm-dd", value=592), "cell.shown_otherwise", "1901-08-14"),
    "built-in date": (styled(number_format='yyyy"年"m"月"', value=592), "cell.shown_otherwise", "1901-08-14"),
    "repeated": (styled(alignment=Alignment(horizontal="fill")), "cell.shown_otherwise", HELD),
    "struck": (styled(font=Font(strike=True)), "cell.not_taken", None),
    "white": (styled(font=Font(color="FFFFFFFF")), "cell.not_visible", HELD),
    "white by theme": (styled(font=Font(color=openpyxl.styles.colors.Color(theme=0))), "cell.not_visible", HELD),
    "the colour of its ground": (tinted_white, "cell.not_visible", HELD),
    "tiny": (styled(font=Font(sz=1)), "cell.not_visible", HELD),
    "pictures": (styled(font=Font(name="Wingdings")), "cell.not_visible", HELD),
    "row": (lambda cell: setattr(cell.parent.row_dimensions[cell.row], "hidden", True), "cell.not_visible", HELD),
    "low row": (lambda cell: setattr(cell.parent.row_dimensions[cell.row], "height", 0.1), "cell.not_visible", HELD),
    "column": (
        lambda cell: setattr(cell.parent.column_dimensions["D"], "hidden", True),
        "cell.not_visible",
        HELD,
    ),
    "sheet": (lambda cell: setattr(cell.parent, "sheet_state", "hidden"), "cell.not_visible", HELD),
    "no zeros": (
        lambda cell: (setattr(cell, "value", 0), setattr(cell.parent.sheet_view, "showZeros", False)),
        "cell.not_visible",
        0,
    ),
    "merged": (merged_over, "cell.not_taken", None),
    "raised mark": (rich(("592", {}), ("1", {"vertAlign": "superscript"})), "cell.notation", 592),
    "lowered mark": (rich(("592", {}), ("①", {"vertAlign": "subscript"})), "cell.notation", 592),
    "struck in part": (rich(("529", {"strike": True}), ("592", {})), "cell.left_out", 592),
    "struck text": (styled(value="592", font=Font(strike=True)), "cell.not_taken", None),
    "white in part": (rich(("592", {}), ("0", {"color": "FFFFFFFF"})), "cell.not_visible", 592),
    "text format": (styled(value="592", number_format='@"0"'), "cell.shown_otherwise", "592"),
}
