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
CENT = 10_000
"""Money is mostly written with two decimals of 万元."""
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
    slips = [
        (change, hint, unit.unit)
        for unit in units
        if unit.counted and (value := (unit.current or {}).get(cell, 0))
        for change, hint in _slips_of(value, ratios)
    ]
    fitting = [(hint, unit) for change, hint, unit in slips if change == difference]
    near = sum(abs(change) <= 2 * abs(difference) for change, _, _ in slips)
    step = CENT if money and difference % CENT == 0 else 1
    if (
        len(fitting) == 1 and near * step / (4 * abs(difference)) <= CHANCE
    ):  # of all differences of that size so many fit
        return fitting[0]
    return "none", None


def _slips_of(value: int, ratios: Sequence[int]) -> Iterator[tuple[int, HintKind]]:
    """Yield what each slip with the number of a unit makes of the sum."""
    yield -value, "left_out"
    yield value, "doubled"
    for ratio in ratios:
        yield value * (ratio - 1), "ratio"
        if value % ratio == 0:
            yield value // ratio - value, "ratio"
    digits = str(abs(value))
    for at in range(len(digits) - 1):
        turned = digits[:at] + digits[at + 1] + digits[at] + digits[at + 2 :]
        if turned != digits and turned[0] != "0":
            yield (1 if value > 0 else -1) * int(turned) - value, "digits"


def mistyped(right: int, written: int, ratios: Sequence[int] = RATIOS) -> HintKind:
    """Return the slip of a typist that makes a number of another, if one does.

    >>> mistyped(354, 345), mistyped(12, 1200), mistyped(12, 13)
    ('digits', 'ratio', 'none')
    """
    if right and written and any(right * ratio == written or written * ratio == right for ratio in ratios):
        return "ratio"
    one, other = str(right), str(written)
    apart = [at for at, (here, there) in enumerate(zip(one, other, strict=False)) if here != there]
    if len(one) == len(other) and sorted(one) == sorted(other) and apart and apart[-1] - apart[0] == 1:
        return "digits"
    return "none"
