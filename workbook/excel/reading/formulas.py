"""What python-calamine does not tell of a sheet: formulas without results, and errors. It reads both as blank.

Looked up only where a number cell reads blank.
"""

from __future__ import annotations

import re

from workbook.excel.address import Spot, a1, column, spot
from workbook.excel.reading.markup import without_entities
from workbook.expression import expression

_CELL = expression(rb'<c r="([A-Z]+[0-9]+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_FORMULA = expression(rb"<f(\s[^>]*)?(?:/>|>([^<]*)</f>)")
_GROUP = expression(rb' si="([0-9]+)"')
_VALUE = expression(rb"<v>([^<]+)</v>")


def unseen(xml: bytes) -> dict[str, str]:
    """Return by address what reads as blank on a plainly written sheet and is not.

    That is ``=formula`` without a result, or an error such as ``#N/A``.
    """
    found: dict[str, str] = {}
    shared: dict[bytes, tuple[Spot, str]] = {}
    for at, attributes, content in _CELL.findall(xml):
        address, formula, value = at.decode(), _FORMULA.search(content), _VALUE.search(content)
        if formula:
            text = without_entities((formula[2] or b"").decode("utf-8", "replace"))
            group = _GROUP.search(formula[1] or b"")
            if group:
                place = spot(address)
                home, text = shared.setdefault(group[1], (place, text))
                text = moved(text, place[0] - home[0], place[1] - home[1])
        if b't="e"' in attributes and value:
            found[address] = value[1].decode("utf-8", "replace")
        elif formula and not value and b't="str"' not in attributes:
            found[address] = f"={text}"
    return found


# Texts and names of sheets are passed over; a name with digits is no address, nor is one that is followed by a bracket.
_REFERENCE = expression(r""""[^"]*"|'[^']*'|(?<![\w.$])(\$?)([A-Z]{1,3})(\$?)([0-9]{1,7})(?![\w.(!])""")


def moved(formula: str, down: int, across: int) -> str:
    """Return a formula as it stands in another cell: what it takes from cells beside it moves with it.

    >>> moved('SUM(D6:I6)+$D$6+"A1"', 1, 0)
    'SUM(D7:I7)+$D$6+"A1"'
    """
    return _REFERENCE.sub(lambda match: _shifted(match, down, across), formula) if down or across else formula


def _shifted(match: re.Match[str], down: int, across: int) -> str:
    if not match[4]:
        return match[0]
    letters, digits = column(match[2]) + across * (not match[1]), int(match[4]) + down * (not match[3])
    if letters < 0 or digits < 1:
        return "#REF!"
    return f"{match[1]}{a1(0, letters)[:-1]}{match[3]}{digits}"


_SUMS = expression(
    r'=(?:IF\(COUNT\(([A-Z0-9:,]+)\)=0,"",SUM\(\1\)\)|SUM\(([A-Z0-9:,]+)\)|([A-Z]+[0-9]+(?:\+[A-Z]+[0-9]+)*))'
)
_AREA = expression(r"([A-Z]{1,3})([0-9]{1,4})(?::([A-Z]{1,3})([0-9]{1,4}))?")


def summed(formula: str) -> set[str]:
    """Return the cells that a formula adds up; nothing for a formula that does anything else.

    >>> sorted(summed("=SUM(D6:E6,G6)")), summed("=D6*2")
    (['D6', 'E6', 'G6'], set())
    """
    match = _SUMS.fullmatch(formula.replace("$", "").replace(" ", "").upper())
    cells: set[str] = set()
    for part in re.split("[,+]", next(filter(None, match.groups()), "")) if match else ():
        area = _AREA.fullmatch(part)
        if not area:
            return set()
        left, top, right, bottom = area.groups()
        across = range(column(left), column(right or left) + 1)
        cells |= {a1(row - 1, place) for row in range(int(top), int(bottom or top) + 1) for place in across}
    return cells
