"""Which report a file holds: two files of one body and year with the same numbers hold the same one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.intake.kinds import of_ending
from workbook.report import content_digest
from workbook.report.digest import cells_digest, texts_digest
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.report import Report


@dataclass(frozen=True, slots=True)
class Identity:
    """What is kept of a report to know it again.

    Args:
        office: whose it is and of which year; ``None`` where one of them is missing: then nothing is like it.
        cells: the digest of its numbers.
        texts: the digest of its texts.
        exact: whether the texts are as they were written; what is published has other line breaks.
        content: the digest of all that it says.
        copy_of: those of what it is a marked copy of.
    """

    office: tuple[str, int] | None
    cells: bytes
    texts: bytes
    exact: bool
    content: str
    copy_of: tuple[str, ...] = ()

    def is_same(self, other: Identity) -> bool:
        """Say whether another report is this one."""
        if self.office is None or self.office != other.office:
            return self.content == other.content and (self.content in self.copy_of or other.content in other.copy_of)
        texts_count = self.exact and other.exact
        return self.cells == other.cells and (self.texts == other.texts or not texts_count)


def identify(path: Path, report: Report) -> Identity:
    """Return what is kept of a report that was read from a file."""
    name = squeezed(report.body.name) or report.body.credit_code
    kind = of_ending(path.suffix.partition("#")[0])
    return Identity(
        office=(name, report.year) if name and report.year else None,
        cells=cells_digest(report),
        texts=texts_digest(report),
        exact=kind is None or not kind.published,
        content=content_digest(report),
        copy_of=report.copy_of,
    )
