"""Letters of a PDF as its reader sees them: no number is read with letters that are not seen, none is lost by a guess.

A guess is what the colour of a letter and the shapes around it say.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from blocks import grids, paragraphs
from browser import chromium
from pdfs import IMAGE, drawn, pdf, rules, stream, words

from workbook.carriers.pdf.pdf import read_pdf
from workbook.intake import limits
from workbook.intake.kinds import PDF_SECONDS
from workbook.match.grid import Cell, Grid

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

NUMBER = "26"
BASE = 606
"""Points at which the letters of the last row stand, of size 10; digits are 5.56 wide."""
TABLE = rules([1, 1], 2, 600) + words([["x", "a"], ["one", ""]], 600) + b"\n"
"""A table whose last cell, from 110 to 170 across and from 600 to 620 up, is blank."""
MANY = """/ColorSpace<</Ink[/Separation/Black/DeviceCMYK 5 0 R]/Inks[/DeviceN[/Black]/DeviceCMYK 5 0 R]
/Icc[/ICCBased 6 0 R]/Look[/Indexed/DeviceRGB 1<000000ffffff>]/Lab[/Lab<</WhitePoint[.95 1 1.08]>>]>>
/ExtGState<</Dim<</ca 0/CA 0>>/Multiply<</BM/Multiply>>/Full<</ca 1/BM/Normal/SMask/None>>>>
/Properties<</Off 7 0 R/On 8 0 R/Both<</Type/OCMD/OCGs[7 0 R 8 0 R]>>/None 9 0 R>>
/XObject<</Form 10 0 R/Group 11 0 R/Picture 12 0 R/Stamp 13 0 R/Layer 14 0 R>>"""
GROUP = b"/Group<</S/Transparency>>"
FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</Font<</F1 16 0 R>>/ExtGState<</Full<</ca 1>>>>>>"


def written(text: str, at: float = 114, *, up: float = BASE, size: float = 10) -> str:
    return f"BT /F1 {size} Tf {at} {up} Td ({text}) Tj ET\n"


NINE, SEEN = written("9"), f"0 g 0 Tr {written(NUMBER, 119.56)}"
BOTH = NINE + SEEN


def sheet(content: str, *, entries: str = "", before: str = "") -> bytes:
    """Return a PDF of the table and of what else is drawn, with all resources that any of these use."""
    nine = f"/Full gs {NINE}".encode()
    catalogue = b"<</Type/Catalog/Pages 2 0 R/OCProperties<</OCGs[7 0 R 8 0 R]/D<</OFF[7 0 R]>>>>>>"
    picture = b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
    resources = "/Font<</F1 16 0 R>>" + MANY
    return pdf(
        catalogue,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<<{resources}>>{entries}>>".encode(),
        stream(before.encode() + TABLE + content.encode()),
        b"<</FunctionType 2/Domain[0 1]/C0[0 0 0 0]/C1[0 0 0 1]/N 1>>",
        stream(b"", b"/N 3"),
        b"<</Type/OCG/Name(off)>>",
        b"<</Type/OCG/Name(on)>>",
        b"<</Type/OCMD/OCGs[7 0 R]>>",
        stream(NINE.encode(), FORM),
        stream(nine, FORM + GROUP),
        stream(b"\xff", picture),
        stream(b"\xff", picture + b"/SMask 12 0 R"),
        stream(NINE.encode(), FORM + b"/OC 7 0 R"),
        b"<</Type/Annot/Subtype/StrikeOut/Rect[100 600 180 620]/QuadPoints[114 614 119 614 114 604 119 604]>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    )


def cell(data: bytes) -> Cell:
    """Return the last cell of the only table; the others are read as they stand."""
    (grid,) = [block for block in read_pdf(data, "a.pdf").blocks if isinstance(block, Grid)]
    assert [each.value for each in (*grid.rows[0], grid.rows[1][0])] == ["x", "a", "one"]
    assert not any(each.doubt for each in (*grid.rows[0], grid.rows[1][0]))
    return grid.rows[1][1]


BOX = "113.5 603 6 12 re f\n"
HIDDEN = {
    "drawn invisibly": f"3 Tr {NINE}{SEEN}",
    "outlined in white": f"1 Tr 1 G {NINE}0 G {SEEN}",
    "tiny": written("9", size=1) + SEEN,
    "white": f"1 g {NINE}{SEEN}",
    "no colour": f"0 0 0 0 k {NINE}{SEEN}",
    "no ink": f"/Ink cs 0 scn {NINE}{SEEN}",
    "none of the inks": f"/Inks cs .01 scn {NINE}{SEEN}",
    "white of a profile": f"/Icc cs 1 1 1 scn {NINE}{SEEN}",
    "colour of a shape": f"0 .2 .4 rg {BOX}{NINE}{SEEN}",
    "colour of a thick line": f"0 .2 .4 RG 9 w 114 609 m 119 609 l S 0 .2 .4 rg {NINE}{SEEN}",
    "transparent": f"q /Dim gs {NINE}Q {SEEN}",
    "in a transparent form": f"q /Dim gs /Form Do Q {SEEN}",
    "in a transparent group": f"q /Dim gs /Group Do Q {SEEN}",
    "clipped": f"q 0 0 1 1 re W n {NINE}Q {SEEN}",
    "clipped twice": f"q 0 0 118 800 re W* n 117 0 99 800 re W n {NINE}Q {SEEN}",
    "clipped at its side": f"q 119.56 600 20 20 re W n {BOTH} Q",
    "layer that is off": f"/OC /Off BDC {NINE}EMC {SEEN}",
    "layers of which all are off": f"/OC /None BDC /Span BMC {NINE}EMC EMC {SEEN}",
    "form of a layer that is off": f"/Layer Do {SEEN}",
    "black box over it": f"{BOTH} 0 g {BOX}",
    "blue box over it": f"{BOTH} 0 0 1 rg {BOX}",
    "white box over it": f"{BOTH} 1 g {BOX}",
    "low box over it": f"{BOTH} 1 g 113.5 607 6 5 re f",
    "thick white line over it": f"{BOTH} 1 G 6 w 116.5 602 m 116.5 616 l S",
    "picture over it": f"{BOTH} q 6 0 0 12 113.5 603 cm /Picture Do Q",
    "picture of the page over it": f"{BOTH} q 6 0 0 12 113.5 603 cm BI /W 1 /H 1 /CS /G /BPC 8 ID \x7f EI Q",
}
STRUCK = {
    "line": f"{BOTH} 113.5 609 m 119 609 l S",
    "thick line": f"{BOTH} 3 w 113.5 609 m 119 609 l S",
    "rectangle": f"{BOTH} 113.5 608.5 6 1 re f",
    "slightly slanted": f"{BOTH} 113.5 607 m 119.4 611 l S",
    "slanted": f"{BOTH} 113 604 m 120 614 l S",
    "cross": f"{BOTH} 113 604 m 120 614 l S 113 614 m 120 604 l S",
    "slanted over several": f"{written('987', 114)} 113 605 m 131 613 l S {written(NUMBER, 132)}",
    "slanted, filled": f"{BOTH} 113 604 m 113.6 603.6 l 120.6 613.6 l 120 614 l h f",
    "dashed": f"{BOTH} 113 608.5 1 1 re f 115 608.5 1 1 re f 117.2 608.5 1 1 re f 119 608.5 .5 1 re f",
    "dashed far apart": f"{BOTH} 112 608.5 3 1 re f 117.5 608.5 2 1 re f",
}
SEEN_AFTER_ALL = {
    "on a dark shape": f"0 .2 .4 rg 110 600 60 20 re f 1 g {written(NUMBER)}",
    "on a picture": f"q 60 0 0 20 110 600 cm /Picture Do Q 1 g {written(NUMBER)}",
    "on a shading": f"q 110 600 60 20 re W n /None sh Q 1 g {written(NUMBER)}",
    "ink": f"/Ink cs 1 scn {written(NUMBER)}",
    "ink of before": f"1 g /Ink cs {written(NUMBER)}",
    "inks": f"/Inks cs 1 scn {written(NUMBER)}",
    "black of a profile": f"/Icc cs 0 0 0 scn {written(NUMBER)}",
    "number of a list of colours": f"/Look cs 1 sc {written(NUMBER)}",
    "lightness": f"/Lab cs 1 1 1 sc {written(NUMBER)}",
    "transparent shape over it": f"{written(NUMBER)} /Dim gs 1 g 0 0 600 800 re f",
    "marker over it": f"{written(NUMBER)} /Multiply gs 1 1 0 rg 110 600 60 20 re f",
    "stamp over it": f"{written(NUMBER)} q 60 0 0 20 110 600 cm /Stamp Do Q",
    "shape over it that is clipped": f"{written(NUMBER)} q 0 0 5 5 re W n 1 g 0 0 600 800 re f Q",
    "shape over it that is off": f"{written(NUMBER)} /OC /Off BDC 1 g 0 0 600 800 re f EMC",
    "layers of which one is on": f"/OC /Both BDC {written(NUMBER)} EMC",
    "layer that is on": f"/OC /On BDC {written(NUMBER)} EMC",
    "form that is clear again": f"q /Full gs /Form Do Q {written(NUMBER, 119.56)}",
    "diagonal of the cell": f"{written(NUMBER, 135)} 110 600 m 170 620 l S",
    "line below": f"{written(NUMBER)} 114 604.5 m 126 604.5 l S",
}
FRAMES = {
    "ring": "0 g 20 20 560 760 re 22 22 556 756 re f*\n",
    "ring of two ways": "0 g 20 20 m 580 20 l 580 780 l 20 780 l h 22 22 m 22 778 l 578 778 l 578 22 l h f\n",
    "corner": "0 g 30 30 m 580 30 l 580 32 l 32 32 l 32 790 l 30 790 l h f\n",
    "round ring": "0 g 20 20 m 580 20 l 590 20 590 30 590 40 c 590 780 l 20 780 l h"
    " 22 22 m 578 22 l 588 22 588 32 588 42 c 588 778 l 22 778 l h f*\n",
    "clipped": "q 0 0 5 5 re W n 0 g 0 0 600 800 re f Q\n",
    "white page": "1 g 0 0 600 800 re f 0 g\n",
}


@pytest.mark.parametrize("name", HIDDEN)
def test_what_is_not_seen_is_no_part_of_a_number(name: str) -> None:
    found = cell(sheet(HIDDEN[name]))
    assert (found.value, found.left_out, found.doubt) == (NUMBER, (("hidden", "9"),), "")


@pytest.mark.parametrize("name", STRUCK)
def test_what_is_struck_out_is_no_part_of_a_number(name: str) -> None:
    found = cell(sheet(STRUCK[name]))
    assert found.value == NUMBER
    assert found.left_out == (("struck", "987" if "several" in name else "9"),)


def test_what_a_reviewer_struck_out_is_no_part_of_a_number() -> None:
    found = cell(sheet(BOTH, entries="/Annots[15 0 R]"))
    assert (found.value, found.left_out) == (NUMBER, (("struck", "9"),))


@pytest.mark.parametrize("name", SEEN_AFTER_ALL)
def test_what_is_seen_is_read(name: str) -> None:
    found = cell(sheet(SEEN_AFTER_ALL[name]))
    assert (found.value, found.left_out, found.doubt) == ("926" if "again" in name else NUMBER, (), "")


@pytest.mark.parametrize("name", FRAMES)
def test_a_frame_of_the_page_is_no_ground(name: str) -> None:
    found = cell(sheet(f"0 g {written(NUMBER)}", before=FRAMES[name]))
    assert (found.value, found.left_out, found.doubt) == (NUMBER, (), "")


@pytest.mark.parametrize("name", [name for name in HIDDEN if "over it" in name or "colour" in name or "ink" in name])
def test_what_only_seems_not_to_be_seen_is_read_where_there_is_nothing_else(name: str) -> None:
    """It is told apart, since nobody can say what a reader sees."""
    found = cell(sheet(HIDDEN[name].replace(SEEN, "")))
    assert (found.value, found.left_out, found.doubt) == ("9", (), "colour")


def test_text_outside_tables_stays_whatever_its_colour() -> None:
    text = written("white", 60, up=500)
    assert paragraphs(read_pdf(sheet(f"1 g {text}"), "a.pdf")) == ["white"]


def test_what_a_drawing_writes_twice_is_there_once() -> None:
    """First in white, as shadows are; or once more over what was painted over."""
    number = written(NUMBER)
    for content in (f"1 g {number} 0 g {number}", f"{number} 1 g 111 601 50 15 re f 0 g {number}"):
        found = cell(sheet(content))
        assert (found.value, found.left_out, found.doubt) == (NUMBER, (), "")


def test_a_page_shows_what_its_own_edges_leave() -> None:
    found = cell(sheet(written(NUMBER) + written("9", 140), entries="/CropBox[0 0 139 800]"))
    assert (found.value, found.left_out) == (NUMBER, (("hidden", "9"),))


def test_text_of_a_scanned_page_is_read_and_is_not_faint() -> None:
    picture = "q 600 0 0 800 0 0 cm /Picture Do Q"
    lines = (TABLE + written(NUMBER).encode()).replace(b"BT", b"BT 3 Tr")
    data = drawn(stream(lines + picture.encode()), b"/XObject<</Picture 5 0 R>>", IMAGE)
    assert cell(data).value == NUMBER
    assert not cell(data).doubt


MARKS = {
    "raised": ("26\u00b9", written(NUMBER) + written("1", 125.2, up=611, size=6)),
    "raised a little smaller": ("26\u00b9", written(NUMBER) + written("1", 125.2, up=610, size=8.9)),
    "lowered": ("26\u2081", written(NUMBER) + written("1", 125.2, up=604, size=6)),
    "of a smaller size on the line": ("261", written(NUMBER) + written("1", 125.2, size=8)),
}


@pytest.mark.parametrize("name", MARKS)
def test_raised_and_lowered_letters_are_marks(name: str) -> None:
    text, content = MARKS[name]
    assert cell(sheet(content)).value == text


def test_letters_of_the_cell_beside_raise_nothing() -> None:
    """The last digit of small letters stands beside a larger one that begins lower, across the rule between them."""
    table = rules([1, 1], 3, 600) + words([["x", "a", "b"], ["one", "", ""]], 600)
    content = written("208", 159.5, up=608, size=6) + written("77", 171, up=604, size=12)
    assert grids(read_pdf(drawn(stream(table + b"\n" + content.encode())), "a.pdf")) == [
        [["x", "a", "b"], ["one", "208", "77"]]
    ]


def test_layers_that_are_off_unless_they_are_on() -> None:
    off = sheet(f"/OC /On BDC {NINE}EMC {SEEN}").replace(b"/D<</OFF[7 0 R]>>", b"/D<</BaseState/OFF>>")
    assert cell(off).value == NUMBER
    on = sheet(f"/OC /On BDC {NINE}EMC {SEEN}").replace(b"/D<</OFF[7 0 R]>>", b"/D<</BaseState/OFF/ON[8 0 R]>>")
    assert cell(on).value == f"9{NUMBER}"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as program:
        yield program


STYLE = "table{border-collapse:collapse}td{border:1px solid;padding:2px 4px}*{-webkit-print-color-adjust:exact}"
PRINTED = {
    "plain": ("", "26", ()),
    "frame": ("body{border:2px solid;border-radius:8px;padding:5px}", "26", ()),
    "dark": ("td{background:#036;color:#fff}", "26", ()),
    "dark picture": ("td{background:linear-gradient(#036,#069);color:#fff}", "26", ()),
    "watermark": (("body:after{content:'Draft';position:fixed;left:0;top:0;font-size:90px;color:#eee;"
                  "transform:rotate(-45deg)}"), "26", ()),
    "transparent": ("b{opacity:.01}", "<b>9</b>26", (("hidden", "9"),)),
    "transparent colour": ("b{color:rgba(0,0,0,.02)}", "<b>9</b>26", (("hidden", "9"),)),
    "cut off": ("i{display:block;width:21px;overflow:hidden;font:16px monospace}td{min-width:90px}", "<i>269</i>",
                (("hidden", "9"),)),
    "struck": ("", "<s>9</s>26", (("struck", "9"),)),
    "struck by dots": ("s{text-decoration:line-through dotted}", "<s>9</s>26", (("struck", "9"),)),
    "struck by waves": ("s{text-decoration:line-through wavy}", "<s>9</s>26", (("struck", "9"),)),
    "struck aslant": (("s{display:inline-block;position:relative;text-decoration:none}s:after{content:'';left:-1px;"
                      "position:absolute;top:50%;width:10px;border-top:1px solid;transform:rotate(-35deg)}"),
                      "<s>9</s>26", (("struck", "9"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", PRINTED)
def test_what_a_browser_prints_is_read_as_it_is_seen(name: str, browser: Browser) -> None:
    style, content, left_out = PRINTED[name]
    page = browser.new_page()
    page.set_content(f"<style>{STYLE}{style}</style><table><tr><td>x<td>a<tr><td>one<td>{content}</table>")
    found = cell(page.pdf(print_background=True))
    page.close()
    assert (found.value, found.doubt) == (NUMBER, "")
    assert found.left_out == left_out or name == "watermark"


HOSTILE = {
    "no form": "/Nothing Do 0 0 m W n",
    "names for numbers": "/Dim /Dim gs /A gs W W* n /A cs /OC /A BDC /OC 3 BDC EMC EMC EMC EMC",
    "far off": "1e9 0 0 1e9 0 0 cm 0 0 9 9 re f",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_odd_instructions_leave_the_rest(name: str) -> None:
    assert cell(sheet(f"q {HOSTILE[name]} Q 0 g {written(NUMBER)}")).value == NUMBER


def test_many_letters_on_many_grounds_take_a_bearable_time() -> None:
    rings = b"0 0 600 800 re 1 1 598 798 re f* " * (limits.STROKE_LIMIT // 22)
    letters = b"".join(b"BT /F1 5 Tf %d %d Td (aaaaaaaaaa) Tj ET " % (at % 20 * 30, 3 + at // 20 * 25)
                       for at in range(500))  # fmt: skip
    start = time.process_time()
    read_pdf(drawn(stream(rings + letters)), "a.pdf")
    assert time.process_time() - start < PDF_SECONDS / 2
