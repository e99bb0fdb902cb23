"""Makes the VBA project the add-in's own: its name and GUID, and nothing left of the project that it comes from.

The formats are those of [MS-OVBA]: records of the stream ``dir`` (2.3.4.2), lines of the stream ``PROJECT`` (2.3.1).
"""

from __future__ import annotations

import re
import struct
from typing import TYPE_CHECKING

from xlplugin.addin.vba import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyopenvba import ExcelFile

NAME = "Nianbao"
"""Unlike the name of any module: VBA would refuse it."""
ID = "{8D1B5A0E-6F0C-4C53-9A57-2E5D7C41B3F6}"

NEEDED = frozenset({"Office"})
"""References beside those that every project of Excel has: the ribbon's types are in Office's library."""

STATE = {"CMG": bytes(4), "DPB": b"\0", "GC": b"\xff"}
"""Neither protected nor locked (2.3.1.15), no password (2.3.1.16), shown in the editor (2.3.1.17)."""

_SEED = 0x4E  # any: a fixed one has two builds alike
_VERSION = 2
_IGNORED = 6  # the bits of the seed that say how many bytes mean nothing
_PROJECTVERSION, _PROJECTNAME, _TERMINATOR = 0x0009, 0x0004, 0x0010
_ENCODING = "cp1252"


def disown(file: ExcelFile) -> None:
    """Take from an open project what is not ours: references, descriptions of modules, what was compiled elsewhere."""
    for reference in file.references():
        if reference.name not in NEEDED:
            file.remove_reference(reference.name)
    for module in file.vba_project().modules:
        module.doc_string = module.doc_string_unicode = ""
        file.set_module(module.name, file.get_module(module.name))  # which is written without what was compiled


def with_identity(data: bytes) -> bytes:
    """Return a project (``vbaProject.bin``) with our name and GUID.

    Raises:
        BuildError: it does not say each of them once.
    """
    from pyopenvba.cfb import CFB
    from pyopenvba.vba import compress, decompress

    streams = CFB.from_bytes(data)
    records = decompress(streams.get_stream_in_storage("VBA", "dir"))
    streams.write_stream_in_storage("VBA", "dir", compress(_renamed(records)))
    lines = streams.get_stream("PROJECT").decode(_ENCODING)
    said = {"ID": ID, "Name": NAME} | {key: encrypted(state) for key, state in STATE.items()}
    for key, value in said.items():
        lines, found = re.subn(rf'(?m)^{key}="[^"]*"', f'{key}="{value}"', lines)
        if found != 1:
            raise BuildError(f"the VBA project of xlwings' add-in has {found} lines {key}")
    streams.write_stream("PROJECT", lines.encode(_ENCODING))
    made: bytes = streams.to_bytes()
    return made


def encrypted(data: bytes, project: str = ID, seed: int = _SEED) -> str:
    """Return a state of a project as ``PROJECT`` writes it (2.4.3.2), in hexadecimal digits.

    Args:
        data: the state.
        project: the GUID of the project in braces, which is the key: under another, Excel takes a project for locked.
        seed: any number below 256.
    """
    key = sum(project.encode("ascii")) & 0xFF
    out = [seed, seed ^ _VERSION, seed ^ key]
    before = key
    for byte in bytes((seed & _IGNORED) // 2) + struct.pack("<I", len(data)) + data:
        # the cipher of two bytes ago and the plain byte before; at the start those of version and key
        mask = (out[-2] + before) & 0xFF
        out.append(byte ^ mask)
        before = byte
    return bytes(out).hex().upper()


def records_of(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield number and content of each record of a stream ``dir``, to its end; what follows is none."""
    at, number = 0, 0
    while number != _TERMINATOR:
        number, size = struct.unpack_from("<HI", data, at)
        size += 2 if number == _PROJECTVERSION else 0  # the only one whose size is not its content's
        yield number, data[at + 6 : at + 6 + size]
        at += 6 + size


def _renamed(data: bytes) -> bytes:
    written = []
    for number, content in records_of(data):
        new = NAME.encode("ascii") if number == _PROJECTNAME else content
        size = len(new) - (2 if number == _PROJECTVERSION else 0)
        written.append(struct.pack("<HI", number, size) + new)
    return b"".join(written)
