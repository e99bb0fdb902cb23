"""Speed as ratios in one run: our read + check + conform + JSON beside what others need for the same file.

Warm, in one process, interleaved, medians: (a) a bare python-calamine read of the file; (b) openpyxl ``data_only`` and
jsonschema doing the same job; (c) flatten-tool's unflatten. Then ``fill`` beside ``check`` of the same file, by the
fastest of many; a folder; cold starts beside ``python -c pass``.
"""

from __future__ import annotations

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING

import flattentool
import openpyxl
from jsonschema import Draft202012Validator
from python_calamine import CalamineWorkbook

import workbook
from workbook.document.document import dump
from workbook.excel.layout import plan_of
from workbook.jobs.file import check_file, fill_file
from workbook.jobs.result import Options, Task

if TYPE_CHECKING:
    from collections.abc import Callable

FILE = Path(__file__).resolve().parent.parent / "examples" / "linan-2020.xlsx"
NIANBAO = str(Path(sys.executable).with_name("nianbao"))
LABEL = workbook.load_form("2019").table("applications").rows[5].label
ROUNDS, STARTS, FOLDER = 300, 10, 2000


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


def openpyxl_and_jsonschema() -> str:
    """Do the same job the usual way: openpyxl, sums in plain Python, jsonschema, json."""
    book = openpyxl.load_workbook(FILE, data_only=True)
    plan = plan_of("2019")
    cells = {
        key: book[table.sheet].cell(row + 1, column + 1).value
        for table in plan.tables
        for key, (row, column) in table.cells.items()
    }
    for equation in plan.form.equations():
        if equation.exact:
            assert sum(cells[key] * sign for key, sign in equation.terms) == 0
    document = json.loads(EXPECTED)
    for key, value in cells.items():
        table, row, column = key.split(".")
        document["tables"][table][row][column] = value
    VALIDATOR.validate(document)
    return json.dumps(document, ensure_ascii=False, indent=2)


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


def medians(jobs_: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the median time of each job in milliseconds; slow ones take part in every tenth round only."""
    times: dict[str, list[float]] = {name: [] for name in jobs_}
    for job in jobs_.values():
        job()
    for turn in range(ROUNDS):
        for name, job in jobs_.items():
            if turn % 10 == 0 or not name.startswith("slow"):
                start = time.perf_counter()
                job()
                times[name].append(time.perf_counter() - start)
    return {name: statistics.median(taken) * 1000 for name, taken in times.items()}


def fastest(job: Callable[[], object]) -> float:
    """Return the least processor time of a job in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        start = time.process_time()
        job()
        taken.append(time.process_time() - start)
    return min(taken) * 1000


def check_and_fill() -> tuple[float, float]:
    """Return what ``check`` of a workbook costs, and what filling one with the same report does."""
    task, options = Task(FILE), Options()
    return fastest(lambda: check_file(task, options)), fastest(lambda: fill_file(task, options))


def cold(*command: str) -> float:
    """Return the median time of starting a command, in milliseconds."""
    taken = []
    for _ in range(STARTS):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        taken.append(time.perf_counter() - start)
    return statistics.median(taken) * 1000


def folder_speed(folder: Path) -> float:
    """Return workbooks a second of the command that converts a folder, its start included."""
    data = FILE.read_bytes()
    for number in range(FOLDER):
        (folder / f"{number}.xlsx").write_bytes(data)
    start = time.perf_counter()
    subprocess.run([NIANBAO, "convert", str(folder), "-o", str(folder / "out")], check=True, capture_output=True)
    return FOLDER / (time.perf_counter() - start)


EXPECTED = ours()
VALIDATOR = Draft202012Validator(workbook.report_schema("2019"))


def main() -> None:
    """Print every ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        flat(folder)
        pasted = paste(folder)
        taken = medians(
            {
                "ours": ours,
                "pasted": lambda: ours(pasted),
                "bare": bare,
                "bare, needed sheets": bare_needed,
                "slow: openpyxl + jsonschema": openpyxl_and_jsonschema,
                "slow: flatten-tool": lambda: unflatten(folder),
            }
        )
        mine = taken["ours"]
        print(f"one workbook, warm: {mine:.2f} ms")
        print(f"  (a) x bare calamine read:              {mine / taken['bare']:.2f}   goal <= 1.5")
        print(f"      x bare read of the needed sheets:  {mine / taken['bare, needed sheets']:.2f}")
        print(
            f"  (b) openpyxl + jsonschema slower by:   {taken['slow: openpyxl + jsonschema'] / mine:.0f} x goal >= 40"
        )
        print(f"  (c) flatten-tool slower by:            {taken['slow: flatten-tool'] / mine:.0f} x")
        print(f"tables pasted into another workbook:     x {taken['pasted'] / mine:.1f}   goal <= 5")
        check, fill = check_and_fill()
        print(f"fill: {fill:.1f} ms of processor, check: {check:.1f} ms: x {fill / check:.1f}   goal <= 4")
        (folder / "many").mkdir()
        print(f"a folder: {folder_speed(folder / 'many'):.0f} workbooks a second   goal >= 500 on 2 cores")
    empty = cold(sys.executable, "-c", "pass")
    print(f"cold start, python -c pass: {empty:.0f} ms")
    print(f"  nianbao --help:     x {cold(NIANBAO, '--help') / empty:.1f}")
    print(f"  nianbao check FILE: x {cold(NIANBAO, 'check', str(FILE)) / empty:.1f}")


if __name__ == "__main__":
    main()
