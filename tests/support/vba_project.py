"""The streams of a VBA project as [MS-OVBA] describes them, read without the library that the add-in is built with."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

import olefile
from oletools.olevba import decompress_stream

if TYPE_CHECKING:
    from pathlib import Path

PROJECT_NAME, REFERENCE_NAME, MODULE_NAME, DOCSTRING, OFFSET = 0x0004, 0x0016, 0x0019, 0x001C, 0x0031
"""Records of the stream ``dir``."""


def streams(addin: Path) -> dict[str, bytes]:
    """Return the streams of an add-in's project by their paths."""
    with zipfile.ZipFile(addin) as archive:
        data = archive.read("xl/vbaProject.bin")
    with olefile.OleFileIO(io.BytesIO(data)) as file:
        return {"/".join(path): file.openstream(path).read() for path in file.listdir()}


def records(addin: Path) -> list[tuple[int, bytes]]:
    """Return number and content of the records of the stream ``dir``, which has nothing beside them."""
    data = bytes(decompress_stream(bytearray(streams(addin)["VBA/dir"])))
    found, at = [], 0
    while at < len(data):
        number, size = struct.unpack_from("<HI", data, at)
        size = 6 if number == 0x0009 else size
        found.append((number, data[at + 6 : at + 6 + size]))
        at += 6 + size
    assert at == len(data)
    assert found[-1] == (0x0010, b"")
    return found


def lines(addin: Path) -> dict[str, str]:
    """Return what the first section of the stream ``PROJECT`` says; of what is said several times, all."""
    said: dict[str, str] = {}
    for key, value in re.findall(r'(?m)^(\w+)="?([^"\r\n]*)', streams(addin)["PROJECT"].decode().split("[")[0]):
        said[key] = f"{said[key]} {value}" if key in said else value
    return said


def decrypted(text: str, project: str) -> bytes:
    """Return a state of a project (2.4.3.3).

    Raises:
        ValueError: it was encrypted for another project, or by another version.
    """
    seed, version, key, *rest = bytes.fromhex(text)
    if version ^ seed != 2 or key ^ seed != sum(map(ord, project)) % 256:
        raise ValueError(text)
    plain: list[int] = []
    cipher, before = [version, key], key ^ seed
    for byte in rest:
        before = byte ^ (cipher[-2] + before) % 256
        plain.append(before)
        cipher.append(byte)
    told = bytes(plain[(seed & 6) // 2 :])
    size = int.from_bytes(told[:4], "little")
    if size != len(told) - 4:
        raise ValueError(text)
    return told[4:]
