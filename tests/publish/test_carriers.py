"""Pages, texts and data of a report: read back, stripped by an editor, forged."""

from __future__ import annotations

import csv
import io
import re
import time
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import lxml.html
import openpyxl
import pytest
from cases import EDITIONS, Case, sound
from hypothesis import given
from hypothesis import strategies as st
from publication import HARD_TEXTS, LONG_NAME, longest, with_texts
from published import PRINTED
from strategies import examples

import workbook
from workbook.definition import FormError
from workbook.publish.blocks import blocks
from workbook.publish.charts import chart_blocks, charts_of, parse_charts
from workbook.publish.code import check_code
from workbook.publish.data import write_csv, write_tables
from workbook.publish.job import Publishing, publish
from workbook.publish.names import FORMS, named, stem_of
from workbook.publish.page import write_fragment, write_page
from workbook.publish.proof import write_proof
from workbook.publish.text import write_text
from workbook.report import Body, Unreadable, Waiver
from workbook.report.compare import compare

if TYPE_CHECKING:
    from collections.abc import Callable

    from workbook.report import Report

DATE = "2026年1月20日"
NUMBERS = [case for case in PRINTED.values() if not any(isinstance(value, str) for value in case.report.cells.values())]


def _blocks(report: Report) -> Any:
    return blocks(report, date=DATE)


WRITERS: dict[str, Callable[[Report], bytes]] = {
    "a.html": lambda report: write_page(_blocks(report)),
    "b.html": lambda report: write_fragment(_blocks(report)),
    "a.txt": lambda report: write_text(_blocks(report)),
    "a.csv": write_csv,
    "a.xlsx": lambda report: write_tables(_blocks(report), report),
}
EXACT = ("a.txt", "a.csv")


def _back(name: str, report: Report) -> Report:
    return workbook.parse(WRITERS[name](report), name)


@pytest.mark.parametrize("case", NUMBERS, ids=str)
@pytest.mark.parametrize("name", WRITERS)
def test_every_report_of_the_corpus_is_read_back(name: str, case: Case) -> None:
    back = _back(name, case.report)
    assert back.cells == case.report.cells
    assert back.year == case.report.year
    assert not compare(back, replace(case.report, body=back.body))


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", [name for name in WRITERS if name != "a.xlsx"])
def test_texts_that_are_hard_to_carry(name: str, edition: str, text: str) -> None:
    report = with_texts(edition, text)
    back = _back(name, report)
    assert not compare(back, report)
    if name in EXACT:
        assert back.narrative == report.narrative


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_the_workbook_of_the_tables_has_the_texts_without_tables_too(edition: str, text: str) -> None:
    report = with_texts(edition, text)
    alone = report.form.required_texts
    report = replace(report, narrative={key: text if key in alone else None for key, text in report.narrative.items()})
    assert not compare(_back("a.xlsx", report), report)


_LINES = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"), exclude_characters="\u034f\u2800"),
    min_size=1,
    max_size=40,
)


@examples(40)
@given(st.lists(_LINES, min_size=1, max_size=5).map("。\n".join), st.sampled_from(EDITIONS))
def test_any_text_comes_back_letter_by_letter(text: str, edition: str) -> None:
    report = with_texts(edition, text)
    for name in EXACT:
        assert _back(name, report).narrative == report.narrative, name


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", WRITERS)
def test_the_longest_report_comes_back(name: str, edition: str) -> None:
    report = longest(edition)
    assert not compare(_back(name, report), report)


@pytest.mark.parametrize("name", WRITERS)
def test_decimals_and_negative_numbers_come_back(name: str) -> None:
    report = sound("2019").with_cells(
        {"procurement.purchases.amount": Decimal("33565.123456"), "services.permits.change": -3}
        if "procurement.purchases.amount" in sound("2019").cells
        else {next(key for key, cell in sound("2019").form.cells.items() if cell.kind.decimals): Decimal("0.000001")}
    )
    assert _back(name, report).cells == report.cells


@pytest.mark.parametrize("name", WRITERS)
def test_the_same_report_gives_the_same_bytes(name: str) -> None:
    assert WRITERS[name](sound("2021")) == WRITERS[name](sound("2021"))


