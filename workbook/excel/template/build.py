"""Draws the standard workbook of an edition with XlsxWriter, and fills the finished one with reports."""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from workbook.excel.address import absolute
from workbook.excel.layout import CHECKS, COVER, GUIDE, WAIVER_ROWS, text_name
from workbook.excel.template.checksheet import write_checks
from workbook.excel.template.contents import Contents, contents_of
from workbook.excel.template.fill import Finished
from workbook.excel.template.guide import write_guide
from workbook.excel.template.job import LiveCell, TemplateJob
from workbook.excel.template.pages import write_cover, write_texts
from workbook.excel.template.styles import Formats
from workbook.excel.template.tablesheet import write_tables
from workbook.report import blank
from workbook.resources import resource, template_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from workbook.report import Report

EPOCH = datetime(2021, 9, 26, tzinfo=UTC).replace(tzinfo=None)
"""The date in all files that are made, so that the same report gives the same bytes."""


def template(edition: str) -> bytes:
    """Return the blank standard workbook of an edition, byte for byte the same every time."""
    return drawn(contents_of(offered(edition)))


def offered(edition: str) -> Report:
    """Return the report that the blank workbook holds: nothing but the prompts of its texts, to be written over."""
    report = blank(edition)
    prompts = {key: "\n".join(section.skeleton) or None for key, section in report.form.narratives()}
    return replace(report, narrative=prompts)


def write(report: Report) -> bytes:
    """Return the standard workbook filled with a report, every formula with its stored result.

    Reading it gives the report back: a total that is not the sum of its parts is written as the number it is.

    Raises:
        TextTooLongError: a text is longer than a cell can hold.
    """
    contents = contents_of(report)
    return _finished(report.edition, contents.waiver_rows).filled(contents)


@lru_cache(maxsize=8)
def _finished(edition: str, waiver_rows: int) -> Finished:
    """Return the blank workbook to fill: the shipped one, or where there is none, or too little room, a drawn one."""
    shipped = None
    if waiver_rows == WAIVER_ROWS:
        with suppress(FileNotFoundError):
            shipped = resource(template_file(edition)).read_bytes()
    contents = contents_of(blank(edition), waiver_rows)
    return Finished(shipped or drawn(contents), contents)


def drawn(
    contents: Contents,
    live: Mapping[str, LiveCell] | None = None,
    more: Callable[[TemplateJob], None] | None = None,
    keywords: str = "",
) -> bytes:
    """Return a workbook with these contents, drawn from nothing.

    Args:
        contents: what it holds.
        live: number cells that are made from something else in the book, by key.
        more: writes the sheets behind those of the report.
        keywords: what the properties of the file say that it is.
    """
    from workbook.excel.template.book import Book

    stream, plan = io.BytesIO(), contents.plan
    book = Book(stream, {"in_memory": True, "strings_to_urls": False})
    about = {"title": plan.form.title, "subject": plan.form.authority, "created": EPOCH}
    book.set_properties(about | ({"keywords": keywords} if keywords else {}))
    job = TemplateJob(book, Formats(book), plan, contents, live or {})
    sheets = {name: book.add_worksheet(name) for name in (GUIDE, COVER, *plan.names, CHECKS)}
    write_guide(job, sheets[GUIDE])
    write_cover(job, sheets[COVER])
    for sheet in plan.sheets:
        write_tables(job, sheets[sheet.name], sheet)
    for name, texts in plan.text_sheets.items():
        write_texts(job, sheets[name], texts)
    write_checks(job, sheets[CHECKS])
    sheets[GUIDE].activate()
    for sheet_plan in plan.tables:
        for key, (row, column) in sheet_plan.cells.items():
            book.define_name(key, f"={absolute(sheet_plan.sheet, row, column)}")
    for sheet in plan.sheets:
        if sheet.text:
            book.define_name(text_name(sheet.section.narrative or ""), f"={absolute(sheet.name, *sheet.text)}")
    if more:
        more(job)
    book.close()
    return stream.getvalue()
