"""The program of the window that 批量校验 works in: it runs a command, names its results and waits to be read."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cases import of_office
from packages import GOOD
from workbooks import workbook_of

from workbook.cli import window
from workbook.exits import FAULT, FAULTY, MISUSE, SOUND, UNREADABLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a sound report and a faulty one."""
    (tmp_path / "报 送").mkdir()
    (tmp_path / "报 送" / "甲局.xlsx").write_bytes(GOOD)
    faulty = of_office("乙局").with_cells({"applications.received.natural": 12})
    (tmp_path / "报 送" / "乙局.xlsx").write_bytes(workbook_of(faulty))
    return tmp_path


def run(*arguments: str | Path, cwd: Path, said: str = "\n") -> tuple[int, str]:
    """Run the window's program as the add-in starts it; return its exit code and what stands in the window."""
    command = [sys.executable, "-P", "-B", "-m", "workbook.cli.window", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, input=said, capture_output=True, encoding="utf-8", check=False)
    return done.returncode, done.stdout + done.stderr


def test_a_folder_is_checked_and_its_results_are_named(folder: Path) -> None:
    book, page = folder / "结果 甲.xlsx", folder / "结果 甲.html"
    arguments = ("--title", "批量校验", "--open", book, "--open", page, "--")
    code, text = run(*arguments, "check", folder / "报 送", "-o", book, "-o", page, "--lang", "zh", cwd=folder)
    assert code == FAULTY
    lines = text.splitlines()
    assert lines[0].startswith("请稍候")
    assert "共 2 份：1 份没有错误，1 份有错误，0 份无法读取" in lines
    done = lines.index("做完了，结果在：")
    assert lines[done:] == ["做完了，结果在：", f"    {book}", f"    {page}", "按回车键关闭这个窗口。"]
    assert book.exists()
    assert page.exists()


def test_files_that_cannot_be_read_are_in_the_results(folder: Path) -> None:
    (folder / "报 送" / "坏.xlsx").write_bytes(b"PK")
    book = folder / "a.xlsx"
    code, text = run("--open", book, "--", "check", folder / "报 送", "-o", book, "-o", folder / "a.html", cwd=folder)
    assert code == UNREADABLE
    assert "有文件读不出来，是哪些、为什么，见结果。做完了，结果在：" in text


@pytest.mark.parametrize("said", ["", "\n", "x\n"])
def test_nobody_to_press_enter_is_no_fault(said: str, folder: Path) -> None:
    code, text = run("--", "check", folder / "报 送" / "甲局.xlsx", "-o", folder / "a.xlsx", cwd=folder, said=said)
    assert (code, "Traceback" in text) == (SOUND, False)


def test_why_it_was_not_done_stands_in_the_window(folder: Path) -> None:
    old = folder / "old.xlsx"
    old.write_text("mine", encoding="utf-8")
    code, text = run("--open", old, "--", "check", folder / "报 送", "-o", old, cwd=folder)
    assert code == MISUSE
    assert "已有" in text
    assert "没有全部做完，原因见上面的文字。退出码 2。" in text
    assert f"    {old}" not in text.splitlines()  # it was there before, and is no result
    assert text.splitlines()[-1] == "按回车键关闭这个窗口。"
    assert run("--", "check", folder / "none", cwd=folder)[0] == UNREADABLE


def test_the_window_waits_until_it_was_read(folder: Path) -> None:
    command = [sys.executable, "-m", "workbook.cli.window", "--", "check", str(folder / "none")]
    waiting = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=folder)
    assert waiting.stderr
    for line in waiting.stderr:
        if "按回车键".encode() in line:
            break
    time.sleep(0.2)
    assert waiting.poll() is None
    waiting.communicate(b"\n")
    assert waiting.returncode == UNREADABLE


def test_what_nobody_expected_stays_in_the_window(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(_: Any) -> None:
        raise ZeroDivisionError("nobody expected it")

    monkeypatch.setattr("workbook.cli.main", broken)
    monkeypatch.setattr("builtins.input", lambda: "")
    with pytest.raises(SystemExit) as left:
        window.main(["--", "check", str(folder)])
    assert left.value.code == FAULT
    assert "nobody expected it" in capsys.readouterr().err


def test_results_are_opened_by_windows_and_one_that_is_not_is_told(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Path] = []

    def startfile(path: Path) -> None:
        opened.append(path)
        if path.suffix == ".html":
            raise OSError(1155, "没有应用程序与此操作的指定文件有关联。")

    titles: list[str] = []
    monkeypatch.setattr(window, "_entitle", titles.append)
    monkeypatch.setattr("builtins.input", lambda: "")
    monkeypatch.setattr(os, "startfile", startfile, raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    made = [folder / "a.xlsx", folder / "a.html"]

    def command(_: Any) -> None:
        for path in made:
            path.write_text("made", encoding="utf-8")
        raise SystemExit(FAULTY)

    monkeypatch.setattr("workbook.cli.main", command)
    with pytest.raises(SystemExit) as left:
        window.main(
            ["--title", "题", *(part for path in made for part in ("--open", str(path))), "--", "check", "--lang", "zh"]
        )
    assert (left.value.code, opened, titles) == (FAULTY, made, ["题"])
    assert "a.html 没有程序能打开（没有应用程序与此操作的指定文件有关联。）" in capsys.readouterr().err
