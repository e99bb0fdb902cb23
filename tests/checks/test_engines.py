"""Python and the template's own formulas, recalculated by LibreOffice, find the same on every case of the corpus."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, Case, cases, sound
from formulas import put
from functions import answer, countable
from workbooks import blank_of, recalculated, workbook_of

import workbook
from workbook.excel.layout import RESULT, plan_of
from workbook.report import Report, plain
from workbook.report.equations import countable_cells, judged
from workbook.report.findings import entry

if TYPE_CHECKING:
    from pathlib import Path

    from formulas import Sheets
    from office import Office


def in_workbook(report: Report) -> frozenset[tuple[str, str]]:
    """Return what the formulas must find; to them a formula that is only a text is a text like others."""
    texts = {("cell.not_a_number", f.at) for f in workbook.check(report) if f.code == "cell.not_calculated"}
    return frozenset(finding.identity for finding in workbook.check(report) if entry(finding).in_workbook) | texts


@pytest.mark.parametrize("case", cases(), ids=str)
def test_python_formulas_and_functions_find_the_same(case: Case, formulas: dict[str, Sheets]) -> None:
    """One recalculation: the formulas give the findings of the checks and the differences of the functions."""
    sheets, rows = formulas[case.edition], plan_of(case.edition).checks
    sheets.lay(case.report)
    assert sheets.findings() == in_workbook(case.report)
    shown = sheets.differences()
    counted = countable_cells(case.report)
    for equation in case.report.form.equations():
        if countable(case.report, equation, counted):
            difference = shown[rows[equation.code, equation.at.key]] or 0
            found = answer(case.report, equation)
            assert found == [[pytest.approx(difference, abs=1e-6)]], (equation.code, equation.at.key)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_equation_fails_in_both_engines_when_one_of_its_cells_is_changed(
    edition: str, formulas: dict[str, Sheets]
) -> None:
    sheets, base = formulas[edition], sound(edition)
    for equation in base.form.equations():
        for key in {equation.left[0][0], equation.right[-1][0]}:
            was = base.cells[key]
            assert isinstance(was, int | Decimal)
            left, right = judged(equation, countable_cells(base)) or (0, 0)
            report = base.with_cells({key: was + dict(equation.terms)[key] * (right - left + 1)})
            sheets.lay(report)
            found = sheets.findings()
            assert (equation.code, equation.at.key) in found
            assert found == in_workbook(report)
    sheets.lay(base)
    assert not sheets.findings()


@pytest.mark.parametrize("edition", EDITIONS)
def test_totals_follow_while_a_clerk_fills_the_template(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "template.xlsx"
    path.write_bytes(blank_of(edition))
    base, plan = sound(edition), plan_of(edition)
    with libreoffice.open(path) as document:
        for table in plan.tables:
            sheet = document.Sheets[table.sheet]
            sheet.unprotect("")
            for key, (row, column) in table.cells.items():
                if key not in base.form.calculated:
                    put(sheet.getCellByPosition(column, row), base.cells[key])
        document.calculateAll()
        for table in plan.tables:
            for key, (row, column) in table.cells.items():
                value = document.Sheets[table.sheet].getCellByPosition(column, row).Value
                assert value == plain(base.cells[key]), key


def test_a_formula_broken_on_purpose_is_noticed(formulas: dict[str, Sheets]) -> None:
    sheets = formulas["2021"]
    report = sound("2021").with_cells({"applications.received.natural": 1})
    sheets.lay(report)
    assert sheets.findings() == in_workbook(report)
    row = sheets.plan.checks["applications.balance", "natural"]
    cell = sheets.document.Sheets["校验"].getCellByPosition(RESULT, row)
    formula, cell.Formula = cell.Formula, '="✓"'
    try:
        assert sheets.findings() != in_workbook(report)
    finally:
        cell.Formula = formula
        sheets.lay(sound("2021"))


@pytest.mark.parametrize("case", cases()[::7], ids=str)
def test_stored_values_are_what_the_formulas_give(case: Case, libreoffice: Office, tmp_path: Path) -> None:
    """Every formula that the kit writes carries the value that a recalculation gives it."""
    path = tmp_path / "report.xlsx"
    path.write_bytes(workbook_of(case.report))
    with libreoffice.open(path) as document:
        stored, calculated = recalculated(document)
    assert stored
    assert stored == calculated
