"""Rows with more or fewer cells than columns: placed by the rules of the table, or not at all.

In a page, a Word document or a text a cell stands in a column only because of those before it. Where one is missing or
there twice, every cell may have moved; so each way in which the row can have come about is tried against the rules, and
a number is taken only where all ways that are left have it in the same column.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from workbook.checks.prior_year import is_last_year
from workbook.report import CellValue, Finding, Report, make_finding
from workbook.report.findings import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.report import LooseRow, Number, Place, Value

_MOST = 2
"""Cells that a row may lack, or have too many, and still be tried."""

Sum = tuple[tuple[tuple[str, int], ...], "Number"]
"""Signed cells and a number that together are 0."""
Way = list["int | None"]
"""For each column of a row the cell that stands in it; ``None`` where the row lacks one."""


def settle(report: Report, previous: Report | None = None) -> Report:
    """Return a report whose loose rows are placed where the rules leave one way only; each of them is told.

    Args:
        report: the report, of whose rows the others are whole.
        previous: the report of the year before, from which a row may take over its numbers.
    """
    sums = list(_sums(report, previous))
    for row in report.loose:
        placed = _placed(report, row, sums)
        cells = {key: row.cells[at] for key, at in placed.items()}
        told = {(code, row.at) for code in ("table.row_uneven", "table.row_placed")}
        whole = len(placed) == len(row.keys)
        report = replace(
            report,
            cells={**report.cells, **{key: value for key, (value, _) in cells.items()}},
            places={**report.places, **{key: place for key, (_, place) in cells.items()}},
            reader_findings=(
                *(item for item in report.reader_findings if item.identity not in told),
                _finding(report, row, cells),
            ),
            loose=tuple(other for other in report.loose if other is not row or not whole),
        )
    return report


def _sums(report: Report, previous: Report | None) -> Iterator[Sum]:
    """Yield the rules of the tables, and what is taken over from last year's report."""
    for equation in report.form.equations():
        if equation.exact:
            yield equation.terms, 0
    for opening in report.form.opening_equations if previous and is_last_year(report, previous) else ():
        last = [_number(previous.cells.get(key)) for key, _ in opening.last_year] if previous else []
        if None not in last:
            taken = sum(number * sign for number, (_, sign) in zip(last, opening.last_year, strict=True) if number)
            yield ((opening.cell, 1), *((key, -sign) for key, sign in opening.this_year)), -taken


def _number(value: Value) -> Number | None:
    return value if isinstance(value, int | Decimal) else None


def _placed(report: Report, row: LooseRow, sums: Sequence[Sum]) -> dict[str, int]:
    """Return the cell of a row for each of its keys that has the same number in every way that breaks no rule."""
    keys = set(row.keys)
    known = {key: number for key, value in report.cells.items() if (number := _number(value)) is not None}
    known = {key: number for key, number in known.items() if key not in keys}
    own = [each for each in sums if any(key in keys for key, _ in each[0])]
    if not any(all(key in keys or key in known for key, _ in terms) for terms, _ in own):
        return {}  # no rule can judge
    found = [
        (way, values)
        for way in _ways(len(row.keys), len(row.cells))
        if (values := _values(report, row, way, known, own)) is not None
    ]
    if len(row.keys) == len(row.cells) and (not found or found[0][0] != list(range(len(row.keys)))):
        return {}  # not even as they stand do they fit: something else is wrong
    placed: dict[str, int] = {}
    for column, key in enumerate(row.keys):
        numbers = {values.get(key) for _, values in found}
        cells = [at for way, _ in found if (at := way[column]) is not None]
        if len(numbers) == 1 and None not in numbers and cells:
            placed[key] = cells[0]
    return placed


def _ways(columns: int, cells: int) -> Iterator[Way]:
    """Yield the ways in which cells may stand in columns, in their order: some lacking, or some there twice."""
    lacking, surplus = max(columns - cells, 0), max(cells - columns, 0)
    if lacking > _MOST or surplus > _MOST:
        return
    if columns == cells:
        yield list(range(columns))
        lacking = surplus = 1
    for dropped in combinations(range(cells), surplus):
        kept = [at for at in range(cells) if at not in dropped]
        for gaps in combinations(range(columns), lacking):
            rest = iter(kept)
            yield [None if column in gaps else next(rest) for column in range(columns)]


def _values(
    report: Report, row: LooseRow, way: Way, known: Mapping[str, Number], sums: Sequence[Sum]
) -> dict[str, Number] | None:
    """Return the numbers of a row in one way, those that it lacks as the rules give them; ``None`` if one is broken.

    A blank cell counts as 0, as it does in the rules.
    """
    values = {key: _number(row.cells[at][0]) or 0 for key, at in zip(row.keys, way, strict=True) if at is not None}
    waiting, solved = list(sums), True
    while solved:
        solved = False
        for each in list(waiting):
            terms, rest = each
            unknown = []
            for key, sign in terms:
                number = values.get(key, known.get(key))
                if number is None:
                    unknown.append((key, sign))
                else:
                    rest += number * sign
            if not unknown and rest:
                return None
            if len(unknown) <= 1:
                waiting.remove(each)
            if len(unknown) == 1 and unknown[0][0] in row.keys:
                (key, sign) = unknown[0]
                values[key], solved = -rest * sign, True
                if not _possible(report, key, values[key]):
                    return None
    return values


def _possible(report: Report, key: str, value: Number) -> bool:
    kind = report.form.cells[key].kind
    return kind.minimum <= value <= kind.maximum and round(value, kind.decimals) == value


def _finding(report: Report, row: LooseRow, cells: Mapping[str, tuple[Value, Place]]) -> Finding:
    """Return what is said of a row: its cells in their order, or where they were put."""
    form = report.form
    words = {
        "table": form.table(row.at.partition(".")[0]).title,
        "line": row.label,
        "count": str(len(row.cells)),
        "columns": str(len(row.keys)),
        "sheet": row.cells[0][1].sheet,
        "address": row.cells[0][1].address,
    }
    if not cells:
        numbers = "、".join(show(value) for value, _ in row.cells)
        return make_finding("table.row_uneven", row.at, numbers=numbers, **words)
    taken = tuple(
        CellValue(key, form.cells[key].label, value, report.places.get(key)) for key, (value, _) in cells.items()
    )
    placed = "、".join(
        f"{form.cells[key].column.label} {show(cells[key][0]) if key in cells else '没有读取'}" for key in row.keys
    )
    return make_finding("table.row_placed", row.at, taken, placed=placed, **words)
