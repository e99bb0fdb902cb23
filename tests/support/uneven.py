"""Pages of a report whose rows lack cells, have too many, or spans that are wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from published import boxes, title

from workbook.excel.layout import plan_of
from workbook.report import Report

if TYPE_CHECKING:
    from collections.abc import Callable

Rows = list[list[list]]
Change = "Callable[[str, Rows], None]"


def changed_page(report: Report, change: Callable[[str, Rows], None]) -> bytes:
    """Return a page of a report whose tables were changed; a cell is its text, its height and its width."""
    parts = [f"<html><meta charset=utf-8><body><h1>{title(report)}</h1>"]
    for section in report.form.sections:
        parts.append(f"<p>{section.heading}</p><p>{report.narrative.get(section.narrative or '') or ''}</p>")
        for table in plan_of(report.edition).tables:
            if table.table.section == section.number:
                rows = [[list(cell) for cell in row] for row in boxes(table, report)]
                change(table.table.key, rows)
                cells = ("".join(f"<td rowspan={h} colspan={w}>{t}</td>" for t, h, w in row) for row in rows)
                parts.append("<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>")
    return "".join(parts).encode()


def _drop(row: list[list], at: int) -> None:
    del row[at]


def _double(row: list[list], at: int) -> None:
    row.insert(at, list(row[at]))


def _widen(row: list[list], at: int) -> None:
    row[at][2] += 1


def _narrow(row: list[list], at: int) -> None:
    row[at][2] = max(1, row[at][2] - 1)


def _heighten(row: list[list], at: int) -> None:
    row[at][1] += 1


def _lower(row: list[list], at: int) -> None:
    row[at][1] = max(1, row[at][1] - 1)


FAULTS = (_drop, _double, _widen, _narrow, _heighten, _lower)
SPREAD = 9
"""Of so many faults one is tried; another for each kind."""
