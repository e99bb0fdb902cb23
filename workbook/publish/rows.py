"""The rows of a printed table as pages, texts and workbooks write them: boxes that reach over rows and columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from workbook.form import Label
    from workbook.publish.blocks import TableBlock


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a printed table: a label with its ``name``, or a number with the names of the labels that head it.

    ``row`` and ``column`` count from 0 at the top left of the table; ``scope`` is that of a label, empty for a number.
    One that is ``whole`` is not broken over lines.
    """

    text: str
    row: int
    column: int
    down: int = 1
    across: int = 1
    scope: Literal["", "col", "row", "colgroup", "rowgroup"] = ""
    name: str = ""
    heads: tuple[str, ...] = ()
    whole: bool = False


def title_of(block: TableBlock) -> str:
    """Return the title of a table, without line breaks."""
    return block.printed.table.title


def head_rows(block: TableBlock) -> int:
    """Return how many rows of heads stand above the numbers of a table."""
    return min(row for row, _ in block.printed.cells.values()) - _top(block)


def rows_of(block: TableBlock) -> tuple[tuple[Box, ...], ...]:
    """Return the rows of a table under its title, each from left to right; what reaches down stands in its first."""
    top = _top(block)
    labels = [label for label in block.printed.labels if label.role != "title"]
    names = {id(label): f"{block.key}-{number}" for number, label in enumerate(labels, 1)}
    boxes = [_label(label, top, names[id(label)]) for label in labels]
    for key, (row, column) in block.printed.cells.items():
        last = block.printed.wide.get(key, column)
        heads = tuple(names[id(label)] for label in labels if _is_over(label, row, column))
        boxes.append(Box(block.values[key], row - top, column, 1, last - column + 1, heads=heads))
    found = sorted(boxes, key=lambda box: (box.row, box.column))
    return tuple(tuple(box for box in found if box.row == row) for row in dict.fromkeys(box.row for box in found))


_LINES = ("line", "year")
"""Labels that head lines of numbers."""


def _top(block: TableBlock) -> int:
    return min(label.top for label in block.printed.labels if label.role != "title")


def _is_over(label: Label, row: int, column: int) -> bool:
    """Say whether a label heads the number at a place: it stands above it or to its left."""
    if label.role in _LINES:
        return label.top <= row <= label.bottom
    return label.left <= column <= label.right


def _label(label: Label, top: int, name: str) -> Box:
    down, across = label.bottom - label.top + 1, label.right - label.left + 1
    if label.role in _LINES:
        scope: Literal["rowgroup", "row"] = "rowgroup" if down > 1 else "row"
        return Box(label.text, label.top - top, label.left, down, across, scope, name, whole=label.role == "year")
    return Box(label.text, label.top - top, label.left, down, across, "colgroup" if across > 1 else "col", name)
