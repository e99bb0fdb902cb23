"""A reader that hangs, dies or hungers for memory takes nothing along; what it says comes through."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from workbook.intake.isolate import run_isolated
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from pathlib import Path


def echo(data: bytes, file: str) -> tuple[str, int]:
    sys.stderr.write(file)
    return file, len(data)


def refuse(_: bytes, file: str) -> None:
    raise Unreadable(make_finding("file.empty", file=file))


def hang(_data: bytes, _file: str) -> None:
    time.sleep(60)


def die(_data: bytes, _file: str) -> None:
    os._exit(0)


def hunger(_data: bytes, _file: str) -> int:
    return len(bytearray(2**31))


@pytest.fixture(autouse=True)
def _findable(monkeypatch: pytest.MonkeyPatch, root: Path) -> None:
    monkeypatch.setenv("PYTHONPATH", str(root / "tests/intake"))


def test_what_it_reads_and_refuses_comes_through() -> None:
    assert run_isolated("test_isolate:echo", b"12345", "年报 1.xls", seconds=20) == ("年报 1.xls", 5)
    with pytest.raises(Unreadable) as caught:
        run_isolated("test_isolate:refuse", b"", "年报.xls", seconds=20)
    assert [finding.code for finding in caught.value.findings] == ["file.empty"]
    assert "年报.xls" in caught.value.findings[0].message()


@pytest.mark.parametrize("reader", ["die", "hunger", "hang"])
def test_it_takes_nothing_along(reader: str) -> None:
    if reader == "hunger" and sys.platform == "win32":
        pytest.skip("Windows cannot limit the memory of a process simply")
    with pytest.raises(Unreadable) as caught:
        run_isolated(f"test_isolate:{reader}", b"", "x", seconds=1.5 if reader == "hang" else 20)
    assert [finding.code for finding in caught.value.findings] == ["file.crashed"]


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    """A user's script that reads a file at its top level is not the worker's business."""
    script = tmp_path / "script.py"
    script.write_text(
        "import workbook\nprint('begun')\n"
        "old = b'\\xd0\\xcf\\x11\\xe0\\xa1\\xb1\\x1a\\xe1' + 'Workbook\\0'.encode('utf-16-le')\n"
        "try:\n    workbook.parse(old, 'x.xls')\n"
        "except workbook.Unreadable as refusal:\n    print(refusal.findings[0].code)\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["begun", "file.damaged"]


def test_a_folder_of_that_name_is_not_taken_for_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "workbook").mkdir()
    (tmp_path / "workbook/__init__.py").write_text("raise SystemExit('strange')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert run_isolated("test_isolate:echo", b"", "x", seconds=20) == ("x", 0)
