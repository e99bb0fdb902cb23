"""Takes the cells of a plainly written sheet in the scan that vets them.

The expression that says what is plain is the one that finds the cells, and it has to find the sheet without a gap: so
nothing is read that was not vetted. What it takes is what python-calamine would, and less than that is left to it: a
sheet with anything rarer, such as texts of its own among the cells, or dates, is vetted first and read by it then.

Values are taken out first. What is left, the cells with their places, formats and formulas, is the same in the sheets
of most workbooks of one make, and what was found in it is kept.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import compress
from operator import add, itemgetter, lt
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from workbook.excel.address import Spot
from workbook.excel.address import spot as spot_of
from workbook.excel.reading.markup import END, MAIN, may_be_plain, without_entities
from workbook.expression import expression
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from workbook.excel.reading.grid import Grid

_DECLARATION = r'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*)?'
_ATTRIBUTES = r'(?: [A-Za-z0-9:.]+="[^"<>&]*")*+'
_ENTITY = expression("&(?!(?:amp|lt|gt|quot|apos);)")
"""Any but the five that XML has."""
_ODD_ENTITY = expression(
    "&(?!(?:amp|lt|gt|quot|apos|#(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}"
    "|65(?:0[1-9][0-9]|[1-4][0-9]{2}|5[0-2][0-9])));)"
)
"""Any but those, and numbers of letters and signs that HTML, too, takes for just those."""

# ---- texts that cells share -----------------------------------------------------------------------------------------

_TEXTS = expression(
    rf'{_DECLARATION}<sst xmlns="[^"<>&]*"(?: count="[0-9]{{1,7}}")?(?: uniqueCount="[0-9]{{1,7}}")?>(?=<)'
)
_TEXTS_END = "</si></sst>"
_BETWEEN, _BETWEEN_TEXTS = "</si><si>", "</t></si><si><t"
_TEXT, _SPACED = ">", ' xml:space="preserve">'
"""How the tag of a text may go on."""
_FIRST, _LAST = "<si><t", "</t>"
_FIRSTS, _AT_ENDS = ((f"{begin}{_TEXT}", f"{begin}{_SPACED}") for begin in (_FIRST, _BETWEEN_TEXTS))
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

    def __init__(self, items: Sequence[str], *, simple: bool = False) -> None:
        """Keep the markup of the texts in their order; of ``simple`` ones what stands between ``<t`` and ``<``."""
        super().__init__()
        self._items, self._simple = items, simple

    def __missing__(self, number: str) -> str:
        """Make a text."""
        index = int(number)
        if index < 0 or str(index) != number:
            raise LookupError(number)
        item = self._items[index]
        if self._simple:
            found = item[1:].strip(_BLANKS) if item[0] == _TEXT else item[len(_SPACED) :]
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
    if not begin or not text.endswith(_TEXTS_END) or _ENTITY.search(text):
        return None
    items = text[begin.end() : -len(_TEXTS_END)]
    simple = _simple(items)
    if simple:
        return SharedTexts(simple, simple=True)
    return SharedTexts(items[4:].split(_BETWEEN)) if _PREFIX not in text and _ITEMS.fullmatch(items) else None


def _simple(items: str) -> list[str]:
    """Return items that have a text each and nothing else, without their tags; none if some have anything else."""
    between = sum(map(items.count, _AT_ENDS))
    if items.count("<") != 4 * between + 3 or not items.startswith(_FIRSTS) or not items.endswith(_LAST):
        return []
    return items[len(_FIRST) : -len(_LAST)].split(_BETWEEN_TEXTS) if "\r" not in items else []


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
_VALUES, _NO_VALUE = expression("<v>([^<]*)</v>"), "<v></v>"
_OWN, _NO_OWN = expression(r'<is><t((?:| xml:space="preserve")>[^<>\r]*)</t></is>'), "<is></is>"
"""A text of a cell's own as openpyxl writes it, and what says whether its blanks count."""
_CELLS = expression(
    r'<c r="([A-Z][1-9][0-9]{0,2})"(?: s="([0-9]{1,5})")?(?:/>'
    r'|(?: t="(?:(s|str|b|e|inlineStr)|n)"(?(2)|(?: s="([0-9]{1,5})")?))?'
    rf">(?:({_NO_OWN})|(?:{_FORMULA})?(?:({_NO_VALUE})|(?(3)(?!))))</c>)(?:</row>{_ROW_END})?"
    rf"|{_ROW}|(.+)",
    re.DOTALL,
)
"""A cell with its format, kind, the format once more where it stands behind the kind, whether it has a text of its own,
and whether a value; or a row with its format; at last what is neither."""
_NUMBER = r"(?:-?[0-9]{1,17}(?:\.[0-9]{1,20})?(?:E[-+]?[0-9]{1,2})?)?"
_NUMBERS = expression(rf"{_NUMBER}(?:<{_NUMBER})*+")
_ODD_TEXT = expression(r"(?:\A|<)\s|[&\r]|_x|WEBSERVICE|\s(?:<|\Z)")
"""What is in texts that are not taken as they stand: blanks around them, entities, line ends, escaped signs, and what
looks like a formula that leads to another file."""
_HAS_OWN = "<is>"
_USUAL_ROOT = expression(_DECLARATION.encode() + b'<worksheet xmlns="' + MAIN[0].encode() + b'"')
_CELLS_BEHIND = expression(rb"<(?:[^<>\s]*:)?(?:c|row|v)[\s/>]")
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
        self[address] = found = spot_of(address)
        return found


