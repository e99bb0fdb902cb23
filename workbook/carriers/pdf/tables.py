"""The tables of a PDF by their ruling lines, and the parts of a table joined where a page ends within it."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from workbook.carriers.blocks import clean
from workbook.carriers.pdf.settle import Area, all_faint
from workbook.carriers.pdf.vet import vet_rules
from workbook.match.grid import Cell
from workbook.report import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from workbook.carriers.limits import Budget
    from workbook.carriers.pdf.settle import Left


_CJK = "\u2e80-\u9fff\uff00-\uffef\u2018-\u201d"
_GAP = re.compile(rf"(?<=[{_CJK}]) +(?=[{_CJK}])")
_SUPPLEMENT = (
    "⺁厂⺇几⺎兀⺒巳⺓幺⺝月⺟母⺠民⺩王⺬示⺼月⻁虎⻄西⻅见⻆角⻉贝⻋车⻑長"
    "⻓长⻔门⻘青⻙韦⻚页⻛风⻜飞⻝食⻢马⻣骨⻤鬼⻥鱼⻦鸟⻨麦⻩黄⻬齐⻮齿⻰龙⻳龟"
)
_RADICALS = {code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)} | {
    ord(radical): ord(letter) for radical, letter in zip(_SUPPLEMENT[::2], _SUPPLEMENT[1::2], strict=True)
}
_ALIKE = _RADICALS | {0x2329: 0x3008, 0x232A: 0x3009}
"""Radicals and 〈〉 of technical drawings, which browsers write for the letters that look the same."""
_SHORTEST = 8.0
"""Points of the shortest rule; what is shorter belongs to a chart."""
_SNAP = 3.0
"""Points by which lines may miss each other; pdfplumber's own tolerance."""
_NEAR = 5.0
"""Points by which the sides of two parts of a table may differ."""
_SAME = 6.0
"""Points by which the sides of a column may differ from page to page; browsers set the widths anew for each."""
_HEADS = 8
"""Rows that the heads of a table may have."""
_PADDING = 12.0
"""Points that the two margins of a cell may take together; Word's take 10.8."""


@dataclass
class Box:
    """A cell between its ruling lines: its sides in points, its text and its place.

    ``spare`` is what the last line of the text leaves of the width, ``first`` the width of the first letter.
    ``faint`` says that all of its letters seem not to be seen.
    """

    left: float
    top: float
    right: float
    bottom: float
    text: str
    place: Place
    spare: float = 0.0
    first: float = 0.0
    left_out: list[Left] = field(default_factory=list)
    faint: bool = False

    def holds(self, letter: Left, height: float) -> bool:
        """Say whether a letter that was left out stood in it, on a page of some height."""
        return self.left <= letter.across <= self.right and self.top <= height - letter.up <= self.bottom


@dataclass
class Part:
    """A table, or what one page holds of it."""

    sides: Area
    boxes: list[Box]


def plain(text: str) -> str:
    """Return a text without blanks between Chinese letters, and with letters for what looks the same."""
    return _GAP.sub("", text.translate(_ALIKE))


def is_inside(sides: Area) -> Callable[[Any], bool]:
    """Return a test whether the middle of an item lies within an area."""

    def within(item: Any) -> bool:
        across, down = (item["x0"] + item["x1"]) / 2, (item["top"] + item["bottom"]) / 2
        return bool(sides[0] <= across <= sides[2] and sides[1] <= down <= sides[3])

    return within


def find(page: Any, file: str) -> list[Any]:
    """Return the tables of a page of pdfplumber that have more than one cell, from top to bottom.

    Raises:
        Unreadable: the page has too many ruling lines.
    """
    from pdfplumber.table import merge_edges

    drawn = [edge for edge in page.edges if edge["orientation"] and _may_rule(edge)]
    rules = [edge for edge in merge_edges(drawn, *[_SNAP] * 4) if max(edge["width"], edge["height"]) >= _SHORTEST]
    across = [edge for edge in rules if edge["orientation"] == "h"]
    down = [edge for edge in rules if edge["orientation"] == "v"]
    vet_rules(len(across), len(down), file)
    if not across or len(down) < 2:  # noqa: PLR2004 - a table has two sides
        return []
    across += _ends(across, down)
    tables = page.find_tables(
        {
            "vertical_strategy": "explicit",
            "horizontal_strategy": "explicit",
            "explicit_vertical_lines": down,
            "explicit_horizontal_lines": [*across, *across][: max(2, len(across))],
        }
    )
    return sorted((table for table in tables if len(table.cells) > 1), key=lambda table: table.bbox[1])


def _may_rule(edge: Any) -> bool:
    """Say whether a stroke may be a piece of a rule: rules may be dashed, but neither curved nor slanted."""
    long, short = max(edge["width"], edge["height"]), min(edge["width"], edge["height"])
    return bool(long >= (_SHORTEST if edge["object_type"] == "curve_edge" else 1) and short <= _SNAP)


