"""What results look like: lines on a terminal, dark pages, phones, and what says when they were made."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path
from typing import TYPE_CHECKING

import openpyxl
import pytest
from browser import chromium
from cases import sound
from colours import contrast
from hypothesis import given
from hypothesis import strategies as st
from results import checked, every_kind
from workbooks import workbook_of

import workbook
from workbook.excel.findings_sheet import RESULTS
from workbook.output import html, render, text
from workbook.output.tally import Tally
from workbook.output.wrap import hung, width
from workbook.report.stamp import stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from workbook.jobs.result import Result

DAY = "1700000000"  # 2023-11-14


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, for this module."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def result(tmp_path: Path) -> Result:
    """A result with findings of every kind."""
    return every_kind(tmp_path)


@given(st.text("表格，。“”（）〔〕ab1 .-:", min_size=1, max_size=120), st.integers(30, 90))
def test_no_line_is_wider_than_the_terminal_and_no_word_is_lost(words: str, columns: int) -> None:
    head = "      → "
    lines = list(hung(head, words, columns))
    assert all(width(line) <= columns for line in lines)
    assert all(line.startswith(" " * width(head)) for line in lines[1:])
    assert "".join("".join(line.split()) for line in [lines[0].removeprefix(head), *lines[1:]]) == "".join(
        words.split()
    )


def test_lines_begin_with_no_full_stop_and_words_stay_whole() -> None:
    assert list(hung("  错误 ", "一二三四五六七八九十。applications", 30)) == [
        "  错误 一二三四五六七八九十。",
        "       applications",
    ]


def test_text_is_broken_on_a_terminal_and_left_alone_elsewhere(result: Result) -> None:
    whole = text.render([result], "zh").decode().splitlines()
    narrow = text.render([result], "zh", 60).decode().splitlines()
    assert max(map(width, whole)) > 60
    assert all(width(line) <= 60 for line in narrow[1:])
    told = [line for line in whole if line.startswith("  错误")]
    assert all(re.search("〔[a-z_.]+〕$", line) for line in told)


def test_results_say_when_by_what_and_of_which_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", DAY)
    data = workbook_of(sound("2021").with_cells({"documents.rules.made": None}))
    report = workbook.parse(data, "甲.xlsx")
    assert report.source
    line = stamp(report.source.sha256, "zh")
    assert line == f"校验日期 2023-11-14 · 年报工具箱 {workbook.__version__} · 原文件 SHA-256 {report.source.sha256}"
    page = render([checked(report, tmp_path)], "html", "zh").decode()
    assert "校验日期 2023-11-14" in page
    assert re.search("SHA-256 [0-9a-f]{64}", page)
    assert "校验日期 2023-11-14" in html.index(Tally(), {}, "zh").decode()
    sheet = openpyxl.load_workbook(io.BytesIO(workbook.mark(data, report, workbook.check(report))))[RESULTS]
    assert sheet.cell(sheet.max_row, 1).value == line


@pytest.mark.parametrize("epoch", ["", "yesterday", "9" * 30])
def test_what_is_no_date_of_a_build_is_today(epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert str(dt.datetime.now().astimezone().year) in stamp(None, "en")


def test_every_text_can_be_read_on_its_ground_in_light_and_dark() -> None:
    folder = Path(html.__file__).parent
    style = "".join((folder / name).read_text(encoding="utf-8") for name in ("base.css", "page.css"))
    light, dark = (
        dict(re.findall("--([a-z-]+): #([0-9a-f]+)", block)) for block in re.findall(r":root \{[^}]+\}", style)
    )
    assert light.keys() == dark.keys()
    for colours in (light, dark):
        for ground in ("ground", "panel", "head", "target"):
            for ink in ("ink", "muted", "soft", "link"):
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        for ink in ("error", "warning", "info", "waived", "good"):
            assert contrast(colours[ink], colours["ground"]) >= 4.5, ink
        for tint in ("error-tint", "likely-tint", "warning-tint", "info-tint", "waived-tint"):
            assert contrast(colours["ink"], colours[tint]) >= 4.5, tint
        for ink in ("fff", "d5dae2"):
            assert contrast(ink, colours["tip"]) >= 4.5
    rest = style[style.index("* { box-sizing") :]
    assert not re.search("(?<!-)color: #(?!fff|d5dae2)", rest)


def test_pages_are_dark_on_dark_screens_and_light_on_paper(browser: Browser, tmp_path: Path, result: Result) -> None:
    (tmp_path / "页.html").write_bytes(render([result], "html", "zh"))
    page = browser.new_page(color_scheme="dark")
    page.goto((tmp_path / "页.html").as_uri())
    ground = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(ground) == "rgb(22, 24, 28)"
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.close()


def test_a_phone_shows_the_verdict_of_each_file_first_and_whole(
    browser: Browser, tmp_path: Path, result: Result
) -> None:
    (tmp_path / "页.html").write_bytes(
        html.index(Tally.of([result, checked(sound("2021"), tmp_path, "乙.xlsx")]), {}, "zh")
    )
    page = browser.new_page(viewport={"width": 390, "height": 800})
    page.goto((tmp_path / "页.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for row in page.locator("table.files tbody tr").all():
        verdict, file = row.locator("td.verdict").bounding_box(), row.locator("th").bounding_box()
        assert verdict
        assert file
        assert verdict["y"] < file["y"]
        assert row.locator("td.verdict").evaluate("cell => cell.scrollWidth <= cell.clientWidth")
    page.close()
