"""Erases what a submission holds wherever the store has it; what came with it is kept, and so is that it was there."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from workbook.collect.decisions import RefusalError, row_of
from workbook.collect.hand import now, stored
from workbook.collect.incoming import Original, Piece, apart, bytes_at, bytes_of, drop_orphans
from workbook.collect.reading import digest_of
from workbook.collect.unpack import ZIP, forget
from workbook.collect.versions import ERASED
from workbook.intake.kinds import LINES
from workbook.jobs.result import Options
from workbook.report import Unreadable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from workbook.collect.hand import Hand
    from workbook.collect.store import Store


def erase(store: Store, submission: int, hand: Hand) -> None:
    """Erase what a submission holds: its bytes, name, cover, cells, texts and findings; that it was is an event.

    The bytes are removed from every archive and file of lines that holds them too: what else came in those is kept,
    each as a file of its own. What is killed meanwhile is completed by the next change (``Store.sweep``).

    Raises:
        RefusalError: there is no such submission, or no reason is given.
        OSError: the bytes cannot be removed, because somebody has the file open; all else is erased.
    """
    row = row_of(store, submission)
    if not hand.reason:
        raise RefusalError("reason", row["file"])
    unit, year = store.row("SELECT unit, year FROM assigned WHERE submission = ?", [submission]) or (None, None)
    holders = [*_holders(store, row)]
    with store.transaction():
        for file in holders:
            _part(store, file, submission)
        _blank(store, row)
        store.event("erased", hand, unit=unit, year=year, submission=submission)
    forget()
    store.remove_erased()


def _blank(store: Store, row: sqlite3.Row) -> None:
    """Delete what the tables have of a submission, and its name where others tell it."""
    number, name = row["id"], json.dumps(row["file"], ensure_ascii=False)[1:-1]
    wide = store.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND name GLOB 'report_*'")
    for table in ("narrative", "odd", *(each["name"] for each in wide)):
        store.db.execute(f"DELETE FROM [{table}] WHERE submission = ?", [number])  # noqa: S608
    store.db.execute("UPDATE checked SET findings = '[]' WHERE submission = ?", [number])
    store.db.execute("UPDATE checked SET findings = replace(findings, ?, ?) WHERE previous = ?", [name, ERASED, number])
    store.db.execute(
        "UPDATE event SET detail = json_remove(detail, '$.name') WHERE submission = ? AND kind = 'assigned'", [number]
    )
    store.db.execute(
        "UPDATE event SET detail = json_remove(detail, '$.findings') WHERE submission = ? AND kind = 'received'",
        [number],
    )
    store.db.execute(
        "UPDATE submission SET erased = ?, file = '', name = NULL, credit_code = NULL, division_code = NULL,"
        " more = '[]', cells = NULL, texts = NULL, body = NULL, weight = 0 WHERE id = ?",
        [stored(now()), number],
    )


def _holders(store: Store, row: sqlite3.Row) -> Iterator[sqlite3.Row]:
    """Yield the received files that hold the bytes of a submission: its own, and archives that came with them too."""
    for file in store.rows("SELECT * FROM received WHERE erased IS NULL ORDER BY id"):
        if file["id"] == row["received"] or (file["ending"] in {ZIP, LINES} and _holds(store, file, row["digest"])):
            yield file


def _holds(store: Store, file: sqlite3.Row, digest: str) -> bool:
    """Say whether something in an archive or a file of lines, however deep, is known by a digest."""
    path = store.original(file["digest"], file["ending"])
    original = Original(path, file["file"], file["digest"], file["ending"], file["size"])
    pieces = [each for each in apart(store, original, Options(), found=True) if isinstance(each, Piece)]
    try:
        return any(digest in _digests(piece) for piece in pieces)
    finally:
        forget()
        drop_orphans(store, (each.original for each in pieces if each.original))


def _digests(piece: Piece) -> tuple[str, ...]:
    """Return what a piece may be known by: the digest of its bytes; where it could not be read, that of its place."""
    try:
        return hashlib.sha256(bytes_of(piece)).hexdigest(), digest_of(piece)
    except Unreadable:
        return (digest_of(piece),)


def _part(store: Store, file: sqlite3.Row, submission: int) -> None:
    """Give what else came in a file files of their own, and note that it is erased."""
    path = store.original(file["digest"], file["ending"])
    others = "SELECT * FROM submission WHERE received = ? AND id <> ? AND erased IS NULL"
    for row in store.rows(others, [file["id"], submission]):
        ending = PurePosixPath(row["file"]).suffix.lower().partition("#")[0] if file["ending"] == ZIP else ".json"
        digest, size = store.keep_stream(io.BytesIO(bytes_at(path, row["part"], row["file"])), ending)
        known = store.row("SELECT id FROM received WHERE digest = ?", [digest])
        own = {"delivery": file["delivery"], "digest": digest, "file": row["file"], "ending": ending, "size": size}
        number = known["id"] if known else store.insert("received", own)
        store.db.execute("UPDATE submission SET received = ?, part = 0 WHERE id = ?", [number, row["id"]])
    store.db.execute("UPDATE received SET erased = ?, file = '' WHERE id = ?", [stored(now()), file["id"]])
