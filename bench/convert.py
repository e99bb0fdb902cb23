"""Prints how quickly one workbook becomes JSON, and what stands beside it, as ratios measured in one run.

The job of every row is spelt out in its function; times are those of the processor, the jobs of a table take turns, and
the median counts: the machine may be shared. Figures of the past, and of which machine, are in ``bench/README.md``.
"""

from __future__ import annotations

import io
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import flattentool
import openpyxl
from floor import floor
from python_calamine import CalamineWorkbook
from usual import openpyxl_and_jsonschema

import workbook
from workbook.document.document import dump
from workbook.excel.mark import mark
from workbook.jobs.file import check_file, fill_file
from workbook.jobs.result import Options, Task

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).resolve().parent.parent / "examples" / "linan-2020.xlsx"
NIANBAO = str(Path(sys.executable).with_name("nianbao"))
LABEL = workbook.load_form("2019").table("applications").rows[5].label
ROUNDS, STARTS, FOLDER = 200, 15, 2000

REPORT = workbook.read(FILE)


def ours(file: Path = FILE) -> bytes:
    """Read, check, conform, JSON."""
    report = workbook.read(file)
    findings = workbook.check(report)
    document = workbook.to_document(report, findings)
    assert workbook.is_valid(document, report.edition)
    return dump(document)


def bare() -> None:
    """Read every sheet with python-calamine and do nothing with it."""
    book = CalamineWorkbook.from_path(FILE)
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def bare_needed() -> None:
    """Read only the sheets that hold answers."""
    book = CalamineWorkbook.from_path(FILE)
    for name in book.sheet_names[1:-1]:
        book.get_sheet_by_name(name).to_python()


def unflatten(folder: Path) -> None:
    """Let flatten-tool turn the same cells, laid out as it wants them, into JSON."""
    with warnings.catch_warnings(), redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        warnings.simplefilter("ignore")
        flattentool.unflatten(
            str(folder / "flat.xlsx"),
            input_format="xlsx",
            output_name=str(folder / "out.json"),
            root_is_list=True,
            disable_local_refs=True,
        )


def flat(folder: Path) -> None:
    """Write the report as flatten-tool reads it: a line a report, a column a cell."""
    book = openpyxl.Workbook()
    report = workbook.read(FILE)
    book.active.append([key.replace(".", "/") for key in report.cells])
    book.active.append([float(value) for value in report.cells.values()])
    book.save(folder / "flat.xlsx")


def paste(folder: Path) -> Path:
    """Write all sheets below each other onto one of a fresh workbook, with a row more, so that labels are looked up."""
    book, pasted = CalamineWorkbook.from_path(FILE), openpyxl.Workbook()
    for name in book.sheet_names[1:-1]:
        for row in book.get_sheet_by_name(name).to_python(skip_empty_area=False):
            pasted.active.append([value or None if isinstance(value, str) else value for value in row])
    rows = [row[0].row for row in pasted.active.iter_rows(max_col=5) if any(cell.value == LABEL for cell in row)]
    pasted.active.insert_rows(rows[0])
    pasted.save(folder / "pasted.xlsx")
    return folder / "pasted.xlsx"


def loaded_and_saved(data: bytes) -> None:
    """Load the workbook with openpyxl and save it, changing nothing."""
    openpyxl.load_workbook(io.BytesIO(data)).save(io.BytesIO())


def signed(data: bytes) -> bytes:
    """Give a workbook a digital signature, which its marked copy is without."""
    return with_part(data, "_xmlsignatures/origin.sigs")


def shared(data: bytes) -> bytes:
    """Let several users share a workbook: it cannot be patched."""
    return with_part(data, "xl/revisions/revisionHeaders.xml")


def with_part(data: bytes, name: str) -> bytes:
    """Return a package with one more part, which is blank."""
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr(name, b"")
    return stream.getvalue()


def medians(jobs: dict[str, Callable[[], object]], rounds: int = ROUNDS) -> dict[str, float]:
    """Return the median processor time of each job in milliseconds; slow ones take part in every tenth round only."""
    times: dict[str, list[float]] = {name: [] for name in jobs}
    for job in jobs.values():
        job()
    for turn in range(rounds):
        for name, job in jobs.items():
            if turn % 10 == 0 or not name.startswith("slow"):
                start = time.process_time()
                job()
                times[name].append(time.process_time() - start)
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


def of_children(*command: str) -> float:
    """Return the processor time of a command and of all that it starts, in milliseconds; as pip compiles modules."""
    own = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)  # in microseconds; os.times counts hundredths of a second
    subprocess.run(command, check=True, capture_output=True, env=own)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000


def cold(commands: dict[str, list[str]]) -> dict[str, float]:
    """Return the median processor time of starting commands, in milliseconds."""
    for command in commands.values():
        of_children(*command)
    taken = [{name: of_children(*command) for name, command in commands.items()} for _ in range(STARTS)]
    return {name: statistics.median(each[name] for each in taken) for name in commands}


