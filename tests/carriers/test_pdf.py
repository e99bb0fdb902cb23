"""PDF as programs print it: rows cut by the end of a page, heads repeated, rules left out, running heads, charts."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import time
import zlib
from typing import TYPE_CHECKING

import openpyxl
import pdfplumber
import pytest
from blocks import GARBAGE, grids, paragraphs, read, refusal
from drawn_sizes import brackets, letters, strokes
from openpyxl.styles import Alignment, Border, Side
from pdfs import IMAGE, drawn, pages, pdf, rules, stream, words

from workbook.carriers.pdf.pdf import read_pdf
from workbook.carriers.pdf.tables import plain
from workbook.carriers.pdf.vet import is_small
from workbook.intake import limits
from workbook.match.grid import Grid, Paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from office import Office


@pytest.mark.parametrize("ruled", [(True, True), (False, True), (True, False), (False, False)])
def test_a_row_that_a_page_cuts_is_one(ruled: tuple[bool, bool]) -> None:
    """The halves are joined, whether the rules at the end of the page are drawn or not."""
    first = rules([1, 1], 3, 60, bottom_rule=ruled[0]) + words([["head", "a", "b"], ["continued", "1", "2"]], 60)
    second = rules([1, 1], 3, 700, top_rule=ruled[1]) + words([["goeson", "", ""], ["next", "3", "4"]], 700)
    document = read_pdf(pages(first, second), "a.pdf")
    assert grids(document) == [[["head", "a", "b"], ["continued\ngoeson", "1", "2"], ["next", "3", "4"]]]
    assert paragraphs(document) == []


def test_rows_that_a_page_only_parts_stay_two() -> None:
    first = rules([1, 1], 3, 60) + words([["head", "a", "b"], ["continued", "1", "2"]], 60)
    second = rules([1, 1], 3, 700) + words([["other", "5", ""], ["next", "3", "4"]], 700)
    assert grids(read_pdf(pages(first, second), "a.pdf")) == [
        [["head", "a", "b"], ["continued", "1", "2"], ["other", "5", None], ["next", "3", "4"]]
    ]


def test_a_number_that_a_page_cuts_is_never_taken_for_the_whole() -> None:
    """The label alone would be known; the digits fill their cell."""
    first = rules([1, 1], 3, 60) + words([["head", "a", "b"], ["rules", "123456789", "2"]], 60)
    second = rules([1], 3, 700) + words([["(note)", "81", ""]], 700)
    (grid,) = grids(read_pdf(pages(first, second), "a.pdf"))
    assert grid == [["head", "a", "b"], ["rules\n(note)", "123456789\n81", "2"]]


def test_heads_that_a_page_repeats_are_no_rows() -> None:
    head = ["head", "a", "b"]
    first = rules([1, 1], 3, 60) + words([head, ["continued", "1", "2"]], 60)
    second = rules([1, 1, 1], 3, 700) + words([head, ["goeson", "", ""], ["next", "3", "4"]], 700)
    assert grids(read_pdf(pages(first, second), "a.pdf")) == [
        [head, ["continued\ngoeson", "1", "2"], ["next", "3", "4"]]
    ]


def test_running_heads_and_numbers_of_pages_are_left_out() -> None:
    def page(number: int, content: bytes) -> bytes:
        running = b"BT /F1 9 Tf 50 770 Td (Report) Tj ET BT /F1 9 Tf 280 20 Td (Page %d of 2) Tj ET " % number
        return running + content

    first = rules([1, 1], 2, 60) + words([["x", "a"], ["one", "1"]], 60)
    second = rules([1], 2, 720) + words([["two", "2"]], 720)
    document = read_pdf(pages(page(1, first), page(2, second)), "a.pdf")
    assert grids(document) == [[["x", "a"], ["one", "1"], ["two", "2"]]]
    assert paragraphs(document) == []


def moved(content: bytes, across: int) -> bytes:
    return b"q 1 0 0 1 %d 0 cm %s Q " % (across, content)


@pytest.mark.parametrize("across", [0, 30, -20])
def test_fragments_on_any_number_of_pages_are_one_whatever_their_margin(across: int) -> None:
    head, count = ["head", "a", "b"], 6
    fragments = [
        rules([1, 1], 3, 700) + words([head, [f"row{'abcdef'[at]}", str(at), str(at + 1)]], 700) for at in range(count)
    ]
    document = read_pdf(pages(*(moved(each, across * (at % 2)) for at, each in enumerate(fragments))), "a.pdf")
    rows = [[f"row{'abcdef'[at]}", str(at), str(at + 1)] for at in range(count)]
    assert grids(document) == [[head, *rows]]


def line(text: str, across: int, up: int, size: int = 10) -> bytes:
    return b"BT /F1 %d Tf %d %d Td (%s) Tj ET " % (size, across, up, text.encode())


@pytest.mark.parametrize(
    "furniture",
    [
        "- 7 -", "7/12", "Page 7 of 12", "[7]", "~ 7 ~", "https://www.example.com/a/b.html?x=1", "about:blank 1/5",
        "file:///C:/a.html 2/3", "2025/1/20 10:33", "1/20/25, 10:33 AM Report", "2025-01-20 10:33:05 Report",
    ],
)  # fmt: skip
@pytest.mark.parametrize("up", [770, 20])
def test_what_is_printed_around_a_page_is_no_text(furniture: str, up: int) -> None:
    """Even on a single page, or on one alone."""
    content = line("First sentence", 50, 400) + line(furniture, 50, up)
    for data in (pages(content), pages(content, line("Second", 50, 300))):
        assert [text for text in paragraphs(read_pdf(data, "a.pdf")) if text != "Second"] == ["First sentence"]
    inside = pages(line("First", 50, 500) + line(furniture, 50, 400) + line("Last", 50, 300))
    assert len(paragraphs(read_pdf(inside, "a.pdf"))) == 3


def test_running_heads_of_left_and_right_pages_are_left_out() -> None:
    heads = [line("Left head", 50, 770) if at % 2 else line("Right head", 400, 770) for at in range(5)]
    contents = [head + line(f"Text {'abcde'[at]}", 50, 400 + at * 20) for at, head in enumerate(heads)]
    found = " ".join(paragraphs(read_pdf(pages(*contents), "a.pdf")))
    assert "head" not in found
    assert all(f"Text {letter}" in found for letter in "abcde")


def test_the_lines_of_a_title_are_one_paragraph() -> None:
    """They are large and in the middle; lines of the text's size are not joined for standing there."""
    body = b"".join(line("x" * 90, 50, 500 - 14 * at) for at in range(4))
    wide = line("T" * 30, 92, 700, 20) + line("end", 258, 672, 20)
    document = read_pdf(pages(wide + body), "a.pdf")
    assert paragraphs(document)[0].replace(" ", "") == "T" * 30 + "end"


