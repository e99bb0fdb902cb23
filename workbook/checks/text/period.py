"""Period, year and notice as the text names them fit the report; the form's own sentences are not left in."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from workbook.checks.text.definitions import load_statements
from workbook.checks.text.statements import section
from workbook.expression import expression
from workbook.form import load_form
from workbook.report.findings import Finding
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.checks.text.sentences import Text
    from workbook.report.report import Report

_FIRST_DAY = "年1月1日"
_PERIOD = expression(rf"(?<!\d)(\d{{4}}){_FIRST_DAY}起?(?:至|到|-{{1,2}})(?:(\d{{4}})年)?12月31日")
_OF_REPORT = expression("统计|本报告|本年度报告|所列数据|本年报|报告期")
_YEAR = expression(r"(?<!\d)(\d{4})年度?(?:政府信息公开|政务公开)(?:工作)?(?:年度|年)报告?")
_PAST = expression("上年|去年|往年|历年|此前|原|废止|代替|取代|替代|停止执行")
_OTHER = expression("上年|去年|上一年|往年|历年|下一年|明年|计划|反馈|评估|整改|相比")
_REFERRED = expression("(?:根据|按照|对照|针对|《)[^，。《》]{0,30}$")
_COMPARED = expression("上年|去年|上一年|往年|历年|此前")
_BEGINNING = expression(r"(?:（?一[）、].{0,20}\n)?\d{4}年")
"""A text that begins with a year; where it never names its own, it is of another year, or the cover is."""
_ACCOUNT = expression(
    r"(?:^|(?<=[。；！？\n，]))(\d{4})年(?:度|全年)?"
    r"(?=，|我|本|全|共|各|[^，。\n以起底末]{0,15}(?:收到|受理|办理|答复|公开|发布|制发|制定|印发))"
)
"""A year under which a sentence gives an account."""
_SENTENCES = 3
"""From how many sentences on a text is an account of the year."""
_OPENING = 200
"""Characters at the beginning of the first text, in which the report may name itself."""


def check(text: Text, report: Report, *, opening: bool) -> Iterator[Finding]:
    """Yield what the text says of period, year and notice that does not fit, and sentences of the form left in."""
    yield from _periods(text, report, opening=opening)
    yield from _notices(text, report)
    for sentence in load_statements(report.edition).form_sentences:
        for found in re.finditer(re.escape(sentence), text.plain) if sentence in text.plain else ():
            yield _finding("text.form_sentence", text, report, found.start(), found.end())


def _periods(text: Text, report: Report, *, opening: bool) -> Iterator[Finding]:
    if report.year is None:
        return
    named = -1  # the end of the last sentence that gave the right period; what else it gives is something else's
    for found in _PERIOD.finditer(text.plain) if _FIRST_DAY in text.plain else ():
        start, end = text.sentence(found.start())
        if start < named:
            continue
        near = (start, min(end, start + _OPENING))
        if _OF_REPORT.search(text.plain, *near) and not _COMPARED.search(text.plain, *near):
            years = {int(year) for year in found.groups() if year}
            if years == {report.year}:
                named = end
            else:
                yield _year("text.period", text, report, found, max(years - {report.year}))
    for found in _YEAR.finditer(text.plain, 0, _OPENING) if opening else ():
        start, end = text.sentence(found.start())
        said = int(found[1])
        if said == report.year or f"{report.year}年" in text.plain[start : min(end, found.end() + _OPENING)]:
            continue
        if not names_another(text, *found.span()):
            yield _year("text.period", text, report, found, said)
            return
    if opening and f"{report.year}年" not in text.plain and text.plain.count("。") >= _SENTENCES:
        yield from _account(text, report)


def names_another(text: Text, start: int, end: int) -> bool:
    """Say whether the title of a report is mentioned as that of another: referred to, compared with, planned."""
    first, last = text.sentence(start)
    other = _OTHER.search(text.plain, first, max(last, end))
    return other is not None or _REFERRED.search(text.plain, first, start) is not None


def _account(text: Text, report: Report) -> Iterator[Finding]:
    """Yield the year of a text that gives an account of another one: it begins with it, or returns to it."""
    told = [
        found
        for found in _ACCOUNT.finditer(text.plain)
        if not _OTHER.search(text.plain, *text.sentence(found.start(1))) and int(found[1]) != report.year
    ]
    began = _BEGINNING.match(text.plain)
    if told and ((began and told[0].end(1) < began.end()) or [found[1] for found in told].count(told[0][1]) > 1):
        yield _year("text.period", text, report, told[0], int(told[0][1]))


def _notices(text: Text, report: Report) -> Iterator[Finding]:
    own = _same(report.form.authority)
    if own in text.plain:
        return  # both are named: one of them is told to be replaced
    for other in _others(report.edition):
        for found in re.finditer(re.escape(other), text.plain) if other in text.plain else ():
            start, end = text.sentence(found.start())
            if not _PAST.search(text.plain, max(start, found.start() - _OPENING), min(end, found.end() + _OPENING)):
                yield _finding("text.notice", text, report, found.start(), found.end(), authority=report.form.authority)


@cache
def _others(edition: str) -> tuple[str, ...]:
    """Return the notices of the other editions."""
    return tuple(_same(load_form(other).authority) for other in editions() if other != edition)


def _same(authority: str) -> str:
    """Return a notice number with the brackets that `Text` writes."""
    return authority.replace("〔", "（").replace("〕", "）")


def _year(code: str, text: Text, report: Report, found: re.Match[str], said: int) -> Finding:
    quote = text.quote(found.start(), found.end())
    words = {"section": section(report, text.part), "phrase": quote.text, "year": str(report.year)}
    return Finding(code, "warning", text.part, (), said, report.year, words=words, quote=quote)


def _finding(code: str, text: Text, report: Report, start: int, end: int, **more: str) -> Finding:
    quote = text.quote(start, end)
    words = {"section": section(report, text.part), "phrase": quote.text, **more}
    return Finding(code, "warning", text.part, (), quote.text, words=words, quote=quote)
