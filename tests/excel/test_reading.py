"""What is written is read back; a workbook that others saved is read too."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import EDITIONS, sound
from hypothesis import given
from python_calamine import CalamineWorkbook
from strategies import examples, reports
from workbooks import edited, saved

import workbook
from workbook.excel.layout import plan_of
from workbook.report import Report, Unreadable, Waiver

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


@examples(25)
@given(report=reports(faulty=True))
def test_any_report_written_is_read_back(report: Report) -> None:
    again = workbook.parse(workbook.write(report), "a.xlsx")
    assert again.cells == report.cells
    assert again == replace(report, source=again.source)


@examples(25)
@given(report=reports(faulty=False))
def test_json_to_workbook_to_json_is_the_same_bytes(report: Report) -> None:
    document = workbook.to_json(report)
    again = workbook.parse(workbook.write(workbook.from_json(document)), "a.xlsx")
    assert workbook.to_json(replace(again, source=None)) == document


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_same_report_gives_the_same_bytes(edition: str) -> None:
    assert workbook.write(sound(edition)) == workbook.write(sound(edition))
    assert workbook.template(edition) == workbook.template(edition)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_blank_template_is_read_as_blank_but_for_its_prompts(edition: str) -> None:
    report = workbook.parse(workbook.template(edition), "a.xlsx")
    assert set(report.cells.values()) == {None}
    prompts = {key: "\n".join(section.skeleton) or None for key, section in report.form.narratives()}
    assert report.narrative == prompts
    assert report.year is None
    assert not [finding for finding in report.reader_findings if finding.code != "body.year"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_cell_has_a_name_that_is_its_key(edition: str) -> None:
    book = edited(sound(edition))
    names = {name: definition.attr_text for name, definition in book.defined_names.items()}
    for key, place in workbook.parse(workbook.write(sound(edition)), "a.xlsx").places.items():
        if "." in key:
            letters, digits = place.address.rstrip("0123456789"), place.address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            assert names[key] == f"'{place.sheet}'!${letters}${digits}"


def test_a_workbook_saved_by_a_script_needs_no_open_and_save() -> None:
    report = sound("2021")
    data = saved(edited(report))
    again = workbook.parse(data, "a.xlsx")
    assert again.cells == report.cells
    findings = workbook.check(again)
    assert {finding.code for finding in findings} == {"total.not_calculated"}
    assert [finding.at for finding in findings] == ["applications", "disputes"]  # once a table, not once a total
    assert "31 格" in findings[0].message()
    assert workbook.is_sound(findings, strict=True)


def test_a_formula_without_a_stored_value_in_an_entry_is_not_taken_for_blank() -> None:
    book = edited(sound("2021"))
    book["二、主动公开"]["B5"] = "=12+3"
    places = [
        finding.identity
        for finding in workbook.check(workbook.parse(saved(book), "a.xlsx"))
        if finding.level == "error"
    ]
    assert places == [("cell.not_calculated", "documents.rules.made")]


def test_a_stale_total_is_reported_and_not_taken_on_trust() -> None:
    report = sound("2021").with_cells({"applications.received.total": 1})
    places = [finding.identity for finding in workbook.check(workbook.parse(workbook.write(report), "a.xlsx"))]
    assert places == [("applications.total", "received"), ("applications.balance", "total")]


def test_findings_name_sheet_and_address() -> None:
    report = workbook.parse(workbook.write(sound("2021").with_cells({"documents.rules.made": None})), "a.xlsx")
    (finding,) = workbook.check(report)
    assert finding.as_dict()["cells"] == [
        {"cell": "documents.rules.made", "sheet": "二、主动公开", "address": "B5", "value": None}
    ]
    assert "「二、主动公开」B5" in finding.message()


def test_a_table_that_was_moved_is_found_by_its_labels() -> None:
    report = sound("2021")
    data = workbook.write(report)
    grid = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_name("三、依申请公开")
        .to_python(skip_empty_area=False)
    )
    book = openpyxl.load_workbook(io.BytesIO(data))
    del book["三、依申请公开"]
    sheet = book.create_sheet("Sheet9")
    for row, values in enumerate(grid, 5):
        for column, value in enumerate(values, 3):
            sheet.cell(row, column, value if value != "" else None)
    again = workbook.parse(saved(book), "a.xlsx")
    assert again.cells == report.cells
    assert again.places["applications.received.natural"].sheet == "Sheet9"
    assert [finding.identity for finding in again.reader_findings if finding.code == "file.table_moved"] == [
        ("file.table_moved", "applications")
    ]


def test_renamed_sheets_are_found() -> None:
    book = edited(sound("2019"))
    book["四、复议诉讼"].title = "表四"
    again = workbook.parse(saved(book), "a.xlsx")
    assert again.cells == sound("2019").cells


def test_labels_may_have_blanks_and_line_breaks() -> None:
    book = edited(sound("2021"))
    book["三、依申请公开"]["D4"] = "自 然\n人"
    assert workbook.parse(saved(book), "a.xlsx").cells == sound("2021").cells


def test_a_second_copy_of_a_table_with_other_numbers_is_refused() -> None:
    book = edited(sound("2021"))
    copy = book.copy_worksheet(book["四、复议诉讼"])
    workbook.parse(saved(book), "a.xlsx")
    copy["A6"] = 12345
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(saved(book), "a.xlsx")
    assert [finding.identity for finding in refusal.value.findings] == [("file.ambiguous", "disputes")]


def test_a_missing_sheet_is_named_with_its_table() -> None:
    book = edited(sound("2021"))
    del book["四、复议诉讼"]
    report = workbook.parse(saved(book), "a.xlsx")
    assert [finding.identity for finding in report.reader_findings if finding.code != "total.not_calculated"] == [
        ("table.missing", "disputes")
    ]
    lost = [key for key in report.cells if key.startswith("disputes.")]
    assert {report.cells[key] for key in lost} == {None}
    assert report.cells["applications.received.natural"] is not None


def test_the_edition_is_read_from_the_labels_whatever_the_cover_says() -> None:
    book = edited(sound("2021"))
    for row in book["封面"].iter_rows():
        for cell in row:
            if isinstance(cell.value, str) and cell.value.startswith("2021版"):
                cell.value = "2019版"
    assert workbook.parse(saved(book), "a.xlsx").edition == "2021"


def test_numbers_and_texts_typed_on_the_cover_are_read_as_text() -> None:
    book = edited(sound("2021"))
    book["封面"]["C10"] = 330112
    book["封面"]["C12"] = "二〇二四"
    report = workbook.parse(saved(book), "a.xlsx")
    assert report.body.division_code == "330112"
    assert report.year is None
    assert [(finding.identity, finding.found) for finding in report.reader_findings if finding.level == "error"] == [
        (("body.year", "year"), "二〇二四")
    ]


def test_paragraphs_may_be_inserted_between_others() -> None:
    book = edited(sound("2021"))
    sheet = book["一、总体情况"]
    sheet.insert_rows(4, 30)
    for row in range(4, 34):
        sheet.cell(row, 1, f"第{row}段")
    text = workbook.parse(saved(book), "a.xlsx").narrative["overview"]
    assert text is not None
    assert text.splitlines()[1:31] == [f"第{row}段" for row in range(4, 34)]


def test_accepted_warnings_are_read_from_the_sheet_of_checks() -> None:
    waivers = tuple(Waiver("text.blank", "other", f"理由{n}", "张三", "2025-01-20") for n in range(12))
    report = replace(sound("2021"), waivers=waivers)
    assert workbook.parse(workbook.write(report), "a.xlsx").waivers == waivers
    book = edited(sound("2021"))
    row = plan_of("2021").waivers_row + 3
    for column, text in ((1, "text.blank"), (3, "other"), (4, "没有"), (8, "李四"), (9, "2025-01-21")):
        book["校验"].cell(row, column, text)
    assert workbook.parse(saved(book), "a.xlsx").waivers == (
        Waiver("text.blank", "other", "没有", "李四", "2025-01-21"),
    )


def test_a_text_that_looks_like_a_formula_is_written_as_text() -> None:
    report = replace(sound("2021"), narrative={"overview": "=1+1\n@SUM(A1)\n+2\n-3", "problems": None, "other": None})
    with zipfile.ZipFile(io.BytesIO(workbook.write(report))) as archive:
        sheet = archive.read("xl/worksheets/sheet3.xml").decode()
    assert "<f>1+1" not in sheet
    assert workbook.parse(workbook.write(report), "a.xlsx").narrative == report.narrative


def test_a_paragraph_longer_than_a_cell_is_never_cut_silently() -> None:
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": "长" * 32_768})
    assert [finding.identity for finding in workbook.check(report)] == [("text.too_long", "overview")]
    with pytest.raises(ValueError, match="32768 characters"):
        workbook.write(report)
    fits = replace(report, narrative={**sound("2021").narrative, "overview": "长" * 32_767})
    assert not workbook.check(fits)
    assert workbook.parse(workbook.write(fits), "a.xlsx").narrative == fits.narrative


@pytest.mark.parametrize("filter_name", ["Calc MS Excel 2007 XML"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_workbook_saved_again_by_libreoffice_is_read(
    edition: str, filter_name: str, libreoffice: Office, tmp_path: Path
) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    source.write_bytes(workbook.write(sound(edition)))
    libreoffice.export(source, target, filter_name)
    again = workbook.read(target)
    assert again.cells == sound(edition).cells
    assert (again.body, again.year, again.narrative) == (
        sound(edition).body,
        sound(edition).year,
        sound(edition).narrative,
    )
    assert not workbook.check(again)


def test_numbers_are_read_as_they_are_seen() -> None:
    book = edited(sound("2021"))
    book["二、主动公开"]["B16"] = 0.1 + 0.2
    assert workbook.parse(saved(book), "a.xlsx").cells["fees.fee.amount"] == Decimal("0.3")