@pytest.mark.parametrize("upright", [False, True])
def test_a_table_without_rules_both_ways_is_no_table(*, upright: bool) -> None:
    lines = b"".join(
        b"%d 600 m %d 700 l S " % (x, x) if upright else b"50 %d m 400 %d l S " % (x, x) for x in (600, 650, 700)
    )
    document = read_pdf(pages(lines + words([["rules", "1", "2"], ["more", "3", "4"]], 610)), "a.pdf")
    assert [row for grid in grids(document) for row in grid if len(row) > 2] == []


def test_a_slanted_stroke_across_a_table_is_none_of_its_rules() -> None:
    table = [["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]]
    drawn_table = rules([1] * 3, 3, 600) + words(table, 600)
    strokes = b"9 w 0.8 G 20 560 m 240 700 l S 60 690 m 210 590 l S 1 w 0 G "
    (grid,) = grids(read_pdf(pages(strokes + drawn_table), "a.pdf"))
    assert grid == table


def test_radicals_are_letters() -> None:
    assert plain("⼈⺠政府⼯作⽆") == "人民政府工作无"


def test_a_chart_does_not_refuse_a_page() -> None:
    """Two thousand short curves, of which each has its own height and place."""
    curves = b"".join(b"%d.%d %d m %d %d l %d %d l S " % (50 + at % 400, at % 9, 50 + at % 300, 52 + at % 400,
                      50 + at % 300, 52 + at % 400, 53 + at % 300) for at in range(2_000))  # fmt: skip
    table = rules([1, 1], 2, 600) + words([["x", "a"], ["one", "1"]], 600)
    assert [["x", "a"], ["one", "1"]] in grids(read_pdf(pages(curves + table), "a.pdf"))


HOSTILE: dict[str, Callable[[], bytes]] = {
    "instructions": lambda: drawn(stream(b"q Q " * (limits.PAGE_CONTENT_LIMIT // 4 + 1))),
    "letters": lambda: drawn(stream(b"BT /F1 1 Tf " + b"(aaaaaaaa) Tj " * (limits.LETTER_LIMIT // 8 + 1) + b"ET")),
    "strokes": lambda: drawn(stream(b"0 0 m 9 9 l S " * (limits.STROKE_LIMIT // 3 + 1))),
    "dashes": lambda: drawn(stream(b"".join(b"%d %d m %d %d l " % (x * 7, y * 5, x * 7, y * 5 + 12) for x in range(60)
                                    for y in range(0, 150, 4)) + b"S")),
    "objects": lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * (limits.OBJECT_LIMIT + 1),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "dashes"])
def test_what_is_refused_is_refused_soon(name: str) -> None:
    start = time.process_time()
    assert refusal(HOSTILE[name]()) == "file.too_large"
    assert time.process_time() - start < 5


@pytest.mark.parametrize("name", ["LETTER_LIMIT", "QUOTE_LIMIT", "STROKE_LIMIT"])
@pytest.mark.parametrize("behind", [0, limits.LETTERS_LIMIT], ids=["counted while drawn", "counted before"])
def test_a_page_draws_no_more_than_it_may(name: str, behind: int) -> None:
    """Of a PDF that is short as of one that is long, on a page behind one that draws little."""
    limit = getattr(limits, name)
    made = {"LETTER_LIMIT": letters, "QUOTE_LIMIT": brackets, "STROKE_LIMIT": strokes}[name]
    whole, beyond = (pages(made(3), made(count), b" " * behind) for count in (limit, limit + 1))
    with pdfplumber.open(io.BytesIO(whole)) as opened:
        assert is_small(page.page_obj for page in opened.pages) == (not behind)
    read_pdf(whole, "a.pdf")
    assert refusal(beyond) == "file.too_large"


@pytest.mark.parametrize(("kind", "small"), [(b"Form", False), (b"Image", True)])
def test_pages_that_draw_forms_are_counted_before(kind: bytes, small: bool) -> None:  # noqa: FBT001
    data = drawn(stream(b"/X Do"), b"/XObject<</X 5 0 R>>", stream(b"", b"/Type/XObject/BBox[0 0 9 9]/Subtype/" + kind))
    with pdfplumber.open(io.BytesIO(data)) as opened:
        assert is_small(page.page_obj for page in opened.pages) == small


ARRAYS = b"[[]]" * (limits.PAGE_CONTENT_LIMIT // 4 - 9)

WATCHED = """import resource, sys
from workbook.carriers.pdf.pdf import read_pdf
read_pdf(open(sys.argv[1], "rb").read(), "a")
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"""


def test_a_hostile_page_takes_little_room(tmp_path: Path) -> None:
    """Arrays become objects of many times their size."""
    (tmp_path / "a.pdf").write_bytes(drawn(stream(ARRAYS)))
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024  # a child inherits the peak of its parent
    done = subprocess.run([sys.executable, "-c", WATCHED, str(tmp_path / "a.pdf")], capture_output=True, check=True)
    assert int(done.stdout) < max(150, own + 100)


FORM = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"


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


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "bomb": (lambda: drawn(stream(b" " * 2**28)), "file.too_large"),
    "layers": (
        lambda: drawn(stream(zlib.compress(b" " * 2**28, 9), b"", b"[/FlateDecode/FlateDecode]")),
        "file.too_large",
    ),
    "letters": (lambda: drawn(stream(b"BT /F1 1 Tf (" + b"a" * 100_000 + b") Tj ET")), "file.too_large"),
    "brackets": (lambda: drawn(stream(b"(" * 1_000_000)), "file.too_large"),
    "strokes": (lambda: drawn(stream(b"0 0 m 9 9 l S " * 120_000)), "file.too_large"),
    "objects": (lambda: b"%PDF-1.4\n" + b"1 0 obj\n" * 300_000, "file.too_large"),
    "cut": (lambda: drawn(stream(b"x"))[:300], "file.damaged"),
    "garbage": (lambda: b"%PDF-1.4\n" + GARBAGE, "file.damaged"),
    "streams": (lambda: b"%PDF-1.4\n" + b"stream\n" * 100_000, "file.damaged"),
}
"""Made when they are asked for: some take long to make."""


@pytest.mark.parametrize("name", REFUSED)
def test_hostile_pdfs_are_refused(name: str) -> None:
    data, code = REFUSED[name]
    assert refusal(data()) == code


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
