"""Gets the parts out of a damaged package: by its directory where there is one, else by the headers before each part.

Nothing that the file says of its own sizes is believed: every stream is inflated until it ends or breaks off, within
the limits of reading.
"""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.archive import ARCHIVE_ERRORS, RATIO_LIMIT, damaged, too_large
from workbook.excel.package import CONTENT_LIMIT, MEMBER_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER, _DIRECTORY, _DESCRIPTOR = b"PK\x03\x04", b"PK\x01\x02", b"PK\x07\x08"
_LAYOUT = struct.Struct("<4s5H3L2H")
_DESCRIPTOR_FOLLOWS = 8
_READ = re.compile(r"xl/.*\.(?:xml|rels)", re.DOTALL)
_CHUNK = 4096  # a stream that breaks is gone through again byte by byte from its last sound chunk on
_MEGABYTE = 2**20


@dataclass(frozen=True, slots=True)
class Part:
    """A part as far as its stream goes; ``sound`` says that it is whole and a checksum in the file confirms it."""

    name: str
    content: bytes
    sound: bool


@dataclass(frozen=True, slots=True)
class _Header:
    """What stands before a part: where it begins, and what is said of it."""

    name: str
    start: int
    stored: bool
    size: int
    crc: int
    descriptor: bool


def parts(data: bytes, file: str) -> Iterator[Part]:
    """Yield the XML parts below ``xl/`` in the order of the file; nothing for a package of another kind.

    Args:
        data: the bytes of the file.
        file: its name, for findings.

    Raises:
        Unreadable: it is beyond a limit of parts, of bytes or of ratio.
    """
    wreck = _Wreck(data, file)
    return (part for part in wreck.parts() if _READ.fullmatch(part.name))


class _Wreck:
    """The bytes of a damaged package, and how much of them may still be read and inflated."""

    def __init__(self, data: bytes, file: str) -> None:
        self.data, self.file = data, file
        self._output, self._input = CONTENT_LIMIT, 2 * len(data) + _CHUNK

    def parts(self) -> Iterator[Part]:
        """Yield every part."""
        if self.data.count(_DIRECTORY) > MEMBER_LIMIT:
            raise too_large(self.file, f"内含 {MEMBER_LIMIT} 个以上部件", f"over {MEMBER_LIMIT} parts", MEMBER_LIMIT)
        listed = self._listed()
        return self._by_directory(listed) if listed else self._by_headers()

    def _listed(self) -> list[zipfile.ZipInfo]:
        """Return the entries of the directory, none where it does not lead to the parts."""
        try:
            with zipfile.ZipFile(io.BytesIO(self.data)) as archive:
                found = archive.infolist()
        except ARCHIVE_ERRORS:
            return []
        # The directory of a workbook inside this one leads past the parts before it.
        first = min((info.header_offset for info in found), default=-1)
        led = first == self.data.find(_HEADER) and all(self._header(info.header_offset) for info in found)
        return found if led else []

    def _by_directory(self, listed: list[zipfile.ZipInfo]) -> Iterator[Part]:
        for info in listed:
            header = self._header(info.header_offset)
            if header:
                # A name that was damaged in one place may be whole in the other.
                name = info.filename if _READ.fullmatch(info.filename) else header.name
                stored = info.compress_type == zipfile.ZIP_STORED
                content, end = self._stream(header.start, stored=stored, size=info.compress_size)
                yield Part(name, content, self._confirmed(content, end, header, info.CRC))

    def _by_headers(self) -> Iterator[Part]:
        """Walk from header to header; what lies inside a part that is whole is none."""
        at, count = self.data.find(_HEADER), 0
        while at >= 0:
            header, after = self._header(at), at + len(_HEADER)
            if header:
                count += 1
                if count > MEMBER_LIMIT:
                    raise too_large(self.file, f"内含 {count} 个以上部件", f"over {count} parts", MEMBER_LIMIT)
                size = header.size
                if header.stored and header.descriptor:
                    size = max(0, self.data.find(_DESCRIPTOR, header.start) - header.start)
                content, end = self._stream(header.start, stored=header.stored, size=size)
                yield Part(header.name, content, self._confirmed(content, end, header))
                told = header.start + header.size
                after = end or (told if self.data[told : told + 2] == b"PK" else after)
            at = self.data.find(_HEADER, after)

    def _header(self, at: int) -> _Header | None:
        raw = self.data[at : at + _LAYOUT.size] if at >= 0 else b""
        if len(raw) < _LAYOUT.size or not raw.startswith(_HEADER):
            return None
        _, _, flags, method, _, _, crc, size, _, name, extra = _LAYOUT.unpack(raw)
        start = at + _LAYOUT.size
        written = self.data[start : start + name].decode("utf-8", "replace")
        return _Header(written, start + name + extra, method == 0, size, crc, bool(flags & _DESCRIPTOR_FOLLOWS))

    def _confirmed(self, content: bytes, end: int, header: _Header, *known: int) -> bool:
        """Say whether a part is whole and one of the checksums that the file has of it is right."""
        checksums = {header.crc, *known}
        if header.descriptor:
            behind = self.data[end : end + 8].removeprefix(_DESCRIPTOR)
            checksums.add(int.from_bytes(behind[:4], "little"))
        return bool(end and content) and zlib.crc32(content) in checksums

    def _stream(self, start: int, *, stored: bool, size: int) -> tuple[bytes, int]:
        """Return what a stream holds, and where it ends in the file; 0 where it breaks off."""
        if stored:
            content = self.data[start : start + size]
            self._spend(len(content), len(content))
            return content, start + size if len(content) == size else 0
        found, at, engine = bytearray(), start, zlib.decompressobj(-15)
        while at < len(self.data) and not engine.eof:
            chunk = self.data[at : at + _CHUNK]
            before = engine.copy()
            try:
                piece, broken = engine.decompress(chunk, self._output + 1), False
            except zlib.error:
                piece, broken = _bytewise(before, chunk), True
            at += len(chunk)
            found += piece
            self._spend(len(chunk), len(piece))
            if len(found) > _MEGABYTE and len(found) > RATIO_LIMIT * (at - start):
                raise too_large(self.file, f"压缩比超过 {RATIO_LIMIT}:1", f"ratio beyond {RATIO_LIMIT}:1", RATIO_LIMIT)
            if broken:
                break
        return bytes(found), at - len(engine.unused_data) if engine.eof else 0

    def _spend(self, read: int, made: int) -> None:
        self._input -= read
        self._output -= made
        if self._output < 0:
            raise too_large(
                self.file, f"解压后超过 {CONTENT_LIMIT} 字节", f"over {CONTENT_LIMIT} bytes inflated", CONTENT_LIMIT
            )
        if self._input < 0:  # streams over streams
            raise damaged(self.file, "parts that overlap")


def _bytewise(engine: zlib._Decompress, chunk: bytes) -> bytes:
    """Inflate up to the very byte at which a stream breaks."""
    found = bytearray()
    try:
        for at in range(len(chunk)):
            found += engine.decompress(chunk[at : at + 1])
    except zlib.error:
        pass
    return bytes(found)
