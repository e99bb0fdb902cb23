"""Checks submissions again: with a newer kit, beside another of last year's, under another unit."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect import alike
from workbook.collect.below import known_of
from workbook.collect.incoming import Original, Piece
from workbook.collect.reading import KIT, Read, read_piece
from workbook.collect.reports import NotKeptError, findings_of, original_of
from workbook.collect.standing import live
from workbook.collect.told import append_check, cover_of
from workbook.collect.versions import chains
from workbook.collect.wide import write_cells, write_texts
from workbook.exits import FAULT, held
from workbook.jobs.run import run
from workbook.report.fold import count, fold

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from workbook.collect.store import Store
    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Options, Result


@dataclass(frozen=True)
class Rechecked:
    """What came of checking a submission again.

    Args:
        submission: its number.
        file: its name.
        changed: whether something else was found than before.
        errors, warnings: mistakes, as people count them.
        unreadable: whether it cannot be read, or its bytes are gone.
        fault: what the log is told where the kit itself failed.
    """

    submission: int
    file: str
    changed: bool
    errors: int = 0
    warnings: int = 0
    unreadable: bool = False
    fault: str | None = None


def recheck(
    store: Store, submissions: Iterable[int], options: Options, names: Mapping[str, str], jobs: Jobs = 0
) -> Generator[Rechecked]:
    """Check submissions again from their originals, and append what differs; what is yielded is written.

    Args:
        store: the store, which is held for writing.
        submissions: their numbers.
        options: the switches; ``previous`` are the reports that the store has.
        names: what the units are called.
        jobs: number of processes, 0 chooses; or a cluster.
    """
    numbers = list(submissions)
    tasks = [_piece(store, number) for number in numbers]
    with closing(run(read_piece, tasks, options, jobs)) as results:  # type: ignore[arg-type]
        for number, result in zip(numbers, results, strict=True):
            with held(), store.transaction():
                told = _again(store, number, result, options, names)
            yield told


def stale(store: Store) -> list[int]:
    """Return the versions that were checked by another kit, or beside another of last year's than now counts."""
    known = chains(store)
    checked = {row["submission"]: row for row in store.rows("SELECT submission, kit, previous FROM newest_check")}
    found = []
    for (unit, year), chain in known.by_key.items():
        last = known.current(unit, year - 1) if unit and year else None
        for version in chain:
            row = checked.get(version.submission)
            other = row is None or row["kit"] != KIT or row["previous"] != (last.submission if last else None)
            if other and version.decision != "withdrawn":
                found.append(version.submission)
    return sorted(found)


def is_of_another_kit(store: Store, submission: int) -> bool:
    """Say whether a submission was checked last by another version of the kit."""
    row = store.row("SELECT kit FROM checked WHERE submission = ? ORDER BY id DESC LIMIT 1", [submission])
    return row is None or row["kit"] != KIT


def unread(store: Store) -> list[int]:
    """Return the submissions that could not be read by another version of the kit."""
    query = """SELECT submission.id FROM submission JOIN newest_check ON newest_check.submission = submission.id
               WHERE submission.edition IS NULL AND submission.erased IS NULL AND newest_check.kit <> ?
               ORDER BY submission.id"""
    return [row["id"] for row in store.rows(query, [KIT])]


def _piece(store: Store, number: int) -> Piece:
    row = store.row("SELECT file FROM submission WHERE id = ?", [number])
    name = Path(row["file"] if row else str(number))
    try:
        path, part, _ = original_of(store, number)
    except NotKeptError:
        return Piece(name, None)
    return Piece(name, Original(path, name.name, path.stem, path.suffix, 0), part, below=known_of(store, number))


def _again(store: Store, number: int, result: Result, options: Options, names: Mapping[str, str]) -> Rechecked:
    file = result.file
    if result.fault or result.exit_code >= FAULT or not isinstance(result, Read):
        return Rechecked(number, file, changed=False, unreadable=True, fault=result.fault)
    content = result.content
    row = store.row("SELECT edition FROM submission WHERE id = ?", [number])
    if content is None:
        if row and row["edition"] is None and findings_of(store, number) != _stored(result.findings):
            append_check(store, number, None, (0, 0), result.findings)
        return Rechecked(number, file, changed=False, unreadable=True)
    if row and row["edition"] is None:
        _fill(store, number, result)
    unit, year = store.row("SELECT unit, year FROM assigned WHERE submission = ?", [number]) or (None, None)
    more = alike.findings(store, number, unit, year, names)
    findings = [*result.findings, *(finding.as_dict(options.lang) for finding in more)]
    counts = count(fold(findings, result.edition))
    before = store.row("SELECT kit, previous, findings FROM checked WHERE submission = ? ORDER BY id DESC", [number])
    changed = before is None or json.loads(before["findings"]) != _stored(findings)
    if before is None or changed or (before["kit"], before["previous"]) != (KIT, result.previous):
        append_check(store, number, result.previous, (counts["error"], counts["warning"]), findings)
    return Rechecked(number, file, changed, counts["error"], counts["warning"])


def _stored(findings: list[dict[str, Any]]) -> Any:
    """Return findings as they come back from the store."""
    return json.loads(json.dumps(findings))


def _fill(store: Store, number: int, result: Read) -> None:
    """Write what a submission holds that an older kit could not read; it is nobody's until it is assigned."""
    content = result.content
    if content is None:
        return
    values = cover_of(content)
    names = ", ".join(f"[{name}] = ?" for name in values)
    store.db.execute(f"UPDATE submission SET {names} WHERE id = ?", (*values.values(), number))  # noqa: S608
    write_cells(store, number, content.edition, content.cells)
    texts, digests = ({key: pair[at] for key, pair in content.texts.items()} for at in (0, 1))
    write_texts(store, number, texts, digests)


def standing(store: Store) -> list[int]:
    """Return all versions that were not withdrawn."""
    found = (version for chain in chains(store).by_key.values() for version in live(chain))
    return sorted(version.submission for version in found)


def has_years(store: Store) -> bool:
    """Say whether there are reports of more than one year, or of one that others may come beside."""
    return store.row("SELECT 1 FROM submission WHERE for_year IS NOT NULL LIMIT 1") is not None
