"""Numbers that stand in a workbook as text: faults on the kit's own sheets, read and told on any other."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import EDITIONS, sound
from command import nianbao
from published import title
from workbooks import edited, saved

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import TablePlan, plan_of
from workbook.report import Report, content_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from office import Office

WRITTEN = {
    "plain": (str, "info"),
    "full width": (lambda number: str(number).translate({ord(str(d)): ord("０") + d for d in range(10)}), "info"),
    "blanks around": (lambda number: f"　{number} \n", "info"),
    "separators": (lambda number: f"{number:,}", "info"),
    "decimals": (lambda number: f"{number}.00", "info"),
    "apostrophe": (lambda number: f"'{number}", "info"),
    "with a unit": (lambda number: f"{number}件", "info"),
}
"""Ways to write a count as text, and the level at which it is told on a sheet that is not the kit's."""


def printed_form(report: Report, write: Callable[[str, Any], Any] = lambda _key, value: value) -> Any:
    """Return a workbook of one sheet with the statutory tables below each other, without anything of the kit's."""
    plan, book = plan_of(report.edition), openpyxl.Workbook()
    sheet: Any = book.active
    sheet["C3"] = title(report)
    top = 6
    for section in report.form.sections:
        sheet.cell(top, 2, section.heading)
        for table in plan.tables:
            if table.table.section == section.number:
                _lay(sheet, table, report, top + 1, write)
                top += table.last_row + 3
        top += 2
    return book


def _lay(sheet: Any, table: TablePlan, report: Report, top: int, write: Callable[[str, Any], Any]) -> None:
    for label in table.labels:
        sheet.cell(top + label.top, label.left + 2, label.text)
        if (label.top, label.left) != (label.bottom, label.right):
            corners = {"start_row": top + label.top, "end_row": top + label.bottom}
            sheet.merge_cells(**corners, start_column=label.left + 2, end_column=label.right + 2)
    for key, (row, column) in table.cells.items():
        value = write(key, report.cells[key])
        cell = sheet.cell(top + row, column + 2, value)
        if isinstance(value, str):
            cell.data_type = "s"


def summed(report: Report, texts: set[str]) -> Callable[[str, Any], Any]:
    """Return how numbers are written where some are text and totals are what Excel shows of the rest."""
    shown: dict[str, Any] = {key: None if key in texts else value for key, value in report.cells.items()}
    for key in report.form.parts_first:
        shown[key] = sum(shown[part] or 0 for part, _ in report.form.calculated[key].right)
    return lambda key, value: str(value) if key in texts else shown[key]


def told(report: Report, code: str) -> set[str]:
    return {finding.at for finding in workbook.check(report) if finding.code == code}


def errors(report: Report) -> list[tuple[str, str]]:
    return [finding.identity for finding in workbook.check(report) if finding.level == "error"]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("way", WRITTEN)
def test_a_printed_form_of_text_is_read_with_its_title_and_told(edition: str, way: str) -> None:
    report, (write, level) = sound(edition), WRITTEN[way]
    money = {key for key, cell in report.form.cells.items() if cell.kind.unit}
    data = saved(printed_form(report, lambda key, value: value if key in money else write(value)))
    again = workbook.parse(data, "表.xlsx")
    assert again.cells == report.cells
    assert (again.year, again.body.name) == (report.year, report.body.name)
    assert told(again, "cell.notation") == report.cells.keys() - money
    assert {finding.level for finding in workbook.check(again) if finding.code == "cell.notation"} == {level}
    assert not errors(again)


@pytest.mark.parametrize("sign", ["/", "—", "－", "———", "无", "零"])
def test_signs_for_nothing_are_warned_of_on_a_printed_form(sign: str) -> None:
    report = sound("2021").with_cells({"documents.rules.made": 0})
    data = saved(printed_form(report, lambda key, value: sign if key == "documents.rules.made" else value))
    again = workbook.parse(data, "表.xlsx")
    assert again.cells == report.cells
    assert told(again, "cell.nothing") == {"documents.rules.made"}


@pytest.mark.parametrize("word", ["一十二", "一", "空", "约941", "941余", "9 41"])
def test_with_what_cannot_be_read_nothing_is_judged(word: str) -> None:
    report, key = sound("2021"), "disputes.review.upheld"
    again = workbook.parse(saved(printed_form(report, lambda at, value: word if at == key else value)), "表.xlsx")
    assert not isinstance(again.cells[key], int)
    assert [place for _, place in errors(again)] == [key]


def test_totals_that_missed_texts_follow_and_are_told_once_a_table() -> None:
    report = sound("2021")
    texts = {"applications.received.natural", "applications.granted.natural", "disputes.review.upheld"}
    again = workbook.parse(saved(printed_form(report, summed(report, texts))), "表.xlsx")
    assert again.cells == report.cells
    assert told(again, "total.missed_text") == {"applications", "disputes"}
    assert not errors(again)


def test_a_total_that_is_wrong_besides_is_told() -> None:
    report, text = sound("2021"), "disputes.review.upheld"
    write = summed(report, {text})
    wrong = printed_form(report, lambda key, value: 1 if key == "disputes.review.total" else write(key, value))
    again = workbook.parse(saved(wrong), "表.xlsx")
    assert errors(again) == [("disputes.total", "review")]
    assert not told(again, "total.missed_text")


