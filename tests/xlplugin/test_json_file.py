"""Buttons that write and read a JSON document."""

from __future__ import annotations

import io
import json
from copy import copy
from dataclasses import asdict
from typing import TYPE_CHECKING

from buttons import at, looks, press, protection, wrong
from cases import sound
from engine.user import User
from openpyxl import load_workbook
from workbooks import blank_of

import workbook
from workbook.excel.layout import COVER
from workbook.report import Waiver
from xlplugin import fill, macros
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    from buttons import Open


def test_export_json_writes_what_convert_writes(opened: Open, tmp_path: Path) -> None:
    user = User(answers=["yes"])
    with opened(sound("2021"), user):
        press(macros.export_json)
        path = tmp_path / "年报.json"
        assert path.read_bytes() == workbook.to_json(workbook.read(tmp_path / "年报.xlsx"))
        path.write_text("旧的", encoding="utf-8")
        press(macros.export_json)
        assert "已存在" in user.asked[-1]
        assert path.read_bytes() == workbook.to_json(workbook.read(tmp_path / "年报.xlsx"))
        user.answers = ["no"]
        path.write_text("旧的", encoding="utf-8")
        press(macros.export_json)
        assert path.read_text(encoding="utf-8") == "旧的"
    assert "已导出“年报.json”" in user.said[0]


def test_export_json_refuses_errors_and_changes_that_are_not_saved(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(wrong(), user) as book:
        press(macros.export_json)
        assert "有 2 处错误，没有导出" in user.said[-1]
        assert "没有填写" in user.said[-1]
        at(book, "services.licensing.decisions").value = 1
        press(macros.export_json)
        assert "请先保存" in user.said[-1]
    assert not (tmp_path / "年报.json").exists()


def test_import_json_fills_the_template(opened: Open, tmp_path: Path) -> None:
    report = sound("2021")
    long = "\n".join(f"第{index}段" for index in range(60))
    text = {**report.narrative, "overview": f"=1+1\n{long}"}
    document = json.loads(workbook.to_json(report))
    document["narrative"] = text
    path = tmp_path / "报告.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    user = User(answers=[str(path)])
    with opened(blank_of("2021"), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        press(macros.import_json)
        assert "已从“报告.json”导入" in user.said[-1]
        read = live_report(book)
        assert read.cells == report.cells
        assert read.narrative == text
        assert (read.body, read.year) == (report.body, report.year)
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        assert all(at(book, key).formula.startswith("=") for key in list(report.form.calculated)[::9])
        user.answers = [str(path), "no"]
        press(macros.import_json)
        assert "当前工作簿已填了" in user.asked[-1]
    assert "没有错误" in user.said[0]


def test_import_json_refuses_another_edition_and_what_is_no_report(opened: Open, tmp_path: Path) -> None:
    path, other = tmp_path / "旧版.json", tmp_path / "别的.json"
    path.write_bytes(workbook.to_json(sound("2019")))
    other.write_text("{}", encoding="utf-8")
    user = User(answers=[str(path), str(other), False])
    with opened(blank_of("2021"), user) as book:
        before = looks(book)
        press(macros.import_json)
        assert "2019 版的报告" in user.said[-1]
        press(macros.import_json)
        assert "别的.json" in user.said[-1]
        press(macros.import_json)
        assert looks(book) == before
        assert len(user.said) == 2


def test_export_json_does_not_mind_formulas_that_calculate_anew(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        app = book.app.impl
        app.calculate = lambda: setattr(app.books.active, "saved", False)
        press(macros.export_json)
    assert (tmp_path / "年报.json").exists()
    assert "已导出" in user.said[-1]


def test_export_json_goes_on_without_last_years_file(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        book.names.add(fill.PREVIOUS, '="没有了.xlsx"')
        press(macros.check_report)
        assert "有 1 处提示" in user.said[-1]
        press(macros.clear_marks)
        book.save()
        press(macros.export_json)
    assert (tmp_path / "年报.json").exists()


def test_import_json_finds_the_cover_and_takes_waivers_along(opened: Open, tmp_path: Path) -> None:
    report = sound("2021")
    waiver = Waiver("file.edition_for_year", "year", "沿用", "张三", "2025-01-02")
    document = json.loads(workbook.to_json(report))
    document["waivers"] = [asdict(waiver)]
    (tmp_path / "报告.json").write_text(json.dumps(document), encoding="utf-8")
    user = User(answers=[str(tmp_path / "报告.json"), "yes"])
    moved = tmp_path / "挪过.xlsx"
    moved.write_bytes(shifted_cover(blank_of("2021")))
    with opened(moved, user) as book:
        press(macros.import_json)
        read = live_report(book)
        assert (read.body, read.year, read.waivers) == (report.body, report.year, (waiver,))


def test_import_json_says_that_a_document_is_a_draft(opened: Open, tmp_path: Path) -> None:
    draft = json.loads(workbook.to_json(sound("2021"))) | {"draft": [{"code": "cell.blank"}]}
    (tmp_path / "报告.json").write_text(json.dumps(draft), encoding="utf-8")
    user = User(answers=[str(tmp_path / "报告.json"), "yes"])
    with opened(blank_of("2021"), user):
        press(macros.import_json)
    assert "写明自己是草稿" in user.said[-1]


def shifted_cover(data: bytes) -> bytes:
    """Return a template on whose cover the questions stand a row lower."""
    book = load_workbook(io.BytesIO(data))
    book[COVER].move_range("A8:E16", rows=1)
    for row in range(16, 7, -1):
        book[COVER].cell(row + 1, 3).protection = copy(book[COVER].cell(row, 3).protection)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_import_json_names_a_sheet_that_was_renamed(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021")))
    user = User(answers=[str(tmp_path / "报告.json"), "yes"])
    with opened(blank_of("2021"), user) as book:
        book.sheets[COVER].name = "首页"
        press(macros.import_json)
        assert "没有工作表「封面」" in user.said[-1]
        report = live_report(book)
        assert set(report.cells.values()) == {None}
        assert report.narrative == workbook.parse(blank_of("2021"), "a.xlsx").narrative
