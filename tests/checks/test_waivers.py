"""Accepted warnings: from the words typed beside a finding to the document, and what is told of the waivers."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import pytest
from cases import sound
from command import nianbao
from waivers import GIVEN, TODAY, warned
from workbooks import workbook_of

import workbook
from workbook.checks.run import is_sound
from workbook.checks.waivers import apply, waiver_at
from workbook.report import Finding, Waiver, make_finding
from workbook.report.findings import Quote

if TYPE_CHECKING:
    from pathlib import Path


# ---- what a waiver covers -------------------------------------------------------------------------------------------


def quoting(text: str) -> Finding:
    return replace(make_finding("text.blank", "overview", section="一"), quote=Quote("overview", 0, len(text), text))


def waived(findings: list[Finding], *waivers: Waiver) -> list[str | None]:
    found = apply(findings, waivers, compared=True)
    return [finding.waived.reason if finding.waived else finding.code for finding in found]


def test_a_waiver_of_a_part_covers_all_its_phrases_and_one_of_a_phrase_goes_before() -> None:
    one, other = quoting("共 33 件"), quoting("同比增长 5%")
    whole = Waiver("text.blank", "overview", "全部", "张三", TODAY)
    narrow = replace(whole, at="overview「共33件」", reason="一处")
    assert waiver_at(one) == "overview「共 33 件」"
    assert waived([one, other]) == ["text.blank"] * 2
    assert waived([one, other], whole) == ["全部"] * 2
    assert waived([one, other], narrow) == ["一处", "text.blank"]
    assert waived([one, other], whole, narrow) == ["一处", "全部"]
    assert waived([one], whole, narrow) == ["一处", "waiver.unused"]


def test_of_two_waivers_of_one_place_the_first_that_is_complete_counts() -> None:
    first = replace(GIVEN, by="")
    assert waived([make_finding("text.blank", "other", section="六")], first, GIVEN) == [
        GIVEN.reason,
        "waiver.incomplete",
    ]
    assert waived([make_finding("text.blank", "other", section="六")], GIVEN, GIVEN) == [GIVEN.reason]


def test_an_error_is_never_waived() -> None:
    report = replace(sound("2021"), waivers=(Waiver("cell.blank", "documents.rules.made", "不报", "张三", TODAY),))
    report = report.with_cells({"documents.rules.made": None})
    findings = workbook.check(report)
    assert not any(finding.waived for finding in findings)
    assert not is_sound(findings)
    assert [finding.identity for finding in findings][-1] == ("waiver.refused", "cell.blank")


def test_hundreds_of_thousands_of_waivers_are_matched_in_no_time() -> None:
    waivers = tuple(replace(GIVEN, at=f"other{number}") for number in range(100_000))
    findings = workbook.check(warned(*waivers, GIVEN))
    assert [finding.at for finding in findings if finding.waived] == ["other"]
    assert sum(finding.code == "waiver.unused" for finding in findings) == 100_000


def test_a_draft_keeps_the_complete_waivers() -> None:
    report = warned(GIVEN, replace(GIVEN, at="problems", by=""))
    assert workbook.from_json(workbook.to_json(report)).waivers == (GIVEN,)


# ---- the command line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["json", "xlsx"])
def test_a_warning_with_a_waiver_passes_strict(suffix: str, tmp_path: Path) -> None:
    edition = Waiver("file.edition_for_year", "year", "沿用", "张三", TODAY)
    path = tmp_path / f"甲局.{suffix}"
    unsigned = replace(edition, by="")  # which no document can hold
    tried = [((), 1), ((GIVEN,), 1), ((GIVEN, edition), 0), *([((GIVEN, unsigned), 1)] if suffix == "xlsx" else [])]
    for waivers, code in tried:
        path.write_bytes((workbook.to_json if suffix == "json" else workbook_of)(warned(*waivers)))
        ran = nianbao("check", path, "--strict", "--format", "json", cwd=tmp_path)
        assert ran.code == code
        found = {item["code"]: item["waived"] for item in ran.json[0]["findings"]}
        assert found["text.blank"] == (asdict(GIVEN) if waivers else None)
