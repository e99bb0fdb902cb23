"""How the workbook looks: fonts, tints, borders, as named formats."""

from __future__ import annotations

import math
from functools import cached_property
from typing import Any
from unicodedata import east_asian_width

from workbook.excel.layout import AT_LEAST

ENTRY_TINT, TOTAL_TINT, HEAD_TINT = "#FFF9E3", "#EDEDED", "#F5F7FA"
RED, GREEN, AMBER, GREY, BLUE = "#C00000", "#2E7D32", "#9C6500", "#7F7F7F", "#1F4E79"
RED_TINT = "#FFC7CE"
ENTRY_TAB, GUIDE_TAB, CHECKS_TAB = "#F2C94C", BLUE, GREEN
"""The colours of the tabs: what is to be filled in, where to begin, whether it is right."""

TEXT_LINE, TALLEST = 17.5, 409
"""Points of a line of a paragraph, and of the highest row that there is.

A line of 宋体 is lower than one of the fonts that stand in for it elsewhere: Noto and Source Han take 1.45 of its size.
"""
TEXT_SHRINK = 11 / 12
"""Widths count characters of the default size, paragraphs are larger."""
_WIDE = frozenset("WFA")

LEAST = f'"{AT_LEAST}"General'
"""How a number is shown that may be larger."""
_SONG, _HEI = "宋体", "黑体"
_FAMILIES = {_SONG: 1, _HEI: 2}
"""Roman and swiss: by what programs choose another font where they have none of that name."""
_CHINESE = 134
_CENTRE = {"align": "center", "valign": "vcenter", "text_wrap": True}
_BOXED = {**_CENTRE, "border": 1}
_SUM = {**_BOXED, "text_wrap": False, "shrink": True, "font_size": 11}
"""Sums have more digits than the columns were made for."""

STYLES: dict[str, dict[str, Any]] = {
    "title": {"font_name": _HEI, "font_size": 22, **_CENTRE},
    "subtitle": {"font_size": 12, "font_color": GREY, **_CENTRE},
    "section": {"font_name": _HEI, "font_size": 15, **_CENTRE, "text_wrap": False},
    "block": {**_BOXED, "bold": True, "bg_color": HEAD_TINT},
    "head": {**_BOXED, "bg_color": HEAD_TINT},
    "line": {**_BOXED, "align": "left", "indent": 1},
    "group": {**_BOXED},
    "corner": {**_BOXED, "bg_color": HEAD_TINT, "font_size": 10},
    "entry": {**_BOXED, "bg_color": ENTRY_TINT, "locked": False, "font_size": 11},
    "sample": {**_BOXED, "bg_color": ENTRY_TINT, "font_size": 11},
    "total": {**_BOXED, "bg_color": TOTAL_TINT, "font_size": 11},
    "entry_sum": {**_SUM, "bg_color": ENTRY_TINT, "locked": False},
    "total_sum": {**_SUM, "bg_color": TOTAL_TINT},
    "entry_least": {**_SUM, "bg_color": ENTRY_TINT, "locked": False, "num_format": LEAST},
    "total_least": {**_SUM, "bg_color": TOTAL_TINT, "num_format": LEAST},
    "mark": {"align": "center", "valign": "vcenter", "font_size": 10},
    "verdict": {"bold": True, "font_size": 12, "valign": "vcenter"},
    "link": {"font_color": BLUE, "underline": 1, "align": "center", "valign": "vcenter", "font_size": 10},
    "jump": {"font_color": BLUE, "underline": 1, "align": "center", "valign": "vcenter", "font_size": 10, "border": 1},
    "part": {"font_color": BLUE, "underline": 1, "valign": "vcenter", "border": 1, "indent": 1, "font_size": 12},
    "state": {"border": 1, "valign": "vcenter", "indent": 1, "bold": True, "font_size": 12},
    "todo": {"border": 1, "valign": "vcenter", "indent": 1, "font_size": 11},
    "next": {"font_name": _HEI, "font_size": 15, "font_color": BLUE, "valign": "vcenter"},
    "onward": {"font_color": BLUE, "underline": 1, "valign": "vcenter", "font_size": 11},
    "note": {"font_color": GREY, "font_size": 10, "valign": "vcenter", "text_wrap": True},
    "letters": {
        "font_color": GREY, "font_size": 10, "align": "left", "valign": "vcenter", "num_format": '0"字"',
    },
    "aside": {"font_color": GREY, "font_size": 10, "valign": "vcenter"},
    "question": {**_BOXED, "bold": True, "bg_color": HEAD_TINT, "font_size": 12},
    "answer": {**_BOXED, "bg_color": ENTRY_TINT, "locked": False, "font_size": 12, "num_format": "@"},
    "year": {**_BOXED, "bg_color": ENTRY_TINT, "locked": False, "font_size": 12, "num_format": "0"},
    "fixed": {**_BOXED, "bg_color": TOTAL_TINT, "font_size": 12},
    "count": {**_BOXED, "bg_color": TOTAL_TINT, "font_size": 12, "num_format": '0"条"'},
    "heading": {"font_name": _HEI, "font_size": 14, "valign": "vcenter", "bottom": 1},
    "paragraph": {
        "font_size": 12, "bg_color": ENTRY_TINT, "locked": False, "text_wrap": True, "valign": "top", "num_format": "@",
    },
    "list": {"border": 1, "valign": "vcenter", "text_wrap": True, "font_size": 10},
    "number": {"border": 1, "valign": "vcenter", "align": "right", "font_size": 10},
    "result": {"border": 1, "valign": "vcenter", "font_size": 10, "bold": True},
    "key": {"border": 1, "valign": "vcenter", "font_size": 9, "font_color": GREY},
    "free": {"border": 1, "valign": "vcenter", "font_size": 10, "bg_color": ENTRY_TINT, "locked": False},
    "lead": {"bold": True, "font_size": 12, "valign": "top"},
    "step": {"font_size": 12, "text_wrap": True, "valign": "top"},
    "bad": {"font_color": RED},
    "good": {"font_color": GREEN},
    "open": {"font_color": AMBER},
    "faulty": {"bg_color": RED_TINT, "font_color": RED},
}  # fmt: skip


class Formats:
    """The named formats of one workbook, made when first used: ``formats["entry"]``."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._made:
            conditional = name in {"bad", "good", "open", "faulty"}
            made: dict[str, Any] = (
                {} if conditional else {"font_name": _SONG, "font_size": 10.5, "font_charset": _CHINESE}
            )
            made |= STYLES[name]
            if not conditional:
                made["font_family"] = _FAMILIES[made["font_name"]]
            self._made[name] = self._book.add_format(made)
        return self._made[name]

    @cached_property
    def verdicts(self) -> tuple[tuple[str, Any], ...]:
        """Marks with the format that colours a text beginning with each."""
        return ("✗", self["bad"]), ("✓", self["good"]), ("…", self["open"]), ("△", self["open"])


def lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of that width; Chinese characters are two wide."""
    wide = len(text) + sum(map(_WIDE.__contains__, map(east_asian_width, text)))
    return max(1, math.ceil(wide / (width - 1)))


def text_height(text: str, width: float) -> float:
    """Return how many points high a row has to be for the paragraphs of a text in a column of that width."""
    count = sum(lines(paragraph, width * TEXT_SHRINK) for paragraph in text.split("\n"))
    count += (count + 3) // 6  # other fonts have wider letters and digits, which tells in long texts
    return min(TALLEST, count * TEXT_LINE + 4)
