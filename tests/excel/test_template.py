"""The template in a real spreadsheet: it opens, refuses what it should, and prints on A4 with nothing clipped."""

from __future__ import annotations

import re
import shutil
import subprocess
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import EDITIONS, sound
from office import need
from workbooks import blank_of, workbook_of

import workbook
from workbook.excel.layout import CHECKS, COVER, GUIDE, TITLE_ROW, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from office import Office


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def template(edition: str, tmp_path: Path) -> Path:
    path = tmp_path / f"{edition}.xlsx"
    path.write_bytes(blank_of(edition))
    return path


@pytest.fixture(scope="module")
def templates(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """The templates of all editions, open, for tests that only look at them."""
    with ExitStack() as opened:
        found = {}
        for edition in EDITIONS:
            path = tmp_path_factory.mktemp("templates") / f"{edition}.xlsx"
            path.write_bytes(blank_of(edition))
            found[edition] = opened.enter_context(libreoffice.open(path))
        yield found


def test_the_sheets_are_those_of_the_form(edition: str, templates: dict[str, Any]) -> None:
    names = list(templates[edition].Sheets.ElementNames)
    plan = plan_of(edition)
    assert names == [
        GUIDE,
        COVER,
        "一、总体情况",
        "二、主动公开",
        "三、依申请公开",
        "四、复议诉讼",
        "五六、问题与其他",
        CHECKS,
    ]
    assert [sheet.name for sheet in plan.sheets] == names[3:6]


def test_it_recalculates_without_an_error_and_says_how_much_is_unfilled(
    edition: str, template: Path, libreoffice: Office
) -> None:
    form = workbook.load_form(edition)
    unfilled = len(form.cells) - len(form.calculated) + len(form.required_texts)
    with libreoffice.open(template) as document:
        document.calculateAll()
        for name in document.Sheets.ElementNames:
            sheet = document.Sheets[name]
            cursor = sheet.createCursor()
            cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
            for row in sheet.getCellRangeByPosition(0, 0, 12, cursor.RangeAddress.EndRow).getDataArray():
                assert not [value for value in row if isinstance(value, str) and value.startswith(("#", "Err:"))]
        assert (
            document.Sheets[CHECKS].getCellRangeByName("C2").String == f"… 尚有 {unfilled + 2} 处未填"
        )  # name and year too
        assert document.Sheets["三、依申请公开"].getCellRangeByName("L1").String.startswith("… 尚有")


def test_verdicts_follow_what_is_filled_in(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(sound(edition)))
    with libreoffice.open(path) as document:
        checks, table = document.Sheets[CHECKS], document.Sheets["三、依申请公开"]
        document.calculateAll()
        assert checks.getCellRangeByName("C2").String == "✓ 校验通过"
        assert table.getCellRangeByName("L1").String == "✓ 校验通过"
        assert table.getCellRangeByName("L6").String == "✓"
        table.getCellRangeByName("D6").Value = 0
        document.calculateAll()
        assert (
            checks.getCellRangeByName("C2").String == "✗ 有 2 处需要改正"
        )  # the total follows, so column and total differ
        assert table.getCellRangeByName("L1").String == "✗ 有 2 处需要改正"
        assert document.Sheets["四、复议诉讼"].getCellRangeByName("Q1").String == "✓ 校验通过"


def test_entries_are_open_and_everything_else_is_locked(edition: str, templates: dict[str, Any]) -> None:
    form = workbook.load_form(edition)
    for table in plan_of(edition).tables:
        sheet = templates[edition].Sheets[table.sheet]
        assert sheet.isProtected()
        for key, (row, column) in table.cells.items():
            cell = sheet.getCellByPosition(column, row)
            assert cell.CellProtection.IsLocked == (key in form.calculated), key
        for label in table.labels:
            assert sheet.getCellByPosition(label.left, label.top).CellProtection.IsLocked
    for name in (GUIDE, COVER, *plan_of(edition).text_sheets, CHECKS):
        assert templates[edition].Sheets[name].isProtected()


def test_a_locked_cell_refuses_input_and_an_entry_takes_it(template: Path, libreoffice: Office) -> None:
    with libreoffice.open(template) as document:
        sheet, table = document.Sheets["二、主动公开"], document.Sheets["三、依申请公开"]
        entries, labels, totals = (
            sheet.getCellRangeByName("B5:C6"),
            sheet.getCellRangeByName("A5:A6"),
            table.getCellRangeByName("J6:J7"),
        )
        entries.setDataArray(((1, 2), (3, 4)))
        assert entries.getDataArray() == ((1, 2), (3, 4))
        for locked in (labels, totals):
            before = locked.getFormulaArray()
            with pytest.raises(
                Exception  # noqa: PT011 - the type exists only once uno is loaded
            ) as refusal:
                locked.setDataArray((("x",), ("y",)))
            assert "RuntimeException" in type(refusal.value).__name__
            locked.clearContents(0b111)
            assert locked.getFormulaArray() == before


def test_validation_refuses_text_and_negatives_with_words(edition: str, templates: dict[str, Any]) -> None:
    form = workbook.load_form(edition)
    for table in plan_of(edition).tables:
        sheet = templates[edition].Sheets[table.sheet]
        for key, (row, column) in table.cells.items():
            rule = sheet.getCellByPosition(column, row).Validation
            kind = form.cells[key].kind
            assert rule.Type.value == ("DECIMAL" if kind.decimals else "WHOLE")
            assert rule.getOperator().value == "BETWEEN"
            assert (float(rule.getFormula1()), float(rule.getFormula2())) == (kind.minimum, kind.maximum)
            assert rule.ErrorAlertStyle.value == "STOP"
            assert rule.ShowErrorMessage
            assert kind.label in rule.ErrorMessage
            assert rule.ShowInputMessage == bool(rule.InputMessage)


def test_a_counting_rule_is_told_once_where_its_entries_begin(edition: str, templates: dict[str, Any]) -> None:
    form = workbook.load_form(edition)
    told: dict[str, str] = {}
    for table in plan_of(edition).tables:
        sheet = templates[edition].Sheets[table.sheet]
        for key, (row, column) in table.cells.items():
            told[key] = sheet.getCellByPosition(column, row).Validation.InputMessage
    assert not any(told[key] for key in form.calculated)
    for sheet in plan_of(edition).sheets:
        mine = [told[key] for table in sheet.tables for key in table.cells]
        entries = [form.cells[key] for table in sheet.tables for key in table.cells if key not in form.calculated]
        notes = {line.note for cell in entries for line in (cell.row, cell.column) if line.note}
        assert all(sum(note in text for text in mine) == 1 for note in notes)
    assert "逐列相等" in told["applications.brought_forward.natural"]
    assert not told["applications.brought_forward.business"]


def test_about_twenty_messages_teach(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    messages = [rule for sheet in book for rule in sheet.data_validations.dataValidation if rule.prompt]
    assert 15 <= len(messages) <= 25
    assert len({(rule.promptTitle, rule.prompt) for rule in messages}) == len(messages)


def test_every_sheet_prints_on_a4_one_page_wide_and_each_table_on_one_page(
    edition: str, libreoffice: Office, tmp_path: Path
) -> None:
    path, pdf = tmp_path / "a.xlsx", tmp_path / "a.pdf"
    path.write_bytes(workbook_of(sound(edition)))
    libreoffice.export(path, pdf, "calc_pdf_Export")
    if shutil.which("pdftotext") is None:
        need("poppler-utils is not installed")
    text = _run("pdftotext", "-raw", str(pdf), "-")
    pages = ["".join(page.split()) for page in text.split("\f")]
    form = workbook.load_form(edition)
    for sheet in plan_of(edition).sheets:
        (page,) = (page for page in pages if sheet.section.heading in page)
        for table in sheet.tables:
            for label in table.labels:
                if label.role != "corner" and label.top == label.bottom and len(label.text) < 16:
                    assert label.text in page, label.text
            for key in table.cells:
                assert str(sound(edition).cells[key]) in page
    assert sum(section.heading in page for section in form.sections for page in pages) >= len(form.sections)
    sizes = {
        tuple(sorted(map(float, size)))
        for size in re.findall(r"size:\s+([\d.]+) x ([\d.]+) pts", _run("pdfinfo", "-l", "99", str(pdf)))
    }
    assert {tuple(map(round, size)) for size in sizes} == {(595, 842)}


def test_no_row_is_lower_than_its_text(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(sound(edition)))
    with libreoffice.open(path) as document:
        for name in document.Sheets.ElementNames:
            sheet = document.Sheets[name]
            sheet.unprotect("")
            for row in range(40):
                line = sheet.Rows.getByIndex(row)
                height = line.Height
                line.OptimalHeight = True
                assert height >= line.Height - 60, (name, row + 1)  # in hundredths of a millimetre


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_verdicts_and_marks_are_not_printed(edition: str, templates: dict[str, Any]) -> None:
    for sheet in plan_of(edition).sheets:
        (area,) = templates[edition].Sheets[sheet.name].getPrintAreas()
        assert (area.StartRow, area.EndRow) == (TITLE_ROW, sheet.last_row)
        assert (area.StartColumn, area.EndColumn) == (0, sheet.width - 1)


def test_the_links_of_the_list_lead_to_the_cells(edition: str, templates: dict[str, Any]) -> None:
    checks: Any = templates[edition].Sheets[CHECKS]
    plan = plan_of(edition)
    for (code, at), row in plan.checks.items():
        if code == "cell":
            field = checks.getCellByPosition(8, row).TextFields
            (url,) = {field.getByIndex(index).URL for index in range(field.Count)}
            sheet = plan.form.section_of[plan.form.cells[at].table].sheet
            assert url.startswith("#") and sheet in url  # noqa: PT018
