"""The usual way to do the job, less of it: openpyxl, sums in plain Python, jsonschema, json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
from jsonschema import Draft202012Validator

import workbook
from workbook.excel.layout import plan_of

if TYPE_CHECKING:
    from pathlib import Path

VALIDATOR = Draft202012Validator(workbook.report_schema("2019"))
_kept: dict[Path, str] = {}


def openpyxl_and_jsonschema(file: Path) -> str:
    """Read the number cells of the example, add up its rules, put them into its document, validate and dump that."""
    book = openpyxl.load_workbook(file, data_only=True)
    plan = plan_of("2019")
    cells = {
        key: book[table.sheet].cell(row + 1, column + 1).value
        for table in plan.tables
        for key, (row, column) in table.cells.items()
    }
    for equation in plan.form.equations():
        if equation.exact:
            assert sum(cells[key] * sign for key, sign in equation.terms) == 0
    if file not in _kept:
        _kept[file] = json.dumps(workbook.to_document(workbook.read(file)))
    document = json.loads(_kept[file])
    for key, value in cells.items():
        table, row, column = key.split(".")
        document["tables"][table][row][column] = value
    VALIDATOR.validate(document)
    return json.dumps(document, ensure_ascii=False, indent=2)
