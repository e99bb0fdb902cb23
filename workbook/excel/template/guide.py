"""The sheet 填报说明, on which the workbook opens: what to do next, the state of every part, how it is all done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, COVER, LEADS_TO
from workbook.excel.template.job import colour_verdicts, guard
from workbook.excel.template.spots import (
    GUIDE_NEXT,
    GUIDE_STATE,
    GUIDE_TODO,
    OVERALL,
    first_entry,
    guide_rows,
    overall,
)
from workbook.excel.template.styles import GUIDE_TAB, TEXT_LINE, TEXT_SHRINK, lines
from workbook.excel.template.verdicts import next_formula, todo_formula

if TYPE_CHECKING:
    from workbook.excel.template.job import TemplateJob

_WIDTHS = (22, 33, 35)
_STEP_WIDTH = sum(_WIDTHS[1:])
_HEADS = ("部分", "结论", "要做的事")

_STEPS = (
    ("一、填写", "从上面的表点进各部分依次填写。浅黄色的格子要填，灰色的自动算。"),
    ("", "没有发生的填 0；空白表示没有填，不等于 0。从别处复制时，用“选择性粘贴—数值”，以免覆盖格式和公式。"),
    ("", "文字一段一行，照着提示改写；行不够时在中间插入行。"),
    ("", "有统计表的部分，标题下的一格写这一部分的文字，分段按 Alt+Enter，写不下时拉高这一行；没有就空着。"),
    ("二、校验", "✓ 通过，✗ 需要改正，… 还没填完，△ 提示。“校验”表列出每条勾稽关系和每一格的结论，点“定位”跳到格子。"),
    ("", "不需要启用宏，Excel 2010 以上、WPS 和 LibreOffice 都能计算。"),
    ("三、打印", "点“{first}”的标签，按住 Shift 再点“{last}”，打印选定的工作表：正好是报告的正文，页码连续。"),
    ("", "印完点一下别的标签取消选定，以免一次改了几张表。“封面”和“校验”各自单独打印。"),
    ("四、报送", "总结论为 ✓ 后保存为 .xlsx，按上级要求报送。文件名可以随意。{deadline}"),
    ("五、说明", "工作表设有保护但没有密码，只为防止误改。需要调整列宽、行高可以直接拖动。"),
)  # fmt: skip
_LEGEND = (("sample", "要填的格子"), ("total", "自动计算的合计"), ("head", "表头，不能改动"))


def write_guide(job: TemplateJob, sheet: Any) -> None:
    """Write the instructions: the state of every part, how to fill, check, print and send."""
    form, formats = job.plan.form, job.formats
    guard(sheet)
    sheet.set_tab_color(GUIDE_TAB)
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    _across(sheet, 0, form.title, formats["section"], 40)
    until = f"—{form.last_year}" if form.last_year else "及以后"
    years = f"{form.first_year}{until}年度" if form.last_year else f"{form.first_year} 年度{until}"
    _across(sheet, 1, f"{form.edition} 版（{form.authority}），用于 {years}的报告", formats["subtitle"], 24)
    _parts(job, sheet)
    row = max(guide_rows(job.plan).values()) + 2
    for row, (head, step) in enumerate(_STEPS, row):  # noqa: B020 - from there on
        text = step.format(deadline=form.deadline, first=job.plan.names[0], last=job.plan.names[-1])
        sheet.write_string(row, 0, head, formats["lead"])
        sheet.merge_range(row, 1, row, 2, text, formats["step"])
        sheet.set_row(row, lines(text, _STEP_WIDTH * TEXT_SHRINK) * TEXT_LINE + 8)
    row += 2
    for column, (style, text) in enumerate(_LEGEND):
        sheet.write_string(row, column, text, formats[style])
    sheet.set_row(row, 26)
    sheet.print_area(0, 0, row, 2)
    sheet.fit_to_pages(1, 1)


def _across(sheet: Any, row: int, text: str, style: Any, height: float) -> None:
    sheet.merge_range(row, 0, row, 2, text, style)
    sheet.set_row(row, height)


def _parts(job: TemplateJob, sheet: Any) -> None:
    """Write what to do next, and the list of the parts with the state of each and the way to it."""
    formats, rows = job.formats, guide_rows(job.plan)
    states = {name: a1(row, GUIDE_STATE) for name, row in rows.items()}
    row, column = GUIDE_NEXT
    sheet.merge_range(row, column, row, 2, "", formats["next"])
    job.show(sheet, row, column, next_formula(states), "next")
    sheet.set_row(row, 32)
    head = min(rows.values()) - 1
    for column, text in enumerate(_HEADS):
        sheet.write_string(head, column, text, formats["block"])
    sheet.set_row(head, 24)
    summed = {name: a1(row, OVERALL) for name, row, _ in overall(job.plan)}
    for name, row in rows.items():
        target = a1(*first_entry(job.plan, name))
        # Not the name alone, which may be the heading of a section: no text of the report begins here.
        sheet.write_url(row, 0, f"internal:'{name}'!{target}", formats["part"], f"{LEADS_TO}{name}")
        job.show(sheet, row, GUIDE_STATE, f"={CHECKS}!{summed[name]}", "state")
        job.show(sheet, row, GUIDE_TODO, todo_formula(states[name]), "todo")
        sheet.set_row(row, 24)
    colour_verdicts(job, sheet, f"{a1(min(rows.values()), GUIDE_STATE)}:{a1(max(rows.values()), GUIDE_STATE)}")
    sheet.set_selection(rows[COVER], 0, rows[COVER], 0)
