"""粘贴数值: what is pasted is what the source holds, what is passed over is said, and what may not be exact too."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from buttons import at, looks, press, protection
from cases import sound
from copies import Source
from engine import sheets
from engine.clipboard import Clipboard
from engine.user import User
from hypothesis import given
from hypothesis import strategies as st
from strategies import examples
from workbooks import blank_of, workbook_of

from workbook.excel.layout import plan_of
from workbook.report import number
from xlplugin import macros
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw
    from buttons import Open

FEE = "fees.fee.amount"
COUNT = "applications.received.natural"
DAY = dt.datetime(2024, 3, 1)  # noqa: DTZ001 - dates in cells have no zone


def paste_at(book: xw.Book, key: str) -> None:
    cell = at(book, key)
    cell.sheet.activate()
    cell.select()
    press(macros.paste_values)


def row_of(book: xw.Book, key: str, width: int) -> list[Any]:
    cell = at(book, key)
    found = cell.sheet.range((cell.row, cell.column), (cell.row, cell.column + width - 1)).options(ndim=1).value
    return list(found)


@pytest.mark.parametrize(
    ("value", "look", "shown"),
    [
        (59237.2449, "0.00", "59237.24"),
        (0.000049, "0.0000", "0.0000"),
        (1234567.891, "#,##0", "1,234,568"),
        (0.125, "0%", "13%"),
        (59237.2449, "0,", "59"),
        (0.0, ";;;", ""),
        (7.0, '0"件"', "7件"),
        (123456.5, "0.00", "######"),
    ],
)
def test_what_is_pasted_is_what_the_source_holds(value: float, look: str, shown: str, opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(value, look, plain="######" if shown.startswith("#") else None)]])
    assert user.clipboard.formats["text"] == f"{shown}\r\n"
    with opened(blank_of("2021"), user) as book:
        paste_at(book, FEE)
        assert live_report(book).cells[FEE] == number(value)
    assert user.said[-1] == "已粘贴 1 格的值。格式、锁定和填写要求都没有变。"


def test_a_count_that_is_shown_rounded_is_not_made_whole(opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(12.4, "0"), Source(3.0, "0")]])
    with opened(blank_of("2021"), user) as book:
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 2) == [12.4, 3]


@pytest.mark.parametrize(
    ("shown", "rough"), [("59237.24", 1), ("59237", 1), ("12.500000", 0), ("１.５", 1), ("3万", 0)]
)
def test_money_from_a_text_with_fewer_decimals_than_it_may_have_is_told(shown: str, rough: int, opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard(shown))
    with opened(blank_of("2021"), user) as book:
        paste_at(book, FEE)
    assert ("有 1 格金额按来源显示的样子取数" in user.said[-1]) == bool(rough)
    assert "精确值" not in user.said[-1]


def test_counts_from_a_text_are_not_told_of(opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard("12\t3.0"))
    with opened(blank_of("2021"), user) as book:
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 2) == [12, 3]
    assert user.said[-1] == "已粘贴 2 格的值。格式、锁定和填写要求都没有变。"


@pytest.mark.parametrize(
    "xml",
    [
        None,
        b"",
        b"<Workbook",
        b'<!DOCTYPE w [<!ENTITY a "1">]><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    ],
)
def test_where_exact_values_are_not_given_what_is_shown_is_pasted_and_told(xml: bytes | None, opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(59237.2449, "0.00")]])
    user.clipboard.formats["XML Spreadsheet"] = xml
    with opened(blank_of("2021"), user) as book:
        paste_at(book, FEE)
        assert at(book, FEE).value == 59237.24
    assert "没能取到来源的精确值" in user.said[-1]
    assert "有 1 格金额" in user.said[-1]


def test_what_is_no_number_is_pasted_as_it_is_or_passed_over_and_told(opened: Open) -> None:
    cells = [Source("12"), Source("#N/A"), Source(DAY, "yyyy/m/d"), Source(value=True), Source("无"), Source("1,234")]
    user = User(always="yes")
    user.clipboard.copy([cells])
    with opened(sound("2021"), user) as book:
        was = row_of(book, COUNT, 6)
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 6) == [12, was[1], was[2], True, "无", 1234]
    for words in ("已粘贴 4 格", "2 格是文字不是数", "1 格是错误值（#N/A），没有粘贴", "1 格是日期，没有粘贴"):
        assert words in user.said[-1]


def test_an_error_in_a_text_is_passed_over_too(opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard("#DIV/0!\t5"))
    with opened(sound("2021"), user) as book:
        was = row_of(book, COUNT, 1)
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 2) == [*was, 5]
    assert "1 格是错误值（#DIV/0!）" in user.said[-1]


def test_cells_for_texts_take_what_is_shown(opened: Open) -> None:
    codes = [Source(330112, "00000000"), Source(DAY, plain="2024年3月1日"), Source(0.5, "0%"), Source(value=True)]
    user = User(always="yes")
    user.clipboard.copy([[code] for code in [*codes, Source(12.5, plain="####"), Source("第一行\n第二行")]])
    with opened(blank_of("2021"), user) as book:
        sheet = book.sheets[next(iter(plan_of("2021").text_sheets))]
        sheet.activate()
        sheet.range("A3").select()
        press(macros.paste_values)
        assert sheet.range("A3:A8").value == ["00330112", "2024年3月1日", "50%", "TRUE", "12.5", "第一行\n第二行"]


def test_hidden_rows_come_along_as_in_excel_and_are_told(opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(1.0), Source(2.0)], [Source(3.0), Source(4.0)]], hidden_rows={1}, hidden_columns={1})
    with opened(blank_of("2021"), user) as book:
        paste_at(book, COUNT)
        assert [*row_of(book, COUNT, 2), *row_of(book, "applications.brought_forward.natural", 2)] == [1, 2, 3, 4]
    assert "隐藏的 1 行、1 列也粘贴了" in user.said[-1]


def test_rows_that_a_filter_hides_are_not_pasted_and_told(opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(1.5)], [Source(2.0)], [Source(3.0)]], filtered={1})
    with opened(blank_of("2021"), user) as book:
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 1) == [1.5]
        assert row_of(book, "applications.brought_forward.natural", 1) == [3]
    assert "隐藏的 1 行没有复制过来" in user.said[-1]


def test_merged_cells_keep_the_others_in_their_places(opened: Open) -> None:
    rows = [[Source(1.0, across=1, down=1), None, Source(2.0)], [None, None, Source(3.0)]]
    user = User(always="yes")
    user.clipboard.copy(rows)
    with opened(sound("2021"), user) as book:
        was = row_of(book, COUNT, 2)
        brought = row_of(book, "applications.brought_forward.natural", 2)
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 3) == [1, was[1], 2]
        assert row_of(book, "applications.brought_forward.natural", 3) == [*brought, 3]


@pytest.mark.parametrize("busy", [3, 50])
def test_a_clipboard_that_another_program_holds_is_waited_for(busy: int, opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard("5"))
    user.clipboard.busy = busy
    with opened(blank_of("2021"), user) as book:
        paste_at(book, COUNT)
        assert row_of(book, COUNT, 1) == [5 if busy == 3 else None]
    assert ("正被其他程序占用" in user.said[-1]) == (busy == 50)


def test_what_was_cut_is_not_pasted(opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(5.0)]])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        book.app.impl.cut_copy_mode = "cut"
        paste_at(book, COUNT)
        assert looks(book) == before
    assert "剪切" in user.said[-1]


def test_a_write_that_fails_leaves_nothing_pasted(opened: Open) -> None:
    user = User(always="yes")
    user.clipboard.copy([[Source(0.5), Source("无"), Source(value=True), Source(7.0)]])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        user.fuse = 4
        paste_at(book, COUNT)
        assert user.fuse is None
        assert looks(book) == before
    assert "改动已全部撤销" in user.said[-1]


AMOUNTS = st.decimals(0, 999_999_999, places=6, allow_nan=False).map(float)
GRIDS = st.lists(
    st.lists(st.one_of(st.none(), st.integers(0, 10**9).map(float), AMOUNTS), min_size=1, max_size=6),
    min_size=1,
    max_size=4,
)
LOOKS = st.sampled_from(["General", "0", "0.00", "#,##0.0", "0%", "0,", ";;;"])


def test_a_pasted_value_is_the_value_of_the_source(tmp_path: Path) -> None:
    user = User(always="yes")
    (tmp_path / "年报.xlsx").write_bytes(workbook_of(sound("2021")))
    with sheets.spreadsheet(tmp_path / "年报.xlsx", user) as book:
        first = at(book, COUNT)
        area = first.sheet.range((first.row, first.column), (first.row + 3, first.column + 5))
        free = [not (cell.api.Locked or cell.api.HasFormula) for cell in area]
        first.sheet.activate()
        first.select()

        @examples(100)
        @given(grid=GRIDS, look=LOOKS, hidden=st.sets(st.integers(0, 3)))
        def holds(grid: list[list[float | None]], look: str, hidden: set[int]) -> None:
            rows = [[None if value is None else Source(value, look) for value in row] for row in grid]
            user.clipboard.copy(rows, hidden_rows=hidden & set(range(len(rows))))
            before = area.options(ndim=2).value
            press(macros.paste_values)
            wanted = [cell for row in before for cell in row]
            for down, line in enumerate(grid):
                for across, value in enumerate(line):
                    if value is not None and free[down * 6 + across]:
                        wanted[down * 6 + across] = value
            now = [cell for row in area.options(ndim=2).value for cell in row]
            assert [value for value, own in zip(now, free, strict=True) if own] == [
                value for value, own in zip(wanted, free, strict=True) if own
            ]

        holds()


def test_paste_values_takes_rows_of_numbers_and_passes_over_totals(opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard("1,234\t２\t\t 4 \t5\t6\t99\r\n7\t=1+1\r\n"))
    with opened(sound("2021"), user) as book:
        was = live_report(book).cells
        first = at(book, "applications.received.natural")
        keys = [
            f"applications.received.{column.key}" for column in live_report(book).form.table("applications").columns
        ]
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        shown = first.number_format, first.color
        first.sheet.activate()
        first.select()
        press(macros.paste_values)
        report = live_report(book)
        assert [report.cells[key] for key in keys] == [1234, 2, was[keys[2]], 4, 5, 6, 1251 + int(was[keys[2]] or 0)]
        assert report.cells["applications.brought_forward.natural"] == 7
        assert report.cells["applications.brought_forward.business"] == "=1+1"
        assert not at(book, "applications.brought_forward.business").api.HasFormula
        assert (first.number_format, first.color) == shown
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
    assert "7 格的值，跳过 1 格" in user.said[-1]


@pytest.mark.parametrize(
    ("clipboard", "words"), [(None, "剪贴板里没有"), ("  \n", "剪贴板里没有"), ("1\t" * 20_001, "太多")]
)
def test_paste_values_says_what_cannot_be_pasted(clipboard: str | None, words: str, opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard(clipboard))
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.paste_values)
        assert looks(book) == before
    assert words in user.said[-1]


def test_paste_values_never_changes_what_is_locked(opened: Open) -> None:
    user = User(always="yes", clipboard=Clipboard("\n".join(["\t".join("7" * 14)] * 40)))
    with opened(sound("2021"), user) as book:
        sheet = at(book, "applications.received.natural").sheet
        before = sheet.range("A1:Z60").options(ndim=2).formula
        sheet.activate()
        sheet.range("A1").select()
        press(macros.paste_values)
        report = live_report(book)
        by_hand = [key for key in report.cells if key.startswith("applications.") and key not in report.form.calculated]
        assert {report.cells[key] for key in by_hand} == {7}
        after = sheet.range("A1:Z60").options(ndim=2).formula
        changed = sum(was != now for rows in zip(before, after, strict=True) for was, now in zip(*rows, strict=True))
        assert changed <= len(by_hand)


def test_paste_values_keeps_the_lines_of_one_cell_together(opened: Open) -> None:
    text = '"第一行""\n第二行"\r\n"放管服"改革\r\n'
    user = User(clipboard=Clipboard(text))
    with opened(blank_of("2021"), user) as book:
        sheet = book.sheets[next(iter(plan_of("2021").text_sheets))]
        sheet.activate()
        sheet.range("A3").select()
        press(macros.paste_values)
        assert sheet.range("A3:A4").value == ['第一行"\n第二行', '"放管服"改革']
        assert "请写明" in sheet.range("A5").value
        user.always = "yes"
        for odd, words in (("####\t1", "####"), ('说"明\t1', "")):
            user.clipboard.formats["text"] = odd
            press(macros.paste_values)
            assert words in user.said[-1]
        assert sheet.range("A3").value == '说"明'