def _ends(across: Sequence[Any], down: Sequence[Any]) -> Iterator[Any]:
    """Yield the rules that are missing at the top and at the bottom, where a page cuts a row or a merged cell."""
    for side, outermost in (("top", min), ("bottom", max)):
        height = outermost(edge[side] for edge in down)
        meeting = [rule for rule in across if abs(rule["top"] - height) < _SNAP]
        ending = [edge["x0"] for edge in down if abs(edge[side] - height) < _SNAP]
        if len(ending) > 1 and not all(
            any(rule["x0"] - _SNAP < at < rule["x1"] + _SNAP for rule in meeting) for at in ending
        ):
            left, right = min(ending), max(ending)
            yield {**across[0], "x0": left, "x1": right, "width": right - left, "top": height, "bottom": height}


def part(page: Any, table: Any, place: Place, budget: Budget) -> Part:
    """Return the cells of a table on a page.

    Args:
        page: the page of pdfplumber.
        table: one of its tables.
        place: the name of the page, and what the address of each cell begins with.
        budget: what may still be read.

    Raises:
        Unreadable: it is too much.
    """
    texts: dict[Area, str] = {
        sides: text or ""
        for row, line in zip(table.rows, table.extract(), strict=True)
        for sides, text in zip(row.cells, line, strict=True)
        if sides
    }
    budget.cells(len(texts))
    lefts, tops = sorted({sides[0] for sides in texts}), sorted({sides[1] for sides in texts})
    boxes = []
    for sides, text in texts.items():
        row, column = bisect_left(tops, sides[1]) + 1, bisect_left(lefts, sides[0]) + 1
        at = Place(place.sheet, f"{place.address}第{row}行第{column}列")
        boxes.append(Box(*sides, budget.text(clean(plain(text))), at))
    found = Part(tuple(table.bbox), boxes)
    _measure(page, found)
    return found


def _measure(page: Any, found: Part) -> None:
    """Measure how the texts fill their cells."""
    letters = sorted((char for char in page.chars if char["text"].strip()), key=_middle)
    middles = [_middle(char) for char in letters]
    for box in found.boxes:
        within = is_inside((box.left, box.top, box.right, box.bottom))
        row = letters[bisect_left(middles, box.top) : bisect_left(middles, box.bottom)] if box.text else []
        own = [char for char in row if within(char)]
        box.faint = all_faint(own)
        if own:
            begins, ends_at = min(char["bottom"] for char in own), max(char["top"] for char in own)
            first = min((char for char in own if char["top"] < begins), key=lambda char: char["x0"], default=own[0])
            last = [char for char in own if char["bottom"] > ends_at] or own
            box.first = first["x1"] - first["x0"]
            box.spare = box.right - box.left - max(char["x1"] for char in last) + min(char["x0"] for char in last)


def _middle(letter: Any) -> float:
    return float(letter["top"] + letter["bottom"]) / 2


def continues(former: Part, lower: Part) -> bool:
    """Say whether a part is as wide as the table that the page before ended with; its margin may be another."""
    return abs((former.sides[2] - former.sides[0]) - (lower.sides[2] - lower.sides[0])) < _NEAR


def join(former: Part, lower: Part) -> None:
    """Put the part of the next page below a table: without heads that are repeated, its cut row made whole."""
    across = former.sides[0] - lower.sides[0]
    at = _snapped(_sides(former), [side + across for side in _sides(lower)])
    for box in lower.boxes:
        box.left, box.right = at[box.left + across], at[box.right + across]
    left, top, right, bottom = former.sides
    begin = _repeated(former, lower)
    down = bottom - begin
    boxes = [box for box in lower.boxes if box.top > begin - _SNAP]
    for box in boxes:
        box.top, box.bottom = box.top + down, box.bottom + down
    uppers = {(box.left, box.right): box for box in former.boxes if bottom - box.bottom < _SNAP}
    lowers = {(box.left, box.right): box for box in boxes if box.top - bottom < _SNAP}
    gone = {id(box) for box in _joined(uppers, lowers)}
    former.boxes += [box for box in boxes if id(box) not in gone]
    former.sides = left, top, right, max(box.bottom for box in former.boxes)


def _sides(found: Part) -> list[float]:
    return sorted({side for box in found.boxes for side in (box.left, box.right)})


def _snapped(known: Sequence[float], sides: Sequence[float]) -> dict[float, float]:
    """Return the known side for each side; where each is the nearest of the other, and near, they are the same."""
    at = {side: _nearest(known, side) for side in sides}
    return {
        side: other if abs(other - side) < _SAME and _nearest(sides, other) == side else side
        for side, other in at.items()
    }


