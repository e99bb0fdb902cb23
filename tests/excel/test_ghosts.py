"""What is empty costs nothing: rows, columns cells with nothing but a format, and values far from any table."""

from __future__ import annotations

import re
import time
from functools import cache
from typing import TYPE_CHECKING

import pytest
from packages import GOOD, TABLE, codes, prefixed, rezipped, wide

import workbook
from workbook.excel.reading.ghosts import without_ghosts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

EXPECTED = workbook.parse(GOOD, "a.xlsx")
CELLS, MERGED, COLUMNS = b"</sheetData>", b"</mergeCells>", b"</cols>"


def in_table(end: bytes, more: bytes) -> bytes:
    """Return the good workbook with more at an end of its table's sheet."""
    return rezipped(lambda name, part: part.replace(end, more + end, 1) if name == TABLE else part)


def rows(pattern: bytes, numbers: Iterable[int]) -> bytes:
    return in_table(CELLS, b"".join(pattern.replace(b"#", b"%d" % number) for number in numbers))


def bordered(row: re.Match[bytes]) -> bytes:
    """Return a row with formats in all columns up to the last of three letters that begin so."""
    letters = [bytes([65 + one, 65 + two]) for one in range(26) for two in range(26)]
    more = b"".join(b'<c r="%s%s" s="5"/>' % (column, row[1]) for column in letters)
    more += b"".join(b'<c r="%c%s%s" s="5"/>' % (65 + one, two, row[1]) for one in range(20) for two in letters)
    return row[0].removesuffix(b"</row>") + more + b"</row>"


GHOSTS: dict[str, Callable[[], bytes]] = {
    "styled rows": lambda: rows(
        b'<row r="#" spans="1:9" ht="14.25">%s</row>' % b"".join(b'<c r="%c#" s="5"/>' % (65 + k) for k in range(9)),
        range(40, 100_000),
    ),
    "a border down a column": lambda: rows(b'<row r="#" spans="11:11"><c r="K#" s="7"/></row>', range(40, 1_048_577)),
    "rows of a height": lambda: rows(b'<row r="#" ht="15" customHeight="1"/>', range(40, 1_048_577)),
    "other ways of writing": lambda: rows(
        b'<row r="#">\n<c r="A#" s="1" /><c r="B#" s="1"></c><c r="C#"><v></v></c><c r="D#"><v/></c></row>\n',
        range(40, 60_000),
    ),
    "other order and signs": lambda: rows(
        b"<row spans='1:1' r='#'><c s='7' r='K#'/><c s='7' t='inlineStr' r='L#'><is><t></t></is></c></row>",
        range(40, 100_000),
    ),
    "lines between": lambda: rows(b'\n  <row r="#">\n    <c r="K#" s="7"/>\n  </row>', range(40, 100_000)),
    "in UTF-16 and with a prefix": lambda: rezipped(lambda name, part: wide(
        prefixed(part.replace(CELLS, b"".join(
            b'<row r="%d"><c r="K%d" s="7"/></row>' % (at, at) for at in range(700, 60_000)) + CELLS)),
        "utf-16", "UTF-16") if name == TABLE else part),
    "hidden rows": lambda: rows(b'<row r="#" hidden="1"/>', range(40, 100_000)),
    "the last row": lambda: rows(b'<row r="#" ht="12.8" hidden="false"/>', [1_048_576]),
    "a format in the last cell": lambda: rows(b'<row r="#"><c r="XFD#" s="3"/></row>', [1_048_576]),
    "a border across all columns": lambda: rezipped(lambda name, part: re.sub(
        rb'<row r="([0-9]+)"[^>]*>.*?</row>', bordered, part) if name == TABLE else part),
    "formats of columns": lambda: in_table(COLUMNS, b'<col min="20" max="16384" width="9" style="5"/>'),
    "merged columns": lambda: in_table(MERGED, b'<mergeCell ref="N1:XFD1048576"/>'),
    "conditional formats": lambda: rezipped(lambda name, part: part.replace(CELLS, CELLS + (
        b'<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1"><formula>A1=1</formula>'
        b"</cfRule></conditionalFormatting>"), 1) if name == TABLE else part),
    "on every sheet": lambda: rezipped(lambda name, part: part.replace(CELLS, b"".join(
        b'<row r="%d"><c r="K%d" s="7"/></row>' % (at, at) for at in range(700, 40_000)) + CELLS)
        if name.startswith("xl/worksheets/") else part),
}  # fmt: skip

made = cache(lambda name: GHOSTS[name]())


