"""Draws the house: its rooms from the foundations up, with an arrow where one imports another.

The picture is laid out from the imports alone. A room stands one floor above the highest that it imports; an arrow that
follows from others is left out; rooms of a floor are ordered so that as few arrows as possible cross.
"""

from __future__ import annotations

import textwrap
from collections import defaultdict
from functools import cache
from html import escape
from itertools import pairwise, permutations, product
from typing import TYPE_CHECKING

from rooms import DATA, ROOMS, edges, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH, _MARGIN = 960, 24
_BOX, _THIN, _TALL, _FLOOR, _GAP, _PORT, _ACROSS = 290, 20, 78, 124, 24, 64, 4
_FONT = "'Segoe UI','Helvetica Neue',Arial,'Microsoft YaHei','Noto Sans CJK SC','DejaVu Sans',sans-serif"
_MONO = "Consolas,Menlo,'DejaVu Sans Mono',monospace"
_INK, _SOFT, _LINE = "#1f2d3d", "#52606d", "#6b7c93"
_GROUND, _INNER, _DOOR = "#f3eee3", "#e8f1fa", "#e2f3e6"
_TITLE = "The house: every room imports downwards"
_LEGEND = (
    (_DOOR, "what people and programs come in by"),
    (_INNER, "rooms; an arrow that follows from others is left out"),
    (_GROUND, "used on every floor, so without arrows"),
)

Edge = tuple[str, str]
Point = tuple[float, float]


@cache
def ground() -> tuple[str, ...]:
    """Return the rooms that import nothing and that rooms of any floor may use; no arrows are drawn to them."""
    return tuple(name for name in ROOMS if not edges()[name])


def arrows() -> tuple[Edge, ...]:
    """Return who imports whom, without what follows from the others."""
    below = {name: set(edges()[name]) for name in ROOMS}
    for name in ROOMS:  # those before it are complete already
        below[name] |= {deeper for near in edges()[name] for deeper in below[near]}
    return tuple(
        (name, near)
        for name in ROOMS
        for near in edges()[name]
        if near not in ground() and not any(near in below[other] for other in edges()[name])
    )


def floors() -> dict[str, int]:
    """Return the floor of each room above the ground, counted from 0."""
    found: dict[str, int] = {}
    for name in ROOMS:
        if name not in ground():
            found[name] = max((found[near] + 1 for near in edges()[name] if near in found), default=0)
    return found


def _paths() -> dict[Edge, tuple[str, ...]]:
    """Return the stations of each arrow, downwards: its rooms, and a passage on each floor between them."""
    at = floors()
    return {
        (top, foot): (top, *(f"{top}>{foot}@{floor}" for floor in range(at[top] - 1, at[foot], -1)), foot)
        for top, foot in arrows()
    }


def _ordered() -> list[tuple[str, ...]]:
    """Return what stands on each floor from left to right, from the lowest up."""
    at = floors()
    levels: list[list[str]] = [[] for _ in range(max(at.values()) + 1)]
    for name, floor in at.items():
        levels[floor].append(name)
    for (top, _), path in _paths().items():
        for step, name in enumerate(path[1:-1], 1):
            levels[at[top] - step].append(name)
    steps = [step for path in _paths().values() for step in pairwise(path)]
    chosen = [tuple(level) for level in levels]
    for _ in range(4):
        for number in (*range(len(chosen)), *reversed(range(len(chosen)))):
            around = [
                (dict(zip(other, _middles(other), strict=True)), steps_of)
                for other, steps_of in _neighbours(chosen, number, steps)
            ]
            chosen[number] = min(permutations(sorted(chosen[number])), key=lambda order: _cost(order, around))
    return chosen


def _neighbours(
    levels: Sequence[tuple[str, ...]], number: int, steps: Iterable[Edge]
) -> list[tuple[tuple[str, ...], list[Edge]]]:
    """Return the floors below and above one, each with the steps between, written from this floor to that one."""
    own, found = set(levels[number]), []
    if number:
        below = set(levels[number - 1])
        found.append((levels[number - 1], [(top, foot) for top, foot in steps if top in own and foot in below]))
    if number + 1 < len(levels):
        above = set(levels[number + 1])
        found.append((levels[number + 1], [(foot, top) for top, foot in steps if foot in own and top in above]))
    return found


def _cost(order: tuple[str, ...], around: list[tuple[dict[str, float], list[Edge]]]) -> tuple[int, float]:
    """Return how many steps cross under an order of a floor, and how far they lean."""
    here = dict(zip(order, _middles(order), strict=True))
    crossings, lean = 0, 0.0
    for there, steps in around:
        ends = [(here[own], there[other]) for own, other in steps]
        crossings += sum((a - c) * (b - d) < 0 for (a, b), (c, d) in product(ends, ends)) // 2
        lean += sum(abs(one - other) for one, other in ends)
    return crossings, lean


def _middles(level: Sequence[str]) -> list[float]:
    """Return where the middle of each thing on a floor stands; the floor is centred."""
    widths = [_THIN if "@" in name else _BOX for name in level]
    left = (WIDTH - sum(widths) - _GAP * (len(widths) - 1)) / 2
    found = []
    for width in widths:
        found.append(left + width / 2)
        left += width + _GAP
    return found


