"""What a user does, through the installed command."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest
from cases import of_office, sound
from command import installed, nianbao
from jsonschema import Draft202012Validator
from workbooks import workbook_of

import workbook
from workbook.exits import MISUSE, UNREADABLE
from workbook.jobs import pool
from workbook.jobs.file import check_file, convert_file
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.run import run as run_jobs
from workbook.jobs.search import search

HEAVY = "print([m for m in ('openpyxl', 'jsonschema', 'xlwings', 'xlsxwriter', 'rich', 'jinja2') if m in sys.modules])"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of reports: two sound, one faulty, one with a warning, one that is none, and files to pass over."""
    (tmp_path / "区县").mkdir()
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(sound("2021")))
    (tmp_path / "区县" / "乙.xlsx").write_bytes(workbook_of(of_office("乙局")))
    faulty = of_office("丙局").with_cells({"applications.received.natural": 12})
    (tmp_path / "丙.xlsx").write_bytes(workbook_of(faulty))
    (tmp_path / "丁.json").write_bytes(workbook.to_json(of_office("丁局").with_cells({"documents.rules.made": 1})))
    (tmp_path / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "~$甲.xlsx").write_bytes(b"lock")
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    return tmp_path


def test_check_prints_an_array_with_one_object_a_file(folder: Path) -> None:
    run = installed("check", ".", "--format", "json", cwd=folder)
    assert run.code == UNREADABLE
    assert [Path(item["file"]).name for item in run.json] == ["丙.xlsx", "乙.xlsx", "坏.xlsx", "甲.xlsx", "丁.json"]
    assert [item["sound"] for item in run.json] == [False, True, False, True, True]
    assert list(run.json[0]) == ["$schema", "file", "edition", "year", "body", "sound", "findings"]
    assert run.json[0]["year"] == 2024
    assert [finding["code"] for finding in run.json[0]["findings"]] == ["applications.total", "applications.balance"]
    validator = Draft202012Validator(workbook.finding_schema("2021"))
    for item in run.json:
        for finding in item["findings"]:
            validator.validate(finding)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["甲.xlsx"], 0),
        (["甲.xlsx", "丁.json"], 0),
        (["丙.xlsx"], 1),
        (["甲.xlsx", "丙.xlsx"], 1),
        (["没有.xlsx"], 3),
        (["坏.xlsx"], 3),
        (["丙.xlsx", "坏.xlsx"], 3),
        (["说明.txt"], 3),
        ([], 2),
        (["甲.xlsx", "--format", "xml"], 2),
        (["甲.xlsx", "--format", "sarif"], 0),
        (["丙.xlsx", "--format", "junit"], 1),
        (["甲.xlsx", "--jobs", "-1"], 2),
    ],
)
def test_exit_codes_are_a_contract(folder: Path, arguments: list[str], code: int) -> None:
    assert installed("check", *arguments, cwd=folder).code == code


def test_strict_lets_warnings_fail(tmp_path: Path) -> None:
    from dataclasses import replace

    report = replace(sound("2021"), narrative={**sound("2021").narrative, "other": None})
    (tmp_path / "a.xlsx").write_bytes(workbook_of(report))
    assert installed("check", "a.xlsx", cwd=tmp_path).code == 0
    assert installed("check", "a.xlsx", "--strict", cwd=tmp_path).code == 1


def test_text_names_file_verdict_message_and_remedy_in_both_languages(folder: Path) -> None:
    text = installed("check", "丙.xlsx", cwd=folder).out.decode()
    assert "丙.xlsx  2021版  2024年度  丙局  ✗ 有 1 处错误" in text
    assert "「三、依申请公开」D6（一、本年新收政府信息公开申请数量 · 自然人）现为 12，应为" in text
    english = nianbao("check", "丙.xlsx", "--lang", "en", cwd=folder).out.decode()
    assert "✗ errors: 1" in english
    assert "is 12 and should be" in english


