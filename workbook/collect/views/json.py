"""What a collection stands like as JSON: every text as it was, what is not to be printed as an escape."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.collect.reading import KIT
from workbook.collect.standing import live
from workbook.collect.views.tree import came_late
from workbook.document.document import dump
from workbook.printable import escaped

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from workbook.collect.collection import Refused, Waiting
    from workbook.collect.standing import Standing, Version
    from workbook.collect.views.status import Overview
    from workbook.collect.views.tree import Counts
    from workbook.report import Lang


def render(overview: Overview, _lang: Lang) -> bytes:
    """Return an object: year, moment, counts, the files that wait for a person, and every unit in a line of its own."""
    parents = [node for node in overview.tree.parents if node.unit.id != overview.under]
    about = printed(
        {
            "year": overview.year,
            "at": when(overview.at),
            "kit": KIT,
            "under": overview.under,
            "counts": counted(overview.counts),
            "parents": [{"id": node.unit.id, "name": node.unit.name, **counted(node.below)} for node in parents],
            "unassigned": [_waiting(file) for file in overview.unassigned],
            "unreadable": [_refused(file) for file in overview.unreadable],
            "strays": [standing_as_dict(standing) for standing in overview.strays],
        }
    )
    # A line a unit: what is kept in memory is the text, not what it is made from.
    units = (printed(standing_as_dict(standing), line=True).rstrip() for standing in overview.standings)
    return about.rstrip().removesuffix(b"}").rstrip() + b',\n  "units": [\n' + b",\n".join(units) + b"\n  ]\n}\n"


def _waiting(file: Waiting) -> dict[str, Any]:
    return {
        "submission": file.submission,
        "file": file.file,
        "received": when(file.received),
        "name": file.body.name,
        "year": file.year,
        "suggestions": [{"id": unit, "name": name} for unit, name in file.suggestions],
        "why": file.why,
    }


def _refused(file: Refused) -> dict[str, Any]:
    return {
        "submission": file.submission,
        "file": file.file,
        "received": when(file.received),
        "findings": file.findings,
    }


def printed(value: Mapping[str, Any], *, line: bool = False) -> bytes:
    """Return an object as JSON that is safe to print; all of it in one ``line`` where that is wanted."""
    return escaped(dump(value, line=line).decode()).encode()


def when(time: dt.datetime | None) -> str | None:
    """Return a time as ISO writes it."""
    return time.isoformat() if time else None


def counted(counts: Counts) -> dict[str, Any]:
    """Return how many units are expected, came, came late, and have which standing."""
    states = {state.key: number for state, number in sorted(counts.states.items(), key=lambda each: each[0].key)}
    return {"expected": counts.expected, "came": counts.came, "late": counts.late, "states": states}


def standing_as_dict(standing: Standing) -> dict[str, Any]:
    """Return a unit with its standing and its versions."""
    unit, known = standing.unit, live(standing.versions)
    return {
        "id": unit.id,
        "name": unit.name,
        "parent": unit.parent,
        "kind": unit.kind,
        "state": standing.state.key,
        "due": when_day(standing.due),
        "first": when(standing.first),
        "days_late": standing.days_late,
        "late": came_late(standing),
        "until": when_day(standing.until),
        "reason": standing.reason,
        "current": standing.current.submission if standing.current else None,
        "newest": known[-1].submission if known else None,
        "versions": [version_as_dict(version) for version in standing.versions],
        "elsewhere": [{"year": year, **version_as_dict(version)} for year, version in standing.elsewhere],
    }


def version_as_dict(version: Version) -> dict[str, Any]:
    """Return a version of a report as it was received, with the newest decision about it."""
    return {
        "submission": version.submission,
        "number": version.number,
        "file": version.file,
        "sha256": version.digest,
        "received": when(version.received),
        "edition": version.edition,
        "errors": version.errors,
        "warnings": version.warnings,
        "together": version.together,
        "same_again": [{"file": file, "received": when(time)} for file, time in version.same_again],
        "decision": version.decision,
        "decided": when(version.decided),
        "by": version.by,
        "reason": version.reason,
        "until": when_day(version.until),
        "exported": version.exported,
    }


def when_day(day: dt.date | None) -> str | None:
    """Return a day as ISO writes it."""
    return day.isoformat() if day else None
