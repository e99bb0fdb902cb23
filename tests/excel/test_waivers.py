"""Waivers in the workbook: its own formulas, and the marked copy."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

from openpyxl import load_workbook
from waivers import GIVEN, warned
from workbooks import recalculated, workbook_of

import workbook
from workbook.excel import findings_sheet
from workbook.excel.findings_sheet import AT, CODE, LEVEL, REASON, RESULTS
from workbook.excel.layout import CHECKS, RESULT, WAIVER_ROWS, WAIVER_SPANS, plan_of
from workbook.excel.template.verdicts import WAIVED, status

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


def test_a_marked_copy_shows_the_reason_and_what_a_waiver_names() -> None:
    from workbook.excel.mark import mark

    report = warned(GIVEN)
    data = workbook_of(report)
    report = workbook.parse(data, "甲局.xlsx")
    marked = mark(data, report, workbook.check(report))
    sheet = load_workbook(io.BytesIO(marked))[RESULTS]
    rows = {row[CODE].value: row for row in sheet.iter_rows(min_row=3)}
    assert [cell.value for cell in sheet[2]] == list(findings_sheet.HEADS)
    accepted, other = rows["text.blank"], rows["file.edition_for_year"]
    assert [accepted[column].value for column in (LEVEL, REASON, AT)] == ["已说明", GIVEN.reason, "other"]
    assert [other[column].value for column in (LEVEL, REASON, AT)] == ["提示", None, "year"]
    assert sheet["A1"].value.endswith("✓ 没有错误，有 1 处提示，1 处提示已说明")
    other[REASON].value = "写在副本上的不读"
    stream = io.BytesIO()
    sheet.parent.save(stream)
    assert workbook.parse(stream.getvalue(), "甲局-校验.xlsx").waivers == (GIVEN,)


def test_the_formulas_take_a_complete_waiver_and_no_other(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(warned()))
    plan = plan_of("2021")
    with libreoffice.open(path) as document:
        sheet = document.Sheets[CHECKS]
        sheet.unprotect("")

        def shown() -> str:
            document.calculateAll()
            return str(sheet.getCellByPosition(RESULT, plan.checks["text.blank", "other"]).String)

        cells = [sheet.getCellByPosition(column, plan.waivers_row + 1 + WAIVER_ROWS) for column, _ in WAIVER_SPANS]
        assert shown() == status("text.blank")
        for cell, words in zip(cells[:4], ("text.blank", "other", "没有", "张三"), strict=True):
            cell.String = words
            assert shown() == status("text.blank")
        for date, told in (
            ("上周", status("text.blank")),
            ("2025-02-30", status("text.blank")),
            ("2025-01-20", WAIVED),
        ):
            cells[4].String = date
            assert shown() == told
        cells[4].Value = 45_000
        assert shown() == WAIVED
        cells[1].String = "problems"
        assert shown() == status("text.blank")


def test_what_is_written_is_what_the_formulas_calculate(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(warned(GIVEN, replace(GIVEN, at="problems", by=""))))
    with libreoffice.open(path) as document:
        stored, calculated = recalculated(document)
    assert stored == calculated
    assert WAIVED in stored.values()
