"""The headings of a document: which lines begin a section of the form, by title, numbering level and order.

A report has sub-headings that read like headings of sections, a table of contents that lists them, and headings that
offices word in their own way. So no line is judged alone: of all lines that may be headings those are taken that stand
in the form's order on one level of numbering and have most to say for themselves.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.form import load_form
from workbook.match.labels import bare, wanted
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Form

HEADING_LIMIT = 40
"""Characters of a line that may be the heading of a section."""

_HAN = "一二三四五六七八九十"
_NUMBER = expression(
    r"(?:^\s*|(?<=[。；！？…”）)])\s*)(?:"
    rf"第(?P<part>[{_HAN}]{{1,3}}|[0-9]{{1,2}})(?:部分|章|节|编)[、.．：:\s]*|(?P<han>[{_HAN}]{{1,3}})[、.．]"
    rf"|[（(](?P<bracket>[{_HAN}]{{1,3}})[)）][、.．]?|(?P<digit>[0-9]{{1,2}})[、.．](?![0-9])"
    r"|[（(](?P<inner>[0-9]{1,2})[)）][、.．]?)\s*"
)
"""The number of a heading, at the beginning of a line or behind the end of a sentence; its group is its level."""
_INNER = frozenset({"bracket", "digit", "inner"})
"""Levels of numbers below that of the sections, as a rule."""
_BARE_NUMBER = expression(rf"\s*[{_HAN}]{{1,3}}[\s　]*")
_END = expression(r"\s*[：:。]\s*|\s+|$")
"""What may end a heading before the text on its line."""
_PROSE = expression(r"[。；，,;！？!?…]|\.{2}|[：:].")
"""What a heading of other words than the form's has not."""

_TITLE, _NUMBERED, _FILLED, _TABLE, _ALONE = 40, 30, 10, 20, 10
"""What speaks for a heading: its words, its number, text behind it, its table behind it; a number without its words.

A table alone weighs one: tables may stand behind all text, and tell only which of two headings is theirs.
"""
_SURE = 2
"""Headings of the form's words without which numbers alone tell nothing."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A stretch of a line that may begin a section; or a table, which stands in one (``rank`` is odd).

    ``line`` counts the lines of the document; ``level`` is the kind of its number, empty where it has none.
    """

    line: int
    start: int
    stop: int
    section: int
    level: str
    weight: int
    titled: bool = False
    """Whether it has the form's words."""
    table: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """Where it begins."""
        return self.line, self.start

    @property
    def rank(self) -> int:
        """The order in which headings and tables follow each other."""
        return 2 * self.section + self.table


@cache
def _titles(edition: str) -> Mapping[str, int]:
    """Return the section of each wording of a heading."""
    sections = load_form(edition).sections
    return {word: at for at, section in enumerate(sections) for word in wanted(section.title)}


@cache
def table_titles(edition: str) -> Mapping[str, int]:
    """Return the section of each title of a table that is no heading of a section."""
    form = load_form(edition)
    numbers = [section.number for section in form.sections]
    found = {word: numbers.index(table.section) for table in form.tables for word in wanted(table.title)}
    return {word: at for word, at in found.items() if word not in _titles(edition)}


def is_inner(line: str) -> bool:
    """Say whether a line begins with a number below that of the sections: （一）, 1., (2)."""
    number = _NUMBER.match(line)
    return bool(number and number.lastgroup in _INNER)


def headings(form: Form, lines: Sequence[str | int]) -> tuple[list[Heading], Heading | None]:
    """Return the headings and tables of a document in their order, and where it begins once more behind them, if so.

    Args:
        form: the edition.
        lines: the lines of text; a number stands for a table of that section.
    """
    found = list(_with_evidence(list(_candidates(form, lines)), lines))
    levels = ["part", "han", "bracket", "digit", "inner", ""]
    chains = [_chain([each for each in found if each.level in {level, ""}], len(form.sections)) for level in levels]
    best = max(chains, key=lambda chain: sum(each.weight for each in chain))
    if sum(each.titled for each in best) < _SURE:
        best = [each for each in best if each.titled or each.table]
    _end(best, found)
    known = {each.level for each in best if each.titled and each.level}
    again = (each for each in found if each.titled and each.level in known and each.weight >= _TITLE + _NUMBERED)
    last = next((each for each in reversed(best) if not each.table), None)
    return best, next((each for each in again if last and each.place > last.place and each.rank < last.rank), None)


def _end(chain: list[Heading], found: Iterable[Heading]) -> None:
    """Add the last headings, where they have the form's words and their own number, whatever its level.

    Nothing stands behind them that could have them for sub-headings.
    """
    for each in found if chain else ():
        sure = each.titled and each.weight >= _TITLE + _NUMBERED
        if sure and each.place > chain[-1].place and each.rank > chain[-1].rank:
            chain.append(each)


