"""Looks for what was left from a pattern or taken over from another report: placeholders, other offices, last year."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.checks.plausible import Known, pattern
from workbook.checks.prior_year import is_last_year
from workbook.checks.text.period import names_another
from workbook.checks.text.sentences import read
from workbook.checks.text.statements import section
from workbook.definition import Reader, load_toml, read_toml
from workbook.expression import expression
from workbook.records import dataclass
from workbook.report.findings import CellValue, Finding, make_finding
from workbook.report.values import squeezed
from workbook.resources import form_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.checks.text.sentences import Text
    from workbook.report.report import Report

CODES = frozenset({"text.other_body", "text.placeholder", "year.identical", "year.same_text"})

WHERE = "schema/copied.toml"
_LONGEST = 100_000  # characters of a text that is read
_OPENING = 200  # characters at the beginning of the first text, in which a report names its office
_NAME = 30  # characters that the name of an office may have
_LEAST = 3  # characters from which on the name of an office is one of its own
_TITLE = expression(r"\d{4}年度?(?:政府信息公开|政务公开)(?:工作)?(?:年度|年)报告?")
_YEARS = expression(r"\d{4}(?=年)")


@dataclass(frozen=True)
class Copied:
    """What ``schema/copied.toml`` says; its comments explain each."""

    placeholders: re.Pattern[str]
    ignored: re.Pattern[str]
    unnamed: re.Pattern[str]
    before: re.Pattern[str]
    titles: re.Pattern[str]
    subject: re.Pattern[str]
    any_own: re.Pattern[str]
    own: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    cells: tuple[str, ...]
    least: int
    characters: int


def check(report: Report, previous: Report | None = None) -> Iterator[Finding]:
    """Yield placeholders, names of other offices, and what is last year's report once more."""
    what = copied()
    yield from _cover(report, what)
    for number, (part, _) in enumerate(report.form.narratives()):
        written = report.narrative[part]
        if not written:
            continue
        text = read(part, written[:_LONGEST])
        yield from _placeholders(report, text, what)
        yield from _others(report, text, what, opening=number == 0)
    if previous and is_last_year(report, previous):
        yield from _again(report, previous, what)


def _cover(report: Report, what: Copied) -> Iterator[Finding]:
    found = what.placeholders.search(squeezed(report.body.name)[: _NAME * 4])
    if found:
        label = report.form.field("name").label
        cell = CellValue("name", label, report.body.name, report.places.get("name"))
        yield make_finding("text.placeholder", "name", (cell,), report.body.name, section=label, phrase=found[0])


def _placeholders(report: Report, text: Text, what: Copied) -> Iterator[Finding]:
    for found in what.placeholders.finditer(text.plain):
        yield _quoted("text.placeholder", report, text, *found.span())


def _others(report: Report, text: Text, what: Copied, *, opening: bool) -> Iterator[Finding]:
    """Yield the first name of another office at the beginning, else what the office never calls itself."""
    body = squeezed(report.body.name)
    if not body:
        return
    named = _named(text, what) if opening else iter(())
    others = [span for span in named if not _same(body, text.plain[slice(*span)], what)]
    for words, never in what.own if what.any_own.search(text.plain) else ():
        others += [found.span() for found in words.finditer(text.plain) if never.search(body)]
    if others:
        yield _quoted("text.other_body", report, text, *others[0], body=body)


def _named(text: Text, what: Copied) -> Iterator[tuple[int, int]]:
    """Yield where the beginning of a report names offices as its own: before its title, and as its first subject."""
    for found in what.titles.finditer(text.plain, 0, _OPENING) if _TITLE.search(text.plain, 0, _OPENING) else ():
        start = found.end("name") - len(what.before.split(found["name"])[-1])
        if not names_another(text, start, found.end()):
            yield start, found.end("name")
    subject = what.subject.match(text.plain)
    if subject:
        yield subject.span("name")


