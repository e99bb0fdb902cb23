"""What a collection stands like: counts, what a person sees first, and the same in every format."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from city import AT, YEAR, City, city, hostile, ids
from hypothesis import given
from hypothesis import strategies as st

from workbook.collect.register import Due, Register, Unit
from workbook.collect.standing import Dates, State, Version
from workbook.collect.views import VIEWS, render
from workbook.collect.views.status import SECTIONS, UNIT_COLUMNS, looked_at, matter_rows, overview, unit_row
from workbook.collect.views.tree import Counts, grow
from workbook.intake.results import is_result
from workbook.output.csv_table import without_formula
from workbook.output.wrap import width
from workbook.printable import printable
from workbook.report import Body

if TYPE_CHECKING:
    from workbook.collect.views.status import Overview
    from workbook.report import Lang


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> City:
    """A city of about 300 units."""
    return city(tmp_path_factory.mktemp("city"))


@pytest.fixture(scope="module")
def seen(made: City) -> Overview:
    """What it stands like."""
    return overview(made, YEAR, AT)


def few(folder: Path, *chains: tuple[str, Version | None]) -> City:
    """Return a county of units that are due on 31 January, each with a version or without."""
    units = [Unit("u", "甲县人民政府", due=Due(1, 31)), *(Unit(name, f"甲县{name}", parent="u") for name, _ in chains)]
    made = City(folder, Register.of(units))
    made.chains = {name: (version,) for name, version in chains if version}
    return made


def version(day: int = 20, errors: int = 0, **more: Any) -> Version:
    """Return a version that came on that day of January."""
    came = dt.datetime(2026, 1, day, 8, tzinfo=AT.tzinfo)
    return replace(Version(day, 1, "年报.xlsx", "0" * 64, came, "2021", errors, 0), **more)


# ---- what is counted ------------------------------------------------------------------------------------------------


def test_the_city_has_every_standing_and_every_unit_is_counted_once(made: City, seen: Overview) -> None:
    assert set(seen.counts.states) == set(State)
    assert seen.counts.states.total() == len(made.known.expected(YEAR)) == len(seen.standings)
    below = Counts()
    for root in seen.tree.roots:
        below.include(root.below)
        if root.standing:
            below.add(root.standing)
    assert below == seen.counts
    assert seen.counts.came + seen.counts.absent + seen.counts.states[State.WAIVED] == len(seen.standings)


def test_counts_below_an_office_are_those_of_its_units_without_its_own(made: City, seen: Overview) -> None:
    node = seen.tree.nodes["c003"]
    inside = [each for each in seen.standings if each.unit.parent == "c003"]
    assert node.below.states.total() == node.size == len(inside)
    for state in State:
        assert node.below.states[state] == sum(each.state is state for each in inside)
    assert [each.id for each in made.known.children("c003")] == [child.unit.id for child in node.children]
    assert [above.unit.id for above in seen.tree.above(inside[0].unit)] == ["c003", "330000"]


def test_an_office_above_that_is_not_expected_stands_in_the_tree_without_a_standing(tmp_path: Path) -> None:
    units = [Unit("top", "并入的市", spells=((None, 2020),)), Unit("low", "乙局", parent="top")]
    made = City(tmp_path, Register.of(units))
    seen = overview(made, YEAR, AT)
    (root,) = seen.tree.roots
    assert (root.unit.id, root.standing, root.below.expected) == ("top", None, 1)
    assert seen.parent_name(seen.standings[0]) == "并入的市"
    for form in VIEWS:
        assert "乙局" in render(form, seen, "zh").decode("utf-8", "replace") or form == "xlsx"


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from([None, 3, 20])), max_size=40))
def test_the_tree_counts_what_a_sum_over_all_below_counts(plan: list[tuple[int, int | None]]) -> None:
    units = [
        Unit(str(at), f"单位{at}", parent=str(above) if above < at else None) for at, (above, _) in enumerate(plan)
    ]
    known = Register.of(units)
    made = City(Path(), known)
    made.chains = {str(at): (version(day),) for at, (_, day) in enumerate(plan) if day}
    standings = made.standings(YEAR)
    tree = grow(standings, known)
    for node in tree.nodes.values():
        inside = [each for each in standings if node.unit.id in {one.id for one in known.ancestors(each.unit.id)}]
        assert node.size == len(inside) == len(list(node.walk()))
        assert node.below.absent == sum(each.first is None for each in inside)
    assert ids(each.standing for root in tree.roots for each in (root, *(low for _, low in root.walk()))) == ids(
        standings
    )


@pytest.mark.parametrize(
    ("came", "missing", "said"), [(0, 3, "0.0%"), (3, 0, "100%"), (1, 5000, "0.1%"), (5000, 1, "99.9%"), (0, 0, "")]
)
def test_all_is_said_only_of_all_and_none_only_of_none(came: int, missing: int, said: str) -> None:
    counts = Counts()
    counts.states.update({State.RECEIVED: came, State.OVERDUE: missing})
    assert counts.share == said


# ---- what a person sees first ---------------------------------------------------------------------------------------


def test_the_missing_come_first_the_longest_overdue_before_those_not_yet_due(tmp_path: Path) -> None:
    made = few(tmp_path, ("迟", None), ("早", None), ("不急", None), ("来了", version()))
    made.dates = {
        "早": Dates(until=dt.date(2026, 1, 10), reason="提前"),
        "不急": Dates(until=dt.date(2026, 3, 1), reason="延期"),
    }
    seen = overview(made, YEAR, AT)
    assert ids(seen.sections["missing"]) == ["早", "u", "迟", "不急"]
    assert list(seen.sections) == list(SECTIONS)
    assert seen.sections["missing"][0].days_late == 24


def test_those_returned_and_not_corrected_and_those_with_most_errors_come_first(tmp_path: Path) -> None:
    back = {"decision": "returned", "decided": AT}
    made = few(
        tmp_path,
        ("甲", version(errors=1)),
        ("乙", version(errors=7)),
        ("丙", version(**back, until=dt.date(2026, 2, 20))),
        ("丁", version(**back, until=dt.date(2026, 1, 30))),
        ("戊", version(decision="accepted", decided=AT)),
    )
    seen = overview(made, YEAR, AT)
    assert ids(seen.sections["returned"]) == ["丁", "丙"]
    assert ids(seen.sections["review"]) == ["乙", "甲"]
    assert "戊" not in {unit for name in SECTIONS for unit in ids(seen.sections[name])}


def test_who_came_late_is_told_even_when_all_is_well_since(tmp_path: Path) -> None:
    made = few(tmp_path, ("甲", version(decision="accepted", decided=AT)), ("乙", replace(version(), received=AT)))
    seen = overview(made, YEAR, AT)
    assert ids(seen.sections["late"]) == ["乙"]
    assert "迟 3 天" in unit_row(seen.sections["late"][0], seen, "zh")["notes"]


@pytest.mark.parametrize("state", ["overdue", "returned", "accepted"])
def test_what_waits_is_late_or_returned(tmp_path: Path, state: str) -> None:
    chain = None if state == "overdue" else version(decision=state, decided=AT)
    made = few(tmp_path, ("甲", chain))
    made.chains["u"] = (version(decision="accepted", decided=AT),)
    assert overview(made, YEAR, AT).waits is (state != "accepted")


def test_a_version_that_was_withdrawn_is_not_the_one_that_people_look_at(tmp_path: Path) -> None:
    made = few(tmp_path, ("甲", None))
    made.chains["甲"] = (version(3, errors=2), version(9, decision="withdrawn", decided=AT))
    standing = overview(made, YEAR, AT).standings[1]
    shown = looked_at(standing)
    assert shown
    assert shown.errors == 2
    assert unit_row(standing, overview(made, YEAR, AT), "zh")["errors"] == 2


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_note_is_told(tmp_path: Path, lang: Lang) -> None:
    made = few(tmp_path, ("甲", version(together=True, same_again=(("又.xlsx", AT),), reason="数字核实过")))
    made.elsewhere = {"甲": ((2024, version(file="去年的.xlsx")),)}
    seen = overview(made, YEAR, AT)
    told = unit_row(seen.standings[1], seen, lang)["notes"]
    for part in ("去年的.xlsx", "2024", "数字核实过"):
        assert part in told
    assert told.count("；" if lang == "zh" else "; ") == 3


def test_a_file_that_may_be_a_missing_units_is_told_beside_it_and_beside_no_other(tmp_path: Path) -> None:
    made = few(tmp_path, ("甲", None), ("乙", None), ("丙", version()))
    template = city(tmp_path, counties=1, each=1).waiting[0]
    made.waiting = [replace(template, file="谁的.xlsx", suggestions=(("甲", "甲县甲"), ("丙", "甲县丙")))]
    seen = overview(made, YEAR, AT)
    told = {each.unit.id: unit_row(each, seen, "zh")["notes"] for each in seen.standings}
    assert [unit for unit, text in told.items() if "谁的.xlsx" in text] == ["甲"]


# ---- a part of the city ---------------------------------------------------------------------------------------------


def test_below_a_unit_only_its_own_are_shown_and_the_files_that_may_be_theirs(made: City) -> None:
    seen = overview(made, YEAR, AT, "c000")
    assert ids(seen.standings) == ["c000", *(unit.id for unit in made.known.children("c000"))]
    assert [file.file for file in seen.unassigned] == ["来件/教育局.xlsx"]
    assert not seen.unreadable
    assert not overview(made, YEAR, AT, "c005").unassigned
    assert seen.title("zh").startswith("东湖区人民政府 2025 年度")


# ---- formats --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", VIEWS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_same_store_and_moment_give_the_same_bytes(made: City, form: Any, lang: Lang) -> None:
    one, two = (render(form, overview(made, YEAR, AT), lang) for _ in range(2))
    assert one == two


def test_csv_has_a_line_a_unit_under_heads_that_people_know(seen: Overview) -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv", seen, "zh").decode())))
    assert list(rows[0])[:5] == ["单位ID", "名称", "上级", "类型", "状况"]
    assert [row["单位ID"] for row in rows] == ids(seen.standings)
    assert {row["状况"] for row in rows} == {state.word() for state in State}
    row = next(row for row in rows if row["单位ID"] == "c000-001")
    assert (row["名称"], row["上级"], row["类型"]) == ("东湖区教育局", "东湖区人民政府", "政府部门")


def test_the_workbook_has_every_unit_the_files_that_wait_and_the_counts(seen: Overview) -> None:
    data = render("xlsx", seen, "zh")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["状况", "待处理", "汇总"]
    units, files, sums = (list(sheet.iter_rows(values_only=True)) for sheet in book)
    assert [row[0] for row in units[1:]] == ids(seen.standings)
    assert [row[0] for row in files[1:]] == [row["what"] for row in matter_rows(seen, "zh")]
    assert len(files) == 1 + 3
    assert sums[1][:3] == ("全部单位", seen.counts.expected, seen.counts.came)
    assert (
        sum(row[1] for row in sums[2:] if row[0].endswith("区人民政府") or row[0].endswith("县人民政府")) < sums[1][1]
    )
    assert any("2026-02-03 09:00" in str(row[0]) for row in sums)
    assert is_result(data)  # nobody takes it for a report
    heads = dict(zip(units[0], range(len(units[0])), strict=True))
    late = next(row for row in units[1:] if row[heads["状况"]] == "逾期")
    assert isinstance(late[heads["迟报天数"]], int)


def test_json_has_every_unit_with_its_versions_and_all_that_waits(made: City, seen: Overview) -> None:
    data = json.loads(render("json", seen, "zh"))
    assert (data["year"], data["at"]) == (YEAR, "2026-02-03T09:00:00+08:00")
    assert [unit["id"] for unit in data["units"]] == ids(seen.standings)
    assert sum(data["counts"]["states"].values()) == len(seen.standings)
    for unit, standing in zip(data["units"], seen.standings, strict=True):
        assert unit["state"] == standing.state.key
        assert [one["submission"] for one in unit["versions"]] == [one.submission for one in standing.versions]
    assert data["unassigned"][0]["suggestions"][1] == {"id": "c001-001", "name": "西山区教育局"}
    assert data["unreadable"][0]["findings"] == made.refused[0].findings
    assert [stray["id"] for stray in data["strays"]] == ["closed"]
    assert {each["id"]: each["expected"] for each in data["parents"]}["c002"] == seen.tree.nodes["c002"].below.expected


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("columns", [0, 60, 100])
def test_text_says_when_and_counts_then_the_missing(seen: Overview, lang: Lang, columns: int) -> None:
    lines = render("text", seen, lang, columns).decode().splitlines()
    assert "2026-02-03 09:00" in lines[1]
    head = {"zh": "没有收到", "en": "Nothing came"}[lang]
    assert [line for line in lines if line.startswith(head) and str(len(seen.sections["missing"])) in line]
    said = "\n".join(lines)
    for standing in seen.sections["missing"]:
        assert standing.unit.name in said
    if columns:
        assert max(map(width, lines[2:])) <= columns


def test_text_of_many_names_the_first_and_says_how_many_more(tmp_path: Path) -> None:
    made = few(tmp_path, *((f"单位{at}", None) for at in range(150)))
    said = render("text", overview(made, YEAR, AT), "zh").decode()
    assert "没有收到（151）" in said
    assert "还有 51 个" in said


@pytest.mark.parametrize("form", VIEWS)
def test_nobody_expected_is_said_and_no_fault(tmp_path: Path, form: Any) -> None:
    made = City(tmp_path, Register.of([Unit("a", "甲", spells=((None, 2000),))]))
    data = render(form, overview(made, YEAR, AT), "zh")
    assert data
    if form == "text":
        assert "没有应报的单位" in data.decode()


# ---- what others wrote ----------------------------------------------------------------------------------------------


def test_no_text_of_others_is_a_formula_or_does_harm_on_a_terminal(tmp_path: Path) -> None:
    seen = overview(hostile(tmp_path), YEAR, AT)
    said = render("text", seen, "zh").decode()
    assert printable(said, keep="\n") == said
    rows = list(csv.reader(io.StringIO(render("csv", seen, "zh").decode())))
    assert all(without_formula(cell) == cell for row in rows for cell in row)
    assert rows[1][0].startswith("'=1+1")
    book = openpyxl.load_workbook(io.BytesIO(render("xlsx", seen, "zh")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert any(str(cell.value).startswith("=1+1") for cell in cells)
    data = render("json", seen, "zh").decode()
    assert json.loads(data)["units"][0]["id"].startswith("=1+1")
    assert printable(data, keep="\n") == data


def test_a_cover_without_a_name_and_a_file_that_says_nothing_are_told_too(tmp_path: Path) -> None:
    made = few(tmp_path, ("甲", None))
    template = city(tmp_path, counties=1, each=1).waiting[0]
    made.waiting = [replace(template, body=Body(), year=None, suggestions=())]
    (row,) = matter_rows(overview(made, YEAR, AT), "zh")
    assert (row["body"], row["year"], row["suggestions"]) == ("", None, "")
    assert row.keys() == {"what", "file", "received", "body", "year", "suggestions", "why"}


def test_the_rows_have_the_columns_of_the_table(seen: Overview) -> None:
    assert unit_row(seen.standings[0], seen, "zh").keys() == UNIT_COLUMNS.keys()
