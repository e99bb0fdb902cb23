"""What is visible of a sheet of an ``.xlsx`` file, from its XML: formats, fonts, merged and hidden cells, links."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workbook.excel.address import Spot, a1, spot
from workbook.excel.reading.faces import Run, Runs, Styles
from workbook.excel.reading.formulas import moved
from workbook.excel.reading.grid import COLUMNS, ROWS
from workbook.excel.reading.markup import NUMBER, cell_spot
from workbook.excel.reading.visible import LINKED, Look, Seen, look_at_number, look_at_text, unseen
from workbook.expression import expression
from workbook.records import dataclass
from workbook.report import number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from workbook.excel.reading.faces import Attributes, Reason
    from workbook.excel.reading.grid import Grid
    from workbook.report import Value

Area = tuple[Spot, Spot]
"""The first and the last cell of a merged cell."""

_AREA = expression("([A-Z]{1,3}[1-9][0-9]{0,6}):([A-Z]{1,3}[1-9][0-9]{0,6})")
_FRACTION = expression(rb"<v>-?[0-9]*[.E]")
_MERGED, _MERGED_END = b"<mergeCells", b"</mergeCells>"
_CACHED = 20_000  # bytes of merged cells that are worth keeping
_COVERED = 10_000  # cells in merged ones that are looked at all at once
_NARROW = 0.5
"""Points of height or characters of width below which nothing is seen."""

# In a file a link has the number of the other file, or its name, in brackets; what stands in brackets behind a name is
# a column of a table. DDE has a bar.
_LINK = expression(
    r"(?<![\w.\])])\[[^\[\]]+\][^\[\]'!,;()]*!|'[^']*\[[^\[\]']+\][^']*'!|'[^']*\.[a-z]{3,4}'!|\|", re.IGNORECASE
)
_WEB = expression(r"WEBSERVICE\s*\(", re.IGNORECASE)

HIDDEN_SHEET: Reason = ("所在工作表已隐藏", "its sheet is hidden")
HIDDEN_ROW: Reason = ("所在行已隐藏", "its row is hidden")
HIDDEN_COLUMN: Reason = ("所在列已隐藏", "its column is hidden")
NO_ZEROS: Reason = ("工作表设为不显示零值", "its sheet shows no zeros")


@dataclass(frozen=True, slots=True)
class Around:
    """What a sheet needs of its workbook: formats, names that lead to other files."""

    styles: Styles
    linked: frozenset[str] = frozenset()


def linked_names(names: Iterable[tuple[str, str]]) -> frozenset[str]:
    """Return the names that a workbook gives to cells of other files; ``names`` are all with what they stand for."""
    return frozenset(name.upper() for name, text in names if _LINK.search(text))


def is_linked(formula: str, names: frozenset[str] = frozenset()) -> bool:
    """Say whether a formula takes a value from another file.

    >>> [is_linked(text) for text in ("[1]Sheet1!A1", "SUM(D6:E6)", "SUM(T[件数])+Sheet2!A1")]
    [True, False, False]
    """
    if _LINK.search(formula) or _WEB.search(formula):
        return True
    return bool(names) and not names.isdisjoint(re.findall(r"[^\W\d][\w.]*", formula.upper()))


def may_be_odd(xml: bytes, end: int, styles: Styles, named: Collection[str] | None = None) -> bool:
    """Say whether a plainly written sheet has cells that may show something else than they hold.

    Args:
        xml: the sheet.
        end: where its cells end.
        styles: the formats of the workbook.
        named: the formats that its cells and rows name, if that is known.
    """
    if named is not None and styles.special.keys().isdisjoint(named):
        return False
    used = [
        face
        for name, face in styles.special.items()
        if (xml.find(f' s="{name}"'.encode(), 0, end) >= 0 if named is None else name in named)
    ]
    return bool(used) and (any(face.odd for face in used) or bool(_FRACTION.search(xml, 0, end)))


def merged(xml: bytes, end: int) -> tuple[Area, ...]:
    """Return the merged cells of a plainly written sheet, whose cells end there."""
    start = xml.find(_MERGED, end)
    if start < 0:
        return ()
    listed = xml[start : xml.find(_MERGED_END, start)]
    return _kept_areas(listed) if len(listed) < _CACHED else _areas(listed)


def _areas(xml: bytes) -> tuple[Area, ...]:
    return tuple((spot(first), spot(last)) for first, last in _AREA.findall(xml.decode("utf-8", "replace")))


_kept_areas = lru_cache(maxsize=64)(_areas)


@lru_cache(maxsize=64)
def covered(areas: tuple[Area, ...]) -> frozenset[Spot] | None:
    """Return the cells under merged ones, all but the first of each; ``None`` if these overlap, or are too many."""
    sizes = [(bottom - top + 1) * (last - first + 1) for (top, first), (bottom, last) in areas]
    if sum(sizes) > _COVERED:
        return None
    under = {
        (row, column)
        for (top, first), (bottom, last) in areas
        for row in range(top, bottom + 1)
        for column in range(first, last + 1)
    }
    return frozenset(under - {first for first, _ in areas}) if len(under) == sum(sizes) else None


@dataclass(slots=True)
class _Held:
    """A cell as the file has it."""

    spot: Spot
    kind: str
    style: str
    text: str
    formula: str | None
    runs: tuple[Run, ...]
    hidden: Reason | None


class SheetLook(Runs):
    """Follows the vetted XML of a sheet: its values, its merged cells, and how its cells look.

    ``values`` are what the cells hold, as python-calamine gives them; ``cells`` are all but numbers that are as they
    seem. ``texts`` are the shared ones; ``lost`` says that a cell names one that is not there.
    """

    def __init__(
        self, xml: bytes, around: Around, texts: Sequence[tuple[Run, ...]] = (), *, hidden: bool = False
    ) -> None:
        self._around, self._all_hidden, self._texts = around, HIDDEN_SHEET if hidden else None, texts
        # Cells that name another style in another way, such as 007, are looked at.
        self._usual = {str(at) for at in range(len(around.styles.faces))} - around.styles.special.keys()
        super().__init__(xml)

    def prepare(self) -> None:
        """Begin before the first row."""
        super().prepare()
        self.values: dict[Spot, Any] = {}
        self.cells: list[_Held] = []
        self.lost = False
        self.areas: list[Area] = []
        self.no_zeros = False
        self._columns: list[tuple[int, int]] = []
        self._next: Spot = (0, 0)
        self._held: dict[str, str] = {}
        self._group: str | None = None
        self._shared: dict[str, tuple[Spot, str]] = {}

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        """Take a row, a cell or what is in it, a column, a view, a merged cell."""
        if parent == "c":
            self._held[name] = text
            if name == "f" and attributes.get("t") == "shared":
                self._group = attributes.get("si")
            return
        if name == "c" and parent == "row" and self.inside[-2][0] == "sheetData":
            self._cell(attributes)
            return
        super().take(name, parent, attributes, text)
        if name == "row":
            self._next = self._row(attributes) + 1, 0
        elif name == "col" and _is_hidden(attributes, "width"):
            self._columns.append((_index(attributes.get("min")) - 1, _index(attributes.get("max")) - 1))
        elif name == "sheetView" and attributes.get("showZeros", "1") in {"0", "false"}:
            self.no_zeros = True
        elif name == "mergeCell" and (match := _AREA.fullmatch(attributes.get("ref", ""))):
            self.areas.append((spot(match[1]), spot(match[2])))

    def _row(self, attributes: Attributes) -> int:
        return (_index(attributes.get("r")) or self._next[0] + 1) - 1

    def _cell(self, attributes: Attributes) -> None:
        row, address = self.inside[-1][1], attributes.get("r")
        place = cell_spot(address) if address else (self._row(row), self._next[1])
        self._next = max(self._next[0], place[0]), place[1] + 1
        held, self._held = self._held, {}
        kind, style, text = attributes.get("t", "n"), attributes.get("s", "0"), held.get("v", "")
        text = text if kind in {"str", "inlineStr"} else text.strip()
        runs = self._runs(kind, text)
        value = _value(kind, text, runs)
        if value != "":
            self.values[place] = value
        hidden = HIDDEN_ROW if _is_hidden(row, "ht") else None
        if self._columns and any(first <= place[1] <= last for first, last in self._columns):
            hidden = HIDDEN_COLUMN
        plain = kind == "n" and style in self._usual and "f" not in held
        if not plain or hidden or self.no_zeros or self._all_hidden:
            self.cells.append(_Held(place, kind, style, text, self._formula(place, held), runs, hidden))

    def _runs(self, kind: str, text: str) -> tuple[Run, ...]:
        """Return the text of a cell: one that is shared, that of its formula, or its own."""
        own = self.taken()
        if kind == "s" and text:
            if re.fullmatch("[0-9]{1,9}", text) and int(text) < len(self._texts):
                return self._texts[int(text)]
            self.lost = True
        return (Run(text),) if kind == "str" or (kind == "inlineStr" and not own) else own

    def _formula(self, place: Spot, held: dict[str, str]) -> str | None:
        """Return the formula of a cell, that of one that shares another's moved to where it stands."""
        group, self._group = self._group, None
        if group is None:
            return held.get("f")
        home, formula = self._shared.setdefault(group, (place, held.get("f", "")))
        return moved(formula, place[0] - home[0], place[1] - home[1])

    def unseen(self) -> dict[str, str]:
        """Return by address what reads as blank and is not: ``=formula`` without a result, or an error."""
        errors = {a1(*cell.spot): cell.text for cell in self.cells if cell.kind == "e" and cell.text}
        return errors | {
            a1(*cell.spot): f"={cell.formula}"
            for cell in self.cells
            if cell.formula is not None and not cell.text and cell.kind != "str"
        }

    def seen(self) -> Seen:
        """Return what is visible."""
        seen = Seen()
        for cell in self.cells:
            self._look(seen, cell)
        return seen

    def grid(self) -> tuple[Grid, dict[Spot, Any]]:
        """Return the sheet as rows of values as far as rows are read, and what stands beyond by its spot."""
        near = {spot: value for spot, value in self.values.items() if spot[0] < ROWS and spot[1] < COLUMNS}
        height, width = (max(ends, default=-1) + 1 for ends in (*zip(*near, strict=True),) or ((), ()))
        grid: Grid = [[""] * width for _ in range(height)]
        for (row, column), value in near.items():
            grid[row][column] = value
        return grid, {spot: value for spot, value in self.values.items() if spot not in near and str(value).strip()}

    def _look(self, seen: Seen, cell: _Held) -> None:
        face, hidden = self._around.styles.face(cell.style), self._all_hidden or cell.hidden
        found: Value = None
        if cell.kind == "n" and NUMBER.fullmatch(cell.text):
            value = float(cell.text)
            found = number(value)
            look_at_number(seen, cell.spot, value, face)
            if not value and self.no_zeros and not hidden:
                hidden = NO_ZEROS
        elif cell.runs:
            found = "".join(run.text for run in cell.runs) or None
            look_at_text(seen, cell.spot, cell.runs, face)
        if found is None or cell.spot in seen.instead:
            return
        if hidden:
            seen.tell(a1(*cell.spot), unseen(found, hidden))
        if cell.formula and is_linked(cell.formula, self._around.linked):
            seen.tell(a1(*cell.spot), Look(LINKED, found, None, (("formula", f"={cell.formula}"),)))


def _value(kind: str, text: str, runs: Sequence[Run]) -> Any:
    """Return what a cell holds, as python-calamine gives it: errors and what is not there are empty texts."""
    if kind in {"s", "str", "inlineStr"}:
        return "".join(run.text for run in runs)
    if kind == "e":
        return ""
    if kind == "b" and text in _TRUTHS:
        return _TRUTHS[text]
    return float(text) if kind == "n" and NUMBER.fullmatch(text) else text


_TRUTHS = {"0": False, "1": True, "false": False, "true": True}


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Say whether a row or a column is hidden, or has next to no size."""
    extent = attributes.get(size, "")
    tiny = bool(extent and re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]+)?", extent)) and float(extent) < _NARROW
    return tiny or attributes.get("hidden", "0") in {"1", "true"}


def _index(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0
