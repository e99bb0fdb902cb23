"""Collections that hand up to each other, as tests make them in this process."""

from __future__ import annotations

import json
import zipfile
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from cases import sound
from collected import HAND, added

from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK, Hand
from workbook.collect.making import make
from workbook.document.document import dump, to_document

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    import pytest

    from workbook.collect.bundle.write import Exported
    from workbook.collect.receipt import Receipt
    from workbook.report import Report

YEAR = 2025
OTHER = "disputes.suit_direct"
HEADS = "单位ID,名称,上级,类型"

COUNTY = [
    ("X", "甲县人民政府", "", "政府"), ("X1", "甲县财政局", "X", "部门"), ("X2", "甲县水利局", "X", "部门"),
    ("X3", "甲县东山镇人民政府", "X", "乡镇街道"),
]  # fmt: skip
CITY = [("S", "丙市人民政府", "", "政府"), ("S1", "丙市财政局", "S", "部门"), ("K", "甲县人民政府", "S", "政府")]


def report(name: str, figure: int = 0, *, wrong: bool = False) -> Report:
    """Return a report of an office; another figure gives another one."""
    base = sound("2021")
    cells: dict[str, Any] = {f"{OTHER}.other": 10 + figure, f"{OTHER}.total": 78 + figure + 5 * wrong}
    body = replace(base.body, name=name, credit_code=None, division_code=None)
    return replace(base, year=YEAR, body=body).with_cells(cells)


def document(name: str, figure: int = 0, *, wrong: bool = False) -> bytes:
    """Return the line of a report as JSON."""
    return dump(to_document(report(name, figure, wrong=wrong)), line=True)


@dataclass
class Office:
    """A collection in a folder; ``monkeypatch`` sets its clock."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    hand: Hand = HAND

    @classmethod
    def of(cls, folder: Path, rows: Iterable[tuple[str, str, str, str]], monkeypatch: pytest.MonkeyPatch) -> Office:
        """Return a new collection with a register of rows: key, name, key above, kind."""
        monkeypatch.setenv(CLOCK, "2026-01-05 08:00")
        register = folder.with_suffix(".csv")
        register.parent.mkdir(parents=True, exist_ok=True)
        write_register(register, rows)
        make(register, folder, YEAR, HAND, "zh")
        return cls(folder, monkeypatch, Hand(f"{folder.name}的人"))

    def at(self, clock: str) -> None:
        """Set the clock."""
        self.monkeypatch.setenv(CLOCK, clock)

    def send(self, name: str, data: bytes) -> list[Receipt]:
        """Add a file that holds some bytes."""
        path = self.folder.parent / "来件" / self.folder.name / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return added(self.folder, path)

    def add(self, *paths: Path) -> list[Receipt]:
        """Add files."""
        return added(self.folder, *paths)

    def hand_up(self, to: Path, **more: Any) -> Exported:
        """Write a bundle."""
        with changing(self.folder, self.hand) as change:
            return change.export(to, **more)

    def decide(self, what: str, unit: str, reason: str = "") -> None:
        """Decide about the newest version of a unit."""
        with closing(Collection(self.folder)) as collection:
            newest = collection.standing(unit, YEAR).versions[-1]
        with changing(self.folder, replace(self.hand, reason=reason)) as change:
            if what == "withdraw":
                change.withdraw(newest.submission)
            else:
                getattr(change, what)(newest, (unit, YEAR))

    def table(self) -> dict[str, Any]:
        """Return the standing of every unit but for numbers of this collection and what it handed up itself."""
        with closing(Collection(self.folder)) as collection:
            return {each.unit.id: standing_of(each) for each in collection.standings(YEAR)}

    def cells(self) -> dict[str, Any]:
        """Return the cells that count, by unit."""
        with closing(Collection(self.folder)) as collection:
            return {each.unit.id: cells for each, cells in collection.cells(YEAR)}

    def sums(self) -> Any:
        """Return the roll-up of everything, without numbers of this collection."""
        with closing(Collection(self.folder)) as collection:
            said = collection.rollup(YEAR).to_dict()
        return [said[key] for key in ("edition", "scope", "counts", "cells")]

    def states(self) -> dict[str, str]:
        """Return the state of every unit."""
        with closing(Collection(self.folder)) as collection:
            return {each.unit.id: each.state.key for each in collection.standings(YEAR)}


def standing_of(each: Any) -> Any:
    """Return what is known of a unit without the numbers that a collection gives."""
    versions = [
        (v.digest, v.number, v.file, v.received, v.edition, v.errors, v.warnings, v.together, v.same_again, v.decision,
         v.decided, v.by, v.reason, v.until)
        for v in each.versions
        if v.decision != "withdrawn"
    ]  # fmt: skip
    above = each.unit.name, each.unit.kind, each.unit.parent, each.unit.spells
    dates = each.due, each.first, each.until, each.reason, each.days_late
    return above, each.state.key, dates, each.current and each.current.digest, versions


def write_register(path: Path, rows: Iterable[tuple[str, str, str, str]]) -> None:
    """Write a register of rows: key, name, key above, kind."""
    path.write_text("\n".join([HEADS, *map(",".join, rows)]) + "\n", encoding="utf-8")


def repacked(bundle: Path, to: Path, change: Callable[[dict[str, bytes]], Any], *, sign: bool = False) -> Path:
    """Write a bundle of which something is otherwise; ``sign`` makes its manifest fit again."""
    import hashlib

    with zipfile.ZipFile(bundle) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    if sign:
        said = json.loads(members["manifest.json"])
        said["members"] = {
            name: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
            for name, data in members.items()
            if name != "manifest.json"
        }
        members["manifest.json"] = json.dumps(said).encode()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_STORED if name == "mimetype" else None)
    return to


def lines(members: Mapping[str, bytes], name: str) -> list[Any]:
    """Return the lines of a member as data."""
    return [json.loads(line) for line in members[name].splitlines()]


def codes(receipts: Iterable[Receipt]) -> set[str]:
    """Return what is told of files beside their checks."""
    return {finding["code"] for each in receipts for finding in each.findings}
