"""Whose a report is: what is certain assigns, all else suggests."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from workbook.collect.assign import Match, Matcher
from workbook.collect.register import Register, Unit
from workbook.report import Body


def code(number: int) -> str:
    """Return a unified social credit code."""
    start = f"11330112{number:09}"
    return str(start + uscc.calc_check_digit(start))


CITY = Register.of([
    Unit("市", "杭州市人民政府"),
    Unit("市财", "杭州市财政局", parent="市", credit_code=code(1)),
    Unit("市卫", "杭州市卫生健康委员会", parent="市", credit_code=code(2), aliases=("杭卫", "爱卫办")),
    Unit("临", "杭州市临安区人民政府", parent="市", credit_code=code(3)),
    Unit("临财", "临安区财政局", parent="临", credit_code=code(4)),
    Unit("临卫", "卫生健康局", parent="临"),
    Unit("临房", "临安区房产管理局", parent="临", aliases=("爱卫办",)),
    Unit("余", "余杭区人民政府", parent="市"),
    Unit("余财", "财政局", parent="余"),
    Unit("余镇", "良渚镇人民政府", parent="余"),
    Unit("余旧", "余杭区旅游局", parent="余", spells=((None, 2020),), successor="余文"),
    Unit("余文", "余杭区文化广电旅游局", parent="余", aliases=("余杭区旅游局办公室",)),
    Unit("城", "宿城区人民政府", parent="市"),
    Unit("教", "余杭区教育局", parent="余", spells=((None, 2022), (2023, None)), names=("余杭教育委员会", "教育局")),
    Unit("双1", "市场所", parent="余", credit_code=code(9)),
    Unit("双2", "质监所", parent="余", credit_code=code(9)),
])  # fmt: skip
KNOWN = {"临安卫生": "临卫", "旧名": "没有", code(77): "城"}

ASSIGNED: dict[str, tuple[Body, str, str]] = {
    "by its code": (Body("随便", code(4)), "临财", "credit_code"),
    "by its code in small letters": (Body(None, code(2).lower()), "市卫", "credit_code"),
    "by its name": (Body("杭州市财政局"), "市财", "name"),
    "by its name in other letters": (Body(" 杭州市　财政局"), "市财", "name"),
    "by an alias": (Body("杭卫"), "市卫", "alias"),
    "by an earlier name": (Body("余杭教育委员会"), "教", "name"),
    "by what was remembered": (Body("临安卫生"), "临卫", "remembered"),
    "by a code that was remembered": (Body("宿城", code(77)), "城", "remembered"),
    "for short": (Body("杭州市卫健委"), "市卫", "short_name"),
    "for short, its level alone": (Body("市卫健委"), "市卫", "short_name"),
    "with the unit above in front": (Body("余杭区财政局"), "余财", "short_name"),
    "with all above in front": (Body("杭州市余杭区财政局"), "余财", "short_name"),
    "with a wider area in front": (Body("浙江省杭州市临安区财政局"), "临财", "short_name"),
    "without the sign of a level": (Body("余杭财政局"), "余财", "short_name"),
    "a short name of several, of which one is there": (Body("临安区房管局"), "临房", "short_name"),
    "a government for short": (Body("临安区政府"), "临", "short_name"),
    "a government without its city": (Body("临安区人民政府"), "临", "short_name"),
    "a town": (Body("余杭区良渚镇"), "余镇", "short_name"),
    "a wrong code beside its name": (Body("临安区财政局", "1234"), "临财", "name"),
    "a code of two, its name": (Body("市场所", code(9)), "双1", "name"),
    "a strange code beside the name of one without a code": (Body("余杭区财政局", code(50)), "余财", "short_name"),
}


@pytest.mark.parametrize("case", ASSIGNED)
def test_what_is_certain_assigns(case: str) -> None:
    body, unit, how = ASSIGNED[case]
    assert Matcher(CITY, KNOWN).match(body, 2025) == Match(unit, how)  # type: ignore[arg-type]


COUNTY = Register.of([
    Unit("1", "江宁区人民政府"),
    Unit("2", "区政府办公室", parent="1"),
    Unit("3", "区发改委", parent="1"),
    Unit("4", "区教育局", parent="1"),
    Unit("5", "东山街道", parent="1"),
    Unit("6", "江宁经济技术开发区管委会", parent="1"),
    Unit("7", "高新区", parent="1"),
    Unit("8", "南京市公安局江宁分局", parent="1"),
    Unit("9", "江宁生态环境局", parent="1"),
    Unit("10", "横溪街道办事处（示范区管委会）", parent="1"),
    Unit("11", "江宁区税务局", parent="1"),
])  # fmt: skip
"""A county as its office writes it: for short, without the city around it."""

COUNTY_NAMES = {
    "2": "区政府办公室 江宁区政府办 南京市江宁区人民政府办公室 江苏省南京市江宁区人民政府办公室",
    "3": "江宁区发展和改革委员会 南京市江宁区发改委",
    "4": "教育局 区教育局 江宁教育局 江宁区教育局 南京市江宁区教育局 南京市江宁教育局",
    "5": "东山街道办 东山街道办事处 江宁区人民政府东山街道办事处 南京市江宁区人民政府东山街道办事处",
    "6": "江宁经开区管委会 江宁区经济技术开发区管理委员会",
    "7": "江宁高新区管委会 江宁高新技术产业开发区管理委员会 高新区管委会",
    "8": "市公安局江宁分局 南京市公安局江宁分局",
    "9": "江宁生态环境局 南京市江宁生态环境局 江宁区生态环境局",
    "10": "横溪街道办事处 江宁区横溪街道",
    "11": "国家税务总局南京市江宁区税务局 国家税务总局江宁区税务局",
}
NOT_THERE = (
    "南京市教育局 市教育局 雨花台区教育局 南京市雨花台区教育局 江宁开发区 南京市公安局 江苏省生态环境局 南京市人民政府 "
    "横溪镇 江宁县教育局"
)


@pytest.mark.parametrize("unit", COUNTY_NAMES)
def test_a_unit_written_for_short_is_found_by_its_full_name(unit: str) -> None:
    matcher = Matcher(COUNTY)
    assert {name: matcher.match(Body(name), 2025).unit for name in COUNTY_NAMES[unit].split()} == dict.fromkeys(
        COUNTY_NAMES[unit].split(), unit
    )


@pytest.mark.parametrize("name", NOT_THERE.split())
def test_an_office_of_another_area_is_never_taken_for_one(name: str) -> None:
    assert Matcher(COUNTY).match(Body(name), 2025).unit is None


OPEN: dict[str, tuple[Body, list[str]]] = {
    "two are called so": (Body("财政局"), ["市财", "临财", "余财"]),
    "another district": (Body("宿豫区人民政府"), ["城"]),
    "a district of another city": (Body("南京市余杭区财政局"), ["余财"]),
    "an alias of two": (Body("爱卫办"), ["市卫", "临房"]),
    "the level of another": (Body("县卫健局"), ["临卫"]),
    "nobody": (Body("中国石油"), []),
    "no name": (Body(), []),
    "a name of marks": (Body("“”（"), []),
    "a code of two": (Body("所", code(9)), ["双1", "双2"]),
    "one that is not on the list": (Body("富阳区财政局"), ["余财"]),
    "a very long name": (Body("长" * 30_000), []),
}


@pytest.mark.parametrize("case", OPEN)
def test_what_is_not_certain_suggests(case: str) -> None:
    body, likely = OPEN[case]
    found = Matcher(CITY, KNOWN).match(body, 2025)
    assert (found.unit, found.how, found.conflict) == (None, None, None)
    assert {*likely} <= {item.unit for item in found.suggestions}
    assert len(found.suggestions) <= 5
    assert bool(found.suggestions) == bool(likely)


CONFLICTS: dict[str, tuple[Body, list[str], str]] = {
    "code and name": (Body("杭州市财政局", code(4)), ["临财", "市财"], "“临安区财政局”的，名称“杭州市财政局”却是"),
    "another code": (Body("临安区财政局", code(60)), ["临财"], "不同"),
    "closed": (Body("余杭区旅游局"), ["余文", "余旧"], "不报 2025 年度的报告，由“余杭区文化广电旅游局”承接"),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS)
def test_evidence_that_cannot_be_followed_is_told(case: str) -> None:
    body, likely, said = CONFLICTS[case]
    found = Matcher(CITY, KNOWN).match(body, 2025)
    assert found.unit is None
    assert [item.unit for item in found.suggestions][: len(likely)] == likely
    assert found.conflict
    assert said in found.conflict


def test_a_closed_unit_reports_for_the_years_in_which_it_was_open() -> None:
    assert Matcher(CITY).match(Body("余杭区旅游局"), 2020) == Match("余旧", "name")
    assert Matcher(CITY).match(Body("余杭区旅游局"), None) == Match("余旧", "name")


def test_of_two_of_one_name_the_one_that_reports_is_taken() -> None:
    old = Unit("旧", "甲县财政局", spells=((None, 2020),))
    register = Register.of([old, Unit("新", "甲县财政局", spells=((2021, None),))])
    assert [Matcher(register).match(Body("甲县财政局"), year).unit for year in (2020, 2021)] == ["旧", "新"]


def test_a_name_that_another_may_be_called_by_too_is_not_taken_for_its_own() -> None:
    units = [Unit(county, f"{county}人民政府") for county in ("甲县", "乙县")]
    units += [Unit("甲城", "城关镇人民政府", parent="甲县"), Unit("乙城", "乙县城关镇人民政府", parent="乙县")]
    matcher = Matcher(Register.of(units))
    found = {
        name: matcher.match(Body(name), 2025).unit
        for name in ("城关镇", "城关镇人民政府", "乙县城关镇", "甲县城关镇政府")
    }
    assert found == {"城关镇": None, "城关镇人民政府": None, "乙县城关镇": "乙城", "甲县城关镇政府": "甲城"}


@st.composite
def trees(draw: st.DrawFn) -> Register:
    """Return a city of districts with departments and towns, some written with the areas in front and some without."""
    districts = draw(st.lists(st.sampled_from([*"东西南北高安宁"]), min_size=1, max_size=4, unique=True))
    offices = draw(st.lists(st.sampled_from(["财政局", "教育局", "卫生健康局", "司法局"]), min_size=1, unique=True))
    units = [Unit("市", "云州市人民政府", credit_code=code(0))]
    for district in districts:
        area = f"{district}山区"
        units.append(Unit(area, f"{area}人民政府", parent="市", credit_code=code(len(units))))
        for office in offices:
            before = draw(st.sampled_from(["", area, f"云州市{area}"]))
            units.append(Unit(f"{area}{office}", f"{before}{office}", parent=area, credit_code=code(len(units))))
    return Register.of(units)


@given(register=trees())
def test_every_unit_is_found_by_its_code_its_name_and_its_name_with_those_above(register: Register) -> None:
    matcher = Matcher(register)
    for unit in register.units:
        assert matcher.match(Body("别的名称", unit.credit_code), 2025) == Match(unit.id, "credit_code")
        full = {"市": "云州市人民政府"}.get(unit.id, unit.id + ("人民政府" if unit.id.endswith("区") else ""))
        for before in ("", "云州市", "江南省云州市", "云州"):
            name = full if unit.id == "市" else before + full
            assert matcher.match(Body(name), 2025).unit == unit.id, name
        found = matcher.match(Body(unit.name), 2025)
        assert found.unit in {unit.id, None}
        assert found.unit or "区" not in unit.name


@given(
    register=trees(),
    name=st.text("云州市东西南北高安宁山区财政教育司法局人民政府卫健委县", max_size=14),
    data=st.data(),
)
def test_what_is_assigned_by_name_could_be_no_other_unit(register: Register, name: str, data: st.DataObject) -> None:
    found = Matcher(register).match(Body(name), 2025)
    assert len({item.unit for item in found.suggestions}) == len(found.suggestions) <= 5
    assert all(0 < item.score <= 1 for item in found.suggestions)
    if found.unit:
        less = Register.of(
            replace(unit, name="无" if unit.id == found.unit else unit.name, credit_code=None)
            for unit in register.units
        )
        assert Matcher(less).match(Body(name), 2025).unit in {None, found.unit}
        other = data.draw(st.sampled_from(register.units))
        if other.id != found.unit:
            assert Matcher(register).match(Body(name, other.credit_code), 2025).unit is None


def test_twenty_thousand_units_are_matched_in_a_moment() -> None:
    units = [Unit("省", "江南省人民政府")]
    for city in range(20):
        units.append(Unit(f"市{city}", f"第{city}市人民政府", parent="省"))
        for county in range(10):
            above = f"市{city}县{county}"
            units.append(Unit(above, f"第{city}市{county}号县人民政府", parent=f"市{city}"))
            units += [Unit(f"{above}局{at}", f"{at}号事务局", parent=above) for at in range(100)]
    register = Register.of(units)
    began = time.monotonic()
    matcher = Matcher(register)
    assert matcher.match(Body("第3市7号县42号事务局"), 2025).unit == "市3县7局42"
    ready = time.monotonic()
    for at in range(100):
        assert matcher.match(Body(f"第3市7号县{at}号事务局"), 2025).unit == f"市3县7局{at}"
        assert matcher.match(Body(f"{at}号事务局"), 2025).unit is None
    assert ready - began < 30
    assert time.monotonic() - ready < 20
