"""The sheets around the tables: 填报说明, 封面 and those of texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import (
    CHECKS,
    COVER_ANSWERS,
    COVER_FIRST_ROW,
    COVER_LABELS,
    EDITION_LABEL,
    TEMPLATE_LABEL,
    TEMPLATE_VERSION,
    WAIVERS_HEADING,
    cover_rows,
)
from workbook.excel.template.job import MESSAGE_LIMIT, TITLE_LIMIT, TemplateJob, guard, set_heights, write_verdict
from workbook.excel.template.spots import TEXT_WIDTH, origin_row
from workbook.excel.template.styles import TEXT_LINE, TEXT_SHRINK, lines
from workbook.report.limits import YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Field, Section

_NOTE_WIDTH, _STEP_WIDTH = 42, 78

_STEPS = (
    ("一、填写", "依次填写“封面”和 {sheets}。浅黄色的格子要填，灰色的自动计算。"),
    ("", "点中格子会出现填写要求。没有发生的填 0；空白表示没有填，不等于 0。"),
    ("", "从别处复制时，用“选择性粘贴—数值”，以免覆盖格式和公式。"),
    ("", "文字一段一行；行不够时在中间插入行。"),
    ("", "有统计表的部分，标题下的一格写这一部分的文字；没有就空着，打印出来是一行空白。"),
    ("", "这一格里分段按 Alt+Enter，写不下时拉高这一行。"),
    ("二、校验", "每张表上方随时显示本表结论：✓ 通过，✗ 需要改正，… 还没填完，△ 提示。"),
    ("", "“校验”表列出每一条勾稽关系和每一格的结论，点“定位”跳到所在单元格。"),
    ("", "不需要启用宏，Excel 2010 以上、WPS 和 LibreOffice 都能计算。"),
    ("三、报送", "结论为 ✓ 后保存为 .xlsx，按上级要求报送。文件名可以随意。"),
    ("", "{deadline}"),
    ("四、说明", "工作表设有保护但没有密码，只为防止误改。需要调整列宽、行高可以直接拖动。"),
)  # fmt: skip


def write_guide(job: TemplateJob, sheet: Any) -> None:
    """Write the instructions: how to fill, check and send."""
    form, formats = job.plan.form, job.formats
    guard(sheet)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, _STEP_WIDTH)
    sheet.merge_range(0, 0, 0, 1, form.title, formats["section"])
    sheet.set_row(0, 40)
    until = f"—{form.last_year}" if form.last_year else "及以后"
    years = f"{form.first_year}{until}年度" if form.last_year else f"{form.first_year} 年度{until}"
    sheet.merge_range(1, 0, 1, 1, f"{form.edition} 版（{form.authority}），用于 {years}的报告", formats["subtitle"])
    sheet.set_row(1, 24)
    for row, (head, step) in enumerate(_STEPS, 3):
        text = step.format(deadline=form.deadline, sheets="、".join(f"“{name}”" for name in job.plan.names))
        sheet.write_string(row, 0, head, formats["verdict"])
        sheet.write_string(row, 1, text, formats["step"])
        sheet.set_row(row, lines(text, _STEP_WIDTH * TEXT_SHRINK) * TEXT_LINE + 12)
    row = len(_STEPS) + 4
    sheet.write_string(row, 0, "图例", formats["verdict"])
    for offset, (style, text) in enumerate(
        (("entry", "要填的格子"), ("total", "自动计算的合计"), ("head", "表头，不能改动"))
    ):
        sheet.write_string(row + offset, 1, text, formats[style])
        sheet.set_row(row + offset, 22)
    sheet.print_area(0, 0, row + 2, 1)


def write_cover(job: TemplateJob, sheet: Any) -> None:
    """Write the cover: title, the questions about the office, the edition of the form."""
    form, formats = job.plan.form, job.formats
    guard(sheet)
    for column, width in enumerate((4, 22, 46, 4, 50)):
        sheet.set_column(column, column, width)
    _verdict(job, sheet)
    sheet.merge_range(3, COVER_LABELS, 3, COVER_ANSWERS, form.title, formats["title"])
    sheet.set_row(3, 60)
    rows = cover_rows(form)
    for field in form.fields:
        row = rows[field.key]
        sheet.write_string(row, COVER_LABELS, field.label, formats["question"])
        job.hold(sheet, row, COVER_ANSWERS, "year" if field.key == "year" else "answer")
        sheet.write_string(row, COVER_ANSWERS + 2, field.note, formats["note"])
        sheet.data_validation(row, COVER_ANSWERS, row, COVER_ANSWERS, _question(field))
    edition = f"{form.edition}版（{form.authority}）"
    fixed = {"edition": (EDITION_LABEL, edition), "template": (TEMPLATE_LABEL, TEMPLATE_VERSION)}
    for key, (label, text) in fixed.items():
        sheet.write_string(rows[key], COVER_LABELS, label, formats["question"])
        sheet.write_string(rows[key], COVER_ANSWERS, text, formats["fixed"])
    # The reader parses the large sheet of checks only where this is not 0.
    top = job.plan.waivers_row + 2
    area = f"{CHECKS}!{a1(top, 0)}:{a1(top + job.contents.waiver_rows - 1, 0)}"
    sheet.write_string(rows["waivers"], COVER_LABELS, WAIVERS_HEADING, formats["question"])
    job.show(sheet, rows["waivers"], COVER_ANSWERS, f"=COUNTA({area})", "count")
    for row in rows.values():
        sheet.set_row(row, 32)
    sheet.print_area(COVER_FIRST_ROW - 5, COVER_LABELS, max(rows.values()), COVER_ANSWERS)
    # Which files a report passed through stands below what is printed.
    for column in (COVER_LABELS, COVER_ANSWERS):
        job.hold(sheet, origin_row(form), column, "note")
    set_heights(job, sheet)


def _question(field: Field) -> dict[str, Any]:
    """Return the validation of an answer on the cover."""
    listed = {"validate": "list", "source": list(field.choices.values())} if field.choices else {"validate": "any"}
    rules: dict[str, dict[str, Any]] = {
        "year": {"validate": "integer", "criteria": "between", "minimum": YEARS[0], "maximum": YEARS[-1]},
        "credit_code": {"validate": "length", "criteria": "==", "value": 18},
        "division_code": {"validate": "length", "criteria": "between", "minimum": 6, "maximum": 12},
    }
    shared = {
        "input_title": field.label[:TITLE_LIMIT],
        "input_message": field.note[:MESSAGE_LIMIT],
        "error_title": "填写有误",
        "error_message": field.note[:MESSAGE_LIMIT],
    }
    return {**rules.get(field.key, listed), **shared}


def write_texts(job: TemplateJob, sheet: Any, texts: Mapping[str, Section]) -> None:
    """Write a sheet of texts, a paragraph a row."""
    formats = job.formats
    guard(sheet, insert_rows=True, delete_rows=True)
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.set_column(1, 1, 2)
    sheet.set_column(2, 2, _NOTE_WIDTH)
    _verdict(job, sheet)
    for key, section in texts.items():
        rows = job.contents.texts[key]
        sheet.write_string(rows.heading, 0, section.heading, formats["heading"])
        note = f"从下一行填起，一段一行。{section.note}"
        sheet.write_string(rows.heading, 2, note, formats["note"])
        sheet.set_row(rows.heading, lines(note, _NOTE_WIDTH) * 16 + 8)
        for row in range(rows.first, rows.last + 1):
            job.hold(sheet, row, 0, "paragraph")
    last = max(job.contents.texts[key].last for key in texts)
    sheet.print_area(1, 0, last, 1)  # two columns: LibreOffice does not scale a single one to the page
    set_heights(job, sheet)


def _verdict(job: TemplateJob, sheet: Any) -> None:
    """Write the verdict of a sheet in its first row, which is not printed, and the link to the checks beside it."""
    sheet.set_row(0, 24)
    _, column = write_verdict(job, sheet)
    sheet.write_url(0, column + 2, f"internal:'{CHECKS}'!A1", job.formats["link"], "查看校验")
