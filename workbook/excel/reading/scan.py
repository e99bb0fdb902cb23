"""Takes the cells of a plainly written sheet in the scan that vets them.

The expression that says what is plain is the one that finds the cells, and it has to find the sheet without a gap: so
nothing is read that was not vetted. What it takes is what python-calamine would, and less than that is left to it: a
sheet with anything rarer, such as texts of its own among the cells, or dates, is vetted first and read by it then.
"""

from __future__ import annotations

import re
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from workbook.excel.address import Spot, spot
from workbook.excel.reading.markup import END, may_be_plain, without_entities
from workbook.expression import expression
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.excel.reading.grid import Grid

_DECLARATION = r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*)?'
_ATTRIBUTES = r'(?: [A-Za-z0-9:.]+="[^"<>&]*")*+'
_ENTITY = expression("&(?!(?:amp|lt|gt|quot|apos);)")
"""Any but the five that XML has."""

# ---- texts that cells share -----------------------------------------------------------------------------------------

_TEXTS = expression(
    rf'{_DECLARATION}<sst xmlns="[^"<>&]*"(?: count="[0-9]{{1,7}}")?(?: uniqueCount="[0-9]{{1,7}}")?>(?=<)'
)
_TEXTS_END = "</si></sst>"
_BETWEEN, _AT_ENDS = "</si><si>", ("</t></si><si><t>", '</t></si><si><t xml:space="preserve">')
_T = r'<t(?: xml:space="preserve")?>[^<\r]*</t>'
_RUN = rf"<r>(?:<rPr>(?:<[A-Za-z]+{_ATTRIBUTES}/>)*+</rPr>)?+{_T}</r>"
_ITEM = rf"<si>(?:{_T}|<t/>|(?:{_RUN})++)(?:<phoneticPr{_ATTRIBUTES}/>)?+"
_ITEMS = expression(rf"{_ITEM}(?:</si>{_ITEM})*+")
_PIECE = expression(r'<t(| xml:space="preserve")>([^<]*)</t>')
_BLANKS = " \t\r\n"
_ESCAPED, _PREFIX = "_x", "xmlns:"


class SharedTexts(dict[str, str]):
    """The texts that cells share, by their numbers as cells have them; each is made when it is asked for first.

    A number that is not there or oddly written, and a text with escaped signs, is a ``LookupError``; what is no number
    a ``ValueError``.
    """

    def __init__(self, items: Sequence[str]) -> None:
        """Keep the markup of the texts in their order."""
        super().__init__()
        self._items = items

    def __missing__(self, number: str) -> str:
        """Make a text."""
        index = int(number)
        if index < 0 or str(index) != number:
            raise LookupError(number)
        item = self._items[index]
        if item.startswith("<t>"):
            found = item[3 : item.index("</t>")].strip(_BLANKS)
        else:
            found = "".join(text if spaced else text.strip(_BLANKS) for spaced, text in _PIECE.findall(item))
        if _ESCAPED in found:
            raise LookupError(found)
        self[number] = found = without_entities(found)
        return found


def shared_texts(xml: bytes) -> SharedTexts | None:
    """Return the texts of a plainly written ``xl/sharedStrings.xml``; ``None`` of any other."""
    try:
        text = xml.rstrip().decode()
    except UnicodeDecodeError:
        return None
    begin = _TEXTS.match(text)
    if not begin or not text.endswith(_TEXTS_END) or _ENTITY.search(text) or _PREFIX in text:
        return None
    items = text[begin.end() : -len(_TEXTS_END)]
    return SharedTexts(items[4:].split(_BETWEEN)) if _are_simple(items) or _ITEMS.fullmatch(items) else None


def _are_simple(items: str) -> bool:
    """Say whether items have a text each and nothing else, for no other tags are left between their ends."""
    between = sum(map(items.count, _AT_ENDS))
    return (
        items.startswith(("<si><t>", '<si><t xml:space="preserve">'))
        and items.endswith("</t>")
        and items.count("<") == 4 * between + 3
        and "\r" not in items
    )


