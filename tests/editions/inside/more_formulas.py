"""The formulas of the standard workbook, recalculated by LibreOffice, find what Python finds, each with its mark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from helpers import put, silent
from made import CHOICE, at_rest, broken, equation, sound, sound_book

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, COVER, COVER_ANSWERS, RESULT, TITLE_ROW, cover_rows, plan_of
from workbook.report import Waiver
from workbook.report.findings import entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from helpers import Office

    from workbook.report import Finding, Report

FORM = workbook.load_form("2027")
EQUAL = "applications.balance", "natural"
AT_MOST = "documents.repealed", "rules"
USUAL = "applications.repeat", "individual"
"""One line of each sort of rule: an error that wants equal sides, one that wants the left no larger, a warning."""


class Book:
    """The workbook of the sound base, open in LibreOffice."""

    def __init__(self, document: Any, report: Report) -> None:
        self.document, self.plan, self.report = document, plan_of("2027"), report
        document.enableAutomaticCalculation(False)  # noqa: FBT003 - what is typed is recalculated once
        for name in document.Sheets.ElementNames:
            document.Sheets[name].unprotect("")
        for table in self.plan.tables:
            for key, (row, column) in table.cells.items():
                put(document.Sheets[table.sheet].getCellByPosition(column, row), report.cells[key])

    def lay(self, report: Report) -> None:
        """Type what is other in a report and recalculate; totals are typed too, so they do not follow."""
        for table in self.plan.tables:
            for key, (row, column) in table.cells.items():
                if report.cells[key] != self.report.cells[key]:
                    put(self.document.Sheets[table.sheet].getCellByPosition(column, row), report.cells[key])
        self.report = report
        self.document.calculateAll()

    def results(self) -> dict[tuple[str, str], str]:
        """Return the result of each line of the sheet of checks."""
        first, last = min(self.plan.checks.values()), max(self.plan.checks.values())
        area = self.document.Sheets[CHECKS].getCellRangeByPosition(RESULT, first, RESULT, last)
        shown = area.getDataArray()
        return {place: str(shown[row - first][0]) for place, row in self.plan.checks.items()}

    def found(self) -> dict[tuple[str, str], str]:
        """Return the marks of all that is not good."""
        return {place: text[:1] for place, text in self.results().items() if text[:1] not in {"✓", "－"}}

    def verdict(self, name: str = CHECKS, address: str = "C2") -> str:
        """Return a verdict: of the whole, or that of a sheet of tables beside its heading."""
        return str(self.document.Sheets[name].getCellRangeByName(address).String)

    def marks(self, name: str) -> list[str]:
        """Return the marks that stand beside and below the tables of a sheet."""
        cursor = self.document.Sheets[name].createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
        end = cursor.RangeAddress
        area = self.document.Sheets[name].getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)
        return [str(value) for row in area.getDataArray() for value in row if value in {"✓", "✗", "△"}]


@pytest.fixture(scope="module")
def book(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    path = tmp_path_factory.mktemp("book") / "2027.xlsx"
    path.write_bytes(sound_book())
    with libreoffice.open(path) as document:
        yield Book(document, sound())


def expected(findings: tuple[Finding, ...]) -> dict[tuple[str, str], str]:
    """Return what the formulas must show of what Python found."""
    marks = {"error": "✗", "warning": "△"}
    return {
        ("cell" if item.code.startswith("cell.") else item.code, item.at): "…"
        if item.code == "text.blank"  # what is not filled is told as such, whatever its level
        else marks[item.level]
        for item in findings
        if entry(item).in_workbook
    }


def test_a_sound_report_passes(book: Book) -> None:
    book.lay(sound())
    assert not workbook.check(sound())
    assert book.found() == {}
    assert book.verdict() == "✓ 校验通过"
    for sheet in book.plan.sheets:
        assert book.verdict(sheet.name, a1(TITLE_ROW, sheet.width + 1)) == "✓ 校验通过"
        count = sum(FORM.section_of[item.table] == sheet.section for item in FORM.equations())
        assert book.marks(sheet.name) == ["✓"] * count


@pytest.mark.parametrize(
    ("line", "mark", "level"), [(EQUAL, "✗", "error"), (AT_MOST, "✗", "error"), (USUAL, "△", "warning")]
)
def test_a_broken_rule_has_the_mark_of_its_level(book: Book, line: tuple[str, str], mark: str, level: str) -> None:
    report = broken(sound(), equation(*line))
    book.lay(report)
    findings = {item.identity: item for item in workbook.check(report)}
    assert findings[line].level == level
    assert book.found() == expected(workbook.check(report))
    assert book.results()[line].startswith(mark)
    sheet = FORM.section_of[equation(*line).table].sheet
    assert mark in book.marks(sheet)


def test_a_warning_alone_leaves_the_report_without_errors(book: Book) -> None:
    report = broken(sound(), equation("documents.explained", "made"))
    book.lay(report)
    assert book.found() == {("documents.explained", "made"): "△"} == expected(workbook.check(report))
    assert book.verdict() == "✓ 没有错误，有 1 处提示"
    sheet = FORM.section_of["documents"].sheet
    assert book.verdict(sheet, a1(TITLE_ROW, book.plan.sheets[0].width + 1)) == "✓ 没有错误，有 1 处提示"
    assert book.marks(sheet).count("△") == 1
    assert "✗" not in book.marks(sheet)


def test_an_error_alone_is_counted_as_one(book: Book) -> None:
    book.lay(broken(sound(), equation("documents.repealed", "normative")))
    assert book.verdict() == "✗ 有 1 处需要改正"
    assert book.marks(FORM.section_of["documents"].sheet).count("✗") == 1


def test_every_rule_is_found_by_both_and_none_at_rest(book: Book) -> None:
    for item in FORM.equations():
        for report in (broken(sound(), item), at_rest(sound(), item)):
            book.lay(report)
            assert book.found() == expected(workbook.check(report)), (item.code, item.at.key)
    book.lay(sound())
    assert book.found() == {}


def test_an_answer_that_is_none_of_the_choices_is_found_by_both(book: Book) -> None:
    cell = book.document.Sheets[COVER].getCellByPosition(COVER_ANSWERS, cover_rows(FORM)["platform"])
    report = replace(sound(), body=replace(sound().body, more=(("contact", None), ("platform", "墙报"))))
    (finding,) = workbook.check(report)
    assert finding.at == "platform"
    try:
        for answer, found in ((CHOICE, False), ("", False), ("墙报", True), ("没有网站", False)):
            cell.String = answer
            book.document.calculateAll()
            assert book.found() == (expected((finding,)) if found else {}), answer
    finally:
        cell.String = CHOICE
        book.document.calculateAll()


def test_an_open_question_may_be_left_blank(book: Book) -> None:
    cell = book.document.Sheets[COVER].getCellByPosition(COVER_ANSWERS, cover_rows(FORM)["contact"])
    was = cell.String
    for answer in ("", "无", was):
        cell.String = answer
        book.document.calculateAll()
        assert book.found() == {}, answer


def test_a_new_text_that_is_blank_is_told_like_the_others(book: Book) -> None:
    sheet = book.document.Sheets[[*book.plan.text_sheets][-1]]
    column = [value for (value,) in sheet.getCellRangeByName("A1:A200").getDataArray()]
    at = column.index("七、下一年度工作安排")
    cells = [sheet.getCellByPosition(0, at + 1 + index) for index in range(2)]
    words = [cell.String for cell in cells]
    assert words == ["一是加强培训。", "二是更新目录。"]
    for cell in cells:
        cell.String = ""
    book.document.calculateAll()
    found = book.found()
    for cell, text in zip(cells, words, strict=True):
        cell.String = text
    book.document.calculateAll()
    report = replace(sound(), narrative={**sound().narrative, "plan": None})
    assert found == expected(workbook.check(report)) == {("text.blank", "plan"): "…"}


WAIVED = replace(
    broken(sound(), equation("documents.explained", "made")),
    waivers=(Waiver("documents.explained", "made", "另有四件无需解读", "张三", "2028-01-08"),),
)


EACH = sound()
for line in (EQUAL, AT_MOST, USUAL):
    EACH = broken(EACH, equation(*line))


@pytest.mark.parametrize("report", [workbook.blank("2027"), EACH, WAIVED], ids=["blank", "broken", "accepted"])
def test_stored_results_are_what_the_formulas_give(report: Report, libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook.write(report))
    with libreoffice.open(path) as document:
        before = _results(document)
        document.calculateAll()
        assert _results(document) == before
        assert not [text for text in before.values() if isinstance(text, str) and text.startswith(("#", "Err:"))]
        if report is WAIVED:
            (finding,) = workbook.check(WAIVED)
            assert (finding.level, finding.waived) == ("warning", WAIVED.waivers[0])
            opened = Book(document, WAIVED)
            document.calculateAll()
            assert opened.results()["documents.explained", "made"] == "✓ 已说明"
            assert opened.verdict() == "✓ 校验通过"


def _results(document: Any) -> dict[str, Any]:
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


def test_every_sheet_prints_one_page_wide_with_each_label(printed: Path) -> None:
    import pdfplumber

    with pdfplumber.open(printed) as paper:
        pages = ["".join((page.extract_text() or "").split()) for page in paper.pages]
        assert {tuple(sorted((round(page.width), round(page.height)))) for page in paper.pages} == {(595, 842)}
    for sheet in plan_of("2027").sheets:
        (page,) = (page for page in pages if sheet.section.heading in page)
        for table in sheet.tables:
            assert all(str(sound().cells[key]) in page for key in table.cells)
    assert any("七、下一年度工作安排" in page and "二是更新目录。" in page for page in pages)


def test_a_printed_workbook_is_read_or_told(printed: Path) -> None:
    wanted = sound()
    report = workbook.read(printed)
    assert report.edition == "2027"
    assert not silent(wanted, report)
    assert sum(report.cells[key] == value for key, value in wanted.cells.items()) > len(wanted.cells) // 2
