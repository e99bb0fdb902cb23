"""Each cell by its kind of number: blank, not a number, too large, and so on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from workbook.report.findings import make_finding
from workbook.report.notation import plain_number
from workbook.report.unread import unread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.form import Cell, Kind
    from workbook.report.findings import Finding
    from workbook.report.report import Report
    from workbook.report.values import Value

CODES = frozenset(
    {
        "cell.blank",
        "cell.negative",
        "cell.not_a_number",
        "cell.not_calculated",
        "cell.not_whole",
        "cell.text_number",
        "cell.too_large",
        "cell.too_precise",
        "cell.unread",
    }
)


def check(report: Report, _previous: Report | None = None) -> Iterator[Finding]:
    """Yield the faults of each cell; for unread cells ``cell.unread``, unless the reader has reported the reason."""
    missed = unread(report)
    for key, code in cell_codes(report).items():
        if key in missed and _is_told(report, key):
            continue
        kind = report.form.cells[key].kind
        words = {"kind": kind.label, "kind_en": kind.label_en, "limit": str(kind.maximum)}
        yield make_finding(code, key, (report.cell(key),), report.cells[key], **words)


def cell_codes(report: Report) -> dict[str, str]:
    """Return the cells with which something is wrong, each with the code of it."""
    if report.is_plain:
        return {}
    found = {key: code for key, cell in report.form.cells.items() if (code := cell_code(report, cell))}
    return found | dict.fromkeys(found.keys() & unread(report), "cell.unread") if found else found


def _is_told(report: Report, key: str) -> bool:
    """Say whether reading noted already why there is nothing of a cell: of itself, its row, its column or its table."""
    cell = report.form.cells[key]
    lines = {key, cell.table, f"{cell.table}.{cell.row.key}", f"{cell.table}.{cell.column.key}"}
    return any(
        finding.level == "error" and (finding.at in lines or any(named.cell == key for named in finding.cells))
        for finding in report.reader_findings
    )


def value_code(kind: Kind, value: Value) -> str | None:  # noqa: PLR0911 - a list of cases reads best as one
    """Return the code of what is wrong with a value as a number of that kind; one code, the most basic one."""
    if type(value) is int and kind.minimum <= value <= kind.maximum:
        return None
    if value is None:
        return "cell.blank"
    if isinstance(value, str):
        return _text_code(value)
    if not -kind.maximum <= value <= kind.maximum:
        return "cell.too_large"
    if value < kind.minimum:
        return "cell.negative"
    if round(value, kind.decimals) != value:
        return "cell.too_precise" if kind.decimals else "cell.not_whole"
    return None


def _text_code(value: str) -> str:
    """Return the code of a text in a number cell."""
    if value.startswith("="):
        return "cell.not_calculated"
    return "cell.not_a_number" if plain_number(value) is None else "cell.text_number"


def cell_code(report: Report, cell: Cell) -> str | None:
    """Return what is wrong with a cell of a report; a total without parts is blank for their sake and has no fault."""
    value = report.cells[cell.key]
    code = value_code(cell.kind, value)
    equation = report.form.calculated.get(cell.key) if code == "cell.blank" else None
    if equation and not any(isinstance(report.cells[key], int | Decimal) for key, _ in equation.right):
        return None
    return code
