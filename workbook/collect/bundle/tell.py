"""What there is to say of a bundle that was taken in: what is new, what was corrected, what is missing or otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.bundle.sums import differences, sums
from workbook.collect.hand import stored
from workbook.collect.receipt import RECEIVED
from workbook.collect.standing import live
from workbook.collect.versions import chains
from workbook.printable import printable
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.bundle.decided import Decided
    from workbook.collect.bundle.read import Bundle
    from workbook.collect.bundle.units import Placed
    from workbook.collect.receipt import Receipt
    from workbook.collect.store import Store
    from workbook.report import Finding

_NAMES = 10
"""How many are named of those of which something is said."""


class Telling:
    """What was known before a bundle is taken in, so that what changes can be told."""

    def __init__(self, store: Store, bundle: Bundle, placed: Placed) -> None:
        """Look at the collection as it is before."""
        self._store, self._bundle, self._placed = store, bundle, placed
        self._units = {
            unit for (unit, year), chain in chains(store).by_key.items() if year == bundle.manifest.year and live(chain)
        }
        merged = """SELECT max(json_extract(detail, '$.as_of')) AS at FROM event
                    WHERE kind = 'merged' AND unit = ? AND year = ?"""
        row = store.row(merged, [placed.sender, bundle.manifest.year])
        self._last: str | None = row["at"] if row else None

    def findings(self, receipts: Sequence[Receipt], decided: Decided, year: int) -> Iterator[Finding]:
        """Yield what there is to say.

        Args:
            receipts: those of the reports that were new.
            decided: what came of the decisions.
            year: the year that is collected.
        """
        bundle, manifest = self._bundle, self._bundle.manifest
        names = {row["id"]: row["name"] for row in self._store.rows("SELECT id, name FROM current_unit")}
        counts = {"new": len(receipts), "known": len(bundle.digests) - len(receipts), "decisions": decided.taken}
        words = {key: str(number) for key, number in counts.items()}
        yield make_finding("bundle.merged", "file", name=manifest.sender.name, as_of=stored(manifest.as_of), **words)
        if manifest.year != year:
            yield make_finding("unit.other_year", "year", year=str(manifest.year), expected=str(year))
        older = bool(self._last and stored(manifest.as_of) < self._last)
        if older and self._last:
            yield make_finding("bundle.older", "as_of", as_of=stored(manifest.as_of), last=self._last)
        corrected = [each.unit for each in receipts if each.outcome == RECEIVED and each.unit in self._units]
        yield from _named("bundle.corrected", (names[unit] for unit in corrected if unit))
        yield from _named("bundle.units_added", (unit.name for unit in self._placed.added))
        yield from _named("bundle.gone", self._gone(names))
        yield from _named("bundle.check_differs", self._harsher(receipts))
        yield from _named("bundle.decided_here", (names.get(each, each) for each in decided.here))
        yield from _named("bundle.accepted_faulty", decided.faulty)
        yield from _named("bundle.erased_below", decided.erased)
        if not older:
            yield from _named("bundle.rollup_differs", self._other_sums())

    def _gone(self, names: dict[str, str]) -> Iterator[str]:
        """Yield the reports that the sender handed up before and that are no longer in its bundle."""
        query = """SELECT DISTINCT submission.digest, submission.file, assigned.unit FROM event
                   JOIN submission ON submission.id = event.submission
                   JOIN assigned ON assigned.submission = submission.id
                   LEFT JOIN decided ON decided.submission = submission.id
                   WHERE event.kind = 'received' AND json_extract(event.detail, '$.below.from') = ?
                         AND assigned.year = ? AND submission.erased IS NULL AND decided.decision IS NOT 'withdrawn'
                   ORDER BY submission.id"""
        erased = {each["digest"] for each in self._bundle.decisions() if each["kind"] == "erased"}
        for row in self._store.rows(query, [self._placed.sender, self._bundle.manifest.year]):
            if row["digest"] not in self._bundle.digests | erased:
                yield f"{names.get(row['unit'], '')} {row['file']}".strip()

    def _other_sums(self) -> Iterator[str]:
        """Yield what the roll-up in the bundle says otherwise than that of what is here now."""
        if self._bundle.rollup is not None:
            ours = sums(self._store, self._placed.sender, self._bundle.manifest.year)
            yield from (printable(each[:100]) for each in differences(self._bundle.rollup, ours))

    def _harsher(self, receipts: Iterable[Receipt]) -> Iterator[str]:
        """Yield the reports in which errors were found here and none below."""
        with self._bundle.pairs() as pairs:
            sound = {said["file"] for _, said in pairs if not said["errors"]}
        yield from (each.file for each in receipts if each.errors and each.file in sound)


def _named(code: str, found: Iterable[str]) -> Iterator[Finding]:
    """Yield a finding that names what was found, where anything was; of many the first and how many there are."""
    names = list(dict.fromkeys(found))
    if names:
        first, more = "、".join(names[:_NAMES]), len(names) - _NAMES
        listed = f"{first} 等 {len(names)} 个" if more > 0 else first
        listed_en = ", ".join(names[:_NAMES]) + (f" and {more} more" if more > 0 else "")
        yield make_finding(code, "file", count=str(len(names)), names=listed, names_en=listed_en)
