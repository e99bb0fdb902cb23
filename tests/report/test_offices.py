"""Names of offices: what is certainly one office, and what is only alike."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.definition import FormError
from workbook.report.office_words import WHERE, office_name, offices, parse_offices
from workbook.report.offices import kind_by_name, may_be, parts, readings, same_office, short_forms
from workbook.resources import resource

CASES = tomllib.loads((Path(__file__).parent / "offices.toml").read_text(encoding="utf-8"))
DEFINITION = resource(WHERE).read_text(encoding="utf-8")

names = st.one_of(
    st.sampled_from(sorted({name for pair in CASES["same"] + CASES["other"] for name in pair})),
    st.text("甲乙丙市县区镇街道财政局卫健委人民政府办（） ", max_size=20),
    st.text(max_size=40),
)


@pytest.mark.parametrize(("one", "other"), CASES["same"])
def test_names_of_one_office(one: str, other: str) -> None:
    assert same_office(one, other)
    assert may_be(one, other) == 1


@pytest.mark.parametrize(("one", "other"), CASES["other"])
def test_names_that_are_not_certainly_of_one_office(one: str, other: str) -> None:
    assert not same_office(one, other)


@pytest.mark.parametrize("case", CASES["areas"], ids=lambda case: case["name"])
def test_the_areas_in_front_of_a_name(case: dict[str, object]) -> None:
    areas, rest = parts(str(case["name"]))
    assert ([*areas], rest) == (case["areas"], case["rest"])


@given(one=names, other=names)
def test_sameness_goes_both_ways_and_so_does_likeness(one: str, other: str) -> None:
    assert same_office(one, other) == same_office(other, one)
    assert may_be(one, other) == may_be(other, one)


@given(name=names)
def test_a_name_is_its_own_and_its_normal_form_is_that_of_itself(name: str) -> None:
    normal = office_name(name)
    assert office_name(normal) == normal
    assert same_office(name, name) == bool(normal)
    assert same_office(name, normal) == bool(normal)
    for full in readings(name):
        areas, rest = parts(full)
        assert "".join(areas) + rest == full


@pytest.mark.parametrize("one", sorted({name for pair in CASES["same"] for name in pair}))
def test_offices_that_both_name_other_areas_are_never_the_same(one: str) -> None:
    for other in {name for pair in CASES["same"] + CASES["other"] for name in pair}:
        own = [{areas[-1] for full in readings(name) if (areas := parts(full)[0])} for name in (one, other)]
        if all(own) and not own[0] & own[1]:
            assert not same_office(one, other)


def test_only_what_stands_behind_a_unit_in_brackets_may_be_left_out() -> None:
    assert "丙街道办事处" in short_forms("丙街道办事处（示范区管委会）", ())
    assert not same_office("丙街道办事处（示范区管委会）", "丙街道办事处")


def test_likeness_is_not_sameness() -> None:
    """The wrong pairs score above right ones: that is why likeness assigns nothing."""
    assert may_be("宿城区人民政府", "宿豫区人民政府") > 0.8
    assert may_be("江宁区财政局", "江北区财政局") > 0.8
    assert not may_be("乙区财政局", "丁县气象台")


ABOVE = ("杭州市临安区人民政府", "杭州市人民政府", "浙江省人民政府")
SHORT = {
    "临安区卫生健康局": "卫生健康局 区卫生健康局 临安区卫生健康局 临安卫生健康局 杭州市临安区卫生健康局 "
    "杭州临安卫生健康局 浙江省杭州市临安区卫生健康局 浙江省临安区卫生健康局",
    "卫健局": "卫生健康局 区卫生健康局 临安区卫生健康局 杭州市临安区卫生健康局",
    "良渚镇": "良渚镇人民政府 镇人民政府 临安区良渚镇人民政府 临安良渚镇人民政府 杭州市临安区良渚镇人民政府",
    "锦城街道办事处": "锦城街道办事处 临安区锦城街道办事处",
}
NEVER = "人民政府 办事处 市卫生健康局 杭州市卫生健康局 浙江省卫生健康局 县卫生健康局 临安区人民政府"


@pytest.mark.parametrize("name", ["教育局", "州教育局", "湘西教育局", "湘西州教育局", "湘西土家族苗族自治州教育局"])
def test_an_autonomous_area_may_be_called_without_its_peoples(name: str) -> None:
    found = short_forms(name, ("湘西土家族苗族自治州人民政府", "湖南省人民政府"))
    assert {
        "教育局",
        "州教育局",
        "湘西教育局",
        "湘西州教育局",
        "湖南省湘西州教育局",
        "湖南湘西土家族苗族自治州教育局",
    } <= found
    assert "湖南省教育局" not in found


@pytest.mark.parametrize("name", SHORT)
def test_a_unit_may_be_called_without_the_names_of_those_above_it_or_with_some(name: str) -> None:
    found = short_forms(name, ABOVE)
    assert {*SHORT[name].split()} <= found
    assert found.isdisjoint(NEVER.split())


KINDS = {
    "乙县人民政府": "government",
    "乙县政府": "government",
    "乙县": "government",
    "丙镇政府": "township",
    "丙街道": "township",
    "甲市教育局": "department",
    "甲市发改委": "department",
    "甲省教育厅": "department",
    "甲市高新区管委会": "department",
    "甲县供销社": None,
}


@pytest.mark.parametrize(("name", "kind"), KINDS.items())
def test_a_name_tells_the_kind_of_office(name: str, kind: str | None) -> None:
    assert kind_by_name(name) == kind


WRONG = {
    "an unknown key": ('governs = "管理委员会"', 'governs = "管理委员会"\ngoverned = "x"'),
    "an unknown key of a word": ('full = "教育"', 'full = "教育"\nshort = "教"'),
    "a word twice": ('full = "教育"\n', 'full = "教育"\n\n[[matters]]\nfull = "教育"\n'),
    "a form of two": ('full = "教育"\n', 'full = "教育"\nforms = ["卫健"]\n'),
    "a form that is another in full": ('full = "教育"\n', 'full = "教育"\nalso = ["财政"]\n'),
    "no list": ('forms = ["卫健", "卫生和健康"]', 'forms = "卫健"'),
    "no kind of office": ("[kinds]", '[kinds]\nschool = ["学校"]'),
    "no TOML": ("[kinds]", "[kinds"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_definition_is_refused(name: str) -> None:
    before, after = WRONG[name]
    assert before in DEFINITION
    assert parse_offices(DEFINITION, WHERE).tails == offices().tails
    with pytest.raises(FormError, match=WHERE):
        parse_offices(DEFINITION.replace(before, after, 1), WHERE)
