"""What is visible of the sheets of an ``.ods`` file, which holds of every cell what it shows beside what it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.excel.address import Spot, a1
from workbook.excel.reading.elements import Elements
from workbook.excel.reading.faces import Face, Font, Reason, Run, colour
from workbook.excel.reading.markup import NUMBER
from workbook.excel.reading.sheet_looks import HIDDEN_COLUMN, HIDDEN_ROW, HIDDEN_SHEET, Area
from workbook.excel.reading.visible import (
    LINKED,
    OTHERWISE,
    Look,
    Seen,
    lay_under,
    look_at_number,
    look_at_text,
    unseen,
)
from workbook.expression import expression
from workbook.match.contrast import Colour
from workbook.records import dataclass
from workbook.report import Value, number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from workbook.excel.reading.faces import Attributes
    from workbook.excel.reading.grid import Grid

_CELLS = {"table-cell", "covered-table-cell"}
_NUMBERS = {"float", "percentage", "currency"}
_LINK = expression(r"'[^']+'#|\b(?:WEBSERVICE|DDE)\s*\(", re.IGNORECASE)
_FAMILIES = {"table-cell", "text"}
_FORMAT = (("format", "单元格格式"),)
_CHAIN = 20  # styles that one may be based on, one upon the other


class Looked(Elements):
    """Follows the styles of a file, those that are its own and those of its cells alike, by name and family."""

    def prepare(self) -> None:
        """Begin without a style."""
        self.styles: dict[tuple[str, str], Attributes] = {}
        self._properties: Attributes = {}

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:  # noqa: ARG002
        """Take the properties of a style, or a style."""
        if name in {"text-properties", "table-cell-properties"}:
            self._properties |= bare(attributes)
        elif name in {"style", "default-style"}:
            own = bare(attributes)
            if own.get("family") in _FAMILIES:
                self.styles[own["family"], own.get("name", "")] = own | self._properties
            self._properties = {}


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file."""

    styles: Mapping[tuple[str, str], Attributes]

    def properties(self, family: str, name: str) -> Attributes:
        """Return the properties of a style with those of the styles that it is based on."""
        chain = []
        for _ in range(_CHAIN):
            own = self.styles.get((family, name))
            if own is None:
                break
            chain.append(own)
            name = own.get("parent-style-name", "")
        found: Attributes = {}
        for own in reversed(chain):
            found |= own
        return found

    def face(self, name: str) -> Face:
        """Return how cells of a style look; their number format is left to what the file says that they show."""
        attributes = self.properties("table-cell", name or "Default")
        ground = attributes.get("background-color", "transparent")
        repeated = attributes.get("repeat-content") == "true"
        return Face(font=_font(attributes), ground=_colour(ground, "#ffffff"), repeated=repeated)

    def font(self, name: str, cell: Face) -> Font:
        """Return the font of a piece of a text in a cell."""
        own = self.properties("text", name)
        return _font(own, cell.font) if own else cell.font


def _font(attributes: Attributes, base: Font | None = None) -> Font:
    base = base or Font()
    through = {attributes.get("text-line-through-style", ""), attributes.get("text-line-through-type", "")} - {""}
    size = re.fullmatch(r"([0-9.]{1,8})pt", attributes.get("font-size", ""))
    position = attributes.get("text-position", "")
    lowered = position.startswith(("sub", "-"))
    level = not position or position.startswith("0%")
    return Font(
        struck="none" not in through if through else base.struck,
        raised="" if level else "down" if lowered else "up",
        colour=_colour(attributes["color"], "#000000") if "color" in attributes else base.colour,
        size=float(size[1]) if size else base.size,
    )


def _colour(text: str, usual: str) -> Colour | None:
    return colour({"rgb": (text if text.startswith("#") else usual).removeprefix("#")})


@dataclass(slots=True)
class _Held:
    """A cell as the file has it, and how often it stands below and beside itself."""

    spot: Spot
    times: Spot
    attributes: Attributes
    pieces: list[tuple[str, str]]
    hidden: Reason | None