_SPOTS = _Spots()


@dataclass(frozen=True, slots=True)
class _Layout:
    """The cells of a sheet that have a value, in the order of the values, and how high and wide they are together.

    ``numbers``, ``shared`` and ``texts`` are the cells of numbers, shared texts and texts of formulas, behind what
    picks their values; of the ``others`` each comes with its kind and with which value is its own. ``styles`` are the
    formats that cells and rows name, ``of_numbers`` those of cells that hold numbers; ``owns`` are the cells with texts
    of their own.
    """

    numbers: tuple[Sequence[bool], Sequence[Spot]]
    shared: tuple[Sequence[bool], Sequence[Spot]]
    texts: tuple[Sequence[bool], Sequence[Spot]]
    others: Sequence[tuple[Spot, str, int]]
    owns: Sequence[Spot]
    styles: frozenset[str]
    of_numbers: frozenset[str]
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Scanned:
    """The cells of a plainly written sheet: what each holds that holds something, and how high and wide it is.

    ``styles`` are the formats that cells and rows name, ``uses`` is how many cells have a shared text, and ``owned``
    says whether some have one of their own.
    """

    cells: Mapping[Spot, Any]
    size: tuple[int, int]
    styles: frozenset[str]
    uses: int
    owned: bool

    def grid(self) -> Grid:
        """Return the sheet as rows of values, as python-calamine gives them."""
        height, width = self.size
        grid: Grid = [[""] * width for _ in range(height)]
        for (row, column), value in self.cells.items():
            grid[row][column] = value
        return grid


def _size(spots: Collection[Spot]) -> tuple[int, int]:
    return max(spots, default=(-1,))[0] + 1, max(map(_COLUMN, spots), default=-1) + 1


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
    left, own = _without(_OWN, _NO_OWN, cells) if _HAS_OWN in cells else (cells, [])
    left, values = _without(_VALUES, _NO_VALUE, left)
    layout = _kept_layout(left) if len(left) < _CACHED_CELLS else _layout(left)
    if layout is None or not layout.of_numbers <= numbers or (own and not _is_vetted(xml, end, left)):
        return None
    return _filled(layout, values, texts, own)


def _without(pattern: re.Pattern[str], left: str, cells: str) -> tuple[str, list[str]]:
    """Return cells with something else in place of what a pattern takes out, and what that was."""
    pieces = pattern.split(cells)
    return left.join(pieces[::2]), pieces[1::2]


