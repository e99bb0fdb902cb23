"""Marks a copy of the user's own workbook: faulty cells coloured and commented, and a sheet 校验结果 with links.

The copy says on a very hidden sheet what it was made of, so that one that comes back is told from its original,
whatever its name, by every program's way of saving it. A copy of a copy names both.
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

from workbook.checks.text_numbers import CONVERTED
from workbook.excel.address import a1, link_target, spot
from workbook.excel.editing import opened, saved
from workbook.excel.findings_sheet import (
    BAD,
    BLUE,
    COPY,
    GOOD,
    HEAD_TINT,
    HEADS,
    LEVEL,
    LINK,
    RESULTS,
    WIDTHS,
    marks,
    place_of,
    rows,
    tint,
    verdict,
)
from workbook.excel.notes import THREAD, boxes, formatted, with_fonts
from workbook.excel.reading.by_position import read_workbook
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.grid import Grid, at
from workbook.excel.reading.package import Package
from workbook.excel.template.styles import lines
from workbook.report import Finding, Report, Unreadable, content_digest, make_finding, plain
from workbook.report.fold import Cause, fold
from workbook.report.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from openpyxl import Workbook

    from workbook.excel.address import Spot

_AUTHOR = "年报工具箱"
_BOX = 360, 180  # width and height of a comment, in pixels
_THREADS = (
    "本副本里有 {count} 处会话批注成了普通批注：文字都在，不能再接着回复；这些格子没有加批注，问题见上表。原件没有变。"
)
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>)<v ?/?>(?:</v>)?</c>')


def mark(data: bytes, report: Report, findings: Sequence[Finding]) -> bytes:
    """Return a copy of a workbook in which the findings are marked; stored results of formulas are kept.

    Where findings tell of texts that were converted to numbers, the copy has the numbers, with the totals that follow;
    other formulas are then left to be calculated.

    Args:
        data: the workbook as it was read.
        report: what ``read_workbook`` returned for it, with those numbers.
        findings: what ``check`` returned for the report.

    Raises:
        Unreadable: the workbook can be read but not edited.
    """
    return mark_found(data, report, [finding.as_dict() for finding in findings])


def mark_found(data: bytes, report: Report, findings: Sequence[Mapping[str, Any]]) -> bytes:
    """Do the same with findings as they are kept: dictionaries, as ``Finding.as_dict`` gives them.

    Raises:
        Unreadable: the workbook can be read but not edited.
    """
    from openpyxl.utils.exceptions import InvalidFileException

    file = report.source.file if report.source else ""
    faults = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError)  # its XML errors too
    try:
        book = opened(data, file)
        results, made_of = None, report
        if any(finding["code"] == CONVERTED for finding in findings):
            results, made_of = _convert(book, report), read_workbook(data, file)
        causes = fold(findings, report.edition)
        package = Package(data, file)
        _size_notes(book, package)
        threads = _mark_cells(book, causes)
        _results(book, causes, stamp(report.source.sha256 if report.source else None, "zh"), threads)
        _remember(book, (*report.copy_of, content_digest(made_of)))
        names = [sheet.title for sheet in book.worksheets]
        if results is None:
            results = _held(data, file, names)
        parts = {name: f"xl/worksheets/sheet{index}.xml" for index, name in enumerate(names, 1)}
        marked = _with_results(with_fonts(saved(book), file, formatted(package), parts), results, parts)
    except (*faults, InvalidFileException, zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable(make_finding("file.damaged", file=file, reason=f"openpyxl: {error}"[:200])) from error
    if not _is_whole(marked, report, file):
        raise Unreadable(make_finding("file.damaged", file=file, reason="openpyxl would lose a part of it"))
    return marked


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


def _is_whole(marked: bytes, report: Report, file: str) -> bool:
    """Say whether a marked copy still holds the report."""
    try:
        return content_digest(read_workbook(marked, file)) == content_digest(report)
    except Unreadable:
        return False


def _size_notes(book: Workbook, package: Package) -> None:
    """Give notes the boxes that they had; openpyxl would make all of one size."""
    for name in package.sheets.keys() & set(book.sheetnames):
        for (row, column), (width, height) in boxes(package, name).items():
            cell = book[name]._cells.get((row + 1, column + 1))  # noqa: SLF001 - no blank ones made
            if cell is not None and cell.comment is not None:
                cell.comment.width, cell.comment.height = width, height


def _mark_cells(book: Workbook, causes: Sequence[Cause]) -> int:
    """Colour the cells that findings speak of, and say why in a comment, after what the cell's own comment says.

    Return how many threaded comments the workbook has: openpyxl keeps their words as notes, which are left as they are.
    """
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    for mark in marks(causes):
        if mark.sheet in book.sheetnames:
            cell = _top_left(book[mark.sheet], mark.address)
            cell.fill = PatternFill("solid", fgColor=f"FF{mark.tint}")
            if not mark.text or _is_thread(cell):
                continue
            own = cell.comment
            text = f"{own.text}\n\n{mark.text}" if own else mark.text
            width, height = (max(own.width, _BOX[0]), max(own.height, _BOX[1])) if own else _BOX
            cell.comment = Comment(text, _AUTHOR, width=width, height=height)

    cells = (cell for sheet in book.worksheets for cell in sheet._cells.values())  # noqa: SLF001 - no blank ones made
    return sum(map(_is_thread, cells))


def _is_thread(cell: Any) -> bool:
    return cell.comment is not None and str(cell.comment.author).startswith(THREAD)


def _top_left(sheet: Any, address: str) -> Any:
    """Return a cell, or the one that stands for it where it was merged with others."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _results(book: Workbook, causes: Sequence[Cause], made: str, threads: int) -> None:
    """Add the sheet of results, or lay it anew.

    Below the list stands ``made``, when and of what it was made, and what became of the threaded comments.
    """
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    if RESULTS in book.sheetnames:
        del book[RESULTS]
    sheet: Any = book.create_sheet(RESULTS, 0)
    sheet.append([f"校验结果：{verdict(causes)}"])
    bad = any(cause.status == "error" for cause in causes)
    sheet["A1"].font = Font(bold=True, size=14, color=f"FF{BAD if bad else GOOD}")
    sheet.append(HEADS)
    for cause, values in zip(causes, rows(causes), strict=True):
        sheet.append(values)
        row = sheet[sheet.max_row]
        row[LEVEL].fill = PatternFill("solid", fgColor=f"FF{tint(cause)}")
        place = place_of(cause)
        if place and place.sheet in book.sheetnames:
            row[LINK].hyperlink = Hyperlink(ref=row[LINK].coordinate, location=link_target(place))
            row[LINK].font = Font(underline="single", color=f"FF{BLUE}")
    _dress(sheet)
    sheet.cell(sheet.max_row + 2, 1, made).font = Font(size=9)
    if threads:
        sheet.cell(sheet.max_row + 1, 1, _THREADS.format(count=threads)).font = Font(size=9)
    book.active = book.sheetnames.index(RESULTS)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other.title == RESULTS


