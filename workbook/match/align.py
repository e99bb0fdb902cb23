"""Which rows of a grid are which rows of the form: in its order, near together, where nothing else fits."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SLACK = 4
"""Rows that may have been inserted between two rows of a table."""

Fit = tuple[int, int]
"""A row of the grid, counted from the head, and the row of the form that its label is."""

_FARTHEST = 40
"""Rows that a run may step over: those of the largest table, and those inserted."""


def longest_run(fits: Sequence[Fit]) -> dict[int, int]:
    """Return the row of the grid of each row of the form that stands in every longest run in the form's order.

    A run begins near the head. A row whose label is there twice, or that changed places with another, is in some of
    the longest runs only.

    >>> longest_run([(0, 0), (1, 1), (2, 3), (3, 2), (4, 4)])
    {0: 0, 1: 1, 4: 4}
    """
    before = _lengths(fits, [row <= line + SLACK for row, line in fits])
    after = _lengths([(-row, -line) for row, line in reversed(fits)], [True] * len(fits))[::-1]
    through = [up + down if up else 0 for up, down in zip(before, after, strict=True)]
    longest = max(through, default=0)
    best = [at for at, length in enumerate(through) if length == longest and length]
    level = Counter(before[at] for at in best)
    return {fits[at][1]: fits[at][0] for at in best if level[before[at]] == 1}


def _lengths(fits: Sequence[Fit], may_begin: Sequence[bool]) -> list[int]:
    """Return the length of the longest run up to each; 0 where none comes there."""
    lengths: list[int] = []
    for index, (row, line) in enumerate(fits):
        best = int(may_begin[index])
        for other in range(index - 1, -1, -1):
            far, later = row - fits[other][0], line - fits[other][1]
            if far > _FARTHEST:
                break
            if lengths[other] and far > 0 and later > 0 and far <= later + SLACK:
                best = max(best, lengths[other] + 1)
        lengths.append(best)
    return lengths
