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
_MOST = 100
"""Submissions with equal numbers, or an equal text, that are looked at, the newest: thousands may have one."""
_NUMBERS = """
SELECT assigned.unit, assigned.year FROM assigned JOIN submission ON submission.id = assigned.submission
WHERE submission.id IN (SELECT id FROM submission WHERE cells = ? AND id < ? ORDER BY id DESC LIMIT ?)
      AND submission.erased IS NULL AND assigned.unit IS NOT NULL
ORDER BY submission.id
"""
_DIGESTS = "SELECT digest FROM narrative WHERE submission = ? AND digest IS NOT NULL"
_TEXTS = """
SELECT submission.id, assigned.unit, assigned.year FROM assigned
JOIN submission ON submission.id = assigned.submission
WHERE submission.id IN (
        SELECT submission FROM narrative
        WHERE digest = ? AND rowid < (SELECT min(rowid) FROM narrative WHERE submission = ?)
        ORDER BY rowid DESC LIMIT ?)
      AND submission.erased IS NULL AND assigned.unit IS NOT NULL
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
        numbers = [(other["unit"], other["year"]) for other in store.rows(_NUMBERS, [row["cells"], submission, _MOST])]
    digests = [own["digest"] for own in store.rows(_DIGESTS, [submission])]
    alike = {tuple(other) for digest in digests for other in store.rows(_TEXTS, [digest, submission, _MOST])}
    texts = [(other, its_year) for _, other, its_year in sorted(alike)]
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
    more, most = len(units) - _NAMES, len(units) >= _MOST
    said = "、".join(f"“{names.get(each, each)}”" for each in units[:_NAMES])
    said_en = ", ".join(f"“{names.get(each, each)}”" for each in units[:_NAMES])
    return {
        "others": said + (f"等{' ' if not most else '至少 '}{len(units)} 个单位" if more > 0 else ""),
        "others_en": said_en + (f" and {'at least ' if most else ''}{more} more" if more > 0 else ""),
    }
