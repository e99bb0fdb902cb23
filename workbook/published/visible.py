"""What is visible text: every carrier says how each stretch of letters is shown, and one rule says what is read of it.

Text that is struck out or cannot be seen is not there. Raised and lowered text is the mark of a note and is written
with raised and lowered signs. What is left out is kept beside the text, so that it can be told.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from itertools import groupby
from typing import TYPE_CHECKING, Literal, NamedTuple

from workbook.match.marks import as_mark

if TYPE_CHECKING:
    from workbook.report import LeftOut

ON_LINE, RAISED, LOWERED, SHIFTED = "", "raised", "lowered", "shifted"
"""How text stands to its line; shifted text is a mark only beside text that is not."""

_KEPT = 200
"""Characters of what is left out that are kept."""


class Sight(Enum):
    """Whether text can be seen; faint text has the colour of the ground, as far as that is known."""

    SEEN = auto()
    FAINT = auto()
    HIDDEN = auto()
    PICTURE = auto()


@dataclass(frozen=True, slots=True)
class Look:
    """How a stretch of text is shown: whether it can be seen, is struck out, and how it stands to its line."""

    sight: Sight = Sight.SEEN
    struck: bool = False
    line: str = ON_LINE


PLAIN = Look()
_PICTURE = Look(Sight.PICTURE)


class Written(NamedTuple):
    """A text as its reader sees it, and what was left out of it."""

    text: str
    left_out: tuple[LeftOut, ...] = ()


class Ink:
    """The stretches of a text in the making."""

    def __init__(self) -> None:
        self._pieces: list[tuple[str, Look]] = []

    def __bool__(self) -> bool:
        return bool(self._pieces)

    def add(self, text: str, look: Look = PLAIN) -> None:
        """Add a stretch of text."""
        if text:
            self._pieces.append((text, look))

    def picture(self) -> None:
        """Add a picture, which may be a digit."""
        self._pieces.append(("", _PICTURE))

    def take(self) -> Written:
        """Return what was added, and begin anew."""
        pieces, self._pieces = self._pieces, []
        if all(look is PLAIN for _, look in pieces):
            return Written("".join(text for text, _ in pieces))
        clear = any(text.strip() and look.sight is Sight.SEEN and not look.struck for text, look in pieces)
        kinds = [(_left_out(look, clear=clear), text, look.line) for text, look in pieces]
        seen = [(text, line) for kind, text, line in kinds if not kind]
        on_line = any(text.strip() and line != SHIFTED for text, line in seen)
        shown = "".join(
            _shown("".join(text for text, _ in run), line, on_line=on_line)
            for line, run in groupby(seen, key=lambda piece: piece[1])
        )
        runs = ((kind, "".join(text for _, text, _ in run)) for kind, run in groupby(kinds, key=lambda piece: piece[0]))
        left = ((kind, text.strip()[:_KEPT]) for kind, text in runs if kind)
        return Written(shown, tuple((kind, text) for kind, text in left if text or kind == "picture"))


def _shown(text: str, line: str, *, on_line: bool) -> str:
    if line == ON_LINE or (line == SHIFTED and not on_line):
        return text
    return as_mark(text, lowered=line == LOWERED)


def _left_out(look: Look, *, clear: bool) -> Literal["", "struck", "hidden", "picture"]:
    """Return why text is not read; faint text is read where nothing else can be seen, on a ground that is not known."""
    if look.sight is Sight.PICTURE:
        return "picture"
    if look.sight is Sight.HIDDEN or (look.sight is Sight.FAINT and clear):
        return "hidden"
    return "struck" if look.struck else ""
