"""A document type declares entities, which grow, or lead to other files: no part of any package may have one."""

from __future__ import annotations

import io
import zipfile

import pytest
from packages import GOOD

import workbook
from workbook.report import Unreadable

TYPE = '<!DOCTYPE a [<!ENTITY e "9">]><a>&e;</a>'
WAYS = {
    "at once": TYPE.encode(),
    "declared": f'<?xml version="1.0" encoding="UTF-8"?>\r\n{TYPE}'.encode(),
    "with a mark": b"\xef\xbb\xbf" + TYPE.encode(),
    "after blanks": b" \n" * 2_000 + TYPE.encode(),
    "after a long comment": b"<!--" + b"x" * 5_000 + b"-->" + TYPE.encode(),
    "after an instruction": b"<?a b?>" * 300 + TYPE.encode(),
    "UTF-16": ("\ufeff" + TYPE).encode("utf-16-le"),
    "UTF-16 without a mark": f'<?xml version="1.0" encoding="UTF-16BE"?>{TYPE}'.encode("utf-16-be"),
    "EBCDIC": f'<?xml version="1.0" encoding="cp037"?>{TYPE}'.encode("cp037"),
}
PARTS = {
    "a.xlsx": [
        "[Content_Types].xml",
        "_rels/.rels",
        "xl/_rels/workbook.xml.rels",
        "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/worksheets/sheet1.xml",
        "xl/styles.xml",
        "xl/theme/theme1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "xl/drawings/drawing1.xml",
        "customXml/item1.xml",
        "docProps/core.xml",
        "docProps/app.xml",
        "anything",
    ],
    "a.xlsm": ["customXml/item1.xml"],
    "a.xlsb": ["xl/workbook.bin", "docProps/app.xml", "xl/drawings/vmlDrawing1.vml", "_rels/.rels"],
    "a.ods": ["content.xml", "styles.xml", "meta.xml", "META-INF/manifest.xml", "Object 1/content.xml"],
    "a.docx": [
        "word/document.xml",
        "_rels/.rels",
        "customXml/item1.xml",
        "word/vmlDrawing1.vml",
        "[Content_Types].xml",
    ],
}
"""What the packages of each ending have, in every part of which a document type is tried."""


def package(file: str, part: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a package in which one part is something else."""
    held = dict.fromkeys(PARTS[file], b"<a/>")
    if file.startswith(("a.xlsx", "a.xlsm")):
        with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
            held = {name: archive.read(name) for name in archive.namelist()}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, kept in ({"mimetype": b"x"} | held | {part: content}).items():
            archive.writestr(name, kept)
    return stream.getvalue()


def refused(data: bytes, file: str) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        workbook.parse(data, file)
    (finding,) = caught.value.findings
    return finding.code, finding.message()


@pytest.mark.parametrize(("file", "part"), [(file, part) for file, parts in PARTS.items() for part in parts])
@pytest.mark.parametrize("way", WAYS)
def test_no_part_has_a_document_type(file: str, part: str, way: str) -> None:
    code, message = refused(package(file, part, WAYS[way]), file)
    assert code == "file.damaged"
    assert part in message  # and not another reason


def test_a_part_that_is_not_packed_has_none_either() -> None:
    data = package("a.xlsx", "customXml/item1.xml", WAYS["declared"], zipfile.ZIP_STORED)
    assert refused(data, "a.xlsx")[0] == "file.damaged"


def test_a_flat_file_has_none() -> None:
    flat = f'<?xml version="1.0"?>{TYPE.replace("<a>", "<office:document>")}'.encode()
    assert refused(flat, "a.fods")[0].startswith("file.")
