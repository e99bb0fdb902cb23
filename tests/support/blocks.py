"""A published file as blocks."""

from __future__ import annotations

import time

import pytest

from workbook.intake.kinds import kind_of
from workbook.match.grid import Document, Grid, Paragraph
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


Values = list[list[str | None]]

GARBAGE = bytes(range(256)) * 64


def grids(document: Document | None) -> list[Values]:
    """Return the values of all grids."""
    assert document
    return [[[cell.value for cell in row] for row in grid.rows] for grid in document.blocks if isinstance(grid, Grid)]


def paragraphs(document: Document | None) -> list[str]:
    """Return the texts of all paragraphs."""
    assert document
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def refusal(data: bytes) -> str:
    """Return the code with which a file is refused, in a bearable time."""
    start = time.monotonic()
    with pytest.raises(Unreadable) as caught:
        read(data, "a")
    assert time.monotonic() - start < 20
    return caught.value.findings[0].code
