"""The measures of a printed page, and how wide the columns of a printed table are; all in points.

The page is that of GB/T 9704-2012, 5.1 and 5.2: A4, a type area of 156 × 225 mm, 22 lines of 28 characters.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Label, PrintedTable

_MM = 72 / 25.4

PAPER = 210 * _MM, 297 * _MM
TOP, BOTTOM, LEFT, RIGHT = 37 * _MM, 35 * _MM, 28 * _MM, 26 * _MM
NUMBER_LINE = 25 * _MM
"""From the foot of the sheet to that of the page number, whose dashes then stand 7 mm below the type area."""
WIDTH = PAPER[0] - LEFT - RIGHT
LINES, CHARACTERS = 22, 28
PITCH = 28.95
"""225 mm hold 22 lines of 28.99; a little less holds them in every program."""
TYPE, TIGHTER = 16.0, 0.25
"""No. 3 type, and what its letters stand closer than they are wide: 156 mm hold 28 of 15.79."""
TITLE, TITLE_PITCH = 22.0, 34.0
NUMBER = 14.0
"""No. 4 type of the page numbers."""
PICTURE = 380.0
"""How wide a chart is: three stand on a page."""
SMALL = 9.0
"""Type of the check code."""

TABLE, TABLE_PITCH = 12.0, 17.0
"""No. 4 small type of the tables, and the pitch of their lines."""
DENSE, DENSE_PITCH = 9.5, 11.5
"""The same of a table of more columns than ``ROOMY``: with it the longest stands on one page."""
TIGHT, TIGHT_PITCH, TIGHT_PADDING = 8.5, 10.2, 0.2
"""The same of such a table that has each of its lines for two years; and what stands above and below its texts."""
ROOMY = 6
SMALLEST = 4.5
INSET, CLOSE, PADDING = 2.4, 1.0, 1.3
"""Between the rule of a cell and its text: beside labels, beside numbers, above and below."""

_DIGIT = 0.56
"""How wide a digit is in its type: half of it in the fonts of an office, more in those that stand in for them."""
_HEAD = 3
"""Characters of a head on one line, where there is room."""
_FREE, _LEAST = (10, 14, 16), (6, 10, 15)
"""Characters of a line of the last column of labels, where it is the only one, where not, of two years."""
_UPRIGHT, _TALL = 2, 8
"""Characters of a line of a label that reaches over more than so many rows."""
_YEAR = 3.4
"""Characters of a label that is a year: its digits are half as wide."""
_LEVEL = 4
"""Characters of a line of any other label before the last column."""


def title_lines(title: str, office: str) -> list[str]:
    """Return a title in lines: one that does not fit on a line is broken behind the name of the office."""
    if len(title) * TITLE <= WIDTH or not title.startswith(office) or office in {"", title}:
        return [title]
    return [office, title.removeprefix(office)]


@dataclass(frozen=True, slots=True)
class Columns:
    """How a table is set: the widths of its columns, which fill the line, its type, and that of its numbers.

    ``padding`` stands above and below each text, whose lines have a ``pitch``.
    """

    widths: tuple[float, ...]
    type: float
    size: float

    @property
    def pitch(self) -> float:
        """The pitch of its lines."""
        return {TABLE: TABLE_PITCH, DENSE: DENSE_PITCH, TIGHT: TIGHT_PITCH}[self.type]

    @property
    def padding(self) -> float:
        """What stands above and below its texts."""
        return TIGHT_PADDING if self.type == TIGHT else PADDING


def columns(table: PrintedTable, values: Mapping[str, str], width: float = WIDTH) -> Columns:
    """Return how a table is set so that no number is wrapped: labels give way first, then numbers are set smaller.

    Args:
        table: the table as printed.
        values: its numbers as they are shown, by the keys of their cells.
        width: that of a line.
    """
    first = min(column for _, column in table.cells.values())
    count = 1 + max(label.right for label in table.labels) - first
    doubled = any(label.role == "year" for label in table.labels)
    size = TABLE if first - doubled + count <= ROOMY else TIGHT if doubled else DENSE
    years = [_measure(_YEAR, size)] if doubled else []
    first, width = first - doubled, width - sum(years)
    outer = [_measure(_outer(table, at), size) for at in range(first - 1)]
    free, least = (
        sum(outer) + _measure(room[(first > 1) * (1 + doubled)], size) if first else 0.0 for room in (_FREE, _LEAST)
    )
    # A number that is printed across several columns has the room of all of them.
    wanted = [
        (max(1, len(values.get(key, ""))), table.wide.get(key, column) - column + 1)
        for key, (_, column) in table.cells.items()
    ]
    need = max((digits * _DIGIT * size + 2 * CLOSE) / span for digits, span in wanted)
    most = (width - least) / count
    each = max((width - free) / count, min(most, max(need, _measure(_HEAD, size))))
    fits = min((span * each - 2 * CLOSE) / (digits * _DIGIT) for digits, span in wanted)
    labels = [*outer, width - each * count - sum(outer)] if first else []
    return Columns((*labels, *years, *[each] * count), size, max(SMALLEST, min(size, int(fits * 2) / 2)))


def _measure(characters: float, size: float) -> float:
    return characters * size + 2 * INSET


def _outer(table: PrintedTable, column: int) -> int:
    """Return the characters of a line of the labels that stand in a column before the last one of labels."""
    own = [label for label in table.labels if label.role == "line" and label.left == label.right == column]
    return max((_line(label) for label in own), default=_LEVEL)


def _line(label: Label) -> int:
    rows = label.bottom - label.top + 1
    return max(_UPRIGHT if rows > _TALL else _LEVEL, min(_FREE[1], ceil(len(label.text) / (2 * rows))))
