"""PDF as programs print it: rows cut by the end of a page, heads repeated, rules left out, running heads, charts."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from test_published import drawn, grids, paragraphs, pdf, refusal, stream

from workbook.carriers import limits
from workbook.carriers.pdf.pdf import read_pdf
from workbook.carriers.pdf.tables import plain

if TYPE_CHECKING:
    from pathlib import Path

ROW = 20
"""Points of a line in the tables drawn here; a column is 60 wide, a letter of size 10 some 6."""


def rules(rows: list[int], columns: int, bottom: int, *, top_rule: bool = True, bottom_rule: bool = True) -> bytes:
    """Draw a grid of rows so many lines high that ends at a height."""
    heights = [bottom + ROW * sum(rows[at:]) for at in range(len(rows) + 1)]
    drawn_at = heights[0 if top_rule else 1 : None if bottom_rule else -1]
    across = [b"50 %d m %d %d l S" % (at, 50 + 60 * columns, at) for at in drawn_at]
    down = [b"%d %d m %d %d l S" % (x, bottom, x, heights[0]) for x in range(50, 51 + 60 * columns, 60)]
    return b"\n".join([*across, *down, b""])


def words(texts: list[list[str]], bottom: int) -> bytes:
    """Write lines into columns above a height."""
    lines = []
    for line, row in enumerate(reversed(texts)):
        for column, text in enumerate(row):
            at = 54 + 60 * column, bottom + 6 + ROW * line
            lines.append(b"BT /F1 10 Tf %d %d Td (%s) Tj ET" % (*at, text.encode()))
    return b"\n".join(lines)


def pages(*contents: bytes) -> bytes:
    """Return a PDF of pages."""
    font = b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    count = len(contents)
    kids = b" ".join(b"%d 0 R" % (3 + at) for at in range(count))
    each = [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R%s>>" % (3 + count + at, font)
        for at in range(count)
    ]
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count), *each,
        *map(stream, contents),
    )  # fmt: skip


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


@pytest.mark.parametrize("upright", [False, True])
def test_a_table_without_rules_both_ways_is_no_table(*, upright: bool) -> None:
    lines = b"".join(
        b"%d 600 m %d 700 l S " % (x, x) if upright else b"50 %d m 400 %d l S " % (x, x) for x in (600, 650, 700)
    )
    document = read_pdf(pages(lines + words([["rules", "1", "2"], ["more", "3", "4"]], 610)), "a.pdf")
    assert [row for grid in grids(document) for row in grid if len(row) > 2] == []


def test_radicals_are_letters() -> None:
    assert plain("⼈⺠政府⼯作⽆") == "人民政府工作无"


def test_a_chart_does_not_refuse_a_page() -> None:
    """Two thousand short curves, of which each has its own height and place."""
    curves = b"".join(b"%d.%d %d m %d %d l %d %d l S " % (50 + at % 400, at % 9, 50 + at % 300, 52 + at % 400,
                      50 + at % 300, 52 + at % 400, 53 + at % 300) for at in range(2_000))  # fmt: skip
    table = rules([1, 1], 2, 600) + words([["x", "a"], ["one", "1"]], 600)
    assert [["x", "a"], ["one", "1"]] in grids(read_pdf(pages(curves + table), "a.pdf"))


HOSTILE = {
    "instructions": drawn(stream(b"q Q " * (limits.PAGE_CONTENT_LIMIT // 4 + 1))),
    "letters": drawn(stream(b"BT /F1 1 Tf " + b"(aaaaaaaa) Tj " * (limits.LETTER_LIMIT // 8 + 1) + b"ET")),
    "strokes": drawn(stream(b"0 0 m 9 9 l S " * (limits.STROKE_LIMIT // 3 + 1))),
    "dashes": drawn(stream(b"".join(b"%d %d m %d %d l " % (x * 7, y * 5, x * 7, y * 5 + 12) for x in range(60)
                                    for y in range(0, 150, 4)) + b"S")),
    "objects": b"%PDF-1.4\n" + b"1 0 obj\n" * (limits.OBJECT_LIMIT + 1),
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "dashes"])
def test_what_is_refused_is_refused_soon(name: str) -> None:
    start = time.process_time()
    assert refusal(HOSTILE[name]) == "file.too_large"
    assert time.process_time() - start < 5


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
