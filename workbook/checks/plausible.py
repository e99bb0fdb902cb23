"""Looks for what a report seldom shows and may yet be right: all of it warnings, the rules of it data."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from workbook.checks.prior_year import is_last_year
from workbook.checks.text.statements import section
from workbook.definition import FormError, Reader, load_toml, read_toml
from workbook.expression import expression
from workbook.form import load_form
from workbook.records import dataclass
from workbook.report.findings import make_finding, show
from workbook.report.values import squeezed
from workbook.resources import editions, form_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workbook.form import Form
    from workbook.report.findings import Finding
    from workbook.report.report import Report
    from workbook.report.values import Number

CODES = frozenset(
    {
        "plausible.beyond",
        "plausible.decisions",
        "plausible.fees_silent",
        "plausible.problems",
        "plausible.rules",
        "year.jump",
        "year.thousandfold",
    }
)

WHERE = "schema/plausible.toml"
_NAME_LIMIT = 100  # characters of a name that is judged, which bounds the time of the patterns


@dataclass(frozen=True)
class Plausible:
    """What ``schema/plausible.toml`` says; its comments explain each."""

    regulations: tuple[str, ...]
    regulation_kinds: frozenset[str]
    regulation_names: tuple[re.Pattern[str], ...]
    decisions: str
    items: tuple[str, ...]
    problems: str
    nothing: frozenset[str]
    fees: str
    fee_cells: tuple[str, ...]
    fee_words: tuple[str, ...]
    amounts: frozenset[str]
    times: int
    jump: tuple[int, int]
    jumping: tuple[str, ...]
    offices: Mapping[str, tuple[re.Pattern[str], ...]]
    beyond: tuple[tuple[tuple[str, ...], Mapping[str, int]], ...]


def check(report: Report, previous: Report | None = None) -> Iterator[Finding]:
    """Yield what is hard to believe of a report, beside last year's where there is one."""
    what = plausible()
    yield from _rules(report, what)
    yield from _decisions(report, what)
    yield from _beyond(report, what)
    yield from _texts(report, what)
    if previous and is_last_year(report, previous):
        yield from _thousandfold(report, previous, what)
        yield from _jumps(report, previous, what)


def _rules(report: Report, what: Plausible) -> Iterator[Finding]:
    for row in what.regulations:
        table, _, line = row.partition(".")
        numbers = [key for key in report.form.keys.get(table, {}).get(line, {}).values() if _number(report, key)]
        if numbers and _makes_none(report, what):
            cells = tuple(report.cell(key) for key in numbers)
            yield make_finding("plausible.rules", row, cells, report.cells[numbers[0]], body=report.body.name or "")


def _makes_none(report: Report, what: Plausible) -> bool:
    """Say whether an office is one that has no power to make 规章, by its kind or by its name."""
    name = squeezed(report.body.name)[:_NAME_LIMIT]
    return report.body.kind in what.regulation_kinds or any(each.search(name) for each in what.regulation_names)


def _decisions(report: Report, what: Plausible) -> Iterator[Finding]:
    rows = (row for table in report.form.keys.values() for row in table.values())
    for row in rows:
        if what.decisions not in row or not row.keys() >= {*what.items} or not _number(report, row[what.decisions]):
            continue
        key, items = row[what.decisions], [row[item] for item in what.items]
        numbers = [number for item in items if (number := _number(report, item)) is not None]
        if len(numbers) == len(items) and report.cells[key] == sum(numbers):
            cells = tuple(report.cell(one) for one in (key, *items))
            terms = " + ".join(report.form.cells[item].column.label for item in items)
            yield make_finding("plausible.decisions", key, cells, report.cells[key], items=terms)


def _beyond(report: Report, what: Plausible) -> Iterator[Finding]:
    kind = report.body.kind or _named_kind(report, what)
    for cells, limits in what.beyond:
        limit = limits.get(kind) or max(limits.values())
        for key in cells:
            number = _number(report, key)
            if number is not None and number >= limit:
                yield make_finding("plausible.beyond", key, (report.cell(key),), number, limit=str(limit))


def _named_kind(report: Report, what: Plausible) -> str:
    """Return the kind of office that a name tells; empty where it leaves that open."""
    name = squeezed(report.body.name)[:_NAME_LIMIT]
    return next((kind for kind, names in what.offices.items() if any(each.search(name) for each in names)), "")


def _texts(report: Report, what: Plausible) -> Iterator[Finding]:
    text = report.narrative.get(what.problems)
    if text and re.sub(r"[\W_]", "", text) in what.nothing | {""}:
        yield make_finding("plausible.problems", what.problems, (), text, section=section(report, what.problems))
    text = report.narrative.get(what.fees)
    unpaid = [key for key in what.fee_cells if _number(report, key)]
    if text and unpaid and not any(word in text for word in what.fee_words):
        cells = tuple(report.cell(key) for key in unpaid)
        yield make_finding(
            "plausible.fees_silent", what.fees, cells, report.cells[unpaid[0]], section=section(report, what.fees)
        )


def _thousandfold(report: Report, previous: Report, what: Plausible) -> Iterator[Finding]:
    file = previous.source.file if previous.source else ""
    for key, cell in report.form.cells.items():
        if cell.kind.key not in what.amounts:
            continue
        found, was = _number(report, key), _number(previous, key)
        if found and was and was > 0 and found >= was * what.times:
            yield _beside("year.thousandfold", report, key, found, was, file)


def _jumps(report: Report, previous: Report, what: Plausible) -> Iterator[Finding]:
    """Yield the counts that grew or shrank out of all proportion, each once: a total that follows another is not."""
    file = previous.source.file if previous.source else ""
    times, least = what.jump
    for key in what.jumping:
        found, was = _number(report, key), _number(previous, key)
        if found and was and max(found, was) >= least and max(found, was) >= times * min(found, was):
            yield _beside("year.jump", report, key, found, was, file)


