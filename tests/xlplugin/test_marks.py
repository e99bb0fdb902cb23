"""Buttons that check, mark, lead from fault to fault, and accept corrections."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from buttons import at, looks, press, protection, wrong
from cases import sound
from engine.user import User
from openpyxl import load_workbook
from workbooks import workbook_of

import workbook
from workbook.excel.findings_sheet import RESULTS, causes_of
from workbook.excel.layout import plan_of
from xlplugin import macros
from xlplugin.excel import Desk
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    from buttons import Open


def test_a_workbook_with_a_row_more_is_checked_and_filled(opened: Open) -> None:
    """The reader of files and the buttons read the same."""
    loaded = load_workbook(io.BytesIO(workbook_of(wrong())))
    sheet = loaded[plan_of("2021").sheets[1].name]
    sheet.protection.sheet = False
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(area)
    sheet.insert_rows(12)
    stream = io.BytesIO()
    loaded.save(stream)
    user = User()
    with opened(stream.getvalue(), user) as book:
        press(macros.check_report)
        assert "applications.total" in str(book.sheets[RESULTS].used_range.value)
        press(macros.fill_zeros)
        assert live_report(book).cells["services.licensing.decisions"] == 0


def test_check_report_marks_cells_and_lists_findings(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        press(macros.check_report)
        causes = causes_of(workbook.check(live_report(book)), "2021")
        assert book.sheets[0].name == RESULTS
        assert book.sheets.active.name == RESULTS
        rows = book.sheets[RESULTS].range((3, 1), (2 + len(causes), 10)).options(ndim=2).value
        assert [row[2] for row in rows] == [cause.first["code"] for cause in causes]
        assert [row[8] for row in rows] == [cause.message("zh") for cause in causes]
        assert book.sheets[RESULTS].range((3 + len(causes), 1)).value is None
        located, blank = at(book, "applications.received.natural"), at(book, "services.licensing.decisions")
        assert located.color == (0xFF, 0x7C, 0x80)
        assert "【错误】" in located.note.text
        assert blank.color == (0xFF, 0xC7, 0xCE)
        assert "没有填写" in blank.note.text
        assert book.app.status_bar.startswith("年报工具箱：✗ 有")
        assert {sheet.name: protection(sheet) for sheet in book.sheets if sheet.name in before} == before
        assert live_report(book).cells == wrong().cells
    assert "已标出 2 格" in user.said[-1]


def test_check_report_again_marks_only_what_is_still_wrong(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        cell = at(book, "services.licensing.decisions")
        shown = cell.color
        press(macros.check_report)
        said = at(book, "applications.received.natural").note.text
        cell.value = 3
        press(macros.check_report)
        assert (cell.color, cell.note) == (shown, None)
        assert at(book, "applications.received.natural").note.text == said
        assert [sheet.name for sheet in book.sheets].count(RESULTS) == 1
        assert not any("（新）" in sheet.name for sheet in book.sheets)


def test_check_report_says_when_all_is_well(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user):
        press(macros.check_report)
    assert user.said == ["校验通过，没有发现问题。"]


def test_next_fault_and_previous_fault_go_round(opened: Open) -> None:
    keys = ("services.licensing.decisions", "applications.received.natural")
    with opened(wrong(), User()) as book:
        cells = [at(book, key) for key in keys]
        seen = []
        for macro in (macros.next_fault,) * 3 + (macros.previous_fault,) * 2:
            press(macro)
            seen.append(Desk(book).selection)
        spots = [(cell.sheet.name, cell.get_address(row_absolute=False, column_absolute=False)) for cell in cells]
        assert seen == [*spots, spots[0], spots[1], spots[0]]
        assert "第 1 处，共 2 处" in book.app.status_bar
        cells[0].value = 1
        press(macros.previous_fault)
        assert Desk(book).selection == spots[1]


def test_next_fault_says_when_there_is_none(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user):
        press(macros.next_fault)
        press(macros.previous_fault)
    assert user.said == ["✓ 没有错误，没有要改的格子。"] * 2


def test_accept_repair_asks_and_puts_the_located_value(opened: Open) -> None:
    user = User(answers=["no", "yes"])
    right = sound("2021").cells["applications.received.natural"]
    with opened(wrong(), user) as book:
        before = looks(book)
        press(macros.accept_repair)
        assert looks(book) == before
        press(macros.accept_repair)
        assert at(book, "applications.received.natural").value == right
        assert "应为" in user.asked[-1]
        assert "已改 1 格" in user.said[-1]
        press(macros.accept_repair)
        assert "没有能确定到格的改正建议" in user.said[-1]


def test_accept_repair_refreshes_the_marks(opened: Open) -> None:
    with opened(wrong(), User(answers=["yes"])) as book:
        cell = at(book, "applications.received.natural")
        shown = cell.color
        press(macros.check_report)
        cell.sheet.activate()
        cell.select()
        press(macros.accept_repair)
        assert (cell.color, cell.note) == (shown, None)
        assert book.sheets[RESULTS].range("A4").value is None
        assert Desk(book).selection[0] == cell.sheet.name


def test_clear_marks_leaves_nothing_behind(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.clear_marks)
        assert user.said[-1] == "没有标记要清除。"
        own = at(book, "services.licensing.decisions")
        with Desk(book).unlocked(own.sheet):
            own.add_note("办公室：待补")
            own.color = (1, 2, 3)
        before = looks(book)
        press(macros.check_report)
        assert own.note.text.startswith("办公室：待补")
        assert looks(book) != before
        book.save(tmp_path / "带标记.xlsx")
    with opened(tmp_path / "带标记.xlsx", user) as book:
        press(macros.clear_marks)
        assert own_looks(looks(book)) == own_looks(before)
        assert RESULTS not in [sheet.name for sheet in book.sheets]
    assert "恢复原样" in user.said[-1]


def own_looks(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what cells look like, without the formulas of sheets: saving may write these another way."""
    return {key: value for key, value in shown.items() if "." in key}


