"""The store's tables, made from the form where they hold its cells: what others read with plain SQL.

``docs/reference/store.md`` is made from this module: every table and column has its sentence here.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.form import Form

VERSION = 1
"""``PRAGMA user_version`` of a store that this kit writes."""
APPLICATION = 0x6E62636F
"""``PRAGMA application_id``: "nbco"."""
MONEY = 10**6
"""Money is a whole number of 10⁻⁶ 万元, which is a cent of a yuan."""

EVENTS = (
    "registered", "remembered", "assigned", "accepted", "returned", "withdrawn", "restored", "waived", "extended",
    "exported", "erased", "reminded", "scoped", "adjusted", "unadjusted", "merged", "received",
)  # fmt: skip
"""What may be done: the kinds of events."""
Columns = Mapping[str, tuple[str, str]]

TABLES: Mapping[str, tuple[str, Columns, str]] = MappingProxyType(
    {
        "register": (
            "A reading of the register; the newest is in force, --at DATE takes the one that was in force then.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number, in the order of reading"),
                "digest": ("TEXT NOT NULL", "SHA-256 of the file, which is kept in originals/"),
                "file": ("TEXT NOT NULL", "its name"),
                "ending": ("TEXT NOT NULL", "the ending of its name, in small letters"),
                "at": ("TEXT NOT NULL", "when it was read, Beijing time"),
                "by": ("TEXT NOT NULL", "who read it in"),
                "units": ("TEXT NOT NULL", "all that it says, JSON; the table unit shows the same in columns"),
            },
            "",
        ),
        "unit": (
            "A unit as a reading of the register has it.",
            {
                "register": ("INTEGER NOT NULL REFERENCES register(id)", "the reading"),
                "position": ("INTEGER NOT NULL", "its place in the tree, parents before children"),
                "id": ("TEXT NOT NULL", "单位ID: the register's own key"),
                "name": ("TEXT NOT NULL", "名称"),
                "aliases": ("TEXT NOT NULL", "别名, divided by 、"),
                "parent": ("TEXT", "上级: the 单位ID of the office above"),
                "kind": ("TEXT", "类型: government, department, township or other"),
                "credit_code": ("TEXT", "统一社会信用代码"),
                "division_code": ("TEXT", "行政区划代码"),
                "due": (
                    "TEXT",
                    "报送期限: a date, or a day of each year (1月20日); NULL: that of 上级, or the law's",
                ),
                "spells": ("TEXT NOT NULL", "起始年度-截止年度, several divided by 、; - is open on both ends"),
                "successor": ("TEXT", "承接单位: the 单位ID of who took over"),
                "counted": ("INTEGER NOT NULL", "计入汇总: 1 or 0"),
                "contact": ("TEXT", "联系人"),
                "row": ("INTEGER NOT NULL", "the row in the file"),
            },
            "PRIMARY KEY (register, position)",
        ),
        "delivery": (
            "A run of collect add: what came together.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number"),
                "received": ("TEXT NOT NULL", "when it was handed in, Beijing time"),
                "at": ("TEXT NOT NULL", "when it was entered: what --at goes by"),
                "by": ("TEXT NOT NULL", "who entered it"),
                "reason": ("TEXT NOT NULL", "why the time of receipt is another than that of entering"),
                "year": ("INTEGER", "the report year that it was collected for"),
                "taken_over": ("INTEGER NOT NULL DEFAULT 0", "1 where it was taken over from last year's collection"),
            },
            "",
        ),
        "received": (
            "A file that was received; its bytes are originals/ab/<digest><ending>.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number"),
                "delivery": ("INTEGER NOT NULL REFERENCES delivery(id)", "the delivery that it came in"),
                "digest": ("TEXT NOT NULL UNIQUE", "SHA-256 of its bytes"),
                "file": ("TEXT NOT NULL", "its name with the folders below the one that was given"),
                "ending": ("TEXT NOT NULL", "the ending of its name, in small letters"),
                "size": ("INTEGER NOT NULL", "bytes"),
                "erased": ("TEXT", "when its bytes were erased; NULL: they are kept"),
            },
            "",
        ),
        "submission": (
            "A report out of a received file: the file, a line of it or a member of the archive.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number (报送)"),
                "received": ("INTEGER NOT NULL REFERENCES received(id)", "the file"),
                "part": ("INTEGER NOT NULL", "which line or member of the file; 0 is the whole file"),
                "file": ("TEXT NOT NULL", "the name as people know it, that of the member behind that of the archive"),
                "digest": ("TEXT NOT NULL UNIQUE", "SHA-256 of its own bytes"),
                "edition": ("TEXT", "edition of the form; NULL where it could not be read"),
                "year": ("INTEGER", "report year on the cover"),
                "for_year": ("INTEGER", "the year that it is taken for: that of the cover, else that of the delivery"),
                "name": ("TEXT", "name on the cover"),
                "credit_code": ("TEXT", "统一社会信用代码 on the cover"),
                "division_code": ("TEXT", "行政区划代码 on the cover"),
                "kind": ("TEXT", "kind of office on the cover"),
                "more": ("TEXT NOT NULL", "answers to further questions of the cover, JSON"),
                "unit": ("TEXT", "the unit that it was assigned to on receipt; events may have assigned it since"),
                "how": ("TEXT NOT NULL", "by what it was assigned, or why not"),
                "template": ("TEXT", "version of the template; NULL where it is none of the kit's"),
                "published": (
                    "INTEGER NOT NULL",
                    "1 where it came as a page, Word, PDF or text: other line breaks",
                ),
                "cells": ("TEXT", "digest of its numbers"),
                "texts": ("TEXT", "digest of its texts"),
                "body": ("TEXT", "digest of its cover"),
                "weight": ("INTEGER NOT NULL", "how telling its numbers are, in bits: what is equal by chance has few"),
                "same_as": ("INTEGER REFERENCES submission(id)", "the version that it repeats; NULL: it is one itself"),
                "erased": ("TEXT", "when it was erased; NULL: it is kept"),
            },
            "",
        ),
        "checked": (
            "A check of a submission; the newest counts, recheck appends.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number"),
                "submission": ("INTEGER NOT NULL REFERENCES submission(id)", "the submission"),
                "at": ("TEXT NOT NULL", "when"),
                "kit": ("TEXT NOT NULL", "version of the kit that checked"),
                "previous": ("INTEGER REFERENCES submission(id)", "last year's submission beside it"),
                "errors": ("INTEGER NOT NULL", "mistakes that are errors"),
                "warnings": ("INTEGER NOT NULL", "mistakes that are warnings and were not waived"),
                "findings": ("TEXT NOT NULL", "all findings as nianbao check --format json prints them"),
            },
            "",
        ),
        "narrative": (
            "A text of a submission.",
            {
                "submission": ("INTEGER NOT NULL REFERENCES submission(id)", "the submission"),
                "section": ("TEXT NOT NULL", "key of the section of the form"),
                "text": ("TEXT NOT NULL", "the text"),
                "digest": ("TEXT", "digest of the text without years and the unit's names; NULL where it is short"),
            },
            "PRIMARY KEY (submission, section)",
        ),
        "odd": (
            "What stood in a number cell and is no number that its column can hold; the wide table has NULL there.",
            {
                "submission": ("INTEGER NOT NULL REFERENCES submission(id)", "the submission"),
                "cell": ("TEXT NOT NULL", "key of the cell"),
                "kind": ("TEXT NOT NULL", "text, or number where it is beyond the column"),
                "value": ("TEXT NOT NULL", "what stood there"),
            },
            "PRIMARY KEY (submission, cell)",
        ),
        "event": (
            "What was decided or done; never changed.",
            {
                "id": ("INTEGER PRIMARY KEY", "its number"),
                "at": ("TEXT NOT NULL", "when"),
                "by": ("TEXT NOT NULL", "who"),
                "kind": (
                    "TEXT NOT NULL",
                    "what was done: " + ", ".join(EVENTS),
                ),
                "unit": ("TEXT", "the unit"),
                "year": ("INTEGER", "the report year"),
                "submission": ("INTEGER REFERENCES submission(id)", "the submission"),
                "reason": ("TEXT NOT NULL", "why"),
                "detail": ("TEXT NOT NULL", "what belongs to it, JSON"),
            },
            "",
        ),
        "setting": (
            "What the collection was made with.",
            {"key": ("TEXT PRIMARY KEY", "year"), "value": ("TEXT NOT NULL", "its value")},
            "",
        ),
    }
)

INDEXES = (
    "CREATE INDEX submission_received ON submission(received, part)",
    "CREATE INDEX submission_unit ON submission(unit, for_year)",
    "CREATE INDEX submission_cells ON submission(cells)",
    "CREATE INDEX narrative_digest ON narrative(digest) WHERE digest IS NOT NULL",
    "CREATE INDEX checked_submission ON checked(submission)",
    "CREATE INDEX event_unit ON event(unit, year)",
    "CREATE INDEX event_submission ON event(submission)",
)

VIEWS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "current_unit": (
            "The units of the register in force.",
            "SELECT * FROM unit WHERE register = (SELECT max(id) FROM register)",
        ),
        "newest_check": (
            "The newest check of each submission.",
            """SELECT * FROM checked WHERE id =
               (SELECT max(other.id) FROM checked AS other WHERE other.submission = checked.submission)""",
        ),
        "assigned": (
            "Each submission with the unit and the year that it is of now.",
            """SELECT submission.id AS submission,
                      CASE WHEN event.id IS NULL THEN submission.unit ELSE event.unit END AS unit,
                      CASE WHEN event.id IS NULL THEN submission.for_year ELSE event.year END AS year
               FROM submission LEFT JOIN event ON event.id =
                    (SELECT max(other.id) FROM event AS other
                     WHERE other.kind = 'assigned' AND other.submission = submission.id)""",
        ),
        "decided": (
            "The newest decision about each submission.",
            """SELECT submission, nullif(kind, 'restored') AS decision, at, by, reason FROM event WHERE id =
               (SELECT max(other.id) FROM event AS other
                WHERE other.kind IN ('accepted', 'returned', 'withdrawn', 'restored')
                      AND other.submission = event.submission)""",
        ),
        "version": (
            "Each version with its newest decision.",
            """SELECT submission.id AS submission, own.unit, own.year, delivery.received, submission.file,
                      submission.edition, newest_check.errors, newest_check.warnings, decided.decision
               FROM submission JOIN received ON received.id = submission.received
                    JOIN delivery ON delivery.id = received.delivery
                    JOIN assigned AS own ON own.submission = submission.id
                    LEFT JOIN newest_check ON newest_check.submission = submission.id
                    LEFT JOIN decided ON decided.submission = submission.id
                    LEFT JOIN assigned AS first ON first.submission = submission.same_as
                    LEFT JOIN decided AS of_first ON of_first.submission = submission.same_as
                    LEFT JOIN submission AS repeated ON repeated.id = submission.same_as
               WHERE submission.edition IS NOT NULL AND submission.erased IS NULL
                     AND (submission.same_as IS NULL OR of_first.decision IS 'withdrawn' OR repeated.erased IS NOT NULL
                          OR first.unit IS NOT own.unit OR first.year IS NOT own.year)""",
        ),
        "counted": (
            "The version that counts of each unit and year: the one accepted last, else the newest, undecided one.",
            """SELECT submission, unit, year FROM (
                 SELECT submission, unit, year, decision, row_number() OVER (
                          PARTITION BY unit, year
                          ORDER BY decision IS 'accepted' DESC, received DESC, submission DESC) AS place
                 FROM version WHERE unit IS NOT NULL AND decision IS NOT 'withdrawn')
               WHERE place = 1 AND (decision IS NULL OR decision = 'accepted')""",
        ),
    }
)


def quoted(name: str) -> str:
    """Return a name of the form as SQL takes it.

    In square brackets a wrong name is an error; in double quotes SQLite would take it for a text, which sums to 0.

    Raises:
        ValueError: it is no name of the form's kind.
    """
    if not name.replace(".", "").replace("_", "").isalnum() or not name.isascii():
        raise ValueError(f"no name of a column: {name!r}")
    return f"[{name}]"


def wide(edition: str) -> str:
    """Return the name of the table that holds the cells of an edition, a column each."""
    return quoted(f"report_{edition}")


@cache
def column_names(edition: str) -> tuple[str, ...]:
    """Return the columns of the wide table of an edition, in the form's order, as SQL takes them."""
    return tuple(map(quoted, load_form(edition).cells))


