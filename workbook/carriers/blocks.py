"""What the readers share: tables whose cells span rows and columns, and texts without what cannot be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.carriers.visible import Written
from workbook.intake.limits import SPAN_LIMIT
from workbook.match.grid import Cell, Grid, Paragraph
from workbook.report import Place, text_left_out

if TYPE_CHECKING:
    from workbook.carriers.limits import Budget
    from workbook.match.grid import Block
    from workbook.report import Finding

_UNSEEN: dict[int, str] = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")
CONTROLS = dict.fromkeys((*range(0x09), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029), " ")
"""Controls, which are no letters; a font may have them for its blanks."""
_SHOWN = _UNSEEN | CONTROLS


def clean(text: str) -> str:
    r"""Return the lines of a text without blanks around them, blank lines, controls and letters that cannot be seen.

    >>> clean("a\r\n — \x015\x01—\n")
    'a\n—  5 —'
    """
    if text.isalnum():  # as most cells are
        return text
    lines = (line.strip() for line in text.translate(_SHOWN).replace("\xa0", " ").split("\n"))
    return "\n".join(line for line in lines if line)


class Blocks:
    """The blocks of a document in the making."""

    def __init__(self, carrier: str, budget: Budget) -> None:
        """Begin a document.

        Args:
            carrier: the name of what is read, as places say it.
            budget: what may still be put into it.
        """
        self.done: list[Block] = []
        self.budget = budget
        self._struck: list[tuple[Place, str]] = []
        self._carrier = carrier
        self._tables = self._paragraphs = 0

    @property
    def reader_findings(self) -> tuple[Finding, ...]:
        """What is to be told of the text between the tables: that some of it is struck out."""
        return text_left_out(self._struck)

    def paragraph(self, written: Written, *, exact: bool = False) -> None:
        """Add a paragraph, unless the text is blank and not ``exact``."""
        text = written.text if exact else clean(written.text)
        kept = exact or bool(text)
        place = Place(self._carrier, f"第{self._paragraphs + kept}段")
        self._struck += [(place, struck) for kind, struck in written.left_out if kind == "struck"]
        if kept:
            self.budget.block()
            self._paragraphs += 1
            self.done.append(Paragraph(self.budget.text(text), place, exact))

    def table(self, *, frames: bool = False) -> Table:
        """Begin a table; one that only frames other tables becomes no grid."""
        return Table(self, frames=frames)

    def place(self, table: int, row: int, column: int) -> Place:
        """Return the place of a cell."""
        return Place(self._carrier, f"表{table} 第{row}行第{column}列")

    def number(self, rows: list[list[Cell]]) -> int:
        """Put the grid of a table after what is done, and return its number; ``rows`` is filled later."""
        self.budget.block()
        self._tables += 1
        self.done.append(Grid(f"表{self._tables}", rows, counted=True))
        return self._tables


class Table:
    """A table in the making: cells are put one after the other, and stand in every position that they span."""

    def __init__(self, blocks: Blocks, *, frames: bool) -> None:
        self._blocks = blocks
        self.rows: list[list[Cell]] = []
        self._number = 0 if frames else blocks.number(self.rows)
        self._row: list[Cell] = []
        self._open: dict[int, tuple[Cell, int]] = {}
        self._next: dict[int, tuple[Cell, int]] = {}

    def begin_row(self) -> None:
        """Begin a row; cells of the rows above that reach into it stand in it."""
        self._row = []
        self.rows.append(self._row)
        self._open, self._next = self._next, {}

    def begin_group(self) -> None:
        """Begin a group of rows, into which no cell of the groups above reaches."""
        self._next = {}

    def put(self, written: Written, rows: int = 1, columns: int = 1) -> Cell:
        """Put a cell into the next free position of the row."""
        self._fill()
        value = self._blocks.budget.text(clean(written.text))
        cell = Cell(value or None, self._here(), left_out=written.left_out, doubt=written.doubt)
        self._span(cell, rows, columns)
        return cell

    def extend(self, columns: int = 1) -> bool:
        """Let the cell above reach into the next positions of the row; say whether there is one."""
        at = len(self._row)
        if len(self.rows) < 2 or at >= len(self.rows[-2]):  # noqa: PLR2004 - this row and the one above
            return False
        self._span(self.rows[-2][at], 1, columns)
        return True

    def widen(self) -> bool:
        """Let the last cell reach into the next position of the row; say whether there is one."""
        if self._row:
            self._span(self._row[-1], 1, 1)
        return bool(self._row)

    def end_row(self) -> None:
        """Let cells of the rows above stand behind the last one of the row."""
        if self._open:
            last = max(self._open)
            while len(self._row) <= last:
                if not self._fill():
                    self._span(Cell(None, self._here()), 1, 1)

    def _here(self) -> Place:
        return self._blocks.place(self._number, len(self.rows), len(self._row) + 1)

    def _fill(self) -> bool:
        """Let the cells of the rows above stand in the next positions; say whether there were any."""
        start = len(self._row)
        while len(self._row) in self._open:
            cell, rows = self._open.pop(len(self._row))
            self._span(cell, rows, 1)
        return len(self._row) > start

    def _span(self, cell: Cell, rows: int, columns: int) -> None:
        columns = min(max(columns, 1), SPAN_LIMIT)
        self._blocks.budget.cells(columns)
        for _ in range(columns):
            if rows > 1:
                self._next[len(self._row)] = cell, min(rows, SPAN_LIMIT) - 1
            self._row.append(cell)
