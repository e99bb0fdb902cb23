"""The letters of a page of a PDF as its reader sees them: without those that are struck out or cannot be seen.

Raised and lowered letters are written as the marks of notes that they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from workbook.match.contrast import alike
from workbook.match.marks import as_mark

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.match.contrast import Colour

_INVISIBLE = (3, 7)
"""The ways of drawing text that leave nothing on the page."""
_SMALLEST = 1.5
"""Points of letters that can be seen."""
_THIN = 0.2
"""The share of a letter's height that a line through it may be thick."""
_SMALL = 0.87
"""The share of a letter's size that one beside it has at the most to be called small."""
_WHITE = (1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Left:
    """A letter that was left out, and the middle of where it stood, in points from the left and from the bottom."""

    kind: Literal["struck", "hidden"]
    text: str
    across: float
    up: float


class _Device(PDFPageAggregatorWithMarkedContent):
    """Draws a page and remembers which of its letters leave nothing on it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.invisible: set[int] = set()

    def render_string(self, textstate: Any, *args: Any) -> None:
        before = len(self.cur_item._objs)  # noqa: SLF001 - the page in the making
        super().render_string(textstate, *args)
        if textstate.render in _INVISIBLE:
            self.invisible |= {id(letter) for letter in self.cur_item._objs[before:]}  # noqa: SLF001


def look(page: Any) -> list[Left]:
    """Draw a page of pdfplumber, take away what its reader does not see, and return it.

    Text that is drawn invisibly stays where there is no other: it is what a program recognised on a scanned page.
    """
    device = _Device(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    layout = device.get_result()
    items = list(_flat(layout))
    letters = [(at, item) for at, item in enumerate(items) if isinstance(item, LTChar)]
    shapes = [item for item in items if isinstance(item, LTCurve)]
    invisible = {id(item) for _, item in letters if id(item) in device.invisible}
    kinds: dict[int, Literal["struck", "hidden"]] = {}
    if len(invisible) < len(letters):
        kinds |= dict.fromkeys(invisible, "hidden")
    grounds = [
        (at, item, None if isinstance(item, LTImage) else _rgb(item.non_stroking_color))
        for at, item in enumerate(items)
        if isinstance(item, LTImage) or (isinstance(item, LTCurve) and item.fill)
    ]
    kinds |= dict.fromkeys(_unseen(letters, grounds), "hidden")
    kinds |= {key: "struck" for key in _struck([item for _, item in letters], shapes) if key not in kinds}
    left = [_left(item, kinds[id(item)]) for _, item in letters if id(item) in kinds]
    gone = kinds.keys() | set(_mark([item for _, item in letters if id(item) not in kinds and item.upright]))
    _drop(layout, gone)
    page._layout = layout  # noqa: SLF001 - pdfplumber would draw the page once more, without looking
    return left


def _left(letter: LTChar, kind: Literal["struck", "hidden"]) -> Left:
    return Left(kind, letter.get_text(), (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2)


def _flat(holder: Any) -> Iterator[Any]:
    """Yield what a page draws, in the order in which it is drawn."""
    for item in holder._objs:  # noqa: SLF001 - in the order of drawing, which the public iterators keep too
        if isinstance(item, LTContainer):
            yield from _flat(item)
        else:
            yield item


def _drop(holder: Any, gone: set[int]) -> None:
    for item in holder._objs:  # noqa: SLF001
        if isinstance(item, LTContainer):
            _drop(item, gone)
    holder._objs = [item for item in holder._objs if id(item) not in gone]  # noqa: SLF001


def _unseen(letters: Sequence[tuple[int, LTChar]], grounds: Sequence[tuple[int, Any, Colour | None]]) -> Iterator[int]:
    """Yield the letters that are too small, of the colour of their ground, or painted over with white.

    Args:
        letters: the letters of a page, each with its turn in drawing it.
        grounds: filled shapes and pictures, likewise, with their colours; ``None`` for those that have many.
    """
    for at, letter in letters:
        if letter.size < _SMALLEST:
            yield id(letter)
            continue
        across, up = (letter.x0 + letter.x1) / 2, (letter.y0 + letter.y1) / 2
        height = letter.height / 2
        behind = [
            (order, colour)
            for order, shape, colour in grounds
            if shape.x0 <= across <= shape.x1 and shape.y0 <= up <= shape.y1 and shape.height > height
        ]
        colour = _rgb(letter.graphicstate.ncolor)
        below = [shade for order, shade in behind if order < at]
        over = [shade for order, shade in behind if order > at]
        if alike(colour, below[-1] if below else _WHITE) or any(alike(shade, _WHITE) for shade in over):
            yield id(letter)


def _rgb(colour: Any) -> Colour | None:
    """Return a colour as red, green and blue from 0 to 1; ``None`` for a pattern."""
    parts = colour if isinstance(colour, tuple | list) else (colour,)
    if not all(isinstance(part, int | float) for part in parts):
        return (0.0, 0.0, 0.0) if parts == (None,) else None
    match parts:
        case (grey,):
            return (float(grey),) * 3
        case (red, green, blue):
            return float(red), float(green), float(blue)
        case (cyan, magenta, yellow, black):
            return tuple((1 - float(part)) * (1 - float(black)) for part in (cyan, magenta, yellow))
    return None


def _struck(letters: Sequence[LTChar], shapes: Sequence[LTCurve]) -> Iterator[int]:
    """Yield the letters through whose middle a line goes."""
    thickest = max((letter.height for letter in letters), default=0.0) * _THIN
    lines = sorted(
        ((shape.y0 + shape.y1) / 2, shape.x0, shape.x1) for shape in shapes if shape.height <= max(thickest, 2.0)
    )
    heights = [line[0] for line in lines]
    for letter in letters:
        low, high = letter.y0 + letter.height * 0.27, letter.y0 + letter.height * 0.73
        across = (letter.x0 + letter.x1) / 2
        through = lines[bisect_left(heights, low) : bisect_right(heights, high)]
        if any(first <= across <= last for _, first, last in through):
            yield id(letter)


def _mark(letters: Sequence[LTChar]) -> Iterator[int]:
    """Write raised and lowered letters as marks, on the line of the letter beside them; yield those that are spent."""
    base = _baselines(letters)
    ends = sorted(letters, key=lambda letter: letter.x1)
    begins = sorted(letters, key=lambda letter: letter.x0)
    sides = [letter.x1 for letter in ends], [letter.x0 for letter in begins]
    marks: dict[int, tuple[LTChar, bool]] = {}
    for letter in begins:
        gap = letter.size / 2
        before = ends[bisect_left(sides[0], letter.x0 - gap) : bisect_right(sides[0], letter.x0 + gap)]
        behind = begins[bisect_left(sides[1], letter.x1 - gap) : bisect_right(sides[1], letter.x1 + gap)]
        for other in (*before, *behind):
            if other is letter or min(letter.y1, other.y1) - max(letter.y0, other.y0) < letter.height / 4:
                continue
            if id(other) in marks and abs(base[id(other)] - base[id(letter)]) < 1 and other.size <= letter.size * 1.1:
                marks[id(letter)] = marks[id(other)]  # it goes on
                break
            shift = base[id(letter)] - base[id(other)]
            if letter.size < other.size * _SMALL and (shift > other.size / 8 or shift < -other.size / 20):
                marks[id(letter)] = other, shift < 0
                break
    yield from _written([letter for letter in begins if id(letter) in marks], marks)


def _written(raised: Iterable[LTChar], marks: dict[int, tuple[LTChar, bool]]) -> Iterator[int]:
    runs: list[list[LTChar]] = []
    for letter in raised:
        last = next((run for run in reversed(runs) if _follows(run[-1], letter)), None)
        if last:
            last.append(letter)
        else:
            runs.append([letter])
    for run in runs:
        beside, lowered = marks[id(run[0])]
        run[0]._text = as_mark("".join(letter.get_text() for letter in run), lowered=lowered)  # noqa: SLF001
        run[0].set_bbox((run[0].x0, beside.y0, run[-1].x1, beside.y1))
        yield from (id(letter) for letter in run[1:])


def _follows(last: LTChar, letter: LTChar) -> bool:
    near = abs(letter.x0 - last.x1) < letter.size / 2
    return near and min(letter.y1, last.y1) - max(letter.y0, last.y0) > letter.height / 2


def _baselines(letters: Sequence[LTChar]) -> dict[int, float]:
    """Return the height of each letter's line: where it is drawn, and by how much it is raised there.

    How far a letter reaches below its line is the same for all letters of a font.
    """
    below: defaultdict[str, list[float]] = defaultdict(list)
    for letter in letters:
        below[letter.fontname].append((letter.y0 - letter.matrix[5]) / max(letter.size, 1.0))
    depth = {font: median(values) for font, values in below.items()}
    return {id(letter): letter.y0 - depth[letter.fontname] * letter.size for letter in letters}