def _remember(book: Workbook, digests: Sequence[str]) -> None:
    """Add the very hidden sheet that names what was marked, or lay it anew; a line a digest, each once."""
    if COPY in book.sheetnames:
        del book[COPY]
    sheet: Any = book.create_sheet(COPY)
    for digest in dict.fromkeys(digests):
        sheet.append([digest])
    sheet.sheet_state = "veryHidden"


def _dress(sheet: Any) -> None:
    """Give the sheet of results borders, widths, heights and a page set-up."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    edge = Side(style="thin")
    for row in sheet.iter_rows(min_row=2):
        for cell in row:
            cell.border = Border(edge, edge, edge, edge)
            cell.alignment = Alignment(vertical="center", wrap_text=True)
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a sheet may be named =1+1
    for row in range(3, sheet.max_row + 1):
        texts = [(str(sheet.cell(row, column).value or ""), width) for column, width in enumerate(WIDTHS, 1)]
        tallest = max(sum(lines(line, width) for line in text.split("\n")) for text, width in texts)
        sheet.row_dimensions[row].height = tallest * 15 + 6
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor=f"FF{HEAD_TINT}")
    for index, width in enumerate(WIDTHS):
        sheet.column_dimensions[a1(0, index)[:-1]].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "2:2"


def _held(original: bytes, file: str, names: Sequence[str]) -> dict[str, Grid]:
    """Return what the sheets of a workbook hold, the results of its formulas among it."""
    book = FileWorkbook(Package(original, file))
    return {name: book.held(name) for name in names if name not in {RESULTS, COPY}}


def _with_results(marked: bytes, results: Mapping[str, Grid], parts: Mapping[str, str]) -> bytes:
    """Put the stored results of formulas back, which openpyxl drops and previewers cannot calculate."""
    grids = {part: results.get(name) for name, part in parts.items()}
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(marked)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
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
