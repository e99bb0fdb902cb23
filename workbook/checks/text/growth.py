"""Growth against last year as the text tells it: it follows from the numbers of both years."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.checks.prior_year import is_last_year
from workbook.checks.text.definitions import load_statements
from workbook.checks.text.sentences import NUMBER, Text, value_of
from workbook.checks.text.statements import as_number, section, values
from workbook.checks.text.sums import follows
from workbook.expression import expression
from workbook.report.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.checks.text.sentences import Count
    from workbook.checks.text.statements import Claim
    from workbook.report.findings import Quote
    from workbook.report.report import Report

_UP = "增长|增加|上升|提高|增多|多"
_DOWN = "下降|减少|降低|少"
_YEARS = r"上年度?|去年|上一年度?|(?P<year>\d{4})年度?"
_UNITS = "件次|[件份宗起封条部项个次篇期场例]"
_BASE = rf"（?(?P<base>{NUMBER})(?P<of>{_UNITS})）?"
_THAN = rf"(?:同比|(?:[比较同与]|相比)于?(?:{_YEARS})(?:同期)?的?(?:{_BASE})?(?:相比)?[，,]?)"
_LISTED = expression("其中|分别|包括|即|：")
_NEAR = 80
"""Characters before a number within which a list may have begun."""

_GROWN = expression(
    rf"[，,（]?{_THAN}(?:(?P<same>持平)|(?P<way>{_UP}|{_DOWN})了?(?:(?P<more>{NUMBER})(?P<unit>[^\d，。、%百个]{{1,2}}))?"
    rf"(?:[，,、（]?(?:同比)?(?:{_UP}|{_DOWN}|增幅|降幅)?了?(?:为|达到|达)?(?P<share>\d{{1,4}}(?:\.\d{{1,4}})?)%(?!点|以上|以下|以内|左右|多|余))?)"
)
_FROM = expression(
    rf"[由从](?:{_YEARS})?的?{_BASE}(?:(?P<way>{_UP}|{_DOWN}|增|减少?)了?)?[到至为](?:今年|本年度?|当年)?的?(?P<now>{NUMBER})(?P=of)"
)
_SHARE = expression(
    rf"[，,（]?(?:同比)?(?P<way>{_UP}|{_DOWN}|增幅|降幅)了?(?:为|达到|达)?(?P<share>\d{{1,4}}(?:\.\d{{1,4}})?)%(?!点|以上|以下|以内|左右|多|余)"
)


_MAY_GROW = expression(r"同比|[比较同与]于?[上去\d]")
"""Without one of these a text has nothing that grew: it is looked for once, before every number is."""


def check(
    text: Text, report: Report, counts: Sequence[Count], claims: Sequence[Claim], previous: Report | None
) -> Iterator[Finding]:
    """Yield the growth behind a number that follows neither from last year's report nor from the text itself."""
    stated = {claim.counted: claim for claim in claims if claim.agrees}
    last = previous if previous and is_last_year(report, previous) else None
    for count in counts if counts and _MAY_GROW.search(text.plain) else ():
        grown = _GROWN.match(text.plain, count.end)
        if grown is None or (grown["year"] and int(grown["year"]) + 1 != report.year):
            continue
        claim = stated.get(count.end)
        start = max(text.sentence(count.start)[0], count.start - _NEAR)
        if claim is None and _LISTED.search(text.plain, start, count.start):
            continue  # it may be the growth of the whole
        before = _before(last, claim) if last and claim else []
        more = value_of(grown["more"]) if grown["more"] else None
        base = value_of(grown["base"]) if grown["base"] and grown["of"] == count.unit else None
        if grown["more"] and (more is None or grown["unit"] != count.unit):
            continue
        told = [base] if base is not None else before
        if not _fits(count.value, grown, more, told) or (base is not None and before and base not in before):
            before = before or told or [_base(count.value, grown, more)]
            quote = text.quote(claim.start if claim else count.start, grown.end())
            yield _finding(text, report, quote, count.value, before)
    yield from _changes(text, report)


def _changes(text: Text, report: Report) -> Iterator[Finding]:
    """Yield the changes from one number to another that go the other way than it is said, or not so far."""
    for found in _FROM.finditer(text.plain) if "由" in text.plain or "从" in text.plain else ():
        base, now = value_of(found["base"]), value_of(found["now"])
        if base is None or now is None or (found["year"] and int(found["year"]) + 1 != report.year):
            continue
        share = _SHARE.match(text.plain, found.end())
        way = found["way"] or (share["way"] if share else None)
        if way is None:
            continue
        sign = -1 if way.startswith(("减", "下", "降", "少")) else 1
        far = share is None or base <= 0 or follows(sign * 100 * (now - base), base, share["share"])
        if sign * (now - base) <= 0 or not far:
            quote = text.quote(found.start(), share.end() if share else found.end())
            yield _finding(text, report, quote, now, [base])


def _finding(text: Text, report: Report, quote: Quote, value: Decimal, before: Sequence[Decimal]) -> Finding:
    words = {
        "section": section(report, text.part),
        "phrase": quote.text,
        "last": " / ".join(str(as_number(one)) for one in dict.fromkeys(before)),
    }
    return Finding(
        "text.growth", "warning", text.part, (), as_number(value), as_number(before[0]), words=words, quote=quote
    )


def _before(previous: Report, claim: Claim) -> list[Decimal]:
    """Return what a statement may have counted last year, by each of its readings."""
    statement = load_statements(previous.edition).by_key.get(claim.statement.key)
    return values(previous, statement.readings) if statement else []


def _sign(grown: re.Match[str]) -> int:
    return 1 if grown["way"] in _UP.split("|") else -1


def _base(value: Decimal, grown: re.Match[str], more: Decimal | None) -> Decimal:
    """Return the number of last year that follows from the difference that is written."""
    return value - _sign(grown) * (more or 0)


def _fits(value: Decimal, grown: re.Match[str], more: Decimal | None, before: Sequence[Decimal]) -> bool:
    """Say whether growth as written is possible: for one of the numbers of last year, and in itself."""
    if grown["same"]:
        return not before or value in before
    sign = _sign(grown)
    share = grown["share"]
    if more is not None:
        base = _base(value, grown, more)
        if share and base > 0 and not follows(100 * more, base, share):
            return False
        return not before or base in before
    bases = [base for base in before if base > 0]
    return not share or not bases or any(follows(sign * 100 * (value - base), base, share) for base in bases)
