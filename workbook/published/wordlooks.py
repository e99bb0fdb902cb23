"""How the text of a Word document is shown: what its runs say themselves, and what their styles say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.match.contrast import alike
from workbook.published.visible import LOWERED, ON_LINE, PLAIN, RAISED, SHIFTED, Look, Sight

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.match.contrast import Colour

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_OFF = frozenset({"0", "false", "off", "none", "nil"})
_LINES = {"superscript": RAISED, "subscript": LOWERED}
_SMALLEST = 4
"""Half points of letters that can be seen."""
_NARROWEST = 5
"""Per cent of its width to which a letter may be pressed and still be seen."""
_LONGEST_CHAIN = 20
"""Styles that may be based on each other."""
_NAMED = {"white": "FFFFFF", "black": "000000", "yellow": "FFFF00", "lightGray": "C0C0C0", "darkGray": "808080"}


class Ground(NamedTuple):
    """The colour behind text, and whether it is stated; else a style of the table may shade it."""

    colour: str = "FFFFFF"
    sure: bool = True


def value(element: Any, default: str = "") -> str:
    """Return what an element of a property says."""
    return default if element is None else str(element.get(f"{W}val", default))


def is_on(element: Any) -> bool:
    """Say whether a property that is on or off is on."""
    return element is not None and value(element, "1").lower() not in _OFF


class Styles:
    """The styles of a document by their names."""

    def __init__(self, element: Any) -> None:
        """Take the styles of a document; ``None`` where it has none."""
        self._styles = (
            {} if element is None else {style.get(f"{W}styleId"): style for style in element.iter(f"{W}style")}
        )
        self._default = None if element is None else element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")

    def ground(self, holder: Any, below: Ground) -> Ground:
        """Return the ground that a table, cell or paragraph gives its text, on top of what lies below it."""
        properties = holder.find(f"{W}{_PROPERTIES[holder.tag]}")
        if properties is None:
            return below
        style = value(properties.find(f"{W}tblStyle"))
        if style and any(True for link in self._chain(style) for _ in link.iter(f"{W}shd")):
            below = Ground(below.colour, sure=False)
        return _shaded(properties, below)

    def look(self, run: Any, paragraph: Any, ground: Ground) -> Look:
        """Return how the text of a run is shown in its paragraph."""
        own = run.find(f"{W}rPr")
        named = value(own.find(f"{W}rStyle")) if own is not None else ""
        set_up = paragraph.find(f"{W}pPr/{W}pStyle")
        if own is None and set_up is None and self._default is None:
            return PLAIN
        character = list(self._texts(named))
        whole = list(self._texts(value(set_up)))
        layers = [*([own] if own is not None else []), *character, *whole]
        layers += [self._default] if self._default is not None else []
        struck = any(_toggled(own, character, whole, name) for name in ("strike", "dstrike"))
        sight = (
            Sight.HIDDEN if _toggled(own, character, whole, "vanish") or _is_tiny(layers) else _sight(layers, ground)
        )
        line = _line(layers)
        return Look(sight, struck, line) if sight is not Sight.SEEN or struck or line else PLAIN

    def _texts(self, name: str) -> Iterator[Any]:
        """Yield what a style and those that it is based on say of text."""
        for style in self._chain(name):
            properties = style.find(f"{W}rPr")
            if properties is not None:
                yield properties

    def _chain(self, name: str) -> Iterator[Any]:
        for _ in range(_LONGEST_CHAIN):
            style = self._styles.get(name)
            if style is None:
                return
            yield style
            name = value(style.find(f"{W}basedOn"))


_PROPERTIES = {f"{W}tbl": "tblPr", f"{W}tc": "tcPr", f"{W}p": "pPr"}


def _first(layers: Sequence[Any], name: str) -> Any:
    return next((found for layer in layers if (found := layer.find(f"{W}{name}")) is not None), None)


def _toggled(own: Any, character: Sequence[Any], whole: Sequence[Any], name: str) -> bool:
    """Say whether a property is on: as the run says, else where one of its two styles turns it on and not both."""
    if own is not None and own.find(f"{W}{name}") is not None:
        return is_on(own.find(f"{W}{name}"))
    return is_on(_first(character, name)) is not is_on(_first(whole, name))


def _number(element: Any) -> float | None:
    text = value(element).removesuffix("pt").removesuffix("%")
    try:
        return float(text)
    except ValueError:
        return None


def _is_tiny(layers: Sequence[Any]) -> bool:
    size, pressed = _number(_first(layers, "sz")), _number(_first(layers, "w"))
    filled = _first_of(layers, f"{_W14}textFill")
    return (
        (size is not None and size < _SMALLEST)
        or (pressed is not None and pressed < _NARROWEST)
        or (filled is not None and filled.find(f"{_W14}noFill") is not None)
    )


def _first_of(layers: Sequence[Any], tag: str) -> Any:
    return next((found for layer in layers if (found := layer.find(tag)) is not None), None)


def _line(layers: Sequence[Any]) -> str:
    aligned = _LINES.get(value(_first(layers, "vertAlign")))
    return aligned or (SHIFTED if _number(_first(layers, "position")) else ON_LINE)


def _sight(layers: Sequence[Any], ground: Ground) -> Sight:
    """Say whether letters can be seen on their ground."""
    behind = ground
    for layer in reversed(layers):
        behind = _shaded(layer, behind)
    if not alike(_rgb(value(_first(layers, "color"))), _rgb(behind.colour)):
        return Sight.SEEN
    return Sight.HIDDEN if behind.sure else Sight.FAINT


def _shaded(properties: Any, below: Ground) -> Ground:
    """Return the ground that shading or a highlight gives; a pattern may have any colour."""
    shading, highlight = properties.find(f"{W}shd"), value(properties.find(f"{W}highlight"))
    if highlight and highlight not in _OFF:
        return Ground(_NAMED.get(highlight, "pattern"))
    if shading is None or value(shading) in _OFF:
        return below
    fill = shading.get(f"{W}fill") or "auto"
    if value(shading, "clear") not in {"clear", "solid"}:
        return Ground("pattern")
    if value(shading) == "solid":
        fill = shading.get(f"{W}color") or "auto"
    return below if fill == "auto" else Ground(fill)


def _rgb(colour: str) -> Colour | None:
    """Return a colour; ``None`` for one that is chosen so that it can be read."""
    try:
        return tuple(part / 255 for part in bytes.fromhex(colour)) if len(colour) == 6 else None  # noqa: PLR2004 - three parts of two digits
    except ValueError:
        return None
