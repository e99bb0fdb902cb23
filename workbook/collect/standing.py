"""The standing of a unit in a year: derived from what came and what was decided, never set."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook.collect.register import Unit
    from workbook.report import Lang


class State(Enum):
    """What a unit's standing may be; its words are those that people are shown, in Chinese and in English."""

    MISSING = ("未报", "missing")
    OVERDUE = ("逾期", "overdue")
    RECEIVED = ("已收待审", "received")
    RETURNED = ("已退回", "returned")
    UNCORRECTED = ("退回未改", "returned, not corrected")
    ACCEPTED = ("已接收", "accepted")
    NEWER = ("接收后又报", "newer after acceptance")
    CORRECTED = ("上报后有更正", "corrected after export")
    WAIVED = ("不应报", "not due")

    @property
    def key(self) -> str:
        """The state as JSON, SQL and CSV name it."""
        return self.name.lower()

    def word(self, lang: Lang = "zh") -> str:
        """Return what people are shown."""
        return self.value[lang != "zh"]

    @property
    def waits(self) -> bool:
        """Whether it is late or returned: what ``status`` leaves with 1 for."""
        return self in {State.OVERDUE, State.RETURNED, State.UNCORRECTED}


@dataclass(frozen=True)
class Version:
    """A report as it was received: one of the chain of a unit and year, in the order of receipt.

    Args:
        submission: its number in the store.
        number: its place in the chain, from 1.
        file: the name under which it was received; a member of an archive behind the archive's name.
        digest: SHA-256 of its bytes, hexadecimal.
        received: when it was handed in.
        together: whether it came in one delivery with the version before it, so that nobody knows which is the newer.
        edition: of its form.
        errors, warnings: mistakes of each level as people count them, by its newest check.
        same_again: files in which the same came once more ("内容未变"), each with the time of its receipt.
        decision: ``accepted``, ``returned`` or ``withdrawn``, the newest one; with when, who and why.
        exported: whether it was handed up.
    """

    submission: int
    number: int
    file: str
    digest: str
    received: dt.datetime
    edition: str
    errors: int
    warnings: int
    together: bool = False
    same_again: tuple[tuple[str, dt.datetime], ...] = ()
    decision: str | None = None
    decided: dt.datetime | None = None
    by: str = ""
    reason: str = ""
    until: dt.date | None = None
    exported: bool = False

    @property
    def times(self) -> tuple[dt.datetime, ...]:
        """When it was received, and when once more; an earlier receipt may have been entered later."""
        return (self.received, *(time for _, time in self.same_again))


def live(chain: Iterable[Version]) -> list[Version]:
    """Return the versions that were not withdrawn."""
    return [version for version in chain if version.decision != "withdrawn"]


def current(chain: Iterable[Version]) -> Version | None:
    """Return the version that counts: the one accepted last, else the newest that was neither returned nor withdrawn.

    So a faulty version that comes later does not displace an accepted one.
    """
    known = live(chain)
    accepted = [version for version in known if version.decision == "accepted"]
    if accepted:
        return accepted[-1]
    waiting = [version for version in known if version.decision is None]
    return waiting[-1] if waiting and waiting[-1] is known[-1] else None


@dataclass(frozen=True)
class Standing:
    """What is known of a unit and a year at a moment.

    Args:
        unit: as the register in force has it.
        year: the report year.
        state: what follows from the rest.
        due: until when the report is due; an extension is in it.
        at: the moment.
        versions: the chain, the oldest first.
        current: the version that counts: the accepted one, else the newest that was neither returned nor withdrawn.
        first: when the first version came.
        until: until when a returned report is to be corrected.
        reason: why it is not due, or why the date was extended.
        elsewhere: versions of the same unit for other years that came for this collection's year (year on the cover).
    """

    unit: Unit
    year: int
    state: State
    due: dt.date | None
    at: dt.datetime
    versions: tuple[Version, ...] = ()
    current: Version | None = None
    first: dt.datetime | None = None
    until: dt.date | None = None
    reason: str = ""
    elsewhere: tuple[tuple[int, Version], ...] = ()

    @property
    def newest(self) -> Version | None:
        """The version that came last."""
        return self.versions[-1] if self.versions else None

    @property
    def last(self) -> Version | None:
        """The version that came last of those that were not withdrawn."""
        known = live(self.versions)
        return known[-1] if known else None

    @property
    def days_late(self) -> int:
        """By how many days the first version was late, or is by now; 0 where it is not."""
        if self.due is None or self.state is State.WAIVED:
            return 0
        came = (self.first or self.at).date()
        return max(0, (came - self.due).days)


@dataclass(frozen=True)
class Dates:
    """What was decided about a unit and a year that is of no submission: until when, or that nothing is due."""

    until: dt.date | None = None
    waived: bool = False
    reason: str = ""


def derive(
    unit: Unit, year: int, due: dt.date | None, chain: Sequence[Version], at: dt.datetime, dates: Dates | None = None
) -> Standing:
    """Return the standing of a unit that follows from what came and what was decided.

    Args:
        unit: the unit.
        year: the report year.
        due: until when the report is due by the register.
        chain: the versions, the oldest first.
        at: the moment; everything that is given is of it.
        dates: what was decided about the date.
    """
    dates = dates or Dates()
    due = dates.until or due
    known = live(chain)
    state, limit = _state(known, at, due, waived=dates.waived)
    return Standing(
        unit=unit,
        year=year,
        state=state,
        due=due,
        at=at,
        versions=tuple(chain),
        current=current(chain),
        first=min((time for version in known for time in version.times), default=None),
        until=limit,
        reason=dates.reason,
    )


def _state(
    known: Sequence[Version], at: dt.datetime, due: dt.date | None, *, waived: bool
) -> tuple[State, dt.date | None]:
    """Return the state, and until when a returned report is to be corrected."""
    if not known:
        if waived:
            return State.WAIVED, None
        return (State.OVERDUE if due and at.date() > due else State.MISSING), None
    newest = known[-1]
    if newest.decision == "returned":
        again = any(newest.decided and time >= newest.decided for _, time in newest.same_again)
        late = newest.until is not None and at.date() > newest.until
        return (State.UNCORRECTED if again or late else State.RETURNED), newest.until
    if not newest.exported and any(version.exported for version in known):
        return State.CORRECTED, None
    if not any(version.decision == "accepted" for version in known):
        return State.RECEIVED, None
    return (State.ACCEPTED if newest.decision == "accepted" else State.NEWER), None
