"""Reads workbooks of other formats (``.xls``, ``.xlsb``, ``.ods``) in a process of its own.

python-calamine cannot be shielded from these formats by vetting a package, and it allocates what a file claims to need.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from workbook.excel.reading.by_position import read_sheets
from workbook.excel.reading.file import unreadable
from workbook.excel.reading.grid import spread
from workbook.excel.reading.package import vet_other_format
from workbook.intake.archive import damaged, too_large
from workbook.intake.isolate import run_isolated
from workbook.intake.limits import AREA_LIMIT, SHEET_COUNT_LIMIT
from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from python_calamine import CalamineWorkbook

    from workbook.excel.address import Spot
    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.visible import Looks
    from workbook.match import Hidden
    from workbook.report import Finding, Place, Report

SECONDS = 5
"""How long the process may take, its start included."""


class MemoryWorkbook:
    """A workbook read whole, as the reader asks of it (``workbook.excel.reading.file.OpenWorkbook``).

    Of the workbooks of other formats only the values are read: their formulas without a result are blank.
    """

    def __init__(
        self,
        grids: dict[str, Grid],
        file: str,
        unseen: dict[str, dict[str, str]] | None = None,
        looks: Mapping[str, Looks] | None = None,
        hidden: Collection[str] = (),
    ) -> None:
        self.file, self.names, self._grids = file, list(grids), grids
        self._unseen, self._looks, self._hidden = unseen or {}, looks or {}, hidden

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values; empty where there is no such sheet."""
        return self._grids.get(name, [])

    def parsed(self, name: str) -> Grid:
        """Return a sheet; all are parsed."""
        return self.grid(name)

    def unseen(self, name: str) -> dict[str, str]:
        """Return by address what reads as blank on a sheet and is not, where that is known."""
        return self._unseen.get(name, {})

    def looks(self) -> Mapping[str, Looks]:
        """Return by sheet what has to be told of its cells, where that is known."""
        return self._looks

    def told(self) -> tuple[Finding, ...]:
        """Return nothing: what was read, was read whole."""
        return ()

    def hidden(self, name: str) -> Hidden:
        """Return whether a sheet is hidden, where that is known."""
        return "hidden" if name in self._hidden else ""

    def named(self) -> dict[str, Place]:
        """Return nothing: names are not read."""
        return {}


def read_other_format(data: bytes, file: str) -> Report:
    """Return the report in a workbook of another format.

    Raises:
        Unreadable: it cannot be read, or holds no report.
    """
    vet_other_format(data, file)
    sheets, looks, hidden = run_isolated("workbook.excel.reading.other_formats:looked_at", data, file, seconds=SECONDS)
    book = MemoryWorkbook(sheets, file, looks=looks or {}, hidden=hidden)
    report = read_sheets(book, hashlib.sha256(data).hexdigest())
    return (
        report
        if looks is not None
        else replace(report, reader_findings=(*report.reader_findings, make_finding("file.look_unknown", file=file)))
    )


def looked_at(data: bytes, file: str) -> tuple[dict[str, Grid], dict[str, Looks] | None, set[str]]:
    """Return the visible values of the sheets of a workbook, what has to be told of them, and which are hidden.

    To be run apart.

    Of other formats than ``.ods`` it is not known how values look: ``None`` stands for what has to be told.

    Raises:
        Unreadable: it cannot be read, or its sheets span too many cells.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = _grids(book, file)
        hidden = {sheet.name for sheet in book.sheets_metadata if sheet.visible != SheetVisibleEnum.Visible}
    except unreadable() as error:
        raise damaged(file, str(error)) from error
    content, common = (_part(data, name) for name in ("content.xml", "styles.xml"))
    if not content:
        return found, None, hidden
    from workbook.excel.reading.ods_looks import look

    try:
        seen = look(content, common, found, hidden)
    except ValueError as error:
        raise damaged(file, str(error)) from error
    return (
        {name: seen[name].laid_over(grid) for name, grid in found.items()},
        {name: sheet.looks for name, sheet in seen.items() if sheet.looks},
        hidden,
    )


def held(data: bytes, file: str) -> dict[str, list[tuple[Spot, Any]]]:
    """Return what the cells of the sheets that are shown hold, as ``spread`` has them. To be run apart.

    Raises:
        Unreadable: it cannot be read, or its sheets span too many cells.
    """
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        grids = _grids(book, file)
        seen = {sheet.name for sheet in book.sheets_metadata if sheet.visible == SheetVisibleEnum.Visible}
        areas = {name: book.get_sheet_by_name(name).merged_cell_ranges or [] for name in grids}
    except unreadable() as error:
        raise damaged(file, str(error)) from error
    if content := _part(data, "content.xml"):
        from workbook.excel.reading.ods_looks import Content

        try:
            areas |= Content(content).areas
        except ValueError as error:
            raise damaged(file, str(error)) from error
    found = {}
    for name in filter(seen.__contains__, grids):
        cells = {
            (row, at): value for row, line in enumerate(grids[name]) for at, value in enumerate(line) if value != ""
        }
        found[name] = list(islice(spread(cells, areas[name]), AREA_LIMIT + 1))
        if len(found[name]) > AREA_LIMIT:
            raise too_large(file, f"不止 {AREA_LIMIT} 格", f"more than {AREA_LIMIT} cells", AREA_LIMIT)
    return found


def _part(data: bytes, name: str) -> bytes:
    """Return a part of a vetted package; nothing where there is none."""
    if not data.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name) if name in archive.namelist() else b""


def _grids(book: CalamineWorkbook, file: str) -> dict[str, Grid]:
    """Return the sheets of a workbook, each as rows of values."""
    found: dict[str, Any] = {}
    cells = 0
    for name in book.sheet_names[:SHEET_COUNT_LIMIT]:
        sheet = book.get_sheet_by_name(name)
        cells += (sheet.total_height or 0) * (sheet.total_width or 0)
        if cells > AREA_LIMIT:
            raise too_large(file, f"所占区域有 {cells} 格", f"sheets span {cells} cells", AREA_LIMIT)
        found[name] = sheet.to_python(skip_empty_area=False)
    return found
