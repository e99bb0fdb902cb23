"""Fills of openpyxl as Excel's object model has them, and back."""

from __future__ import annotations

from copy import copy
from typing import Any

from openpyxl.styles import Color, GradientFill, PatternFill
from openpyxl.styles.colors import COLOR_INDEX

from engine.looks import LINEAR, NO_FILL, RECTANGULAR, SOLID, Fill

_PATTERNS = {
    "solid": SOLID,
    "mediumGray": -4125,
    "darkGray": -4126,
    "lightGray": -4124,
    "gray125": 17,
    "gray0625": 18,
    "darkUp": -4162,
    "darkDown": -4121,
    "darkGrid": 9,
    "darkTrellis": 10,
    "darkHorizontal": -4128,
    "darkVertical": -4166,
    "lightHorizontal": 11,
    "lightVertical": 12,
    "lightDown": 13,
    "lightUp": 14,
    "lightGrid": 15,
    "lightTrellis": 16,
}
_NAMES = {number: name for name, number in _PATTERNS.items()}
_SYSTEM = 64  # from here on the indexed colours are automatic


def fill_from(fill: Any) -> Fill:
    """Return a fill of openpyxl: the lines of a pattern have its first colour, one that is solid has no other."""
    fill = copy(fill)  # of a cell: openpyxl has a stand-in there
    if isinstance(fill, GradientFill):
        return Fill(LINEAR if fill.type == "linear" else RECTANGULAR, rest=fill)
    if fill.fill_type in {None, "none"}:
        return Fill()
    pattern = _PATTERNS[fill.fill_type]
    colour, lines = (fill.fgColor, None) if pattern == SOLID else (fill.bgColor, fill.fgColor)
    if colour.type == "theme":
        return Fill(pattern, theme=colour.theme + 1, tint=colour.tint, rest=lines)
    if colour.type == "rgb" or colour.indexed < _SYSTEM:
        digits = colour.rgb if colour.type == "rgb" else COLOR_INDEX[colour.indexed]
        red, green, blue = bytes.fromhex(digits[-6:])
        return Fill(pattern, (red, green, blue), tint=colour.tint, rest=lines)
    return Fill(pattern, rest=lines)


def fill_to(fill: Fill) -> Any:
    """Return a fill as openpyxl holds it."""
    if fill.pattern == NO_FILL:
        return PatternFill()
    if fill.pattern in {LINEAR, RECTANGULAR}:
        return fill.rest
    if fill.theme is not None:
        colour = Color(theme=fill.theme - 1, tint=fill.tint)
    elif fill.rgb is not None:
        colour = Color("FF" + bytes(fill.rgb).hex().upper(), tint=fill.tint)
    else:
        colour = Color(indexed=_SYSTEM)
    if fill.pattern == SOLID:
        return PatternFill("solid", fgColor=colour)
    return PatternFill(_NAMES[fill.pattern], fgColor=fill.rest, bgColor=colour)
