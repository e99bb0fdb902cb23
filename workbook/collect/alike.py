"""What is like what another unit, or the same one in another year, sent: told, never decided by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.store import Store
    from workbook.report import Finding

TELLING = 20
"""Bits from which on equal numbers are no chance: of a thousand units every pair is compared, half a million in all."""
_NAMES = 3
"""How many other units are named."""
_NUMBERS = """
SELECT submission.id, assigned.unit, assigned.year FROM submission JOIN assigned ON assigned.submission = submission.id
WHERE submission.cells = ? AND submission.id < ? AND submission.erased IS NULL AND assigned.unit IS NOT NULL
ORDER BY submission.id
"""
_TEXTS = """
SELECT assigned.unit, assigned.year FROM narrative AS own
JOIN narrative ON narrative.digest = own.digest AND narrative.submission < own.submission
JOIN assigned ON assigned.submission = narrative.submission
JOIN submission ON submission.id = narrative.submission
WHERE own.submission = ? AND own.digest IS NOT NULL AND submission.erased IS NULL AND assigned.unit IS NOT NULL
ORDER BY narrative.submission
"""


def findings(
    store: Store, submission: int, unit: str | None, year: int | None, names: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what of a submission stood before in that of another unit, or in one of its own for another year.

    All-zero reports, and others whose numbers are equal by chance, are alike by right; so are short texts.

    Args:
        store: the store.
        submission: the submission.
        unit: the unit that it is of; nothing is said of one that is nobody's.
        year: the year that it is of.
        names: what the units are called.
    """
    if unit is None:
        return
    row = store.row("SELECT cells, weight FROM submission WHERE id = ?", [submission])
    numbers = []
    if row and row["weight"] >= TELLING:
        numbers = [(other["unit"], other["year"]) for other in store.rows(_NUMBERS, [row["cells"], submission])]
    texts = [(other["unit"], other["year"]) for other in store.rows(_TEXTS, [submission])]
    copied = _others((each for each in numbers if each[1] == year), unit, names)
    if copied:
        yield make_finding("unit.copied", "cells", **copied, what="统计表各项数据", what_en="the numbers")
    else:
        copied = _others((each for each in texts if each[1] == year), unit, names)
        if copied:
            yield make_finding("unit.copied", "texts", **copied, what="文字部分的段落", what_en="texts")
    # The year before is a matter of the check, which has that report beside it.
    years = sorted({each[1] for each in numbers if each[0] == unit and each[1] not in {year, (year or 0) - 1, None}})
    if years:
        yield make_finding("unit.last_year", "year", years="、".join(map(str, years)))


def _others(found: Iterable[tuple[str, int]], unit: str, names: Mapping[str, str]) -> dict[str, str]:
    """Return how to name the other units, without their doubles; nothing where there is none."""
    units = list(dict.fromkeys(other for other, _ in found if other != unit))
    if not units:
        return {}
    more = len(units) - _NAMES
    said = "、".join(f"“{names.get(each, each)}”" for each in units[:_NAMES])
    said_en = ", ".join(f"“{names.get(each, each)}”" for each in units[:_NAMES])
    return {
        "others": said + (f"等 {len(units)} 个单位" if more > 0 else ""),
        "others_en": said_en + (f" and {more} more" if more > 0 else ""),
    }
