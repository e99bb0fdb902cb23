"""Files that cannot be written: no half file is left, the others of the report are whole, and all is said."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from cases import of_office
from click.testing import CliRunner, Result

import workbook
from workbook import files
from workbook.cli import main
from workbook.exits import MISUSE, SOUND
from workbook.files import shown

ENDINGS = (".docx", ".html", "-片段.html", ".txt")
STEM = "{}2024年政府信息公开工作年度报告"
OFFICES = ("甲市教育局", "乙市公安局")


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    for name in OFFICES:
        (tmp_path / f"{name}.json").write_bytes(workbook.to_json(of_office(name)))
    return tmp_path


def published(folder: Path, *more: str) -> Result:
    inputs = [str(folder / f"{name}.json") for name in OFFICES]
    return CliRunner().invoke(main, ["publish", *inputs, "-o", str(folder / "out"), "--jobs", "1", *more])


def held(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


class _Full:
    """A disk that has room for some bytes only: what is written beyond them comes down in part, and fails."""

    def __init__(self, room: int) -> None:
        self.room = room

    def opened(self, path: Path, mode: str) -> IO[bytes]:
        file: Any = path.open(mode)
        write = file.write
        disk = self

        class Short:
            def __enter__(self) -> Any:
                return self

            def __exit__(self, *_: object) -> None:
                file.close()

            def fileno(self) -> int:
                number: int = file.fileno()
                return number

            def write(self, data: bytes) -> int:
                fits = data[: max(0, disk.room)]
                disk.room -= len(data)
                write(fits)
                if len(fits) < len(data):
                    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
                return len(data)

        return Short()  # type: ignore[return-value]


def fill(disk: _Full) -> Callable[[Path, bytes], Path]:
    """Return what writes a file as the kit does, onto a disk that fills."""

    def written(part: Path, data: bytes) -> Path:
        with disk.opened(part, "xb") as file:
            file.write(data)
        return part

    return written


def test_where_the_disk_fills_no_half_file_is_left(sent: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert published(sent).exit_code == SOUND
    whole = {path.name: path.read_bytes() for path in (sent / "out").iterdir()}
    assert len(whole) == len(OFFICES) * len(ENDINGS)
    names = [f"{STEM.format(OFFICES[0])}{ending}" for ending in ENDINGS]
    room = sum(len(whole[name]) for name in names[:2]) + 10
    for path in (sent / "out").iterdir():
        path.unlink()
    monkeypatch.setattr(files, "_written", fill(_Full(room)))
    run = published(sent)
    assert run.exit_code == MISUSE
    assert held(sent / "out") == set(names[:2])
    assert all((sent / "out" / name).read_bytes() == whole[name] for name in names[:2])
    for name in names[2:]:
        assert f"“{name}”没有写出" in run.stderr
    said = run.stderr.replace("\n", "")
    assert all(shown(sent / "out" / name) in said for name in names[:2])
    assert "file.not_written" in run.stderr
    assert "磁盘空间" in run.stderr


def test_what_fails_of_one_file_leaves_the_others_whole(sent: Path) -> None:
    assert published(sent).exit_code == SOUND
    whole = {path.name: path.read_bytes() for path in (sent / "out").iterdir()}
    hindered = f"{STEM.format(OFFICES[0])}.html"
    for path in (sent / "out").iterdir():
        path.unlink()
    (sent / "out" / hindered).mkdir()  # a folder of that name: the system refuses whoever asks
    run = published(sent, "--force")
    assert run.exit_code == MISUSE
    assert held(sent / "out") == set(whole)
    assert all((sent / "out" / name).read_bytes() == whole[name] for name in whole if name != hindered)
    assert f"“{hindered}”没有写出" in run.stderr
    assert "不是普通文件" in run.stderr


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="who may write everywhere is never refused")
def test_a_closed_folder_is_said(sent: Path) -> None:
    (sent / "out").mkdir(mode=0o500)
    run = published(sent)
    assert run.exit_code == MISUSE
    assert held(sent / "out") == set()


def test_a_file_in_place_of_the_folder_is_said(sent: Path) -> None:
    (sent / "下").write_text("mine", "utf-8")
    inputs = [str(sent / f"{name}.json") for name in OFFICES]
    run = CliRunner().invoke(main, ["publish", *inputs, "-o", str(sent / "下" / "out")])
    assert run.exit_code == MISUSE
    assert (sent / "下").read_text("utf-8") == "mine"


def test_without_force_nothing_of_a_report_is_written_beside_an_old_file(sent: Path) -> None:
    (sent / "out").mkdir()
    old = sent / "out" / f"{STEM.format(OFFICES[0])}-片段.html"
    old.write_text("mine", "utf-8")
    run = published(sent)
    assert run.exit_code == MISUSE
    assert held(sent / "out") == {old.name, *(f"{STEM.format(OFFICES[1])}{ending}" for ending in ENDINGS)}
    assert old.read_text("utf-8") == "mine"
    assert "--force" in run.stderr
