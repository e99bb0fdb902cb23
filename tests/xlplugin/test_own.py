"""我的机关: what is asked, what is taken, and what a new report begins with."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from buttons import press
from cases import of_office, sound
from engine import sheets
from engine.user import User
from workbooks import workbook_of

import workbook
from workbook import own
from workbook.own import Own
from workbook.report import Body
from xlplugin import fill, last_year, macros
from xlplugin.check import judged
from xlplugin.excel import Desk
from xlplugin.read import live_report

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from buttons import Open

    from workbook.report import Report

CREDIT = "11330000002470114C"
OFFICE = Body("示例市人民政府办公室", CREDIT, "330000", "government")
GIVEN_UP = False
ANSWERS = [OFFICE.name, CREDIT, "330000", "1", "no", "张三"]
"""To name, codes, kind, whether a folder is picked, and the user's own name."""


def in_excel(folder: Path, user: User) -> AbstractContextManager[xw.Book]:
    (folder / "丙局.xlsx").write_bytes(workbook_of(of_office("丙局")))
    return sheets.spreadsheet(folder / "丙局.xlsx", user)


def asked(tmp_path: Path, *answers: Any) -> User:
    """Press 我的机关, and answer."""
    user = User(answers=list(answers))
    with in_excel(tmp_path, user):
        press(macros.own_body)
    assert not user.answers
    return user


def test_own_body_is_asked_and_kept(tmp_path: Path) -> None:
    (tmp_path / "上年").mkdir()
    user = asked(tmp_path, *ANSWERS[:4], "yes", str(tmp_path / "上年"), "张三")
    assert own.load() == Own(OFFICE, tmp_path / "上年", "张三")
    assert user.proposed == ["", "", "", "", ""]
    for part in (OFFICE.name, CREDIT, "330000", "人民政府", str(tmp_path / "上年"), "张三"):
        assert f"：{part}" in user.said[-1]


def test_what_is_known_is_proposed_and_may_be_changed_or_emptied(tmp_path: Path) -> None:
    own.save(Own(OFFICE, tmp_path, "张三"))
    user = asked(tmp_path, "新名", "", "330000", "乡镇或街道", "no", "")
    assert user.proposed == [OFFICE.name, CREDIT, "330000", "1", "张三"]
    assert str(tmp_path) in user.asked[4]
    assert own.load() == Own(Body("新名", None, "330000", "township"), tmp_path, "")
    asked(tmp_path, "", "", "", "", "yes", GIVEN_UP, "")
    assert own.load() == Own()


@pytest.mark.parametrize("given", [0, 1, 2, 3, 5])
def test_who_gives_up_changes_nothing(given: int, tmp_path: Path) -> None:
    own.save(before := Own(OFFICE, None, "李四"))
    answers = ["别的", "", "", "2", "no", "王五"]
    user = asked(tmp_path, *answers[:given], GIVEN_UP)
    assert own.load() == before
    assert user.said == ["没有改动。"]


def test_codes_are_checked_as_on_the_cover(tmp_path: Path) -> None:
    wrong = f"{CREDIT[:-1]}0"
    user = asked(tmp_path, "甲局", wrong, CREDIT, "33", "330000", "9", "1", "no", "")
    on_cover = replace(sound("2021"), body=Body("甲局", wrong, "33", None))
    for code, at in (("body.credit_code", 2), ("body.division_code", 4)):
        (told,) = (finding.message() for finding in workbook.check(on_cover) if finding.code == code)
        assert user.asked[at].startswith(told)
    assert user.proposed[2] == wrong
    assert "“9”不是" in user.asked[6]
    assert own.load().body == replace(OFFICE, name="甲局")


def test_a_broken_file_is_told_and_kept_beside(tmp_path: Path, own_folder: Path) -> None:
    path = own_folder / "nianbao" / own.FILE
    path.write_text("{", encoding="utf-8")
    assert asked(tmp_path, "no").said == ["没有改动。"]
    assert path.read_text(encoding="utf-8") == "{"
    user = asked(tmp_path, "yes", *ANSWERS)
    assert "不是 JSON" in user.asked[0]
    assert own.load().by == "张三"
    assert path.with_name("own-1.broken.json").read_text(encoding="utf-8") == "{"


def test_what_cannot_be_kept_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", str(tmp_path / "file"))
    unread = [] if sys.platform == "win32" else ["yes"]  # there, nothing is below a file; here, it cannot be looked at
    user = asked(tmp_path, *unread, *ANSWERS)
    assert "写不进去" in user.said[-1]


def test_who_was_never_asked_is_asked_once(tmp_path: Path, own_folder: Path) -> None:
    (own_folder / "nianbao" / own.FILE).unlink()
    user = User(answers=[2024, "no", 2024])
    with in_excel(tmp_path, user):
        press(macros.new_report)
        assert live_report(xw.books.active).body == Body()
        press(macros.new_report)
    assert not user.answers
    assert own.load() == Own()


@pytest.mark.parametrize("answers", [ANSWERS, ["甲", False]])
def test_who_is_asked_for_the_first_time_may_answer_or_give_up(
    answers: list[Any], tmp_path: Path, own_folder: Path
) -> None:
    (own_folder / "nianbao" / own.FILE).unlink()
    user = User(answers=[2024, "yes", *answers])
    with in_excel(tmp_path, user):
        press(macros.new_report)
        assert live_report(xw.books.active).body == (OFFICE if answers == ANSWERS else Body())
    assert own.is_known()
    assert not user.answers


