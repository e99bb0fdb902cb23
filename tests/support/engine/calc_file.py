"""Files for LibreOffice: without protection when it opens them, with it again when it has saved them.

LibreOffice does not keep all that protection allows, heeds it here and not there, and is silent about it. Names with a
full stop it reads, but takes no new ones. So both stand apart while a workbook is open.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.worksheet.protection import SheetProtection
from openpyxl.xml.functions import fromstring, tostring

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

_LOCK = re.compile(rb"<sheetProtection\b[^>]*?(?:/>|></sheetProtection>)")
_STRUCTURE = re.compile(rb"<workbookProtection\b[^>]*?(?:/>|></workbookProtection>)")
_NAMES = re.compile(rb"<definedNames/>|<definedNames>.*</definedNames>", re.DOTALL)
_MERGED = re.compile(rb'<mergeCell ref="([A-Z0-9:]+)"')
_OF_SHEET = re.compile(rb"<definedName [^>]*localSheetId[^>]*>[^<]*</definedName>")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


@dataclass(frozen=True)
class Apart:
    """What a file says that LibreOffice does not keep, or takes long to tell."""

    protection: list[SheetProtection]
    """Of each sheet."""

    merged: list[list[str]]
    """The merged areas of each sheet."""

    structure: bytes
    """The element that protects the structure; empty where it is free."""

    names: dict[str, str]
    active: int
    """The sheet that is shown, counted from 0."""

    truths: bool
    """Whether a cell may hold a truth."""


def unlock(source: Path, target: Path) -> Apart:
    """Copy a workbook without any protection, and return what was left out."""
    parts = _parts(source)
    book, places = fromstring(parts[_BOOK]), {}
    for relation in fromstring(parts[_RELATIONS]):
        places[relation.get("Id")] = posixpath.join("/xl", relation.get("Target")).lstrip("/")
    protection, merged = [], []
    for sheet in book.iterfind("{*}sheets/{*}sheet"):
        part = places[next(value for key, value in sheet.attrib.items() if key.endswith("}id"))]
        found = _LOCK.search(parts[part])
        protection.append(_read(found[0]) if found else SheetProtection())
        parts[part] = _LOCK.sub(b"", parts[part])
        merged.append([area.decode() for area in _MERGED.findall(parts[part])])
    structure = _STRUCTURE.search(parts[_BOOK])
    parts[_BOOK] = _STRUCTURE.sub(b"", parts[_BOOK])
    _pack(parts, target)
    names = (name for name in book.iterfind("{*}definedNames/{*}definedName") if "localSheetId" not in name.attrib)
    view = book.find("{*}bookViews/{*}workbookView")
    active = int(view.get("activeTab", 0)) if view is not None else 0
    known = {name.get("name"): name.text for name in names}
    truths = any(b't="b"' in part or b"BOOLEAN" in part for part in parts.values())
    return Apart(protection, merged, structure[0] if structure else b"", known, active, truths)


def _read(element: bytes) -> SheetProtection:
    attributes = dict(fromstring(element).attrib)
    password = attributes.pop("password", None)
    found = SheetProtection(**attributes)
    if password is not None:
        found.set_password(password, already_hashed=True)
    return found


def lock(
    source: Path, target: Path, protection: Iterable[SheetProtection], structure: bytes, names: Mapping[str, str]
) -> None:
    """Copy a workbook of LibreOffice's making with protection and names."""
    parts = _parts(source)
    for number, item in enumerate(protection, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        before, end, after = re.split(rb"(</sheetData>|<sheetData/>)", parts[part], maxsplit=1)
        parts[part] = before + end + (tostring(item.to_tree()) if item.sheet else b"") + after
    book = _NAMES.sub(b"", _STRUCTURE.sub(b"", parts[_BOOK])).replace(b"<bookViews>", structure + b"<bookViews>")
    of_sheets = b"".join(_OF_SHEET.findall(parts[_BOOK]))
    added = "".join(f"<definedName name={quoteattr(key)}>{escape(it)}</definedName>" for key, it in names.items())
    if of_sheets or added:
        element = b"<definedNames>" + of_sheets + added.encode() + b"</definedNames>"
        book = book.replace(b"</sheets>", b"</sheets>" + element)
    parts[_BOOK] = book
    _pack(parts, target)


def _parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def _pack(parts: dict[str, bytes], target: Path) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)
