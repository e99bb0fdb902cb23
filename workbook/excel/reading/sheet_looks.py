"""What is visible of a sheet of an ``.xlsx`` file, from its XML: formats, fonts, merged and hidden cells, links."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.excel.address import Spot, a1, spot
from workbook.excel.reading.faces import Run, Runs, Styles
from workbook.excel.reading.markup import NUMBER
from workbook.excel.reading.visible import LINKED, Look, Seen, look_at_number, look_at_text, unseen
from workbook.report import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.excel.reading.faces import Attributes, Reason
    from workbook.report import Value

Area = tuple[Spot, Spot]
"""The first and the last cell of a merged cell."""

_ADDRESS = re.compile("[A-Z]{1,3}[1-9][0-9]{0,6}")
_AREA = re.compile("([A-Z]{1,3}[1-9][0-9]{0,6}):([A-Z]{1,3}[1-9][0-9]{0,6})")
_FRACTION = re.compile(rb"<v>-?[0-9]*[.E]")
_MERGED, _MERGED_END = b"<mergeCells", b"</mergeCells>"
_CACHED = 20_000  # bytes of merged cells that are worth keeping
_NARROW = 0.5
"""Points of height or characters of width below which nothing is seen."""

# In a file a link has the number of the other file, or its name, in brackets; what stands in brackets behind a name is
# a column of a table. DDE has a bar.
_LINK = re.compile(
    r"(?<![\w.\])])\[[^\[\]]+\][^\[\]'!,;()]*!|'[^']*\[[^\[\]']+\][^']*'!|'[^']*\.[a-z]{3,4}'!|\|", re.IGNORECASE
)
_WEB = re.compile(r"WEBSERVICE\s*\(", re.IGNORECASE)
_NAMED = re.compile(rb'<definedName [^<>]*?name="([^"]+)"[^<>]*>([^<]*\[[^<]*)<')

HIDDEN_SHEET: Reason = ("所在工作表已隐藏", "its sheet is hidden")
HIDDEN_ROW: Reason = ("所在行已隐藏", "its row is hidden")
HIDDEN_COLUMN: Reason = ("所在列已隐藏", "its column is hidden")
NO_ZEROS: Reason = ("工作表设为不显示零值", "its sheet shows no zeros")


@dataclass(frozen=True, slots=True)
class Around:
    """What a sheet needs of its workbook: formats, names that lead to other files."""

    styles: Styles
    linked: frozenset[str] = frozenset()


def linked_names(book: bytes) -> frozenset[str]:
    """Return the names that a workbook gives to cells of other files."""
    if b"[" not in book:
        return frozenset()
    found = ((html.unescape(name.decode("utf-8", "replace")), text.decode("utf-8", "replace"))
             for name, text in _NAMED.findall(book))  # fmt: skip
    return frozenset(name.upper() for name, text in found if _LINK.search(text))


def is_linked(formula: str, names: frozenset[str] = frozenset()) -> bool:
    """Say whether a formula takes a value from another file.

    >>> [is_linked(text) for text in ("[1]Sheet1!A1", "SUM(D6:E6)", "SUM(T[件数])+Sheet2!A1")]
    [True, False, False]
    """
    if _LINK.search(formula) or _WEB.search(formula):
        return True
    return bool(names) and not names.isdisjoint(re.findall(r"[^\W\d][\w.]*", formula.upper()))


def may_be_odd(xml: bytes, end: int, styles: Styles) -> bool:
    """Say whether a plainly written sheet has cells that may show something else than they hold."""
    used = [face for token, face in styles.special if xml.find(token, 0, end) >= 0]
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
    """Follows the XML of a sheet: its merged cells, and its cells but for numbers that are as they seem."""

    def __init__(self, xml: bytes, around: Around, *, hidden: bool = False) -> None:
        self._around, self._all_hidden = around, HIDDEN_SHEET if hidden else None
        # Cells that name another style in another way, such as 007, are looked at.
        self._usual = {str(at) for at in range(len(around.styles.faces))} - around.styles.special_numbers
        super().__init__(xml)

    def prepare(self) -> None:
        """Begin before the first row."""
        super().prepare()
        self.cells: list[_Held] = []
        self.areas: list[Area] = []
        self.no_zeros = False
        self._columns: list[tuple[int, int]] = []
        self._next: Spot = (0, 0)
        self._held: dict[str, str] = {}
        self._shared: dict[str, str] = {}

    def take(self, name: str, parent: str, attributes: Attributes, text: str) -> None:
        """Take a row, a cell or what is in it, a column, a view, a merged cell."""
        if parent == "c":
            if name == "f":
                text = self._shared.setdefault(attributes["si"], text) if "si" in attributes else text
            self._held[name] = text
            return
        super().take(name, parent, attributes, text)
        if name == "c" and parent == "row":
            self._cell(attributes)
        elif name == "row":
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
        row = self.inside[-1][1]
        address = attributes.get("r", "")
        place = spot(address) if _ADDRESS.fullmatch(address) else (self._row(row), self._next[1])
        self._next = self._next[0], place[1] + 1
        held, self._held, runs = self._held, {}, self.taken()
        kind, style = attributes.get("t", "n"), attributes.get("s", "0")
        hidden = HIDDEN_ROW if _is_hidden(row, "ht") else None
        if any(first <= place[1] <= last for first, last in self._columns):
            hidden = HIDDEN_COLUMN
        plain = kind == "n" and style in self._usual and "f" not in held
        if not plain or hidden or self.no_zeros or self._all_hidden:
            self.cells.append(_Held(place, kind, style, held.get("v", ""), held.get("f"), runs, hidden))

    def unseen(self) -> dict[str, str]:
        """Return by address what reads as blank and is not: ``=formula`` without a result, or an error."""
        errors = {a1(*cell.spot): cell.text for cell in self.cells if cell.kind == "e" and cell.text}
        return errors | {
            a1(*cell.spot): f"={cell.formula}"
            for cell in self.cells
            if cell.formula is not None and not cell.text and cell.kind != "str"
        }

    def seen(self, texts: Sequence[tuple[Run, ...]]) -> Seen:
        """Return what is visible; ``texts`` are the shared ones."""
        seen = Seen()
        for cell in self.cells:
            self._look(seen, replace(cell, runs=_runs(cell, texts)))
        return seen

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


def _runs(cell: _Held, texts: Sequence[tuple[Run, ...]]) -> tuple[Run, ...]:
    if cell.kind == "s":
        at = _index(cell.text)
        return texts[at] if at < len(texts) else ()
    return (Run(cell.text),) if cell.kind == "str" else cell.runs


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Say whether a row or a column is hidden, or has next to no size."""
    extent = attributes.get(size, "")
    tiny = bool(re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]+)?", extent)) and float(extent) < _NARROW
    return tiny or attributes.get("hidden", "0") in {"1", "true"}


def _index(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,9}", text) else 0
