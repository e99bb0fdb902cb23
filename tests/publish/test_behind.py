"""What is put behind a report on request: the tables of two years, charts; no reader takes it for the report."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import lxml.html
import openpyxl
import pytest
from cases import EDITIONS, sound
from publication import HARD_TEXTS, LONG_NAME, longest, sheets, with_texts
from reading import parse

import workbook
from workbook.match.appendix import heading
from workbook.publish import picture
from workbook.publish.blocks import Appendix, ChartBlock, TableBlock, blocks
from workbook.publish.job import Publishing, publish
from workbook.publish.names import BEHIND
from workbook.publish.pdf import write_pdf
from workbook.publish.two_years import LAST, two_years
from workbook.publish.word.write import write_word
from workbook.report import Report, Unreadable
from workbook.report.folding import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from office import Office

CARRIERS = {"word": "docx", "page": "html", "fragment": "html", "text": "txt", "pdf": "pdf", "data": "xlsx"}
DATE = "2026年1月20日"


def last_of(report: Report, edition: str) -> Report:
    """Return a report of the year before, of an edition, with numbers of its own."""
    last = sound(edition)
    cells = {key: value + 7 if isinstance(value, int) else value for key, value in last.cells.items()}
    return replace(last, body=report.body, year=(report.year or 0) - 1, cells=cells)


def published(report: Report, last: Report, form: str, *, draft: bool = False) -> bytes:
    how = Publishing((form,), DATE, behind=BEHIND)
    files, refused = publish(report, how, last, replace(last, year=(last.year or 0) - 1), draft=draft, findings=())
    assert not refused
    return files[form][CARRIERS[form] if form == "data" else ""]


def plain(report: Report, form: str) -> bytes:
    files, _ = publish(report, Publishing((form,), DATE), findings=())
    return files[form][CARRIERS[form] if form == "data" else ""]


def texts(report: Report) -> dict[str, str]:
    return {key: folded(text) for key, text in report.narrative.items()}


def _either(edition: str, *, long: bool) -> Report:
    """Return the sound report, or one with long texts."""
    return replace(longest(edition), cells=sound(edition).cells) if long else sound(edition)


@cache
def _alone(edition: str, form: str, *, long: bool) -> bytes:
    return plain(_either(edition, long=long), form)


@pytest.mark.parametrize("draft", [False, True], ids=["final", "draft"])
@pytest.mark.parametrize("last", EDITIONS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("form", CARRIERS)
def test_readers_take_nothing_of_it(form: str, edition: str, last: str, draft: bool) -> None:  # noqa: FBT001
    for long in (False, True):
        report, name = _either(edition, long=long), f"公布.{CARRIERS[form]}"
        data = published(report, last_of(report, last), form, draft=draft)
        back, alone = parse(data, name), parse(_alone(edition, form, long=long), name)
        assert (back.cells, back.year, back.body.name) == (report.cells, report.year, report.body.name)
        assert texts(back) == texts(alone)
        own = [each.code for each in back.reader_findings if each.code != "file.draft"]
        assert own == [each.code for each in alone.reader_findings]
        assert len(own) == len(back.reader_findings) - draft


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("form", ["word", "page", "fragment", "text"])
def test_texts_before_it_stay_what_they_are(form: str, text: str) -> None:
    report = with_texts("2021", text)
    back = parse(published(report, last_of(report, "2019"), form), f"公布.{CARRIERS[form]}")
    assert texts(back) == texts(report)
    assert back.cells == report.cells


@pytest.mark.parametrize("form", ["word", "page", "fragment", "text"])
def test_a_text_that_reads_like_its_heading_ends_nothing(form: str) -> None:
    report = with_texts("2021", f"开头一句。\n{heading('2024年与2023年数据对照')}\n后面一句。")
    back = parse(plain(report, form), f"公布.{CARRIERS[form]}")
    assert texts(back) == texts(report)
    assert back.cells == report.cells


@pytest.mark.parametrize("edition", EDITIONS)
def test_it_has_every_number_of_both_years(edition: str) -> None:
    report = sound(edition)
    last = last_of(report, edition)
    tables = [block for block in two_years(report, last) if isinstance(block, TableBlock)]
    values = {key: value for block in tables for key, value in block.values.items()}
    assert len(values) == 2 * len(report.cells)
    for key in report.cells:
        assert values[key] == str(report.cells[key])
        assert values[f"{key}{LAST}"] == str(last.cells[key])
    for block in tables:
        places = block.printed.cells
        for key, (row, column) in places.items():
            if not key.endswith(LAST):
                assert places[f"{key}{LAST}"] == (row + 1, column), "below this year's"
                years = [label.text for label in block.printed.labels if label.role == "year" and label.top == row]
                assert years == [f"{report.year}年"]


def test_a_number_that_last_year_has_not_is_a_dash() -> None:
    report, last = sound("2021"), last_of(sound("2021"), "2019")
    last = last.with_cells({"applications.received.natural": None})
    made = list(two_years(report, last))
    values = {key: value for block in made if isinstance(block, TableBlock) for key, value in block.values.items()}
    lacking = report.cells.keys() - last.cells.keys()
    assert lacking
    assert {key.removesuffix(LAST) for key, value in values.items() if value == "—"} == {
        *lacking,
        "applications.received.natural",
    }
    (title,) = (block for block in made if isinstance(block, Appendix))
    assert "—" in title.note
    assert "2019" in title.note


def test_years_that_are_not_known_are_not_made_up() -> None:
    report = sound("2021")
    for this, last in ((None, 2023), (2024, None), (2024, 2024)):
        made = list(two_years(replace(report, year=this), replace(report, year=last)))
        assert made[0] == Appendix("附：本年与上年数据对照")
    assert next(two_years(report, replace(report, year=2020))) == Appendix("附：2024年与2020年数据对照")


def test_it_is_there_on_request_only() -> None:
    report = sound("2021")
    for form in ("page", "text", "fragment"):
        data, _ = publish(report, Publishing((form,)), last_of(report, "2021"), findings=())
        assert data[form][""] == publish(report, Publishing((form,)), findings=())[0][form][""]


def test_an_editor_of_a_website_may_strip_the_fragment() -> None:
    report = sound("2021")
    data = published(report, last_of(report, "2021"), "fragment").decode("utf-8-sig")
    tree = lxml.html.fromstring(f"<div>{data}</div>")
    for element in list(tree.iter()):
        for name in set(element.attrib) - {"rowspan", "colspan"}:
            del element.attrib[name]
        if element.tag in {"caption", "svg"} or (element.text or "").startswith("校验码"):
            element.drop_tree()
    page = f"<meta charset=utf-8><title>x</title>{lxml.html.tostring(tree, encoding='unicode')}"
    back = parse(page.encode(), "a.html")
    assert back.cells == report.cells


def test_prose_behind_it_is_told() -> None:
    report = sound("2021")
    text = published(report, last_of(report, "2021"), "text").decode("utf-8-sig")
    more = text.replace("校验码", "这里另有一段话没有地方放，需要说明；请看。\r\n校验码")
    back = parse(more.encode(), "a.txt")
    assert "text.outside" in {each.code for each in back.reader_findings}


def test_the_tables_of_a_report_that_stand_behind_it_only_are_not_read() -> None:
    report = sound("2021")
    text = plain(report, "text").decode("utf-8-sig")
    moved = text.replace("三、", f"{heading('2024年与2023年数据对照')}\r\n\r\n三、", 1)
    found = workbook.check(parse(moved.encode(), "a.txt"))
    assert "table.missing" in {each.code for each in found}


def test_the_workbook_has_it_on_a_sheet_of_its_own() -> None:
    report = sound("2021")
    last = last_of(report, "2021")
    book = openpyxl.load_workbook(io.BytesIO(published(report, last, "data")))
    assert book.sheetnames == ["年报", "附"]
    held = [cell.value for row in book["附"].iter_rows() for cell in row if isinstance(cell.value, int | float)]
    numbers = [*report.cells.values(), *last.cells.values()]
    assert sorted(held) == sorted(float(value) if not isinstance(value, int) else value for value in numbers)  # type: ignore[arg-type]


# ---- what it looks like ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("carrier", ["word", "pdf"])
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_number_is_wrapped_and_the_long_table_is_on_one_page(
    edition: str, carrier: str, libreoffice: Office
) -> None:
    body = replace(sound(edition).body, name=LONG_NAME)
    report = replace(sound(edition), body=body).with_cells(dict.fromkeys(sound(edition).cells, 999_999_999))
    last = replace(report, year=(report.year or 0) - 1).with_cells(dict.fromkeys(report.cells, 888_888_888))
    made = blocks(report, last, date=DATE)
    data = write_pdf(made) if carrier == "pdf" else libreoffice.printed(write_word(made))
    words = [word for page in sheets(data) for word in page.words if re.fullmatch("[89]{2,}", word)]
    assert words.count("9" * 9) == 2 * len(report.cells)
    assert words.count("8" * 9) == len(report.cells)
    assert set(words) == {"9" * 9, "8" * 9}
    pages = [re.sub(r"\s", "", page.text) for page in sheets(data)]
    heads = [at for at, page in enumerate(pages) if "申请人情况" in page]
    ends = [at for at, page in enumerate(pages) if "结转下年度继续办理" in page]
    assert len(heads) == 2, "the printed table and that of two years"
    assert heads == ends
    assert len(pages) <= 7
    for page in sheets(data):
        assert page.left > 27
        assert page.right > 25
        assert page.bottom > 34


def _elements(holder: Any) -> Iterator[Any]:
    import pikepdf

    children = holder.get("/K")
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from _elements(child)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_pdf_says_what_charts_show_and_leads_to_heads(edition: str) -> None:
    import pikepdf

    report = sound(edition)
    with pikepdf.open(io.BytesIO(published(report, last_of(report, edition), "pdf"))) as pdf:
        found = list(_elements(pdf.Root.StructTreeRoot))
        figures = [str(each.Alt) for each in found if each.S == "/Figure"]
        names = dict(pikepdf.NameTree(pdf.Root.StructTreeRoot.IDTree).items())
        for number in (each for each in found if each.S == "/TD"):
            of_table = next(each for each in number.A if each.O == "/Table")
            assert {str(names[str(name)].S) for name in of_table.Headers} == {"/TH"}
    assert len(figures) == 3
    assert all("件" in each for each in figures)
    assert any("前年" in each for each in figures)


def test_pictures_in_word_say_what_they_show() -> None:
    import docx

    report = sound("2021")
    last = last_of(report, "2021")
    data = published(report, last, "word")
    assert data == published(report, last, "word"), "the same bytes"
    document = docx.Document(io.BytesIO(data))
    pictures = document.element.body.xpath(".//wp:docPr")
    assert [each.get("name") for each in pictures] == ["图-results", "图-applicants", "图-years"]
    assert all("件" in each.get("descr") for each in pictures)
    assert len({each.get("id") for each in pictures}) == 3
    parts = [part for part in document.part.package.iter_parts() if part.content_type == "image/png"]
    assert len(parts) == 3


def test_without_the_library_of_pictures_that_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "find_spec", lambda _: None)
    report = sound("2021")
    made, refused = publish(report, Publishing(("word", "page"), behind=("charts",)), findings=())
    assert [finding.code for finding in refused] == ["file.charts_need_library"]
    assert set(made) == {"page"}
    assert b"<svg" in made["page"][""]
    with pytest.raises(Unreadable):
        picture.png_of(b"")
    assert not publish(report, Publishing(("word",)), findings=())[1]


def test_charts_have_a_page_of_their_own() -> None:
    made = blocks(sound("2021"), charts=[ChartBlock("a", b"<svg/>", "甲", "乙")])
    at = next(at for at, block in enumerate(made) if isinstance(block, Appendix))
    assert made[at] == Appendix(heading("2024年数据图"))
    assert isinstance(made[at + 1], ChartBlock)
