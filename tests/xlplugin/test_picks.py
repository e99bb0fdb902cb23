"""What a workbook from a stranger cannot do through the add-in: have this machine open a file, or a network."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pytest
import xlwings as xw
from buttons import press
from cases import sound
from engine import sheets
from engine.user import User
from hypothesis import given
from hypothesis import strategies as st
from workbooks import workbook_of

import workbook
from workbook.report import Report
from xlplugin import fill, macros, picks, udfs
from xlplugin.addin.install import places
from xlplugin.check import judged
from xlplugin.excel import Desk
from xlplugin.read import live_report


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(folder))
    return folder


def last_year() -> Report:
    """Return a report that does not fit the one of this year: who compares them, sees it."""
    base = sound("2021")
    year = base.year or 0
    keys = dict.fromkeys(base.form.opening_cells.values(), 77)
    return Report(base.edition, year - 1, base.body, base.cells, base.narrative).with_cells(keys)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """Last year's report in a folder that the workbook has no say in; the workbook lies in ``tmp_path / "收到"``."""
    (tmp_path / "收到").mkdir()
    (tmp_path / "别处").mkdir()
    path = tmp_path / "别处" / "上年.json"
    path.write_bytes(workbook.to_json(last_year()))
    (tmp_path / "收到" / "年报.xlsx").write_bytes(workbook_of(sound("2021")))
    return path


def named(book: xw.Book, text: str) -> list[tuple[str, str]]:
    """Return what the check says of last year where the workbook names a file."""
    book.names.add(fill.PREVIOUS, '="{}"'.format(text.replace('"', '""')))
    found = judged(Desk(book), live_report(book))
    alone = {item.identity for item in workbook.check(live_report(book))}
    return sorted({(item.code, item.message()) for item in found if item.identity not in alone})


def asked(book: xw.Book, text: str) -> Any:
    return udfs.NB_VALUE("applications.received.natural", text, book.sheets[0].range("Z1"))


LEADING_AWAY = [
    r"\\192.0.2.1\share\上年.json", "//192.0.2.1/share/上年.json", r"\\?\C:\x.json", r"\\?\UNC\192.0.2.1\s\x.json",
    r"\\.\pipe\x", r"\\192.0.2.1@SSL\DavWWWRoot\x.json", r"\/192.0.2.1/x.json", "https://example.org/上年.json",
    "file:上年.json", "file://192.0.2.1/上年.json", r"C:\上年.json", "C:上年.json", r"\上年.json", "/上年.json",
    "../别处/上年.json", r"..\别处\上年.json", "..", ".", "./上年.json", "上年.json:x", "NUL", "nul.json", "Con .txt",
    "COM1.json", "lpt¹", "上\n年.json", "*.json", "上年?.json", "a|b.json", "", " ", "~/上年.json",
]  # fmt: skip


def test_a_workbook_leads_nowhere(elsewhere: Path, tmp_path: Path) -> None:
    assert elsewhere.exists()
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", User()) as book:
        for text in filter(str.strip, LEADING_AWAY):  # Excel takes no blank name
            ((code, message),) = named(book, text)
            assert code == "year.unreadable", text
            assert "没有打开" in message, text
            told = asked(book, text)
            assert told.startswith("参数有误："), text
            assert "没有打开" in told, text
    for text in LEADING_AWAY:
        with pytest.raises(picks.Unpicked):
            picks.allowed(text, tmp_path / "年报.xlsx")


@given(st.text(max_size=30))
def test_a_name_stays_in_its_folder_on_every_system(text: str) -> None:
    if picks.is_name(text):
        for kind, folder in ((PureWindowsPath, r"\\server\share\x"), (PureWindowsPath, r"C:\x"), (PurePosixPath, "/x")):
            assert (kind(folder) / text).parent == kind(folder)


