"""The sum of an office: which units enter it and how, blanks that are not 0, adjustments, the past, two editions."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from collected import CLOCK, FILE, HAND
from hypothesis import given
from hypothesis import strategies as st
from rolled import YEAR, Office, added_up, balanced, collection, entering, filled, less, parts, send
from strategies import examples

import workbook
from workbook import collect
from workbook.collect.change import changing
from workbook.collect.decisions import RefusalError
from workbook.collect.hand import Hand, moment
from workbook.collect.rollup.rollup import UnknownUnitError
from workbook.collect.rollup.scope import Part, Scope
from workbook.definition import FormError

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.collection import Collection

RECEIVED, FEE = "applications.received.natural", "fees.fee.amount"
WHY = Hand("张三", "会议定的")


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK, "2026-02-03 10:00")


def county(**more: Report | None) -> list[Office]:
    """Return a county with two departments, and a town of which a village office is part."""
    names = ["甲局", "乙局", "丙镇", "丁站"]
    sent = {name: filled(1, name) for name in names} | more
    top = Office("县政府", kind="government", report=sent.get("县政府"))
    one, two = (Office(name, "县政府", report=sent[name]) for name in names[:2])
    town = Office("丙镇", "县政府", "township", report=sent["丙镇"])
    station = Office("丁站", "丙镇", report=sent["丁站"])
    top.below, town.below = [one, two, town], [station]
    return [top, one, two, town, station]


if TYPE_CHECKING:
    from workbook.report import Report


# ---- which units enter ----------------------------------------------------------------------------------------------


def test_a_unit_enters_once_by_its_own_report_or_within_that_above(tmp_path: Path) -> None:
    units = county()
    summed = collection(tmp_path, units).rollup()
    assert parts(summed) == {
        "县政府": "office", "甲局": "counted", "乙局": "counted", "丙镇": "counted", "丁站": "covered"
    }  # fmt: skip
    three = [each.report for each in units[1:4] if each.report]
    for key, each in summed.cells.items():
        assert each.value == added_up(three, key), key
        assert (each.blanks, each.units, each.missing) == (0, 3, 0)
    assert not summed.cells[RECEIVED].is_least


def test_of_an_office_without_a_report_those_below_stand_in(tmp_path: Path) -> None:
    units = county(丙镇=None)
    summed = collection(tmp_path, units).rollup()
    assert parts(summed)["丙镇"] == "below"
    assert parts(summed)["丁站"] == "counted"
    assert summed.cells[RECEIVED].missing == 0
    assert summed.cells[RECEIVED].value == added_up([e.report for e in units if e.report], RECEIVED)


def test_who_is_missing_is_told_and_makes_the_sum_a_least(tmp_path: Path) -> None:
    found = collection(tmp_path, county(乙局=None))
    summed = found.rollup()
    assert [each.unit.id for each in summed.missing] == ["乙局"]
    assert (summed.cells[RECEIVED].missing, summed.cells[RECEIVED].units) == (1, 2)
    assert str(summed.cells[RECEIVED]).startswith("≥ ")
    with changing(found.folder, WHY) as change:
        change.waive("乙局", YEAR)
    waived = found.rollup()
    assert parts(waived)["乙局"] == "waived"
    assert not waived.cells[RECEIVED].is_least


def test_what_the_register_excludes_does_not_enter_with_all_below(tmp_path: Path) -> None:
    units = county(丙镇=None)
    units[3].counted = False
    summed = collection(tmp_path, units).rollup()
    assert {summed_part for unit, summed_part in parts(summed).items() if unit in {"丙镇", "丁站"}} == {"excluded"}
    assert summed.cells[RECEIVED].units == 2


@pytest.mark.parametrize(
    ("scope", "counted", "outside"),
    [(Scope.ALL, {"甲局", "乙局", "丙镇"}, set()), (Scope.LEVEL, {"甲局", "乙局"}, {"丙镇", "丁站"}),
     (Scope.OWN, {"县政府"}, {"甲局", "乙局", "丙镇", "丁站"})],
)  # fmt: skip
def test_the_scope_of_the_office_says_who_is_in(
    scope: Scope, counted: set[str], outside: set[str], tmp_path: Path
) -> None:
    found = collection(tmp_path, county(县政府=filled(1, "县政府")))
    for summed in (found.rollup(scope=scope), _decided(found, "县政府", scope).rollup()):
        assert summed.scope is scope
        assert {unit for unit, part in parts(summed).items() if part == "counted"} == counted
        assert {unit for unit, part in parts(summed).items() if part == "outside"} == outside


def _decided(found: Collection, unit: str, scope: Scope) -> Collection:
    with changing(found.folder, WHY) as change:
        change.scope(unit, YEAR, scope)
    return found


def test_what_the_report_of_a_lower_office_does_not_cover_enters_beside_it(tmp_path: Path) -> None:
    found = collection(tmp_path, county())
    assert parts(found.rollup())["丁站"] == "covered"
    assert parts(_decided(found, "丙镇", Scope.OWN).rollup())["丁站"] == "counted"
    assert parts(_decided(found, "丙镇", Scope.LEVEL).rollup())["丁站"] == "covered", "a department of the town"
    assert parts(found.rollup(YEAR - 1)).get("丁站") == "missing", "it was said of this year and those after"


def test_any_office_is_summed_and_all_roots_together(tmp_path: Path) -> None:
    units = [*county(), Office("邻县", kind="government", report=filled(1, "邻县"))]
    found = collection(tmp_path, units)
    everyone = found.rollup()
    assert (everyone.unit, everyone.name) == (None, "全部单位")
    assert parts(everyone)["邻县"] == "counted"
    assert parts(everyone)["县政府"] == "below"
    town = found.rollup(YEAR, "丙镇")
    assert parts(town) == {"丙镇": "office", "丁站": "counted"}
    with pytest.raises(UnknownUnitError):
        found.rollup(YEAR, "没有的局")


# ---- the sums -------------------------------------------------------------------------------------------------------


def test_blank_is_not_0(tmp_path: Path) -> None:
    units = county()
    gap: dict[str, Any] = {RECEIVED: None, "applications.received.business": None, "disputes.review.upheld": "无"}
    units[1].report = units[1].report and units[1].report.with_cells(gap)
    units[2].report = units[2].report and units[2].report.with_cells({RECEIVED: None})
    summed = collection(tmp_path, units).rollup()
    assert summed.cells[RECEIVED].blanks == 2
    assert summed.cells["applications.received.total"].blanks == 2, "units, not cells"
    assert summed.cells["applications.received.business"].blanks == 1
    assert summed.cells["disputes.review.upheld"].blanks == 1, "a text is no number"
    assert summed.cells["applications.granted.natural"].blanks == 0


def test_what_nobody_filled_in_is_blank_in_the_sum(tmp_path: Path) -> None:
    units = county()
    for unit in units:
        unit.report = unit.report and unit.report.with_cells({FEE: None})
    summed = collection(tmp_path, units).rollup()
    assert not summed.cells[FEE].is_known
    assert summed.report().cells[FEE] is None


def test_money_is_exact_and_sums_have_no_limit(tmp_path: Path) -> None:
    units = county()
    amounts = ["0.1", "0.2", "999999999.999999"]
    for unit, amount in zip(units[1:4], amounts, strict=True):
        unit.report = unit.report and unit.report.with_cells({FEE: Decimal(amount)})
    found = collection(tmp_path, units)
    with closing(sqlite3.connect(found.folder / FILE)) as db, db:  # more than a file may hold, not more than a column
        db.execute(f"UPDATE report_2021 SET [{RECEIVED}] = ?", [9 * 10**18])
    summed = found.rollup()
    assert summed.cells[FEE].value == sum(map(Decimal, amounts))
    assert summed.cells[RECEIVED].value == 27 * 10**18, "more than 64 bits"
    assert summed.report().cells[RECEIVED] == 27 * 10**18


def test_top_names_who_contributes_most(tmp_path: Path) -> None:
    units = county()
    for number, unit in enumerate(units[1:4]):
        unit.report = unit.report and unit.report.with_cells({RECEIVED: (5, 90, 0)[number]})
    summed = collection(tmp_path, units).rollup()
    assert [(unit.id, value) for unit, value in summed.top(RECEIVED, 5)] == [("乙局", 90), ("甲局", 5)]
    assert [unit.id for unit, _ in summed.top(RECEIVED, 1)] == ["乙局"]
    assert len(summed.top("applications.received.total", 9)) == 3
    with pytest.raises(KeyError):
        summed.top("no.such.cell")


def test_a_series_is_of_the_own_report_else_of_the_sum(tmp_path: Path) -> None:
    last = filled(2, "甲局", year=YEAR - 1)
    units = county()
    found = collection(tmp_path, units, last)
    own = units[1].report
    assert own
    years = [YEAR - 2, YEAR - 1, YEAR]
    assert found.series("甲局", RECEIVED, years) == {
        YEAR - 2: None, YEAR - 1: last.cells[RECEIVED], YEAR: own.cells[RECEIVED]
    }  # fmt: skip
    whole = found.rollup().cells[RECEIVED].value
    assert found.series("县政府", RECEIVED, [YEAR])[YEAR] == whole


def test_a_report_of_another_edition_adds_what_both_have(tmp_path: Path) -> None:
    units = county()
    units[3].report = old = filled(1, "丙镇", "2019")
    summed = collection(tmp_path, units).rollup()
    new = [each.report for each in units[1:3] if each.report]
    cells = summed.cells
    assert cells[RECEIVED].value == added_up([*new, old], RECEIVED)
    assert cells[RECEIVED].blanks == 0
    rest = "applications.other_rest.natural"
    assert cells[rest].value == added_up(new, rest) + (old.cells["applications.other.natural"] or 0)  # type: ignore[operator]
    assert cells["applications.other_unpaid.natural"].blanks == 1
    assert cells["applications.concluded.natural"].value == added_up([*new, old], "applications.concluded.natural")
    assert (cells[FEE].blanks, cells["documents.normative.made"].blanks) == (1, 1), "its form has none of it"
    assert not [f for f in workbook.check(summed.report()) if f.level == "error"]
    assert any("2019" in line for line in _told(summed))


def test_a_year_of_the_old_form_takes_reports_on_the_new_one(tmp_path: Path) -> None:
    units = [Office("县政府", kind="government"), Office("甲局", "县政府"), Office("乙局", "县政府")]
    reports = [filled(1, "甲局", "2019", 2020), filled(1, "乙局", "2021", 2020)]
    summed = collection(tmp_path, units, *reports).rollup(2020)
    assert summed.form.edition == "2019"
    three = ["other_uncorrected", "other_unpaid", "other_rest"]
    other = sum(reports[1].cells[f"applications.{row}.natural"] or 0 for row in three)  # type: ignore[misc]
    assert summed.cells["applications.other.natural"].value == reports[0].cells["applications.other.natural"] + other  # type: ignore[operator]
    assert not summed.rules.adds("services.licensing.items_last_year")
    assert not summed.rules.adds("procurement.central.amount")


def _told(summed: Any) -> list[str]:
    from workbook.collect.rollup.words import about

    return list(about(summed, "zh"))


# ---- adjustments and the past ---------------------------------------------------------------------------------------


def test_an_adjustment_is_added_told_and_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = collection(tmp_path, county(丙镇=None))
    before = found.rollup()
    made, fee = "documents.normative.made", Decimal("-0.5")
    monkeypatch.setenv(CLOCK, "2026-02-04 10:00")
    with changing(found.folder, Hand("张三", "联合发文")) as change:
        number = change.adjust("县政府", YEAR, made, -1)
        change.adjust("丙镇", YEAR, FEE, fee)
        change.adjust("甲局", YEAR, RECEIVED, 7)
    after = found.rollup()
    assert after.cells[made].value == before.cells[made].value - 1
    assert after.cells[FEE].value == before.cells[FEE].value + fee, "of the town whose sum stands in"
    assert after.cells[RECEIVED].value == before.cells[RECEIVED].value, "of an office that is not summed"
    assert sum("联合发文" in line and "张三" in line for line in _told(after)) == 2
    with changing(found.folder, Hand("李四", "算过了")) as change:
        change.take_back(number)
        with pytest.raises(RefusalError):
            change.take_back(number)
    assert found.rollup().cells[made].value == before.cells[made].value
    then = found.rollup(at=moment("2026-02-03 12:00"))
    assert {key: each.value for key, each in then.cells.items()} == {k: e.value for k, e in before.cells.items()}


@pytest.mark.parametrize(
    ("cell", "amount", "why"),
    [("no.such.cell", 1, "no_cell"), ("applications.received.total", 1, "calculated"), (RECEIVED, 0, "no_amount"),
     (RECEIVED, Decimal("0.5"), "no_amount"), (FEE, Decimal("0.0000001"), "no_amount")],
)  # fmt: skip
def test_an_adjustment_that_says_nothing_is_refused(cell: str, amount: Any, why: str, tmp_path: Path) -> None:
    found = collection(tmp_path, [Office("县政府", kind="government")])
    with changing(found.folder, WHY) as change, pytest.raises(RefusalError) as refused:
        change.adjust("县政府", YEAR, cell, amount)
    assert refused.value.why == why
    with changing(found.folder, HAND) as change, pytest.raises(RefusalError):
        change.adjust("县政府", YEAR, RECEIVED, 1)


def test_an_earlier_moment_has_the_sum_of_then(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    units = county()
    found = collection(tmp_path, units)
    then, data = moment("2026-02-03 12:00"), found.rollup(at=moment("2026-02-03 12:00")).to_dict()
    monkeypatch.setenv(CLOCK, "2026-02-05 10:00")
    corrected = units[1].report and balanced(units[1].report.with_cells({RECEIVED: 4_321}))
    assert corrected
    send(found.folder, tmp_path / "改.jsonl", corrected)
    _decided(found, "县政府", Scope.LEVEL)
    assert found.rollup().to_dict() != data
    assert found.rollup(at=then).to_dict() == data


def test_what_was_decided_follows_a_unit_to_its_new_key_and_into_next_year(tmp_path: Path) -> None:
    found = collection(tmp_path, county())
    _decided(found, "丙镇", Scope.OWN)
    register = tmp_path / "名册.csv"
    text = register.read_text(encoding="utf-8-sig").replace("丙镇,丙镇,", "T-1,丙镇,")
    register.write_text(text, encoding="utf-8-sig")
    with changing(found.folder, HAND) as change:
        change.register(register)
    assert parts(found.rollup())["丁站"] == "counted"
    collect.make_from(found.folder, tmp_path / "明年", YEAR + 1, HAND, "zh")
    other = collect.Collection.find(tmp_path / "明年")
    assert other.rollup(YEAR).members[3].part is Part.COUNTED
    assert parts(other.rollup(YEAR))["丁站"] != "covered"
    other.close()


# ---- as a whole -----------------------------------------------------------------------------------------------------


@st.composite
def registers(draw: st.DrawFn) -> list[Office]:
    """Draw a register: a tree of a few units of all kinds, of which some report, some are not counted."""
    top = Office("县政府", kind="government")
    offices = [top]
    for number in range(draw(st.integers(1, 9))):
        above = draw(st.sampled_from(offices))
        kind = draw(st.sampled_from(["department", "township", "government"]))
        counts, sends = draw(st.integers(0, 9)) > 0, draw(st.integers(0, 3)) > 0
        name = f"第{number + 1}局"
        report = filled(draw(st.integers(0, 10**6)), name, rich=draw(st.sampled_from([3, 40]))) if sends else None
        each = Office(name, above.id, kind, counts, report, draw(st.sampled_from(["all", "all", "level", "own"])))
        above.below.append(each)
        offices.append(each)
    return offices


@examples(12)
@given(offices=registers())
def test_it_is_the_sum_that_a_person_makes(offices: list[Office], tmp_path_factory: pytest.TempPathFactory) -> None:
    found = collection(tmp_path_factory.mktemp("r"), offices)
    try:
        with changing(found.folder, WHY) as change:
            for each in offices:
                if each.scope != "all":
                    change.scope(each.id, YEAR, Scope.of(each.scope))
        summed = found.rollup(scope=Scope.ALL)
        by_hand = [report for each in offices[0].below for report in entering(each)]
        assert len(summed.counted) == len(by_hand)
        for key, each in summed.cells.items():
            assert each.value == added_up(by_hand, key), key
        assert by_hand == [] or not [f for f in workbook.check(summed.report()) if f.level == "error"]
    finally:
        found.close()


def test_a_report_that_differs_is_explained(tmp_path: Path) -> None:
    units = [Office("县政府", kind="government"), *(Office(f"第{n}局", "县政府", report=filled(n, f"第{n}局")) for n in range(1, 13))]  # fmt: skip
    found = collection(tmp_path, units)
    summed = found.rollup()
    right = summed.report()
    assert summed.compare(right).differences == ()
    gone = units[5].report
    assert gone
    beside = summed.compare(less(right, gone))
    assert {each.cell for each in beside.differences} == {key for key, value in gone.cells.items() if value}
    (move,) = beside.explanation.moves
    assert (move.kind, move.units) == ("omitted", ("第5局",))
    twice = summed.explain(less(right, gone, 1))
    assert [(each.kind, each.units) for each in twice.moves] == [("doubled", ("第5局",))]


def test_an_older_version_and_last_years_report_are_known_to_the_explanation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    units = [Office("县政府", kind="government"), *(Office(f"第{n}局", "县政府", report=filled(n, f"第{n}局")) for n in range(1, 13))]  # fmt: skip
    last = filled(77, "第3局", year=YEAR - 1)
    found = collection(tmp_path, units, last)
    monkeypatch.setenv(CLOCK, "2026-02-05 10:00")
    old, new = units[4].report, filled(99, "第4局")
    assert old
    send(found.folder, tmp_path / "改.jsonl", new)
    summed = found.rollup()
    right = summed.report()
    stale = less(less(right, new), old, 1)
    (move,) = summed.explain(stale).moves
    assert (move.kind, move.units) == ("older", ("第4局",))
    assert "第1版" in move.detail
    own = units[3].report
    assert own
    (move,) = summed.explain(less(less(right, own), last, 1)).moves
    assert (move.kind, move.units) == ("last_year", ("第3局",))


def test_cells_that_do_not_add_up_are_no_difference_to_answer_for(tmp_path: Path) -> None:
    units = [Office("县政府", kind="government"), Office("甲局", "县政府")]
    summed = collection(tmp_path, units, filled(1, "甲局", "2019", 2020)).rollup(2020)
    right = summed.report()
    aside = summed.compare(right.with_cells({"services.licensing.items_last_year": 1_234}))
    assert (aside.own, [each.cell for each in aside.aside]) == ((), ["services.licensing.items_last_year"])
    assert not aside.explanation.residual
    joint = summed.compare(right.with_cells({"documents.normative.made": 1_234}))
    assert [each.cell for each in joint.own] == ["documents.normative.made"]


# ---- the definition -------------------------------------------------------------------------------------------------

GOOD = """edition = "2021"
[[apart]]
cells = ["documents"]
adds = true
note = "甲"
note_en = "a"
[[editions]]
edition = "2019"
cells = ["applications", "disputes"]
rows = [{ from = "applications.other", to = "applications.other_rest" }]
note = "乙"
note_en = "b"
"""


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ('"2021"', '"2019"', "stands in the folder"),
        ("adds = true", "adds = 1", "true or false"),
        ("adds = true", "add = true", "unknown key"),
        ('["documents"]', '["papers"]', "no cell 'papers'"),
        ('note = "甲"', "", "'note' is missing"),
        ('edition = "2019"', 'edition = "2021"', "no other edition"),
        ('edition = "2019"', 'edition = "1999"', "no other edition"),
        ("other_rest", "other_none", "goes to"),
        ('from = "applications.other"', 'from = "applications.others"', "no row"),
        ('"disputes"]', '"disputes", "procurement"]', "goes to"),
        ("[[editions]]", '[[apart]]\ncells = ["documents.*.made"]\nadds = true\nnote = "c"\nnote_en = "c"\n[[editions]]', "two of apart"),
        ("edition =", "edition ==", "rollup.toml"),
    ],
)  # fmt: skip
def test_a_wrong_definition_is_refused(was: str, now: str, says: str) -> None:
    from workbook.collect.rollup.additive import parse_additive

    assert parse_additive(GOOD, "rollup.toml", "2021").others[0].cells["applications.other.natural"] == (
        "applications.other_rest.natural"
    )
    with pytest.raises(FormError, match=says):
        parse_additive(GOOD.replace(was, now, 1), "rollup.toml", "2021")


def test_the_report_of_a_year_before_any_register_has_no_units(tmp_path: Path) -> None:
    found = collection(tmp_path, county())
    empty = found.rollup(at=moment("2020-01-01"))
    assert (empty.members, empty.unit) == ((), None)
    assert replace(empty.cells[RECEIVED], value=0).units == 0
