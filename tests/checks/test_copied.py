"""Patterns and copies: the definition is verified, sentences that only look like it are not told, time is bounded."""

from __future__ import annotations

import re
import time
import tomllib
from dataclasses import replace

import pytest
from cases import sound
from hypothesis import given
from hypothesis import strategies as st

import workbook
from workbook.checks.copied import CODES, parse_copied
from workbook.definition import FormError
from workbook.resources import resource

TEXT = resource("schema/copied.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("placeholders = [", "placeholder = [", "unknown key 'placeholder'"),
        ("signs = [", "sign = [", "unknown key 'sign'"),
        ("'20[Xx", "'20(Xx", "placeholders: .* is no pattern"),
        ('ignored = ["办公室"', 'ignored = ["(办公室"', "ignored: .* is no pattern"),
        ("unnamed = '^(?:党中央", "unnamed = '^(:?(党中央", "unnamed: .* is no pattern"),
        ("acts = '(?:在", "acts = '(?:(在", "acts: .* is no pattern"),
        ("before = '(?:", "before = '(?:(", "before: .* is no pattern"),
        ('words = ["我局", "本局"]', 'words = "我局"', "self: words '我局' is not a list of texts"),
        ("never = '(?:镇", "never = '(?:(镇", "never: .* is no pattern"),
        ("applications.received.total", "applications.got.total", "again, cells: no edition of the form has"),
        ("least = 10\n", "", "again: 'least' is missing"),
        ("characters = 120", 'characters = "120"', "again: characters '120' is not a whole number"),
        ("[again]", "[again", "copied.toml: "),
    ],
)
def test_a_wrong_definition_stops_at_load_and_names_its_place(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(FormError, match=says):
        parse_copied(TEXT.replace(old, new, 1), "copied.toml")


@pytest.mark.parametrize("words", tomllib.loads(TEXT)["placeholders"])
@given(data=st.data())
def test_a_sign_stands_in_every_placeholder(words: str, data: st.DataObject) -> None:
    written = data.draw(st.from_regex(words))
    found = re.search(words, written)
    assert found
    assert any(sign in found[0] for sign in tomllib.loads(TEXT)["signs"])


def told(text: str, name: str, part: str = "problems") -> list[tuple[str, str]]:
    """Return code and phrase of what is told of a text in the report of an office of that name."""
    base = sound("2021")
    body = replace(base.body, name=name, kind=None)
    findings = workbook.check(replace(base, body=body, narrative={**base.narrative, part: text}))
    return [(finding.code, finding.quote.text) for finding in findings if finding.code in CODES and finding.quote]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("XX局将加强培训。", "XX"),
        ("××县各部门", "××"),
        ("20XX年的工作", "20XX"),
        ("*** 单位", "***"),
        ("○○镇", "○○"),
        ("全年受理____件", "____"),
        ("收到申请（　）件", "（　）"),
        ("一是（待补充）；", "（待补充）"),
        ("二是待补充。", "待补充"),
        ("【请填写机关名称】", "【请填写机关名称】"),
        ("此处填写存在的问题。", "此处填写存在的问题"),
        ("点击此处添加内容", "点击此处添加内容"),
        ("T" + "ODO", "T" + "ODO"),
    ],
)
def test_what_is_still_to_be_filled_in_is_told(text: str, phrase: str) -> None:
    assert told(text, "示例县民政局") == [("text.placeholder", phrase)]


@pytest.mark.parametrize(
    "text",
    [
        "机制有待完善，资料有待补充。",
        "全年修改（更新）5件，（补充材料3件）。",
        "被确认违法的（确认违法1件）。",
        "网址 www.xx.gov.cn，XXGK 栏目。",
        "二○○八年以来。",
        "要求申请人补充材料，请填写申请表。",
        "在此基础上填写意见。",
        "●公开的内容。■培训。",
    ],
)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert not told(text, "示例县民政局")


@pytest.mark.parametrize(
    ("name", "text", "phrase"),
    [
        ("示例县民政局", "现将甲县水利局2024年度政府信息公开工作年度报告公布如下。", "甲县水利局"),
        ("示例县民政局", "甲县水利局2024年政府信息公开工作年度报告。", "甲县水利局"),
        ("示例县民政局", "2024年，甲县水利局坚持公开。", "甲县水利局"),
        ("甲市乙区住房和城乡建设局", "2024年，丙区住建局认真落实。", "丙区住建局"),
        ("清河镇人民政府", "2024年，大同镇深入推进公开。", "大同镇"),
        ("清河镇人民政府", "公开不够，我局将改进。", "我局"),
        ("甲县人民政府", "公开不够，我镇将改进。", "我镇"),
        ("甲县民政局", "公开不够，本乡将改进。", "本乡"),
    ],
)
def test_another_office_is_told(name: str, text: str, phrase: str) -> None:
    assert told(text, name, "overview") == [("text.other_body", phrase)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("杭州市临安区人民政府", "2024年，临安区政府坚持公开。"),
        ("杭州市临安区人民政府", "现公布临安区人民政府办公室2024年政府信息公开工作年度报告。"),
        ("示例市卫生健康委员会", "2024年，市卫健委认真贯彻，我局认真落实。"),
        ("甲市乙区住房和城乡建设局", "2024年，区住建局认真落实。"),
        ("沈阳市和平区人民政府", "2024年，和平区政府认真落实。"),
        ("示例县民政局", "2024年，在县委、县政府领导下，我局认真落实，市司法局配合。"),
        ("示例县民政局", "2024年，县政府高度重视。"),
        ("示例县民政局", "根据甲市人民政府2024年政府信息公开工作年度报告的反馈整改。"),
        ("甲县人民政府办公室", "我局认真落实。"),
        ("某县公安局", "2024年，某县公安局交通警察大队认真落实。"),
    ],
)
def test_the_office_itself_and_others_that_are_mentioned_are_not(name: str, text: str) -> None:
    assert not told(text, name, "overview")


def test_an_endless_text_costs_little() -> None:
    started = time.perf_counter()
    told("（请填写（待补充在此点击此处XX" * 6000, "示例县民政局", "overview")
    assert time.perf_counter() - started < 10
