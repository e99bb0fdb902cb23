"""One piece read and checked, in whatever process: what the store is then told of it."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, fields, replace
from math import log2
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook import __version__
from workbook.checks.copied import copied
from workbook.collect.incoming import bytes_of
from workbook.exits import FAULTY, SOUND
from workbook.files import shown
from workbook.intake.lines import file_of
from workbook.jobs.file import result_of, with_report
from workbook.jobs.identity import identify
from workbook.jobs.result import Options, Result, Task
from workbook.report import Unreadable
from workbook.report.fold import count
from workbook.report.values import Body, squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.collect.below import Below
    from workbook.collect.incoming import Piece
    from workbook.report import Finding, Report
    from workbook.report.values import Value

KIT = __version__
"""The version of the kit that checks."""
_YEARS = re.compile(r"\d{4}(?=年)")


@dataclass(frozen=True)
class Content:
    """What the store keeps of a report: cover, cells, texts, and what tells it from others.

    ``weight`` is how telling the numbers are, in bits; ``texts`` has with each text its digest without years and the
    office's own name, ``None`` where it is too short to be told from any other.
    """

    edition: str
    year: int | None
    body: Body
    cells: Mapping[str, Value]
    texts: Mapping[str, tuple[str, str | None]]
    template: str | None
    published: bool
    digests: tuple[str, str, str]
    weight: int


@dataclass(frozen=True)
class Read(Result):
    """What came of a piece: the digest of its bytes, its content, last year's submission that it was checked beside."""

    digest: str = ""
    content: Content | None = field(default=None, repr=False)
    previous: int | None = None
    mistakes: int = 0
    doubts: int = 0


def read_piece(piece: Piece, options: Options) -> Result:
    """Read and check a piece; one that cannot be read gives the findings that say why.

    ``options.previous`` are the reports of the year before that the collection has.
    """
    name = shown(piece.source)
    if piece.refused:
        return Read(name, 3, [piece.refused.as_dict(options.lang)], digest=digest_of(piece))
    try:
        data = bytes_of(piece)
    except Unreadable as refusal:
        findings = [finding.as_dict(options.lang) for finding in refusal.findings]
        return Read(name, 3, findings, digest=digest_of(piece))
    if piece.below:
        return _read_below(Task(piece.source, data=data), piece.below, options)
    root = piece.source.parent if piece.found else None
    return read_bytes(Task(piece.source, root=root, data=data), options)


def read_bytes(task: Task, options: Options) -> Result:
    """Read and check what was read already."""
    data = task.data or b""
    digest = hashlib.sha256(data).hexdigest()

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        previous = options.previous.number(report) if options.previous else None  # type: ignore[attr-defined]
        result = result_of(task, options, report, findings)
        counts = count(result.causes)
        return _as_read(
            result,
            digest=digest,
            content=content_of(report, task.source),
            previous=previous,
            mistakes=counts["error"],
            doubts=counts["warning"],
        )

    result = with_report(task, options, make)
    if isinstance(result, Read) or result.is_skipped:
        return result
    return _as_read(result, digest=digest)


def _read_below(task: Task, below: Below, options: Options) -> Result:
    """Read and check the document of a report that was handed up; what its reading below found counts too."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        previous = options.previous.number(report) if options.previous else None  # type: ignore[attr-defined]
        found, (mistakes, doubts) = below.beside(result_of(task, options, report, findings))
        content = replace(content_of(report, task.source), published=below.published)
        return Read(
            shown(task.source), FAULTY if mistakes else SOUND, found, report.edition, report.year, report.body.name,
            digest=below.digest, content=content, previous=previous, mistakes=mistakes, doubts=doubts,
        )  # fmt: skip

    result = with_report(task, options, make, below.read)
    return result if isinstance(result, Read) else _as_read(result, digest=below.digest)


def _as_read(result: Result, **more: Any) -> Read:
    return Read(**{each.name: getattr(result, each.name) for each in fields(result)}, **more)


def digest_of(piece: Piece) -> str:
    """Return what an unreadable piece is known by: the digest of its file, with its part."""
    if piece.original is None:
        return ""
    return f"{piece.original.digest}#{piece.part}" if piece.part else piece.original.digest


def content_of(report: Report, source: Path) -> Content:
    """Return what the store keeps of a report that was read from a file of a name."""
    identity = identify(file_of(source), report)
    own = squeezed(report.body.name)
    return Content(
        edition=report.edition,
        year=report.year,
        body=report.body,
        cells=dict(report.cells),
        texts={key: (text, text_digest(text, own)) for key, text in report.narrative.items() if text},
        template=report.source.template if report.source else None,
        published=not identity.exact,
        digests=(identity.cells.hex(), identity.texts.hex(), identity.body.hex()),
        weight=weight(report),
    )


def weight(report: Report) -> int:
    """Return how telling the numbers of a report are, in bits: what is entered, each number by how large it is."""
    free = report.cells.keys() - report.form.calculated.keys()
    return int(sum(log2(1 + abs(value)) for key in free if (value := _number(report.cells[key]))))


def _number(value: Any) -> float:
    return 0 if value is None or isinstance(value, str) else min(float(abs(value)), 2.0**40)


def text_digest(text: str, own: str) -> str | None:
    """Return the digest of a text as copies are told: without blanks, years and the office's own name."""
    what = copied()
    plain = _YEARS.sub("", squeezed(text))
    if own:
        plain = plain.replace(own, "")
    if len(plain) < what.characters:
        return None
    return hashlib.blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