@pytest.mark.parametrize(("kind", "name"), [("xls", "MS Excel 97"), ("ods", "calc8")])
def test_printed_forms_of_other_formats_are_read_alike(
    kind: str, name: str, libreoffice: Office, tmp_path: Path
) -> None:
    report = sound("2021")
    path = tmp_path / "表.xlsx"
    path.write_bytes(saved(printed_form(report, lambda _key, value: str(value))))
    libreoffice.export(path, path.with_suffix(f".{kind}"), name)
    again = workbook.read(path.with_suffix(f".{kind}"))
    assert again.cells == report.cells
    assert (again.year, again.body.name) == (report.year, report.body.name)
    assert told(again, "cell.notation") == report.cells.keys()


@pytest.mark.parametrize("rows", [0, 1])
def test_text_on_the_kits_own_sheet_is_a_fault_wherever_its_row_is(rows: int) -> None:
    report = sound("2021").with_cells({"documents.rules.made": "59", "documents.normative.made": "约67"})
    book = edited(report)
    if rows:
        sheet = book["二、主动公开"]
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))  # openpyxl would leave them where they were
        sheet.insert_rows(1)
    again = workbook.parse(saved(book), "年报.xlsx")
    assert again.cells["documents.rules.made"] == "59"
    assert told(again, "cell.text_number") == {"documents.rules.made"}
    assert told(again, "cell.not_a_number") == {"documents.normative.made"}
    assert not told(again, "cell.notation")


def test_a_total_without_a_result_leaves_out_digits_that_are_text() -> None:
    report = sound("2021").with_cells({"disputes.review.upheld": "80", "disputes.review.total": 128})
    again = workbook.parse(saved(edited(report)), "年报.xlsx")  # openpyxl drops the stored results
    assert errors(again) == [("cell.text_number", "disputes.review.upheld")]


def test_fix_converts_digits_in_the_copy_and_lists_them(tmp_path: Path) -> None:
    report, texts = sound("2021"), {"applications.received.natural": "９４１", "disputes.review.upheld": "80"}
    book = edited(report.with_cells({"documents.rules.made": "约59"}))
    plan = plan_of("2021")
    for key, text in texts.items():
        table = next(table for table in plan.tables if key in table.cells)
        cell = book[table.sheet][a1(*table.cells[key])]
        cell.value, cell.number_format = text, "@"
    (tmp_path / "年报.xlsx").write_bytes(saved(book))
    before = (tmp_path / "年报.xlsx").read_bytes()
    done = nianbao("mark", "年报.xlsx", "--fix", cwd=tmp_path)
    assert done.code == 1  # what is no number is left
    assert all(text in done.err for text in texts.values())
    assert (tmp_path / "年报.xlsx").read_bytes() == before
    copy = tmp_path / "年报-校验.xlsx"
    fixed = workbook.read(copy)
    assert fixed.copy_of == (content_digest(workbook.read(tmp_path / "年报.xlsx")),)  # a later version, not the same
    assert fixed.cells == {**report.cells, "documents.rules.made": "约59"}
    assert errors(fixed) == [("cell.not_a_number", "documents.rules.made")]
    sheet = openpyxl.load_workbook(io.BytesIO(copy.read_bytes()))["校验结果"]
    assert [row[2] for row in sheet.iter_rows(min_row=3, values_only=True)].count("cell.converted") == len(texts)


def test_fix_converts_digits_on_a_printed_form_with_the_totals_that_missed_them(tmp_path: Path) -> None:
    report = sound("2021")
    book = printed_form(report, summed(report, {"disputes.review.upheld"}))
    (tmp_path / "表.xlsx").write_bytes(saved(book))
    assert nianbao("mark", "表.xlsx", "--fix", cwd=tmp_path).code == 0
    fixed = workbook.read(tmp_path / "表-校验.xlsx")
    assert fixed.cells == report.cells
    assert not told(fixed, "cell.notation") | told(fixed, "total.missed_text")


def test_without_fix_nothing_is_converted(tmp_path: Path) -> None:
    (tmp_path / "年报.xlsx").write_bytes(saved(edited(sound("2021").with_cells({"fees.fee.amount": "3.00"}))))
    assert nianbao("mark", "年报.xlsx", cwd=tmp_path).code == 1
    assert workbook.read(tmp_path / "年报-校验.xlsx").cells["fees.fee.amount"] == "3.00"


@pytest.mark.parametrize(("value", "code"), [(28, "table.line_placed"), ("28", "table.row_unplaced")])
def test_a_row_of_another_label_on_the_kits_own_sheet_is_placed_without_texts_only(value: int | str, code: str) -> None:
    report = sound("2021")
    book, sheet = edited(report), "三、依申请公开"
    for row in book[sheet].iter_rows():
        for cell in row:
            if cell.value == "2.重复申请":
                cell.value = "2.重"
    for table in plan_of("2021").tables:
        for key, spot in table.cells.items():
            book[table.sheet][a1(*spot)] = value if key == "applications.rejected_repeat.natural" else report.cells[key]
    again = workbook.parse(saved(book), "年报.xlsx")
    assert [finding.at for finding in workbook.check(again) if finding.code == code] == ["applications.rejected_repeat"]
    assert again.cells["applications.rejected_repeat.natural"] == (28 if code == "table.line_placed" else None)
