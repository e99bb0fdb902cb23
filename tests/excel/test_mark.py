"""Marks are laid on a copy, whatever the workbook is."""

from __future__ import annotations

import gc
import io
import os
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import sound
from command import COMMAND
from openpyxl.chart import BarChart
from packages import GOOD, rezipped
from workbooks import blank_of, edited, saved, workbook_of

import workbook
from workbook.excel.editing import saved as written
from workbook.report import Report, Unreadable

if TYPE_CHECKING:
    from pathlib import Path


def test_openpyxl_without_lxml_is_read_and_marked(tmp_path: Path) -> None:
    """What a script on a fresh machine does: openpyxl writes other markup where lxml is missing."""
    for name, data in {"blank.xlsx": blank_of("2021"), "full.xlsx": GOOD}.items():
        (tmp_path / name).write_bytes(data)
        code = f"import openpyxl; openpyxl.load_workbook({name!r}).save({name!r})"
        environment = {**os.environ, "OPENPYXL_LXML": "False"}
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=environment)
        before = workbook.read(tmp_path / name)
        done = subprocess.run([COMMAND, "mark", name], cwd=tmp_path, check=False, env=environment, capture_output=True)
        assert done.returncode == (1 if name == "blank.xlsx" else 0), done.stderr.decode()
        after = workbook.read(tmp_path / f"{name.removesuffix('.xlsx')}-校验.xlsx")
        assert before.cells == after.cells


def marked(data: bytes) -> tuple[workbook.Report, workbook.Report, Any]:
    report = workbook.parse(data, "a.xlsx")
    copy = workbook.mark(data, report, workbook.check(report))
    return report, workbook.parse(copy, "a.xlsx"), openpyxl.load_workbook(io.BytesIO(copy))


def test_marking_a_workbook_without_stored_results_keeps_it_sound() -> None:
    before, after, _ = marked(saved(edited(sound("2021"))))
    assert before.cells == after.cells
    assert not [finding for finding in workbook.check(after) if finding.level == "error"]


def test_marking_a_workbook_with_a_chart_sheet_keeps_every_result() -> None:
    book = edited(sound("2021").with_cells({"applications.received.total": 1}))
    book.create_chartsheet("图", 0).add_chart(BarChart())
    before, after, _ = marked(saved(book))
    assert before.cells == after.cells


def test_merged_number_cells_and_odd_sheet_names_are_marked() -> None:
    book = edited(sound("2021").with_cells({"enforcement.penalty.decisions": None, "disputes.review.total": 1}))
    book["四、复议诉讼"].title = "=1+1 O'Brien"
    _, _, after = marked(saved(book))
    results = after["校验结果"]
    named = [row for row in results.iter_rows(min_row=3) if row[3].value == "=1+1 O'Brien"]
    assert named
    assert {row[3].data_type for row in named} == {"s"}
    assert all("''" in row[4].hyperlink.location for row in named)


def test_a_workbook_that_cannot_be_edited_is_told() -> None:
    def change(part: str, content: bytes) -> bytes:
        return b"<a><b></a>" if part == "docProps/core.xml" else content

    data = rezipped(change)
    report = workbook.parse(data, "a.xlsm")  # the name of another type: it would have to be written anew
    with pytest.raises(Unreadable) as caught:
        workbook.mark(data, report, workbook.check(report))
    assert [finding.code for finding in caught.value.findings] == ["file.damaged"]


def test_a_workbook_that_cannot_be_written_leaves_no_package_open() -> None:
    book = openpyxl.Workbook()
    book.active.sheet_state = "hidden"
    with pytest.raises((IndexError, ValueError)) as caught:
        written(book)
    packages = [one for one in gc.get_objects() if isinstance(one, zipfile.ZipFile) and one.mode == "w"]
    assert [one for one in packages if one.fp is not None] == [], caught  # which holds what was made


