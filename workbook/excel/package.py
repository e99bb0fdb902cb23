"""Vets an Excel file before anything parses it: what it is, its sizes and ratios, its checksums, its far cells.

python-calamine allocates the rectangle between the first and the last used cell, so one stray value in the last column
and row would take the whole process down; and it neither checks checksums nor refuses declarations inside XML.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.report import Unreadable, note

if TYPE_CHECKING:
    from collections.abc import Mapping

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
_SHEETS = "xl/worksheets/"
_FAR = re.compile(rb'<c r="(?:[A-Z]{3,}|[A-Z]+[0-9]{5,})')
_CELL = re.compile(rb'<c r="([A-Z]+)([0-9]+)')

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


@dataclass(frozen=True, slots=True)
class Package:
    """A vetted workbook: its bytes and the XML of its sheets by part name."""

    data: bytes
    sheets: Mapping[str, bytes]


def open_package(data: bytes, file: str) -> Package:
    """Return the vetted package in ``data``; ``file`` names it in findings.

    Raises:
        Unreadable: it is empty, encrypted, of another kind, damaged, or beyond a limit.
    """
    if not data:
        raise Unreadable(note("file.empty", file=file))
    if not data.startswith(b"PK"):
        raise _stranger(data, file)
    if len(data) > FILE_LIMIT:
        raise _too_large(file, f"有 {len(data)} 字节", f"{len(data)} bytes", f"{FILE_LIMIT:,}")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _vet_directory(archive, file)
            parts = {info.filename: archive.read(info) for info in archive.infolist() if not info.is_dir()}
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError) as error:
        raise _damaged(file, str(error)) from error
    sheets = {name: xml for name, xml in parts.items() if name.startswith(_SHEETS) and name.endswith(".xml")}
    for name, xml in parts.items():
        # Nothing is expanded while reading: a part that declares entities is refused whole.
        if name.endswith((".xml", ".rels")) and (b"<!DOCTYPE" in xml or b"<!ENTITY" in xml):
            raise _damaged(file, "document type declaration")
    for xml in sheets.values():
        _vet_sheet(xml, file)
    return Package(data, sheets)


def _vet_directory(archive: zipfile.ZipFile, file: str) -> None:
    """Refuse what the central directory already tells."""
    infos = archive.infolist()
    if len(infos) > MEMBER_LIMIT:
        raise _too_large(file, f"内含 {len(infos)} 个部件", f"{len(infos)} parts", f"{MEMBER_LIMIT:,}")
    size = sum(info.file_size for info in infos)
    if size > CONTENT_LIMIT:
        raise _too_large(file, f"解压后有 {size} 字节", f"{size} bytes inflated", f"{CONTENT_LIMIT:,}")
    for info in infos:
        if info.flag_bits & 1:
            raise Unreadable(note("file.encrypted", file=file))
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise _damaged(file, f"compression method {info.compress_type}")
        if info.file_size > 2**20 and info.file_size > RATIO_LIMIT * max(1, info.compress_size):
            ratio = info.file_size // max(1, info.compress_size)
            raise _too_large(file, f"压缩比为 {ratio}:1", f"compression ratio {ratio}:1", f"{RATIO_LIMIT}:1")
    names = {info.filename for info in infos}
    if "xl/workbook.xml" not in names:
        for name, kind, kind_en in (*_ZIPPED, ("", "压缩包", "an archive")):
            if name in names or not name:
                raise Unreadable(note("file.not_a_workbook", file=file, kind=kind, kind_en=kind_en))


def _vet_sheet(xml: bytes, file: str) -> None:
    if b"<!" in xml:
        raise _damaged(file, "declaration or comment inside a sheet")
    if not _FAR.search(xml):
        return
    rows, columns = [], []
    for letters, digits in _CELL.findall(xml):
        rows.append(int(digits[:8]))
        columns.append(_column(letters))
    area = (max(rows) - min(rows) + 1) * (max(columns) - min(columns) + 1)
    if area > AREA_LIMIT:
        what = f"中有远离表格的单元格（第 {max(rows)} 行、第 {max(columns)} 列），所占区域有 {area} 格"
        raise _too_large(file, what, f"a sheet spans {area} cells", f"{AREA_LIMIT:,}")


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters[:4]:
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
