"""批量校验: a folder is checked beside Excel, and its results stand beside the folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlwings as xw
from buttons import press
from cases import of_office
from engine import sheets
from engine.user import User
from workbooks import workbook_of

from xlplugin import batch, macros, window

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

    from buttons import Open

SECONDS = 60


@pytest.fixture(autouse=True)
def _of_a_fresh_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "_started", set())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name needs quotes, with a sound report and a faulty one below."""
    made = tmp_path / "2024 年报送 & %TEMP% ' (甲)"
    (made / "乡镇").mkdir(parents=True)
    (made / "甲局.xlsx").write_bytes(workbook_of(of_office("甲局")))
    faulty = of_office("乙镇").with_cells({"applications.received.natural": 12})
    (made / "乡镇" / "乙镇.xlsx").write_bytes(workbook_of(faulty))
    return made


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What was started, in place of starting it."""
    commands: list[list[str]] = []
    monkeypatch.setattr(window, "ways", lambda: (lambda command: commands.append(list(command)),))
    return commands


def test_check_folder_writes_a_workbook_and_pages_beside_the_folder(opened: Open, folder: Path) -> None:
    user = User(answers=[str(folder)])
    before = sorted(folder.rglob("*"))
    with opened(of_office("丙局"), user):
        press(macros.check_folder)
        assert user.asked[0].startswith("选择要校验的文件夹")
        assert user.said[-1].startswith(f"已开始校验“{folder}”")
    book = folder.parent / f"批量校验结果_{folder.name}.xlsx"
    page = book.with_suffix(".html")
    await_files(book, page)
    findings, summary = openpyxl.load_workbook(book).worksheets
    rows = [str(row) for row in summary.iter_rows(min_row=2, values_only=True)]
    assert [sum(office in row for row in rows) for office in ("甲局.xlsx", "乙镇.xlsx")] == [1, 1]
    assert "乙镇" in str(list(findings.values))
    assert "甲局" in page.read_text(encoding="utf-8")
    assert sorted(path.name for path in page.with_suffix("").rglob("*.html")) == ["乙镇.html", "甲局.html"]
    assert sorted(folder.rglob("*")) == before


def in_excel(folder: Path, user: User) -> AbstractContextManager[xw.Book]:
    (folder / "丙局.xlsx").write_bytes(workbook_of(of_office("丙局")))
    return sheets.spreadsheet(folder / "丙局.xlsx", user)


def await_files(*paths: Path) -> None:
    end = time.monotonic() + SECONDS
    while not all(path.exists() for path in paths):
        assert time.monotonic() < end, f"not written: {paths}"
        time.sleep(0.1)


def test_no_workbook_need_be_open_and_giving_up_starts_nothing(started: list[list[str]], tmp_path: Path) -> None:
    user = User(answers=[False])
    with in_excel(tmp_path, user):
        press(macros.check_folder)
    assert (user.said, started) == ([], [])


def test_what_is_started_is_the_add_in_s_own_python(started: list[list[str]], folder: Path, tmp_path: Path) -> None:
    with in_excel(tmp_path, User(answers=[str(folder)])):
        press(macros.check_folder)
    (command,) = started
    book, page = (
        str(path) for path in (folder.parent / f"批量校验结果_{folder.name}{end}" for end in (".xlsx", ".html"))
    )
    assert command[:5] == [sys.executable, "-P", "-B", "-m", "workbook.cli.window"]
    assert command[command.index("--") + 1 :] == ["check", str(folder), "-o", book, "-o", page, "--lang", "zh"]
    assert command[7:11] == ["--open", book, "--open", page]


@pytest.mark.parametrize("taken", [".xlsx", ".html", ""])
def test_results_take_a_name_that_is_free(taken: str, started: list[list[str]], folder: Path, tmp_path: Path) -> None:
    name = f"批量校验结果_{folder.name}"
    if taken:
        (folder.parent / f"{name}{taken}").write_text("mine", encoding="utf-8")
    else:
        (folder.parent / name).mkdir()
    names = [name, f"{name}-2", f"{name}-3"]
    with in_excel(tmp_path, User(answers=[str(folder)] * 2)):
        press(macros.check_folder)
        press(macros.check_folder)  # the first may not have written yet
    opens = [Path(command[8]).stem for command in started]
    assert opens == names[1:]


def test_results_never_stand_in_the_folder_that_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    for read in (folder, folder / "乡镇", tmp_path):
        for path in batch.results_of(read):
            assert path.parent == read.parent
    root = Path(tmp_path.anchor)
    with pytest.raises(batch.Refusal, match="旁边不能写文件"):  # the user's own folder lies in it
        batch.results_of(root)


def test_results_go_to_the_user_s_folder_where_the_one_beside_may_only_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    home = tmp_path / "家"
    (home / "Documents").mkdir(parents=True)
    monkeypatch.setattr(Path, "home", lambda: home)
    usual = batch.tempfile.TemporaryFile

    def read_only(*given: Any, dir: Path, **more: Any) -> Any:  # noqa: A002 - its name
        if dir == folder.parent:
            raise PermissionError(13, "Permission denied")
        return usual(*given, dir=dir, **more)

    monkeypatch.setattr(batch.tempfile, "TemporaryFile", read_only)
    assert batch.results_of(folder)[0].parent == home / "Documents"
    (home / "Documents").rmdir()
    assert batch.results_of(folder)[0].parent == home


def test_names_that_no_system_takes_are_not_given(tmp_path: Path) -> None:
    long = tmp_path / ("长" * 80)
    long.mkdir()
    book, page = batch.results_of(long)
    assert len(book.name.encode()) <= 255
    assert (book.suffix, page.suffix) == (".xlsx", ".html")


@pytest.mark.parametrize("picked", ["::{20D04FE0-3AEA-1069-A2D8-08002B30309D}", "没有这个文件夹"])
def test_what_is_no_folder_is_refused(picked: str, started: list[list[str]], tmp_path: Path) -> None:
    user = User(answers=[picked])
    with in_excel(tmp_path, user):
        press(macros.check_folder)
    assert "不是能读取的文件夹" in user.said[-1]
    assert not started


def test_why_nothing_started_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def blocked(_: Sequence[str]) -> None:
        raise PermissionError(13, "拒绝访问。")

    def without_desktop(_: Sequence[str]) -> None:
        raise RuntimeError("(-2147221164, '没有注册类', None, None)")

    monkeypatch.setattr(window, "ways", lambda: (blocked, without_desktop, blocked))
    user = User(answers=[str(folder)])
    with in_excel(tmp_path, user):
        press(macros.check_folder)
    assert user.said[-1].startswith(f"没能启动“批量校验：{folder}”：拒绝访问；")
    assert "没有注册类" in user.said[-1]
    assert sys.executable in user.said[-1]
    assert not batch._started


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What CreateProcess was asked for."""
    calls: list[tuple[str, dict[str, Any]]] = []

    class Started:
        returncode: int | None = None

        def __init__(self, command: Sequence[str], **how: Any) -> None:
            calls.append((subprocess.list2cmdline(command), how))
            if how["creationflags"] & refused:
                raise PermissionError(13, "拒绝访问。")

    refused = window.CREATE_BREAKAWAY_FROM_JOB
    monkeypatch.setattr(window.subprocess, "Popen", Started)
    monkeypatch.setattr(window, "ways", lambda: (window._apart, window._by_desktop, window._inside))
    return calls


