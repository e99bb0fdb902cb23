"""Published files become blocks: web pages, Word documents, PDF, plain text; and none takes the reader down."""

from __future__ import annotations

import io
import sys
import time
import zipfile
import zlib
from typing import TYPE_CHECKING

import docx
import openpyxl
import pytest
from blocks import read
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from openpyxl.styles import Alignment, Border, Side

from workbook.carriers import limits
from workbook.carriers.page.page import read_html
from workbook.carriers.pdf.pdf import read_pdf
from workbook.carriers.text import read_text
from workbook.carriers.word.word import read_word
from workbook.intake import archive
from workbook.match.grid import Document, Grid, Paragraph
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from office import Office

Values = list[list[str | None]]
GARBAGE = bytes(range(256)) * 64


def grids(document: Document | None) -> list[Values]:
    """Return the values of all grids."""
    assert document
    return [[[cell.value for cell in row] for row in grid.rows] for grid in document.blocks if isinstance(grid, Grid)]


def paragraphs(document: Document | None) -> list[str]:
    """Return the texts of all paragraphs."""
    assert document
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def page(body: str) -> Document:
    return read_html(f"<html><head><title>no</title></head><body>{body}</body></html>".encode(), "a.html")


def text(*lines: str) -> Document:
    return read_text("\n".join(lines).encode(), "a.txt")


def refusal(data: bytes) -> str:
    """Return the code with which a file is refused, in a bearable time."""
    start = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read(data, "a")
    assert time.monotonic() - start < 20
    return caught.value.findings[0].code


# Web pages


def test_spans_of_a_page_stand_as_the_same_cell() -> None:
    document = page(
        "<table><tr><th rowspan=2 colspan=2>角</th><th colspan=2>申请人</th></tr><tr><td>自然人</td><td>法人</td></tr>"
        "<tr><td rowspan=0>结果</td><td>公开</td><td>1</td><td></td></tr><tr><td>不公开</td><td>2<td>3</table>"
    )
    assert grids(document) == [
        [
            ["角", "角", "申请人", "申请人"],
            ["角", "角", "自然人", "法人"],
            ["结果", "公开", "1", None],
            ["结果", "不公开", "2", "3"],
        ]
    ]
    (grid,) = document.blocks
    assert isinstance(grid, Grid)
    assert grid.aligned
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[2][0] is grid.rows[3][0]
    assert (grid.rows[3][2].place.sheet, grid.rows[3][2].place.address) == ("网页", "表1 第4行第3列")


def test_a_span_ends_with_its_group_of_rows_and_gaps_are_blank() -> None:
    document = page(
        "<table><thead><tr><td rowspan=5>甲</td><td>乙</td></tr></thead><tbody><tr><td>丙</td></tr>"
        "<tr><td>丁</td><td></td><td rowspan=2>戊</td></tr><tr><td>己</td></tr></tbody></table>"
    )
    assert grids(document) == [[["甲", "乙"], ["丙"], ["丁", None, "戊"], ["己", None, "戊"]]]


def test_a_label_cut_into_spans_is_one_and_breaks_are_lines() -> None:
    document = page(
        "<table><tr><td> <p><span>不予</span><span>公</span><!-- x --><b>开</b>&nbsp;</p></td>"
        "<td>一<br>二<div>三</div></td><td>3\n   0</td><td>&#8203;5</td></tr></table>"
    )
    assert grids(document) == [[["不予公开", "一\n二\n三", "3 0", "5"]]]


def test_what_a_browser_does_not_show_is_not_read() -> None:
    document = page(
        "<script>alert('a')</script><style>p{}</style><p hidden>a</p><p style='DISPLAY: none'>b</p>可见"
        "<table><tr><td style='display:none'>c</td><td>1<script>d</script><noscript>e</noscript>2</td></tr></table>"
    )
    assert paragraphs(document) == ["可见"]
    assert grids(document) == [[["12"]]]


def test_tables_and_paragraphs_stand_in_order() -> None:
    document = page("<h1>标<i>题</i></h1><div>甲<br>乙<p>丙</p>丁</div><table><tr><td>1</table>戊<ul><li>己</ul>")
    shown = [block.text if isinstance(block, Paragraph) else block.name for block in document.blocks]
    assert shown == ["标题", "甲\n乙", "丙", "丁", "表1", "戊", "己"]
    places = [block.place.address for block in document.blocks if isinstance(block, Paragraph)]
    assert places == ["第1段", "第2段", "第3段", "第4段", "第5段", "第6段"]


def test_nested_tables_stand_on_their_own_and_what_frames_them_is_text() -> None:
    document = page(
        "<table><tr><td>菜单</td><td>前<table><tr><td>1</td><td>2</td></tr></table>后</td></tr></table>"
        "<table><tr><td><table><tr><td>3</table></td></tr></table>"
    )
    assert grids(document) == [[["菜单", None]], [["1", "2"]], [["3"]]]
    assert paragraphs(document) == ["前", "后"]


