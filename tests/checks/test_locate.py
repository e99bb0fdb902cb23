"""Room 2: no fault is located wrongly. Every single slip, in every report of the corpus."""

from __future__ import annotations

from collections import Counter
from functools import cache
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, cases, sound

import workbook
from workbook.checks import locate
from workbook.report.equations import countable_cells

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from workbook.form import Equation, Form
    from workbook.report import Number

Values = dict[str, "Number"]
Terms = tuple[tuple[str, int], ...]
Words = frozenset[tuple[str, "Number"]]

TWO_IN_ONE = {
    "a total of reviews that no part could make up for is located": {"2019": 60, "2021": 53},
    "a blank total is a fault of its own": {"2019": 59, "2021": 52},
    "a total that missed digits as text and is wrong besides is told": {"2019": 0, "2021": 28},
    "digits as text in a sum are judged by what they say": {"2019": 0, "2021": 2},
    "all three lines of disputes are wrong": {"2019": 45, "2021": 47},
    "a logical value is no number": {"2019": 13, "2021": 17},
    "a direct suit is missing from its total": {"2019": 14, "2021": 15},
    "a fault in each table at once": {"2019": 13, "2021": 13},
    "the total of reviews is wrong, but so might be any of its parts": {"2019": 12, "2021": 12},
    "results one too high with totals that follow break the balance": {"2019": 6, "2021": 6},
    "off by one is found": {"2019": 3, "2021": 2},
    "a wrong result is located": {"2019": 1, "2021": 0},
}
"""How often a second slip is told wrongly in a report that is faulty already, where both slips together look like one.

A line of disputes has one equation, so that a second wrong number in it changes the one residual that there is. In the
table of applications two slips look like one where residuals cancel: a row and a column that fail by the same amount
are the cell where they meet, and two numbers of a line wrong by opposite amounts are an exchange.
"""


@cache
def _exact(form: Form) -> Mapping[Equation, Terms]:
    """Return the equations that place numbers, with their terms: warnings and bounds never do."""
    return {equation: equation.terms for equation in form.equations() if equation.exact}


@cache
def _counting(form: Form) -> Mapping[str, Mapping[Equation, int]]:
    """Return the equations of each cell with its coefficients, for those that stand in one."""
    found: dict[str, dict[Equation, int]] = {}
    for equation, terms in _exact(form).items():
        for cell, coefficient in terms:
            found.setdefault(cell, {})[equation] = coefficient
    return found


def _failing(form: Form, values: Values) -> dict[Equation, Number]:
    sums = {equation: sum(values[cell] * sign for cell, sign in terms) for equation, terms in _exact(form).items()}
    return {equation: residual for equation, residual in sums.items() if residual}


def _after(form: Form, failing: Mapping[Equation, Number], change: Mapping[str, Number]) -> dict[Equation, Number]:
    """Return what fails when cells are changed by so much."""
    found = dict(failing)
    for cell, more in change.items():
        for equation, coefficient in _counting(form)[cell].items():
            found[equation] = found.get(equation, 0) + more * coefficient
    return {equation: residual for equation, residual in found.items() if residual}


def _words(form: Form, values: Values, failing: Mapping[Equation, Number]) -> Words:
    return frozenset(word for repair in locate(form, values, failing).values() for word in repair.items())


def _following(form: Form, values: Values) -> Values:
    """Return the values with every total calculated, as live formulas do."""
    found = dict(values)
    for key in form.parts_first:
        found[key] = sum(found[part] * sign for part, sign in form.calculated[key].right)
    return found


def _lines(form: Form) -> Iterator[list[str]]:
    """Yield the cells of each row and each column of the tables that have rules."""
    for table in form.tables:
        if any(rule.relation == "=" for rule in table.rules):
            yield from ([f"{table.key}.{row.key}.{column.key}" for column in table.columns] for row in table.rows)
            yield from ([f"{table.key}.{row.key}.{column.key}" for row in table.rows] for column in table.columns)


@cache
def _neighbours(form: Form) -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines(form):
        for one, other in pairwise(line):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return found


