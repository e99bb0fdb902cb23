"""A clause as a sequence of known words: read along the phrases of the definition, up to the first unknown word.

Words that say nothing are passed over; all others must be those of a phrase, in its order. What is understood so is
understood as a whole: a clause with one unknown word in it states nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from workbook.checks.text.definitions import NUMBERS, lengths
from workbook.checks.text.sentences import HAN, NUMBER, unit_of, value_of
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.checks.text.definitions import Statement, Statements
    from workbook.checks.text.sentences import Count, Text
    from workbook.report import Body

_AMOUNT = re.compile(rf"({NUMBER})([万亿]?)元")
_IN_WAN = {"": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000)}
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,4})?)%")
_BARE = re.compile(rf"({NUMBER})(?=[，,。；！？（）\n]|$)")
_NAMED = re.compile(r"以[^，,。；：、（）\n\d]{1,20}名义")
_CARRIED = re.compile(r"结?转[至到入]?(\d{4})年度?(?:继续)?(?:办理)?|(\d{4})年度?结转")
_CLOSED = re.compile(r"[，,。；！？（）\n]|$")
"""What stands behind a statement without a number."""

_UNIT = re.compile("[省市州县区旗镇乡]")
_BEFORE = frozenset({"part", "wide", "office", "self", "own", "named"})
"""Lists whose words stand before a phrase, never within one."""

_LONGEST_NAME = 60
_SHORTEST = 3
"""Letters of the shortest name of an office."""

_FILLER, _OWN, _OFFICE = frozenset({"filler"}), frozenset({"own"}), frozenset({"office"})
_WIDE = frozenset({"wide"})
_UNDER, _NEXT, _LAST = frozenset({"named"}), frozenset({"结转下年"}), frozenset({"上年结转"})
_COUNT, _MONEY, _PERCENT = (frozenset({sign}) for sign in NUMBERS)
_LONGEST = 120
"""Characters of a clause that are read; what is longer states nothing that is understood."""


class Word(NamedTuple):
    """A word up to ``end``, the lists that it is of, and the number that it is: value and unit of the last digit."""

    end: int
    lists: frozenset[str]
    number: tuple[Decimal, Decimal] | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """A phrase found in a clause: what it states, where its first word stands, and whose words led up to it."""

    statement: Statement
    start: int
    end: int
    sign: str
    number: Word | None
    led: frozenset[str]


class Clauses:
    """The clauses of one text, read with the words of an edition and the names of the reporting body."""

    def __init__(self, text: Text, rules: Statements, body: Body, year: int | None, found: list[Count]) -> None:
        self._plain, self._rules, self._year = text.plain, rules, str(year)
        self._counts = {count.start: count for count in found if count.unit in rules.counters}
        self._own, self._own_lengths = own_words(
            _name(body), area(body), rules.words["wide"], rules.words["office"], is_government=governs(body)
        )

    def said(self, at: int, given: Word | None = None) -> list[Said]:
        """Return the phrases that the clause at a place begins with, the longest first.

        A ``given`` number comes where the clause gets to its end; without one it goes on as the text does.
        """
        root = self._rules.phrases
        nodes, begin, start = [root], at, at
        led: frozenset[str] = frozenset()
        number: Word | None = None
        found: list[Said] = []
        while at < begin + _LONGEST and (word := given if given and at == given.end else self._word(at)):
            steps = [(node, [node.following[name] for name in word.lists if name in node.following]) for node in nodes]
            stepped = [node for _, following in steps for node in following]
            passed = "filler" in word.lists or (nodes == [root] and bool(word.lists & _BEFORE))
            kept = [node for node, following in steps if passed and (node is root or not following)]
            if nodes[0] is root:
                led, start = led | word.lists, start if stepped else word.end
            number = word if word.number else number
            nodes = list({id(node): node for node in (*stepped, *kept)}.values())
            at = word.end
            if word is given or (not given and self._ends(at)):
                found += [
                    Said(statement, start, at, sign, number, led)
                    for node in nodes
                    for statement, sign in node.meant
                    if sign or _CLOSED.match(self._plain, at)
                    if not (number and number.unit and statement.counters) or number.unit in statement.counters
                ]
            if word is given or not nodes or (given and at > given.end):
                break
        found.reverse()
        return found

    def _ends(self, at: int) -> bool:
        """Say whether a statement may end there: what goes on says nothing that would change it."""
        words = self._rules.words
        if self._plain.startswith(words["vague"], at):
            return False
        return at == len(self._plain) or self._plain.startswith(words["behind"], at)

    def _word(self, at: int) -> Word | None:
        """Return the word at a place, the longest that is known."""
        plain, first = self._plain, self._plain[at : at + 1]
        number = self._number(at) if first.isdigit() or (first and first in HAN) else None
        if number is not None:
            return number
        passed = self._rules.open.match(plain, at)
        if passed:
            return Word(passed.end(), _FILLER)
        carried = _CARRIED.match(plain, at) if self._year.isdigit() else None
        if carried and int(carried[1] or carried[2]) - int(self._year) == (1 if carried[1] else -1):
            return Word(carried.end(), _NEXT if carried[1] else _LAST)
        own = _longest(plain, at, self._own, self._own_lengths.get(first, ()))
        word = _longest(plain, at, self._rules.lists, self._rules.lengths.get(first, ()))
        if own or word:
            return max(filter(None, (own, word)), key=lambda one: one.end)
        named = _NAMED.match(plain, at)
        return Word(named.end(), _UNDER) if named else None

    def _number(self, at: int) -> Word | None:
        count = self._counts.get(at)
        if count is not None:
            return Word(count.end, _COUNT, (count.value, Decimal(0)), count.unit)
        plain = self._plain
        if plain.startswith(self._year, at):
            end = at + len(self._year)
            return Word(end + (2 if plain.startswith("年度", end) else plain.startswith("年", end)), _FILLER)
        amount = _AMOUNT.match(plain, at)
        value = value_of(amount[1]) if amount else None
        if amount and value is not None:
            scale = _IN_WAN[amount[2]]
            return Word(amount.end(), _MONEY, (value * scale, unit_of(amount[1]) * scale))
        share = _SHARE.match(plain, at)
        if share:
            return Word(share.end(), _PERCENT, (Decimal(share[1]), unit_of(share[1])))
        bare = _BARE.match(plain, at)
        value = value_of(bare[1]) if bare else None
        return Word(bare.end(), _COUNT, (value, Decimal(0))) if bare and value is not None else None


def _longest(plain: str, at: int, lists: Mapping[str, frozenset[str]], sizes: tuple[int, ...]) -> Word | None:
    """Return the longest word at a place that is in a list."""
    for size in sizes:
        found = lists.get(plain[at : at + size])
        if found is not None:
            return Word(at + size, found)
    return None


@lru_cache(maxsize=64)
def own_words(
    name: str, unit: str, wide: tuple[str, ...], office: tuple[str, ...], *, is_government: bool
) -> tuple[dict[str, frozenset[str]], dict[str, tuple[int, ...]]]:
    """Return how a body, its office and its area may be called, and how long these words are by their first letter.

    A body is called by its name, or by the end of it from a unit on; of a government that is less than all.

    >>> list(own_words("甲市乙县丙丁局", "", (), (), is_government=False)[0])
    ['丙丁局', '乙县丙丁局', '县丙丁局', '市乙县丙丁局', '甲市乙县丙丁局']
    """
    begins = (at for found in _UNIT.finditer(name) for at in (found.start(), found.end()))
    ends = {name[at:] for at in begins if len(name) - at >= _SHORTEST and not name.startswith("人民政府", at)} | (
        {name} if name else set()
    )
    short = {end.replace("人民政府", "政府") for end in ends}
    places = {end.removesuffix("办事处").removesuffix("人民政府") for end in ends if _area(end)}
    words = dict.fromkeys(sorted(ends | short), _OFFICE if is_government else _OWN)
    words |= {place: _WIDE if is_government else _OWN for place in places if len(place) >= _SHORTEST}
    if unit:
        words |= {f"{unit}{ending.format(unit)}": _OFFICE for ending in office}
        words |= {f"{whose}{unit}{ending}": _WIDE for whose in "全我" for ending in wide}
    words |= {name: _OWN} if name else {}
    return words, lengths(words)


@lru_cache(maxsize=64)
def _area(name: str) -> str:
    """Return the unit of the area that a government is named after, empty for other offices."""
    place = name.removesuffix("办事处").removesuffix("人民政府")
    unit = "街道" if place.endswith("街道") else place[-1:]
    return unit if unit == "街道" or _UNIT.match(unit) else ""


def _name(body: Body) -> str:
    """Return the name of a body, empty where it is none that a text would write."""
    name = squeezed(body.name)
    return name if len(name) <= _LONGEST_NAME else ""


def area(body: Body) -> str:
    """Return the unit of the area that a reporting body governs (县, 市 …), empty where it governs none."""
    return _area(_name(body)) if body.kind in {"government", "township", None} else ""


def governs(body: Body) -> bool:
    """Say whether a body may report for many offices: a government above the townships."""
    return body.kind == "government" or (body.kind is None and area(body) in {*"省市州县区旗"})
