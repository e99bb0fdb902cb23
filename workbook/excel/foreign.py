"""Reads workbooks of other formats (``.xls``, ``.xlsb``, ``.ods``) in a process of its own.

python-calamine cannot be shielded from these formats by vetting a package, and it allocates what a file claims to need.
So it runs where a death, a hang or a hunger for memory costs nothing but that process.
"""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import sys
from typing import TYPE_CHECKING, Any

from workbook.excel.package import AREA_LIMIT, SHEET_COUNT_LIMIT, damaged, too_large, vet_foreign
from workbook.excel.read import read_sheets
from workbook.report import Unreadable, note

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from workbook.excel.grid import Grid
    from workbook.report import Report

SECONDS = 5
"""How long the process may take, its start included."""

MEMORY_LIMIT = 600 * 2**20
"""Bytes of address space that the process may take, where the system can limit it."""


class Foreign:
    """A workbook read whole, as the reader asks of it (``workbook.excel.book.Sheets``)."""

    def __init__(self, grids: dict[str, Grid], file: str) -> None:
        self.file, self.names, self._grids = file, list(grids), grids

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values; empty where there is no such sheet."""
        return self._grids.get(name, [])

    def parsed(self, name: str) -> Grid:
        """Return a sheet; all are parsed."""
        return self.grid(name)

    def unseen(self, name: str) -> dict[str, str]:  # noqa: ARG002 - these formats are read for their values only
        """Return nothing: formulas without a result read as blank."""
        return {}


def read_foreign(data: bytes, file: str) -> Report:
    """Return the report in a workbook of another format.

    Raises:
        Unreadable: it cannot be read, or holds no report.
    """
    vet_foreign(data, file)
    return read_sheets(Foreign(_grids(data, file), file), hashlib.sha256(data).hexdigest())


def _grids(data: bytes, file: str) -> dict[str, Grid]:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_read, args=(data, theirs), daemon=False)
    process.start()
    theirs.close()
    try:
        if not ours.poll(SECONDS):
            raise Unreadable(note("file.crashed", file=file))
        kind, answer = ours.recv()
    except (EOFError, OSError) as error:
        raise Unreadable(note("file.crashed", file=file)) from error
    finally:
        process.kill()
        process.join()
    if kind == "large":
        raise too_large(file, f"所占区域有 {answer} 格", f"sheets span {answer} cells", AREA_LIMIT)
    if kind == "error":
        raise damaged(file, str(answer))
    return dict(answer)


def _read(data: bytes, answer: Connection) -> None:
    """Run in the process: send the sheets, or why not."""
    _limit_memory()
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets: list[tuple[str, Any]] = []
        cells = 0
        for name in book.sheet_names[:SHEET_COUNT_LIMIT]:
            sheet = book.get_sheet_by_name(name)
            cells += (sheet.total_height or 0) * (sheet.total_width or 0)
            if cells > AREA_LIMIT:
                answer.send(("large", cells))
                return
            sheets.append((name, sheet.to_python(skip_empty_area=False)))
    except Exception as error:  # noqa: BLE001 - whatever the library raises is told
        answer.send(("error", str(error)[:200]))
    else:
        answer.send(("sheets", sheets))


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
