"""Text against tables: what the text says of the tables' numbers is sound if one lawful reading agrees."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from workbook.checks.text.clauses import Clauses, Said, Word
from workbook.checks.text.definitions import ALONE, Reading, Statement, load_statements
from workbook.checks.text.marks import Marks, states
from workbook.checks.text.names import governs, name_of
from workbook.checks.text.sentences import NUMBER, Text, has, value_of, written_as
from workbook.expression import expression
from workbook.records import dataclass
from workbook.report.findings import CellValue, Finding, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.checks.text.sentences import Count
    from workbook.report.report import Report

_OTHERS = expression("(?<![我本全])(?:局|委|厅|中心|部门|单位|系统|公司|学校|乡镇|镇街)")
"""Another office, which a clause without a subject may be about."""

_GOES_ON = expression(
    "其中|[从按](?:照|申请|办理|答复|处理|结果)|在(?:已|所)?(?:办结|答复|收到|受理)|上述|自然人|公民个人|法人[或和及]"
)
"""How a sentence begins that goes on with the whole of the one before it."""

_COMPARED = expression("比|较|增|减|去年|上年")
_COUNTED = expression(rf"({NUMBER})(?:件次|[件份宗起封条部项个次])?")
_EACH = expression(rf"(?:各?分别|依次)(?:为|是|有|达到?)?：?({_COUNTED.pattern}(?:[、，和及]{_COUNTED.pattern})+)")
_BETWEEN = expression("、|以及|[，和及与]")
_COUNT = frozenset({"#"})
_WHOSE = frozenset({"own", "office", "self", "wide"})
_PARTS = expression("其中|分别|包括|含|：")
"""What begins a list of parts of the number before it."""

_HEADING = 30
"""Characters of a paragraph that may be its heading."""

_LEAD = 8
"""Characters before a clause that may be a year."""

_HUNDREDTH = Decimal("0.01")
_LONGEST = 120
"""Characters of a bracket that closes, and of names that are counted together."""

_SHORT = 16
"""Characters before a number that tell whether it is a difference."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of a text with the number it gives, in the unit of the cells.

    ``agrees`` if a reading has it; ``None`` where it may be of some of the cases only.
    ``counted`` is where its count ends, if it has one; ``led`` has the lists of the words that led up to it, by which
    its scope is told.
    """

    statement: Statement
    start: int
    end: int
    value: Decimal
    agrees: bool | None
    is_part: bool
    led: frozenset[str]
    counted: int | None = None
    is_share: bool = False


def disputed(said: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims with which no reading agrees.

    Where the office's own numbers are those of the tables, those of its whole area are of another scope.
    """
    own = {claim.statement.table for claim in said if claim.agrees and claim.led & {"own", "office", "self"}}
    for claim in said:
        if claim.agrees is False and not ("wide" in claim.led and claim.statement.table in own):
            yield claim


def may_claim(plain: str) -> bool:
    """Say whether a text without counts may state anything that claims would find."""
    return states(plain) or (_may_list(plain) and _EACH.search(plain) is not None)


def _may_list(plain: str) -> bool:
    """Say whether several things may be counted together in a text."""
    return "分别" in plain or "依次" in plain


def claims(text: Text, report: Report, found: Sequence[Count]) -> Iterator[Claim]:
    """Yield every statement of a text that the tables of its report can confirm or contradict, in order."""
    reader = _Reader(text, report, found)
    last: Claim | None = None
    outer: tuple[int, Claim] | None = None  # where a bracket ends, and the whole before it
    end = lost = -1  # where the sentence ends; up to where it speaks of something that was not understood
    since = 0  # from where on
    for start in reader.starts:
        if outer is not None and start > outer[0]:
            last, outer = outer[1], None
        if start >= end:
            begin, end = text.sentence(start)
            goes_on = text.plain.startswith("；", begin - 1) or _GOES_ON.match(text.plain, begin)
            last = last if begin and goes_on else None
        if start in reader.each:
            yield from reader.respectively(start, last, lost=start < lost)
            continue
        is_lost = start < lost
        apart = is_lost and (start - since > _LONGEST or bool(_PARTS.search(text.plain, since, start)))
        claim = reader.claim(start, last, lost=is_lost, apart=apart)
        if claim is None:
            if start >= lost:
                opened = _PARTS.match(text.plain, start)
                since = opened.end() if opened else start
            lost = max(lost, min(reader.lost(start), end))
            continue
        if not claim.statement.after or claim.statement.key in reader.rules.wholes:
            if outer is None and last is not None and (closing := reader.closing(start)) >= 0:
                outer = closing, last
            reader.earlier = last if last and last.start >= begin else None
            last, lost = claim, -1
        if claim.statement.readings:
            yield claim


@dataclass(frozen=True, slots=True)
class _Each:
    """Several things that are counted together: where the last number ends, and each name with its number."""

    end: int
    counted: tuple[tuple[tuple[int, int], Decimal | None], ...]


