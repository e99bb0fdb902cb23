"""The sheet 校验: every equation and every cell judged by native formulas, with verdicts, without macros."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import (
    CHECKS,
    CHECKS_FIRST_ROW,
    COVER,
    COVER_ANSWERS,
    DIFFERENCE,
    DIGITS,
    KEY,
    LEFT,
    LINK,
    READ,
    RESULT,
    RIGHT,
    WAIVER_COLUMNS,
    WAIVER_SPANS,
    WAIVERS_HEADING,
    cover_rows,
    equation_row,
)
from workbook.excel.template.digits import digits_formula, plainly_formula
from workbook.excel.template.job import TemplateJob, colour_verdicts, guard
from workbook.excel.template.spots import OVERALL, OVERALL_ROW, overall
from workbook.excel.template.styles import CHECKS_TAB, lines
from workbook.excel.template.verdicts import IDLE, SOUND, WAIVED, broken, spans, status, verdict_formula
from workbook.form import PROMPT
from workbook.report import catalogue
from workbook.report.limits import CREDIT_LETTERS, YEARS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.form import Cell, Field

WIDTHS = (9, 15, 46, 34, 12, 12, 10, 20, 9, 38)
HEADS = ("类别", "所在表", "项目", "要求", "左边/填报值", "右边/计入值", "差额", "结论", "定位", "代码")

_NOTE = (
    "本表由公式自动计算，不用宏。按“结论”筛选 ✗ 只看要改正的，点“定位”跳到单元格；空白按 0 计，"
    "文本数字按数计，有文字或公式错误的关系不判断（－）。"
)
_HOW_TO_ACCEPT = (
    "（提示（△）确属正常的，在这里写明说明、说明人和日期；代码和位置照“校验结果”表填写，错误（✗）不能说明）"
)
_TITLE_ROW = 0


def write_checks(job: TemplateJob, sheet: Any) -> None:
    """Write the sheet of checks."""
    guard(sheet)
    sheet.set_landscape()
    sheet.set_footer(f"&C&9{CHECKS} 第 &P 页")
    sheet.set_start_page(1)
    sheet.set_tab_color(CHECKS_TAB)
    sheet.repeat_rows(CHECKS_FIRST_ROW - 1)
    sheet.freeze_panes(CHECKS_FIRST_ROW, 0)
    sheet.set_row(CHECKS_FIRST_ROW - 1, 34)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
        sheet.write_string(CHECKS_FIRST_ROW - 1, column, HEADS[column], job.formats["block"])
    last = CHECKS_FIRST_ROW + len(job.plan.checks) - 1
    sheet.set_column(DIGITS, READ, None, None, {"hidden": True})
    sheet.autofilter(CHECKS_FIRST_ROW - 1, 0, last, len(HEADS) - 1)
    _verdicts(job, sheet)
    _equations(job, sheet)
    _cells(job, sheet)
    _cover(job, sheet)
    _texts(job, sheet)
    _waivers(job, sheet)
    sheet.print_area(0, 0, last, LINK)
    colour_verdicts(job, sheet, f"A{OVERALL_ROW + 1}:H{CHECKS_FIRST_ROW - 2}")
    colour_verdicts(job, sheet, f"{a1(CHECKS_FIRST_ROW, RESULT)}:{a1(last, RESULT)}")


def _verdicts(job: TemplateJob, sheet: Any) -> None:
    """Write the overall verdict and that of each sheet above the list."""
    formats = job.formats
    sheet.merge_range(_TITLE_ROW, 0, _TITLE_ROW, len(HEADS) - 1, CHECKS, formats["section"])
    sheet.set_row(_TITLE_ROW, 28)
    for name, row, rows in overall(job.plan):
        sheet.set_row(row, 22 if name else 26)
        sheet.merge_range(row, 0, row, 1, "总结论", formats["link" if name else "verdict"])
        if name:
            sheet.write_url(row, 0, f"internal:'{name}'!A1", formats["link"], name)
        job.show(sheet, row, OVERALL, verdict_formula(rows), "verdict")
    sheet.merge_range(CHECKS_FIRST_ROW - 3, 0, CHECKS_FIRST_ROW - 3, len(HEADS) - 1, _NOTE, formats["note"])
    sheet.set_row(CHECKS_FIRST_ROW - 3, 22)


def _line(job: TemplateJob, sheet: Any, row: int, texts: Sequence[str], link: tuple[str, str]) -> None:
    """Write what all lines of the list share: four texts and the link."""
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, job.formats["list"])
    sheet.set_row(row, max(lines(text, width) for text, width in zip(texts, WIDTHS, strict=False)) * 14.5 + 4)
    sheet.write_url(row, LINK, f"internal:'{link[0]}'!{link[1]}", job.formats["jump"], link[1])


def _result(job: TemplateJob, sheet: Any, row: int, formula: str, key: str) -> None:
    """Write the result of a line, and its key for support."""
    job.show(sheet, row, RESULT, f"={formula}", "result")
    sheet.write_string(row, KEY, key, job.formats["key"])


def _equations(job: TemplateJob, sheet: Any) -> None:
    for equation in job.plan.form.equations():
        row, rule = equation_row(job.plan, equation), equation.rule
        name = job.plan.form.section_of[equation.table].sheet
        line = f"{equation.at.label}（{'行' if rule.each == 'row' else '列'}）"
        _line(job, sheet, row, ("勾稽关系", name, line, rule.title), (name, job.address(equation.left[0][0])))
        job.show(sheet, row, LEFT, _sum(job, equation.left), "number")
        job.show(sheet, row, RIGHT, _sum(job, equation.right), "number")
        read = f"COUNT({a1(row, LEFT)}:{a1(row, RIGHT)})=2"
        ends = f"ROUND({a1(row, LEFT)}-{a1(row, RIGHT)},6)"
        job.show(sheet, row, DIFFERENCE, f'=IF({read},{ends},"")', "number")
        fails = f"{a1(row, DIFFERENCE)}{'<>' if rule.relation == '=' else '>'}0"
        told = f'"{broken(equation)}"'
        if rule.level != "error":
            told = _unless_accepted(job, equation.code, equation.at.key, told)
        verdict = f'IF({a1(row, DIFFERENCE)}="","{IDLE}",IF({fails},{told},"{SOUND}"))'
        _result(job, sheet, row, verdict, f"{equation.code} {equation.at.key}")


def _sum(job: TemplateJob, side: Sequence[tuple[str, int]]) -> str:
    """Write a signed sum over the column of counted values; nothing where one of them cannot be read."""
    added = "".join(
        f"{mark}SUM({_areas(job, keys, RIGHT)})"
        for sign, mark in ((1, ""), (-1, "-"))
        if (keys := [key for key, coefficient in side if coefficient == sign])
    )
    return f'=IF(COUNT({_areas(job, [key for key, _ in side], RIGHT)})<{len(side)},"",{added})'


def _areas(job: TemplateJob, keys: Sequence[str], column: int) -> str:
    """Write the cells of a column that stand for number cells, neighbours joined to ranges."""
    letter = a1(0, column)[0]
    rows = spans(job.plan.checks["cell", key] for key in keys)
    return ",".join(f"{letter}{a + 1}:{letter}{b + 1}" if a != b else f"{letter}{a + 1}" for a, b in rows)


def _cells(job: TemplateJob, sheet: Any) -> None:
    for key, cell in job.plan.form.cells.items():
        row = job.plan.checks["cell", key]
        name = job.plan.form.section_of[cell.table].sheet
        address = job.address(key)
        source, at = f"'{name}'!{address}", a1(row, LEFT)
        _line(job, sheet, row, ("单元格", name, cell.label, cell.kind.label), (name, address))
        job.show(sheet, row, LEFT, f'=IF({source}="","",{source})', "number")
        job.show(sheet, row, RIGHT, _counted(job, row, cell), "number")
        job.show(sheet, row, DIGITS, f'=IF(ISTEXT({at}),{plainly_formula(at)},"")', "number")
        job.show(sheet, row, READ, f"={digits_formula(a1(row, DIGITS))}", "number")
        sheet.write_blank(row, DIFFERENCE, None, job.formats["number"])
        _result(job, sheet, row, _judged(job, row, cell), key)


def _is_number(at: str) -> str:
    # LibreOffice takes logical values for numbers, Excel does not.
    return f"AND(ISNUMBER({at}),NOT(ISLOGICAL({at})))"


def _counted(job: TemplateJob, row: int, cell: Cell) -> str:
    """Write ``countable_cells`` as a formula."""
    at, digits, most = a1(row, LEFT), a1(row, READ), cell.kind.maximum
    text = f'IF(ISNUMBER({digits}),IF(ABS({digits})>{most},0,{digits}),"")'
    own = f'IF({at}="",0,IF({_is_number(at)},IF(ABS({at})>{most},0,{at}),{text}))'
    equation = job.plan.form.calculated.get(cell.key)
    if equation:
        keys = [key for key, _ in equation.right]
        held, counted = _areas(job, keys, LEFT), _areas(job, keys, RIGHT)
        follows = f'IF(COUNT({counted})<{len(keys)},"",SUM({counted}))'
        adds_up = f'IF(ISERROR(SUM({held})),FALSE,IF({at}="",SUM({held})=0,IF(ISTEXT({at}),FALSE,{at}=SUM({held}))))'
        own = f"IF({adds_up},{follows},{own})"
    return f'=IF(ISERROR({at}),"",{own})'


def _judged(job: TemplateJob, row: int, cell: Cell) -> str:
    """Write ``cell_code`` as a formula."""
    kind, at = cell.kind, a1(row, LEFT)
    text = f'IF(COUNT({a1(row, READ)})=1,"{status("cell.text_number")}","{status("cell.not_a_number")}")'
    odd = status("cell.not_a_number")
    empty = f'"{status("cell.blank")}"'
    equation = job.plan.form.calculated.get(cell.key)
    if equation:
        parts = ",".join(a1(job.plan.checks["cell", key], LEFT) for key, _ in equation.right)
        empty = f'IF(COUNT({parts})=0,"{IDLE}",{empty})'
    rough = status("cell.too_precise" if kind.decimals else "cell.not_whole")
    return (
        f'IF(ISERROR({at}),"{odd}",IF({at}="",{empty},IF(NOT({_is_number(at)}),{text},'
        f'IF(ABS({at})>{kind.maximum},"{status("cell.too_large")}",IF({at}<{kind.minimum},"{status("cell.negative")}",'
        f'IF(ROUND({at},{kind.decimals})<>{at},"{rough}","{SOUND}"))))))'
    )


def _cover(job: TemplateJob, sheet: Any) -> None:
    form = job.plan.form
    rows = cover_rows(form)
    at = {field.key: f"{COVER}!{a1(rows[field.key], COVER_ANSWERS)}" for field in form.fields}
    name, credit, division, year = (at[key] for key in ("name", "credit_code", "division_code", "year"))
    digits = f'SUMPRODUCT(LEN({division})-LEN(SUBSTITUTE({division},{{0,1,2,3,4,5,6,7,8,9}},"")))=LEN({division})'
    good = f"IF(ISNUMBER({year}),IF({year}>={YEARS[0]},IF({year}<={YEARS[-1]},{year}=INT({year}),FALSE),FALSE),FALSE)"
    covered = f"{year}>={form.first_year}" + (f",{year}<={form.last_year}" if form.last_year else "")
    bad_year = f'IF({year}="","{status("body.year", unfilled=True)}","{status("body.year")}")'
    bad_division = f'"{status("body.division_code")}"'
    judged = {
        ("body.name", "name"): f'IF(TRIM({name})="","{status("body.name")}","{SOUND}")',
        ("body.credit_code", "credit_code"): f'IF({credit}="","{SOUND}",'
        f'IF(ISERROR({_checked(credit)}),"{status("body.credit_code")}",'
        f'IF({_checked(credit)},"{SOUND}","{status("body.credit_code")}")))',
        ("body.division_code", "division_code"): f'IF({division}="","{SOUND}",IF(LEN({division})<6,{bad_division},'
        f'IF(LEN({division})>12,{bad_division},IF({digits},"{SOUND}",{bad_division}))))',
        ("body.kind", "kind"): _listed(at["kind"], form.field("kind"), "body.kind"),
        ("body.year", "year"): f'IF({good},"{SOUND}",{bad_year})',
        ("file.edition_for_year", "year"): f'IF({good},IF(AND({covered}),"{SOUND}",'
        f'{_unless_accepted(job, "file.edition_for_year", "year")}),"{SOUND}")',
    }
    more = [field for field in form.more_fields if field.choices]
    judged |= {("body.choice", field.key): _listed(at[field.key], field, "body.choice") for field in more}
    for place, formula in judged.items():
        texts = ("封面", COVER, form.field(place[1]).label)
        _single(job, sheet, place, texts, (COVER, a1(rows[place[1]], COVER_ANSWERS)), formula)


def _listed(at: str, field: Field, code: str) -> str:
    """Write the test of an answer that is one of a list, or blank."""
    choices = "".join(f',{at}="{label}"' for label in field.choices.values())
    return f'IF(OR({at}=""{choices}),"{SOUND}","{status(code)}")'


def _checked(code: str) -> str:
    """Write the test of a unified social credit code's check character (GB 32100) as a formula."""
    weights = ";".join(str(3**position % 31) for position in range(17))
    total = f'SUMPRODUCT((FIND(MID({code},ROW($1:$17),1),"{CREDIT_LETTERS}")-1)*{{{weights}}})'
    last = f'FIND(MID({code},18,1),"{CREDIT_LETTERS}")-1'
    return f"AND(LEN({code})=18,MOD({total}+{last},31)=0)"


