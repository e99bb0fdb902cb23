"""Results to show: a faulty report with findings of every kind, in files and without."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cases import sound
from workbooks import workbook_of

from workbook.jobs.file import check_file
from workbook.jobs.result import Options, Result, Task
from workbook.report import Quote, Waiver, make_finding

if TYPE_CHECKING:
    from workbook.report import Finding, Report

HOSTILE = "</style></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;\u202e{{ 7*7 }}"
FAULTY = {
    "applications.received.natural": 12,
    "applications.received.total": "约五千",
    "documents.rules.made": None,
    "disputes.review.total": 999,
}
OVERVIEW = "全年主动公开政府信息1200条。\n全年新收申请5412件，办结5330件。"


def faulty(edition: str = "2021") -> Report:
    """Return a report with wrong cells and a text with phrases to dispute."""
    base = sound(edition).with_cells({key: value for key, value in FAULTY.items() if key in sound(edition).cells})
    return replace(base, narrative={**base.narrative, "overview": OVERVIEW})


def checked(report: Report, folder: Path, name: str = "甲.xlsx", **options: Any) -> Result:
    """Return what checking a workbook with that report gives, with the report itself."""
    path = folder / name
    path.write_bytes(workbook_of(report))
    return check_file(Task(path), Options(document=True, **options))


def disputed(phrase: str, waived: str = "", text: str = OVERVIEW) -> dict[str, Any]:
    """Return a warning about a phrase of the overview, accepted where a reason is given."""
    start = text.index(phrase)
    finding: Finding = make_finding("text.blank", "overview")
    return replace(
        finding,
        level="warning",
        quote=Quote("overview", start, start + len(phrase), phrase),
        waived=Waiver("text.blank", "overview", waived, "张三", "2025-01-08") if waived else None,
        words={"section": "总体情况"},
    ).as_dict()


def every_kind(folder: Path) -> Result:
    """Return a result with errors in cells, a warning that quotes, one that is waived, and a piece of information."""
    result = checked(faulty(), folder)
    told = disputed("办结5330件")
    findings = [*result.findings, disputed("5412件，办结"), disputed("1200条", "含转载<b>"), {**told, "level": "info"}]
    return replace(result, findings=findings)
