"""The definition is read whole: cells, groups, rules with their levels, and words for all that can be found."""

from __future__ import annotations

import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from helpers import base
from made import sound
from openpyxl import load_workbook
from trees import BEFORE, ROOT, TREE

import workbook
from workbook.document.document import dump
from workbook.form import edition_for
from workbook.report import catalogue, entries
from workbook.report.findings import RULES
from workbook.resources import template_file

FOLDER = Path(os.environ[TREE])
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
    assert len(form.opening_cells) == 8


def test_the_catalogue_says_all_of_it_in_both_languages() -> None:
    rules = {equation.code: equation.rule for equation in workbook.load_form("2027").equations()}
    found = {entry.code: entry for entry in entries(workbook.load_form("2027"))}
    assert found.keys() == (catalogue().keys() - RULES) | rules.keys()
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
    for report in (replace(base("2019"), year=2027), replace(sound(), year=2020)):
        (finding,) = (item for item in workbook.check(report) if item.code == "file.edition_for_year")
        for lang in ("zh", "en"):
            assert not re.search("[{}]", finding.message(lang) + finding.hint(lang))
            assert all(edition in finding.hint(lang) for edition in workbook.editions())
    assert not [item for item in workbook.check(replace(base("2021"), year=2027)) if item.at == "year"]


def test_what_is_generated_is_that_of_the_edition() -> None:
    for what, schema in (("report", workbook.report_schema("2027")), ("finding", workbook.finding_schema("2027"))):
        assert (FOLDER / f"schema/2027/{what}.schema.json").read_bytes() == dump(schema)
    assert (FOLDER / template_file("2027")).read_bytes() == workbook.template("2027")
    rules = (FOLDER / "docs/reference/rules.md").read_text(encoding="utf-8")
    assert "## 2027 版（试验办函〔2027〕1号）" in rules
    assert "| `applications.repeat` | 重复申请一般不多于新收申请" in rules


@pytest.mark.parametrize("edition", BEFORE)
def test_what_is_generated_of_other_editions_is_as_it_was_but_for_the_years(edition: str) -> None:
    name = f"schema/{edition}/report.schema.json"
    assert (FOLDER / name).read_bytes() == (ROOT / name).read_bytes()
    new, old = (load_workbook(root / template_file(edition)) for root in (FOLDER, ROOT))
    assert new.sheetnames == old.sheetnames
    changed = [
        (cell.value, before.value)
        for sheet in new
        for row, was in zip(sheet.iter_rows(), old[sheet.title].iter_rows(), strict=True)
        for cell, before in zip(row, was, strict=True)
        if cell.value != before.value
    ]
    ((now, before),) = changed
    assert now == before.removesuffix("。") + "，2027 版用于 2027 年度起的报告。"
