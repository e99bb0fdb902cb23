"""Rows and columns with numbers that are no row or column of the form by their labels: placed where that is sure.

A row whose label is cut stands in the form's order between two that are known. It is taken for the one that the form
has there only where the rules of the table judge every number of it, and hold. One row for several of the form says
nothing of each, but that all are 0 where it is 0. Whatever cannot be placed is told with its numbers, once.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.form import cell_key
from workbook.match.heads import lines
from workbook.match.labels import forms, own, wanted
from workbook.match.rows import is_blank, is_number, is_text, once
from workbook.records import dataclass
from workbook.report import CellValue, make_finding
from workbook.report.findings import show
from workbook.report.notation import reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.form import Form, Line, Table
    from workbook.match.grid import Cell
    from workbook.match.rows import Row
    from workbook.match.tables import Found
    from workbook.report import Finding, Place, Value


_DEEP = 2
"""Rows between the title of a table and its first number."""

Cells = tuple["Cell | None", ...]
Held = tuple[str, Cells, tuple["Cell", ...]]
"""A row of the grid: its label, its cell for each column of the form, and all that it holds."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A row (or column) of the grid that no label places.

    ``lines`` are those of the form that stand nowhere else and may be it; ``cells`` gives its cell for each column (or
    row) of the form, nothing where they cannot be told apart; ``numbers`` is all that it holds.
    """

    table: Table
    label: str
    lines: tuple[Line, ...]
    cells: Cells
    numbers: tuple[Cell, ...]
    across: bool = True
    """Whether it is a row."""
    above: Line | None = None
    """Of a row without any label the row above, under whose label its numbers may stand."""

    def keys(self, line: Line) -> list[str]:
        """Return the cells of a line of the form."""
        if self.across:
            return [cell_key(self.table.key, line.key, column.key) for column in self.table.columns]
        return [cell_key(self.table.key, row.key, line.key) for row in self.table.rows]


def settle(
    form: Form, strays: Sequence[Stray], cells: dict[str, Value], places: dict[str, Place], *, own: bool = False
) -> Iterator[Finding]:
    """Place what surely has a place; yield what is said of each. On the kit's ``own`` sheets a text is no number."""
    if own:
        strays = [replace(one, cells=()) if any(map(_is_written, one.numbers)) else one for one in strays]
    for stray in strays:
        if not stray.lines:
            told = _told(form, stray, "table.row_extra", {})
        elif len(stray.lines) == 1 and _lone(stray, strays):
            told = _single(form, stray, cells, places)
        else:
            told = _merged(form, stray, cells, places)
        yield told
        if stray.above and told.level == "error":
            at, words = f"{stray.table.key}.{stray.above.key}", {"table": stray.table.title, "line": stray.above.label}
            held = "、".join(show(cells[key]) for key in stray.keys(stray.above))
            cells.update(dict.fromkeys(stray.keys(stray.above)))
            yield make_finding("table.unsure", at, numbers=held, **words)


def _is_written(cell: Cell) -> bool:
    """Say whether a cell holds a text, be it of digits."""
    return isinstance(cell.value, str)


def _values(form: Form, stray: Stray, line: Line) -> dict[str, Value]:
    """Return what a stray says as a line of the form; nothing where its cells cannot be told apart."""
    pairs = zip(stray.keys(line), stray.cells, strict=False)
    found = {key: reading(cell.value, form.cells[key].kind.unit).value for key, cell in pairs if cell}
    return found if len(found) == len(stray.keys(line)) else {}


def _lone(stray: Stray, strays: Sequence[Stray]) -> bool:
    """Say whether no other row may be the same line of the form."""
    return sum(other.lines == stray.lines and other.across == stray.across for other in strays) == 1


def _single(form: Form, stray: Stray, cells: dict[str, Value], places: dict[str, Place]) -> Finding:
    """Place a row or a column that may be one line of the form only, if the rules hold so."""
    (line,) = stray.lines
    values = _values(form, stray, line)
    if not values or not holds(form, {**cells, **values}, values):
        return _told(form, stray, "table.row_unplaced" if stray.across else "table.column_unplaced", {})
    _put(stray, line, values, cells, places)
    return _told(form, stray, "table.line_placed", values)


def _merged(form: Form, stray: Stray, cells: dict[str, Value], places: dict[str, Place]) -> Finding:
    """Put 0 where a row for several of the form is 0."""
    if not stray.across or not _is_group(stray.table, stray.lines, stray.label):
        return _told(form, stray, "table.row_unplaced" if stray.across else "table.column_unplaced", {})
    for line in stray.lines:
        values = {key: value for key, value in _values(form, stray, line).items() if value == 0}
        _put(stray, line, values, cells, places)
    zero = all(cells[key] == 0 for line in stray.lines for key in stray.keys(line))
    return _told(form, stray, "table.rows_zero" if zero else "table.row_merged", {})


def _is_group(table: Table, lines: Sequence[Line], label: str) -> bool:
    """Say whether some rows are all those of a group, and a label is that of the group."""
    return bool(lines) and list(lines) == _group(table, label)


def _group(table: Table, label: str) -> list[Line]:
    """Return the rows of the group that a label names."""
    words = forms(label)
    return [row for row in table.rows if row.under and not words.isdisjoint(wanted(row.under[-1]))]