def _is_vetted(xml: bytes, end: int, left: str) -> bool:
    """Say whether a sheet with texts of its own, whose cells are ``left`` without them, would be vetted as it is."""
    if not _USUAL_ROOT.match(xml) or _CELLS_BEHIND.search(xml, end) or "\r" in left or _ESCAPED in left:
        return False
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
_CACHED_CELLS = 40_000  # letters of cells without their values that are


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


def _layout(cells: str) -> _Layout | None:
    """Return what stands where in cells without their values; ``None`` if they are not plainly written."""
    if not cells.startswith("<row ") or any(odd in cells for odd in _ODD) or _ODD_ENTITY.search(cells):
        return None
    found = _CELLS.findall(cells)
    if found[-1][-1]:
        return None
    addresses, styles, kinds, behind, owned, valued, rows, of_rows, _ = zip(*found, strict=True)
    if len({*addresses, *rows} - {""}) < len(addresses):
        return None  # one stands twice
    owns = [*map(_SPOTS.__getitem__, compress(addresses, owned))]
    if owns and not _are_in_order(addresses, rows):
        return None
    if [*compress(kinds, owned)] != ["inlineStr"] * kinds.count("inlineStr"):
        return None
    if any(behind):
        styles = tuple(map(add, styles, behind))
    spots, known = [*map(_SPOTS.__getitem__, compress(addresses, valued))], [*compress(kinds, valued)]
    numeric, shared, said = ([*map(kind.__eq__, known)] for kind in ("", "s", "str"))
    return _Layout(
        numbers=(numeric, [*compress(spots, numeric)]),
        shared=(shared, [*compress(spots, shared)]),
        texts=(said, [*compress(spots, said)]),
        others=[(spots[at], kind, at) for at, kind in enumerate(known) if kind in _OTHERS],
        owns=owns,
        styles=frozenset((*styles, *of_rows)),
        of_numbers=frozenset(compress(compress(styles, valued), numeric)),
        size=_size([*spots, *owns]),
    )


def _are_in_order(addresses: Sequence[str], rows: Sequence[str]) -> bool:
    places = [_SPOTS[address] if address else (int(row) - 1, -1) for address, row in zip(addresses, rows, strict=True)]
    return all(map(lt, places, places[1:]))


_kept_layout = lru_cache(maxsize=64)(_layout)


def _filled(layout: _Layout, values: Sequence[str], texts: Mapping[str, str], owned: Sequence[str]) -> Scanned | None:
    """Put the values into their cells, and the texts of their own; ``None`` where one is not plainly written."""
    (numeric, of_numbers), (shared, of_shared), (said, of_texts) = layout.numbers, layout.shared, layout.texts
    numbers, own = [*compress(values, numeric)], [*compress(values, said)]
    if not _NUMBERS.fullmatch("<".join(numbers)) or _ODD_TEXT.search("<".join(own)):
        return None
    whole = "" not in numbers
    if not whole:  # a cell that is written as one of a number and has none is a blank one
        of_numbers, numbers = [*compress(of_numbers, numbers)], [*filter(None, numbers)]
    try:
        cells: dict[Spot, Any] = dict(zip(of_numbers, map(float, numbers), strict=True))
        cells.update(zip(of_shared, map(texts.__getitem__, compress(values, shared)), strict=True))
        cells.update(zip(of_texts, own, strict=True))
        cells.update(zip(layout.owns, map(_own, owned), strict=True))
        for spot, kind, at in layout.others:
            cells[spot] = _OTHERS[kind][values[at]]
    except (LookupError, ValueError):
        return None
    if owned and "" in cells.values():
        return None
    return Scanned(cells, layout.size if whole else _size(cells), layout.styles, len(of_shared), bool(owned))


def _own(written: str) -> str:
    """Return a text of a cell's own, behind what says whether its blanks count.

    Raises:
        LookupError: it has escaped signs, rare entities, or blanks at its ends, which readers take differently.
    """
    spaced, _, text = written.partition(">")
    if _ESCAPED in text or _ODD_ENTITY.search(text) or (not spaced and text.strip(_BLANKS) != text):
        raise LookupError(text)
    return without_entities(text) if "&" in text else text
