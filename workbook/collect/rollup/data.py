"""A roll-up as plain data, the same for the same store and moment: for JSON, for bundles, for other programs."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook.collect.rollup.scope import Part
from workbook.report import plain

if TYPE_CHECKING:
    from workbook.collect.explain.model import Explanation, Move
    from workbook.collect.rollup.adding import Sum
    from workbook.collect.rollup.comparison import Comparison, Difference
    from workbook.collect.rollup.decided import Adjustment
    from workbook.collect.rollup.rollup import RollUp
    from workbook.collect.rollup.scope import Member
    from workbook.report.values import Number


def as_dict(summed: RollUp, beside: Comparison | None = None) -> dict[str, Any]:
    """Return all of a roll-up; beside a report that was filed, how that differs and what explains it."""
    return {
        "unit": summed.unit.id if summed.unit else None,
        "name": summed.name,
        "year": summed.year,
        "at": summed.at.strftime("%Y-%m-%d %H:%M:%S"),
        "edition": summed.form.edition,
        "scope": summed.scope.key,
        "counts": {part.key: number for part, number in counts(summed).items()},
        "cells": {key: _sum(summed, key, each) for key, each in summed.cells.items()},
        "adjustments": [adjustment(summed, each) for each in summed.adjustments],
        "units": [_member(each) for each in summed.members],
        "compared": compared(beside) if beside else None,
    }


def counts(summed: RollUp) -> dict[Part, int]:
    """Return how many units stand in the sum in each way, in the order of the parts."""
    found = Counter(each.part for each in summed.members)
    return {part: found[part] for part in Part if part is not Part.OFFICE}


def _sum(summed: RollUp, cell: str, each: Sum) -> dict[str, Any]:
    found: dict[str, Any] = {
        "value": _plain(each.value),
        "blanks": each.blanks,
        "units": each.units,
        "missing": each.missing,
    }
    apart = summed.rules.apart(cell)
    if apart:
        found |= {"adds": apart.adds, "note": apart.note.zh}
    return found


def adjustment(summed: RollUp, each: Adjustment) -> dict[str, Any]:
    """Return an adjustment as plain data."""
    return {
        "id": each.id,
        "unit": each.unit,
        "cell": each.cell,
        "amount": _plain(summed.shown(each.cell, each.amount)),
        "reason": each.reason,
        "by": each.by,
        "at": each.at.strftime("%Y-%m-%d %H:%M:%S"),
    }


def _member(each: Member) -> dict[str, Any]:
    version = each.counted
    return {
        "id": each.unit.id,
        "name": each.unit.name_in(each.standing.year),
        "parent": each.unit.parent,
        "state": each.standing.state.key,
        "part": each.part.key,
        "within": each.within,
        "submission": version.submission if version else None,
        "version": version.number if version else None,
        "digest": version.digest if version else None,
        "edition": version.edition if version else None,
        "errors": version.errors if version else None,
    }


def compared(beside: Comparison) -> dict[str, Any]:
    """Return how a report that was filed differs from the sum, and what explains it."""
    source = beside.filed.source
    return {
        "file": source.file if source else None,
        "sha256": source.sha256 if source else None,
        "differences": [_difference(each, beside) for each in beside.differences],
        "explanation": _explanation(beside.summed, beside.explanation),
    }


def _difference(each: Difference, beside: Comparison) -> dict[str, Any]:
    return {
        "cell": each.cell,
        "filed": _plain(each.filed),
        "sum": _plain(each.own.value),
        "difference": _plain(each.difference),
        "adds": each.adds,
        "follows": each.follows,
        "top": [{"unit": unit.id, "value": _plain(value)} for unit, value in beside.tops.get(each.cell, ())],
    }


def _explanation(summed: RollUp, found: Explanation) -> dict[str, Any]:
    return {
        "spoken": found.spoken,
        "bits": round(found.bits, 1),
        "lead": round(found.lead, 1),
        "moves": [_move(summed, each) for each in found.moves],
        "cells": [
            {
                "cell": each.cell,
                "difference": _plain(summed.shown(each.cell, each.difference)),
                "hint": each.hint,
                "unit": each.unit,
            }
            for each in found.cells
        ],
    }


def _move(summed: RollUp, each: Move) -> dict[str, Any]:
    return {
        "kind": each.kind,
        "units": list(each.units),
        "detail": each.detail,
        "alternatives": [list(units) for units in each.alternatives],
        "cells": {key: _plain(summed.shown(key, value)) for key, value in sorted(each.cells.items())},
    }


def _plain(value: Number) -> int | float | str:
    """Return a number as JSON has it; one that JSON programs would round, as a text."""
    found = plain(value)
    return found if isinstance(found, int) or Decimal(repr(found)) == value else str(value)
