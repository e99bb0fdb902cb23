"""A filled-in form and its findings as immutable values, and the catalogue of codes. No file formats."""

from workbook.report.digest import content_digest
from workbook.report.findings import (
    CellValue,
    Correction,
    Entry,
    Finding,
    Lang,
    Quote,
    Unreadable,
    catalogue,
    entries,
    entry,
    make_finding,
)
from workbook.report.left_out import LeftOut, left_out, text_left_out
from workbook.report.report import Report, blank
from workbook.report.values import Body, LooseRow, Number, Origin, Place, Source, Value, Waiver, number, plain, tidy

__all__ = [
    "Body",
    "CellValue",
    "Correction",
    "Entry",
    "Finding",
    "Lang",
    "LeftOut",
    "LooseRow",
    "Number",
    "Origin",
    "Place",
    "Quote",
    "Report",
    "Source",
    "Unreadable",
    "Value",
    "Waiver",
    "blank",
    "catalogue",
    "content_digest",
    "entries",
    "entry",
    "left_out",
    "make_finding",
    "number",
    "plain",
    "text_left_out",
    "tidy",
]
