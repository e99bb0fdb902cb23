"""名册, 收件, 状况, 退回, 汇总: what is asked, what is started, and that what is started does its work."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from buttons import press
from cases import of_office
from command import COMMAND
from engine import sheets
from engine.user import User
from workbooks import workbook_of

import workbook
from workbook import own
from xlplugin import macros, window

if TYPE_CHECKING:
    from collections.abc import Sequence

REGISTER = "名称,上级\n甲市人民政府,\n甲局,甲市人民政府\n乙局,甲市人民政府\n"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that a window was started for; each is run at once, in place of the window."""
    commands: list[list[str]] = []

    def run(command: Sequence[str]) -> None:
        asked = list(command[command.index("--") + 1 :])
        done = subprocess.run([COMMAND, *asked], capture_output=True, check=False)
        commands.append([*asked, str(done.returncode)])

    monkeypatch.setattr(window, "ways", lambda: (run,))
    return commands


@pytest.fixture
def register(tmp_path: Path) -> Path:
    """A register, beside a folder of mail: a sound report and a faulty one."""
    (tmp_path / "来件").mkdir()
    (tmp_path / "来件" / "甲局.xlsx").write_bytes(workbook_of(of_office("甲局")))
    faulty = of_office("乙局").with_cells({"applications.received.natural": 12})
    (tmp_path / "来件" / "乙局.xlsx").write_bytes(workbook_of(faulty))
    (tmp_path / "名册.csv").write_text(REGISTER, encoding="utf-8")
    return tmp_path / "名册.csv"


def pressed(tmp_path: Path, macro: str, *answers: object) -> User:
    """Press a button, and answer what it asks."""
    (tmp_path / "丙局.xlsx").write_bytes(workbook_of(of_office("丙局")))
    user = User(answers=list(answers))
    with sheets.spreadsheet(tmp_path / "丙局.xlsx", user):
        press(getattr(macros, macro))
    assert not user.answers, user.said
    return user


def made(tmp_path: Path, register: Path) -> Path:
    """Make a collection by the button, and return its folder."""
    pressed(tmp_path, "collect_register", "yes", str(register), 2024, str(tmp_path))
    folder = own.load().collection
    assert folder
    assert folder.parent == tmp_path
    return folder


@pytest.mark.parametrize("macro", ["collect_add", "collect_status", "collect_return", "collect_rollup"])
def test_without_a_collection_the_register_comes_first(macro: str, started: list[list[str]], tmp_path: Path) -> None:
    user = pressed(tmp_path, macro)
    assert "先点“名册”" in user.said[-1]
    assert started == []


def test_collect_register_collect_add_collect_status_and_collect_return_in_january(
    started: list[list[str]], register: Path, tmp_path: Path
) -> None:
    folder = made(tmp_path, register)
    assert [command[1] for command in started] == ["init"]
    assert (folder / "collection.sqlite").is_file()
    user = pressed(tmp_path, "collect_add", str(tmp_path / "来件"))
    assert "已开始收件" in user.said[-1]
    (account,) = (folder / "收件清单").glob("*.csv")
    said = account.read_text(encoding="utf-8-sig")
    assert "甲局.xlsx" in said
    assert "乙局.xlsx" in said
    pressed(tmp_path, "collect_status")
    assert "乙局" in (folder / "状况.html").read_text(encoding="utf-8")
    pressed(tmp_path, "collect_status")  # again, over the page that is there
    pressed(tmp_path, "collect_return", "yes", "yes")
    names = sorted(path.name for path in (folder / "退回").rglob("*.html"))
    assert names == ["乙局-退回单.html", "甲市人民政府-催报单.html"]
    assert [command[-1] for command in started] == ["0", "1", "1", "1", "0"]
    assert all(command[-2:-1] == ["zh"] for command in started)


def test_collect_rollup_beside_what_was_filed(started: list[list[str]], register: Path, tmp_path: Path) -> None:
    folder = made(tmp_path, register)
    pressed(tmp_path, "collect_add", str(tmp_path / "来件"))
    user = pressed(tmp_path, "collect_rollup", "no")
    assert "已开始汇总" in user.said[-1]
    assert started[-1][-1] == "0", "nothing was filed"
    (book,) = (folder / "汇总").glob("*.xlsx")
    assert workbook.read(book).body.name == "甲市人民政府"
    book.unlink()
    pressed(tmp_path, "collect_rollup", "yes", str(tmp_path / "丙局.xlsx"))
    assert started[-1][-1] == "1", "another report than the sum"


def test_collect_register_reads_it_anew(started: list[list[str]], register: Path, tmp_path: Path) -> None:
    folder = made(tmp_path, register)
    register.write_text(f"{REGISTER}丁局,甲市人民政府\n", encoding="utf-8")
    user = pressed(tmp_path, "collect_register", "yes", str(register))
    assert started[-1] == ["collect", "register", str(register), "-C", str(folder), "--lang", "zh", "0"]
    assert "改了什么会列在那里" in user.said[-1]


def test_collect_register_chooses_another_collection(started: list[list[str]], register: Path, tmp_path: Path) -> None:
    folder = made(tmp_path, register)
    user = pressed(tmp_path, "collect_register", "no", "no", str(tmp_path / "来件"))
    assert "没有收报" in user.said[-1]
    assert own.load().collection == folder
    pressed(tmp_path, "collect_register", "no", "no", str(folder))
    assert len(started) == 1
    pressed(tmp_path, "collect_register", "no", "yes", str(register), 2024, str(tmp_path))
    assert own.load().collection != folder


@pytest.mark.parametrize(
    ("macro", "answers"),
    [
        ("collect_register", ["no", "yes", False]),
        ("collect_register", ["no", "yes", "名册.csv", False]),
        ("collect_register", ["no", "yes", "名册.csv", 2024, False]),
        ("collect_register", ["no", "no", False]),
        ("collect_register", ["yes", False]),
        ("collect_add", [False]),
        ("collect_return", ["no"]),
        ("collect_rollup", ["yes", False]),
    ],
)
def test_giving_up_starts_nothing(
    macro: str, answers: list[object], started: list[list[str]], register: Path, tmp_path: Path
) -> None:
    folder = made(tmp_path, register)
    user = pressed(tmp_path, macro, *answers)
    assert (user.said, len(started), own.load().collection) == ([], 1, folder)
