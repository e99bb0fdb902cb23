"""Two editions have the same cells: the year tells them apart, and where it does not that is told."""

from __future__ import annotations

import io
import re
from contextlib import suppress
from dataclasses import replace
from itertools import cycle
from random import Random

import pytest
from helpers import CARRIERS, NOISES, SHAPES, WRITTEN, base, paper, silent, title
from made import copied
from openpyxl import load_workbook
from trees import BEFORE

import workbook
from workbook.document.document import dump
from workbook.match import match
from workbook.match.grid import Document, Paragraph
from workbook.report import Place, Report, Unreadable

OLD = base("2021")


def read(report: Report, carrier: str = "html") -> Report:
    """Return what is read of a report that was published."""
    return workbook.parse(CARRIERS[carrier](report), f"年报.{carrier}")


def told(report: Report) -> list[str]:
    """Return what reading noted."""
    return [finding.code for finding in report.reader_findings]


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_year_that_one_edition_covers_is_of_that_edition(carrier: str) -> None:
    for edition in BEFORE:
        report = read(base(edition), carrier)
        assert (report.edition, report.year) == (edition, base(edition).year)
        assert report.cells == base(edition).cells
        assert report.narrative == base(edition).narrative
        assert told(report) == []
        assert workbook.check(report) == ()


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_year_that_both_cover_is_of_the_newest_and_that_is_told(carrier: str) -> None:
    report = read(copied(), carrier)
    assert (report.edition, report.year) == ("2027", 2027)
    assert report.cells == copied().cells
    assert report.narrative == copied().narrative
    assert told(report) == ["file.edition_unsure"]
    (finding,) = workbook.check(report)
    assert (finding.code, finding.level) == ("file.edition_unsure", "warning")
    for lang in ("zh", "en"):
        words = finding.message(lang) + finding.hint(lang)
        assert not re.search("[{}]", words)
        assert "2021" in words
        assert "2027" in words


@pytest.mark.parametrize("carrier", CARRIERS)
def test_without_a_year_it_is_of_the_newest_and_that_is_told(carrier: str) -> None:
    report = read(replace(OLD, year=None), carrier)
    assert (report.edition, report.year) == ("2027", None)
    assert report.cells == OLD.cells
    assert told(report) == ["file.edition_unsure"]


def test_cells_that_only_one_edition_has_leave_no_doubt() -> None:
    assert told(read(replace(base("2019"), year=None))) == []
    assert read(replace(base("2019"), year=None)).edition == "2019"


def test_the_year_of_the_title_decides_whatever_else_is_written_otherwise() -> None:
    years = cycle([(2024, "2021"), (2027, "2027"), (2030, "2027"), (None, "2027")])
    for name, (year, edition) in zip([*WRITTEN] * 2, years, strict=False):
        sheet = paper(OLD)
        NOISES[name](sheet, Random(1))  # noqa: S311
        document = sheet.document("expanded")
        head = [Paragraph(title(replace(OLD, year=year)), Place("文本", "1"))] if year else []
        report = match(Document("x", [*head, *document.blocks]))
        assert (report.edition, report.year, report.cells) == (edition, year, OLD.cells), (name, year)
        assert ("file.edition_unsure" in told(report)) == (year != 2024), (name, year)


def test_no_wrong_number_without_a_finding() -> None:
    for name, shape in zip(NOISES, cycle(SHAPES)):
        sheet = paper(copied())
        with suppress(IndexError, Unreadable):  # a noise finds nothing to spoil, or the document is refused
            NOISES[name](sheet, Random(1))  # noqa: S311
            assert not silent(copied(), match(sheet.document(shape))), (name, shape)


def test_the_doubt_stands_in_the_schema_of_findings_and_a_document_can_be_made() -> None:
    report = read(copied())
    codes = {item["const"] for item in workbook.finding_schema("2027")["properties"]["code"]["oneOf"]}
    assert "file.edition_unsure" in codes
    document = workbook.to_document(report)
    assert "draft" not in document
    assert workbook.is_valid(document, "2027")


def test_workbooks_say_of_which_edition_they_are() -> None:
    for report in (OLD, replace(OLD, year=2027), copied(), base("2019")):
        again = workbook.parse(workbook.write(report), "年报.xlsx")
        assert (replace(again, source=None), told(again)) == (report, [])
        assert workbook.check(again) == ()


def test_the_copy_has_the_template_and_the_schema_of_2021_under_its_own_name() -> None:
    def named(text: object) -> object:
        swaps = (("2021", "2027"), ("试验办函〔2027〕2号", "国办公开办函〔2027〕30号"))
        for old, new in swaps:
            text = text.replace(old, new) if isinstance(text, str) else text
        return text

    old, new = (load_workbook(io.BytesIO(workbook.template(edition))) for edition in ("2021", "2027"))
    assert old.sheetnames == new.sheetnames
    for one, other in zip(old.worksheets, new.worksheets, strict=True):
        mine = [[named(cell.value) for cell in row] for row in one.iter_rows()]
        theirs = [[named(cell.value) for cell in row] for row in other.iter_rows()]
        assert mine == theirs, one.title
    schemas = (named(dump(workbook.report_schema(edition)).decode()) for edition in ("2021", "2027"))
    assert len(set(schemas)) == 1
