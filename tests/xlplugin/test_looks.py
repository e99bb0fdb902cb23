"""What marks cannot give back exactly they do not touch, and say so: fills, notes and threads of the user's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from buttons import at, look, press, wrong
from engine.user import ExcelError, User
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.styles import Color, GradientFill, PatternFill
from workbooks import edited, saved

from workbook.excel.findings_sheet import RESULTS
from xlplugin import macros
from xlplugin.excel import Desk
from xlplugin.looks import fill_of, put_fill

if TYPE_CHECKING:
    from collections.abc import Callable

    import xlwings as xw
    from buttons import Open

SHEET, WRONG = "三、依申请公开", "D6"
TINT = (0xFF, 0x7C, 0x80)
PERSON = "tc={E722680E-88F9-4806-84CE-A0C8E0F639CB}"

quick = pytest.mark.parametrize("opened", ["openpyxl"], indirect=True)  # LibreOffice knows neither themes nor patterns


def with_cell(change: Callable[[Any], None]) -> bytes:
    """Return a report whose wrong cell a user changed."""
    book = edited(wrong())
    change(book[SHEET][WRONG])
    return saved(book)


def filled(fill: Any) -> Callable[[Any], None]:
    return lambda cell: setattr(cell, "fill", fill)


RESTORED = {
    "none": PatternFill(),
    "plain": PatternFill("solid", fgColor="FF123456"),
    "theme": PatternFill("solid", fgColor=Color(theme=4)),
    "theme, lighter": PatternFill("solid", fgColor=Color(theme=9, tint=0.3999755851924192)),
    "theme, darker": PatternFill("solid", fgColor=Color(theme=0, tint=-0.249977111117893)),
}
LEFT = {
    "dots": PatternFill("gray125", fgColor="FF112233", bgColor="FFEEDDCC"),
    "stripes of a theme": PatternFill("lightUp", fgColor=Color(theme=4), bgColor=Color(theme=1)),
    "gradient": GradientFill("linear", stop=("FFFFFFFF", "FF000000")),
    "automatic": PatternFill("solid", fgColor=Color(indexed=64)),
    "plain, tinted": PatternFill("solid", fgColor=Color("FF123456", tint=0.5)),
}


@quick
@pytest.mark.parametrize("name", RESTORED)
def test_a_fill_comes_back_exactly(name: str, opened: Open) -> None:
    with opened(with_cell(filled(RESTORED[name])), user := User()) as book:
        cell = at(book, "applications.received.natural")
        before = look(cell)
        press(macros.check_report)
        assert cell.color == TINT
        assert "已标出 2 格" in user.said[-1]
        assert "没有涂色" not in user.said[-1]
        press(macros.clear_marks)
        assert look(cell) == before


@quick
@pytest.mark.parametrize("name", LEFT)
def test_a_fill_that_could_not_come_back_is_left_alone_and_told(name: str, opened: Open) -> None:
    with opened(with_cell(filled(LEFT[name])), user := User()) as book:
        cell = at(book, "applications.received.natural")
        before = look(cell)
        press(macros.check_report)
        assert look(cell)[0] == before[0]
        assert "【错误】" in cell.note.text
        assert WRONG in [row[4] for row in book.sheets[RESULTS].range("A3:K4").value]
        assert "已标出 2 格" in user.said[-1]
        assert "1 格没有涂色" in user.said[-1]
        press(macros.clear_marks)
        assert look(cell) == before


def rich(cell: xw.Range) -> None:
    """Make a note as Excel's own menu does: with the name of its author in bold."""
    with Desk(cell.sheet.book).unlocked(cell.sheet):
        note = cell.add_note("张三:\n请核实")
        note.api.Shape.TextFrame.Characters(1, 3).Font.Bold = True


def test_a_note_with_fonts_of_its_own_is_left_alone_and_told(opened: Open) -> None:
    with opened(wrong(), user := User()) as book:
        cell = at(book, "applications.received.natural")
        rich(cell)
        before = look(cell)
        press(macros.check_report)
        assert cell.color == TINT
        assert look(cell)[1:] == before[1:]
        assert "1 格没有加批注" in user.said[-1]
        assert "格式" in user.said[-1]
        press(macros.check_report)
        press(macros.clear_marks)
        assert look(cell) == before


