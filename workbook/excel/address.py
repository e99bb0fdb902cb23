"""Addresses of cells. Rows and columns count from 0, as in python-calamine and XlsxWriter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.report import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

Spot = tuple[int, int]
"""Row and column of a cell."""


def a1(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> a1(5, 3), a1(0, 27)
    ('D6', 'AB1')
    """
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def column(letters: str) -> int:
    """Return the number of a column.

    >>> column("A"), column("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def spot(address: str) -> Spot:
    """Return row and column of an address; the other way round from ``a1``.

    >>> spot("D6"), spot("AB1")
    ((5, 3), (0, 27))
    """
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, column(letters)


def absolute(sheet: str, row: int, column: int) -> str:
    """Return an absolute reference, such as ``'三、依申请公开'!$D$6``."""
    letters, digits = a1(0, column)[:-1], row + 1
    return f"'{sheet}'!${letters}${digits}"


_REFERENCE = expression(r"=?(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$([1-9][0-9]{0,6})")


def cells_of(names: Iterable[tuple[str, str]]) -> dict[str, Place]:
    """Return the places of the names that stand for one cell.

    >>> cells_of([("a", "'x''y'!$D$6"), ("b", "S!$A$1:$B$2"), ("c", "#REF!")])
    {'a': Place(sheet="x'y", address='D6')}
    """
    found = ((name, _REFERENCE.fullmatch(text)) for name, text in names)
    return {name: Place((at[1] or at[2]).replace("''", "'"), at[3] + at[4]) for name, at in found if at}


def link_target(place: Place) -> str:
    """Return the target of a link within the workbook.

    >>> from workbook.report import Place
    >>> link_target(Place("a'b", "D6"))
    "'a''b'!D6"
    """
    quoted = place.sheet.replace("'", "''")
    return f"'{quoted}'!{place.address}"
