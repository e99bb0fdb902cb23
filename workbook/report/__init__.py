"""Room 2: a filled-in form and what is wrong with it: values, checks, findings, JSON in and out. No file formats."""

from workbook.report.change import carried_to, zeroed
from workbook.report.check import (
    CREDIT_LETTERS,
    PARAGRAPH_LIMIT,
    YEARS,
    cell_at,
    cell_fault,
    check,
    counted_cells,
    is_sound,
    residuals,
    sides,
    year_note,
)
from workbook.report.conform import Breach, breaches, conforms
from workbook.report.document import dump, from_document, from_json, not_conforming, to_document, to_json
from workbook.report.findings import CellAt, Change, Entry, Finding, Lang, Unreadable, catalogue, entries, entry, note
from workbook.report.locate import locate
from workbook.report.schema import finding_schema, identifier, report_schema
from workbook.report.values import Body, Number, Place, Report, Source, Value, Waiver, blank, number, plain, tidy

__all__ = [
    "CREDIT_LETTERS",
    "PARAGRAPH_LIMIT",
    "YEARS",
    "Body",
    "Breach",
    "CellAt",
    "Change",
    "Entry",
    "Finding",
    "Lang",
    "Number",
    "Place",
    "Report",
    "Source",
    "Unreadable",
    "Value",
    "Waiver",
    "blank",
    "breaches",
    "carried_to",
    "catalogue",
    "cell_at",
    "cell_fault",
    "check",
    "conforms",
    "counted_cells",
    "dump",
    "entries",
    "entry",
    "finding_schema",
    "from_document",
    "from_json",
    "identifier",
    "is_sound",
    "locate",
    "not_conforming",
    "note",
    "number",
    "plain",
    "report_schema",
    "residuals",
    "sides",
    "tidy",
    "to_document",
    "to_json",
    "year_note",
    "zeroed",
]
