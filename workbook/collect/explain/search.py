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
DEBT = 200.0
"""Bits that a move may lack where others are to come: two units hide each other where both have something."""

Chosen = tuple[int, ...]
"""Numbers of groups, sorted; one stands twice where two of its moves were made."""


class Index:
    """All possible moves, found by what they do: by a single number in a cell, and by all of it."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.by_digest = {group.digest: number for number, group in enumerate(groups)}
        self.by_hit: dict[tuple[str, int], list[int]] = defaultdict(list)
        for number, group in enumerate(groups):
            for item in group.cells.items():
                self.by_hit[item].append(number)


class Search:
    """Finds sets of moves and weighs them."""

    def __init__(self, index: Index, evidence: Evidence, digest: int) -> None:
        self._index, self._evidence, self._digest = index, evidence, digest

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
        self._refine(found)
        return found

    def _refine(self, found: dict[Chosen, float]) -> None:
        """Try for each move of the best set what else could stand in its place, until nothing is better.

        Where units hide each other, each of them is seen clearly once the others are taken away. It is also here that
        the rivals of each move are found, beside the same others.
        """
        best, before = best_of(found), None
        while best != before:
            for at in range(len(best)):
                others = best[:at] + best[at + 1 :]
                for number in self._proposed(others):
                    self._weigh(tuple(sorted((*others, number))), found)
            before, best = best, best_of(found)

    def groups(self, chosen: Chosen) -> list[Group]:
        """Return the groups of a set."""
        return [self._index.groups[number] for number in chosen]

    def same(self, chosen: Chosen, other: Chosen) -> bool:
        """Say whether two sets say the same: of the same units, with the same effect, as a subtree and its units."""
        return chosen == other or self._effect(chosen) == self._effect(other)

    def _effect(self, chosen: Chosen) -> tuple[int, frozenset[str]]:
        groups = self.groups(chosen)
        touched = frozenset[str]().union(*(group.options[0].touches for group in groups))
        return sum(group.digest for group in groups) % PRIME, touched

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
            options, times = self._index.groups[number].options, chosen.count(number)
            if times > len(options):
                return False
            free = [option for option in options if not option.touches & touched]
            if len(free) < times:
                return False
            for option in free[:times]:
                touched |= option.touches
        return True

    def _exact(self, most: int) -> Iterator[Chosen]:
        by_digest = self._index.by_digest
        if self._digest in by_digest:
            yield (by_digest[self._digest],)
        if most > 1:
            for digest, number in by_digest.items():
                rest = (self._digest - digest) % PRIME
                if rest in by_digest and by_digest[rest] >= number:
                    yield (number, by_digest[rest])

    def _proposed(self, chosen: Chosen) -> list[int]:
        """Return the moves that bring most to nothing of what the chosen leave."""
        rest = self._rest(chosen)
        earned: dict[int, float] = defaultdict(float)
        for cell, value in rest.items():
            bits = self._evidence.bits(cell, value)
            for number in self._index.by_hit.get((cell, value), ()):
                earned[number] += bits
        for number in earned:
            earned[number] -= self._index.groups[number].cost
        promising = nlargest(4 * WIDE, earned, key=lambda number: (earned[number], -number))
        weighed = {number: self._evidence.of((self._index.groups[number],), rest) for number in promising}
        best = nlargest(WIDE, promising, key=lambda number: (weighed[number], -number))
        hidden = [number for number in promising[: WIDE // 2] if earned[number] > 0]
        return [number for number in dict.fromkeys((*best, *hidden)) if weighed[number] > -DEBT]

    def _rest(self, chosen: Chosen) -> Vector:
        if not chosen:
            return self._evidence.residual
        return less(self._evidence.residual, added(*(group.cells for group in self.groups(chosen))))


def best_of(found: Mapping[Chosen, float]) -> Chosen:
    """Return the set with most bits; of several the one with fewest moves."""
    return max(sorted(found, key=lambda chosen: (len(chosen), chosen)), key=found.__getitem__)
