"""What python-calamine does not tell of a sheet: formulas without results, and errors. It reads both as blank.

Looked up only where a number cell reads blank.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbook.excel.package import Package

_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]+)</v>")


def unseen(package: Package, sheet: str) -> dict[str, str]:
    """Return by address what reads as blank and is not: ``=formula`` without a result, or an error such as ``#N/A``."""
    found: dict[str, str] = {}
    for address, attributes, content in _CELL.findall(package.xml(sheet)):
        formula, value = _FORMULA.search(content), _VALUE.search(content)
        if b't="e"' in attributes and value:
            found[address.decode()] = value[1].decode("utf-8", "replace")
        elif formula and not value and b't="str"' not in attributes:
            found[address.decode()] = "=" + html.unescape((formula[1] or b"").decode("utf-8", "replace"))
    return found
