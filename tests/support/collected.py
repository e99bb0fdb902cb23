"""Collections as tests make them: through the command with a clock that is set, or in this process."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from command import Run, nianbao

from workbook.cli.collect.adding import _tasks
from workbook.collect.account import Account
from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK, Hand, now
from workbook.collect.store import FILE

if TYPE_CHECKING:
    from workbook.collect.receipt import Receipt

HAND = Hand("测试员")
JANUARY, FEBRUARY = "2026-01-05 10:00", "2026-02-03 10:00"
AGAIN = {"id", "at", "received", "since", "delivery", "same_as", "submission", "previous", "register"}
"""Columns that are times and numbers."""


@dataclass
class Desk:
    """A collection in a folder, as people at the command use it; ``clock`` is what time it is."""

    folder: Path
    clock: str = "2026-02-03 10:00"

    def __call__(self, verb: str, *arguments: str | Path | int, clock: str = "", cwd: Path | None = None) -> Run:
        """Run a command of the collection."""
        self.clock = clock or self.clock
        where = [] if verb == "init" else ["-C", str(self.folder)]
        return nianbao("collect", verb, *arguments, *where, cwd=cwd or self.folder.parent, **{CLOCK: self.clock})

    def status(self, *arguments: str) -> Any:
        """Return the status as JSON."""
        return self("status", "--format", "json", *arguments).json

    def states(self) -> dict[str, str]:
        """Return the state of every unit."""
        return {unit["id"]: unit["state"] for unit in self.status()["units"]}


def added(folder: Path, *inputs: Path, jobs: int = 1, year: int | None = None) -> list[Receipt]:
    """Add files to a collection in this process, and return their receipts, those that were passed over first."""
    with changing(folder, HAND) as change:
        collection = Collection(folder)
        with closing(collection):
            account = Account(collection, year or collection.year(), now(), HAND.by, "zh")
            for receipt in change.add(_tasks(inputs, collection, account, "zh"), now(), year, jobs):
                account.take(receipt)
            for again in change.settle(jobs):
                account.settle(again)
    return account.receipts


def tables(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return all that a store holds but times and numbers; what is told by number is told by digest instead."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.row_factory = sqlite3.Row
        names = [row["name"] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        digests = dict(db.execute("SELECT id, digest FROM submission").fetchall())
        files = dict(db.execute("SELECT id, digest FROM received").fetchall())
        found = {}
        for name in set(names) - {"delivery"}:
            rows = db.execute(f"SELECT * FROM [{name}]").fetchall()  # noqa: S608
            found[name] = sorted((_known(name, row, digests, files) for row in rows), key=repr)
        return found


def _known(table: str, row: sqlite3.Row, digests: dict[int, str], files: dict[int, str]) -> tuple[Any, ...]:
    told = [row[key] for key in row.keys() if key not in AGAIN]  # noqa: SIM118 - a row is no mapping
    told += [digests.get(row[key]) for key in ("submission", "same_as", "previous") if key in row.keys()]  # noqa: SIM118
    if table == "submission":
        told.append(files[row["received"]])
    return tuple(told)


def codes_of(folder: Path, submission: int) -> set[str]:
    """Return the codes of errors and warnings that the newest check of a submission found."""
    collection = Collection(folder)
    with closing(collection):
        return {each["code"] for each in collection.findings(submission) if each["level"] != "info"}


def originals(folder: Path) -> set[str]:
    """Return the files that are kept, with what is half written."""
    return {path.name for path in (folder / "originals").rglob("*") if path.is_file()}


def events(folder: Path) -> list[dict[str, Any]]:
    """Return all events."""
    with closing(sqlite3.connect(folder / FILE)) as db:
        db.row_factory = sqlite3.Row
        return [{**dict(row), "detail": json.loads(row["detail"])} for row in db.execute("SELECT * FROM event")]
