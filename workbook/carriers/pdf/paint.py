"""What a page of a PDF is painted with: colours, as far as they are known, and the areas that are filled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workbook.intake.limits import OUTLINE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.match.contrast import Colour

Sides = tuple[float, float, float, float]
"""Left, bottom, right, top, in points from the left and from the bottom of the page."""
Point = tuple[float, float]
WHITE = (1.0, 1.0, 1.0)

_GREY, _RGB, _CMYK = 1, 3, 4
_SPACES = {"DeviceGray": _GREY, "CalGray": _GREY, "DeviceRGB": _RGB, "CalRGB": _RGB, "DeviceCMYK": _CMYK}
_INKS = ("Separation", "DeviceN")
_NO_INK = 0.03
_BEND = (0.25, 0.5, 0.75, 1.0)
"""Where on a curve the points lie that stand for it."""
_INTRICATE = 400
"""Points of the most intricate outlines that are followed; others count for the rectangle around them."""
_BAND = 16.0
"""Points of the height of the bands in which areas are looked up."""


def colour_of(space: Any, value: Any) -> Colour | None:
    """Return a colour as red, green and blue from 0 to 1; ``None`` where it is not known.

    Args:
        space: the colour space of pdfminer.
        value: what pdfminer holds for the colour: a number or several.

    An ink that is not put on leaves the paper white; what it looks like where it is put on is not known.
    """
    parts = value if isinstance(value, tuple | list) else (value,)
    if not all(isinstance(part, int | float) for part in parts):
        return None
    numbers = [float(part) for part in parts]
    if space.name in _INKS:
        return WHITE if all(part <= _NO_INK for part in numbers) else None
    count = space.ncomponents if space.name == "ICCBased" else _SPACES.get(space.name)
    if count != len(numbers):
        return None
    if count == _GREY:
        return (numbers[0],) * 3
    if count == _CMYK:
        return tuple((1 - part) * (1 - numbers[3]) for part in numbers[:3])
    return tuple(numbers) if count == _RGB else None


@dataclass(frozen=True, slots=True)
class Area:
    """A filled shape or a picture, and its turn in drawing the page.

    ``colour`` is ``None`` where it is not known or there are many. ``opaque`` says that nothing below it shines
    through. Without ``outlines`` it is a rectangle.
    """

    turn: int
    sides: Sides
    colour: Colour | None
    opaque: bool
    outlines: Sequence[Sequence[Point]] = ()
    even_odd: bool = False

    def around(self, across: float, up: float) -> bool:
        """Say whether a point lies in the rectangle around it."""
        left, bottom, right, top = self.sides
        return left <= across <= right and bottom <= up <= top

    def covers(self, across: float, up: float) -> bool:
        """Say whether a point lies within its outlines."""
        turns = crossings = 0
        for outline in self.outlines:
            for (x0, y0), (x1, y1) in pairwise((*outline, outline[0])):
                if (y0 <= up) != (y1 <= up) and x0 + (up - y0) / (y1 - y0) * (x1 - x0) > across:
                    turns += 1 if y1 > y0 else -1
                    crossings += 1
        return bool(crossings % 2 if self.even_odd else turns)


def outlines(path: Iterable[Sequence[Any]]) -> list[list[Point]]:
    """Return the outlines of a path of pdfminer, one for each of its parts; curves as a few points each."""
    found: list[list[Point]] = []
    for name, *numbers in path:
        points = list(zip(numbers[::2], numbers[1::2], strict=False))
        if name == "m" or (points and not found):
            found.append(points[-1:])
        elif name == "l":
            found[-1] += points
        elif points:
            start = found[-1][-1]
            controls = {"v": [start, *points], "y": [*points, points[-1]]}.get(name, points)
            found[-1] += _bent(start, *controls)
    return found


def _bent(one: Point, two: Point, three: Point, four: Point) -> Iterator[Point]:
    for at in _BEND:
        shares = (1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at**2 * (1 - at), at**3
        points = tuple(zip(one, two, three, four, strict=True))
        across, up = (sum(share * part for share, part in zip(shares, parts, strict=True)) for parts in points)
        yield across, up


def plain_outlines(found: Sequence[Sequence[Point]]) -> Sequence[Sequence[Point]]:
    """Return outlines that must be followed: none for a rectangle, nor where they are too intricate."""
    if sum(map(len, found)) > _INTRICATE:
        return ()
    rectangle = len(found) == 1 and len({x for x, _ in found[0]}) == len({y for _, y in found[0]}) == 2  # noqa: PLR2004
    return () if rectangle else found


def around(points: Iterable[Point]) -> Sides:
    """Return the sides of the rectangle around points, of which there is at least one."""
    across, up = zip(*points, strict=True)
    return min(across), min(up), max(across), max(up)


def common(one: Sides, other: Sides) -> Sides:
    """Return what two rectangles have in common; its right side is left of its left one where that is nothing."""
    return max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])


class Ground:
    """The areas of a page, looked up by their height."""

    def __init__(self, areas: Iterable[Area]) -> None:
        self._bands: defaultdict[int, list[Area]] = defaultdict(list)
        self._steps = 0
        for area in areas:
            if area.sides[1] <= area.sides[3]:
                for band in range(int(area.sides[1] // _BAND), int(area.sides[3] // _BAND) + 1):
                    self._bands[band].append(area)

    def at(self, across: float, up: float) -> Iterator[Area]:
        """Yield the areas that a point lies in, the last that was drawn first."""
        for area in reversed(self._bands.get(int(up // _BAND), ())):
            if area.around(across, up):
                follow = area.outlines and self._steps < OUTLINE_LIMIT
                self._steps += sum(map(len, area.outlines)) if follow else 0
                if not follow or area.covers(across, up):
                    yield area
