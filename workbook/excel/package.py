"""Vets an Excel file before anything parses it: what it is, its sizes and ratios, its checksums, its far cells.

python-calamine allocates the rectangle between the first and the last used cell, so one stray value in the last column
and row would take the whole process down; it checks no checksums, and it reads ``5<!-- -->3`` as 5. So every part is
inflated here first, a sheet when it is asked for.
"""

from __future__ import annotations

import html
import io
import posixpath
import re
import struct
import zipfile
import zlib
from functools import cached_property
from typing import cast
from xml.etree import ElementTree as ET

from isal import isal_zlib

from workbook.report import Unreadable, note

FILE_LIMIT = 20 * 2**20
"""Bytes of a file; a report has some 60 thousand."""
MEMBER_LIMIT = 1_000
"""Parts in a package."""
CONTENT_LIMIT = 100 * 2**20
"""Bytes of all parts, inflated."""
RATIO_LIMIT = 200
"""How many times a part of more than a megabyte may grow when it is inflated."""
AREA_LIMIT = 4_000_000
"""Cells in the rectangle between the first and the last used cell of a sheet."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_BOOK, _RELATIONS, _SHEETS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/worksheets/"

# A part begins with its declaration and its root element: no document type, no comment, no other encoding.
_LOCAL_HEADER = 30
_INFLATE_ERRORS = (zlib.error, cast("type[Exception]", isal_zlib.error), EOFError)
_crc32 = isal_zlib.crc32

_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^<>]*\?>)?\s*<[A-Za-z]")
_DECLARATION = re.compile(rb"!(?=--|\[CDATA|DOCTYPE|ENTITY)")
# Patterns with a literal beginning, which search as quickly as a plain find.
_ODD_ADDRESS = re.compile(rb' r(?!="[A-Z]{0,2}[0-9]{1,4}")(?=[\s=])')
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']\s*([A-Za-z]*)([0-9]*)([^"']*)""")
_BREAKS = (b"\t", b"\n", b"\r")
_HEADER = 200  # bytes in which a line break between declaration and root is usual

_SHEET_LIST = re.compile(
    rb'<sheets>((?:<sheet name="[^"<>]*" sheetId="[0-9]+"(?: state="[A-Za-z]+")? r:id="[A-Za-z0-9]+"/>)+)</sheets>'
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHEET = re.compile(rb'<sheet name="([^"]*)"[^>]* r:id="([^"]*)"/>')

_KINDS = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"<!DOCTYPE html", "网页", "a web page"),
    (b"<html", "网页", "a web page"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
)
_ZIPPED = (
    ("word/document.xml", "Word 文档", "a Word document"),
    ("ppt/presentation.xml", "PowerPoint 文稿", "a PowerPoint file"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
    ("content.xml", "OpenDocument 文件（.ods 等）", "an OpenDocument file"),
)


class Package:
    """A vetted workbook: its bytes, and the XML of its sheets where it is asked for."""

    def __init__(self, data: bytes, file: str) -> None:
        """Vet everything but the sheets.

        Args:
            data: the bytes of the file.
            file: its name, for findings.

        Raises:
            Unreadable: it is empty, encrypted, of another kind, damaged, or beyond a limit.
        """
        self.data, self.file = data, file
        if not data:
            raise Unreadable(note("file.empty", file=file))
        if not data.startswith(b"PK"):
            raise _stranger(data, file)
        if len(data) > FILE_LIMIT:
            raise _too_large(file, f"有 {len(data)} 字节", f"{len(data)} bytes", f"{FILE_LIMIT:,}")
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, ValueError, OSError) as error:
            raise _damaged(file, str(error)) from error
        _vet_directory(self._archive, file)
        self._names = set(self._archive.namelist())
        self._vetted: set[str] = set()
        self._xml: dict[str, bytes] = {}
        for name in self._names:
            if not self._is_sheet(name) and not name.endswith("/"):
                self._part(name)

    def vet(self, sheet: str) -> None:
        """Vet a sheet before it is parsed; all sheets where the package does not plainly say which part it is.

        Raises:
            Unreadable: it is damaged, or reaches too far.
        """
        part = self._plain.get(sheet)
        for name in [part] if part else filter(self._is_sheet, self._names):
            if name not in self._vetted:
                _vet_sheet(self._part(name), self.file)
                self._vetted.add(name)

    def xml(self, sheet: str) -> bytes:
        """Return the XML of a sheet as it is; nothing where the package has no such sheet."""
        part = self._plain.get(sheet) or self._told.get(sheet, "")
        return self._part(part) if part in self._names else b""

    def _is_sheet(self, name: str) -> bool:
        return name.startswith(_SHEETS) and name.endswith(".xml")

    def _part(self, name: str) -> bytes:
        """Inflate a part and compare its checksum."""
        if name not in self._xml:
            xml = self._inflated(self._archive.getinfo(name))
            if name.endswith((".xml", ".rels")) and not _PROLOG.match(xml):
                raise _damaged(self.file, f"{name}: unusual beginning")
            self._xml[name] = xml
        return self._xml[name]

    def _inflated(self, info: zipfile.ZipInfo) -> bytes:
        """Inflate a part in one go, which zipfile does in pieces, and compare its length and checksum."""
        start = info.header_offset + _LOCAL_HEADER
        lengths = self.data[start - 4 : start]
        start += sum(struct.unpack("<HH", lengths)) if len(lengths) == 4 else 0  # noqa: PLR2004 - name and extra field
        packed = self.data[start : start + info.compress_size]
        try:
            plain = packed if info.compress_type == zipfile.ZIP_STORED else _inflate(packed, info.file_size)
        except _INFLATE_ERRORS as error:
            raise _damaged(self.file, f"{info.filename}: {error}") from error
        if len(plain) != info.file_size or _crc32(plain) != info.CRC:
            raise _damaged(self.file, f"{info.filename}: wrong checksum")
        return plain

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The part of each sheet, where the package says it in the one way that leaves no reader a choice."""
        book = self._part(_BOOK)
        listed = _SHEET_LIST.search(book)
        if not listed or book.count(b"<sheets") != 1 or b"<!--" in book:
            return {}
        pairs = [
            (html.unescape(name.decode("utf-8", "replace")), key.decode()) for name, key in _SHEET.findall(listed[1])
        ]
        found = self._located(pairs)
        return found if all(map(self._is_sheet, found.values())) and set(found.values()) <= self._names else {}

    @cached_property
    def _told(self) -> dict[str, str]:
        """The part of each sheet, in whatever way the package says it."""
        try:
            book = ET.fromstring(self._part(_BOOK))  # noqa: S314 - vetted: no declarations
        except ET.ParseError as error:
            raise _damaged(self.file, str(error)) from error
        return self._located([(item.get("name", ""), item.get(_RELATION, "")) for item in book.iter(f"{_MAIN}sheet")])

    def _located(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        """Resolve the relations of sheets to the names of their parts."""
        if _RELATIONS not in self._names:
            return {}
        try:
            relations = ET.fromstring(self._part(_RELATIONS))  # noqa: S314 - vetted: no declarations
        except ET.ParseError as error:
            raise _damaged(self.file, str(error)) from error
        targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
        return {
            name: posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/") for name, key in pairs
        }


def _inflate(packed: bytes, size: int) -> bytes:
    """Inflate no further than one byte beyond the length that the directory promises."""
    return isal_zlib.decompressobj(-15).decompress(packed, size + 1)


def _vet_directory(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse what the central directory already tells."""
    infos = archive.infolist()
    if len(infos) > MEMBER_LIMIT:
        raise _too_large(file, f"内含 {len(infos)} 个部件", f"{len(infos)} parts", f"{MEMBER_LIMIT:,}")
    size = sum(info.file_size for info in infos)
    if size > CONTENT_LIMIT:
        raise _too_large(file, f"解压后有 {size} 字节", f"{size} bytes inflated", f"{CONTENT_LIMIT:,}")
    for info in infos:
        _vet_member(info, file)
    names = {info.filename for info in infos}
    if len({name.lower() for name in names}) != len(infos):
        raise _damaged(file, "two parts of the same name")
    if _BOOK not in names:
        for name, kind, kind_en in (*_ZIPPED, ("", "压缩包", "an archive")):
            if name in names or not name:
                raise Unreadable(note("file.not_a_workbook", file=file, kind=kind, kind_en=kind_en))


