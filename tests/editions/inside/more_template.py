"""The standard workbook of the edition, as openpyxl sees it: laid out as the definition says, with nothing lost."""

from __future__ import annotations

import io
import re
import tomllib
from functools import cache
from typing import Any

import pytest
from made import CHOICE, sound_book
from openpyxl import load_workbook
from openpyxl.utils import range_boundaries
from trees import more

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, COVER, RESULT, plan_of
from workbook.report.values import squeezed

FORM = tomllib.loads(more())
SHEETS = {section["number"]: section["sheet"] for section in FORM["sections"]}
TEXTS = SHEETS["一"], SHEETS["七"]
QUESTIONS = [field["label"] for field in FORM["fields"]]


@cache
def blank() -> Any:
    """Return the blank template."""
    return load_workbook(io.BytesIO(workbook.template("2027")))


@cache
def filled() -> Any:
    """Return the workbook of the sound base."""
    return load_workbook(io.BytesIO(sound_book()))


def merged(sheet: Any) -> list[tuple[int, int, int, int]]:
    """Return first column, first row, last column and last row of all merged areas."""
    return [range_boundaries(str(area)) for area in sheet.merged_cells.ranges]


def shown(sheet: Any, row: int, column: int) -> Any:
    """Return what a cell shows: that of the merged area in which it lies."""
    for left, top, right, bottom in merged(sheet):
        if top <= row <= bottom and left <= column <= right:
            return sheet.cell(top, left).value
    return sheet.cell(row, column).value


def extent(sheet: Any, text: str) -> tuple[int, int]:
    """Return how many rows and columns a label covers that stands on a sheet once."""
    (cell,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == text)
    for left, top, right, bottom in merged(sheet):
        if (top, left) == (cell.row, cell.column):
            return bottom - top + 1, right - left + 1
    return 1, 1


def named(key: str) -> tuple[Any, Any]:
    """Return the sheet and the cell of the blank template that have a key for their name."""
    ((sheet, address),) = blank().defined_names[key].destinations
    return blank()[sheet], blank()[sheet][address.replace("$", "")]


def test_the_sheets_are_those_of_the_definition() -> None:
    tables = [SHEETS[number] for number in "二三四"]
    assert blank().sheetnames == ["填报说明", COVER, TEXTS[0], *tables, TEXTS[1], CHECKS]
    assert "2027" in " ".join(str(cell.value) for row in blank()["填报说明"].iter_rows() for cell in row)


@pytest.mark.parametrize("table", FORM["tables"], ids=lambda table: str(table["key"]))
def test_every_label_of_the_definition_is_there(table: dict[str, Any]) -> None:
    sheet = blank()[SHEETS[table["section"]]]
    there = {cell.value for row in sheet.iter_rows() for cell in row}
    several = sum(other["section"] == table["section"] for other in FORM["tables"]) > 1
    labels = {
        label for line in (*table["columns"], *table["rows"]) for label in (*line.get("under", ()), line["label"])
    }
    labels |= {table[name] for name in ("head", "corner") if name in table}
    assert labels | ({table["title"]} if several else set()) <= there


def test_groups_cover_their_lines() -> None:
    sheet, documents = blank()[SHEETS["三"]], blank()[SHEETS["二"]]
    assert extent(sheet, "三、本年度办理结果")[0] == 24
    assert extent(sheet, "（四）无法提供")[0] == 5
    assert extent(sheet, "4.客观上无法提供") == (2, 1)
    assert extent(sheet, "（1）信息已经移交档案馆") == (1, 1)
    assert extent(sheet, "1.本机关不掌握相关政府信息") == (1, 2)
    assert extent(sheet, "（七）总计") == (1, 3)
    assert extent(sheet, "四、结转下年度继续办理") == (1, 4)
    assert extent(sheet, "法人或其他组织") == (1, 6)
    assert extent(sheet, "自然人") == (2, 1)
    assert extent(documents, "政策解读材料") == (2, 1)
    assert extent(documents, "规章") == (1, 2)


def test_no_area_overlaps_another_and_none_is_unlabelled() -> None:
    for sheet in blank().worksheets:
        seen: set[tuple[int, int]] = set()
        for left, top, right, bottom in merged(sheet):
            area = {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}
            assert not seen & area, (sheet.title, a1(top - 1, left - 1))
            seen |= area


def test_every_label_column_has_a_width() -> None:
    for number in "二三四":
        sheet = blank()[SHEETS[number]]
        given = {at for width in sheet.column_dimensions.values() for at in range(width.min, width.max + 1)}
        assert set(range(1, plan_of("2027").sheets["二三四".index(number)].width + 1)) <= given


def test_every_cell_has_a_name_and_stands_between_its_labels() -> None:
    form = workbook.load_form("2027")
    for key, cell in form.cells.items():
        table = form.table(cell.table)
        sheet, place = named(key)
        assert sheet.title == form.section_of[cell.table].sheet
        above = [shown(sheet, row, place.column) for row in range(place.row - 1, 0, -1)]
        before = [shown(sheet, place.row, column) for column in range(place.column - 1, 0, -1)]
        labels = {line.label for line in (table.columns if table.shape == "rows" else (*table.columns, *table.rows))}
        heads = list(dict.fromkeys(text for text in above if text in labels))
        if table.shape == "line":
            assert heads == [cell.column.label, cell.row.label], key
        else:
            assert heads[0] == cell.column.label, key
            assert {text for text in before if text in {row.label for row in table.rows}} == {cell.row.label}, key
        assert place.protection.locked == (key in form.calculated), key
        assert (place.data_type == "f") == (key in form.calculated), key


