"""Commands, pages, functions of the worksheet, buttons and the makers of the documentation know the edition."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import cases
import pytest
from command import nianbao
from engine import sheets
from engine.user import User
from made import broken, equation, sound
from results import checked
from test_carriers import page
from trees import BEFORE, ROOT

import workbook
from workbook.document.document import dump
from workbook.form import load_form
from workbook.output import FORMS, render
from workbook.resources import template_file
from xlplugin import functions, macros
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

USUAL = broken(sound(), equation("documents.explained", "made"))
WRONG = broken(sound(), equation("documents.repealed", "rules"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound report, one with a warning and one with an error."""
    for name, report in (("好", sound()), ("提示", USUAL), ("错", WRONG)):
        (tmp_path / f"{name}.xlsx").write_bytes(workbook.write(report))
    return tmp_path


def test_check_tells_codes_and_levels(folder: Path) -> None:
    run = nianbao("check", "好.xlsx", "提示.xlsx", "错.xlsx", "--format", "json", cwd=folder)
    assert run.code == 1
    wrong = ["documents.repealed", "documents.explained"]
    assert run.codes == {"好.xlsx": [], "提示.xlsx": ["documents.explained"], "错.xlsx": wrong}
    assert [item["sound"] for item in run.json] == [True, True, False]
    assert {item["edition"] for item in run.json} == {"2027"}
    assert nianbao("check", "提示.xlsx", cwd=folder).code == 0
    assert nianbao("check", "提示.xlsx", "--strict", cwd=folder).code == 1


def test_convert_gives_the_json_and_fill_the_workbook(folder: Path) -> None:
    assert nianbao("convert", "好.xlsx", cwd=folder).code == 0
    assert replace(workbook.read(folder / "好.json"), source=None) == sound()
    assert nianbao("fill", "好.json", "-o", "又.xlsx", cwd=folder).code == 0
    assert replace(workbook.read(folder / "又.xlsx"), source=None) == sound()
    assert nianbao("convert", "错.xlsx", cwd=folder).code == 1
    assert not (folder / "错.json").exists()


def test_template_and_schema_are_those_of_the_edition_asked_for(tmp_path: Path) -> None:
    assert nianbao("template", "--edition", "2027", "-o", "a.xlsx", cwd=tmp_path).code == 0
    assert nianbao("template", "--year", "2028", "-o", "b.xlsx", cwd=tmp_path).code == 0
    assert nianbao("template", "--year", "2026", "-o", "c.xlsx", cwd=tmp_path).code == 0
    made = {name: (tmp_path / f"{name}.xlsx").read_bytes() for name in "abc"}
    assert made["a"] == made["b"] == workbook.template("2027")
    assert made["c"] == workbook.template("2021") == (ROOT / template_file("2021")).read_bytes()
    schema = nianbao("schema", "--edition", "2027", cwd=tmp_path)
    assert (schema.code, schema.out) == (0, dump(workbook.report_schema("2027")))
    findings = nianbao("schema", "finding", "--edition", "2027", cwd=tmp_path)
    assert (findings.code, findings.out) == (0, dump(workbook.finding_schema("2027")))


def test_the_page_shows_the_new_section_and_the_new_lines(folder: Path) -> None:
    assert nianbao("check", "提示.xlsx", "-o", "x.html", cwd=folder).code == 0
    text = (folder / "x.html").read_text(encoding="utf-8")
    for words in ("七、下一年度工作安排", "一是加强培训。", "个体工商户", "4.客观上无法提供", "政策解读材料"):
        assert words in text
    assert "解读材料一般与文件一一对应" in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_of_output_can_be_made(lang: str, tmp_path: Path) -> None:
    platform = replace(sound(), body=replace(sound().body, more=(("contact", None), ("platform", "墙报"))))
    for report in (USUAL, WRONG, platform):
        result = checked(report, tmp_path, lang=lang)
        for form in FORMS:
            data = render([result], form, lang)
            assert data
            assert form not in {"text", "csv"} or "{" not in data.decode()


