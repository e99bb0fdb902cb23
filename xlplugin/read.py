"""Reads the report in the workbook that is open, one read a sheet, with the reader that reads files."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from workbook.excel.address import cells_of, spot
from workbook.excel.reading.by_position import read_sheets
from workbook.excel.reading.formulas import summed
from workbook.excel.reading.grid import COLUMNS, ROWS, at
from workbook.excel.reading.totals import parts_of
from workbook.report import Unreadable
from workbook.report.equations import added

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xlwings import Book

    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.visible import Looks
    from workbook.match import Hidden
    from workbook.report import Finding, Place, Report, Value

_VERY_HIDDEN = 2
_ERRORS = range(-2146826300, -2146826200)


class ExcelWorkbook:
    """A workbook open in Excel, as the reader asks of it (``workbook.excel.reading.file.OpenWorkbook``)."""

    def __init__(self, book: Book) -> None:
        self.file: str = book.name
        self.names: list[str] = [sheet.name for sheet in book.sheets]
        self._book = book
        self._grids: dict[str, Grid] = {}

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""
        if name not in self.names:
            return []
        if name not in self._grids:
            sheet = self._book.sheets[name]
            last = sheet.used_range.last_cell
            area = sheet.range((1, 1), (min(last.row, ROWS), min(last.column, COLUMNS)))
            values = area.options(ndim=2, empty="", err_to_str=True).value
            self._grids[name] = [[plain_value(value) for value in row] for row in values]
        return self._grids[name]

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        return self._grids.get(name, [])

    def unseen(self, name: str) -> dict[str, str]:  # noqa: ARG002 - Excel calculates, and shows errors as texts
        """Return nothing: in Excel no formula is without its result."""
        return {}

    def looks(self) -> Mapping[str, Looks]:
        """Return nothing: who asks in Excel has the cells before their eyes."""
        return {}

    def told(self) -> tuple[Finding, ...]:
        """Return nothing, for the same reason."""
        return ()

    def hidden(self, name: str) -> Hidden:
        """Return whether and how a sheet is hidden."""
        shown = self._book.sheets[name].visible
        return "very" if shown == _VERY_HIDDEN else "" if shown else "hidden"

    def named(self) -> Mapping[str, Place]:
        """Return the cells to which the workbook gives names."""
        return cells_of((name.name, name.refers_to or "") for name in self._book.names)


def live_report(book: Book) -> Report:
    """Return the report in an open workbook, every cell with its place.

    Raises:
        Unreadable: it holds no report, or not all of its tables; the findings say why.
    """
    report = read_sheets(ExcelWorkbook(book))
    if not report.cells.keys() <= report.places.keys():
        raise Unreadable(*(finding for finding in report.reader_findings if finding.level == "error"))
    return report


def settled(report: Report, book: Book) -> Report:
    """Return a report whose totals are the sums of their parts where the workbook has them calculated so.

    A function of the worksheet may be asked before Excel has calculated the totals that it looks at.
    """
    formulas: dict[str, Any] = {}
    open_totals: set[str] = set()
    values: dict[str, Value] = dict(report.cells)
    for key in report.form.parts_first:
        place, parts = report.places[key], parts_of(report, key)
        if place.sheet not in formulas:
            last = book.sheets[place.sheet].used_range.last_cell
            area = book.sheets[place.sheet].range((1, 1), (min(last.row, ROWS), min(last.column, COLUMNS)))
            formulas[place.sheet] = area.options(ndim=2).formula
        formula = at(formulas[place.sheet], *spot(place.address))
        if summed(str(formula)) == {report.places[part].address for part in parts}:
            held = [values[part] for part in parts]
            if any(isinstance(value, str) for value in held):
                open_totals.add(key)  # Excel's own result stands: an error of a part is one of its total
            if open_totals.isdisjoint({key, *parts}):
                values[key] = added(held)
    return report.with_cells(values)


def plain_value(value: Any) -> Any:
    """Return a value as a file would hold it.

    Excel gives cells in a currency format as Decimal, and errors that xlwings does not know, such as ``#SPILL!``, as
    their numbers; a number in a cell always comes as ``float``.
    """
    if isinstance(value, Decimal):
        return float(value)
    return "#ERROR!" if type(value) is int and value in _ERRORS else value