@pytest.mark.parametrize("name", GHOSTS)
def test_what_is_empty_is_not_read(name: str) -> None:
    data, start = made(name), time.process_time()
    report = workbook.parse(data, "a.xlsx")
    assert time.process_time() - start < 5
    assert (report.cells, report.places, report.reader_findings) == (EXPECTED.cells, EXPECTED.places, ())


@pytest.mark.parametrize("name", ["styled rows", "a border across all columns"])
def test_it_does_not_hinder_marking(name: str) -> None:
    data, start = made(name), time.process_time()
    report = workbook.parse(data, "a.xlsx")
    marked = workbook.mark(data, report, workbook.check(report))
    assert time.process_time() - start < 10
    assert workbook.parse(marked, "a.xlsx").cells == EXPECTED.cells


STRAYS = {
    "last row": (b'<row r="1048576"><c r="C1048576"><v>5</v></c></row>', "C1048576", "5"),
    "last cell": (b'<row r="1048576"><c r="XFD1048576" t="str"><v>x</v></c></row>', "XFD1048576", "“x”"),
    "last column": (b'<row r="90"><c r="XFD90" t="b"><v>1</v></c></row>', "XFD90", "“TRUE”"),
}


@pytest.mark.parametrize("name", STRAYS)
def test_what_stands_far_away_is_told_and_not_read(name: str) -> None:
    row, address, value = STRAYS[name]
    report = workbook.parse(in_table(CELLS, row), "a.xlsx")
    assert report.cells == EXPECTED.cells
    (finding,) = report.reader_findings
    assert (finding.code, finding.at) == ("file.far_cells", "三、依申请公开")
    assert address in finding.message()
    assert value in finding.message()


def test_a_blank_far_away_is_nothing() -> None:
    assert codes(rows(b'<row r="#"><c r="A#" t="str"><v> </v></c></row>', [1_048_576])) == []


def test_what_is_far_away_is_told_where_no_table_is_found() -> None:
    def moved(name: str, part: bytes) -> bytes:
        if name != TABLE:
            return part
        return re.sub(rb'(<(?:row|c) r="[A-Z]*)([0-9]+)"', lambda at: at[1] + b'%d"' % (int(at[2]) + 50_000), part)

    found = codes(rezipped(moved))
    assert "file.far_cells" in found
    assert "table.missing" in found


FULL = b'<row r="%d"><c r="A%d"><v>1</v></c></row>'
REFUSED = {
    "a number among the empty": lambda: rows(b'<row r="#"><c r="A#" t="str"><v>x</v></c></row>', range(40, 200_000)),
    "an empty row that stands twice": lambda: rows(
        b'<row r="#"><c r="D#" s="1"/></row>', [*range(40, 90_000), 6, *range(90_000, 90_010)]),
    "an empty cell that stands twice": lambda: rows(
        b'<row r="#"><c r="D#"/></row>', [*range(40, 90_000), *range(6, 12)]),
    "a row without an end": lambda: in_table(CELLS, b'<row r="90">' + b'<c r="A90" s="1"/>' * 300_000),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_only_looks_empty_is_refused(name: str) -> None:
    start = time.process_time()
    assert codes(REFUSED[name]()) in (["file.damaged"], ["file.too_large"])
    assert time.process_time() - start < 10


def test_a_value_behind_what_looks_like_an_end_is_not_empty() -> None:
    assert codes(rows(b'<row r="#"><c r="A#" x="/>"><v>5</v></c></row>', range(40, 90_000))) == ["file.far_cells"]


def row_of(number: int) -> bytes:
    """Return a row with ghosts, of every fifth and seventh with a value before and behind them."""
    cells = [b'<c r="A%d" s="1"/>', *[b'<c r="%c%%d"/>' % letter for letter in b"CDEFG"], b'<c r="H%d" s="2"></c>']
    if number % 5 == 0:
        cells.insert(1, b'<c r="B%d"><v>7</v></c>')
    if number % 7 == 0:
        cells.append(b'<c r="J%d"><v>8</v></c>')
    return b'<row r="%d">' % number + b"".join(cell % number for cell in cells) + b"</row>"


@pytest.mark.parametrize("size", [1, 7, 100, 10_000])
def test_the_size_of_pieces_is_no_matter(size: int) -> None:
    sheet = b"<sheetData>" + b"".join(map(row_of, range(1, 200))) + CELLS
    thin = b"".join(without_ghosts(sheet[at : at + size] for at in range(0, len(sheet), size)))
    values = re.compile(rb'<c r="([A-Z]+[0-9]+)"><v>([^<]*)</v>')
    assert values.findall(thin) == values.findall(sheet)
    assert len(thin) < len(sheet)
