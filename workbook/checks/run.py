"""Checks a report: each cell by its kind, each equation by its cells; all in one run, causes before followers."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.checks.locate import locate
from workbook.checks.plausible import look
from workbook.checks.prior_year import compare
from workbook.checks.text import dispute
from workbook.checks.waivers import settled
from workbook.report.equations import counted_cells, residuals, sides
from workbook.report.findings import LEVELS, CellAt, Change, Finding, cell_at, note
from workbook.report.limits import CREDIT, DIVISION, PARAGRAPH_LIMIT, TEXT_LIMIT
from workbook.report.values import Number, Report, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.form import Cell, Equation, Kind


def check(report: Report, previous: Report | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with a report, in the order in which a person would put it right.

    Errors come before warnings and what is only told. Among each of them what reading noted comes first, then cover,
    cells and texts, then the comparison with last year's report where there is one, then what is hard to believe, then
    the rules of the tables, those last that a faulty cell may have broken, and what is wrong with the waivers. Warnings
    that a waiver of the report covers are waived.
    """
    cells = report.cells
    suspects = [cell for key, cell in report.form.cells.items() if fault(cell.kind, cells[key])]
    faults = {cell.key: code for cell in suspects if (code := cell_fault(report, cell))}
    missed = unread(report)
    faults |= dict.fromkeys(faults.keys() & missed, "cell.unread")
    untold = {key: code for key, code in faults.items() if key not in missed or not _is_told(report, key)}
    findings: list[Finding] = [
        *report.noted,
        *_cover(report),
        *_cells(report, untold),
        *_texts(report),
        *dispute(report, previous),
        *(compare(report, previous) if previous else ()),
        *look(report, previous),
    ]
    failing = {
        equation: difference
        for equation, difference in residuals(report).items()
        if not missed or missed.isdisjoint(key for key, _ in equation.terms)
    }
    if failing:
        findings += _rules(report, failing, faults)
    findings = settled(findings, report.waivers, compared=previous is not None)
    return tuple(sorted(findings, key=lambda finding: LEVELS.index(finding.level)))


def unread(report: Report) -> frozenset[str]:
    """Return the cells that have no number because the file has none at their place, or none that can be read.

    Nothing is known of them: they are not blank, and rules in which they stand can be neither kept nor broken.
    """
    lost = {finding.at for finding in report.noted if finding.code in {"cell.not_taken", "total.not_added"}}
    return frozenset(
        key
        for key, value in report.cells.items()
        if value is None and (key in lost or (report.places and key not in report.places))
    )


def _is_told(report: Report, key: str) -> bool:
    """Say whether reading noted already why there is nothing of a cell: of itself, its row, its column or its table."""
    cell = report.form.cells[key]
    lines = {key, cell.table, f"{cell.table}.{cell.row.key}", f"{cell.table}.{cell.column.key}"}
    return any(finding.at in lines and finding.level == "error" for finding in report.noted)


def is_sound(findings: tuple[Finding, ...], *, strict: bool = False) -> bool:
    """Say whether a report with these findings may be sent up; ``strict`` refuses warnings that nobody accepted too."""
    failing = {"error", "warning"} if strict else {"error"}
    return not any(finding.level in failing and not finding.waived for finding in findings)


def fault(kind: Kind, value: Value) -> str | None:  # noqa: PLR0911 - a list of cases reads best as one
    """Return the code of what is wrong with a value as a number of that kind; one code, the most basic one."""
    if type(value) is int and kind.minimum <= value <= kind.maximum:
        return None
    if value is None:
        return "cell.blank"
    if isinstance(value, str):
        return "cell.not_calculated" if value.startswith("=") else "cell.not_a_number"
    if not -kind.maximum <= value <= kind.maximum:
        return "cell.too_large"
    if value < kind.minimum:
        return "cell.negative"
    if round(value, kind.decimals) != value:
        return "cell.too_precise" if kind.decimals else "cell.not_whole"
    return None


def cell_fault(report: Report, cell: Cell) -> str | None:
    """Return what is wrong with a cell of a report; a total without parts is blank for their sake and has no fault."""
    value = report.cells[cell.key]
    code = fault(cell.kind, value)
    equation = report.form.calculated.get(cell.key) if code == "cell.blank" else None
    if equation and not any(isinstance(report.cells[key], int | Decimal) for key, _ in equation.right):
        return None
    return code


def _cells(report: Report, faults: Mapping[str, str]) -> Iterator[Finding]:
    for key, code in faults.items():
        kind = report.form.cells[key].kind
        yield note(
            code,
            key,
            (cell_at(report, key),),
            report.cells[key],
            kind=kind.label,
            kind_en=kind.label_en,
            limit=str(kind.maximum),
        )


def _rules(report: Report, failing: dict[Equation, Number], faults: Mapping[str, str]) -> list[Finding]:
    values = counted_cells(report)
    repairs = locate(report.form, values, failing)
    found = []
    for equation, difference in failing.items():
        left, right = sides(equation, values)
        changes = tuple(Change(cell_at(report, key), value) for key, value in repairs.get(equation, {}).items())
        cells = tuple(cell_at(report, key) for key, _ in equation.terms)
        found.append(
            Finding(
                equation.code, equation.rule.level, equation.at.key, cells, left, right, difference, changes, equation
            )
        )
    return sorted(found, key=lambda finding: any(cell.cell in faults for cell in finding.cells))


def _cover(report: Report) -> Iterator[Finding]:
    body, form = report.body, report.form
    if not body.name:
        yield _cover_note(report, "name", body.name)
    if report.year is None and not any(finding.code == "body.year" for finding in report.noted):
        yield _cover_note(report, "year", None)
    if body.credit_code is not None:
        from stdnum.cn import uscc

        if not re.fullmatch(CREDIT, body.credit_code) or not uscc.is_valid(body.credit_code):
            yield _cover_note(report, "credit_code", body.credit_code)
    if body.division_code is not None and not re.fullmatch(DIVISION, body.division_code):
        yield _cover_note(report, "division_code", body.division_code)
    choices = form.field("kind").choices
    if body.kind is not None and body.kind not in choices:
        yield _cover_note(report, "kind", body.kind, choices="、".join(choices.values()))
    for field in form.more_fields:
        answer = body.answer(field.key)
        if answer is not None and field.choices and answer not in field.choices:
            cell = CellAt(field.key, field.label, answer, report.places.get(field.key))
            yield note("body.choice", field.key, (cell,), answer, choices="、".join(field.choices.values()))
    if report.year is not None and not form.covers(report.year):
        words = {"year": str(report.year), "edition": form.edition, "authority": form.authority}
        yield note("file.edition_for_year", "year", **words)


def _cover_note(report: Report, key: str, found: Value, **words: str) -> Finding:
    cell = CellAt(key, report.form.field(key).label, found, report.places.get(key))
    return note(f"body.{key}", key, (cell,), found, **words)


def _texts(report: Report) -> Iterator[Finding]:
    for key, section in report.form.narratives():
        text = report.narrative[key]
        if not text:
            yield note("text.blank", key, section=section.heading)
        elif len(text) > PARAGRAPH_LIMIT // 2:
            longest = max(_length(paragraph) for paragraph in text.split("\n"))
            for length, limit in ((longest, PARAGRAPH_LIMIT), (len(text), TEXT_LIMIT)):
                if length > limit:
                    yield note("text.too_long", key, section=section.heading, length=str(length), limit=str(limit))
                    break


def _length(text: str) -> int:
    """Return the length of a text as spreadsheets count it: characters beyond the basic plane are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
