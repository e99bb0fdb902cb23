"""The lines of a PDF outside its tables: without the furniture of the page, and where paragraphs begin."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.carriers.pdf.tables import is_inside, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook.carriers.pdf.settle import Area
    from workbook.carriers.pdf.tables import Part

_SIGNS = r"[-—–－‐·•~～〜_=|\s\[\]【】<>《》]{0,6}"
_PAGE_NUMBER = re.compile(
    rf"{_SIGNS}(?:[Pp]age|第)?\s?[0-9]{{1,3}}(?:\s?页)?(?:\s?(?:[/，,]|of)?\s?(?:共\s?)?[0-9]{{1,3}}(?:\s?页)?)?{_SIGNS}"
)
_PRINTED = re.compile(
    r"(?:https?|file|about|chrome-extension):\S+(?:\s+[0-9]+\s?/\s?[0-9]+)?"
    r"|[0-9]{1,4}[-/.年][0-9]{1,2}[-/.月][0-9]{1,4}日?[,，]?\s*(?:星期.|周.)?\s*(?:上午|下午|[AP]M)?\s*[0-9]{1,2}:[0-9]{2}.*"
)
"""What browsers print around a page: the address, and the date with the title."""
_CONTINUED = re.compile(r"[(（]?(?:续上?表|表续|续|接上[页表])[0-9一二三四五六]{0,2}[)）]?[:：]?")
"""What stands above the rest of a table on another page."""
_DIGITS = re.compile("[0-9]+")
_MARGIN = 0.15
"""The part of a page, above and below, in which its number and running heads stand."""
_FAR = 1.8
"""Heights of a line that two lines of a paragraph may be apart, top to top, besides the line itself."""
_LEVEL = 7
"""Points by which letters of a line may stand higher, as digits of another font do in a large title."""
_LARGE = 1.15
"""How much larger than most letters those of a title are."""
_HEADING = re.compile("[一二三四五六七八九十]{1,3}、")
_ENDED = tuple("。；：！？”）)…")


@dataclass
class Line:
    """A line of text outside the tables."""

    text: str
    box: Area

    @property
    def height(self) -> float:
        """Points from its top to its bottom."""
        return self.box[3] - self.box[1]

    @property
    def size(self) -> float:
        """Its height, by which distances are measured."""
        return max(self.height, 1.0)


@dataclass
class Sheet:
    """What stands on a page: the tables' parts, and the lines outside them, from top to bottom."""

    name: str
    height: float
    parts: list[Part]
    lines: list[Line]


@dataclass
class Margins:
    """The margins of all pages, since one page may be blank, and the height of most letters."""

    left: float
    right: float
    size: float


def margins(sheets: Iterable[Sheet]) -> Margins:
    """Return the margins of the lines of all pages."""
    lines = [line for sheet in sheets for line in sheet.lines]
    sizes: Counter[int] = Counter()
    for line in lines:
        sizes[round(line.height)] += len(line.text)
    return Margins(
        min((line.box[0] for line in lines), default=0.0),
        max((line.box[2] for line in lines), default=0.0),
        max(sizes, key=lambda size: sizes[size], default=0),
    )


def lines_of(page: Any, boxes: Sequence[Area]) -> list[Line]:
    """Return the lines outside the tables, from top to bottom, without what is printed around the page."""
    inside = [is_inside(box) for box in boxes]
    letters = page.filter(lambda item: item["object_type"] == "char" and not any(within(item) for within in inside))
    found = letters.extract_text_lines(strip=True, return_chars=False, y_tolerance=_LEVEL)
    lines = [Line(item["text"], (item["x0"], item["top"], item["x1"], item["bottom"])) for item in found]
    lines = sorted((line for line in lines if line.text.strip()), key=lambda line: line.box[1])
    height = float(page.height)
    for at in (0, -1):
        while lines and _is_furniture(lines[at]) and _in_margin(lines[at], height):
            lines.pop(at)
    first = min((box[1] for box in boxes), default=0.0)
    if lines and lines[0].box[1] < first and _CONTINUED.fullmatch(lines[0].text.strip()):
        lines.pop(0)
    return lines


def _is_furniture(line: Line) -> bool:
    text = line.text.strip()
    return bool(_PAGE_NUMBER.fullmatch(text) or _PRINTED.fullmatch(text))


def _in_margin(line: Line, height: float) -> bool:
    return line.box[3] < height * _MARGIN or line.box[1] > height * (1 - _MARGIN)


def drop_running(sheets: Sequence[Sheet]) -> None:
    """Take away the lines at the ends of pages that run through the document, the same but for the page's number.

    They may differ between pages on the left and on the right.
    """
    for at in (0, -1):
        running = True
        while running:
            ends = [_mark(sheet, at) for sheet in sheets]
            running = False
            for here, (mark, sheet) in enumerate(zip(ends, sheets, strict=True)):
                if mark and mark in {*ends[max(0, here - 2) : here], *ends[here + 1 : here + 3]}:
                    sheet.lines.pop(at)
                    running = True


def _mark(sheet: Sheet, at: int) -> tuple[str, int] | None:
    """Return by what a running line is known: its text without digits, and its height on the page."""
    if not sheet.lines or not _in_margin(sheet.lines[at], sheet.height):
        return None
    return _DIGITS.sub("0", sheet.lines[at].text), round(sheet.lines[at].box[1] / 2)


def begins(line: Line, lines: Sequence[Line], within: Margins) -> bool:
    """Say whether a line begins a paragraph after some lines of one.

    It does where it is indented, or of another size, where it reads like a heading, or the last is short or far. The
    lines of a title are short on both sides.
    """
    last, size = lines[-1], line.size
    if line.box[1] - last.box[1] > (1 + _FAR) * size or abs(last.height - line.height) > size / 4:
        return True
    heading = _HEADING.match(line.text) and (last.text.rstrip().endswith(_ENDED) or _is_title(last, within))
    if heading or (_HEADING.match(last.text) and _is_title(last, within)):
        return True
    if _is_title(last, within) and _is_title(line, within):
        return False
    return line.box[0] > within.left + size or last.box[2] < within.right - 2 * size


def _is_title(line: Line, within: Margins) -> bool:
    """Say whether a line may be one of a title: larger than most of the text, and in the middle."""
    middle = (line.box[0] + line.box[2]) / 2 - (within.left + within.right) / 2
    return line.height > _LARGE * within.size and abs(middle) < line.size


def together(lines: Sequence[Line]) -> str:
    """Join lines; a blank stands only between words of Latin letters."""
    text = ""
    for line in lines:
        apart = text[-1:].isascii() and text[-1:].isalnum() and line.text[:1].isascii() and line.text[:1].isalnum()
        text += (" " if apart else "") + line.text
    return plain(text)