@pytest.mark.parametrize(
    ("encoding", "head"),
    [
        ("utf-8-sig", ""),
        ("utf-16", ""),
        ("gb18030", "<meta charset=gb2312>"),
        ("gb18030", "<meta http-equiv=Content-Type content='text/html; charset=GBK'>"),
        ("utf-8", "<?xml version='1.0' encoding='gb2312'?>"),
        ("utf-8", "<meta charset='nonsense'>"),
        ("utf-8", "<meta charset='gb2312'>"),
        ("gb18030", ""),
    ],
)
def test_a_page_is_decoded_by_what_it_is(encoding: str, head: str) -> None:
    assert paragraphs(read(f"{head}<html><p>政府信息公开工作年度报告一".encode(encoding), "a")) == [
        "政府信息公开工作年度报告一"
    ]


def test_a_page_with_broken_letters_is_read() -> None:
    data = "<html><meta charset=utf-8><p>年度报告".encode() + b"\xff</p><p>\xe4\xb8\x80"
    assert paragraphs(read(data, "a")) == ["年度报告\ufffd", "一"]


# Word


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


# Plain text


def test_cells_one_a_line_are_a_table() -> None:
    document = text(
        "某县年度报告", "", "二、公开情况", "", "\t信息内容", "\t本年", "制作数", "", "\t规章", "\t0", "",
        "\t（三）", "", "不予公开", "\t1.国家秘密", "\t", "\t7", "", "四、复议情况", "\t维持", "\t2", "",
        "\t3", "\t4", "", "", "\t5", "\t6", "尾",
    )  # fmt: skip
    assert grids(document) == [
        [["信息内容", "本年\n制作数"], ["规章", "0"], ["（三）\n不予公开", "1.国家秘密", None, "7"]],
        [["维持", "2"], ["3", "4"]],
        [["5", "6"]],
    ]
    assert paragraphs(document) == ["某县年度报告", "二、公开情况", "四、复议情况", "尾"]
    assert not any(block.aligned for block in document.blocks if isinstance(block, Grid))
    grid = document.blocks[2]
    assert isinstance(grid, Grid)
    assert (grid.rows[2][0].place.sheet, grid.rows[2][0].place.address) == ("文本", "第12行")


def test_a_paragraph_between_tables_is_no_label() -> None:
    long = "这是两张表之间的一段说明文字，" * 8
    document = text("\t项目", "\t数量", "", "说明", "", "\t甲", "\t合计", long, "\t乙", "\t1")
    assert grids(document) == [[["项目", "数量"]], [["甲", "合计"]], [["乙", "1"]]]
    assert paragraphs(document) == ["说明", long]


def test_pipes_are_a_table() -> None:
    document = text(
        "前", "+----+----+", "| 甲 | 乙 |", "|:---|---:|", r"| a\|b | - |", "|| 2 |", "后", "│丙│丁│", "│1│"
    )
    assert grids(document) == [[["甲", "乙"], ["a|b", "-"], [None, "2"]], [["丙", "丁"], ["1"]]]
    assert [block.aligned for block in document.blocks if isinstance(block, Grid)] == [True, False]
    assert paragraphs(document) == ["前", "后"]


def test_cells_between_tabs_are_a_table() -> None:
    document = text("前", "\t自然人\t法人", "公开\t1\t", "", "不公开\t2\t3", "后")
    assert grids(document) == [[[None, "自然人", "法人"], ["公开", "1", None], ["不公开", "2", "3"]]]
    assert paragraphs(document) == ["前", "后"]


