"""Formats of cells for the engine of LibreOffice: colours, fonts, alignments, borders."""
# ruff: noqa: D101, D102 - classes and methods are those of xlwings' engines, described there

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

from engine.calc_api import excel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_UNSET = base_classes._UNSET
_LINES = {"continuous": 0, "dot": 1, "dash": 2, "double": 3, "dash_dot": 16, "dash_dot_dot": 17}
_WEIGHTS = {"hairline": 2, "thin": 26, "medium": 62, "thick": 88}  # in hundredths of a millimetre
_SIDES = {
    "edge_top": "TopLine",
    "edge_bottom": "BottomLine",
    "edge_left": "LeftLine",
    "edge_right": "RightLine",
    "inside_vertical": "VerticalLine",
    "inside_horizontal": "HorizontalLine",
}
_DIAGONALS = {"diagonal_down": "DiagonalTLBR2", "diagonal_up": "DiagonalBLTR2"}
_ACROSS = {
    "general": "STANDARD",
    "left": "LEFT",
    "center": "CENTER",
    "right": "RIGHT",
    "fill": "REPEAT",
    "justify": "BLOCK",
    "center_across_selection": "CENTER",
    "distributed": "BLOCK",
}
_DOWN = {"top": 1, "center": 2, "bottom": 3, "justify": 4, "distributed": 4}


def _number(colour: Any) -> int:
    if colour is None:
        return -1
    parts = hex_to_rgb(colour) if isinstance(colour, str) else int_to_rgb(colour) if isinstance(colour, int) else colour
    return parts[0] << 16 | parts[1] << 8 | parts[2]


def _parts(number: int) -> tuple[int, int, int] | None:
    return None if number == -1 else (number >> 16 & 255, number >> 8 & 255, number & 255)


def _read_across(value: Any) -> str:
    return next(name for name, known in _ACROSS.items() if known == value.value)


def _write_across(name: str) -> Any:
    import uno  # can be imported once LibreOffice runs

    return uno.Enum("com.sun.star.table.CellHoriJustify", _ACROSS[name])


def _read_down(value: int) -> str:
    return next((name for name, known in _DOWN.items() if known == value), "bottom")


def cell_format(names: str, read: Callable[[Any], Any], write: Callable[[Any], Any]) -> Any:
    """Return a property of ranges that stands in the format of cells; it is ``None`` where they differ."""
    first, *_ = every = names.split()

    def get(self: Any) -> Any:
        return None if self.cells.mixed(first) else read(getattr(self.cells.xl, first))

    def change(self: Any, value: Any) -> None:
        known = write(value)
        self.cells.change_format()
        for name in every:
            setattr(self.cells.xl, name, known)

    return property(get, change)


color = cell_format("CellBackColor", _parts, _number)
wrap_text = cell_format("IsTextWrapped", bool, bool)
horizontal_alignment = cell_format("HoriJustify", _read_across, _write_across)
vertical_alignment = cell_format("VertJustify", _read_down, _DOWN.__getitem__)


@excel
class Font(base_classes.Font):
    def __init__(self, cells: Any) -> None:
        self.cells = cells

    api = property(lambda self: self.cells.api)
    bold = cell_format(
        "CharWeight CharWeightAsian CharWeightComplex", lambda weight: weight > 100, lambda on: 150.0 if on else 100.0
    )
    size = cell_format("CharHeight CharHeightAsian CharHeightComplex", float, float)
    color = cell_format("CharColor", lambda number: _parts(number) or (0, 0, 0), _number)
    name = cell_format("CharFontName CharFontNameAsian CharFontNameComplex", str, str)


def _attribute(name: str) -> Any:
    def get(self: Any) -> Any:
        return getattr(self, f"_{name}")()

    def change(self: Any, value: Any) -> None:
        Borders(self.cells).set([self.side], **{name: value})

    return property(get, change)


@excel
class Border(base_classes.Border):
    def __init__(self, cells: Any, side: str) -> None:
        self.cells, self.side = cells, side

    api = property(lambda self: self.cells.api)
    line_style, weight, color = _attribute("line_style"), _attribute("weight"), _attribute("color")

    @property
    def line(self) -> Any:
        cells = self.cells.xl
        return (
            getattr(cells, _DIAGONALS[self.side])
            if self.side in _DIAGONALS
            else getattr(cells.TableBorder2, _SIDES[self.side])
        )

    def _line_style(self) -> str:
        line = self.line
        return next(name for name, known in _LINES.items() if known == line.LineStyle) if _width(line) else "none"

    def _weight(self) -> str:
        width = _width(self.line) or _WEIGHTS["thin"]  # as Excel says of no border
        return min(_WEIGHTS, key=lambda name: abs(_WEIGHTS[name] - width))

    def _color(self) -> tuple[int, int, int] | None:
        line = self.line
        return _parts(line.Color) if _width(line) else None


def _width(line: Any) -> int:
    return line.LineWidth or line.OuterLineWidth


@excel
class Borders(base_classes.Borders):
    def __init__(self, cells: Any) -> None:
        self.cells = cells

    api = property(lambda self: self.cells.api)

    def __getitem__(self, side: str) -> Border:
        return Border(self.cells, side)

    def _common(self, name: str) -> Any:
        height, width = self.cells.shape
        absent = {"inside_vertical"} if width == 1 else set()
        absent |= {"inside_horizontal"} if height == 1 else set()
        found = {getattr(self[side], name) for side in _SIDES if side not in absent}
        return found.pop() if len(found) == 1 else None

    line_style = property(lambda self: self._common("line_style"))
    weight = property(lambda self: self._common("weight"))
    color = property(lambda self: self._common("color"))

    def set(self, which: Sequence[str], *, line_style: Any = _UNSET, weight: Any = _UNSET, color: Any = _UNSET) -> None:
        self.cells.change_format()
        cells = self.cells.xl
        table = cells.TableBorder2
        for name in (*_SIDES.values(), "Distance"):
            setattr(table, f"Is{name}Valid", False)
        for side in which:
            line = self[side].line
            if line_style is None:
                line.LineWidth = line.OuterLineWidth = line.InnerLineWidth = line.LineDistance = 0
            else:
                width = (_width(line) or _WEIGHTS["thin"]) if weight is _UNSET else _WEIGHTS[weight]
                line.LineWidth = line.OuterLineWidth = width
                line.LineStyle = line.LineStyle if line_style is _UNSET else _LINES.get(line_style, _LINES["dash_dot"])
                line.Color = line.Color if color is _UNSET else _number(color)
            if side in _DIAGONALS:
                setattr(cells, _DIAGONALS[side], line)
            else:
                setattr(table, _SIDES[side], line)
                setattr(table, f"Is{_SIDES[side]}Valid", True)
        cells.TableBorder2 = table
