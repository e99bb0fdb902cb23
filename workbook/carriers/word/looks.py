"""How the text of a Word document is shown: what its runs say themselves, and what their styles say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.carriers.visible import LOWERED, ON_LINE, PLAIN, RAISED, SHIFTED, Look, Sight
from workbook.match.contrast import alike

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
_NAMED = {
    "black": "000000", "blue": "0000FF", "cyan": "00FFFF", "green": "00FF00", "magenta": "FF00FF", "red": "FF0000",
    "yellow": "FFFF00", "white": "FFFFFF", "darkBlue": "00008B", "darkCyan": "008B8B", "darkGreen": "006400",
    "darkMagenta": "800080", "darkRed": "8B0000", "darkYellow": "808000", "darkGray": "A9A9A9", "lightGray": "D3D3D3",
}  # fmt: skip
"""The colours of highlights, all that there are."""
_PAPER = frozenset({"background1", "light1", "bg1", "lt1"})
"""The names that themes have for the colour of paper."""
_HEX = re.compile("[0-9A-Fa-f]{6}")


TEXT_STYLE = "年报正文"
"""The style of paragraphs that hold the texts of a report in a document that the kit wrote, and nothing else."""
UNKNOWN = "pattern"
"""A ground of which no colour is known."""


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
        usual = [style for style in self._styles.values() if style.get(f"{W}type") == "paragraph" and _is_usual(style)]
        self._usual = usual[0].get(f"{W}styleId") if usual else ""
        self._default = None if element is None else element.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr")
        self._looks: dict[tuple[bytes, str, str, bool], Look] = {}
        from lxml.etree import tostring  # whether it is there, who opens the document says

        self._said = tostring

    def is_text(self, paragraph: Any) -> bool:
        """Say whether a paragraph has the style of the texts of a report in the kit's own documents."""
        style = self._styles.get(value(paragraph.find(f"{W}pPr/{W}pStyle")))
        return style is not None and value(style.find(f"{W}name")) == TEXT_STYLE

    def ground(self, holder: Any, below: str) -> str:
        """Return the ground that a table, cell or paragraph gives its text, on top of what lies below it."""
        properties = holder.find(f"{W}{_PROPERTIES[holder.tag]}")
        if properties is None:
            return below
        named = next((value(properties.find(f"{W}{name}")) for name in ("tblStyle", "pStyle")
                      if properties.find(f"{W}{name}") is not None), "")  # fmt: skip
        if any(True for link in self._chain(named) for _ in link.iter(f"{W}shd")):
            below = UNKNOWN  # styles of tables shade some of their rows, and may be overruled
        return _shaded(properties, below)

    def look(self, run: Any, paragraph: Any, ground: str) -> Look:
        """Return how the text of a run is shown in its paragraph; runs that say the same are looked at once."""
        own = run.find(f"{W}rPr")
        style = value(paragraph.find(f"{W}pPr/{W}pStyle")) or self._usual
        noted = any(run.find(f"{W}{kind}Reference") is not None for kind in ("footnote", "endnote"))
        said = b"" if own is None else self._said(own, with_tail=False)
        key = said, style, ground, noted
        if key not in self._looks:
            self._looks[key] = self._look(own, style, ground, noted=noted)
        return self._looks[key]

    def _look(self, own: Any, style: str, ground: str, *, noted: bool) -> Look:
        """Return how text is shown by what its run says, the style of its paragraph, and the ground below."""
        named = value(own.find(f"{W}rStyle")) if own is not None else ""
        character = list(self._texts(named))
        whole = list(self._texts(style))
        whole += [self._default] if self._default is not None else []
        layers = [*([own] if own is not None else []), *character, *whole]
        struck = any(_toggled(own, character, whole, name) for name in ("strike", "dstrike"))
        sight = (
            Sight.HIDDEN
            if _toggled(own, character, whole, "vanish") or is_on(_first(layers, "specVanish")) or _is_tiny(layers)
            else _sight(layers, ground)
        )
        line = RAISED if noted else _line(layers)
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


def _is_usual(style: Any) -> bool:
    return style.get(f"{W}default", "0").lower() not in _OFF


_PROPERTIES = {f"{W}tbl": "tblPr", f"{W}tc": "tcPr", f"{W}p": "pPr"}


def _first(layers: Sequence[Any], name: str) -> Any:
    return next((found for layer in layers if (found := layer.find(f"{W}{name}")) is not None), None)


def _toggled(own: Any, character: Sequence[Any], whole: Sequence[Any], name: str) -> bool:
    """Say whether a property is on: as the run says, else where one of its two styles turns it on and not both."""
    if own is not None and own.find(f"{W}{name}") is not None:
        return is_on(own.find(f"{W}{name}"))
    return is_on(_first(character, name)) is not is_on(_first(whole, name))


def _number(element: Any) -> float | None:
    found = re.fullmatch(r"(-?[0-9]{1,6}(?:\.[0-9]{1,6})?)(?:pt|%)?", value(element), re.ASCII)
    return float(found[1]) if found else None


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


def _sight(layers: Sequence[Any], ground: str) -> Sight:
    """Say whether letters can be seen on their ground, as far as that is known."""
    behind = ground
    for layer in reversed(layers):
        behind = _shaded(layer, behind)
    faint = _is_transparent(layers) or alike(_rgb(_letters(layers)), _rgb(behind))
    return Sight.FAINT if faint else Sight.SEEN


def _is_transparent(layers: Sequence[Any]) -> bool:
    """Say whether letters let through what is behind them; ``alpha`` of a fill is how much, in thousandths of 1 %."""
    filled = _first_of(layers, f"{_W14}textFill")
    alphas = [each.get(f"{_W14}val", "") for each in filled.iter(f"{_W14}alpha")] if filled is not None else []
    return any(re.fullmatch("9[5-9][0-9]{3}|100000", alpha) for alpha in alphas)


def _letters(layers: Sequence[Any]) -> str:
    """Return the colour of letters; that of a fill comes before any other, that of the theme before its copy."""
    filled = _first_of(layers, f"{_W14}textFill")
    for colour in filled.iter(f"{_W14}srgbClr", f"{_W14}schemeClr") if filled is not None else ():
        name = colour.get(f"{_W14}val", "")
        return "FFFFFF" if name in _PAPER else name
    colour = _first(layers, "color")
    themed = colour is not None and colour.get(f"{W}themeColor") in _PAPER
    return "FFFFFF" if themed else value(colour)


def _shaded(properties: Any, below: str) -> str:
    """Return the ground that shading or a highlight gives; a pattern may have any colour."""
    shading, highlight = properties.find(f"{W}shd"), value(properties.find(f"{W}highlight"))
    if highlight and highlight not in _OFF:
        return _NAMED.get(highlight, UNKNOWN)
    if shading is None or value(shading) in _OFF:
        return below
    fill = shading.get(f"{W}fill") or "auto"
    if value(shading, "clear") not in {"clear", "solid", "pct5", "pct10", "pct12", "pct15"}:
        return UNKNOWN
    if value(shading) == "solid":
        fill = shading.get(f"{W}color") or "auto"
    return below if fill == "auto" else fill


def _rgb(colour: str) -> Colour | None:
    """Return a colour; ``None`` for one that is chosen so that it can be read, or is not known."""
    return tuple(part / 255 for part in bytes.fromhex(colour)) if _HEX.fullmatch(colour) else None
