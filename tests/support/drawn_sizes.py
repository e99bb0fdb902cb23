"""PDFs that hold exactly so much of one thing: instructions, letters, brackets, strokes, rules, pictures."""

from __future__ import annotations

import io
import zlib
from math import isqrt
from struct import pack

from pdfs import drawn, pages, pdf, stream

from workbook.intake import limits

ONE_PAGE = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
    b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]>>",
)
INTRICATE = 400
"""Points of the most intricate outlines that are followed."""


def shared(count: int, most: int) -> list[int]:
    """Return how much each page has of what all have together."""
    return [most] * (count // most) + [count % most] * (count % most > 0)


def instructions(size: int) -> bytes:
    """Return what draws nothing; the end of a piece counts as a byte."""
    return b" " * (size - 1)


def letters(size: int) -> bytes:
    return b"BT /F1 1 Tf (" + b"a" * size + b") Tj ET"


def brackets(count: int) -> bytes:
    """Return texts; the last has a backslash where they are odd."""
    return b"()" * (count // 2 - count % 2) + b"(\\)" * (count % 2)


def strokes(count: int) -> bytes:
    """Return lines, each of two points and itself, and paths without any."""
    return b"0 0 m 9 9 l S " * (count // 3) + b"S " * (count % 3)


def ruled(across: int, down: int) -> bytes:
    """Return a page with so many ruling lines that cross, and a letter."""
    step, size = 20, 20 * max(across, down) + 40
    lines = [b"20 %d m %d %d l S" % (at, size, at) for at in range(step, step * (across + 1), step)]
    lines += [b"%d 20 m %d %d l S" % (at, at, size) for at in range(step, step * (down + 1), step)]
    return drawn(stream(b"\n".join([b"BT /F1 10 Tf 26 26 Td (1) Tj ET", *lines])), size=(size + 20, size + 20))


def crossing(count: int) -> bytes:
    """Return a page whose ruling lines cross so many times."""
    across = max(few for few in range(1, 250) if count % few == 0)
    return ruled(across, count // across)


def pictures(size: int) -> bytes:
    """Return pictures that inflate to so many bytes together."""
    sizes = shared(size, limits.PUBLISHED_CONTENT_LIMIT)
    head = b"/Type/XObject/Subtype/Image/Width 8/Height 8/BitsPerComponent 8/ColorSpace/DeviceGray"
    packed = {each: zlib.compress(b"\0" * each, 1) for each in {*sizes}}
    whole = b"<<%s/Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream"
    return pdf(*ONE_PAGE, *(whole % (head, len(packed[each]), packed[each]) for each in sizes))


def cut(product: int) -> bytes:
    """Return streams that are cut short, whose bytes packed times their bytes inflated come to so many.

    What large ones leave is made up by ones that inflate to a byte: five of them at most come to any number.
    """
    made, left = [], product
    while left > 10_000:
        made.append(_unfinished(b"\0" * (isqrt(left) - 20)))
        left -= len(made[-1]) * (isqrt(left) - 20)
    few = 2 * left % 5 + 5
    made += [_unfinished(b"\0")] * (few - 1)
    made.append(_unfinished(b"\0", (left - 8 * few) // 5))
    whole = b"<</Length %d/Filter/FlateDecode>>\nstream\n%sendstream"
    return pdf(*ONE_PAGE, *(whole % (len(each), each) for each in made))


def _unfinished(data: bytes, empty: int = 0) -> bytes:
    """Return data deflated as it is behind so many empty blocks; no block says that it is the last."""
    pieces = [data[at : at + 0xFFFF] for at in range(0, len(data), 0xFFFF)]
    blocks = (b"\0%s%s%s" % (pack("<H", len(each)), pack("<H", 0xFFFF - len(each)), each) for each in pieces)
    return b"\x78\x9c" + b"\0\0\0\xff\xff" * empty + b"".join(blocks)


def counted(data: bytes) -> None:
    """Count what all pages of a PDF draw, as its reader does before it reads them.

    Raises:
        Unreadable: it is too much.
    """
    import pdfplumber

    from workbook.carriers.pdf.vet import Tally, counter

    with pdfplumber.open(io.BytesIO(data)) as opened:
        counting = counter(Tally("a.pdf"), opened.rsrcmgr)
        for page in opened.pages:
            counting.process_page(page.page_obj)


def followed(steps: int) -> int:
    """Return how many steps are taken along an outline, beyond which all that is within its sides counts as covered.

    The outline goes around a page but for a corner, in which the letters stand that it is drawn over.
    """
    import pdfplumber

    from workbook.carriers.pdf.letters import look
    from workbook.carriers.pdf.settle import FAINT
    from workbook.carriers.pdf.vet import Tally

    count = -(-steps // INTRICATE)
    text = b"BT /F1 2 Tf 1 0 0 1 320 300 Tm 2 TL " + b"(%s) ' " % (b"a" * 50) * (count // 50)
    text += b"(%s) ' ET " % (b"a" * (count % 50)) if count % 50 else b"ET "
    corner = b"300 400 l 300 0 l "
    edge = b"".join(b"0 %d l " % (at + 1) for at in range(INTRICATE - 6))
    shape = b"1 0 0 rg 0 0 m " + edge + b"0 800 l 600 800 l 600 410 l " + corner + b"f"
    with pdfplumber.open(io.BytesIO(drawn(stream(text + shape)))) as opened:
        page = opened.pages[0]
        look(page, Tally("a.pdf"))
        assert len(page.chars) == count
        return INTRICATE * sum(letter["tag"] != FAINT for letter in page.chars)


PDFS = {
    "PAGE_LIMIT": lambda count: pages(*[b""] * count),
    "PAGE_CONTENT_LIMIT": lambda size: pages(instructions(size)),
    "DRAWING_LIMIT": lambda size: pages(*map(instructions, shared(size, limits.PAGE_CONTENT_LIMIT))),
    "LETTER_LIMIT": lambda size: pages(letters(size)),
    "LETTERS_LIMIT": lambda size: pages(*map(letters, shared(size, limits.LETTER_LIMIT))),
    "QUOTE_LIMIT": lambda count: pages(brackets(count)),
    "QUOTES_LIMIT": lambda count: pages(*map(brackets, shared(count, limits.QUOTE_LIMIT))),
    "STROKE_LIMIT": lambda count: pages(strokes(count)),
    "STROKES_LIMIT": lambda count: pages(*map(strokes, shared(count, limits.STROKE_LIMIT))),
    "PICTURES_LIMIT": pictures,
    "CUT_LIMIT": cut,
    "CROSSING_LIMIT": crossing,
    "RULE_LIMIT": lambda count: ruled(5, count - 5),
}
"""How a PDF at a limit is made, and one beyond it."""
