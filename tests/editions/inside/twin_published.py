"""Two editions have the same labels and not the same cells: only the year can tell them apart, or nothing is read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from helpers import CARRIERS, base

import workbook
from workbook.report import Unreadable


@pytest.mark.parametrize("carrier", CARRIERS)
def test_the_year_decides(carrier: str) -> None:
    report = workbook.parse(CARRIERS[carrier](base("2021")), f"年报.{carrier}")
    assert (report.edition, report.cells) == ("2021", base("2021").cells)
    assert not report.reader_findings


@pytest.mark.parametrize("year", [2027, None])
def test_a_year_that_both_cover_leaves_it_undecided(year: int | None) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(CARRIERS["html"](replace(base("2021"), year=year)), "年报.html")
    (finding,) = refusal.value.findings
    assert finding.code == "file.edition_undecided"
    for lang in ("zh", "en"):
        words = finding.message(lang) + finding.hint(lang)
        assert not re.search("[{}]", words)
        assert "2021" in words
        assert "2027" in words
