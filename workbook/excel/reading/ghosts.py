"""Leaves out of a large sheet what is empty in it: rows and cells that have nothing but a format.

A border that is drawn down a column, or a colour given to two hundred thousand rows, makes as many cells. What is left
out is recognised with certainty: elements that have a number, hold nothing, and stand in ascending order. An attribute
that holds what looks like the end of its element takes a start tag without its end: no parser reads that.
"""

from __future__ import annotations

import re
from itertools import chain
from operator import ge
from typing import TYPE_CHECKING

from workbook.expression import expression

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_ROW = 4 * 2**20
"""Bytes in which a row must end; one that fills all columns has some four hundred thousand."""

_BEFORE = b"\xef\xbb\xbf \t\r\n"
"""What may stand before markup."""

_P = rb"(?:[A-Za-z][\w.-]*:)?"
_NOTHING = rb"(?:<%sv\s*(?:/>|></%sv>)|<%sis>\s*<%st[^<>]*(?:/>|></%st>)\s*</%sis>)\s*" % ((_P,) * 6)
_CELL = rb"<%sc\s[^<>]*(?:/>|>\s*+(?:%s)?</%sc>)\s*" % (_P, _NOTHING, _P)
_ROW = rb"<%srow\s[^<>]*(?:/>|>\s*(?>%s)*+</%srow>)\s*" % (_P, _CELL, _P)

_ROWS, _CELLS = expression(rb"(?>%s){2,}+" % _ROW), expression(rb"(?>%s){3,}+" % _CELL)
_ROW_NUMBER = expression(rb"""<%srow\s(?:[^<>]*?\s)?r\s*=\s*["']([0-9]{1,7})["']""" % _P)
_COLUMN = expression(rb"""<%sc\s(?:[^<>]*?\s)?r\s*=\s*["']([A-Z]{1,3})[0-9]""" % _P)
_ROW_START, _CELL_START = expression(rb"<%srow\s" % _P), expression(rb"<%sc\s" % _P)


def without_ghosts(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the markup of a sheet in pieces, without what is empty in it; anything else as it is."""
    rest = next(pieces, b"")
    if not rest.lstrip(_BEFORE).startswith(b"<"):  # a picture
        yield from chain((rest,), pieces)
        return
    for piece in chain((b"",), pieces):
        rest += piece
        cut = max(rest.rfind(b"row>"), rest.rfind(b"/><row")) if len(rest) < _LONGEST_ROW else len(rest)
        cut = rest.find(b">", cut) + 1 if 0 <= cut < len(rest) else max(cut, 0)
        yield _thinned(rest[:cut])
        rest = rest[cut:]
    yield _thinned(rest)


def _thinned(markup: bytes) -> bytes:
    return _CELLS.sub(_outer_cells, _ROWS.sub(_last_row, markup))


def _last_row(run: re.Match[bytes]) -> bytes:
    """Return the last of several empty rows, from which those go on counting that have no number."""
    numbers = list(map(int, _ROW_NUMBER.findall(run[0])))
    starts = [start.start() for start in _ROW_START.finditer(run[0])]
    if len(numbers) < len(starts) or any(map(ge, numbers, numbers[1:])):
        return run[0]
    return run[0][starts[-1] :]


def _outer_cells(run: re.Match[bytes]) -> bytes:
    """Return the first and the last of several empty cells."""
    columns = [(len(letters), letters) for letters in _COLUMN.findall(run[0])]
    starts = [start.start() for start in _CELL_START.finditer(run[0])]
    if len(columns) < len(starts) or any(map(ge, columns, columns[1:])):
        return run[0]
    return run[0][: starts[1]] + run[0][starts[-1] :]
