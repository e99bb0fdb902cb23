"""The page of a roll-up in a browser: nothing for axe to find, nothing beside the paper, every way leads somewhere."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import lxml.html
import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import chromium
from rolled import YEAR, Office, collection, filled, less

from workbook.collect.rollup import pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from workbook.collect.collection import Collection


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collection]:
    """A city of seven units, one of them missing, one below another."""
    below = [Office(f"甲{at}局", "县", report=filled(1, f"甲{at}局")) for at in range(4)]
    units = [Office("市", kind="government"), Office("县", "市", "government"), Office("乙局", "市"), *below]
    with closing(collection(tmp_path_factory.mktemp("rollup"), units)) as found:
        yield found


def page(found: Collection) -> bytes:
    """Return the page, beside a report from which one unit was left out."""
    summed = found.rollup(YEAR)
    filed = less(summed.report(), filled(1, "甲2局"))
    return pages.render(summed, summed.compare(filed), "zh", found.folder)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as program:
        yield program


@pytest.mark.parametrize("wide", [1280, 390])
def test_axe_finds_nothing_and_no_line_goes_beyond_the_window(browser: Browser, made: Collection, wide: int) -> None:
    seen = browser.new_page(viewport={"width": wide, "height": 900})
    seen.set_content(page(made).decode())
    found = Axe().run(seen)
    assert not found.response["violations"], found.generate_report()
    assert len(found.response["passes"]) > 10  # it looked
    assert seen.evaluate("document.documentElement.scrollWidth") <= wide
    thin = seen.evaluate("[...document.querySelectorAll('tbody th')].filter(e => e.clientWidth < 100).length")
    assert not thin, "a column is a letter wide"
    seen.close()


def test_every_way_on_the_page_leads_somewhere_however_many_units(
    made: Collection, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = lxml.html.fromstring(page(made))
    monkeypatch.setattr(pages, "LISTED", 3)
    short = lxml.html.fromstring(page(made))
    for each in (whole, short):
        places = set(each.xpath("//@id"))
        ways = {way[1:] for way in each.xpath("//a/@href") if way.startswith("#")}
        assert ways
        assert ways <= places
    lines = [len(each.xpath("//*[@aria-labelledby='units']//tbody/tr")) for each in (whole, short)]
    assert lines[0] == 7
    listed = short.xpath("//*[@aria-labelledby='units']//tbody/tr/th")
    assert {"市", "县", "乙局"} <= {each.text_content().strip("　") for each in listed}, "what is not just counted"
