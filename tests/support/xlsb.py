"""Writes binary workbooks (.xlsb), which no program at hand writes: numbers and texts only (MS-XLSB, section 2)."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_ROW, _REAL, _TEXT = 0x00, 0x05, 0x06
_BEGIN_SHEET, _END_SHEET, _BEGIN_DATA, _END_DATA, _EXTENT = 0x81, 0x82, 0x91, 0x92, 0x94
_BEGIN_BOOK, _END_BOOK, _BEGIN_SHEETS, _END_SHEETS, _SHEET = 0x83, 0x84, 0x8F, 0x90, 0x9C
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def xlsb(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> bytes:
    """Return a workbook with these sheets, given as rows of values."""
    listed = b"".join(
        _record(_SHEET, struct.pack("<II", 0, number) + _wide(f"rId{number}") + _wide(name))
        for number, name in enumerate(sheets, 1)
    )
    book = [_record(_BEGIN_BOOK), _record(_BEGIN_SHEETS), listed, _record(_END_SHEETS), _record(_END_BOOK)]
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.bin"/>'
        for number, _ in enumerate(sheets, 1)
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.bin", b"".join(book))
        package.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        for number, rows in enumerate(sheets.values(), 1):
            package.writestr(f"xl/worksheets/sheet{number}.bin", _sheet(rows))
    return stream.getvalue()


def _sheet(rows: Sequence[Sequence[Any]]) -> bytes:
    width = max(map(len, rows))
    parts = [
        _record(_BEGIN_SHEET),
        _record(_EXTENT, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1)),
        _record(_BEGIN_DATA),
    ]
    for index, row in enumerate(rows):
        parts.append(_record(_ROW, struct.pack("<II", index, 0) + bytes(9)))
        for column, value in enumerate(row):
            if isinstance(value, str) and value:
                parts.append(_record(_TEXT, struct.pack("<II", column, 0) + _wide(value)))
            elif value not in {None, ""}:
                parts.append(_record(_REAL, struct.pack("<IId", column, 0, value)))
    return b"".join([*parts, _record(_END_DATA), _record(_END_SHEET)])


def _record(kind: int, content: bytes = b"") -> bytes:
    """Return a record: its kind and its length, seven bits a byte, the lowest first; its content."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, size = b"", len(content)
    while True:
        size, low = divmod(size, 0x80)
        length += bytes([low | (0x80 if size else 0)])
        if not size:
            return head + length + content


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
