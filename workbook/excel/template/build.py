"""Builds the standard workbook with XlsxWriter: blank as the template, or filled with a report."""

from __future__ import annotations

import io
from datetime import UTC, datetime

from workbook.checks import check
from workbook.excel.address import absolute
from workbook.excel.layout import CHECKS, COVER, GUIDE, plan_of, text_name
from workbook.excel.template.checksheet import write_checks
from workbook.excel.template.job import TemplateJob
from workbook.excel.template.pages import write_cover, write_guide, write_texts
from workbook.excel.template.styles import Formats
from workbook.excel.template.tablesheet import write_tables
from workbook.report import Report, blank

EPOCH = datetime(2021, 9, 26, tzinfo=UTC).replace(tzinfo=None)
"""The date in all files that are made, so that the same report gives the same bytes."""


def template(edition: str) -> bytes:
    """Return the blank standard workbook of an edition, byte for byte the same every time."""
    return write(blank(edition))


def write(report: Report) -> bytes:
    """Return the standard workbook filled with a report, every formula with its stored result.

    Reading it gives the report back: a total that is not the sum of its parts is written as the number it is.

    Raises:
        ValueError: a paragraph is longer than a cell can hold.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    book = Workbook(stream, {"in_memory": True, "strings_to_urls": False})
    book.set_properties({"title": report.form.title, "subject": report.form.authority, "created": EPOCH})
    job = TemplateJob(book, Formats(book), plan_of(report.edition), report, check(report))
    sheets = {name: book.add_worksheet(name) for name in (GUIDE, COVER, *job.plan.names, CHECKS)}
    write_guide(job, sheets[GUIDE])
    write_cover(job, sheets[COVER])
    for sheet in job.plan.sheets:
        write_tables(job, sheets[sheet.name], sheet)
    text_ranges: dict[str, str] = {}
    for name, texts in job.plan.text_sheets.items():
        text_ranges |= write_texts(job, sheets[name], texts)
    write_checks(job, sheets[CHECKS], text_ranges)
    sheets[COVER].activate()
    for sheet_plan in job.plan.tables:
        for key, (row, column) in sheet_plan.cells.items():
            book.define_name(key, f"={absolute(sheet_plan.sheet, row, column)}")
    for sheet in job.plan.sheets:
        if sheet.text:
            book.define_name(text_name(sheet.section.narrative or ""), f"={absolute(sheet.name, *sheet.text)}")
    book.close()
    return stream.getvalue()
