"""Adds up the cells of submissions in the store, without a limit to what a sum may be; blanks are counted, not 0."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.collect import schema
from workbook.form import load_form

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from workbook.collect.rollup.additive import Additive
    from workbook.collect.rollup.decided import Adjustment
    from workbook.collect.store import Store
    from workbook.form import Form
    from workbook.report import Value
    from workbook.report.values import Number

_PART = 10**6
"""Sums are made of the millions and of the rest apart: a sum of whole columns does not fit into 64 bits."""
_TOGETHER = 500
"""Submissions whose cells are read at once."""


@dataclass(frozen=True)
class Sum:
    """What a cell adds up to.

    Args:
        value: the sum with the adjustments, a whole number, or an amount in 万元.
        blanks: reports among those counted that have no number there, or no such cell.
        units: reports that were counted.
        missing: units that are due and of which no report counts.
    """

    value: Number
    blanks: int
    units: int
    missing: int

    @property
    def is_least(self) -> bool:
        """Whether the sum may be larger, for something is blank or missing."""
        return bool(self.blanks or self.missing)

    @property
    def is_known(self) -> bool:
        """Whether any report has a number there."""
        return self.units > self.blanks

    def __str__(self) -> str:
        return f"≥ {self.value}" if self.is_least else str(self.value)


@dataclass
class Tally:
    """Sums and blanks of free cells, money as whole numbers of 10⁻⁶ 万元."""

    units: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    blanks: Counter[str] = field(default_factory=Counter)


def number(value: int, *, money: bool) -> Number:
    """Return a number of the sums as people and reports have it: money in 万元, whole where it is whole.

    >>> number(1_500_000, money=True), number(7, money=False)
    (Decimal('1.5'), 7)
    """
    if not money:
        return value
    exact = Decimal(value).scaleb(-6)
    return int(exact) if exact == exact.to_integral_value() else exact.normalize()


@cache
def parts_of(edition: str) -> Mapping[str, Mapping[str, int]]:
    """Return the free cells, with their signs, that each calculated cell of an edition is the sum of."""
    form = load_form(edition)
    found: dict[str, Mapping[str, int]] = {}
    for key in form.parts_first:
        parts: Counter[str] = Counter()
        for part, sign in form.calculated[key].right:
            for free, own in found.get(part, {part: 1}).items():
                parts[free] += sign * own
        found[key] = MappingProxyType(dict(parts))
    return MappingProxyType(found)


def free_of(form: Form, cell: str) -> Mapping[str, int]:
    """Return the free cells, with their signs, that a cell is the sum of; a free cell is that of itself."""
    return parts_of(form.edition).get(cell, {cell: 1})


def tallied(store: Store, rules: Additive, counted: Mapping[str, Sequence[int]]) -> Tally:
    """Return the sums of all cells, with the blanks of each.

    Args:
        store: where the cells are.
        rules: what adds up.
        counted: the submissions that are counted, by the edition of their form.
    """
    tally, form = Tally(), rules.form
    for edition, numbers in counted.items():
        goes = rules.taken(edition)
        sums, lacking = _columns(store, edition, list(goes), numbers)
        tally.units += len(numbers)
        for key, to in goes.items():
            tally.sums[to] += sums[key]
        sources: defaultdict[str, list[str]] = defaultdict(list)
        for key, to in goes.items():
            sources[to].append(key)
        wanted = {}
        for cell in form.cells:
            parts = [sources[free] for free in free_of(form, cell)]
            if not all(parts):
                tally.blanks[cell] += len(numbers)
                continue
            open_ones = [key for some in parts for key in some if lacking[key]]
            if len(open_ones) == 1:
                tally.blanks[cell] += lacking[open_ones[0]]
            elif open_ones:
                wanted[cell] = open_ones
        tally.blanks.update(_with_a_blank(store, edition, wanted, numbers))
    for key in form.parts_first:
        tally.sums[key] = sum(sign * tally.sums[part] for part, sign in form.calculated[key].right)
    return tally


def adjusted(tally: Tally, form: Form, adjustments: Iterable[Adjustment]) -> None:
    """Add adjustments to the sums; totals follow. One of a cell that the form does not have is passed over."""
    for each in adjustments:
        if each.cell in form.cells and each.cell not in form.calculated:
            tally.sums[each.cell] += each.amount
    for key in form.parts_first:
        tally.sums[key] = sum(sign * tally.sums[part] for part, sign in form.calculated[key].right)


def _columns(
    store: Store, edition: str, keys: Sequence[str], numbers: Sequence[int]
) -> tuple[dict[str, int], dict[str, int]]:
    """Return the sums of columns over submissions, and how many of these are blank there."""
    if not keys or not numbers:
        return dict.fromkeys(keys, 0), dict.fromkeys(keys, len(numbers))
    columns = [schema.quoted(key) for key in keys]
    asked = ", ".join(f"sum({each} / {_PART}), sum({each} % {_PART}), count({each})" for each in columns)
    query = f"SELECT {asked} FROM {schema.wide(edition)} WHERE submission IN (SELECT value FROM json_each(?))"  # noqa: S608
    row = tuple(store.db.execute(query, [json.dumps(list(numbers))]).fetchone())
    triples = zip(row[::3], row[1::3], row[2::3], strict=True)
    found = {
        key: ((high or 0) * _PART + (low or 0), count) for key, (high, low, count) in zip(keys, triples, strict=True)
    }
    return {key: one for key, (one, _) in found.items()}, {key: len(numbers) - two for key, (_, two) in found.items()}


def _with_a_blank(
    store: Store, edition: str, wanted: Mapping[str, Sequence[str]], numbers: Sequence[int]
) -> dict[str, int]:
    """Return, for each cell, in how many submissions any of some columns is blank."""
    if not wanted or not numbers:
        return {}
    asked = ", ".join(
        f"sum({' OR '.join(f'{schema.quoted(key)} IS NULL' for key in keys)})" for keys in wanted.values()
    )
    query = f"SELECT {asked} FROM {schema.wide(edition)} WHERE submission IN (SELECT value FROM json_each(?))"  # noqa: S608
    row = store.db.execute(query, [json.dumps(list(numbers))]).fetchone()
    return dict(zip(wanted, row, strict=True))


def values(
    store: Store, rules: Additive, submissions: Sequence[tuple[int, str]], keys: Collection[str] | None = None
) -> Iterator[tuple[int, dict[str, int | None]]]:
    """Yield submissions, each given with its edition, with what the sum has of their free cells.

    A cell of the sum that their form does not have, or that is blank, has ``None``. In ascending order by edition.

    Args:
        store: where the cells are.
        rules: what adds up.
        submissions: the submissions.
        keys: the free cells that are wanted; all of them unless given.
    """
    form = rules.form
    free = [key for key in form.cells if key not in form.calculated and (keys is None or key in keys)]
    for edition in sorted({edition for _, edition in submissions}):
        goes = {key: to for key, to in rules.taken(edition).items() if to in set(free)}
        numbers = sorted(number for number, own in submissions if own == edition)
        for start in range(0, len(numbers), _TOGETHER):
            for row in _rows(store, edition, list(goes), numbers[start : start + _TOGETHER]):
                found: dict[str, int | None] = dict.fromkeys(free)
                for to, value in zip(goes.values(), tuple(row)[1:], strict=True):
                    if value is not None:
                        found[to] = (found[to] or 0) + value
                yield row["submission"], found


def _rows(store: Store, edition: str, keys: Sequence[str], numbers: Sequence[int]) -> Iterator[Any]:
    names = ", ".join(["submission", *map(schema.quoted, keys)])
    marks = ", ".join("?" * len(numbers))
    query = f"SELECT {names} FROM {schema.wide(edition)} WHERE submission IN ({marks}) ORDER BY submission"  # noqa: S608
    yield from store.db.execute(query, list(numbers))


def stored(form: Form, cell: str, value: Value) -> int | None:
    """Return the whole number by which sums have a value of a report; ``None`` where it is none."""
    if not isinstance(value, int | Decimal):
        return None
    exact = value * schema.MONEY if schema.is_money(form, cell) else value
    return int(exact) if exact == int(exact) else None
