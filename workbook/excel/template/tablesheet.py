"""The sheets of statutory tables, drawn like the printed form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import (
    ASIDE,
    CHECKS,
    RESULT,
    TEXT_ROW,
    TITLE_ROW,
    TO_CHECKS,
    SheetPlan,
    TablePlan,
    equation_row,
)
from workbook.excel.template.job import (
    MESSAGE_LIMIT,
    TITLE_LIMIT,
    TemplateJob,
    begin,
    colour_verdicts,
    guard,
    print_report,
    set_heights,
    write_onward,
    write_verdict,
)
from workbook.excel.template.spots import MARK_GAP, below, beside, marks, widths
from workbook.excel.template.styles import lines
from workbook.excel.template.verdicts import IDLE, MARKS, SOUND
from workbook.form import Label

if TYPE_CHECKING:
    from workbook.form import Cell

_ROW, _LINE = 25.0, 15.5


def write_tables(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan) -> None:
    """Write a sheet of tables: verdict, heading, tables, and beside them what is not printed."""
    guard(sheet)
    print_report(job, sheet)
    if any(table.table.shape == "line" for table in sheet_plan.tables):
        sheet.set_landscape()
    columns = widths(sheet_plan)
    for column, width in enumerate(columns):
        sheet.set_column(column, column, width)
    _heading(job, sheet, sheet_plan)
    if sheet_plan.text:
        _text(job, sheet, sheet_plan)
    advice = _advice(job, sheet_plan)
    for table in sheet_plan.tables:
        for label in table.labels:
            _label(job, sheet, label)
        for key in table.cells:
            _number_cell(job, sheet, table, job.plan.form.cells[key], advice.get(key, ""))
        _marks(job, sheet, sheet_plan, table)
    for row, height in _heights(sheet_plan, columns).items():
        sheet.set_row(row, height)
    sheet.print_area(TITLE_ROW, 0, sheet_plan.last_row, sheet_plan.width - 1)
    first_row = min(spot[0] for table in sheet_plan.tables[:1] for spot in table.cells.values())
    if len(sheet_plan.tables) == 1 and sheet.name not in job.contents.thawed:
        sheet.freeze_panes(first_row, sheet_plan.label_columns)
    set_heights(job, sheet)
    end = sheet_plan.last_row + len(below(sheet_plan)) + 2
    sheet.set_row(end, _ROW)
    write_onward(job, sheet, end, 0)
    begin(job, sheet)


def _heights(sheet_plan: SheetPlan, columns: list[float]) -> dict[int, float]:
    """Return the height of each row of the tables, by its labels."""
    heights = {spot[0]: _ROW for table in sheet_plan.tables for spot in table.cells.values()}
    for label in (label for table in sheet_plan.tables for label in table.labels):
        if label.top == label.bottom:
            needed = lines(label.text, sum(columns[label.left : label.right + 1])) * _LINE + 7
            heights[label.top] = max(heights.get(label.top, _ROW), needed)
    return heights


def _heading(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan) -> None:
    sheet.set_row(TITLE_ROW, 34)
    column = sheet_plan.width + MARK_GAP
    sheet.set_column(sheet_plan.width, sheet_plan.width, 1.5)
    sheet.set_column(column, column, 13)
    write_verdict(job, sheet)
    sheet.write_url(TEXT_ROW, column, f"internal:'{CHECKS}'!A1", job.formats["link"], TO_CHECKS)
    sheet.merge_range(TITLE_ROW, 0, TITLE_ROW, sheet_plan.width - 1, sheet_plan.section.heading, job.formats["section"])


def _text(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan) -> None:
    """Write the cell of the section's text under its heading.

    Nothing but its tint tells it from blank paper, so that one that is not filled prints as a line of space.
    """
    section = sheet_plan.section
    sheet.merge_range(TEXT_ROW, 0, TEXT_ROW, sheet_plan.width - 1, "", job.formats["paragraph"])
    job.hold(sheet, TEXT_ROW, 0, "paragraph")
    advice = "本部分的文字写在这一格，分段按 Alt+Enter；没有就空着。"
    question = {"validate": "any", "input_title": section.heading[:TITLE_LIMIT], "input_message": advice}
    sheet.data_validation(TEXT_ROW, 0, TEXT_ROW, sheet_plan.width - 1, question)


def _label(job: TemplateJob, sheet: Any, label: Label) -> None:
    group = label.role == "line" and label.bottom > label.top
    style = job.formats["group" if group else {"title": "block"}.get(label.role, label.role)]
    if (label.top, label.left) == (label.bottom, label.right):
        sheet.write_string(label.top, label.left, label.text, style)
    else:
        sheet.merge_range(label.top, label.left, label.bottom, label.right, label.text, style)


def _advice(job: TemplateJob, sheet_plan: SheetPlan) -> dict[str, str]:
    """Return the counting rules that entries show, by their keys: each rule at the first entry that it is about.

    The box with the advice hides the cells below, so one that said the same at every cell would only be in the way.
    """
    said: set[str] = set()
    found = {}
    for key in (key for table in sheet_plan.tables for key in table.cells if key not in job.plan.form.calculated):
        cell = job.plan.form.cells[key]
        rules = [note for note in (cell.row.note, cell.column.note) if note and note not in said]
        said.update(rules)
        found[key] = "".join(rules)
    return found


def _number_cell(job: TemplateJob, sheet: Any, table: TablePlan, cell: Cell, advice: str) -> None:
    """Write a number cell: an entry with validation, or a total with its formula."""
    row, column = table.cells[cell.key]
    equation = job.plan.form.calculated.get(cell.key)
    live = job.live.get(cell.key)
    style = "total" if equation else "entry"
    if live:
        style += "_least" if live.is_least else "_sum"
        sheet.write_url(row, column, live.link, job.formats[style], "", live.tip)
    last = table.wide.get(cell.key, column)
    if last != column:
        sheet.merge_range(row, column, row, last, "", job.formats[style])
    if equation and (row, column) not in job.contents.typed[sheet.name]:
        parts = _parts(table, [key for key, _ in equation.right])
        job.show(sheet, row, column, f'=IF(COUNT({parts})=0,"",SUM({parts}))', style)
    elif live and live.formula:
        job.show(sheet, row, column, live.formula, style)
    else:
        job.hold(sheet, row, column, style)
    sheet.data_validation(row, column, row, last, _validation(cell, advice))
    if not equation:
        _faulty(job, sheet, row, column, cell)


def _parts(table: TablePlan, keys: list[str]) -> str:
    """Write the parts of a total as one range where they are neighbours, else as a list."""
    spots = [table.cells[key] for key in keys]
    first, last = min(spots), max(spots)
    area = (last[0] - first[0] + 1) * (last[1] - first[1] + 1)
    return f"{a1(*first)}:{a1(*last)}" if area == len(spots) else ",".join(a1(*spot) for spot in spots)


def _validation(cell: Cell, advice: str) -> dict[str, Any]:
    kind = cell.kind
    shown = {"input_title": cell.column.label[:TITLE_LIMIT], "input_message": advice[:MESSAGE_LIMIT]}
    return {
        **(shown if advice else {"show_input": False}),
        "validate": "decimal" if kind.decimals else "integer",
        "criteria": "between",
        "minimum": kind.minimum,
        "maximum": kind.maximum,
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
    for equation, spot in marks(job.plan, sheet_plan, table):
        source = equation_row(job.plan, equation)
        # Nothing is said of a line that is not filled yet, unless it is wrong already.
        unfilled = f'IF({a1(*table.cells[equation.left[0][0]])}="","","{SOUND}")'
        wrong = MARKS[equation.rule.level]
        result = f"LEFT({CHECKS}!{a1(source, RESULT)},1)"
        formula = f'=IF({result}="{SOUND}",{unfilled},IF({result}="{IDLE}","{IDLE}","{wrong}"))'
        job.show(sheet, *spot, formula, "mark")
        colour_verdicts(job, sheet, a1(*spot))
    _explain_marks(job, sheet, sheet_plan, table)


def _explain_marks(job: TemplateJob, sheet: Any, sheet_plan: SheetPlan, table: TablePlan) -> None:
    """Say of the results which rule they are of, where several rules have some."""
    columns, rows = beside(sheet_plan, table), below(sheet_plan)
    titles = {rule.key: rule.title for rule in table.table.rules}
    name = f"{table.table.title}：" if len(sheet_plan.tables) > 1 else ""
    for (key, rule), row in rows.items():
        if key == table.table.key and (table.table.shape == "rows" or len(rows) > 1):
            sheet.write_string(row, sheet_plan.width + MARK_GAP, f"{ASIDE}{name}{titles[rule]}", job.formats["aside"])
    head = table.last_row - len(table.table.rows)
    if len(columns) > 1:
        for rule, column in columns.items():
            sheet.set_column(column, column, 2 * len(titles[rule]) + 2)
            sheet.write_string(head, column, titles[rule], job.formats["mark"])
    elif columns and rows and sheet_plan.label_columns:
        sheet.write_string(head, *columns.values(), "各行核对", job.formats["mark"])
