"""The template of the register: what it asks for, and that what is filled in is read."""

from __future__ import annotations

import io

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from workbook.collect.columns import columns
from workbook.collect.register import Due
from workbook.collect.register_file import parse_register
from workbook.collect.register_template import GUIDE, REGISTER, write_template


def made() -> bytes:
    stream = io.BytesIO()
    write_template(stream)
    return stream.getvalue()


TEMPLATE = made()


def test_the_same_bytes_are_made_every_time() -> None:
    assert made() == TEMPLATE


def test_nothing_is_in_it_that_would_be_read_as_a_unit() -> None:
    assert [finding.code for finding in parse_register(TEMPLATE, "名册.xlsx").findings] == ["register.no_units"]


def test_the_examples_are_filled_in_as_they_say_and_read_as_they_mean() -> None:
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    for row, example in enumerate(columns().examples, 2):
        for at, column in enumerate(columns().columns, 1):
            book[REGISTER].cell(row, at, example.get(column.key))
    stream = io.BytesIO()
    book.save(stream)
    reading = parse_register(stream.getvalue(), "名册.xlsx")
    assert reading.findings == ()
    assert reading.register
    assert len(reading.register) == len({example["id"] for example in columns().examples})
    assert reading.register.unit("003").name_in(2018) == "甲县卫生和计划生育局"
    assert reading.register.unit("004").successor == "005"
    assert reading.register.unit("007").due == Due(1, 25, 2026)
    assert not reading.register.unit("006").counted


@pytest.mark.parametrize("column", columns().columns, ids=lambda column: column.key)
def test_every_column_says_what_it_takes(column: object) -> None:
    at = columns().columns.index(column)  # type: ignore[arg-type]
    each = columns().columns[at]
    sheet = openpyxl.load_workbook(io.BytesIO(TEMPLATE))[REGISTER]
    letter = get_column_letter(at + 1)
    assert str(sheet[f"{letter}1"].value).rstrip(" *") == each.label
    assert sheet.column_dimensions[letter].width >= 2 * len(each.label)
    asked = [check for check in sheet.data_validations.dataValidation if f"{letter}2" in check]
    assert [check.prompt for check in asked] == [each.note]
    chosen = {"choice": '"{}"'.format(",".join(columns().choices.values())), "yes_no": '"是,否"'}
    assert asked[0].formula1 == chosen.get(each.kind, asked[0].formula1)
    is_text = sheet.column_dimensions[letter].number_format == "@"
    assert is_text == (each.kind != "year")


def test_how_to_fill_it_in_stands_beside() -> None:
    book = openpyxl.load_workbook(io.BytesIO(TEMPLATE))
    assert book.sheetnames == [REGISTER, GUIDE]
    assert book[REGISTER].freeze_panes == "C2"
    said = {str(cell.value) for row in book[GUIDE].iter_rows() for cell in row if cell.value}
    assert {column.note for column in columns().columns} | {*columns().guide} <= said