class Content(Looked):
    """Follows ``content.xml``: the cells of its sheets with what they show."""

    def prepare(self) -> None:
        """Begin before the first sheet."""
        super().prepare()
        self.sheets: dict[str, list[_Held]] = {}
        self.areas: dict[str, list[Area]] = {}
        self._cells: list[_Held] = []
        self._areas: list[Area] = []
        self._row: list[_Held] = []
        self._next: Spot = (0, 0)
        self._column = 0
        self._hidden: list[tuple[int, int]] = []
        self._pieces: list[tuple[str, str]] = []

    def _text(self, text: str) -> None:
        super()._text(text)
        self._add(text)

    def _add(self, text: str) -> None:
        """Add a piece to the text of a cell; comments stand in cells too."""
        style = None
        for name, attributes, _ in reversed(self.inside):
            if name == "annotation":
                return
            if name in {"span", "a"} and style is None:
                style = bare(attributes).get("style-name")
            if name in _CELLS:
                if any(inner == "p" for inner, _, _ in self.inside[-6:]):
                    self._pieces.append((text, style or ""))
                return

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        """Take a blank or the end of a line, a cell, a row, a column, a sheet, a style."""
        super().take(name, parent, attributes, text)
        if name in {"s", "tab", "line-break"}:
            self._add({"s": " " * _count(bare(attributes).get("c")), "tab": "\t"}.get(name, "\n"))
        elif name == "p" and parent in _CELLS:
            self._pieces.append(("\n", ""))
        elif name in _CELLS and parent == "table-row":
            self._cell(bare(attributes))
        elif name == "table-row":
            self._end_row(bare(attributes))
        elif name == "table-column":
            own = bare(attributes)
            count = _count(own.get("number-columns-repeated"))
            if _is_hidden(own):
                self._hidden.append((self._column, self._column + count - 1))
            self._column += count
        elif name == "table" and parent == "spreadsheet":
            title = bare(attributes).get("name", "")
            self.sheets[title], self.areas[title] = self._cells, self._areas
            self._cells, self._areas, self._hidden, self._next, self._column = [], [], [], (0, 0), 0

    def _cell(self, own: Attributes) -> None:
        count = _count(own.get("number-columns-repeated"))
        row, column = self._next
        pieces, self._pieces = self._pieces[:-1], []
        if pieces or "value" in own:
            hidden = any(first <= column <= last for first, last in self._hidden)
            self._row.append(_Held((row, column), (1, count), own, pieces, HIDDEN_COLUMN if hidden else None))
        down, across = (_count(own.get(f"number-{side}-spanned")) for side in ("rows", "columns"))
        if down > 1 or across > 1:
            self._areas.append(((row, column), (row + down - 1, column + across - 1)))
        self._next = row, column + count

    def _end_row(self, own: Attributes) -> None:
        count = _count(own.get("number-rows-repeated"))
        for cell in self._row:
            cell.times = count, cell.times[1]
            cell.hidden = HIDDEN_ROW if _is_hidden(own) else cell.hidden
        self._cells += self._row
        self._row, self._next = [], (self._next[0] + count, 0)


def look(content: bytes, common: bytes, grids: Mapping[str, Grid], hidden: Collection[str]) -> dict[str, Seen]:
    """Return what is visible of each sheet.

    Args:
        content: ``content.xml``.
        common: ``styles.xml``.
        grids: the sheets as they were read.
        hidden: the names of those that are not shown.

    Raises:
        ValueError: merged cells overlap.
    """
    read = Content(content)
    styles = Styles(Looked(common).styles | read.styles)
    found: dict[str, Seen] = {}
    for name, grid in grids.items():
        found[name] = Seen()
        for cell in read.sheets.get(name, []):
            for place in _spots(cell, grid):
                _look(found[name], place, cell, styles, HIDDEN_SHEET if name in hidden else cell.hidden)
        lay_under(found[name], grid, read.areas.get(name, []))
    return found


def _spots(cell: _Held, grid: Grid) -> Iterator[Spot]:
    """Yield where a cell stands, as far as the sheet was read."""
    (top, left), (down, across) = cell.spot, cell.times
    for row in range(top, min(top + down, len(grid))):
        for column in range(left, min(left + across, len(grid[row]))):
            yield row, column


def _look(seen: Seen, place: Spot, cell: _Held, styles: Styles, hidden: Reason | None) -> None:
    own = cell.attributes
    face = styles.face(own.get("style-name", ""))
    text = "".join(piece for piece, _ in cell.pieces)
    found: Value = None
    if own.get("value-type") in _NUMBERS and NUMBER.fullmatch(own.get("value", "")):
        value = float(own["value"])
        found = number(value)
        look_at_number(seen, place, value, face)
        if place not in seen.instead:
            seen.tell(a1(*place), Look(OTHERWISE, found, text, _FORMAT))
    elif own.get("value-type") == "string":
        found = text or None
        look_at_text(seen, place, [Run(piece, styles.font(style, face)) for piece, style in cell.pieces], face)
    if found is None or place in seen.instead:
        return
    if hidden:
        seen.tell(a1(*place), unseen(found, hidden))
    if _LINK.search(own.get("formula", "")):
        seen.tell(a1(*place), Look(LINKED, found, None, (("formula", own["formula"]),)))


def bare(attributes: Attributes) -> Attributes:
    """Return attributes by their names without prefix."""
    return {name.rpartition(":")[2]: value for name, value in attributes.items()}


def _is_hidden(own: Attributes) -> bool:
    return own.get("visibility", "visible") in {"collapse", "filter"}


def _count(text: str | None) -> int:
    return max(1, int(text)) if text and re.fullmatch("[0-9]{1,7}", text) else 1
