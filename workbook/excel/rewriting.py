"""A workbook written anew by openpyxl, plainly: what cannot be patched as it is can be patched then.

What openpyxl drops and can be put back is put back: stored results of formulas, fonts and boxes of notes.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from workbook.excel.address import spot
from workbook.excel.editing import opened, saved
from workbook.excel.findings_sheet import COPY, RESULTS
from workbook.excel.notes import boxes, formatted, with_fonts
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.grid import Grid, at
from workbook.report import Unreadable, make_finding, plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook

    from workbook.excel.address import Spot
    from workbook.excel.reading.package import Package
    from workbook.report import Report

_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>)<v ?/?>(?:</v>)?</c>')
_FAULTS = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError)
"""What openpyxl raises of what it cannot read, its XML errors among it."""


def rewritten(package: Package, report: Report, *, converted: bool) -> bytes:
    """Return a workbook written anew, without the sheets that a marked copy has of its own.

    Where texts were converted to numbers it has the numbers, with the totals that follow; other formulas are then left
    to be calculated.

    Raises:
        Unreadable: openpyxl cannot read it.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    file = package.file
    try:
        book = opened(package)
        results = _convert(book, report) if converted else None
        _size_notes(book, package)
        for own in {RESULTS, COPY}.intersection(book.sheetnames):
            del book[own]
        names = [sheet.title for sheet in book.worksheets]
        parts = {name: f"xl/worksheets/sheet{index}.xml" for index, name in enumerate(names, 1)}
        results = _held(package, names) if results is None else results
        return _with_results(with_fonts(saved(book), file, formatted(package), parts), results, parts)
    except (*_FAULTS, InvalidFileException, zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable(make_finding("file.damaged", file=file, reason=f"openpyxl: {error}"[:200])) from error


def _convert(book: Workbook, report: Report) -> dict[str, Grid]:
    """Write the numbers of a report where other values stand; return the results of the formulas among its cells."""
    results: dict[str, Grid] = {}
    for key, place in report.places.items():
        value = report.cells.get(key)
        if place.sheet not in book.sheetnames or not isinstance(value, int | Decimal):
            continue
        cell = _top_left(book[place.sheet], place.address)
        if cell.data_type == "f":
            _lay(results.setdefault(place.sheet, []), spot(cell.coordinate), plain(value))
        elif cell.value != plain(value):
            cell.value, cell.quotePrefix = plain(value), False
            if cell.number_format == "@":
                cell.number_format = "General"
    book.calculation.fullCalcOnLoad = True
    return results


def _lay(grid: Grid, at: Spot, value: float) -> None:
    """Put a value into a grid that grows as far as needed."""
    row, column = at
    grid.extend([] for _ in range(len(grid), row + 1))
    grid[row].extend("" for _ in range(len(grid[row]), column + 1))
    grid[row][column] = value


def _size_notes(book: Workbook, package: Package) -> None:
    """Give notes the boxes that they had; openpyxl would make all of one size."""
    for name in package.sheets.keys() & set(book.sheetnames):
        for (row, column), (width, height) in boxes(package, name).items():
            cell = book[name]._cells.get((row + 1, column + 1))  # noqa: SLF001 - no blank ones made
            if cell is not None and cell.comment is not None:
                cell.comment.width, cell.comment.height = width, height


def _top_left(sheet: Any, address: str) -> Any:
    """Return a cell, or the one that stands for it where it was merged with others."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _held(package: Package, names: Sequence[str]) -> dict[str, Grid]:
    """Return what the sheets of a workbook hold, the results of its formulas among it."""
    book = FileWorkbook(package)
    return {name: book.held(name) for name in names}


def _with_results(marked: bytes, results: Mapping[str, Grid], parts: Mapping[str, str]) -> bytes:
    """Put the stored results of formulas back, which openpyxl drops and previewers cannot calculate."""
    grids = {part: results.get(name) for name, part in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(marked)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            content = source.read(info)
            grid = grids.get(info.filename)
            if grid is not None:
                content = _FORMULA.sub(partial(_stored, grid), content)
            target.writestr(info, content)
    return stream.getvalue()


def _stored(grid: Grid, match: re.Match[bytes]) -> bytes:
    address, attributes, formula = match.groups()
    value = at(grid, *spot(address.decode()))
    if value == "":
        return match[0]
    if isinstance(value, bool):
        kind, text = b' t="b"', str(int(value))
    elif isinstance(value, int | float):
        kind, text = b"", repr(value)
    else:
        kind, text = b' t="str"', html.escape(str(value), quote=False)
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (address, attributes, kind, formula, text.encode())
