"""The sheets of statutory tables, drawn like the printed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, RESULT, TEXT_ROW, TITLE_ROW, SheetPlan, TablePlan, equation_row
from workbook.excel.template.job import MESSAGE_LIMIT, TITLE_LIMIT, TemplateJob, colour_verdicts, guard
from workbook.excel.template.styles import lines
from workbook.excel.template.verdicts import IDLE, MARKS, SOUND, rows_of, verdict_formula, verdict_text
from workbook.form import Label
from workbook.report import plain
from workbook.report.equations import total

if TYPE_CHECKING:
    from workbook.form import Cell

_ROW, _LINE, _TALLEST = 25, 15, 409
_FROZEN = 60
"""Points of the highest text above heads that stay in sight; a higher one would leave no room for the rows."""
_TEXT_LINE, _TEXT_SHRINK = 16.5, 11 / 12  # paragraphs are larger than the size that widths count
_MARK_GAP = 1  # columns between the printed table and the marks beside it


def write_tables(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan) -> None:
    """Write a sheet of tables: verdict, heading, tables, and beside them what is not printed."""
    guard(sheet)
    if any(table.table.shape == "line" for table in sheet_plan.tables):
        sheet.set_landscape()
    widths = _widths(sheet_plan)
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    _heading(job, sheet, sheet_plan)
    height = _text(job, sheet, sheet_plan, sum(widths)) if sheet_plan.text else 0
    heights: dict[int, float] = {}
    for table in sheet_plan.tables:
        for label in table.labels:
            _label(job, sheet, label)
            if label.top == label.bottom:
                needed = lines(label.text, sum(widths[label.left : label.right + 1])) * _LINE + 7
                heights[label.top] = max(heights.get(label.top, _ROW), needed)
        for key in table.cells:
            _number_cell(job, sheet, table, job.plan.form.cells[key])
        _marks(job, sheet, sheet_plan, table)
    for row, height in heights.items():
        sheet.set_row(row, height)
    for row in {spot[0] for table in sheet_plan.tables for spot in table.cells.values()} - heights.keys():
        sheet.set_row(row, _ROW)
    sheet.print_area(TITLE_ROW, 0, sheet_plan.last_row, sheet_plan.width - 1)
    first_row = min(spot[0] for table in sheet_plan.tables[:1] for spot in table.cells.values())
    if len(sheet_plan.tables) == 1 and height <= _FROZEN:
        sheet.freeze_panes(first_row, sheet_plan.label_columns)


def _widths(sheet_plan: SheetPlan) -> list[float]:
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


def _heading(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan) -> None:
    rows = rows_of(job.plan, [table.table.key for table in sheet_plan.tables])
    sheet.set_row(TITLE_ROW, 34)
    beside = sheet_plan.width + _MARK_GAP
    sheet.set_column(sheet_plan.width, sheet_plan.width, 1.5)
    sheet.set_column(beside, beside, 13)
    shown = verdict_formula(rows), job.formats["verdict"], verdict_text(job.statuses, rows)
    sheet.write_formula(TITLE_ROW, beside, *shown)
    colour_verdicts(job, sheet, a1(TITLE_ROW, beside))
    sheet.write_url(TEXT_ROW, beside, f"internal:'{CHECKS}'!A1", job.formats["link"], "查看校验")
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, sheet_plan.width - 1, sheet_plan.section.heading, job.formats["section"])


def _text(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan, width: float) -> float:
    """Write the cell of the section's text under its heading; return its height in points.

    Nothing but its tint tells it from blank paper, so that one that is not filled prints as a line of space.
    """
    section = sheet_plan.section
    text = job.report.narrative[section.narrative or ""]
    sheet.merge_range(TEXT_ROW, 0, TEXT_ROW, sheet_plan.width - 1, "", job.formats["paragraph"])
    job.put(sheet, TEXT_ROW, 0, text, job.formats["paragraph"])
    advice = "本部分的文字写在这一格，分段按 Alt+Enter；没有就空着。"
    question = {"validate": "any", "input_title": section.heading[:TITLE_LIMIT], "input_message": advice}
    sheet.data_validation(TEXT_ROW, 0, TEXT_ROW, sheet_plan.width - 1, question)
    count = sum(lines(paragraph, width * _TEXT_SHRINK) for paragraph in (text or "").split("\n"))
    height = min(_TALLEST, count * _TEXT_LINE + 4)
    sheet.set_row(TEXT_ROW, height)
    return height


def _label(job: TemplateJob, sheet: Any, label: Label) -> None:
    group = label.role == "line" and label.bottom > label.top
    style = job.formats["group" if group else {"title": "block"}.get(label.role, label.role)]
    if (label.top, label.left) == (label.bottom, label.right):
        sheet.write_string(label.top, label.left, label.text, style)
    else:
        sheet.merge_range(label.top, label.left, label.bottom, label.right, label.text, style)


def _number_cell(job: TemplateJob, sheet: Any, table: TablePlan, cell: Cell) -> None:
    """Write a number cell: an entry with validation, or a total with its formula."""
    row, column = table.cells[cell.key]
    value = job.report.cells[cell.key]
    equation = job.plan.form.calculated.get(cell.key)
    style = job.formats["total" if equation else "entry"]
    last = table.wide.get(cell.key, column)
    if last != column:
        sheet.merge_range(row, column, row, last, "", style)
    if equation and value == total(job.report, equation):
        parts = _parts(table, [key for key, _ in equation.right])
        stored = "" if value is None or isinstance(value, str) else plain(value)
        sheet.write_formula(row, column, f'=IF(COUNT({parts})=0,"",SUM({parts}))', style, stored)
    else:
        job.put(sheet, row, column, value, style)
    sheet.data_validation(row, column, row, last, _validation(cell, total=equation is not None))
    if not equation:
        _faulty(job, sheet, row, column, cell)


def _parts(table: TablePlan, keys: list[str]) -> str:
    """Write the parts of a total as one range where they are neighbours, else as a list."""
    spots = [table.cells[key] for key in keys]
    first, last = min(spots), max(spots)
    area = (last[0] - first[0] + 1) * (last[1] - first[1] + 1)
    return f"{a1(*first)}:{a1(*last)}" if area == len(spots) else ",".join(a1(*spot) for spot in spots)


def _validation(cell: Cell, *, total: bool) -> dict[str, Any]:
    kind = cell.kind
    advice = "合计由公式自动计算，不用填写。" if total else f"{cell.note}填{kind.label}；没有的填 0。"
    return {
        "validate": "decimal" if kind.decimals else "integer",
        "criteria": "between",
        "minimum": kind.minimum,
        "maximum": kind.maximum,
        "input_title": cell.column.label[:TITLE_LIMIT],
        "input_message": advice[:MESSAGE_LIMIT],
        "error_title": "填写有误",
        "error_message": f"这里应填{kind.label}，只填数字，不带单位和文字。没有发生的填 0。",
    }


def _faulty(job: TemplateJob, sheet: Any, row: int, column: int, cell: Cell) -> None:
    """Colour an entry that got past the validation, by pasting for instance."""
    at = a1(row, column)
    rough = f"ROUND({at},{cell.kind.decimals})<>{at}"
    bounds = f"{at}<{cell.kind.minimum},{at}>{cell.kind.maximum}"
    formula = f'=IF(ISERROR({at}),TRUE,IF({at}="",FALSE,IF(ISNUMBER({at}),OR({bounds},{rough}),TRUE)))'
    options = {"type": "formula", "criteria": formula, "format": job.formats["faulty"]}
    sheet.conditional_format(row, column, row, column, options)


def _marks(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan, table: TablePlan) -> None:
    """Show the result of each rule beside its row or below its column, outside the printed area."""
    beside, rules = _beside(sheet_plan, table), _below(sheet_plan)
    for equation in job.plan.form.equations():
        if equation.table != table.table.key:
            continue
        source = equation_row(job.plan, equation)
        row, column = table.cells[equation.left[0][0]]
        below = rules.get((equation.table, equation.rule.key))
        spot = (row, beside[equation.rule.key]) if below is None else (below, column)
        # Nothing is said of a line that is not filled yet, unless it is wrong already.
        first = equation.left[0][0]
        unfilled = f'IF({a1(*table.cells[first])}="","","{SOUND}")'
        wrong = MARKS[equation.rule.level]
        result = f"LEFT({CHECKS}!{a1(source, RESULT)},1)"
        formula = f'=IF({result}="{SOUND}",{unfilled},IF({result}="{IDLE}","{IDLE}","{wrong}"))'
        good = SOUND if job.report.cells[first] is not None else ""
        shown = {SOUND: good, IDLE: IDLE}.get(job.statuses[source][0], wrong)
        sheet.write_formula(*spot, formula, job.formats["mark"], shown)
        colour_verdicts(job, sheet, a1(*spot))
    _explain_marks(job, sheet, sheet_plan, table)


def _below(sheet_plan: SheetPlan) -> dict[tuple[str, str], int]:
    """Return the row, below the last table, of the results of each rule that do not stand beside its rows."""
    rules = [
        (plan.table.key, rule.key)
        for plan in sheet_plan.tables
        for rule in plan.table.rules
        if rule.each == "column" or plan.table.shape == "line"
    ]
    return {rule: sheet_plan.last_row + 1 + index for index, rule in enumerate(rules)}


def _beside(sheet_plan: SheetPlan, table: TablePlan) -> dict[str, int]:
    """Return the column, beside the table, of the results of each rule of its rows."""
    below = _below(sheet_plan)
    rules = [rule.key for rule in table.table.rules if (table.table.key, rule.key) not in below]
    return {rule: sheet_plan.width + _MARK_GAP + index for index, rule in enumerate(rules)}


def _explain_marks(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan, table: TablePlan) -> None:
    """Say of the results which rule they are of, where several rules have some."""
    beside, below = _beside(sheet_plan, table), _below(sheet_plan)
    titles = {rule.key: rule.title for rule in table.table.rules}
    name = f"{table.table.title}：" if len(sheet_plan.tables) > 1 else ""
    for (key, rule), row in below.items():
        if key == table.table.key and (table.table.shape == "rows" or len(below) > 1):
            sheet.write_string(row, sheet_plan.width + _MARK_GAP, f"← {name}{titles[rule]}", job.formats["aside"])
    head = table.last_row - len(table.table.rows)
    if len(beside) > 1:
        for rule, column in beside.items():
            sheet.set_column(column, column, 2 * len(titles[rule]) + 2)
            sheet.write_string(head, column, titles[rule], job.formats["mark"])
    elif beside and below and sheet_plan.label_columns:
        sheet.write_string(head, *beside.values(), "各行核对", job.formats["mark"])
