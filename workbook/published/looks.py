"""How the text of a page's elements is shown: what is declared for them, and what they inherit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from tinycss2.color3 import parse_color

from workbook.match.contrast import alike
from workbook.published.visible import LOWERED, ON_LINE, PLAIN, RAISED, SHIFTED, Look, Sight

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook.match.contrast import Colour

    Declared = Mapping[str, Any]

PROPERTIES = frozenset({
    "background", "background-color", "background-image", "clip", "clip-path", "color", "content",
    "content-visibility", "direction", "display", "font", "font-size", "font-variant-position", "height", "left",
    "margin-left", "max-height", "max-width", "opacity", "overflow", "position", "right", "text-decoration",
    "text-decoration-line", "text-indent", "top", "bottom", "transform", "unicode-bidi", "vertical-align", "visibility",
    "width", "-webkit-text-fill-color",
})  # fmt: skip
"""The properties of style sheets that make text visible or not, or show it otherwise."""

_STRUCK = frozenset({"s", "strike", "del"})
_LINES = {"sup": RAISED, "sub": LOWERED, "rt": RAISED, "rtc": RAISED}
_BOXES = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table", "col", "colgroup", "caption"})
"""Elements of which ``vertical-align`` says where their text stands in the box."""
_PIXELS = {"px": 1.0, "pt": 4 / 3, "pc": 16.0, "in": 96.0, "cm": 37.8, "mm": 3.78, "em": 16.0, "rem": 16.0, "ex": 8.0}
_FAINTEST = 0.07
"""The opacity of text that can be seen."""
_SMALLEST = 2.0
"""Pixels of letters that can be seen."""
_FAR = -900.0
"""Pixels by which text is moved off the screen."""
_WHITE: Colour = (1.0, 1.0, 1.0)
_TO_LEFT, _END = "\u202e", "\u202c"


@dataclass(frozen=True, slots=True)
class Shown:
    """How the text of an element is shown, as what stands in it inherits it.

    ``absent`` takes no place, ``gone`` cannot be seen whatever stands in it. ``ground`` is ``None`` where it is a
    picture; ``sure`` says whether it is declared in the page, or no sheet outside the page could declare it.
    """

    absent: bool = False
    gone: bool = False
    visible: bool = True
    struck: bool = False
    line: str = ON_LINE
    size: float = 16.0
    colour: Colour | None = (0.0, 0.0, 0.0)
    ground: Colour | None = _WHITE
    sure: bool = True
    before: str = ""
    behind: str = ""

    @property
    def look(self) -> Look:
        """How text directly in the element looks."""
        sight = Sight.SEEN
        if self.gone or not self.visible or self.size < _SMALLEST or self.colour is None:
            sight = Sight.HIDDEN
        elif alike(self.colour, self.ground):
            sight = Sight.HIDDEN if self.sure else Sight.FAINT
        return Look(sight, self.struck, self.line) if sight is not Sight.SEEN or self.struck or self.line else PLAIN


def shown(element: Any, parent: Shown, declared: Declared, pseudo: Mapping[str, Declared]) -> Shown:
    """Return how an element is shown that stands in ``parent``.

    Args:
        element: the element of lxml.
        parent: how the one is shown that it stands in.
        declared: the declarations for it by property; see ``Styles.declared``.
        pseudo: those for what is added ``before`` and ``after`` its text.
    """
    tag = element.tag
    plain = not declared and not pseudo and not parent.before and not parent.behind
    if plain and _ATTRIBUTES.isdisjoint(element.attrib) and tag not in _TAGS:
        return parent
    before, behind = (_content(element, pseudo.get(name, {})) for name in ("before", "after"))
    if (tag == "bdo" and element.get("dir", "").lower() == "rtl") or _is_turned(declared):
        before, behind = _TO_LEFT + before, behind + _END  # else its digits would be taken in the source's order
    made = replace(
        parent,
        before=before,
        behind=behind,
        struck=parent.struck or _is_struck(tag, declared),
        line=_line(tag, declared) or parent.line,
        size=_size(parent.size, declared),
        visible=_is_visible(parent, declared),
        absent=_is_absent(element, declared),
        gone=parent.gone or _is_gone(element, declared),
    )
    return _coloured(made, element, declared)


_ATTRIBUTES = {"hidden", "bgcolor", "background", "color", "text", "dir"}
_TAGS = _STRUCK | _LINES.keys() | {"dialog", "bdo"}


def _words(value: Iterable[Any] | None) -> list[str]:
    return [token.lower_value for token in value or () if token.type == "ident"]


def _lengths(value: Iterable[Any] | None, font: float = 16.0) -> list[float]:
    """Return the lengths of a value in pixels, shares as parts of the size of the letters."""
    found = []
    for token in value or ():
        if token.type == "number":
            found.append(float(token.value))
        elif token.type == "percentage":
            found.append(token.value / 100 * font)
        elif token.type == "dimension":
            unit = token.lower_unit
            found.append(token.value * (font if unit == "em" else _PIXELS.get(unit, 16.0)))
    return found


def _content(element: Any, declared: Declared) -> str:
    """Return the text that a sheet puts before or behind an element."""
    if _words(declared.get("display")) == ["none"]:
        return ""
    parts = []
    for token in declared.get("content", ()):
        if token.type == "string":
            parts.append(token.value)
        elif token.type == "function" and token.lower_name == "attr":
            parts += [element.get(name, "") for name in _words(token.arguments)[:1]]
    return "".join(parts)


def _is_turned(declared: Declared) -> bool:
    turned = {"bidi-override", "isolate-override"} & {*_words(declared.get("unicode-bidi"))}
    return bool(turned) and "rtl" in _words(declared.get("direction"))


def _is_struck(tag: str, declared: Declared) -> bool:
    lines = [*_words(declared.get("text-decoration")), *_words(declared.get("text-decoration-line"))]
    return "line-through" in lines or (tag in _STRUCK and "none" not in lines)


def _line(tag: str, declared: Declared) -> str:
    """Return how text stands to its line; a mark of a note stays one where a sheet puts it on the line."""
    if tag in _LINES:
        return _LINES[tag]
    words = {*_words(declared.get("vertical-align")), *_words(declared.get("font-variant-position"))}
    if tag not in _BOXES and words & {"super", "sub"}:
        return RAISED if "super" in words else LOWERED
    moved = [] if tag in _BOXES else _lengths(declared.get("vertical-align"))
    if "relative" in _words(declared.get("position")):
        moved += _lengths(declared.get("top")) + _lengths(declared.get("bottom"))
    return SHIFTED if any(moved) or (tag not in _BOXES and words & {"text-top", "text-bottom"}) else ON_LINE


def _size(before: float, declared: Declared) -> float:
    for name in ("font-size", "font"):
        found = _lengths(declared.get(name), before)
        if found:
            return found[0]
    return before


def _is_visible(parent: Shown, declared: Declared) -> bool:
    words = _words(declared.get("visibility"))
    return parent.visible if not words or words == ["inherit"] else words == ["visible"]


def _is_absent(element: Any, declared: Declared) -> bool:
    """Say whether an element takes no place on the page."""
    words = _words(declared.get("display"))
    if words and words[0] not in {"inherit", "initial", "revert"}:
        return words[0] == "none"
    closed = element.tag == "dialog" and element.get("open") is None
    collapsed = element.tag in {"tr", "tbody"} and "collapse" in _words(declared.get("visibility"))
    return element.get("hidden") is not None or closed or collapsed


def _is_gone(element: Any, declared: Declared) -> bool:
    """Say whether an element has its place, but nothing of it can be seen."""
    opacity = _lengths(declared.get("opacity"), 1.0)
    if (opacity and opacity[0] < _FAINTEST) or "hidden" in _words(declared.get("content-visibility")):
        return True
    if any(min(_lengths(declared.get(name)), default=0.0) <= _FAR for name in ("text-indent", "margin-left")):
        return True
    out = {"absolute", "fixed"} & {*_words(declared.get("position"))}
    if out and any(
        min(_lengths(declared.get(name)), default=0.0) <= _FAR for name in ("left", "top", "right", "bottom")
    ):
        return True
    return _is_clipped(element, declared, out=bool(out))


def _is_clipped(element: Any, declared: Declared, *, out: bool) -> bool:
    """Say whether nothing is left of an element's box."""
    for function in (token for name in ("clip", "clip-path", "transform") for token in declared.get(name, ())):
        if function.type != "function":
            continue
        given = _lengths(function.arguments, 2.0)  # half of a box is 1
        match function.lower_name:
            case "rect" if out and len(given) == 4 and (given[2] - given[0] <= 1 or given[1] - given[3] <= 1):  # noqa: PLR2004
                return True
            case "inset" if any(token.type == "percentage" for token in function.arguments) and max(given) >= 1:
                return True
            case "circle" | "scale" if given and not given[0]:
                return True
    box = out or element.tag in {"div", "p", "section", "td", "th"} or {*_words(declared.get("display"))} - {"inline"}
    sides = [_lengths(declared.get(name)) for name in ("width", "height", "max-width", "max-height")]
    cut = {"hidden", "clip"} & {*_words(declared.get("overflow"))}
    return bool(box and cut) and any(side and side[0] <= 1 for side in sides)


