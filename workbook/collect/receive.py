"""Takes in what was handed over: every file is accounted for, what was told is written, nothing is taken twice."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbook.collect import alike
from workbook.collect.bundle.receive import BundleReceiver
from workbook.collect.hand import now, stored
from workbook.collect.incoming import Handed, Piece, drop_orphans, pieces
from workbook.collect.newest import Newest, newest_versions
from workbook.collect.reading import Read, read_piece
from workbook.collect.receipt import AGAIN, RECEIVED, SKIPPED, UNCHANGED, UNKNOWN, UNREADABLE, Receipt
from workbook.collect.reports import findings_of
from workbook.collect.told import append_first_check, cover_of, unknown
from workbook.collect.wide import write_cells, write_texts
from workbook.exits import FAULT, held
from workbook.files import shown
from workbook.jobs.run import run
from workbook.report import make_finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Iterator

    from workbook.collect.assign import Match, Matcher
    from workbook.collect.hand import Hand
    from workbook.collect.incoming import Original
    from workbook.collect.reading import Content
    from workbook.collect.store import Store
    from workbook.collect.versions import Key
    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Options, Result, Task

_TOGETHER, _SECONDS = 64, 1.0
"""What is written at once: so many, or what came in so many seconds."""


@dataclass(frozen=True)
class Delivery:
    """What comes together: when it was handed in, for which year, by whose hand it is entered."""

    hand: Hand
    received: dt.datetime
    year: int
    taken_over: bool = False


@dataclass(frozen=True)
class _Repeated:
    """What is known already, or came before in the delivery: its name, the digest of its file, which part of it."""

    file: str
    place: tuple[str, int]


class Receiver:
    """Takes in a delivery."""

    def __init__(
        self, store: Store, matcher: Matcher, delivery: Delivery, options: Options, names: dict[str, str]
    ) -> None:
        """Begin a delivery.

        Args:
            store: the store, which is held for writing.
            matcher: tells of which unit a report is.
            delivery: what comes.
            options: the switches of the check; ``previous`` are the reports that the store has.
            names: what the units are called.
        """
        self._store, self._matcher, self._delivery, self._options = store, matcher, delivery, options
        self._names = names
        self._number = 0
        self._newest = newest_versions(store)
        self._known = {row["digest"]: row["id"] for row in store.rows("SELECT id, digest FROM submission")}
        self._places = {
            (row["digest"], row["part"]): row["id"]
            for row in store.rows(
                "SELECT received.digest, submission.part, submission.id FROM submission"
                " JOIN received ON received.id = submission.received"
            )
        }

    def take(self, tasks: Iterable[Task], jobs: Jobs = 0) -> Generator[Receipt]:
        """Yield what came of each file; what is yielded is written.

        Raises:
            OSError: the collection cannot be written to; what was yielded before is in it.
        """
        self._store.sweep()
        all_come = list(pieces(self._store, tasks, self._options))
        bundles = [each.original for each in all_come if isinstance(each, Handed)]
        come = [each for each in all_come if not isinstance(each, Handed)]
        if any(isinstance(each, Piece) for each in come):
            with self._store.transaction():
                self._number = self._begin()
        entries = list(self._sorted_out(come))
        wanted = [each for each in entries if isinstance(each, Piece)]
        try:
            with closing(run(read_piece, wanted, self._options, jobs)) as results:  # type: ignore[arg-type]
                yield from self._written(entries, results)
            receiver = BundleReceiver(self._store, self._delivery.hand, self._delivery.year, self._options)
            for bundle in bundles:
                yield from receiver.take(bundle, jobs)
        finally:
            kept = (each.original for each in come if isinstance(each, Piece) and each.original)
            drop_orphans(self._store, (*kept, *bundles))

    def _begin(self) -> int:
        own = self._delivery
        values = {
            "received": stored(own.received),
            "at": stored(now()),
            "by": own.hand.by,
            "reason": own.hand.reason,
            "year": own.year,
            "taken_over": int(own.taken_over),
        }
        return self._store.insert("delivery", values)

    def _sorted_out(self, come: Iterable[Piece | Result]) -> Iterator[Piece | _Repeated | Receipt]:
        """Yield what is to be read, what is known or came before in this delivery, and what is passed over."""
        taken: set[tuple[str, int]] = set()
        for each in come:
            if not isinstance(each, Piece):
                yield Receipt(each.file, SKIPPED, findings=each.findings)
            elif each.original is None:
                yield each
            else:
                place = each.original.digest, each.part
                yield _Repeated(shown(each.source), place) if place in taken or place in self._places else each
                taken.add(place)

    def _written(self, entries: Iterable[Piece | _Repeated | Receipt], results: Iterator[Result]) -> Iterator[Receipt]:
        """Yield the receipts of all, in their order, a few at a time, when they are written."""
        waiting = iter(entries)
        ended = False
        while not ended:
            told: list[Receipt] = []
            until = time.monotonic() + _SECONDS
            with self._store.transaction():
                while len(told) < _TOGETHER and (not told or time.monotonic() < until):
                    entry = next(waiting, None)
                    if entry is None:
                        ended = True
                        break
                    if isinstance(entry, Piece):
                        result = next(results)
                        with held():
                            told.append(self._taken(entry, result))
                    elif isinstance(entry, _Repeated):
                        told.append(self._again(entry.file, self._places.get(entry.place)))
                    else:
                        told.append(entry)
            yield from told

    def _taken(self, piece: Piece, result: Result) -> Receipt:
        """Write what was read, and return the receipt."""
        if result.is_skipped:
            return Receipt(result.file, SKIPPED, findings=result.findings)
        if result.fault or result.exit_code >= FAULT or not isinstance(result, Read):
            return Receipt(result.file, UNREADABLE, findings=result.findings, fault=result.fault)
        if piece.original is None:
            return Receipt(result.file, UNREADABLE, findings=result.findings)
        if result.digest in self._known:
            return self._again(result.file, self._known[result.digest])
        return self._entered(piece, piece.original, result)

    def _again(self, file: str, number: int | None) -> Receipt:
        """Return the receipt of what is in the store already; what could not be read is told once more."""
        row = self._store.row("SELECT edition, erased FROM submission WHERE id = ?", [number or 0])
        if row is None:
            return Receipt(file, AGAIN)
        if row["edition"] is None and not row["erased"]:
            return Receipt(file, UNREADABLE, number, findings=findings_of(self._store, number or 0))
        place = self._store.row("SELECT unit, year FROM assigned WHERE submission = ?", [number or 0])
        unit, year = place or (None, None)
        return Receipt(file, AGAIN, number, unit, year, findings=self._gone(number or 0, row["erased"]))

    def _gone(self, number: int, erased: str | None) -> list[dict[str, Any]]:
        """Return that what came again does not count, for it was withdrawn or erased."""
        row = self._store.row("SELECT decision FROM decided WHERE submission = ?", [number])
        if erased:
            finding = make_finding("unit.erased", "file", date=erased[:10])
        elif row and row["decision"] == "withdrawn":
            finding = make_finding("unit.withdrawn", "file", number=str(number))
        else:
            return []
        return [finding.as_dict(self._options.lang)]

    def _entered(self, piece: Piece, original: Original, result: Read) -> Receipt:
        content = result.content
        match = self._matcher.match(content.body, content.year) if content else None
        unit = match.unit if match else None
        year = (content.year or self._delivery.year) if content else None
        newest = self._newest.get((unit, year)) if unit else None
        same = newest if newest and content and newest.is_same(content) else None
        number = self._insert(piece, original, result, (unit, year), match, same)
        self._known[result.digest] = self._places[original.digest, piece.part] = number
        if content is None:
            append_first_check(self._store, number, result)
            return Receipt(result.file, UNREADABLE, number, findings=result.findings)
        write_cells(self._store, number, content.edition, content.cells)
        texts, digests = ({key: pair[at] for key, pair in content.texts.items()} for at in (0, 1))
        write_texts(self._store, number, texts, digests)
        more = [] if same else list(alike.findings(self._store, number, unit, year, self._names))
        told = [finding.as_dict(self._options.lang) for finding in more]
        counts = append_first_check(self._store, number, result, told)
        if unit and not same:
            self._newest[unit, year] = Newest(
                number, result.file, self._number, content.digests[0], content.digests[1:], content.published
            )
        told = self._told_of(content, match, newest if not same else None)
        outcome = UNCHANGED if same else RECEIVED if unit else UNKNOWN
        return Receipt(result.file, outcome, number, unit, year, *counts, told)

    def _insert(
        self,
        piece: Piece,
        original: Original,
        result: Read,
        place: Key,
        match: Match | None,
        same: Newest | None,
    ) -> int:
        values = {
            "received": self._file(original),
            "part": piece.part,
            "file": result.file,
            "digest": result.digest,
            "for_year": place[1],
            "unit": place[0],
            "how": (match.how if match else None) or "",
            "same_as": same.submission if same else None,
            **(cover_of(result.content) if result.content else {"more": "[]", "published": 0, "weight": 0}),
        }
        return self._store.insert("submission", values)

    def _file(self, original: Original) -> int:
        """Return the number of a received file, which is entered when the first of it is."""
        row = self._store.row("SELECT id FROM received WHERE digest = ?", [original.digest])
        if row:
            return int(row["id"])
        values = {
            "delivery": self._number,
            "digest": original.digest,
            "file": original.file,
            "ending": original.ending,
            "size": original.size,
        }
        return self._store.insert("received", values)

    def _told_of(self, content: Content, match: Match | None, other: Newest | None) -> list[dict[str, Any]]:
        """Return what is to be said beside the check: nobody's, of another year, one of several at once."""
        found = []
        if match and match.unit is None:
            found.append(unknown(content.body.name, match, self._names))
        if content.year and content.year != self._delivery.year:
            years = {"year": str(content.year), "expected": str(self._delivery.year)}
            found.append(make_finding("unit.other_year", "year", **years))
        if other and match and match.unit and other.delivery == self._number:
            name = self._names.get(match.unit, match.unit)
            year = str(content.year or self._delivery.year)
            found.append(make_finding("unit.versions", "year", name=name, year=year, files=other.file))
        return [finding.as_dict(self._options.lang) for finding in found]
