"""Everything about a unit in a year: its versions, what each changed, what is wrong with each, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect.reports import NotKeptError
from workbook.collect.standing import live
from workbook.collect.views.changes import changes
from workbook.report.fold import fold

if TYPE_CHECKING:
    import datetime as dt

    from workbook.collect.collection import Collection, Event
    from workbook.collect.register import Register
    from workbook.collect.standing import Standing, Version
    from workbook.collect.views.changes import Change
    from workbook.report import Lang, Report
    from workbook.report.fold import Cause


@dataclass(frozen=True)
class Entry:
    """A version in a dossier.

    Args:
        version: the version.
        causes: its mistakes by the newest check, the worst first.
        changes: what it changed in the version before it; ``None`` where there is none or its content was erased.
        original: where its bytes are kept below the collection's folder, and which part of that file they are (0: all);
            empty where they were erased.
    """

    version: Version
    causes: tuple[Cause, ...]
    changes: tuple[Change, ...] | None
    original: str
    part: int


@dataclass(frozen=True)
class Dossier:
    """A unit and year: its standing, the names of the offices above it (the nearest first), versions, decisions."""

    standing: Standing
    above: tuple[str, ...]
    entries: tuple[Entry, ...]
    events: tuple[Event, ...]


def dossier(
    collection: Collection, standing: Standing, at: dt.datetime, lang: Lang, register: Register | None = None
) -> Dossier:
    """Return everything about a unit in a year as it was at a moment.

    ``register`` is the one that was in force; whoever asks for many units has read it once.
    """
    register = register or collection.register(at)
    above = tuple(unit.name for unit in register.ancestors(standing.unit.id))
    events = tuple(collection.history(standing.unit.id, standing.year, at))
    return Dossier(standing, above, tuple(_entries(collection, standing, at, lang)), events)


def worth_a_page(standing: Standing) -> bool:
    """Say whether there is anything about a unit to look at that its line in a list does not say."""
    known = live(standing.versions)
    newest = known[-1] if known else None
    return bool(
        (newest and (newest.errors or newest.warnings or newest.decision == "returned"))
        or len(standing.versions) > 1
        or len(known) < len(standing.versions)
        or any(version.same_again for version in standing.versions)
        or standing.elsewhere
    )


def _entries(collection: Collection, standing: Standing, at: dt.datetime, lang: Lang) -> list[Entry]:
    entries = []
    earlier: Report | None = None
    several = len(standing.versions) > 1
    for version in standing.versions:
        report = _report(collection, version) if several else None
        changed = tuple(changes(earlier, report, lang)) if earlier and report else None
        causes = tuple(fold(collection.findings(version.submission, at), version.edition))
        entries.append(Entry(version, causes, changed, *_original(collection, version)))
        earlier = report or earlier
    return entries


def _report(collection: Collection, version: Version) -> Report | None:
    try:
        return collection.report(version.submission)
    except NotKeptError:
        return None


def _original(collection: Collection, version: Version) -> tuple[str, int]:
    try:
        path, part, _ = collection.original(version.submission)
    except NotKeptError:
        return "", 0
    return path.relative_to(collection.folder).as_posix(), part
