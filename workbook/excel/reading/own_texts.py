"""Takes the cells of a sheet with texts of its own, as openpyxl writes them, in one scan like those of any other.

It takes what is read of such a sheet that is vetted first: it is well formed, and its cells stand in their order.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache
from operator import add, lt
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from workbook.excel.reading.scan import (
    BLANKS,
    ESCAPED,
    FORMULA,
    OTHERS,
    ROW,
    ROW_END,
    SPOTS,
    Scanned,
    size,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.excel.address import Spot

_ODD_ENTITY = re.compile(
    "&(?!(?:amp|lt|gt|quot|apos|#(?:1[6-9][0-9]|[2-9][0-9]{2}|[1-9][0-9]{3}|[1-4][0-9]{4}|5[0-4][0-9]{3}"
    "|65(?:0[1-9][0-9]|[1-4][0-9]{2}|5[0-2][0-9])));)"
)
"""Any but those, and numbers of letters and signs that HTML, too, takes for just those."""
_NUMBER = r"-?[0-9]{1,17}(?:\.[0-9]{1,20})?(?:E[-+]?[0-9]{1,2})?"
_VALUE = rf"(?:<v>((?(3)(?!\s)[^<&\r]*(?<!\s)|(?:{_NUMBER})?))</v>|(?(3)(?!)))"
_OWN = r'<is><t((?:| xml:space="preserve")>[^<>\r]*)</t></is>'
_CELLS = re.compile(
    r'<c r="([A-Z][1-9][0-9]{0,2})"(?: s="([0-9]{1,5})")?(?:/>'
    r'|(?: t="(?:(s|str|b|e|inlineStr)|n)"(?(2)|(?: s="([0-9]{1,5})")?))?'
    rf">(?:{_OWN}|(?:{FORMULA})?{_VALUE})</c>)(?:</row>{ROW_END})?"
    rf"|{ROW}|(.+)",
    re.DOTALL,
)
"""A cell with its format, kind, the format once more where it stands behind the kind, what openpyxl writes of a text of
the cell's own with what says whether its blanks count, and the value; or a row with its format; at last all that is
neither."""


def scan_own(xml: bytes, cells: str, texts: Mapping[str, str], numbers: frozenset[str]) -> Scanned | None:
    """Return the cells of a sheet if they are plainly written; the arguments are those of ``scan``, and the cells."""
    if not cells.startswith("<row ") or _ODD_ENTITY.search(cells):
        return None
    found = _CELLS.findall(cells)
    if found[-1][-1]:
        return None
    columns = [*zip(*found, strict=True)]
    return _taken(columns, texts, numbers) if _is_sound(xml, columns) else None


def _is_sound(xml: bytes, columns: Sequence[tuple[str, ...]]) -> bool:
    """Say whether a sheet with texts of its own would be vetted: it is well formed, its cells stand in their order."""
    addresses, _, kinds, _, own, _, rows, *_ = columns
    places = [SPOTS[address] if address else (int(row) - 1, -1) for address, row in zip(addresses, rows, strict=True)]
    are_texts = all(kind == "inlineStr" for kind, text in zip(kinds, own, strict=True) if text)
    return are_texts and all(map(lt, places, places[1:])) and _is_well_formed(xml)


def _is_well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8", namespace_separator=" ").Parse(xml, True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True


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
                cells[SPOTS[address]] = texts[value]
            elif kind == "str" and ESCAPED not in value:
                cells[SPOTS[address]] = value
            elif kind == "inlineStr" and text:
                cells[SPOTS[address]] = (_kept_own if len(text) < _SHORT else _own)(text)
            elif kind:  # a text with escaped signs is none of them
                cells[SPOTS[address]] = OTHERS[kind][value]
            elif value:
                of_numbers.add(style)
                cells[SPOTS[address]] = float(value)
    except (LookupError, ValueError):
        return None
    sure = of_numbers <= numbers and not (any(own) and "" in cells.values())
    return Scanned(cells, size(cells), frozenset((*styles, *of_rows)), kinds.count("s")) if sure else None


def _own(written: str) -> str:
    """Return a text of a cell's own, of which also is said whether its blanks count.

    Raises:
        LookupError: it has escaped signs, or blanks at its ends of which readers differ whether they count.
    """
    spaced, _, text = written.partition(">")
    if ESCAPED in text or (not spaced and text.strip(BLANKS) != text):
        raise LookupError(text)
    return html.unescape(text) if "&" in text else text


_SHORT = 500  # characters of a text, as it is written, that is worth keeping: the labels of most workbooks are alike
_kept_own = lru_cache(maxsize=2048)(_own)