# ---- the page -------------------------------------------------------------------------------------------------------


def _wrapped(tree: Any) -> None:
    """Put what Word puts around the text of each cell."""
    for cell in tree.xpath("//td | //th"):
        paragraph = lxml.html.fromstring('<p class="MsoNormal"><span lang="EN-US"></span></p>')
        paragraph[0].text, cell.text = cell.text, None
        cell.insert(0, paragraph)


def _without(*names: str) -> Callable[[Any], None]:
    def strip(tree: Any) -> None:
        for element in tree.iter():
            for name in names:
                element.attrib.pop(name, None)

    return strip


def _no_captions(tree: Any) -> None:
    for caption in tree.xpath("//caption"):
        caption.drop_tree()


def _plain(tree: Any) -> None:
    _without("class", "id", "scope", "headers", "style", "data-nianbao")(tree)
    _no_captions(tree)
    for element in tree.xpath("//thead | //tbody | //strong"):
        element.drop_tag()
    for cell in tree.xpath("//th"):
        cell.tag = "td"
    _wrapped(tree)


EDITORS = {
    "class and id": _without("class", "id"),
    "scope and headers": _without("scope", "headers"),
    "style": _without("style"),
    "unknown attributes": _without("data-nianbao"),
    "captions": _no_captions,
    "paragraphs of Word in the cells": _wrapped,
    "all of it": _plain,
}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("change", EDITORS.values(), ids=EDITORS)
def test_a_fragment_survives_the_editor_of_a_website(edition: str, change: Callable[[Any], None]) -> None:
    report = with_texts(edition, "（一）主动公开。公开 12 件，A<B & C>D。\n（二）依申请公开。\n1.办理。\n无其他事项。")
    alone = report.form.required_texts
    report = replace(report, narrative={key: text if key in alone else None for key, text in report.narrative.items()})
    tree = lxml.html.fragment_fromstring(write_fragment(_blocks(report)).decode("utf-8-sig"), create_parent="div")
    change(tree)
    title = report.form.publication.title_of(report.body.name, report.year)
    site = f"<!DOCTYPE html><title>{title}</title><h1>{title}</h1>".encode() + lxml.html.tostring(
        tree, encoding="utf-8"
    )
    assert not compare(workbook.parse(site, "a.html"), report)


def test_a_fragment_carries_its_own_styles_and_nothing_else() -> None:
    text = write_fragment(_blocks(sound("2021"))).decode()
    assert "class=" not in text
    assert "<style" not in text
    assert "<script" not in text
    assert "http" not in text


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_is_headed_by_its_row_and_columns(edition: str) -> None:
    report = sound(edition)
    tree = lxml.html.document_fromstring(write_page(_blocks(report)))
    assert tree.get("lang") == "zh-CN"
    names = [each.get("id") for each in tree.xpath("//*[@id]")]
    assert len(names) == len(set(names))
    cells = tree.xpath("//td")
    assert len(cells) == len(report.form.cells)
    for cell in cells:
        heads = [tree.get_element_by_id(name) for name in cell.get("headers").split()]
        assert all(head.tag == "th" for head in heads)
        assert any(head.get("scope") in {"col", "colgroup"} for head in heads)
    rows = [cell for cell in cells if not cell.get("headers").startswith("disputes")]
    scopes = [{tree.get_element_by_id(name).get("scope") for name in cell.get("headers").split()} for cell in rows]
    assert all(found & {"row", "rowgroup"} for found in scopes)


@pytest.mark.parametrize(
    "text", ["甲。", "（一）主动公开\n1.政策\n（1）文件\n乙。", "（1）文件\n1.政策\n（一）主动公开\n（1）丙"]
)
def test_headings_leave_out_no_level(text: str) -> None:
    tree = lxml.html.document_fromstring(write_page(_blocks(with_texts("2021", text))))
    levels = [int(each.tag[1]) for each in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


def test_what_a_page_says_of_itself() -> None:
    report = sound("2021")
    text = write_page(_blocks(report)).decode()
    assert '<meta name="generator" content="nianbao report">' in text
    assert check_code(report) in text
    assert DATE in text
    assert "draft" not in re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL)
    assert "草稿" in write_page(blocks(report, draft=True)).decode()


