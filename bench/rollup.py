"""Sparse reports of four levels of offices as JSON Lines through ``collect add`` and ``collect rollup``.

``python bench/rollup.py [N] [JOBS]``: N sound reports (20,000 unless given) of units below counties,
cities and provinces; the offices above send none, so that every report is added at every level. Each step is a process
of its own, of which its processor time with that of its workers, the time on the clock and the largest memory are
printed; then how large each part of the store is. N = 300,000 is the nation; time and store should grow with N.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import workbook
from workbook import collect
from workbook.document.document import to_document
from workbook.report import Body, Report

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
EDITION, YEAR, MANY = "2021", 2025, 20_000
LEVELS = (("P", 10_000, "{}省"), ("C", 1_000, "{}市"), ("D", 100, "{}县"))
"""The offices above the units: a letter, how many units are below one, its name."""
COLUMNS = ("natural", "natural", "natural", "natural", "business", "legal_service", "other")
RESULTS = ("granted", "granted", "partial", "unavailable_not_held", "refused_law", "rejected_repeat")
ENTERED = ("enforcement.penalty.decisions", "services.licensing.decisions", "documents.normative.made",
           "documents.normative.in_force", "enforcement.coercion.decisions")  # fmt: skip
LEAST = 8
"""Bytes a report from which on a table is printed."""
SAME, SHARED = 20, "本单位严格执行政府信息公开条例，主动公开栏目按月更新，依申请公开按期答复，没有发生收费。" * 4
"""One unit in so many has a text that others have too."""


def main(many: int, jobs: int, folder: Path) -> None:
    """Make the reports, and time each step."""
    start = time.process_time()
    heavy = made(folder, many)
    print(f"{'made':14} {time.process_time() - start:8.1f} s   {many} reports, {heavy / 2**20:.0f} MB")
    step(folder, "init", "collect", "init", "名册.csv", "-o", "收报", "--year", str(YEAR))
    step(folder, "add", "collect", "add", "来件.jsonl", "-C", "收报", "--jobs", str(jobs), "--quiet", "-o", "收件.csv")
    step(folder, "add again", "collect", "add", "来件.jsonl", "-C", "收报", "--quiet", "-o", "再收.csv")
    step(folder, "rollup", "collect", "rollup", "-C", "收报", "-o", "汇总.txt")
    sizes(folder, many)
    filed(folder)
    step(folder, "against", "collect", "rollup", "-C", "收报", "--against", "本级年报.json", "-o", "差异.txt")
    for ending in ("json", "csv", "html", "xlsx"):
        step(folder, f"rollup {ending}", "collect", "rollup", "-C", "收报", "-o", f"汇总.{ending}")
    step(folder, "export", "collect", "export", "-C", "收报", "-o", "上报.zip")
    for name in ("汇总.json", "汇总.html", "汇总.xlsx", "上报.zip"):
        said(name, (folder / name).stat().st_size, many)


def step(folder: Path, name: str, *arguments: str) -> None:
    """Run a command and print its processor time, its time on the clock, and the memory of its largest process."""
    start = time.perf_counter()
    with (folder / "log").open("wb") as log:
        run = subprocess.Popen([NIANBAO, *arguments], cwd=folder, stdout=log, stderr=log)
        _, status, used = os.wait4(run.pid, 0)
    code, clock = os.waitstatus_to_exitcode(status), time.perf_counter() - start
    seconds, peak = used.ru_utime + used.ru_stime, used.ru_maxrss // 1024
    print(f"{name:14} {seconds:8.1f} s   clock {clock:8.1f} s   peak {peak:6} MB   exit {code}", flush=True)
    if code not in {0, 1}:
        print((folder / "log").read_text(encoding="utf-8")[-2000:])


def made(folder: Path, many: int) -> int:
    """Write the register and the reports, a line each; return the bytes of the latter."""
    chance = random.Random(YEAR)  # noqa: S311 - figures, no secrets
    base = to_document(idle())
    with (folder / "名册.csv").open("w", encoding="utf-8", newline="") as file:
        register = csv.writer(file)
        register.writerow(["单位ID", "名称", "上级", "类型"])
        register.writerow(["全国", "全国政府", "", "政府"])
        for (above, wide, _), (letter, each, name) in pairwise((("全国", many, ""), *LEVELS)):
            for number in range(-(-many // each)):
                parent = above if above == "全国" else f"{above}{number * each // wide}"
                register.writerow([f"{letter}{number}", f"第{name.format(number)}人民政府", parent, "政府"])
        with (folder / "来件.jsonl").open("w", encoding="utf-8") as lines:
            for number in range(many):
                office = f"第{number // LEVELS[-1][1]}县第{number}局"
                register.writerow([f"U{number}", office, f"D{number // LEVELS[-1][1]}", "部门"])
                lines.write(json.dumps(document(base, number, office, chance), ensure_ascii=False) + "\n")
    return (folder / "来件.jsonl").stat().st_size


def idle() -> Report:
    """Return the sound report of a unit that had nothing to do."""
    form = workbook.load_form(EDITION)
    texts = {
        "overview": "各项工作按计划完成。",
        "problems": "公开的主动性还不够，将加强培训。",
        "other": "没有其他事项。",
    }
    return Report(
        EDITION,
        YEAR,
        Body("单位", kind="department"),
        dict.fromkeys(form.cells, 0),
        dict.fromkeys(form.narrative_keys) | texts,
    )


def document(base: dict[str, Any], number: int, office: str, chance: random.Random) -> dict[str, Any]:
    """Return the report of a unit: few numbers, its totals right, texts of its own."""
    form = workbook.load_form(EDITION)
    cells = dict.fromkeys(form.cells, 0)
    for key in chance.sample(ENTERED, chance.randint(0, 3)):
        cells[key] = chance.randint(1, 200)
    for _ in range(int(chance.expovariate(0.4))):
        column = chance.choice(COLUMNS)
        cells[f"applications.received.{column}"] += 1
        cells[f"applications.{chance.choice(RESULTS)}.{column}"] += 1
    for key in form.parts_first:
        cells[key] = sum(sign * cells[part] for part, sign in form.calculated[key].right)
    tables: dict[str, Any] = {}
    for key, value in cells.items():
        table, row, column = key.split(".")
        tables.setdefault(table, {}).setdefault(row, {})[column] = value
    told = SHARED if number % SAME == 0 else f"{office}按要求做好政府信息公开工作，编号{number}，各项制度落实到位。" * 4
    problems = f"{office}公开的主动性还不够，将加强培训，{chance.randint(1, 10**6)}号会议已作安排。"
    texts = base["narrative"] | {"overview": told, "problems": problems}
    return base | {"body": base["body"] | {"name": office}, "tables": tables, "narrative": texts}


def filed(folder: Path) -> None:
    """Write what the office at the top filed: the sum without one unit."""
    with closing(collect.Collection(folder / "收报")) as found, closing(opened(folder)) as store:
        own = found.rollup(YEAR).report()
        (left_out,) = store.execute("SELECT id FROM submission ORDER BY weight DESC, id LIMIT 1").fetchone()
        other = found.report(left_out)
        cells: Any = {key: value - (other.cells[key] or 0) for key, value in own.cells.items()}  # type: ignore[operator]
        (folder / "本级年报.json").write_bytes(workbook.to_json(replace(own, cells=cells)))


def opened(folder: Path) -> sqlite3.Connection:
    """Open the store as anybody can."""
    return sqlite3.connect(folder / "收报" / "collection.sqlite")


def sizes(folder: Path, many: int) -> None:
    """Print how large the parts of the store are: each table with its indices, and the originals."""
    with closing(opened(folder)) as store:
        query = """SELECT tbl_name, sum(pgsize) FROM dbstat JOIN sqlite_schema USING (name)
                   GROUP BY tbl_name ORDER BY 2 DESC"""
        for table, heavy in store.execute(query):
            if heavy > LEAST * many:
                said(f"table {table}", heavy, many)
    said("store", (folder / "收报" / "collection.sqlite").stat().st_size, many)
    originals = [path.stat().st_size for path in (folder / "收报" / "originals").rglob("*") if path.is_file()]
    said("originals", sum(originals), many)


def said(name: str, heavy: int, many: int) -> None:
    """Print a size."""
    print(f"{name:22} {heavy / 2**20:8.1f} MB {heavy // many:6} bytes a report", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("many", type=int, nargs="?", default=MANY)
    parser.add_argument("jobs", type=int, nargs="?", default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        main(given.many, given.jobs, Path(name))
