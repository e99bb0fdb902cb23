"""What is wrong is found by code and place, and located where it can be."""

from __future__ import annotations

from decimal import Decimal
from types import ModuleType

import pytest
from cases import EDITIONS, Case, cases, sound, totalled
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import sound_reports

import workbook
from workbook.checks import prior_year, waivers
from workbook.checks.run import CHECKS
from workbook.report import Finding, Report, Value
from workbook.report.equations import residuals


@pytest.mark.parametrize("case", cases(), ids=str)
def test_a_case_gives_its_findings_and_no_other(case: Case) -> None:
    """They name the cells that they locate, promise what holds, and can be said in both languages."""
    findings = case.findings()
    assert len(findings) == len(case.expect)
    assert {finding.identity for finding in findings} == case.expect
    assert {finding.at for finding in findings if finding.waived} == case.waived
    changes = {change.cell.cell: change.value for finding in findings for change in finding.corrections}
    assert changes.keys() == case.repair
    repaired = totalled(case.report.with_cells(changes)) if changes else case.report
    assert not changes or not residuals(repaired)
    for finding in findings:
        for lang in ("zh", "en"):
            assert "{" not in finding.message(lang) + finding.hint(lang), (finding.identity, lang)
        own = {change.cell.cell: change.value for change in finding.corrections}
        if own:  # each change alone brings all rules of its cells to rest, though others may fail elsewhere
            assert "与这" in finding.hint(), finding.identity
            left = residuals(totalled(case.report.with_cells(own)))
            assert not [eq for eq in left if own.keys() & dict(eq.terms).keys()], finding.identity


def test_there_are_forty_cases_of_each_edition() -> None:
    for edition in EDITIONS:
        assert len([case for case in cases() if case.edition == edition]) >= 40


def test_every_rule_and_every_code_of_the_checks_has_a_case_that_fails() -> None:
    lacking = {"2019": {"plausible.fees_silent"}, "2021": {"plausible.decisions"}}  # the rows or columns of the rule
    elsewhere = {"body.choice", "cell.unread", "text.too_long"}  # tested where files and other editions are
    every = set().union(*(each.CODES for each in (*CHECKS, waivers))) - elsewhere
    forms = {edition: workbook.load_form(edition) for edition in EDITIONS}
    opening = {edition: {item.code for item in form.opening_equations} for edition, form in forms.items()}
    for edition, form in forms.items():
        others = lacking[edition] | (set().union(*opening.values()) - opening[edition])
        failing = {code for case in cases() if case.edition == edition for code, _ in case.expect}
        assert every - others | {equation.code for equation in form.equations()} == failing


@pytest.mark.parametrize("each", CHECKS, ids=lambda each: each.__name__)
def test_a_check_raises_the_codes_that_it_names_and_no_other(each: ModuleType) -> None:
    for case in cases():
        form = case.report.form
        rules = {equation.code for equation in form.equations()} if each is CHECKS[-1] else set()
        assert {finding.code for finding in each.check(case.report, case.previous)} <= each.CODES | rules
    for edition in EDITIONS:
        assert {item.code for item in workbook.load_form(edition).opening_equations} <= prior_year.CODES


def test_a_blank_report_asks_for_every_cell_that_is_filled_in_and_for_no_total() -> None:
    for edition in EDITIONS:
        form = workbook.load_form(edition)
        blanks = [finding.at for finding in workbook.check(workbook.blank(edition)) if finding.code == "cell.blank"]
        assert blanks == [key for key in form.cells if key not in form.calculated]


def test_causes_come_before_followers() -> None:
    report = sound("2021").with_cells({"applications.granted.natural": -1, "applications.received.business": 0})
    places = [finding.identity for finding in workbook.check(report)]
    assert places == [
        ("cell.negative", "applications.granted.natural"),
        ("applications.total", "received"),
        ("applications.total", "granted"),
        ("applications.concluded", "natural"),
        ("applications.balance", "business"),
    ]


APPLICATIONS = {
    edition: [key for key in sound(edition).cells if key.startswith("applications.")] for edition in EDITIONS
}


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_any_single_wrong_number_in_the_table_of_applications_is_located_with_its_value(
    edition: str, data: st.DataObject
) -> None:
    base = data.draw(sound_reports(edition))
    key = data.draw(st.sampled_from(APPLICATIONS[edition]))
    was = base.cells[key]
    wrong = data.draw(
        st.one_of(st.none(), st.just("无"), st.integers(0, 999_999_999)).filter(lambda value: value != was)
    )
    findings = workbook.check(base.with_cells({key: wrong}))
    failing = [finding for finding in findings if finding.equation and finding.equation.exact]
    if isinstance(wrong, str) or (was == 0 and wrong is None):
        assert not failing  # nothing is judged with a text, and a blank counts as the 0 that belongs there
        return
    assert failing
    for finding in failing:
        assert [(change.cell.cell, change.value) for change in finding.corrections] == [(key, was)]


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_the_sum_of_sound_reports_is_sound(edition: str, data: st.DataObject) -> None:
    one, other = data.draw(sound_reports(edition)), data.draw(sound_reports(edition))
    assert workbook.is_sound(workbook.check(one))  # numbers at random may be hard to believe
    added: dict[str, Value] = {}
    for key, value in one.cells.items():
        more = other.cells[key]
        assert isinstance(value, int | Decimal)
        assert isinstance(more, int | Decimal)
        added[key] = value + more
    assert workbook.is_sound(workbook.check(one.with_cells(added)))


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_exactly_the_equations_that_do_not_add_up_are_reported(edition: str, data: st.DataObject) -> None:
    """The checks against the definition of a rule, computed here in another way."""
    base = sound(edition)
    keys = data.draw(st.lists(st.sampled_from(sorted(base.cells)), max_size=6, unique=True))
    report = base.with_cells({key: data.draw(st.integers(0, 5000)) for key in keys})
    wrong = set()
    for equation in report.form.equations():
        total = sum(Decimal(str(report.cells[key])) * sign for key, sign in equation.terms)
        if total > 0 or (total and equation.rule.relation == "="):
            wrong.add((equation.code, equation.at.key))
    assert {finding.identity for finding in workbook.check(report) if finding.equation} == wrong


def test_the_strategy_of_sound_reports_varies() -> None:
    seen: set[Finding | Value] = set()

    @settings(max_examples=100)
    @given(report=sound_reports("2021"))
    def draw(report: Report) -> None:
        seen.add(report.cells["applications.received.total"])

    draw()
    assert len(seen) > 20


@pytest.mark.parametrize("edition", EDITIONS)
def test_each_cell_of_the_table_of_applications_is_located(edition: str) -> None:
    base = sound(edition)
    for key in APPLICATIONS[edition]:
        was = base.cells[key]
        assert isinstance(was, int)
        for wrong in (was + 1, was * 10, None):
            failing = [finding for finding in workbook.check(base.with_cells({key: wrong})) if finding.equation]
            assert failing
            assert all([(c.cell.cell, c.value) for c in finding.corrections] == [(key, was)] for finding in failing), (
                key
            )
