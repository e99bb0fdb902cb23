"""Workbooks as packages: the good one, and what is changed in its parts."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from cases import sound
from workbooks import workbook_of

import workbook
from workbook.intake.limits import BOOK_PART_LIMIT
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

GOOD = workbook_of(sound("2021"))


def rezipped(change: Callable[[str, bytes], bytes | None], data: bytes = GOOD) -> bytes:
    """A workbook with its parts changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for info in source.infolist():
            content = change(info.filename, source.read(info))
            if content is not None:
                target.writestr(info.filename, content)
    return stream.getvalue()


_RULES = re.compile(rb"<(conditionalFormatting|dataValidations)\b.*</\1>", re.DOTALL)


def without_rules(part: bytes) -> bytes:
    """Return a sheet without its rules for formats and input, which make it large and are not read."""
    return _RULES.sub(b"", part)


_CHECKS, _CELLS = "xl/worksheets/sheet8.xml", re.compile(rb"<sheetData>.*</sheetData>", re.DOTALL)


@cache
def light(data: bytes) -> bytes:
    """Return a workbook of the kit without what makes it large: rules, and the cells of the sheet of checks.

    Of these only accepted warnings are read.
    """

    def change(name: str, part: bytes) -> bytes:
        return _CELLS.sub(b"<sheetData/>", part) if name == _CHECKS else without_rules(part)

    return rezipped(change, data)


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def in_sheet(old: bytes, new: bytes, part: str = "xl/worksheets/sheet4.xml", data: bytes = GOOD) -> bytes:
    """Return a workbook with something else in a part of it, for the first of what must be there."""

    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert old in content
        return content.replace(old, new, 1)

    return rezipped(change, data)


def prefixed(markup: bytes, prefix: bytes = b"x") -> bytes:
    """Return markup whose elements have a prefix."""
    named = re.sub(rb"<(/?)(?=[a-zA-Z])(?![\w.]+:)", rb"<\1" + prefix + b":", markup)
    return named.replace(b' xmlns="', b" xmlns:" + prefix + b'="', 1)


def wide(markup: bytes, encoding: str, declared: str | None) -> bytes:
    """Return markup in UTF-16, with or without saying so."""
    text = markup.decode().partition("?>")[2].lstrip()
    says = f' encoding="{declared}"' if declared else ""
    return f'<?xml version="1.0"{says} standalone="yes"?>\r\n{text}'.encode(encoding)


def other_zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(GOOD)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(signature), bytes(data)):
            data[match.start() + at] |= 1
    return bytes(data)