def test_hostile_names_do_no_harm() -> None:
    report = replace(sound("2021"), body=Body('</title><script>alert(1)</script>"{{ 7*7 }}\u202e'))
    for form, made in publish(report, Publishing(("page", "fragment", "proof", "charts")))[0].items():
        for data in made.values():
            assert b"<script" not in data, form
            assert b"49}}" not in data
            assert "\u202e".encode() not in data


@pytest.mark.parametrize(
    "style", [b"</style><script>", b"@import 'x'", b"p{background:URL(x)}", b"\xff", b"a{}" * 400_000, b"@\\69mport x"]
)
def test_a_style_sheet_that_fetches_or_ends_is_refused(style: bytes) -> None:
    with pytest.raises(Unreadable) as refusal:
        write_page(_blocks(sound("2021")), (style, "本局.css"))
    assert refusal.value.findings[0].code == "file.style_unfit"


def test_the_style_sheet_of_the_office_comes_last() -> None:
    text = write_page(_blocks(sound("2021")), ("h1 { color: #900; } /* 本局 */".encode(), "本局.css")).decode()
    assert text.index("本局") > text.index("font-variant-numeric")


# ---- forged ---------------------------------------------------------------------------------------------------------


def _forged(
    report: Report, change: Callable[[Any], None], write: Callable[..., bytes] = write_page
) -> set[tuple[str, str]]:
    tree = lxml.html.document_fromstring(write(_blocks(report)).decode("utf-8-sig"))
    change(tree)
    back = workbook.parse(b"<!DOCTYPE html>" + lxml.html.tostring(tree, encoding="utf-8"), "a.html")
    return {(finding.code, finding.at) for finding in compare(back, report)}


def _cell(tree: Any, names: str) -> Any:
    return next(cell for cell in tree.xpath("//td") if cell.get("headers") == names)


def _exchange(tree: Any) -> None:
    cell = next(cell for cell in tree.xpath("//td") if cell.text == "8675309")
    cell.text = "8675390"


def _no_paragraph(tree: Any) -> None:
    tree.xpath("//p[@data-nianbao]")[1].drop_tree()


def _other(before: str, after: str) -> Callable[[Any], None]:
    def change(tree: Any) -> None:
        for element in tree.iter():
            element.text = (element.text or "").replace(before, after)

    return change


def _base() -> Report:
    report = with_texts("2021", "第一段，公开工作有序推进。\n第二段，办理工作依法规范。\n第三段，监督保障不断加强。")
    alone = report.form.required_texts
    texts = {key: text if key in alone else None for key, text in report.narrative.items()}
    return replace(report, narrative=texts, body=Body("甲市教育局")).with_cells({"documents.rules.in_force": 8675309})


def test_untouched_pages_give_no_finding() -> None:
    for write in (write_page, write_fragment):
        assert not _forged(_base(), lambda _tree: None, write)


def test_two_digits_exchanged() -> None:
    report = _base()
    assert sum(value == 8675309 for value in report.cells.values()) == 1
    assert _forged(report, _exchange) == {("differs.cell", "documents.rules.in_force")}


def test_a_paragraph_lost() -> None:
    first = next(iter(_base().form.required_texts & {"overview"}))
    assert _forged(_base(), _no_paragraph) == {("differs.text", first)}


def test_another_year_and_another_office() -> None:
    year = str(_base().year)
    assert _forged(_base(), _other(f"{year}年", "2031年")) == {("differs.year", "year")}
    assert _forged(_base(), _other("甲市教育局", "乙市教育局")) == {("differs.body", "name")}


def test_a_row_lost() -> None:
    def lose(tree: Any) -> None:
        row = next(row for row in tree.xpath("//tr") if row.xpath("th") and "二、上年结转" in row.xpath("th")[0].text)
        row.drop_tree()

    found = _forged(_base(), lose)
    assert found
    assert all(code == "differs.missing" and at.startswith("applications.brought_forward") for code, at in found)


