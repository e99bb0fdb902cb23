"""What python-calamine does not tell of a sheet: formulas without results, and errors. It reads both as blank.

Looked up only where a number cell reads blank.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET
from xml.sax.saxutils import unescape

if TYPE_CHECKING:
    from workbook.excel.package import Package

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)(?<!/)>(.*?)</c>', re.DOTALL)
_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>([^<]*)</f>)")
_VALUE = re.compile(rb"<v>([^<]+)</v>")


def unseen(package: Package, sheet: str) -> dict[str, str]:
    """Return by address what reads as blank and is not: ``=formula`` without a result, or an error such as ``#N/A``."""
    found: dict[str, str] = {}
    for address, attributes, content in _CELL.findall(package.sheets.get(sheet_part(package.data, sheet), b"")):
        formula, value = _FORMULA.search(content), _VALUE.search(content)
        if b't="e"' in attributes and value:
            found[address.decode()] = value[1].decode("utf-8", "replace")
        elif formula and not value and b't="str"' not in attributes:
            found[address.decode()] = "=" + unescape((formula[1] or b"").decode("utf-8", "replace"))
    return found


def sheet_part(data: bytes, sheet: str) -> str:
    """Return the name of the part that holds a sheet; empty where the package does not say."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - vetted: no declarations
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    identifier = next((item.get(_RELATION) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet), None)
    target = next((item.get("Target", "") for item in relations if item.get("Id") == identifier), "")
    return posixpath.normpath(posixpath.join("xl", target)).lstrip("/") if target else ""
