"""Shows findings in the open workbook, and takes every trace of them back.

What a marked cell looked like before stands in hidden columns of the sheet 校验结果, so that the marks can be taken off
after the workbook was saved, closed and opened again.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

from workbook.excel import results
from xlplugin.desk import one_page_wide, roomy, threaded
from xlplugin.journal import Journal, note_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlwings import Book, Range, Sheet

    from workbook.report import Finding
    from xlplugin.desk import Desk

_FIRST_ROW = 3
_TEXTS = (2, 3, 4, 8, 9)
"""Columns of the sheet of results that hold texts, whatever they begin with."""

_MEMORY = len(results.HEADS) + 2
_MEMORY_HEADS = ("原状：工作表", "单元格", "底色", "批注")


@dataclass(frozen=True)
class Before:
    """What a marked cell looked like: the colour as hexadecimal digits, empty for none; the text of its comment."""

    sheet: str
    address: str
    colour: str
    note: str


def is_marked(book: Book) -> bool:
    """Return whether the workbook has a sheet of results."""
    return results.RESULTS in [sheet.name for sheet in book.sheets]


def mark(desk: Desk, findings: Sequence[Finding]) -> int:
    """Mark the faulty cells and list all findings; marks of an earlier check go. Return how many cells are marked."""
    with Journal(desk) as journal:
        _restore(desk, journal)
        before = [_mark_cell(desk, journal, item) for item in results.marks(findings) if _has(desk.book, item.sheet)]
        _write_results(desk, journal, findings, before)
    desk.select(results.RESULTS, "A1")
    return len(before)


def clear(desk: Desk) -> int:
    """Make every marked cell look as it did, and drop the sheet of results; return how many cells."""
    with Journal(desk) as journal:
        count = _restore(desk, journal)
        journal.drop(desk.book.sheets[results.RESULTS])
    return count


def _has(book: Book, name: str) -> bool:
    return any(sheet.name == name for sheet in book.sheets)


def _mark_cell(desk: Desk, journal: Journal, item: results.Mark) -> Before:
    cell = _top_left(desk.book, item.sheet, item.address)
    was = Before(item.sheet, item.address, _hexadecimal(cell.color), note_of(cell) or "")
    journal.colour(cell, _rgb(item.tint))
    if not threaded(cell):
        journal.note(cell, "\n\n".join(filter(None, (was.note, item.text))))
        roomy(cell)
    return was


def _restore(desk: Desk, journal: Journal) -> int:
    """Give the marked cells their looks back."""
    count = 0
    for was in _remembered(desk.book):
        if _has(desk.book, was.sheet):
            cell = _top_left(desk.book, was.sheet, was.address)
            journal.colour(cell, _rgb(was.colour) if was.colour else None)
            if not threaded(cell):
                journal.note(cell, was.note or None)
            count += 1
    return count


def _top_left(book: Book, sheet: str, address: str) -> Range:
    """Return a cell, or the one that stands for it where it was merged with others."""
    return book.sheets[sheet].range(address).merge_area[0]


def _remembered(book: Book) -> Iterator[Before]:
    if not is_marked(book):
        return
    sheet = book.sheets[results.RESULTS]
    last = sheet.used_range.last_cell.row
    if last >= _FIRST_ROW:
        area = sheet.range((_FIRST_ROW, _MEMORY), (last, _MEMORY + len(_MEMORY_HEADS) - 1))
        for row in area.options(ndim=2, empty="").value:
            if row[0]:
                yield Before(*(str(value) for value in row))


def _write_results(desk: Desk, journal: Journal, findings: Sequence[Finding], before: Sequence[Before]) -> None:
    sheet = journal.sheet(results.RESULTS)
    bad = any(finding.level == "error" for finding in findings)
    sheet.range("A1").value = f"校验结果：{results.verdict(findings)}"
    sheet.range("A1").font.bold, sheet.range("A1").font.size = True, 14
    sheet.range("A1").font.color = _rgb(results.BAD if bad else results.GOOD)
    heads = _block(sheet, 2, 1, [results.HEADS])
    heads.font.bold, heads.color = True, _rgb(results.HEAD_TINT)
    if findings:
        last = _FIRST_ROW + len(findings) - 1
        for column in _TEXTS:
            sheet.range((_FIRST_ROW, column + 1), (last, column + 1)).number_format = "@"
        _dress(sheet, _block(sheet, _FIRST_ROW, 1, list(results.rows(findings))))
        _links(desk.book, sheet, findings)
    for column, width in enumerate(results.WIDTHS, 1):
        sheet.range((1, column)).column_width = width
    _remember(sheet, before)


def _dress(sheet: Sheet, table: Range) -> None:
    whole = sheet.range((2, 1), table.last_cell)
    whole.wrap_text, whole.vertical_alignment = True, "center"
    whole.borders.set("all", line_style="continuous")
    whole.rows.autofit()
    one_page_wide(sheet)


def _links(book: Book, sheet: Sheet, findings: Sequence[Finding]) -> None:
    for row, finding in enumerate(findings, _FIRST_ROW):
        sheet.range((row, results.LEVEL + 1)).color = _rgb(results.TINTS[finding.level])
        place = results.place_of(finding)
        if place and _has(book, place.sheet):
            cell = sheet.range((row, results.LINK + 1))
            cell.add_hyperlink(f"#{results.internal(place)}", place.address)


def _remember(sheet: Sheet, before: Sequence[Before]) -> None:
    columns = sheet.range((1, _MEMORY), (1, _MEMORY + len(_MEMORY_HEADS) - 1))
    if before:
        area = sheet.range((_FIRST_ROW, _MEMORY), (_FIRST_ROW + len(before) - 1, _MEMORY + len(_MEMORY_HEADS) - 1))
        area.number_format = "@"
        _block(sheet, 2, _MEMORY, [_MEMORY_HEADS])
        _block(sheet, _FIRST_ROW, _MEMORY, [astuple(was)[:-1] for was in before])
        for row, was in enumerate(before, _FIRST_ROW):  # one by one: Excel refuses long texts in a block
            if was.note:
                sheet.range((row, _MEMORY + len(_MEMORY_HEADS) - 1)).value = was.note
    columns.columns.hidden = True


def _block(sheet: Sheet, row: int, column: int, values: Sequence[Sequence[Any]]) -> Range:
    """Write rows of values, and return their range."""
    area = sheet.range((row, column), (row + len(values) - 1, column + len(values[0]) - 1))
    area.value = [list(line) for line in values]
    return area


def _rgb(digits: str) -> tuple[int, int, int]:
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _hexadecimal(colour: tuple[int, int, int] | None) -> str:
    return "{:02X}{:02X}{:02X}".format(*colour) if colour is not None else ""
