"""Whose report it is, and of which year: titles over several lines, sentences that are none, pages that list others."""

from __future__ import annotations

import time
from itertools import combinations

import pytest

from workbook.match.grid import Cell, Document, Grid, Paragraph
from workbook.match.title import Title, title
from workbook.report import Place

TEXT = ["一、总体情况", "做了工作。"]


def found(*lines: str, text: list[str] = TEXT) -> Title | None:
    """Return the title of a document of paragraphs, which may have several lines each."""
    return title(document(*lines, *text))[0]


def document(*lines: str) -> Document:
    return Document("x", [Paragraph(line, Place("正文", f"第{at}段")) for at, line in enumerate(lines, 1)])


def read(*lines: str) -> tuple[str | None, int] | None:
    got = found(*lines)
    return got and (got.name, got.year)


WRITTEN = {
    "云州市水务局2024年政府信息公开工作年度报告": "云州市水务局",
    "云州市水务局 2024 年度政府信息公开工作年度报告": "云州市水务局",
    "2024年云州市水务局政府信息公开年度报告": "云州市水务局",
    "2024年度云州市水务局政府信息公开工作报告": "云州市水务局",
    "云州市水务局政府信息公开工作年度报告（2024年度）": "云州市水务局",
    "云州市水务局政府信息公开2024年度报告": "云州市水务局",
    "云州市水务局关于2024年政府信息公开工作的年度报告": "云州市水务局",
    "关于云州市水务局2024年政府信息公开工作情况报告": "云州市水务局",
    "云州市水务局２０２４年政府信息公开工作年度报告": "云州市水务局",
    "云州市水务局二〇二四年政府信息公开工作年度报告": "云州市水务局",
    "云州市人民政府信息公开工作年度报告（2024年）": "云州市人民政府",
    "云州市人民政府2024年政府信息公开工作年度报告": "云州市人民政府",
    "云州市发展和改革局（粮食局）2024年政府信息公开工作年度报告": "云州市发展和改革局（粮食局）",
    "云州市水务局2024年政府信息公开工作年度报告（公开稿）": "云州市水务局",
    "标题：云州市水务局2024年政府信息公开工作年度报告": "云州市水务局",
    "首页 > 政务公开 > 云州市水务局2024年政府信息公开工作年度报告": "云州市水务局",
    "云州市水务局2024年政府信息公开工作年度报告_云州市政府门户网": "云州市水务局",
    "《云州市水务局2024年政府信息公开工作年度报告》": "云州市水务局",
    "云州市预警信息发布中心2024年政府信息公开工作年度报告": "云州市预警信息发布中心",
    "云州市2024年政府信息公开工作年度报告": "云州市",
    "2024年政府信息公开工作年度报告": None,
    "全市2024年政府信息公开工作年度报告": None,
    "我局2024年政府信息公开工作年度报告": None,
}


@pytest.mark.parametrize("line", WRITTEN)
def test_a_title_on_one_line(line: str) -> None:
    assert read(line) == (WRITTEN[line], 2024)


WHOLE = "云州市自然资源和规划局2024年政府信息公开工作年度报告"


@pytest.mark.parametrize("together", [True, False], ids=["one paragraph", "paragraphs"])
@pytest.mark.parametrize("cuts", [*combinations(range(1, len(WHOLE)), 1), (6, 15), (11, 16), (11, 22), (3, 11, 16)])
def test_a_title_that_is_broken_anywhere(cuts: tuple[int, ...], *, together: bool) -> None:
    """Where the beginning of the name is not sure to be one, there is none; never another one."""
    lines = [WHOLE[start:end] for start, end in zip((0, *cuts), (*cuts, None), strict=True)]
    got = read("\n".join(lines)) if together else read(*lines)
    digits = range(WHOLE.index("2024") + 1, WHOLE.index("年"))
    if digits.start <= cuts[0] < digits.stop or got != (None, 2024):
        assert got == ("云州市自然资源和规划局", 2024)


