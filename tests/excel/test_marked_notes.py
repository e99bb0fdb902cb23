"""Notes and fills of the user's own in a marked copy: what is not marked is as it was, what is lost is told."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Any

import openpyxl
import pytest
from cases import sound
from openpyxl.comments import Comment
from openpyxl.styles import Color, GradientFill, PatternFill
from packages import rezipped
from workbooks import edited, saved

import workbook
from workbook.excel.findings_sheet import RESULTS

SHEET, WRONG, RIGHT = "三、依申请公开", "D6", "E6"
BOLD = (
    "<r><rPr><b/><sz val='9'/></rPr><t>张三:</t></r>"
    "<r><rPr><sz val='9'/></rPr><t xml:space='preserve'>\n请 核实</t></r>"
)
PERSON = "tc={E722680E-88F9-4806-84CE-A0C8E0F639CB}"


def with_notes(text: str, **notes: str) -> bytes:
    """Return a workbook with a wrong number and notes by their authors, all with the same text as markup."""
    book = edited(sound("2021").with_cells({"applications.received.natural": 12}))
    for address, author in notes.items():
        book[SHEET][address].comment = Comment("x", author)

    def change(part: str, content: bytes) -> bytes:
        return content.replace(b"<t>x</t>", text.encode()) if part.startswith("xl/comments/") else content

    return rezipped(change, saved(book))


def marked(data: bytes) -> bytes:
    report = workbook.parse(data, "a.xlsx")
    return workbook.mark(data, report, workbook.check(report))


def note(data: bytes, address: str) -> str:
    """Return the markup of the text of a note."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        part = next(parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/comments/"))
    found = re.search(rf'<comment [^>]*ref="{address}"[^>]*>.*?<text>(.*?)</text>', part, re.DOTALL)
    assert found
    return found[1].replace('"', "'").replace(" />", "/>")


@pytest.mark.parametrize("fonts", [BOLD, BOLD.replace("张三", "&lt;张&amp;三&gt;")])
def test_notes_keep_the_fonts_of_their_letters(fonts: str) -> None:
    copy = marked(with_notes(fonts, **{WRONG: "张三", RIGHT: "张三"}))
    assert note(copy, RIGHT) == fonts
    assert note(copy, WRONG).startswith(fonts)
    assert "【错误】" in note(copy, WRONG).removeprefix(fonts)
    read = openpyxl.load_workbook(io.BytesIO(copy))[SHEET][WRONG].comment.text
    assert read.count("张") == read.count("请 核实") == read.count("【错误】") == 1
    again = marked(copy)
    assert note(again, WRONG).startswith(fonts)


@pytest.mark.parametrize(("unit", "pixels"), [("px", 300), ("pt", 400)])
def test_notes_keep_the_size_of_their_boxes(unit: str, pixels: int) -> None:
    def change(part: str, content: bytes) -> bytes:
        return content.replace(b"width:144px", f"width:300{unit}".encode()) if part.endswith(".vml") else content

    copy = marked(rezipped(change, with_notes("<t>x</t>", **{WRONG: "张三", RIGHT: "张三"})))
    with zipfile.ZipFile(io.BytesIO(copy)) as parts:
        drawing = parts.read(next(name for name in parts.namelist() if name.endswith(".vml"))).decode()
    found = re.findall(r"width:([0-9]+p[xt]);height:([0-9]+)px", drawing)
    assert found == [(f"{max(pixels, 360)}px", "180"), (f"300{unit}", "79")]  # the first has a finding in it


def test_a_plain_note_is_written_as_before() -> None:
    copy = marked(with_notes("<t>请核实</t>", **{WRONG: "张三", RIGHT: "张三"}))
    assert note(copy, RIGHT) == "<t>请核实</t>"
    assert note(copy, WRONG).startswith("<t>请核实\n\n【错误】")


def told(copy: bytes) -> list[Any]:
    return [row[0] for row in openpyxl.load_workbook(io.BytesIO(copy))[RESULTS].values if isinstance(row[0], str)]


def test_threaded_comments_keep_their_words_and_the_copy_says_what_became_of_them() -> None:
    copy = marked(with_notes("<t>[Threaded comment] 核</t>", **{WRONG: PERSON, RIGHT: PERSON}))
    sheet = openpyxl.load_workbook(io.BytesIO(copy))[SHEET]
    assert sheet[WRONG].comment.text == sheet[RIGHT].comment.text == "[Threaded comment] 核"
    assert sheet[WRONG].fill.fgColor.rgb == "FFFF7C80"
    assert any("2 处会话批注" in text for text in told(copy))
    assert not any("会话批注" in text for text in told(marked(with_notes("<t>x</t>", **{WRONG: "张三"}))))


@pytest.mark.parametrize(
    "fill",
    [
        PatternFill("solid", fgColor=Color(theme=4, tint=0.3999755851924192)),
        PatternFill("lightUp", fgColor=Color(theme=4), bgColor="FFEEDDCC"),
        GradientFill("linear", stop=("FFFFFFFF", "FF000000")),
    ],
    ids=["theme", "pattern", "gradient"],
)
def test_the_fill_of_a_cell_that_is_right_is_as_it_was(fill: Any) -> None:
    book = edited(sound("2021").with_cells({"documents.rules.made": "无"}))
    book[SHEET][RIGHT].fill = fill
    copy = openpyxl.load_workbook(io.BytesIO(marked(saved(book))))
    assert repr(copy[SHEET][RIGHT].fill) == repr(book[SHEET][RIGHT].fill)
    assert copy["二、主动公开"]["B5"].fill.fgColor.rgb == "FFFFC7CE"
