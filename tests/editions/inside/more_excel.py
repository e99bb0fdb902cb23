"""Inside Excel the functions of the worksheet and the buttons know the edition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
import xlwings as xw
from buttons import press
from helpers import User, base, fitting, spreadsheet
from made import broken, equation, sound, sound_book

import workbook
from workbook.excel import findings_sheet
from workbook.form import load_form
from xlplugin import functions, macros, udfs
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

USUAL = broken(sound(), equation("documents.explained", "made"))
WRONG = broken(sound(), equation("documents.repealed", "rules"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """The workbook that the user has open."""
    return tmp_path / "年报.xlsx"


def test_functions_of_the_worksheet_say_the_new_rules() -> None:
    for code, rule in {item.code: item.rule for item in load_form("2027").equations()}.items():
        if code not in {item.code for item in load_form("2021").equations()}:
            assert functions.rule(code).startswith(f"{rule.title}：")
            assert functions.rule(code).endswith(f"（{rule.clause}）")
    listed = functions.listing(workbook.check(USUAL), "2027", "documents.explained")
    assert [row[1:3] for row in listed[1:]] == [["提示", "documents.explained"]]
    assert functions.listing(workbook.check(WRONG), "2027", "documents")[1][1:3] == ["错误", "documents.repealed"]
    assert functions.listing(workbook.check(sound()), "2027", None) == [[functions.NONE_FOUND]]
    assert functions.value(sound(), "applications.unavailable_lost.individual") == 14
    with pytest.raises(functions.BadArgument, match="是不是“documents\\.explained”"):
        functions.listing((), "2027", "documents.explaned")


@pytest.mark.parametrize("report", [sound(), USUAL, WRONG], ids=["sound", "warning", "error"])
def test_status_and_findings_are_those_of_the_check(report: workbook.Report, path: Path) -> None:
    path.write_bytes(workbook.write(report))
    causes = findings_sheet.causes_of(workbook.check(workbook.read(path)), "2027")
    with spreadsheet(path, User()) as book:
        caller = book.sheets[0].range("Z1")
        assert udfs.NB_STATUS(caller) == findings_sheet.verdict(causes)
        rows = udfs.NB_FINDINGS(None, caller)[1:]
        assert [row[2] for row in rows] == [cause.first["code"] for cause in causes]
        assert udfs.NB_VALUE("applications.unavailable_lost.individual", None, caller) == 14


def test_new_report_opens_the_newest_edition_of_the_year(path: Path) -> None:
    path.write_bytes(sound_book())
    for year, edition in ((2026, "2021"), (2028, "2027")):
        user = User(answers=[year])
        with spreadsheet(path, user):
            press(macros.new_report)
            report = live_report(xw.books.active)
            assert (report.edition, report.year) == (edition, year)
            assert set(report.cells.values()) == {None}
        assert f"{edition} 版" in user.said[-1]


def test_load_last_year_takes_over_what_the_edition_before_has(path: Path, tmp_path: Path) -> None:
    body = replace(base("2021").body, name=sound().body.name)
    last = fitting(sound(), replace(base("2021"), year=2026, body=body))
    (tmp_path / "上年.json").write_bytes(workbook.to_json(last))
    opening = sound().form.opening_cells
    path.write_bytes(workbook.write(sound().with_cells(dict.fromkeys(opening))))
    with spreadsheet(path, User(answers=[str(tmp_path / "上年.json")])) as book:
        press(macros.load_last_year)
        read = live_report(book)
    new = "applications.brought_forward.individual"
    filled = opening.keys() - sound().form.calculated.keys() - {new}
    assert {key: read.cells[key] for key in filled} == {key: sound().cells[key] for key in filled}
    assert (read.cells[new], opening[new] in last.cells) == (None, False)


def test_check_report_marks_and_accept_repair_puts_right(path: Path) -> None:
    key = "applications.unavailable_lost.individual"
    path.write_bytes(workbook.write(sound().with_cells({key: 1014})))
    user = User(answers=["yes"])
    with spreadsheet(path, user) as book:
        press(macros.check_report)
        place = live_report(book).places[key]
        assert "【错误】" in book.sheets[place.sheet].range(place.address).note.text
        press(macros.accept_repair)
        assert live_report(book).cells == sound().cells
    assert "应为" in user.asked[-1]


def test_export_json_writes_what_convert_writes(path: Path) -> None:
    path.write_bytes(workbook.write(USUAL))
    with spreadsheet(path, User(answers=["yes"])):
        press(macros.export_json)
    assert path.with_suffix(".json").read_bytes() == workbook.to_json(workbook.read(path))


def test_the_button_import_json_fills_the_new_answers_and_texts(tmp_path: Path) -> None:
    path, template = tmp_path / "报告.json", tmp_path / "年报.xlsx"
    path.write_bytes(workbook.to_json(sound()))
    template.write_bytes(workbook.template("2027"))
    user = User(answers=[str(path)])
    with spreadsheet(template, user) as book:
        press(macros.import_json)
        assert len(user.asked) == 1, "that there is something to overwrite in a blank template"
        read = live_report(book)
        assert (read.cells, read.narrative, read.year) == (sound().cells, sound().narrative, 2027)
        assert read.body == sound().body
        user.answers = []
        press(macros.check_report)
    assert "没有错误" in user.said[0]
    assert "校验通过" in user.said[-1]
