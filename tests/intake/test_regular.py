"""What is no ordinary file is refused at once, in both languages; nobody waits for who might write."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from command import nianbao

from workbook.files import load, refuse_existing
from workbook.intake.regular import NotRegularError, vet_regular
from workbook.report import Unreadable

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files in folders")


@pytest.fixture(params=["pipe", "socket", "device"])
def special(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A file that is none."""
    path = tmp_path / "年报.xlsx"
    if request.param == "pipe":
        os.mkfifo(path)
        yield path
    elif request.param == "socket":
        monkeypatch.chdir(tmp_path)  # the name of a socket may not be long
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(path.name)
            yield path
    else:
        yield Path("/dev/zero")


def test_it_is_told(special: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        load(special)
    (finding,) = refused.value.findings
    assert finding.code == "file.special"
    assert "不是普通文件" in finding.message("zh")
    assert "no ordinary file" in finding.message("en")


def test_no_output_goes_there(special: Path) -> None:
    with pytest.raises(NotRegularError):
        refuse_existing(special, force=True)


def test_files_and_folders_pass(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a", encoding="utf-8")
    assert vet_regular(tmp_path / "a").st_size == 1
    assert vet_regular(tmp_path)
    with pytest.raises(FileNotFoundError):
        vet_regular(tmp_path / "b")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["check", "{pipe}"], 3),
        (["convert", "{pipe}"], 3),
        (["check", "{file}", "--previous", "{pipe}"], 3),
        (["check", "{file}", "--config", "{pipe}"], 2),
        (["check", "{file}", "--waivers", "{pipe}"], 2),
        (["check", "{file}", "-o", "{pipe}"], 2),
        (["check", "{file}", "-o", "{pipe}", "--force"], 2),
        (["fill", "{file}", "-o", "{book}", "--force"], 2),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_command_refuses_a_pipe(arguments: list[str], code: int, lang: str, root: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "管道.html"
    os.mkfifo(pipe)
    os.mkfifo(tmp_path / "管道.xlsx")
    names = {"pipe": pipe, "book": tmp_path / "管道.xlsx", "file": root / "examples/linan-2020.json"}
    done = nianbao(*(each.format(**names) for each in arguments), "--lang", lang, cwd=tmp_path)
    said = done.out.decode() + done.err
    assert done.code == code
    assert ("普通文件" if lang == "zh" else "ordinary file") in said
