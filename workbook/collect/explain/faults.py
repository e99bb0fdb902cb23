"""Single wrong cells, with the slip of a typist that fits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.explain.model import CellFault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.collect.explain.layout import Layout
    from workbook.collect.explain.model import Contributor, HintKind, Vector

RATIOS = (10, 100)
MONEY_RATIOS = (10, 100, 10_000)
CHANCE = 0.01
"""How likely it may be that a unit fits only by chance for it to be named."""


def faults(left: Vector, expected: Vector, units: Sequence[Contributor], layout: Layout) -> tuple[CellFault, ...]:
    """Return the cells that are wrong by themselves, in the order of the form.

    Args:
        left: what differs and no move explains.
        expected: the own sum with the moves.
        units: the units of the sum.
        layout: that of the form.
    """
    found = []
    for cell in layout.cells:
        if cell in left:
            hint, unit = _slip(cell, left[cell], expected.get(cell, 0), units, money=cell in layout.money)
            should = expected.get(cell, 0)
            found.append(CellFault(cell, left[cell], hint, unit, should + left[cell], should))
    return tuple(found)


def _slip(
    cell: str, difference: int, expected: int, units: Sequence[Contributor], *, money: bool
) -> tuple[HintKind, str | None]:
    ratios = MONEY_RATIOS if money else RATIOS
    typed = mistyped(expected, expected + difference, ratios)
    if typed != "none":
        return typed, None
    having = [(unit.unit, value) for unit in units if unit.counted and (value := (unit.current or {}).get(cell, 0))]
    fitting = [(hint, unit) for unit, value in having for hint in _of_unit(value, difference, ratios)]
    hints = {hint for hint, _ in fitting}
    if len(hints) != 1:
        return "none", None
    within = sum(abs(value) <= 2 * abs(difference) for _, value in having)
    sure = len(fitting) == 1 and within / (2 * abs(difference)) <= CHANCE
    return fitting[0][0], fitting[0][1] if sure else None


def _of_unit(value: int, difference: int, ratios: Sequence[int]) -> Iterator[HintKind]:
    if difference == -value:
        yield "left_out"
    elif difference == value:
        yield "doubled"
    else:
        hint = mistyped(value, value + difference, ratios)
        if hint != "none":
            yield hint


def mistyped(right: int, written: int, ratios: Sequence[int] = RATIOS) -> HintKind:
    """Return the slip of a typist that makes a number of another, if one does.

    >>> mistyped(354, 345), mistyped(12, 1200), mistyped(12, 13)
    ('digits', 'ratio', 'none')
    """
    if right and written and any(right * ratio == written or written * ratio == right for ratio in ratios):
        return "ratio"
    if (right - written) % 9 == 0 and right > 0 and written > 0 and right != written:
        pairs = [at for at, (one, other) in enumerate(zip(str(right), str(written), strict=False)) if one != other]
        same = len(str(right)) == len(str(written)) and sorted(str(right)) == sorted(str(written))
        if same and len(pairs) == 2 and pairs[1] == pairs[0] + 1:  # noqa: PLR2004 - two digits side by side
            return "digits"
    return "none"
