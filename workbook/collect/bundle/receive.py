"""Takes a bundle in, whole or not at all: what is new of it is checked again by the rules of here, and told."""

from __future__ import annotations

import io
import json
from contextlib import closing
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect import alike, registers
from workbook.collect.below import HOW, Below
from workbook.collect.bundle import tell
from workbook.collect.bundle.decided import take_decisions
from workbook.collect.bundle.layout import ORIGINALS, time_of
from workbook.collect.bundle.read import read_bundle
from workbook.collect.bundle.units import place
from workbook.collect.hand import now, stored
from workbook.collect.incoming import Original, Piece
from workbook.collect.newest import Newest, newest_versions
from workbook.collect.reading import Read, read_piece
from workbook.collect.receipt import AGAIN, RECEIVED, UNCHANGED, UNREADABLE, Receipt
from workbook.collect.told import append_first_check, cover_of
from workbook.collect.wide import write_cells, write_texts
from workbook.document.document import from_json
from workbook.exits import held
from workbook.intake.kinds import LINES
from workbook.jobs.run import run
from workbook.printable import printable
from workbook.report import Unreadable, make_finding
from workbook.report.digest import cells_digest, texts_digest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.bundle.read import Bundle
    from workbook.collect.bundle.units import Placed
    from workbook.collect.hand import Hand
    from workbook.collect.store import Store
    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Options


@dataclass(frozen=True)
class _New:
    """A report of a bundle that the collection does not have: its receipt, its document, where its bytes are now."""

    said: dict[str, Any]
    line: bytes = field(repr=False)
    original: Original
    part: int = 0
    below: Below | None = None

    @property
    def piece(self) -> Piece:
        """What is read of it."""
        return Piece(Path(self.said["file"]), self.original, self.part, below=self.below)