FIRST = """
import sys, time, workbook
import workbook.checks.run
report = workbook.read(sys.argv[1])
start = time.process_time()
workbook.check(report)
first = time.process_time() - start
start = time.process_time()
workbook.check(report)
print((first - (time.process_time() - start)) * 1000)
"""


def first_check() -> float:
    """Return what the first check in a process takes more than the second, in milliseconds: compiling expressions."""
    command = [sys.executable, "-c", FIRST, str(FILE)]
    runs = [subprocess.run(command, check=True, capture_output=True, text=True) for _ in range(STARTS)]
    return statistics.median(float(run.stdout) for run in runs)


def of_folder(folder: Path) -> tuple[float, float]:
    """Return processor time a workbook in milliseconds, and workbooks a second, of the command that converts many."""
    data = FILE.read_bytes()
    for number in range(FOLDER):
        (folder / f"{number}.xlsx").write_bytes(data)
    start = time.perf_counter()
    took = of_children(NIANBAO, "convert", str(folder), "-o", str(folder / "out"))
    return took / FOLDER, FOLDER / (time.perf_counter() - start)


def row(what: str, ratio: float, goal: str, times: str = "") -> None:
    """Print a line of the table."""
    print(f"{what:66} {ratio:6.2f}  {goal:8} {times}")


def warm(folder: Path) -> float:
    """Print the rows about one workbook in a process that runs; return what it takes in milliseconds."""
    flat(folder)
    pasted = paste(folder)
    taken = medians(
        {
            "ours": ours,
            "check": lambda: workbook.check(REPORT),
            "bare": bare,
            "needed": bare_needed,
            "floor": lambda: floor(FILE),
            "pasted": lambda: ours(pasted),
            "slow: usual": lambda: openpyxl_and_jsonschema(FILE),
            "slow: flatten-tool": lambda: unflatten(folder),
        }
    )
    mine, base = taken["ours"], taken["bare"]
    row("read + check + conform + JSON, beside a bare calamine read", mine / base, "<= 0.7", f"{mine:.2f} ms")
    row("  the same beside a bare read of the sheets that hold answers", mine / taken["needed"], "")
    row("all checks of a report that is read, beside that bare read", taken["check"] / base, "<= 0.12")
    row("openpyxl + jsonschema doing less, beside ours", taken["slow: usual"] / mine, ">= 45")
    row("flatten-tool's unflatten of the same cells, beside ours", taken["slow: flatten-tool"] / mine, ">= 5")
    row("ours beside the floor", mine / taken["floor"], "<= 6", f"{taken['floor']:.2f} ms")
    row("ours, tables pasted into another workbook, beside ours", taken["pasted"] / mine, "")
    return mine


def edited(pasted: Path) -> None:
    """Print the rows about workbooks that are written."""
    kit = FILE.read_bytes()
    kinds = {
        "of the kit": kit,
        "with pasted tables": pasted.read_bytes(),
        "signed": signed(kit),
        "of several users, which openpyxl writes anew": shared(kit),
    }
    for kind, data in kinds.items():
        report = workbook.parse(data, "a.xlsx")
        job = partial(mark, data, report, workbook.check(report))
        taken = medians({"mark": job, "bare": partial(loaded_and_saved, data)}, 10)
        goal = "" if kind.endswith("anew") else "<= 0.3" if data is kit else "<= 1.0"
        row(f"mark a workbook {kind}, beside openpyxl's bare load + save", taken["mark"] / taken["bare"], goal)
    task, options = Task(FILE), Options()
    taken = medians({"check": lambda: check_file(task, options), "fill": lambda: fill_file(task, options)}, 50)
    row("fill beside check of the same file", taken["fill"] / taken["check"], "")


def main() -> None:
    """Print every ratio."""
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors; ratio, goal")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mine = warm(folder)
        (folder / "many").mkdir()
        each, speed = of_folder(folder / "many")
    row(f"a folder of {FOLDER}, processor a file, beside the warm file", each / mine, "<= 1.3", f"{speed:.0f} a second")
    commands = {
        "help": [NIANBAO, "--help"],
        "check": [NIANBAO, "check", str(FILE)],
        "pass": [sys.executable, "-c", "pass"],
    }
    taken = cold(commands)
    row("nianbao check FILE, beside python -c pass", taken["check"] / taken["pass"], "<= 8", f"{taken['check']:.0f} ms")
    row("nianbao --help, beside python -c pass", taken["help"] / taken["pass"], "")
    with tempfile.TemporaryDirectory() as name:
        edited(paste(Path(name)))
    print(f"first check in a process, more than the second: {first_check():.0f} ms   goal <= 20")


if __name__ == "__main__":
    main()
