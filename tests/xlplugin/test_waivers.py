"""Reasons typed beside the findings of an open workbook: stored, shown, exported, undone."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest
from buttons import looks, press
from cases import sound
from engine.user import User
from waivers import GIVEN, TODAY, warned
from workbooks import workbook_of

import workbook
from workbook.checks.run import is_sound
from workbook.excel import findings_sheet
from workbook.excel.findings_sheet import CODE, LEVEL, REASON, RESULTS
from workbook.excel.layout import CHECKS, WAIVER_SPANS, plan_of
from workbook.report import Waiver, make_finding
from xlplugin import macros, udfs, waivers
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw
    from buttons import Open


def test_a_reason_beside_a_row_of_several_warnings_is_given_for_each() -> None:
    report = workbook.parse(workbook_of(sound("2021")), "甲.xlsx")
    keys = [f"applications.{row}.charity" for row in ("granted", "partial")]
    findings = [
        replace(make_finding("cell.nothing", key, (report.cell(key),), "/"), words={"taken": "0"}) for key in keys
    ]
    causes = findings_sheet.causes_of(findings, "2021")
    assert [len(cause.findings) for cause in causes] == [2]
    typed = {("cell.nothing", keys[0]): "没有发生"}
    assert waivers._for_all(typed, causes) == {("cell.nothing", key): "没有发生" for key in keys}


def listed(book: xw.Book) -> dict[str, list[Any]]:
    """Return the rows of the list of findings by their codes."""
    area = book.sheets[RESULTS].range((3, 1), (12, len(findings_sheet.HEADS)))
    return {row[CODE]: row for row in area.options(ndim=2).value if row[CODE]}


def type_reason(book: xw.Book, code: str, reason: str | None) -> None:
    sheet = book.sheets[RESULTS]
    row = next(row for row in range(3, 40) if sheet.range((row, CODE + 1)).value == code)
    sheet.range((row, REASON + 1)).value = reason


def test_a_reason_typed_beside_a_warning_is_stored_shown_and_exported(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        assert {code: row[LEVEL] for code, row in listed(book).items()} == dict.fromkeys(listed(book), "提示")
        type_reason(book, "text.blank", "=本年没有")
        type_reason(book, "file.edition_for_year", " 沿用 ")
        press(macros.check_report)
        assert "已记下 2 条说明（说明人：张三）" in user.said[-1]
        assert {code: (row[LEVEL], row[REASON]) for code, row in listed(book).items()} == {
            "text.blank": ("已说明", "=本年没有"),
            "file.edition_for_year": ("已说明", "沿用"),
        }
        expected = {
            Waiver("text.blank", "other", "=本年没有", "张三", TODAY),
            Waiver("file.edition_for_year", "year", "沿用", "张三", TODAY),
        }
        assert set(live_report(book).waivers) == expected
        assert not any(
            sheet.api.ProtectContents != (sheet.name != RESULTS) for sheet in book.sheets if sheet.visible == -1
        )
        assert [row[REASON] for row in udfs.NB_FINDINGS(None, book.sheets[RESULTS].range("Z1"))[1:]] == [
            row[REASON] for row in listed(book).values()
        ]
        book.save()
        press(macros.export_json)
        assert "已导出" in user.said[-1]
    exported = workbook.read(tmp_path / "年报.json")
    assert set(exported.waivers) == expected
    assert is_sound(workbook.check(exported), strict=True)
    assert is_sound(workbook.check(workbook.read(tmp_path / "年报.xlsx")), strict=True)


def test_a_reason_is_changed_and_cleared_again(opened: Open) -> None:
    user = User()
    with opened(warned(GIVEN), user) as book:
        press(macros.check_report)
        assert listed(book)["text.blank"][REASON] == GIVEN.reason
        press(macros.check_report)
        assert "说明人" not in user.said[-1]
        assert live_report(book).waivers == (GIVEN,)
        type_reason(book, "text.blank", "改了的理由")
        press(macros.check_report)
        assert live_report(book).waivers == (Waiver("text.blank", "other", "改了的理由", "张三", TODAY),)
        type_reason(book, "text.blank", None)
        press(macros.check_report)
        assert "已删去 1 条说明" in user.said[-1]
        assert live_report(book).waivers == ()
        assert listed(book)["text.blank"][LEVEL] == "提示"


def test_what_is_written_in_the_table_itself_stays(opened: Open) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        first = plan_of("2021").waivers_row + 3
        for (column, _), value in zip(WAIVER_SPANS, asdict(GIVEN).values(), strict=True):
            book.sheets[CHECKS].range((first, column + 1)).value = f"'{value}"
        press(macros.check_report)
        assert live_report(book).waivers == (GIVEN,)
        assert listed(book)["text.blank"][LEVEL] == "已说明"
        book.sheets[CHECKS].range((first, WAIVER_SPANS[2][0] + 1)).value = "在表里改的"
        press(macros.check_report)
        assert listed(book)["text.blank"][REASON] == "在表里改的"


def test_a_reason_beside_an_error_is_refused_and_nothing_changes(opened: Open) -> None:
    user = User()
    with opened(warned().with_cells({"services.licensing.decisions": None}), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        type_reason(book, "cell.blank", "不想填")
        before = looks(book)
        for macro in (macros.check_report, macros.clear_marks, macros.export_json):
            press(macro)
            assert "错误要改正" in user.said[-1]
            assert looks(book) == before
        type_reason(book, "cell.blank", None)
        press(macros.check_report)
        assert "已记下 1 条说明" in user.said[-1]


def test_clearing_the_marks_keeps_what_was_typed(opened: Open) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        press(macros.clear_marks)
        assert "已记下 1 条说明" in user.said[-1]
        assert RESULTS not in [sheet.name for sheet in book.sheets]
        assert live_report(book).waivers == (Waiver("text.blank", "other", "没有", "张三", TODAY),)


def test_export_takes_reasons_over_and_asks_to_save_first(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        book.save()
        press(macros.export_json)
        assert "请先保存" in user.said[-1]
        assert not (tmp_path / "年报.json").exists()
        book.save()
        press(macros.export_json)
    assert [waiver.reason for waiver in workbook.read(tmp_path / "年报.json").waivers] == ["没有"]


def test_accepting_a_repair_keeps_what_was_typed(opened: Open) -> None:
    user = User(answers=["yes"])
    with opened(warned().with_cells({"applications.received.natural": 12}), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        press(macros.accept_repair)
        assert "已记下 1 条说明" in user.said[-1]
        assert listed(book)["text.blank"][REASON] == "没有"


def test_a_reason_for_a_warning_that_is_gone_is_told(opened: Open) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        sheet = book.sheets[[*plan_of("2021").text_sheets][-1]]
        headings = [str(value) for value in sheet.range("A1:A60").value]
        row = next(index for index, value in enumerate(headings, 1) if value.startswith("六、"))
        sheet.range((row + 1, 1)).value = "没有其他事项。"
        press(macros.check_report)
        assert "对应的提示已经没有了" in user.said[-1]
        assert live_report(book).waivers == ()


@pytest.mark.parametrize(("answer", "by"), [(" 王五 ", "王五"), (False, None), ("", None)])
def test_a_user_without_a_name_is_asked_for_it(answer: Any, by: str | None, opened: Open) -> None:
    user = User(name="")
    with opened(warned(), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        type_reason(book, "file.edition_for_year", "沿用")
        before = looks(book)
        user.answers = [answer]
        press(macros.check_report)
        assert [waiver.by for waiver in live_report(book).waivers] == ([by] * 2 if by else [])
        assert by or looks(book) == before
    assert len(user.asked) == 1


@pytest.mark.parametrize("macro", ["check_report", "clear_marks", "export_json"])
def test_an_error_while_a_reason_is_stored_is_undone(macro: str, opened: Open) -> None:
    user = User()
    with opened(warned(), user) as book:
        press(macros.check_report)
        type_reason(book, "text.blank", "没有")
        book.save()
        before, waivers = looks(book), live_report(book).waivers
        for fuse in (1, 2, 4, 7):
            user.fuse = fuse
            press(getattr(macros, macro))
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before
            assert live_report(book).waivers == waivers == ()
        user.fuse = None
        press(getattr(macros, macro))
        assert [waiver.reason for waiver in live_report(book).waivers] == ["没有"]
