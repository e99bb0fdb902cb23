"""Functions of the worksheet read as little as they can, and never tell what is no longer so."""
# ruff: noqa: D102 - the rules of the machine are named for what they do

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from buttons import at, wrong
from cases import sound
from engine import sheets
from engine.counted import counted
from engine.user import User
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from openpyxl import Workbook
from workbooks import workbook_of

import workbook
from workbook.excel import findings_sheet
from xlplugin import read, udfs
from xlplugin.check import judged
from xlplugin.excel import Desk
from xlplugin.read import ExcelWorkbook, live_report, settled, settled_report

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BUDGET = 90
"""Questions to Excel that a cell with a function may cost, however often the same was asked before."""

KEY, TOTAL, BLANK = "applications.received.natural", "applications.received.total", "services.licensing.decisions"


@pytest.fixture
def book(tmp_path: Path) -> Iterator[xw.Book]:
    path = tmp_path / "年报.xlsx"
    path.write_bytes(workbook_of(wrong()))
    last = replace(sound("2021"), year=sound("2021").year - 1)
    (tmp_path / "上年.json").write_bytes(workbook.to_json(last))
    read._readings.clear()
    with sheets.spreadsheet(path, User()) as opened:
        yield opened


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The workbooks and files that are read, as they are."""
    seen: list[str] = []
    sheets_read, file_read = read.read_sheets, workbook.read

    def read_sheets(open_book: ExcelWorkbook) -> Any:
        seen.append(open_book.file)
        return sheets_read(open_book)

    def read_file(path: Path) -> Any:
        seen.append(path.name)
        return file_read(path)

    monkeypatch.setattr(read, "read_sheets", read_sheets)
    monkeypatch.setattr(workbook, "read", read_file)
    return seen


def caller(book: xw.Book) -> xw.Range:
    return book.sheets[0].range("Z1")


def test_a_hundred_cells_cost_one_reading_and_each_keeps_to_its_budget(book: xw.Book, readings: list[str]) -> None:
    seen, counter = counted(book)
    keys = list(live_report(book).cells)[:100]
    readings.clear()
    spent = []
    for key in keys:
        before = counter.calls
        udfs.NB_VALUE(key, None, caller(seen))
        spent.append(counter.calls - before)
    assert readings == ["年报.xlsx"]
    assert max(spent) <= BUDGET
    for function in (lambda: udfs.NB_STATUS(caller(seen)), lambda: udfs.NB_FINDINGS(None, caller(seen))):
        before = counter.calls
        function()
        assert counter.calls - before <= BUDGET
    assert len(readings) == 1


def test_a_workbook_that_is_no_report_is_read_once_too(tmp_path: Path, readings: list[str]) -> None:
    Workbook().save(tmp_path / "别的.xlsx")
    with sheets.spreadsheet(tmp_path / "别的.xlsx", User()) as other:
        said = {udfs.NB_VALUE(KEY, None, caller(other)) for _ in range(10)}
        assert readings == ["别的.xlsx"]
        assert len(said) == 1
        other.sheets[0].range("A1").value = "x"
        udfs.NB_VALUE(KEY, None, caller(other))
        assert len(readings) == 2


def test_the_report_is_checked_once_for_all_cells(
    book: xw.Book, readings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    book.names.add("nianbao.previous", '="上年.json"')
    checked: list[Any] = []
    check = workbook.check
    monkeypatch.setattr(workbook, "check", lambda *reports: checked.append(reports) or check(*reports))
    said = {udfs.NB_STATUS(caller(book)) for _ in range(10)}
    assert len(said) == len(checked) == 1
    assert len(checked[0]) == 2
    assert readings == ["年报.xlsx", "上年.json"]
    assert udfs.NB_VALUE(KEY, "上年.json", caller(book)) == sound("2021").cells[KEY]
    assert len(readings) == 2


def test_last_years_file_is_read_again_where_its_size_or_time_is_another(book: xw.Book, tmp_path: Path) -> None:
    book.names.add("nianbao.previous", '="上年.json"')
    path = tmp_path / "上年.json"
    document, seen = json.loads(path.read_text(encoding="utf-8")), path.stat()
    first = udfs.NB_VALUE("documents.rules.made", "上年.json", caller(book))
    before = judged(Desk(book), live_report(book))
    document["tables"]["documents"]["rules"]["made"] = first + 1
    document["tables"]["applications"]["carried_forward"]["natural"] += 70
    path.write_text(json.dumps(document), encoding="utf-8")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns))  # another size
    assert udfs.NB_VALUE("documents.rules.made", "上年.json", caller(book)) == first + 1
    assert judged(Desk(book), live_report(book)) != before
    size = path.stat().st_size
    path.write_text(json.dumps(document).replace(f'"made": {first + 1}', f'"made": {first + 2}', 1), encoding="utf-8")
    os.utime(path, ns=(seen.st_atime_ns, seen.st_mtime_ns + 1000))
    assert path.stat().st_size == size
    assert udfs.NB_VALUE("documents.rules.made", "上年.json", caller(book)) == first + 2
    path.unlink()
    assert "打不开" in udfs.NB_VALUE("documents.rules.made", "上年.json", caller(book))
    assert "year.unreadable" in {finding.code for finding in judged(Desk(book), live_report(book))}


def test_a_number_that_becomes_a_truth_is_another(book: xw.Book) -> None:
    """In Python ``1 == True``; in a report it is not."""
    cell = at(book, KEY)
    with Desk(book).unlocked(cell.sheet):
        cell.value = 1
        assert udfs.NB_VALUE(KEY, None, caller(book)) == 1
        cell.value = True
        assert udfs.NB_VALUE(KEY, None, caller(book)) == "TRUE"


def test_a_sheet_that_goes_and_comes_back_is_told(book: xw.Book) -> None:
    sheet = at(book, KEY).sheet
    name = sheet.name
    assert udfs.NB_VALUE(KEY, None, caller(book)) == 12
    sheet.delete()
    assert udfs.NB_VALUE(KEY, None, caller(book)).startswith("本工作簿读不出年报")
    assert name not in [other.name for other in book.sheets]


class Edits(RuleBasedStateMachine):
    """A workbook that is edited between two cells that ask: what they are told is what is read afresh."""

    path: Path

    @initialize()
    def open(self) -> None:
        self.session = sheets.spreadsheet(self.path, User())
        self.book = self.session.__enter__()
        for sheet in self.book.sheets:
            if sheet.api.ProtectContents:
                sheet.api.Unprotect("")
        self.names = [sheet.name for sheet in self.book.sheets]
        self.places = dict(live_report(self.book).places)

    def cell(self, key: str) -> xw.Range | None:
        sheet, address = self.places[key].sheet, self.places[key].address
        return self.book.sheets[sheet].range(address) if sheet in [other.name for other in self.book.sheets] else None

    @rule(key=st.sampled_from([KEY, TOTAL, BLANK]), value=st.sampled_from([None, 1.0, True, 12.0, "1", "'1", "不详"]))
    def enter(self, key: str, value: Any) -> None:
        if (cell := self.cell(key)) is not None:
            cell.value = value

    @rule(down=st.integers(1, 60), across=st.integers(1, 30), text=st.sampled_from(["x", "涉及行政处罚 3 件", None]))
    def enter_anywhere(self, down: int, across: int, text: str | None) -> None:
        cell = self.book.sheets[self.names[2] if self.names[2] in self.titles() else 0].range((down, across))
        if not cell.impl.covered:
            cell.value = text

    @rule(at=st.integers(0, 7))
    def hide_or_show(self, at: int) -> None:
        if len(shown := [sheet for sheet in self.book.sheets if sheet.visible == -1]) > 1 or at >= len(shown):
            sheet = self.book.sheets[min(at, len(self.book.sheets) - 1)]
            sheet.visible = sheet.visible != -1

    @rule(at=st.integers(0, 7), title=st.sampled_from(["改了名", "另一张"]))
    def rename_or_back(self, at: int, title: str) -> None:
        names = self.titles()
        if at < len(names) and title not in names:
            self.book.sheets[at].name = title
        elif title in names and not set(self.names) <= set(names):
            self.book.sheets[title].name = next(name for name in self.names if name not in names)

    def titles(self) -> list[str]:
        return [sheet.name for sheet in self.book.sheets]

    @rule()
    def ask(self) -> None:
        udfs.NB_VALUE(KEY, None, caller(self.book))

    @invariant()
    def nothing_told_is_stale(self) -> None:
        if not hasattr(self, "book"):
            return
        told = udfs.NB_STATUS(caller(self.book)), [udfs.NB_VALUE(key, None, caller(self.book)) for key in (KEY, TOTAL)]
        try:
            fresh = settled(live_report(self.book), ExcelWorkbook(self.book))
        except workbook.Unreadable:
            assert all("读不出年报" in str(text) for text in (told[0], *told[1]))
            return
        assert settled_report(self.book) == fresh
        causes = findings_sheet.causes_of(workbook.check(fresh), fresh.edition)
        assert told[0] == findings_sheet.verdict(causes)
        for key, value in zip((KEY, TOTAL), told[1], strict=True):
            assert repr(value) == repr("" if fresh.cells[key] is None else fresh.cells[key])

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.session.__exit__(None, None, None)


def test_no_edit_between_two_questions_goes_unseen(tmp_path: Path) -> None:
    path = tmp_path / "年报.xlsx"
    path.write_bytes(workbook_of(wrong()))
    machine = type("Edited", (Edits,), {"path": path})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=15, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