def test_nothing_else_has_a_name() -> None:
    names = {name for name in blank().defined_names if not name.startswith("_xlnm")}
    beside = {f"narrative.{section['narrative']}" for section in FORM["sections"] if section["number"] in "二三四"}
    assert names == workbook.load_form("2027").cells.keys() | beside


def test_every_cell_refuses_what_is_not_of_its_kind() -> None:
    for key, cell in workbook.load_form("2027").cells.items():
        sheet, place = named(key)
        rules = sheet.data_validations.dataValidation
        (rule,) = (item for item in rules if place.coordinate in item.sqref)
        assert (rule.type, rule.operator or "between") == ("decimal" if cell.kind.decimals else "whole", "between"), key
        assert (float(rule.formula1), float(rule.formula2)) == (cell.kind.minimum, cell.kind.maximum), key
        assert cell.kind.label in rule.error, key


def test_every_equation_has_a_line_of_the_checks_and_a_mark_on_its_sheet() -> None:
    form, of = workbook.load_form("2027"), plan_of("2027")
    checks = blank()[CHECKS]
    marks = {
        name: [str(cell.value) for row in blank()[name].iter_rows() for cell in row if "COUNTIF" not in str(cell.value)]
        for name in (SHEETS[number] for number in "二三四")
    }
    for equation in form.equations():
        row = of.checks[equation.code, equation.at.key]
        texts = [checks.cell(row + 1, column + 1).value for column in range(RESULT + 3)]
        assert equation.rule.title in texts
        assert f"{equation.code} {equation.at.key}" in texts
        result = re.compile(rf"{CHECKS}!{a1(row, RESULT)}(?![0-9])")
        mine = [text for text in marks[form.section_of[equation.table].sheet] if result.search(text)]
        assert len(mine) == 1, (equation.code, equation.at.key)


def test_the_cover_asks_every_question_in_order() -> None:
    cover = blank()[COVER]
    rows = {cell.value: cell.row for row in cover.iter_rows() for cell in row if cell.value in QUESTIONS}
    assert list(rows) == QUESTIONS
    assert list(rows.values()) == list(range(min(rows.values()), min(rows.values()) + len(QUESTIONS)))
    for field in FORM["fields"]:
        texts = [cell.value for cell in cover[rows[field["label"]]]]
        assert field["note"] in texts
    answers = {label: cover.cell(row, 3) for label, row in rows.items()}
    assert not any(cell.protection.locked or cell.value for cell in answers.values())
    rules = {str(item.sqref): item for item in cover.data_validations.dataValidation}
    choice = rules[answers["公开平台"].coordinate]
    assert (choice.type, choice.formula1) == ("list", '"本机关网站,上级机关网站,没有网站"')
    assert rules[answers["机关类型"].coordinate].formula1 == '"人民政府,政府部门,乡镇或街道,其他机关"'
    assert (rules.get(answers["联系电话"].coordinate) is None
            or rules[answers["联系电话"].coordinate].type in {None, "none"})  # fmt: skip
    assert answers["联系电话"].number_format == "@"


def test_a_filled_cover_shows_its_answers_as_people_read_them() -> None:
    cover = filled()[COVER]
    shown = {row[1].value: row[2].value for row in cover.iter_rows() if row[1].value in QUESTIONS}
    assert shown["联系电话"] == "0571-12345678"
    assert shown["公开平台"] == CHOICE
    assert (shown["机关类型"], shown["报告年度"]) == ("政府部门", 2027)


def test_each_text_has_its_heading_and_its_rows() -> None:
    headings = [f"{section['number']}、{section['title']}" for section in FORM["sections"]]
    rows = {
        cell.value: cell for name in TEXTS for (cell,) in blank()[name].iter_rows(max_col=1) if cell.value in headings
    }
    kept = {}
    for heading, cell in rows.items():
        kept[heading] = 0
        while not cell.offset(1 + kept[heading]).protection.locked:
            kept[heading] += 1
    assert kept == {
        "一、总体情况": 12,
        "五、存在的主要问题及改进情况": 12,
        "六、其他需要报告的事项": 12,
        "七、下一年度工作安排": 10,
    }
    assert "写明下一年度要做的几项工作。" in str(rows["七、下一年度工作安排"].offset(0, 2).value)
    checks = [squeezed(cell.value) for row in blank()[CHECKS].iter_rows() for cell in row]
    assert all(heading in checks for heading in rows)


def test_the_paragraphs_of_a_filled_text_stand_below_its_heading() -> None:
    texts = [cell.value for (cell,) in filled()[TEXTS[1]].iter_rows(max_col=1)]
    at = texts.index("七、下一年度工作安排")
    assert texts[at + 1 : at + 4] == ["一是加强培训。", "二是更新目录。", None]


def test_it_is_made_byte_for_byte_the_same_again() -> None:
    assert workbook.template("2027") == workbook.template("2027")