@pytest.mark.parametrize("knows", [True, False])
@quick
def test_a_threaded_comment_is_left_alone_and_told(knows: bool, opened: Open) -> None:  # noqa: FBT001
    data = with_cell(lambda cell: setattr(cell, "comment", Comment("[Threaded comment]\n\nComment:\n    核", PERSON)))
    with opened(data, user := User(knows_threads=knows)) as book:
        cell = at(book, "applications.received.natural")
        before = look(cell)
        press(macros.check_report)
        assert cell.color == TINT
        assert look(cell)[1:] == before[1:]
        assert "1 格没有加批注" in user.said[-1]
        assert "会话批注" in user.said[-1]
        press(macros.clear_marks)
        assert look(cell) == before


@quick
def test_a_cell_of_which_nothing_can_be_marked_is_listed_and_told(opened: Open) -> None:
    with opened(with_cell(filled(LEFT["dots"])), user := User()) as book:
        cell = at(book, "applications.received.natural")
        rich(cell)
        before = look(cell)
        press(macros.check_report)
        assert look(cell) == before
        assert WRONG in [row[4] for row in book.sheets[RESULTS].range("A3:K4").value]
        assert "已标出 1 格" in user.said[-1]
        press(macros.next_fault)
        press(macros.next_fault)
        assert Desk(book).selection == (SHEET, WRONG)
        press(macros.clear_marks)
        assert look(cell) == before


@quick
def test_what_the_user_made_of_marks_since_is_left_alone_and_told(opened: Open) -> None:
    with opened(wrong(), user := User()) as book:
        mine, other = at(book, "applications.received.natural"), at(book, "services.licensing.decisions")
        with Desk(book).unlocked(mine.sheet), Desk(book).unlocked(other.sheet):
            mine.add_note("请核实")
        press(macros.check_report)
        with Desk(book).unlocked(mine.sheet), Desk(book).unlocked(other.sheet):
            mine.note.api.Shape.TextFrame.Characters(1, 2).Font.Bold = True
            other.note.api.Shape.TextFrame.Characters(1, 2).Font.Bold = True  # nothing of it was the user's
        before = look(mine)
        press(macros.clear_marks)
        assert look(mine)[1:] == before[1:]
        assert other.note is None
        assert "1 格的批注" in user.said[-1]


def test_the_engines_refuse_what_excel_refuses(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        with pytest.raises(ExcelError):
            _ = cell.api.Interior.ThemeColor
        assert cell.api.CommentThreaded is None
        rich(cell)
        font = cell.note.api.Shape.TextFrame.Characters().Font
        assert (font.Bold, font.Italic) == (None, False)
        with Desk(book).unlocked(cell.sheet):
            cell.note.text = "张三:\n请核实"
        assert font.Bold is True  # of all: the first letter's font is that of the new text


@quick
def test_the_engine_refuses_notes_beside_threaded_comments(opened: Open) -> None:
    data = with_cell(lambda cell: setattr(cell, "comment", Comment("x", PERSON)))
    with opened(data, User()) as book:
        cell = at(book, "applications.received.natural")
        with Desk(book).unlocked(cell.sheet):
            for change in (lambda: cell.impl.add_note("x"), lambda: setattr(cell.note, "text", "y"), cell.note.delete):
                with pytest.raises(ExcelError):
                    change()


COLOURS = st.builds(lambda digits: Color(f"FF{digits}"), st.from_regex(r"[0-9A-F]{6}", fullmatch=True)) | st.builds(
    lambda theme, tint: Color(theme=theme, tint=tint),
    st.integers(0, 9),
    st.integers(-1000, 1000).map(lambda tint: tint / 1000),
)


@quick
def test_fills_are_put_back_whatever_they_were(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        cell.sheet.api.Unprotect("")

        @given(COLOURS)
        def holds(colour: Color) -> None:
            cell.impl._cell().fill = PatternFill("solid", fgColor=colour)
            before, fill = cell.impl.fill, fill_of(cell)
            cell.color = TINT
            put_fill(cell, fill)
            assert cell.impl.fill == before

        holds()
