"""Where in a text the words stand that turn the meaning of what follows them: other years, offices, parts, subjects."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from workbook.checks.text.names import area
from workbook.checks.text.sentences import has
from workbook.expression import expression

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.checks.text.definitions import Statements
    from workbook.checks.text.sentences import Text
    from workbook.report.report import Report

_PART = expression(r"(?P<inner>（[^（）\n]{0,60}其中[^（）\n]{0,120}）)|(?P<part>其中)")
"""What begins a list of parts; within brackets it ends with them."""

_SAID = expression(
    r"[未没无均占元率不全都\d零](?:(?<=[未没无均占元率])|(?<=不)存在|(?<=全)部|(?<=都)已|(?<=[\d零])(?=[，,。；！？（）\n]|$))"
)
"""Where a clause may state something without a count. It begins with a set of signs, which is looked for quickly."""

_WAYS = r"通过[^，,。；：（）\d\n]{1,30}等(?:多种|各种|各类|多个)?(?:渠道|方式|途径|形式)"
_NO_PLAN = "规划、?计划|计划(?=[等、类，。；]|方面|总结|信息)"
_CARRIED = r"(?:结转|转结|转接)[至到]?(?:\d{4}年|上一?年)|\d{4}年度?结转|上一?年度?无结转|结转办理"
_NO_FIELD = "指导下|重点领域|领域的?(?:政府|政务)?信息"
_PASSED = rf"《[^《》\n]{{0,80}}》|今年以来|本年度?以来|{_CARRIED}|{_NO_FIELD}|{_NO_PLAN}|{_WAYS}"
"""What is no other year, office or way though it looks so: titles, what is carried over, ways with 等 behind, plans."""


def states(plain: str) -> bool:
    """Say whether a text may state anything without a count."""
    return _SAID.search(plain) is not None


class Marks:
    """The ordered positions of such words in one text."""

    def __init__(self, text: Text, rules: Statements, report: Report) -> None:
        self._rules, self._plain, self._report = rules, text.plain, report
        parts = list(_PART.finditer(text.plain)) if "其中" in text.plain else []
        self._parts = [found.start() for found in parts if found["part"]]
        self._inner = [found.span() for found in parts if found["inner"]]
        self.said = [found.start() for found in _SAID.finditer(text.plain)]
        self._lists: dict[str, list[int]] = {}

    @cached_property
    def _turning(self) -> tuple[list[int], list[int]]:
        """Where words of another year stand, and where those of another office or scope."""
        words, year = self._rules.words, self._report.year
        own = (f"{year}年(?:度|1月1日)?以来", *own_areas(words["wide"], area(self._report.body)))
        pattern = _turning(words["otherwise"], words["elsewhere"], words["against"], own)
        otherwise, elsewhere = list[int](), list[int]()
        for found in pattern.finditer(self._plain):
            if found["elsewhere"]:
                elsewhere.append(found.start())
            elif found["otherwise"] or (found["year"] and int(found["year"]) != year):
                otherwise.append(found.start())
        return otherwise, elsewhere

    def is_turned(self, begin: int, scope: int, end: int) -> bool:
        """Say whether words of another year stand from ``begin`` on, or of another scope from ``scope`` on."""
        otherwise, elsewhere = self._turning
        return has(otherwise, begin, end) or has(elsewhere, scope, end)

    def is_listed(self, begin: int, at: int) -> bool:
        """Say whether a list of parts began in the sentence before a clause, and may still go on."""
        if has(self._parts, begin, at + 1):
            return True
        index = bisect_right(self._inner, (at, len(self._plain))) - 1
        return index >= 0 and begin <= self._inner[index][0] and at < self._inner[index][1]

    def positions(self, name: str) -> list[int]:
        """Return the positions of the words of a list, in order."""
        if name not in self._lists:
            self._lists[name] = [found.start() for found in _listed(self._rules.words[name]).finditer(self._plain)]
        return self._lists[name]


@lru_cache(maxsize=32)
def own_areas(wide: tuple[str, ...], unit: str) -> tuple[str, ...]:
    """Return the words for the area of a body that governs one of that unit, the longest first."""
    return tuple(sorted((f"[全我]{unit}{ending}" for ending in wide if unit), key=len, reverse=True))


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace("…", r"[^。；\n]{0,40}?") for word in words)


@lru_cache(maxsize=64)
def _listed(words: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(_any_of(words))


@lru_cache(maxsize=32)
def _turning(
    otherwise: tuple[str, ...],
    elsewhere: tuple[str, ...],
    against: tuple[str, ...],
    own: tuple[str, ...],
) -> re.Pattern[str]:
    """Return the expression of other years and scopes; not of titles, of comparisons and of what is carried over."""
    year, scope, compared = map(_any_of, (otherwise, elsewhere, against))
    passed = "|".join((_PASSED, rf"(?:{compared})(?:{year}|\d{{4}}年)", *own))
    turning = rf"(?P<otherwise>{year})(?!度?(?:结转|转结|转入|遗留))|(?P<year>\d{{4}})年|(?P<elsewhere>{scope})"
    firsts = re.escape("".join(sorted({word[0] for word in (*otherwise, *elsewhere, *against)})))
    # One look at the first letter spares trying a hundred words at each.
    return re.compile(rf"(?=[\d《结转今本通全我规计指上重领{firsts}])(?:{passed}|{turning})")
