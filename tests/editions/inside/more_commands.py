"""Commands and pages know the edition."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from helpers import base, checked, fitting, nianbao, page
from made import broken, equation, sound

import workbook
from workbook.document.document import dump
from workbook.output import FORMATS, render

if TYPE_CHECKING:
    from pathlib import Path

USUAL = broken(sound(), equation("documents.explained", "made"))
WRONG = broken(sound(), equation("documents.repealed", "rules"))


@pytest.fixture(scope="module")
def books() -> dict[str, bytes]:
    """Workbooks of a sound report, one with a warning and one with an error."""
    offices = {
        name: replace(report, body=replace(report.body, name=f"{name}局"))
        for name, report in (("提示", USUAL), ("错", WRONG))
    }
    return {name: workbook.write(report) for name, report in {"好": sound(), **offices}.items()}


@pytest.fixture
def folder(books: dict[str, bytes], tmp_path: Path) -> Path:
    """A folder with those workbooks."""
    for name, data in books.items():
        (tmp_path / f"{name}.xlsx").write_bytes(data)
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
    assert made["c"] == workbook.template("2021")
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
        for form in FORMATS:
            data = render([result], form, lang)
            assert data
            assert form not in {"text", "csv"} or "{" not in data.decode()


def test_an_older_report_is_carried_over_and_a_page_imported(tmp_path: Path) -> None:
    (tmp_path / "旧.xlsx").write_bytes(workbook.write(base("2021")))
    run = nianbao("repair", "旧.xlsx", "--edition", "2027", "-o", "新.xlsx", cwd=tmp_path)
    assert run.code == 1
    new = workbook.read(tmp_path / "新.xlsx")
    assert (new.edition, new.cells["applications.received.individual"]) == ("2027", None)
    assert new.cells["applications.received.natural"] == base("2021").cells["applications.received.natural"]
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
    last = fitting(sound(), replace(base("2021"), year=2026))
    (folder / "上年" / "去年.xlsx").write_bytes(workbook.write(last))
    run = nianbao("check", "好.xlsx", "--previous", "上年", "--format", "json", cwd=folder)
    assert (run.code, run.codes) == (0, {"好.xlsx": []})
