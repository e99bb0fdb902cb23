"""A text without its blanks, cut into sentences and clauses, with the counts that stand in it; offsets are kept."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.records import dataclass
from workbook.report.findings import Quote

if TYPE_CHECKING:
    from collections.abc import Sequence

_SAME = str.maketrans(
    "０１２３４５６７８９％．()：:;!?～~〜–—－―〔〕［］[]",
    "0123456789%.（）：：；！？-------（）（）（）",
)
"""Letters that mean the same; each stands for one, so that offsets stay."""

_STOP = expression(r"(?<!\d)[,.](?!\d)|(?<!\d),|,(?!\d{3}(?!\d))")
"""A comma that does not part the digits of a number, and a full stop, as other keyboards write them."""

_WORD = expression(r"[^\S\n]++")
_SENTENCE_END = expression(r"[。；！？\n]")
_REMARK = (
    r"(?<=[^\n，。；：！？（）]（)[^（）\d，。；\n含除不其网线信函面邮传自法企组现窗]{1,12}）(?![，。；、：）\n和及])"
)
_CLAUSE_END = expression(
    rf"[，；。！？（）\n：](?:(?P<remark>{_REMARK})|(?<=）)[、和及]|(?<!：)|(?<=：)(?!\d\d(?!\d)))"
)
"""What ends a clause, but for a remark without number, way or applicant, which the clause goes on behind.