class Desktop:
    """What COM gives of the desktop: each call is noted."""

    def __init__(self) -> None:
        self.ran: list[tuple[Any, ...]] = []
        self.Document = self.Application = self
        self.dynamic = self

    def Dispatch(self, clsid: str) -> Desktop:  # noqa: D102, N802 - as COM names them
        assert clsid == "{9BA05972-F6A8-11CF-A442-00A0C90A8F39}"
        return self

    def VARIANT(self, kind: int, value: Any) -> tuple[int, Any]:  # noqa: D102, N802
        return kind, value

    def FindWindowSW(self, _place: Any, _root: Any, kind: int, handle: Any, options: int) -> Desktop:  # noqa: D102, N802
        assert (kind, options) == (8, 1)
        assert handle[0] & 0x4000  # by reference: it is given back
        return self

    def ShellExecute(self, *given: Any) -> None:  # noqa: D102, N802
        self.ran.append(given)


def test_a_job_that_lets_nobody_go_is_left_by_the_desktop(
    windows: list[Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    desktop, com, types = Desktop(), type(sys)("win32com"), type(sys)("pythoncom")
    com.client = desktop  # type: ignore[attr-defined]
    types.VT_I4, types.VT_EMPTY, types.VT_BYREF = 3, 0, 0x4000  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "pythoncom", types)
    monkeypatch.setitem(sys.modules, "win32com", com)
    monkeypatch.setitem(sys.modules, "win32com.client", desktop)
    odd = "D:\\年报 甲\\"
    window.start("题", [tmp_path / "a b.xlsx"], ["check", odd])
    ((_, how),) = windows
    assert how["creationflags"] == 0x10 | 0x01000000
    ((program, arguments, folder, verb, shown),) = desktop.ran
    assert (program, folder, verb, shown) == (sys.executable, str(Path.home()), "open", 1)
    assert arguments.endswith(f'--open "{tmp_path / "a b.xlsx"}" -- check "D:\\年报 甲\\\\"')


def test_without_a_desktop_it_starts_inside_the_job(windows: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pythoncom", None)  # which Windows without pywin32 says
    window.start("题", [], ["check", "x"])
    assert [how["creationflags"] for _, how in windows] == [0x10 | 0x01000000, 0x10]
    assert windows[0][0] == windows[1][0]


def test_a_python_without_a_window_gives_way_to_the_one_with(
    started: list[list[str]], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    own = tmp_path / "pythonw.exe"
    monkeypatch.setattr(sys, "executable", str(own))
    window.start("题", [], ["check"])
    (tmp_path / "python.exe").touch()
    window.start("题", [], ["check"])
    assert [command[0] for command in started] == [str(own), str(tmp_path / "python.exe")]
