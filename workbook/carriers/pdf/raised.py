"""Raised and lowered letters of a PDF, written as the marks of notes that they are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from statistics import median
from typing import TYPE_CHECKING, Any

from workbook.report.marks import as_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_SMALL, _SMALLISH = 0.87, 0.9
"""The share of a letter's size that one beside it has at the most to be small; and to be so where it is far off."""


def as_marks(letters: Sequence[Any], base: dict[int, float]) -> Iterator[int]:
    """Write raised and lowered letters as marks, on the line of the letter beside them; yield those that are spent.

    Args:
        letters: letters of pdfplumber, which are written to.
        base: the heights of their lines.
    """
    small = _SMALLISH * max((1.0, *(letter["size"] for letter in letters)))
    ends = sorted(letters, key=lambda letter: letter["x1"])
    begins = sorted(letters, key=lambda letter: letter["x0"])
    sides = [letter["x1"] for letter in ends], [letter["x0"] for letter in begins]
    marks: dict[int, tuple[Any, bool]] = {}
    for letter in begins:
        if letter["size"] > small and not marks:
            continue  # it is small beside none, and there is no mark that it could go on with
        gap = letter["size"] / 2
        before = ends[bisect_left(sides[0], letter["x0"] - gap) : bisect_right(sides[0], letter["x0"] + gap)]
        behind = begins[bisect_left(sides[1], letter["x1"] - gap) : bisect_right(sides[1], letter["x1"] + gap)]
        for other in (*before, *behind):
            if other is letter or _shared(letter, other) < letter["height"] / 4:
                continue
            shift = base[id(letter)] - base[id(other)]
            if id(other) in marks and abs(shift) < 1 and other["size"] <= letter["size"] * 1.1:
                marks[id(letter)] = marks[id(other)]  # it goes on
                break
            if _off(letter["size"] / max(other["size"], 1.0), shift / max(other["size"], 1.0)):
                marks[id(letter)] = other, shift < 0
                break
    yield from _written([letter for letter in begins if id(letter) in marks], marks)


def _off(size: float, shift: float) -> bool:
    """Say whether a letter is raised or lowered, by its size and its shift in sizes of the letter beside it."""
    if size < _SMALL:
        return shift > 1 / 8 or shift < -1 / 20
    return size <= _SMALLISH and shift > 1 / 4


def _shared(one: Any, other: Any) -> float:
    """Return how much of their heights two letters share."""
    return float(min(one["y1"], other["y1"]) - max(one["y0"], other["y0"]))


def _written(raised: Iterable[Any], marks: dict[int, tuple[Any, bool]]) -> Iterator[int]:
    runs: list[list[Any]] = []
    for letter in raised:
        last = next((run for run in reversed(runs) if _follows(run[-1], letter)), None)
        if last:
            last.append(letter)
        else:
            runs.append([letter])
    for run in runs:
        beside, lowered = marks[id(run[0])]
        text = as_mark("".join(letter["text"] for letter in run), lowered=lowered)
        run[0].update({side: beside[side] for side in ("y0", "y1", "top", "bottom", "doctop", "height")})
        run[0].update(text=text, x1=run[-1]["x1"])
        yield from (id(letter) for letter in run[1:])


def _follows(last: Any, letter: Any) -> bool:
    near = abs(letter["x0"] - last["x1"]) < letter["size"] / 2
    return bool(near and _shared(last, letter) > letter["height"] / 2)


def baselines(letters: Sequence[Any]) -> dict[int, float]:
    """Return the height of each letter's line: where it is drawn, and by how much it is raised there.

    How far a letter reaches below its line is the same for all letters of a font.
    """
    below: defaultdict[str, list[float]] = defaultdict(list)
    for letter in letters:
        below[letter["fontname"]].append((letter["y0"] - letter["matrix"][5]) / max(letter["size"], 1.0))
    depth = {font: median(values) for font, values in below.items()}
    return {id(letter): letter["y0"] - depth[letter["fontname"]] * letter["size"] for letter in letters}
