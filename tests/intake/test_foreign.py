"""Files that hold a report in a format that is not read: told for what they are, with the way out."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from cases import sound
from pdfs import IMAGE, drawn, pages, stream
from published import page, text

import workbook
from workbook.report import Finding, Unreadable

PAGE = page(sound("2021"))
XML = b'<?xml version="1.0" encoding="UTF-8"?>\n'
OFFICE = b'<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" office:mimetype="%s">'


def package(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name.replace("_", "."), data)
    return made.getvalue()


HEADERS = b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://www.example.com/\r\nSubject: =?utf-8?Q?a?=\r\n"
RELATED = b'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html"\r\n\r\n------a\r\n\r\n'

FILES = {
    "mht of a browser": (HEADERS + RELATED + PAGE, ".mht"),
    "mht of Word": (b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n" + RELATED + PAGE, ".mht"),
    "webarchive": (b"bplist00\xd1\x01\x02_\x10\x0fWebMainResource" + PAGE, ".webarchive"),
    "fods": (XML + OFFICE % b"application/vnd.oasis.opendocument.spreadsheet" + PAGE, ".fods"),
    "fods with a comment": (XML + b"<!-- a --> " + OFFICE % b"application/vnd.oasis.opendocument.spreadsheet", ".fods"),
    "fodt": (XML + OFFICE % b"application/vnd.oasis.opendocument.text" + PAGE, ".fodt"),
    "XML spreadsheet": (
        XML
        + b'<?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        "XML",
    ),
    "XML document": (XML + b'<?mso-application progid="Word.Document"?><w:wordDocument xmlns:w="a">', "Word XML"),
    "flat package": (
        XML + b'<pkg:package xmlns:pkg="urn:xmlPackage">',
        "Word XML",
    ),
    "rtf": (b"{\\rtf1\\ansi " + text(sound("2021")), "RTF"),
    "ofd": (package(OFD_xml=b"<ofd/>"), "OFD"),
    "odt": (package(mimetype=b"application/vnd.oasis.opendocument.text", content_xml=b"<a/>"), ".odt"),
}


def refusal(data: bytes, file: str = "年报.html") -> tuple[Finding, ...]:
    with pytest.raises(Unreadable) as caught:
        workbook.parse(data, file)
    return caught.value.findings


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_file_that_is_not_read_is_told_with_the_way_out(name: str, mark: bytes) -> None:
    data, kind = FILES[name]
    if data.startswith((b"PK", b"bplist")):
        mark = b""
    (finding,) = refusal(mark + data)
    assert finding.code == "file.save_as"
    assert kind in finding.message()
    assert any(way in finding.hint() for way in ("另存为", "导出"))
    assert finding.message("en")
    assert any(way in finding.hint("en") for way in ("save it as", "export it as"))


@pytest.mark.parametrize(
    "begin", [b"<!-- -->", b"<?a ?>", b" ", b"a:b\n", b"a:b\n ", b"<", b"-", b"PK", b"MIME-Version"]
)
def test_beginnings_are_told_in_a_bearable_time(begin: bytes) -> None:
    start = time.process_time()
    refusal(begin * 20_000 + b"\xff\0")
    assert time.process_time() - start < 5


OUTLINES = stream(b"".join(b"%d 700 m %d 710 %d 720 %d 700 c f " % (x, x + 2, x + 6, x + 8) for x in range(50, 500, 9)))


@pytest.mark.parametrize(
    "data",
    [drawn(stream(b"q 600 0 0 800 0 0 cm /I Do Q"), b"/XObject<</I 5 0 R>>", IMAGE), drawn(OUTLINES)],
    ids=["scanned", "outlines for letters"],
)
def test_a_pdf_without_text_says_so_and_nothing_else(data: bytes) -> None:
    (finding,) = refusal(data, "年报.pdf")
    assert finding.code == "file.pictures"
    assert "没有文字" in finding.message()


def test_a_pdf_with_text_but_no_report_says_so() -> None:
    (finding,) = refusal(pages(b"BT /F1 9 Tf 50 770 Td (Report) Tj ET"), "年报.pdf")
    assert finding.code == "file.not_a_report"
