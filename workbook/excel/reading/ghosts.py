"""Leaves out of a large sheet what is empty in it: rows and cells that have nothing but a format.

A border that is drawn down a column, or a colour given to two hundred thousand rows, makes as many cells. What is left
out is recognised with certainty: elements that begin with their number, have no content, and stand in ascending order.
An attribute that holds what looks like the end of its element takes a start tag without its end: no parser reads that.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_ROW = 4 * 2**20
"""Bytes in which a row must end; one that fills all columns has some four hundred thousand."""

_P = rb"(?:[A-Za-z][\w.-]*:)?"
_TAG_END = rb"[^<>]*(?:/>|>\s*+(?:<" + _P + rb"v\s*(?:/>|></" + _P + rb"v>)\s*)?</" + _P + rb"c>)\s*"
_CELL = rb'<%sc r="' % _P + _TAG_END
_ROW = rb'<%srow r="[^<>]*(?:/>|>\s*(?><%sc ' % (_P, _P) + _TAG_END + rb")*+</%srow>)\s*" % _P

_ROWS, _CELLS = re.compile(rb"(?>" + _ROW + rb"){2,}+"), re.compile(rb"(?>" + _CELL + rb"){3,}+")
_ROW_NUMBER, _ADDRESS = re.compile(rb'<(%s)row r="([0-9]{1,7})"' % _P), re.compile(rb'<%sc r="([A-Z]{1,3})[0-9]' % _P)
_ONE_CELL = re.compile(_CELL)


def without_ghosts(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the markup of a sheet in pieces, without what is empty in it; anything else as it is."""
    rest = b""
    for piece in pieces:
        rest += piece
        cut = max(rest.rfind(b"row>"), rest.rfind(b"/><row")) if len(rest) < _LONGEST_ROW else len(rest)
        cut = rest.find(b">", cut) + 1 if 0 <= cut < len(rest) else max(cut, 0)
        yield _thinned(rest[:cut])
        rest = rest[cut:]
    yield _thinned(rest)


def _thinned(markup: bytes) -> bytes:
    return _CELLS.sub(_ends, _ROWS.sub(_last, markup))


def _last(run: re.Match[bytes]) -> bytes:
    """Return the last of several empty rows, from which those go on counting that have no number."""
    found = _ROW_NUMBER.findall(run[0])
    numbers = [int(number) for _, number in found]
    if any(one >= other for one, other in pairwise(numbers)):
        return run[0]
    return b'<%srow r="%d"/>' % (found[-1][0], numbers[-1])


def _ends(run: re.Match[bytes]) -> bytes:
    """Return the first and the last of several empty cells."""
    columns = [(len(letters), letters) for letters in _ADDRESS.findall(run[0])]
    if any(one >= other for one, other in pairwise(columns)):
        return run[0]
    cells = _ONE_CELL.findall(run[0])
    return bytes(cells[0] + cells[-1])
