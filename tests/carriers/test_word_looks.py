"""What a reader of a Word document does not see is not read, and what is left out of a cell is told."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from looks import NUMBER, REPORT, told
from published import word

import workbook

RUN = "<w:r>{properties}<w:t>{text}</w:t></w:r>"

WORD = {
    "raised": ('<w:vertAlign w:val="superscript"/>', "cell.notation"),
    "lowered": ('<w:vertAlign w:val="subscript"/>', "cell.notation"),
    "raised by points": ('<w:position w:val="8"/><w:sz w:val="12"/>', "cell.notation"),
    "reference style": ('<w:rStyle w:val="OurMark"/>', "cell.notation"),
    "struck": ("<w:strike/>", "cell.left_out"),
    "struck twice": ("<w:dstrike/>", "cell.left_out"),
    "struck by style": ('<w:rStyle w:val="OurOld"/>', "cell.left_out"),
    "hidden": ("<w:vanish/>", "cell.left_out"),
    "hidden by style": ('<w:rStyle w:val="OurHidden"/>', "cell.left_out"),
    "white": ('<w:color w:val="FFFFFF"/>', "cell.left_out"),
    "colour of its shade": ('<w:color w:val="112233"/><w:shd w:val="clear" w:fill="112235"/>', "cell.left_out"),
    "tiny": ('<w:sz w:val="2"/>', "cell.left_out"),
    "hidden for good": ("<w:specVanish/>", "cell.left_out"),
    "white on a light pattern": ('<w:color w:val="FFFFFF"/><w:shd w:val="pct5" w:fill="FFFFFF"/>', "cell.left_out"),
    "filled with nothing": (
        (
            '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:solidFill>'
            '<w14:srgbClr w14:val="000000"><w14:alpha w14:val="100000"/></w14:srgbClr></w14:solidFill></w14:textFill>'
        ),
        "cell.left_out",
    ),
    "filled white": (
        (
            '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:solidFill>'
            '<w14:srgbClr w14:val="FFFFFF"/></w14:solidFill></w14:textFill>'
        ),
        "cell.left_out",
    ),
    "paper of the theme": ('<w:color w:val="auto" w:themeColor="background1"/>', "cell.left_out"),
    "red on red": ('<w:color w:val="FF0000"/><w:highlight w:val="red"/>', "cell.left_out"),
    "pressed": ('<w:w w:val="1"/>', "cell.left_out"),
}

STYLE = """<w:style w:type="character" w:styleId="OurBase"><w:name w:val="b"/><w:rPr>{}</w:rPr></w:style>
<w:style w:type="character" w:styleId="{}"><w:name w:val="{}"/><w:basedOn w:val="OurBase"/></w:style>"""

OURS = "".join(
    STYLE.replace("OurBase", f"Base{name}").format(properties, name, name)
    for name, properties in (
        ("OurMark", '<w:vertAlign w:val="superscript"/>'),
        ("OurOld", "<w:strike/>"),
        ("OurHidden", "<w:vanish/>"),
    )
)


def document(cell: str) -> bytes:
    """Return a sound Word document in which the runs of the number's cell are these."""
    source, stream = zipfile.ZipFile(io.BytesIO(word(REPORT))), io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for info in source.infolist():
            part = source.read(info).decode() if info.filename.endswith(".xml") else source.read(info)
            if info.filename == "word/document.xml":
                run = f"<w:r><w:t>{NUMBER}</w:t></w:r>"
                assert part.count(run) == 1
                part = part.replace(run, cell)
            if info.filename == "word/styles.xml":
                part = part.replace("</w:styles>", OURS + "</w:styles>")
            archive.writestr(info.filename, part)
    return stream.getvalue()


def run(text: Any, properties: str = "") -> str:
    return RUN.format(text=text, properties=f"<w:rPr>{properties}</w:rPr>" if properties else "")