def test_a_workbook_that_is_not_that_of_the_report_is_told() -> None:
    data = workbook_of(sound("2021"))
    report = workbook.parse(data, "a.xlsx")
    other = workbook_of(sound("2021").with_cells({"documents.rules.made": 7}))
    with pytest.raises(Unreadable) as caught:
        workbook.mark(other, report, workbook.check(report))
    assert [finding.code for finding in caught.value.findings] == ["file.other_workbook"]
    copy = workbook.mark(saved(openpyxl.load_workbook(io.BytesIO(data))), report, workbook.check(report))
    assert workbook.parse(copy, "a.xlsx").cells == report.cells  # the same report in other bytes is marked


def marked_report(report: Report) -> Any:
    data = workbook_of(report)
    again = workbook.parse(data, "a.xlsx")
    return workbook.mark(data, again, workbook.check(again))


def test_marks_colour_and_comment_the_faulty_cells_and_list_every_finding() -> None:
    report = sound("2021").with_cells({"applications.received.natural": 12, "documents.rules.made": "无"})
    book = openpyxl.load_workbook(io.BytesIO(marked_report(report)))
    wrong = book["三、依申请公开"]["D6"]
    assert wrong.fill.fgColor.rgb == "FFFF7C80"
    assert f"应为 {sound('2021').cells['applications.received.natural']}" in wrong.comment.text
    assert "不是数字" in book["二、主动公开"]["B5"].comment.text
    assert book["三、依申请公开"]["E20"].comment is None
    results = book["校验结果"]
    rows = [[cell.value for cell in row] for row in results.iter_rows(min_row=3) if row[2].value]
    assert [row[2] for row in rows] == ["cell.not_a_number", "applications.total"]
    assert results["E3"].hyperlink.location == "'二、主动公开'!B5"
    assert book.active.title == "校验结果"


def test_a_blank_block_is_painted_cell_by_cell_and_said_once() -> None:
    base = sound("2021")
    keys = [f"applications.{row}.{column}" for row in ("granted", "partial") for column in ("charity", "other")]
    book = openpyxl.load_workbook(io.BytesIO(marked_report(base.with_cells(dict.fromkeys(keys)))))
    sheet = book["三、依申请公开"]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.comment]
    assert [cell.coordinate for cell in cells] == ["G8", "I8"]
    painted = [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == "FFFFC7CE"]
    assert painted == ["G8", "I8", "G9", "I9"]
    assert "G8:G9 共 2 格没有填写" in cells[0].comment.text
    assert sheet["J8"].fill.fgColor.rgb != "FFFDF1E7"  # the total is sound but for what is blank
    rows = [[cell.value for cell in row] for row in book["校验结果"].iter_rows(min_row=3, max_row=4)]
    assert [row[4] for row in rows] == ["G8:G9", "I8:I9"]
    assert book["校验结果"]["A1"].value == "校验结果：✗ 有 2 处错误"


def test_a_marked_copy_is_still_the_same_report_with_stored_results() -> None:
    report = sound("2021").with_cells({"applications.granted.natural": 1})
    data = marked_report(report)
    again = workbook.parse(data, "a.xlsx")
    assert again.cells == report.cells
    assert not again.reader_findings
    assert workbook.parse(workbook.mark(data, again, workbook.check(again)), "a.xlsx").cells == report.cells


def test_marking_keeps_validation_protection_and_the_comments_of_others() -> None:
    book = edited(sound("2021"))
    book["二、主动公开"]["B5"].comment = openpyxl.comments.Comment("请核实", "张三")
    book["二、主动公开"]["B5"] = None
    data = saved(book)
    report = workbook.parse(data, "a.xlsx")
    after = openpyxl.load_workbook(io.BytesIO(workbook.mark(data, report, workbook.check(report))))
    sheet = after["二、主动公开"]
    assert "请核实" in sheet["B5"].comment.text
    assert "空白" not in sheet["B5"].comment.text.split("\n")[0]
    assert sheet.protection.sheet
    assert len(sheet.data_validations.dataValidation) == len(
        openpyxl.load_workbook(io.BytesIO(data))["二、主动公开"].data_validations.dataValidation
    )
