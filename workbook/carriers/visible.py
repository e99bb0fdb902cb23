"""What is visible text: every carrier says how each stretch of letters is shown, and one rule says what is read of it.

Text that is struck out or cannot be seen is not there. Raised and lowered text is the mark of a note and is written
with raised and lowered signs. What is left out is kept beside the text, so that it can be told. Where it is not certain
how digits are shown that stand beside others, none of them is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook.report.marks import as_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.match.grid import Doubt
    from workbook.report import LeftOut

ON_LINE, RAISED, LOWERED, SHIFTED = "", "raised", "lowered", "shifted"
"""How text stands to its line; shifted text is a mark only beside text that is not."""

_KEPT = 200
"""Characters of what is left out that are kept."""
_SMALL = 0.8
"""The share of the size of digits that a mark of a note beside them has at the most."""
_NOTE = re.compile(r"\s*[\[(（【〔]?\s*(?:注\s*)?[0-9①-⑳a-z*＊※†‡§]{1,3}\s*[\])）】〕]?\s*")


class Sight(Enum):
    """Whether text can be seen; faint text has the colour of the ground, as far as that is known."""

    SEEN = auto()
    FAINT = auto()
    HIDDEN = auto()
    PICTURE = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text is shown: whether it can be seen, is struck out, and how it stands to its line.

    ``size`` is that of its letters in any unit. ``odd`` and ``dye`` are what of its style is not followed: of its
    place, and of its colour; ``name`` is what styles may know it by.
    """

    sight: Sight = Sight.SEEN
    struck: bool = False
    line: str = ON_LINE
    size: float = 0.0
    odd: str = ""
    dye: str = ""
    name: str = ""

    def is_usual(self, base: str) -> bool:
        """Say whether a text that looks so as a whole is read as it is."""
        seen = self.sight is Sight.SEEN and not self.struck
        return seen and self.line in {ON_LINE, SHIFTED} and self.odd == base


PLAIN = Look()
_PICTURE = Look(Sight.PICTURE)
look_of = lru_cache(maxsize=10_000)(Look)

Piece = tuple[str, Look]


class Written(NamedTuple):
    """A text as its reader sees it, what was left out of it, and why it is doubtful that all of it is seen."""

    text: str
    left_out: tuple[LeftOut, ...] = ()
    doubt: Doubt = ""


class Ink:
    """The stretches of a text in the making."""

    def __init__(self) -> None:
        self._pieces: list[Piece] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add(self, text: str, look: Look = PLAIN) -> None:
        """Add a stretch of text."""
        if text:
            self._pieces.append((text, look))

    def picture(self) -> None:
        """Add a picture, which may be a digit."""
        self._pieces.append(("", _PICTURE))

    def take(self, base: str = "") -> Written:
        """Return what was added, and begin anew.

        Args:
            base: the ``odd`` of the cell itself, which hides none of its digits from the others.
        """
        pieces, self._pieces = self._pieces, []
        looks = {look for text, look in pieces if not text.isspace()}
        if len(looks) <= 1 and all(look.is_usual(base) for look in looks):
            return Written("".join(text for text, _ in pieces))
        clear = any(text.strip() and look.sight is Sight.SEEN and not look.struck for text, look in pieces)
        kinds = [(_left_out(piece[1], clear=clear), piece) for piece in pieces]
        seen = [piece for kind, piece in kinds if not kind]
        digits = [look for text, look in seen if any(map(str.isdecimal, text))]
        if len({(look.odd, look.dye) for look in digits}) > 1:
            whole = "".join(text for text, _ in seen).strip()
            return Written("", (("odd", whole[:_KEPT]),))
        runs = ((kind, "".join(piece[0] for _, piece in run)) for kind, run in groupby(kinds, key=lambda each: each[0]))
        left = ((kind, text.strip()[:_KEPT]) for kind, text in runs if kind)
        told = tuple((kind, text) for kind, text in left if text or kind == "picture")
        lines = _lines(seen)
        runs = (
            (line, "".join(text for _, (text, _) in run)) for line, run in groupby(lines, key=lambda piece: piece[0])
        )
        shown = "".join(as_mark(text, lowered=line == LOWERED) if line else text for line, text in runs)
        on_line = [look for line, (text, look) in lines if not line and any(map(str.isdecimal, text))]
        return Written(shown, told, _doubt(on_line, base, clear=clear))


def _doubt(digits: Sequence[Look], base: str, *, clear: bool) -> Doubt:
    """Return why it is doubtful that all digits are seen."""
    if digits and not clear:
        return "colour"
    if any(look.odd != base for look in digits):
        return "style"
    return "pieces" if len({look.name for look in digits}) > 1 else ""


def _lines(seen: Sequence[Piece]) -> list[tuple[str, Piece]]:
    """Return the stretches that are seen, each with how it stands to the line: on it, or as a mark."""
    on_line = any(text.strip() and look.line != SHIFTED for text, look in seen)
    largest = max((look.size for text, look in seen if any(map(str.isdecimal, text))), default=0.0)
    return [(_line(text, look, largest, on_line=on_line), (text, look)) for text, look in seen]


def _line(text: str, look: Look, largest: float, *, on_line: bool) -> str:
    """Return whether a stretch of text is a mark: it is raised, or much smaller than the digits that it stands by."""
    if look.line == SHIFTED:
        return RAISED if on_line else ON_LINE
    small = 0 < look.size <= _SMALL * largest and _NOTE.fullmatch(text) is not None
    return look.line or (RAISED if small else ON_LINE)


def _left_out(look: Look, *, clear: bool) -> Literal["", "struck", "hidden", "picture"]:
    """Return why text is not read; faint text is read where nothing else can be seen: the ground may be another."""
    if look.sight is Sight.PICTURE:
        return "picture"
    if look.sight is Sight.HIDDEN or (look.sight is Sight.FAINT and clear):
        return "hidden"
    return "struck" if look.struck else ""
