"""Values of style sheets as far as they say whether and where text is seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tinycss2.color4 import parse_color

from workbook.match.contrast import Colour

Value = Any
"""A sequence of tinycss2's component values; strings are what attributes say."""

CANONICAL = {name: name for name in (
    "background-color", "clip", "clip-path", "color", "content", "content-visibility", "direction", "display",
    "filter", "float", "font-size", "font-variant-position", "height", "left", "letter-spacing", "margin", "mask",
    "opacity", "order", "overflow", "position", "rotate", "scale", "text-decoration-line", "text-indent", "top",
    "transform", "translate", "unicode-bidi", "vertical-align", "visibility", "width", "writing-mode", "z-index",
    "zoom",
)} | {
    "-webkit-mask": "mask", "-webkit-text-fill-color": "color", "-webkit-transform": "transform",
    "background": "background-color", "background-image": "background-color", "block-size": "height",
    "bottom": "top", "font": "font-size", "inline-size": "width", "inset": "left", "margin-inline-start": "margin",
    "margin-left": "margin", "margin-right": "margin", "margin-top": "margin", "mask-image": "mask",
    "max-height": "height", "max-width": "width", "overflow-x": "overflow", "overflow-y": "overflow", "right": "left",
    "text-decoration": "text-decoration-line",
}  # fmt: skip
"""The properties that matter, each with the name under which it counts; a shorthand counts as what matters of it."""

_DISPLAYS = frozenset({
    "none", "inline", "block", "inline-block", "contents", "flex", "inline-flex", "grid", "inline-grid", "table",
    "inline-table", "table-row", "table-cell", "table-row-group", "table-header-group", "table-footer-group",
    "table-caption", "list-item", "flow-root", "run-in", "ruby",
})  # fmt: skip
_WIDE = frozenset({"inherit", "initial", "unset", "revert"})
_VISIBILITIES = frozenset({"visible", "hidden", "collapse"})
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "q": 0.945, "em": 0.0, "rem": 16.0,
           "ex": 8.0, "ch": 8.0, "vw": 12.8, "vh": 7.2}  # fmt: skip
_SIZES = {"xx-small": 9.0, "x-small": 10.0, "small": 13.0, "medium": 16.0, "large": 18.0, "x-large": 24.0,
          "xx-large": 32.0, "smaller": 13.0, "larger": 19.0}  # fmt: skip


def is_valid(name: str, value: Value) -> bool:
    """Say whether a browser takes a value; what it does not understand leaves what was declared before."""
    said = set(words(value))
    if not value or any(token.type == "error" for token in value):
        return False
    if is_unclear(value) or (said and said <= _WIDE):
        return True
    judge = _JUDGES.get(name)
    return judge is None or judge(value)


def is_unclear(value: Value) -> bool:
    """Say whether a value has to be calculated by a browser."""
    return any(token.type == "function" and token.lower_name in _CALCULATED for token in value)


_CALCULATED = frozenset({"calc", "var", "min", "max", "clamp", "env", "light-dark", "color-mix"})


def words(value: Value | None) -> list[str]:
    """Return the keywords of a value."""
    return [token.lower_value for token in value or () if token.type == "ident"]


def lengths(value: Value | None, font: float = 16.0, whole: float = 100.0) -> list[float]:
    """Return the lengths of a value in pixels; ``font`` is the size of the letters, ``whole`` what 100% is."""
    found = []
    for token in value or ():
        if token.type == "number":
            found.append(float(token.value))
        elif token.type == "percentage":
            found.append(token.value / 100 * whole)
        elif token.type == "dimension" and token.lower_unit in _PIXELS:
            found.append(token.value * (_PIXELS[token.lower_unit] or font))
    return found


def font_size(value: Value, before: float) -> float | None:
    """Return the size of letters in pixels, of the value of ``font`` too; ``None`` where there is none."""
    for token in value:
        if token.type == "ident" and token.lower_value in _SIZES:
            return _SIZES[token.lower_value]
        if token.type in {"dimension", "percentage"} or (token.type == "number" and not token.value):
            found = lengths([token], before, before)
            return found[0] if found else None
    return None


def colour(value: Any) -> tuple[Colour, float] | None:
    """Return a colour and its opacity, of a component value or an attribute; ``None`` where it is not a known one."""
    if isinstance(value, str) and len(value) > 40:  # noqa: PLR2004 - no name of a colour is longer
        return None
    try:
        found = parse_color(value) or (parse_color(f"#{value}") if isinstance(value, str) else None)
        parts = () if found is None or isinstance(found, str) else tuple(found.to("srgb").coordinates)
    except (ValueError, OverflowError, RuntimeError):  # of other spaces, which are not calculated
        return None
    if len(parts) != 3 or any(part is None for part in parts):  # noqa: PLR2004 - red, green, blue
        return None
    return tuple(min(max(float(part), 0.0), 1.0) for part in parts), float(found.alpha)  # type: ignore[union-attr]


def _is_colour(value: Value) -> bool:
    return value[0].type == "function" or colour(value[0]) is not None or words(value) == ["currentcolor"]


def _are_lengths(value: Value) -> bool:
    return all(token.type != "dimension" or token.lower_unit in _PIXELS for token in value)


_JUDGES: dict[str, Callable[[Value], bool]] = {
    "display": lambda value: set(words(value)) <= _DISPLAYS,
    "visibility": lambda value: set(words(value)) <= _VISIBILITIES,
    "color": _is_colour,
    "font-size": lambda value: font_size(value, 16.0) is not None,
    "opacity": lambda value: value[0].type in {"number", "percentage"},
} | dict.fromkeys(("width", "height", "left", "top", "margin", "text-indent"), _are_lengths)
"""What a browser asks of the values of some properties."""
