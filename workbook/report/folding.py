"""When two texts say the same: the one folding under which texts of different files are compared.

Three things do not count: blanks, widths and quotes.

- Blanks, ends of lines and paragraphs, and marks without any width are left out. Between two letters or digits of the
  half width, and behind or before a ``.`` or ``,`` among them, a blank parts words and numbers: any number of them is
  one blank there, so that ``1 2`` is not 12 and ``3. 5`` is not 3.5.
- Full and half width of the same letter, digit or mark are one: ``１２，`` is ``12,``. ``。`` and ``.`` are two marks.
- Quotes are one, whatever their shape: ``“ ” „ ‘ ’ 「 」 『 』 " '``.

Everything else counts: every digit, letter, character and other mark, also ``①``, ``²`` and ``一``.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.expression import expression

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

_NO_WIDTH = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff")
_QUOTES = frozenset("\"'“”„‟‘’‚‛「」『』﹁﹂﹃﹄〝〞〟")
_QUOTE = '"'
_UNSEEN = "".join(_NO_WIDTH)
_WORD, _OTHERWISE = expression(r"\S+"), expression(f"[{_UNSEEN}{''.join(_QUOTES)}\uff00-\uffef]")
"""What stands between blanks; all that may be compared as another character than it is."""
_AROUND, _SHOWN = 8, 12
"""Characters of a text that are shown before the place where it differs, and from there on."""


def folded(text: str | None) -> str:
    r"""Return a text as it is compared.

    >>> folded("收到 １２ 件，\n“其中”３. ５%。"), folded("收到12件,「其中」3. 5%。")
    ('收到12件,"其中"3. 5%。', '收到12件,"其中"3. 5%。')
    """
    return "".join(f" {_usual(word)}" if blank >= 0 else _usual(word) for _, blank, word in _words(text or ""))


def first_difference(one: str, other: str) -> tuple[int, int] | None:
    """Return where each of two texts first says something else than the other, in characters of the texts as they are.

    Where one of them ends there, it is its length; ``None`` where both say the same.
    """
    here, there = list(_letters(one)), list(_letters(other))
    pairs = enumerate(zip(here, there, strict=False))
    at = next((at for at, (mine, its) in pairs if mine[0] != its[0]), min(len(here), len(there)))
    if at == len(here) == len(there):
        return None
    return _place(here, at, one), _place(there, at, other)


def _place(letters: Sequence[tuple[str, int]], at: int, text: str) -> int:
    return letters[at][1] if at < len(letters) else len(text)


def excerpt(text: str, at: int) -> str:
    """Return a few characters of a text around a place, in one line; ``…`` stands for what is left out."""
    before, behind = text[:at].split(), text[at:].split()
    lead, tail = " ".join(before), " ".join(behind)
    gap = " " if at and lead and tail and (text[at - 1].isspace() or text[at].isspace()) else ""
    cut = "…" if len(lead) > _AROUND else "", "…" if len(tail) > _SHOWN else ""
    return f"{cut[0]}{lead[-_AROUND:]}{gap}{tail[:_SHOWN]}{cut[1]}"


def _letters(text: str) -> Iterator[tuple[str, int]]:
    """Yield the characters of a text that count, each with its place in the text."""
    for start, blank, word in _words(text):
        if blank >= 0:
            yield " ", blank
        for at, raw in enumerate(word, start):
            if raw not in _NO_WIDTH:
                yield _usual(raw), at


def _words(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield what stands between blanks: its place, that of the blank before it where that counts, else -1, and it."""
    end, last = 0, ""
    for found in _WORD.finditer(text):
        seen = found[0].strip(_UNSEEN)
        if seen:
            parts = bool(last) and _joins(last) and _joins(seen[0])
            yield found.start(), end if parts else -1, found[0]
            end, last = found.end(), seen[-1]


def _usual(text: str) -> str:
    """Return a text without marks that have no width, in which each other character is as it is compared."""
    return _OTHERWISE.sub(_compared, text)


def _compared(found: re.Match[str]) -> str:
    raw = found[0]
    return "" if raw in _NO_WIDTH else _QUOTE if raw in _QUOTES else _narrow(raw)


def _joins(raw: str) -> bool:
    """Say whether a character goes on a word or number before or behind it, so that a blank there parts two."""
    letter = _usual(raw)
    return letter.isascii() and (letter.isalnum() or letter == "." or raw == ",")


@lru_cache(maxsize=8192)
def _narrow(letter: str) -> str:
    """Return a character in its usual width: letters, digits and marks of the half, others of the full one."""
    how, _, code = unicodedata.decomposition(letter).partition(" ") if letter > "\u2fff" else ("", "", "")
    if how not in {"<wide>", "<narrow>"}:
        return letter
    plain = chr(int(code, 16))
    return _QUOTE if plain in _QUOTES else plain
