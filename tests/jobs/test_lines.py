"""Many documents in one file: written line by line, gone on with after an interruption, read by every command."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from cases import of_office, sound
from command import COMMAND, installed, nianbao

import workbook
from workbook.document.document import dump, to_document
from workbook.exits import FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.intake.lines import lines_in, span_of

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="it has other signals")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with forty reports in it, one of them faulty."""
    (tmp_path / "in").mkdir()
    for number in range(40):
        report = of_office(f"第{number}局")
        report = report.with_cells({"applications.received.natural": 1}) if number == 7 else report
        (tmp_path / "in" / f"{number:02}.json").write_bytes(workbook.to_json(report))
    return tmp_path


def names(path: Path) -> list[str]:
    return [json.loads(line)["body"]["name"] for line in path.read_bytes().splitlines()]


def test_lines_are_read_by_name_and_by_number(folder: Path) -> None:
    assert nianbao("convert", "in", "-o", "all.jsonl", cwd=folder).code == FAULTY
    run = nianbao("check", "all.jsonl", "--format", "json", cwd=folder)
    assert (run.code, list(run.codes)) == (SOUND, [f"all.jsonl#{number}" for number in range(1, 40)])
    assert nianbao("inspect", "all.jsonl#3", cwd=folder).out.decode().startswith("2021版  2024  第2局")
    assert nianbao("check", "all.jsonl#40", cwd=folder).code == UNREADABLE
    assert nianbao("fill", "all.jsonl", "-o", "books", "--jobs", "1", cwd=folder).code == SOUND
    assert len(list((folder / "books").glob("all-*.xlsx"))) == 39
    assert nianbao("convert", "all.jsonl", "-o", "again.jsonl", cwd=folder).code == SOUND
    assert names(folder / "again.jsonl") == names(folder / "all.jsonl")
    run = nianbao("check", "in/00.json", "--previous", "all.jsonl", cwd=folder)
    assert run.code == SOUND


def test_blank_lines_count_and_are_passed_over(tmp_path: Path) -> None:
    line = dump(to_document(sound("2021")), line=True)
    other = dump(to_document(of_office("乙局")), line=True)
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n  \r\n" + line.rstrip(b"\n") + b"\r\n\n" + other.rstrip(b"\n"))
    assert [each.name for each in lines_in(path)] == ["a.jsonl#3", "a.jsonl#5"]
    start, end = span_of(path, 5) or (0, 0)
    assert path.read_bytes()[start:end] == other.rstrip(b"\n")
    assert [span_of(path, number) for number in (0, 1, 2, 4, 6)] == [None] * 5
    assert list(nianbao("check", ".", "--format", "json", cwd=tmp_path).codes) == ["a.jsonl#3", "a.jsonl#5"]


def test_a_line_that_is_no_report_stops_no_other(tmp_path: Path) -> None:
    line = dump(to_document(sound("2021")), line=True)
    (tmp_path / "a.jsonl").write_bytes(b"{}\n" + line + b"{torn")
    run = nianbao("check", "a.jsonl", "--format", "json", cwd=tmp_path)
    assert run.code == UNREADABLE
    assert run.codes == {"a.jsonl#1": ["file.not_a_report"], "a.jsonl#2": [], "a.jsonl#3": ["file.not_json"]}


def test_what_exists_is_refused_before_the_work(folder: Path) -> None:
    for name in ("all.jsonl", "all.csv", "all.html"):
        (folder / name).write_bytes(b"mine")
        command = "convert" if name.endswith("jsonl") else "check"
        run = nianbao(command, "in", "-o", name, cwd=folder)
        assert run.code == MISUSE
        assert "00.json" not in run.err + run.out.decode()
        assert (folder / name).read_bytes() == b"mine"
    assert nianbao("convert", "in", "-o", "all.jsonl", "--force", cwd=folder).code == FAULTY
    assert len(names(folder / "all.jsonl")) == 39


def test_nothing_made_is_no_file(folder: Path) -> None:
    assert nianbao("convert", "in/07.json", "-o", "one.jsonl", cwd=folder).code == FAULTY
    assert sorted(path.name for path in folder.iterdir()) == ["in"]