def test_check_report_leaves_a_sheet_of_the_users_own_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        book.sheets.add(before=book.sheets[0]).name = RESULTS
        book.sheets[RESULTS].range("A1").value = "我的台账"
        before = looks(book)
        press(macros.check_report)
        assert "已有一张「校验结果」表" in user.said[-1]
        press(macros.clear_marks)
        assert looks(book) == before


def test_clear_marks_follows_sheets_that_were_renamed(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        shown, sheet = cell.color, cell.sheet
        press(macros.check_report)
        sheet.name = "改名 的'表"
        press(macros.clear_marks)
        assert (cell.color, cell.note) == (shown, None)


def test_clear_marks_leaves_what_the_user_changed_since(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        press(macros.check_report)
        with Desk(book).unlocked(cell.sheet):
            cell.color = (1, 2, 3)
            cell.note.text = f"{cell.note.text}\n张三：已核实"
        press(macros.clear_marks)
        assert (cell.color, cell.note.text) == ((1, 2, 3), "张三：已核实")


def test_clear_marks_works_after_the_list_was_deleted(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        before = looks(book)
        press(macros.check_report)
        book.sheets[RESULTS].delete()
        press(macros.clear_marks)
        assert looks(book) == before


def test_next_fault_tells_of_hidden_sheets(opened: Open) -> None:
    user = User(answers=["yes"])
    with opened(sound("2021").with_cells({"applications.received.natural": 12}), user) as book:
        cell = at(book, "applications.received.natural")
        cell.sheet.visible = False
        press(macros.next_fault)
        assert "隐藏的工作表" in user.said[-1]
        press(macros.accept_repair)
        assert "已改 1 格" in user.said[-1]


def test_next_fault_passes_over_hidden_sheets_and_merged_cells(opened: Open) -> None:
    keys = ("services.licensing.decisions", "applications.received.natural", "enforcement.penalty.decisions")
    with opened(sound("2021").with_cells(dict.fromkeys(keys)), User()) as book:
        at(book, keys[1]).sheet.visible = False
        seen = []
        for _ in range(4):
            press(macros.next_fault)
            seen.append(Desk(book).selection)
        assert seen[0] == seen[2] != seen[1] == seen[3]
        assert {sheet for sheet, _ in seen} == {at(book, keys[0]).sheet.name}


def test_a_sheet_that_the_user_names_like_the_list_afterwards_is_left_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.check_report)
        book.sheets[RESULTS].delete()
        book.sheets.add(before=book.sheets[0]).name = RESULTS
        book.sheets[RESULTS].range("A1").value = "我的台账"
        press(macros.check_report)
        assert "已有一张「校验结果」表" in user.said[-1]
        press(macros.clear_marks)
        assert book.sheets[RESULTS].range("A1").value == "我的台账"
        assert "nianbao.marks" not in [sheet.name for sheet in book.sheets]


@pytest.mark.parametrize("opened", ["openpyxl"], indirect=True)  # LibreOffice keeps less of it, and takes long
def test_a_comment_too_long_to_be_remembered_is_left_alone(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        with Desk(book).unlocked(cell.sheet):
            cell.add_note("长" * 32_700)
        shown = cell.color
        press(macros.check_report)
        assert cell.color != shown
        assert cell.note.text == "长" * 32_700
        press(macros.clear_marks)
        assert (cell.color, cell.note.text) == (shown, "长" * 32_700)


def test_a_report_that_is_calculated_by_hand_is_calculated_first(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        book.app.calculation = "manual"
        cell = at(book, "applications.received.natural")
        cell.value = (cell.value or 0) + 1
        at(book, "applications.carried_forward.natural").value = (
            at(book, "applications.carried_forward.natural").value + 1
        )
        press(macros.check_report)
        assert user.said[-1] == "校验通过，没有发现问题。"
        assert book.app.calculation == "manual"
