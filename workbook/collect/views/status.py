"""What a collection stands like at a moment: the data of all views of it, made once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from workbook.collect.hand import now
from workbook.collect.standing import State, live
from workbook.collect.views.tree import ABSENT, Counts, came_late, grow
from workbook.collect.views.words import WORDS, called, shown_day, shown_kind, shown_time
from workbook.printable import printable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from workbook.collect.collection import Collection, Refused, Waiting
    from workbook.collect.register import Register
    from workbook.collect.standing import Standing, Version
    from workbook.collect.views.tree import Tree
    from workbook.report import Lang

SECTIONS = ("missing", "late", "returned", "review")
"""What a person looks at, in this order; a unit may stand in two."""
UNIT_COLUMNS = {
    "id": 12, "name": 26, "parent": 20, "kind": 11, "state": 13, "due": 12, "first": 17, "days_late": 10,
    "versions": 8, "received": 17, "file": 28, "errors": 7, "warnings": 7, "until": 12, "decided": 17, "by": 9,
    "contact": 18, "notes": 40,
}  # fmt: skip
"""The columns of a table of units, and how wide they are in characters."""
MATTER_COLUMNS = {
    "what": 16, "file": 42, "received": 17, "body": 30, "year": 8, "suggestions": 40, "why": 64,
}  # fmt: skip
"""Those of a table of files that wait for a person."""


@dataclass(frozen=True)
class Overview:
    """A collection, or what is below a unit of it, at a moment.

    Args:
        year: the report year.
        at: the moment.
        register: who is expected.
        standings: of everyone expected, in the register's order.
        unassigned: reports of which nobody knows whose they are.
        unreadable: files that could not be read.
        strays: units of which nothing is due in this year, with the report that came of them.
        under: the unit that this is about; ``None`` where it is everyone.
    """

    year: int
    at: dt.datetime
    register: Register
    standings: tuple[Standing, ...]
    unassigned: tuple[Waiting, ...] = ()
    unreadable: tuple[Refused, ...] = ()
    strays: tuple[Standing, ...] = ()
    under: str | None = None

    @cached_property
    def tree(self) -> Tree:
        """Everyone expected, below their offices."""
        return grow(self.standings, self.register)

    @cached_property
    def counts(self) -> Counts:
        """How many units have which standing."""
        counts = Counts()
        for standing in self.standings:
            counts.add(standing)
        return counts

    @property
    def waits(self) -> bool:
        """Whether a unit is late or was returned its report."""
        return any(state.waits for state in self.counts.states)

    @property
    def files(self) -> int:
        """How many files wait for a person."""
        return len(self.unassigned) + len(self.unreadable) + len(self.strays)

    def title(self, lang: Lang) -> str:
        """Return what it is called."""
        title = WORDS[lang]["title"].format(year=self.year)
        return f"{printable(self.register.unit(self.under).name)} {title}" if self.under else title

    def parent_name(self, standing: Standing) -> str:
        """Return the name of the office above a unit; nothing where there is none."""
        parent = standing.unit.parent
        return str(self.tree.nodes[parent].unit.name) if parent in self.tree.nodes else ""

    @cached_property
    def _guesses(self) -> Mapping[str, list[str]]:
        """By unit the files of which nobody knows whose they are and that may be its own."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for file in self.unassigned:
            for unit, _ in file.suggestions:
                found[unit].append(file.file)
        return found

    def notes(self, standing: Standing, lang: Lang) -> Iterator[str]:
        """Yield what else there is to say of a unit; of one of which nothing came also which file may be its own."""
        yield from notes(standing, lang)
        if standing.state in ABSENT:
            for file in self._guesses.get(standing.unit.id, ()):
                yield WORDS[lang]["may_be_theirs"].format(printable(file))

    @cached_property
    def sections(self) -> Mapping[str, Sequence[Standing]]:
        """The units that a person looks at, by section; in each the most urgent first."""
        return {name: sorted(filter(_BELONGS[name], self.standings), key=_URGENCY[name]) for name in SECTIONS}


def overview(collection: Collection, year: int, at: dt.datetime | None = None, under: str | None = None) -> Overview:
    """Return what a collection stands like.

    Args:
        collection: the collection.
        year: the report year.
        at: the moment; now where none is given.
        under: the id of a unit: only that and what is below it.
    """
    at = at or now()
    register = collection.register(at)
    standings: Iterable[Standing] = collection.standings(year, at)
    unassigned: Iterable[Waiting] = collection.unassigned(at)
    unreadable: Iterable[Refused] = collection.unreadable(at)
    strays: Iterable[Standing] = collection.strays(year, at)
    if under is not None:
        inside = _inside(register, under)
        standings = (standing for standing in standings if inside(standing.unit.id))
        unassigned = (file for file in unassigned if any(inside(unit) for unit, _ in file.suggestions))
        strays = (standing for standing in strays if inside(standing.unit.id))
        unreadable = ()
    return Overview(year, at, register, tuple(standings), tuple(unassigned), tuple(unreadable), tuple(strays), under)


