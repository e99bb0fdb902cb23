"""What letters say, as data: every text in it is printable, whoever wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook.collect.labels import heading
from workbook.collect.letters.words import day, moment
from workbook.collect.standing import State
from workbook.printable import printable
from workbook.report.findings import LEVEL_WORDS, WAIVED, show
from workbook.report.fold import count, fold
from workbook.report.listing import is_equation, painted

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.collection import Collection
    from workbook.collect.register import Register, Unit
    from workbook.collect.standing import Standing, Version
    from workbook.form import Form
    from workbook.report import Lang, Report, Value
    from workbook.report.fold import Cause

    Shown = Mapping[str, Any]


@dataclass(frozen=True)
class Mistake:
    """A mistake as a letter lists it; ``values`` are what is found and what is expected, where they are one cell's."""

    number: int
    status: str
    level: str
    where: str
    values: tuple[str | None, ...]
    last: str
    message: str
    quote: str
    hint: str
    effects: str


@dataclass(frozen=True)
class Compared:
    """A cell that mistakes name, last year and this; ``wrong`` where one says that the fault is there."""

    table: str
    label: str
    where: str
    last: str
    this: str
    change: str
    wrong: bool


@dataclass(frozen=True)
class Head:
    """What every letter says of itself: whom it is to, from whom, of which year, as of when."""

    unit: str
    key: str
    contact: str
    office: str
    year: int
    at: str


@dataclass(frozen=True)
class Returned:
    """A report that is returned.

    Args:
        head: whom it is to.
        version: what is returned.
        file: its name.
        received: when it came.
        reason: what the office says.
        until: until when it is to be corrected.
        errors: how many mistakes are errors.
        warnings: how many are warnings.
        waived: how many warnings were accepted with a reason; they are not listed.
        mistakes: all others.
        last: year and file of last year's report, where there is one.
        compared: the cells that mistakes name beside those of that report.
    """

    head: Head
    version: Version
    file: str
    received: str
    reason: str
    until: str
    errors: int
    warnings: int
    waived: int
    mistakes: tuple[Mistake, ...]
    last: tuple[int, str] | None
    compared: tuple[Compared, ...]


@dataclass(frozen=True)
class Reminder:
    """A report that did not come.

    Args:
        head: whom it is to.
        state: how it stands: not there yet, or overdue.
        due: until when it was to come; empty where the register does not say.
        why: what the day follows from, where it was not changed.
        days: by how many days it is late, or how many are left.
        reason: why the date was changed.
        elsewhere: year, file and time of receipt of what came for other years.
        withdrawn: file, time of receipt and reason of what was withdrawn.
    """

    head: Head
    state: State
    due: str
    why: str
    days: int
    reason: str
    elsewhere: tuple[tuple[int, str, str], ...]
    withdrawn: tuple[tuple[str, str, str], ...]


def head_of(register: Register, standing: Standing) -> Head:
    """Return what a letter says of itself."""
    unit: Unit = standing.unit
    above = register.ancestors(unit.id)
    office = printable(above[0].name) if above else ""
    return Head(
        printable(unit.name_in(standing.year)),
        printable(unit.id),
        printable(unit.contact or ""),
        office,
        standing.year,
        moment(standing.at),
    )


@dataclass(frozen=True)
class Desk:
    """What letters are written from: the store, the register in force, last year's versions that count, by 单位ID."""

    collection: Collection
    register: Register
    last: Mapping[str, Version]
    lang: Lang

    @classmethod
    def of(cls, collection: Collection, standings: Sequence[Standing], lang: Lang) -> Desk:
        """Return what letters about the standings of a year are written from."""
        year, at = standings[0].year, standings[0].at
        register = collection.register(at)
        if any(standing.unit.id not in register for standing in standings):
            register = collection.register()  # the clock was put back since it was read in
        before = {standing.unit.id: standing.current for standing in collection.standings(year - 1, at)}
        return cls(collection, register, {unit: version for unit, version in before.items() if version}, lang)


