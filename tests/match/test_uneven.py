"""Rows, heads and spans with a cell too few or too many: no number is ever read from another column."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, fitting, sound
from silence import silent
from uneven import FAULTS, SPREAD, Rows, changed_page

import workbook
from workbook.checks.convert import with_zeros
from workbook.match.uneven import settle
from workbook.report import Report, Unreadable
from workbook.report.unread import unread

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__.strip("_"))
@pytest.mark.parametrize("edition", EDITIONS)
def test_no_cell_moves_to_another_column(edition: str, fault: Callable[[list[list], int], None]) -> None:
    report = sound(edition)
    sizes: dict[str, list[int]] = {}
    changed_page(report, lambda key, rows: sizes.update({key: [len(row) for row in rows]}))
    places = [(key, row, at) for key, rows in sizes.items() for row, size in enumerate(rows) for at in range(size)]
    for key, row, at in places[FAULTS.index(fault) % SPREAD :: SPREAD]:

        def change(name: str, rows: Rows, *, key: str = key, row: int = row, at: int = at) -> None:
            if name == key:
                fault(rows[row], at)

        try:
            read = workbook.parse(changed_page(report, change), "a.html")
        except Unreadable:
            continue
        assert not silent(report, read), (key, row, at)


def _found(report: Report, *codes: str) -> dict[str, str]:
    return {finding.at: finding.message() for finding in workbook.check(report) if finding.code in codes}


def _without(table: str, label: str, at: int) -> Callable[[str, Rows], None]:
    """Return what takes a cell out of the row of a label, counted behind it."""

    def change(name: str, rows: Rows) -> None:
        if name == table:
            row = next(row for row in rows if any(cell[0] == label for cell in row))
            del row[next(i for i, cell in enumerate(row) if cell[0] == label) + 1 + at]

    return change


def test_where_no_rule_decides_nothing_of_the_row_is_read() -> None:
    report = sound("2021")
    label = report.form.table("documents").rows[1].label
    read = workbook.parse(changed_page(report, _without("documents", label, 0)), "a.html")
    keys = [f"documents.normative.{column.key}" for column in report.form.table("documents").columns]
    assert [read.cells[key] for key in keys] == [None] * 3
    (message,) = _found(read, "table.row_uneven").values()
    for key in keys[1:]:
        assert str(report.cells[key]) in message
    assert "网页" in message
    assert not [finding for finding in workbook.check(read) if finding.code == "cell.blank"]
    assert with_zeros(read).cells == read.cells, "what was not read is not blank"
    assert set(keys) == unread(read)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("at", range(7))
def test_the_rules_place_the_rest_of_a_row(edition: str, at: int) -> None:
    report = sound(edition)
    table = report.form.table("applications")
    read = workbook.parse(changed_page(report, _without("applications", table.rows[0].label, at)), "a.html")
    for position, column in enumerate(table.columns):
        key = f"applications.received.{column.key}"
        assert read.cells[key] == (None if position == at else report.cells[key])
    assert list(_found(read, "table.row_placed")) == ["applications.received"]
    assert list(_found(read, "cell.unread")) == [f"applications.received.{table.columns[at].key}"]
    rules = {equation.code for equation in read.form.equations()}
    assert rules.isdisjoint(finding.code for finding in workbook.check(read))


def test_a_doubled_number_is_dropped_by_the_rules() -> None:
    report = sound("2021")

    def change(name: str, rows: Rows) -> None:
        if name == "applications":
            row = next(row for row in rows if any(cell[0].startswith("（七）") for cell in row))
            row.insert(2, list(row[2]))

    read = workbook.parse(changed_page(report, change), "a.html")
    assert read.cells == report.cells
    assert list(_found(read, "table.row_placed")) == ["applications.concluded"]


def test_last_years_report_decides_where_the_tables_cannot() -> None:
    report = sound("2021")
    change = {"documents.normative.made": 4, "documents.normative.repealed": 10, "documents.normative.in_force": 33}
    report = report.with_cells(change)
    label = report.form.table("documents").rows[1].label

    def double(name: str, rows: Rows) -> None:
        if name == "documents":
            row = next(row for row in rows if any(cell[0] == label for cell in row))
            row.insert(1, list(row[1]))

    read = workbook.parse(changed_page(report, double), "a.html")
    assert read.cells["documents.normative.made"] is None
    last = replace(fitting(report, sound("2021")), year=report.year - 1)
    settled = settle(read, last)
    assert {key: settled.cells[key] for key in change} == change
    assert list(_found(settled, "table.row_placed")) == ["documents.normative"]
    assert not _found(settled, "table.row_uneven")
    assert settle(read, replace(last, year=last.year - 1)).cells["documents.normative.made"] is None
