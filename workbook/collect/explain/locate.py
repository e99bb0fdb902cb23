"""The explanation of a residual: what is sure is said, and of the rest who contributes most."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.collect.explain.evidence import Evidence
from workbook.collect.explain.faults import faults
from workbook.collect.explain.hashing import Hashing
from workbook.collect.explain.layout import layout
from workbook.collect.explain.model import Explanation, Move
from workbook.collect.explain.moves import added, grouped, less
from workbook.collect.explain.search import Search

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook.collect.explain.model import Contributor, Vector
    from workbook.collect.explain.moves import Group
    from workbook.collect.explain.search import Chosen
    from workbook.form import Form

ENOUGH, LEAD = 20.0, 6.0
"""Bits from which a move is said, and by which it must lead what would do without it."""
ALIKE = 3
"""Of so many units at most one is said to be it."""
CELLS = 3
"""So many cells may be wrong by themselves."""
MOVES = 3
TOP = 5


def explain(
    residual: Vector,
    contributors: Sequence[Contributor],
    form: Form,
    *,
    adjustments: Vector | None = None,
    most_moves: int = MOVES,
) -> Explanation:
    """Explain why a filed report differs from the own sum.

    Args:
        residual: filed less own sum; free cells of the form, those that differ. Other keys are left alone.
        contributors: the units below the office, in any order.
        form: the form of all vectors.
        adjustments: what was declared beside the units and is in the own sum.
        most_moves: how many moves at most explain it together.

    Returns:
        What is sure: moves of at least 20 bits each that lead by 6, and single wrong cells where at most three are
        left. The largest contributors of each differing cell are always there.
    """
    plan = layout(form)
    free = frozenset(plan.cells)
    wanted = _cleaned(residual, free)
    units = sorted((_clean(unit, free) for unit in contributors), key=lambda unit: unit.unit)
    if not wanted:
        return Explanation({})
    hashing = Hashing(plan.cells)
    evidence = Evidence(wanted, units, plan)
    search = Search(grouped(units, plan, hashing), evidence, hashing.digest(wanted))
    moves, bits, lead = _sure(search, evidence, most_moves)
    left = less(wanted, added(*(move.cells for move in moves)))
    total = added(*(unit.current or {} for unit in units if unit.counted), adjustments or {})
    expected = added(total, *(move.cells for move in moves))
    return Explanation(
        residual=wanted,
        moves=moves,
        cells=faults(left, expected, units, plan) if len(left) <= CELLS else (),
        bits=round(bits, 1),
        lead=round(lead, 1),
        spoken=bool(moves),
        left=left,
        top={cell: _top(cell, units) for cell in plan.cells if cell in wanted},
    )


def _sure(search: Search, evidence: Evidence, most: int) -> tuple[tuple[Move, ...], float, float]:
    """Return the moves that are said, the bits of the best explanation, and the least lead of its moves."""
    found = search.explanations(most)
    best = max(sorted(found, key=lambda chosen: (len(chosen), chosen)), key=found.__getitem__)
    leads = {number: found[best] - _without(number, best.count(number), found) for number in best}
    said = tuple(
        number
        for number in best
        if leads[number] >= LEAD and _tellable(search.groups((number,))[0], best.count(number))
    )
    while said:
        chosen = search.groups(said)
        enough = tuple(number for at, number in enumerate(said) if evidence.own(chosen, at) >= ENOUGH)
        if enough == said:
            break
        said = enough
    lead = min(leads.values(), default=0.0)
    chosen = search.groups(said)
    left = less(evidence.residual, added(*(group.cells for group in chosen)))
    hits = len(evidence.residual) - len(left)
    if not said or len(left) > max(CELLS, hits / 3):
        return (), found[best], lead
    return _moves(chosen), evidence.of(chosen), lead


def _without(number: int, times: int, found: Mapping[Chosen, float]) -> float:
    return max(bits for chosen, bits in found.items() if chosen.count(number) < times)


def _tellable(group: Group, times: int) -> bool:
    """Say whether it can be said who it was: all of those that look the same, or one of three."""
    if group.ambiguous:
        return False
    return times == len(group.options) or (times == 1 and len(group.options) <= ALIKE)


def _moves(chosen: Sequence[Group]) -> tuple[Move, ...]:
    """Return the moves in words: a group that stands as often as it has units is each of them."""
    moves: list[Move] = []
    for group in dict.fromkeys(map(id, chosen)):
        of = next(item for item in chosen if id(item) == group)
        options = [option.move for option in of.options]
        if sum(item is of for item in chosen) == len(options):
            moves += options
        else:
            moves.append(replace(options[0], alternatives=tuple(other.units for other in options[1:])))
    return _exchanged(moves)


def _exchanged(moves: Sequence[Move]) -> tuple[Move, ...]:
    """Return one unit left out and one counted twice as one move: the second stands in the place of the first."""
    kinds = sorted(move.kind for move in moves)
    if kinds != ["doubled", "omitted"] or any(move.alternatives for move in moves):
        return tuple(moves)
    out, twice = sorted(moves, key=lambda move: move.kind, reverse=True)
    return (Move("exchanged", (*out.units, *twice.units), added(out.cells, twice.cells)),)


def _cleaned(vector: Vector, free: frozenset[str]) -> Vector:
    return {cell: value for cell, value in vector.items() if value and cell in free}


def _clean(unit: Contributor, free: frozenset[str]) -> Contributor:
    return replace(
        unit,
        current=None if unit.current is None else _cleaned(unit.current, free),
        last_year=None if unit.last_year is None else _cleaned(unit.last_year, free),
        older=tuple((label, _cleaned(cells, free)) for label, cells in unit.older),
        waiting=tuple((label, _cleaned(cells, free)) for label, cells in unit.waiting),
    )


def _top(cell: str, units: Iterable[Contributor]) -> tuple[tuple[str, int], ...]:
    having = [(unit.unit, value) for unit in units if unit.counted and (value := (unit.current or {}).get(cell, 0))]
    return tuple(sorted(having, key=lambda item: (-abs(item[1]), item[0]))[:TOP])
