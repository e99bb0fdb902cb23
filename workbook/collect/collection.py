"""The collection as commands and programs use it: opened, read as it was at a moment, written to by one at a time."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workbook.collect import decisions, registers
from workbook.collect.assign import Matcher
from workbook.collect.hand import moment, now
from workbook.collect.incoming import bytes_at
from workbook.collect.reports import findings_of, original_of, report_of
from workbook.collect.standing import Standing, derive, live
from workbook.collect.store import Store, find
from workbook.collect.versions import chains, until
from workbook.collect.wide import cells_of
from workbook.report.values import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook.collect.odd.odd import Odd
    from workbook.collect.register import Register
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Scope
    from workbook.collect.standing import Version
    from workbook.collect.versions import Chains
    from workbook.report import Report
    from workbook.report.values import Number, Value


@dataclass(frozen=True)
class Waiting:
    """A submission that is nobody's: its cover, and the units that it may be of, with their names."""

    submission: int
    file: str
    received: dt.datetime
    body: Body
    year: int | None
    suggestions: tuple[tuple[str, str], ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Refused:
    """A file that could not be read: why, as JSON has findings."""

    submission: int
    file: str
    received: dt.datetime
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class Event:
    """What was decided or done: when, by whom, about what, why."""

    id: int
    at: dt.datetime
    by: str
    kind: str
    unit: str | None
    year: int | None
    submission: int | None
    reason: str
    detail: Mapping[str, Any]


class Collection:
    """A collection in a folder.

    What is read is read as it was at a moment, which is given as ``at``; now where it is not.
    """

    def __init__(self, folder: Path) -> None:
        """Open the collection of a folder.

        Raises:
            NoCollectionError: there is none.
            ForeignStoreError: what is there is none of this kit's.
        """
        self.folder = folder
        self._store = Store(folder)

    @classmethod
    def find(cls, start: Path) -> Collection:
        """Open the collection that a folder is, or lies in.

        Raises:
            NoCollectionError: there is none.
            ForeignStoreError: what is there is none of this kit's.
        """
        return cls(find(start))

    @classmethod
    def on(cls, store: Store) -> Collection:
        """Return the collection of a store that is open, with what is written to it and not committed yet."""
        found = cls.__new__(cls)
        found.folder, found._store = store.folder, store  # noqa: SLF001
        return found

    def close(self) -> None:
        """Close it."""
        self._store.close()

    # ---- as it was at a moment --------------------------------------------------------------------------------------

    def register(self, at: dt.datetime | None = None) -> Register:
        """Return the register that was in force."""
        return registers.in_force(self._store, at)

    def year(self, at: dt.datetime | None = None) -> int:
        """Return the report year that is collected: that of the newest due date, or a later one it was made for."""
        return registers.year_of(self._store, at)

    def years(self, at: dt.datetime | None = None) -> tuple[int, ...]:
        """Return all years that there are reports of, and the one that is collected."""
        known = {year for _, year in self._chains(at).by_key if year}
        return tuple(sorted(known | {self.year(at)}))

    def standings(self, year: int | None = None, at: dt.datetime | None = None) -> list[Standing]:
        """Return the standing of every unit that is expected, in the order of the register's tree."""
        when, wanted = at or now(), year or self.year(at)
        register, known = self.register(at), self._chains(at)
        dates = decisions.dates(self._store, at)
        elsewhere = self._elsewhere(known, wanted)
        return [
            replace(
                derive(unit, wanted, register.due(unit.id, wanted), known.of(unit.id, wanted), when,
                       dates.get((unit.id, wanted))),
                elsewhere=tuple(elsewhere.get(unit.id, ())),
            )
            for unit in register.expected(wanted)
        ]  # fmt: skip

    def standing(self, unit: str, year: int | None = None, at: dt.datetime | None = None) -> Standing:
        """Return the standing of a unit, expected or not.

        Raises:
            KeyError: the register has no such unit.
        """
        when, wanted = at or now(), year or self.year(at)
        register, known = self.register(at), self._chains(at)
        made = derive(
            register.unit(unit), wanted, register.due(unit, wanted), known.of(unit, wanted), when,
            decisions.dates(self._store, at).get((unit, wanted)),
        )  # fmt: skip
        return replace(made, elsewhere=tuple(self._elsewhere(known, wanted).get(unit, ())))

    def strays(self, year: int | None = None, at: dt.datetime | None = None) -> list[Standing]:
        """Return the standing of units that sent something and are not expected in that year."""
        wanted, register = year or self.year(at), self.register(at)
        closed = {unit.id for unit in register.units} - {unit.id for unit in register.expected(wanted)}
        dates, chained, when = decisions.dates(self._store, at), self._chains(at), at or now()
        sent = [key for key in chained.by_key if key[1] == wanted and key[0] in closed]
        return [
            derive(register.unit(unit), wanted, None, chained.of(unit, wanted), when, dates.get((unit, wanted)))
            for unit in sorted(unit for unit, _ in sent if unit)
        ]

    def unassigned(self, at: dt.datetime | None = None) -> list[Waiting]:
        """Return the submissions that are nobody's."""
        register = self.register(at)
        matcher = Matcher(register, registers.remembered(self._store, at))
        known = {unit.id for unit in register.units}
        found = []
        for (unit, year), chain in self._chains(at).by_key.items():
            if unit is None or unit not in known:
                found += [self._waiting(version, year, matcher, register) for version in live(chain)]
        return sorted(found, key=lambda each: each.submission)

    def _waiting(self, version: Version, year: int | None, matcher: Matcher, register: Register) -> Waiting:
        row = self._store.row("SELECT * FROM submission WHERE id = ?", [version.submission])
        body = Body(row["name"], row["credit_code"], row["division_code"], row["kind"]) if row else Body()
        match = matcher.match(body, year)
        likely = tuple((each.unit, register.unit(each.unit).name) for each in match.suggestions)
        return Waiting(
            version.submission, version.file, version.received, body, year, likely, match.conflict or ""
        )  # fmt: skip

    def unreadable(self, at: dt.datetime | None = None) -> list[Refused]:
        """Return the files that could not be read."""
        query = """SELECT submission.id, submission.file, delivery.received FROM submission
                   JOIN received ON received.id = submission.received JOIN delivery ON delivery.id = received.delivery
                   WHERE submission.edition IS NULL AND submission.erased IS NULL AND delivery.at <= ?
                         AND submission.id NOT IN (
                             SELECT submission FROM event WHERE kind = 'withdrawn' AND id IN (
                               SELECT max(id) FROM event WHERE kind IN ('withdrawn', 'restored') AND at <= ?
                               GROUP BY submission))
                   ORDER BY submission.id"""
        return [
            Refused(row["id"], row["file"], moment(row["received"]), self.findings(row["id"], at))
            for row in self._store.rows(query, [until(at), until(at)])
        ]

    def name(self, unit: str, at: dt.datetime | None = None) -> str:
        """Return what a unit is called; its 单位ID where the register in force has none of that."""
        register = self.register(at)
        return next((each.name for each in register.units if each.id == unit), unit)

    def submissions(self, word: str) -> list[tuple[int, str]]:
        """Return the submissions that a word names, with their files: a number, a file, the beginning of a digest."""
        number = word.removeprefix("#")
        query = "SELECT id, file FROM submission WHERE erased IS NULL AND {} ORDER BY id"
        if number.isascii() and number.isdigit() and len(number) < _DIGITS:
            return [tuple(row) for row in self._store.rows(query.format("id = ?"), [int(number)])]
        found = self._store.rows(query.format("file = ?"), [word])
        name = word.replace("\\", "/").rpartition("/")[2]
        found = found or self._store.rows(
            query.format("(file = ? OR substr(file, -length(?)) = ?)"), [name, *2 * [f"/{name}"]]
        )
        if not found and len(word) >= _DIGITS:
            found = self._store.rows(query.format("substr(digest, 1, length(?)) = ?"), [word.lower()] * 2)
        return [tuple(row) for row in found]

    def place(self, submission: int) -> tuple[str | None, int | None]:
        """Return the unit and the year that a submission is of."""
        row = self._store.row("SELECT unit, year FROM assigned WHERE submission = ?", [submission])
        return (row["unit"], row["year"]) if row else (None, None)

    def digest(self, submission: int) -> str:
        """Return the SHA-256 of the bytes of a submission, hexadecimal; empty where there is none."""
        row = self._store.row("SELECT digest FROM submission WHERE id = ?", [submission])
        return row["digest"] if row else ""

    def file(self, submission: int) -> str:
        """Return the name under which a submission was received."""
        row = self._store.row("SELECT file FROM submission WHERE id = ?", [submission])
        return row["file"] if row else ""

    def findings(self, submission: int, at: dt.datetime | None = None) -> list[dict[str, Any]]:
        """Return what the newest check of a submission found, as JSON has findings."""
        return findings_of(self._store, submission, until(at))

    def report(self, submission: int) -> Report:
        """Return the report of a submission.

        Raises:
            NotKeptError: it is not there, was erased, or could not be read.
        """
        return report_of(self._store, submission)

    def original(self, submission: int) -> tuple[Path, int, str]:
        """Return the file that holds a submission, which line or member of it that is (0: all), and its name.

        Raises:
            NotKeptError: its bytes are not kept.
        """
        return original_of(self._store, submission)

    def original_bytes(self, submission: int) -> bytes:
        """Return the bytes of a submission.

        Raises:
            NotKeptError: they are not kept.
            Unreadable: they cannot be read.
        """
        return bytes_at(*self.original(submission))

    def history(self, unit: str | None, year: int | None, at: dt.datetime | None = None) -> list[Event]:
        """Return what was decided about a unit and a year, oldest first."""
        query = "SELECT * FROM event WHERE unit IS ? AND year IS ? AND at <= ? ORDER BY id"
        return [_event(row) for row in self._store.rows(query, [unit, year, until(at)])]

    def cells(
        self, year: int | None = None, at: dt.datetime | None = None
    ) -> Iterator[tuple[Standing, Mapping[str, Value] | None]]:
        """Yield every expected unit with the cells of the version that counts; ``None`` where there is none."""
        together: list[Standing] = []
        for standing in self.standings(year, at):
            together.append(standing)
            if len(together) == _TOGETHER:
                yield from self._cells(together)
                together = []
        yield from self._cells(together)

    # ---- sums -------------------------------------------------------------------------------------------------------

    def rollup(
        self,
        year: int | None = None,
        unit: str | None = None,
        *,
        at: dt.datetime | None = None,
        scope: Scope | None = None,
    ) -> RollUp:
        """Return what the units below an office add up to.

        Args:
            year: the report year; that of the collection unless given.
            unit: the office, by its 单位ID, name or alias; the topmost unit unless given, all where there are several.
            at: the moment; now unless given.
            scope: what the report of the office is about; what was decided of it unless given, else all below it.

        Raises:
            UnknownUnitError: the register has no such unit.
        """
        from workbook.collect.rollup.rollup import roll_up

        return roll_up(self, self._store, year, unit, at, scope)

    def series(
        self, unit: str, cell: str, years: Sequence[int], at: dt.datetime | None = None
    ) -> dict[int, Number | None]:
        """Return a cell of a unit through the years: of its own report, else of the sum of those below it.

        Raises:
            UnknownUnitError: the register has no such unit.
        """
        from workbook.collect.rollup.rollup import series

        return series(self, self._store, unit, cell, years, at)

    def odd(self, year: int | None = None, unit: str | None = None, at: dt.datetime | None = None) -> Odd:
        """Return what looks odd among the reports of a year: warnings, at most ten a unit.

        Args:
            year: the report year; that of the collection unless given.
            unit: the 单位ID of an office: of it and those below it alone; they are compared with all.
            at: the moment; now unless given.

        Raises:
            KeyError: the register has no such unit.
        """
        from workbook.collect.odd.odd import odd_of

        return odd_of(self, self._store, year, unit, at)

    def _cells(self, standings: Iterable[Standing]) -> Iterator[tuple[Standing, Mapping[str, Value] | None]]:
        known = list(standings)
        wanted = [(each.current.submission, each.current.edition) for each in known if each.current]
        found = dict(cells_of(self._store, wanted))
        for each in known:
            yield each, found[each.current.submission] if each.current else None

    def _chains(self, at: dt.datetime | None) -> Chains:
        return chains(self._store, at)

    def _elsewhere(self, known: Chains, year: int) -> dict[str, list[tuple[int, Version]]]:
        """Return the versions that came for a year and say another, by unit."""
        query = """SELECT submission.id FROM submission JOIN received ON received.id = submission.received
                   JOIN delivery ON delivery.id = received.delivery
                   WHERE delivery.year = ? AND delivery.taken_over = 0"""
        came = {row["id"] for row in self._store.rows(query, [year])}
        found: dict[str, list[tuple[int, Version]]] = {}
        for (unit, of), chain in known.by_key.items():
            if unit and of and of != year:
                found.setdefault(unit, []).extend((of, each) for each in live(chain) if each.submission in came)
        return found


def _event(row: Any) -> Event:
    return Event(
        row["id"], moment(row["at"]), row["by"], row["kind"], row["unit"], row["year"], row["submission"],
        row["reason"], json.loads(row["detail"]),
    )  # fmt: skip


_DIGITS = 8
"""Characters from which on a word may be the beginning of a digest, and no number of a submission."""
_TOGETHER = 500
"""Units whose cells are read at once."""
