"""The button 打印年报: the report, all of it and nothing else, in both editions and both versions of the template."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
import xlwings as xw
from buttons import WRONG, looks, press
from cases import EDITIONS, sound
from engine.excel import ChartSheet
from engine.user import User
from workbooks import blank_of, edited, saved

from workbook.excel.layout import CHECKS, COVER, GUIDE, TEXTS_1, plan_of
from xlplugin import macros

if TYPE_CHECKING:
    from collections.abc import Callable

    from buttons import Open

OLD = Path(__file__).parents[1] / "corpus" / "linan-2020-template-1.xlsx"
TABLES, TEXTS = "三、依申请公开", "一、总体情况"


@pytest.mark.parametrize("edition", EDITIONS)
def test_print_report_previews_the_report_in_the_order_of_the_law(edition: str, opened: Open) -> None:
    user = User()
    with opened(sound(edition), user) as book:
        before, front = looks(book), book.sheets.active.name
        press(macros.print_report)
        assert user.previewed == [list(plan_of(edition).names)]
        assert not {GUIDE, COVER, CHECKS} & set(user.previewed[0])
        assert (user.said, user.asked, user.changes) == ([], [], 0)
        assert (looks(book), book.sheets.active.name) == (before, front)


def test_the_marks_and_the_list_of_findings_do_not_print(opened: Open) -> None:
    user = User(answers=["yes"])
    with opened(sound("2021").with_cells(WRONG), user):
        press(macros.check_report)
        press(macros.print_report)
        assert user.previewed == [list(plan_of("2021").names)]


@pytest.mark.parametrize("answer", ["yes", "no"])
@pytest.mark.parametrize("blank", [True, False])
def test_print_report_tells_of_errors_before(answer: str, blank: bool, opened: Open) -> None:  # noqa: FBT001 - a parameter of the test
    user = User(answers=[answer])
    with opened(blank_of("2021") if blank else sound("2021").with_cells(WRONG), user):
        press(macros.print_report)
    (asked,) = user.asked
    assert "处错误" in asked
    assert asked.endswith("仍要打印吗？")
    assert bool(user.previewed) == (answer == "yes")
    assert user.said == []


def test_a_workbook_of_the_first_version_prints_with_its_texts_last(opened: Open) -> None:
    user = User(always="yes")
    with opened(OLD, user):
        press(macros.print_report)
        assert "旧模板（第 1 版）" in user.asked[-1]
        assert "底色" not in user.asked[-1]
        press(macros.check_report)
        press(macros.print_report)
        assert "底色" in user.asked[-1]
    assert user.previewed == [list(plan_of("2019", "1").names)] * 2


def test_sheets_with_tables_are_found_under_other_names(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        book.sheets[TABLES].name = "表三"
        press(macros.print_report)
    assert user.previewed == [["表三" if name == TABLES else name for name in plan_of("2021").names]]


def _chart(book: xw.Book) -> None:
    ChartSheet(book.impl).activate()


def _first(book: xw.Book) -> None:
    book.sheets[0].activate()


@pytest.mark.parametrize("front", [_chart, _first])
def test_it_prints_the_same_whatever_is_in_front(front: Callable[[xw.Book], None], opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        front(book)
        shown = book.impl.sheets.active
        press(macros.print_report)
        assert book.impl.sheets.active is shown
    assert user.previewed == [list(plan_of("2021").names)]


def _hide(book: xw.Book) -> None:
    book.sheets[TABLES].visible = False


def _hide_texts(book: xw.Book) -> None:
    book.sheets[TEXTS].api.Visible = 2


def _rename_texts(book: xw.Book) -> None:
    book.sheets[TEXTS].name = "总体"


def _delete_texts(book: xw.Book) -> None:
    book.sheets[TEXTS].delete()


def _replace_texts(book: xw.Book) -> None:
    """Give the sheet the name that another version of the template has for it."""
    book.sheets[TEXTS].name = TEXTS_1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_hide, f"工作表「{TABLES}」隐藏着"),
        (_hide_texts, f"工作表「{TEXTS}」隐藏着"),
        (_rename_texts, f"没有工作表「{TEXTS}」"),
        (_delete_texts, f"没有工作表「{TEXTS}」"),
        (_replace_texts, f"没有工作表「{TEXTS}」"),
    ],
)
def test_what_would_not_print_whole_is_refused(change: Callable[[xw.Book], None], words: str, opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        change(book)
        press(macros.print_report)
    assert (user.previewed, user.asked) == ([], [])
    assert words in user.said[-1]


def test_sheets_that_were_moved_print_as_they_stand_and_it_is_told(opened: Open) -> None:
    book = edited(sound("2021"))
    book.move_sheet(TABLES, -1)
    user = User(answers=["yes"])
    with opened(saved(book), user):
        press(macros.print_report)
    (shown,) = user.previewed
    assert set(shown) == set(plan_of("2021").names)
    assert shown.index(TABLES) == 1
    assert "、".join(shown) in user.asked[0]


def test_a_workbook_that_is_no_report_is_refused(opened: Open) -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    user = User()
    with opened(stream.getvalue(), user):
        press(macros.print_report)
    assert user.previewed == []
    assert user.said[-1]


def test_a_machine_without_a_printer_is_told(opened: Open) -> None:
    user = User(has_printer=False)
    with opened(sound("2021"), user):
        press(macros.print_report)
    assert user.previewed == []
    assert "没有打印：No printers are installed" in user.said[-1]
    assert "装一台" in user.said[-1]


def test_the_separator_of_names_stands_in_none(opened: Open) -> None:
    from xlplugin.talk import SHEETS

    with opened(sound("2021"), User()) as book, pytest.raises(Exception, match="must not contain"):
        book.sheets[0].name = f"一{SHEETS}二"
