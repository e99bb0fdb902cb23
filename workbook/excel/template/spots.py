"""Where the template shows what follows from a report: verdicts, the marks beside tables, paragraphs, the origin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.excel.address import a1
from workbook.excel.layout import (
    COVER,
    COVER_ANSWERS,
    COVER_FIRST_ROW,
    TITLE_ROW,
    Plan,
    SheetPlan,
    TablePlan,
    cover_rows,
)
from workbook.excel.template.verdicts import rows_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.excel.address import Spot
    from workbook.form import Equation, Form, Section

MARK_GAP = 1
"""Columns between the printed table and the marks beside it."""
TEXT_WIDTH, LETTERS = 88, 3
"""On a sheet of texts: characters that fit beside each other, and the column that shows how many a text has."""
GUIDE_NEXT, GUIDE_STATE, GUIDE_TODO = (3, 0), 1, 2
"""On the guide: what to do next, and the columns of the list of parts that show their state and what is to be done."""
OVERALL_ROW, OVERALL = 1, 2
"""On the sheet of checks: the row of the overall verdict, above those of the sheets, and their column."""


@dataclass(frozen=True, slots=True)
class TextRows:
    """The rows of a text on a sheet of texts: its heading, and as many as it has room for below."""

    heading: int
    count: int

    @property
    def first(self) -> int:
        """The first paragraph."""
        return self.heading + 1

    @property
    def last(self) -> int:
        """The last row that is open for paragraphs."""
        return self.heading + self.count

    @property
    def area(self) -> str:
        """The range of the paragraphs."""
        return f"{a1(self.first, 0)}:{a1(self.last, 0)}"


def text_rows(texts: Mapping[str, Section], paragraphs: Mapping[str, int]) -> dict[str, TextRows]:
    """Return the rows of the texts on one sheet; one with more paragraphs than room gets more."""
    found: dict[str, TextRows] = {}
    row = 1
    for key, section in texts.items():
        found[key] = TextRows(row, max(section.rows, paragraphs.get(key, 0)))
        row = found[key].last + 2
    return found


def verdicts(plan: Plan) -> Iterator[tuple[str, Spot, list[int]]]:
    """Yield sheet and spot of each verdict outside the sheet of checks, with the rows of the list that it is over."""
    yield COVER, (0, 2), rows_of(plan, topics(plan, COVER))
    for sheet in plan.sheets:
        yield sheet.name, (TITLE_ROW, sheet.width + MARK_GAP), rows_of(plan, topics(plan, sheet.name))
    for name in plan.text_sheets:
        yield name, (0, 0), rows_of(plan, topics(plan, name))


def overall(plan: Plan) -> Iterator[tuple[str, int, list[int]]]:
    """Yield the verdicts on the sheet of checks: the sheet (none of that over all), its row, the rows of the list."""
    yield "", OVERALL_ROW, list(plan.checks.values())
    for row, name in enumerate((COVER, *plan.names), OVERALL_ROW + 1):
        yield name, row, rows_of(plan, topics(plan, name))


def guide_rows(plan: Plan) -> dict[str, int]:
    """Return the rows of the guide that show the state of each sheet."""
    return {name: row for row, name in enumerate((COVER, *plan.names), GUIDE_NEXT[0] + 2)}


def topics(plan: Plan, name: str) -> list[str]:
    """Return what the verdict of a sheet is about."""
    if name == COVER:
        return ["body", "file"]
    if name in plan.text_sheets:
        return [f"text.{key}" for key in plan.text_sheets[name]]
    return [table.table.key for sheet in plan.sheets if sheet.name == name for table in sheet.tables]


def marks(plan: Plan, sheet: SheetPlan, table: TablePlan) -> Iterator[tuple[Equation, Spot]]:
    """Yield the rules of a table with the spot of each result: beside its row or below its column."""
    columns, rows = beside(sheet, table), below(sheet)
    for equation in plan.form.equations():
        if equation.table == table.table.key:
            row, column = table.cells[equation.left[0][0]]
            under = rows.get((equation.table, equation.rule.key))
            yield equation, (row, columns[equation.rule.key]) if under is None else (under, column)


def below(sheet_plan: SheetPlan) -> dict[tuple[str, str], int]:
    """Return the row, below the last table, of the results of each rule that do not stand beside its rows."""
    rules = [
        (plan.table.key, rule.key)
        for plan in sheet_plan.tables
        for rule in plan.table.rules
        if rule.each == "column" or plan.table.shape == "line"
    ]
    return {rule: sheet_plan.last_row + 1 + index for index, rule in enumerate(rules)}


def beside(sheet_plan: SheetPlan, table: TablePlan) -> dict[str, int]:
    """Return the column, beside the table, of the results of each rule of its rows."""
    under = below(sheet_plan)
    rules = [rule.key for rule in table.table.rules if (table.table.key, rule.key) not in under]
    return {rule: sheet_plan.width + MARK_GAP + index for index, rule in enumerate(rules)}


def origin_row(form: Form) -> int:
    """Return the row of the cover, below what is printed, that names the files that a report passed through."""
    return max(cover_rows(form).values()) + 2


def first_entry(plan: Plan, name: str) -> Spot:
    """Return the cell of a sheet in which filling it in begins; its first cell where nothing is to be filled in."""
    if name == COVER:
        return COVER_FIRST_ROW, COVER_ANSWERS
    if name in plan.text_sheets:
        return next(iter(text_rows(plan.text_sheets[name], {}).values())).first, 0
    tables = (table for sheet in plan.sheets if sheet.name == name for table in sheet.tables)
    cells = (item for table in tables for item in table.cells.items())
    return next((spot for key, spot in cells if key not in plan.form.calculated), (0, 0))


def widths(sheet_plan: SheetPlan) -> list[float]:
    """Return the width of each printed column: labels wide, numbers narrow, all of A4 used."""
    values = sheet_plan.width - sheet_plan.label_columns
    return (
        _label_widths(sheet_plan.label_columns)
        + [8.4 if not sheet_plan.label_columns else min(20, 59 / values)] * values
    )


def _label_widths(depth: int) -> list[float]:
    """Return the widths of the columns of labels: groups narrow, from the outermost on, the rows themselves wide."""
    if depth <= 1:
        return [30.0] * depth
    outer = depth - 1
    first = 8.0 if outer > 1 else 19.0
    return [first, *[max(6.0, (19 - first) / max(outer - 1, 1))] * (outer - 1), 31.0]
