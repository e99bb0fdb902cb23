"""A package of parts that are deflated already: the same parts give the same bytes, on any system and at any time."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from isal import isal_zlib

if TYPE_CHECKING:
    from collections.abc import Iterable

_LEVEL, _RAW = 2, -15
_VERSION, _DEFLATED, _DATE = 20, 8, 1 << 5 | 1  # the first of January 1980, the earliest that there is
_SHARED = "<HHHHHLLLHH"
"""What both headers of a part say: version, flags, method, time, date, checksum, two sizes, lengths of the name and
of more about it."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a package, deflated."""

    name: str
    packed: bytes
    size: int
    checksum: int


def deflated(name: str, content: bytes) -> Part:
    """Return a part with this content."""
    return Part(name, isal_zlib.compress(content, _LEVEL, _RAW), len(content), isal_zlib.crc32(content))


def zipped(parts: Iterable[Part]) -> bytes:
    """Return the package of these parts; their names are in ASCII."""
    pieces: list[bytes] = []
    directory: list[bytes] = []
    at = 0
    for part in parts:
        name = part.name.encode("ascii")
        sizes = part.checksum, len(part.packed), part.size
        shared = struct.pack(_SHARED, _VERSION, 0, _DEFLATED, 0, _DATE, *sizes, len(name), 0)
        pieces += b"PK\3\4", shared, name, part.packed
        directory.append(
            b"PK\1\2" + struct.pack("<H", _VERSION) + shared + struct.pack("<HHHLL", 0, 0, 0, 0, at) + name
        )
        at += 4 + len(shared) + len(name) + len(part.packed)
    listed = b"".join(directory)
    end = struct.pack("<HHHHLLH", 0, 0, len(directory), len(directory), len(listed), at, 0)
    return b"".join((*pieces, listed, b"PK\5\6", end))
