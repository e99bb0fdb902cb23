"""A collection made of values: what the facade of the store gives, without a store."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import workbook
from workbook.collect.register import Register, Unit
from workbook.collect.standing import Standing, State, Version
from workbook.report import Report
from workbook.report.fold import count, fold

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BEIJING = dt.timezone(dt.timedelta(hours=8))
AT = dt.datetime(2026, 2, 3, 9, 30, tzinfo=BEIJING)


def unit(key: str, name: str, parent: str | None = None, kind: str | None = "department", /, **more: Any) -> Unit:
    """Return a unit; ``since`` and ``until`` are its first and last year."""
    spell = more.pop("since", None), more.pop("until", None)
    return Unit(key, name, parent=parent, kind=kind, spells=(spell,), **more)


@dataclass
class Gathered:
    """What the facade gives; ``came`` are reports by unit and year, each with its bytes and the name of its file."""

    units: tuple[Unit, ...]
    folder: Path
    came: dict[tuple[str, int], list[tuple[Report, bytes, str]]] = field(default_factory=dict)
    states: dict[tuple[str, int], State] = field(default_factory=dict)
    more: dict[tuple[str, int], dict[str, Any]] = field(default_factory=dict)
    _kept: list[tuple[Report, bytes, str]] = field(default_factory=list)
    _numbers: dict[tuple[str, int, int], int] = field(default_factory=dict)

    def add(self, unit: str, year: int, report: Report, data: bytes, file: str) -> None:
        """Let a report come."""
        self.came.setdefault((unit, year), []).append((report, data, file))
        self._kept.append((report, data, file))
        self._numbers[unit, year, len(self.came[unit, year])] = len(self._kept)

    def register(self, _at: dt.datetime | None = None) -> Register:
        """Return the register."""
        return Register.of(self.units)

    def standings(self, year: int, at: dt.datetime | None = None) -> list[Standing]:
        """Return the standings of the units that are expected."""
        return [self.standing(unit.id, year, at) for unit in self.register().expected(year)]

    def standing(self, unit: str, year: int, at: dt.datetime | None = None) -> Standing:
        """Return the standing of a unit."""
        came = self.came.get((unit, year), [])
        versions = tuple(self._version(unit, year, number) for number in range(1, len(came) + 1))
        state = State.RECEIVED if came else State.OVERDUE
        return Standing(
            self.register().unit(unit),
            year,
            self.states.get((unit, year), state),
            self.register().due(unit, year),
            at or AT,
            versions,
            versions[-1] if versions else None,
            **self.more.get((unit, year), {}),
        )

    def _version(self, unit: str, year: int, number: int) -> Version:
        report, data, file = self.came[unit, year][number - 1]
        submission = self._numbers[unit, year, number]
        counts = count(fold(self.findings(submission), report.edition))
        digest = hashlib.sha256(data).hexdigest()
        return Version(submission, number, file, digest, AT, report.edition, counts["error"], counts["warning"])

    def findings(self, submission: int, _at: dt.datetime | None = None) -> list[dict[str, Any]]:
        """Return what the checks find."""
        return [finding.as_dict() for finding in workbook.check(self.report(submission))]

    def report(self, submission: int) -> Report:
        """Return a report."""
        return self._kept[submission - 1][0]

    def original_bytes(self, submission: int) -> bytes:
        """Return the bytes of a report; none are kept of what is empty."""
        data = self._kept[submission - 1][1]
        if not data:
            raise LookupError(submission)
        return data

    def cells(self, year: int, at: dt.datetime | None = None) -> Iterator[tuple[Standing, Mapping[str, Any] | None]]:
        """Yield the standings with cells."""
        for standing in self.standings(year, at):
            yield standing, self.report(standing.current.submission).cells if standing.current else None
