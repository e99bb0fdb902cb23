"""Workbooks of both versions of the template, and the texts of sections with tables in them."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from cases import EDITIONS, sound
from published import CARRIERS

import workbook
from workbook.excel.layout import plan_of
from workbook.report import Report

OLD = Path(__file__).parents[1] / "corpus" / "linan-2020-template-1.xlsx"
BESIDE = {"disclosure": "见下表。\n另有说明。", "applications": "没有积压的申请。", "disputes": "没有败诉的案件。"}


def with_texts(edition: str) -> Report:
    return replace(sound(edition), narrative={**sound(edition).narrative, **BESIDE})


def test_a_workbook_of_the_first_version_is_read_as_before(root: Path) -> None:
    old, wanted = workbook.read(OLD), workbook.read(root / "examples" / "linan-2020.json")
    assert (old.cells, old.narrative, old.body, old.year) == (wanted.cells, wanted.narrative, wanted.body, wanted.year)
    assert old.source
    assert (old.source.template, old.reader_findings) == ("1", ())


def test_a_changed_workbook_of_the_first_version_keeps_its_texts_apart() -> None:
    book = openpyxl.load_workbook(OLD)
    book["三、依申请公开"].insert_rows(9)
    stream = io.BytesIO()
    book.save(stream)
    assert workbook.parse(stream.getvalue(), "a.xlsx").narrative == workbook.read(OLD).narrative


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_text_of_every_section_comes_back_from_a_workbook(edition: str) -> None:
    report = with_texts(edition)
    read = workbook.parse(workbook.write(report), "a.xlsx")
    assert read.narrative == report.narrative
    assert read.source
    assert (read.source.template, read.reader_findings) == ("2", ())


@pytest.mark.parametrize("edition", EDITIONS)
def test_it_comes_back_from_a_workbook_whose_rows_were_moved(edition: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(with_texts(edition))))
    book["三、依申请公开"].insert_rows(9)
    stream = io.BytesIO()
    book.save(stream)
    assert workbook.parse(stream.getvalue(), "a.xlsx").narrative == with_texts(edition).narrative


def test_rows_put_between_heading_and_table_are_text() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.write(with_texts("2021"))))
    sheet = book["四、复议诉讼"]
    for area in list(sheet.merged_cells.ranges):  # openpyxl leaves them where they were
        sheet.unmerge_cells(str(area))
    sheet.insert_rows(2)
    sheet["A2"] = "又及。"
    stream = io.BytesIO()
    book.save(stream)
    assert workbook.parse(stream.getvalue(), "a.xlsx").narrative["disputes"] == "又及。\n没有败诉的案件。"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_cell_of_the_text_has_a_name_and_may_be_filled(edition: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook.template(edition)))
    for sheet in plan_of(edition).sheets:
        assert book.defined_names[f"narrative.{sheet.section.narrative}"].attr_text == f"'{sheet.name}'!$A$2"
        assert not book[sheet.name]["A2"].protection.locked
        assert book[sheet.name]["A1"].value == sheet.section.heading


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_text_of_every_section_comes_back_from_what_is_published(edition: str, carrier: str) -> None:
    report = with_texts(edition)
    read = workbook.parse(CARRIERS[carrier](report), f"年报.{carrier}")
    assert (read.narrative, read.cells) == (report.narrative, report.cells)


def test_a_text_too_long_for_its_cell_is_told() -> None:
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "disclosure": "长\n" * 16_384})
    assert ("text.too_long", "disclosure") in {finding.identity for finding in workbook.check(report)}
    paragraphs = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": "长\n" * 16_384})
    assert "text.too_long" not in {finding.code for finding in workbook.check(paragraphs)}
