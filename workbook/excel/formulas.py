"""The formulas of a sheet, which python-calamine does not tell: looked up only where a number cell reads blank."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

if TYPE_CHECKING:
    from workbook.excel.package import Package

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*(?<!/)>(?:(?!</c>).)*?<f(?:\s[^>]*)?>(.*?)</f>', re.DOTALL)


def formulas(package: Package, sheet: str) -> dict[str, str]:
    """Return the formulas of a sheet by address, without the equals sign."""
    part = sheet_part(package.data, sheet)
    xml = package.sheets.get(part, b"")
    return {address.decode(): formula.decode("utf-8", "replace") for address, formula in _CELL.findall(xml)}


def sheet_part(data: bytes, sheet: str) -> str:
    """Return the name of the part that holds a sheet; empty where the package does not say."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - vetted: no declarations
        relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    identifier = next((item.get(_RELATION) for item in book.iter(f"{_MAIN}sheet") if item.get("name") == sheet), None)
    target = next((item.get("Target", "") for item in relations if item.get("Id") == identifier), "")
    return target.removeprefix("/xl/").removeprefix("/").removeprefix("xl/") and "xl/" + target.split("xl/")[-1].lstrip(
        "/"
    )
