"""What no button may do: change another program's workbook, or leave half of what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from buttons import at, looks, press, wrong
from cases import sound
from engine.clipboard import Clipboard
from engine.excel import ChartSheet
from engine.user import ExcelError, User

import workbook
from workbook.excel.findings_sheet import RESULTS
from workbook.excel.layout import plan_of
from workbook.report import Report
from xlplugin import macros
from xlplugin.addin.definition import load_definition
from xlplugin.excel import Desk
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    from buttons import Open


def test_self_check_open_manual_and_about_work_anywhere(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append(url) or True)
    user = User(office_path=r"C:\Program Files (x86)\Kingsoft\WPS Office\12\office6", protected_views=1)
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.self_check, "0.0.9")
        for words in ("✗ 加载项：0.0.9", "✓ xlwings：0.37.8", "生效的配置"):
            assert words in user.said[-1]
        press(macros.open_manual)
        assert shown
        assert shown[0].endswith(".html")
        press(macros.about)
        assert workbook.__version__ in user.said[-1]
        assert looks(book) == before


WRITING = [
    button.macro for button in load_definition().buttons if button.macro not in {"self_check", "open_manual", "about"}
]


def test_in_wps_nothing_is_written_and_said_plainly(opened: Open) -> None:
    user = User(office_path=r"C:\Users\lan\AppData\Local\Kingsoft\WPS Office\office6")
    with opened(wrong(), user) as book:
        before = looks(book)
        for count, macro in enumerate(WRITING, 1):
            press(getattr(macros, macro))
            assert looks(book) == before, macro
            assert len(user.said) == count, macro
            assert "这里不是 Microsoft Excel" in user.said[-1], macro


def test_an_add_in_of_another_version_writes_nothing(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        before = looks(book)
        press(macros.check_report, "9.9.9")
        assert looks(book) == before
    assert "9.9.9 版" in user.said[-1]


def test_a_workbook_that_is_no_report_is_told(opened: Open, tmp_path: Path) -> None:
    from openpyxl import Workbook

    other = Workbook()
    other.active["A1"] = "=1+1"
    other.save(tmp_path / "别的.xlsx")
    for macro in ("check_report", "next_fault", "fill_zeros", "accept_repair", "load_last_year", "import_json"):
        user = User()
        with opened(tmp_path / "别的.xlsx", user) as book:
            press(getattr(macros, macro))
            assert len(book.sheets) == 1
        assert "别的.xlsx" in user.said[-1]


def test_a_sheet_with_a_password_is_left_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        sheet = book.sheets[plan_of("2021").sheets[0].name]
        sheet.api.Unprotect("")
        sheet.api.Protect(Password="geheim")  # noqa: S106 - nobody's
        before = looks(book)
        press(macros.check_report)
        assert looks(book) == before
        assert "密码" in user.said[-1]


PREPARED: dict[str, tuple[Report, list[Any]]] = {
    "fill_zeros": (wrong(), []),
    "check_report": (wrong(), []),
    "accept_repair": (wrong(), ["yes"]),
    "import_json": (sound("2021"), ["报告.json", "yes"]),
    "load_last_year": (sound("2021"), ["报告.json", "yes", "yes"]),
    "verify_published": (sound("2021"), ["报告.json"]),
}


@pytest.mark.parametrize("macro", PREPARED)
def test_an_error_in_the_middle_is_undone(macro: str, opened: Open, tmp_path: Path) -> None:
    report, answers = PREPARED[macro]
    change = dict.fromkeys(sound("2021").form.opening_cells, 5) | {"documents.rules.made": 5}
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021").with_cells(change)))
    paths = [str(tmp_path / answer) if str(answer).endswith("json") else answer for answer in answers]
    user = User()
    with opened(report, user) as book:
        before, view = looks(book), Desk(book).selection
        for fuse in (1, 2, 3, 5, 8, 13, 21):
            user.fuse, user.answers = fuse, list(paths)
            press(getattr(macros, macro))
            if user.fuse is not None:  # the macro was done before
                assert fuse > 1
                break
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before
            assert Desk(book).selection == view
            assert book.app.screen_updating


def test_clearing_that_fails_leaves_the_marks(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.check_report)
        before = looks(book)
        for fuse in (1, 2, 3):
            user.fuse = fuse
            press(macros.clear_marks)
            assert looks(book) == before
        press(macros.clear_marks)
        assert RESULTS not in [sheet.name for sheet in book.sheets]


def test_accept_repair_takes_all_back_where_the_marks_fail(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.check_report)
        before = looks(book)
        for fuse in (2, 5):
            user.answers, user.fuse = ["yes"], fuse
            press(macros.accept_repair)
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before


def test_what_cannot_be_undone_is_said(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    user = User()

    def refuse(*_: Any) -> None:
        raise ExcelError("busy")

    with opened(wrong(), user) as book:
        user.fuse = 4
        monkeypatch.setattr("xlplugin.transaction._put_comment", refuse)
        press(macros.check_report)
        assert "没能恢复" in user.said[-1] or "恢复原状" in user.said[-1]
        assert book.app.screen_updating


@pytest.mark.parametrize("macro", [button.macro for button in load_definition().buttons])
def test_with_a_chart_in_front_every_button_works_or_says_what_to_do(
    macro: str, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webbrowser.open", lambda _: True)
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021")))
    path = str(tmp_path / "报告.json")
    answers = {
        "new_report": [2024],
        "load_last_year": [path, "yes", "yes"],
        "import_json": [path, "yes"],
        "accept_repair": ["yes"],
        "print_report": ["yes"],
        "publish_report": ["no"],
        "verify_published": [path],
        "check_folder": [False],
        "own_body": [False],
        "collect_register": ["no", False],
    }
    user = User(answers=answers.get(macro, []), clipboard=Clipboard("5"))
    with opened(wrong(), user) as book:
        chart = ChartSheet(book.impl)
        chart.activate()
        press(getattr(macros, macro))
        words = "".join(user.said)
        assert "Error" not in words
        if macro == "paste_values":
            assert words.startswith("请先选中一个单元格")
        if macro in {"fill_zeros", "load_last_year", "import_json", "paste_values", "print_report"}:
            assert book.impl.sheets.active is chart
        assert book.app.screen_updating
        assert book.app.calculation == "automatic"


UNDONE: dict[str, tuple[Report, list[Any], bool]] = {
    "fill_zeros": (wrong(), [], False),
    "paste_values": (wrong(), ["yes"], False),
    "check_report": (wrong(), [], False),
    "accept_repair": (wrong(), ["yes"], True),
    "clear_marks": (wrong(), [], True),
    "import_json": (sound("2021"), ["报告.json", "yes"], False),
    "load_last_year": (sound("2021"), ["报告.json", "yes", "yes"], False),
    "verify_published": (sound("2021"), ["报告.json"], False),
}
"""What there is, what is answered, and whether it is marked before."""


def prepared(macro: str, tmp_path: Path) -> User:
    change = dict.fromkeys(sound("2021").form.opening_cells, 5) | {"documents.rules.made": 5}
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021").with_cells(change)))
    answers = [str(tmp_path / answer) if answer.endswith("json") else answer for answer in UNDONE[macro][1]]
    return User(answers=answers, clipboard=Clipboard("123\t456"))


@pytest.mark.parametrize("macro", UNDONE)
def test_one_step_back_after_every_button_that_writes(macro: str, opened: Open, tmp_path: Path) -> None:
    user = prepared(macro, tmp_path)
    with opened(UNDONE[macro][0], user) as book:
        if UNDONE[macro][2]:
            press(macros.check_report)
        at(book, "applications.received.natural").sheet.activate()
        at(book, "applications.received.natural").select()
        before, name = looks(book), Desk(book).book.names
        known = {each.name: each.refers_to for each in name}
        press(getattr(macros, macro))
        assert looks(book) != before
        assert user.undo.startswith("撤销“")
        press(macros.undo)
        assert user.said[-1].startswith("已撤销")
        assert looks(book) == before
        assert {each.name: each.refers_to for each in book.names} == known
        assert user.undo == ""
        press(macros.undo)
        assert "没有可以撤销的" in user.said[-1]
        assert looks(book) == before


def test_every_button_that_writes_into_the_workbook_is_undone() -> None:
    others = {
        "cell_rules",
        "new_report",
        "next_fault",
        "previous_fault",
        "print_report",
        "export_json",
        "publish_report",
        "check_folder",
        "own_body",
        "collect_register",
        "collect_add",
        "collect_status",
        "collect_return",
        "collect_rollup",
        "self_check",
        "open_manual",
        "about",
    }
    assert UNDONE.keys() | others == {button.macro for button in load_definition().buttons}


@pytest.mark.parametrize("macro", ["fill_zeros", "accept_repair", "import_json"])
def test_what_was_changed_since_is_not_undone(macro: str, opened: Open, tmp_path: Path) -> None:
    user = prepared(macro, tmp_path)
    with opened(UNDONE[macro][0], user) as book:
        before = live_report(book).cells
        press(getattr(macros, macro))
        now = live_report(book)
        key = next(key for key in now.cells if key not in now.form.calculated and now.cells[key] != before[key])
        at(book, key).value = 77
        shown = looks(book)
        press(macros.undo)
        assert "有 1 格后来又改了" in user.said[-1]
        assert looks(book) == shown


def test_another_button_ends_what_can_be_undone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.fill_zeros)
        press(macros.next_fault)
        before = looks(book)
        press(macros.undo)
        assert "没有可以撤销的" in user.said[-1]
        assert looks(book) == before


def test_nothing_written_is_nothing_to_undo(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user):
        press(macros.fill_zeros)
        assert user.undo == ""


def test_pasting_over_what_is_filled_asks_first(opened: Open) -> None:
    user = User(answers=["no"], clipboard=Clipboard("123\t456"))
    with opened(sound("2021"), user) as book:
        at(book, "applications.received.natural").sheet.activate()
        at(book, "applications.received.natural").select()
        before = looks(book)
        press(macros.paste_values)
        assert "已填了别的内容" in user.asked[-1]
        assert looks(book) == before