def _same(body: str, name: str, what: Copied) -> bool:
    """Say whether a name may be that of the office: one holds the letters of the other in their order."""
    if len(name) < _LEAST or what.unnamed.search(name):
        return True
    short, long = sorted((what.ignored.sub("", body), what.ignored.sub("", name)), key=len)
    letters = iter(long)
    return all(letter in letters for letter in short)


def _again(report: Report, previous: Report, what: Copied) -> Iterator[Finding]:
    file = previous.source.file if previous.source else ""
    texts = [
        each.heading
        for part, each in report.form.narratives()
        if _without_years(report.narrative[part], what) == _without_years(previous.narrative.get(part), what) != ""
    ]
    numbers = [report.cells.get(key) for key in what.cells]
    many = [number for number in numbers if isinstance(number, int | Decimal) and number >= what.least]
    if many and report.edition == previous.edition and report.cells == previous.cells:
        yield make_finding("year.identical", "year", file=file)
    elif texts:
        yield make_finding("year.same_text", "year", file=file, sections="”、“".join(texts))


def _without_years(text: str | None, what: Copied) -> str:
    """Return a text without blanks and years; empty where it is too short to be told from any other."""
    plain = _YEARS.sub("", squeezed(text))
    return plain if len(plain) >= what.characters else ""


def _quoted(code: str, report: Report, text: Text, start: int, end: int, **words: str) -> Finding:
    quote = text.quote(start, end)
    more = {"section": section(report, text.part), "phrase": quote.text, **words}
    return Finding(code, "warning", text.part, (), quote.text, words=more, quote=quote)


@cache
def copied() -> Copied:
    """Return what tells a copy.

    Raises:
        FormError: the definition is wrong, or names what no edition of the form has.
    """
    return _copied(load_toml(WHERE, form_files()), WHERE)


def parse_copied(text: str, where: str) -> Copied:
    """Return what a TOML definition says of copies; ``where`` names it in errors.

    Raises:
        FormError: misspelt or missing key, an invalid pattern, a cell that no edition of the form has.
    """
    return _copied(read_toml(text, where), where)


def _copied(data: dict[str, Any], where: str) -> Copied:
    top = Reader(where, data, "begin placeholders names self again").typed(
        texts="placeholders", table="names again", tables="self"
    )
    names = Reader(top.inside("names"), top["names"], "endings ignored unnamed before acts").typed(
        texts="endings ignored"
    )
    again = Reader(top.inside("again"), top["again"], "cells least characters").typed(
        texts="cells", whole="least characters"
    )
    own = [Reader(top.inside("self"), item, "words never").typed(texts="words") for item in top["self"]]
    Known().verify(again, "cells", again["cells"], Known().cells)
    name = rf"(?P<name>[\u4e00-\u9fff]{{1,{_NAME}}}%s(?:{'|'.join(names['endings'])}))"
    title = rf"[”）]?{_TITLE.pattern}"
    start = r"(?:（?一[）、][^。\n]{0,20}\n)?(?:\d{4}年度?[，,]?)?"
    begins, words = re.escape(top["begin"]), "|".join(top["placeholders"])
    return Copied(
        placeholders=pattern(top, "placeholders", f"(?=[{begins}])(?:{words})"),
        ignored=pattern(names, "ignored", "|".join(names["ignored"])),
        unnamed=pattern(names, "unnamed", names["unnamed"]),
        before=pattern(names, "before", names["before"]),
        titles=pattern(names, "endings", name % "" + title),
        subject=pattern(names, "acts", start + name % "?" + names["acts"]),
        any_own=pattern(top, "self", "|".join(words for each in own for words in each["words"])),
        own=tuple(
            (pattern(each, "words", "|".join(each["words"])), pattern(each, "never", each["never"])) for each in own
        ),
        cells=tuple(again["cells"]),
        least=again["least"],
        characters=again["characters"],
    )