@pytest.mark.parametrize(
    "lines",
    [
        ("云州市水务局", "2024年政府信息公开工作年度报告"),
        ("云州市水务局", "政府信息公开工作年度报告", "（2024年度）"),
        ("2024年度", "云州市水务局", "政府信息公开工作年度报告"),
        ("云州市水务局", "2024年度", "政府信息公开工作", "年度报告"),
        ("云州市水务局", "关于2024年度政府信息公开工作的", "报告"),
        ("2024年云州市水务局", "政府信息公开", "工作年度报告"),
    ],
)
def test_a_title_on_several_lines(lines: tuple[str, ...]) -> None:
    place = Place("正文", "第2段")
    for parts in (lines, ("\n".join(lines),)):
        got = found("云州市政府门户网站，欢迎您", *parts)
        assert got == Title("云州市水务局", 2024, place)


@pytest.mark.parametrize(
    "line",
    [
        "按照有关规定，现公布云州市水务局2024年政府信息公开工作年度报告。",
        "现公布云州市水务局2024年政府信息公开工作年度报告",
        "现将云州市水务局2024年政府信息公开工作年度报告公布如下",
        "本报告是云州市水务局编制的2024年政府信息公开工作年度报告",
        "云州市水务局发布2024年政府信息公开工作年度报告",
        "请查看云州市水务局2024年政府信息公开工作年度报告",
        "关于印发云州市水务局2024年政府信息公开工作年度报告的通知",
        "详见《云州市水务局2024年政府信息公开工作年度报告》",
        "云州市水务局2023年和2024年政府信息公开工作年度报告",
        "首页 政务公开 云州市水务局2024年政府信息公开工作年度报告",
        "根据国务院办公厅关于2024年政府信息公开工作年度报告",
        "2099999年政府信息公开工作年度报告" * 9,
    ],
)
def test_a_sentence_is_no_title(line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    "above", ["政府信息公开年报", "索引号", "字号大中小", "发布日期：2025-01-20", "2025-01-20", "云州市政府网"]
)
def test_what_stands_above_a_title_is_no_part_of_it(above: str) -> None:
    assert read(above, "云州市水务局2024年政府信息公开工作年度报告") == ("云州市水务局", 2024)
    assert read(above, "2024年政府信息公开工作年度报告") == (None, 2024)


def test_the_last_title_before_the_text_counts_and_others_are_told() -> None:
    lists = ["云州市水务局2022年政府信息公开工作年度报告", "云州市水务局2023年政府信息公开工作年度报告"]
    own = "云州市水务局2024年政府信息公开工作年度报告"
    got, told = title(document(*lists, own, *TEXT, "相关文档", *lists))
    assert got == Title("云州市水务局", 2024, Place("正文", "第3段"))
    (finding,) = told
    assert (finding.code, finding.at) == ("body.titles", "name")
    assert "2022年" in finding.message()
    assert finding.message("en")
    assert title(document(own, "2024年政府信息公开工作年度报告", *TEXT)) == (
        Title("云州市水务局", 2024, Place("正文", "第1段")),
        (),
    )
    assert read(*TEXT, own) == ("云州市水务局", 2024)


def test_a_title_does_not_reach_over_a_table() -> None:
    def row(*texts: str) -> list[Cell]:
        return [Cell(text, Place("表", "")) for text in texts]

    rows = [row("云州市水务局"), row("机构", "年度"), row("2024年政府信息公开工作年度报告")]
    got, _ = title(Document("x", [Grid("表", rows)]))
    assert got == Title(None, 2024, Place("表", ""))


def test_a_cover_answers_where_there_is_no_title() -> None:
    rows = [[Cell(text, Place("表", text or "")) for text in row] for row in (
        ("政府信息公开工作年度报告", None), ("机关名称", "云州市水务局", "填写全称"), ("报告年度", "2024"),
    )]  # fmt: skip
    assert title(Document("x", [Grid("表", rows)]))[0] == Title("云州市水务局", 2024, Place("表", "云州市水务局"))


@pytest.mark.parametrize("line", ["年", "2024年", "云州市", "（", "政府信息公开", "《", "二〇二四年 "])
def test_long_lines_and_many_are_read_in_a_bearable_time(line: str) -> None:
    start = time.process_time()
    assert found(line * 100_000, *[line] * 20_000, *[line * 70] * 2_000) is None
    assert time.process_time() - start < 5
