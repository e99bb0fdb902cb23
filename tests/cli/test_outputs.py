"""What commands write over and what they never write over; names and files out of the ordinary."""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cases import sound
from command import nianbao
from documents import document
from packages import GOOD
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY, MISUSE, UNREADABLE

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "r.xlsx").write_bytes(GOOD)
    return tmp_path


def test_inputs_of_one_name_give_as_many_outputs(folder: Path) -> None:
    run = nianbao("convert", "a/r.xlsx", "b/r.xlsx", "c/r.xlsx", "-o", "out", cwd=folder)
    assert run.code == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["r-2.json", "r.json", "r.xlsx.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "--force", "in.xlsx", "in.json"],
        ["mark", "in.xlsx", "in-校验.xlsx", "--force"],
        ["check", "in.xlsx", "-o", "in.xlsx", "--force"],
        ["check", "in.json", "-o", "./in.json", "--force"],
    ],
)
def test_no_input_is_overwritten_even_by_force(folder: Path, arguments: list[str]) -> None:
    files = {"in.xlsx": GOOD, "in-校验.xlsx": GOOD, "in.json": workbook.to_json(sound("2021"))}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert nianbao(*arguments, cwd=folder).code == MISUSE
    assert {name: (folder / name).read_bytes() for name in files} == files


def test_a_user_s_own_part_file_is_left_alone(folder: Path) -> None:
    (folder / ".o.json.part").write_text("mine", encoding="utf-8")
    assert nianbao("convert", "a/r.xlsx", "-o", "o.json", cwd=folder).code == 0
    assert (folder / ".o.json.part").read_text(encoding="utf-8") == "mine"


def test_names_that_are_too_long_are_told(folder: Path) -> None:
    assert nianbao("check", "x" * 300 + ".xlsx", cwd=folder).code == UNREADABLE
    assert nianbao("convert", "a/r.xlsx", "-o", "y" * 300 + ".json", cwd=folder).code == MISUSE
    assert nianbao("demo", "-o", str(folder / ("z" * 300)), cwd=folder).code == MISUSE


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_special_files_are_neither_read_nor_replaced(folder: Path) -> None:
    os.mkfifo(folder / "pipe.xlsx")
    assert nianbao("check", "pipe.xlsx", cwd=folder).code == UNREADABLE
    assert nianbao("convert", "a/r.xlsx", "-o", "pipe.xlsx", "--force", cwd=folder).code == MISUSE
    assert nianbao("check", "/dev/zero", cwd=folder).code == UNREADABLE


def test_no_more_processes_than_files(folder: Path) -> None:
    start = time.monotonic()
    assert nianbao("check", "a/r.xlsx", "b/r.xlsx", "--jobs", "99999", cwd=folder).code == 0
    assert time.monotonic() - start < 20


def test_texts_that_no_cell_can_hold_are_told(folder: Path) -> None:
    data = document()
    data["body"]["name"] = "长" * 40_000
    (folder / "long.json").write_text(json.dumps(data), encoding="utf-8")
    run = nianbao("fill", "long.json", cwd=folder)
    assert run.code == FAULTY
    assert "file.not_written" in run.err
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": "😀" * 20_000})
    assert [finding.code for finding in workbook.check(report)] == ["text.too_long"]


def test_english_messages_are_english(folder: Path) -> None:
    del_ = document()
    del del_["waivers"]
    (folder / "x.json").write_text(json.dumps(del_), encoding="utf-8")
    text = nianbao("check", "x.json", "--lang", "en", cwd=folder).out.decode()
    assert "missing: waivers" in text
    (folder / "b.xlsx").write_bytes(workbook_of(sound("2021").with_cells({"documents.rules.made": None})))
    assert (
        "a whole number, 0 or more is expected" in nianbao("check", "b.xlsx", "--lang", "en", cwd=folder).out.decode()
    )
