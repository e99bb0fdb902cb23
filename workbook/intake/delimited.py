"""What separates the values of a text that is a table, as spreadsheets write one: commas, semicolons or TABs."""

from __future__ import annotations

import re

from workbook.expression import expression

_LEAST = 5
"""Rows from which on a text is a table."""
_MANY = 20
"""Rows from which on a text is a table however many lines of prose, which have one value, stand around it."""
_LOOKED_AT = 400
"""Rows that are looked at."""
_FIELDS = 3
_FIGURE = expression(r"\s*-?[0-9][0-9.,%]*\s*")
_QUOTED = expression(r'(?:^|\t)"[^"]*[\t\n]', re.MULTILINE)
"""A field in quotes that holds a TAB or a line feed: without those, TABs alone tell the cells."""


def delimiter(text: str) -> str | None:
    r"""Return what separates the values of a text, ``None`` where it is not such a table.

    At least half of its rows, and no fewer than five, have three values or more, and some of those are figures: so
    commas of sentences make no table. Where very many have, rows of one value are not counted.

    >>> delimiter("a,b,c\n" + "x,1,2\n" * 5), delimiter("One, two, three.\n" * 9)
    (',', None)
    """
    found = {mark: _rows(text, mark) for mark in (",", ";", *("\t" if _QUOTED.search(text) else ""))}
    best = max(found, key=found.__getitem__)
    return best if found[best] else None


def _rows(text: str, mark: str) -> int:
    """Return how many rows have several values, 0 where that does not make a table."""
    if text.count(mark) < _LEAST * (_FIELDS - 1):
        return 0
    import csv  # few files are looked at so far

    rows = alone = wide = figures = 0
    try:
        for row in csv.reader(text.split("\n"), delimiter=mark):
            rows += any(field.strip() for field in row)
            alone += len(row) == 1
            wide += len(row) >= _FIELDS and any(field.strip() for field in row)
            figures += len(row) >= _FIELDS and any(map(_FIGURE.fullmatch, row))
            if rows >= _LOOKED_AT:
                break
    except csv.Error:
        return 0
    counted = rows - alone if wide >= _MANY else rows
    return wide if wide >= _LEAST and wide * 2 >= counted and figures * 4 >= wide else 0
