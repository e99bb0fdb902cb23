"""Buttons that fill a report: new report, last year's numbers, zeros, JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from buttons import at, looks, press, protection, wrong
from cases import sound
from engine.user import User
from workbooks import blank_of

import workbook
from workbook.excel.findings_sheet import RESULTS
from xlplugin import fill, macros
from xlplugin.excel import Desk
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    from buttons import Open


def test_new_report_opens_the_edition_of_the_year(opened: Open) -> None:
    user = User(answers=[2020])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.new_report)
        fresh = xw.books.active
        assert fresh.name != book.name
        report = live_report(fresh)
        assert (report.edition, report.year) == ("2019", 2020)
        assert set(report.cells.values()) == {None}
        assert all(protection(sheet)[0] for sheet in fresh.sheets)
        assert not fresh.api.Path
        assert looks(book) == before
    assert "2019 版" in user.said[-1]


@pytest.mark.parametrize("answer", [False, 1999])
def test_new_report_opens_nothing_without_a_proper_year(answer: Any, opened: Open) -> None:
    user = User(answers=[answer])
    with opened(sound("2021"), user):
        press(macros.new_report)
        assert len(xw.books) == 1
    assert bool(user.said) == (answer is not False)


def test_load_last_year_fills_what_is_brought_forward(opened: Open, tmp_path: Path) -> None:
    base = sound("2021")
    year = base.year or 0
    last = workbook.from_json(workbook.to_json(sound("2019")))
    carried = {was: index for index, was in enumerate(base.form.opening_cells.values(), 1) if not was.endswith("total")}
    last = last.with_cells(carried | {"applications.carried_forward.total": sum(carried.values())})
    path = tmp_path / "上年.json"
    document = json.loads(workbook.to_json(sound("2019")))
    document["year"] = year - 1
    document["body"]["name"] = base.body.name
    for key, value in last.cells.items():
        table, row, column = key.split(".")
        document["tables"][table][row][column] = (
            float(value) if value is not None and not isinstance(value, int) else value
        )
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    user = User(answers=[str(path)])
    blank = base.with_cells(dict.fromkeys(base.form.opening_cells))
    with opened(blank, user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        press(macros.load_last_year)
        report = live_report(book)
        assert [report.cells[key] for key in report.form.opening_cells] == [*carried.values(), sum(carried.values())]
        assert fill.remembered(Desk(book)) == path
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        at(book, "applications.brought_forward.other").value = 99
        press(macros.check_report)
        codes = [row[0] for row in book.sheets[RESULTS].range("C3:C9").options(ndim=2).value]
        assert "year.brought_forward" in codes
    assert f"{len(carried)} 格" in user.said[0]


def test_load_last_year_asks_before_it_overwrites_and_about_other_reports(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "别人的.json"
    path.write_bytes(workbook.to_json(sound("2019")))  # of 2019, not of the year before
    user = User(answers=[str(path), "no"])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.load_last_year)
        assert looks(book) == before
        assert "不是本机关上一年度" in user.asked[-1]
        user.answers = [str(path), "yes", "no"]
        press(macros.load_last_year)
        assert looks(book) == before
        user.answers = [False]
        press(macros.load_last_year)
        user.answers = [str(tmp_path / "没有.xlsx")]
        press(macros.load_last_year)
        assert looks(book) == before
    assert "没有.xlsx" in user.said[-1]


def test_fill_zeros_fills_blank_number_cells_and_nothing_else(opened: Open) -> None:
    user = User()
    with opened(blank_of("2021"), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        press(macros.fill_zeros)
        report = live_report(book)
        by_hand = set(report.cells) - set(report.form.calculated)
        assert {report.cells[key] for key in by_hand} == {0}
        assert report.narrative == workbook.parse(blank_of("2021"), "a.xlsx").narrative
        assert report.year is None
        assert all(at(book, key).formula.startswith("=") for key in list(report.form.calculated)[::9])
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        assert f"{len(by_hand)} 个" in user.said[-1]
        press(macros.fill_zeros)
    assert user.said[-1] == "统计表里没有空白格。"


def test_fill_zeros_leaves_what_is_filled(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        press(macros.fill_zeros)
        report = live_report(book)
        assert report.cells == wrong().cells | {"services.licensing.decisions": 0}


def test_fill_zeros_leaves_cells_that_are_merged_away(opened: Open) -> None:
    keys = ("services.licensing.decisions", "enforcement.penalty.decisions")
    with opened(sound("2021").with_cells({keys[1]: None}), User()) as book:
        one, other = (at(book, key) for key in keys)
        value = one.value
        monkey = {other.address}
        was = fill.is_own
        fill.is_own = lambda cell: cell.address not in monkey and was(cell)
        try:
            press(macros.fill_zeros)
        finally:
            fill.is_own = was
        assert (one.value, other.value) == (value, None)


def test_load_last_year_refuses_this_file_and_a_blank_one(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "空白.xlsx").write_bytes(blank_of("2021"))
    user = User(answers=[str(tmp_path / "年报.xlsx"), str(tmp_path / "空白.xlsx"), "yes"])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.load_last_year)
        assert "就是当前这份" in user.said[-1]
        press(macros.load_last_year)
        assert "没有填数" in user.said[-1]
        assert looks(book) == before


def test_cell_rules_say_what_a_cell_takes_and_how_its_rules_stand(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        before = looks(book)
        cell = at(book, "applications.received.natural")
        cell.sheet.activate()
        cell.select()
        press(macros.cell_rules)
        words = user.said[-1]
        assert words.startswith(f"「{cell.sheet.name}」{cell.get_address(row_absolute=False, column_absolute=False)}")
        assert "代码 applications.received.natural" in words
        assert "第一项加第二项之和" in words
        assert "✗ 现在左边" in words
        at(book, "applications.received.business").select()
        press(macros.cell_rules)
        assert "✓ 现在左边" in user.said[-1]
        total = at(book, "applications.received.total")
        total.select()
        press(macros.cell_rules)
        assert "由公式算出" in user.said[-1]
        cell.sheet.range("A1").select()
        press(macros.cell_rules)
        assert "请选中一格" in user.said[-1]
        assert looks(book) == before