def _coloured(made: Shown, element: Any, declared: Declared) -> Shown:
    colour, ground, sure = made.colour, made.ground, made.sure
    for value in (element.get("color"), element.get("text") if element.tag == "body" else None):
        colour = _colour(value, colour) if value else colour
    for name in ("color", "-webkit-text-fill-color"):
        for token in declared.get(name, ()):
            colour = _colour(token, colour)
    if element.get("bgcolor"):
        ground, sure = _ground([element.get("bgcolor")], ground)
    if element.get("background"):
        ground = None
    for name in ("background", "background-color", "background-image"):
        if name in declared:
            ground, stated = _ground(declared[name], ground)
            sure = sure or stated
    return replace(made, colour=colour, ground=ground, sure=sure)


def _parsed(value: Any) -> Any:
    """Return a colour of tinycss2; attributes may lack the sign before its digits."""
    return parse_color(value) or (parse_color(f"#{value}") if isinstance(value, str) else None)


def _colour(value: Any, before: Colour | None) -> Colour | None:
    """Return the colour of letters; ``None`` where they let everything through."""
    found = _parsed(value)
    if found is None or isinstance(found, str):
        return before
    return None if found.alpha < _FAINTEST else (found.red, found.green, found.blue)


def _ground(value: Sequence[Any], before: Colour | None) -> tuple[Colour | None, bool]:
    """Return the colour of the ground, and whether it is stated; a picture may have any."""
    for token in value:
        if getattr(token, "type", "") in {"url", "function"} and _parsed(token) is None:
            return None, False
        found = _parsed(token)
        if found is not None and not isinstance(found, str) and found.alpha > 1 - _FAINTEST:
            return (found.red, found.green, found.blue), True
    return before, False
