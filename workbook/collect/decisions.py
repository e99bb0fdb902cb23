"""What people decide: appended to the store, never changed; what may not be decided is refused with the reason."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

from workbook.collect.hand import now
from workbook.collect.standing import Dates
from workbook.collect.versions import BACK, until

if TYPE_CHECKING:
    import sqlite3

    from workbook.collect.hand import Hand
    from workbook.collect.standing import Version
    from workbook.collect.store import Store
    from workbook.collect.versions import Key

DAYS = 7
"""Days that a unit has to correct a report that is returned, where nothing else is said."""


class RefusalError(ValueError):
    """A decision that may not be taken; ``why`` names the reason, ``of`` whom or what it is about."""

    def __init__(self, why: str, of: str = "") -> None:
        super().__init__(f"{why}: {of}")
        self.why, self.of = why, of


def assign(store: Store, submission: int, unit: str, year: int | None, hand: Hand, *, remember: bool = False) -> None:
    """Say of which unit and year a submission is; where asked the name on its cover is remembered as that unit's.

    Raises:
        RefusalError: there is no such submission, or it holds no report.
    """
    row = row_of(store, submission)
    if row["edition"] is None:
        raise RefusalError("unreadable", row["file"])
    place = year or row["year"] or row["for_year"]
    with store.transaction():
        store.event(
            "assigned",
            hand,
            unit=unit,
            year=place,
            submission=submission,
            **({"name": row["name"]} if remember and row["name"] else {}),
        )


def accept(store: Store, version: Version, key: Key, hand: Hand) -> None:
    """Accept a version. With a reason the warnings that it has are waived by the office; the file is not changed.

    Raises:
        RefusalError: it has errors, or warnings for which no reason is given.
    """
    if version.errors:
        raise RefusalError("errors", version.file)
    if version.warnings and not hand.reason:
        raise RefusalError("warnings", version.file)
    _decide(store, "accepted", version, key, hand, warnings=version.warnings)


def give_back(store: Store, version: Version, key: Key, hand: Hand, limit: dt.date | None = None) -> dt.date:
    """Return a version to its unit, and say until when it is to be corrected.

    Raises:
        RefusalError: nothing is wrong with it and no reason is given.
    """
    if not version.errors and not hand.reason:
        raise RefusalError("sound", version.file)
    day = limit or now().date() + dt.timedelta(days=DAYS)
    _decide(store, "returned", version, key, hand, until=day.isoformat())
    return day


def withdraw(store: Store, submission: int, hand: Hand) -> None:
    """Take a submission out of its chain; it stays in the store, and may be brought back.

    Raises:
        RefusalError: there is no such submission, or no reason is given.
    """
    row = row_of(store, submission)
    if not hand.reason:
        raise RefusalError("reason", row["file"])
    unit, year = store.row("SELECT unit, year FROM assigned WHERE submission = ?", [submission]) or (None, None)
    with store.transaction():
        store.event("withdrawn", hand, unit=unit, year=year, submission=submission)


def restore(store: Store, submission: int, hand: Hand) -> None:
    """Bring a submission back that was withdrawn: it waits as before, whatever else is wrong with it.

    Raises:
        RefusalError: there is no such submission, or it was not withdrawn.
    """
    row = row_of(store, submission)
    decided = store.row("SELECT decision FROM decided WHERE submission = ?", [submission])
    if decided is None or decided["decision"] != "withdrawn":
        raise RefusalError("not_withdrawn", row["file"])
    unit, year = store.row("SELECT unit, year FROM assigned WHERE submission = ?", [submission]) or (None, None)
    with store.transaction():
        store.event(BACK, hand, unit=unit, year=year, submission=submission)


def waive(store: Store, unit: str, year: int, hand: Hand) -> None:
    """Say that nothing is due of a unit for a year.

    Raises:
        RefusalError: no reason is given.
    """
    if not hand.reason:
        raise RefusalError("reason", unit)
    with store.transaction():
        store.event("waived", hand, unit=unit, year=year)


def extend(store: Store, unit: str, year: int, limit: dt.date, hand: Hand) -> None:
    """Say until when the report of a unit for a year is due; so it is due again where it was not.

    Raises:
        RefusalError: no reason is given.
    """
    if not hand.reason:
        raise RefusalError("reason", unit)
    with store.transaction():
        store.event("extended", hand, unit=unit, year=year, until=limit.isoformat())


def remind(store: Store, unit: str, year: int, hand: Hand) -> None:
    """Note that a unit was reminded."""
    with store.transaction():
        store.event("reminded", hand, unit=unit, year=year)


def dates(store: Store, at: dt.datetime | None = None) -> dict[Key, Dates]:
    """Return what was decided about the dates of units, as it was at a moment."""
    found: dict[Key, Dates] = {}
    query = "SELECT * FROM event WHERE kind IN ('waived', 'extended') AND at <= ? ORDER BY id"
    for row in store.rows(query, [until(at)]):
        limit = json.loads(row["detail"]).get("until")
        found[row["unit"], row["year"]] = Dates(
            dt.date.fromisoformat(limit) if limit else None, row["kind"] == "waived", row["reason"]
        )
    return found


def row_of(store: Store, number: int) -> sqlite3.Row:
    """Return what the store has of a submission.

    Raises:
        RefusalError: there is none, or it was erased.
    """
    row = store.row("SELECT * FROM submission WHERE id = ? AND erased IS NULL", [number])
    if row is None:
        raise RefusalError("no_submission", str(number))
    return row


def _decide(store: Store, kind: str, version: Version, key: Key, hand: Hand, **detail: object) -> None:
    with store.transaction():
        store.event(kind, hand, unit=key[0], year=key[1], submission=version.submission, **detail)