def test_csv_has_a_line_a_finding_and_no_formula(folder: Path) -> None:
    report = sound("2021").with_cells({"documents.rules.made": "=cmd|' /C calc'!A0", "documents.rules.repealed": "-"})
    (folder / "丙.xlsx").write_bytes(workbook_of(report))
    assert nianbao("check", "丙.xlsx", "--format", "csv", "-o", "out.csv", cwd=folder).code == 1
    data = (folder / "out.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert [row["code"] for row in rows] == ["cell.not_calculated", "cell.not_a_number"]
    assert [(row["sheet"], row["address"]) for row in rows] == [("二、主动公开", "B5"), ("二、主动公开", "C5")]
    assert not [value for row in rows for value in row.values() if value.startswith(("=", "-", "+", "@"))]


@pytest.mark.parametrize(
    ("name", "beginning"),
    [
        ("a.txt", "丙.xlsx  2021版"),
        ("a.json", "["),
        ("a.csv", "\ufefffile,"),
        ("a.sarif", '{\n  "$schema"'),
        ("a.xml", "<?xml"),
        ("a.html", "<!doctype html>"),
        ("a.XLSX", "PK"),
        ("a.out", "丙.xlsx  2021版"),
    ],
)
def test_the_ending_of_the_output_says_its_form(folder: Path, name: str, beginning: str) -> None:
    assert nianbao("check", "丙.xlsx", "-o", name, cwd=folder).code == 1
    assert (folder / name).read_bytes().startswith(beginning.encode())
    assert nianbao("check", "丙.xlsx", "-o", name, cwd=folder).code == MISUSE
    taken = nianbao("check", "丙.xlsx", "-o", name, "--format", "json", "--force", cwd=folder).code == 1
    assert taken == (name in {"a.json", "a.out"})  # the others end as files of another kind
    assert (folder / name).read_bytes().startswith(b"[" if taken else beginning.encode())


def test_convert_says_of_what_it_made_nothing(folder: Path) -> None:
    run = nianbao("convert", "甲.xlsx", "丙.xlsx", "-o", "结果", cwd=folder)
    lines = run.err.splitlines()
    faulty = next(number for number, line in enumerate(lines) if line.startswith("丙.xlsx"))
    assert [number for number, line in enumerate(lines) if "没有转换" in line] == [
        next(number for number in range(faulty + 1, len(lines)) if not lines[number].startswith("      →")
             and not lines[number].startswith("  错误") and not lines[number].startswith("  提示"))
    ]  # fmt: skip
    assert "没有转换" not in nianbao("convert", "丙.xlsx", "--draft", "-o", "-", cwd=folder).err
    assert "没有转换" not in nianbao("convert", "甲.xlsx", "-o", "-", cwd=folder).err


def test_one_page_may_go_to_standard_output_many_and_workbooks_may_not(folder: Path) -> None:
    assert nianbao("check", "丙.xlsx", "--format", "html", cwd=folder).out.startswith(b"<!doctype html>")
    assert nianbao("check", ".", "--format", "html", cwd=folder).code == MISUSE
    assert nianbao("check", ".", "--format", "html", "-o", "x.txt", cwd=folder).code == MISUSE
    assert nianbao("check", "丙.xlsx", "--format", "xlsx", cwd=folder).code == MISUSE


@pytest.mark.parametrize("jobs_wanted", ["1", "2"])
def test_many_pages_lie_beside_the_table_that_leads_to_them(folder: Path, jobs_wanted: str) -> None:
    (folder / "甲.xlsm").write_bytes(workbook_of(of_office("戊局")))
    before = {path for path in folder.rglob("*") if path.is_file()}
    run = nianbao("check", ".", "--strict", "--jobs", jobs_wanted, "-o", "汇总.html", cwd=folder)
    assert (run.code, run.out) == (UNREADABLE, b"")
    made = {path for path in folder.rglob("*") if path.is_file()} - before
    names = ["丁", "丙", "坏", "甲", "甲.xlsx", str(Path("区县", "乙"))]
    assert made == {folder / "汇总.html", *(folder / "汇总" / f"{name}.html" for name in names)}
    page = lxml.html.document_fromstring((folder / "汇总.html").read_bytes().decode())
    links = [unquote(link) for link in page.xpath("//a/@href")]
    assert {folder / link for link in links} == made - {folder / "汇总.html"}
    assert links[:2] == ["汇总/坏.html", "汇总/丙.html"]


def test_pages_are_not_overwritten_and_never_an_input(folder: Path) -> None:
    (folder / "汇总").mkdir()
    (folder / "汇总" / "丙.html").write_text("mine", encoding="utf-8")
    run = nianbao("check", "甲.xlsx", "丙.xlsx", "-o", "汇总.html", cwd=folder)
    assert run.code == MISUSE
    assert "丙.html" in run.err
    assert (folder / "汇总" / "丙.html").read_text(encoding="utf-8") == "mine"
    assert (folder / "汇总.html").read_text(encoding="utf-8").count("<a ") == 1
    assert nianbao("check", "甲.xlsx", "丙.xlsx", "-o", "汇总.html", cwd=folder).code == MISUSE
    assert nianbao("check", "甲.xlsx", "丙.xlsx", "-o", "汇总.html", "--force", cwd=folder).code == 1
    page = (folder / "汇总" / "丙.html").read_bytes()
    run = nianbao("check", "汇总/丙.html", "甲.xlsx", "-o", "汇总.html", "--force", cwd=folder)
    assert run.code == 1
    assert (folder / "汇总" / "丙.html").read_bytes() == page
    assert sorted(path.name for path in (folder / "汇总-网页").iterdir()) == ["丙.html", "甲.html"]


def test_convert_writes_json_beside_the_workbook_and_nothing_for_a_faulty_one(folder: Path) -> None:
    run = nianbao("convert", "甲.xlsx", "丙.xlsx", cwd=folder)
    assert run.code == 1
    assert run.out == b""
    document = json.loads((folder / "甲.json").read_bytes())
    Draft202012Validator(workbook.report_schema("2021")).validate(document)
    assert document["source"]["file"] == "甲.xlsx"
    assert not (folder / "丙.json").exists()
    assert "applications.total" in run.err


def test_a_draft_says_that_it_is_one(folder: Path) -> None:
    assert nianbao("convert", "丙.xlsx", "--draft", cwd=folder).code == 1
    document = json.loads((folder / "丙.json").read_bytes())
    Draft202012Validator(workbook.report_schema("2021")).validate(document)
    assert [finding["code"] for finding in document["draft"]] == ["applications.total", "applications.balance"]


def test_convert_keeps_the_folders_of_a_folder(folder: Path) -> None:
    assert nianbao("convert", ".", "-o", "out", cwd=folder).code == 3
    assert sorted(str(path.relative_to(folder / "out")) for path in (folder / "out").rglob("*.json")) == [
        "丁.json",
        str(Path("区县", "乙.json")),
        "甲.json",
    ]


def test_many_reports_become_lines(folder: Path) -> None:
    nianbao("convert", "甲.xlsx", "区县", "丁.json", "-o", "all.jsonl", cwd=folder)
    lines = (folder / "all.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["source"] and json.loads(line)["source"]["file"] for line in lines] == [
        "甲.xlsx",
        None,
        "乙.xlsx",
    ]


def test_convert_to_standard_output(folder: Path) -> None:
    run = nianbao("convert", "甲.xlsx", "-o", "-", cwd=folder)
    assert run.json["edition"] == "2021"


def test_nothing_is_overwritten_without_force_and_no_input_ever(folder: Path) -> None:
    (folder / "甲.json").write_text("mine", encoding="utf-8")
    run = nianbao("convert", "甲.xlsx", cwd=folder)
    assert run.code == MISUSE
    assert "已有这个文件" in run.err
    assert (folder / "甲.json").read_text(encoding="utf-8") == "mine"
    assert nianbao("convert", "甲.xlsx", "--force", cwd=folder).code == 0
    before = (folder / "甲.xlsx").read_bytes()
    run = nianbao("mark", "甲.xlsx", "-o", "甲.xlsx", "--force", cwd=folder)
    assert run.code == MISUSE
    assert "不能覆盖输入的文件" in run.err
    assert (folder / "甲.xlsx").read_bytes() == before


def test_no_file_is_left_half_written(folder: Path) -> None:
    nianbao("convert", ".", "-o", "out", cwd=folder)
    assert not [path for path in folder.rglob("*") if path.suffix == ".part"]


def test_an_output_that_cannot_be_written_is_told(folder: Path) -> None:
    (folder / "file").write_text("x", encoding="utf-8")
    run = nianbao("convert", "甲.xlsx", "-o", str(Path("file", "a.json")), cwd=folder)
    assert run.code == MISUSE
    assert "file.not_written" in run.err


def test_fill_makes_the_workbook_that_convert_reads(folder: Path) -> None:
    assert nianbao("fill", "丁.json", cwd=folder).code == 0
    assert workbook.read(folder / "丁.xlsx").cells == workbook.read(folder / "丁.json").cells


def test_mark_makes_a_copy_that_folders_are_searched_without(folder: Path) -> None:
    assert nianbao("mark", "丙.xlsx", cwd=folder).code == 1
    assert (folder / "丙-校验.xlsx").exists()
    assert not [item for item in nianbao("check", ".", "--format", "json", cwd=folder).json if "-校验" in item["file"]]
    assert nianbao("mark", "丁.json", "-o", "x.xlsx", cwd=folder).code == UNREADABLE


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="file names are text there")
def test_a_file_name_that_is_no_text_is_shown_with_replacements(folder: Path) -> None:
    odd = folder / "a\udcff.xlsx"
    odd.write_bytes((folder / "甲.xlsx").read_bytes())
    for arguments in (["check"], ["check", "--format", "json"], ["check", "--format", "csv"], ["convert"], ["mark"]):
        assert nianbao(*arguments, odd, cwd=folder).code == 0
    assert (folder / "a_.json").exists()
    assert nianbao("check", folder / "no\udcff.xlsx", cwd=folder).code == UNREADABLE


