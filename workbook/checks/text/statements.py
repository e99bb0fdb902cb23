"""Text against tables: what the text says of the tables' numbers is sound if one lawful reading agrees."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.checks.text.definitions import ALONE, Reading, Statement, Statements, load_statements
from workbook.checks.text.sentences import NUMBER, Text, counting, counts, has, unit_of, value_of, written_as
from workbook.report.findings import CellValue, Finding, show
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.report.report import Report

_AMOUNT = re.compile(rf"({NUMBER})([万亿]?)元")
_IN_WAN = {"": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000)}
_PART = re.compile("其中|包括")
_NOTHING = re.compile("未|没|无|全部|均|都已")
_OWN = re.compile("名义|我|本[机单局办委镇乡街]")
_COMPARED = re.compile("比|较|增|减|去年|上年")
_DATE = re.compile(r"\d{4}年度?")
_LONGEST = 120
"""Characters of a clause up to its number; what is longer states nothing that is understood."""

_SHORT = 16
"""Characters before a number that tell whether it is a difference."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of a text with the number it gives, in the unit of the cells; ``agrees`` if a reading has it."""

    statement: Statement
    start: int
    end: int
    value: Decimal
    agrees: bool
    is_part: bool


class _Marks:
    """Where in a text the words stand that turn the meaning of what follows them."""

    def __init__(self, text: Text, rules: Statements, year: int | None) -> None:
        self._rules, self._plain = rules, text.plain
        words = rules.words
        turning = list(_turning(words["otherwise"], words["elsewhere"], words["against"]).finditer(text.plain))
        self.otherwise = [
            found.start() for found in turning if found["otherwise"] or (found["year"] and int(found["year"]) != year)
        ]
        self.elsewhere = [found.start() for found in turning if found["elsewhere"]]
        self.parts = [found.start() for found in _PART.finditer(text.plain)]
        self.nothing = [found.start() for found in _NOTHING.finditer(text.plain)]
        self._lists: dict[str, list[int]] = {}

    def positions(self, name: str) -> list[int]:
        """Return the positions of the words of a list, in order."""
        if name not in self._lists:
            words = "|".join(map(re.escape, self._rules.words[name]))
            self._lists[name] = [found.start() for found in re.finditer(words, self._plain)]
        return self._lists[name]


