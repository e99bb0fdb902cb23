"""What cells look like in Excel's object model, for both engines: fills, and notes with the fonts of their letters."""
# ruff: noqa: D101, D102, N802 - names and meaning are those of Excel's object model

from __future__ import annotations

from dataclasses import dataclass, replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from engine.rules import failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from engine.ranges import Range

NO_FILL, SOLID, LINEAR, RECTANGULAR = -4142, 1, 4000, 4001
AUTOMATIC = -4105
_ANY_INDEX = 3  # the index of a colour in the palette, which is only ever asked whether it is none or automatic
_THEME = ("FFFFFF", "000000", "EEECE1", "1F497D", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")
_PLAIN = {"Bold": False, "Italic": False, "Underline": NO_FILL, "Strikethrough": False, "Color": 0, "Size": 9.0}
_PLAIN |= {"Name": "宋体", "Superscript": False, "Subscript": False}
THREAD = "tc="
"""What the author of a note begins with that stands for a threaded comment in versions that do not know them."""


@dataclass(frozen=True)
class Fill:
    """The fill of a cell: ``rgb`` or ``theme`` (from 1) with its tint, neither where the colour is automatic."""

    pattern: int = NO_FILL
    rgb: tuple[int, int, int] | None = None
    theme: int | None = None
    tint: float = 0.0
    rest: Any = None
    """What else a pattern or a gradient has: the colour of its lines, its stops."""

    @property
    def shown(self) -> tuple[int, int, int]:
        """The colour that is seen."""
        base = self.rgb or ((255, 255, 255) if self.theme is None else tuple(bytes.fromhex(_THEME[self.theme - 1])))
        red, green, blue = (
            round(part * (1 + self.tint) if self.tint < 0 else part + (255 - part) * self.tint) for part in base
        )
        return red, green, blue


class Interior:
    def __init__(self, cells: Range) -> None:
        self._cells = cells

    Pattern = property(lambda self: self._cells.fill.pattern)

    def _put(self, fill: Fill) -> None:
        self._cells.change_format()
        self._cells.fill = fill

    def _coloured(self, **colour: Any) -> None:
        """Give the fill another colour: a pattern keeps its lines, a gradient is one no more."""
        was = self._cells.fill if len(self._cells) == 1 else Fill()
        kept = was if was.pattern not in {NO_FILL, LINEAR, RECTANGULAR} else Fill(SOLID)
        self._put(Fill(kept.pattern, rest=kept.rest, **colour))

    @property
    def ColorIndex(self) -> int:
        fill = self._cells.fill
        if fill.pattern == NO_FILL:
            return NO_FILL
        return AUTOMATIC if fill.rgb is fill.theme is None and fill.pattern == SOLID else _ANY_INDEX

    @ColorIndex.setter
    def ColorIndex(self, value: int) -> None:
        assert value == NO_FILL
        self._put(Fill())

    @property
    def Color(self) -> int:
        return int.from_bytes(bytes(self._cells.fill.shown), "little")

    @Color.setter
    def Color(self, value: int) -> None:
        self._coloured(rgb=tuple(value.to_bytes(3, "little")))

    @property
    def ThemeColor(self) -> int:
        if self._cells.fill.theme is None:
            raise failure("Invalid request")
        return self._cells.fill.theme

    @ThemeColor.setter
    def ThemeColor(self, value: int) -> None:
        assert 1 <= value <= len(_THEME)
        self._coloured(theme=value)

    @property
    def TintAndShade(self) -> float:
        return self._cells.fill.tint

    @TintAndShade.setter
    def TintAndShade(self, value: float) -> None:
        self._put(replace(self._cells.fill, tint=value))


class Note:
    """The note of a cell, as xlwings' engines have it."""

    def __init__(self, cell: Range) -> None:
        self._cell = cell

    api = property(lambda self: NoteApi(self._cell))

    @property
    def text(self) -> str:
        if self._cell.comment is None:
            raise failure("Object required")
        return self._cell.comment

    @text.setter
    def text(self, value: str) -> None:
        self._change()
        letter = self._cell.letters[0]  # the first letter's font becomes that of all
        self._cell.comment = value
        self._cell.letters = [letter] * len(value)

    def delete(self) -> None:
        self._change()
        self._cell.comment = None
        self._cell.letters = []

    def _change(self) -> None:
        assert self.text
        if self._cell.threaded:
            raise failure("This cell has a threaded comment.")
        self._cell.change_drawing()


class NoteApi:
    def __init__(self, cell: Range) -> None:
        self._cell = cell

    Author = property(lambda self: self._cell.author)

    @property
    def Shape(self) -> SimpleNamespace:
        return SimpleNamespace(TextFrame=SimpleNamespace(Characters=self._characters))

    def _characters(self, Start: int = 1, Length: int | None = None) -> SimpleNamespace:  # noqa: N803
        end = None if Length is None else Start - 1 + Length
        return SimpleNamespace(Font=Letters(self._cell, slice(Start - 1, end)))


class Letters:
    """The font of letters of a note: what differs among them is nothing (``Null``)."""

    def __init__(self, cell: Range, part: slice) -> None:
        self.__dict__.update(_cell=cell, _part=part)

    def __getattr__(self, name: str) -> Any:
        found = {font[name] for font in self._cell.letters[self._part]}
        return found.pop() if len(found) == 1 else None

    def __setattr__(self, name: str, value: Any) -> None:
        assert name in _PLAIN
        self._cell.change_drawing()
        letters = list(self._cell.letters)
        letters[self._part] = [{**font, name: value} for font in letters[self._part]]
        self._cell.letters = letters


def plain_letters(text: str | None) -> list[dict[str, Any]]:
    """Return the fonts of a note's letters where nothing was said of them."""
    return [_PLAIN] * len(text or "")


def runs(letters: list[dict[str, Any]]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give where a font begins in a note, and what of it is not plain."""
    for place, font in enumerate(letters):
        if place == 0 or font != letters[place - 1]:
            yield place, {name: value for name, value in font.items() if value != _PLAIN[name]}
