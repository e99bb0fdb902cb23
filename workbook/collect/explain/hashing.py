"""A random linear hash: that of a sum of vectors is the sum of theirs, so that two of them are found by their sum."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.collect.explain.model import Vector

PRIME = 2**61 - 1
_SEED = 2021


class Hashing:
    """Digests of vectors over given cells, the same in every run."""

    def __init__(self, cells: Iterable[str]) -> None:
        chance = random.Random(_SEED)  # noqa: S311 - it hides nothing; the same input must give the same words
        self._weights = {cell: chance.randrange(1, PRIME) for cell in cells}

    def digest(self, cells: Vector) -> int:
        """Return the digest of a vector: 61 bits, linear modulo a prime."""
        weights = self._weights
        return sum(weights[cell] * value for cell, value in cells.items()) % PRIME
