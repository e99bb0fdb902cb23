"""Last year's report: what fits gives nothing, and a change is told where it is."""

from __future__ import annotations

from cases import EDITIONS, sound
from hypothesis import given
from hypothesis import strategies as st
from strategies import sound_reports
from years import last_of

import workbook
from workbook.checks.prior_year import CODES
from workbook.report import Finding, Report


def of_years(report: Report, last: Report) -> list[Finding]:
    """Return what does not fit last year's report, whether or not it can be believed."""
    return [finding for finding in workbook.check(report, last) if finding.code in CODES]


@given(edition=st.sampled_from(EDITIONS), data=st.data())
def test_what_fits_gives_nothing_and_a_change_in_one_column_exactly_that_column(
    edition: str, data: st.DataObject
) -> None:
    report = data.draw(sound_reports(edition))
    last = last_of(report)
    assert not of_years(report, last)
    opening = data.draw(st.sampled_from(report.form.opening_equations))
    key, sign = data.draw(st.sampled_from(opening.last_year))
    was = last.cells[key]
    assert isinstance(was, int)
    change = data.draw(st.integers(-1000, 1000).filter(bool))
    (finding,) = of_years(report, last.with_cells({key: was + change}))
    assert finding.identity == (opening.code, opening.cell)
    assert finding.difference == -sign * change
    assert finding.found == report.cells[opening.cell]
    for lang in ("zh", "en"):
        assert all(str(part) in finding.message(lang) for part in (finding.found, finding.expected, "上年.xlsx"))


@given(data=st.data())
def test_the_older_edition_is_compared_where_both_have_the_cells(data: st.DataObject) -> None:
    report = data.draw(sound_reports("2021"))
    last = last_of(report, data.draw(sound_reports("2019")))
    assert not of_years(report, last)
    column = data.draw(st.sampled_from(report.form.table("applications").columns)).key
    was = last.cells[f"applications.carried_forward.{column}"]
    assert isinstance(was, int)
    changed = last.with_cells({f"applications.carried_forward.{column}": was + 1})
    places = [finding.identity for finding in of_years(report, changed)]
    assert places == [("year.brought_forward", f"applications.brought_forward.{column}")]


@given(data=st.data())
def test_what_is_no_number_is_not_compared(data: st.DataObject) -> None:
    edition = data.draw(st.sampled_from(EDITIONS))
    report = sound(edition)
    key = data.draw(st.sampled_from([key for opening in report.form.opening_equations for key, _ in opening.last_year]))
    last = last_of(report).with_cells({key: data.draw(st.sampled_from([None, "无", "/", "12件"]))})
    assert not of_years(report, last)


def test_a_stock_is_told_with_every_number_that_it_is_made_of() -> None:
    report = sound("2021")
    (finding,) = of_years(report, last_of(report).with_cells({"documents.normative.in_force": 90}))
    message = finding.message()
    assert finding.level == "warning"
    assert all(part in message for part in ("77", "90", "59", "- “行政规范性文件 · 本年废止件数” 67", "82", "-5"))
