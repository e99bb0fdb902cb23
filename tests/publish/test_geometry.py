"""What the printed pages measure, in Word as LibreOffice prints it and in the PDF (GB/T 9704-2012, 5 and 7.5)."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, sound
from publication import LONG_NAME, Sheet, longest, sheets, with_texts
from reading import parse

from workbook.publish.blocks import blocks
from workbook.publish.pdf import write_pdf
from workbook.publish.word.write import write_word
from workbook.report.compare import compare
from workbook.report.folding import folded

if TYPE_CHECKING:
    from office import Office

    from workbook.report import Report

CARRIERS = ("word", "pdf")
_FULL = 45
"""Millimetres below the last line of a page that is full."""
HAN = "依法做好本年度政府信息公开各项工作，"
DATE = "2026年1月20日"


def printed(report: Report, carrier: str, libreoffice: Office) -> bytes:
    made = blocks(report, date=DATE)
    return write_pdf(made) if carrier == "pdf" else libreoffice.printed(write_word(made))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_page_of_text_has_22_lines_of_28_characters(carrier: str, libreoffice: Office) -> None:
    pages = sheets(printed(with_texts("2021", HAN * 300), carrier, libreoffice))
    full = [page for page in pages[1:] if page.bottom < _FULL and not any("情况" in line for line in page.lines)]
    assert len(full) > 5
    for page in full:
        assert len(page.lines) == 22
        # A mark at the end of a line may hang over the margin in LibreOffice, whatever the document says.
        assert max(len(line.rstrip("，。")) for line in page.lines) == 28


def _has_margins(page: Sheet) -> bool:
    """Say whether nothing stands in the margins; a line of a page that is full reaches to each of them."""
    return page.left > 27 and page.top > 36 and page.right > 25 and page.bottom > 34


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_longest_report_keeps_to_the_page(edition: str, carrier: str, libreoffice: Office) -> None:
    report = longest(edition)
    data = printed(report, carrier, libreoffice)
    pages = sheets(data)
    assert all(map(_has_margins, pages)), [page for page in pages if not _has_margins(page)]
    assert min(page.left for page in pages) < 29
    assert min(page.right for page in pages) < 27
    assert min(page.top for page in pages) < 40  # the ink of a line begins below the edge of its pitch
    numbers = [word for page in pages for word in page.words if re.fullmatch("9+", word)]
    assert len(numbers) == len(report.cells)
    assert set(numbers) == {"9" * 9}, "a number was wrapped"
    third = {at for at, page in enumerate(pages) if "申请人情况" in page.text or "结转下年度继续办理" in page.text}
    assert len(third) == 1, "表三 on one page"
    back = parse(data, "年报.pdf")
    assert back.cells == report.cells
    assert (back.body.name, back.year) == (LONG_NAME, report.year)
    if carrier == "pdf":
        assert not compare(back, report)
    else:
        assert all(_loses_marks_only(text or "", back.narrative[key] or "") for key, text in report.narrative.items())


def _loses_marks_only(text: str, read: str) -> bool:
    """Say whether nothing is missing but marks at the ends of lines.

    LibreOffice 7.4 takes w:overflowPunct the other way round, hangs marks over the margin and leaves some of them out.
    """
    one, two = folded(text), folded(read)
    at = 0
    for letter in one:
        if at < len(two) and two[at] == letter:
            at += 1
        elif letter not in folded("，。、；："):
            return False
    return at == len(two)


@pytest.mark.parametrize("carrier", CARRIERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_usual_report_is_four_pages_at_most(edition: str, carrier: str, libreoffice: Office) -> None:
    data = printed(sound(edition), carrier, libreoffice)
    assert len(sheets(data)) <= 4
    assert not compare(parse(data, "年报.pdf"), sound(edition))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_page_numbers_stand_outside(carrier: str, libreoffice: Office) -> None:
    import pdfplumber

    data = printed(with_texts("2021", HAN * 300), carrier, libreoffice)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for number, page in enumerate(pdf.pages, 1):
            foot = [word for word in page.extract_words() if word["top"] > page.height - 35 * 72 / 25.4]
            assert "".join(word["text"] for word in foot) == f"—{number}—"
            middle = sum(word["x0"] + word["x1"] for word in foot) / 2 / len(foot)
            assert (middle > page.width / 2) is bool(number % 2)
            dash = (foot[0]["top"] + foot[0]["bottom"]) / 2
            assert 4 < (dash - (page.height - 35 * 72 / 25.4)) * 25.4 / 72 < 10


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_long_name_stands_on_lines_of_its_own(carrier: str, libreoffice: Office) -> None:
    report = replace(sound("2021"), body=replace(sound("2021").body, name=LONG_NAME))
    data = printed(report, carrier, libreoffice)
    first = sheets(data)[0].text.splitlines()
    assert any(re.sub(" ", "", line).startswith(f"{report.year}年政府信息公开") for line in first)
