"""The register: its tree, its years, its dates; and what a changed one changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook.collect.register import Due, Register, Unit
from workbook.collect.register_changes import changes, same_units

COUNTY = Unit("甲", "甲县人民政府", kind="government")
FINANCE = Unit("财", "甲县财政局", parent="甲", kind="department")
TOWN = Unit("丙", "丙镇人民政府", parent="甲", kind="township")
CITY = Register.of([FINANCE, TOWN, COUNTY])


def of(*units: Unit) -> Register:
    return Register.of([COUNTY, FINANCE, TOWN, *units])


def with_(unit: Unit, **change: object) -> Register:
    return Register.of([replace(each, **change) if each is unit else each for each in (COUNTY, FINANCE, TOWN)])  # type: ignore[arg-type]


def test_parents_stand_before_their_children() -> None:
    assert [unit.id for unit in CITY.units] == ["甲", "财", "丙"]
    assert [unit.id for unit in CITY.children("甲")] == ["财", "丙"]
    assert [unit.id for unit in CITY.roots()] == ["甲"]
    assert [unit.id for unit in CITY.ancestors("丙")] == ["甲"]
    assert "财" in CITY
    assert "无" not in CITY
    assert len(CITY) == 3


WRONG = {
    "two of one id": (COUNTY, COUNTY),
    "a parent that is not there": (replace(COUNTY, parent="无"),),
    "a successor that is not there": (replace(COUNTY, successor="无"),),
    "a circle": (replace(COUNTY, parent="财"), FINANCE),
    "its own parent": (replace(COUNTY, parent="甲"),),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_tree_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="unit"):
        Register.of(WRONG[name])


@given(parents=st.lists(st.integers(0, 100), min_size=1, max_size=60), data=st.data())
def test_any_tree_in_any_order_stands_in_tree_order(parents: list[int], data: st.DataObject) -> None:
    units = [Unit("0", "单位0")]
    units += [Unit(str(at), f"单位{at}", parent=str(parent % at)) for at, parent in enumerate(parents, 1)]
    register = Register.of(data.draw(st.permutations(units)))
    seen: set[str | None] = {None}
    for unit in register.units:
        assert unit.parent in seen
        seen.add(unit.id)
    assert {*register.units} == {*units}
    for unit in units:
        above = [each.id for each in register.ancestors(unit.id)]
        assert (above[0] if above else None) == unit.parent
        assert unit.id not in above
    assert Register.from_json(register.to_json()) == register


SPELLS = (((None, None), {2018, 2020, 2023, 2025}), ((None, 2020), {2018, 2020}), ((2020, None), {2020, 2023, 2025}))


@pytest.mark.parametrize(("spell", "years"), SPELLS)
def test_a_unit_is_expected_in_its_years_and_in_no_other(spell: tuple[int | None, int | None], years: set[int]) -> None:
    register = with_(TOWN, spells=(spell,))
    assert {year for year in (2018, 2020, 2023, 2025) if register.unit("丙") in register.expected(year)} == years
    assert {year for year in (2018, 2020, 2023, 2025) if register.due("丙", year)} == years


OWN, ABOVE = Due(1, 20), Due(1, 15)
DATES = {
    "a department": (CITY, "财", "2026-01-31", "law"),
    "a government": (CITY, "甲", "2026-03-31", "law"),
    "a town": (CITY, "丙", "2026-01-31", "law"),
    "its own": (with_(FINANCE, due=OWN), "财", "2026-01-20", "own"),
    "its own, later than the law's": (with_(FINANCE, due=Due(2, 10)), "财", "2026-02-10", "own"),
    "its own of one year": (with_(FINANCE, due=Due(1, 22, 2026)), "财", "2026-01-22", "own"),
    "its own of another year": (with_(FINANCE, due=Due(1, 22, 2025)), "财", "2026-01-22", "own"),
    "from above": (with_(COUNTY, due=ABOVE), "财", "2026-01-15", "inherited"),
    "from above, not what is a government's": (with_(COUNTY, due=Due(3, 31)), "财", "2026-01-31", "law"),
    "from above, of the same kind": (
        Register.of([COUNTY, replace(FINANCE, due=Due(2, 10)), Unit("乙", "乙所", parent="财", kind="department")]),
        "乙", "2026-02-10", "inherited",
    ),
    "from the nearest above": (
        Register.of([replace(COUNTY, due=ABOVE), replace(FINANCE, due=OWN), Unit("乙", "乙所", parent="财")]),
        "乙", "2026-01-20", "inherited",
    ),
    "a government by its name": (with_(COUNTY, kind=None), "甲", "2026-03-31", "law"),
    "what is no office by its name": (with_(FINANCE, kind=None, name="甲县供销社"), "财", "2026-01-31", "law"),
}  # fmt: skip


@pytest.mark.parametrize("name", DATES)
def test_a_report_is_due_by_its_own_date_or_that_above_or_the_law_s(name: str) -> None:
    register, unit, date, by = DATES[name]
    deadline = register.deadline(unit, 2025)
    assert (deadline.date.isoformat(), deadline.by) == (date, by)
    assert register.due(unit, 2025) == deadline.date
    assert ("第四十九条" in deadline.why) == (by == "law")


@given(year=st.integers(2000, 2098))
def test_the_last_of_february_is_always_there(year: int) -> None:
    day = Due(2, 29).on(year)
    assert day.month == 2
    assert day + dt.timedelta(days=1) == dt.date(year + 1, 3, 1)


CHANGES = {
    "added": (of(Unit("教", "甲县教育局", parent="甲")), "教", "新增“甲县教育局”，上级是“甲县人民政府”。"),
    "gone": (Register.of([COUNTY, FINANCE]), "丙", "“丙镇人民政府”从名册里去掉了"),
    "renamed": (with_(TOWN, name="丁镇人民政府"), "丙", "“丙镇人民政府”改名为“丁镇人民政府”。"),
    "parent": (with_(TOWN, parent="财"), "丙", "的上级由“甲县人民政府”改为“甲县财政局”。"),
    "spells": (with_(TOWN, spells=((None, 2024),)), "丙", "的起止年度由一直要报改为2024 年度为止。"),
    "successor": (with_(TOWN, successor="财"), "丙", "的承接单位新填为“甲县财政局”。"),
    "due": (with_(TOWN, due=Due(1, 20)), "丙", "的报送期限新填为1月20日。"),
    "credit_code": (with_(TOWN, credit_code="113301120025000007"), "丙", "信用代码新填为113301120025000007。"),
    "division_code": (with_(TOWN, division_code="330112"), "丙", "的行政区划代码新填为330112。"),
    "kind": (with_(TOWN, kind="other"), "丙", "的类型由乡镇或街道改为其他机关。"),
    "counted": (with_(TOWN, counted=False), "丙", "的计入汇总由是改为否。"),
    "aliases": (with_(TOWN, aliases=("丙镇",)), "丙", "的别名新填为丙镇。"),
    "contact": (with_(TOWN, contact="张三"), "丙", "的联系人新填为张三。"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_told_once_in_a_sentence(what: str) -> None:
    new, unit, said = CHANGES[what]
    (change,) = changes(CITY, new)
    assert (change.what, change.unit) == (what, unit)
    assert said in change.text
    assert not changes(new, new)
    (back,) = changes(new, CITY)
    assert (back.old, back.new) == (change.new, change.old)


def test_a_renamed_parent_is_no_change_of_its_children() -> None:
    assert [change.what for change in changes(CITY, with_(COUNTY, name="甲市人民政府"))] == ["renamed"]


def test_units_are_followed_when_their_ids_are_filled_in_later() -> None:
    named = Register.of([
        Unit("甲县人民政府", "甲县人民政府"),
        Unit("财政局", "财政局", parent="甲县人民政府"),
        Unit("X", "教育局", parent="甲县人民政府", credit_code="113301120025000007"),
    ])  # fmt: skip
    numbered = Register.of([
        Unit("1", "甲县人民政府"),
        Unit("11330112002500001A", "财政局", parent="1", credit_code="11330112002500001A"),
        Unit("Y", "教育体育局", parent="1", credit_code="113301120025000007"),
    ])  # fmt: skip
    assert same_units(named, numbered) == {"甲县人民政府": "1", "财政局": "11330112002500001A", "X": "Y"}
    told = changes(named, numbered)
    assert [change.what for change in told] == ["id", "id", "credit_code", "id", "renamed"]
    other = Register.of([replace(numbered.units[0]), replace(numbered.units[1], id="Z", name="审计局")])
    assert same_units(named, other) == {"甲县人民政府": "1"}
