"""The floor: less than this no reader in Python can do with a workbook."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING

from isal import isal_zlib

if TYPE_CHECKING:
    from pathlib import Path

NEEDED = ("xl/workbook.xml", "xl/sharedStrings.xml", *(f"xl/worksheets/sheet{number}.xml" for number in range(2, 8)))
"""The parts of a report that say something: the list of sheets, the texts, and the sheets that hold answers."""
CELL = re.compile(rb'<c r="[A-Z]+[0-9]+"[^>]*>(?:<f>[^<]*</f>)?<v>([^<]*)</v>')


def floor(file: Path) -> list[list[bytes]]:
    """Inflate the needed parts with ISA-L, without looking at their checksums, and scan each once for values."""
    with zipfile.ZipFile(file) as archive:
        infos, data = [archive.getinfo(name) for name in NEEDED], file.read_bytes()
    found = []
    for info in infos:
        start = info.header_offset + 30 + len(info.filename)
        part = isal_zlib.decompress(data[start : start + info.compress_size], -15, info.file_size)
        found.append(CELL.findall(part, 0, part.find(b"</sheetData>") % (len(part) + 1)))
    return found
