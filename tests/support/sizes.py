"""Workbooks and pages that hold exactly so much of one thing: bytes, parts, sheets, cells, tags, styles."""

from __future__ import annotations

import io
import random
import re
import zipfile
from functools import cache
from typing import TYPE_CHECKING

from cases import sound
from packages import GOOD
from published import page

from workbook.excel.reading.by_position import read_sheets
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.markup import shared
from workbook.excel.reading.package import Package

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

with zipfile.ZipFile(io.BytesIO(GOOD)) as _archive:
    HELD = {name: _archive.read(name) for name in _archive.namelist()}
TABLE, TEXTS, BOOK = "xl/worksheets/sheet5.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
STYLES = "xl/styles.xml"
WORD = {
    "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
    "word/document.xml": b"<a/>",
}


def zipped(parts: Mapping[str, bytes], stored: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, part in parts.items():
            archive.writestr(name, part, zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def of_size(parts: Mapping[str, bytes], size: int) -> bytes:
    """Return a package of exactly so many bytes."""
    bare = len(zipped({**parts, "media/a.bin": b""}, "media/a.bin"))
    return zipped({**parts, "media/a.bin": b"\1" * (size - bare)}, "media/a.bin")


def inflating(size: int) -> bytes:
    """Return so many bytes that shrink to a hundredth: no part may shrink to less than a two hundredth."""
    noise = random.Random(0).randbytes(size // 100)  # noqa: S311 - it is to be the same each time
    return noise + b"\1" * (size - len(noise))


def of_content(parts: Mapping[str, bytes], size: int) -> bytes:
    """Return a package whose parts have so many bytes, inflated."""
    large, rest = divmod(size - sum(map(len, parts.values())), _LARGE)
    stream = io.BytesIO(_with_large(tuple(parts.items()), large))
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("media/rest.bin", inflating(rest))
    return stream.getvalue()


_LARGE = 50 * 2**20


@cache
def _with_large(parts: tuple[tuple[str, bytes], ...], count: int) -> bytes:
    """Return a package with so many large parts, which one at a limit and one beyond it have in common."""
    large = inflating(_LARGE)
    return zipped({**dict(parts), **{f"media/{at}.bin": large for at in range(count)}})


def of_ratio(ratio: int) -> bytes:
    """Return a workbook with a part that grows so many times."""
    size, low, high = 3 * 2**20, 0, 2**16
    noise = random.Random(0).randbytes(high)  # noqa: S311 - it is to be the same each time
    while True:
        middle = (low + high) // 2
        data = zipped({**HELD, "xl/media/a.bin": noise[:middle] + b"\1" * (size - middle)})
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = size // archive.getinfo("xl/media/a.bin").compress_size
        if found == ratio:
            return data
        low, high = (middle, high) if found > ratio else (low, middle)


def changed(part: str, old: bytes, new: bytes) -> bytes:
    assert old in HELD[part]
    return zipped({**HELD, part: HELD[part].replace(old, new, 1)})


def of_several_users(make: Callable[[int], bytes], count: int) -> bytes:
    """Return a workbook that several users share, which is written anew where others are patched."""
    stream = io.BytesIO(make(count))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("xl/revisions/revisionHeaders.xml", b"")
    return stream.getvalue()


def of_parts(parts: Mapping[str, bytes], count: int) -> bytes:
    return zipped({**parts, **{f"media/{at}.bin": b"x" for at in range(count - len(parts))}})


def of_part_size(size: int) -> bytes:
    """Return a workbook whose formats have so many bytes; of a sheet those of empty cells would not count."""
    left = size - len(HELD[STYLES]) - 7
    noise = random.Random(0).randbytes(left // 2 + 1).hex().encode()  # noqa: S311 - it is to be the same each time
    return changed(STYLES, b"</styleSheet>", b"<!--%s--></styleSheet>" % noise[:left])


def of_sheets(count: int) -> bytes:
    numbers = range(900, 900 + count - HELD[BOOK].count(b"<sheet "))
    more = b"".join(b'<sheet name="n%d" sheetId="%d" r:id="rId1"/>' % (at, at) for at in numbers)
    return changed(BOOK, b"</sheets>", more + b"</sheets>")


def of_merged(count: int) -> bytes:
    has = sum(part.count(b"<mergeCell ") for part in HELD.values())
    more = b"".join(b'<mergeCell ref="B%d:C%d"/>' % (at, at) for at in range(500, 500 + count - has))
    return changed(TABLE, b"</mergeCells>", more + b"</mergeCells>")


def of_covered(count: int) -> bytes:
    has = 0
    for ref in re.findall(rb'<(?:mergeCell|hyperlink) ref="([^"]*)"', b"".join(HELD.values())):
        (one, top), (other, bottom) = (re.findall(r"([A-Z])([0-9]+)", ref.decode()) * 2)[:2]
        has += (ord(other) - ord(one) + 1) * (int(bottom) - int(top) + 1)
    return changed(TABLE, b"</mergeCells>", b'<mergeCell ref="A500:A%d"/></mergeCells>' % (499 + count - has))


def tags() -> tuple[int, int]:
    """Return how many tags the good workbook has in its cells and shared texts, and besides."""
    of_cells = sum(len(re.findall(rb"</?(?:c|v|f|is|row)[\s/>]", part)) for name, part in HELD.items() if name != TEXTS)
    of_cells += HELD[TEXTS].count(b"<")
    return of_cells, sum(part.count(b"<") for part in HELD.values()) - of_cells


def of_tags(count: int) -> bytes:
    more = b"".join(b'<brk id="%d"/>' % at for at in range(500, 500 + count - tags()[1] - 2))
    return changed(TABLE, b"</worksheet>", b"<rowBreaks>" + more + b"</rowBreaks></worksheet>")


def of_cell_tags(count: int) -> bytes:
    texts, rest = divmod(count - tags()[0], 4)
    more = b"".join(b"<si><t>%d</t></si>" % at for at in range(texts)) + b"<si/>" * rest
    return changed(TEXTS, b"</sst>", more + b"</sst>")


def of_comments(size: int) -> bytes:
    """Return a page of so many bytes; its parser takes no longer texts than ten million."""
    page = b"<html>" + (b"<!--" + b" " * 2**20 + b"-->") * ((size - 13) // (2**20 + 7))
    return page + b"<!--" + b" " * (size - len(page) - 7) + b"-->"


OTHER = "xl/worksheets/sheet4.xml"


def of_area(count: int) -> bytes:
    """Return a workbook with so many cells in its rows: two sheets grow, to a hundred columns and to 97.

    A cell in the last of the columns makes each row that long.
    """
    opened = FileWorkbook(Package(GOOD, "a.xlsx"))
    read_sheets(opened, "")
    area = opened.area
    named = {sheet.part: name for name, sheet in opened.package.sheets.items()}
    grids = {part: opened.held(named[part]) for part in (TABLE, OTHER)}
    used = {part: sum(any(value != "" for value in row) for row in grid) for part, grid in grids.items()}
    others = area - sum(used[part] * len(grid[0]) for part, grid in grids.items())
    few = next(at for at in range(used[OTHER] + 1, used[OTHER] + 101) if (count - others - 97 * at) % 100 == 0)
    many = (count - others - 97 * few) // 100
    grown = {TABLE: ("CV", many - used[TABLE]), OTHER: ("CS", few - used[OTHER])}
    parts = dict(HELD)
    for part, (column, rows) in grown.items():
        added = (
            b'<row r="%d"><c r="%s%d"><v>1</v></c></row>' % (at, column.encode(), at) for at in range(500, 500 + rows)
        )
        parts[part] = parts[part].replace(b"</sheetData>", b"".join(added) + b"</sheetData>", 1)
    return zipped(parts)


def of_repeated(size: int) -> bytes:
    """Return a workbook of which one text would come to so many bytes in the cells of a sheet.

    It counts as if it were used in each cell with a text; the cells that are added are blank.
    """
    has = len(shared(HELD[TABLE]))
    uses = next((uses for uses in range(has, 9_000) if size % uses == 0), has)
    blank, cells = HELD[TEXTS].count(b"<si>"), b""
    for at in range(0, uses - has, 20):
        row, columns = 400 + at // 20, b"ABCDEFGHIJKLMNOPQRST"[: uses - has - at]
        inside = b"".join(b'<c r="%c%d" t="s"><v>%d</v></c>' % (column, row, blank) for column in columns)
        cells += b'<row r="%d">%s</row>' % (row, inside)
    long = b"x" * (size // uses - len(b"<t></t></"))
    texts = b"<si><t></t></si><si><t>%s</t></si></sst>" % long
    table = HELD[TABLE].replace(b"</sheetData>", cells + b"</sheetData>", 1)
    return zipped({**HELD, TABLE: table, TEXTS: HELD[TEXTS].replace(b"</sst>", texts, 1)})


PUBLISHED = page(sound("2021"))


def of_text(size: int) -> bytes:
    """Return a page of so many letters, in paragraphs that its parser takes."""
    pieces = [1_000] * (size // 1_000) + [size % 1_000] * (size % 1_000 > 0)
    return b"<html>" + b"".join(b"<p>" + b"a" * piece for piece in pieces)


def of_nesting(count: int) -> bytes:
    """Return a page with so many elements within each other, the first two of which every page has."""
    return b"<html><body>" + b"<div>" * (count - 2) + b"1"


def styled(sheet: bytes, *classes: tuple[bytes, int]) -> bytes:
    """Return the page of a report with a style sheet, and with cells of classes."""
    made = PUBLISHED.replace(b"</head>", b"<style>" + sheet + b"</style></head>", 1)
    for name, count in classes:
        made = made.replace(b"<td rowspan", b'<td class="%s" rowspan' % name, count)
    return made


def of_steps(count: int) -> bytes:
    """Return a page on whose cells selectors look so often: of many on a hundred cells, of some on one."""
    each, more = divmod(count, 100)
    rules = b".a," * (each - 1) + b".a{color:#000}" + (b".b," * more)[:-1] + b"{color:#000}" * (more > 0)
    return styled(rules, (b"a", 100), (b"b", 1))


def of_inline(size: int) -> bytes:
    """Return a page with so many letters of styles in a table."""
    style = b"color:#000;/*%d*/" % size
    style = style[:-2] + b"x" * (size - len(style)) + b"*/"
    return PUBLISHED.replace(b"<td rowspan", b'<td style="%s" rowspan' % style, 1)


def of_sheet(size: int) -> bytes:
    return styled(b"/*" + b"x" * (size - 4) + b"*/")


def of_selectors(count: int) -> bytes:
    return styled(b"x," * (count - 1) + b"x{color:#000}")


def spanned(columns: int) -> int:
    """Return how many columns a cell takes that says that it spans so many."""
    from workbook.carriers.page.page import read_html

    (grid,) = read_html(b"<table><tr><td colspan=%d>1</table>" % columns, "a.html").blocks
    return len(grid.rows[0])
