"""Workbooks as scripts change and save them, and what LibreOffice shows of them."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

import workbook
from workbook.report import Report


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(report: Report) -> Any:
    """The standard workbook as a script opens it with openpyxl."""
    return openpyxl.load_workbook(io.BytesIO(workbook.write(report)))


def formula_values(document: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in document.Sheets.ElementNames:
        sheet = document.Sheets[name]
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
        area = sheet.getCellRangeByPosition(0, 0, cursor.RangeAddress.EndColumn, cursor.RangeAddress.EndRow)
        for row, (formulas, values) in enumerate(zip(area.getFormulaArray(), area.getDataArray(), strict=True)):
            for column, formula in enumerate(formulas):
                if formula.startswith("="):
                    value = values[column]
                    found[f"{name}!{row},{column}"] = round(value, 6) if isinstance(value, float) else value
    return found
