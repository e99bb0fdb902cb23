"""The numbers of a report for programs and for people: a long CSV, the printed tables as a workbook, the document."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from workbook.checks import check
from workbook.document.document import dump, to_document
from workbook.excel.address import absolute
from workbook.excel.printed_texts import names_of
from workbook.intake.results import DRAFT as STATUS
from workbook.intake.results import PUBLISHED
from workbook.output.csv_table import without_formula
from workbook.printable import printable
from workbook.publish.blocks import Appendix, CheckCode, Draft, Signature, TableBlock, Title
from workbook.publish.code import labelled
from workbook.publish.rows import Box, rows_of, title_of
from workbook.publish.two_years import numbers_of
from workbook.report.compare import draft as draft_of
from workbook.report.compare import still_draft
from workbook.report.limits import PARAGRAPH_LIMIT
from workbook.report.long_form import BODY, COLUMNS, COVER, DRAFT, LAST_YEAR, TEXT, TEXTS
from workbook.report.values import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.publish.blocks import Block
    from workbook.report import Finding, Report, Value

_SHEET, _BEHIND = "年报", "附"
_TITLE = 255
"""Characters of a property of a workbook."""


def write_csv(report: Report, previous: Report | None = None, *, draft: bool = False) -> bytes:
    """Return a line a number, answer and text as CSV with the mark by which Excel knows UTF-8.

    Texts that a spreadsheet would take for a formula, and those that begin with ``'``, have a ``'`` before them.
    """
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow([*COLUMNS, LAST_YEAR] if previous else COLUMNS)
    if draft:
        writer.writerow([report.year, _kept(report.body.name), DRAFT[0], "", "", DRAFT[1], "", ""])
    for line in _lines(report, previous):
        writer.writerow(line[: len(COLUMNS) + bool(previous)])
    return ("\ufeff" + stream.getvalue()).encode("utf-8", "replace")


def _lines(report: Report, previous: Report | None) -> Iterator[list[Any]]:
    form, first = report.form, [report.year, _kept(report.body.name)]
    titles = {table.key: table.title for table in form.tables}
    for key, cell in form.cells.items():
        value, last = report.cells[key], previous.cells.get(key) if previous else None
        labels = [titles[cell.table], cell.row.label, cell.column.label]
        yield [*first, *labels, key, _number(value), cell.kind.unit or "", _number(last)]
    for field in form.fields:
        answer = report.body.answer(field.key) if field.key != "year" else None
        if answer and field.key != "name":
            yield [*first, COVER, field.label, "", BODY + field.key, _kept(answer), "", ""]
    for key, section in form.narratives():
        if report.narrative[key] is not None:
            yield [*first, TEXTS, section.heading, "", TEXT + key, _kept(report.narrative[key]), "", ""]


def _number(value: Any) -> Any:
    """Return a number as it is written; what is none as a text."""
    return (
        _kept(value) if isinstance(value, str) else "" if value is None else f"{value:f}" if value % 1 else int(value)
    )


def _kept(text: str | None) -> str:
    """Return a text that no spreadsheet takes for a formula, from which the reader gets it back."""
    return f"'{text}" if text and text.startswith("'") else str(without_formula(text or ""))


def write_tables(blocks: Sequence[Block], report: Report, previous: Report | None = None) -> bytes:
    """Return the report as a workbook of values: on one sheet the texts, and the tables as they are printed.

    What stands behind the report has a sheet of its own, with the numbers of ``previous``. There are no formulas, locks
    and macros in it. The same report gives the same bytes.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = next(printable(block.text) for block in blocks if isinstance(block, Title))
    code = next(block.code for block in blocks if isinstance(block, CheckCode))
    about = {"title": title[:_TITLE], "keywords": f"{PUBLISHED} {code}"}
    about |= {"status": STATUS} if any(isinstance(block, Draft) for block in blocks) else {}
    book.set_properties({**about, "created": dt.datetime(1980, 1, 1)})  # noqa: DTZ001 - the library's own kind
    ruled = {"border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    looks = {"head": book.add_format({**ruled, "bg_color": "#F2F2F2"}), "number": book.add_format(ruled)}
    looks |= {"title": book.add_format({"bold": True, "font_size": 14}), "text": book.add_format({"valign": "top"})}
    sheet = book.add_worksheet(_SHEET)
    before, behind = _parted(blocks)
    _write_report(book, sheet, before, report, looks)
    _set_page(sheet)
    if behind and previous:
        _write_appendix(book.add_worksheet(_BEHIND), behind, numbers_of(report, previous), looks)
    book.close()
    return stream.getvalue()


def _write_report(book: Any, sheet: Any, blocks: Sequence[Block], report: Report, looks: dict[str, Any]) -> None:
    """Write the report itself: its texts as they are, its tables, signature and check code."""
    row = _line(sheet, 0, STATUS, looks["title"]) if any(isinstance(block, Draft) for block in blocks) else 0
    title = next(printable(block.text) for block in blocks if isinstance(block, Title))
    row = _line(sheet, row, title, looks["title"]) + 1
    for section in report.form.sections:
        row = _line(sheet, row, section.heading, looks["title"])
        last = _text(sheet, row, report.narrative.get(section.narrative or ""), looks["text"])
        if last > row:
            for name, at in zip(names_of(section.narrative or ""), (row, last - 2), strict=True):
                book.define_name(name, f"={absolute(_SHEET, at, 0)}")
        row = last
        for block in blocks:
            if isinstance(block, TableBlock) and block.printed.table.section == section.number:
                row = _table(sheet, row, block, report.cells, looks)
    for block in blocks:
        match block:
            case Signature(body, date):
                for line in filter(None, (body, date)):
                    row = _line(sheet, row, printable(line), looks["text"])
            case CheckCode(code):
                row = _line(sheet, row, labelled(code), looks["text"])
            case _:
                pass


def _parted(blocks: Sequence[Block]) -> tuple[Sequence[Block], list[Appendix | TableBlock]]:
    """Return the blocks of a report, and what stands behind it."""
    at = next((at for at, block in enumerate(blocks) if isinstance(block, Appendix)), len(blocks))
    return blocks[:at], [block for block in blocks[at:] if isinstance(block, Appendix | TableBlock)]


def _write_appendix(
    sheet: Any, behind: Sequence[Appendix | TableBlock], numbers: Mapping[str, Value], looks: dict[str, Any]
) -> None:
    """Write what stands behind a report onto a sheet of its own."""
    row = 0
    for block in behind:
        if isinstance(block, TableBlock):
            row = _table(sheet, row, block, numbers, looks)
        else:
            row = _line(sheet, row, block.text, looks["title"])
            row = _line(sheet, row, block.note, looks["text"]) if block.note else row
    _set_page(sheet)


def _set_page(sheet: Any) -> None:
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _line(sheet: Any, row: int, text: str, look: Any) -> int:
    """Write a line, and return the row below it."""
    sheet.write_string(row, 0, text, look)
    return row + 1


def _text(sheet: Any, row: int, text: str | None, look: Any) -> int:
    """Write a text, a cell a line, and return the row below it and a blank one.

    A line that is longer than a cell goes on in the cells to its right.
    """
    for line in text.split("\n") if text else ():
        for column, start in enumerate(range(0, len(line), PARAGRAPH_LIMIT)):
            sheet.write_string(row, column, line[start : start + PARAGRAPH_LIMIT], look)
        row += 1
    return row + bool(text)


def _table(sheet: Any, row: int, block: TableBlock, numbers: Mapping[str, Value], looks: dict[str, Any]) -> int:
    """Write a table, and return the row below it and a blank one."""
    if any(label.role == "title" for label in block.printed.labels):
        row = _line(sheet, row, title_of(block), looks["title"])
    keys = {place: key for key, place in block.printed.cells.items()}
    top = min(label.top for label in block.printed.labels if label.role != "title")
    rows = rows_of(block)
    for box in (box for line in rows for box in line):
        value = None if box.scope else numbers[keys[box.row + top, box.column]]
        shown: Any = box.text if box.scope else "" if value is None else value
        shown = printable(shown) if isinstance(shown, str) else plain(shown)
        _put(sheet, row, box, shown, looks["head" if box.scope else "number"])
    return row + len(rows) + 1


def _put(sheet: Any, first: int, box: Box, shown: Any, look: Any) -> None:
    """Write a box into its cells; ``write`` would make formulas of what only looks like one."""
    row = first + box.row
    if box.down > 1 or box.across > 1:
        sheet.merge_range(row, box.column, row + box.down - 1, box.column + box.across - 1, "", look)
    if shown == "":
        sheet.write_blank(row, box.column, None, look)
    elif isinstance(shown, str):
        sheet.write_string(row, box.column, shown, look)
    else:
        sheet.write_number(row, box.column, shown, look)


def write_document(report: Report, findings: Iterable[Finding] = (), *, draft: bool = False) -> bytes:
    """Return the report as its JSON document; ``findings`` are those of ``check``, where there are any.

    One with errors is a draft; what is published as one is a draft also without.
    """
    found = tuple(findings) or check(report)
    errors = [finding for finding in found if finding.level == "error"]
    if draft and not errors:
        errors += still_draft(replace(report, reader_findings=(draft_of(report.body.name or ""),)))
    return dump(to_document(report, errors))