def _beside(code: str, report: Report, key: str, found: Number, was: Number, file: str) -> Finding:
    """Return the finding of a number that is many times as large as last year's, or as small."""
    times = show(int(Decimal(max(found, was)) / Decimal(min(found, was))))
    told = make_finding(code, key, (report.cell(key),), found, file=file, times=times)
    return replace(told, expected=was, difference=found - was)


def _number(report: Report, key: str) -> Number | None:
    """Return the number in a cell; ``None`` where the edition has no such cell, or it holds none that can be."""
    value = report.cells.get(key)
    if not isinstance(value, int | Decimal):
        return None
    kind = report.form.cells[key].kind
    return value if kind.minimum <= value <= kind.maximum else None


@cache
def plausible() -> Plausible:
    """Return the rules of plausibility.

    Raises:
        FormError: the definition is wrong, or names what no edition of the form has.
    """
    return _plausible(load_toml(WHERE, form_files()), WHERE)


def parse_plausible(text: str, where: str) -> Plausible:
    """Return the rules of plausibility that a TOML definition describes; ``where`` names it in errors.

    Raises:
        FormError: misspelt or missing key, an invalid pattern, a name that no edition of the form has.
    """
    return _plausible(read_toml(text, where), where)


def _plausible(data: dict[str, Any], where: str) -> Plausible:
    top = Reader(where, data, "regulations decisions problems fees_silent thousandfold jump offices beyond")
    regulations = Reader(top.inside("regulations"), top["regulations"], "rows kinds names")
    decisions = Reader(top.inside("decisions"), top["decisions"], "column items")
    problems = Reader(top.inside("problems"), top["problems"], "part nothing")
    fees = Reader(top.inside("fees_silent"), top["fees_silent"], "part cells words")
    fold = Reader(top.inside("thousandfold"), top["thousandfold"], "kinds times")
    jump = Reader(top.inside("jump"), top["jump"], "times least cells").typed(whole="times least", texts="cells")
    offices = top["offices"]
    known = Known()
    for reader in (fees, jump):
        known.verify(reader, "cells", reader["cells"], known.cells)
    known.verify(regulations, "rows", regulations["rows"], known.rows)
    known.verify(decisions, "column", [decisions["column"], *decisions["items"]], known.columns)
    for reader in (problems, fees):
        known.verify(reader, "part", [reader["part"]], known.parts)
    known.verify(fold, "kinds", fold["kinds"], known.kinds)
    known.verify(regulations, "kinds", regulations["kinds"], known.offices)
    known.verify(top, "offices", offices, known.offices)
    return Plausible(
        regulations=tuple(regulations["rows"]),
        regulation_kinds=frozenset(regulations["kinds"]),
        regulation_names=tuple(pattern(regulations, "names", name) for name in regulations["names"]),
        decisions=decisions["column"],
        items=tuple(decisions["items"]),
        problems=problems["part"],
        nothing=frozenset(problems["nothing"]),
        fees=fees["part"],
        fee_cells=tuple(fees["cells"]),
        fee_words=tuple(fees["words"]),
        amounts=frozenset(fold["kinds"]),
        times=fold["times"],
        jump=(jump["times"], jump["least"]),
        jumping=tuple(jump["cells"]),
        offices={kind: tuple(pattern(top, "offices", name) for name in names) for kind, names in offices.items()},
        beyond=tuple(_limits(top.inside("beyond"), item, known) for item in top["beyond"]),
    )


def _limits(where: str, item: Any, known: Known) -> tuple[tuple[str, ...], Mapping[str, int]]:
    """Return some cells with the number from which on each is beyond an office, by its kind."""
    reader = Reader(where, item, "cells from")
    known.verify(reader, "cells", reader["cells"], known.cells)
    known.verify(reader, "from", reader["from"], known.offices)
    return tuple(reader["cells"]), reader["from"]


class Known:
    """What the editions of the form have between them; it is looked up when a name is verified."""

    @cached_property
    def _forms(self) -> list[Form]:
        return [load_form(edition) for edition in editions()]

    def cells(self) -> set[str]:
        """Return the keys of all cells."""
        return {key for form in self._forms for key in form.cells}

    def rows(self) -> set[str]:
        """Return the keys of all rows, each behind that of its table."""
        return {f"{cell.table}.{cell.row.key}" for form in self._forms for cell in form.cells.values()}

    def columns(self) -> set[str]:
        """Return the keys of all columns."""
        return {cell.column.key for form in self._forms for cell in form.cells.values()}

    def kinds(self) -> set[str]:
        """Return the keys of the kinds of numbers."""
        return {kind for form in self._forms for kind in form.kinds}

    def parts(self) -> set[str]:
        """Return the keys of the parts of the text."""
        return {part for form in self._forms for part in form.narrative_keys}

    def offices(self) -> set[str]:
        """Return the kinds of offices."""
        return {kind for form in self._forms for kind in form.field("kind").choices}

    @staticmethod
    def verify(reader: Reader, key: str, names: Iterable[Any], known: Callable[[], set[str]]) -> None:
        """Refuse a name that is not known."""
        if reader.is_kept:
            return
        strange = set(names) - known()
        if strange:
            raise FormError(f"{reader.where}, {key}: no edition of the form has {', '.join(sorted(map(str, strange)))}")


def pattern(reader: Reader, key: str, words: str) -> re.Pattern[str]:
    """Return what a definition gives as an expression; refuse one that is none."""
    if reader.is_kept:
        return expression(words)
    try:
        return re.compile(words)
    except re.error as error:
        raise FormError(f"{reader.where}, {key}: {words!r} is no pattern: {error}") from error
