"""The blocks of a published report, its check code, and that readers know what is put around it."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from cases import EDITIONS, sound
from publication import HARD_TEXTS, with_texts

import workbook
from workbook.definition import FormError
from workbook.form import load_form, parse_form
from workbook.publish.blocks import CheckCode, Heading, Opening, Paragraph, Signature, TableBlock, Title, blocks
from workbook.publish.code import check_code
from workbook.publish.two_years import LAST
from workbook.publish.word.write import write_word
from workbook.report.compare import compare
from workbook.resources import resource


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_blocks_are_the_form_in_its_order(edition: str) -> None:
    report = sound(edition)
    made = blocks(report, date="2026年1月20日")
    assert [type(block) for block in (made[0], made[1], made[-2], made[-1])] == [Title, Opening, Signature, CheckCode]
    assert [block.text for block in made if isinstance(block, Heading)] == [
        section.heading for section in report.form.sections
    ]
    assert [block.key for block in made if isinstance(block, TableBlock)] == [table.key for table in report.form.tables]
    values = {key: value for block in made if isinstance(block, TableBlock) for key, value in block.values.items()}
    assert {key: Decimal(value) for key, value in values.items()} == report.cells


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
def test_no_character_of_a_text_is_added_changed_or_lost(text: str) -> None:
    report = with_texts("2021", text)
    lines = [block.text for block in blocks(report) if isinstance(block, Paragraph)]
    assert "\n".join(lines) == "\n".join(filter(None, report.narrative.values()))


LINES = {
    "（一）主动公开。全文发布。": (2, "（一）主动公开。"),
    "(十二)依申请公开": (2, "(十二)依申请公开"),
    "1.政策。一批。": (3, "1.政策。"),
    "２、文件：一批。": (3, "２、文件："),
    "（1）文件。一批。": (4, "（1）文件。"),
    "1.5万件政府信息。": (0, ""),
    "2024年公开一批。": (0, ""),
    "（一）本年公开政府信息一批，办理申请若干，答复及时，内容完整，无一投诉，群众满意，成效明显。": (
        0,
        "",
    ),
    "无": (0, ""),
}


@pytest.mark.parametrize("line", LINES)
def test_the_heading_in_a_line_is_known_by_its_number(line: str) -> None:
    (found,) = (block for block in blocks(with_texts("2021", line))[3:4] if isinstance(block, Paragraph))
    assert (found.level, line[: found.start]) == LINES[line]


def test_numbers_are_shown_as_they_are() -> None:
    report = sound("2021").with_cells({"fees.fee.amount": Decimal("0.100000"), "documents.rules.made": None})
    tables = [block for block in blocks(report) if isinstance(block, TableBlock)]
    values = {key: value for block in tables for key, value in block.values.items()}
    assert values["fees.fee.amount"] == "0.100000"
    assert not values["documents.rules.made"]


def test_last_years_numbers_are_given_where_they_are_wanted() -> None:
    last = sound("2021").with_cells({"documents.rules.made": 7})
    tables = [block for block in blocks(sound("2021"), last) if isinstance(block, TableBlock)]
    values = {key: value for block in tables for key, value in block.values.items()}
    assert values[f"documents.rules.made{LAST}"] == "7"
    assert values["documents.rules.made"] == str(sound("2021").cells["documents.rules.made"])
    assert len(tables) == 2 * sum(isinstance(block, TableBlock) for block in blocks(sound("2021")))


def test_the_check_code_is_sixteen_digits_of_what_the_report_says() -> None:
    report = sound("2021")
    code = check_code(report)
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", code)
    key = next(iter(report.cells))
    others = [
        replace(report, year=2023),
        replace(report, body=replace(report.body, name="别的机关")),
        report.with_cells({key: 4711}),
        report.with_cells({key: None}),
        replace(report, narrative={**report.narrative, "overview": "别的。"}),
    ]
    assert len({code, *map(check_code, others)}) == len(others) + 1


def test_the_check_code_of_a_published_report_is_that_of_the_workbook() -> None:
    report = with_texts("2021", HARD_TEXTS["lines"])
    back = workbook.parse(write_word(blocks(report, date="2026年1月20日")), "年报.docx")
    assert check_code(back) == check_code(report)


def test_the_check_code_stays_what_it_is() -> None:
    """It stands on paper, so every version of the kit must have the same."""
    assert {edition: check_code(sound(edition)) for edition in EDITIONS} == {
        "2019": "3926 2829 3540 3832",
        "2021": "5557 5061 1787 3430",
    }


def _text(extra: str = "") -> str:
    """Return a report as a plain text, with more behind its end."""
    from published import text

    report = replace(sound("2021"), narrative={**sound("2021").narrative, "other": "无。"})
    return text(report).decode() + extra


@pytest.mark.parametrize("date", ["\n2026年1月20日", "\n2026 年 1 月 20 日", ""])
@pytest.mark.parametrize("name", ["\n示例市人民政府办公室", "\n示例市\n人民政府办公室", ""])
def test_signature_and_check_code_are_no_text(name: str, date: str) -> None:
    back = workbook.parse((_text() + f"{name}{date}\n校验码：1234 5678 9012 3456\n").encode(), "年报.txt")
    assert back.narrative["other"] == "无。"


def test_a_signature_without_a_check_code_is_text() -> None:
    back = workbook.parse(_text("\n示例市人民政府办公室\n2026年1月20日").encode(), "年报.txt")
    assert back.narrative["other"] == "无。\n示例市人民政府办公室\n2026年1月20日"


def test_another_office_above_the_check_code_is_text() -> None:
    back = workbook.parse(_text("\n别的办公室\n2026年1月20日\n校验码：1234 5678 9012 3456").encode(), "年报.txt")
    assert back.narrative["other"] == "无。\n别的办公室"


def test_prose_below_the_check_code_is_told() -> None:
    more = "这里还有一段话，是后来加上去的，不在报告里。"
    back = workbook.parse(_text(f"\n校验码：1234 5678 9012 3456\n{more}").encode(), "年报.txt")
    assert back.narrative["other"] == "无。"
    assert [finding.code for finding in back.reader_findings] == ["text.outside"]


def test_only_the_usual_opening_is_passed_over() -> None:
    report = sound("2021")
    opening = report.form.publication.opening_of(report.body.name, report.year)
    for line, codes in ((opening, []), (opening.replace("2024", "2023"), ["text.outside"])):
        data = _text().replace("\n一、总体情况", f"\n{line}\n一、总体情况", 1)
        assert line in data
        assert [finding.code for finding in workbook.parse(data.encode(), "年报.txt").reader_findings] == codes


def test_a_forged_document_differs_just_there() -> None:
    report = sound("2021")
    key = "applications.granted.natural"
    forged = replace(report.with_cells({key: 4711}), narrative={**report.narrative, "problems": "没有问题。"})
    back = workbook.parse(write_word(blocks(forged)), "年报.docx")
    assert {(finding.code, finding.at) for finding in compare(back, report)} == {
        ("differs.cell", key),
        ("differs.text", "problems"),
    }


WRONG = {
    'title = ""': "'title' is missing or empty",
    'title = "{body}{jahr}"': "title has 'jahr' in braces",
    'title = "{body}"\nopening = "{year"': "opening has '' in braces",
    'title = "{body}"\nend = "x"': "unknown key 'end'",
    "title = 3": "title 3 is not a text",
}


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_publication_is_refused(wrong: str) -> None:
    text = resource("schema/2021/form.toml").read_text(encoding="utf-8")
    start, end = text.index("[publication]"), text.index("[kinds.count]")
    with pytest.raises(FormError, match="publication") as refusal:
        parse_form(f"{text[:start]}[publication]\n{wrong}\n{text[end:]}", "form.toml")
    assert WRONG[wrong] in str(refusal.value)


def test_a_form_without_words_for_publication_has_its_title() -> None:
    text = resource("schema/2021/form.toml").read_text(encoding="utf-8")
    start, end = text.index("[publication]"), text.index("[kinds.count]")
    form = parse_form(text[:start] + text[end:], "form.toml")
    assert form.publication.title_of("甲局", 2024) == f"甲局2024年{load_form('2021').title}"
    assert not form.publication.opening_of("甲局", 2024)
