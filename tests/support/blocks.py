"""A published file as blocks."""

from __future__ import annotations

from workbook.intake.kinds import kind_of
from workbook.match.grid import Document
from workbook.report import Unreadable


def read(data: bytes, file: str) -> Document | None:
    """Return the blocks of a published file; ``None`` where it is of no kind that is read as blocks."""
    try:
        kind = kind_of(data, file)
    except Unreadable as error:
        if {finding.code for finding in error.findings} <= {"file.not_a_workbook", "file.old_format"}:
            return None
        raise
    read = kind.read(data, file) if kind.published else None
    assert read is None or isinstance(read, Document)
    return read