# ---- data, charts, proof, names, code -------------------------------------------------------------------------------


def test_the_long_csv_has_a_line_a_number_and_opens_in_excel() -> None:
    report = sound("2021")
    data = write_csv(report, sound("2021"))
    assert data.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    assert list(lines[0]) == ["年度", "机关", "表", "行", "列", "键", "数值", "单位", "上年数值"]
    numbers = {line["键"]: line["数值"] for line in lines if line["键"] in report.cells}
    assert numbers == {
        key: f"{value:d}" if isinstance(value, int) else f"{value:f}" for key, value in report.cells.items()
    }
    hostile = list(csv.reader(io.StringIO(write_csv(with_texts("2021", "=1+1")).decode("utf-8-sig"), newline="")))
    assert not any(field.startswith(("=", "+", "@")) for line in hostile for field in line)


@pytest.mark.parametrize("wrong", ["lost", "double", "two years", "strange"])
def test_a_long_csv_that_is_not_whole_is_refused(wrong: str) -> None:
    lines = write_csv(sound("2021")).decode("utf-8-sig").split("\r\n")
    first = lines[1].split(",")
    changed = {
        "lost": lines[:1] + lines[2:],
        "double": [*lines[:2], *lines[1:]],
        "two years": [lines[0], ",".join(["1999", *first[1:]]), *lines[2:]],
        "strange": [*lines[:1], lines[1].replace(first[5], "甲.乙.丙"), *lines[1:]],
    }[wrong]
    with pytest.raises(Unreadable) as refusal:
        workbook.parse("\r\n".join(changed).encode("utf-8-sig"), "a.csv")
    assert refusal.value.findings[0].code == "file.long_form"


