"""The text of each section comes back out of every carrier: in its section, whole, and with nothing of another."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from browser import chromium
from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from printed import printable, printed
from published import delimited, page, text, word
from reading import parse
from strategies import LETTERS, examples

import workbook
from workbook.report import Report

HARD = "𠮷㐂龘〇鿕①Ⅳ％＝（）［］“”‘’《》〈〉—…·、；：，。１２ＡＢ＋＜＞&<>\"'=-@_/\\#*~^$ 　\u00a0"
TITLES = [section.title for section in sound("2021").form.sections]
NUMBERS = ["（一）", "（二）", "（六）", "(三)", "1.", "2．", "3、", "（4）", "(5)", "一是", "第一，", "①", ""]

PRINTABLE = st.sampled_from(HARD + "政府信息公开工作年度报告龘鱻麤一二三")
"""What the fonts of a usual machine have."""


def prose(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return sentences of some letters and hard ones."""
    return st.text(st.one_of(st.sampled_from(HARD), letters), min_size=1, max_size=60).map(
        lambda words: f"我局{words}。"
    )


subheading = st.builds(
    str.__add__, st.sampled_from(NUMBERS[:9]), st.sampled_from([*TITLES, "主动公开情况", "下一步打算"])
)


def texts(letters: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return texts of paragraphs, sub-headings and numbered lists, which end in a sentence."""
    numbered = st.builds(str.__add__, st.sampled_from(NUMBERS), prose(letters))
    inline = st.builds("{0}{1}：{2}".format, st.sampled_from(NUMBERS[:9]), st.sampled_from(TITLES), prose(letters))
    lines = st.lists(st.one_of(prose(letters), subheading, numbered, inline), min_size=1, max_size=6)
    return lines.map(lambda some: "\n".join([*some, "以上是本部分全文。"]))


def folded(words: str | None) -> list[str]:
    """Return the lines of a text without blanks and what cannot be seen, which pages and the like do not keep."""
    unseen = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")
    lines = ["".join(line.translate(unseen).split()) for line in (words or "").split("\n")]
    return [line for line in lines if line]


@st.composite
def worded(draw: st.DrawFn, letters: st.SearchStrategy[str] = LETTERS) -> Report:
    """Draw a report with a text in each section, and a sentence in each that no other has."""
    report = sound(draw(st.sampled_from(EDITIONS)))
    written = texts(letters)
    narrative = {key: f"{draw(written)}\n本段属于{section.heading[:1]}。" for key, section in report.form.narratives()}
    return replace(report, narrative=narrative)


READ_AS: dict[str, Callable[[Report], bytes]] = {
    "html": page,
    "docx": word,
    "txt": text,
    "csv": lambda report: delimited(report).encode(),
}


@pytest.mark.parametrize("suffix", READ_AS)
@examples(40)
@given(report=worded())
def test_the_text_of_every_section_is_read_in_its_section(suffix: str, report: Report) -> None:
    read = parse(READ_AS[suffix](report), f"x.{suffix}")
    assert {key: folded(words) for key, words in read.narrative.items()} == {
        key: folded(words) for key, words in report.narrative.items()
    }
    assert read.cells == report.cells


@examples(40)
@given(report=worded())
def test_json_keeps_the_texts_as_they_are(report: Report) -> None:
    data = json.dumps(workbook.to_document(report)).encode()
    assert parse(data, "x.json").narrative == report.narrative


@examples(8)
@given(report=worded())
def test_a_workbook_keeps_the_texts_as_they_are(report: Report) -> None:
    assert parse(workbook.write(report), "x.xlsx").narrative == report.narrative


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@examples(8)
@given(report=worded(PRINTABLE))
def test_a_pdf_keeps_the_letters_of_every_section(browser: Browser, report: Report) -> None:
    """Where a paragraph ends is not written in a PDF."""
    read = parse(printed(browser, printable(report)), "x.pdf")
    assert {key: "".join(folded(words)) for key, words in read.narrative.items()} == {
        key: "".join(folded(words)) for key, words in report.narrative.items()
    }
    assert read.cells == report.cells