@pytest.mark.parametrize("tail", [b"", b'{"$schema": "urn:nian'])
def test_what_was_begun_is_gone_on_with(folder: Path, tail: bytes) -> None:
    assert nianbao("convert", "in", "-o", "all.jsonl", cwd=folder).code == FAULTY
    whole = (folder / "all.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    (folder / "all.jsonl").unlink()
    part = folder / "all.jsonl.part"
    part.write_bytes(b"".join(lines[:11]) + tail)
    refused = nianbao("convert", "in", "-o", "all.jsonl", cwd=folder)
    assert refused.code == MISUSE
    assert "--resume" in refused.err
    run = nianbao("convert", "in", "-o", "all.jsonl", "--resume", cwd=folder)
    assert run.code == FAULTY
    assert run.err.count("〔skipped.current〕") == 11
    assert (folder / "all.jsonl").read_bytes() == whole
    assert not part.exists()


def test_lines_of_another_version_are_not_gone_on_with(folder: Path) -> None:
    assert nianbao("convert", "in", "-o", "all.jsonl", "--contract", "1", cwd=folder).code == FAULTY
    (folder / "all.jsonl").rename(folder / "all.jsonl.part")
    before = (folder / "all.jsonl.part").read_bytes()
    assert nianbao("convert", "in", "-o", "all.jsonl", "--resume", cwd=folder).code == MISUSE
    assert (folder / "all.jsonl.part").read_bytes() == before


def test_a_folder_is_gone_on_with(folder: Path) -> None:
    assert nianbao("convert", "in", "-o", "out", cwd=folder).code == FAULTY
    for number in (3, 20):
        (folder / "out" / f"{number:02}.json").unlink()
    run = nianbao("convert", "in", "-o", "out", "--resume", cwd=folder)
    assert run.code == FAULTY
    assert run.err.count("〔skipped.current〕") == 37
    assert run.err.count("已写出 out") == 2
    (folder / "in" / "05.json").write_bytes(workbook.to_json(of_office("新局")))
    run = nianbao("convert", "in", "-o", "out", "--resume", cwd=folder)
    assert run.code == MISUSE  # what was written is of another report, and is not overwritten
    assert run.err.count("已有这个文件") == 1


def test_a_line_named_beside_its_file_is_taken_once(folder: Path) -> None:
    assert nianbao("convert", "in", "-o", "all.jsonl", cwd=folder).code == FAULTY
    for arguments in (("all.jsonl", "all.jsonl#3", "all.jsonl"), ("all.jsonl#3", "all.jsonl", "all.jsonl#3")):
        run = nianbao("check", *arguments, "--format", "json", cwd=folder)
        assert sorted(run.codes) == sorted(f"all.jsonl#{number}" for number in range(1, 40))
        assert len(run.json) == 39
        assert run.err.count("〔skipped.twice〕") == 2


def test_a_file_that_is_really_called_like_a_line_is_a_file(tmp_path: Path) -> None:
    line = dump(to_document(sound("2021")), line=True)
    (tmp_path / "a.jsonl").write_bytes(line)
    (tmp_path / "a.jsonl#1").write_bytes(dump(to_document(of_office("乙局"))))
    before = (tmp_path / "a.jsonl#1").read_bytes()
    assert "乙局" in nianbao("inspect", "a.jsonl#1", cwd=tmp_path).out.decode()
    assert nianbao("check", "a.jsonl", "-o", "a.jsonl#1", "--format", "json", cwd=tmp_path).code == MISUSE
    run = nianbao("check", "a.jsonl#1", "-o", "a.jsonl#1", "--force", "--format", "json", cwd=tmp_path)
    assert run.code == MISUSE
    assert (tmp_path / "a.jsonl#1").read_bytes() == before


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no pipes with names")
@pytest.mark.parametrize("name", ["x.jsonl", "x.json", "x.xlsx", "x.txt"])
def test_a_pipe_is_told_and_never_waited_for(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / name)
    for arguments in ((name,), (".",)):
        assert nianbao("check", *arguments, cwd=tmp_path).code == UNREADABLE
    assert nianbao("check", f"{name}#1", cwd=tmp_path).code == UNREADABLE


def test_force_keeps_the_mode_of_a_file_of_lines(folder: Path) -> None:
    path = folder / "all.jsonl"
    path.write_bytes(b"")
    path.chmod(0o640)
    assert nianbao("convert", "in", "-o", "all.jsonl", "--force", cwd=folder).code == FAULTY
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert len(names(path)) == 39


@POSIX
def test_a_full_disk_is_told_and_what_was_written_is_gone_on_with(folder: Path) -> None:
    limited = f"ulimit -f 60; exec {COMMAND} convert in -o all.jsonl --jobs 1"
    run = subprocess.run(["/bin/sh", "-c", limited], cwd=folder, capture_output=True, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr, "all.jsonl.part 没有写完" in run.stderr) == (MISUSE, False, True)
    assert run.stderr.count("✓ 没有错误") == (folder / "all.jsonl.part").read_bytes().count(b"\n") > 5
    assert nianbao("convert", "in", "-o", "all.jsonl", "--resume", cwd=folder).code == FAULTY
    assert len(names(folder / "all.jsonl")) == 39


@POSIX
@pytest.mark.parametrize("switch", ["--resume", "--force"])
def test_two_runs_into_one_file_of_lines_do_not_meet(folder: Path, switch: str) -> None:
    command = [COMMAND, "convert", "in", "-o", "all.jsonl", "--jobs", "1"]
    with (folder / "told").open("wb") as told_to, subprocess.Popen(command, cwd=folder, stderr=told_to) as first:
        part = folder / "all.jsonl.part"
        until = time.monotonic() + 20
        while not (part.exists() and part.stat().st_size) and time.monotonic() < until:
            time.sleep(0.005)
        first.send_signal(signal.SIGSTOP)
        second = nianbao("convert", "in", "-o", "all.jsonl", switch, cwd=folder)
        first.send_signal(signal.SIGCONT)
        assert first.wait(30) == FAULTY
    assert second.code == MISUSE
    assert "all.jsonl.part" in second.err
    assert len(names(folder / "all.jsonl")) == len(set(names(folder / "all.jsonl"))) == 39
    assert not part.exists()


@pytest.mark.parametrize("output", ["all.jsonl", "out"])
def test_going_on_knows_what_zeros_and_waivers_made_of_a_report(tmp_path: Path, output: str) -> None:
    (tmp_path / "in").mkdir()
    blank = of_office("甲局").with_cells({"applications.received.natural": None})
    (tmp_path / "in" / "a.json").write_bytes(workbook.to_json(blank))
    (tmp_path / "in" / "b.json").write_bytes(workbook.to_json(of_office("乙局")))
    waiver = {"code": "text.contradicts", "at": "overview", "reason": "已核实", "by": "甲", "date": "2025-01-20"}
    kept = {"waivers": [{"body": "乙局", "year": 2024, **waiver}]}
    (tmp_path / "waivers.json").write_text(json.dumps(kept), encoding="utf-8")
    switches = ("convert", "in", "-o", output, "--draft", "--blank", "zero", "--waivers", "waivers.json")
    first = nianbao(*switches, cwd=tmp_path)
    if output.endswith(".jsonl"):
        (tmp_path / output).rename(tmp_path / f"{output}.part")
    again = nianbao(*switches, "--resume", cwd=tmp_path)
    assert again.code == first.code == FAULTY, again.err  # what fails is told again, and not written again
    assert again.err.count("〔skipped.current〕") == 1, (first.err, again.err)
    path = tmp_path / output
    assert len(names(path) if path.is_file() else list(path.iterdir())) == 2


@POSIX
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_what_was_told_was_written(folder: Path, number: signal.Signals) -> None:
    command = [COMMAND, "convert", "in", "-o", "all.jsonl", "--jobs", "2"]
    with (folder / "told").open("wb") as told_to:
        process = subprocess.Popen(command, cwd=folder, stderr=told_to)
        time.sleep(0.9)
        process.send_signal(number)
        process.wait(20)
    told = (folder / "told").read_text(encoding="utf-8").count("✓ 没有错误")
    path = folder / "all.jsonl"
    written = path if path.exists() else folder / "all.jsonl.part"
    lines = written.read_bytes().count(b"\n") if written.exists() else 0
    assert told <= lines <= told + 1
    assert (
        installed("convert", "in", "-o", "all.jsonl", "--resume", *(["--force"] * path.exists()), cwd=folder).code
        == FAULTY
    )
    assert len(names(path)) == 39


def test_results_come_in_order_as_they_are_made(folder: Path) -> None:
    """The first is printed long before the last is done: a pipe that is closed after it ends the run quietly."""
    process = subprocess.Popen([COMMAND, "check", "in", "--jobs", "1"], cwd=folder, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline().decode().startswith("in/00.json")
    process.kill()
    process.communicate()
