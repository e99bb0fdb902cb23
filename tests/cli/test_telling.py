"""How much a run tells: --select and --ignore, --quiet, --summary; and what ``explain`` says of codes."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from cases import sound
from command import nianbao
from jsonschema import Draft202012Validator
from workbooks import workbook_of

import workbook
from workbook.form import load_form
from workbook.report import entries


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of reports: one sound, one with a warning, one with an error besides, one that is none."""
    base = sound("2021")
    (tmp_path / "甲.json").write_bytes(workbook.to_json(base))
    warned = replace(base, narrative={**base.narrative, "other": None})
    (tmp_path / "乙.json").write_bytes(workbook.to_json(warned))
    faulty = warned.with_cells({"applications.received.natural": 12})
    (tmp_path / "丙.xlsx").write_bytes(workbook_of(faulty))
    (tmp_path / "丁.xlsx").write_bytes(b"PK\x03\x04")
    return tmp_path


def warnings_of(folder: Path, *arguments: str) -> list[str]:
    run = nianbao("check", "乙.json", "--format", "json", *arguments, cwd=folder)
    return [finding["code"] for finding in run.json[0]["findings"] if finding["level"] == "warning"]


def test_what_is_ignored_is_not_shown_and_its_number_is_told(folder: Path) -> None:
    code = warnings_of(folder)[0]
    family = f"{code.partition('.')[0]}."
    for beginning in (code, family, f"cell.blank,{family}", f"cell.blank，{code}"):
        run = nianbao("check", "乙.json", "--format", "json", "--ignore", beginning, cwd=folder)
        assert code not in run.codes["乙.json"]
        assert (run.json[0]["not_shown"], run.json[0]["sound"]) == (1, True)
        assert f"{code} 1" in run.err
    assert "not_shown" not in nianbao("check", "乙.json", "--format", "json", cwd=folder).json[0]
    assert warnings_of(folder, "--select", family) == [code]
    assert warnings_of(folder, "--select", "cell") == []
    assert warnings_of(folder, "--select", family, "--ignore", code) == []


@pytest.mark.parametrize("form", ["text", "concise", "json", "jsonl", "csv", "sarif", "junit", "github", "html"])
def test_no_format_shows_what_is_ignored(folder: Path, form: str) -> None:
    code = warnings_of(folder)[0]
    for ignoring, there in (((), True), (("--ignore", code), False)):
        run = nianbao("check", "乙.json", "--format", form, *ignoring, cwd=folder)
        title = workbook.report.catalogue()[code].words["zh"]["title"]
        assert (code in run.out.decode() or title in run.out.decode()) == there


def test_the_verdict_the_exit_code_and_conversion_stay_as_they_are(folder: Path) -> None:
    everything = ["--ignore", ",".join({code.partition(".")[0] for code in known()})]
    for arguments in (["check", "."], ["check", ".", "--strict"], ["check", "乙.json", "--strict"]):
        plain, less = nianbao(*arguments, cwd=folder), nianbao(*arguments, *everything, cwd=folder)
        assert plain.code == less.code
        verdict = re.compile(r"^\S+  2021版.*", re.MULTILINE)
        assert verdict.findall(plain.out.decode()) == verdict.findall(less.out.decode()) != []
    for name, ignoring in (("a", []), ("b", everything)):
        nianbao("convert", "乙.json", "丙.xlsx", "--draft", "-o", name, *ignoring, cwd=folder)
    for path in (folder / "a").iterdir():
        assert path.read_bytes() == (folder / "b" / path.name).read_bytes()


def test_an_error_is_shown_whatever_is_ignored(folder: Path) -> None:
    for arguments in (["--ignore", "applications"], ["--select", "text"]):
        run = nianbao("check", "丙.xlsx", "--format", "json", *arguments, cwd=folder)
        assert "applications.total" in run.codes["丙.xlsx"]
        assert run.code == 1


def test_a_code_that_there_is_not_is_refused_with_those_near(folder: Path) -> None:
    for arguments in (["check", "甲.json", "--ignore", "text.contradict5"], ["explain", "text.contradict5"]):
        run = nianbao(*arguments, cwd=folder)
        assert (run.code, run.out) == (2, b"")
        assert "text.contradicts" in run.err