def test_what_was_written_is_told_in_the_language_asked_for(folder: Path) -> None:
    assert nianbao("check", "甲.xlsx", "-o", "a.html", "--lang", "en", cwd=folder).err == "written: a.html\n"
    assert nianbao("check", "甲.xlsx", "-o", "b.html", cwd=folder).err == "已写出 b.html\n"


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    run = nianbao("check", ".", cwd=tmp_path)
    assert run.code == 3
    assert b"file.no_reports" in run.out


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ([], "年报模板-2021版.xlsx"),
        (["--edition", "2019"], "年报模板-2019版.xlsx"),
        (["--year", "2020"], "年报模板-2019版.xlsx"),
        (["--year", "2026"], "年报模板-2021版.xlsx"),
    ],
)
def test_template_is_the_one_that_is_shipped(tmp_path: Path, root: Path, arguments: list[str], name: str) -> None:
    assert nianbao("template", *arguments, cwd=tmp_path).code == 0
    assert (tmp_path / name).read_bytes() == (root / "templates" / name).read_bytes()
    assert nianbao("template", *arguments, cwd=tmp_path).code == 2


def test_template_for_a_year_without_an_edition_is_misuse(tmp_path: Path) -> None:
    assert nianbao("template", "--year", "2018", cwd=tmp_path).code == 2
    assert nianbao("template", "--edition", "2020", cwd=tmp_path).code == 2


