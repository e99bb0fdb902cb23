"""The prompts that the blank template offers to write over, and how many characters a text has."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import EDITIONS, sound
from workbooks import blank_of, workbook_of

import workbook
from workbook.excel.layout import RESULT, plan_of
from workbook.excel.template.spots import LETTERS, text_rows
from workbook.form import PROMPT

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

FIVE = ("主动公开", "依申请公开", "政府信息管理", "平台建设", "监督保障")
"""The aspects of the overview."""


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_overview_offers_its_aspects_to_write_over(edition: str) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(blank_of(edition)))["一、总体情况"]
    offered = [sheet.cell(row, 1) for row in range(3, 3 + len(FIVE))]
    assert [cell.value for cell in offered] == [
        f"（{digit}）{aspect}。{PROMPT}" for digit, aspect in zip("一二三四五", FIVE, strict=True)
    ]
    assert not any(cell.protection.locked for cell in offered)
    assert sheet.cell(3 + len(FIVE), 1).value is None
    assert not sheet.cell(3 + len(FIVE), 1).protection.locked
    assert all(aspect in sheet["C2"].value for aspect in FIVE)


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_other_text_offers_any(edition: str) -> None:
    book = openpyxl.load_workbook(io.BytesIO(blank_of(edition)))
    assert not any(PROMPT in str(cell.value) for row in book["五六、问题与其他"].iter_rows() for cell in row)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_checks_tell_prompts_until_the_last_is_written_over(
    edition: str, libreoffice: Office, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(blank_of(edition))
    line = plan_of(edition).checks["text.blank", "overview"]
    with libreoffice.open(path) as document:
        sheet, checks = document.Sheets["一、总体情况"], document.Sheets["校验"]

        def told() -> str:
            document.calculateAll()
            return str(checks.getCellByPosition(RESULT, line).String)

        for row, aspect in enumerate(FIVE, 2):
            assert told() == "… 模板的提示没有改写"
            sheet.getCellByPosition(0, row).String = f"（{aspect}）" + "已经写好。" * 80
        assert told() == "✓"
        for row in range(2, 2 + len(FIVE)):
            sheet.getCellByPosition(0, row).String = ""
        assert told() == "… 文字部分没有内容"


def test_prompts_are_one_error_that_nobody_can_accept() -> None:
    report = workbook.parse(blank_of("2021"), "a.xlsx")
    (found,) = (finding for finding in workbook.check(report) if finding.code == "text.prompt")
    assert found.level == "error"
    assert found.quote
    assert report.narrative["overview"]
    assert report.narrative["overview"][found.quote.start : found.quote.end] == PROMPT
    assert "共 5 处" in found.message("zh")
    assert not [each.code for each in workbook.check(report) if each.at == "overview" and each.code != "text.prompt"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_text_shows_how_many_characters_it_has(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    base, plan = sound(edition), plan_of(edition)
    long = "\n".join(f"第{number}段。" for number in range(30))
    report = replace(base, narrative={**base.narrative, "overview": long, "problems": long, "other": None})
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(report))
    with libreoffice.open(path) as document:
        for name, texts in plan.text_sheets.items():
            sheet = document.Sheets[name]
            rows = text_rows(texts, {key: (report.narrative[key] or "").count("\n") + 1 for key in texts})
            for key in texts:
                cell = sheet.getCellByPosition(LETTERS, rows[key].heading)
                written = len((report.narrative[key] or "").replace("\n", ""))
                assert cell.String == f"{written}字"
                sheet.unprotect("")
                sheet.getCellByPosition(0, rows[key].last).String = "末段"
                document.calculateAll()
                assert cell.Value in {written + 2, len(long.replace("\n", "")) - len("第29段。") + 2}
