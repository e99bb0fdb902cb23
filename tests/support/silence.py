"""What is read wrong of a report, and nothing says so."""

from __future__ import annotations

from typing import Any

import workbook
from workbook.report import Report


def told(report: Report) -> set[str]:
    """Return what the findings name, other than notations of numbers that were read."""
    spoken = {"cell.notation", "cell.remark", "cell.nothing"}
    found = (*report.reader_findings, *workbook.check(report))
    named = {cell.cell for finding in found if finding.code.startswith("table.") for cell in finding.cells}
    return named | {finding.at for finding in found if finding.code not in spoken}


def silent(source: Report, read: Report) -> list[tuple[str, Any, Any]]:
    """Return the cells that are read wrong without a finding, and every wrong number."""
    names = told(read)
    names |= {
        key for key, equation in source.form.calculated.items() if not names.isdisjoint(k for k, _ in equation.right)
    }
    wrong = []
    for key, value in source.cells.items():
        if key not in read.cells:
            continue  # read as the other edition, of which some table is missing then
        table, row, column = key.split(".")
        got = read.cells.get(key)
        unnamed = names.isdisjoint({key, table, f"{table}.{row}", f"{table}.{column}"})
        if got != value and (unnamed or not (got is None or isinstance(got, str))):
            wrong.append((key, value, got))
    return wrong
