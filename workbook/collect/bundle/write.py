"""Writes a bundle: the same state gives the same bytes, and that it was written is noted exactly when it stands."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import asdict, dataclass, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from workbook import __version__
from workbook.checks import check
from workbook.collect.below import known_of, only_read, waivers_in
from workbook.collect.bundle import layout, pending, scope
from workbook.collect.bundle.sums import sums
from workbook.collect.incoming import bytes_at
from workbook.collect.reports import findings_of, original_of, report_of
from workbook.collect.wide import cells_of
from workbook.document.document import dump, to_document
from workbook.files import saving
from workbook.intake.kinds import endings
from workbook.report import Unreadable

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from workbook.collect.bundle.scope import Scope
    from workbook.collect.hand import Hand
    from workbook.collect.store import Store

_TOGETHER = 200
"""Reports whose cells are read at once."""
_BEGINNING = (1980, 1, 1, 0, 0, 0)
"""The time of every member: that of writing would make other bytes of the same state."""


@dataclass(frozen=True)
class Exported:
    """What was handed up: digest of the file, the moment that it is of, and how much of what is in it.

    ``unplaced`` are the submissions that are nobody's and so not in it; ``without_original`` the reports whose file is
    not kept here, where originals were asked for; ``cut`` the files with a text that no line can hold, so that
    it goes up with their originals only, where these do not go along.
    """

    digest: str
    as_of: dt.datetime
    units: int
    reports: int
    decisions: int
    originals: int
    without_original: int
    unplaced: int
    cut: tuple[str, ...] = ()


class _Bundle:
    """An archive that is being written, and the digests of its members."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self.members: dict[str, tuple[str, int]] = {}

    def add(self, name: str, blocks: Iterable[bytes], *, packed: bool = True) -> int:
        """Write a member block by block, and return how many blocks it had."""
        about = zipfile.ZipInfo(name, _BEGINNING)
        about.create_system, about.external_attr = 3, 0o644 << 16
        about.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        digest, size, count = hashlib.sha256(), 0, 0
        with self._archive.open(about, "w", force_zip64=packed) as member:
            for block in blocks:
                digest.update(block)
                size += member.write(block)
                count += 1
        self.members[name] = digest.hexdigest(), size
        return count


def write(
    store: Store, wanted: Scope, path: Path, hand: Hand, *, originals: bool = False, force: bool = False
) -> Exported:
    """Write what is handed up, and note it.

    Args:
        store: the collection, which is held for writing.
        wanted: the units, the sender and the year.
        path: the file.
        hand: who hands up.
        originals: whether the received files go along.
        force: whether a file of that name is replaced.

    Raises:
        FileExistsError: there is one, and ``force`` is not given.
        OSError: it cannot be written.
    """
    rows, cut = scope.submissions(store, wanted), list[str]()
    with saving(path, force=force) as part:
        with zipfile.ZipFile(part, "x", compresslevel=6) as archive:
            manifest = _written(store, wanted, rows, _Bundle(archive), cut, originals=originals)
        digest = _digest(part)
        pending.begin(store, path, digest, wanted, [row["id"] for row in rows], hand)
    pending.settle(store)
    return Exported(digest, manifest.as_of, **manifest.counts, unplaced=scope.unplaced(store), cut=tuple(cut))


def _written(
    store: Store, wanted: Scope, rows: Sequence[dict[str, Any]], bundle: _Bundle, cut: list[str], *, originals: bool
) -> layout.Manifest:
    bundle.add(layout.KIND, [layout.MIME.encode()], packed=False)
    kept = {row["id"]: name for row in rows if (name := _original(store, row))} if originals else {}
    receipts: list[bytes] = []
    bundle.add(layout.REPORTS, _reports(store, rows, kept, receipts, cut))
    bundle.add(layout.RECEIPTS, receipts)
    decided = bundle.add(layout.DECISIONS, (_line(each) for each in scope.decisions(store, wanted)))
    bundle.add(layout.REGISTER, [_line([asdict(unit) for unit in wanted.units])])
    for number, name in sorted(kept.items(), key=lambda item: item[1]):
        bundle.add(name, [bytes_at(*original_of(store, number))])
    if wanted.sender.unit:
        bundle.add(layout.ROLLUP, [_line(sums(store, wanted.sender.unit, wanted.year))])
    counts = {
        "units": len(wanted.units),
        "reports": len(rows),
        "decisions": decided,
        "originals": len(kept),
        "without_original": len(rows) - len(kept) if originals else 0,
    }
    as_of = scope.newest(store, wanted, rows)
    manifest = layout.Manifest(__version__, wanted.sender, wanted.year, as_of, counts, dict(bundle.members))
    bundle.add(layout.MANIFEST, [manifest.to_json()])
    return manifest


def _reports(
    store: Store, rows: Sequence[dict[str, Any]], kept: dict[int, str], receipts: list[bytes], cut: list[str]
) -> Iterator[bytes]:
    """Yield a line a report, and note the receipt that belongs to it, and whose texts no line can hold."""
    for start in range(0, len(rows), _TOGETHER):
        some = rows[start : start + _TOGETHER]
        cells = dict(cells_of(store, [(row["id"], row["edition"]) for row in some]))
        for row in some:
            number = row["id"]
            findings = findings_of(store, number)
            report = replace(report_of(store, number, cells[number]), waivers=waivers_in(findings))
            found = check(report)
            below = known_of(store, number)
            told = list(below.findings) if below else only_read(findings, found)
            lost = [finding.as_dict() for finding in found if finding.code == "text.too_long"]
            if lost and number not in kept:
                told += lost
                cut.append(row["file"])
            receipts.append(_receipt(store, row, told, kept.get(number)))
            yield dump(to_document(report, found), line=True)


def _receipt(store: Store, row: dict[str, Any], told: list[dict[str, Any]], original: str | None) -> bytes:
    newest = "SELECT errors, warnings FROM checked WHERE submission = ? ORDER BY id DESC LIMIT 1"
    checked = store.row(newest, [row["id"]])
    errors, warnings = checked or (0, 0)
    return _line(
        {
            "submission": row["id"],
            "unit": row["unit"],
            "year": row["for_year"],
            "file": row["file"],
            "digest": row["digest"],
            "received": row["handed_in"],
            "delivery": row["delivery"],
            "template": row["template"],
            "published": bool(row["published"]),
            "errors": errors,
            "warnings": warnings,
            "findings": told,
            "original": original,
        }
    )


def _original(store: Store, row: dict[str, Any]) -> str | None:
    """Return the name of the member that holds the file of a submission; ``None`` where it is not kept here."""
    try:
        data = bytes_at(*original_of(store, row["id"]))
    except (LookupError, Unreadable):
        return None
    if hashlib.sha256(data).hexdigest() != row["digest"]:
        return None
    ending = PurePosixPath(row["file"].partition("#")[0]).suffix.lower()
    ending = ".json" if "#" in row["file"] else ending
    return f"{layout.ORIGINALS}{row['digest']}{ending if ending in endings() else ''}"


def _line(said: Any) -> bytes:
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