# ---- cells ----------------------------------------------------------------------------------------------------------

_A = _ATTRIBUTES
_HEAD = expression(
    rf"{_DECLARATION}<worksheet{_A}>"
    rf"(?:<sheetPr{_A}(?:/>|>(?:<(?:tabColor|outlinePr|pageSetUpPr){_A}/>)*+</sheetPr>))?+(?:<dimension{_A}/>)?+"
    rf"(?:<sheetViews>(?:<sheetView{_A}(?:/>|>(?:<(?:pane|selection){_A}/>)*+</sheetView>))*+</sheetViews>)?+"
    rf"(?:<sheetFormatPr{_A}/>)?+(?:<cols>(?:<col{_A}/>)*+</cols>)?+<sheetData>"
)
_EXTENT = "<dimension"
_EXTENT_FROM = expression(r'<dimension ref="([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?"/>')
_START = b"<sheetData>"
_ODD = ("[", "|", "WEBSERVICE")
"""What formulas have that lead to other files."""
_ROW_END = r"(?=<row |\Z)"
_ROW = (
    r'<row r="([1-9][0-9]{0,2})"(?=[ >])(?: (?!hidden="[1t]|ht="0|customHeight="0)(?:s="([0-9]+)"|(?:spans|customFormat'
    r'|ht|hidden|customHeight|outlineLevel|collapsed|thickTop|thickBot|ph|x14ac:dyDescent)="[^"<>&]*"))*+'
    rf"(?:>(?:</row>{_ROW_END})?|/>{_ROW_END})"
)
_FORMULA = r'<f(?:>[^<]*</f>|(?: [a-z]+="[A-Za-z0-9:$]*")++(?:/>|>[^<]*</f>))'
_NUMBER = r"-?[0-9]{1,17}(?:\.[0-9]{1,20})?(?:E[-+]?[0-9]{1,2})?"
_VALUE = rf"(?:<v>((?(3)(?!\s)[^<&\r]*(?<!\s)|(?:{_NUMBER})?))</v>|(?(3)(?!)))"
_CELLS = expression(
    r'<c r="([A-Z][1-9][0-9]{0,2})"(?: s="([0-9]{1,5})")?'
    rf'(?:/>|(?: t="(?:(s|str|b|e)|n)")?>(?:{_FORMULA})?{_VALUE}</c>)(?:</row>{_ROW_END})?'
    rf"|{_ROW}|(.+)",
    re.DOTALL,
)
"""A cell with its format, kind and value, or a row with its format; at last all that is neither."""
_MERGED = b"<mergeCells"
_AREAS = expression(
    rb'<mergeCells(?: count="[0-9]+")?>(?:<mergeCell ref="[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}"/>)*+'
    rb"</mergeCells>"
)
_ODD_BEHIND = expression(rb"<!|:mergeCell")
_OTHERS: dict[str, dict[str, Any]] = {
    "b": {"0": False, "1": True},
    "e": dict.fromkeys(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"), ""),
}


class _Spots(dict[str, Spot]):
    """Where cells are by their addresses, of which a plain sheet has at most 26 × 999."""

    def __missing__(self, address: str) -> Spot:
        self[address] = found = spot(address)
        return found


_SPOTS = _Spots()


@dataclass(frozen=True, slots=True)
class Scanned:
    """The cells of a plainly written sheet: what each holds that holds something.

    ``styles`` are the formats that cells and rows name, ``uses`` is how many cells have a shared text.
    """

    cells: Mapping[Spot, Any]
    styles: frozenset[str]
    uses: int

    def grid(self) -> Grid:
        """Return the sheet as rows of values, as python-calamine gives them."""
        height, width = max(self.cells, default=(-1,))[0] + 1, max(map(_COLUMN, self.cells), default=-1) + 1
        grid: Grid = [[""] * width for _ in range(height)]
        for (row, column), value in self.cells.items():
            grid[row][column] = value
        return grid


_COLUMN = itemgetter(1)


def scan(xml: bytes, texts: Mapping[str, str], numbers: frozenset[str]) -> Scanned | None:
    """Return the cells of a sheet if it is plainly written and python-calamine would read the same.

    Args:
        xml: the sheet.
        texts: the shared texts by their numbers; a ``LookupError`` or ``ValueError`` of those that are not there.
        numbers: the formats that leave a number a number.
    """
    end, begin = xml.find(END), xml.find(_START) + len(_START)
    if not len(_START) <= begin <= end or not _is_plain_around(xml, begin, end):
        return None
    try:
        cells = xml[begin:end].decode()
    except UnicodeDecodeError:
        return None
    if not cells.startswith("<row ") or any(odd in cells for odd in _ODD) or _ENTITY.search(cells):
        return None
    found = _CELLS.findall(cells)
    if found[-1][-1]:
        return None
    return _taken([*zip(*found, strict=True)], texts, numbers)


def _is_plain_around(xml: bytes, begin: int, end: int) -> bool:
    """Say whether a sheet is plainly written before its cells, and well behind them as far as its merged cells go.

    So far python-calamine reads. What stands there is the same in most workbooks of one make.
    """
    merged = xml.find(_MERGED, end)
    if merged >= 0 and not _AREAS.match(xml, merged):
        return False
    head, behind = xml[:begin], xml[end + len(END) : merged if merged >= 0 else None]
    if len(head) + len(behind) > _CACHED:
        return _is_plain_head(head) and _is_sound(behind, whole=merged < 0)
    return _is_kept_head(head) and _is_kept_sound(behind, whole=merged < 0)


_CACHED = 10_000  # bytes around cells that are worth keeping


def _is_plain_head(head: bytes) -> bool:
    try:
        text = head.decode()
    except UnicodeDecodeError:
        return False
    return may_be_plain(head, len(head), 0) and bool(_HEAD.fullmatch(text)) and _has_extent(text)


def _is_sound(behind: bytes, *, whole: bool) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(b"<worksheet>" + behind + (b"" if whole else _MERGED + b"/>"), whole)
    except expat.ExpatError:
        return False
    return not _ODD_BEHIND.search(behind)


_is_kept_head, _is_kept_sound = lru_cache(maxsize=64)(_is_plain_head), lru_cache(maxsize=64)(_is_sound)


def _has_extent(head: str) -> bool:
    """Say whether the extent that a sheet states, if any, goes from its first cell to its last."""
    at = head.find(_EXTENT)
    if at < 0:
        return True
    match = _EXTENT_FROM.match(head, at)
    if not match or head.find(_EXTENT, match.end()) >= 0:
        return False
    first, top, last, bottom = match.groups()
    return last is None or ((len(first), first) <= (len(last), last) and int(top) <= int(bottom))


def _taken(found: Sequence[tuple[str, ...]], texts: Mapping[str, str], numbers: frozenset[str]) -> Scanned | None:
    """Take the values of what was found, which comes as columns; ``None`` where one stands twice, or is odd."""
    addresses, styles, kinds, values, rows, of_rows, _ = found
    if len({*addresses, *rows} - {""}) < len(addresses):
        return None
    cells: dict[Spot, Any] = {}
    of_numbers: set[str] = set()
    try:
        for address, style, kind, value in zip(addresses, styles, kinds, values, strict=True):
            if kind == "s":
                cells[_SPOTS[address]] = texts[value]
            elif kind == "str" and _ESCAPED not in value:
                cells[_SPOTS[address]] = value
            elif kind:  # a text with escaped signs is none of them
                cells[_SPOTS[address]] = _OTHERS[kind][value]
            elif value:
                of_numbers.add(style)
                cells[_SPOTS[address]] = float(value)
    except (LookupError, ValueError):
        return None
    return Scanned(cells, frozenset((*styles, *of_rows)), kinds.count("s")) if of_numbers <= numbers else None
