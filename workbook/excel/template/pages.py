"""The sheets around the tables: 封面 and those of texts."""

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
    TO_CHECKS,
    WAIVERS_HEADING,
    cover_rows,
)
from workbook.excel.template.job import (
    MESSAGE_LIMIT,
    TITLE_LIMIT,
    TemplateJob,
    begin,
    guard,
    print_report,
    set_heights,
    write_onward,
    write_verdict,
)
from workbook.excel.template.spots import LETTERS, TEXT_WIDTH, origin_row
from workbook.excel.template.styles import ENTRY_TAB, lines
from workbook.report.limits import YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Field, Section

_NOTE_WIDTH = 36


def write_cover(job: TemplateJob, sheet: Any) -> None:
    """Write the cover: title, the questions about the office, the edition of the form."""
    form, formats = job.plan.form, job.formats
    guard(sheet)
    sheet.print_black_and_white()
    sheet.set_tab_color(ENTRY_TAB)
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
    for row in (*rows.values(), max(rows.values()) + 1):
        sheet.set_row(row, 32)
    sheet.print_area(COVER_FIRST_ROW - 5, COVER_LABELS, max(rows.values()), COVER_ANSWERS)
    # Which files a report passed through stands below what is printed.
    for column in (COVER_LABELS, COVER_ANSWERS):
        job.hold(sheet, origin_row(form), column, "note")
    write_onward(job, sheet, max(rows.values()) + 1, COVER_ANSWERS)
    set_heights(job, sheet)
    begin(job, sheet)


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
    print_report(job, sheet)
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, 0, TEXT_WIDTH)
    sheet.set_column(1, 1, 2)
    sheet.set_column(2, 2, _NOTE_WIDTH)
    sheet.set_column(LETTERS, LETTERS, 12)
    _verdict(job, sheet)
    for key, section in texts.items():
        rows = job.contents.texts[key]
        sheet.write_string(rows.heading, 0, section.heading, formats["heading"])
        begin_with = "照着下面的提示改写" if section.aspects else "从下一行填起"
        note = f"{begin_with}，一段一行。{section.note}"
        sheet.write_string(rows.heading, 2, note, formats["note"])
        sheet.set_row(rows.heading, lines(note, _NOTE_WIDTH) * 16 + 8)
        job.show(sheet, rows.heading, LETTERS, f"=SUMPRODUCT(LEN('{sheet.name}'!{rows.area}))", "letters")
        for row in range(rows.first, rows.last + 1):
            job.hold(sheet, row, 0, "paragraph")
    last = max(job.contents.texts[key].last for key in texts)
    sheet.print_area(1, 0, last, 1)  # two columns: LibreOffice does not scale a single one to the page
    # In the row that stays in sight: paragraphs that somebody puts in move the end.
    write_onward(job, sheet, 0, 3)
    set_heights(job, sheet)
    begin(job, sheet)


def _verdict(job: TemplateJob, sheet: Any) -> None:
    """Write the verdict of a sheet in its first row, which is not printed, and the link to the checks beside it."""
    sheet.set_row(0, 24)
    _, column = write_verdict(job, sheet)
    sheet.write_url(0, column + 2, f"internal:'{CHECKS}'!A1", job.formats["link"], TO_CHECKS)
