"""What python-calamine does not tell of a sheet: formulas without results, and errors. It reads both as blank.

Looked up only where a number cell reads blank.
"""

from __future__ import annotations

import html
import re

from workbook.excel.address import a1, column

_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]+)</v>")


def unseen(xml: bytes) -> dict[str, str]:
    """Return by address what reads as blank on a plainly written sheet and is not.

    That is ``=formula`` without a result, or an error such as ``#N/A``.
    """
    found: dict[str, str] = {}
    for address, attributes, content in _CELL.findall(xml):
        formula, value = _FORMULA.search(content), _VALUE.search(content)
        if b't="e"' in attributes and value:
            found[address.decode()] = value[1].decode("utf-8", "replace")
        elif formula and not value and b't="str"' not in attributes:
            found[address.decode()] = "=" + html.unescape((formula[1] or b"").decode("utf-8", "replace"))
    return found


_SUMS = re.compile(
    r'=(?:IF\(COUNT\(([A-Z0-9:,]+)\)=0,"",SUM\(\1\)\)|SUM\(([A-Z0-9:,]+)\)|([A-Z]+[0-9]+(?:\+[A-Z]+[0-9]+)*))'
)
_AREA = re.compile(r"([A-Z]{1,3})([0-9]{1,4})(?::([A-Z]{1,3})([0-9]{1,4}))?")


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