@lru_cache(maxsize=8)
def _turning(otherwise: tuple[str, ...], elsewhere: tuple[str, ...], against: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression of other years and scopes; not of titles, of comparisons and of what is carried over."""
    year, scope, compared = ("|".join(map(re.escape, words)) for words in (otherwise, elsewhere, against))
    passed = rf"《[^《》\n]{{0,80}}》|(?:{compared})(?:{year}|\d{{4}}年)|结转[至到]?\d{{4}}年"
    return re.compile(rf"{passed}|(?P<otherwise>{year})(?!度?结转)|(?P<year>\d{{4}})年|(?P<elsewhere>{scope})")


def claims(text: Text, report: Report) -> Iterator[Claim]:
    """Yield every statement of a text that the tables of its report can confirm or contradict, in order."""
    reader = _Reader(text, report)
    last: Claim | None = None
    end = lost = -1  # where the sentence ends; up to where it speaks of something that was not understood
    for start in reader.starts:
        if start >= end:
            last, end = None, text.sentence(start)[1]
        claim = reader.claim(start, last, lost=start < lost)
        if claim is None:
            lost = max(lost, min(reader.lost(start), end))
            continue
        if not claim.is_part:
            last, lost = claim, -1
        yield claim


class _Reader:
    """A text with all that is known of it before its clauses are read."""

    def __init__(self, text: Text, report: Report) -> None:
        self.text, self.report = text, report
        self.rules = load_statements(report.edition)
        self.marks = _Marks(text, self.rules, report.year)
        found = counts(counting(self.rules.counters), text.plain)
        self.numbers = {count.end: (count.value, Decimal(0)) for count in found}
        begins = [count.start for count in found]
        for amount in _AMOUNT.finditer(text.plain):
            value, scale = value_of(amount[1]), _IN_WAN[amount[2]]
            if value is not None:
                self.numbers[amount.end()] = value * scale, unit_of(amount[1]) * scale
                begins.append(amount.start())
        self.items = [count.end + 1 for count in found if text.plain.startswith("、", count.end)]
        self.starts = sorted({self._clause(at) for at in (*begins, *self.marks.nothing)})
        near = ((count.start, text.plain[max(0, count.start - _SHORT) : count.start]) for count in found)
        self._counted = {self._clause(at) for at, before in near if not _COMPARED.search(before)}
        self.name = squeezed(report.body.name)
        may_be_one = report.body.kind in {"government", "township", None}
        names = (*((self.name,) if self.name else ()), *(self.rules.words["office"] if may_be_one else ()))
        self.offices = sorted(names, key=len, reverse=True)

    def _clause(self, at: int) -> int:
        """Return where the clause of a character begins; an item of a list is one too."""
        index = bisect_right(self.items, at)
        return max(self.text.clause(at), self.items[index - 1] if index else 0)

    def lost(self, at: int) -> int:
        """Return up to where a clause that was not understood makes its numbers the subject: its brackets at most."""
        if at not in self._counted:
            return -1
        plain, low = self.text.plain, max(0, at - _LONGEST)
        opened = plain.rfind("（", low, at) > plain.rfind("）", low, at)
        closing = plain.find("）", at, at + _LONGEST) if opened else -1
        return closing if closing >= 0 else len(plain)

    def claim(self, at: int, last: Claim | None, *, lost: bool) -> Claim | None:
        """Return what the clause that begins there states.

        ``last`` is the whole stated before it in its sentence; ``lost``: something else was counted since.
        """
        begin = self.text.sentence(at)[0]
        if last is not None and last.agrees and not lost:
            claim = self._read(last.statement.key, at, begin, last)
            if claim is not None:
                return claim
        if has(self.marks.parts, begin, at + 1):
            return None
        found = self._read(ALONE, at, begin, last)
        return None if found is not None and found.statement.after and lost else found

    def _read(self, before: str, at: int, begin: int, last: Claim | None) -> Claim | None:
        phrases = self.rules.phrases.get(before)
        start = self._behind_office(at)
        match = phrases.pattern.match(self.text.plain, start, start + _LONGEST) if phrases else None
        if phrases is None or match is None or match.lastgroup is None:
            return None
        statement, is_part = phrases.statements[match.lastgroup], before != ALONE
        if is_part and last and statement.whole and last.value not in values(self.report, statement.whole):
            return None
        if not is_part and statement.after and last is not None:
            return None  # a part of something else than what it would be a part of
        if not self._is_meant(statement, match, at, begin):
            return None
        return self._valued(statement, match, at, is_part=is_part)

    def _behind_office(self, at: int) -> int:
        """Return where a clause goes on behind a year and the name of the reporting office, if it begins with it."""
        plain = self.text.plain
        date = _DATE.match(plain, at)
        start = date.end() if date else at
        return next((start + len(name) for name in self.offices if plain.startswith(name, start)), at)

    def _is_meant(self, statement: Statement, match: re.Match[str], at: int, begin: int) -> bool:
        """Say whether a phrase speaks of this office and year, of the right subject, and of an exact number."""
        plain, end = self.text.plain, match.end()
        if has(self.marks.otherwise, begin, end) or has(self.marks.elsewhere, self._scope(match, at, begin), end):
            return False
        if plain.startswith(self.rules.words["vague"], end):
            return False
        if end < len(plain) and not plain.startswith(self.rules.words["behind"], end):
            return False
        context = statement.context
        return not context or has(self.marks.positions(context), self.text.with_heading(match.start()), match.end())

    def _scope(self, match: re.Match[str], at: int, begin: int) -> int:
        """Return from where on a word of another office or scope counts for a clause."""
        if self.name and self.text.plain.startswith(self.name, match.start() - len(self.name)):
            return match.start("lead")
        if match.start() > at:  # 县政府 beside 全县: one of them is the tables'
            return self.text.line(at)
        return match.start("lead") if _OWN.search(match["lead"]) else begin

    def _may_be_some(self, match: re.Match[str], at: int) -> bool:
        """Say whether a clause names only one office of those that a government reports for."""
        plain, start = self.text.plain, match.start()
        whole = bool(self.name) and plain.startswith(self.name, start - len(self.name))
        return self.report.body.kind == "government" and start > at and not whole

    def _valued(self, statement: Statement, match: re.Match[str], at: int, *, is_part: bool) -> Claim | None:
        known = values(self.report, statement.readings)
        written = self.numbers_in(match) if statement.counted else (Decimal(0), Decimal(0))
        if written is None or len(known) < len(statement.readings):
            return None  # no number, or a cell that is blank or no number: there is nothing to compare
        value, slack = written
        agrees = any(written_as(one, value, slack) for one in known)
        if not agrees and value <= max(known) and ("名义" in match["lead"] or self._may_be_some(match, at)):
            return None  # what goes out under one name, or what a government without its offices does, may be a part
        return Claim(statement, at, match.end(), value, agrees, is_part)

    def numbers_in(self, match: re.Match[str]) -> tuple[Decimal, Decimal] | None:
        """Return the number that a phrase holds, with the slack of its last digit."""
        if match.end() in self.numbers:
            return self.numbers[match.end()]
        inside = range(match.end() - 1, match.start(), -1)
        return next((self.numbers[end] for end in inside if end in self.numbers), None)


def values(report: Report, readings: Sequence[Reading]) -> list[Decimal]:
    """Return what the readings come to, those left out of which a cell holds no number."""
    found = []
    for reading in readings:
        cells = [(report.cells[key], sign) for key, sign in reading.terms]
        if all(isinstance(value, int | Decimal) for value, _ in cells):
            found.append(
                sum((Decimal(value) * sign for value, sign in cells if not isinstance(value, str | None)), Decimal(0))
            )
    return found


def totals(report: Report) -> list[Decimal]:
    """Return the numbers of the tables that a share may be of: all that stand alone in a statement."""
    wholes = [statement for statement in load_statements(report.edition).by_key.values() if not statement.after]
    return sorted({value for statement in wholes for value in values(report, statement.readings)})


def contradiction(text: Text, report: Report, claim: Claim) -> Finding:
    """Return the finding for a statement with which no reading agrees."""
    statement = claim.statement
    known = values(report, statement.readings)
    quote = text.quote(claim.start, claim.end)
    told = "；".join(
        f"{reading.words} = {show(as_number(value))}" for reading, value in zip(statement.readings, known, strict=True)
    )
    keys = dict.fromkeys(key for reading in statement.readings for key, _ in reading.terms)
    cells = tuple(
        CellValue(key, report.form.cells[key].label, report.cells[key], report.places.get(key)) for key in keys
    )
    found, expected = as_number(claim.value), as_number(known[0])
    words = {"phrase": quote.text, "section": section(report, text.part), "name": statement.name, "readings": told}
    return Finding(
        "text.contradicts", "warning", text.part, cells, found, expected, found - expected, words=words, quote=quote
    )


def section(report: Report, part: str) -> str:
    """Return the heading of a text part."""
    return next(section.heading for key, section in report.form.narratives() if key == part)


def as_number(value: Decimal) -> int | Decimal:
    """Return a number as findings hold it: whole numbers as ``int``."""
    return int(value) if value == value.to_integral_value() else value
