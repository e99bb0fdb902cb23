"""Collections of a few units for sums: a register, reports with numbers at random, and the sum added up by hand."""

from __future__ import annotations

import json
import random
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from cases import sound, totalled
from collected import HAND, added

import workbook
from workbook.collect.collection import Collection
from workbook.collect.making import make
from workbook.report import Body, Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from workbook.collect.rollup.rollup import RollUp

YEAR = 2025
KINDS = {"government": "人民政府", "department": "政府部门", "township": "乡镇或街道", "other": "其他机关"}


@dataclass
class Office:
    """A unit of a made-up register; ``report`` is what it sent, ``scope`` what that is about."""

    id: str
    parent: str = ""
    kind: str = "department"
    counted: bool = True
    report: Report | None = None
    scope: str = "all"
    below: list[Office] = field(default_factory=list)


def filled(seed: int, name: str, edition: str = "2021", year: int = YEAR, rich: int = 40) -> Report:
    """Return a report with numbers at random, its totals right."""
    chosen = random.Random(f"{seed} {name}")  # noqa: S311 - made-up numbers
    base = sound(edition)
    form = base.form
    cells: dict[str, Any] = {key: 0 for key in form.cells if key not in form.calculated}
    for key in chosen.sample(sorted(cells), min(rich, len(cells))):
        cells[key] = chosen.randint(1, 900)
    fee = "fees.fee.amount"
    if fee in cells:
        cells[fee] = workbook.report.number(chosen.randint(0, 10**9) / 10**6) or 0
    report = totalled(base.with_cells(cells))
    return balanced(replace(report, year=year, body=Body(name, None, None, None)))


def balanced(report: Report) -> Report:
    """Return a report in which received and brought forward equal concluded and carried forward."""
    cells: dict[str, Any] = dict(report.cells)
    for equation in report.form.equations():
        if equation.code == "applications.balance" and equation.at.key != "total":
            left, right = (sum(cells[key] for key, _ in side) for side in (equation.left, equation.right))
            column = equation.at.key
            row = "received" if right > left else "carried_forward"
            cells[f"applications.{row}.{column}"] += abs(right - left)
    return totalled(replace(report, cells=cells))


def collection(folder: Path, offices: Sequence[Office], *more: Report) -> Collection:
    """Make a collection of the year with these units, and hand in what they report."""
    lines = ["单位ID,名称,上级,类型,计入汇总"]
    lines += [
        f"{each.id},{each.id},{each.parent},{KINDS[each.kind]},{'是' if each.counted else '否'}" for each in offices
    ]
    folder.mkdir(parents=True, exist_ok=True)
    register = folder / "名册.csv"
    register.write_text("\n".join(lines), encoding="utf-8-sig")
    make(register, folder / "收报", YEAR, HAND, "zh")
    reports = [each.report for each in offices if each.report] + list(more)
    if reports:
        send(folder / "收报", folder / "来件.jsonl", *reports)
    return Collection(folder / "收报")


def send(store: Path, file: Path, *reports: Report) -> None:
    """Hand in reports as a file of lines."""
    file.write_bytes(
        b"".join(
            json.dumps(json.loads(workbook.to_json(each)), ensure_ascii=False).encode() + b"\n" for each in reports
        )
    )
    receipts = added(store, file)
    assert {each.outcome for each in receipts} <= {"received"}, [each.outcome for each in receipts]


def entering(office: Office) -> Iterator[Report]:
    """Yield the reports that enter the sum of what is above an office, as a person would choose them."""
    if not office.counted:
        return
    lower = office.below
    if office.report:
        yield office.report
        lower = {"all": [], "own": lower, "level": [one for one in lower if one.kind in {"government", "township"}]}[
            office.scope
        ]
    for each in lower:
        yield from entering(each)


def added_up(reports: Sequence[Report], cell: str) -> Any:
    """Return the sum of a cell, blanks left out."""
    return sum((report.cells[cell] or 0 for report in reports), start=0)  # type: ignore[operator, misc]


def less(report: Report, other: Report, sign: int = -1) -> Report:
    """Return a report with another taken off, or added, cell by cell."""
    form = report.form
    cells: dict[str, Any] = dict(report.cells)
    for key in form.cells:
        cells[key] = (cells[key] or 0) + sign * (other.cells[key] or 0)  # type: ignore[operator]
    return replace(report, cells=cells)


def parts(summed: RollUp) -> dict[str, str]:
    """Return how every unit stands in a sum."""
    return {each.unit.id: each.part.key for each in summed.members}


def counted(summed: RollUp) -> Counter[str]:
    """Return how many units stand in a sum in each way."""
    return Counter(parts(summed).values())


__all__ = [
    "YEAR",
    "Office",
    "added_up",
    "balanced",
    "closing",
    "collection",
    "counted",
    "entering",
    "filled",
    "less",
    "parts",
    "send",
]  # fmt: skip
