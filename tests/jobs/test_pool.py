"""Worker processes end with their parent, stop in order, and no task takes another along."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from cases import of_office, sound
from command import COMMAND

import workbook
from workbook.exits import FAULT, SOUND
from workbook.jobs.file import check_file
from workbook.jobs.pool import shared
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.run import run as run_jobs
from workbook.jobs.search import search

METHODS = ["fork", "spawn", "forkserver"]
posix = pytest.mark.skipif(sys.platform == "win32", reason="it has other signals, and no process groups of this kind")


# ---- what goes wrong with one file ----------------------------------------------------------------------------------


class _Closed(Exception):  # noqa: N818
    """An exception that cannot be pickled."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one)
        self.kept = lambda: other


class _Panic(BaseException):
    """What a panic in Rust is."""


FAULTS: dict[str, Any] = {
    "unpicklable": lambda: _Closed("a", "b"),
    "deep": lambda: RecursionError("deep"),
    "hungry": MemoryError,
    "full": lambda: OSError(28, "No space left on device"),
    "leaving": lambda: SystemExit(0),
    "panic": _Panic,
    "lookup": lambda: LookupError("unknown encoding: \x1b[31m"),
}


def _fault(task: Task, options: Options) -> Result:
    """Do what the name of the file says."""
    if task.source.stem in FAULTS:
        fault = FAULTS[task.source.stem]()
        raise fault
    result = check_file(task, options)
    if task.source.stem == "result":
        return Result("x", SOUND, document={"a": lambda: None})
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of sound documents."""
    for number in range(12):
        (tmp_path / f"{number:02}.json").write_bytes(workbook.to_json(of_office(f"第{number}局")))
    return tmp_path


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("name", FAULTS)
def test_whatever_a_job_raises_is_a_finding_of_its_file(folder: Path, name: str, processes: int) -> None:
    (folder / f"{name}.json").write_bytes(b"{}")
    results = list(run_jobs(_fault, search([folder], (".json",)).tasks, Options(), processes))
    assert [result.exit_code for result in results] == [0] * 12 + [FAULT]
    (finding,) = results[-1].findings
    assert finding["code"] == "file.failed"
    assert name in finding["message"]
    assert finding["message"].isprintable()
    assert "Traceback" in (results[-1].fault or "")


def test_a_result_that_cannot_be_sent_is_a_finding_too(folder: Path) -> None:
    (folder / "result.json").write_bytes(b"{}")
    results = list(run_jobs(_fault, search([folder], (".json",)).tasks, Options(), 2))
    assert [result.exit_code for result in results] == [0] * 12 + [FAULT]


def _die(number: int) -> int:
    if number % 10 == 3:
        os._exit(9)
    return number


def _die_once(path: Path) -> str:
    if not path.exists():
        path.touch()
        os._exit(9)
    return "done"


def _lost(task: object, error: BaseException | None) -> str:
    return f"lost {task} {error}"


def test_deaths_are_told_of_their_tasks_alone() -> None:
    results = list(shared(_die, range(40), _lost, 3))
    assert results == [f"lost {number} None" if number % 10 == 3 else number for number in range(40)]


def test_a_death_that_the_task_is_not_the_cause_of_costs_nothing(tmp_path: Path) -> None:
    assert list(shared(_die_once, [tmp_path / "a", tmp_path / "b"], _lost, 2)) == ["done", "done"]


def test_nobody_has_to_take_all_results() -> None:
    """A generator that is left alone holds up neither its user nor the end of the program."""
    code = "from workbook.jobs.pool import shared\nresults = shared(abs, range(1000), None, 2)\nprint(next(results))\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=20)
    assert (done.stdout.strip(), done.stderr) == (b"0", b"")


@posix
def test_without_processes_one_does_all() -> None:
    code = (
        "import multiprocessing.connection, multiprocessing.util, resource\nfrom workbook.jobs.pool import shared\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))\nprint(sum(shared(abs, range(100), None, 2)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, timeout=20)
    assert (done.stdout.strip(), done.stderr) == (b"4950", b"")


# ---- ends of the parent ---------------------------------------------------------------------------------------------


def marking(folder: Path, method: str = "") -> subprocess.Popen[bytes]:
    """Begin to fill many workbooks in a process group of its own, and wait until the first copies are there."""
    for number in range(60):
        (folder / f"{number:02}.json").write_bytes(workbook.to_json(of_office(f"第{number}局")))
    arguments = ["fill", ".", "-o", "out", "--jobs", "2"]
    command: list[str | Path] = [COMMAND, *arguments]
    if method:
        code = f"import multiprocessing, workbook.cli\nmultiprocessing.set_start_method({method!r})\n"
        command = [sys.executable, "-c", f"{code}workbook.cli.main({arguments!r})"]
    process = subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    )
    until = time.monotonic() + 60
    while not list((folder / "out").glob("*.xlsx")):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until
        time.sleep(0.01)
    return process


def gone(group: int, seconds: float) -> bool:
    """Say whether all processes of a group are gone after some seconds at most."""
    until = time.monotonic() + seconds
    command = ["ps", "-A", "-o", "pgid=,stat="]  # where nobody waits for them, the dead are listed for a while
    while time.monotonic() < until:
        listed = subprocess.run(command, capture_output=True, check=True, text=True).stdout.splitlines()
        if not any(int(line.split()[0]) == group and "Z" not in line for line in listed):
            return True
        time.sleep(0.05)
    return False


def whole(folder: Path) -> int:
    """Return how many copies there are, having read each."""
    copies = [path for path in (folder / "out").iterdir() if path.suffix == ".xlsx"]
    for copy in copies:
        assert workbook.read(copy).cells == sound("2021").cells
    return len(copies)


@posix
@pytest.mark.parametrize("method", METHODS)
def test_workers_end_with_a_parent_that_is_killed(tmp_path: Path, method: str) -> None:
    process = marking(tmp_path, method)
    process.kill()
    process.communicate()
    assert gone(process.pid, 10)
    assert 0 < whole(tmp_path) < 60


@posix
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
@pytest.mark.parametrize("everyone", [False, True])
def test_a_signal_stops_everything_in_order(
    tmp_path: Path, method: str, number: signal.Signals, code: int, *, everyone: bool
) -> None:
    """It comes to the parent alone, as from kill, or to all, as from a terminal or from timeout."""
    process = marking(tmp_path, method)
    (os.killpg if everyone else os.kill)(process.pid, number)
    out, err = process.communicate(timeout=20)
    assert gone(process.pid, 1)
    assert process.returncode == code
    assert out == b""
    *lines, last = err.decode().splitlines()
    told = re.fullmatch(r"已停止：共 60 个文件，处理完 (\d+) 个，其余没有处理。", last)
    assert told, last
    assert int(told[1]) == whole(tmp_path) < 60
    assert sum(line.startswith("  已写出 ") for line in lines) == int(told[1])
    assert not list((tmp_path / "out").glob(".*"))


@posix
@pytest.mark.parametrize("processes", ["1", "2"])
def test_at_any_time(tmp_path: Path, processes: str) -> None:
    """At whatever moment it comes, nothing is half written and nobody is left over."""
    (tmp_path / "in").mkdir()
    for number in range(100):
        (tmp_path / "in" / f"{number:02}.json").write_bytes(workbook.to_json(of_office(f"第{number}局")))
    for moment in range(6):
        out = tmp_path / f"out{moment}"
        command = [COMMAND, "convert", "in", "-o", out.name, "--jobs", processes]
        process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, start_new_session=True)
        time.sleep(0.35 + 0.07 * moment)
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=20)
        assert gone(process.pid, 1)
        assert process.returncode in {143, -signal.SIGTERM, 0}, err.decode()
        assert b"Traceback" not in err
        for path in out.iterdir() if out.exists() else ():
            assert workbook.read(path).cells == sound("2021").cells


@posix
def test_a_process_that_reads_apart_ends_with_its_parent(root: Path) -> None:
    code = "from workbook.intake.isolate import run_isolated\nprint('begun', flush=True)\n"
    code += "run_isolated('test_isolate:hang', b'x', 'a', seconds=60)"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root / "tests/intake")},
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == b"begun\n"
    time.sleep(0.7)
    process.kill()
    process.communicate()
    assert gone(process.pid, 10)


# ---- what is written ------------------------------------------------------------------------------------------------


WRITER = """
import os, signal, sys
from pathlib import Path
from workbook import files
def stop(*_, **__):
    print("there", flush=True)
    signal.pause()