def test_quiet_tells_the_files_that_fail_and_of_them_what_they_fail_of(folder: Path) -> None:
    run = nianbao("check", ".", "-q", cwd=folder)
    out = run.out.decode()
    assert [line for line in out.split("\n") if line and line[0] != " "] == [
        line for line in out.split("\n") if line.startswith(("丙.xlsx", "丁.xlsx"))
    ]
    assert ("提示 " in out, run.err) == (False, "")
    assert nianbao("check", "甲.json", "乙.json", "-q", cwd=folder).out == b""
    assert "提示 " in nianbao("check", "乙.json", "-q", "--strict", cwd=folder).out.decode()
    assert nianbao("check", ".", "-q", "--format", "json", cwd=folder).json[0]


def test_quiet_leaves_errors_alone_on_standard_error(folder: Path) -> None:
    assert nianbao("convert", "甲.json", "-o", "out.json", "--quiet", cwd=folder).err == ""
    again = nianbao("convert", "甲.json", "-o", "out.json", "--quiet", cwd=folder)
    assert (again.code, "out.json" in again.err) == (2, True)
    assert nianbao("check", "甲.json", "-o", "x.csv", "--quiet", cwd=folder).err == ""
    assert nianbao("check", "甲.json", "-o", "x.csv", "--quiet", cwd=folder).err != ""


def test_summary_is_a_line_a_file_and_then_the_codes(folder: Path) -> None:
    lines = nianbao("check", ".", "--summary", cwd=folder).out.decode().rstrip("\n").split("\n")
    assert [line.split()[0] for line in lines[:4]] == ["丁.xlsx", "丙.xlsx", "乙.json", "甲.json"]
    assert lines[4].startswith("共 4 份")
    assert re.fullmatch(r"  1×  错误  applications\.total +\S+", lines[5])
    assert any(re.match(r"  2×  提示  ", line) for line in lines[6:])
    assert nianbao("convert", "乙.json", "--summary", "-o", "x.json", cwd=folder).err.count("\n") == 2


def test_every_object_names_the_schema_that_it_passes(folder: Path) -> None:
    (folder / "2019.json").write_bytes(workbook.to_json(sound("2019")))
    schemas = {schema["$id"]: schema for schema in map(workbook.finding_schema, workbook.editions())}
    for arguments in ((), ("--ignore", "documents")):
        run = nianbao("check", ".", "--format", "json", *arguments, cwd=folder)
        assert {item["$schema"] for item in run.json} == schemas.keys()
        for item in run.json:
            gate = Draft202012Validator(schemas[item["$schema"]])
            gate.validate(item)
            for finding in item["findings"]:
                gate.validate(finding)
                assert not gate.is_valid({**finding, "more": 1})
            assert not gate.is_valid({**item, "more": 1})
            assert not gate.is_valid({**item, "findings": [item]})


def known() -> set[str]:
    return {entry.code for edition in workbook.editions() for entry in entries(load_form(edition))}


def test_every_code_is_explained_in_both_languages(tmp_path: Path) -> None:
    listed = nianbao("explain", cwd=tmp_path).out.decode()
    assert {line.split()[0] for line in listed.rstrip("\n").split("\n")} == known()
    for lang in ("zh", "en"):
        said = {
            item["code"]: item for item in nianbao("explain", "--format", "json", "--lang", lang, cwd=tmp_path).json
        }
        assert said.keys() == known()
        for item in said.values():
            assert all(item[key] for key in ("title", "level", "explanation", "remedy", "editions"))
            assert "{" not in item["remedy"]
    one = nianbao("explain", "year.brought_forward", cwd=tmp_path).out.decode()
    entry = workbook.report.catalogue()["year.brought_forward"]
    assert [entry.words["zh"][key] in one for key in ("title", "explanation")] == [True, True]
    family = nianbao("explain", "year.", cwd=tmp_path).out.decode()
    assert {line.split()[0] for line in family.split("\n") if line and line[0] != " "} == {
        code for code in known() if code.startswith("year.")
    }
