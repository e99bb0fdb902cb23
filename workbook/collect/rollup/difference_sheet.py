"""The sheet 差异: how the report of the office differs from the sum, what explains it, who contributes most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.labels import heading
from workbook.collect.rollup import words as said
from workbook.collect.rollup.comparison import TOP
from workbook.collect.rollup.explained import sentences
from workbook.collect.rollup.words import WORDS
from workbook.excel.address import a1
from workbook.excel.layout import DATA
from workbook.excel.template.styles import LEAST
from workbook.output.sheets import BODY, height
from workbook.printable import printable
from workbook.report import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.collect.rollup.comparison import Comparison, Difference
    from workbook.collect.rollup.data_sheet import DataPlan
    from workbook.collect.rollup.rollup import RollUp
    from workbook.excel.template.job import TemplateJob
    from workbook.report import Lang

_WIDTHS = {"table": 44, "cell": 72, "filed": 12, "own": 12, "difference_head": 16, "remark": 40}
"""The longest names of tables and cells fit: LibreOffice does not wrap what is a link."""
_FIRST_TOP = len(_WIDTHS)
_CELL, _FILED, _OWN, _DIFFERENCE, _REMARK = range(1, 6)


def write_differences(
    job: TemplateJob, sheet: Any, summed: RollUp, beside: Comparison | None, lang: Lang, data: DataPlan
) -> None:
    """Write the sheet; without a report to compare with it says so."""
    words, formats = WORDS[lang], _formats(job.book)
    sheet.set_row(0, 26)
    sheet.write_string(0, 0, said.title(summed, lang), formats["title"])
    sheet.write_string(1, 0, said.as_of(summed, lang), formats["note"])
    for column, wide in enumerate(_WIDTHS.values()):
        sheet.set_column(column, column, wide)
    sheet.set_column(_FIRST_TOP, _FIRST_TOP + TOP - 1, 24)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    if beside is None:
        sheet.write_string(2, 0, words["nothing_compared"], formats["note"])
        return
    found = beside.differences
    row = _said(sheet, beside, lang, formats)
    heads = [words[key] for key in _WIDTHS]
    heads += [words["contributors"]] + [""] * (TOP - 1)
    for column, text in enumerate(heads):
        sheet.write_string(row, column, text, formats["head"])
    if found:
        sheet.merge_range(row, _FIRST_TOP, row, _FIRST_TOP + TOP - 1, words["contributors"], formats["head"])
    sheet.repeat_rows(row)
    sheet.freeze_panes(row + 1, 2)
    for each in sorted(found, key=lambda each: (not each.adds, each.follows)):
        row += 1
        _row(job, sheet, row, summed, each, lang, formats)
        if not each.follows:
            _top(sheet, row, each, beside, data, formats)


def _said(sheet: Any, beside: Comparison, lang: Lang, formats: Mapping[str, Any]) -> int:
    """Write the verdict and what explains it; return the row of the heads."""
    words, summed, own = WORDS[lang], beside.summed, beside.own
    verdict = words["differs"].format(len(own)) if own else words["apart_only" if beside.aside else "same"]
    lines = [(said.compared_with(summed, beside.filed, lang), "note"), (verdict, "bad" if own else "good")]
    if own:
        told = sentences(summed, beside.explanation, lang)
        lines.append((words["explained" if told else "unexplained"], "note"))
        lines += [(line, "told") for line in told]
    lines += [(line, "note") for line in said.adjusted(summed, lang)]
    for row, (line, style) in enumerate(lines, 2):
        sheet.write_string(row, 0, line, formats[style])
    return len(lines) + 3


def _row(
    job: TemplateJob, sheet: Any, row: int, summed: RollUp, each: Difference, lang: Lang, formats: Mapping[str, Any]
) -> None:
    """Write a difference: the cell leads to its place in the report, sum and difference are live."""
    form, words = summed.form, WORDS[lang]
    cell, table = form.cells[each.cell], next(one for one in job.plan.tables if each.cell in one.cells)
    place = job.address(each.cell)
    style = "grey" if each.follows or not each.adds else "number"
    sheet.write_string(row, 0, heading(form, cell.table), formats["text"])
    sheet.write_url(row, _CELL, f"internal:'{table.sheet}'!{place}", formats["link"], cell.label)
    sheet.write_number(row, _FILED, plain(each.filed), formats[style])
    own = f"{style}_least" if each.own.is_least else style
    sheet.write_formula(row, _OWN, f"='{table.sheet}'!{place}", formats[own], plain(each.own.value))
    formula = f"=ROUND({a1(row, _FILED)}-{a1(row, _OWN)},6)"
    sheet.write_formula(row, _DIFFERENCE, formula, formats[f"{style}_sign"], plain(each.difference))
    apart = summed.rules.apart(each.cell)
    remarks = [words["follows"]] if each.follows else []
    if apart:
        remarks.append(apart.note.text(lang) if apart.adds else words["not_added"].format(apart.note.text(lang)))
    said_of = ("；" if lang == "zh" else "; ").join(remarks)
    sheet.write_string(row, _REMARK, said_of, formats["text"])
    texts = {"table": heading(form, cell.table), "cell": cell.label, "remark": said_of}
    sheet.set_row(row, height(texts.values(), [_WIDTHS[key] for key in texts]))


def _top(
    sheet: Any, row: int, each: Difference, beside: Comparison, data: DataPlan, formats: Mapping[str, Any]
) -> None:
    """Write the units that contribute most, each leading to its cell on 数据."""
    for column, (unit, value) in enumerate(beside.tops[each.cell], _FIRST_TOP):
        text = f"{printable(unit.name_in(beside.summed.year))} {value}"
        spot = data.spot(unit.id, each.cell)
        if spot:
            sheet.write_url(row, column, f"internal:'{DATA}'!{spot}", formats["link"], text)
        else:
            sheet.write_string(row, column, text, formats["text"])


def _formats(book: Any) -> dict[str, Any]:
    body = {**BODY, "font_size": 10, "valign": "vcenter"}
    number = body | {"align": "right", "text_wrap": False}
    grey, sign = {"font_color": "#8A8A8A"}, {"num_format": "+0.######;-0.######;0"}
    return {
        name: book.add_format(style)
        for name, style in {
            "title": {"bold": True, "font_size": 14, "valign": "vcenter"},
            "note": {"font_size": 10, "font_color": "#404040"},
            "told": {"font_size": 12, "bold": True, "font_color": "#9C0006", "indent": 1},
            "bad": {"font_size": 11, "bold": True, "font_color": "#9C0006"},
            "good": {"font_size": 11, "bold": True, "font_color": "#23602B"},
            "head": body | {"bold": True, "bg_color": "#E8EEF5", "align": "center"},
            "text": body | {"indent": 1},
            "link": body | {"font_color": "#1F4E79", "underline": 1},
            "number": number,
            "number_sign": number | sign,
            "number_least": number | {"num_format": LEAST},
            "grey_least": number | grey | {"num_format": LEAST},
            "grey": number | grey,
            "grey_sign": number | grey | sign,
        }.items()
    }
