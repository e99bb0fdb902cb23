"""Reads the XML of a workbook as far as it goes: what was whole before it breaks off is kept, in plain markup."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat
from xml.sax.saxutils import escape

from workbook.excel.layout import a1, column
from workbook.excel.package import AREA_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ADDRESS = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHARED = re.compile("[0-9]{1,9}")
_KINDS = {"n", "s", "str", "inlineStr", "b", "e", "d"}
_DEEPEST = 50  # elements inside each other; a sheet has some ten
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


class _Reader:
    """Follows elements and their texts; names are those without prefix."""

    def __init__(self) -> None:
        self.inside: list[str] = []
        self.texts: list[str] = []
        self.odd = False

    def read(self, xml: bytes) -> bool:
        """Follow a part; say whether it is whole. A document type ends it, for it could change what follows."""
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self.texts.append
        parser.StartDoctypeDeclHandler = _stop
        parser.CommentHandler = parser.ProcessingInstructionHandler = parser.StartCdataSectionHandler = self._oddly
        try:
            parser.Parse(xml, True)  # noqa: FBT003
        except (expat.ExpatError, ValueError, LookupError):
            return False
        return True

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of an element; ``inside`` holds what it stands in."""

    def end(self, name: str, text: str) -> None:
        """Take the end of an element with the text before it."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition(":")[2]
        if len(self.inside) > _DEEPEST:
            raise ValueError("too deep")
        self.start(name, attributes)
        self.inside.append(name)
        self.texts.clear()

    def _end(self, _: str) -> None:
        name, text = self.inside.pop(), "".join(self.texts)
        self.texts.clear()
        self.end(name, text)

    def _oddly(self, *_: object) -> None:
        self.odd = True


def _stop(*_: object) -> None:
    raise ValueError("a document type")


class Strings(_Reader):
    """The shared texts, in their order."""

    def __init__(self, xml: bytes) -> None:
        super().__init__()
        self.found: list[str] = []
        self._pieces: list[str] = []
        self.whole = self.read(xml)

    def end(self, name: str, text: str) -> None:
        """Take a run of text, or a whole text."""
        if name == "t" and "rPh" not in self.inside:
            self._pieces.append(text)
        elif name == "si":
            if len(self.found) >= AREA_LIMIT:
                raise ValueError("too many texts")
            self.found.append("".join(self._pieces))
            self._pieces.clear()

    def xml(self) -> bytes:
        """Return the part of shared texts."""
        items = "".join(f'<si><t xml:space="preserve">{_escaped(text)}</t></si>' for text in self.found)
        return f'<sst xmlns="{MAIN}">{items}</sst>'.encode()


class Listed(_Reader):
    """What the workbook lists: sheets with their relations, defined names; or the relations with their parts."""

    def __init__(self, xml: bytes) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, str] = {}
        self.names: dict[str, str] = {}
        self._name = ""
        self.whole = self.read(xml)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take a sheet, a relation, or the name that something has."""
        self._name = attributes.get("name", "")
        if name == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif name == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            self.targets[attributes.get("Id", "")] = target

    def end(self, name: str, text: str) -> None:
        """Take what a name refers to."""
        if name == "definedName":
            self.names[self._name] = text


@dataclass
class _Cell:
    address: str
    kind: str
    style: str
    formula: str | None = None
    value: str | None = None
    pieces: list[str] = field(default_factory=list)


