"""How much a hit proves, in bits: how unlikely it is that just this number differs in just this cell by chance.

Exact hits only: a number that is nearly right earns nothing. By chance a cell differs the more easily the more cells
differ at all and the more units have something in it, and by a number the more easily the smaller it is and the more
units have it there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import log2
from typing import TYPE_CHECKING

from workbook.collect.explain.moves import added, less

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from workbook.collect.explain.layout import Layout
    from workbook.collect.explain.model import Contributor, Vector
    from workbook.collect.explain.moves import Group

BROKEN, MISSED = 8.0, 4.0
"""Bits lost by a cell that would differ and does not, and by one that differs by something else."""
MOST = 12.0
"""Bits that one cell can earn, so that no single one convinces."""


class Evidence:
    """Weighs moves against a residual."""

    def __init__(self, residual: Vector, contributors: Iterable[Contributor], layout: Layout) -> None:
        self.residual = residual
        self._layout = layout
        self._having: dict[str, Counter[int]] = defaultdict(Counter)
        for unit in contributors:
            for cell, value in (unit.current or {}).items():
                self._having[cell][abs(value)] += 1
        self._units = {cell: sum(found.values()) for cell, found in self._having.items()}
        self._all = sum(self._units.values()) or 1
        self._known: dict[tuple[str, int], float] = {}

    def bits(self, cell: str, value: int) -> float:
        """Return what a hit of that difference in that cell proves."""
        found = self._known.get((cell, value))
        if found is None:
            found = self._known[cell, value] = self._bits(cell, abs(value))
        return found

    def _bits(self, cell: str, value: int) -> float:
        units, cells = self._units.get(cell, 0), len(self._layout.cells)
        where = len(self.residual) * (units / self._all + 1 / cells) / 2
        others = max(0, self._having[cell][value] - 1) if units else 0
        what = (others + 2 ** -size(value, money=cell in self._layout.money)) / max(1, units)
        return max(0.0, -log2(min(1.0, where)) - log2(min(1.0, what)))

    def of(self, chosen: Sequence[Group], residual: Vector | None = None) -> float:
        """Return the bits for moves together, less what they cost; beside a residual that others leave, if given."""
        wanted = self.residual if residual is None else residual
        cells = chosen[0].cells if len(chosen) == 1 else added(*(group.cells for group in chosen))
        most = float("inf") if any(group.kind == "money_unit" for group in chosen) else MOST
        total = -sum(group.cost for group in chosen)
        best: dict[int, float] = {}
        for cell, value in cells.items():
            there = wanted.get(cell, 0)
            if there == value:
                earned = min(self.bits(cell, value), most if cell in self._layout.money else MOST)
                total += earned
                rule = self._layout.balances.get(cell)
                if rule is not None and earned > best.get(rule, 0.0):
                    best[rule] = earned
            else:
                total -= MISSED if there else BROKEN
        return total - sum(best.values())  # of each balance one number follows from the others

    def own(self, chosen: Sequence[Group], at: int) -> float:
        """Return the bits for one of several moves in what the others leave."""
        others = [group.cells for place, group in enumerate(chosen) if place != at]
        return self.of((chosen[at],), less(self.residual, added(*others)))


def size(value: int, *, money: bool) -> float:
    """Return how many bits a number takes to write down with its sign, trailing zeros of money not counted.

    >>> size(1, money=False), size(100, money=False), size(1_000_000, money=True)
    (2, 13, 2)
    """
    while money and value and value % 10 == 0:
        value //= 10
    digits = max(1, value).bit_length() - 1
    return digits + 2 * ((digits + 1).bit_length() - 1) + 2
