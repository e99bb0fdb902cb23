"""What a page shows of a report, as plain data: the tables as printed with their faults, the texts with their phrases.

Faults are numbered as the mistakes of the page, from 1; those that follow from another have its number.
"""

from __future__ import annotations

from dataclasses import field, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from workbook.form import cell_key, load_form, printed_sections
from workbook.records import dataclass
from workbook.report.fold import SEVERITY, Cause, status
from workbook.report.listing import is_equation, painted, ringed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Form, Label, PrintedTable

COVER, TEXTS, FILE = "cover", "texts", "file"
"""Groups of findings beside the tables, which are groups under their own keys."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A finding as the page shows it.

    ``likely`` says that this cell is the one most likely wrong, ``ring`` that it is only one of an equation's,
    ``follows`` that it is told under the mistake of its number.
    """

    number: int
    level: str
    message: str
    hint: str
    likely: bool = False
    ring: bool = False
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a printed table: a label (``key`` empty) or a number with its faults, and how many cells it covers."""

    text: str
    role: str
    down: int = 1
    across: int = 1
    key: str = ""
    label: str = ""
    faults: tuple[Fault, ...] = ()
    late: bool = False
    ring: str = ""

    @property
    def levels(self) -> list[str]:
        """The levels of the faults, worst first."""
        return levels(fault.level for fault in self.faults)

    @property
    def likely(self) -> bool:
        """Whether a fault names this cell as the one most likely wrong."""
        return any(fault.likely for fault in self.faults)

    @property
    def painted(self) -> bool:
        """Whether a fault is of this very cell, and not of an equation that it stands in."""
        return any(not fault.ring for fault in self.faults)


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as printed: rows of boxes; boxes that reach over several lines stand in the first."""

    key: str
    title: str
    titled: bool
    columns: int
    labels: int
    rows: tuple[tuple[Box, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text and the faults that quote it."""

    text: str
    faults: tuple[Fault, ...] = ()
    key: str = ""

    @property
    def levels(self) -> list[str]:
        """The levels of the faults, worst first."""
        return levels(fault.level for fault in self.faults)


@dataclass(slots=True)
class Part:
    """A section of the report: tables, or the pieces of its text."""

    heading: str
    grids: list[Grid] = field(default_factory=list)
    text: str | None = None
    pieces: tuple[Piece, ...] | None = None


def levels(given: Iterable[str]) -> list[str]:
    """Return levels, each once, worst first."""
    found = set(given)
    return [name for name in SEVERITY if name in found]


def faults_of(causes: Sequence[Cause]) -> list[tuple[Mapping[str, Any], Fault]]:
    """Return what is drawn of the mistakes, each finding as a fault with the number of its mistake."""
    return [
        (
            finding,
            Fault(number, status(finding), finding["message"], finding["hint"], follows=index >= len(cause.findings)),
        )
        for number, cause in enumerate(causes, 1)
        for index, finding in enumerate(cause.drawn)
    ]


def marked(finding: Mapping[str, Any]) -> list[str]:
    """Return the keys of the cells at which a finding is explained: those that are wrong, else its first."""
    return [cell["cell"] for cell in painted(finding) or finding["cells"][:1]]


def group_of(finding: Mapping[str, Any], form: Form | None) -> str:
    """Return what a finding is about: the key of a table, or cover, texts or file."""
    if form:
        tables = {table.key for table in form.tables}
        names = (finding["cells"][0]["cell"] if finding["cells"] else "", finding["at"], finding["code"])
        for name in () if finding["code"].startswith("text.") else names:
            if name.partition(".")[0] in tables:
                return str(name.partition(".")[0])
        if finding["quote"] or finding["at"] in form.narrative_keys or finding["code"].startswith("text."):
            return TEXTS
        if finding["code"].startswith("body.") or finding["at"] == "year":
            return COVER
    return FILE


def parts(document: Mapping[str, Any], causes: Sequence[Cause]) -> Iterator[Part]:
    """Yield the sections of a report in the order of the form."""
    edition = document["edition"]
    form, faults = load_form(edition), faults_of(causes)
    values, cells = _cells(document, faults)
    rings = _rings(faults)
    printed = {section.section.number: section for section in printed_sections(edition)}
    for section in form.sections:
        part = Part(section.heading)
        if section.narrative:
            part.text = document["narrative"][section.narrative]
            if part.text is not None:
                part.pieces = tuple(_pieces(section.narrative, part.text, faults))
        if section.number in printed:
            own = printed[section.number]
            for table in own.tables:
                rows = tuple(_rows(table, form, own.width, values, cells, rings))
                part.grids.append(
                    Grid(table.table.key, table.table.title, own.titled, own.width, own.label_columns, rows)
                )
        yield part


def _cells(
    document: Mapping[str, Any], faults: Sequence[tuple[Mapping[str, Any], Fault]]
) -> tuple[dict[str, Any], dict[str, list[Fault]]]:
    """Return the values of the cells by key, what a finding says of them before all, and their faults."""
    values = {
        cell_key(table, row, column): value
        for table, rows in document["tables"].items()
        for row, columns in rows.items()
        for column, value in columns.items()
    }
    cells: dict[str, list[Fault]] = {}
    for finding, fault in faults:
        likely = {cell["cell"] for cell in finding["located"]}
        for cell in finding["cells"]:
            if values.get(cell["cell"]) is None and cell["value"] is not None:
                values[cell["cell"]] = cell["value"]
        for key in likely if fault.follows else marked(finding):
            shown = replace(fault, likely=key in likely, ring=is_equation(finding) and key not in likely)
            cells.setdefault(key, []).append(shown)
    return values, cells


def _rings(faults: Sequence[tuple[Mapping[str, Any], Fault]]) -> dict[str, str]:
    """Return the level of the worst equation that does not add up for each of its cells."""
    found: dict[str, str] = {}
    for name in reversed(SEVERITY):
        for finding, fault in faults:
            if fault.level == name:
                found |= {cell["cell"]: name for cell in ringed(finding)}
    return found


def _rows(
    table: PrintedTable,
    form: Form,
    width: int,
    values: Mapping[str, Any],
    faults: Mapping[str, Sequence[Fault]],
    rings: Mapping[str, str],
) -> Iterator[tuple[Box, ...]]:
    """Yield the lines of a table under its title, each from left to right."""
    boxes: dict[tuple[int, int], Box] = {}
    for label in table.labels:
        if label.role != "title":
            boxes[label.top, label.left] = _label_box(label)
    for key, (row, column) in table.cells.items():
        value = values.get(key)
        boxes[row, column] = Box(
            "" if value is None else str(value),
            "number",
            across=table.wide.get(key, column) - column + 1,
            key=key,
            label=form.cells[key].label,
            faults=tuple(faults.get(key, ())),
            late=column * 2 >= width,
            ring=rings.get(key, ""),
        )
    for row in sorted({row for row, _ in boxes}):
        yield tuple(boxes[spot] for spot in sorted(boxes) if spot[0] == row)


def _label_box(label: Label) -> Box:
    return Box(label.text, label.role, label.bottom - label.top + 1, label.right - label.left + 1)


def _pieces(part: str, text: str, faults: Sequence[tuple[Mapping[str, Any], Fault]]) -> Iterator[Piece]:
    """Cut a text where quoted phrases begin and end; phrases may overlap."""
    spans = [
        (max(0, min(quote["start"], len(text))), max(0, min(quote["end"], len(text))), fault)
        for finding, fault in faults
        if (quote := finding["quote"]) and quote["part"] == part
    ]
    cuts = sorted({0, len(text), *(start for start, _, _ in spans), *(end for _, end, _ in spans)})
    for start, end in pairwise(cuts):
        own = tuple(fault for first, last, fault in spans if first <= start and end <= last)
        yield Piece(text[start:end], own, f"{part}-{start}" if own else "")
