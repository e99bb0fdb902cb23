"""The page in a browser: filters, keyboard, links, narrow screens, paper; quiet, and alone with itself."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING
from unicodedata import normalize

import pdfplumber
import pytest
from browser import chromium
from cases import EDITIONS, sound
from published import page as published
from results import HOSTILE, checked, disputed, every_kind

import workbook
from workbook.output import html, render
from workbook.output.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from workbook.jobs.result import Result

CELL = "[id='cell-applications.received.natural']"
TIP = "[id='why-cell-applications.received.natural']"
A4 = (595, 842)
"""Points."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A running Chromium; skipped with a reason where there is none."""
    with chromium() as running:
        yield running


@contextmanager
def opened(browser: Browser, folder: Path, data: bytes, width: int = 1280) -> Iterator[Page]:
    """Open a page from a file; what it says to the console or asks of the network fails the test."""
    path = folder / "页.html"
    path.write_bytes(data)
    heard: list[str] = []
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("dialog", lambda dialog: heard.append(dialog.message))
    page.on("request", lambda request: heard.append(request.url))
    page.goto(path.as_uri())
    try:
        yield page
        assert heard == [path.as_uri()]
    finally:
        page.close()


@pytest.fixture
def result(tmp_path: Path) -> Result:
    """A result with findings of every kind."""
    return every_kind(tmp_path)


@pytest.fixture
def page(browser: Browser, tmp_path: Path, result: Result) -> Iterator[Page]:
    """The page of that result."""
    with opened(browser, tmp_path, render([result], "html", "zh")) as page:
        yield page


def test_boxes_hide_and_show_the_findings_of_a_level(page: Page, result: Result) -> None:
    errors = sum(cause.status == "error" for cause in result.causes)
    found = page.locator("li.finding")
    assert found.filter(visible=True).count() == len(result.causes)
    page.click("label[for='show-error']")
    assert found.filter(visible=True).count() == len(result.causes) - errors
    assert not page.locator("h3", has_text="第二十条第（一）项").is_visible()
    plain = page.locator(CELL).evaluate("cell => getComputedStyle(cell.parentElement).outlineStyle")
    page.click("label[for='show-error']")
    tinted = page.locator(CELL).evaluate("cell => getComputedStyle(cell.parentElement).outlineStyle")
    assert (plain, tinted) == ("none", "dashed")  # no cell of its rule is known to be wrong, so it is ringed
    page.focus("#show-waived")
    page.keyboard.press("Space")
    assert found.filter(visible=True).count() == len(result.causes) - 1


def test_the_keyboard_reaches_cells_and_shows_why(page: Page) -> None:
    assert not page.locator(TIP).is_visible()
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "cell-applications.received.natural":
            break
    assert page.locator(TIP).is_visible()
    assert "应相等" in page.locator(TIP).inner_text()
    page.keyboard.press("Tab")
    assert not page.locator(TIP).is_visible()


def test_the_mouse_shows_why_too(page: Page) -> None:
    page.hover("[id='text-overview-10']")
    assert page.locator("[id='why-text-overview-10']").is_visible()


def test_the_accessible_name_and_description_say_what_is_wrong(page: Page) -> None:
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    links = {node["name"]["value"]: node for node in nodes if node["role"]["value"] == "link"}
    cell = next(node for name, node in links.items() if name.endswith("自然人: 12"))
    assert "应相等" in cell["description"]["value"]


def test_links_lead_to_the_finding_and_back(page: Page) -> None:
    page.click(CELL)
    finding = page.evaluate("document.querySelector(':target').id")
    assert finding.startswith("finding-")
    page.locator(f"#{finding} .places a").first.press("Enter")
    assert page.evaluate("document.activeElement.id") == "cell-applications.received.natural"
    assert page.locator(TIP).is_visible()


@pytest.mark.parametrize("width", [1280, 420])
def test_explanations_are_whole_within_the_window(browser: Browser, tmp_path: Path, result: Result, width: int) -> None:
    with opened(browser, tmp_path, render([result], "html", "zh"), width) as page:
        anchors = page.locator("td a, mark a")
        assert anchors.count() >= 5
        for number in range(anchors.count()):
            anchors.nth(number).focus()
            box = page.locator(f"[id='{anchors.nth(number).get_attribute('aria-describedby')}']").bounding_box()
            assert box
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 800
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_paper_is_a4_and_has_everything(browser: Browser, tmp_path: Path, edition: str) -> None:
    report = sound(edition).with_cells({"applications.received.natural": 7})
    result = checked(report, tmp_path)
    with opened(browser, tmp_path, render([result], "html", "zh")) as page:
        data = page.pdf(prefer_css_page_size=True)
    with pdfplumber.open(io.BytesIO(data)) as paper:
        assert {(round(sheet.width), round(sheet.height)) for sheet in paper.pages} == {A4}
        words = [word for sheet in paper.pages for word in sheet.extract_words()]
        assert all(word["x0"] >= 20 and word["x1"] <= A4[0] - 20 for word in words)
        printed = [row for sheet in paper.pages for table in sheet.extract_tables() for row in table]
    # Fonts give some characters back as the radicals that look the same.
    lines = [[normalize("NFKC", cell or "").replace("\n", "") for cell in row] for row in printed]
    for table in report.form.tables:
        rows = (
            [[report.cells[f"{table.key}.{row.key}.{column.key}"] for column in table.columns] for row in table.rows]
            if table.shape == "rows"
            else [
                [report.cells[f"{table.key}.{row.key}.{column.key}"] for row in table.rows for column in table.columns]
            ]
        )
        for row in rows:
            wanted = [str(value) for value in row]
            own = [[cell.removesuffix(" 错") for cell in line if cell] for line in lines]
            assert any(line[-len(wanted) :] == wanted for line in own), (table.key, wanted)
    text = "".join("".join(line) for line in lines)
    for line in (line for table in report.form.tables for line in (*table.rows, *table.columns)):
        assert normalize("NFKC", line.label).replace(" ", "") in text.replace(" ", "")


