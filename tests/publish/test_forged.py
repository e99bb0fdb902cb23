"""Published pages that were changed on the way: just that is found, and nothing where they say the same."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from cases import of_office

import workbook
from workbook.publish.job import Publishing, publish
from workbook.report import Report, Unreadable
from workbook.report.compare import compare

CASES = tomllib.loads(Path(__file__).with_name("forged.toml").read_text("utf-8"))["case"]
TEXT = "（一）主动公开。公开36件，“一批”更新。\n（二）依申请公开。依法答复。\n（三）监督保障。已经考核。"


@cache
def sent() -> Report:
    """Return the report that was sent up."""
    report = of_office("甲市教育局")
    return replace(report, narrative={**report.narrative, "overview": TEXT})


@cache
def published(form: str) -> str:
    return publish(sent(), Publishing((form,)), findings=())[0][form][""].decode()


def forged(case: dict[str, Any], form: str) -> bytes:
    page = published(form)
    for pattern, new in case["edit"]:
        page = re.sub(pattern, new, page, count=0 if case.get("all") else 1)
    return page.encode()


@pytest.mark.parametrize("form", ["page", "fragment"])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_just_what_was_changed_is_found(case: dict[str, Any], form: str) -> None:
    page = forged(case, form)
    if form == "page" or "style" not in case["name"]:
        assert page != published(form).encode()
    if "refused" in case:
        with pytest.raises(Unreadable) as refusal:
            workbook.parse(page, "公布的网页.html")
        assert [finding.code for finding in refusal.value.findings] == [case["refused"]]
        return
    found = compare(workbook.parse(page, "公布的网页.html"), sent())
    assert [finding.code for finding in found] == case.get("codes", [])
