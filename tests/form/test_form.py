"""Room 1: labels as in the frozen table, equations as in the rules, and a wrong definition stops at load."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from cases import CORPUS, EDITIONS

import workbook
from workbook.definition import FormError
from workbook.form import parse_form
from workbook.resources import resource

KINDS = {"count": "count", "signed integer": "change", "money, 万元, up to 4 decimals": "money"}


@pytest.mark.parametrize(("edition", "count"), [("2019", 198), ("2021", 200)])
def test_every_label_and_key_is_that_of_the_frozen_table(edition: str, count: int) -> None:
    with (CORPUS / "cells.csv").open(encoding="utf-8", newline="") as file:
        frozen = [row for row in csv.DictReader(file) if row["edition"] == edition]
    form = workbook.load_form(edition)
    assert len(form.cells) == count
    ours = [
        {
            "edition": edition,
            "section": form.table(cell.table).section,
            "table": cell.table,
            "table_label": form.table(cell.table).title,
            "row": cell.row.key,
            "row_label": cell.row.label,
            "row_under": "/".join(cell.row.under),
            "column": cell.column.key,
            "column_label": cell.column.label,
            "column_under": "/".join(cell.column.under),
            "kind": cell.kind.key,
        }
        for cell in form.cells.values()
    ]
    assert ours == [row | {"kind": KINDS[row["kind"]]} for row in frozen]


@pytest.mark.parametrize(
    ("edition", "counts"),
    [
        (
            "2019",
            {
                "documents.in_public": 2,
                "applications.total": 23,
                "applications.concluded": 7,
                "applications.balance": 7,
                "disputes.total": 3,
            },
        ),
        (
            "2021",
            {
                "documents.in_force": 2,
                "applications.total": 25,
                "applications.concluded": 7,
                "applications.balance": 7,
                "disputes.total": 3,
            },
        ),
    ],
)
def test_the_rules_are_written_out_once_for_each_line(edition: str, counts: dict[str, int]) -> None:
    codes = [equation.code for equation in workbook.load_form(edition).equations()]
    assert {code: codes.count(code) for code in codes} == counts
    places = [(equation.code, equation.at.key) for equation in workbook.load_form(edition).equations()]
    assert len(set(places)) == len(places)


def test_the_balance_rule_is_the_one_that_the_form_prints() -> None:
    form = workbook.load_form("2021")
    balance = next(e for e in form.equations() if (e.code, e.at.key) == ("applications.balance", "natural"))
    assert dict(balance.terms) == {
        "applications.received.natural": 1,
        "applications.brought_forward.natural": 1,
        "applications.concluded.natural": -1,
        "applications.carried_forward.natural": -1,
    }


def test_results_are_all_parts_of_their_total() -> None:
    for edition, parts in (("2019", 19), ("2021", 21)):
        concluded = workbook.load_form(edition).calculated["applications.concluded.other"]
        assert len(concluded.right) == parts


def test_an_unknown_edition_is_a_fault_of_the_caller() -> None:
    with pytest.raises(FormError, match="no such edition: '2020'"):
        workbook.load_form("2020")


def test_totals_say_what_calculates_them() -> None:
    for edition, count in (("2019", 32), ("2021", 34)):
        assert len(workbook.load_form(edition).calculated) == count


def test_notices_cover_their_years() -> None:
    old, new = (workbook.load_form(edition) for edition in EDITIONS)
    assert [year for year in range(2015, 2030) if old.covers(year)] == [2019, 2020]
    assert [year for year in range(2015, 2030) if new.covers(year)] == list(range(2021, 2030))


SMALL = """
edition = "1"
title = "t"
authority = "a"
statute = "s"
deadline = "d"
first_year = 2000
[kinds.count]
label = "n"
label_en = "n"
maximum = 9
[[fields]]
key = "name"
label = "n"
note = "n"
[[sections]]
number = "一"
title = "t"
sheet = "s"
[[tables]]
key = "fruit"
section = "一"
title = "t"
columns = [{ key = "red", label = "r", part_of = "all" }, { key = "all", label = "a" }]
rows = [{ key = "apples", label = "x" }, { key = "pears", label = "y" }]
rules = [{ key = "sum", each = "row", left = ["all"], right = ["all/*"], title = "t", title_en = "t", clause = "c" }]
"""


def test_a_small_definition_loads() -> None:
    form = parse_form(SMALL, "small.toml")
    assert list(form.cells) == ["fruit.apples.red", "fruit.apples.all", "fruit.pears.red", "fruit.pears.all"]
    assert [equation.code for equation in form.equations()] == ["fruit.sum", "fruit.sum"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('key = "fruit"', 'key = "fruit"\nkolor = 1', "table fruit: unknown key 'kolor'"),
        ('left = ["all"]', 'lft = ["all"]', "table fruit, rule sum: unknown key 'lft'"),
        ('left = ["all"]', 'left = ["al"]', "table fruit, rule sum: there is no line 'al'"),
        ('right = ["all/*"]', 'right = ["red/*"]', "table fruit, rule sum: 'red' has no parts"),
        ('right = ["all/*"]', "right = []", "table fruit, rule sum: 'right' is missing or empty"),
        ('right = ["all/*"]', 'right = ["all"]', "table fruit, rule sum: a line stands in it twice"),
        ('each = "row"', 'each = "rows"', "table fruit, rule sum: each 'rows'"),
        ('clause = "c"', 'clause = "c", relation = "~"', "table fruit, rule sum: relation '~'"),
        ('part_of = "all"', 'part_of = "al"', "table fruit: 'red' is part of 'al'"),
        ('key = "pears"', 'key = "apples"', "table fruit: duplicate row 'apples'"),
        ('label = "x"', 'label = "x", kind = "money"', "table fruit: unknown kind 'money'"),
        ('section = "一"', 'section = "二"', "table fruit: section '二'"),
        ('label = "y"', 'label = ""', "row pears: 'label' is missing or empty"),
        ("rows = [", "rows = [3, ", "table fruit, row 1: a table is expected"),
        ('section = "一"', 'section = "一"\nshape = "round"', "table fruit: shape 'round'"),
        ("maximum = 9", "", "kinds.count: 'maximum' is missing"),
        ("first_year = 2000", "first_year = ", "small.toml: Invalid value"),
    ],
)
def test_a_wrong_definition_stops_at_load_and_names_its_place(old: str, new: str, says: str) -> None:
    assert old in SMALL
    with pytest.raises(FormError, match=f"small.toml.*{re.escape(says.removeprefix('small.toml'))}"):
        parse_form(SMALL.replace(old, new, 1), "small.toml")


TEXT = """
[[sections]]
number = "二"
title = "t"
sheet = "w"
narrative = "overview"
rows = 3
aspects = ["a", "b"]
"""


def test_the_aspects_of_a_text_are_its_skeleton() -> None:
    section = parse_form(f"{SMALL.replace('[[tables]]', TEXT + '[[tables]]')}", "small.toml").sections[1]
    assert [line[:5] for line in section.skeleton] == ["（一）a。", "（二）b。"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('aspects = ["a", "b"]', 'aspects = ["a", "a"]', "section 二: aspects are at most"),
        ('aspects = ["a", "b"]', 'aspects = ["a", "b", "c", "d"]', "section 二: aspects are at most"),
        ('aspects = ["a", "b"]', "aspects = 3", "section 二: is not a list of texts"),
        ('aspects = ["a", "b"]', 'aspects = ["a", 3]', "section 二: is not a list of texts"),
        ('aspects = ["a", "b"]', 'aspects = ["a", ""]', "section 二: is not a list of texts"),
        ('aspects = ["a", "b"]', 'aspect = ["a"]', "section 二: unknown key 'aspect'"),
        ('narrative = "overview"', "", "section 二: aspects of a section that has no text, or has tables"),
        ("rows = 3", "rows = 1", "section 二: aspects are at most"),
    ],
)
def test_wrong_aspects_stop_at_load_and_name_their_section(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(FormError) as refused:
        parse_form(SMALL.replace("[[tables]]", TEXT.replace(old, new) + "[[tables]]"), "small.toml")
    assert says.partition(": ")[2] in str(refused.value)
    assert "section 二" in str(refused.value)


CARRY = 'opening_rules = [{ key = "stock", each = "row", line = "red", last_year = ["red"], this_year = ["-all"] }]'


def test_what_is_taken_over_from_last_year_is_written_out_for_each_line() -> None:
    form = parse_form(f"{SMALL}{CARRY}\n", "small.toml")
    assert [
        (opening.code, opening.cell, opening.last_year, opening.this_year) for opening in form.opening_equations
    ] == [
        ("year.stock", "fruit.apples.red", (("fruit.apples.red", 1),), (("fruit.apples.all", -1),)),
        ("year.stock", "fruit.pears.red", (("fruit.pears.red", 1),), (("fruit.pears.all", -1),)),
    ]
    assert not form.opening_cells  # it is no number of last year's as it is


def test_the_ribbon_fills_in_what_is_taken_over_as_it_is() -> None:
    for edition in EDITIONS:
        carried = workbook.load_form(edition).opening_cells
        assert len(carried) == 7
        assert carried["applications.brought_forward.total"] == "applications.carried_forward.total"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('line = "red"', 'line = "rad"', "there is no line 'rad'"),
        ('last_year = ["red"]', 'last_year = ["rad"]', "there is no line 'rad'"),
        ('this_year = ["-all"]', 'this_year = ["-al"]', "there is no line 'al'"),
        ('this_year = ["-all"]', 'this_year = ["red"]', "a line stands in it twice"),
        ('last_year = ["red"]', 'last_year = ["red", "-red"]', "a line stands in it twice"),
        ('last_year = ["red"], ', "", "'last_year' is missing or empty"),
        ('each = "row"', 'each = "rows"', "each 'rows' is neither"),
        ('key = "stock"', 'key = "stock", level = "error"', "unknown key 'level'"),
    ],
)
def test_a_wrong_opening_rule_stops_at_load_and_names_its_place(old: str, new: str, says: str) -> None:
    assert old in CARRY
    with pytest.raises(FormError, match=f"table fruit, opening rule stock: {re.escape(says)}"):
        parse_form(f"{SMALL}{CARRY.replace(old, new)}\n", "small.toml")


def test_a_second_table_or_rule_of_the_same_key_is_refused() -> None:
    table = SMALL[SMALL.index("[[tables]]") :]
    with pytest.raises(FormError, match="duplicate table 'fruit'"):
        parse_form(SMALL + table, "small.toml")
    rule = table[table.index('{ key = "sum"') : table.rindex("]")]
    with pytest.raises(FormError, match="table fruit: duplicate rule 'sum'"):
        parse_form(SMALL.replace(rule, f"{rule}, {rule}"), "small.toml")


def test_totals_that_are_calculated_from_each_other_are_refused() -> None:
    circle = SMALL.replace('{ key = "all", label = "a" }', '{ key = "all", label = "a", part_of = "red" }')
    rule = '{ key = "sum", each = "row", left = ["all"], right = ["all/*"], title = "t", title_en = "t", clause = "c" }'
    back = rule.replace('"sum"', '"back"').replace('["all"]', '["red"]').replace('["all/*"]', '["red/*"]')
    with pytest.raises(FormError, match=r"calculated from each other: fruit\.apples\.all"):
        parse_form(circle.replace(rule, f"{rule}, {back}"), "small.toml")


def test_statutory_labels_stand_in_the_definition_only(root: Path) -> None:
    """Whole as a text of its own, or, where it is long enough to be no common word, within another."""
    lines = {
        line
        for edition in EDITIONS
        for cell in workbook.load_form(edition).cells.values()
        for line in (cell.row, cell.column)
    }
    whole = {f'"{line.label}"' for line in lines if len(line.label) > 4}
    within = {
        re.sub(r"^[（(]?[一二三四五六七八九十0-9]+[)）]?[、.]?", "", label)
        for line in lines
        for label in (*line.under, line.label)
    }
    within = {label for label in within if len(label) > 5}
    assert "结转下年度继续办理" in within
    for path in [
        file
        for room in ("workbook", "xlplugin")
        for kind in ("py", "toml")
        for file in root.glob(f"{room}/**/*.{kind}")
    ]:
        text = path.read_text(encoding="utf-8")
        assert not {label for label in whole | within if label in text}, path


def test_both_definitions_are_shipped() -> None:
    for edition in EDITIONS:
        assert resource(f"schema/{edition}/form.toml").is_file()
