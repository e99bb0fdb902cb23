"""Vets an Excel file before anything parses it: what it is, its sizes and ratios, its checksums, its cells.

python-calamine allocates the rectangle between the first and the last used cell, so one stray value in the last column
and row would take the whole process down; it checks no checksums, and it reads ``5<!-- -->3`` as 5. So each part that
it parses is inflated here first, a sheet when it is asked for. All limits of reading stand here.
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

from workbook.excel.reading.markup import area, last_string, plain_end, values
from workbook.intake.archive import ARCHIVE_ERRORS, damaged, too_large, vet_directory, vet_encoding, vet_size
from workbook.intake.kinds import wrong_kind

FILE_LIMIT = 20 * 2**20
"""Bytes of a file; a report has some 60 thousand."""
MEMBER_LIMIT = 1_000
"""Parts in a package."""
CONTENT_LIMIT = 60 * 2**20
"""Bytes of all parts, inflated."""
SHEET_COUNT_LIMIT = 64
"""Sheets in a workbook."""
SHEET_LIMIT = 8 * 2**20
"""Bytes of a sheet that is parsed, inflated."""
AREA_LIMIT = 300_000
"""Cells in the rectangles of all sheets that are parsed."""
TEXT_LIMIT = 50 * 2**20
"""Bytes of shared texts that the cells of a sheet may come to, each counted as often as it is used."""

_LOCAL_HEADER = 30
_INFLATE_ERRORS = (zlib.error, cast("type[Exception]", isal_zlib.error), EOFError)

_BOOK, _RELATIONS, _STRINGS, _SHEETS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/worksheets/",
)
_STYLES = "xl/styles.xml"
_PARSED = (_BOOK, _RELATIONS, _STRINGS, _STYLES)

# Before the root element there may be a declaration, instructions and comments; no document type.
# Atomic, for a comment that could end at several places would be tried at each of them.
_PROLOG = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+<[^!?\s]", re.DOTALL)
_SHEET_LIST = re.compile(
    rb'<sheets>((?:<sheet name="[^"<>]*" sheetId="[0-9]+"(?: state="[A-Za-z]+")? r:id="[A-Za-z0-9]+"/>)+)</sheets>'
)
_SHEET = re.compile(rb'<sheet name="([^"]*)"[^>]* r:id="([^"]*)"/>')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Package:
    """A vetted workbook: its bytes, and the XML of its sheets where it is asked for."""

    def __init__(self, data: bytes, file: str) -> None:
        """Vet everything that is parsed but the sheets.

        Args:
            data: the bytes of the file.
            file: its name, for findings.

        Raises:
            Unreadable: it is empty, encrypted, of another kind, damaged, or beyond a limit.
        """
        self.data, self.file = data, file
        vet_size(data, file, FILE_LIMIT)
        if not data.startswith(b"PK"):
            raise wrong_kind(data, file, set())
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        except ARCHIVE_ERRORS as error:
            raise damaged(file, str(error)) from error
        vet_directory(self._archive.infolist(), file, members=MEMBER_LIMIT, content=CONTENT_LIMIT)
        self._names = set(self._archive.namelist())
        if _BOOK not in self._names:
            raise wrong_kind(data, file, self._names)
        self._areas: dict[str, int] = {}
        self._ends: dict[str, int] = {}
        self._xml: dict[str, bytes] = {}
        for name in self._names:
            if name in _PARSED:
                self._part(name)
        sheets = self._part(_BOOK).count(b"sheet ")
        if sheets > SHEET_COUNT_LIMIT:
            raise too_large(file, f"有 {sheets} 张工作表", f"{sheets} sheets", SHEET_COUNT_LIMIT)

    def vet(self, sheet: str) -> None:
        """Vet a sheet before it is parsed; all sheets where the package does not plainly say which part it is.

        Raises:
            Unreadable: it is damaged, or beyond a limit.
        """
        part = self._parts_by_pattern.get(sheet)
        for name in [part] if part else self._all_sheets:
            if name not in self._areas:
                xml = self._part(name)
                self._ends[name] = plain_end(xml)
                self._areas[name] = self._vet_sheet(xml, self._ends[name])
        cells = sum(self._areas.values())
        if cells > AREA_LIMIT:
            raise too_large(
                self.file, f"中有远离表格的单元格，所占区域有 {cells} 格", f"sheets span {cells} cells", AREA_LIMIT
            )

    def xml(self, sheet: str) -> bytes:
        """Return the XML of a sheet as it is; nothing where the package has no such sheet."""
        part = self._parts_by_pattern.get(sheet) or self._parts_by_xml.get(sheet, "")
        return self._part(part) if part in self._names else b""

    def end(self, sheet: str) -> int:
        """Return where the cells of a vetted sheet end that is written the plain way; -1 of any other."""
        return self._ends.get(self._parts_by_pattern.get(sheet, ""), -1)

    @property
    def book(self) -> bytes:
        """The part that lists sheets and names."""
        return self._part(_BOOK)

    @property
    def texts(self) -> bytes:
        """The part that holds the shared texts; nothing where there is none."""
        return self._xml.get(_STRINGS, b"")

    @property
    def styles(self) -> bytes:
        """The part that lists the formats of cells; nothing where there is none."""
        part = _STYLES if _STYLES in self._names else next((n for n in self._names if n.lower() == _STYLES), "")
        return self._part(part) if part else b""

    def _vet_sheet(self, xml: bytes, end: int) -> int:
        """Return the area of a sheet, having vetted its size, its markup and what its texts come to."""
        if len(xml) > SHEET_LIMIT:
            raise too_large(self.file, f"中有一张工作表有 {len(xml)} 字节", f"a sheet of {len(xml)} bytes", SHEET_LIMIT)
        strings = self._xml.get(_STRINGS, b"")
        uses = values(xml)
        if uses * len(strings) > TEXT_LIMIT:
            size = uses * max(map(len, strings.split(b"</si>")))
            if size > TEXT_LIMIT:
                raise too_large(self.file, f"中的文字重复后有 {size} 字节", f"texts of {size} bytes", TEXT_LIMIT)
        if last_string(xml) >= self._count_of_texts:
            # python-calamine would take the first text for it.
            raise damaged(self.file, "a text that is not there")
        try:
            return area(xml, end)
        except ValueError as error:
            raise damaged(self.file, str(error)) from error

    @cached_property
    def _count_of_texts(self) -> int:
        return sum(map(self.texts.count, (b"<si>", b"<si ", b"<si/>")))

    @cached_property
    def _all_sheets(self) -> list[str]:
        """Every part that may be parsed as a sheet, whatever its name."""
        return [name for name in self._names if name not in _PARSED and b"sheetData" in self._part(name, quiet=True)]

    def _part(self, name: str, *, quiet: bool = False) -> bytes:
        """Inflate a part and compare its checksum; ``quiet`` lets its beginning be as it likes."""
        if name not in self._xml:
            self._xml[name] = self._inflated(self._archive.getinfo(name))
        if not quiet:
            if not _PROLOG.match(self._xml[name]):
                raise damaged(self.file, f"{name}: unusual beginning")
            vet_encoding(self._xml[name], name, self.file)
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
            raise damaged(self.file, f"{info.filename}: {error}") from error
        if len(plain) != info.file_size or isal_zlib.crc32(plain) != info.CRC:
            raise damaged(self.file, f"{info.filename}: wrong checksum")
        return plain

    @cached_property
    def _parts_by_pattern(self) -> dict[str, str]:
        """The part of each sheet, where the package says it in the one way that leaves no reader a choice."""
        book = self._part(_BOOK)
        listed = _SHEET_LIST.search(book)
        if not listed or book.count(b"sheets>") != 2 or b"<!--" in book or book.count(b"<?") > 1:  # noqa: PLR2004 - a pair
            return {}
        pairs = [
            (html.unescape(name.decode("utf-8", "replace")), key.decode()) for name, key in _SHEET.findall(listed[1])
        ]
        found = self._located(pairs)
        usual = all(part.startswith(_SHEETS) and part in self._names for part in found.values())
        return found if usual and len(found) == len(pairs) else {}

    @cached_property
    def _parts_by_xml(self) -> dict[str, str]:
        """The part of each sheet, in whatever way the package says it."""
        book = self._tree(_BOOK)
        return self._located([(item.get("name", ""), item.get(_RELATION, "")) for item in book.iter(f"{_MAIN}sheet")])

    def _located(self, pairs: list[tuple[str, str]]) -> dict[str, str]:
        """Resolve the relations of sheets to the names of their parts."""
        if _RELATIONS not in self._names:
            return {}
        targets = {item.get("Id", ""): item.get("Target", "") for item in self._tree(_RELATIONS)}
        return {
            name: posixpath.normpath(posixpath.join("/xl", targets.get(key, ""))).lstrip("/") for name, key in pairs
        }

    def _tree(self, name: str) -> ET.Element:
        # The encoding is settled; the parser's names for it are fewer than those that a declaration may have.
        parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - vetted: no document type
        try:
            return ET.fromstring(self._part(name), parser)  # noqa: S314 - same
        except ET.ParseError as error:
            raise damaged(self.file, str(error)) from error

    def vet_all(self) -> None:
        """Vet every part that may be markup, as for a program that reads more of a workbook than its cells.

        Raises:
            Unreadable: one of them is damaged, or in another encoding.
        """
        for name in self._names:
            vet_encoding(self._part(name, quiet=True), name, self.file)


def _inflate(packed: bytes, size: int) -> bytes:
    """Inflate no further than one byte beyond the length that the directory promises."""
    return isal_zlib.decompressobj(-15).decompress(packed, size + 1)


def vet_other_format(data: bytes, file: str) -> None:
    """Vet a workbook of another format: its size, and of its package the directory and the checksums of all parts.

    Raises:
        Unreadable: it is damaged, encrypted or beyond a limit.
    """
    vet_size(data, file, FILE_LIMIT)
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            vet_directory(archive.infolist(), file, members=MEMBER_LIMIT, content=CONTENT_LIMIT)
            for info in archive.infolist():
                vet_encoding(archive.read(info), info.filename, file)  # reading it compares its checksum
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error
