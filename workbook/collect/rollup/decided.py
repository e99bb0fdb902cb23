"""What people decide about a sum: what the report of an office is about, and adjustments, each with its reason."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.collect.decisions import RefusalError
from workbook.collect.hand import Hand, moment
from workbook.collect.rollup.scope import Scope
from workbook.collect.schema import MONEY, is_money
from workbook.collect.versions import until

if TYPE_CHECKING:
    import datetime as dt
    import sqlite3
    from collections.abc import Iterable
    from decimal import Decimal

    from workbook.collect.store import Store
    from workbook.form import Form

SCOPED, ADJUSTED, TAKEN_BACK = "scoped", "adjusted", "unadjusted"
"""The kinds of events."""


@dataclass(frozen=True)
class Adjustment:
    """What is added to a cell of the sum of an office.

    Args:
        id: the number of its event.
        unit: the office.
        cell: the cell.
        amount: what is added, money as a whole number of 10⁻⁶ 万元.
        reason: why.
        by: who declared it.
        at: when.
    """

    id: int
    unit: str
    cell: str
    amount: int
    reason: str
    by: str
    at: dt.datetime


def set_scope(store: Store, unit: str, year: int, scope: Scope, hand: Hand) -> None:
    """Say what the report of an office is about, from a year on.

    Raises:
        RefusalError: no reason is given.
    """
    if not hand.reason:
        raise RefusalError("reason", unit)
    with store.transaction():
        store.event(SCOPED, hand, unit=unit, year=year, scope=scope.key)


def adjust(store: Store, unit: str, year: int, form: Form, cell: str, amount: int | Decimal, hand: Hand) -> int:
    """Declare what is added to a cell of the sum of an office; return the number of the adjustment.

    Raises:
        RefusalError: no reason is given, the form has no such cell, it follows from others, or the amount is none.
    """
    if not hand.reason:
        raise RefusalError("reason", cell)
    if cell not in form.cells:
        raise RefusalError("no_cell", cell)
    if cell in form.calculated:
        raise RefusalError("calculated", cell)
    exact = amount * MONEY if is_money(form, cell) else amount
    if exact != int(exact) or not exact:
        raise RefusalError("no_amount", str(amount))
    with store.transaction():
        return store.event(ADJUSTED, hand, unit=unit, year=year, cell=cell, amount=int(exact))


def take_back(store: Store, number: int, hand: Hand) -> Adjustment:
    """Take an adjustment back, and return it.

    Raises:
        RefusalError: no reason is given, or there is no such adjustment.
    """
    if not hand.reason:
        raise RefusalError("reason", str(number))
    row = store.row("SELECT * FROM event WHERE kind = ? AND id = ?", [ADJUSTED, number])
    if row is None or number in _taken_back(store, None):
        raise RefusalError("no_adjustment", str(number))
    with store.transaction():
        store.event(TAKEN_BACK, hand, unit=row["unit"], year=row["year"], adjustment=number)
    return _adjustment(row)


def scopes(store: Store, year: int, at: dt.datetime | None = None) -> dict[str, Scope]:
    """Return what the reports of offices are about in a year, of those of which it was said: the newest word counts."""
    found = _events(store, [SCOPED], at)
    return {row["unit"]: Scope.of(_detail(row)["scope"]) for row in found if row["year"] <= year}


def adjustments(store: Store, year: int, at: dt.datetime | None = None) -> list[Adjustment]:
    """Return the adjustments of a year that stand, oldest first."""
    gone = _taken_back(store, at)
    rows = (row for row in _events(store, [ADJUSTED], at) if row["year"] == year and row["id"] not in gone)
    return [_adjustment(row) for row in rows]


def follow(store: Store, old: str, new: str) -> None:
    """Let what was decided of an office follow it to the key that the register has for it now."""
    gone = _taken_back(store, None)
    for row in _events(store, [SCOPED, ADJUSTED], None):
        if row["unit"] == old and row["id"] not in gone:
            hand = Hand(row["by"], row["reason"])
            store.event(row["kind"], hand, unit=new, year=row["year"], **_detail(row))


def copy(store: Store, before: Store) -> None:
    """Take over from last year's collection what the reports of offices are about."""
    for row in _events(before, [SCOPED], None):
        hand = Hand(row["by"], row["reason"])
        store.event(SCOPED, hand, unit=row["unit"], year=row["year"], **_detail(row))


def _events(store: Store, kinds: Iterable[str], at: dt.datetime | None) -> list[sqlite3.Row]:
    known = list(kinds)
    marks = ", ".join("?" * len(known))
    query = f"SELECT * FROM event WHERE kind IN ({marks}) AND at <= ? ORDER BY id"  # noqa: S608
    return store.rows(query, [*known, until(at)])


def _taken_back(store: Store, at: dt.datetime | None) -> set[int]:
    return {_detail(row)["adjustment"] for row in _events(store, [TAKEN_BACK], at)}


def _detail(row: sqlite3.Row) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(row["detail"])
    return found


def _adjustment(row: sqlite3.Row) -> Adjustment:
    said = _detail(row)
    return Adjustment(row["id"], row["unit"], said["cell"], said["amount"], row["reason"], row["by"], moment(row["at"]))
