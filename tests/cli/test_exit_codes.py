"""What a command leaves with, whatever happens to it: the contract of the exit codes, without a traceback."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from cases import of_office, sound
from command import COMMAND
from packages import GOOD
from workbooks import workbook_of

import workbook
from workbook import cli, exits
from workbook.exits import FAULT, FAULTY, MISUSE, SOUND, UNREADABLE

posix = pytest.mark.skipif(sys.platform == "win32", reason="the shell of other systems")
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is full")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound and a faulty report, and one that is none."""
    (tmp_path / "good.xlsx").write_bytes(GOOD)
    faulty = sound("2021").with_cells({"applications.received.natural": 12})
    (tmp_path / "faulty.xlsx").write_bytes(workbook_of(faulty))
    (tmp_path / "none.xlsx").write_bytes(b"PK\x03\x04")
    return tmp_path


def shell(line: str, folder: Path) -> tuple[int, str, str]:
    """Run a line of a shell, in which ``nianbao`` is the installed command; nothing is ever a traceback."""
    script = f'nianbao() {{ "{COMMAND}" "$@"; }}\n{line}'
    done = subprocess.run(["sh", "-c", script], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S607
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def injected(code: str, arguments: list[str], folder: Path) -> tuple[int, str]:
    """Run the command line after some code that breaks the kit; return its exit code and what it says."""
    script = f"import workbook.cli\n{code}\nworkbook.cli.main({arguments!r})"
    environment = {**os.environ, "TMPDIR": str(folder / "tmp")}
    (folder / "tmp").mkdir(exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=False, env=environment
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


# ---- streams --------------------------------------------------------------------------------------------------------


@posix
@full
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("check good.xlsx", MISUSE),
        ("check faulty.xlsx", MISUSE),
        ("check none.xlsx", UNREADABLE),
        ("check . --jobs 2 --format json", UNREADABLE),
        ("convert good.xlsx -o -", MISUSE),
        ("schema report", MISUSE),
        ("inspect good.xlsx", MISUSE),
        ("--help", MISUSE),
    ],
)
def test_a_full_standard_output_is_told(folder: Path, line: str, code: int) -> None:
    got, _, err = shell(f"nianbao {line} > /dev/full", folder)
    assert got == code
    assert os.strerror(errno.ENOSPC) in err
    assert shell(f"nianbao {line} >&-", folder)[0] == code


@posix
@full
@pytest.mark.parametrize(("name", "code"), [("good", SOUND), ("faulty", FAULTY), ("none", UNREADABLE)])
@pytest.mark.parametrize("streams", ["2> /dev/full", "2>&-", "<&-", "<&- 2>&-"])
def test_words_that_cannot_be_said_and_an_input_that_is_not_there_change_nothing(
    folder: Path, name: str, code: int, streams: str
) -> None:
    got, out, _ = shell(f"nianbao check {name}.xlsx {streams}", folder)
    assert got == code
    assert f"{name}.xlsx" in out
    assert shell(f"nianbao convert {name}.xlsx good.xlsx -o out --jobs 2 {streams}", folder)[0] == code
    assert (folder / "out" / "good.json").exists()


@posix
def test_without_any_stream_the_output_goes_to_no_file(folder: Path) -> None:
    assert shell("nianbao check good.xlsx -o out.txt <&- >&- 2>&-", folder)[0] == SOUND
    assert (folder / "out.txt").read_text(encoding="utf-8").startswith("good.xlsx")
    assert (folder / "good.xlsx").read_bytes() == GOOD


@posix
@pytest.mark.parametrize("line", ["check . --format json", "check . --jobs 2", "schema report", "--help"])
def test_who_reads_no_more_is_told_nothing(folder: Path, line: str) -> None:
    code, _, err = shell(f"(nianbao {line}; echo $? > code) | true", folder)
    assert (code, err) == (0, "")
    assert int((folder / "code").read_text()) in {MISUSE, UNREADABLE}


# ---- files ----------------------------------------------------------------------------------------------------------


