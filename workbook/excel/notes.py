"""Notes of a user's own workbook, of which openpyxl keeps the words alone: their fonts and the sizes of their boxes."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from workbook.excel.reading.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.excel.address import Spot
    from workbook.excel.reading.package import Package

THREAD = "tc="
"""What the author of a note begins with that stands for a threaded comment in programs that know none."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RUN, _TEXT, _LETTERS = (f"{{{_MAIN}}}{name}" for name in ("r", "text", "t"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"

SHAPE = re.compile(rb"<(?:\w+:)?shape\s[^<>]*?style=[\"']([^\"'<>]*)[\"']")
END = re.compile(rb"</(?:\w+:)?shape>")
"""What ends a shape of a drawing."""
_SIDE = re.compile(rb"(?:^|;)\s*(width|height):\s*([0-9.]+)(pt|px)")
_PLACE = re.compile(rb"<(?:\w+:)?(Row|Column)>\s*([0-9]+)\s*<")
_PIXELS = {b"pt": 4 / 3, b"px": 1.0}

Texts = dict[str, dict[str, ET.Element]]
"""The texts of notes that have fonts of their own, by sheet and address."""


def formatted(package: Package) -> Texts:
    """Return the texts of notes whose letters have fonts of their own."""
    parts = {name: sheet.part for name, sheet in package.sheets.items() if sheet.part}
    found = {name: dict(_texts(package.parts, part)) for name, part in parts.items()}
    return {
        name: fonts for name, texts in found.items() if (fonts := {at: it for at, it in texts.items() if _has_runs(it)})
    }


def boxes(package: Package, sheet: str) -> dict[Spot, tuple[int, int]]:
    """Return width and height of the boxes of the notes of a sheet, in pixels; of one that does not say it, nothing."""
    found: dict[Spot, tuple[int, int]] = {}
    part = package.sheets[sheet].part
    for kind, target in package.parts.relations(part).values() if part else ():
        drawing = package.parts.find(target) if kind == "vmlDrawing" else ""
        if drawing:
            found |= boxes_of(package.parts.read(drawing))
    return found


def boxes_of(drawing: bytes) -> dict[Spot, tuple[int, int]]:
    """Return width and height of the boxes in a drawing, in pixels; of one that does not say it, nothing."""
    found: dict[Spot, tuple[int, int]] = {}
    for shape in END.split(drawing):
        style, place = SHAPE.search(shape), place_of(shape)
        sides = {
            name: round(float(size) * _PIXELS[unit]) for name, size, unit in _SIDE.findall(style[1] if style else b"")
        }
        if place and len(sides) == 2:  # noqa: PLR2004 - both of it
            found[place] = sides[b"width"], sides[b"height"]
    return found


def place_of(shape: bytes) -> Spot | None:
    """Return the cell whose note a shape is."""
    place = {name: int(number) for name, number in _PLACE.findall(shape)}
    return (place[b"Row"], place[b"Column"]) if len(place) == 2 else None  # noqa: PLR2004 - both of it


def with_fonts(data: bytes, file: str, texts: Texts, sheets: Mapping[str, str]) -> bytes:
    """Return a workbook in which notes have their fonts again; what was added behind their words is plain.

    Args:
        data: what openpyxl wrote.
        file: its name, for findings.
        texts: what ``formatted`` returned for the workbook that it read.
        sheets: the parts of its sheets, by their names.
    """
    if not texts:
        return data
    parts, changed = Parts(data, file), {}
    for name in texts.keys() & sheets.keys():
        for part in _comments(parts, sheets[name]):
            tree = parts.tree(part)
            for comment in tree.iter(f"{{{_MAIN}}}comment"):
                _put_back(comment, texts[name].get(comment.get("ref", "")))
            ET.register_namespace("", _MAIN)
            changed[part] = ET.tostring(tree, encoding="utf-8", xml_declaration=True)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            target.writestr(info, changed.get(info.filename) or source.read(info))
    return stream.getvalue()


def _comments(parts: Parts, sheet: str) -> Iterator[str]:
    """Yield the part of the notes of a sheet."""
    for kind, target in parts.relations(sheet).values():
        part = parts.find(target) if kind == "comments" else ""
        if part:
            yield part


def _texts(parts: Parts, sheet: str) -> Iterator[tuple[str, ET.Element]]:
    for part in _comments(parts, sheet):
        for comment in parts.tree(part).iter(f"{{{_MAIN}}}comment"):
            text = comment.find(_TEXT)
            if text is not None:
                yield comment.get("ref", ""), text


def _has_runs(text: ET.Element) -> bool:
    return text.find(f"{_RUN}/{{{_MAIN}}}rPr") is not None


def _put_back(comment: ET.Element, text: ET.Element | None) -> None:
    """Give a note the text that it had, with what was added behind it; one that says something else stays."""
    now = comment.find(_TEXT)
    if text is None or now is None:
        return
    words, said = _words(text), _words(now)
    if not said.startswith(words):
        return
    fresh = ET.Element(_TEXT)
    fresh.extend(text)
    if said != words:
        letters = ET.SubElement(ET.SubElement(fresh, _RUN), _LETTERS, {_SPACE: "preserve"})
        letters.text = said.removeprefix(words)
    comment[list(comment).index(now)] = fresh


def _words(text: ET.Element) -> str:
    return "".join(letters.text or "" for letters in text.iter(_LETTERS))
