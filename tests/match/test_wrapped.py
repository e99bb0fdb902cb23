"""Numbers on several lines of a cell: read where the rules leave one reading, else told and not read."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import noise
import pytest
from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from silence import silent, told

import workbook
from workbook.match import match

if TYPE_CHECKING:
    from workbook.report import Report


def read(edition: str, changes: dict[str, Any], shape: str = "expanded") -> Report:
    """Return what is read of a sound report with some cells written otherwise."""
    page = noise.paper(sound(edition))
    for item in page.items("number"):
        item.value = changes.get(item.key, item.value)
    return match(page.document(shape))


def codes(report: Report) -> dict[str, str]:
    return {finding.at: finding.code for finding in report.reader_findings}


def errors(report: Report) -> set[tuple[str, str]]:
    """Return the errors but those of the cover, which these documents lack."""
    found = (finding for finding in workbook.check(report) if finding.level == "error")
    return {(finding.code, finding.at) for finding in found if not finding.code.startswith("body.")}


def cut(value: object, random: Random) -> str:
    digits = str(value)
    at = random.randrange(1, len(digits))
    return f"{digits[:at]}\n{digits[at:]}"


def long(edition: str, *, judged: bool = True) -> list[str]:
    """Return the cells whose numbers have several digits, those that stand in an equation or the others."""
    report = sound(edition)
    known = {key for each in report.form.equations() if each.exact for key, _ in each.terms}
    cells = [key for key, value in report.cells.items() if (key in known) == judged and isinstance(value, int)]
    return [key for key in cells if len(str(report.cells[key]).lstrip("-")) > 1]


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_wrapped_number_is_joined_where_the_rules_say_so(edition: str) -> None:
    random = Random(1)  # noqa: S311
    for key in long(edition):
        report = read(edition, {key: cut(sound(edition).cells[key], random)})
        assert dict(report.cells) == dict(sound(edition).cells), key
        assert codes(report) == {key: "cell.wrapped"}


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_no_rule_judges_is_told_and_not_read(edition: str) -> None:
    random = Random(2)  # noqa: S311
    for key in long(edition, judged=False):
        report = read(edition, {key: cut(sound(edition).cells[key], random)})
        assert dict(report.cells) == {**sound(edition).cells, key: None}
        assert codes(report) == {key: "cell.wrapped_open"}
        assert errors(report) == {("cell.wrapped_open", key)}


def test_a_number_with_another_beside_it_is_read_without_it() -> None:
    key = long("2021")[0]
    value = sound("2021").cells[key]
    report = read("2021", {key: f"{value}\n7"})
    assert report.cells[key] == value
    assert codes(report) == {key: "cell.wrapped"}


def test_a_wrong_report_decides_nothing() -> None:
    """Neither joined nor separate do the sums come right: the number is told, and rules with it are not judged."""
    key = long("2021")[0]
    report = read("2021", {key: "9\n9\n9\n9\n9"})
    assert report.cells[key] is None
    assert errors(report) == {("cell.wrapped_open", key)}


def test_several_readings_that_hold_decide_nothing() -> None:
    """A row of zeros but for one number, wrapped alike in its column and in the total, whose sums are wrapped too."""
    form = sound("2021").form
    keys = [key for key in form.cells if key.startswith("disputes.review.")]
    changes: dict[str, Any] = dict.fromkeys(keys, 0)
    report = read("2021", {**changes, keys[0]: "1\n0", keys[-1]: "1\n0"})
    assert [report.cells[key] for key in (keys[0], keys[-1])] == [None, None]
    assert codes(report) == dict.fromkeys((keys[0], keys[-1]), "cell.wrapped_open")


@given(st.sampled_from(EDITIONS), st.sampled_from(noise.SHAPES), st.integers(0, 10_000), st.integers(1, 40))
def test_no_wrong_number_without_a_finding(edition: str, shape: str, seed: int, count: int) -> None:
    random, wanted = Random(seed), sound(edition)  # noqa: S311
    cells = [*long(edition), *long(edition, judged=False)]
    chosen = random.sample(cells, min(count, len(cells)))
    report = read(edition, {key: cut(wanted.cells[key], random) for key in chosen}, shape)
    assert not silent(wanted, report)
    if shape == "expanded":
        assert {key for key in chosen if report.cells[key] is None} <= told(report)
        others = wanted.cells.keys() - chosen
        assert all(report.cells[key] == wanted.cells[key] for key in others)
