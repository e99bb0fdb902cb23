"""PDF files, drawn by hand."""

from __future__ import annotations

import zlib

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


def drawn(content: bytes, resources: bytes = b"", *more: bytes, size: tuple[int, int] = (600, 800)) -> bytes:
    """Return a PDF of one page of some width and height."""
    font = b"/Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>"
    return pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<<%s%s>>>>" % (*size, font, resources),
        content,
        *more,
    )


IMAGE = stream(b"\0" * 64, b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray")
