"""Archives that reports are sent in: as other systems write them, and as somebody writes them who means harm."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DATE = (2026, 1, 9, 9, 0, 0)


class Raw(zipfile.ZipInfo):
    """A member whose name is written as the bytes that it stands for, and says no encoding."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - the library's own name
        return self.filename.encode("cp437"), self.flag_bits & ~0x800


def archive(files: Mapping[str, bytes] | Sequence[tuple[str, bytes]], encoding: str = "") -> bytes:
    """Return an archive; in an encoding its names say none. The same name may stand twice."""
    stream = io.BytesIO()
    pairs = files.items() if hasattr(files, "items") else files
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in pairs:
            info = Raw(name.encode(encoding).decode("cp437"), DATE) if encoding else zipfile.ZipInfo(name, DATE)
            made.writestr(info, data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def of_members(count: int) -> bytes:
    """Return an archive of so many members, written at once: the library takes seconds for them."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, 6, 0)
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 33, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0)
    names = [b"%06d" % number for number in range(count)]
    body = b"".join(local + name for name in names)
    heads = (entry[:-4] + struct.pack("<L", at * 36) + name for at, name in enumerate(names))
    directory = b"".join(heads)
    where = len(body) + len(directory)
    big = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, len(directory), len(body))
    big += struct.pack("<4sLQL", b"PK\6\7", 0, where, 1)
    few = min(count, 0xFFFF)
    return body + directory + big + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, few, few, len(directory), len(body), 0)


def patched(data: bytes, name: str, at: int, value: int, *, width: int = 2) -> bytes:
    """Return an archive with a field of a member changed, in both of its heads; ``at`` counts as in the local one."""
    changed = bytearray(data)
    start = 0
    encoded = name.encode()
    while (start := data.find(b"PK", start)) >= 0:
        for mark, names, more in ((b"PK\3\4", 30, 0), (b"PK\1\2", 46, 2)):
            if data[start : start + 4] == mark and data[start + names : start + names + len(encoded)] == encoded:
                changed[start + at + more : start + at + more + width] = value.to_bytes(width, "little")
        start += 2
    return bytes(changed)


FLAGS, METHOD, CRC, SIZE = 6, 8, 14, 22
"""Where the fields of a member stand in its local head."""


def overlapping(name: str, data: bytes, times: int) -> bytes:
    """Return an archive whose directory has the same member many times."""
    made = archive({name: data})
    start = made.find(b"PK\1\2")
    end = made.find(b"PK\5\6")
    entry = made[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, times, times, len(entry) * times, start, 0)
    return made[:start] + entry * times + tail