def _inside(register: Register, under: str) -> Callable[[str], bool]:
    return lambda unit: unit == under or any(above.id == under for above in register.ancestors(unit))


def looked_at(standing: Standing) -> Version | None:
    """Return the version that people look at: the newest that was not withdrawn."""
    known = live(standing.versions)
    return known[-1] if known else None


_REVIEW = {State.RECEIVED, State.NEWER, State.CORRECTED}
_RETURNED = {State.RETURNED, State.UNCORRECTED}
_BELONGS: Mapping[str, Callable[[Standing], bool]] = {
    "missing": lambda standing: standing.state in ABSENT,
    "late": came_late,
    "returned": lambda standing: standing.state in _RETURNED,
    "review": lambda standing: standing.state in _REVIEW,
}


def _errors(standing: Standing) -> tuple[int, int]:
    version = looked_at(standing)
    return (version.errors, version.warnings) if version else (0, 0)


_URGENCY: Mapping[str, Callable[[Standing], Any]] = {
    "missing": lambda standing: (standing.state is State.MISSING, -standing.days_late, str(standing.due or "9999")),
    "late": lambda standing: -standing.days_late,
    "returned": lambda standing: (standing.state is State.RETURNED, str(standing.until or "9999")),
    "review": lambda standing: [-number for number in _errors(standing)],
}


def notes(standing: Standing, lang: Lang) -> Iterator[str]:
    """Yield what else there is to say of a unit, most urgent first; every text is printable."""
    words = WORDS[lang]
    if standing.days_late:
        yield words["days" if standing.first else "days_overdue"].format(standing.days_late)
    if standing.until and standing.state in _RETURNED:
        yield words["until_by"].format(shown_day(standing.until))
    if any(version.together for version in live(standing.versions)):
        yield words["together"]
    for year, other in standing.elsewhere:
        yield words["elsewhere"].format(year=year, file=printable(other.file))
    again = sum(len(version.same_again) for version in standing.versions)
    if again:
        yield words["same_again"].format(again)
    version = looked_at(standing)
    reason = standing.reason or (version.reason if version else "")
    if reason:
        yield words["because"].format(printable(reason))


def unit_row(standing: Standing, overview: Overview, lang: Lang) -> dict[str, Any]:
    """Return a unit as a line of a table: texts, all printable, numbers and blanks, by ``UNIT_COLUMNS``."""
    unit, version = standing.unit, looked_at(standing)
    decided = version and version.decision
    row = {
        "id": unit.id,
        "name": unit.name,
        "parent": overview.parent_name(standing),
        "kind": shown_kind(unit.kind),
        "state": standing.state.word(lang),
        "due": shown_day(standing.due),
        "first": shown_time(standing.first),
        "days_late": standing.days_late or None,
        "versions": len(standing.versions) or None,
        "received": shown_time(version.received) if version else "",
        "file": version.file if version else "",
        "errors": version.errors if version else None,
        "warnings": version.warnings if version else None,
        "until": shown_day(standing.until),
        "decided": shown_time(version.decided) if version and decided else "",
        "by": version.by if version and decided else "",
        "contact": unit.contact,
        "notes": ("；" if lang == "zh" else "; ").join(overview.notes(standing, lang)),
    }
    return {key: printable(value) if isinstance(value, str) else value for key, value in row.items()}


def matter_rows(overview: Overview, lang: Lang) -> Iterator[dict[str, Any]]:
    """Yield the files that wait for a person as lines of a table, by ``MATTER_COLUMNS``; every text is printable."""
    words, between = WORDS[lang], "、" if lang == "zh" else ", "
    for file in overview.unassigned:
        may_be = between.join(called(unit, name) for unit, name in file.suggestions)
        yield _matter(
            words["unassigned"], file.file, file.received, file.body.name, file.year, suggestions=may_be, why=file.why
        )
    for refused in overview.unreadable:
        why = " ".join(finding["message"] for finding in refused.findings)
        yield _matter(words["unreadable"], refused.file, refused.received, why=why)
    for standing in overview.strays:
        for version in live(standing.versions):
            yield _matter(
                words["strays"], version.file, version.received, standing.unit.name, standing.year, why=standing.reason
            )


def _matter(
    what: str, file: str, received: dt.datetime, body: str | None = None, year: int | None = None, **more: str
) -> dict[str, Any]:
    said = {"body": body, "suggestions": "", "why": "", "file": file} | more
    told = {key: printable(value or "") for key, value in said.items()}
    return {"what": what, "received": shown_time(received), "year": year, **told}