def wrong_checksum() -> bytes:
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        info = archive.getinfo("xl/worksheets/sheet3.xml")
    start = info.header_offset + 30 + len(info.filename) + struct.unpack_from("<H", data, info.header_offset + 28)[0]
    data[start + info.compress_size // 2] ^= 0xFF
    return bytes(data)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

REFUSED = {
    "empty": (b"", "file.empty"),
    "truncated": (GOOD[: len(GOOD) // 2], "file.damaged"),
    "only the beginning": (b"PK\x03\x04", "file.damaged"),
    "wrong checksum": (wrong_checksum(), "file.damaged"),
    "encrypted by Excel": (OLE + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
    "encrypted as zip": (encrypted_zip(), "file.encrypted"),
    "old format": (OLE + "WordDocument\0".encode("utf-16-le"), "file.old_format"),
    "old workbook": (OLE + "Workbook\0".encode("utf-16-le"), "file.damaged"),
    "pdf": (b"%PDF-1.7\n", "file.damaged"),
    "picture": (b"\x89PNG\r\n\x1a\n", "file.not_a_workbook"),
    "web page": (b"\xef\xbb\xbf<!DOCTYPE HTML><html></html>", "file.not_a_report"),
    "text": ("某章\t0\n".encode(), "file.not_a_report"),
    "text in the old code page": ("某章\t0\n".encode("gbk"), "file.not_a_report"),
    "noise": (bytes(range(256)) * 20, "file.not_a_workbook"),
    "word": (other_zip("word/document.xml"), "file.damaged"),
    "opendocument": (other_zip("content.xml"), "file.not_a_workbook"),
    "binary workbook": (other_zip("xl/workbook.bin"), "file.damaged"),
    "archive": (other_zip("a.txt"), "file.not_a_workbook"),
    "bomb": (bomb(), "file.too_large"),
    "too many parts": (other_zip("xl/workbook.xml", *map(str, range(BOOK_PART_LIMIT))), "file.too_large"),
    "no parts that matter": (other_zip("xl/workbook.xml"), "file.damaged"),
    "broken workbook part": (rezipped(lambda n, c: c[:500] if n == "xl/workbook.xml" else c), "file.damaged"),
    "missing sheet part": (rezipped(lambda n, c: None if n.endswith("sheet5.xml") else c), "file.damaged"),
    "missing relations": (rezipped(lambda n, c: None if n.endswith("workbook.xml.rels") else c), "file.damaged"),
    "no blank between attributes": (in_sheet(b'<c r="', b'<c s="1"r="'), "file.damaged"),
    "no cell of any sheet": (in_sheet(b"</sheetData>", FAR.replace(b"XFD", b"XFE")), "file.damaged"),
    "entity": (in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY e "9">]><worksheet'), "file.damaged"),
    "text that is not there": (in_sheet(b' t="s"><v>', b' t="s"><v>9'), "file.damaged"),
    "comments without end": (in_sheet(b"<worksheet", b"<!---->" * 2_000 + b"<!DOCTYPE a><worksheet"), "file.damaged"),
    "a workbook inside one that is cut short": (GOOD[: len(GOOD) // 2] + GOOD, "file.damaged"),
    "comment in a number": (in_sheet(b"<v>", b"<v>5<!-- -->"), "file.damaged"),
}  # fmt: skip


TABLE = "xl/worksheets/sheet5.xml"


def codes(data: bytes) -> list[str]:
    """Return the codes of the refusal, or of the findings."""
    try:
        return [finding.code for finding in workbook.check(workbook.parse(data, "a.xlsx"))]
    except Unreadable as refusal:
        return [finding.code for finding in refusal.findings]


def renamed_part(name: str) -> bytes:
    """Return the good workbook with a far cell, whose table lies in a part of another name."""

    def change(part: str, content: bytes) -> bytes:
        if part == TABLE:
            return content.replace(b"</sheetData>", FAR, 1)
        return (
            content.replace(b"worksheets/sheet5.xml", name.encode(), 1)
            if part.endswith("workbook.xml.rels")
            else content
        )

    moved = rezipped(change)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(moved)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            target.writestr(f"xl/{name}" if info.filename == TABLE else info.filename, source.read(info))
    return stream.getvalue()


def in_table(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: in_sheet(old, new, TABLE)


ROW = b"</sheetData>"

FAR_CELLS: dict[str, Callable[[], bytes]] = {
    "odd part name": lambda: renamed_part("odd/s.xml"),
    "odd ending": lambda: renamed_part("worksheets/sheet5.dat"),
    "other attribute first": in_table(ROW, b'<row r="90"><c s="1" r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "single quotes": in_table(ROW, b"<row r='90'><c r='XFD1048576'><v>1</v></c></row></sheetData>"),
    "line break": in_table(ROW, b'<row r="90"><c\nr="XFD1048576"><v>1</v></c></row></sheetData>'),
    "row only": in_table(ROW, b'<row r="1048576"><c><v>1</v></c></row></sheetData>'),
    "small letters": in_table(ROW, b'<row r="90"><c r="xfd99999"><v>1</v></c></row></sheetData>'),
    "entity in the address": in_table(ROW, b'<row r="90"><c r="&#88;FD1048576"><v>1</v></c></row></sheetData>'),
    "cells without addresses": in_table(
        ROW, b"<row><c><v>1</v></c></row>" * 9000 + b"<row>" + b"<c><v>1</v></c>" * 3000 + b"</row></sheetData>"
    ),
}
