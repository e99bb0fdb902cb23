"""One step back: what the button before wrote is taken back, as long as nobody has changed it since.

Marks are not remembered: they follow from the report, so they are shown anew where there were some, else taken away.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlwings import Range

    from xlplugin.excel import Desk


@dataclass
class Wrote:
    """What was put into a cell: its content before (``formula`` says whether that calculates), and the value since."""

    cell: Range
    was: Any
    formula: bool
    now: Any

    def stands(self) -> bool:
        """Return whether the cell still holds what was put there."""
        try:
            return bool(self.cell.value == self.now or (self.cell.value is None and self.now in {None, ""}))
        except Exception:  # noqa: BLE001 - its sheet may be gone
            return False


@dataclass
class Written:
    """What a button wrote: cells by their sheets and addresses, names of the workbook with what they meant before."""

    sheets: frozenset[str]
    """The sheets that there were before."""
    cells: dict[tuple[str, str], Wrote] = field(default_factory=dict)
    names: dict[str, str | None] = field(default_factory=dict)

    def put(self, wrote: Wrote) -> None:
        """Note what was put into a cell; of one that is written twice counts what was there before both."""
        key = wrote.cell.sheet.name, wrote.cell.address
        if key[0] not in self.sheets:
            return
        first = self.cells.get(key)
        self.cells[key] = Wrote(wrote.cell, first.was, first.formula, wrote.now) if first else wrote

    def is_empty(self, desk: Desk) -> bool:
        """Return whether nothing was written, and no sheet has come or gone."""
        return not (self.cells or self.names) and {sheet.name for sheet in desk.book.sheets} == self.sheets

    @property
    def changed(self) -> int:
        """How many cells hold something else by now."""
        return sum(not wrote.stands() for wrote in self.cells.values())


@dataclass(frozen=True)
class Kept:
    """What the button before wrote, into which workbook, and what it is called."""

    label: str
    book: str
    written: Written

    def is_of(self, desk: Desk) -> bool:
        """Return whether that is the workbook that is open before the user."""
        return self.book == name_of(desk)


def name_of(desk: Desk) -> str:
    """Return what tells a workbook from others that are open."""
    return str(desk.book.api.FullName)