def _nearest(sides: Sequence[float], side: float) -> float:
    at = bisect_left(sides, side)
    return min(sides[max(0, at - 1) : at + 1], key=lambda other: abs(other - side))


_Outline = tuple[float, float, str, int]
"""The sides of a cell, its text without blanks, and the rows that it spans."""


def _repeated(former: Part, lower: Part) -> float:
    """Return where the heads end that a part repeats; its top where it repeats none.

    Heads are the first rows, without numbers, which stand anywhere in the table so: it may be several without a gap.
    """
    own, known = _outlines(lower), _outlines(former)
    ends = [lower.sides[1], *(top for top, _ in own[1:]), lower.sides[3]]
    own = own[:_HEADS]
    most = 0
    for start, (_, row) in enumerate(known):
        if not own or row != own[0][1] or not any(text for _, _, text, _ in row):
            continue
        reach = 0
        for count, ((_, one), (_, other)) in enumerate(zip(own, known[start:], strict=False), 1):
            if one != other or any(text and not any(map(str.isalpha, text)) for _, _, text, _ in one):
                break
            reach = max(reach, *(count - 1 + high for _, _, _, high in one))
            most = max(most, count if reach <= count else 0)
    return ends[most]


def _outlines(found: Part) -> list[tuple[float, frozenset[_Outline]]]:
    """Return the top of each row of a table, and the outlines of the cells that begin in it."""
    tops = sorted({box.top for box in found.boxes})
    rows: dict[float, set[_Outline]] = {top: set() for top in tops}
    for box in found.boxes:
        high = bisect_left(tops, box.bottom) - bisect_left(tops, box.top)
        rows[box.top].add((box.left, box.right, "".join(box.text.split()), high))
    return [(top, frozenset(row)) for top, row in rows.items()]


def _joined(uppers: dict[tuple[float, float], Box], lowers: dict[tuple[float, float], Box]) -> Iterator[Box]:
    """Let the last cells of a page grow into those of the next that continue them, and yield these.

    Where the row is cut, all do; else the labels before the first cell that holds something.
    """
    pairs = [(uppers[at], lowers[at]) for at in sorted(uppers.keys() & lowers.keys())]
    cut = uppers.keys() == lowers.keys() and _is_cut(pairs)
    for upper, lower in pairs:
        if not cut and (lower.text or not any(letter.isalpha() for letter in upper.text)):
            return
        upper.bottom = lower.bottom
        upper.faint = all(box.faint for box in (upper, lower) if box.text) and (upper.faint or lower.faint)
        upper.text = clean(f"{upper.text}\n{lower.text}")
        upper.spare = lower.spare if lower.text else upper.spare
        upper.left_out += lower.left_out
        yield lower


def _is_cut(pairs: Sequence[tuple[Box, Box]]) -> bool:
    """Say whether the cells above and below the end of a page are the halves of one row.

    They are where one of the halves is blank, or where the first letter below had no room above: first of all the
    first digit, since a number that is cut must never be taken for the whole number.
    """
    last, first = max(upper.top for upper, _ in pairs), min(lower.bottom for _, lower in pairs)
    row = [(up, low) for up, low in pairs if last - up.top < _SNAP and low.bottom - first < _SNAP]
    if not any(up.text for up, _ in row) or not any(low.text for _, low in row):
        return True
    both = [(up, low) for up, low in row if up.text and low.text]
    decisive = [(up, low) for up, low in both if _is_numeric(up) and _is_numeric(low)] or both
    return bool(decisive) and all(up.spare < low.first + _PADDING for up, low in decisive)


def _is_numeric(box: Box) -> bool:
    return not any(letter.isalpha() for letter in box.text)


def rows(found: Part, budget: Budget) -> list[list[Cell]]:
    """Return the rows of a table; a cell stands in every position that it covers, and what none covers is blank.

    Raises:
        Unreadable: there are too many positions.
    """
    lefts, tops = sorted({box.left for box in found.boxes}), sorted({box.top for box in found.boxes})
    budget.cells(len(lefts) * len(tops))
    made: list[list[Cell | None]] = [[None] * len(lefts) for _ in tops]
    for box in found.boxes:
        runs = groupby(box.left_out, key=lambda letter: letter.kind)
        left_out = ((kind, "".join(letter.text for letter in run).strip()) for kind, run in runs)
        told = tuple((kind, text) for kind, text in left_out if text)
        cell = Cell(box.text or None, box.place, left_out=told, doubt="colour" if box.faint else "")
        for row in made[bisect_left(tops, box.top) : bisect_left(tops, box.bottom)]:
            for column in range(bisect_left(lefts, box.left), bisect_left(lefts, box.right)):
                row[column] = row[column] or cell
    place = found.boxes[0].place
    return [[cell or Cell(None, place) for cell in row] for row in made]
