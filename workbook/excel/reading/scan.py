"""Takes the cells of a plainly written sheet in the scan that vets them.

The expression that says what is plain is the one that finds the cells, and it has to find the sheet without a gap: so
nothing is read that was not vetted. What it takes is what python-calamine would, and less than that is left to it: a
sheet with anything rarer, such as texts of its own among the cells, or dates, is vetted first and read by it then.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import lru_cache
from operator import add, itemgetter, lt
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from workbook.excel.address import Spot, spot
from workbook.excel.reading.markup import END, may_be_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.excel.reading.grid import Grid

_DECLARATION = r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*)?'
_ATTRIBUTES = r'(?: [A-Za-z0-9:.]+="[^"<>&]*")*+'
_ENTITY = re.compile("&(?!(?:amp|lt|gt|quot|apos);)")
"""Any but the five that XML has."""
_ODD_ENTITY = re.compile(
    "&(?!(?:amp|lt|gt|quot|apos|#(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}"
    "|65(?:0[1-9][0-9]|[1-4][0-9]{2}|5[0-2][0-9])));)"
)
"""Any but those, and numbers of letters and signs that HTML, too, takes for just those."""

# ---- texts that cells share -----------------------------------------------------------------------------------------

_TEXTS = re.compile(
    rf'{_DECLARATION}<sst xmlns="[^"<>&]*"(?: count="[0-9]{{1,7}}")?(?: uniqueCount="[0-9]{{1,7}}")?>(?=<)'
)
_TEXTS_END = "</si></sst>"
_BETWEEN, _AT_ENDS = "</si><si>", ("</t></si><si><t>", '</t></si><si><t xml:space="preserve">')
_T = r'<t(?: xml:space="preserve")?>[^<\r]*</t>'
_RUN = rf"<r>(?:<rPr>(?:<[A-Za-z]+{_ATTRIBUTES}/>)*+</rPr>)?+{_T}</r>"
_ITEM = rf"<si>(?:{_T}|<t/>|(?:{_RUN})++)(?:<phoneticPr{_ATTRIBUTES}/>)?+"
_ITEMS = re.compile(rf"{_ITEM}(?:</si>{_ITEM})*+")
_PIECE = re.compile(r'<t(| xml:space="preserve")>([^<]*)</t>')
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
        self[number] = found = html.unescape(found) if "&" in found else found
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
_HEAD = re.compile(
    rf"{_DECLARATION}<worksheet{_A}>"
    rf"(?:<sheetPr{_A}(?:/>|>(?:<(?:tabColor|outlinePr|pageSetUpPr){_A}/>)*+</sheetPr>))?+(?:<dimension{_A}/>)?+"
    rf"(?:<sheetViews>(?:<sheetView{_A}(?:/>|>(?:<(?:pane|selection){_A}/>)*+</sheetView>))*+</sheetViews>)?+"
    rf"(?:<sheetFormatPr{_A}/>)?+(?:<cols>(?:<col{_A}/>)*+</cols>)?+<sheetData>"
)
_EXTENT = "<dimension"
_EXTENT_FROM = re.compile(r'<dimension ref="([A-Z]{1,3})([1-9][0-9]{0,6})(?::([A-Z]{1,3})([1-9][0-9]{0,6}))?"/>')
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
_OWN = r'<is><t((?:| xml:space="preserve")>[^<>\r]*)</t></is>'
_CELLS = re.compile(
    r'<c r="([A-Z][1-9][0-9]{0,2})"(?: s="([0-9]{1,5})")?(?:/>'
    r'|(?: t="(?:(s|str|b|e|inlineStr)|n)"(?(2)|(?: s="([0-9]{1,5})")?))?'
    rf">(?:{_OWN}|(?:{_FORMULA})?{_VALUE})</c>)(?:</row>{_ROW_END})?"
    rf"|{_ROW}|(.+)",
    re.DOTALL,
)
"""A cell with its format, kind, the format once more where it stands behind the kind, what openpyxl writes of a text of
the cell's own with what says whether its blanks count, and the value; or a row with its format; at last all that is
neither."""
_MERGED = b"<mergeCells"
_AREAS = re.compile(
    rb'<mergeCells(?: count="[0-9]+")?>(?:<mergeCell ref="[A-Z]{1,3}[1-9][0-9]{0,6}:[A-Z]{1,3}[1-9][0-9]{0,6}"/>)*+'
    rb"</mergeCells>"
)
_ODD_BEHIND = re.compile(rb"<!|:mergeCell")
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
    if not cells.startswith("<row ") or any(odd in cells for odd in _ODD) or _ODD_ENTITY.search(cells):
        return None
    found = _CELLS.findall(cells)
    if found[-1][-1]:
        return None
    columns = [*zip(*found, strict=True)]
    if any(columns[_OWN_AT]) and not _is_sound_with_own(xml, columns):
        return None
    return _taken(columns, texts, numbers)


_OWN_AT = 4  # where a text of its own is among what is found of a cell


def _is_sound_with_own(xml: bytes, columns: Sequence[tuple[str, ...]]) -> bool:
    """Say whether a sheet with texts of its own would be vetted: it is well formed, its cells stand in their order."""
    addresses, _, kinds, _, own, _, rows, *_ = columns
    places = [_SPOTS[address] if address else (int(row) - 1, -1) for address, row in zip(addresses, rows, strict=True)]
    are_texts = all(kind == "inlineStr" for kind, text in zip(kinds, own, strict=True) if text)
    return are_texts and all(map(lt, places, places[1:])) and _is_well_formed(xml)


def _is_well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8", namespace_separator=" ").Parse(xml, True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True


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
    addresses, styles, kinds, behind, own, values, rows, of_rows, _ = found
    if len({*addresses, *rows} - {""}) < len(addresses):
        return None
    styles = tuple(map(add, styles, behind)) if any(behind) else styles
    cells: dict[Spot, Any] = {}
    of_numbers: set[str] = set()
    try:
        for address, style, kind, value, text in zip(addresses, styles, kinds, values, own, strict=True):
            if kind == "s":
                cells[_SPOTS[address]] = texts[value]
            elif kind == "str" and _ESCAPED not in value:
                cells[_SPOTS[address]] = value
            elif kind == "inlineStr" and text:
                cells[_SPOTS[address]] = (_kept_own if len(text) < _SHORT else _own)(text)
            elif kind:  # a text with escaped signs is none of them
                cells[_SPOTS[address]] = _OTHERS[kind][value]
            elif value:
                of_numbers.add(style)
                cells[_SPOTS[address]] = float(value)
    except (LookupError, ValueError):
        return None
    sure = of_numbers <= numbers and not (any(own) and "" in cells.values())
    return Scanned(cells, frozenset((*styles, *of_rows)), kinds.count("s")) if sure else None


def _own(written: str) -> str:
    """Return a text of a cell's own, of which also is said whether its blanks count.

    Raises:
        LookupError: it has escaped signs, or blanks at its ends of which readers differ whether they count.
    """
    spaced, _, text = written.partition(">")
    if _ESCAPED in text or (not spaced and text.strip(_BLANKS) != text):
        raise LookupError(text)
    return html.unescape(text) if "&" in text else text


_SHORT = 500  # characters of a text, as it is written, that is worth keeping: the labels of most workbooks are alike
_kept_own = lru_cache(maxsize=2048)(_own)
