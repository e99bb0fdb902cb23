"""Which letters of a page of a PDF are struck out: by lines, level or slanted, by dashes, by a reviewer's marks."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import groupby
from math import dist
from typing import TYPE_CHECKING, Any

from pdfminer.layout import LTLine, LTRect
from pdfminer.pdftypes import dict_value, list_value, resolve1
from pdfminer.psparser import PSLiteral
from pdfminer.utils import apply_matrix_pt

from workbook.carriers.pdf.paint import around

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pdfminer.layout import LTChar, LTCurve

    from workbook.carriers.pdf.paint import Point, Sides

_LOW, _HIGH = 0.27, 0.73
"""Between which shares of its height a line goes through the middle of a letter."""
_THIN, _THINNEST = 0.45, 2.0
"""The share of a letter's height that a line through it may be thick, and the points that it may be anyhow."""
_DASH, _GAP = 6.0, 3.0
"""Points of the longest piece of a dashed line, and of the widest gap in it."""
_TALL = 1.3
"""Heights of a letter that a slanted line may rise: the diagonal of a cell rises higher."""
_HIDDEN = 2
"""The flag of a mark that is not shown."""


def struck(letters: Sequence[LTChar], shapes: Sequence[LTCurve]) -> Iterator[int]:
    """Yield the letters that lines strike out."""
    lines = sorted(_level(shapes))
    heights = [line[0] for line in lines]
    for letter in letters:
        low, high = letter.y0 + letter.height * _LOW, letter.y0 + letter.height * _HIGH
        across, thickest = (letter.x0 + letter.x1) / 2, max(letter.height * _THIN, _THINNEST)
        through = lines[bisect_left(heights, low) : bisect_right(heights, high)]
        if any(first <= across <= last and thick <= thickest for _, first, last, thick in through):
            yield id(letter)
    by_height = sorted(letters, key=lambda letter: letter.y0)
    bottoms = [letter.y0 for letter in by_height]
    tallest = max((letter.height for letter in letters), default=0.0)
    for one, other in filter(None, map(_slanted, shapes)):
        low, high = sorted((one[1], other[1]))
        near = by_height[bisect_left(bottoms, low - tallest) : bisect_right(bottoms, high)]
        if high - low <= tallest * _TALL:
            yield from _crossed(one, other, near)


def _level(shapes: Sequence[LTCurve]) -> Iterator[tuple[float, float, float, float]]:
    """Yield level lines: height, beginning, end, thickness; pieces of dashed ones joined."""
    pieces = []
    for shape in shapes:
        thick = max(shape.height, (shape.linewidth or 0.0) if shape.stroke and isinstance(shape, LTLine) else 0.0)
        line = (shape.y0 + shape.y1) / 2, shape.x0, shape.x1, thick
        yield line
        if shape.width <= _DASH and thick <= _DASH / 2:
            pieces.append(line)
    for _, row in groupby(sorted(pieces, key=lambda line: round(line[0])), key=lambda line: round(line[0])):
        joined: list[tuple[float, float, float, float]] = []
        for height, first, last, thick in sorted(row, key=lambda line: line[1]):
            if joined and first - joined[-1][2] <= _GAP:
                joined[-1] = height, joined[-1][1], max(last, joined[-1][2]), max(thick, joined[-1][3])
            else:
                joined.append((height, first, last, thick))
        yield from joined


def _slanted(shape: LTCurve) -> tuple[Point, Point] | None:
    """Return the ends of a slanted line, the left one first; it may be drawn as a thin quadrangle."""
    if isinstance(shape, LTLine):
        ends = [shape.pts[0], shape.pts[1]]
    elif not isinstance(shape, LTRect) and shape.fill and len(set(shape.pts)) == 4:  # noqa: PLR2004
        one, two, three, four = shape.pts[:4]
        if dist(one, two) > dist(two, three):
            one, two, three, four = two, three, four, one
        if dist(one, two) > _THINNEST:
            return None
        ends = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in ((one, two), (three, four))]
    else:
        return None
    first, last = sorted(ends)
    return (first, last) if last[0] - first[0] >= 1 and abs(last[1] - first[1]) >= 1 else None


def _crossed(one: Point, other: Point, letters: Sequence[LTChar]) -> Iterator[int]:
    """Yield the letters that a slanted line crosses, if it begins and ends with them and goes through their middle."""
    slope, middle = (other[1] - one[1]) / (other[0] - one[0]), (one[1] + other[1]) / 2
    found = []
    for letter in letters:
        across = (letter.x0 + letter.x1) / 2
        if one[0] <= across <= other[0] and letter.y0 <= one[1] + slope * (across - one[0]) <= letter.y1:
            found.append(letter)
    if not found:
        return
    height, low = max(letter.height for letter in found), min(letter.y0 for letter in found)
    begins, ends = min(letter.x0 for letter in found), max(letter.x1 for letter in found)
    through = low + height * _LOW <= middle <= low + height * _HIGH and abs(other[1] - one[1]) <= height * _TALL
    if through and one[0] >= begins - height / 2 and other[0] <= ends + height / 2:
        yield from map(id, found)


def reviewed(page: Any, matrix: Any, letters: Sequence[LTChar]) -> Iterator[int]:
    """Yield the letters that a reviewer marked as struck out.

    Args:
        page: the page of pdfminer.
        matrix: what turns its coordinates into those of the letters.
        letters: its letters.
    """
    marks = list(_marked(page, matrix))
    for letter in letters if marks else ():
        across, up = (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2
        if any(left <= across <= right and bottom <= up <= top for left, bottom, right, top in marks):
            yield id(letter)


def _marked(page: Any, matrix: Any) -> Iterator[Sides]:
    for item in list_value(page.annots or []):
        mark = dict_value(item)
        kind, flags = resolve1(mark.get("Subtype")), resolve1(mark.get("F"))
        if not isinstance(kind, PSLiteral) or kind.name != "StrikeOut" or (isinstance(flags, int) and flags & _HIDDEN):
            continue
        numbers = [resolve1(number) for number in list_value(mark.get("QuadPoints") or mark.get("Rect") or [])]
        if all(isinstance(number, int | float) for number in numbers):
            points = [apply_matrix_pt(matrix, point) for point in zip(numbers[::2], numbers[1::2], strict=False)]
            size = 4 if "QuadPoints" in mark else 2
            yield from (around(points[at : at + size]) for at in range(0, len(points), size))