def _mistyped(value: Number) -> set[Number]:
    """Return what people write for a number: off by a little, a digit more, less or elsewhere, blank, minus."""
    found: set[Number] = {0, -value, value * 10, value // 10, 999_999_999}
    found |= {value + sign * more for more in (1, 2, 9, 100) for sign in (1, -1)}
    digits = str(abs(int(value)))
    for at in range(len(digits)):
        found.add(int(digits[:at] + digits[at + 1 :] or 0))
        found.add(int(digits[: at + 1] + digits[at:]))
        found.add(int(digits[:at] + digits[at : at + 2][::-1] + digits[at + 2 :]))
    return found - {value}


def _reports(edition: str) -> Iterator[tuple[str, Values]]:
    """Yield name and values of the reports of the corpus whose numbers in the rules differ."""
    seen = set()
    for case in cases():
        if case.edition == edition:
            values = {key: number or 0 for key, number in countable_cells(case.report).items()}
            numbers = tuple(values[key] for key in _counting(case.report.form))
            if numbers not in seen:
                seen.add(numbers)
                yield case.name, values


def _slips(form: Form, values: Values) -> Iterator[tuple[str, Number]]:
    for key in _counting(form):
        beside = {values[other] for other in _neighbours(form)[key]}
        yield from ((key, wrong) for wrong in (_mistyped(values[key]) | beside) - {values[key]})


@pytest.mark.parametrize("edition", EDITIONS)
def test_one_wrong_number_is_told_as_it_was_or_not_at_all_in_every_report_of_the_corpus(edition: str) -> None:
    wrong = _misled(edition, lambda form, values: ({key: slip} for key, slip in _slips(form, values)))
    assert wrong == {name: counts[edition] for name, counts in TWO_IN_ONE.items() if counts[edition]}


@pytest.mark.parametrize(("edition", "wrong"), [("2019", 56), ("2021", 64)])
def test_two_exchanged_numbers_are_told_as_they_were_or_not_at_all_in_every_report_of_the_corpus(
    edition: str, wrong: int
) -> None:
    def exchanged(form: Form, values: Values) -> Iterator[Values]:
        for line in _lines(form):
            yield from ({one: values[other], other: values[one]} for one, other in combinations(line, 2))

    assert _misled(edition, exchanged).total() == wrong


def _misled(edition: str, slips: Callable[[Form, Values], Iterable[Values]]) -> Counter[str]:
    """Count the slips that are told wrongly, by the case that is faulty already; what it was told of itself may stay.

    A word is never wrong where the slip shares no equation, and no cell of one, with what was faulty already.
    """
    form, right = workbook.load_form(edition), countable_cells(sound(edition))
    wrong: Counter[str] = Counter()
    for name, values in _reports(edition):
        before = _failing(form, values)
        entangled = {cell for equation in before for cell, _ in equation.terms}
        faulty = {key for key in values if right[key] != values[key]} if before else ()
        true = _words(form, values, before) | {(key, right[key]) for key in faulty}
        for slip in slips(form, values):
            failing = _after(form, before, {key: value - values[key] for key, value in slip.items()})
            if _words(form, values | slip, failing) - true - {(key, values[key]) for key in slip}:
                assert any(entangled & dict(equation.terms).keys() for key in slip for equation in _counting(form)[key])
                wrong[name] += 1
    return wrong


def _sparse(edition: str) -> Values:
    """Return a sound report with the first column of each line alone: most cells are 0, as in a small office."""
    form, values = workbook.load_form(edition), countable_cells(sound(edition))
    others = {key for line in _lines(form) for key in line if key.split(".")[2] not in {"natural", "upheld"}}
    return _following(form, values | dict.fromkeys(others, 0))


def _small(edition: str) -> Values:
    """Return a sound report of small numbers, of which many are alike: all that was received was concluded."""
    form, values = workbook.load_form(edition), countable_cells(sound(edition))
    small = _following(form, {key: value % 3 for key, value in values.items()})
    for key in small:
        table, row, column = key.split(".")
        if table == "applications" and row in {"received", "brought_forward", "carried_forward"}:
            small[key] = small[f"applications.concluded.{column}"] if row == "received" else 0
    return _following(form, small)


@cache
def _bases(edition: str) -> list[Values]:
    bases = [countable_cells(sound(edition)), _sparse(edition), _small(edition)]
    assert not any(_failing(workbook.load_form(edition), values) for values in bases)
    return bases


@pytest.mark.parametrize(("edition", "located", "left"), [("2019", 176, 451), ("2021", 180, 440)])
def test_one_wrong_number_is_located_in_applications_always_and_in_disputes_where_it_can_be(
    edition: str, located: int, left: int
) -> None:
    form, told = workbook.load_form(edition), Counter[tuple[str, bool]]()
    for values in _bases(edition):
        for key, slip in _slips(form, values):
            said = _words(form, {**values, key: slip}, _after(form, {}, {key: slip - values[key]}))
            assert said <= {(key, values[key])}, (key, slip)
            assert said or slip >= 0
            told[key.split(".")[0], bool(said)] += 1
    assert not told["applications", False]
    assert (told["disputes", True], told["disputes", False]) == (located, left)


@pytest.mark.parametrize("edition", EDITIONS)
def test_one_wrong_number_whose_totals_follow_is_told_as_it_was_where_it_is_negative(edition: str) -> None:
    form = workbook.load_form(edition)
    for values in _bases(edition):
        for key, slip in _slips(form, values):
            if key not in form.calculated:
                wrong = _following(form, {**values, key: slip})
                failing = _failing(form, wrong)
                said = _words(form, wrong, failing)
                assert said <= {(key, values[key])}, (key, slip)
                assert said or slip >= 0 or not failing


@pytest.mark.parametrize(("edition", "located", "left"), [("2019", 3535, 1181), ("2021", 4078, 1369)])
def test_two_exchanged_numbers_are_told_as_they_were_or_not_at_all_in_sound_reports(
    edition: str, located: int, left: int
) -> None:
    """One of the two may be 0: a number in the wrong row or column."""
    form, told = workbook.load_form(edition), Counter[bool]()
    for values, one, other in _pairs(edition):
        change = values[other] - values[one]
        wrong = {**values, one: values[other], other: values[one]}
        failing = _after(form, {}, {one: change, other: -change})
        said = _words(form, wrong, failing)
        assert said <= {(one, values[one]), (other, values[other])}, (one, other, said)
        told[len(said) == 2] += bool(failing)
    assert (told[True], told[False]) == (located, left)


@pytest.mark.parametrize(("edition", "located", "left"), [("2019", 401, 711), ("2021", 418, 800)])
def test_two_exchanged_numbers_whose_totals_follow_are_told_as_they_were_or_not_at_all(
    edition: str, located: int, left: int
) -> None:
    form, told = workbook.load_form(edition), Counter[bool]()
    for values, one, other in _pairs(edition):
        if form.calculated.keys().isdisjoint((one, other)):
            wrong = _following(form, {**values, one: values[other], other: values[one]})
            failing = _failing(form, wrong)
            said = _words(form, wrong, failing)
            assert said in (frozenset(), {(one, values[one]), (other, values[other])}), (one, other, said)
            told[bool(said)] += bool(failing)
    assert (told[True], told[False]) == (located, left)


def _pairs(edition: str) -> Iterator[tuple[Values, str, str]]:
    """Yield sound values with two cells of a line."""
    for values in _bases(edition):
        for line in _lines(workbook.load_form(edition)):
            yield from ((values, one, other) for one, other in combinations(line, 2))


def test_an_exchange_that_one_cell_explains_as_well_is_not_told() -> None:
    """A total and its part change places: 80 and 208 for 208 and 80, or the total alone is wrong."""
    values = countable_cells(sound("2021"))
    form, one, other = workbook.load_form("2021"), "disputes.review.upheld", "disputes.review.total"
    wrong = {**values, one: values[other], other: values[one]}
    assert not _words(form, wrong, _failing(form, wrong))


def test_a_negative_number_is_to_blame_for_its_line() -> None:
    finding = workbook.check(sound("2021").with_cells({"disputes.review.upheld": -80}))[-1]
    assert finding.code == "disputes.total"
    assert [(change.cell.cell, change.value) for change in finding.corrections] == [("disputes.review.upheld", 80)]
    both = sound("2021").with_cells({"disputes.review.upheld": -80, "disputes.review.other": -11})
    assert not any(finding.corrections for finding in workbook.check(both))
