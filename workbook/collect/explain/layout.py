"""What the form says of its free cells: their tables and columns, what balances, what is money."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from workbook.form import cell_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.form import Form


@dataclass(frozen=True, slots=True)
class Layout:
    """The free cells of a form.

    Args:
        cells: their keys, in the order of the form.
        beside: for tables of at least two free columns, each cell with the one on its right; ``None`` for the last.
        balances: each cell that stands in a rule of balance, with the number of the rule; one number of a balance
            follows from the others and proves nothing more.
        money: the cells that have decimals.
    """

    cells: tuple[str, ...]
    beside: Mapping[str, Mapping[str, str | None]]
    balances: Mapping[str, int]
    money: frozenset[str]


@cache
def layout(form: Form) -> Layout:
    """Return the layout of a form."""
    free = {key: cell for key, cell in form.cells.items() if key not in form.calculated}
    beside: dict[str, dict[str, str | None]] = {}
    for table in form.tables:
        pairs: dict[str, str | None] = {}
        for row in table.rows:
            keys = [key for column in table.columns if (key := cell_key(table.key, row.key, column.key)) in free]
            if len(keys) > 1:
                pairs |= dict(zip(keys, [*keys[1:], None], strict=True))
        if pairs:
            beside[table.key] = pairs
    return Layout(
        cells=tuple(free),
        beside=beside,
        balances=_balances(form),
        money=frozenset(key for key, cell in free.items() if cell.kind.decimals),
    )


def _balances(form: Form) -> Mapping[str, int]:
    found: dict[str, int] = {}
    rules = [equation for equation in form.equations() if equation.exact and equation.calculates is None]
    for number, equation in enumerate(rules):
        pending = [key for key, _ in equation.terms]
        while pending:
            key = pending.pop()
            if key in form.calculated:
                pending += [part for part, _ in form.calculated[key].right]
            else:
                found.setdefault(key, number)
    return found
