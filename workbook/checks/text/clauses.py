"""A clause as a sequence of known words: read along the phrases of the definition, up to the first unknown word.

Words that say nothing are passed over; all others must be those of a phrase, in its order. What is understood so is
understood as a whole: a clause with one unknown word in it states nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from workbook.checks.text.definitions import LONGEST, MEANT, NUMBERS
from workbook.checks.text.names import Called, area, governs, name_of, own_words
from workbook.checks.text.sentences import HAN, NUMBER, unit_of, value_of
from workbook.expression import expression
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.checks.text.definitions import Statement, Statements, Step
    from workbook.checks.text.sentences import Count, Text
    from workbook.report import Body

_AMOUNT = expression(rf"({NUMBER})([万亿]?)元")
_IN_WAN = {"": Decimal("0.0001"), "万": Decimal(1), "亿": Decimal(10_000)}
_SHARE = expression(r"(\d{1,3}(?:\.\d{1,4})?)%")
_BARE = expression(rf"({NUMBER})(?=[，,。；！？（）\n]|$)")
_NAMED = expression(r"以[^，,。；：、（）\n\d]{1,20}(?:名义|为主体)")
_CARRIED = expression(
    r"(?:结?转|转结|转接)[至到入]?(\d{4})年度?(?:继续)?(?:办理|答复)?|(\d{4})年度?结转(?:[至到]\d{4}年度?)?"
)
_YEAR = expression("(?:年(?:1月1日)?以来|年度?)?")
_CARRIES = frozenset("结转0123456789")
_DIGITS = frozenset(HAN)

_BEFORE = frozenset({"part", "wide", "office", "self", "own", "named"})
"""Lists whose words stand before a phrase, never within one."""

_WHOSE = frozenset({"own", "wide", "office", "named"})
"""Words for the office itself: they may also stand within a phrase."""

_FILLER, _OWN, _OFFICE = frozenset({"filler"}), frozenset({"own"}), frozenset({"office"})
_UNDER, _NEXT, _LAST = frozenset({"named"}), frozenset({"结转下年"}), frozenset({"上年结转"})
_COUNT, _MONEY, _PERCENT = (frozenset({sign}) for sign in NUMBERS)


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


class _Reached(NamedTuple):
    """A step of the phrases that a reading has come to: where its first word stands, its number, what led up to it.

    ``close`` while no word within the phrase was passed over.
    """

    node: Step
    start: int
    number: Word | None = None
    led: frozenset[str] = frozenset()
    close: bool = True


class Clauses:
    """The clauses of one text, read with the words of an edition and the names of the reporting body."""

    def __init__(self, text: Text, rules: Statements, body: Body, year: int | None, found: list[Count]) -> None:
        self._plain, self._rules, self._year = text.plain, rules, str(year)
        self._counts = {count.start: count for count in found if count.unit in rules.counters}
        self._called = Called(name_of(body))
        self._own, self._own_lengths = own_words(
            name_of(body), area(body), rules.words["wide"], rules.words["office"], is_government=governs(body)
        )

    def said(self, at: int, given: Word | None = None) -> list[Said]:
        """Return the phrases that the clause at a place begins with, the longest first, of these the last defined.

        A ``given`` number comes where the clause gets to its end; without one it goes on as the text does.
        """
        root = self._rules.phrases
        places = {at: {id(root): _Reached(root, at)}}
        last, found = at + LONGEST, list[Said]()
        while places and (place := min(places)) < last:
            reached = [*places.pop(place).values()]
            if given and place >= given.end:
                counted = _steps(reached, given, place, root)
                found += self._meant(counted, place) if place == given.end else ()
                break
            meant = [] if given else [one for one in reached if MEANT in one.node]
            if meant and self._ends(place):
                found += self._meant(meant, place)
            for word in self._words(place):
                steps = _steps(reached, word, place, root)
                ahead = places.setdefault(word.end, {}) if steps else {}
                for step in steps:
                    if not ahead.setdefault(id(step.node), step).close:
                        ahead[id(step.node)] = step
        if len(found) > 1:
            defined = [*self._rules.by_key]
            found.sort(key=lambda one: (one.end, defined.index(one.statement.key)), reverse=True)
        return found

    def _meant(self, reached: Iterable[_Reached], end: int) -> Iterator[Said]:
        """Yield what is stated where phrases end at a place."""
        closed = self._rules.closing.match(self._plain, end)
        for one in reached:
            unit = one.number.unit if one.number else ""
            for key, sign in one.node.get(MEANT, ()):
                statement = self._rules.by_key[key]
                if statement.close and not one.close:
                    continue
                if (sign or closed) and not (unit and statement.counters and unit not in statement.counters):
                    yield Said(statement, one.start, end, sign, one.number, one.led)

    def _ends(self, at: int) -> bool:
        """Say whether a statement may end there: what goes on says nothing that would change it."""
        words = self._rules.words
        if self._plain.startswith(words["vague"], at):
            return False
        if at == len(self._plain) or self._plain.startswith(words["behind"], at):
            return True
        return self._rules.closing.match(self._plain, at) is not None

    def _words(self, at: int) -> list[Word]:
        """Return the words at a place: the longest of the lists, and those that are put together from pieces."""
        plain, rules = self._plain, self._rules
        first = plain[at : at + 1]
        if first in _DIGITS or first.isdigit():
            number = self._number(at)
            if number is not None:
                return [number]
        carried = self._carried(at) if first in _CARRIES else None
        if carried is not None:
            return [carried]
        own = _longest(plain, at, self._own, sizes) if (sizes := self._own_lengths.get(first)) else None
        word = _longest(plain, at, rules.lists, sizes) if (sizes := rules.lengths.get(first)) else None
        if own and word and own.end != word.end:
            own, word = max(own, word, key=lambda one: one.end), None
        known = [one for one in (own, word) if one]
        passing = rules.open.get(first)
        if passing and (passed := passing.match(plain, at)):
            known.append(Word(passed.end(), _FILLER))
        if first in rules.composed or first in self._called.firsts:
            known += self._composed(at, first)
        if len(known) > 1:
            return self._merged(known, at)
        named = _NAMED.match(plain, at) if first == "以" and not known else None
        return [Word(named.end(), _UNDER)] if named else known

    def _carried(self, at: int) -> Word | None:
        """Return what is carried over from the year before or to the one that follows."""
        found = _CARRIED.match(self._plain, at) if self._year.isdigit() else None
        if found and int(found[1] or found[2]) - int(self._year) == (1 if found[1] else -1):
            return Word(found.end(), _NEXT if found[1] else _LAST)
        return None

    def _merged(self, known: list[Word], at: int) -> list[Word]:
        """Return words without those that end at one place, and without fillers that are the beginning of a noun."""
        lists: dict[int, frozenset[str]] = {}
        for one in known:
            lists[one.end] = lists[one.end] | one.lists if one.end in lists else one.lists
        if len(lists) == 1:
            return [Word(end, names) for end, names in lists.items()]
        whole = max((end for end, names in lists.items() if names & self._rules.nouns), default=at)
        return [Word(end, names) for end, names in lists.items() if end >= whole or names != _FILLER]

    def _composed(self, at: int, first: str) -> Iterator[Word]:
        """Yield the words at a place that are put together from pieces."""
        for one in self._rules.composed.get(first, ()):
            end = one.end(self._plain, at)
            if end > at:
                yield Word(end, one.lists)
        called = self._called.end(self._plain, at) if first in self._called.firsts else -1
        if called > at:
            yield Word(called, _OWN)

    def _number(self, at: int) -> Word | None:
        count = self._counts.get(at)
        if count is not None:
            return Word(count.end, _COUNT, (count.value, Decimal(0)), count.unit)
        plain = self._plain
        if plain.startswith(self._year, at):
            ending = _YEAR.match(plain, at + len(self._year))
            return Word(ending.end() if ending else at, _FILLER)
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


def _steps(reached: Iterable[_Reached], word: Word, place: int, root: Step) -> list[_Reached]:
    """Return where a word leads from some steps: along its lists, or past a word that says nothing there."""
    lists, found = word.lists, list[_Reached]()
    names = sorted(lists) if len(lists) > 1 else lists  # the order of a set is another in each process
    whose = lists <= _WHOSE
    passed = whose or "filler" in lists
    for node, start, before, led, close in reached:
        number = word if word.number else before
        known = led | lists if whose or node is root else led
        begin = place if node is root else start
        taken = [_Reached(node[name], begin, number, known, close) for name in names if name in node]
        found += taken
        if node is root and (passed or not lists.isdisjoint(_BEFORE)):
            found.append(_Reached(root, start if taken else word.end, before, known))
        elif passed:
            found.append(_Reached(node, start, before, known, False))  # noqa: FBT003 - one name for each place
    return found


def _longest(plain: str, at: int, lists: Mapping[str, frozenset[str]], sizes: tuple[int, ...]) -> Word | None:
    """Return the longest word at a place that is in a list."""
    for size in sizes:
        found = lists.get(plain[at : at + size])
        if found is not None:
            return Word(at + size, found)
    return None