An expression that begins with a set of signs is looked for as quickly as one sign is.
"""

_DIGITS = {letter: value for value, letter in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_STEPS = {"十": 10, "百": 100, "千": 1000}
HAN = "零〇一二两三四五六七八九十百千万"
"""Letters of which numbers are written in words."""

NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}}){{1,3}}+(?![\d,])|\d{{1,12}}+(?![\d,])(?:\.\d{{1,6}}+)?+|[{HAN}]{{1,9}}+)"
"""A number as texts have it, thousand separators and numbers in words included; as a regular expression."""

_DIGIT = expression(rf"[\d{HAN}]++")
_NO_NUMBER_BEFORE = r"(?<![.第统唯每任逐某同-])(?<!\d[,，])"


@dataclass(frozen=True, slots=True)
class Count:
    """A number with its counter word: characters ``start`` up to ``end`` of a text without blanks."""

    start: int
    end: int
    value: Decimal
    unit: str
    word: bool = False


class Text:
    """One part of the narrative. All offsets are those of ``plain``, the text without blanks, until it is quoted."""

    def __init__(self, part: str, text: str) -> None:
        self.part = part
        self._text = text
        same = text.translate(_SAME)
        if "," in same or "." in same:
            same = _STOP.sub(lambda found: "，" if found[0] == "," else "。", same)
        pieces, starts, originals, at, taken = [], [], [], 0, 0
        for blank in _WORD.finditer(same):
            pieces.append(same[at : blank.start()])
            starts.append(taken)
            originals.append(at)
            taken += blank.start() - at
            at = blank.end()
        pieces.append(same[at:])
        self._starts, self._originals = [*starts, taken], [*originals, at]
        self.plain = "".join(pieces)

    @cached_property
    def _ends(self) -> list[int]:
        return [found.end() for found in _SENTENCE_END.finditer(self.plain)]

    @cached_property
    def _clauses(self) -> list[int]:
        return [found.end() for found in _CLAUSE_END.finditer(self.plain) if not found["remark"]]

    def sentence(self, at: int) -> tuple[int, int]:
        """Return start and end of the sentence that a character stands in."""
        index = bisect_right(self._ends, at)
        return (self._ends[index - 1] if index else 0), (
            self._ends[index] if index < len(self._ends) else len(self.plain)
        )

    def joined(self, at: int) -> int:
        """Return the start of the row of sentences, joined by semicolons, that one beginning at a place belongs to."""
        low = max(0, at - _NEAR)
        while at > low and self.plain[at - 1] == "；":
            at = self.sentence(at - 1)[0]
        return max(at, low)

    def clause(self, at: int) -> int:
        """Return the start of the clause that a character stands in."""
        index = bisect_right(self._clauses, at)
        return self._clauses[index - 1] if index else 0

    def line(self, at: int) -> int:
        """Return the start of the line that a character stands in."""
        low = max(0, at - _NEAR)
        return max(self.plain.rfind("\n", low, at) + 1, low)

    def with_heading(self, at: int) -> int:
        """Return the start of the line that a character stands in, or of the heading before it."""
        own = self.line(at)
        if own < 2 or self.plain[own - 1] != "\n" or _SENTENCE_END.match(self.plain, own - 2):  # noqa: PLR2004
            return own
        return self.line(own - 1)

    def quote(self, start: int, end: int) -> Quote:
        """Return a phrase with its offsets in the text as it was written."""
        first, last = self._original(start), self._original(end - 1) + 1
        return Quote(self.part, first, last, self._text[first:last])

    def _original(self, at: int) -> int:
        index = bisect_right(self._starts, at) - 1
        return self._originals[index] + at - self._starts[index]


@lru_cache(maxsize=8)
def read(part: str, text: str) -> Text:
    """Return a part of the narrative; the checks of one report share it."""
    return Text(part, text)


_NEAR = 300
"""Characters within which a word of context counts."""


def has(positions: Sequence[int], start: int, end: int) -> bool:
    """Say whether one of some ordered positions lies in a stretch."""
    index = bisect_left(positions, start)
    return index < len(positions) and positions[index] < end


@cache
def counting(units: tuple[str, ...]) -> re.Pattern[str]:
    """Return the expression of a number before one of these counter words, for where digits begin."""
    words = "|".join(sorted(map(re.escape, units), key=len, reverse=True))
    return re.compile(rf"{_NO_NUMBER_BEFORE}({NUMBER})({words})")


def counts(pattern: re.Pattern[str], text: str) -> list[Count]:
    """Return all counts of a text in their order; number words that are not numbers are left out."""
    found, end = [], 0
    for digits in _DIGIT.finditer(text):
        match = pattern.match(text, digits.start()) if digits.start() >= end else None
        if match is None:
            continue
        start, end = match.span()
        value = value_of(match[1])
        if value is not None:
            found.append(Count(start, end, value, match[2], match[1][0] in HAN))
    return found


def value_of(word: str) -> Decimal | None:
    """Return what a number says, ``None`` where it is not one.

    >>> value_of("1,234"), value_of("一百零五"), value_of("十"), value_of("百")
    (Decimal('1234'), Decimal('105'), Decimal('10'), None)
    """
    if word[0] not in HAN:
        return Decimal(word.replace(",", ""))
    high, _, low = word.partition("万")
    if "万" in low:
        return None
    parts = [_below_ten_thousand(part) for part in ((high, low) if low else (high,))]
    whole, rest = parts[0], parts[-1] if low else 0
    if whole is None or rest is None:
        return None
    return Decimal(whole * 10_000 + rest if "万" in word else whole)


def _below_ten_thousand(word: str) -> int | None:
    total, digit, step = 0, None, 10_000
    for letter in word:
        if letter in _DIGITS:
            if digit:
                return None
            digit = _DIGITS[letter]
            continue
        if _STEPS[letter] >= step or (digit is None and (letter != "十" or total)):
            return None
        step = _STEPS[letter]
        total, digit = total + (1 if digit is None else digit) * step, None
    return total + (digit or 0) if word else None


def unit_of(written: str) -> Decimal:
    """Return one unit of the last digit of a number as written: 0.1 for ``"12.5"``."""
    return Decimal(1).scaleb(-len(written.partition(".")[2]))


def written_as(value: Decimal, written: Decimal, unit: Decimal) -> bool:
    """Say whether a number may be written so with that unit of its last digit: rounded, or cut off."""
    return written <= value < written + unit or abs(value - written) <= unit / 2
