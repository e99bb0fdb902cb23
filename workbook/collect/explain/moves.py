"""All that could have gone wrong with one unit, one kind of office or one subtree, each as what it does to the sum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import log2
from typing import TYPE_CHECKING

from workbook.collect.explain.model import Move

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.collect.explain.hashing import Hashing
    from workbook.collect.explain.layout import Layout
    from workbook.collect.explain.model import Contributor, MoveKind, Vector

PRIOR: Mapping[MoveKind, float] = {
    "omitted": 2, "doubled": 3, "older": 3, "missing_counted": 3, "last_year": 4, "missing_last_year": 4,
    "class_omitted": 3, "class_doubled": 5, "subtree_omitted": 3, "subtree_doubled": 4,
    "table_omitted": 4, "table_doubled": 5, "shifted": 5, "money_unit": 4,
}  # fmt: skip
"""Bits that a kind of move costs for being rare; the simplest kind stands first and speaks for what looks the same."""
MONEY_UNIT = 10_000
"""How many 元 are one 万元."""
SEVERAL = 2
"""From how many units on a kind of office or a subtree is more than its unit."""


@dataclass(frozen=True, slots=True)
class Option:
    """A possible move with the units that it touches."""

    move: Move
    touches: frozenset[str]


@dataclass(frozen=True, slots=True)
class Group:
    """Moves that do the very same to the sum, so that nobody can tell them apart.

    Args:
        cells: what each of them does to the sum.
        options: the moves of the first kind, one a unit.
        ambiguous: whether a move of another kind on another unit does the same.
        cost: bits for its choice among all of its kind.
        digest: of the cells.
    """

    cells: Vector
    options: tuple[Option, ...]
    ambiguous: bool
    cost: float
    digest: int

    @property
    def kind(self) -> MoveKind:
        """The kind of its moves."""
        return self.options[0].move.kind


def grouped(contributors: Sequence[Contributor], layout: Layout, hashing: Hashing) -> tuple[Group, ...]:
    """Return all moves by what they do; ``contributors`` in an order of their own, so that theirs does not matter."""
    options = [option for option in _options(contributors, layout) if option.move.cells]
    many: dict[str, int] = defaultdict(int)
    same: dict[int, list[Option]] = defaultdict(list)
    for option in options:
        many[option.move.kind] += 1
        same[hashing.digest(option.move.cells)].append(option)
    return tuple(_group(digest, found, many) for digest, found in same.items())


def _group(digest: int, found: list[Option], many: Mapping[str, int]) -> Group:
    kinds = list(PRIOR)
    found.sort(key=lambda option: kinds.index(option.move.kind))
    first = found[0].move.kind
    options: dict[frozenset[str], Option] = {}
    for option in found:
        if option.move.kind == first:
            options.setdefault(option.touches, option)
    return Group(
        cells=found[0].move.cells,
        options=tuple(options.values()),
        ambiguous=any(option.touches not in options for option in found),
        cost=log2(many[first]) + PRIOR[first],
        digest=digest,
    )


def _options(contributors: Sequence[Contributor], layout: Layout) -> Iterator[Option]:
    for unit in contributors:
        for move in _of_unit(unit, layout):
            yield Option(move, frozenset((unit.unit,)))
    counted = [unit for unit in contributors if unit.counted and unit.current]
    yield from _of_money(counted, layout)
    for kind, members in _classes(counted).items():
        yield from _together(members, "class_omitted", "class_doubled", kind)
    for parent, members in _subtrees(contributors, counted).items():
        yield from _together(members, "subtree_omitted", "subtree_doubled", parent)


def _of_unit(unit: Contributor, layout: Layout) -> Iterator[Move]:
    name = (unit.unit,)
    if not unit.counted or unit.current is None:
        for label, cells in (*((("", unit.current),) if unit.current else ()), *unit.waiting, *unit.older):
            yield Move("missing_counted", name, cells, label)
        yield Move("missing_last_year", name, unit.last_year or {})
        return
    less = negative(unit.current)
    yield Move("omitted", name, less)
    yield Move("doubled", name, unit.current)
    for label, cells in (*unit.older, *unit.waiting):
        if cells:  # an empty version in its place is the same as to leave the unit out
            yield Move("older", name, added(cells, less), label)
    if unit.last_year:
        yield Move("last_year", name, added(unit.last_year, less))
    yield from _of_tables(name, unit.current, layout)


def _of_tables(name: tuple[str], current: Vector, layout: Layout) -> Iterator[Move]:
    tables: dict[str, dict[str, int]] = defaultdict(dict)
    for cell, value in current.items():
        tables[cell.partition(".")[0]][cell] = value
    for table, cells in tables.items():
        if len(tables) > 1:
            yield Move("table_omitted", name, negative(cells), table)
            yield Move("table_doubled", name, cells, table)
        for way, moved in _shifted(cells, layout.beside.get(table, {})):
            yield Move("shifted", name, added(moved, negative(cells)), f"{table}:{way}")


def _shifted(cells: Vector, right: Mapping[str, str | None]) -> Iterator[tuple[str, Vector]]:
    """Yield the numbers of a table one column further; what falls over its edge is in no free cell."""
    if right:
        left = {after: before for before, after in right.items() if after}
        yield "right", {after: value for cell, value in cells.items() if (after := right.get(cell))}
        yield "left", {before: value for cell, value in cells.items() if (before := left.get(cell))}


def _of_money(counted: Sequence[Contributor], layout: Layout) -> Iterator[Option]:
    for cell in sorted(layout.money):
        having = [unit for unit in counted if unit.current and unit.current.get(cell)]
        if len(having) >= SEVERAL:  # of a single unit nobody can tell whether the unit or the office took 元 for 万元
            for unit in having:
                more = {cell: (unit.current or {})[cell] * (MONEY_UNIT - 1)}
                yield Option(Move("money_unit", (unit.unit,), more, cell), frozenset((unit.unit,)))


def _classes(counted: Iterable[Contributor]) -> Mapping[str, list[Contributor]]:
    found: dict[str, list[Contributor]] = defaultdict(list)
    for unit in counted:
        if unit.kind:
            found[unit.kind].append(unit)
    return found


def _subtrees(contributors: Iterable[Contributor], counted: Iterable[Contributor]) -> Mapping[str, list[Contributor]]:
    above = {unit.unit: unit.parent for unit in contributors}
    found: dict[str, list[Contributor]] = defaultdict(list)
    for unit in counted:
        key: str | None = unit.unit
        seen = set()
        while key and key not in seen:  # a register of a circle is no tree, but must not hang
            seen.add(key)
            found[key].append(unit)
            key = above.get(key)
    return found


def _together(members: Sequence[Contributor], out: MoveKind, twice: MoveKind, detail: str) -> Iterator[Option]:
    if len(members) < SEVERAL:
        return
    units, total = tuple(unit.unit for unit in members), added(*(unit.current or {} for unit in members))
    yield Option(Move(out, units, negative(total), detail), frozenset(units))
    yield Option(Move(twice, units, total, detail), frozenset(units))


def added(*vectors: Vector) -> dict[str, int]:
    """Return the sum of vectors, without cells that come to nothing."""
    total: dict[str, int] = {}
    for vector in vectors:
        for cell, value in vector.items():
            total[cell] = total.get(cell, 0) + value
    return {cell: value for cell, value in total.items() if value}


def less(vector: Vector, taken: Vector) -> dict[str, int]:
    """Return a vector less another."""
    return added(vector, negative(taken))


def negative(vector: Vector) -> dict[str, int]:
    """Return a vector with every sign turned."""
    return {cell: -value for cell, value in vector.items()}
