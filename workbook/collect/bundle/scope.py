"""What a collection hands up: the units, whose it is, the versions of one year and the decisions about them."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.collect import registers
from workbook.collect.bundle.layout import DECIDED, Sender
from workbook.collect.decisions import RefusalError
from workbook.collect.hand import moment
from workbook.collect.versions import places_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from workbook.collect.register import Register, Unit
    from workbook.collect.store import Store
    from workbook.report.values import Body


@dataclass(frozen=True)
class Scope:
    """The units that are handed up, parents before children, and the office that does so."""

    units: tuple[Unit, ...]
    sender: Sender
    year: int

    @property
    def ids(self) -> frozenset[str]:
        """Their keys."""
        return frozenset(unit.id for unit in self.units)


def scope_of(store: Store, year: int, unit: str | None, own: Body | None) -> Scope:
    """Return what is handed up of a year: a unit with all below it; everything where none is named.

    Args:
        store: the collection.
        year: the report year.
        unit: the unit; the topmost one of the register unless given.
        own: the user's own office, which hands up where the register has several topmost units.

    Raises:
        RefusalError: nobody knows who hands up.
    """
    register = registers.in_force(store)
    tops = [register.unit(unit)] if unit else list(register.roots())
    units = tuple(_top(each, tops) for each in _below(register, tops))
    if len(tops) == 1:
        (top,) = tops
        return Scope(units, Sender(top.id, top.name, top.credit_code, top.division_code), year)
    if own is None or not own.name:
        raise RefusalError("sender", "、".join(each.name for each in tops[:3]))
    return Scope(units, Sender(None, own.name, own.credit_code, own.division_code), year)


def _top(unit: Unit, tops: Iterable[Unit]) -> Unit:
    return replace(unit, parent=None) if unit in tops else unit


def _below(register: Register, tops: Iterable[Unit]) -> list[Unit]:
    known = {each.id for each in tops}
    found = []
    for unit in register.units:  # parents come first
        if unit.id in known or unit.parent in known:
            known.add(unit.id)
            found.append(unit)
    return [each if each.successor in known else replace(each, successor=None) for each in found]


def submissions(store: Store, scope: Scope) -> list[dict[str, Any]]:
    """Return the rows of the submissions that are handed up, what came together next to each other.

    All that were received of the units for the year, but what was withdrawn or erased.
    """
    query = """SELECT submission.*, delivery.id AS delivery, delivery.received AS handed_in, delivery.at AS entered,
                      received.ending, received.digest AS holder
               FROM submission JOIN received ON received.id = submission.received
                    JOIN delivery ON delivery.id = received.delivery
                    LEFT JOIN decided ON decided.submission = submission.id
               WHERE submission.edition IS NOT NULL AND submission.erased IS NULL
                     AND decided.decision IS NOT 'withdrawn'
               ORDER BY delivery.id, submission.id"""
    moved, ids = places_of(store), scope.ids
    found = []
    for row in store.db.execute(query):
        unit, year = moved.get(row["id"], (row["unit"], row["for_year"]))
        if unit in ids and year == scope.year:
            found.append({**dict(row), "unit": unit, "for_year": year})
    return found


def decisions(store: Store, scope: Scope) -> Iterator[dict[str, Any]]:
    """Yield the decisions about the units and the year as a bundle has them, each once, in their order."""
    ids = scope.ids
    digests = dict(store.db.execute("SELECT id, digest FROM submission").fetchall())
    marks = ", ".join("?" * len(DECIDED))
    query = f"SELECT * FROM event WHERE kind IN ({marks}) ORDER BY id"  # noqa: S608
    for row in store.db.execute(query, DECIDED):
        if row["unit"] in ids and is_of(row, scope.year):
            detail = json.loads(row["detail"])
            yield {
                "kind": row["kind"],
                "at": at_of(row),
                "by": row["by"],
                "unit": row["unit"],
                "year": row["year"],
                "digest": digests.get(row["submission"]),
                "reason": row["reason"],
                "until": detail.get("until"),
                "sum": _sum(store, row),
            }


def is_of(row: Any, year: int) -> bool:
    """Say whether a decision is about a year; what a report is about holds from a year on."""
    return bool(row["year"] == year or (row["kind"] == "scoped" and row["year"] < year))


def at_of(row: Any) -> str:
    """Return when something was decided, at whatever level that was."""
    return str(json.loads(row["detail"]).get("below", {}).get("at") or row["at"])


def _sum(store: Store, row: Any) -> dict[str, Any] | None:
    """Return what a decision says of a roll-up: the number of an adjustment is one of its own collection only."""
    detail = json.loads(row["detail"])
    if row["kind"] == "scoped":
        return {"scope": detail["scope"]}
    if row["kind"] == "unadjusted":
        row = store.row("SELECT * FROM event WHERE id = ?", [detail["adjustment"]]) or row
        detail = json.loads(row["detail"])
    if row["kind"] == "adjusted":
        return {"cell": detail["cell"], "amount": detail["amount"], "declared": at_of(row)}
    return None


def unplaced(store: Store) -> int:
    """Return how many submissions are nobody's, which are not handed up."""
    return sum(1 for _ in registers.unplaced(store, registers.in_force(store)))


def newest(store: Store, scope: Scope, rows: Iterable[dict[str, Any]]) -> dt.datetime:
    """Return when what is handed up changed last: the same state has the same moment, whenever it is asked."""
    marks = ", ".join("?" * len(DECIDED))
    decided = f"SELECT unit, year, at FROM event WHERE kind IN ({marks})"  # noqa: S608
    checks = {row["submission"]: row["at"] for row in store.db.execute("SELECT submission, at FROM newest_check")}
    moments = [row["at"] for row in store.db.execute("SELECT max(at) AS at FROM register") if row["at"]]
    moments += [
        row["at"]
        for row in store.db.execute(decided, DECIDED)
        if row["unit"] in scope.ids and row["year"] == scope.year
    ]
    for row in rows:
        moments += [row["entered"], checks.get(row["id"], row["entered"])]
    return moment(max(moments, default="2000-01-01 00:00:00"))
