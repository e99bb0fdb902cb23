"""Findings as lines: concise, as workflow commands of GitHub, and an object a file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from cases import cases

from workbook.jobs.result import Result
from workbook.output import render


def results() -> list[Result]:
    """Return what is found in all cases, each in a file of its own."""
    return [
        Result(f"{number}.xlsx", 1, [finding.as_dict() for finding in case.findings()], case.edition)
        for number, case in enumerate(cases())
    ]


def finding_of_a_cell() -> dict[str, Any]:
    """Return a finding."""
    return next(finding for result in results() for finding in result.findings)


def test_concise_has_a_line_a_finding_with_place_level_and_code() -> None:
    found = results()
    lines = render(found, "concise", "zh").decode().rstrip("\n").split("\n")
    findings = [(result.file, finding) for result in found for finding in result.findings]
    assert len(lines) == len(findings)
    for line, (file, finding) in zip(lines, findings, strict=True):
        assert line.startswith(f"{file}:")
        level = "waived" if finding["waived"] else finding["level"]
        assert f": {level} {finding['code']} " in line


def test_concise_names_sheet_and_cell() -> None:
    cell = {"cell": "a.b.c", "sheet": "三、依申请公开", "address": "D8", "value": 1}
    finding = {**finding_of_a_cell(), "cells": [cell], "located": [], "quote": None}
    line = render([Result("甲.xlsx", 1, [finding])], "concise", "zh").decode()
    assert line.startswith(f"甲.xlsx:三、依申请公开!D8: {finding['level']} {finding['code']} ")


def test_github_has_a_command_a_finding() -> None:
    found = results()
    lines = render(found, "github", "zh").decode().rstrip("\n").split("\n")
    assert len(lines) == sum(len(result.findings) for result in found)
    for line in lines:
        assert re.fullmatch(r"::(error|warning|notice) file=[^:,]+,title=[^:,]+::.*", line), line


@pytest.mark.parametrize(
    ("file", "written"),
    [
        ("a,b:c%.xlsx", "a%2Cb%3Ac%25.xlsx"),
        ("甲 乙.xlsx", "甲 乙.xlsx"),
        ("a\n::error::b", "a\ufffd%3A%3Aerror%3A%3Ab"),
    ],
)
def test_github_is_escaped_by_its_rules(file: str, written: str) -> None:
    finding = {**finding_of_a_cell(), "message": "100%\n::error::b, c: d", "hint": "e", "cells": [], "located": []}
    line = render([Result(file, 1, [{**finding, "quote": None}])], "github", "zh").decode()
    assert f" file={written},title=" in line
    assert line.endswith("::100%25\ufffd::error::b, c: d%0Ae\n")
    assert line.count("\n") == 1


def test_github_names_files_from_the_folder_of_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    finding = finding_of_a_cell()
    for file in (str(tmp_path / "区县" / "甲.xlsx"), str(Path("区县") / "甲.xlsx")):
        assert b" file=\xe5\x8c\xba\xe5\x8e\xbf/" in render([Result(file, 1, [finding])], "github", "zh")


def test_json_lines_are_the_objects_of_the_array() -> None:
    found = results()
    lines = render(found, "jsonl", "zh").decode().rstrip("\n").split("\n")
    assert [json.loads(line) for line in lines] == json.loads(render(found, "json", "zh"))