@posix
@full
@pytest.mark.parametrize("line", ["convert good.xlsx", "mark good.xlsx", "check good.xlsx", "template"])
def test_an_output_that_cannot_be_written_is_no_finding_of_the_report(folder: Path, line: str) -> None:
    assert shell(f"nianbao {line} --force -o /dev/full", folder)[0] == MISUSE
    assert shell(f"nianbao {line} -o none.xlsx/out", folder)[0] == MISUSE


@posix
@pytest.mark.parametrize("line", ["convert good.xlsx faulty.xlsx --draft", "mark good.xlsx", "check good.xlsx"])
def test_a_full_disk_leaves_nothing_half_written(folder: Path, line: str) -> None:
    limited = f"ulimit -f 1; nianbao {line} -o out{'.xlsx' if line.startswith('check') else ''}"
    code, _, err = shell(limited, folder)
    assert code == MISUSE
    assert os.strerror(errno.EFBIG) in err
    assert not [path for path in folder.rglob("*") if path.suffix == ".part"]


def test_marking_needs_no_temporary_folder(folder: Path) -> None:
    code = f"import tempfile\ntempfile.tempdir = {str(folder / 'nowhere')!r}"
    assert injected(code, ["mark", "good.xlsx", "faulty.xlsx"], folder)[0] == FAULTY
    assert (folder / "good-校验.xlsx").exists()


# ---- faults of the kit's own ----------------------------------------------------------------------------------------

BROKEN = """
import workbook.excel.reading.by_position
def broken(*_, **__): raise RecursionError("\\x1b[31m")
workbook.excel.reading.by_position.read_sheets = broken
"""


def logged(folder: Path, said: str) -> str:
    """Return the log that is named, which is the only one and this user's alone."""
    (log,) = (folder / "tmp").glob("nianbao-*.log")
    assert said.count(str(log)) == 1
    if sys.platform != "win32":
        assert log.stat().st_mode & 0o077 == 0
    return log.read_text(encoding="utf-8")


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_fault_over_one_file_is_its_finding_and_the_others_are_done(folder: Path, processes: str) -> None:
    (folder / "other.json").write_bytes(workbook.to_json(of_office("乙局")))
    code, said = injected(BROKEN, ["check", ".", "--jobs", processes], folder)
    assert code == FAULT
    assert "other.json  2021版" in said
    assert said.count("〔file.failed〕") == 2
    assert "RecursionError" in said
    assert "\x1b" not in said
    assert logged(folder, said).count("Traceback") == 2


def test_a_fault_of_a_command_is_told_with_its_log(folder: Path) -> None:
    broken = BROKEN + "\nimport workbook.output.text\nworkbook.output.text.block = broken"
    code, said = injected(broken, ["check", "good.xlsx"], folder)
    assert code == FAULT
    assert re.fullmatch("本工具出错（RecursionError），.*。\n", said)
    assert "Traceback" in logged(folder, said)


def test_a_fault_whose_log_cannot_be_written_is_told_all_the_same(folder: Path) -> None:
    broken = f"import tempfile\ntempfile.tempdir = {str(folder / 'nowhere')!r}\n{BROKEN}"
    code, said = injected(broken, ["check", "good.xlsx"], folder)
    assert code == FAULT
    assert os.strerror(errno.ENOENT) in said


def test_no_log_is_written_for_anything_else(folder: Path) -> None:
    for arguments in (["check", "."], ["check", "--bogus"], ["convert", "good.xlsx", "-o", "none.xlsx/x"]):
        injected("", arguments, folder)
    assert not list((folder / "tmp").iterdir())


def test_misuse_is_2_however_it_is_noticed(folder: Path) -> None:
    for error in ("click.ClickException('x')", "click.FileError('x')", "click.UsageError('x')"):
        broken = f"import click, workbook.output.text as text\ndef broken(*_, **__): raise {error}\ntext.block = broken"
        assert injected(broken, ["check", "good.xlsx"], folder)[0] == MISUSE


def test_the_codes_stand_once() -> None:
    codes = [code for name, code in vars(exits).items() if type(code) is int and name.isupper()]
    assert sorted(codes) == [0, 1, 2, 3, 4, 130, 143]
    assert all(re.search(rf"\b{code}\b", cli.main.help or "") for code in codes)