def test_a_new_report_begins_with_the_own_office(opened: Open) -> None:
    odd = replace(OFFICE, name="=1+1局", division_code="330000000000")
    own.save(Own(odd, None, "张三"))
    user = User(answers=[2020, 2024])
    with opened(sound("2021"), user):
        for year in (2020, 2024):
            press(macros.new_report)
            report = live_report(xw.books.active)
            assert (report.year, report.body) == (year, odd)
            assert set(report.cells.values()) == {None}
    assert "请核对" in user.said[-1]


def last(name: str, year: int = 2023, carried: int = 7) -> Report:
    """Return a report of an office with as many carried forward in each column."""
    base = sound("2021")
    keys = base.form.opening_cells.values()
    return replace(of_office(name), year=year).with_cells({key: carried for key in keys if not key.endswith("total")})


def begun(tmp_path: Path, *files: tuple[str, Report], office: Body = OFFICE) -> tuple[Report, str, Path | None]:
    """Make a new report of 2024 beside a folder of last year's; return it, what is said, and what it remembers."""
    folder = tmp_path / "上年"
    folder.mkdir(exist_ok=True)
    for name, report in files:
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(workbook_of(report) if path.suffix == ".xlsx" else workbook.to_json(report))
    own.save(Own(office, folder, ""))
    user = User(answers=[2024])
    with in_excel(tmp_path, user):
        press(macros.new_report)
        fresh = xw.books.active
        report = live_report(fresh)
        assert judged(Desk(fresh), report)
        return report, user.said[-1], fill.remembered(Desk(fresh))


def opening(report: Report) -> set[Any]:
    return {report.cells[key] for key in report.form.opening_cells if key not in report.form.calculated}


@pytest.fixture(autouse=True)
def _home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "home"))


@pytest.mark.parametrize("name", ["甲.xlsx", "下/甲.json"])
def test_last_year_s_report_of_the_office_is_found_and_taken_over(name: str, tmp_path: Path) -> None:
    mine, other = last(OFFICE.name or ""), last("乙局", carried=9)
    files = ((name, mine), ("乙.json", other), ("前年.json", replace(mine, year=2022).with_cells({})))
    report, words, path = begun(tmp_path, *files)
    assert opening(report) == {7}
    assert path == tmp_path / "上年" / name
    assert f"已从“{Path(name).name}”填入上年结转" in words
    others = {key for key, value in report.cells.items() if value is not None}
    assert others - report.form.opening_cells.keys() <= set(report.form.calculated)


def test_an_office_that_changed_its_name_is_found_by_its_code(tmp_path: Path) -> None:
    old = last("旧名")
    report, _, _ = begun(tmp_path, ("甲.json", replace(old, body=replace(old.body, credit_code=CREDIT))))
    assert opening(report) == {7}


def test_a_report_of_nobody_and_two_of_one_year_are_told(tmp_path: Path) -> None:
    report, words, path = begun(tmp_path, ("乙.json", last("乙局")))
    assert (opening(report), path) == ({None}, None)
    assert "请点“载入上年”" in words
    mine = last(OFFICE.name or "")
    report, words, path = begun(tmp_path, ("甲.json", mine), ("甲改.json", last(OFFICE.name or "", carried=8)))
    assert (opening(report), path) == ({None}, None)
    assert "甲.json" in words
    assert "甲改.json" in words


def test_a_folder_that_is_gone_or_too_large_stops_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = ("甲.json", last(OFFICE.name or ""))
    monkeypatch.setattr(last_year, "MOST", 1)
    report, words, _ = begun(tmp_path, mine, ("乙.json", last("乙局")))
    assert (opening(report), "超过 1 个" in words) == ({None}, True)
    monkeypatch.setattr(last_year, "MOST", 500)
    monkeypatch.setattr(last_year, "SECONDS", -1.0)
    report, words, _ = begun(tmp_path)
    assert (opening(report), "没有读完" in words) == ({None}, True)
    own.save(Own(OFFICE, tmp_path / "没有", ""))
    user = User(answers=[2024])
    with in_excel(tmp_path, user):
        press(macros.new_report)
        assert live_report(xw.books.active).body == OFFICE
    assert "打不开" in user.said[-1]


def test_files_that_cannot_be_read_stop_nothing(tmp_path: Path) -> None:
    (tmp_path / "上年").mkdir()
    for name in ("坏.xlsx", "坏.docx", "坏.pdf", "坏.json"):
        (tmp_path / "上年" / name).write_bytes(b"PK\x03\x04")
    report, _, _ = begun(tmp_path, ("甲.json", last(OFFICE.name or "")))
    assert opening(report) == {7}


def test_without_a_name_or_a_code_nothing_is_looked_for(tmp_path: Path) -> None:
    begun_at = time.monotonic()
    report, words, _ = begun(tmp_path, ("甲.json", last("甲局")), office=Body(kind="department"))
    assert (opening(report), "上年" in words) == ({None}, False)
    assert report.body.kind == "department"
    assert time.monotonic() - begun_at < 30


def test_settings_that_cannot_be_read_stop_no_new_report(tmp_path: Path, own_folder: Path) -> None:
    (own_folder / "nianbao" / own.FILE).write_text(json.dumps([1]), encoding="utf-8")
    user = User(answers=[2024])
    with in_excel(tmp_path, user):
        press(macros.new_report)
        assert live_report(xw.books.active).year == 2024
    assert "“我的机关”读不出来" in user.said[-1]
