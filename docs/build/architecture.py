"""Fills the page on the architecture: the table of the rooms, and what really becomes of one cell, step by step."""

from __future__ import annotations

import io
import json
import re
from functools import cache
from typing import TYPE_CHECKING, Any

import openpyxl
from parts import code, fill, table
from rooms import DATA, ROOMS, ROOT, edges, path_of

import workbook
from workbook.excel.findings_sheet import causes_of, marks
from workbook.excel.layout import KEY as KEY_COLUMN
from workbook.intake.kinds import kind_of
from workbook.jobs.file import check_file
from workbook.jobs.result import Options, Task
from workbook.output import render
from workbook.report.equations import residuals

if TYPE_CHECKING:
    from workbook.report import Report

KEY, WRONG = "applications.granted.natural", 72
"""The cell that the page follows, and what is typed there by mistake."""
EXAMPLE = "examples/linan-2020.json"


def source() -> str:
    """Return the text of the page with its made parts."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    steps = {"law": _law, "form": _form, "template": _template, "schema": _schema, "read": _read, "rule": _rule,
             "finding": _finding, "screen": _screen, "mark": _mark}  # fmt: skip
    return fill(text, {"rooms": _rooms(), **{name: step() for name, step in steps.items()}})


def _rooms() -> str:
    rows = [[f"`{path}`", does, "", ""] for path, does in DATA]
    for name, room in ROOMS.items():
        imported = ", ".join(near.removeprefix("workbook.") for near in edges()[name])
        rows.append([f"`{path_of(name)}`", room.does, imported, ", ".join(room.libraries)])
    return table(("room", "what it does", "imports", "libraries"), rows)


@cache
def _wrong() -> tuple[bytes, Report]:
    """Return the example as a workbook with one number typed wrong, and the report that is read from it."""
    report = workbook.read(ROOT / EXAMPLE)
    book = workbook.write(report.with_cells({KEY: WRONG}))
    return book, workbook.parse(book, "年报.xlsx")


def _law() -> str:
    """Return the lines of the definition that are about the cell: its column, its row, a rule with it."""
    _, report = _wrong()
    table_key, row, column = KEY.split(".")
    path = f"schema/{report.edition}/form.toml"
    text = (ROOT / path).read_text(encoding="utf-8")
    within = text[text.index(f'key = "{table_key}"') :]
    patterns = (rf"{{ key = \"{column}\",.*}}", rf"{{ key = \"{row}\",.*}}", r"{ key = \"total\", +each.*}")
    lines = [re.sub(" +", " ", match[0]) for pattern in patterns if (match := re.search(pattern, within))]
    return code("\n".join((f"# {path}", "[[tables]]", f'key = "{table_key}"', *lines)), "toml")


def _form() -> str:
    _, report = _wrong()
    cell = report.form.cells[KEY]
    lines = [f"cell      {cell.key} = {cell.label}, {cell.kind.label}"]
    for equation in report.form.equations():
        if any(key == KEY for key, _ in equation.terms):
            left, right = ([key for key, _ in side] for side in (equation.left, equation.right))
            more = f" + … ({len(right)} cells)" if len(right) > 1 else ""
            lines.append(f"equation  {equation.code} at {equation.at.key}: {left[0]} = {right[0]}{more}")
    return code("\n".join(lines))


def _template() -> str:
    _, report = _wrong()
    book = openpyxl.load_workbook(io.BytesIO(workbook.template(report.edition)))
    finding = _findings()[0]
    place = report.places[KEY]
    name = book.defined_names[KEY].attr_text
    rule = next(item for item in book[place.sheet].data_validations.dataValidation if place.address in item.sqref)
    checks = book["校验"]
    row = next(row for row in checks.iter_rows() if row[KEY_COLUMN].value == f"{finding['code']} {finding['at']}")
    total = finding["cells"][0]
    lines = [
        f"name        {KEY} → {name}",
        f"validation  {rule.type} {rule.formula1}…{rule.formula2}: {rule.error}",
        f"formula     {total['address']}: {book[place.sheet][total['address']].value}",
        f"校验 row {row[0].row}  " + "  ".join(str(cell.value) for cell in row if cell.value is not None),
    ]
    return code("\n".join(lines))


def _schema() -> str:
    _, report = _wrong()
    schema: Any = workbook.report_schema(report.edition)
    found = schema["properties"]["tables"]
    for step in KEY.split("."):
        found = found["properties"][step]
    kind = found["$ref"].removeprefix("#/$defs/")
    shown = {KEY: found, found["$ref"]: schema["$defs"][kind]}
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in shown.items()]
    return code("{\n" + ",\n".join(lines) + "\n}", "json")


def _read() -> str:
    book, report = _wrong()
    kind = kind_of(book, "年报.xlsx")
    place = report.places[KEY]
    lines = [
        f"kind    {kind.key}, reader {kind.reader}",
        f"cell    report.cells[{KEY!r}] = {report.cells[KEY]}",
        f"place   report.places[{KEY!r}] = {place.sheet} {place.address}",
    ]
    return code("\n".join(lines))


def _rule() -> str:
    _, report = _wrong()
    lines = [f"{equation.code} at {equation.at.key}: {left}" for equation, left in residuals(report).items()]
    return code("\n".join(lines))


def _findings() -> list[dict[str, Any]]:
    _, report = _wrong()
    return [finding.as_dict() for finding in workbook.check(report) if finding.level == "error"]


def _finding() -> str:
    finding = _findings()[0]
    cells = finding["cells"]
    shown = finding | {"cells": [cells[0], cells[1], f"… {len(cells) - 2} more"]}
    lines = [f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=False)}" for key, value in shown.items()]
    return code("{\n" + ",\n".join(lines) + "\n}", "json")


def _screen() -> str:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "年报.xlsx"
        path.write_bytes(_wrong()[0])
        result = check_file(Task(path), Options())
    lines = render([result], "text", "zh").decode().replace(str(path), path.name).split("\n")
    return code("\n".join(lines[:4]))


def _mark() -> str:
    _, report = _wrong()
    mark = next(
        mark
        for mark in marks(causes_of(workbook.check(report), report.edition))
        if mark.address == report.places[KEY].address
    )
    return code(f"{mark.sheet} {mark.address}, colour {mark.tint}:\n" + mark.text.split("\n\n")[0])
