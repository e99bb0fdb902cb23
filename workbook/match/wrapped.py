"""Numbers that stand on several lines of a cell: one that was wrapped, or several; the rules of the tables decide.

A narrow cell breaks 3440 into 344 and 0. Nothing in the file says whether that is one number. Joined or separate, a
reading is taken only where every equation in which such cells stand leaves no other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.report import CellValue, Finding, Report, make_finding
from workbook.report.findings import show
from workbook.report.notation import is_wrapped, reading

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.report import Number

_MOST = 40
"""Cells with several readings that hang together and are still tried."""
_STEPS = 20_000
"""Readings that are tried of cells that hang together."""

Options = dict[str, "list[Number]"]
"""The readings of each cell, the joined one first."""
Sum = tuple[tuple[tuple[str, int], ...], "Number"]
"""Signed cells and a number that together are 0."""


def unwrap(report: Report) -> Report:
    """Return a report whose wrapped numbers are read where the rules leave one reading only; each of them is told."""
    options = {key: found for key, value in report.cells.items() if (found := _options(report, key, value))}
    if not options:
        return report
    decided = _decided(options, list(_sums(report, options)))
    return replace(
        report,
        cells={**report.cells, **dict.fromkeys(options), **decided},
        reader_findings=(*report.reader_findings, *(_finding(report, key, options, decided) for key in options)),
    )


def _options(report: Report, key: str, value: object) -> list[Number]:
    """Return what a cell may be read as: its lines joined, or one of them; nothing where it is not wrapped."""
    if not isinstance(value, str) or not is_wrapped(value):
        return []
    unit = report.form.cells[key].kind.unit
    numbers = [reading(text, unit).value for text in ("".join(value.split()), *value.split())]
    found = [number for number in numbers if isinstance(number, int | Decimal)]
    return list(dict.fromkeys(found)) if isinstance(numbers[0], int | Decimal) else []


def _sums(report: Report, options: Options) -> Iterator[Sum]:
    """Yield the equations in which all is known but wrapped cells: their terms, and the sum of what is known."""
    for equation in report.form.equations():
        own = tuple((key, sign) for key, sign in equation.terms if key in options)
        rest = [(report.cells[key], sign) for key, sign in equation.terms if key not in options]
        if equation.exact and own and all(isinstance(value, int | Decimal) for value, _ in rest):
            yield own, sum(value * sign for value, sign in rest if isinstance(value, int | Decimal))


def _decided(options: Options, sums: Sequence[Sum]) -> dict[str, Number]:
    """Return the reading of each cell that is the same in all ways in which the equations hold."""
    decided: dict[str, Number] = {}
    for group in _groups(sums):
        keys = list(dict.fromkeys(key for terms, _ in group for key, _ in terms))
        ways = _ways(keys, options, group) if len(keys) <= _MOST else []
        for key in keys:
            readings = {way[key] for way in ways}
            if len(readings) == 1:
                (decided[key],) = readings
    return decided


def _groups(sums: Sequence[Sum]) -> Iterator[list[Sum]]:
    """Yield the equations that hang together by wrapped cells."""
    by_key: defaultdict[str, list[Sum]] = defaultdict(list)
    for each in sums:
        for key, _ in each[0]:
            by_key[key].append(each)
    seen: set[int] = set()
    for first in sums:
        waiting, group = [first], []
        while waiting:
            each = waiting.pop(0)
            if id(each) not in seen:
                seen.add(id(each))
                group.append(each)
                waiting += [other for key, _ in each[0] for other in by_key[key] if id(other) not in seen]
        if group:
            yield group


def _ways(keys: Sequence[str], options: Options, sums: Sequence[Sum]) -> list[dict[str, Number]]:
    """Return all ways in which the equations hold; none where there are too many to try."""
    last = {id(each): max(keys.index(key) for key, _ in each[0]) for each in sums}
    ends = [[each for each in sums if last[id(each)] == at] for at in range(len(keys))]
    ways: list[dict[str, Number]] = [{}]
    steps = 0
    for at, key in enumerate(keys):
        tried = [{**way, key: number} for way in ways for number in options[key]]
        steps += len(tried)
        if steps > _STEPS:
            return []
        ways = [way for way in tried if all(_holds(way, each) for each in ends[at])]
    return ways


def _holds(way: Mapping[str, Number], each: Sum) -> bool:
    terms, known = each
    return not known + sum(way[key] * sign for key, sign in terms)


def _finding(report: Report, key: str, options: Options, decided: Mapping[str, Number]) -> Finding:
    value = decided.get(key)
    written = "、".join(str(report.cells[key]).split())
    at = CellValue(key, report.form.cells[key].label, value, report.places.get(key))
    if value is None:
        return make_finding("cell.wrapped_open", key, (at,), None, written=written, joined=show(options[key][0]))
    return make_finding("cell.wrapped", key, (at,), value, written=written, taken=show(value))
