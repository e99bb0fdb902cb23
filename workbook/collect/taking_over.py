"""What next year's collection takes over: register, remembered names, and the reports that counted, with originals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect import registers, schema
from workbook.collect.hand import now, stored
from workbook.collect.reports import original_of
from workbook.collect.versions import chains, places_of

if TYPE_CHECKING:
    import sqlite3

    from workbook.collect.hand import Hand
    from workbook.collect.store import Store


_OWN = {"id", "received", "same_as", "unit", "for_year"}
"""Columns of a submission that are those of its collection."""


def take_over(store: Store, before: Store, year: int, hand: Hand) -> int:
    """Take over the register in force, the names that were remembered, and the reports that counted; return how many.

    A report that came in an archive gets its file whole: what else was in that is not taken over.

    Args:
        store: the new collection, which is held for writing and empty.
        before: last year's.
        year: the report year that was collected there; reports of the years before that it has go along.
        hand: who makes the new collection.
    """
    registers.copy(store, before, hand)
    known, places = chains(before), places_of(before)
    with store.transaction():
        delivery = store.insert(
            "delivery",
            {"received": stored(now()), "at": stored(now()), "by": hand.by, "reason": hand.reason, "year": year,
             "taken_over": 1},
        )  # fmt: skip
    taken = 0
    for (unit, of), _ in sorted(known.by_key.items(), key=str):
        version = known.current(unit, of)
        if unit is None or of is None or version is None:
            continue
        row = before.row("SELECT * FROM submission WHERE id = ?", [version.submission])
        if row is None:
            continue
        with store.transaction():
            _copy(store, before, row, delivery, places.get(version.submission, (unit, of)))
        taken += 1
    return taken


def _copy(store: Store, before: Store, row: sqlite3.Row, delivery: int, place: tuple[str | None, int | None]) -> None:
    old = row["id"]
    path, _, _ = original_of(before, old)
    file = before.row("SELECT * FROM received WHERE id = ?", [row["received"]])
    if file is None:
        return
    known = store.row("SELECT id FROM received WHERE digest = ?", [file["digest"]])
    if known is None:
        store.keep(path, file["ending"])
        values = {key: file[key] for key in ("digest", "file", "ending", "size")}
        received = store.insert("received", {"delivery": delivery, **values})
    else:
        received = known["id"]
    kept = {key: value for key, value in dict(row).items() if key not in _OWN}
    number = store.insert("submission", {**kept, "received": received, "unit": place[0], "for_year": place[1]})
    wide = schema.wide(row["edition"]).strip("[]")
    for table in ("narrative", "odd", wide):
        for each in before.rows(f"SELECT * FROM [{table}] WHERE submission = ?", [old]):  # noqa: S608
            store.insert(table, {**dict(each), "submission": number})
    checked = before.row("SELECT * FROM checked WHERE submission = ? ORDER BY id DESC LIMIT 1", [old])
    if checked:
        values = {key: value for key, value in dict(checked).items() if key != "id"}
        store.insert("checked", {**values, "submission": number, "previous": None})
