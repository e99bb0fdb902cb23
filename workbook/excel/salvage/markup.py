"""Reads the XML of a workbook's parts as far as it goes: sheets, relations, names, texts, formats, values of cells."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import from_excel

from workbook.excel.address import Spot, a1, spot
from workbook.excel.reading.elements import Elements
from workbook.excel.reading.markup import NUMBER

if TYPE_CHECKING:
    from collections.abc import Container, Sequence

    from workbook.excel.reading.grid import Grid
    from workbook.excel.salvage.parts import Part

_ADDRESS = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")
_INDEX = re.compile("[0-9]{1,9}")
_DATES = {*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)}  # built-in formats of dates and times
_DAYS = 2_958_466  # Excel counts them to the end of the year 9999


class _Reader(Elements):
    """Follows the elements of a part of a damaged package; ``sound`` says that it ended and its checksum was right."""

    def __init__(self, part: Part | None) -> None:
        self.odd = False
        super().__init__(part.content if part else b"")
        self.sound = self.whole and part is not None and part.sound

    def prepare(self) -> None:
        """Notice what programs read differently in a cell."""
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = self._oddly
        self.parser.StartCdataSectionHandler = self._oddly

    def _oddly(self, *_: object) -> None:
        self.odd |= "c" in {name for name, _, _ in self.inside[-4:]}


class Listed(_Reader):
    """What a part lists: sheets with their relations, relations with their parts, names, texts, or formats.

    ``hidden`` are the sheets that are not shown, ``dates`` the formats that show numbers as dates, as cells name them.
    """

    def __init__(self, part: Part | None) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.hidden: set[str] = set()
        self.targets: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self.strings: list[str] = []
        self.dates: set[str] = set()
        self._pieces: list[str] = []
        self._codes: dict[str, str] = {}
        self._formats = 0
        super().__init__(part)

    def take(self, name: str, parent: str, attributes: dict[str, str], text: str) -> None:
        """Take a sheet, a relation, a name, a run of text, a whole text, a number format or a cell format."""
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation))
            if attributes.get("state", "visible") != "visible":
                self.hidden.add(attributes.get("name", ""))
        elif name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            self.targets[attributes.get("Id", "")] = target.lower()
        elif name == "definedName":
            self.names[attributes.get("name", "")] = text
        elif name == "t" and parent != "rPh":
            self._pieces.append(text)
        elif name == "si":
            self.strings.append("".join(self._pieces))
            self._pieces.clear()
        elif name == "numFmt":
            self._codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif name == "xf" and parent == "cellXfs":
            number = attributes.get("numFmtId", "0")
            if is_date_format(self._codes[number]) if number in self._codes else int(number) in _DATES:
                self.dates.add(str(self._formats))
            self._formats += 1


class Sheet(_Reader):
    """The values of a sheet by spot, and by address what reads as blank and is not (``unseen``), as of any workbook.

    ``last`` is the spot of the last whole cell; ``lost`` are the spots of the cells whose text is lost, or of which
    programs read different things; ``formatted`` says that some cell has a format.
    """

    def __init__(self, part: Part, strings: Sequence[str], dates: Container[str]) -> None:
        self.values: dict[Spot, Any] = {}
        self.unseen: dict[str, str] = {}
        self.lost: set[Spot] = set()
        self.last: Spot = (-1, -1)
        self.is_sheet = self.formatted = False
        self._strings, self._dates = strings, dates
        self._next: Spot = (0, 0)
        self._held: dict[str, str] = {}
        super().__init__(part)
        for place in self.lost:
            self.values.pop(place, None)
            self.unseen.pop(a1(*place), None)

    def take(self, name: str, parent: str, attributes: dict[str, str], text: str) -> None:
        """Take a row, a cell or what is in it."""
        self.is_sheet |= (self.inside[0][0] if self.inside else name) == "worksheet"
        if name == "row":
            self._next = _number(attributes.get("r")) or self._next[0] + 1, 0
        elif name == "c" and parent == "row":
            self.odd |= bool(text.strip())
            self._cell(attributes)
            self._held, self.odd = {}, False
        elif parent == "c":
            self.odd |= name == "v" and "v" in self._held
            self._held[name] = text
        elif name == "t" and parent in {"is", "r"}:
            self._held["t"] = self._held.get("t", "") + text
        else:
            self.odd |= parent in {"v", "f", "t"}

    def _cell(self, cell: dict[str, str]) -> None:
        """Keep what a cell holds; not of one that stands twice, or before one that it comes after."""
        row = (_number(self.inside[-1][1].get("r")) or self._next[0] + 1) - 1
        address = cell.get("r") or a1(row, self._next[1])
        if not _ADDRESS.fullmatch(address):
            raise ValueError("a cell address that is none")
        place, kind, style = spot(address), cell.get("t", "n"), cell.get("s", "0")
        value = None if self.odd or place <= self.last else self._value(kind, style)
        if value is None:
            self.lost.add(place)
        elif value != "":
            self.values[place] = value
        elif kind == "e" and "v" in self._held:
            self.unseen[address] = self._held["v"]
        elif "f" in self._held and kind != "str":
            self.unseen[address] = f"={self._held['f']}"
        self.formatted |= style != "0"
        self.last, self._next = max(self.last, place), (place[0], place[1] + 1)

    def _value(self, kind: str, style: str) -> Any:
        """Return the value of a cell as the reader has it; ``None`` where it is lost or unclear."""
        text = self._held.get("t" if kind == "inlineStr" else "v", "")
        if not text or kind == "e":
            return ""
        if kind in {"str", "inlineStr", "d"}:
            return text
        if kind == "s":
            index = _number(text)
            return None if index is None or index >= len(self._strings) else self._strings[index]
        if kind == "b":
            return {"0": False, "1": True}.get(text)
        if kind != "n" or not NUMBER.fullmatch(text):
            return None
        number = float(text)
        return from_excel(number) if style in self._dates and 0 <= number < _DAYS else number

    @property
    def size(self) -> tuple[int, int]:
        """How many rows and columns there are from the first cell on."""
        rows, columns = zip((-1, -1), *self.values, strict=True)
        return max(rows) + 1, max(columns) + 1

    def grid(self) -> Grid:
        """Return the sheet as rows of values."""
        rows, columns = self.size
        return [[self.values.get((row, at), "") for at in range(columns)] for row in range(rows)]


def _number(text: str | None) -> int | None:
    return int(text) if text and _INDEX.fullmatch(text) else None
