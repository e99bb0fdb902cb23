"""Formats of cells in the engine over openpyxl: colours, fonts, borders."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

import colorsys
from copy import copy
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Side
from openpyxl.styles.colors import COLOR_INDEX, Color
from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from engine.cells import Range

_UNSET = base_classes._UNSET
_MIXED = object()
_LINES = {
    "thin": ("continuous", "thin"),
    "hair": ("continuous", "hairline"),
    "medium": ("continuous", "medium"),
    "thick": ("continuous", "thick"),
    "dashed": ("dash", "thin"),
    "mediumDashed": ("dash", "medium"),
    "dashDot": ("dash_dot", "thin"),
    "mediumDashDot": ("dash_dot", "medium"),
    "dashDotDot": ("dash_dot_dot", "thin"),
    "mediumDashDotDot": ("dash_dot_dot", "medium"),
    "dotted": ("dot", "thin"),
    "double": ("double", "thick"),
    "slantDashDot": ("slant_dash_dot", "medium"),
}
"""Lines of a border: the name in files, and line style and weight in Excel."""


def color_of(value: Any) -> Color:
    parts = hex_to_rgb(value) if isinstance(value, str) else int_to_rgb(value) if isinstance(value, int) else value
    return Color("FF{:02X}{:02X}{:02X}".format(*parts))


def common(values: Iterable[Any], mixed: Any = None) -> Any:
    different = set(values)
    return different.pop() if len(different) == 1 else mixed


def changed(name: str, value: Any) -> Callable[[Any], Any]:
    def change(style: Any) -> Any:
        setattr(style, name, value)
        return style

    return change


class Style:
    """A property that stands in the style of every cell of a range; ``None`` where the cells differ."""

    def __init__(self, part: str, name: str, default: Any, names: dict[str, str] | None = None) -> None:
        self._part, self._name, self._default, self._names = part, name, default, names or {}

    def __get__(self, owner: Any, _: Any) -> Any:
        found = common((getattr(getattr(cell, self._part), self._name) for cell in owner.area.styles()), _MIXED)
        if found is _MIXED:
            return None
        return {value: name for name, value in self._names.items()}.get(
            found, self._default if found is None else found
        )

    def __set__(self, owner: Any, value: Any) -> None:
        owner.area.restyle(self._part, changed(self._name, self._names.get(value, value)))


def rgb(color: Any, theme: bytes | None) -> tuple[int, int, int] | None:
    """Return a colour of openpyxl's; ``None`` is the automatic one."""
    if color is None or (color.type == "indexed" and color.indexed >= len(COLOR_INDEX)):
        return None
    text = color.rgb if color.type == "rgb" else COLOR_INDEX[color.indexed] if color.type == "indexed" else None
    if text is None:
        scheme = ET.fromstring(theme or b"<none/>").find(".//{*}clrScheme")
        child = scheme[color.theme ^ 1 if color.theme < 4 else color.theme][0] if scheme is not None else None
        text = child.get("lastClr", child.get("val")) if child is not None else "000000"
    red, green, blue = (int(text[-6:][at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, depth = colorsys.rgb_to_hls(red, green, blue)
    light = light * (1 + color.tint) if color.tint < 0 else light * (1 - color.tint) + color.tint
    red, green, blue = (round(part * 255) for part in colorsys.hls_to_rgb(hue, light, depth))
    return red, green, blue


class Font(base_classes.Font):
    bold = Style("font", "b", default=False)
    italic = Style("font", "i", default=False)
    size = Style("font", "sz", 11.0)
    name = Style("font", "name", None)

    def __init__(self, area: Range) -> None:
        self.area = area

    @property
    def color(self) -> tuple[int, int, int] | None:
        cells = self.area.styles()
        return common(rgb(cell.font.color, cell.parent.parent.loaded_theme) or (0, 0, 0) for cell in cells)

    @color.setter
    def color(self, value: Any) -> None:
        self.area.restyle("font", changed("color", color_of(value)))


class Border(base_classes.Border):
    def __init__(self, area: Range, side: str) -> None:
        self._area, self._side = area, side

    def _spots(self) -> Iterator[tuple[tuple[int, int], str]]:
        height, width = self._area.shape
        for at in self._area.coordinates():
            row, column = at[0] - self._area.row, at[1] - self._area.column
            places = {
                "edge_top": [("top", row == 0)],
                "edge_bottom": [("bottom", row == height - 1)],
                "edge_left": [("left", column == 0)],
                "edge_right": [("right", column == width - 1)],
                "inside_vertical": [("right", column < width - 1), ("left", column > 0)],
                "inside_horizontal": [("bottom", row < height - 1), ("top", row > 0)],
            }.get(self._side, [("diagonal", True)])
            yield from ((at, name) for name, there in places if there)

    def _line(self) -> tuple[Any, tuple[str, str]]:
        ws = self._area.sheet.ws
        sides = (getattr(self._area.file.cell(ws, *at).border, name) for at, name in self._spots())
        side = next(sides, None) or Side()
        return side, _LINES.get(side.style, ("none", "thin"))

    def _draw(self, **values: Any) -> None:
        self._area.sheet.allow("AllowFormattingCells")
        self._area.file.change()
        ws, was = self._area.sheet.ws, self._line()[0]
        side = Side(**{"style": was.style or "thin", "color": was.color} | values)
        for at, name in self._spots():
            cell = ws._cells.get(at)
            cell = cell if isinstance(cell, MergedCell) else self._area.file.cell(ws, *at, make=True)
            border = copy(cell.border)
            setattr(border, name, side)
            if name == "diagonal":
                setattr(
                    border,
                    self._side.replace("diagonal_down", "diagonalDown").replace("diagonal_up", "diagonalUp"),
                    True,
                )
            cell.border = border

    @property
    def line_style(self) -> str:
        return self._line()[1][0]

    @line_style.setter
    def line_style(self, value: str | None) -> None:
        styles = [name for name, (line, weight) in _LINES.items() if line == value]
        same = [name for name in styles if _LINES[name][1] == self.weight]
        self._draw(style=(same or styles or [None])[0])

    @property
    def weight(self) -> str:
        return self._line()[1][1]

    @weight.setter
    def weight(self, value: str) -> None:
        names = {pair: name for name, pair in _LINES.items()}
        self._draw(style=names.get((self.line_style, value)) or names["continuous", value])

    @property
    def color(self) -> tuple[int, int, int] | None:
        side, _ = self._line()
        return (rgb(side.color, self._area.file.wb.loaded_theme) or (0, 0, 0)) if side.style else None

    @color.setter
    def color(self, value: Any) -> None:
        self._draw(color=color_of(value))


class Borders(base_classes.Borders):
    def __init__(self, area: Range) -> None:
        self.parent = area

    line_style = property(lambda self: self._shared("line_style"))
    weight = property(lambda self: self._shared("weight"))
    color = property(lambda self: self._shared("color"))

    def _shared(self, name: str) -> Any:
        return common(getattr(self[side], name) for side in self._grid_sides())

    def __getitem__(self, side: str) -> Border:
        return Border(self.parent, side)

    def set(self, which: list[str], *, line_style: Any = _UNSET, weight: Any = _UNSET, color: Any = _UNSET) -> None:
        for side in which:
            values = {"color": color, "weight": weight, "line_style": line_style}
            for name in (name for name, value in values.items() if value is not _UNSET):
                setattr(self[side], name, values[name])