def test_the_workbook_of_the_tables_has_values_alone() -> None:
    report = with_texts("2021", "=1+1")
    book = openpyxl.load_workbook(io.BytesIO(WRITERS["a.xlsx"](report)))
    for sheet in book:
        assert not sheet.protection.sheet
        assert not any(cell.data_type == "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("edition", EDITIONS)
def test_charts_draw_every_bar_with_its_number(edition: str) -> None:
    report = sound(edition)
    made = list(chart_blocks(report, report))
    assert [chart.key for chart in made] == [chart.key for chart in charts_of(edition)]
    for chart in made:
        tree = lxml.etree.fromstring(chart.svg)
        assert tree.get("role") == "img"
        assert tree[0].text == chart.title
        assert tree[1].text == chart.desc
        assert b"<script" not in chart.svg
    results = next(chart for chart in charts_of(edition) if chart.key == "results")
    parts = {key for _, keys in results.bars for key in keys}
    form = report.form
    assert parts == {
        f"applications.{row.key}.total"
        for table in form.tables
        if table.key == "applications"
        for row in table.rows
        if row.part_of == "concluded"
    }
    assert not list(chart_blocks(report.with_cells(dict.fromkeys(report.cells))))


def _bars(chart: Any) -> list[str]:
    """Return the colours of the bars of a chart that are longer than nothing, line after line."""
    tree = lxml.etree.fromstring(chart.svg)
    return [each.get("fill") for each in tree.iter("{*}rect") if each.get("x") == "170"]


def test_charts_have_the_years_that_there_are() -> None:
    report = sound("2021")
    year = report.year or 0
    last, before = (replace(sound("2019"), year=year - 1), replace(report, year=year - 2))
    three = {chart.key: chart for chart in chart_blocks(report, last, before)}
    assert len(_bars(three["years"])) == 3 * 4
    assert len(set(_bars(three["years"]))) == 3
    assert len(_bars(three["results"])) == 2 * 6, "last year's form has other rows, and the same bars"
    assert "（上年 " in three["years"].desc
    assert "，前年 " in three["years"].desc
    gap = {chart.key: chart for chart in chart_blocks(report, None, before)}
    assert "上年 " not in gap["years"].desc
    assert "前年 " in gap["years"].desc
    assert _bars(gap["years"])[1] == _bars(three["years"])[2], "a year keeps its colour"
    (other,) = (chart for chart in chart_blocks(report, replace(last, year=year - 4)) if chart.key == "years")
    assert f"（{year - 4}年 " in other.desc, "a year is called what it is"
    assert b"2020" in other.svg
    blank = {chart.key: chart for chart in chart_blocks(report, last.with_cells(dict.fromkeys(last.cells)), before)}
    assert "上年 " not in blank["years"].desc
    same = {chart.key: chart for chart in chart_blocks(report, report)}
    assert len(_bars(same["years"])) == 4, "no year has bars twice"


@pytest.mark.parametrize("value", [0, 1, 10**15 - 1, Decimal("0.5")])
def test_every_number_of_a_chart_is_inside_it(value: Any) -> None:
    report = replace(sound("2021"), body=Body(LONG_NAME))
    report = report.with_cells(dict.fromkeys(report.cells, value))
    for chart in chart_blocks(report, replace(report, year=(report.year or 0) - 1)):
        assert chart.title.startswith(LONG_NAME)
        tree = lxml.etree.fromstring(chart.svg)
        wide = int(tree.get("width"))
        for text in tree.iter("{*}text"):
            size, said = float(text.get("font-size", "14")), text.text
            long = sum(size * (1 if letter > "\u2e7f" else 0.56) for letter in said)
            start = float(text.get("x")) - {"end": long, "middle": long / 2}.get(text.get("text-anchor"), 0)
            assert start >= 0, said
            assert start + long <= wide, said


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("years = 3", "years = 4"),
        ("years = 3", 'years = "3"'),
        ('key = "results"', 'kee = "results"'),
        ('"granted"', '"grantet"'),
        ('row = "received"', 'row = "nothing"'),
    ],
)
def test_a_wrong_definition_of_charts_is_refused(old: str, new: str) -> None:
    from workbook.resources import resource

    text = resource("schema/2021/charts.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(FormError):
        parse_charts(text.replace(old, new, 1), "charts.toml", workbook.load_form("2021"))


def test_the_proof_sheet() -> None:
    report = sound("2021")
    last = report.with_cells({"applications.received.total": 5})
    finding = next(iter(workbook.check(with_texts("2021", "全年收到政府信息公开申请 9999 件。"))))
    waiver = Waiver(finding.code, finding.at, "口径不同<b>", "张三", "2026-01-02")
    text = write_proof(replace(report, waivers=(waiver,)), (finding,), last).decode()
    assert check_code(report) in text
    assert "口径不同&lt;b&gt;" in text
    assert '<meta name="generator" content="nianbao findings">' in text
    now = report.cells["applications.received.total"]
    assert isinstance(now, int)
    assert f"<td>{now}</td><td>5</td><td>{now - 5:+d}</td>" in text


def test_names_are_safe_and_differ() -> None:
    report = replace(sound("2021"), body=Body("某某局/办公室:"))
    for form in FORMS:
        for number in (1, 2):
            for name in named(stem_of(report, "a"), form, ("results",), number):
                assert not set('/:\\*?"<>|') & set(name)
                assert len(name.encode()) < 256
    assert named("长" * 200, "page") != named("长" * 200, "fragment")
    assert len(named("长" * 200, "fragment", number=2)[0].encode()) <= 255
    assert stem_of(replace(report, year=None), "a") == "a"
    assert stem_of(replace(report, body=Body(LONG_NAME)), "a").startswith(LONG_NAME)


def test_the_code_is_of_the_content() -> None:
    report = sound("2021")
    code = check_code(report)
    assert re.fullmatch(r"\d{4}( \d{4}){3}", code)
    others = [
        report.with_cells({"documents.rules.in_force": 777}),
        replace(report, year=2030),
        replace(report, body=Body("另一个局")),
        replace(report, narrative={**report.narrative, "overview": "另一段。"}),
    ]
    assert len({code, *map(check_code, others)}) == 5
    assert check_code(replace(report, waivers=(), source=None)) == code


def test_word_page_and_text_are_quick() -> None:
    report = sound("2021")
    publish(report, Publishing(("word", "page", "text")))
    start = time.perf_counter()
    publish(report, Publishing(("word", "page", "text")), findings=())
    assert time.perf_counter() - start < 0.5