@pytest.mark.parametrize("what", ["report", "finding"])
def test_schema_is_the_one_that_is_shipped(tmp_path: Path, root: Path, what: str) -> None:
    run = nianbao("schema", what, "--edition", "2019", cwd=tmp_path)
    assert run.out == (root / f"schema/2019/{what}.schema.json").read_bytes()


@pytest.mark.parametrize("jobs_wanted", ["1", "2"])
def test_workers_change_nothing_but_the_time(folder: Path, jobs_wanted: str) -> None:
    run = nianbao("check", ".", "--format", "json", "--jobs", jobs_wanted, cwd=folder)
    assert [item["sound"] for item in run.json] == [False, True, False, True, True]


def test_many_chunks_give_every_result_once_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK", 2)
    for number in range(30):
        (tmp_path / f"{number:02}.json").write_bytes(workbook.to_json(of_office(f"第{number}局")))
    chosen = search([tmp_path], (".json",)).tasks
    results = list(run_jobs(convert_file, chosen, Options(), jobs=2))
    assert [Path(result.file).stem for result in results] == [f"{number:02}" for number in range(30)]
    assert {result.exit_code for result in results} == {0}


def _die_on_bad(task: Task, options: Options) -> Result:
    if task.source.name.startswith("坏"):
        import os

        os._exit(9)
    return check_file(task, options)


def test_a_process_that_dies_takes_no_other_file_with_it(folder: Path) -> None:
    chosen = search([folder], (".xlsx",)).tasks
    results = list(run_jobs(_die_on_bad, chosen, Options(), jobs=2))
    assert [Path(result.file).name for result in results] == ["丙.xlsx", "乙.xlsx", "坏.xlsx", "甲.xlsx"]
    assert [result.exit_code for result in results] == [1, 0, 3, 0]
    assert results[2].findings[0]["code"] == "file.crashed"


def test_same_names_with_other_endings_do_not_meet(folder: Path) -> None:
    (folder / "甲.xlsm").write_bytes((folder / "甲.xlsx").read_bytes())
    nianbao("convert", "甲.xlsx", "甲.xlsm", "-o", "out", cwd=folder)
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["甲.json", "甲.xlsm.json"]


def test_help_starts_without_the_heavy_libraries(tmp_path: Path) -> None:
    code = f"import sys, workbook.cli; {HEAVY}"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=tmp_path).stdout.strip()
        == b"[]"
    )


def test_check_imports_nothing_that_publishes(folder: Path) -> None:
    code = """
import sys, workbook.cli
try:
    workbook.cli.main(["check", "甲.xlsx", "--format", "json", "-o", "out.json"])
finally:
    print([name for name in sys.modules if name.split(".")[:2] == ["workbook", "publish"] or name in {"docx", "typst"}])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=folder)
    assert done.stdout.strip() == b"[]"
    assert (folder / "out.json").exists()


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "csv", "sarif", "junit", "github"])
def test_check_starts_without_the_heavy_libraries(folder: Path, form: str) -> None:
    code = f"""
import sys, workbook.cli
try:
    workbook.cli.main(["check", "甲.xlsx", "--format", {form!r}, "-o", "out"])
finally:
    {HEAVY}
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=folder)
    assert done.stdout.strip() == b"[]"
    assert (folder / "out").exists()
