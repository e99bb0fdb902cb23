"""Everything that is published comes back, drafts too: the same cells and texts, with nothing of the kit's in them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cases import EDITIONS, Case, sound
from hypothesis import given
from hypothesis import strategies as st
from publication import HARD_TEXTS, LONG_NAME, longest, with_texts
from published import PRINTED
from reading import parse
from strategies import examples

from workbook.publish.job import Publishing, publish
from workbook.publish.names import FORMS
from workbook.report import Report, tidy
from workbook.report.folding import folded

READ = {
    "word": ".docx",
    "page": ".html",
    "fragment": ".html",
    "text": ".txt",
    "csv": ".csv",
    "json": ".json",
    "xlsx": ".xlsx",
}
"""What is read back letter by letter or as ``verify`` compares it, with its ending."""
EXACT = ("word", "text", "csv", "json", "xlsx")
DATE = "2026年1月20日"
MOST = 10**15
"""Beyond it a document holds no number; such a report is never published but as a draft."""
NUMBERS = [
    case
    for case in PRINTED.values()
    if all(value is None or (not isinstance(value, str) and abs(value) < MOST) for value in case.report.cells.values())
]


def published(report: Report, form: str, *, draft: bool = False) -> bytes:
    """Return a report in a form, or in the part of the data that has that ending."""
    whole = form if form in FORMS else "data"
    files, refused = publish(report, Publishing((whole,), DATE), draft=draft, findings=())
    assert not refused
    return files[whole]["" if whole == form else form]


def read_back(report: Report, form: str, *, draft: bool = False) -> Report:
    return parse(published(report, form, draft=draft), f"公布{READ.get(form, f'.{form}')}")


def texts(report: Report, form: str) -> dict[str, str]:
    """Return the texts of a report as a form must give them back."""
    said = {key: tidy(text) or "" for key, text in report.narrative.items()}
    return said if form in EXACT else {key: folded(text) for key, text in said.items()}


@pytest.mark.parametrize("form", ["word", "json"])
@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_documents_hold_every_report(case: Case, form: str) -> None:
    back = read_back(case.report, form)
    assert back.cells == case.report.cells
    assert texts(back, form) == texts(case.report, form)
    assert (back.edition, back.year, back.body.name) == (case.edition, case.report.year, case.report.body.name)


@pytest.mark.parametrize("form", READ)
@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_draft_says_so_in_none_of_its_texts(edition: str, text: str, form: str) -> None:
    report = with_texts(edition, text)
    back = read_back(report, form, draft=True)
    assert texts(back, form) == texts(report, form)
    assert back.cells == report.cells
    assert (back.year, back.body.name) == (report.year, report.body.name)


@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("form", [*READ, "pdf", "xlsx"])
def test_office_and_year_come_back(form: str, edition: str, draft: bool) -> None:  # noqa: FBT001 - a case
    for report in (sound(edition), replace(longest(edition), cells=sound(edition).cells)):
        back = read_back(report, form, draft=draft)
        assert (back.body.name, back.year, back.cells) == (report.body.name, report.year, report.cells)
    assert back.body.name == LONG_NAME


LINES = st.text("一二三（）()1．.、，。<>&{}%#*=+-@|\\'\"公开 \t　年表A", min_size=1, max_size=30)


@given(lines=st.lists(LINES, min_size=1, max_size=5))
@examples(25)
def test_lines_that_look_like_numbers_and_markup_come_back(lines: list[str]) -> None:
    report = sound("2021")
    text = tidy("开头。\n" + "\n".join(lines) + "\n结尾。")
    report = replace(report, narrative={**report.narrative, "overview": text})
    for form in READ:
        assert texts(read_back(report, form), form) == texts(report, form), form
