"""How the text of a page's elements is shown: what is declared for them, and what they inherit.

Only within a table does a page's own style decide what is read, since a number may not be taken for another. Elsewhere
text is left out only where the element itself says so: a page whose style is not understood must not be lost.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import tinycss2

from workbook.carriers.page.values import colour, font_size, is_unclear, lengths, words
from workbook.carriers.visible import LOWERED, ON_LINE, RAISED, SHIFTED, Look, Sight, look_of
from workbook.match.contrast import alike

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.match.contrast import Colour

    Declared = Mapping[str, Any]

_STRUCK = frozenset({"s", "strike", "del"})
_LINES = {"sup": RAISED, "sub": LOWERED, "rt": RAISED, "rtc": RAISED}
_BOXES = frozenset({"td", "th", "tr", "tbody", "thead", "tfoot", "table", "col", "colgroup", "caption"})
"""Elements of a table, whose sizes are the least that they have, and in which text is aligned within the box."""
_BLOCKS = frozenset({"div", "p", "section", "article", "ul", "ol", "li", "pre", "h1", "h2", "h3", "h4", "h5", "h6"})
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.IGNORECASE)
_FAINTEST, _SMALLEST, _FAR, _RISE = 0.07, 2.0, 500.0, 0.15
"""Opacity and pixels of letters that are seen; pixels off the screen; the share of its size that a mark is raised."""
_TO_LEFT, _END = "\u202e", "\u202c"
_LONGEST = 100
"""Characters that a style sheet may add to a text."""


@dataclass(frozen=True, slots=True)
class Shown:
    """How the text of an element is shown, as what stands in it inherits it.

    ``absent`` takes no place, ``gone`` cannot be seen whatever stands in it; ``colour`` and ``ground`` are ``None``
    where they are not known. ``odd`` says what of its style may move or hide it in a way that is not followed, ``dye``
    what of its colour is not. ``before`` and ``behind`` are what a sheet adds to the text; ``None`` for what has to be
    calculated.
    """

    absent: bool = False
    gone: bool = False
    visible: bool = True
    struck: bool = False
    line: str = ON_LINE
    size: float = 16.0
    colour: Colour | None = (0.0, 0.0, 0.0)
    ground: Colour | None = (1.0, 1.0, 1.0)
    leftward: bool = False
    odd: str = ""
    dye: str = ""
    name: str = ""
    before: tuple[str | None, Look] | None = None
    behind: tuple[str | None, Look] | None = None

    @property
    def look(self) -> Look:
        """How text directly in the element looks."""
        hidden = self.gone or not self.visible or self.size < _SMALLEST
        sight = Sight.HIDDEN if hidden else Sight.FAINT if alike(self.colour, self.ground) else Sight.SEEN
        return look_of(sight, self.struck, self.line, self.size, self.odd, self.dye, self.name)


def outside(element: Any, parent: Shown) -> Shown:
    """Return how an element outside of tables is shown, by its tag and its own attributes."""
    tag, style = element.tag, element.get("style") or ""
    absent = element.get("hidden") is not None or (":" in style and _HIDDEN.search(style) is not None)
    struck = parent.struck or tag in _STRUCK or (":" in style and _THROUGH.search(style) is not None)
    line = _LINES.get(tag, parent.line)
    if (absent, struck, line) == (parent.absent, parent.struck, parent.line):
        return parent
    return replace(parent, absent=absent, struck=struck, line=line)


def within(element: Any, parent: Shown, declared: Declared, pseudo: Mapping[str, Declared]) -> Shown:
    """Return how an element of a table is shown that stands in ``parent``.

    Args:
        element: the element of lxml.
        parent: how the one is shown that it stands in.
        declared: the declarations for it by property; see ``Styles.declared``.
        pseudo: those for what is added ``before`` and ``after`` its text.
    """
    tag = element.tag
    if not declared and not pseudo and tag not in _TAGS and _ATTRIBUTES.isdisjoint(element.attrib):
        return parent if not parent.before and not parent.behind else replace(parent, before=None, behind=None)
    made = _styled(tag, element, parent, declared)
    turned = made.leftward and (tag == "bdo" or bool(_OVERRIDES & {*words(declared.get("unicode-bidi"))}))
    return replace(
        made,
        before=_added(element, made, pseudo.get("before"), _TO_LEFT if turned else ""),
        behind=_added(element, made, pseudo.get("after"), _END if turned else ""),
    )


_ATTRIBUTES = frozenset({"class", "id", "hidden", "bgcolor", "background", "color", "dir"})
_TAGS = _STRUCK | _LINES.keys() | {"dialog", "bdo"}
_OVERRIDES = frozenset({"bidi-override", "isolate-override"})


def _styled(tag: str, attributes: Any, parent: Shown, declared: Declared) -> Shown:
    size = font_size(declared["font-size"], parent.size) if "font-size" in declared else None
    made = replace(
        parent,
        name=parent.name + (attributes.get("class") or "") + (attributes.get("id") or ""),
        before=None,
        behind=None,
        struck=parent.struck or _is_struck(tag, declared),
        size=parent.size if size is None else size,
        visible=_is_visible(parent, declared),
        absent=_is_absent(tag, attributes, declared),
        leftward=_is_leftward(attributes, parent, declared),
    )
    made = replace(made, line=_line(tag, made.size, declared) or parent.line)
    gone, odd = _moved(tag, made.size, declared)
    made = replace(made, gone=parent.gone or gone, odd=parent.odd + odd)
    return _coloured(made, attributes, declared)


def _added(element: Any, made: Shown, declared: Declared | None, turn: str) -> tuple[str | None, Look] | None:
    """Return what a sheet puts before or behind the text of an element; nothing where it cannot be seen."""
    if declared is None or "content" not in declared:
        return (turn, made.look) if turn else None
    own = _styled("", {}, made, declared)
    if own.absent or own.look.sight is not Sight.SEEN:
        return None
    text: str | None = ""
    for token in declared["content"]:
        if token.type == "literal" and token.value == "/":
            break  # what follows is read aloud
        if token.type == "string":
            text = None if text is None else text + token.value[:_LONGEST]
        elif token.type == "function":
            names = words(token.arguments) if token.lower_name == "attr" else []
            text = (text or "") + (element.get(names[0]) or "")[:_LONGEST] if names and text is not None else None
    return (text if text is None else turn + text, own.look) if text != "" or turn else None


def _is_struck(tag: str, declared: Declared) -> bool:
    lines = words(declared.get("text-decoration-line"))
    return "line-through" in lines or (tag in _STRUCK and "none" not in lines)


def _is_visible(parent: Shown, declared: Declared) -> bool:
    said = words(declared.get("visibility"))
    return (
        parent.visible if not said or said[0] in {"inherit", "unset"} else said[0] in {"visible", "initial", "revert"}
    )


def _is_absent(tag: str, attributes: Any, declared: Declared) -> bool:
    """Say whether an element takes no place on the page; whole tables are read all the same."""
    said = words(declared.get("display"))
    if tag in {"table", "tbody", "thead", "tfoot"}:
        return attributes.get("hidden") is not None or _HIDDEN.search(attributes.get("style") or "") is not None
    if said and said[0] not in {"inherit", "initial", "revert", "unset"}:
        return said[0] == "none"
    closed = tag == "dialog" and attributes.get("open") is None
    collapsed = tag == "tr" and "collapse" in words(declared.get("visibility"))
    return attributes.get("hidden") is not None or closed or collapsed


def _is_leftward(attributes: Any, parent: Shown, declared: Declared) -> bool:
    said = words(declared.get("direction")) or [(attributes.get("dir") or "").lower()]
    return said[0] == "rtl" if said[0] in {"rtl", "ltr"} else parent.leftward


def _line(tag: str, size: float, declared: Declared) -> str:
    """Return how text stands to its line; a mark of a note stays one where a sheet puts it on the line."""
    if tag in _LINES:
        return _LINES[tag]
    if tag in _BOXES:
        return ON_LINE
    said = {*words(declared.get("vertical-align")), *words(declared.get("font-variant-position"))}
    if said & {"super", "sub"}:
        return RAISED if "super" in said else LOWERED
    moved = lengths(declared.get("vertical-align"), size, size)
    if "relative" in words(declared.get("position")):
        moved += lengths(declared.get("top"), size)[:1]
    return SHIFTED if any(abs(length) >= _RISE * size for length in moved) else ON_LINE


def _moved(tag: str, size: float, declared: Declared) -> tuple[bool, str]:
    """Say whether nothing of an element can be seen where it is put, and what of its style may do so else."""
    out = bool({"absolute", "fixed"} & {*words(declared.get("position"))})
    placed = out or "relative" in words(declared.get("position"))
    low = [min(lengths(declared.get(name), size), default=0.0) for name in ("text-indent", "margin")]
    low += [min(lengths(declared.get(name), size), default=0.0) for name in ("left", "top") if placed]
    seen = lengths(declared.get("opacity"), 1.0, 1.0)
    if min(low) <= -_FAR or (seen and seen[0] < _FAINTEST) or "hidden" in words(declared.get("content-visibility")):
        return True, ""
    if _is_clipped(tag, size, declared, out=out):
        return True, ""
    odd = [name for name in _ODD if name in declared and not _is_harmless(name, size, declared[name])]
    if out or (placed and any(abs(length) > size / 2 for length in lengths(declared.get("left"), size))):
        odd.append("position")
    return False, "".join(f"{name}:{tinycss2.serialize(declared.get(name, ()))};" for name in odd)


_ODD = (
    "clip-path", "filter", "float", "font-size", "letter-spacing", "margin", "mask", "opacity", "order", "rotate",
    "scale", "text-indent", "transform", "translate", "vertical-align", "visibility", "writing-mode", "z-index", "zoom",
)  # fmt: skip
"""Properties that may move or hide text in ways that are not followed."""


def _is_harmless(name: str, size: float, value: Any) -> bool:
    """Say whether a value that need not be calculated shows text where it is read."""
    said, given = set(words(value)), lengths(value, size, 1.0 if name in {"scale", "zoom"} else 100.0)
    harmless = said <= _NONE and bool(said)
    if name in {"font-size", "vertical-align", "visibility", "opacity"}:
        harmless = True
    elif name in {"margin", "letter-spacing", "z-index"}:
        harmless = min(given, default=0.0) > -size / 4
    elif name == "text-indent":
        harmless = max(given, default=0.0) < _FAR
    elif name in {"zoom", "scale"}:
        harmless = min(given, default=1.0) > 1 / 4
    return harmless and not is_unclear(value)


_NONE = frozenset({"none", "normal", "inherit", "initial", "unset", "revert", "horizontal-tb", "lr-tb"})


def _is_clipped(tag: str, size: float, declared: Declared, *, out: bool) -> bool:
    """Say whether nothing is left of an element's box."""
    for function in declared.get("clip", ()) if out else ():
        given = lengths(function.arguments, size) if function.type == "function" else []
        if len(given) == 4 and (given[2] - given[0] <= 1 or given[1] - given[3] <= 1):  # noqa: PLR2004 - four sides
            return True
    floats = {"left", "right"} & {*words(declared.get("float"))}
    box = out or floats or tag in _BLOCKS or {*words(declared.get("display"))} - {"inline", "contents"}
    cut = {"hidden", "clip", "auto", "scroll"} & {*words(declared.get("overflow"))}
    if tag in _BOXES or not (box and cut):
        return False
    sides = [token for name in ("width", "height") for token in declared.get(name, ()) if token.type != "percentage"]
    return any(length <= 1 for length in lengths(sides, size))


def _coloured(made: Shown, attributes: Any, declared: Declared) -> Shown:
    colours, ground, dye = made.colour, made.ground, made.dye
    if attributes.get("color"):
        found = colour(attributes.get("color"))
        colours = found[0] if found else colours
    if "color" in declared and not {"inherit", "currentcolor", "unset"} & {*words(declared["color"])}:
        found = colour(declared["color"][0])
        colours, dye = (found[0], "") if found else (None, tinycss2.serialize(declared["color"]))
        colours = ground if found and found[1] < _FAINTEST else colours
    for value in (attributes.get("bgcolor"), *declared.get("background-color", ())):
        found = colour(value) if value else None
        if found:
            ground = _blended(found[0], found[1], ground)
        elif value and not isinstance(value, str) and value.type in {"url", "function"}:
            ground = None
            break
    if attributes.get("background"):
        ground = None
    return replace(made, colour=colours, ground=ground, dye=dye)


def _blended(over: Colour, opacity: float, below: Colour | None) -> Colour | None:
    if below is None:
        return over if opacity > 1 - _FAINTEST else None
    return tuple(one * opacity + other * (1 - opacity) for one, other in zip(over, below, strict=True))