def test_whole_paths_are_refused_until_this_user_picks_the_file(elsewhere: Path, tmp_path: Path, home: Path) -> None:
    user = User(answers=[str(elsewhere), "yes"])
    texts = [str(elsewhere), f"/{elsewhere}", f"{elsewhere.parent}/../别处/上年.json"]
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", user) as book:
        for text in texts:
            assert [code for code, _ in named(book, text)] == ["year.unreadable"]
            assert str(asked(book, text)).startswith("参数有误：")
        press(macros.load_last_year)
        assert "校验时会逐列对照" in user.said[-1]
        assert fill.remembered(Desk(book)) == elsewhere
        assert judged(Desk(book), live_report(book)) == workbook.check(live_report(book), workbook.read(elsewhere))
        for text in texts[1:]:
            assert [code for code, _ in named(book, text)] == ["year.unreadable"]
        assert asked(book, str(tmp_path / "收到" / "没有.json")).endswith(
            "没有.json”"
        )  # beside it, so it was looked for
        assert asked(book, str(elsewhere)) == last_year().cells["applications.received.natural"]
    assert json.loads((home / ".nianbao" / "picked.json").read_text(encoding="utf-8")) == [str(elsewhere)]


def test_another_user_is_not_taken_to_what_the_first_one_picked(
    elsewhere: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User(answers=[str(elsewhere), "yes"])
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", user) as book:
        press(macros.load_last_year)
        monkeypatch.setenv("HOME", str(tmp_path / "另一人"))
        monkeypatch.setenv("USERPROFILE", str(tmp_path / "另一人"))
        with pytest.raises(picks.Unpicked):
            fill.remembered(Desk(book))


def test_a_file_beside_the_workbook_is_compared_for_everyone(elsewhere: Path, tmp_path: Path, home: Path) -> None:
    beside = elsewhere.rename(tmp_path / "收到" / "上年.json")
    user = User(answers=[str(beside), "yes"])
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", user) as book:
        press(macros.load_last_year)
        assert fill.remembered(Desk(book)) == beside
        assert asked(book, "上年.json") == last_year().cells["applications.received.natural"]
    assert not (home / ".nianbao").exists()


def test_a_workbook_that_has_no_file_yet_keeps_what_was_picked(elsewhere: Path, tmp_path: Path) -> None:
    user = User(answers=[sound("2021").year, str(elsewhere), "yes"])
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", user):
        press(macros.new_report)
        fresh = xw.books.active
        fresh.set_mock_caller()
        press(macros.load_last_year)
        assert Desk(fresh).path is None
        assert fill.remembered(Desk(fresh)) == elsewhere
        assert [code for code, _ in named(fresh, "上年.json")] == ["year.unreadable"]
        assert "还没有保存" in named(fresh, "上年.json")[0][1]


def test_the_list_of_picked_files_is_bounded_and_may_be_damaged(home: Path) -> None:
    for index in range(picks.MOST + 5):
        assert picks.pick(home / f"{index}.xlsx")
    assert picks.pick(home / "7.xlsx")
    assert (len(picks.picked()), picks.picked()[-1]) == (picks.MOST, str(home / "7.xlsx"))
    for damaged in ("", "{}", "[1, null", '"x"', "\\ud800"):
        places().picked.write_text(damaged, encoding="utf-8")
        assert picks.picked() == []
    assert picks.pick(home / "7.xlsx")
    places().picked.unlink()
    places().picked.mkdir()
    assert not picks.pick(home / "7.xlsx")


def test_what_cannot_be_written_down_is_said(elsewhere: Path, tmp_path: Path, home: Path) -> None:
    (home / ".nianbao").write_bytes(b"")
    user = User(answers=[str(elsewhere), "yes"])
    with sheets.spreadsheet(tmp_path / "收到" / "年报.xlsx", user) as book:
        press(macros.load_last_year)
        assert "没能记住" in user.said[-1]
        assert fill.PREVIOUS not in book.names


def test_the_workbook_does_not_say_where_its_cloud_folder_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("云", "别处"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "年报.xlsx").write_bytes(workbook_of(sound("2021")))
    monkeypatch.setenv("OneDrive", str(tmp_path / "云"))
    with sheets.spreadsheet(tmp_path / "云" / "年报.xlsx", User()) as book:
        book.impl.cloud = "https://d.docs.live.net/0123456789"
        guide = book.sheets.add(before=book.sheets[0])
        guide.name = "xlwings.conf"
        guide.range("A1").value = "ONEDRIVE_CONSUMER_WIN"
        guide.range("B1").value = str(tmp_path / "别处")
        assert book.fullname == str(tmp_path / "别处" / "年报.xlsx")  # what xlwings itself makes of it
        assert Desk(book).path == tmp_path / "云" / "年报.xlsx"
