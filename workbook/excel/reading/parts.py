"""The parts of a package: found however their names are written, inflated, compared with their checksums, in UTF-8."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
import zlib
from codecs import getincrementaldecoder
from functools import cached_property, lru_cache
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

from isal import isal_zlib

from workbook.excel.reading.usual import plain_relations
from workbook.expression import expression
from workbook.intake.archive import (
    ARCHIVE_ERRORS,
    damaged,
    in_utf_8,
    part_name,
    too_large,
    undeclared,
    vet_directory,
    vet_doctype,
    wide_encoding,
)
from workbook.intake.limits import BOOK_CONTENT_LIMIT, BOOK_INFLATED_LIMIT, BOOK_PART_LIMIT, BOOK_SHEET_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from xml.etree import ElementTree as ET


_LOCAL_HEADER = 30
_INFLATE_ERRORS = (zlib.error, cast("type[Exception]", isal_zlib.error), EOFError)
_LARGE = 2**20
"""Bytes from which on a sheet may consist of empty cells; also those that are inflated at once of such a sheet."""

# Before the root element there may be a declaration, instructions and comments; no document type.
# Atomic, for a comment that could end at several places would be tried at each of them.
_PROLOG = expression(rb"(?><\?.*?\?>\s*+|<!--.*?-->\s*+)*+<[^!?\s]", re.DOTALL)
# UTF-16 with its mark and without, EBCDIC: a document type would be hidden.
_HIDING = expression(rb"\xff\xfe|\xfe\xff|<\0|\0<|\x4c\x6f\xa7\x94")
_SETTLED = expression(rb"(?:<\?xml[^<>?]*\?>\s*)?<[A-Za-z][^\0]")
"""How nearly all parts begin, without a document type."""
_USUAL = expression(rb'<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*<[A-Za-z]')
"""How a part begins that is in UTF-8 as it says, and has no document type."""
_DECLARATION = b"<?xml"
_HEAD = 256
"""Bytes of a part in which its root element begins, in what programs write."""
_CACHED = 20_000
"""Bytes of relations that are worth keeping: those of most workbooks are alike."""
_OVERRIDE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class Parts:
    """The parts of a package, each by its name as the package has it."""

    def __init__(self, data: bytes, file: str, limit: int = BOOK_SHEET_LIMIT) -> None:
        """Open a package; ``limit`` is how many bytes a part may have that is parsed, inflated.

        Raises:
            Unreadable: it is encrypted, damaged, or beyond a limit.
        """
        self.file, self._data, self._limit = file, data, limit
        try:
            infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
        except ARCHIVE_ERRORS as error:
            raise damaged(file, str(error)) from error
        vet_directory(infos, file, members=BOOK_PART_LIMIT, content=BOOK_INFLATED_LIMIT)
        self.names = {part_name(info.filename): info.filename for info in infos}
        self.infos = infos
        self._infos = {info.filename: info for info in infos}
        self._kept: dict[str, bytes] = {}

    def find(self, path: str) -> str:
        """Return the name of the part that a relation leads to; empty where there is none."""
        return path if path in self._infos else self.names.get(part_name(path), "")

    def read(self, name: str) -> bytes:
        """Return a part that is markup, in UTF-8.

        Raises:
            Unreadable: it is damaged, in another encoding, has a document type, or is beyond a limit.
        """
        if name not in self._kept:
            part = b"".join(self._inflated(name, self._limit))
            usual = _USUAL.match(part)
            # One sign is found faster than five, and a second declaration is rare.
            if not usual or (part.find(b"?", usual.end()) >= 0 and part.find(_DECLARATION, usual.end()) >= 0):
                part = in_utf_8(part, name, self.file)
                if not _PROLOG.match(part):
                    raise damaged(self.file, f"{name}: unusual beginning")
            self._kept[name] = part
        return self._kept[name]

    def __contains__(self, name: str) -> bool:
        """Say whether there is a part of exactly this name."""
        return name in self._infos

    def is_plain(self, name: str, part: bytes) -> bool:
        """Say whether a part stands in the package as it was read."""
        return self._infos[name].file_size == len(part)

    def vetted(self, name: str) -> bytes:
        """Return a part that need not be markup; markup in UTF-8.

        Raises:
            Unreadable: it is damaged, in another encoding, has a document type, or is beyond a limit.
        """
        if name not in self._kept:
            part = in_utf_8(b"".join(self._inflated(name, BOOK_CONTENT_LIMIT)), name, self.file)
            vet_doctype(part, name, self.file)
            return part
        return self._kept[name]

    def vet_beginnings(self) -> None:
        """Refuse a document type in any part, also in one that is never parsed.

        Raises:
            Unreadable: a part has one.
        """
        for name, info in self._infos.items():
            if name not in self._kept:
                start = self._start(info)
                packed = self._data[start : start + min(info.compress_size, _HEAD)]
                stored = info.compress_type == zipfile.ZIP_STORED
                if _is_settled(packed, stored=stored):
                    continue
                head = packed if stored else _head(packed)
                vet_doctype(head, name, self.file)
                begins = head.lstrip(b"\xef\xbb\xbf \t\r\n")
                goes_on = bool(head) and begins[:1] in {b"", b"<"} and not _PROLOG.match(begins)
                if goes_on or _HIDING.match(head):
                    self.vetted(name)

    def _start(self, info: zipfile.ZipInfo) -> int:
        """Return where the bytes of a part begin."""
        start = info.header_offset + _LOCAL_HEADER
        lengths = self._data[start - 4 : start]
        return start + (sum(struct.unpack("<HH", lengths)) if len(lengths) == 4 else 0)  # noqa: PLR2004 - name and extra field

    @cached_property
    def _usual_names(self) -> dict[str, str]:
        """Return the names of the parts as the list of their contents spells them."""
        listed = self.names.get("[content_types].xml")
        items = self.tree(listed).iter(_OVERRIDE) if listed else ()
        spelt = [item.get("PartName", "").lstrip("/") for item in items]
        return {part_name(name): name for name in ["[Content_Types].xml", *spelt]}

    def usual_name(self, name: str) -> str:
        """Return the name of a part as programs expect it that take a name as it is written."""
        known = self._usual_names.get(part_name(name))
        return known or name.replace("\\", "/").lstrip("/")

    def _inflated(self, name: str, limit: int) -> Iterator[bytes]:
        """Yield the bytes of a part, empty cells of a large sheet left out; at last compare length and checksum.

        Raises:
            Unreadable: it is damaged, or beyond a limit.
        """
        info = self._infos[name]
        pieces = self._pieces(info)
        if info.file_size > _LARGE:
            from workbook.excel.reading.ghosts import without_ghosts

            pieces = without_ghosts(self._narrowed(pieces, name))
        size = 0
        for piece in pieces:
            size += len(piece)
            if size > limit:
                raise too_large(self.file, f"的部件 {name} 超过 {limit} 字节", f"a part {name} too large", limit)
            yield piece

    def _narrowed(self, pieces: Iterator[bytes], name: str) -> Iterator[bytes]:
        """Yield the pieces of a part in UTF-8 where it is in UTF-16, else as they are."""
        first = next(pieces)
        wide = wide_encoding(first)
        if not wide:
            yield from chain((first,), pieces)
            return
        decoder = getincrementaldecoder(wide)()
        try:
            yield undeclared(decoder.decode(first), name, self.file).encode()
            yield from (decoder.decode(piece).encode() for piece in pieces)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise damaged(self.file, f"{name}: {error}") from error

    def _pieces(self, info: zipfile.ZipInfo) -> Iterator[bytes]:
        """Inflate a part, a small one in one go, which zipfile does in pieces."""
        start = self._start(info)
        packed = self._data[start : start + info.compress_size]
        size = checksum = 0
        try:
            for piece in (packed,) if info.compress_type == zipfile.ZIP_STORED else _inflate(packed, info.file_size):
                size, checksum = size + len(piece), isal_zlib.crc32(piece, checksum)
                yield piece
        except _INFLATE_ERRORS as error:
            raise damaged(self.file, f"{info.filename}: {error}") from error
        if size != info.file_size or checksum != info.CRC:
            raise damaged(self.file, f"{info.filename}: wrong checksum")

    def tree(self, name: str) -> ET.Element:
        """Return a part as a tree.

        Raises:
            Unreadable: it is not well formed.
        """
        try:
            return _tree(self.read(name))
        except SyntaxError as error:  # which the parser's own is made from
            raise damaged(self.file, str(error)) from error

    def relations(self, name: str) -> Mapping[str, tuple[str, str]]:
        """Return the kind and the target of each relation of a part, of the package itself for an empty name.

        Raises:
            Unreadable: the part that lists them is damaged, or beyond a limit.
        """
        folder, base = posixpath.split(name.replace("\\", "/"))
        listed = self.find(posixpath.join(folder, "_rels", f"{base}.rels"))
        if not listed:
            return {}
        xml = self.read(listed)
        try:
            return _kept_relations(xml, folder) if len(xml) < _CACHED else _relations(xml, folder)
        except SyntaxError as error:
            raise damaged(self.file, str(error)) from error


def _tree(xml: bytes) -> ET.Element:
    from xml.etree import ElementTree as ET

    # The encoding is settled; the parser's names for it are fewer than those that a declaration may have.
    parser = ET.XMLParser(encoding="utf-8")  # noqa: S314 - vetted: no document type
    return ET.fromstring(xml, parser)  # noqa: S314 - same


def _relations(xml: bytes, folder: str) -> Mapping[str, tuple[str, str]]:
    """Return the relations that a part lists of another, which lies in a folder."""
    items: Iterable[Mapping[str, str]] = plain_relations(xml)
    items = items or [item.attrib for item in _tree(xml) if item.tag == _RELATIONSHIP]
    found = {
        item.get("Id", ""): (
            item.get("Type", "").rpartition("/")[2],
            _resolved(folder, item.get("Target", "")),
        )
        for item in items
        if item.get("TargetMode") != "External"
    }
    return MappingProxyType(found)


_kept_relations = lru_cache(maxsize=64)(_relations)


@lru_cache(maxsize=256)
def _is_settled(packed: bytes, *, stored: bool) -> bool:
    """Say whether a part is sure to have no document type by how it begins, stored or inflated."""
    return bool(_SETTLED.match(packed if stored else _head(packed)))


def _head(packed: bytes) -> bytes:
    """Return the beginning of a part as far as it can be inflated."""
    try:
        return bytes(isal_zlib.decompressobj(-15).decompress(packed, _HEAD))
    except _INFLATE_ERRORS:
        return b""  # told when somebody reads it


@lru_cache(maxsize=256)
def _resolved(folder: str, target: str) -> str:
    """Return the path of a target; one with a slash in front counts from the package, others from the folder."""
    path = target if "%" not in target else unquote(target)
    return posixpath.normpath(posixpath.join("/", folder, path.replace("\\", "/"))).lstrip("/")


def _inflate(packed: bytes, size: int) -> Iterator[bytes]:
    """Inflate no further than one byte beyond the length that the directory promises."""
    stream = isal_zlib.decompressobj(-15)
    while True:
        piece = stream.decompress(packed, min(size + 1, _LARGE + 1))
        yield piece
        size -= len(piece)
        packed = stream.unconsumed_tail
        if size < 0 or stream.eof or not piece:
            return
