"""The explanation of a residual: what is sure is said, and of the rest who contributes most."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from heapq import nsmallest
from typing import TYPE_CHECKING

from workbook.collect.explain.evidence import Evidence, Usual
from workbook.collect.explain.faults import faults
from workbook.collect.explain.hashing import Hashing
from workbook.collect.explain.layout import layout
from workbook.collect.explain.model import Explanation, Move
from workbook.collect.explain.moves import added, grouped, less
from workbook.collect.explain.search import Index, Search, best_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    return Explainer(contributors, form, adjustments=adjustments).explain(residual, most_moves=most_moves)


class Explainer:
    """The units of a sum, made ready to explain one residual after another; see ``explain``."""

    def __init__(self, contributors: Sequence[Contributor], form: Form, *, adjustments: Vector | None = None) -> None:
        self._layout = layout(form)
        self._free = frozenset(self._layout.cells)
        self._units = sorted((_clean(unit, self._free) for unit in contributors), key=lambda unit: unit.unit)
        self._hashing = Hashing(self._layout.cells)
        self._usual = Usual(self._units)
        self._index = Index(grouped(self._units, self._layout, self._hashing))
        self._currents = {unit.unit: unit.current or {} for unit in self._units if unit.counted}
        self._sum = added(*self._currents.values(), _cleaned(adjustments or {}, self._free))
        self._having: dict[str, list[tuple[str, int]]] = defaultdict(list)
        for unit, cells in self._currents.items():
            for cell, value in cells.items():
                self._having[cell].append((unit, value))

    def explain(self, residual: Vector, *, most_moves: int = MOVES) -> Explanation:
        """Explain why a filed report differs from the sum."""
        wanted = _cleaned(residual, self._free)
        if not wanted:
            return Explanation({})
        evidence = Evidence(wanted, self._usual, self._layout)
        search = Search(self._index, evidence, self._hashing.digest(wanted))
        moves, bits, lead = _sure(search, evidence, most_moves, self._currents)
        effects = [move.cells for move in moves]
        left = less(wanted, added(*effects))
        few = len(left) <= CELLS
        return Explanation(
            residual=wanted,
            moves=moves,
            cells=faults(left, added(self._sum, *effects), self._units, self._layout) if few else (),
            bits=round(bits, 1),
            lead=round(lead, 1),
            spoken=bool(moves),
            left=left,
            top={cell: self._top(cell) for cell in self._layout.cells if cell in wanted},
        )

    def _top(self, cell: str) -> tuple[tuple[str, int], ...]:
        return tuple(nsmallest(TOP, self._having.get(cell, ()), key=lambda item: (-abs(item[1]), item[0])))


def _sure(
    search: Search, evidence: Evidence, most: int, currents: Mapping[str, Vector]
) -> tuple[tuple[Move, ...], float, float]:
    """Return the moves that are said, the bits of the best explanation, and the least lead of its moves."""
    found = search.explanations(most)
    best = best_of(found)
    others = {chosen: bits for chosen, bits in found.items() if not search.same(chosen, best)}
    leads = {number: found[best] - _without(number, best.count(number), others) for number in best}
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
    if not said or _contradicted(chosen, evidence.residual, currents):
        return (), found[best], lead
    own = {id(group): evidence.own(chosen, at) for at, group in enumerate(chosen)}
    return _moves(chosen, own), evidence.of(chosen), lead


def _contradicted(chosen: Sequence[Group], residual: Vector, currents: Mapping[str, Vector]) -> bool:
    """Say whether too much is left for the moves to be the whole story, or one unit of many may be none of it."""
    effect = added(*(group.cells for group in chosen))
    left = less(residual, effect)
    wrong = sum(cell in left for cell in effect)
    if wrong > CELLS or len(left) > max(CELLS, (len(effect) - wrong) / 3):
        return True
    many = [unit for group in chosen for option in group.options if len(option.touches) > 1 for unit in option.touches]
    return any(currents[unit] and currents[unit].keys() <= left.keys() for unit in many)


def _without(number: int, times: int, found: Mapping[Chosen, float]) -> float:
    return max(bits for chosen, bits in found.items() if chosen.count(number) < times)


def _tellable(group: Group, times: int) -> bool:
    """Say whether it can be said who it was: all of those that look the same, or one of three."""
    if group.ambiguous:
        return False
    return times == len(group.options) or (times == 1 and len(group.options) <= ALIKE)


def _moves(chosen: Sequence[Group], own: Mapping[int, float]) -> tuple[Move, ...]:
    """Return the moves in words: a group that stands as often as it has units is each of them."""
    moves: list[Move] = []
    for of in {id(group): group for group in chosen}.values():
        options = [replace(option.move, bits=round(own[id(of)], 1)) for option in of.options]
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
    cells = added(out.cells, twice.cells)
    return (Move("exchanged", (*out.units, *twice.units), cells, bits=min(out.bits, twice.bits)),)


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