def _candidates(form: Form, lines: Sequence[str | int]) -> Iterator[Heading]:
    """Yield all that may be headings or tables, in the order of the document."""
    titles, tables = _titles(form.edition), table_titles(form.edition)
    for at, line in enumerate(lines):
        if isinstance(line, int):
            yield Heading(at, 0, 0, line, "", 1, table=True)
            continue
        numbered = list(_numbered(titles, at, line))
        if numbered:
            yield from numbered
        elif line and len(line) <= HEADING_LIMIT:
            word = bare(line)
            short = bare(_BARE_NUMBER.sub("", line, count=1))
            if word in titles or short in titles:
                yield Heading(at, 0, len(line), titles[word if word in titles else short], "", _TITLE, titled=True)
            elif word in tables:
                yield Heading(at, 0, len(line), tables[word], "", 1, table=True)
            else:
                yield from _on_two_lines(titles, lines, at, line)
                yield from _by_number(form, at, line)


def _numbered(titles: Mapping[str, int], at: int, line: str) -> Iterator[Heading]:
    """Yield the headings in a line that have a number and the form's words."""
    for number in _NUMBER.finditer(line):
        near = line[number.end() : number.end() + HEADING_LIMIT]
        ends = (end for end in _END.finditer(near) if bare(near[: end.start()]) in titles)
        end = next(ends, None)
        if end:
            section = titles[bare(near[: end.start()])]
            weight = _TITLE + (_NUMBERED if _value(number) == section + 1 else 0)
            level = number.lastgroup or ""
            yield Heading(at, number.start(), number.end() + end.end(), section, level, weight, titled=True)


def _on_two_lines(titles: Mapping[str, int], lines: Sequence[str | int], at: int, line: str) -> Iterator[Heading]:
    """Yield the heading that begins on a line and ends on the next."""
    following = lines[at + 1] if at + 1 < len(lines) else None
    number = _NUMBER.match(line)
    if number and isinstance(following, str) and len(following) <= HEADING_LIMIT:
        section = titles.get(bare(line[number.end() :] + following))
        if section is not None and _value(number) == section + 1:
            stop, weight = len(line) + 1 + len(following), _TITLE + _NUMBERED
            yield Heading(at, 0, stop, section, number.lastgroup or "", weight, titled=True)


def _by_number(form: Form, at: int, line: str) -> Iterator[Heading]:
    """Yield the line that may be the heading of a section by its number alone, whatever its words."""
    number = _NUMBER.match(line)
    if number and number.end() < len(line) and not _PROSE.search(line[number.end() :].rstrip("。：: ")):
        value = _value(number)
        if 1 <= value <= len(form.sections):
            yield Heading(at, 0, len(line), value - 1, number.lastgroup or "", _ALONE)


def _value(number: re.Match[str]) -> int:
    digits = number[number.lastgroup or 0]
    if digits.isdigit():
        return int(digits)
    tens, mark, ones = digits.rpartition("十")
    return (10 * ((_HAN.find(tens) + 1) or 1) if mark else 0) + (_HAN.find(ones) + 1 if ones else 0)


def _with_evidence(found: Sequence[Heading], lines: Sequence[str | int]) -> Iterator[Heading]:
    """Yield the candidates with what stands behind each: its table before any other section, or text."""
    following: list[Heading | None] = [None] * len(found)
    for at, (each, behind) in reversed(list(enumerate(pairwise(found)))):
        same = behind.section == each.section and not behind.table
        following[at] = following[at + 1] if same else behind
    for at, (each, after) in enumerate(zip(found, following, strict=True)):
        if each.table:
            yield each
            continue
        own_table = bool(after and after.table and after.section == each.section)
        end = found[at + 1].line if at + 1 < len(found) else len(lines)
        begun = lines[each.line]
        rest = begun[each.stop : None if end > each.line else found[at + 1].start] if isinstance(begun, str) else ""
        # A line or two tell as much as all; a document may have very many.
        near = lines[each.line + 1 : min(end, each.line + 4)]
        filled = bool(rest.strip()) or any(isinstance(line, str) and line.strip() for line in near)
        yield replace(each, weight=each.weight + _TABLE * own_table + _FILLED * filled)


def _chain(found: Iterable[Heading], sections: int) -> list[Heading]:
    """Return the candidates that follow each other in the form's order and weigh most; of equal ones the earlier."""
    best: list[tuple[int, tuple[Heading, object] | None]] = [(0, None)] * (2 * sections)
    for each in found:
        # Several tables stand in one section, but it begins only once.
        before = max(best[: each.rank + each.table], key=lambda one: one[0], default=(0, None))
        if before[0] + each.weight > best[each.rank][0]:
            best[each.rank] = before[0] + each.weight, (each, before[1])
    chain: list[Heading] = []
    link: object = max(best, key=lambda one: one[0])[1]
    while isinstance(link, tuple):
        chain.append(link[0])
        link = link[1]
    return chain[::-1]