WRAPPED = {
    "deleted": ("<w:del><w:r><w:delText>7</w:delText></w:r></w:del>{n}", "cell.left_out"),
    "moved away": (f"<w:moveFrom>{run(7)}</w:moveFrom>{{n}}", "cell.left_out"),
    "inserted": ("<w:ins>{n}</w:ins>", ""),
    "ruby": (f"<w:r><w:ruby><w:rt>{run(7)}</w:rt><w:rubyBase>{{n}}</w:rubyBase></w:ruby></w:r>", "cell.notation"),
    "note": ("{n}<w:r><w:rPr><w:rStyle w:val='OurMark'/></w:rPr><w:footnoteReference w:id='2'/></w:r>", ""),
    "own mark of a note": (
        "{n}<w:r><w:rPr><w:rStyle w:val='OurMark'/></w:rPr><w:footnoteReference w:id='2'/><w:t>7</w:t></w:r>",
        "cell.notation",
    ),
    "comment": ("<w:commentRangeStart w:id='1'/>{n}<w:r><w:commentReference w:id='1'/></w:r>", ""),
    "picture": ("{n}<w:r><w:drawing/></w:r>", "cell.left_out"),
    "symbol": ("{n}<w:r><w:sym w:font='Wingdings' w:char='F081'/></w:r>", "cell.left_out"),
    "field": ("<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>=7</w:instrText></w:r>{n}", ""),
    "nested field": (
        "<w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>IF</w:instrText></w:r>"
        + run(7)
        + "<w:r><w:fldChar w:fldCharType='separate'/></w:r>{n}<w:r><w:fldChar w:fldCharType='end'/></w:r>",
        "",
    ),
    "field that goes on": ("<w:r><w:fldChar w:fldCharType='begin'/></w:r>{n}", ""),
    "footnote without its style": ("{n}<w:r><w:footnoteReference w:id='2'/><w:t>7</w:t></w:r>", "cell.notation"),
    "two choices": (
        (
            "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
            "<mc:Choice Requires='wps'><w:t>592</w:t></mc:Choice><mc:Choice Requires='wpg'><w:t>7</w:t></mc:Choice>"
            "</mc:AlternateContent></w:r>"
        ),
        "",
    ),
    "a choice that is not understood": (
        (
            "<w:r><mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
            "<mc:Choice Requires='later'><w:t>7</w:t></mc:Choice><mc:Fallback><w:t>592</w:t></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        "",
    ),
    "an answer in place of an invitation": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr w:val='0'/></w:sdtPr><w:sdtContent>{n}</w:sdtContent></w:sdt>",
        "",
    ),
    "hidden in a formula": (
        (
            "<m:oMath xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math'>"
            "<m:r><w:rPr><w:vanish/></w:rPr><m:t>7</m:t></m:r></m:oMath>{n}"
        ),
        "cell.left_out",
    ),
    "invitation": (
        "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>" + run(7) + "</w:sdtContent></w:sdt>{n}",
        "cell.left_out",
    ),
    "on and off": (run(NUMBER, '<w:rStyle w:val="OurOld"/><w:strike w:val="0"/>'), ""),
    "raised as a whole": (run(NUMBER, '<w:position w:val="-4"/>'), ""),
}


@pytest.mark.parametrize("name", WORD)
def test_a_document_is_read_without_what_stands_beside_the_number(name: str) -> None:
    properties, code = WORD[name]
    for cell in (run(NUMBER) + run(7, properties), run(7, properties) + run(NUMBER)):
        report = workbook.parse(document(cell), "a.docx")
        assert report.cells == REPORT.cells
        assert told(report) == {code}


@pytest.mark.parametrize("name", WRAPPED)
def test_a_document_is_read_as_it_is_seen(name: str) -> None:
    cell, code = WRAPPED[name]
    report = workbook.parse(document(cell.format(n=run(NUMBER))), "a.docx")
    assert report.cells == REPORT.cells
    assert told(report) == ({code} if code else set())


def test_a_document_in_white_letters_is_read() -> None:
    white = f'<w:r><w:rPr><w:color w:val="FFFFFF"/></w:rPr><w:t>{NUMBER}</w:t></w:r>'
    report = workbook.parse(document(white), "a.docx")
    assert report.cells == REPORT.cells
    assert told(report) == {"cell.doubtful"}


@pytest.mark.parametrize("properties", ['<w:color w:val="FF FF "/>', '<w:sz w:val="1e999"/>', '<w:w w:val="٣"/>'])
def test_odd_values_of_properties_are_passed_over(properties: str) -> None:
    report = workbook.parse(document(run(NUMBER, properties)), "a.docx")
    assert report.cells == REPORT.cells
    assert not told(report)
