"""Published pages in Chromium: what axe says of them, how wide they are, how they are printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import blank, chromium
from cases import EDITIONS, sound
from publication import LONG_NAME, longest, page_texts, with_texts

import workbook
from workbook.publish.blocks import blocks
from workbook.publish.charts import chart_blocks
from workbook.publish.job import Publishing, publish
from workbook.publish.names import BEHIND
from workbook.publish.page import write_page
from workbook.report.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from workbook.report import Report

LEVELS = "（一）主动公开\n1.政策文件。全年公开一批。\n（1）内部\n　　公开工作有序推进。\n\n办理工作依法规范。"


def structured(edition: str) -> Report:
    """Return a report with a long name, and texts with headings of all levels where texts stand alone."""
    report = with_texts(edition, LEVELS)
    texts = {key: LEVELS if key in report.form.required_texts else None for key in report.narrative}
    return replace(report, narrative=texts, body=replace(report.body, name=LONG_NAME))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as program:
        yield program


def shown(browser: Browser, report: Report, form: str, *, wide: int = 1280, draft: bool = False) -> Page:
    """Return a published page as it is seen; a fragment stands in the page of a site."""
    how = Publishing((form,), "2026年1月20日")
    text = publish(report, how, draft=draft, findings=workbook.check(report))[0][form][""].decode()
    if form == "fragment":
        site = "<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><title>站</title><main><h1>栏目</h1>"
        text = f"{site}{text}</main></html>"
    page = blank(browser, wide)
    page.set_content(text)
    return page


@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("form", ["page", "fragment", "proof"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing(browser: Browser, edition: str, form: str, wide: int, draft: bool) -> None:  # noqa: FBT001
    page = shown(browser, structured(edition), form, wide=wide, draft=draft)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert len(found.response["passes"]) > 10  # it looked


@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing_in_a_page_with_charts(browser: Browser, edition: str) -> None:
    report = sound(edition)
    charts = list(chart_blocks(report, report))
    assert charts
    text = write_page([*blocks(report), *charts]).decode()
    page = blank(browser)
    page.set_content(text)
    assert not Axe().run(page).response["violations"]
    names = page.evaluate("[...document.querySelectorAll('svg[role=img]')].map(each => each.textContent.length > 20)")
    assert names == [True] * len(charts)


def test_marks_of_direction_turn_nothing_else(browser: Browser) -> None:
    said = "甲\u202e乙丙。\n丁戊己。"
    page = shown(browser, with_texts("2021", said), "page")
    place = """() => {
      const line = [...document.querySelectorAll('[data-nianbao]')].find(each => each.textContent === '丁戊己。');
      const range = document.createRange();
      const at = [0, 1].map(start => {
        range.setStart(line.firstChild, start);
        range.setEnd(line.firstChild, start + 1);
        return range.getBoundingClientRect().left;
      });
      return at[0] < at[1];
    }"""
    assert page.evaluate(place)


def test_axe_would_find_a_number_without_heads(browser: Browser) -> None:
    page = shown(browser, sound("2021"), "page")
    page.evaluate("document.querySelectorAll('td').forEach(cell => cell.setAttribute('headers', 'nothing'))")
    assert "td-headers-attr" in {each["id"] for each in Axe().run(page).response["violations"]}


@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("form", ["page", "proof"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_page_is_wider_than_its_window(browser: Browser, edition: str, form: str, wide: int) -> None:
    for report in (structured(edition), longest(edition)):
        page = shown(browser, report, form, wide=wide)
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        wrapped = "[...document.querySelectorAll('td')].filter(cell => cell.scrollWidth > cell.clientWidth + 1).length"
        assert page.evaluate(wrapped) == 0


@pytest.mark.parametrize("lines", [1, 6, 12, 18])
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_long_table_is_printed_on_one_sheet(browser: Browser, edition: str, lines: int) -> None:
    first, last = 123_456_701, 123_456_702
    marks = {"applications.received.natural": first, "applications.carried_forward.natural": last}
    report = longest(edition).with_cells(marks)
    report = replace(report, narrative={**report.narrative, "overview": "\n".join(["公开工作有序推进。"] * lines)})
    page = shown(browser, report, "page")
    data = page.pdf(prefer_css_page_size=True)
    sheets = page_texts(data)
    begin, end = ([at for at, text in enumerate(sheets) if str(mark) in text] for mark in (first, last))
    assert len(begin) == 1
    assert begin == end


@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("form", ["page", "fragment"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing_in_what_stands_behind(browser: Browser, edition: str, form: str, wide: int) -> None:
    report = structured(edition)
    how = Publishing((form,), "2026年1月20日", behind=BEHIND)
    last = replace(sound("2019"), year=(report.year or 0) - 1)
    text = publish(report, how, last, findings=())[0][form][""].decode()
    site = "<!DOCTYPE html><html lang='zh-CN'><meta charset='utf-8'><title>站</title><main><h1>栏目</h1>"
    page = blank(browser, wide)
    page.set_content(f"{site}{text}</main></html>" if form == "fragment" else text)
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    if form == "page":
        assert page.evaluate("document.documentElement.scrollWidth") <= wide
        assert not compare(workbook.parse(page.content().encode(), "另存.html"), report)
    years = "[...document.querySelectorAll('th')].filter(cell => /^20..年$/.test(cell.textContent))"
    assert page.evaluate(f"{years}.length") > 50
    lines = "(range => (range.selectNodeContents(cell), range.getClientRects().length))(document.createRange())"
    assert page.evaluate(f"{years}.every(cell => {lines} === 1)"), "a year is on one line"


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_chromium_saves_is_the_report(browser: Browser, edition: str) -> None:
    report = structured(edition)
    page = shown(browser, report, "page")
    assert not compare(workbook.parse(page.content().encode(), "另存.html"), report)