def _vet_member(info: zipfile.ZipInfo, file: str) -> None:
    if info.flag_bits & 1:
        raise Unreadable(note("file.encrypted", file=file))
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise _damaged(file, f"compression method {info.compress_type}")
    ratio = info.file_size // max(1, info.compress_size)
    if info.file_size > 2**20 and ratio > RATIO_LIMIT:
        raise _too_large(file, f"压缩比为 {ratio}:1", f"compression ratio {ratio}:1", f"{RATIO_LIMIT}:1")


def _vet_sheet(xml: bytes, file: str) -> None:
    if _DECLARATION.search(xml):
        raise _damaged(file, "declaration or comment inside a sheet")
    if not _ODD_ADDRESS.search(xml) and all(xml.find(mark, _HEADER) < 0 for mark in _BREAKS):
        return
    rows, columns = [1], [1]
    for letters, digits, rest in _ADDRESS.findall(xml):
        if rest.strip() or len(letters) > 3 or len(digits) > 7:  # noqa: PLR2004 - XFD1048576
            raise _damaged(file, "a cell address that is none")
        columns.append(_column(letters.upper()))
        rows.append(int(digits or b"1"))
    area = max(rows) * max(columns)
    if area > AREA_LIMIT:
        what = f"中有远离表格的单元格（第 {max(rows)} 行、第 {max(columns)} 列），所占区域有 {area} 格"
        raise _too_large(file, what, f"a sheet spans {area} cells", f"{AREA_LIMIT:,}")


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column


def _stranger(data: bytes, file: str) -> Unreadable:
    """Name a file that is no package for what it is."""
    if data.startswith(_OLE):
        return Unreadable(note("file.encrypted" if _ENCRYPTED in data else "file.old_format", file=file))
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind, kind_en in _KINDS:
        if start[: len(magic)].lower() == magic.lower():
            return Unreadable(note("file.not_a_workbook", file=file, kind=kind, kind_en=kind_en))
    text = b"\0" not in data[:4096]
    kind, kind_en = ("文本文件", "a text file") if text else ("未知格式", "an unknown format")
    return Unreadable(note("file.not_a_workbook", file=file, kind=kind, kind_en=kind_en))


def _too_large(file: str, what: str, what_en: str, limit: str) -> Unreadable:
    return Unreadable(note("file.too_large", file=file, what=what, what_en=what_en, limit=limit))


def _damaged(file: str, reason: str) -> Unreadable:
    return Unreadable(note("file.damaged", file=file, reason=reason))