class _Reader:
    """A text with all that is known of it before its clauses are read."""

    def __init__(self, text: Text, report: Report, found: Sequence[Count]) -> None:
        self.text, self.report = text, report
        self.earlier: Claim | None = None  # the whole before the last one: 办结 3 件，结转 1 件，其中…
        self.rules = load_statements(report.edition)
        self.marks = Marks(text, self.rules, report)
        found = [count for count in found if count.unit in self.rules.counters]
        self.clauses = Clauses(text, self.rules, report.body, report.year, found)
        plain = text.plain
        marks = ("、", "和", "及")
        behind = (count.end + 1 for count in found if plain.startswith(marks, count.end))
        before = (count.start for count in found if count.start and plain[count.start - 1] in marks)
        self.items = sorted({*behind, *before})
        self.each = self._each()
        inside = [at for begin, each in self.each.items() for at in (begin, each.end)]
        begins = (*(count.start for count in found), *self.marks.said)
        starts = {self._clause(at) for at in begins if bisect_right(inside, at) % 2 == 0}
        self.starts = sorted({*starts, *self.each})
        near = ((count.start, plain[max(0, count.start - _SHORT) : count.start]) for count in found)
        self._counted = {self._clause(at) for at, before in near if not _COMPARED.search(before)}

    @cached_property
    def _others(self) -> list[int]:
        """Where other offices are named."""
        return [found.start() for found in _OTHERS.finditer(self.text.plain)]

    def _clause(self, at: int) -> int:
        """Return where the clause of a character begins; an item of a list is one too."""
        index = bisect_right(self.items, at)
        return max(self.text.clause(at), self.items[index - 1] if index else 0)

    def _each(self) -> dict[int, _Each]:
        """Return where several things are counted together: 甲、乙分别为 3 件、5 件."""
        plain, found = self.text.plain, dict[int, _Each]()
        for match in _EACH.finditer(plain) if _may_list(plain) else ():
            begin = self.text.clause(match.start())
            if match.start() - begin > _LONGEST:
                continue
            names = _pieces(plain, begin, match.start())
            written = [_COUNTED.match(plain, *piece) for piece in _pieces(plain, *match.span(1))]
            numbers = [value_of(one[1]) if one else None for one in written]
            if len(names) == len(numbers):
                found[begin] = _Each(match.end(), tuple(zip(names, numbers, strict=True)))
        return found

    def respectively(self, at: int, last: Claim | None, *, lost: bool) -> Iterator[Claim]:
        """Yield what is stated of several things that are counted together."""
        each = self.each[at]
        for (begin, end), number in each.counted:
            given = Word(end, _COUNT, (number, Decimal(0))) if number is not None else None
            claim = self.claim(begin, last, lost=lost, given=given, until=each.end) if given else None
            if claim:
                yield replace(claim, start=at, end=each.end)

    def lost(self, at: int) -> int:
        """Return up to where a clause that was not understood makes its numbers the subject: its brackets at most."""
        if at not in self._counted:
            return -1
        closing = self.closing(at)
        return closing if closing >= 0 else len(self.text.plain)

    def closing(self, at: int) -> int:
        """Return where the brackets end that a clause stands in, -1 where it stands in none."""
        plain, low = self.text.plain, max(0, at - _LONGEST)
        opened = plain.rfind("（", low, at) > plain.rfind("）", low, at)
        return plain.find("）", at, at + _LONGEST) if opened else -1

    def claim(
        self, at: int, last: Claim | None, *, lost: bool, apart: bool = True, given: Word | None = None, until: int = 0
    ) -> Claim | None:
        """Return what the clause that begins there states.

        ``last`` is the whole stated before it; ``lost``: something else was counted since, and perhaps its parts
        (``apart``). A ``given`` number stands behind the clause, and what belongs to it goes on ``until`` there.
        """
        begin, said = self.text.sentence(at)[0], self.clauses.said(at, given)
        since = max(begin, last.start) if last else begin
        said = [one for one in said if not one.statement.readings or self._is_meant(one, at, begin, until, since)]
        for whole in (last, self.earlier):
            for one in said if whole is not None and whole.agrees else ():
                sure = one.statement.sure and (not lost or not apart)
                if whole and _is_part(one, whole) and (sure or (whole is last and not lost)):
                    return self._valued(one, at, whole)
        listed = self.marks.is_listed(begin, at)
        within = last is not None and last.start >= begin
        for one in said:
            after = one.statement.after
            other = not one.sign or (last is not None and one.statement.table != last.statement.table)
            certain = one.statement.sure and (not after or (last is None and not lost))  # 办复率 100%，其中公开 3 件
            if not certain and ("part" in one.led or (listed and (after or not other))):
                continue
            if not after or (ALONE in after and not within and not lost):
                return self._valued(one, at, None)
        return None

    def _is_meant(self, one: Said, at: int, begin: int, until: int, since: int) -> bool:
        """Say whether a phrase speaks of this office and year, and of the right subject.

        Words that would make it something else (``unless``) count ``since`` the whole that it belongs to.
        """
        end, statement, marks = one.end, one.statement, self.marks
        if marks.is_turned(begin, self._scope(one, at, begin), end):
            return False
        if statement.unless:
            joined = since if statement.after and since > begin else self.text.joined(begin)
            if has(marks.positions(statement.unless), joined, end):
                return False
        return self._on_subject(one, at, begin, max(end, until))

    def _on_subject(self, one: Said, at: int, begin: int, end: int) -> bool:
        """Say whether a word of the context stands near enough: in the paragraph, or in the sentence."""
        statement, context = one.statement, one.statement.context
        if not context or context in self.rules.parts.get(self.text.part, ()):
            return True
        if statement.near and has(self._others, begin, at):
            return False
        words = self.marks.positions(context)
        heading = self.text.with_heading(one.start)
        if not statement.near:
            return has(words, heading, end)
        first = at - begin <= _LEAD  # nothing before it in its sentence but perhaps a year: a heading is its subject
        return has(words, begin, end) or (first and has(words, heading, heading + _HEADING))

    def _scope(self, one: Said, at: int, begin: int) -> int:
        """Return from where on a word of another office or scope counts for a clause."""
        if "own" in one.led:
            return one.start
        if "office" in one.led:  # 县政府 beside 全县: one of them is the tables'
            return self.text.line(at)
        return at if one.led & {"self", "named", "wide"} else begin

    def _valued(self, one: Said, at: int, whole: Claim | None) -> Claim | None:
        statement, is_part = one.statement, whole is not None
        known = values(self.report, statement.readings)
        if len(known) < len(statement.readings):
            return None  # a cell that is blank or no number: there is nothing to compare
        value, slack = (one.number and one.number.number) or (Decimal(0), Decimal(0))
        is_share = one.sign == "%"
        if is_share:
            agrees = self._is_share(statement, known, value, slack)
        else:
            agrees = not known or any(written_as(right, value, slack) for right in known)
            elsewhere = statement.not_at and re.search(statement.not_at, name_of(self.report.body))
            if not agrees and (elsewhere or (value <= max(known) and self._may_be_some(one, whole))):
                return Claim(statement, at, one.end, value, agrees=None, is_part=is_part, led=one.led)
        counted = one.number.end if one.number and one.sign == "#" else None
        return Claim(statement, at, one.end, value, agrees, is_part, one.led, counted, is_share)

    def _is_share(self, statement: Statement, known: Sequence[Decimal], share: Decimal, unit: Decimal) -> bool:
        """Say whether a share may be one of what a statement counts; it is sound where no whole is known."""
        wholes = [whole for whole in values(self.report, statement.share_of) if whole > 0]
        return not wholes or any(abs(100 * part / whole - share) < unit for part in known for whole in wholes)

    def _may_be_some(self, one: Said, whole: Claim | None) -> bool:
        """Say whether a number may lawfully be less: of one office of many, under one name, of some of the cases."""
        if one.statement.at_most or "named" in one.led:
            return True
        if "office" in one.led and governs(self.report.body):
            return True
        of = one.statement.whole
        return whole is not None and bool(of) and whole.value not in values(self.report, of)


