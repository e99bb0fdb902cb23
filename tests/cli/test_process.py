"""The process of the command: what it begins and ends with, and that its memory stays bounded all the same."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

CODE = """
import gc, json, sys
from workbook.__main__ import run
usual, before = gc.get_threshold(), gc.get_stats()[0]["collections"]
sys.argv = ["nianbao", "check", "--jobs", "1", "--quiet", sys.argv[1]]
try:
    run()
except SystemExit as leaving:
    told = {"code": leaving.code, "usual": gc.get_threshold() == usual, "left": len(gc.callbacks)}
sys.stderr.write(json.dumps({**told, "times": gc.get_stats()[0]["collections"] - before}))
"""


def _told(path: Path) -> dict[str, Any]:
    """Return what a run left behind: its exit code, and how cycles were looked for."""
    command = [sys.executable, "-c", CODE, path]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    return dict(json.loads(done.stderr))


def test_one_workbook_is_checked_before_cycles_are_looked_for(root: Path) -> None:
    assert _told(root / "examples/linan-2020.xlsx") == {"code": 0, "usual": False, "left": 1, "times": 0}


def test_of_many_workbooks_cycles_are_looked_for_as_usual(root: Path, tmp_path: Path) -> None:
    openpyxl.load_workbook(root / "examples/linan-2020.xlsx").save(tmp_path / "0.xlsx")  # not written as usual
    for number in range(1, 12):
        shutil.copy(tmp_path / "0.xlsx", tmp_path / f"{number}.xlsx")
    told = _told(tmp_path)
    assert told.pop("times") > 1
    assert told == {"code": 0, "usual": True, "left": 0}


def test_the_command_and_the_module_are_one(root: Path) -> None:
    command = [sys.executable, "-m", "workbook", "check", "--quiet", root / "examples/linan-2020.xlsx"]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    wrong = subprocess.run([*command[:3], "--lang", "en", "chek"], capture_output=True, encoding="utf-8", check=False)
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("Usage: nianbao ")
