"""A report that was handed up: the collection below had its file, here is the document that was made of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.files import parse
from workbook.report import Source
from workbook.report.compare import DRAFT
from workbook.report.fold import count, fold
from workbook.report.values import Waiver

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from workbook.collect.store import Store
    from workbook.jobs.result import Result
    from workbook.report import Finding, Report

HOW = "bundle"
"""By what a submission was assigned that was handed up from below (``submission.how``)."""
_BESIDE = ("year.", "unit.")
"""What is found beside other reports: every collection looks for that among its own."""


@dataclass(frozen=True)
class Below:
    """What is known of a report beside its document.

    Args:
        digest: SHA-256 of the file that was received below, by which it is known at all levels.
        template: version of the template of that file.
        published: whether it came as a page, Word, PDF or text.
        findings: what only the reading of that file could find, as JSON has findings.
    """

    digest: str
    template: str | None = None
    published: bool = False
    findings: tuple[dict[str, Any], ...] = field(default=(), repr=False)

    def read(self, data: bytes, name: str) -> Report:
        """Return the report in a document, as one that was read from the file below.

        Raises:
            Unreadable: it is no report.
        """
        return replace(parse(data, name), source=Source(Path(name).name, self.digest, self.template))

    def beside(self, result: Result) -> tuple[list[dict[str, Any]], tuple[int, int]]:
        """Return what was found in a document with what the reading below found, and how many mistakes that are."""
        own = [each for each in result.findings if each["code"] != DRAFT]
        known = set(map(_identity, own))
        findings = [*own, *(each for each in self.findings if _identity(each) not in known)]
        counts = count(fold(findings, result.edition))
        return findings, (counts["error"], counts["warning"])


def waivers_in(findings: Iterable[Mapping[str, Any]]) -> tuple[Waiver, ...]:
    """Return the waivers that findings were accepted by, each once."""
    return tuple(dict.fromkeys(Waiver(**each["waived"]) for each in findings if each.get("waived")))


def only_read(kept: Iterable[dict[str, Any]], found: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return what only the reading of a file could find.

    Args:
        kept: what its check found.
        found: what a check of its numbers and texts alone finds, which every collection does again.
    """
    known = {finding.identity for finding in found}
    return [each for each in kept if _identity(each) not in known and not each["code"].startswith((*_BESIDE, DRAFT))]


def known_of(store: Store, submission: int) -> Below | None:
    """Return what is known of a submission that was handed up; ``None`` of one that was received here."""
    row = store.row("SELECT how, digest, template, published FROM submission WHERE id = ?", [submission])
    if row is None or row["how"] != HOW:
        return None
    said = store.row(
        "SELECT detail FROM event WHERE kind = 'received' AND submission = ? ORDER BY id LIMIT 1", [submission]
    )
    findings = tuple(json.loads(said["detail"]).get("findings", ())) if said else ()
    return Below(row["digest"], row["template"], bool(row["published"]), findings)


def _identity(finding: Mapping[str, Any]) -> tuple[str, str]:
    return finding["code"], finding["at"]
