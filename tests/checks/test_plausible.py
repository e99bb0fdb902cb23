"""What is hard to believe: the definition is verified, names that leave a doubt are not judged, time is bounded."""

from __future__ import annotations

import re
import time
from dataclasses import replace

import pytest
from cases import sound

import workbook
from workbook.checks.plausible import CODES, parse_plausible
from workbook.definition import FormError
from workbook.resources import resource

TEXT = resource("schema/plausible.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'rows = ["documents.rules"]',
            'rows = ["documents.rule"]',
            "regulations, rows: no edition of the form has documents.rule",
        ),
        ('kinds = ["township"]', 'kinds = ["town"]', "regulations, kinds: no edition of the form has town"),
        ("'街道(?:", "'街道(:?(", "regulations, names: .* is no pattern"),
        ('column = "decisions"', 'column = "decision"', "decisions, column: no edition of the form has decision"),
        ('part = "other"', 'part = "others"', "fees_silent, part: no edition of the form has others"),
        ("other_unpaid", "other_paid", "fees_silent, cells: no edition of the form has applications.other_paid.total"),
        ('kinds = ["money"]', 'kinds = ["gold"]', "thousandfold, kinds: no edition of the form has gold"),
        ("times = 1000", "time = 1000", "thousandfold: unknown key 'time'"),
        ("from = { township", "from = { town", "beyond, from: no edition of the form has town"),
        ("[decisions]", "[decision]", "unknown key 'decision'"),
        ("least = 100", 'least = "100"', "jump: least '100' is not a whole number"),
        ('"services.licensing.decisions", "s', '"services.licence.decisions", "s', "jump, cells: no edition"),
        ("township = ['(?:乡|镇)", "town = ['(?:乡|镇)", "offices: no edition of the form has town"),
        ("'(?<!景德)镇$'", "'(?<!景德镇$'", "offices: .* is no pattern"),
        ("[decisions]", "[decisions", "plausible.toml: "),
    ],
)
def test_a_wrong_definition_stops_at_load_and_names_its_place(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(FormError, match=says):
        parse_plausible(TEXT.replace(old, new, 1), "plausible.toml")


def judged(name: str, kind: str | None) -> bool:
    """Say whether an office of that name and kind is told that it makes no rules."""
    base = sound("2021")
    report = replace(base, body=replace(base.body, name=name, kind=kind))
    return "plausible.rules" in {finding.code for finding in workbook.check(report)}


@pytest.mark.parametrize(
    "name",
    [
        "甲县人民政府",
        "甲市乙区人民政府",
        "甲市乙区人民政府办公室",
        "甲自治县人民政府",
        "甲旗人民政府",
        "甲市乙区",
        "甲县乙镇人民政府",
        "甲县乙乡 人民政府",
        "甲区乙街道办事处",
        "甲市教育局",
        "甲省教育厅",
        "甲壮族自治区发展和改革委员会",
        "甲县政务服务管理办公室",
        "国家税务总局甲市税务局",
    ],
)
def test_a_name_that_leaves_no_doubt_is_judged(name: str) -> None:
    assert judged(name, None)
    assert judged(name, "government")


@pytest.mark.parametrize(
    "name",
    [
        "甲省人民政府",
        "甲市人民政府",
        "甲市人民政府办公室",
        "甲省人民政府办公厅",
        "甲自治州人民政府",
        "甲壮族自治区人民政府",
        "甲壮族自治区",
        "甲特别行政区",
        "国家市场监督管理总局",
        "国家乡村振兴局",
        "住房和城乡建设部",
        "国家发展和改革委员会",
        "国务院西部地区开发领导小组办公室",
        "中国人民银行",
        "国家城市更新局",
        "国家区域发展委员会",
        "甲经济特区",
    ],
)
def test_a_name_that_may_make_rules_or_leaves_a_doubt_is_not_judged(name: str) -> None:
    assert not judged(name, None)
    assert not judged(name, "department")
    assert judged(name, "township")


def test_an_endless_name_costs_no_time() -> None:
    started = time.perf_counter()
    judged("省市县区" * 50_000, None)
    assert time.perf_counter() - started < 1


def test_the_hint_says_when_it_is_right() -> None:
    for entry in workbook.report.catalogue().values():
        if entry.code in CODES - {"plausible.problems"}:
            assert re.search("属正常", entry.words["zh"]["hint"]), entry.code
            assert entry.level == "warning"