def _texts(job: TemplateJob, sheet: Any) -> None:
    for name, key, section in ((name, *item) for name, own in job.plan.text_sheets.items() for item in own.items()):
        rows = job.contents.texts[key]
        area = f"'{name}'!{rows.area}"
        left = f'IF(SUMPRODUCT(ISNUMBER(FIND("{PROMPT}",{area}))*1)>0,"{status("text.prompt")}","{SOUND}")'
        formula = f"IF(COUNTA({area})=0,{_unless_accepted(job, 'text.blank', key)},{left})"
        link = (name, a1(rows.first, 0))
        _single(job, sheet, ("text.blank", key), ("文字", name, section.heading), link, formula)


def _single(
    job: TemplateJob, sheet: Any, place: tuple[str, str], texts: Sequence[str], link: tuple[str, str], formula: str
) -> None:
    """Write a line of the list that judges one answer of the cover or one text."""
    row = job.plan.checks[place]
    _line(job, sheet, row, (*texts, catalogue()[place[0]].words["zh"]["explanation"]), link)
    for column in (LEFT, RIGHT, DIFFERENCE):
        sheet.write_blank(row, column, None, job.formats["number"])
    _result(job, sheet, row, formula, " ".join(place))


def _unless_accepted(job: TemplateJob, code: str, at: str, told: str = "") -> str:
    """Write the status of a warning, or that it is accepted where the list below has a complete line for it.

    ``told`` is a formula of the status, where it is not that of the catalogue.
    """
    first = job.plan.waivers_row + 2
    last = first + job.contents.waiver_rows - 1
    codes, places, reasons, names, dates = (
        f"${a1(0, column)[:-1]}${first + 1}:${a1(0, column)[:-1]}${last + 1}" for column, _ in WAIVER_SPANS
    )
    complete = f'({reasons}<>"")*({names}<>"")*(ISNUMBER({dates})+ISNUMBER(DATEVALUE({dates})))'
    shown = told or f'"{status(code)}"'
    return f'IF(SUMPRODUCT(({codes}="{code}")*({places}="{at}")*{complete})>0,"{WAIVED}",{shown})'


def _waivers(job: TemplateJob, sheet: Any) -> None:
    """Write the list of accepted warnings, open for entries."""
    formats, top = job.formats, job.plan.waivers_row
    sheet.merge_range(top, 0, top, len(HEADS) - 1, f"{WAIVERS_HEADING}{_HOW_TO_ACCEPT}", formats["block"])
    for row in range(top + 1, top + 2 + job.contents.waiver_rows):
        style = "head" if row == top + 1 else "free"
        for (first, last), head in zip(WAIVER_SPANS, WAIVER_COLUMNS, strict=True):
            if first != last:
                sheet.merge_range(row, first, row, last, "", formats[style])
            if style == "head":
                sheet.write_string(row, first, head, formats[style])
            else:
                job.hold(sheet, row, first, style)
