"""Compares a report with last year's: what the form takes over from it, cell by cell."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.report.findings import Finding, make_finding, show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.form import OpeningEquation
    from workbook.report.report import Report
    from workbook.report.values import Body, Number

CODES = frozenset({"year.brought_forward", "year.in_force", "year.items", "year.not_last"})
"""All but the last are those of the forms' opening rules."""

Term = tuple[str, int, "Number"]
"""A label, its sign and the number found under it."""


def check(report: Report, previous: Report | None = None) -> Iterator[Finding]:
    """Yield what does not fit last year's report, which may be of an older edition of the form.

    Only numbers are compared; what last year's edition does not have is not.
    """
    if previous is None:
        return
    file = previous.source.file if previous.source else ""
    if not is_last_year(report, previous):
        words = {"file": file, "body": previous.body.name or "", "year": str(previous.year or "")}
        yield make_finding("year.not_last", "year", **words)
        return
    for opening in report.form.opening_equations:
        finding = _broken(opening, report, previous)
        if finding:
            yield replace(finding, words={**finding.words, "file": file})


def is_last_year(report: Report, previous: Report) -> bool:
    """Say whether nothing speaks against a report's being the same office's of the year before."""
    years = report.year is None or previous.year is None or previous.year == report.year - 1
    return years and same_body(report.body, previous.body) is not False


def same_body(one: Body, other: Body) -> bool | None:
    """Say whether two offices are one: by their credit codes, else by their names; ``None`` where that is not told.

    Names are the same office's as ``same_office`` has it: with or without the areas around it, in full or for short.
    """
    if one.credit_code and other.credit_code:
        return one.credit_code == other.credit_code
    from workbook.report.office_words import office_name  # nothing asks for it where reports are not compared
    from workbook.report.offices import same_office

    return same_office(one.name, other.name) if office_name(one.name) and office_name(other.name) else None


def _broken(opening: OpeningEquation, report: Report, previous: Report) -> Finding | None:
    """Return the finding of a cell that differs from what it takes over; ``None`` where a number is missing."""
    last, this = _terms(previous, opening.last_year), _terms(report, opening.this_year)
    found = report.cells[opening.cell]
    if last is None or this is None or not isinstance(found, int | Decimal):
        return None
    expected: Number = sum(sign * value for _, sign, value in (*last, *this))
    if found == expected:
        return None
    cells = tuple(report.cell(key) for key in (opening.cell, *(key for key, _ in opening.this_year)))
    words = {"was": last[0][0], "last": _said(last), "this": _said(this)}
    return replace(
        make_finding(opening.code, opening.cell, cells, found, **words), expected=expected, difference=found - expected
    )


def _terms(report: Report, terms: Iterable[tuple[str, int]]) -> list[Term] | None:
    """Return what a report has in some cells; ``None`` where it lacks one or one holds no number."""
    found: list[Term] = []
    for key, sign in terms:
        value = report.cells.get(key)
        if not isinstance(value, int | Decimal):
            return None
        found.append((report.form.cells[key].label, sign, value))
    return found


def _said(terms: Iterable[Term]) -> str:
    """Say a sum term by term, each with its number."""
    said = (f"{'-' if sign < 0 else '+'} “{label}” {show(value)}" for label, sign, value in terms)
    return " ".join(said).removeprefix("+ ")
