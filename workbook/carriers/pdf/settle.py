"""The letters of each cell of a PDF, settled: faint ones beside clear ones left out, raised ones written as marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from workbook.carriers.blocks import CONTROLS
from workbook.carriers.pdf.raised import as_marks, baselines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Area = tuple[float, float, float, float]
"""Left, top, right and bottom of a cell, in points from the left and from the top of the page."""

FAINT = "faint"
"""What pdfplumber is told as the tag of a faint letter; the tags of the file are not used."""


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that was left out, and the middle of where it stood, in points from the left and from the bottom."""

    kind: Literal["struck", "hidden"]
    text: str
    across: float
    up: float


def settle(page: Any, cells: Iterable[Area]) -> tuple[Any, list[Left]]:
    """Leave faint letters out of the cells that hold clear ones; write raised letters as marks, controls as blanks.

    A raised letter belongs to what stands in the same cell, or in none.

    Args:
        page: the page of pdfplumber, whose letters are written to.
        cells: left, top, right and bottom of the cells of its tables.

    Returns:
        The page without the letters that are spent, and what was left out.
    """
    letters = sorted(page.chars, key=_down)
    for letter in letters:
        letter["text"] = letter["text"].translate(CONTROLS)
    heights = [_down(letter) for letter in letters]
    base = baselines([letter for letter in letters if letter["upright"]])
    left: list[Left] = []
    gone: set[int] = set()
    loose = {id(letter): letter for letter in letters}
    for sides in cells:
        row = letters[bisect_left(heights, sides[1]) : bisect_right(heights, sides[3])]
        own = [each for each in row if sides[0] <= (each["x0"] + each["x1"]) / 2 < sides[2] and id(each) in loose]
        for letter in own:
            del loose[id(letter)]
        faint = [letter for letter in own if letter["tag"] == FAINT and letter["text"].strip()]
        if not all_faint(own):
            left += [_left(letter) for letter in faint]
            gone |= {id(letter) for letter in faint}
        gone |= set(as_marks(_upright(own, gone), base))
    gone |= set(as_marks(_upright(loose.values(), gone), base))
    return page.filter(lambda item: id(item) not in gone), left


def all_faint(letters: Sequence[Any]) -> bool:
    """Say whether some letters of pdfplumber are all faint; blanks say nothing."""
    tags = [letter["tag"] for letter in letters if letter["text"].strip()]
    return bool(tags) and all(tag == FAINT for tag in tags)


def _down(letter: Any) -> float:
    return float(letter["top"] + letter["bottom"]) / 2


def _upright(letters: Iterable[Any], gone: set[int]) -> list[Any]:
    return [letter for letter in letters if letter["upright"] and id(letter) not in gone]


def _left(letter: Any) -> Left:
    return Left("hidden", letter["text"], (letter["x0"] + letter["x1"]) / 2, (letter["y0"] + letter["y1"]) / 2)
