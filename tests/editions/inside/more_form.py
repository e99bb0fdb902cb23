"""The definition is read whole: cells, groups, rules with their levels, and words for all that can be found."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import cases
from made import sound

import workbook
from workbook.form import edition_for
from workbook.report import catalogue, entries

WARNINGS = {"documents.explained", "applications.repeat", "applications.traders"}
AT_MOST = {"documents.repealed", "applications.carried", "applications.repeat", "applications.traders"}


def test_two_editions_cover_a_year_and_the_newest_is_prescribed() -> None:
    assert workbook.load_form("2021").covers(2027)
    assert [edition_for(year) for year in (2018, 2020, 2026, 2027, 2030)] == [None, "2019", "2021", "2027", "2027"]


def test_it_has_all_that_2021_has_and_more() -> None:
    form, old = workbook.load_form("2027"), workbook.load_form("2021")
    assert form.cells.keys() > old.cells.keys()
    assert len(form.cells) == 247
    assert form.narrative_keys == old.narrative_keys | {"plan"}
    assert [field.key for field in form.fields] == [
        "name", "credit_code", "division_code", "contact", "kind", "year", "platform",
    ]  # fmt: skip
    lost = form.cells["applications.unavailable_lost.individual"]
    assert lost.row.under == ("三、本年度办理结果", "（四）无法提供", "4.客观上无法提供")
    assert lost.column.under == ("法人或其他组织",)


def test_rules_are_written_out_for_each_line() -> None:
    assert Counter(equation.code for equation in workbook.load_form("2027").equations()) == {
        "documents.repealed": 4,
        "documents.explained": 3,
        "applications.total": 27,
        "applications.concluded": 8,
        "applications.balance": 8,
        "applications.repeat": 8,
        "applications.traders": 27,
        "applications.carried": 8,
        "disputes.total": 3,
    }
    relations = {equation.code: equation.rule.relation for equation in workbook.load_form("2027").equations()}
    assert {code for code, relation in relations.items() if relation == "<="} == AT_MOST


def test_only_equations_that_must_hold_calculate_cells() -> None:
    form = workbook.load_form("2027")
    assert len(form.calculated) == 27 + 8 + 3 - 1  # the total of the totals twice
    assert {equation.code for equation in form.calculated.values()} == {
        "applications.total", "applications.concluded", "disputes.total",
    }  # fmt: skip
    assert len(form.carried) == 8


def test_the_catalogue_says_all_of_it_in_both_languages() -> None:
    rules = {equation.code: equation.rule for equation in workbook.load_form("2027").equations()}
    found = {entry.code: entry for entry in entries(workbook.load_form("2027"))}
    assert found.keys() == (catalogue().keys() - {"rule"}) | rules.keys()
    for code, entry in found.items():
        for lang in ("zh", "en"):
            assert not re.search("[{}]", entry.words[lang]["title"] + entry.words[lang]["explanation"]), code
            assert entry.words[lang]["message"], code
            assert "{rule}" not in entry.words[lang]["message"] + entry.words[lang]["hint"], code
    for code, rule in rules.items():
        assert (found[code].words["zh"]["title"], found[code].words["en"]["title"]) == (rule.title, rule.title_en)
        assert (found[code].clause, found[code].in_workbook) == (rule.clause, True)
        assert found[code].level == ("warning" if code in WARNINGS else "error")


def test_which_edition_a_year_wants_is_told_with_the_new_one() -> None:
    for report in (replace(cases.sound("2019"), year=2027), replace(sound(), year=2020)):
        (finding,) = (item for item in workbook.check(report) if item.code == "file.edition_for_year")
        for lang in ("zh", "en"):
            assert not re.search("[{}]", finding.message(lang) + finding.hint(lang))
            assert all(edition in finding.hint(lang) for edition in workbook.editions())
    assert not [item for item in workbook.check(replace(cases.sound("2021"), year=2027)) if item.at == "year"]
