"""Text against tables: what the text says of the tables' numbers is sound if one lawful reading agrees."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.checks.text.clauses import Clauses, Said, Word, area, governs
from workbook.checks.text.definitions import ALONE, Reading, Statement, Statements, load_statements
from workbook.checks.text.sentences import NUMBER, Text, has, value_of, written_as
from workbook.report.findings import CellValue, Finding, show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.checks.text.sentences import Count
    from workbook.report.report import Report

_OTHERS = re.compile("(?<![我本全])(?:局|委|厅|中心|部门|单位|系统|公司|学校|乡镇|镇街)")
"""Another office, which a clause without a subject may be about."""

_GOES_ON = re.compile("其中|[从按](?:照|申请|办理|答复|处理|结果)|在(?:已|所)?(?:办结|答复|收到|受理)|上述")
"""How a sentence begins that goes on with the whole of the one before it."""

_PART = re.compile("其中")
_SAID = re.compile(r"[未没无均占元]|全部|都已|[\d零](?=[，,。；！？（）\n]|$)")
"""Where a clause may state something without a count."""

_COMPARED = re.compile("比|较|增|减|去年|上年")
_COUNTED = re.compile(rf"({NUMBER})(?:件次|[件份宗起封条部项个次])?")
_EACH = re.compile(rf"(?:各?分别|依次)(?:为|是|有|达到?)?：?({_COUNTED.pattern}(?:[、，和及]{_COUNTED.pattern})+)")
_BETWEEN = re.compile("、|以及|[，和及与]")
_COUNT = frozenset({"#"})
_HEADING = 30
"""Characters of a sentence that may be a heading of the next."""

_HUNDREDTH = Decimal("0.01")
_LONGEST = 120
"""Characters of a bracket that closes."""

_SHORT = 16
"""Characters before a number that tell whether it is a difference."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement of a text with the number it gives, in the unit of the cells; ``agrees`` if a reading has it.

    ``counted`` is where its count ends, if it has one; ``led`` has the lists of the words that led up to it, by which its scope is told.
    """

    statement: Statement
    start: int
    end: int
    value: Decimal
    agrees: bool
    is_part: bool
    led: frozenset[str]
    counted: int | None = None
    is_share: bool = False


class _Marks:
    """Where in a text the words stand that turn the meaning of what follows them."""

    def __init__(self, text: Text, rules: Statements, report: Report) -> None:
        self._rules, self._plain = rules, text.plain
        words, unit = rules.words, area(report.body)
        own = tuple(sorted((word for word in words["wide"] if unit and word[1:].startswith(unit)), key=len, reverse=True))
        turning = list(_turning(words["otherwise"], words["elsewhere"], words["against"], own).finditer(text.plain))
        self.otherwise = [
            found.start()
            for found in turning
            if found["otherwise"] or (found["year"] and int(found["year"]) != report.year)
        ]
        self.elsewhere = [found.start() for found in turning if found["elsewhere"]]
        self.parts = [found.start() for found in _PART.finditer(text.plain)]
        self.said = [found.start() for found in _SAID.finditer(text.plain)]
        self._lists: dict[str, list[int]] = {}

    def positions(self, name: str) -> list[int]:
        """Return the positions of the words of a list, in order."""
        if name not in self._lists:
            found = re.finditer(_any_of(self._rules.words[name]), self._plain)
            self._lists[name] = [one.start() for one in found]
        return self._lists[name]


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace("…", r"[^。；\n]{0,40}?") for word in words)


@lru_cache(maxsize=32)
def _turning(
    otherwise: tuple[str, ...], elsewhere: tuple[str, ...], against: tuple[str, ...], own: tuple[str, ...]
) -> re.Pattern[str]:
    """Return the expression of other years and scopes; not of titles, of comparisons and of what is carried over."""
    year, scope, compared, area = map(_any_of, (otherwise, elsewhere, against, own or ("《",)))
    passed = rf"《[^《》\n]{{0,80}}》|(?:{compared})(?:{year}|\d{{4}}年)|今年以来|本年度?以来|结转[至到]?(?:\d{{4}}年|上一?年)|{area}"
    firsts = re.escape("".join(sorted({word[0] for word in (*otherwise, *elsewhere, *against, *own)})))
    # One look at the first letter spares trying a hundred words at each.
    return re.compile(rf"(?=[\d《结今本{firsts}])(?:{passed}|(?P<otherwise>{year})(?!度?结转)|(?P<year>\d{{4}})年|(?P<elsewhere>{scope}))")


def disputed(said: Sequence[Claim]) -> Iterator[Claim]:
    """Yield the claims with which no reading agrees.

    Where the office's own numbers are those of the tables, those of its whole area are of another scope.
    """
    own = {claim.statement.table for claim in said if claim.agrees and claim.led & {"own", "office", "self"}}
    for claim in said:
        if not claim.agrees and not ("wide" in claim.led and claim.statement.table in own):
            yield claim


def claims(text: Text, report: Report, found: Sequence[Count]) -> Iterator[Claim]:
    """Yield every statement of a text that the tables of its report can confirm or contradict, in order."""
    reader = _Reader(text, report, found)
    last: Claim | None = None
    end = lost = -1  # where the sentence ends; up to where it speaks of something that was not understood
    for start in reader.starts:
        if start >= end:
            begin, end = text.sentence(start)
            if begin and text.plain[begin - 1] != "；" and not _GOES_ON.match(text.plain, begin):
                last = None
        if start in reader.each:
            yield from reader.respectively(start, last, lost=start < lost)
            continue
        claim = reader.claim(start, last, lost=start < lost)
        if claim is None:
            lost = max(lost, min(reader.lost(start), end))
            continue
        if not claim.statement.after or claim.statement.key in reader.rules.wholes:
            last, lost = claim, -1
        if claim.statement.readings:
            yield claim


class _Reader:
    """A text with all that is known of it before its clauses are read."""

    def __init__(self, text: Text, report: Report, found: Sequence[Count]) -> None:
        self.text, self.report = text, report
        self.rules = load_statements(report.edition)
        self.marks = _Marks(text, self.rules, report)
        found = [count for count in found if count.unit in self.rules.counters]
        self.clauses = Clauses(text, self.rules, report.body, report.year, found)
        plain = text.plain
        self.items = [count.end + 1 for count in found if plain.startswith(("、", "和", "及"), count.end)]
        self.each = self._each()
        inside = [at for begin, (end, _, _) in self.each.items() for at in (begin, end)]
        begins = (*(count.start for count in found), *self.marks.said)
        starts = {self._clause(at) for at in begins if bisect_right(inside, at) % 2 == 0}
        self.starts = sorted({*starts, *self.each})
        near = ((count.start, plain[max(0, count.start - _SHORT) : count.start]) for count in found)
        self._counted = {self._clause(at) for at, before in near if not _COMPARED.search(before)}

    def _clause(self, at: int) -> int:
        """Return where the clause of a character begins; an item of a list is one too."""
        index = bisect_right(self.items, at)
        return max(self.text.clause(at), self.items[index - 1] if index else 0)

    def _each(self) -> dict[int, tuple[int, list[tuple[int, int]], list[Word]]]:
        """Return where several things are counted together, 甲、乙分别为 3 件、5 件: its end, the names, the numbers."""
        found: dict[int, tuple[int, list[tuple[int, int]], list[Word]]] = {}
        for match in _EACH.finditer(self.text.plain):
            begin = self.text.clause(match.start())
            names = _pieces(self.text.plain, begin, match.start())
            numbers = [_COUNTED.match(self.text.plain, *piece) for piece in _pieces(self.text.plain, *match.span(1))]
            known = [value_of(number[1]) for number in numbers if number]
            if len(names) == len(numbers) == len(known) and None not in known:
                words = [Word(end, _COUNT, (value or Decimal(0), Decimal(0))) for (_, end), value in zip(names, known, strict=True)]
                found[begin] = match.end(), names, words
        return found

    def respectively(self, at: int, last: Claim | None, *, lost: bool) -> Iterator[Claim]:
        """Yield what is stated of several things that are counted together."""
        end, names, words = self.each[at]
        for (begin, _), word in zip(names, words, strict=True):
            claim = self.claim(begin, last, lost=lost, given=word)
            if claim:
                yield replace(claim, start=at, end=end)

    def lost(self, at: int) -> int:
        """Return up to where a clause that was not understood makes its numbers the subject: its brackets at most."""
        if at not in self._counted:
            return -1
        plain, low = self.text.plain, max(0, at - _LONGEST)
        opened = plain.rfind("（", low, at) > plain.rfind("）", low, at)
        closing = plain.find("）", at, at + _LONGEST) if opened else -1
        return closing if closing >= 0 else len(plain)

    def claim(self, at: int, last: Claim | None, *, lost: bool, given: Word | None = None) -> Claim | None:
        """Return what the clause that begins there states.

        ``last`` is the whole stated before it; ``lost``: something else was counted since.
        """
        begin = self.text.sentence(at)[0]
        until = self.each[self.text.clause(at)][0] if given else at
        said = self.clauses.said(at, given)
        if last is not None and last.agrees and not lost:
            own = {"own", "office", "self", "wide"}
            for one in said:
                may = last.statement.key in one.statement.after or (
                    one.statement.part and one.statement.table == last.statement.table and not one.led & own
                )
                if may and self._is_meant(one, at, begin, until):
                    return self._valued(one, at, last)
        if has(self.marks.parts, begin, at + 1):
            return None
        within = last is not None and last.start >= begin
        for one in said:
            after = one.statement.after
            if "part" in one.led or (after and (ALONE not in after or within or lost)):
                continue
            if self._is_meant(one, at, begin, until):
                return self._valued(one, at, None)
        return None

    def _is_meant(self, one: Said, at: int, begin: int, until: int) -> bool:
        """Say whether a phrase speaks of this office and year, and of the right subject."""
        end = one.end
        if has(self.marks.otherwise, begin, end) or has(self.marks.elsewhere, self._scope(one, at, begin), end):
            return False
        context, unless = one.statement.context, one.statement.unless
        if unless and has(self.marks.positions(unless), begin, end):
            return False
        if not context or context in self.rules.parts.get(self.text.part, ()):
            return True
        if one.statement.near and _OTHERS.search(self.text.plain, begin, at):
            return False
        from_ = self._near(at, begin) if one.statement.near else self.text.with_heading(one.start)
        return has(self.marks.positions(context), from_, max(end, until))

    def _near(self, at: int, begin: int) -> int:
        """Return from where on a subject counts for a clause that has none: its sentence, a heading right before it."""
        if begin < at or not begin:
            return begin
        before = self.text.sentence(begin - 1)[0]
        return before if begin - before <= _HEADING else begin

    def _scope(self, one: Said, at: int, begin: int) -> int:
        """Return from where on a word of another office or scope counts for a clause."""
        if "own" in one.led:
            return one.start
        if "office" in one.led:  # 县政府 beside 全县: one of them is the tables'
            return self.text.line(at)
        return at if one.led & {"self", "named", "wide"} else begin

    def _valued(self, one: Said, at: int, whole: Claim | None) -> Claim | None:
        statement = one.statement
        is_part = whole is not None
        if not statement.readings:
            return Claim(statement, at, one.end, Decimal(0), agrees=True, is_part=is_part, led=one.led)
        known = values(self.report, statement.readings)
        value, slack = one.number.number if one.number and one.number.number else (Decimal(0), Decimal(0))
        if len(known) < len(statement.readings):
            return None  # a cell that is blank or no number: there is nothing to compare
        if one.sign == "%":
            agrees = self._is_share(statement, known, value, slack)
        else:
            agrees = any(written_as(one, value, slack) for one in known)
        if not agrees and value <= max(known) and one.sign != "%" and self._may_be_some(one, whole):
            return None
        counted = one.number.end if one.number and one.sign == "#" else None
        return Claim(statement, at, one.end, value, agrees, is_part, one.led, counted, one.sign == "%")

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
