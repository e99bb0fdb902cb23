"""What marked cells were before, as a marked copy remembers it: when it is marked again, marks out of date go."""

from __future__ import annotations

import base64
import binascii
import re
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.excel.reading.grid import Grid
    from workbook.report import Place

_COLUMNS = 6
_ADDRESS, _COLOUR = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}"), re.compile("[0-9A-F]{6}")


class Before(NamedTuple):
    """The fill of a cell without its mark, as markup; the colour and the words that it was given."""

    fill: str
    tint: str
    text: str


def remembered(grid: Grid) -> Iterator[tuple[tuple[str, str], Before]]:
    """Yield what a copy remembers, by sheets and addresses; rows that say something else are passed over."""
    for row in grid:
        if len(row) < _COLUMNS or not all(isinstance(value, str) for value in row):
            continue
        _, sheet, address, packed, tint, text = row[:_COLUMNS]
        fill = _fill(packed)
        if fill and _ADDRESS.fullmatch(address) and _COLOUR.fullmatch(tint):
            yield (sheet, address), Before(fill, tint, text)


def _fill(packed: str) -> str:
    """Return a fill as markup; nothing if it is none."""
    try:
        fill = base64.b64decode(packed, validate=True)
        expat.ParserCreate("utf-8").Parse(fill, True)  # noqa: FBT003
    except (binascii.Error, expat.ExpatError, ValueError):
        return ""
    return fill.decode() if fill.startswith(b"<fill>") else ""


def rows_to_remember(digests: Sequence[str], cells: Mapping[Place, Before]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the sheet that remembers: digests of what was marked, and beside them the cells.

    A fill is packed, for markup within markup would keep the sheet from being read the quick way.
    """
    kept = (
        (place.sheet, place.address, base64.b64encode(was.fill.encode()).decode(), was.tint, was.text)
        for place, was in cells.items()
    )
    for digest, cell in zip_longest(digests, kept):
        yield (digest or "", *(cell or ()))
