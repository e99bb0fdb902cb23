"""The markup of a sheet: that its cells are what they seem.

The cells of nearly every sheet are written the plain way, which one regular expression recognises; all others are
parsed for good.
"""

from __future__ import annotations

from xml.parsers import expat

from workbook.excel.address import Spot, column
from workbook.expression import expression

MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
"""The namespaces of workbooks, that of most and that of the strict kind."""
END = b"</sheetData>"
"""Behind it nothing of a sheet is a cell."""
NUMBER = expression(r"\s*[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[Ee][-+]?[0-9]+)?\s*")
"""A number as the markup of a sheet stores it."""


def without_entities(text: str) -> str:
    """Return a text of markup with the signs that its entities stand for."""
    if "&" not in text:
        return text
    import html  # whose table of names few workbooks need

    return html.unescape(text)


LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

# Every "<" up to the end of the cells begins one of these: addresses are near, values are text without entities,
# nothing is hidden, texts have no runs, formulas no brackets and bars, as those have that lead to other files.
_ODD = expression(
    rb'<(?!c r="[A-Z][1-9][0-9]{0,2}"(?: [a-z]+="[A-Za-z0-9]+")*(?:/>|>(?=<))|/c>|v>(?!\s)[^<&]*(?<!\s)</v></c>|/v></c>'
    rb'|row r="[1-9][0-9]{0,2}"(?:>|(?! [^<>]*(?:hidden="[1t]|ht="0)) )|/row>'
    rb"|f>(?=[^<\[|]*<)|f [^<>]*(?:/>(?=<)|(?<!/)>(?=[^<\[|]*<))|/f>(?=<)|is><t|t>|t |/t></is></c>"
    rb"|\?xml |worksheet |sheetPr|/sheetPr>|outlinePr|pageSetUpPr|tabColor|dimension |sheetViews>|/sheetViews>"
    rb'|sheetView (?![^<>]*showZeros="[0f])|/sheetView>|selection |pane |sheetFormatPr |cols>|/cols>'
    rb'|col (?![^<>]*(?:hidden="[1t]|width="0))|sheetData>|/sheetData>)'
)


def plain_end(xml: bytes) -> int:
    """Return where the cells of a plainly written sheet end; -1 of any other."""
    end = xml.find(END)
    return end if end >= 0 and may_be_plain(xml, end, end) else -1


def may_be_plain(xml: bytes, looked_at: int, end: int) -> bool:
    """Say whether a sheet whose cells end there may be plainly written: nothing is odd as far as it is looked at."""
    return not _ODD.search(xml, 0, looked_at) and xml.find(b"WEBSERVICE", 0, end) < 0


def vet_cells(xml: bytes, end: int) -> None:
    """Refuse a sheet in which a cell is not what it seems.

    Args:
        xml: the sheet.
        end: where its cells end, if it is plainly written, else -1.

    Raises:
        ValueError: the sheet is not well formed, or programs differ in what they read in it.
    """
    if end >= 0:
        addresses = _ADDRESS.findall(xml, 0, end)
        if len(set(addresses)) < len(addresses):
            raise ValueError(_TWICE)
        return
    try:
        _Cells(xml).parser.Parse(xml, True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error


_ADDRESS = expression(rb'<(?:c|row) r="([A-Z]?[0-9]+)"')
_TWICE = "a cell or a row that stands twice, or before one that it comes after"
"""Readers differ in which of two they take."""

_SHARED = expression(rb' t="s"[^<>]*><v>([0-9]+)</v>')


def shared(xml: bytes) -> list[int]:
    """Return the numbers of the shared texts that a plainly written sheet names, each as often as it is named."""
    return [*map(int, _SHARED.findall(xml))]


def values(xml: bytes) -> int:
    """Return how many values a sheet has at the most, however their tags are written."""
    return xml.count(b"v>", 0, xml.find(END)) // 2 + 1


_SPELT = expression(r"([A-Za-z]{1,3})([0-9]{1,7})")


def cell_spot(address: str) -> Spot:
    """Return row and column of a cell, in whatever letters its address is written.

    >>> cell_spot("d06")
    (5, 3)

    Raises:
        ValueError: no sheet has such a cell.
    """
    match = _SPELT.fullmatch(address)
    found = (int(match[2]) - 1, column(match[1].upper())) if match else (-1, 0)
    if not (0 <= found[0] < LAST_ROW and found[1] < LAST_COLUMN):
        raise ValueError("a cell address that is none")
    return found


class _Cells:
    """Follows the cells of a sheet through expat: where they are, and that values are nothing but text."""

    def __init__(self, xml: bytes) -> None:
        self.xml = xml
        self.row = self.column = 0
        self._last = (0, 0)
        self._inside: list[str] = []
        self._value, self._values = -1, 0
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler, self.parser.buffer_text = self._text, True
        self.parser.CommentHandler = self.parser.ProcessingInstructionHandler = self._odd
        self.parser.StartCdataSectionHandler = self._odd
        self.parser.StartDoctypeDeclHandler = _refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, name = name.rpartition(" ")
        if "v" in self._inside:
            raise ValueError("markup inside a value")
        if "sheetData" in self._inside and space not in MAIN:
            raise ValueError("markup of another kind among the cells")
        self._inside.append(name)
        if name == "row":
            self.row = _number(attributes.get("r")) or self.row + 1
            self.column = 0
            self._go_on(self.row, 0)
        elif name == "c":
            self._cell(attributes.get("r"))
            self._values = 0
        elif name == "v":
            self._value = self.parser.CurrentByteIndex
            self._values += 1
            if self._values > 1:
                raise ValueError("two values in one cell")

    def _cell(self, address: str | None) -> None:
        row = self.row
        if address is None:
            self.column += 1
        else:
            row, column = (at + 1 for at in cell_spot(address))
            self.column = column
            self.row = max(self.row, row)
        self._go_on(row, self.column)

    def _go_on(self, row: int, column: int) -> None:
        if (row, column) <= self._last:
            raise ValueError(_TWICE)
        self._last = row, column

    def _end(self, _: str) -> None:
        if self._inside.pop() == "v":
            raw = self.xml[self._value : self.parser.CurrentByteIndex].partition(b">")[2]
            # Some programs read 2&#48; as 2; texts of formulas may have entities, numbers have none.
            if b"&" in raw and raw.strip()[:1] in b"0123456789.+-&":
                raise ValueError("an entity inside a number")

    def _text(self, text: str) -> None:
        if self._inside[-1] == "c" and text.strip():
            raise ValueError("text beside a value")

    def _odd(self, *_: object) -> None:
        if "c" in self._inside and self._inside[-1] != "t":
            raise ValueError("comment, instruction or section in a cell")


def _refuse(*_: object) -> None:
    raise ValueError("a document type")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else 0  # noqa: PLR2004 - 1048576