class BundleReceiver:
    """Takes a bundle in."""

    def __init__(self, store: Store, hand: Hand, year: int, options: Options) -> None:
        """Begin.

        Args:
            store: the store, which is held for writing.
            hand: who takes it in.
            year: the report year that is collected.
            options: the switches of the check; ``previous`` are the reports that the store has.
        """
        self._store, self._hand, self._year, self._options = store, hand, year, options

    def take(self, original: Original, jobs: Jobs = 0) -> Iterator[Receipt]:
        """Yield what came of a bundle, first of itself, then of each report that is new; what is yielded is written."""
        store, kept = self._store, list[Path]()
        before = self._received_before(original.digest)
        if before:
            yield Receipt(original.file, AGAIN, unit=before["unit"], year=before["year"])
            return
        store.db.execute("PRAGMA cache_spill = OFF")  # else a reader of last year's would be kept out before the end
        try:
            with held(), store.transaction():
                receipts = self._taken(original, kept, jobs)
        except Unreadable as refusal:
            _remove(store, kept)
            told = [finding.as_dict(self._options.lang) for finding in refusal.findings]
            yield Receipt(original.file, UNREADABLE, findings=told)
        except BaseException:
            _remove(store, kept)
            raise
        else:
            yield from receipts
        finally:
            store.db.execute("PRAGMA cache_spill = ON")

    def _received_before(self, digest: str) -> Any:
        query = "SELECT unit, year FROM event WHERE kind = 'merged' AND json_extract(detail, '$.digest') = ?"
        return self._store.row(query, [digest])

    def _taken(self, original: Original, kept: list[Path], jobs: Jobs) -> list[Receipt]:
        store = self._store
        bundle = read_bundle(original.path, original.file, original.digest)
        if bundle.manifest.as_of > now():
            words = {"file": bundle.file, "as_of": stored(bundle.manifest.as_of)}
            raise Unreadable(make_finding("bundle.future", "as_of", **words))
        register = registers.in_force(store)
        placed = place(bundle, register)
        telling = tell.Telling(store, bundle, placed)
        if placed.added:
            self._grow(bundle, placed, kept)
        names = registers.names(store)
        known = {row["digest"]: row["id"] for row in store.db.execute("SELECT id, digest FROM submission")}
        receipts = []
        newest = newest_versions(store)
        for delivery, some in groupby(self._new(bundle, known, kept), key=lambda each: each.said["delivery"]):
            entering = _Entering(self, bundle, placed, newest, names, delivery)
            receipts += entering.enter(list(some), jobs)
        follow_places(store, bundle, placed, known)
        decided = take_decisions(store, bundle, placed)
        store.event(
            "merged", self._hand, unit=placed.sender, year=bundle.manifest.year, file=original.file,
            digest=bundle.digest, as_of=stored(bundle.manifest.as_of), reports=len(bundle.digests), new=len(receipts),
        )  # fmt: skip
        findings = telling.findings(receipts, decided, self._year)
        said = [finding.as_dict(self._options.lang) for finding in findings]
        head = Receipt(original.file, RECEIVED, unit=placed.sender, year=bundle.manifest.year, findings=said)
        return [head, *receipts]

    def _grow(self, bundle: Bundle, placed: Placed, kept: list[Path]) -> None:
        """Take the units that came into the register, below the sender."""
        data = json.dumps([unit.id for unit in placed.added], ensure_ascii=False).encode("utf-8", "backslashreplace")
        digest, _ = self._store.keep_stream(io.BytesIO(data), ".json")
        kept.append(self._store.original(digest, ".json"))
        registers.grow(self._store, placed.added, (digest, printable(f"{bundle.file}.json")), self._hand, bundle.digest)

    def _new(self, bundle: Bundle, known: dict[str, int], kept: list[Path]) -> Iterator[_New]:
        """Yield the reports that are new, what came together next to each other, when their bytes are kept."""
        with bundle.pairs() as pairs:
            fresh = (
                (line, {**said, "file": printable(said["file"])}) for line, said in pairs if said["digest"] not in known
            )
            for _, some in groupby(fresh, key=lambda pair: pair[1]["delivery"]):
                yield from self._kept(bundle, list(some), kept)

    def _kept(self, bundle: Bundle, some: list[tuple[bytes, dict[str, Any]]], kept: list[Path]) -> Iterator[_New]:
        """Keep what came together: originals where they are in the bundle, the lines of the others as one file."""
        store = self._store
        lines = b"".join(line for line, said in some if not said["original"])
        whole = None
        if lines:
            digest, size = store.keep_stream(io.BytesIO(lines), LINES)
            whole = Original(store.original(digest, LINES), f"{bundle.file}/{digest[:8]}{LINES}", digest, LINES, size)
            kept.append(whole.path)
        part = 0
        for line, said in some:
            if said["original"]:
                yield _New(said, line, self._original(bundle, said, kept))
            elif whole:
                part += 1
                below = Below(said["digest"], said["template"], said["published"], tuple(said["findings"]))
                yield _New(said, line, whole, part, below)

    def _original(self, bundle: Bundle, said: dict[str, Any], kept: list[Path]) -> Original:
        name = said["original"]
        ending = name.removeprefix(f"{ORIGINALS}{said['digest']}")
        with bundle.original(name) as stream:
            digest, size = self._store.keep_stream(stream, ending)
        path = self._store.original(digest, ending)
        kept.append(path)
        if digest != said["digest"]:
            raise Unreadable(make_finding("bundle.original_differs", name, file=bundle.file, name=said["file"]))
        return Original(path, said["file"], digest, ending, size)