def is_money(form: Form, cell: str) -> bool:
    """Say whether a cell holds money, which is stored as a whole number of 10⁻⁶ 万元."""
    return form.cells[cell].kind.decimals > 0


def definitions() -> Iterator[str]:
    """Yield the statements that make an empty store."""
    for name, (_, columns, more) in TABLES.items():
        lines = [f"{column} {kind}" for column, (kind, _) in columns.items()]
        yield f"CREATE TABLE {name} ({', '.join([*lines, *filter(None, [more])])})"
    yield from INDEXES
    for name, (_, query) in VIEWS.items():
        yield f"CREATE VIEW {name} AS {query}"
    for edition in editions():
        yield from of_edition(edition)


def of_edition(edition: str) -> Iterator[str]:
    """Yield the statements that make the tables of an edition."""
    form = load_form(edition)
    lines = ", ".join(f"{quoted(cell)} INTEGER" for cell in form.cells)
    yield f"CREATE TABLE {wide(edition)} (submission INTEGER PRIMARY KEY REFERENCES submission(id), {lines})"
    shown = ", ".join(
        f"{quoted(cell)} / {MONEY}.0 AS {quoted(cell)}" if is_money(form, cell) else quoted(cell) for cell in form.cells
    )
    yield f"CREATE VIEW {quoted(f'report_{edition}_wan')} AS SELECT submission, {shown} FROM {wide(edition)}"  # noqa: S608
