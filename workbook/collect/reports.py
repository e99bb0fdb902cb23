"""A submission as the report that it is, from what the store keeps of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import EVER
from workbook.collect.wide import cells_of, texts_of
from workbook.form import load_form
from workbook.report import Report, Source
from workbook.report.values import Body

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from workbook.collect.store import Store
    from workbook.report.values import Value


class NotKeptError(LookupError):
    """A submission is not there, was erased, or could not be read as a report."""


def report_of(store: Store, submission: int, cells: Mapping[str, Value] | None = None) -> Report:
    """Return the report of a submission: cover, cells and texts; where its cells stood is not kept.

    Raises:
        NotKeptError: there is none.
    """
    row = store.row("SELECT * FROM submission WHERE id = ?", [submission])
    if row is None or row["edition"] is None or row["erased"]:
        raise NotKeptError(str(submission))
    if cells is None:
        ((_, cells),) = cells_of(store, [(submission, row["edition"])])
    body = Body(
        row["name"],
        row["credit_code"],
        row["division_code"],
        row["kind"],
        tuple((key, answer) for key, answer in json.loads(row["more"])),
    )
    source = Source(row["file"], row["digest"], row["template"])
    texts = {**dict.fromkeys(load_form(row["edition"]).narrative_keys), **texts_of(store, submission)}
    return Report(row["edition"], row["year"], body, cells, texts, source)


def original_of(store: Store, submission: int) -> tuple[Path, int, str]:
    """Return where the bytes of a submission are kept, which line or member of that file it is (0: all), and its name.

    Raises:
        NotKeptError: there is no such submission, or its bytes were erased.
    """
    row = store.row(
        "SELECT submission.part, submission.file, received.digest, received.ending, received.erased"
        " FROM submission JOIN received ON received.id = submission.received"
        " WHERE submission.id = ? AND submission.erased IS NULL",
        [submission],
    )
    if row is None or row["erased"]:
        raise NotKeptError(str(submission))
    return store.original(row["digest"], row["ending"]), row["part"], row["file"]


def findings_of(store: Store, submission: int, until: str = EVER) -> list[dict[str, Any]]:
    """Return what the newest check of a submission before a moment found, as JSON has findings."""
    row = store.row(
        "SELECT findings FROM checked WHERE submission = ? AND at <= ? ORDER BY id DESC LIMIT 1", [submission, until]
    )
    found: list[dict[str, Any]] = json.loads(row["findings"]) if row else []
    return found
