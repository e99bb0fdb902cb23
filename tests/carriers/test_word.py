"""Word documents become blocks."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import docx
import docx.enum.style
import pytest
from blocks import grids, paragraphs, read, refusal
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from workbook.carriers.word.word import read_word
from workbook.match.grid import Document, Grid, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable


def word(document: docx.document.Document) -> Document:
    stream = io.BytesIO()
    document.save(stream)
    return read_word(stream.getvalue(), "a.docx")


def test_merged_cells_of_a_document_stand_as_the_same_cell() -> None:
    document = docx.Document()
    document.add_paragraph("标题")
    table = document.add_table(3, 3)
    table.cell(0, 0).merge(table.cell(1, 1)).text = "角"
    table.cell(0, 2).text = "甲"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "乙"
    table.cell(2, 0).text = "丙"
    table.cell(2, 1).text = "1"
    document.add_paragraph("尾")
    read_back = word(document)
    assert grids(read_back) == [[["角", "角", "甲"], ["角", "角", "乙"], ["丙", "1", "乙"]]]
    assert paragraphs(read_back) == ["标题", "尾"]
    grid = read_back.blocks[1]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[1][2] is grid.rows[2][2]
    assert (grid.rows[2][1].place.sheet, grid.rows[2][1].place.address) == ("文档", "表1 第3行第2列")


def test_nested_tables_of_a_document_stand_on_their_own() -> None:
    document = docx.Document()
    cell = document.add_table(1, 2).cell(0, 1)
    cell.text = "前"
    cell.add_table(1, 1).cell(0, 0).text = "内"
    read_back = word(document)
    assert grids(read_back) == [[[None, None]], [["内"]]]
    assert paragraphs(read_back) == ["前"]


def test_a_document_is_read_as_it_stands_when_all_changes_are_accepted() -> None:
    document = docx.Document()
    body = document.element.body
    run = "<w:r><w:t>{}</w:t></w:r>"
    body.insert(0, parse_xml(
        f"<w:p {nsdecls('w')}>{run.format('甲')}<w:del w:id='1'><w:r><w:delText>旧</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{run.format('新')}</w:ins><w:moveFrom w:id='3'>{run.format('移')}</w:moveFrom>"
        f"<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐</w:t></w:r><w:hyperlink>{run.format('乙')}</w:hyperlink>"
        "<w:r><w:br/><w:t>丙</w:t><w:pict><w:txbxContent><w:p><w:r><w:t>框</w:t></w:r></w:p></w:txbxContent></w:pict>"
        "</w:r></w:p>"
    ))  # fmt: skip
    body.insert(1, parse_xml(
        f"<w:sdt {nsdecls('w')}><w:sdtContent><w:tbl><w:tr><w:trPr><w:del w:id='4'/></w:trPr><w:tc><w:p/></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr><w:tc><w:p>{run.format('1')}</w:p></w:tc>"
        "<w:tc><w:tcPr><w:hMerge/></w:tcPr><w:p/></w:tc></w:tr></w:tbl></w:sdtContent></w:sdt>"
    ))  # fmt: skip
    read_back = word(document)
    assert paragraphs(read_back) == ["甲新乙\n丙"]
    assert grids(read_back) == [[[None, "1", "1"]]]


def test_paragraphs_in_the_kits_style_of_texts_are_read_letter_by_letter() -> None:
    document = docx.Document()
    style = document.styles.add_style("年报正文", docx.enum.style.WD_STYLE_TYPE.PARAGRAPH)
    for text in ("  一 ", "", "二\t三 "):
        document.add_paragraph(text, style)
        document.add_paragraph(text)
    blocks = [(block.text, block.exact) for block in word(document).blocks if isinstance(block, Paragraph)]
    assert blocks == [("  一 ", True), ("一", False), ("", True), ("二\t三 ", True), ("二\t三", False)]


def rewritten(name: str, data: bytes) -> bytes:
    """Return a Word document with another part."""
    saved, target = io.BytesIO(), io.BytesIO()
    docx.Document().save(saved)
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for info in source.infolist():
            archive.writestr(info.filename, data if info.filename == name else source.read(info))
    return target.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    f"<w:document {W}><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>"
)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "entities": (LAUGHS.encode, "file.damaged"),
    "entities in UTF-16": (lambda: LAUGHS.encode("utf-16"), "file.damaged"),
    "entities in UTF-7": (LAUGHS.replace('"1.0"', '"1.0" encoding="utf-7"').encode, "file.damaged"),
    "cut": (lambda: b"<w:document>", "file.damaged"),
    "no body": (f"<w:document {W}/>".encode, "file.damaged"),
    "deep": (f"<w:document {W}><w:body>{'<w:p>' * 10_000}".encode, "file.damaged"),
    "blanks": (lambda: b" " * (150 * 2**20), "file.too_large"),
    "elements": (lambda: b"<a/>" * 1_100_000, "file.too_large"),
}
"""Made when they are asked for: some are large."""


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_documents_are_refused(name: str) -> None:
    part, code = HOSTILE[name]
    assert refusal(rewritten("word/document.xml", part())) == code


def test_spans_and_counts_of_a_document_are_bounded() -> None:
    cell = "<w:tc><w:tcPr><w:gridSpan w:val='{}'/></w:tcPr><w:p/></w:tc>"
    table = "<w:document {}><w:body><w:tbl>{}</w:tbl></w:body></w:document>"
    one = f"<w:tr>{cell.format('9' * 5000)}</w:tr>"
    assert len(grids(read(rewritten("word/document.xml", table.format(W, one).encode()), "a"))[0][0]) == 100
    many = f"<w:tr>{cell.format(100) * 50}</w:tr>" * 50
    assert refusal(rewritten("word/document.xml", table.format(W, many).encode())) == "file.too_large"


def test_damaged_archives_are_refused() -> None:
    good = rewritten("", b"")
    assert refusal(good[: len(good) // 2]) == "file.damaged"
    flipped = bytearray(good)
    flipped[good.index(b"word/document.xml") + 60] ^= 0xFF
    assert refusal(bytes(flipped)) == "file.damaged"
    locked = bytearray(good)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        locked[good.index(mark) + at] |= 1
    assert refusal(bytes(locked)) == "file.encrypted"


def test_two_parts_of_the_same_name_are_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("word/document.xml", b"<a/>")
        archive.writestr("word/Document.xml", b"<b/>")
    assert refusal(stream.getvalue()) == "file.damaged"
