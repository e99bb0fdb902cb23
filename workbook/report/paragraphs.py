"""Which paragraphs of a text changed, were added or dropped, as ``workbook.report.folding`` compares texts."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from workbook.records import dataclass
from workbook.report.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_MOST = 1 << 16
"""Pairs of paragraphs beyond which two texts are not aligned any closer, but told as they are."""
_ALIKE = 0.5
"""Share of letters that two paragraphs have in common of which one was made of the other."""


@dataclass(frozen=True, slots=True)
class Change:
    """A paragraph as it was and as it is, letter by letter; ``None`` where there was or is none.

    ``number`` is the place of the paragraph in the new text, counted from 1; of one that was dropped in the old text.
    """

    old: str | None
    new: str | None
    number: int


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str
    folded: str


def changed_paragraphs(old: str | None, new: str | None) -> tuple[Change, ...]:
    r"""Return how one text becomes another, paragraph by paragraph; lines without letters are no paragraphs.

    Texts that are compared as equal have no changes; that a paragraph was divided is none either.

    >>> [(each.old, each.new, each.number) for each in changed_paragraphs("甲乙。\n丁。", "甲乙。\n丙丙。\n戊戊。")]
    [('丁。', None, 2), (None, '丙丙。', 2), (None, '戊戊。', 3)]
    """
    if folded(old) == folded(new):
        return ()
    return tuple(change for here, there in _blocks(_lines(old), _lines(new)) for change in _changes(here, there))


def _lines(text: str | None) -> list[_Line]:
    lines = ((line, folded(line)) for line in (text or "").split("\n"))
    return [_Line(number, line, own) for number, (line, own) in enumerate((each for each in lines if each[1]), 1)]


def _blocks(old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[tuple[Sequence[_Line], Sequence[_Line]]]:
    """Yield the parts of two texts that lie between paragraphs which both have, and say two things."""
    start, end = 0, 0
    while start < min(len(old), len(new)) and old[start].folded == new[start].folded:
        start += 1
    while end < min(len(old), len(new)) - start and old[-1 - end].folded == new[-1 - end].folded:
        end += 1
    old, new = old[start : len(old) - end], new[start : len(new) - end]
    spans = [(0, len(old), 0, len(new))]
    if len(old) * len(new) <= _MOST:
        matcher = SequenceMatcher(None, [line.folded for line in old], [line.folded for line in new], autojunk=False)
        spans = [span for what, *span in matcher.get_opcodes() if what != "equal"]  # type: ignore[misc]
    for top, bottom, first, last in spans:
        here, there = old[top:bottom], new[first:last]
        here, there = _trimmed(here, there)
        yield from [(here, there)] if here or there else []


def _trimmed(old: Sequence[_Line], new: Sequence[_Line]) -> tuple[Sequence[_Line], Sequence[_Line]]:
    """Return two parts without what both begin and end with, however it is divided into paragraphs."""
    top, first = _alike(old, new)
    old, new = old[top:], new[first:]
    bottom, last = _alike(old[::-1], new[::-1], -1)
    return old[: len(old) - bottom], new[: len(new) - last]


def _alike(old: Sequence[_Line], new: Sequence[_Line], step: int = 1) -> tuple[int, int]:
    """Return how many paragraphs of each say the same together."""
    best, here, there, at, to = (0, 0), 0, 0, 0, 0
    while at < len(old) or to < len(new):
        if here <= there and at < len(old):
            here, at = here + len(old[at].folded), at + 1
        elif to < len(new):
            there, to = there + len(new[to].folded), to + 1
        else:
            break
        if here == there:
            if _joined(old[:at][::step]) != _joined(new[:to][::step]):
                break
            best = at, to
    return best


def _joined(lines: Sequence[_Line]) -> str:
    return folded("\n".join(line.text for line in lines))


def _changes(old: Sequence[_Line], new: Sequence[_Line]) -> Iterator[Change]:
    """Yield the changes of a part: those of paragraphs of which one was made of the other, and the others between."""
    above, before = 0, 0
    for here, there in [*_pairs(old, new), (len(old), len(new))]:
        yield from (Change(line.text, None, line.number) for line in old[above:here])
        yield from (Change(None, line.text, line.number) for line in new[before:there])
        if here < len(old) and old[here].folded != new[there].folded:
            yield Change(old[here].text, new[there].text, new[there].number)
        above, before = here + 1, there + 1


def _pairs(old: Sequence[_Line], new: Sequence[_Line]) -> list[tuple[int, int]]:
    """Return which paragraphs were made of which, in order, so that they have the most letters in common."""
    if len(old) * len(new) > _MOST >> 4:
        return list(zip(range(len(old)), range(len(new)), strict=False))
    here, there = [Counter(line.folded) for line in old], [Counter(line.folded) for line in new]
    best: list[list[tuple[float, int, int]]] = [[(0.0, 0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]
    for top in reversed(range(len(old))):
        for left in reversed(range(len(new))):
            ways = [(best[top + 1][left][0], 1, 0), (best[top][left + 1][0], 0, 1)]
            if (share := _share(here[top], there[left])) > _ALIKE:
                ways.append((share + best[top + 1][left + 1][0], 1, 1))
            best[top][left] = max(ways)
    pairs, top, left = [], 0, 0
    while top < len(old) and left < len(new):
        _, down, across = best[top][left]
        pairs += [(top, left)] if down and across else []
        top, left = top + down, left + across
    return pairs


def _share(one: Counter[str], other: Counter[str]) -> float:
    return 2 * (one & other).total() / (one.total() + other.total())
