"""Which report a file holds: two files of one body and year with the same numbers hold the same one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.intake.kinds import of_ending
from workbook.records import dataclass
from workbook.report import content_digest
from workbook.report.digest import body_digest, cells_digest, texts_digest
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from workbook.report import Report, Waiver


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of a report to know it again.

    Args:
        office: whose it is and of which year; ``None`` where one of them is missing: then nothing is like it.
        cells: the digest of its numbers.
        texts: the digest of its texts.
        body: the digest of what the cover says of the office.
        exact: whether the texts are as they were written; what is published has other line breaks.
        content: the digest of all that it says.
        copy_of: those of what it is a marked copy of.
        waivers: its accepted warnings about the batch.
    """

    office: tuple[str, int] | None
    cells: bytes
    texts: bytes
    body: bytes
    exact: bool
    content: str
    copy_of: tuple[str, ...] = ()
    waivers: tuple[Waiver, ...] = ()

    def is_same(self, other: Identity) -> bool:
        """Say whether another report is this one."""
        if self.office is None or self.office != other.office:
            return self.content == other.content and (self.content in self.copy_of or other.content in other.copy_of)
        all_counts = self.exact and other.exact
        return self.cells == other.cells and ((self.texts, self.body) == (other.texts, other.body) or not all_counts)


def identify(path: Path, report: Report, waivers: Iterable[Waiver] = ()) -> Identity:
    """Return what is kept of a report that was read from a file; ``waivers`` are all that are of it."""
    name = squeezed(report.body.name) or report.body.credit_code
    kind = of_ending(path.suffix.partition("#")[0])
    return Identity(
        office=(name, report.year) if name and report.year else None,
        cells=cells_digest(report),
        texts=texts_digest(report),
        body=body_digest(report),
        exact=kind is None or not kind.published,
        content=content_digest(report),
        copy_of=report.copy_of,
        waivers=tuple(waiver for waiver in waivers if waiver.code.strip().startswith("batch.")),
    )
