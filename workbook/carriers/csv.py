"""Reads tables that a spreadsheet wrote as text: values between commas, semicolons or TABs, in quotes where need be."""

from __future__ import annotations

import csv
import io

from workbook.carriers.blocks import clean
from workbook.carriers.limits import Budget
from workbook.intake.archive import damaged, vet_size
from workbook.intake.delimited import delimiter
from workbook.intake.encoding import decode
from workbook.match.grid import Cell, Document, Grid
from workbook.report import Place


def read_csv(data: bytes, file: str) -> Document:
    """Return the rows of a text as one grid.

    Cells stand in a column by counting, so a row with a value more or less than its heads is not simply read.

    Raises:
        Unreadable: it is empty, too large, or no table.
    """
    vet_size(data, file)
    text = decode(data)
    mark = delimiter(text) if text else None
    if not text or not mark:
        raise damaged(file, "no table")
    budget = Budget(file)
    budget.block()
    rows = []
    try:
        for number, row in enumerate(csv.reader(io.StringIO(budget.text(text), newline=""), delimiter=mark), 1):
            budget.cells(len(row))
            rows.append(
                [Cell(clean(value) or None, Place("表", f"第{number}行第{at}列")) for at, value in enumerate(row, 1)]
            )
    except csv.Error as error:
        raise damaged(file, str(error)) from error
    return Document(file, [Grid("表", rows, counted=True)])