def test_an_older_report_is_carried_over_and_a_page_imported(tmp_path: Path) -> None:
    (tmp_path / "旧.xlsx").write_bytes(workbook.write(cases.sound("2021")))
    run = nianbao("repair", "旧.xlsx", "--edition", "2027", "-o", "新.xlsx", cwd=tmp_path)
    assert run.code == 1
    new = workbook.read(tmp_path / "新.xlsx")
    assert (new.edition, new.cells["applications.received.individual"]) == ("2027", None)
    assert new.cells["applications.received.natural"] == cases.sound("2021").cells["applications.received.natural"]
    (tmp_path / "页.html").write_bytes(page(sound()))
    assert nianbao("import", "页.html", "-o", "页.xlsx", cwd=tmp_path).code == 0
    assert workbook.read(tmp_path / "页.xlsx").cells == sound().cells
    shown = nianbao("inspect", "页.html", cwd=tmp_path)
    assert "七、下一年度工作安排" in shown.out.decode()


def test_a_copy_is_marked(folder: Path) -> None:
    assert nianbao("mark", "提示.xlsx", cwd=folder).code == 0
    assert workbook.read(folder / "提示-校验.xlsx").cells == USUAL.cells


def test_last_years_report_is_found_in_a_folder(folder: Path) -> None:
    (folder / "上年").mkdir()
    last = cases.fitting(sound(), replace(cases.sound("2021"), year=2026))
    (folder / "上年" / "去年.xlsx").write_bytes(workbook.write(last))
    run = nianbao("check", "好.xlsx", "--previous", "上年", "--format", "json", cwd=folder)
    assert (run.code, run.codes) == (0, {"好.xlsx": []})


def test_functions_of_the_worksheet_say_the_new_rules() -> None:
    for code, rule in {item.code: item.rule for item in load_form("2027").equations()}.items():
        if code not in {item.code for item in load_form("2021").equations()}:
            assert functions.rule(code).startswith(f"{rule.title}：")
            assert functions.rule(code).endswith(f"（{rule.clause}）")
    listed = functions.listing(workbook.check(USUAL), "documents.explained")
    assert [row[1:3] for row in listed[1:]] == [["提示", "documents.explained"]]
    assert functions.listing(workbook.check(WRONG), "documents")[1][1:3] == ["错误", "documents.repealed"]
    assert functions.listing(workbook.check(sound()), None) == [[functions.NONE_FOUND]]
    assert functions.value(sound(), "applications.unavailable_lost.individual") == 14
    with pytest.raises(functions.BadArgument, match="是不是“documents\\.explained”"):
        functions.listing((), "documents.explaned")


def test_the_button_import_json_fills_the_new_answers_and_texts(tmp_path: Path) -> None:
    path, template = tmp_path / "报告.json", tmp_path / "年报.xlsx"
    path.write_bytes(workbook.to_json(sound()))
    template.write_bytes(workbook.template("2027"))
    user = User(answers=[str(path)])
    with sheets.spreadsheet(template, user) as book:
        macros.import_json()
        assert len(user.asked) == 1, "that there is something to overwrite in a blank template"
        read = live_report(book)
        assert (read.cells, read.narrative, read.year) == (sound().cells, sound().narrative, 2027)
        assert read.body == sound().body
        user.answers = []
        macros.check_report(workbook.__version__)
    assert "没有错误" in user.said[0]
    assert "校验通过" in user.said[-1]


def test_the_makers_of_the_generated_files_make_those_of_the_edition() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    import artefacts

    made = artefacts.artefacts()
    assert made["schema/2027/report.schema.json"] == dump(workbook.report_schema("2027"))
    assert made["schema/2027/finding.schema.json"] == dump(workbook.finding_schema("2027"))
    assert made[template_file("2027")] == workbook.template("2027")
    rules = made["docs/reference/rules.md"].decode()
    assert "## 2027 版（试验办函〔2027〕1号）" in rules
    assert "| `applications.repeat` | 重复申请一般不多于新收申请" in rules
    assert json.loads(made["schema/2027/report.schema.json"])["properties"]["body"]["properties"]["contact"]
    for edition in BEFORE:
        for name in (
            *(f"schema/{edition}/{what}.schema.json" for what in ("report", "finding")),
            template_file(edition),
        ):
            assert made[name] == (ROOT / name).read_bytes()