def drawing() -> bytes:
    """Return the picture as SVG."""
    levels = _ordered()
    base = 92 + len(levels) * _FLOOR  # where the ground begins
    at = {
        name: (x, base - (number + 1) * _FLOOR)
        for number, level in enumerate(levels)
        for name, x in zip(level, _middles(level), strict=True)
    }
    parts = [_text(_MARGIN, 34, _TITLE, 16, _INK, weight="600"), *_legend()]
    parts += [_arrow(line) for line in _lines(at)]
    parts += [_box(name, x - _BOX / 2, y, _BOX) for name, (x, y) in at.items() if "@" not in name]
    below, height = _ground(base)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" '
        f'height="{height:g}" role="img" font-family="{_FONT}"><title>{escape(_TITLE)}</title>\n'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
        f'orient="auto"><path d="M0,1 L9,5 L0,9 z" fill="{_LINE}"/></marker></defs>\n'
        f'<rect width="{WIDTH}" height="{height:g}" rx="8" fill="#ffffff"/>\n'
        f"{chr(10).join(parts + below)}\n</svg>\n"
    ).encode()


def _legend() -> list[str]:
    """Return what the colours say, at the upper right."""
    parts = []
    for number, (colour, words) in enumerate(_LEGEND):
        x, y = WIDTH - 330, 22 + 20 * number
        parts.append(f'<rect x="{x}" y="{y}" width="16" height="12" rx="2" fill="{colour}" stroke="{_LINE}"/>')
        parts.append(_text(x + 24, y + 10, words, 11.5, _SOFT))
    return parts


def _lines(at: dict[str, Point]) -> Iterator[list[Point]]:
    """Yield the points of each arrow: where it leaves its room, both ends of each passage, where it arrives."""
    leaving, arriving = defaultdict(list), defaultdict(list)
    for path in _paths().values():
        leaving[path[0]].append((at[path[1]][0], path))
        arriving[path[-1]].append((at[path[-2]][0], path))
    ports: dict[tuple[str, str, str], float] = {}
    for side, rooms in (("from", leaving), ("to", arriving)):
        for name, ends in rooms.items():
            for number, (_, path) in enumerate(sorted(ends)):
                ports[side, path[0], path[-1]] = at[name][0] + (number - (len(ends) - 1) / 2) * _PORT
    for path in _paths().values():
        top, foot = path[0], path[-1]
        points = [(ports["from", top, foot], at[top][1] + _TALL)]
        for x, y in (at[name] for name in path[1:-1]):
            points += [(x, y), (x, y + _TALL)]
        yield [*points, (ports["to", top, foot], at[foot][1] - 1)]


def _arrow(points: Sequence[Point]) -> str:
    """Draw an arrow: bent between floors, straight through its passages."""
    words = [f"M{points[0][0]:g},{points[0][1]:g}"]
    for number, ((x, y), (to, end)) in enumerate(pairwise(points)):
        bend = (end - y) / 2
        words.append(f"L{to:g},{end:g}" if number % 2 else f"C{x:g},{y + bend:g} {to:g},{end - bend:g} {to:g},{end:g}")
    return f'<path d="{" ".join(words)}" fill="none" stroke="{_LINE}" stroke-width="1.5" marker-end="url(#tip)"/>'


def _box(name: str, x: float, y: float, width: float, height: float = _TALL) -> str:
    """Draw a room: its name, what it does, its libraries."""
    room = ROOMS[name]
    is_door = not name.startswith("workbook.") or not any(name in near for near in edges().values())
    fill = _GROUND if name in ground() else _DOOR if is_door else _INNER
    parts = [
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" fill="{fill}" stroke="{_LINE}"/>',
        _text(x + 12, y + 21, path_of(name), 14, _INK, weight="600", font=_MONO),
    ]
    lines = enumerate(_lines_of(name, width))
    parts += [_text(x + 12, y + 38 + 15 * number, line, 11.5, _INK) for number, line in lines]
    if room.libraries:
        parts.append(_text(x + 12, y + 70, _shortened(room.libraries, int((width - 16) / 5.7)), 10.5, _SOFT))
    return "".join(parts)


def _lines_of(name: str, width: float) -> list[str]:
    """Return the lines in which it is said what a room does."""
    return textwrap.wrap(ROOMS[name].does, int((width - 16) / 6))


def _shortened(names: Sequence[str], length: int) -> str:
    """Return as many names as fit."""
    shown = ", ".join(names)
    return shown if len(shown) <= length else f"{shown[: length - 2].rpartition(',')[0]}, …"


def _ground(top: float) -> tuple[list[str], float]:
    """Draw what every room may use, and the data files below; return that and where the picture ends."""
    width = (WIDTH - 2 * _MARGIN - _GAP * (_ACROSS - 1)) / _ACROSS
    parts = []
    for start in range(0, len(ground()), _ACROSS):
        row = ground()[start : start + _ACROSS]
        height = 36 + 15 * max(len(_lines_of(name, width)) for name in row)
        parts += [_box(name, _MARGIN + number * (width + _GAP), top, width, height) for number, name in enumerate(row)]
        top += height + _GAP
    height = 16 + 20 * len(DATA)
    parts.append(
        f'<rect x="{_MARGIN}" y="{top:g}" width="{WIDTH - 2 * _MARGIN}" height="{height}" rx="6" '
        f'fill="{_GROUND}" stroke="{_LINE}" stroke-dasharray="4 3"/>'
    )
    for number, (path, does) in enumerate(DATA):
        y = top + 22 + 20 * number
        parts += [_text(_MARGIN + 12, y, path, 12.5, _INK, font=_MONO), _text(_MARGIN + 300, y, does, 11.5, _INK)]
    return parts, top + height + _MARGIN


def _text(x: float, y: float, words: str, size: float, colour: str, *, weight: str = "400", font: str = "") -> str:
    family = f' font-family="{font}"' if font else ""
    style = f'font-size="{size:g}" font-weight="{weight}" fill="{colour}"{family}'
    return f'<text x="{x:g}" y="{y:g}" {style}>{escape(words)}</text>'
