"""The collection of a province: N workbooks added beside N checked, status, table and pages, with time and memory.

``python bench/collect.py [N] [JOBS]``: N workbooks (20,000 unless given) are made by the kit's own ``fill``, one in 500
of them hostile; each step is a process of its own, whose time and largest memory are printed. What counts is the ratio
of ``collect add`` to ``check`` of the same folder in the same run.
"""

from __future__ import annotations

import csv
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import workbook
from workbook.excel.template.build import write
from workbook.report.values import Body

if TYPE_CHECKING:
    from workbook.report import Report

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
MANY, HOSTILE, BRANCHES, PAGES = 20_000, 500, 150, 2_000
EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "linan-2020.xlsx"


def main(many: int, jobs: int) -> None:
    """Make the mailbag, and time each step."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        mailbag(folder, many)
        base = step(folder, "check", "check", "来件", "--format", "json", "-o", "结果.json", "--jobs", str(jobs))
        step(folder, "init", "collect", "init", "名册.csv", "-o", "收报", "--year", "2020")
        own = step(folder, "add", "collect", "add", "来件", "-C", "收报", "--jobs", str(jobs), "--quiet")
        print(f"add is {own / base:.2f} × check")
        step(folder, "add again", "collect", "add", "来件", "-C", "收报", "--jobs", str(jobs), "--quiet")
        # Nearly all of these reports have a warning, and so a page of their own.
        for form in ("csv", "xlsx", *(("html",) if many <= PAGES else ())):
            step(folder, f"status {form}", "collect", "status", "-C", "收报", "-o", f"状况.{form}")
        print(f"{len(list((folder / '状况').glob('**/*.html')))} pages")
        for form in ("csv", "xlsx"):
            step(folder, f"table {form}", "collect", "table", "-C", "收报", "-o", f"指标.{form}")
        store = (folder / "收报" / "collection.sqlite").stat().st_size
        print(f"store {store / 2**20:.0f} MB, {store // many} bytes a report")


def step(folder: Path, name: str, *arguments: str) -> float:
    """Run a command, print its seconds and the memory of its largest process, and return the seconds."""
    start = time.perf_counter()
    with (folder / "log").open("wb") as log:
        run = subprocess.Popen([NIANBAO, *arguments], cwd=folder, stdout=log, stderr=log)
        _, status, used = os.wait4(run.pid, 0)
    seconds = time.perf_counter() - start
    code = os.waitstatus_to_exitcode(status)
    print(f"{name:12} {seconds:8.1f} s   parent {used.ru_maxrss // 1024:5} MB   exit {code}", flush=True)
    if code not in {0, 1, 3}:
        print((folder / "log").read_text(encoding="utf-8")[-2000:])
    return seconds


def mailbag(folder: Path, many: int) -> None:
    """Write a register of units below some offices, and a workbook of each, one in 500 of them cut, empty or a bomb."""
    chance = random.Random(2020)  # noqa: S311 - figures, no secrets
    base = workbook.read(EXAMPLE)
    (folder / "来件").mkdir()
    start = time.perf_counter()
    with (folder / "名册.csv").open("w", encoding="utf-8", newline="") as file:
        register = csv.writer(file)
        register.writerow(["单位ID", "名称", "上级", "类型"])
        for branch in range(BRANCHES):
            register.writerow([f"B{branch}", f"第{branch}县人民政府", "", "政府"])
        for number in range(many):
            name = f"第{number % BRANCHES}县第{number}局"
            register.writerow([f"U{number}", name, f"B{number % BRANCHES}", "部门"])
            data = write(report(base, name, chance))
            path = folder / "来件" / f"{name}.xlsx"
            path.write_bytes(hostile(data, number // HOSTILE) if number % HOSTILE == HOSTILE - 1 else data)
    print(f"{'made':12} {time.perf_counter() - start:8.1f} s   {many} workbooks")


def report(base: Report, name: str, chance: random.Random) -> Report:
    """Return a report of other numbers that is as sound as the example: sums of sound reports are."""
    factor = chance.randint(1, 50)
    cells = {key: value * factor if isinstance(value, int) else value for key, value in base.cells.items()}
    return replace(
        base, body=Body(name), cells=cells, narrative=dict.fromkeys(base.narrative, f"{name}按时办理，情况正常。")
    )


def hostile(data: bytes, kind: int) -> bytes:
    """Return a file that is no report."""
    return (data[: len(data) // 2], b"", data[:200] + os.urandom(500) + data[700:], b"PK\3\4" + bytes(10**6))[kind % 4]


if __name__ == "__main__":
    arguments = [int(each) for each in sys.argv[1:]]
    main(*(arguments + [MANY, 0][len(arguments) :]))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    print(f"largest process {largest // 1024} MB")