def _put(
    stray: Stray, line: Line, values: Mapping[str, Value], cells: dict[str, Value], places: dict[str, Place]
) -> None:
    for key, cell in zip(stray.keys(line), stray.cells, strict=False):
        if cell and key in values:
            cells[key], places[key] = values[key], cell.place


def holds(form: Form, cells: Mapping[str, Value], values: Mapping[str, Value]) -> bool:
    """Say whether the rules judge each of some cells, and none of them is broken."""
    judged: set[str] = set()
    for equation in form.equations():
        keys = [key for key, _ in equation.terms]
        if equation.exact and not values.keys().isdisjoint(keys):
            numbers = [(cells[key], sign) for key, sign in equation.terms]
            if any(not isinstance(value, int | Decimal) for value, _ in numbers):
                return False
            if sum(value * sign for value, sign in numbers if isinstance(value, int | Decimal)):
                return False
            judged.update(keys)
    return values.keys() <= judged


def sole(form: Form, places: Sequence[Found]) -> Found | None:
    """Return the only one of several lines of numbers under the same heads with which the rules hold.

    The others are its strays. ``None`` where that is not sure, or where they have heads of their own.
    """
    heads = {(id(place.grid), place.line and place.line[1]) for place in places}
    if len(heads) > 1 or any(place.line is None or not place.line[2] for place in places):
        return None
    fitting = [place for place in places if not place.unsure and not place.loose and _fits(form, place)]
    if len(fitting) != 1:
        return None
    others = (place.line for place in places if place is not fitting[0])
    strays = [Stray(fitting[0].table, line[0], (), (), line[2]) for line in others if line]
    return replace(fitting[0], strays=(*strays, *(stray for place in places for stray in place.strays)))


def _fits(form: Form, place: Found) -> bool:
    """Say whether the rules hold with the numbers of a line."""
    read = {key: reading(cell.value, form.cells[key].kind.unit).value for key, cell in place.cells.items() if cell}
    return holds(form, {**dict.fromkeys(form.cells), **read}, read)


def _told(form: Form, stray: Stray, code: str, values: Mapping[str, Value]) -> Finding:
    lines = "、".join(f"“{line.label}”" for line in stray.lines)
    first = stray.numbers[0].place
    words = {
        "table": stray.table.title,
        "label": stray.label or "（空白）",
        "label_en": stray.label or "(blank)",
        "lines": lines,
        "numbers": numbers(stray.numbers),
        "sheet": first.sheet,
        "address": first.address,
    }
    at = f"{stray.table.key}.{stray.lines[0].key}" if stray.lines else stray.table.key
    keys = [key for line in stray.lines for key in stray.keys(line)]
    named = tuple(CellValue(key, form.cells[key].label, values.get(key)) for key in keys)
    return make_finding(code, at, named, **words)


def numbers(cells: Sequence[Cell]) -> str:
    """Say what some cells hold, in their order."""
    return "、".join(show(reading(cell.value, None).value) for cell in cells)


def filled(cells: Sequence[Cell | None]) -> tuple[Cell, ...]:
    """Return the cells that hold something, if a number is among them."""
    found = tuple(cell for cell in cells if cell and not is_blank(cell))
    return found if any(map(is_number, found)) else ()


def between(table: Table, missing: Sequence[Line], rows: Sequence[Held], above: Line | None) -> Iterator[Stray]:
    """Yield the rows of the grid between two that are known, with the lines of the form that each may be.

    Args:
        table: the table.
        missing: the rows that the form has there, in its order.
        rows: those that the grid has there.
        above: the row of the form that stands above them.
    """
    labels = [label for label, _, _ in rows]
    open_lines = list(missing)
    groups: dict[int, list[Line]] = {}
    for at, label in enumerate(labels):
        group = _group(table, label)
        if len(group) > 1 and labels.count(label) == 1 and all(line in open_lines for line in group):
            groups[at] = group
            open_lines = [line for line in open_lines if line not in group]
    for at, (label, cells, held) in enumerate(rows):
        before = above if not at and not label and open_lines else None
        yield Stray(table, label, tuple(groups.get(at, open_lines)), cells, held, above=before)


def of_table(table: Table, rows: Sequence[Row], used: set[int]) -> Iterator[tuple[str, tuple[Cell, ...]]]:
    """Yield label and numbers of the rows of a table that was not recognised: by their labels, or below its title.

    Args:
        table: the table.
        rows: those of a grid.
        used: the cells that other tables have.
    """
    below = 0
    for row in rows:
        titled = any(not forms(cell.text).isdisjoint(own(table.title)) for cell in row.cells)
        below = _DEEP + len(table.rows) if titled else below - 1
        if below <= 0 and not any(lines(table.rows, words) for words in row.words.values()):
            continue
        cells = filled(behind(row))
        if cells and used.isdisjoint(map(id, cells)):
            yield next((cell.text for cell in reversed(row.cells) if is_text(cell)), ""), cells
        elif below > 0 and any(id(cell) in used for cell in row.cells):
            below = 0


def behind(row: Row) -> list[Cell]:
    """Return the cells of a row behind its label, those that span several columns once."""
    last = max((at for at, cell in enumerate(row.cells) if is_text(cell)), default=-1)
    return once(row.cells[last + 1 :])
