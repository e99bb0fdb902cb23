"""Vets a PDF before its pages are drawn: what its streams inflate to, and how much a page draws.

pdfminer inflates streams without a limit and draws a form as often as it is named, so that a few hundred bytes could
keep it busy for years.
"""

from __future__ import annotations

import contextlib
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Any

from workbook.intake.archive import damaged, too_large
from workbook.intake.limits import (
    CROSSING_LIMIT,
    CUT_LIMIT,
    DRAWING_LIMIT,
    LETTER_LIMIT,
    LETTERS_LIMIT,
    OBJECT_LIMIT,
    PAGE_CONTENT_LIMIT,
    PICTURES_LIMIT,
    PUBLISHED_CONTENT_LIMIT,
    QUOTE_LIMIT,
    QUOTES_LIMIT,
    RULE_LIMIT,
    STROKE_LIMIT,
    STROKES_LIMIT,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY = 2_000
"""Bytes before a stream in which its dictionary is looked for."""
_LAYERS = 3
"""How often one stream may be deflated."""
_DEFLATED = b"x"
"""What deflated data begins with."""
_PIECE, _GROWN = 2**14, 2**20
_LIMITS = {
    "content": (PAGE_CONTENT_LIMIT, DRAWING_LIMIT, "绘图指令", "instructions"),
    "letters": (LETTER_LIMIT, LETTERS_LIMIT, "文字", "letters"),
    "quotes": (QUOTE_LIMIT, QUOTES_LIMIT, "文字标记", "brackets of texts"),
    "strokes": (STROKE_LIMIT, STROKES_LIMIT, "线条", "lines and curves"),
}
"""What is counted: the limits of a page and of all pages, and its words."""


def vet_streams(data: bytes, file: str) -> None:
    """Refuse a PDF whose streams inflate beyond all measure; pictures count apart, since they are never kept.

    Raises:
        Unreadable: they do.
    """
    objects = data.count(b" obj")
    if objects > OBJECT_LIMIT:
        raise too_large(file, f"内含 {objects} 个对象", f"{objects} objects", OBJECT_LIMIT)
    totals = {True: 0, False: 0}
    limits = {True: PICTURES_LIMIT, False: PUBLISHED_CONTENT_LIMIT}
    cut = end = 0
    for found in _STREAM.finditer(data):
        start = found.end()
        if end < start:
            end = data.find(b"endstream", start)
            end = len(data) if end < 0 else end
        picture = _is_picture(data, found.start())
        size, wasted = _inflated(memoryview(data)[start:end])
        totals[picture] += size
        cut += 0 if picture else wasted
        for found_size, limit in ((size, PUBLISHED_CONTENT_LIMIT), (totals[picture], limits[picture])):
            if found_size > limit:
                raise too_large(file, "解压后过大", "its streams inflated", limit)
        if cut > CUT_LIMIT:
            raise damaged(file, "a stream is cut short")


def _is_picture(data: bytes, end: int) -> bool:
    dictionary = data[max(0, end - _DICTIONARY) : end].rpartition(b" obj")[2]
    return b"/Image" in dictionary and b"/ObjStm" not in dictionary and b"/XRef" not in dictionary


def _inflated(packed: memoryview) -> tuple[int, int]:
    """Return how many bytes a stream inflates to, and what is wasted on it where it is cut short.

    It is inflated a little beyond the limit at most. What inflates to something deflated is inflated too: filters may
    be stacked.
    """
    largest = wasted = 0
    for _ in range(_LAYERS):
        size, plain, whole = _inflate(packed)
        largest = max(largest, size)
        wasted += 0 if whole else size * len(packed)
        if plain[:1] != _DEFLATED:
            break
        packed = memoryview(plain)
    return largest, wasted


def _inflate(packed: memoryview) -> tuple[int, bytes, bool]:
    """Inflate a stream; return the length, what is kept for the next layer, and whether it came to its end.

    It goes piece by piece, since what is left of a piece is copied each time.
    """
    inflater = zlib.decompressobj()
    size = at = 0
    kept = bytearray()
    with contextlib.suppress(zlib.error):
        while size <= PUBLISHED_CONTENT_LIMIT and not inflater.eof and (inflater.unconsumed_tail or at < len(packed)):
            rest = inflater.unconsumed_tail
            plain = inflater.decompress(rest or packed[at : at + _PIECE], _GROWN)
            at += 0 if rest else _PIECE
            size += len(plain)
            if kept[:1] in (b"", _DEFLATED):
                kept += plain
    return size, bytes(kept) if kept[:1] == _DEFLATED else b"", inflater.eof


def is_small(pages: Iterable[Any]) -> bool:
    """Say whether pages of pdfminer have so few instructions that they may be counted while they are drawn.

    All of them together are shorter than the letters that they may have, and none draws forms, which may draw others.
    """
    from pdfminer.pdftypes import dict_value, stream_value
    from pdfminer.psparser import literal_name

    size = 0
    for page in pages:
        quotes = 0
        objects = dict_value(dict_value(page.resources).get("XObject", {})).values()
        if any(literal_name(stream_value(one).get("Subtype", "")) == "Form" for one in objects):
            return False
        for stream in page.contents:
            data = stream_value(stream).get_data()
            size += len(data)
            quotes += _quotes(data)
        if size > LETTERS_LIMIT or quotes > QUOTE_LIMIT:
            return False
    return True


def counter(tally: Tally, resources: Any) -> Any:
    """Return an interpreter of pdfminer that draws nothing and refuses pages that draw too much.

    Its ``process_page`` raises ``Unreadable``. Pages are drawn a second time to be read, which takes far more room.

    Args:
        tally: what is counted.
        resources: what the document shares between its pages, its fonts above all.
    """
    from pdfminer.pdfdevice import PDFDevice
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfminer.pdftypes import stream_value

    class Device(PDFDevice):
        def begin_page(self, *_: Any) -> None:
            tally.begin_page()

        def paint_path(self, *args: Any) -> None:
            tally.add_path(args[-1])

        def render_string(self, _: Any, seq: Any, *__: Any) -> None:
            tally.add_letters(seq)

    class Interpreter(PDFPageInterpreter):
        def execute(self, streams: Any) -> None:
            for stream in streams:
                data = stream_value(stream).get_data()
                tally.add(content=1 + len(data), quotes=_quotes(data))
            super().execute(streams)

    return Interpreter(resources, Device(resources))


def _quotes(data: bytes) -> int:
    return sum(map(data.count, (b"(", b")", b"\\")))


class Tally:
    """What has been drawn, on this page and on all."""

    def __init__(self, file: str) -> None:
        """Count for a file of that name, for findings."""
        self._file = file
        self._page: Counter[str] = Counter()
        self._all: Counter[str] = Counter()

    def begin_page(self) -> None:
        """Begin a page."""
        self._page.clear()

    def add_letters(self, parts: Iterable[Any]) -> None:
        """Count the letters of a text: its pieces, with numbers between them that move them."""
        self.add(letters=sum(len(part) for part in parts if isinstance(part, bytes)))

    def add_path(self, path: Sequence[Any]) -> None:
        """Count the steps of a path."""
        self.add(strokes=1 + len(path))

    def add(self, **drawn: int) -> None:
        """Count what is drawn.

        Raises:
            Unreadable: it is too much.
        """
        self._page.update(drawn)
        self._all.update(drawn)
        for name in drawn:
            page, total, words, words_en = _LIMITS[name]
            if self._page[name] > page:
                raise too_large(self._file, f"有一页的{words}过多", f"{words_en} on a page", page)
            if self._all[name] > total:
                raise too_large(self._file, f"的{words}过多", f"{words_en} on all pages", total)


def vet_rules(across: int, down: int, file: str) -> None:
    """Refuse a page with too many ruling lines; tables are looked for in all their crossings.

    Args:
        across: how many lie.
        down: how many stand.
        file: its name, for findings.

    Raises:
        Unreadable: there are.
    """
    for what, limit in ((across * down, CROSSING_LIMIT), (across + down, RULE_LIMIT)):
        if what > limit:
            raise too_large(file, "有一页的表格线过多", "the ruling lines on a page", limit)
