"""Writes a plain package: sheets, shared texts, formats, and what says which part is which."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from workbook.excel.fragments import MAIN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def rebuilt(sheets: Sequence[tuple[str, bytes]], strings: bytes, styles: bytes) -> bytes:
    """Return the bytes of a workbook.

    Args:
        sheets: name and XML of each sheet.
        strings: the XML of the shared texts.
        styles: the XML of the formats; empty where there are none.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in _plain([name for name, _ in sheets], styled=bool(styles)):
            archive.writestr(name, content)
        for number, (_, xml) in enumerate(sheets, 1):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", xml)
        archive.writestr("xl/sharedStrings.xml", strings)
        if styles:
            archive.writestr("xl/styles.xml", styles)
    return stream.getvalue()


def _plain(names: list[str], *, styled: bool) -> Iterator[tuple[str, str]]:
    """Yield the parts that say which part is which sheet."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    numbers = range(1, len(names) + 1)
    others = ["sharedStrings", *(["styles"] if styled else [])]
    targets = [(f"worksheets/sheet{number}", "worksheet") for number in numbers] + [(name, name) for name in others]
    types = "".join(
        f'<Override PartName="/xl/{part}.xml" ContentType="{kind}.{role}+xml"/>'
        for part, role in (("workbook", "sheet.main"), *targets)
    )
    rels = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    relation = '<Relationship Id="rId{}" Type="{}/{}" Target="{}.xml"/>'
    relations = "".join(relation.format(number, office, role, part) for number, (part, role) in enumerate(targets, 1))
    sheets = "".join(
        f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{number}" r:id="rId{number}"/>'
        for number, name in zip(numbers, names, strict=True)
    )
    yield "[Content_Types].xml", f'<Types xmlns="{package}/content-types">{rels}{types}</Types>'
    root = relation.format(1, office, "officeDocument", "xl/workbook")
    yield "_rels/.rels", f'<Relationships xmlns="{package}/relationships">{root}</Relationships>'
    yield "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships">{relations}</Relationships>'
    yield "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{office}"><sheets>{sheets}</sheets></workbook>'