def _is_part(one: Said, last: Claim) -> bool:
    """Say whether a phrase may state a part of what was stated before it."""
    of_same = one.statement.part and one.statement.table == last.statement.table
    return last.statement.key in one.statement.after or (of_same and not one.led & _WHOSE)


def _pieces(plain: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches of a list between its marks."""
    marks = list(_BETWEEN.finditer(plain, start, end))
    return list(zip((start, *(mark.end() for mark in marks)), (*(mark.start() for mark in marks), end), strict=True))


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
    keys = dict.fromkeys(key for reading in statement.readings for key, _ in reading.terms)
    cells = tuple(
        CellValue(key, report.form.cells[key].label, report.cells[key], report.places.get(key)) for key in keys
    )
    words = {"phrase": quote.text, "section": section(report, text.part), "name": statement.name}
    found = as_number(claim.value)
    if claim.is_share:
        whole = next(one for one in values(report, statement.share_of) if one > 0)
        share = (100 * known[0] / whole).quantize(_HUNDREDTH)
        words["whole"] = show(as_number(whole))
        return Finding("text.share", "warning", text.part, cells, found, share, words=words, quote=quote)
    expected = as_number(known[0])
    words["readings"] = "；".join(
        f"{reading.words} = {show(as_number(value))}" for reading, value in zip(statement.readings, known, strict=True)
    )
    return Finding(
        "text.contradicts", "warning", text.part, cells, found, expected, found - expected, words=words, quote=quote
    )


def section(report: Report, part: str) -> str:
    """Return the heading of a text part."""
    return next(section.heading for key, section in report.form.narratives() if key == part)


def as_number(value: Decimal) -> int | Decimal:
    """Return a number as findings hold it: whole numbers as ``int``."""
    return int(value) if value == value.to_integral_value() else value
