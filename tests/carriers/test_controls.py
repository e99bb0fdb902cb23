"""No carrier lets a control character into a text, and none makes digits of two numbers one."""

from __future__ import annotations

import io

import docx
import pytest
from pdfs import drawn, stream

from workbook.carriers.blocks import clean
from workbook.carriers.csv import read_csv
from workbook.carriers.page.page import read_html
from workbook.carriers.pdf.pdf import read_pdf
from workbook.carriers.text import read_text
from workbook.carriers.word.word import read_word
from workbook.match.grid import Document, Paragraph

CONTROLS = [chr(code) for code in (*range(0x01, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0x81, 0x9F)]


def texts(document: Document) -> str:
    cells = (
        [block.text] if isinstance(block, Paragraph) else [cell.text for row in block.rows for cell in row]
        for block in document.blocks
    )
    return "\n".join(text for each in cells for text in each)


def pdf(text: str) -> bytes:
    """Return a PDF whose letters stand for themselves, the controls too."""
    codes = b"".join(b"<%02x> <%04x>\n" % (code, ord(letter)) for code, letter in enumerate(text, 1))
    shown = bytes(range(1, len(text) + 1)).hex().encode()
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /A def /CMapType 2 def\n"
        b"1 begincodespacerange\n<00> <ff>\nendcodespacerange\n%d beginbfchar\n%sendbfchar\nendcmap end end"
        % (len(text), codes)
    )
    font = b"/Font<</F2<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>"
    return drawn(stream(b"BT /F2 12 Tf 100 700 Td <%s> Tj ET" % shown), font, stream(cmap)).replace(
        b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>/Font", b"/Font"
    )


def word(text: str) -> bytes:
    document, saved = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    document.add_table(1, 2).cell(0, 0).text = text
    document.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("control", CONTROLS, ids=ascii)
def test_no_control_character_in_any_text(control: str) -> None:
    line = f"a{control}b 3{control}4"
    read = [
        read_text(f"{line}\n\tx\t{line}\n\ty\t2\n".encode(), "a.txt"),
        read_csv(f"{line},1,2\nx,2,3\n".encode() * 6, "a.csv"),
        read_html(f"<html><p>{line}</p><table><tr><td>{line}<td>1</table>".encode(), "a.html"),
        read_pdf(pdf(line), "a.pdf"),
    ]
    if control > "\x7e":  # XML allows no others
        read.append(read_word(word(line), "a.docx"))
    for document in read:
        got = texts(document)
        assert "a" in got
        assert not [letter for letter in got if ord(letter) < 0x20 and letter not in "\n\t"]
        assert not [letter for letter in got if 0x7F <= ord(letter) < 0xA0]
        assert "34" not in got


def test_blanks_that_a_font_has_as_controls_are_blanks() -> None:
    assert clean("—\x015\x01—") == "— 5 —"
    assert clean("a\r\nb\x85c") == "a\nb c"
    (only,) = read_pdf(pdf("ab\x01cd"), "a.pdf").blocks
    assert isinstance(only, Paragraph)
    assert only.text == "ab cd"