def returned(
    desk: Desk, standing: Standing, version: Version, findings: Sequence[Shown], until: dt.date | None, reason: str
) -> Returned:
    """Return what the 退回单 of a version says, in which these findings were made."""
    lang = desk.lang
    report, before = desk.collection.report(version.submission), desk.last.get(standing.unit.id)
    last = desk.collection.report(before.submission).cells if before else {}
    causes = fold(findings, version.edition)
    listed = [cause for cause in causes if cause.status != WAIVED]
    counts = count(causes)
    if version.decision == "returned" and version.until:
        until = version.until  # what was decided stands
    return Returned(
        head_of(desk.register, standing),
        version,
        printable(version.file),
        moment(version.received),
        printable(reason or version.reason, keep="\n"),
        day(until, lang) if until else "",
        counts["error"],
        counts["warning"],
        counts[WAIVED],
        tuple(_mistake(number, cause, report, last, lang) for number, cause in enumerate(listed, 1)),
        (standing.year - 1, printable(before.file)) if before else None,
        tuple(_compared(report, last, listed, lang)) if before else (),
    )


def _mistake(number: int, cause: Cause, report: Report, last: Mapping[str, Value], lang: Lang) -> Mistake:
    first, quote = cause.first, cause.first["quote"]
    cell, found, expected = cause.pointed()
    if quote:  # what it finds and expects are numbers of the text, and not the cell's
        cell = found = expected = None
    own = cell and not cause.block and (first["located"] or not is_equation(first))  # not only one of a sum
    before = last.get(cell["cell"]) if cell and own else None
    parts = {key: f"「{section.heading}」" for key, section in report.form.narratives()}
    return Mistake(
        number,
        cause.status,
        LEVEL_WORDS[lang][cause.status],
        parts.get(quote["part"], "") if quote else _where(cell, report.form, lang),
        tuple(None if value is None else _said(value, lang) for value in (found, expected)),
        "" if before is None else _said(before, lang),
        printable(cause.message(lang), keep="\n"),
        printable(quote["text"]) if quote else "",
        printable(str(first["hint"]), keep="\n"),
        printable(cause.consequences(lang)),
    )


def _where(cell: Shown | None, form: Form, lang: Lang) -> str:
    """Say where a cell stands: on a sheet, else in the form."""
    if not cell:
        return ""
    if not cell["sheet"]:
        own = form.cells.get(cell["cell"])
        return f"“{heading(form, own.table)}”{own.label}" if own else ""
    pattern = "「{}」{}" if lang == "zh" else "sheet {}, cell {}"
    return printable(pattern.format(cell["sheet"], cell["address"]))


def _compared(report: Report, last: Mapping[str, Value], causes: Sequence[Cause], lang: Lang) -> Iterator[Compared]:
    """Yield the cells that mistakes name, in the order of the form, each once."""
    findings = [finding for cause in causes for finding in cause.findings]
    named = {cell["cell"]: cell for finding in findings for cell in (*finding["cells"], *finding["located"])}
    wrong = {cell["cell"] for finding in findings for cell in painted(finding)}
    for key, cell in report.form.cells.items():
        if key in named:
            this, before = report.cells[key], last.get(key)
            yield Compared(
                heading(report.form, cell.table),
                cell.label,
                _where(named[key], report.form, lang) if named[key]["sheet"] else "",
                _said(before, lang) if key in last else "",
                _said(this, lang),
                _change(before, this),
                key in wrong,
            )


def _change(last: Value, this: Value) -> str:
    if not isinstance(last, int | Decimal) or not isinstance(this, int | Decimal):
        return ""
    if this == last:
        return "0"
    difference = this - last
    return f"{difference:+d}" if isinstance(difference, int) else f"{difference:+f}"


def _said(value: Any, lang: Lang) -> str:
    if isinstance(value, float):
        value = Decimal(repr(value))
    return printable(show(value, lang))


def reminder(desk: Desk, standing: Standing) -> Reminder:
    """Return what the 催报单 of a unit says."""
    due, lang, unit = standing.due, desk.lang, standing.unit
    left = (due - standing.at.date()).days if due else 0
    rule = desk.register.deadline(unit.id, standing.year)
    withdrawn = (one for one in standing.versions if one.decision == "withdrawn")
    return Reminder(
        head_of(desk.register, standing),
        standing.state,
        day(due, lang) if due else "",
        printable(rule.why) if due == rule.date else "",
        abs(left),
        printable(standing.reason),
        tuple((year, printable(one.file), moment(one.received)) for year, one in standing.elsewhere),
        tuple((printable(one.file), moment(one.received), printable(one.reason)) for one in withdrawn),
    )