class _Entering:
    """The entering of what came together below, as one delivery."""

    def __init__(
        self,
        receiver: BundleReceiver,
        bundle: Bundle,
        placed: Placed,
        newest: dict[Any, Newest],
        names: dict[str, str],
        delivery: int,
    ) -> None:
        self._receiver, self._bundle, self._placed = receiver, bundle, placed
        self._newest, self._names, self._delivery = newest, names, delivery
        self._store, self._options = receiver._store, receiver._options  # noqa: SLF001
        self._number = 0

    def enter(self, new: list[_New], jobs: Jobs) -> list[Receipt]:
        """Check, write and return the receipts of reports."""
        hand = self._receiver._hand  # noqa: SLF001
        values = {
            "received": stored(time_of(new[0].said["received"])),
            "at": stored(now()),
            "by": hand.by,
            "reason": f"{self._bundle.manifest.sender.name} {self._bundle.digest[:12]}",
            "year": self._bundle.manifest.year,
            "taken_over": 0,
        }
        self._number = self._store.insert("delivery", values)
        wanted: Any = [each.piece for each in new]
        with closing(run(read_piece, wanted, self._options, jobs)) as results:  # type: ignore[arg-type]
            return [self._entered(each, result) for each, result in zip(new, results, strict=True)]

    def _entered(self, new: _New, result: Any) -> Receipt:
        said, content = new.said, result.content if isinstance(result, Read) else None
        if content is None:
            why = result.findings[0]["message"] if result.findings else ""
            words = {"file": self._bundle.file, "name": said["file"], "reason": why}
            raise Unreadable(make_finding("bundle.report", said["digest"], **words))
        if said["original"]:
            self._compare(new, content)
        place = self._placed.units[said["unit"]], said["year"]
        newest = self._newest.get(place)
        same = newest if newest and newest.is_same(content) else None
        values = {
            "received": self._file(new.original),
            "part": new.part,
            "file": said["file"],
            "digest": said["digest"],
            "for_year": place[1],
            "unit": place[0],
            "how": HOW if new.below else "original",
            "same_as": same.submission if same else None,
            **cover_of(content),
        }
        number = self._store.insert("submission", values)
        write_cells(self._store, number, content.edition, content.cells)
        texts, digests = ({key: pair[at] for key, pair in content.texts.items()} for at in (0, 1))
        write_texts(self._store, number, texts, digests)
        below = {"from": self._placed.sender, "submission": said["submission"], "bundle": self._bundle.digest}
        self._store.event("received", self._receiver._hand, unit=place[0], year=place[1], submission=number,  # noqa: SLF001
                          below=below, findings=said["findings"])  # fmt: skip
        more = [] if same else list(alike.findings(self._store, number, *place, self._names))
        told = [finding.as_dict(self._options.lang) for finding in more]
        counts = append_first_check(self._store, number, result, told)
        if not same:
            rest = content.digests[1:]
            self._newest[place] = Newest(
                number, said["file"], self._number, content.digests[0], rest, content.published
            )
        return Receipt(said["file"], UNCHANGED if same else RECEIVED, number, *place, *counts)

    def _compare(self, new: _New, content: Any) -> None:
        """Refuse an original that says other numbers or texts than the report that was made of it."""
        try:
            report = from_json(new.line, new.said["file"])
        except Unreadable as refusal:
            words = {"file": self._bundle.file, "name": new.said["file"], "reason": refusal.findings[0].message()}
            raise Unreadable(make_finding("bundle.report", new.said["digest"], **words)) from refusal
        report = replace(report, narrative={**report.narrative, **_not_held(new.line, content)})
        if (cells_digest(report).hex(), texts_digest(report).hex()) != content.digests[:2]:
            words = {"file": self._bundle.file, "name": new.said["file"]}
            raise Unreadable(make_finding("bundle.original_differs", new.said["digest"], **words))

    def _file(self, original: Original) -> int:
        """Return the number of a kept file, which is entered when the first of it is."""
        row = self._store.row("SELECT id FROM received WHERE digest = ?", [original.digest])
        if row:
            return int(row["id"])
        values = {"delivery": self._number, "digest": original.digest, "file": printable(original.file),
                  "ending": original.ending, "size": original.size}  # fmt: skip
        return self._store.insert("received", values)


def _not_held(line: bytes, content: Any) -> dict[str, str]:
    """Return the texts of an original that are too long for the line that was made of it, which says so."""
    listed = json.loads(line).get("draft", ())
    lost = {each.get("at") for each in listed if each.get("code") == "text.too_long"}
    return {key: text for key, (text, _) in content.texts.items() if key in lost}


def follow_places(store: Store, bundle: Bundle, placed: Placed, known: dict[str, int]) -> None:
    """Give what was here already to the units that the bundle has it for, unless somebody here said whose it is."""
    places = {row["submission"]: (row["unit"], row["year"]) for row in store.rows("SELECT * FROM assigned")}
    said_here = {
        row["submission"]
        for row in store.rows("SELECT submission, detail FROM event WHERE kind = 'assigned'")
        if "below" not in json.loads(row["detail"])
    }
    gone = {row["id"] for row in store.rows("SELECT id FROM submission WHERE edition IS NULL OR erased IS NOT NULL")}
    with bundle.pairs() as pairs:
        for _, said in pairs:
            number = known.get(said["digest"])
            wanted = placed.units[said["unit"]], said["year"]
            if number is None or number in said_here or number in gone or places.get(number) == wanted:
                continue
            below = {"from": placed.sender, "bundle": bundle.digest}
            store.event("assigned", _hand_of(bundle), unit=wanted[0], year=wanted[1], submission=number, below=below)


def _hand_of(bundle: Bundle) -> Hand:
    from workbook.collect.hand import Hand

    return Hand(printable(bundle.manifest.sender.name))


def _remove(store: Store, kept: list[Path]) -> None:
    """Remove what was kept of a bundle that is not taken, but for what the collection had already."""
    query = "SELECT digest FROM received WHERE erased IS NULL UNION ALL SELECT digest FROM register"
    known = {row["digest"] for row in store.rows(query)}
    for path in kept:
        if path.stem not in known:
            path.unlink(missing_ok=True)