class Sheet(_Reader):
    """The cells of a sheet.

    ``formatted`` says that some cell has a format, ``last`` is the address of the last whole cell. ``lost`` are the
    cells whose shared text is lost, ``unclear`` those whose markup programs read differently; neither are kept.
    ``texts_at`` has the texts by address; ``restored`` says that lost ones were taken from ``labels``, by address too.
    """

    def __init__(self, xml: bytes, strings: Sequence[str], labels: Mapping[str, str], *, styled: bool) -> None:
        super().__init__()
        self.last, self.lost, self.unclear = "", list[str](), list[str]()
        self.texts_at: dict[str, str] = {}
        self.formatted = False
        self.count = 0
        self.restored = False
        self._strings, self._labels, self._styled = strings, labels, styled
        self._made: list[str] = []
        self._row, self._column, self._open = 0, 0, 0
        self._cell: _Cell | None = None
        self.is_sheet = False
        self.whole = self.read(xml)
        if self.last and not self.whole:
            self._complete()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the beginning of a row, a cell or what is in it."""
        if not self.inside:
            self.is_sheet = name == "worksheet"
        elif name == "row" and self.inside[-1] == "sheetData":
            number = attributes.get("r", "")
            self._row = int(number) if number.isdecimal() else self._row + 1
            self._column = 0
        elif name == "c" and self.inside[-1] == "row":
            self._begin(attributes)
        elif self._cell:
            twice = name == "v" and self._cell.value is not None
            self.odd |= twice or self.inside[-1] in {"v", "f", "t"} or bool("".join(self.texts).strip())

    def _begin(self, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > AREA_LIMIT:
            raise ValueError("too many cells")
        address = attributes.get("r") or a1(self._row - 1, self._column)
        match = _ADDRESS.fullmatch(address)
        if not match:
            raise ValueError("a cell address that is none")
        self._column, self._row = column(match[1]) + 1, int(match[2])
        self.odd = False
        self.formatted |= attributes.get("s", "0") != "0"
        self._cell = _Cell(address, attributes.get("t", "n"), attributes.get("s", ""))

    def end(self, name: str, text: str) -> None:
        """Take a formula, a value, a text or a whole cell."""
        cell = self._cell
        if cell is None:
            return
        if name == "c":
            self._cell = None
            self.last = cell.address
            self._odd_or_kept(cell, odd=self.odd or bool(text.strip()))
        elif name == "f":
            cell.formula = text
        elif name == "v":
            cell.value = text
        elif name == "t" and "rPh" not in self.inside:
            cell.pieces.append(text)

    def _odd_or_kept(self, cell: _Cell, *, odd: bool) -> None:
        value = (cell.value or "").strip()
        if odd or cell.kind not in _KINDS:
            self.unclear.append(cell.address)
        elif cell.kind == "s" and value and not (_SHARED.fullmatch(value) and int(value) < len(self._strings)):
            self._restore(cell)
        else:
            if cell.kind == "s" and value:
                cell.value = value
                self.texts_at[cell.address] = self._strings[int(value)]
            elif cell.pieces:
                self.texts_at[cell.address] = "".join(cell.pieces)
            self._keep(cell)

    def _restore(self, cell: _Cell) -> None:
        if cell.address not in self._labels:
            self.lost.append(cell.address)
            return
        self.restored = True
        self._keep(_Cell(cell.address, "inlineStr", cell.style, pieces=[self._labels[cell.address]]))

    def _complete(self) -> None:
        """Add the labels behind the place where the sheet breaks off, so that the rows before it are known."""
        done = _spot(self.last)
        for spot, address in sorted((_spot(address), address) for address in self._labels):
            if spot > done:
                self._row = spot[0]
                self._restore(_Cell(address, "s", ""))

    def _keep(self, cell: _Cell) -> None:
        content = "" if cell.formula is None else f"<f>{_escaped(cell.formula)}</f>"
        content += "" if cell.value is None else f"<v>{_escaped(cell.value)}</v>"
        if cell.kind == "inlineStr":
            content += f'<is><t xml:space="preserve">{_escaped("".join(cell.pieces))}</t></is>'
        if not content:
            return
        if self._open != self._row:
            self._made.append(f'{"</row>" if self._open else ""}<row r="{self._row}">')
            self._open = self._row
        style = f' s="{cell.style}"' if self._styled and cell.style.isdecimal() and cell.style.isascii() else ""
        kind = "" if cell.kind == "n" else f' t="{cell.kind}"'
        self._made.append(f'<c r="{cell.address}"{style}{kind}>{content}</c>')

    def xml(self) -> bytes:
        """Return the part of the sheet with the cells that are kept."""
        rows = "".join(self._made) + ("</row>" if self._open else "")
        return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def _spot(address: str) -> tuple[int, int]:
    """Return row and column of an address, for comparing."""
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]), column(letters)


def is_whole(xml: bytes) -> bool:
    """Say whether a part is well formed to its end."""
    return _Reader().read(xml)


def _escaped(text: str) -> str:
    return escape(text, {"\r": "&#13;"})
