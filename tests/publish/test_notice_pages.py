"""Notices as people see them: the pages of the Word document (GB/T 9704-2012), the page in Chromium; drafts printed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import blank, chromium
from cases import EDITIONS, sound
from publication import LONG_NAME, longest, sheets
from reading import parse

from workbook.publish.blocks import blocks
from workbook.publish.notice import Notice, notice
from workbook.publish.notice_files import write_notice
from workbook.publish.word.write import write_word
from workbook.report.compare import DRAFT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office
    from playwright.sync_api import Browser


def longest_notice(edition: str) -> Notice:
    """Return the notice of a report of which every number of nine digits and every long text was wrong."""
    good = replace(sound(edition), body=replace(sound(edition).body, name=LONG_NAME))
    made = notice(replace(longest(edition), body=good.body), good, "2026年2月1日")
    assert made
    assert len(made.corrections) == len(good.cells)
    return made


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_long_notice_keeps_to_the_pages_and_wraps_no_number(edition: str, libreoffice: Office) -> None:
    made = longest_notice(edition)
    pages = sheets(libreoffice.printed(write_notice(made, ".docx")))
    assert all(page.left > 27 and page.top > 36 and page.right > 25 and page.bottom > 34 for page in pages)
    words = [word for page in pages for word in page.words]
    assert sum(word == "9" * 9 for word in words) == len(made.corrections), "a number was wrapped"
    heads = [page for page in pages if "原公布" in page.words]
    tables = [page for page in pages if "9" * 9 in page.words]
    assert len(heads) >= len(tables) > 1  # the heads are repeated
    assert LONG_NAME in "".join(line.replace(" ", "") for line in pages[-1].lines)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as program:
        yield program


@pytest.mark.parametrize("wide", [1280, 390])
@pytest.mark.parametrize("edition", EDITIONS)
def test_axe_finds_nothing_in_the_page_of_a_notice(browser: Browser, edition: str, wide: int) -> None:
    page = blank(browser, wide)
    page.set_content(write_notice(longest_notice(edition), ".html").decode())
    found = Axe().run(page)
    assert not found.response["violations"], found.generate_report()
    assert len(found.response["passes"]) > 10  # it looked
    assert page.evaluate("document.documentElement.scrollWidth") <= wide


@pytest.mark.parametrize("draft", [False, True])
def test_what_an_office_program_prints_of_a_word_draft_is_a_draft(
    draft: bool,  # noqa: FBT001 - a case
    libreoffice: Office,
) -> None:
    back = parse(libreoffice.printed(write_word(blocks(sound("2021"), draft=draft))), "a.pdf")
    assert (DRAFT in {finding.code for finding in back.reader_findings}) == draft
    assert back.cells == sound("2021").cells
