"""What a published file says otherwise, shown at the cells of the open workbook that it should say the same as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import text_name
from workbook.report import Place
from xlplugin.fill import text_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.report import Finding, Report
    from xlplugin.excel import Desk


def at_the_workbook(desk: Desk, findings: Iterable[Finding], report: Report) -> Iterator[dict[str, Any]]:
    """Yield findings about a published file as dictionaries whose cells are those of the open workbook.

    Their words keep the place in the published file. What has no cell of its own leads to the text, the row or the
    table that it speaks of.
    """
    texts = {key: Place(sheet, a1(row - 1, 0)) for key, sheet, row in text_rows(desk, report)}
    for finding in findings:
        shown = finding.as_dict()
        keys = [cell["cell"] for cell in shown["cells"]] or [finding.at]
        places = [(key, _place(key, report, texts)) for key in keys]
        shown["cells"] = [
            {"cell": key, "sheet": place.sheet, "address": place.address, "value": finding.found}
            for key, place in places
            if place
        ]
        yield shown


def _place(key: str, report: Report, texts: dict[str, Place]) -> Place | None:
    """Return where the workbook has a cell, an answer or a text; of a row, a column or a table, its first cell."""
    for name in (key, text_name(key)):
        if name in report.places:
            return report.places[name]
    if key in texts:
        return texts[key]
    table, _, line = key.partition(".")
    for name, cell in report.form.cells.items():
        if cell.table == table and line in {"", cell.row.key, cell.column.key}:
            return report.places.get(name)
    return None
