"""The chains: for each unit and year the reports that were received, in the order of receipt, with what was decided."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import EVER, moment, stored
from workbook.collect.standing import Version, current

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterable, Mapping

    from workbook.collect.store import Store

Key = tuple[str | None, int | None]
"""The unit and the year of a chain; no unit of what is not assigned."""
DECISIONS = ("accepted", "returned", "withdrawn")
BACK = "restored"
"""What takes the decision before it back, so that a version waits again."""
_SUBMISSIONS = """
SELECT submission.id, submission.file, submission.digest, submission.edition, submission.unit, submission.for_year,
       submission.same_as, submission.erased, submission.year, delivery.received, delivery.id AS delivery,
       delivery.taken_over, checked.errors, checked.warnings
FROM submission JOIN received ON received.id = submission.received JOIN delivery ON delivery.id = received.delivery
     LEFT JOIN checked ON checked.id =
          (SELECT max(id) FROM checked AS other WHERE other.submission = submission.id AND other.at <= :at)
WHERE delivery.at <= :at AND submission.edition IS NOT NULL
ORDER BY delivery.received, submission.id
"""
ERASED = "（已清除）"
"""What stands where the name of a file did."""


@dataclass(frozen=True)
class Chains:
    """All chains at a moment, by unit and year; ``taken_over`` are the submissions of last year's collection."""

    by_key: Mapping[Key, tuple[Version, ...]]
    taken_over: frozenset[int]

    def of(self, unit: str | None, year: int | None) -> tuple[Version, ...]:
        """Return the chain of a unit and a year, the oldest version first."""
        return self.by_key.get((unit, year), ())

    def current(self, unit: str | None, year: int | None) -> Version | None:
        """Return the version of a unit and a year that counts."""
        return current(self.of(unit, year))


def until(at: dt.datetime | None) -> str:
    """Return a moment as rows are compared with it; the end of all times where none is given."""
    return EVER if at is None else stored(at)


def chains(store: Store, at: dt.datetime | None = None) -> Chains:
    """Return all chains as they were at a moment."""
    moved, decided = places_of(store, at), _decisions(store, at)
    exported = {row["submission"] for row in _events(store, at, ("exported",))}
    rows = [
        row
        for row in store.db.execute(_SUBMISSIONS, {"at": until(at)})
        if not row["erased"] or row["erased"] > until(at)
    ]
    places: dict[int, Key] = {row["id"]: moved.get(row["id"], (row["unit"], row["for_year"])) for row in rows}
    withdrawn = {number for number, said in decided.items() if said["decision"] == "withdrawn"}
    first = {
        row["id"]: row["same_as"]
        for row in rows
        if row["same_as"] not in withdrawn and places.get(row["same_as"]) == places[row["id"]]
    }
    again = _again(rows, first, withdrawn)
    found: defaultdict[Key, list[Version]] = defaultdict(list)
    deliveries: dict[int, int] = {}
    for row in rows:
        number = row["id"]
        if number in first:
            continue
        chain = found[places[number]]
        together = bool(chain) and deliveries[chain[-1].submission] == row["delivery"] and not row["taken_over"]
        version = _version(row, len(chain) + 1, together=together, exported=number in exported)
        chain.append(replace(version, same_again=tuple(again[number]), **decided.get(number, {})))
        deliveries[number] = row["delivery"]
    taken_over = frozenset(row["id"] for row in rows if row["taken_over"])
    return Chains({key: tuple(chain) for key, chain in found.items()}, taken_over)


def _again(
    rows: Iterable[sqlite3.Row], first: Mapping[int, int], withdrawn: Collection[int]
) -> defaultdict[int, list[tuple[str, dt.datetime]]]:
    """Return by version the files and times of its repetitions, those of a repetition with them.

    ``first`` has what each repeats; it may have been received later, where the other was entered belatedly.
    """
    found: defaultdict[int, list[tuple[str, dt.datetime]]] = defaultdict(list)
    for row in rows:
        number = row["id"]
        if number in first and number not in withdrawn:
            while number in first:
                number = first[number]
            found[number].append((_name(row), moment(row["received"])))
    return found


def _version(row: sqlite3.Row, number: int, *, together: bool, exported: bool) -> Version:
    return Version(
        submission=row["id"],
        number=number,
        file=_name(row),
        digest=row["digest"],
        received=moment(row["received"]),
        edition=row["edition"],
        errors=row["errors"] or 0,
        warnings=row["warnings"] or 0,
        together=together,
        exported=exported,
    )


def _name(row: sqlite3.Row) -> str:
    return ERASED if row["erased"] else row["file"]


def places_of(store: Store, at: dt.datetime | None = None) -> dict[int, Key]:
    """Return the unit and the year of the submissions that somebody assigned."""
    return {row["submission"]: (row["unit"], row["year"]) for row in _events(store, at, ("assigned",))}


def _decisions(store: Store, at: dt.datetime | None) -> dict[int, dict[str, Any]]:
    """Return the newest decision about each submission."""
    found = {}
    for row in _events(store, at, (*DECISIONS, BACK)):
        detail = json.loads(row["detail"])
        limit = detail.get("until")
        found[row["submission"]] = {
            "decision": None if row["kind"] == BACK else row["kind"],
            "decided": moment(detail.get("below", {}).get("at") or row["at"]),
            "by": row["by"],
            "reason": row["reason"],
            "until": dt.date.fromisoformat(limit) if limit else None,
        }
    return found


def _events(store: Store, at: dt.datetime | None, kinds: Iterable[str]) -> list[sqlite3.Row]:
    known = list(kinds)
    marks = ", ".join("?" * len(known))
    query = f"SELECT * FROM event WHERE kind IN ({marks}) AND at <= ? ORDER BY id"  # noqa: S608
    return store.rows(query, [*known, until(at)])