def test_paper_tells_levels_without_colour(page: Page) -> None:
    page.emulate_media(media="print")
    styles = page.evaluate(
        "[...document.querySelectorAll('li.finding')].map(item => getComputedStyle(item).borderLeftStyle)"
    )
    assert set(styles) == {"solid", "dashed", "dotted", "double"}
    assert not page.locator("input, .tip").filter(visible=True).count()
    assert page.locator("td .badge").first.inner_text() == "错"


def test_hostile_text_stays_text(browser: Browser, tmp_path: Path, result: Result) -> None:
    assert result.document
    result.document["narrative"]["overview"] = HOSTILE
    hostile = replace(result, body=HOSTILE, file=HOSTILE, findings=[disputed("alert(1)", HOSTILE, HOSTILE)])
    with opened(browser, tmp_path, render([hostile], "html", "zh")) as page:
        assert HOSTILE.replace("\u202e", "�") in page.locator("h1").inner_text()
        assert page.locator("mark").count() == 1
    with opened(browser, tmp_path, html.index(Tally.of([hostile]), {}, "zh")) as page:
        assert page.locator("img, script").count() == 0


def test_long_names_leave_years_and_verdicts_of_many_whole(browser: Browser, result: Result) -> None:
    result = replace(result, file="甲.xlsx", body="甲局")
    many = [result, replace(result, file="很长" * 40 + ".xlsx", body="机关" * 40)]
    page = browser.new_page()
    page.set_content(html.index(Tally.of(many), {}, "zh").decode())
    heights = page.evaluate("[...document.querySelectorAll('table.files tbody tr')].map(row => row.offsetHeight)")
    assert heights[0] < 45
    assert heights[0] < heights[1]
    page.close()


def test_a_box_stays_beside_its_label_in_a_narrow_window(browser: Browser, result: Result) -> None:
    page = browser.new_page(viewport={"width": 420, "height": 800})
    page.set_content(render([result], "html", "zh").decode())
    for box in page.locator("input.filters").all():
        label = page.locator(f"label[for={box.get_attribute('id')}]")
        (mine, its) = box.bounding_box(), label.bounding_box()
        assert mine
        assert its
        assert abs(mine["y"] - its["y"]) < its["height"]
        assert mine["x"] < its["x"]
    page.close()


def test_the_table_of_many_leads_to_their_pages(browser: Browser, tmp_path: Path, result: Result) -> None:
    (tmp_path / "页").mkdir()
    (tmp_path / "页" / "甲 #1.html").write_bytes(render([result], "html", "zh"))
    links = {result.file: html.link(tmp_path / "页" / "甲 #1.html", tmp_path)}
    data = html.index(Tally.of([replace(result, document=None)]), links, "zh")
    path = tmp_path / "页.html"
    path.write_bytes(data)
    page = browser.new_page()
    page.goto(path.as_uri())
    page.click("tbody a")
    assert page.locator("li.finding").count() == len(result.causes)
    page.close()


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_page_that_a_browser_printed_is_read(edition: str, browser: Browser, tmp_path: Path) -> None:
    """With the date, the title and the number of the page that browsers print above and below."""
    style = "<title>年报</title><style>table{border-collapse:collapse}td{border:1px solid;padding:4px}</style>"
    html = published(sound(edition)).replace(b"<head>", f"<head>{style}".encode())
    with opened(browser, tmp_path, html) as page:
        data = page.pdf(format="A4", display_header_footer=True)
    report, wanted = workbook.parse(data, "年报.pdf"), sound(edition)
    assert report.cells == wanted.cells
    assert (report.body.name, report.year) == (wanted.body.name, wanted.year)
    assert report.narrative == wanted.narrative


def test_the_located_cell_is_painted_and_its_rule_ringed(browser: Browser, tmp_path: Path) -> None:
    report = sound("2021").with_cells({"applications.granted.natural": 999})
    data = render([checked(report, tmp_path)], "html", "zh")
    with opened(browser, tmp_path, data) as page:
        looks = {
            key: page.locator(f"td:has([id='cell-applications.{key}'])").get_attribute("class")
            for key in ("granted.natural",)
        }
        assert "likely" in (looks["granted.natural"] or "")
        assert page.locator("td.ring-error").count() == len({
            cell.cell for finding in workbook.check(report) for cell in finding.cells
        })  # fmt: skip
        assert page.locator("td.has-error").count() == 1
