"""Lines for a terminal: broken at its width, what goes on standing below where the words began."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LEAST = 20  # columns for the words; a narrower terminal breaks lines by itself
_NOT_FIRST = "，。；：、？！）」”’》〉】〕…,.;:?!)]}%"
_NOT_LAST = "（「“‘《〈【〔([{"


def width(text: str) -> int:
    r"""Return how many columns of a terminal a text takes: two for each wide character, none for a mark on another.

    >>> width("表a"), width("e\u0301")
    (3, 1)
    """
    return sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def hung(head: str, text: str, columns: int) -> Iterator[str]:
    """Yield a line of a head and its text, broken so that no line is wider than so many columns; 0 is no limit.

    Lines after the first begin below the text. Words of letters and digits stay whole where they fit, and no line
    begins or ends with a sign that belongs to its neighbour.

    >>> list(hung("  a ", "一二三四，五六", 14)), list(hung("  a ", "一二三四，五六", 0))
    (['  a 一二三四，五六'], ['  a 一二三四，五六'])
    """
    room = columns - width(head)
    if not columns or room < _LEAST:
        yield head + text
        return
    begin = head
    while width(text) > room:
        at = _break(text, room)
        yield begin + text[:at].rstrip()
        text, begin = text[at:].lstrip(), " " * width(head)
    yield begin + text


def _break(text: str, room: int) -> int:
    """Return where to break a text that is wider than its room."""
    most, used = 0, 0
    while most < len(text) and used + _columns(text[most]) <= room:
        used += _columns(text[most])
        most += 1
    return next((at for at in range(most, max(most // 2, 1), -1) if _may_break(text[at - 1], text[at])), most)


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST:
        return False
    return " " in {before, after} or _columns(before) != 1 or _columns(after) != 1
