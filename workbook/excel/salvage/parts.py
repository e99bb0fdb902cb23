"""Gets the parts of a workbook out of a damaged package, by the headers before them and as far as their streams go.

Nothing that the file says of its own sizes is believed: every stream is inflated until it ends or breaks off, within
the limits of reading.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.intake.archive import too_large
from workbook.intake.limits import BOOK_CONTENT_LIMIT, BOOK_PART_LIMIT

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER, _DESCRIPTOR = b"PK\x03\x04", b"PK\x07\x08"
_LAYOUT = struct.Struct("<4s5H3L2H")
_DESCRIPTOR_FOLLOWS = 8
_READ = re.compile(r"xl/(?:(?:workbook|sharedstrings|styles|worksheets/[^/]+)\.xml|_rels/workbook\.xml\.rels)")
_CHUNK = 4096


@dataclass(frozen=True, slots=True)
class Part:
    """A part as far as its stream goes; ``sound`` says that it is whole and a checksum in the file confirms it."""

    content: bytes
    sound: bool


def parts(data: bytes, file: str) -> dict[str, Part | None]:
    """Return the parts that a workbook is read from by their names in small letters; none in other packages.

    Where several of one name differ, ``None`` stands for them. ``file`` is the name of the file, for findings.

    Raises:
        Unreadable: it is beyond a limit of parts or of bytes.
    """
    found: dict[str, Part | None] = {}
    for name, part in _Damaged(data, file).parts():
        other = found.setdefault(name, part)
        if other is None or other.content != part.content:
            found[name] = None
        elif part.sound:
            found[name] = part
    return found


class _Damaged:
    """The bytes of a damaged package, and how many may still be read or inflated."""

    def __init__(self, data: bytes, file: str) -> None:
        self.data, self.file, self._left = data, file, BOOK_CONTENT_LIMIT

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Walk from header to header; headers inside a part do not count: a workbook may hold another workbook."""
        at, count = self.data.find(_HEADER), 0
        while 0 <= at <= len(self.data) - _LAYOUT.size:
            count += 1
            if count > BOOK_PART_LIMIT:
                raise too_large(self.file, f"内含 {count} 个以上部件", f"over {count} parts", BOOK_PART_LIMIT)
            _, _, flags, method, _, _, crc, size, _, length, extra = _LAYOUT.unpack_from(self.data, at)
            start = at + _LAYOUT.size + length + extra
            name = self.data[start - extra - length : start - extra].decode("utf-8", "replace").lower()
            behind = flags & _DESCRIPTOR_FOLLOWS  # then sizes and checksum follow the part
            if behind and method == zipfile.ZIP_STORED:
                size = max(0, self.data.find(_DESCRIPTOR, start) - start)
            content, end = self._stream(start, size if method == zipfile.ZIP_STORED else None)
            if behind:
                crc = int.from_bytes(self.data[end : end + 8].removeprefix(_DESCRIPTOR)[:4], "little")
            if _READ.fullmatch(name):
                yield name, Part(content, bool(end and content) and zlib.crc32(content) == crc)
            ends = (place for place in (end, start + size) if place > at and self.data[place : place + 2] == b"PK")
            at = self.data.find(_HEADER, next(ends, at + len(_HEADER)))

    def _stream(self, start: int, size: int | None) -> tuple[bytes, int]:
        """Return a part up to the byte at which it breaks, and where it ends, 0 where it breaks; ``size`` if stored."""
        if size is not None:
            content = self.data[start : start + size]
            self._spend(len(content))
            return content, start + size if len(content) == size else 0
        found, at, step, engine = bytearray(), start, _CHUNK, zlib.decompressobj(-15)
        while at < len(self.data) and not engine.eof:
            chunk = self.data[at : at + step]
            before = engine.copy() if step > 1 else engine
            try:
                piece = engine.decompress(chunk)
            except zlib.error:
                if step == 1:
                    break
                engine, step = before, 1
                continue
            at += len(chunk)
            found += piece
            self._spend(max(len(chunk), len(piece)))
        return bytes(found), at - len(engine.unused_data) if engine.eof else 0

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            limit = BOOK_CONTENT_LIMIT
            raise too_large(self.file, f"解压后超过 {limit} 字节", f"over {limit} bytes inflated", limit)
