"""The letters of a page of a PDF as its reader sees them.

What is certainly not seen is taken away before anything else: struck letters, and those that are drawn invisibly. What
only seems not to be seen, for its colour or for what is drawn over it, is faint: how colours and shapes come out on the
paper is known in part only, and a sound file must not lose its text by that. A faint letter is left out where clear
ones stand in the same cell, and nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pdfminer.layout import LTContainer

from workbook.carriers.pdf.canvas import Canvas
from workbook.carriers.pdf.paint import WHITE, Ground, common
from workbook.carriers.pdf.settle import FAINT, Left
from workbook.carriers.pdf.strikes import reviewed, struck
from workbook.match.contrast import alike

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pdfminer.layout import LTChar

    from workbook.carriers.pdf.canvas import Drawn
    from workbook.carriers.pdf.paint import Sides
    from workbook.carriers.pdf.vet import Tally
    from workbook.match.contrast import Colour

_SMALLEST = 1.5
"""Points of letters that can be seen."""
_CLIPPED = 0.3
"""The share of a letter's width or height that must be left of it to be seen."""
_THICK = 0.2
"""The share of a letter's height that something must be thick to cover it."""


def look(page: Any, tally: Tally) -> list[Left]:
    """Draw a page of pdfplumber, take away what its reader certainly does not see and return it; tag faint letters.

    Text that is drawn invisibly stays where there is no other: it is what a program recognised on a scanned page.

    Raises:
        Unreadable: it draws more than the ``tally`` allows.
    """
    canvas = Canvas(page, tally)
    items = [letter.item for letter in canvas.letters]
    kinds: dict[int, Literal["struck", "hidden"]] = {}
    hidden = [letter for letter in canvas.letters if _hidden(letter)]
    if len(hidden) < len(items):
        kinds |= {id(letter.item): "hidden" for letter in hidden}
    faint = {id(letter.item) for letter in _faint(canvas) if id(letter.item) not in kinds}
    kinds |= {id(item): "hidden" for item in items if id(item) in faint and _turned(item)}
    lines = *struck(items, canvas.shapes), *reviewed(page.page_obj, canvas.page_matrix, items)
    kinds |= {key: "struck" for key in lines if key not in kinds}
    for item in items:
        vars(item)["tag"] = FAINT if id(item) in faint else None
    clear = {_place(item) for item in items if id(item) not in faint and id(item) not in kinds}
    again = {id(item) for item in items if id(item) in faint and _place(item) in clear}
    layout = canvas.get_result()
    _drop(layout, kinds.keys() | again)
    page._layout = layout  # noqa: SLF001 - pdfplumber would draw the page once more, without looking
    return [
        Left(kinds[id(item)], item.get_text(), (item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2)
        for item in items
        if id(item) in kinds
    ]


def _turned(item: LTChar) -> bool:
    """Say whether a letter is written aslant, as watermarks are."""
    return not item.upright or abs(item.matrix[1]) > abs(item.matrix[0]) / 10


def _place(item: Any) -> tuple[str, int, int]:
    return item.get_text(), round(item.x0), round(item.y0)


def _drop(holder: Any, gone: set[int]) -> None:
    for item in holder._objs:  # noqa: SLF001
        if isinstance(item, LTContainer):
            _drop(item, gone)
    holder._objs = [item for item in holder._objs if id(item) not in gone]  # noqa: SLF001


def _hidden(letter: Drawn) -> bool:
    """Say whether a letter is certainly not seen: it is drawn invisibly, switched off, clipped or too small."""
    item = letter.item
    left, bottom, right, top = common(item.bbox, letter.clip)
    clipped = right - left < item.width * _CLIPPED or top - bottom < item.height * _CLIPPED
    return not letter.written or not letter.shown or item.size < _SMALLEST or clipped


def _faint(canvas: Canvas) -> Iterator[Drawn]:
    """Yield the letters that seem to have the colour of their ground, or to be covered."""
    ground = Ground(area for area in canvas.areas if min(_width(area.sides), _height(area.sides)) > 1)
    for letter in canvas.letters:
        item = letter.item
        below: Colour | None = WHITE
        covered = False
        for area in ground.at((item.x0 + item.x1) / 2, (item.y0 + item.y1) / 2):
            if _width(area.sides) < item.width / 2:
                continue
            if area.turn > letter.turn:
                covered = covered or (area.opaque and _height(area.sides) > item.height * _THICK)
            elif _height(area.sides) > item.height / 2:
                below = area.colour
                break
        if letter.written and (covered or alike(letter.colour, below)):
            yield letter


def _width(sides: Sides) -> float:
    return sides[2] - sides[0]


def _height(sides: Sides) -> float:
    return sides[3] - sides[1]
