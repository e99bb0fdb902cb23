"""What offices make of 底稿.docx: the report is read back from what is made with it, or that is told."""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from cases import sound
from publication import rewritten

import workbook
from workbook.publish.job import Publishing, publish
from workbook.publish.word.base import template
from workbook.report.compare import compare

CASES = tomllib.loads(Path(__file__).with_name("bases.toml").read_text("utf-8"))["case"]
PLACE = r"(?s)<w:p\b(?:(?!</w:p>).)*【正文】.*?</w:p>"


def base_of(case: dict[str, Any]) -> bytes:
    name, (pattern, new) = case.get("part", "word/document.xml"), case["edit"]
    base = template()
    with zipfile.ZipFile(io.BytesIO(base)) as package:
        text = package.read(name).decode()
    pattern = PLACE if pattern == "PLACE" else pattern
    if deep := case.get("deep"):
        before, behind = new.split(r"\g<0>")
        new = before * deep + r"\g<0>" + behind * deep
    made = re.sub(pattern, new, text, count=1)
    assert made != text
    return rewritten(base, {name: made.encode()})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_what_is_made_with_a_base_is_the_report_or_that_is_told(case: dict[str, Any]) -> None:
    report = sound("2021")
    how = Publishing(("word",), "2026年1月20日", (base_of(case), "底稿.docx"))
    files, told = publish(report, how, findings=())
    assert [finding.code for finding in told] == ([case["code"]] if "code" in case else [])
    if not told:
        assert not compare(workbook.parse(files["word"][""], "公布.docx"), report)
    for finding in told:
        assert "底稿.docx" in finding.message("zh")
        assert "底稿.docx" in finding.message("en")
