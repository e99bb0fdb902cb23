"""How cells look: the number format, the font and the ground of each cell format, and the runs of rich texts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import lru_cache

from workbook.excel.reading.elements import Elements
from workbook.excel.reading.markup import MAIN
from workbook.excel.reading.number_format import BUILT_IN, GENERAL, TEXT, keeps_whole
from workbook.excel.reading.usual import number_formats
from workbook.expression import expression
from workbook.match.contrast import Colour, alike
from workbook.records import dataclass

Attributes = dict[str, str]

_WHITE, _BLACK = (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
_THEME = {"0": _WHITE, "1": _BLACK}
_INDEXED = {"0": _BLACK, "1": _WHITE, "8": _BLACK, "9": _WHITE, "64": _BLACK, "65": _WHITE}
_RGB = expression("(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_TINY = 1.0  # points
_PICTURES = expression("(?:Wing|Web)dings", re.IGNORECASE)
_CACHED = 200_000  # bytes of styles that are worth keeping

Reason = tuple[str, str]
"""Why something cannot be seen, in Chinese and in English."""

FAINT: Reason = ("字色与底色相同", "its colour is that of its ground")
TINY: Reason = ("字号过小", "its size is next to nothing")
PICTURES: Reason = ("字体把数字显示为图形", "its font shows digits as pictures")


@dataclass(frozen=True, slots=True)
class Font:
    """A font as far as it decides what is seen; ``colour`` is ``None`` where it is not known."""

    struck: bool = False
    raised: str = ""
    colour: Colour | None = _BLACK
    size: float = 11
    pictures: bool = False

    @property
    def odd(self) -> bool:
        """Whether a piece of a text in this font is not read like any other."""
        return self.struck or bool(self.raised) or self.unseen(_WHITE) is not None

    def unseen(self, ground: Colour | None) -> Reason | None:
        """Return why a text in this font is not seen on a ground."""
        if self.pictures:
            return PICTURES
        if self.size <= _TINY:
            return TINY
        return FAINT if alike(self.colour, ground) else None


@dataclass(frozen=True, slots=True)
class Face:
    """A cell format: its number format, font and ground; ``repeated`` says that it repeats what the cell holds."""

    code: str = GENERAL
    font: Font = Font()
    ground: Colour | None = _WHITE
    repeated: bool = False

    @property
    def odd(self) -> bool:
        """Whether a cell may show something else than the whole number that it holds."""
        return self.repeated or self.font.struck or bool(self.font.unseen(self.ground)) or not keeps_whole(self.code)

    @property
    def special(self) -> bool:
        """Whether a cell may show something else than what it holds."""
        return self.code not in {GENERAL, TEXT} or self.odd


@dataclass(frozen=True)
class Styles:
    """The cell formats of a workbook.

    ``special`` are those that may show another number than the cell holds, if only of some numbers, by what cells call
    them. ``numbers`` is what cells call those that are sure to leave a number a number, nothing for that of cells that
    name none; it is empty where no format is sure to.
    """

    faces: tuple[Face, ...] = (Face(),)
    special: Mapping[str, Face] = field(default_factory=dict)
    numbers: frozenset[str] = frozenset()

    def face(self, style: str) -> Face:
        """Return a format by its number; the usual one where there is no such number."""
        at = int(style) if style.isdecimal() and len(style) < 6 else 0  # noqa: PLR2004 - Excel has 65490
        return self.faces[at] if at < len(self.faces) else Face()


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of a text; without a font it has that of its cell."""

    text: str
    font: Font | None = None


def styles(xml: bytes) -> Styles:
    """Return the cell formats that ``xl/styles.xml`` lists; the usual one where there is none."""
    return _kept(xml) if len(xml) < _CACHED else _read(xml)


def _read(xml: bytes) -> Styles:
    listed = _Listed(xml)
    faces = tuple(listed.faces) or (Face(),)
    special = {str(at): face for at, face in enumerate(faces) if face.special}
    numbers = number_formats(xml, [face.code for face in listed.faces]) if listed.whole else frozenset()
    return Styles(faces, special, numbers)


_kept = lru_cache(maxsize=16)(_read)


class Fonts(Elements):
    """Collects the properties of fonts, whose elements are the same in styles and in the runs of texts."""

    spaces = MAIN

    def prepare(self) -> None:
        """Begin with a font of which nothing is known."""
        self.properties: dict[str, Attributes] = {}

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:  # noqa: ARG002
        """Take a property of a font."""
        if parent in {"font", "rPr"}:
            self.properties[name] = attributes

    def font(self) -> Font:
        """Return the font whose properties were taken last."""
        given, self.properties = self.properties, {}
        return Font(
            struck=is_on(given.get("strike")),
            raised={"superscript": "up", "subscript": "down"}.get(given.get("vertAlign", {}).get("val", ""), ""),
            colour=colour(given["color"]) if "color" in given else _BLACK,
            size=_number(given.get("sz", {}).get("val"), 11),
            pictures=bool(_PICTURES.match(given.get("name", given.get("rFont", {})).get("val", ""))),
        )