def test_indented_paragraphs_are_no_table() -> None:
    document = text("\t第一段的话。", "\t第二段的话。", "", "1.\t一点。", "2.\t二点。", "", "附件\t目录")
    assert grids(document) == []
    assert paragraphs(document) == ["第一段的话。", "第二段的话。", "1.\t一点。", "2.\t二点。", "附件\t目录"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_is_decoded_by_what_it_is(encoding: str) -> None:
    assert paragraphs(read("年度报告\r\n二〇二〇年".encode(encoding), "a")) == ["年度报告", "二〇二〇年"]


# PDF


def pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects; the first is the catalogue."""
    data, starts = b"%PDF-1.4\n", []
    for number, item in enumerate(objects, 1):
        starts.append(len(data))
        data += b"%d 0 obj\n" % number + item + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return data + (
        b"xref\n0 %d\n0000000000 65535 f \n" % size + table
        + b"trailer <</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(data))
    )  # fmt: skip


def stream(data: bytes, extra: bytes = b"", filters: bytes = b"/FlateDecode") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<<%s/Length %d/Filter %s>>\nstream\n%s\nendstream" % (extra, len(packed), filters, packed)


def drawn(content: bytes, resources: bytes = b"", *more: bytes) -> bytes:
    """Return a PDF of one page."""
    font = b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<%s%s>>>>" % (font, resources),
        content,
        *more,
    )


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
IMAGE = stream(b"\0" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray")


def test_a_page_of_letters_is_read() -> None:
    data = drawn(stream(b"BT /F1 12 Tf 100 700 Td (Hello) Tj 0 -14 Td (world) Tj ET"))
    (only,) = read_pdf(data, "a.pdf").blocks
    assert isinstance(only, Paragraph)
    assert (only.text, only.place.sheet, only.place.address) == ("Hello world", "第1页", "第1行")


def test_a_page_that_is_a_picture_is_told() -> None:
    document = read_pdf(drawn(stream(b"q 600 0 0 800 0 0 cm /I Do Q"), b"/XObject<</I 5 0 R>>", IMAGE), "a.pdf")
    (reader_findings,) = document.reader_findings
    assert (reader_findings.code, reader_findings.level, list(document.blocks)) == ("file.pictures", "error", [])
    assert "第 1 页" in reader_findings.message()
    assert reader_findings.message("en")


def test_an_exported_report_is_read(libreoffice: Office, tmp_path: Path) -> None:
    """A table over two pages, with merged cells of which one is cut by the end of the page."""
    said = "这是一段文字，写得比较长，为的是在页面上折成好几行，看看能不能连成一段，不断开，也不多出空格来。" * 2
    sheet(tmp_path / "a.xlsx", said)
    libreoffice.export(tmp_path / "a.xlsx", tmp_path / "a.pdf", "calc_pdf_Export")
    document = read((tmp_path / "a.pdf").read_bytes(), "a.pdf")
    assert paragraphs(document) == ["某区年度报告", said, "尾段。"]
    rows = [["三、结果", f"第{index}项", str(index), None] for index in range(60)]
    head = [["角", "角", "申请人", "申请人"], ["角", "角", "自然人", "法人"]]
    assert grids(document) == [[*head, *rows, ["末", None, "0", "5"]]]
    assert document
    grid = document.blocks[2]
    assert isinstance(grid, Grid)
    assert grid.rows[0][0] is grid.rows[1][1]
    assert grid.rows[2][0] is grid.rows[61][0]
    assert {row[2].place.sheet for row in grid.rows} == {"第1页", "第2页"}
    assert grid.rows[2][2].place.address == "表1 第3行第3列"


def sheet(path: Path, said: str) -> None:
    """Make a sheet with text above and below a ruled table that is longer than a page."""
    book = openpyxl.Workbook()
    (one,) = book.worksheets
    for letter, width in zip("ABCD", (14, 30, 14, 14), strict=True):
        one.column_dimensions[letter].width = width
    one["A1"], one["A2"], one["A68"] = "某区年度报告", said, "尾段。"
    one.merge_cells("A2:D2")
    one["A2"].alignment = Alignment(wrap_text=True, vertical="top")
    one.row_dimensions[2].height = 90
    rows: list[Sequence[str | int | None]] = [("角", None, "申请人", None), (None, None, "自然人", "法人")]
    rows += [("三、结果" if index == 0 else None, f"第{index}项", index, None) for index in range(60)]
    thin = Side(style="thin")
    for number, row in enumerate([*rows, ("末", None, 0, 5)], 4):
        for column, value in enumerate(row, 1):
            cell = one.cell(number, column, value)
            cell.border, cell.alignment = Border(thin, thin, thin, thin), Alignment(vertical="top")
    for merged in ("A4:B5", "C4:D4", "A6:A65"):
        one.merge_cells(merged)
    book.save(path)


# The choice


@pytest.mark.parametrize(
    "data", [GARBAGE, b"\x89PNG\r\n\x1a\n\0\0", b"abc\0def", b"\xff\xff\xff", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
)
def test_what_is_none_of_these_is_not_read(data: bytes) -> None:
    assert read(data, "a.txt") is None


def zipped(**parts: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("__", "/"), data)
    return stream.getvalue()


def test_an_archive_that_is_no_document_is_left_to_others() -> None:
    assert read(zipped(xl__workbook=b"<x/>"), "a.docx") is None


def test_a_missing_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = io.BytesIO()
    docx.Document().save(saved)
    for name, data, reader in (
        ("lxml", b"<html>", read_html),
        ("docx", saved.getvalue(), read_word),
        ("pdfplumber", drawn(stream(b"")), read_pdf),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, name, None)
            with pytest.raises(Unreadable) as caught:
                reader(data, "a")
        (finding,) = caught.value.findings
        assert finding.code == "file.needs_library"
        assert "nianbao[published]" in finding.hint()
        assert "nianbao[published]" in finding.hint("en")


# Hostile input


def test_an_empty_file_is_told() -> None:
    assert refusal(b"") == "file.empty"
    assert refusal(b" " * (archive.FILE_LIMIT + 1)) == "file.too_large"


def test_huge_spans_are_bounded() -> None:
    ((row,),) = grids(page("<table><tr><td colspan=99999999 rowspan=99999999>x</td></tr></table>"))
    assert len(row) == limits.SPAN_LIMIT
    row_of_spans = "<tr>" + "<td colspan=100 rowspan=100>" * 50 + "</tr>"
    assert refusal(f"<table>{row_of_spans * 500}</table>".encode()) == "file.too_large"


@pytest.mark.parametrize(
    "body",
    [
        "<div>" * 10_000 + "x" + "</div>" * 10_000,
        "<table><tr><td>" * 10_000,
        "<p>" + "a" * 11_000_000,
        "<b>" * 1_100_000,
    ],
)
def test_pages_beyond_measure_are_refused(body: str) -> None:
    assert refusal(f"<html>{body}".encode()) == "file.too_large"


def test_entities_of_a_page_are_not_expanded() -> None:
    laughs = "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    document = read(f"<!DOCTYPE html [<!ENTITY a0 'ha'>{laughs}]><p>&a9;".encode(), "a")
    assert len("".join(paragraphs(document))) < 2000


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


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (LAUGHS.encode(), "file.damaged"),
        (LAUGHS.encode("utf-16"), "file.damaged"),
        (LAUGHS.replace('"1.0"', '"1.0" encoding="utf-7"').encode(), "file.damaged"),
        (b"<w:document>", "file.damaged"),
        (f"<w:document {W}/>".encode(), "file.damaged"),
        (f"<w:document {W}><w:body>{'<w:p>' * 10_000}".encode(), "file.damaged"),
        (b" " * (150 * 2**20), "file.too_large"),
        (b"<a/>" * 1_100_000, "file.too_large"),
    ],
)
def test_hostile_documents_are_refused(part: bytes, code: str) -> None:
    assert refusal(rewritten("word/document.xml", part)) == code


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


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (drawn(stream(b" " * 2**28)), "file.too_large"),
        (drawn(stream(zlib.compress(b" " * 2**28, 9), b"", b"[/FlateDecode/FlateDecode]")), "file.too_large"),
        (drawn(stream(b"BT /F1 1 Tf (" + b"a" * 100_000 + b") Tj ET")), "file.too_large"),
        (drawn(stream(b"(" * 1_000_000)), "file.too_large"),
        (drawn(stream(b"0 0 m 9 9 l S " * 120_000)), "file.too_large"),
        (b"%PDF-1.4\n" + b"1 0 obj\n" * 300_000, "file.too_large"),
        (drawn(stream(b"x"))[:300], "file.damaged"),
        (b"%PDF-1.4\n" + GARBAGE, "file.damaged"),
        (b"%PDF-1.4\n" + b"stream\n" * 100_000, "file.damaged"),
    ],
    ids=["bomb", "layers", "letters", "brackets", "strokes", "objects", "cut", "garbage", "streams"],
)
def test_hostile_pdfs_are_refused(data: bytes, code: str) -> None:
    assert refusal(data) == code


def test_forms_that_draw_each_other_are_refused() -> None:
    """Ten of them ten times each: ten million million letters in a few hundred bytes."""
    forms = [
        stream(b"/X%d Do " % at * 10, FORM + b"/Resources<</XObject<</X%d %d 0 R>>>>" % (at, 6 + at)) for at in range(9)
    ]
    last = stream(b"BT /F1 9 Tf (aaaaaaaaaaaaaaaaaaaa) Tj ET", FORM + b"/Resources<</Font<</F1 3 0 R>>>>")
    assert refusal(drawn(stream(b"/X Do"), b"/XObject<</X 5 0 R>>", *forms, last)) == "file.too_large"


def test_too_many_pages_are_refused() -> None:
    kids = b"".join(b"%d 0 R " % (3 + at) for at in range(400))
    pages = [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"] * 400
    data = pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count 400>>" % kids, *pages)
    assert refusal(data) == "file.too_large"


def test_a_stream_that_is_cut_short_is_not_rescued_byte_by_byte() -> None:
    packed = zlib.compress(bytes(hash((at, 7)) % 251 for at in range(600_000)), 0)[:-9]
    content = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(packed), packed)
    assert refusal(drawn(content)) == "file.damaged"


@pytest.mark.parametrize("line", ["----\n", "|\n", "\t\n", "\ta\n\nb\n", "\ta\tb\n\n", "\ta\nb\n", "| a\n", "\n\t"])
def test_long_texts_are_read_in_a_bearable_time(line: str) -> None:
    start = time.monotonic()
    assert read(line.encode() * 50_000, "a") is not None
    assert time.monotonic() - start < 10
