"""Headings of sections among lines that resemble them, and the text of each section."""

from __future__ import annotations

import sys
import time

import noise
import pytest
from cases import sound

from workbook.match import Document, Paragraph, match
from workbook.report import Place, Report

TABLES = noise.paper(sound("2021")).document("expanded").blocks
TWO, THREE, FOUR = ("T0", "T1", "T2", "T3"), ("T4",), ("T5",)
ENDS = ("五、存在的主要问题及改进情况", "庚", "六、其他需要报告的事项", "辛")


def read(*lines: str) -> Report:
    """Return the report in a document of lines and, as T0 to T5, the tables of the form."""
    blocks = [
        TABLES[int(line[1:])] if line[:1] == "T" else Paragraph(line, Place("文本", str(at)))
        for at, line in enumerate(lines)
    ]
    return match(Document("x", blocks))


def texts(*lines: str) -> dict[str, str]:
    return {key: text for key, text in read(*lines).narrative.items() if text}


def body(two: tuple[str, ...] = (), three: tuple[str, ...] = (), four: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the lines of a report from the second section on."""
    return (
        *("二、主动公开政府信息情况", *two, *TWO, "三、收到和处理政府信息公开申请情况", *three, *THREE),
        *("四、政府信息公开行政复议、行政诉讼情况", *four, *FOUR, *ENDS),
    )


@pytest.mark.parametrize(
    "heading", ["一、工作开展情况", "一、本局年度工作", "一、 基本情况", "工作基本情况", "一 概述"]
)
def test_the_first_section_may_have_another_name(heading: str) -> None:
    assert texts(heading, "（一）主动公开情况", "甲。", *body())["overview"] == "（一）主动公开情况\n甲。"


@pytest.mark.parametrize(
    "numbers", [("（一）", "（二）", "（三）"), ("1.", "2.", "3."), ("", "", ""), ("一、", "二、", "三、")]
)
def test_sub_headings_with_the_titles_of_other_sections_are_text(numbers: tuple[str, str, str]) -> None:
    titles = ("主动公开政府信息情况", "收到和处理政府信息公开申请情况", "政府信息公开行政复议、行政诉讼情况")
    inner = [line for number, title in zip(numbers, titles, strict=True) for line in (number + title, "做了。")]
    found = texts("一、总体情况", *inner, *body(("丙。",)))
    assert found == {"overview": "\n".join(inner), "disclosure": "丙。", "problems": "庚", "other": "辛"}


@pytest.mark.parametrize("number", ["（六）", "6.", "第六部分 "])
def test_the_last_heading_may_be_numbered_in_another_way(number: str) -> None:
    *lines, heading, text = ("一、总体情况", "甲。", *body())
    found = texts(*lines, number + heading.partition("、")[2], text)
    assert found == {"overview": "甲。", "problems": "庚", "other": "辛"}


def test_a_last_sub_heading_of_other_words_or_another_number_is_text() -> None:
    for inner in ("（六）其他工作", "（一）其他需要报告的事项"):
        *lines, heading, text = ("一、总体情况", "甲。", *body())
        assert texts(*lines, inner, "壬", heading, text)["problems"] == f"庚\n{inner}\n壬"


def test_sections_may_be_parts_with_sections_of_their_own() -> None:
    lines = [line for line in body(("丙",)) if line != "庚"]
    for han, number in zip("二三四五六", range(2, 7), strict=True):
        lines = [line.replace(f"{han}、", f"第{han if number % 2 else number}部分 ", 1) for line in lines]
    at = next(at for at, line in enumerate(lines) if "存在的主要问题" in line) + 1
    found = texts("第一部分 概述", "一、主动公开政府信息情况", "甲", *lines[:at], "一、不足", "二、改进", *lines[at:])
    assert found == {
        "overview": "一、主动公开政府信息情况\n甲",
        "disclosure": "丙",
        "problems": "一、不足\n二、改进",
        "other": "辛",
    }


def test_text_before_and_behind_tables_is_kept_and_checked_and_what_belongs_to_them_is_not() -> None:
    lines = (*body(("见下表。", "单位：件", "表1 规章和规范性文件"), ("甲申请。",), ("没有复议。",)),)
    behind = lines.index("四、政府信息公开行政复议、行政诉讼情况")
    found = texts(
        "一、总体情况", "做了。", *lines[:behind], "注：以上为全年数。", "乙补充。", "其中：", *lines[behind:]
    )
    assert found == {
        "overview": "做了。",
        "disclosure": "见下表。",
        "applications": "甲申请。\n乙补充。\n其中：",
        "disputes": "没有复议。",
        "problems": "庚",
        "other": "辛",
    }


def test_without_a_first_heading_the_text_before_the_second_is_the_first_section() -> None:
    found = texts("发布日期：2025-01-20", "根据《条例》规定，特向社会公布本报告。", "全年12条。", *body())
    assert found["overview"] == "根据《条例》规定，特向社会公布本报告。\n全年12条。"


def test_prose_in_no_section_is_told_once_and_nothing_else() -> None:
    report = read("根据《条例》规定，特向社会公布本报告。", "一、总体情况", "甲", *body())
    told = [finding for finding in report.reader_findings if finding.code == "text.outside"]
    assert [(finding.words["count"], finding.words["address"]) for finding in told] == [("1", "0")]
    quiet = read("首页 > 公开", "一、总体情况", "甲", *body())
    assert "text.outside" not in {finding.code for finding in quiet.reader_findings}


def test_a_second_copy_behind_the_end_is_no_text_of_the_last_section() -> None:
    lines = ("一、总体情况", "甲", *body())
    again = [line for line in lines if line[:1] != "T"]
    assert texts(*lines, *again) == texts(*lines)


def test_a_heading_broken_in_two_lines_is_one() -> None:
    lines = list(body())
    at = lines.index("四、政府信息公开行政复议、行政诉讼情况")
    found = texts(
        "一、总体情况", "甲", *lines[:at], "四、政府信息公开行政复议、行政诉", "讼情况", "丁", *lines[at + 1 :]
    )
    assert found["disputes"] == "丁"


def test_time_is_linear_in_the_number_of_lines_that_look_like_headings() -> None:
    def seconds(count: int) -> float:
        lines = [line for at in range(count) for line in (f"{at % 9 + 1}.其他", "一、总体情况")]
        start = time.process_time()
        read(*lines, *body())
        return time.process_time() - start

    seconds(100)
    assert any(seconds(4000) < 3 * seconds(2000) + 0.2 for _ in range(3)), sys.platform
