"""What was decided below, taken over: as it was, when and by whom, and never against a decision of this collection."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbook.collect.bundle.layout import DECIDED, OF_SUBMISSION
from workbook.collect.hand import Hand

if TYPE_CHECKING:
    from workbook.collect.bundle.read import Bundle
    from workbook.collect.bundle.units import Placed
    from workbook.collect.store import Store


@dataclass
class Decided:
    """What came of the decisions: how many were taken over, and the files of reports about which they were not.

    ``here`` are those about which this collection decided itself, ``faulty`` those accepted below in which its own
    check finds errors, ``erased`` those erased below and kept here.
    """

    taken: int = 0
    here: list[str] = field(default_factory=list)
    faulty: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)


def take_decisions(store: Store, bundle: Bundle, placed: Placed) -> Decided:
    """Append the decisions of a bundle that are not there yet; the store is in a transaction."""
    told = Decided()
    known = _Known(store)
    for said in bundle.decisions():
        about = known.submissions.get(said["digest"]) if said["digest"] else None
        if said["kind"] in OF_SUBMISSION and about is None:
            continue
        unit = placed.units[said["unit"]]
        sums = json.dumps(said["sum"], sort_keys=True)
        key = (said["kind"], said["at"], said["by"], unit, said["year"], about["id"] if about else None, sums)
        if key in known.events:
            continue
        if about and _refused(said, about, known, told):
            continue
        if about is None and (_kind(said["kind"]), unit, said["year"]) in known.own_dates:
            told.here.append(unit)
            continue
        more = _more(store, said, unit)
        if more is None:
            continue
        below = {"at": said["at"], "from": placed.sender}
        number = about["id"] if about else None
        store.event(said["kind"], Hand(said["by"], said["reason"]), unit=unit, year=said["year"], submission=number,
                    below={**below, "sum": said["sum"]}, **more)  # fmt: skip
        told.taken += 1
    return told


def _kind(kind: str) -> str:
    """Return what a decision about no report is about: the date, what a report is about, or adjustments."""
    return "date" if kind in {"waived", "extended"} else kind


def _more(store: Store, said: dict[str, Any], unit: str) -> dict[str, Any] | None:
    """Return what belongs to a decision; ``None`` of one that takes back what is not here."""
    if said["kind"] == "scoped":
        return {"scope": said["sum"]["scope"]}
    if said["kind"] == "adjusted":
        return {"cell": said["sum"]["cell"], "amount": said["sum"]["amount"]}
    if said["kind"] == "unadjusted":
        rows = store.rows(
            "SELECT * FROM event WHERE kind = 'adjusted' AND unit = ? AND year = ? ORDER BY id", [unit, said["year"]]
        )
        same = (row["id"] for row in rows if json.loads(row["detail"]).get("below", {}).get("sum") == said["sum"])
        number = next(same, None)
        return {"adjustment": number} if number else None
    return {"until": said["until"]} if said["until"] else {}


def _refused(said: dict[str, Any], about: Any, known: _Known, told: Decided) -> bool:
    """Say whether a decision about a report is not taken over, and note which report it was."""
    if said["kind"] == "erased":
        if not about["erased"]:
            told.erased.append(about["file"])
        return True
    if about["erased"]:
        return True
    if about["id"] in known.own:
        told.here.append(about["file"])
        return True
    if said["kind"] == "accepted" and about["errors"]:
        told.faulty.append(about["file"])
        return True
    return False


class _Known:
    """What the collection has: its submissions by digest, the events that were taken over, and its own decisions."""

    def __init__(self, store: Store) -> None:
        query = """SELECT submission.id, submission.digest, submission.file, submission.erased, newest_check.errors
                   FROM submission LEFT JOIN newest_check ON newest_check.submission = submission.id"""
        self.submissions = {row["digest"]: row for row in store.db.execute(query)}
        self.events: set[tuple[Any, ...]] = set()
        self.own: set[int] = set()
        self.own_dates: set[tuple[str, str, int]] = set()
        marks = ", ".join("?" * len(DECIDED))
        for row in store.db.execute(f"SELECT * FROM event WHERE kind IN ({marks})", DECIDED):  # noqa: S608
            below = json.loads(row["detail"]).get("below")
            if below:
                sums = json.dumps(below.get("sum"), sort_keys=True)
                self.events.add(
                    (row["kind"], below["at"], row["by"], row["unit"], row["year"], row["submission"], sums)
                )
            elif row["submission"] is not None:
                self.own.add(row["submission"])
            else:
                self.own_dates.add((_kind(row["kind"]), row["unit"], row["year"]))