os.link = stop
files.save(Path(sys.argv[1]), b"x" * 100)
"""


@posix
def test_what_a_killed_run_left_is_swept_and_nothing_else(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", WRITER, tmp_path / "a"], stdout=subprocess.PIPE)
    assert dead.stdout
    assert dead.stdout.readline() == b"there\n"
    dead.kill()
    dead.communicate()
    (left,) = tmp_path.iterdir()
    assert left.suffix == ".part"
    kept = [tmp_path / ".o.part", tmp_path / ".123-abc.part", tmp_path / "nianbao-1.part"]
    for path in kept:
        path.touch()
    code = "import sys\nfrom pathlib import Path\nfrom workbook.files import save\nsave(Path(sys.argv[1]), b'y')"
    subprocess.run([sys.executable, "-c", code, tmp_path / "b"], check=True)
    assert sorted(tmp_path.iterdir()) == sorted([*kept, tmp_path / "b"])


@posix
def test_what_another_run_is_writing_is_left_alone(tmp_path: Path) -> None:
    import fcntl

    part = tmp_path / ".nianbao-0123456789abcdef.part"
    code = "import sys\nfrom pathlib import Path\nfrom workbook.files import save\nsave(Path(sys.argv[1]), b'y')"
    with part.open("xb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        subprocess.run([sys.executable, "-c", code, tmp_path / "b"], check=True)
        assert part.exists()
    subprocess.run([sys.executable, "-c", code, tmp_path / "c"], check=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b", "c"]
