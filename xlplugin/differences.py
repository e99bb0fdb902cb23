"""What a published file says otherwise, shown at the cells of the open workbook that it should say the same as."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import text_name
from workbook.report import Place
from workbook.report.folding import first_difference
from xlplugin.fill import text_rows
from xlplugin.read import ExcelWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.report import Finding, Report
    from xlplugin.excel import Desk


def at_the_workbook(
    desk: Desk, findings: Iterable[Finding], report: Report, published: Report
) -> Iterator[dict[str, Any]]:
    """Yield findings about a published file as dictionaries whose cells are those of the open workbook.

    Their words keep the place in the published file. What has no cell of its own leads to the paragraph, the row or the
    table that it speaks of.

    Args:
        desk: the workbook.
        findings: what the published file says otherwise.
        report: the report in the workbook.
        published: that in the file.
    """
    texts = _texts(desk, report, published)
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


def _texts(desk: Desk, report: Report, published: Report) -> dict[str, Place]:
    """Return the first paragraph of each text on a sheet of its own that is not as published; else its first row."""
    book, found = ExcelWorkbook(desk.book), {}
    for key, sheet, row in text_rows(desk, report):
        line = _differing(published.narrative.get(key) or "", report.narrative[key] or "")
        below = (at for at, cells in enumerate(book.grid(sheet)[row - 1 :], row) if line and line in str(cells[0]))
        found[key] = Place(sheet, a1(next(below, row) - 1, 0))
    return found


def _differing(published: str, own: str) -> str:
    """Return the line of the own text in which another first says something else."""
    places = first_difference(published, own)
    if places is None:
        return ""
    return own[own.rfind("\n", 0, places[1]) + 1 :].partition("\n")[0].strip()


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
