"""PDF as browsers print pages: tables over any number of pages, and what the browser prints around them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from browser import chromium
from cases import EDITIONS, sound
from printed import printable, printed

import workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from workbook.report import Report

AROUND = {
    "display_header_footer": True,
    "header_template": "<div style='font-size:8px;width:100%'>2025/1/20 10:33 <span class=title></span></div>",
    "footer_template": "<div style='font-size:8px;width:100%'>https://www.example.com/a/b.html "
    "<span class=pageNumber></span>/<span class=totalPages></span></div>",
    "margin": {"top": "15mm", "bottom": "15mm", "left": "12mm", "right": "12mm"},
}

NUMBERED = {
    **AROUND,
    "header_template": "<div></div>",
    "footer_template": "<div style='font-size:9px;width:100%'>— <span class=pageNumber></span> —</div>",
}

PRINTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "address and date around": AROUND,
    "numbered": NUMBERED,
    "many pages": {**NUMBERED, "format": None, "width": "210mm", "height": "110mm"},
    "very many pages": {**AROUND, "format": None, "width": "210mm", "height": "85mm"},
    "landscape": {**AROUND, "landscape": True},
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def told(report: Report) -> set[str]:
    findings = workbook.check(report)
    return {finding.at for finding in findings} | {cell.cell for finding in findings for cell in finding.cells}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("repeat", [True, False], ids=["heads repeated", "heads once"])
@pytest.mark.parametrize("name", PRINTS)
def test_what_a_browser_prints_is_read(browser: Browser, edition: str, name: str, *, repeat: bool) -> None:
    wanted = sound(edition)
    options = {key: value for key, value in PRINTS[name].items() if value is not None}
    if "width" in options:
        options["format"] = None
    report = workbook.parse(printed(browser, printable(wanted, repeat=repeat), **options), "年报.pdf")
    wrong = {key: (value, report.cells[key]) for key, value in wanted.cells.items() if report.cells[key] != value}
    assert not wrong
    assert dict(report.narrative) == dict(wanted.narrative)
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert not report.reader_findings


@pytest.mark.parametrize("edition", EDITIONS)
def test_numbers_that_narrow_cells_wrap_are_right_or_told(browser: Browser, edition: str) -> None:
    wanted = sound(edition)
    html = printable(wanted, "word-break:break-all")
    report = workbook.parse(printed(browser, html, format=None, width="120mm", height="200mm"), "年报.pdf")
    assert any(finding.code == "cell.wrapped" for finding in report.reader_findings)
    for key, value in wanted.cells.items():
        table, row, _ = key.split(".")
        assert report.cells[key] == value or (report.cells[key] is None and {key, f"{table}.{row}"} & told(report)), key
