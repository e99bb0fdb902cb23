"""Marks a copy of the user's own workbook: faulty cells coloured and commented, and a sheet 校验结果 with links."""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any

from workbook.excel.grid import Grid, at
from workbook.excel.layout import column
from workbook.excel.read import read_workbook
from workbook.excel.styles import lines
from workbook.report import Finding, Report, Unreadable, Value, note, plain
from workbook.report.findings import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from openpyxl import Workbook

RESULTS = "校验结果"

_AUTHOR = "年报工具箱"
_HEADS = ("序号", "级别", "代码", "工作表", "单元格", "现有", "应有", "差额", "问题", "怎么办")
_WIDTHS = (6, 8, 26, 16, 10, 14, 14, 10, 64, 56)
_LEVELS = {"error": "错误", "warning": "提示", "info": "说明"}
_TINTS = {"error": "FFFFC7CE", "warning": "FFFFEB9C", "info": "FFDDEBF7"}
_LIKELY = "FFFF7C80"
_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)>(<f[^>]*>[^<]*</f>)<v ?/?>(?:</v>)?</c>')


def mark(data: bytes, report: Report, findings: Sequence[Finding]) -> bytes:
    """Return a copy of a workbook in which the findings are marked; stored results of formulas are kept.

    Args:
        data: the workbook as it was read.
        report: what ``read_workbook`` returned for it.
        findings: what ``check`` returned for the report.

    Raises:
        Unreadable: the workbook can be read but not edited.
    """
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException
    from python_calamine import CalamineError

    file = report.source.file if report.source else ""
    faults = (KeyError, ValueError, TypeError, AttributeError, IndexError, OSError, SyntaxError)  # its XML errors too
    try:
        book = load_workbook(io.BytesIO(data), keep_vba=file.lower().endswith(".xlsm"))
        _mark_cells(book, findings)
        _results(book, findings)
        names = [sheet.title for sheet in book.worksheets]
        stream = io.BytesIO()
        book.save(stream)
        marked = _with_results(stream.getvalue(), data, names)
    except (*faults, InvalidFileException, CalamineError, zipfile.BadZipFile, zlib.error) as error:
        raise Unreadable(note("file.damaged", file=file, reason=f"openpyxl: {error}"[:200])) from error
    again = read_workbook(marked, file)
    if (again.cells, again.narrative, again.body) != (report.cells, report.narrative, report.body):
        raise Unreadable(note("file.damaged", file=file, reason="openpyxl would lose a part of it"))
    return marked


def _mark_cells(book: Workbook, findings: Sequence[Finding]) -> None:
    """Colour the cells that findings speak of, the likely wrong ones strongest, and say why in a comment."""
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    tints: dict[tuple[str, str], str] = {}
    texts: dict[tuple[str, str], list[str]] = {}
    for finding in findings:
        for spot, tint in _spots(finding):
            if tints.get(spot) != _LIKELY:
                tints[spot] = tint
            texts.setdefault(spot, []).append(f"【{_LEVELS[finding.level]}】{finding.message()}\n{finding.hint()}")
    for (sheet, address), tint in tints.items():
        if sheet in book.sheetnames:
            cell = _top_left(book[sheet], address)
            cell.fill = PatternFill("solid", fgColor=tint)
            own = [cell.comment.text] if cell.comment else []
            cell.comment = Comment("\n\n".join([*own, *texts[sheet, address]]), _AUTHOR, height=180, width=360)


def _top_left(sheet: Any, address: str) -> Any:
    """Return a cell, or the one that stands for it where it was merged with others."""
    for merged in sheet.merged_cells.ranges:
        if address in merged:
            return sheet.cell(merged.min_row, merged.min_col)
    return sheet[address]


def _spots(finding: Finding) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the places that a finding marks: the located cells, and the first cell of its rule or the cell itself."""
    for change in finding.repair:
        if change.cell.place:
            yield (change.cell.place.sheet, change.cell.place.address), _LIKELY
    located = {change.cell.cell for change in finding.repair}
    for cell in finding.cells[:1]:
        if cell.place and cell.cell not in located:
            yield (cell.place.sheet, cell.place.address), _TINTS[finding.level]


def _results(book: Workbook, findings: Sequence[Finding]) -> None:
    """Add the sheet of results, or lay it anew."""
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.hyperlink import Hyperlink

    if RESULTS in book.sheetnames:
        del book[RESULTS]
    sheet: Any = book.create_sheet(RESULTS, 0)
    errors = sum(finding.level == "error" for finding in findings)
    verdict = f"✗ 有 {errors} 处错误" if errors else "✓ 没有错误"
    others = len(findings) - errors
    sheet.append([f"校验结果：{verdict}" + (f"，另有 {others} 处提示或说明" if others else "")])
    sheet["A1"].font = Font(bold=True, size=14, color="FFC00000" if errors else "FF2E7D32")
    sheet.append(_HEADS)
    for index, finding in enumerate(findings, 1):
        place = finding.cells[0].place if finding.cells else None
        numbers = [_shown(value) for value in (finding.found, finding.expected, finding.difference)]
        sheet.append([index, _LEVELS[finding.level], finding.code, place.sheet if place else None,
                      place.address if place else None, *numbers, finding.message(), finding.hint()])  # fmt: skip
        row = sheet[sheet.max_row]
        row[1].fill = PatternFill("solid", fgColor=_TINTS[finding.level])
        if place and place.sheet in book.sheetnames:
            quoted = place.sheet.replace("'", "''")
            row[4].hyperlink = Hyperlink(ref=row[4].coordinate, location=f"'{quoted}'!{place.address}")
            row[4].font = Font(underline="single", color="FF1F4E79")
    _dress(sheet)
    book.active = book.sheetnames.index(RESULTS)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other.title == RESULTS


def _shown(value: Value) -> int | float | str | None:
    """Return a value as the sheet of results shows it: numbers as numbers."""
    return show(value) if isinstance(value, str) else None if value is None else plain(value)


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
        tallest = max(lines(str(sheet.cell(row, column).value or ""), width) for column, width in enumerate(_WIDTHS, 1))
        sheet.row_dimensions[row].height = tallest * 15 + 6
    for cell in sheet[2]:
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", fgColor="FFF5F7FA")
    for letter, width in zip("ABCDEFGHIJ", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.freeze_panes = "A3"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr.fitToPage = 0, True
    sheet.print_title_rows = "2:2"


def _with_results(marked: bytes, original: bytes, names: Sequence[str]) -> bytes:
    """Put the stored results of formulas back, which openpyxl drops and previewers cannot calculate."""
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(original))
    grids = {
        f"xl/worksheets/sheet{index}.xml": book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        for index, name in enumerate(names, 1)
        if name != RESULTS
    }
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
    letters = address.rstrip(b"0123456789")
    value = at(grid, int(address[len(letters) :]) - 1, column(letters.decode()))
    if value == "":
        return match[0]
    if isinstance(value, bool):
        kind, text = b' t="b"', str(int(value))
    elif isinstance(value, int | float):
        kind, text = b"", repr(value)
    else:
        kind, text = b' t="str"', html.escape(str(value), quote=False)
    return b'<c r="%s"%s%s>%s<v>%s</v></c>' % (address, attributes, kind, formula, text.encode())