class _Listed(Fonts):
    """Follows ``xl/styles.xml``."""

    def prepare(self) -> None:
        super().prepare()
        self.codes: dict[int, str] = {}
        self.fonts: list[Font] = []
        self.grounds: list[Colour | None] = []
        self.faces: list[Face] = []
        self._pattern: tuple[str, Colour | None] = "none", None
        self._repeated = False

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        super().take(name, parent, attributes, text)
        if name == "numFmt" and parent == "numFmts":
            self.codes[_index(attributes.get("numFmtId"))] = attributes.get("formatCode", GENERAL)
        elif name == "font" and parent == "fonts":
            self.fonts.append(self.font())
        elif name == "fgColor":
            self._pattern = "", colour(attributes)
        elif name == "patternFill":
            self._pattern = attributes.get("patternType", "none"), self._pattern[1]
        elif name == "fill" and parent == "fills":
            kind, ground = self._pattern
            self.grounds.append({"none": _WHITE, "solid": ground}.get(kind))
            self._pattern = "gradient", None
        elif name == "alignment" and parent == "xf":
            self._repeated = attributes.get("horizontal") == "fill"
        elif name == "xf" and parent == "cellXfs":
            self._face(attributes)

    def _face(self, attributes: Attributes) -> None:
        number, font, fill = (_index(attributes.get(name)) for name in ("numFmtId", "fontId", "fillId"))
        self.faces.append(
            Face(
                self.codes.get(number, BUILT_IN.get(number, GENERAL)),
                self.fonts[font] if font < len(self.fonts) else Font(),
                self.grounds[fill] if fill < len(self.grounds) else _WHITE,
                self._repeated,
            )
        )
        self._repeated = False


class Runs(Fonts):
    """Collects the runs of texts; readings that are printed above a text are not part of it."""

    def prepare(self) -> None:
        """Begin with a text without runs."""
        super().prepare()
        self.runs: list[Run] = []
        self._piece, self._own = "", False

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        """Take a piece of a text, the font of a run, or a run."""
        super().take(name, parent, attributes, text)
        if name == "t" and parent in {"si", "is"}:
            self.runs.append(Run(text))
        elif name == "t" and parent == "r":
            self._piece += text
        elif name == "rPr":
            self._own = True
        elif name == "r":
            self.runs.append(Run(self._piece, self.font() if self._own else None))
            self._piece, self._own = "", False

    def taken(self) -> tuple[Run, ...]:
        """Return the runs of the text that has ended."""
        found = tuple(self.runs)
        self.runs.clear()
        return found


class _Shared(Runs):
    """Follows ``xl/sharedStrings.xml``."""

    def prepare(self) -> None:
        super().prepare()
        self.texts: list[tuple[Run, ...]] = []

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        super().take(name, parent, attributes, text)
        if name == "si":
            self.texts.append(self.taken())


def shared_texts(xml: bytes) -> list[tuple[Run, ...]]:
    """Return the texts of ``xl/sharedStrings.xml``, each as its runs."""
    return _Shared(xml).texts


def colour(attributes: Attributes) -> Colour | None:
    """Return a colour; ``None`` where it is one of the theme's own, or is not understood."""
    plain = _RGB.fullmatch(attributes.get("rgb", ""))
    if plain:
        red, green, blue = bytes.fromhex(plain[1])
        found: Colour | None = (red / 255, green / 255, blue / 255)
    elif "theme" in attributes:
        found = _THEME.get(attributes["theme"])
    else:
        found = _INDEXED.get(attributes.get("indexed", "64"))
    tint = _number(attributes.get("tint"), 0)
    return found and _tinted(found, tint)


def _tinted(colour: Colour, tint: float) -> Colour:
    """Return a colour nearer to black for a tint below 0, nearer to white for one above."""
    target, share = (0.0, -tint) if tint < 0 else (1.0, tint)
    return tuple(part + (target - part) * min(share, 1.0) for part in colour)


def is_on(attributes: Attributes | None) -> bool:
    """Say whether an element that stands for yes or no is there and says yes."""
    return attributes is not None and attributes.get("val", "1") in {"1", "true", "on"}


def _number(text: str | None, usual: float) -> float:
    return float(text) if text and re.fullmatch(r"-?[0-9]{1,6}(?:\.[0-9]{1,20})?", text) else usual


def _index(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0
