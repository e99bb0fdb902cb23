"""The search for the moves that explain a residual: exact ones by their digests, noisy ones by a beam."""

from __future__ import annotations

from collections import defaultdict
from heapq import nlargest
from typing import TYPE_CHECKING

from workbook.collect.explain.hashing import PRIME
from workbook.collect.explain.moves import added, less

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.collect.explain.evidence import Evidence
    from workbook.collect.explain.model import Vector
    from workbook.collect.explain.moves import Group

WIDE = 12
"""How many beginnings are followed at a time, and how many moves are tried behind each."""

Chosen = tuple[int, ...]
"""Numbers of groups, sorted; one stands twice where two of its moves were made."""


class Search:
    """Finds sets of moves and weighs them."""

    def __init__(self, groups: Sequence[Group], evidence: Evidence, digest: int) -> None:
        self._groups, self._evidence, self._digest = groups, evidence, digest
        self._hits: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, group in enumerate(groups):
            for item in group.cells.items():
                self._hits[item].append(number)

    def explanations(self, most: int) -> Mapping[Chosen, float]:
        """Return sets of up to ``most`` moves that were tried, each with its bits; nothing at all has 0."""
        found: dict[Chosen, float] = {(): 0.0}
        for chosen in self._exact(most):
            self._weigh(chosen, found)
        beam: list[Chosen] = [()]
        for _ in range(most):
            tried = {tuple(sorted((*chosen, number))) for chosen in beam for number in self._proposed(chosen)}
            possible = [chosen for chosen in tried if self._weigh(chosen, found)]
            beam = nlargest(WIDE, sorted(possible), key=found.__getitem__)
        return found

    def groups(self, chosen: Chosen) -> list[Group]:
        """Return the groups of a set."""
        return [self._groups[number] for number in chosen]

    def _weigh(self, chosen: Chosen, found: dict[Chosen, float]) -> bool:
        if chosen not in found:
            if not self._possible(chosen):
                return False
            found[chosen] = self._evidence.of(self.groups(chosen))
        return True

    def _possible(self, chosen: Chosen) -> bool:
        """Say whether moves can be made together: no unit is touched by two of them."""
        if len(chosen) == 1:
            return True
        touched: set[str] = set()
        for number in set(chosen):
            options, times = self._groups[number].options, chosen.count(number)
            if times > len(options):
                return False
            free = [option for option in options if not option.touches & touched]
            if len(free) < times:
                return False
            for option in free[:times]:
                touched |= option.touches
        return True

    def _exact(self, most: int) -> Iterator[Chosen]:
        by_digest = {group.digest: number for number, group in enumerate(self._groups)}
        if self._digest in by_digest:
            yield (by_digest[self._digest],)
        if most > 1:
            for number, group in enumerate(self._groups):
                other = by_digest.get((self._digest - group.digest) % PRIME, -1)
                if other >= number:
                    yield (number, other)

    def _proposed(self, chosen: Chosen) -> list[int]:
        """Return the moves that bring most to nothing of what the chosen leave."""
        rest = self._rest(chosen)
        earned: dict[int, float] = defaultdict(float)
        for cell, value in rest.items():
            bits = self._evidence.bits(cell, value)
            for number in self._hits.get((cell, value), ()):
                earned[number] += bits
        for number in earned:
            earned[number] -= self._groups[number].cost
        promising = nlargest(4 * WIDE, earned, key=lambda number: (earned[number], -number))
        weighed = {number: self._evidence.of((self._groups[number],), rest) for number in promising}
        return nlargest(WIDE, promising, key=lambda number: (weighed[number], -number))

    def _rest(self, chosen: Chosen) -> Vector:
        if not chosen:
            return self._evidence.residual
        return less(self._evidence.residual, added(*(group.cells for group in self.groups(chosen))))
