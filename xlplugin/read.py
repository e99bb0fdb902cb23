"""Reads the report in the workbook that is open, one read a sheet, with the reader that reads files."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import workbook
from workbook.excel.address import cells_of, spot
from workbook.excel.reading.by_position import read_sheets
from workbook.excel.reading.formulas import summed
from workbook.excel.reading.grid import COLUMNS, ROWS, at
from workbook.excel.reading.totals import parts_of
from workbook.report import Unreadable
from workbook.report.equations import added
from xlplugin.excel import used_area, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from xlwings import Book, Range

    from workbook.excel.reading.grid import Grid
    from workbook.excel.reading.visible import Looks
    from workbook.match import Hidden
    from workbook.report import Finding, Place, Report, Value

_VERY_HIDDEN = 2
_ERRORS = range(-2146826300, -2146826200)


class ExcelWorkbook:
    """A workbook open in Excel, as the reader asks of it (``workbook.excel.reading.file.OpenWorkbook``).

    Excel is asked each question once. ``answers`` are all that a report can depend on.
    """

    def __init__(self, book: Book) -> None:
        self._sheets = {sheet.name: sheet for sheet in book.sheets}
        self._book = book
        self._areas: dict[str, Range | None] = {}
        self.file: str = book.name
        self.names: list[str] = list(self._sheets)
        self.answers: dict[tuple[str, str], Any] = {}

    def ask(self, question: str, name: str) -> Any:
        """Return what Excel says to a question about a sheet, or about the workbook."""
        if (question, name) not in self.answers:
            self.answers[question, name] = getattr(self, f"_{question}")(name)
        return self.answers[question, name]

    def grid(self, name: str) -> Grid:
        """Return a sheet as rows of values from its first cell on; empty where there is no such sheet."""
        grid: Grid = self.ask("values", name)
        return grid

    def formulas(self, name: str) -> Grid:
        """Return what the cells of a sheet hold, formulas as such; empty where there is no such sheet."""
        grid: Grid = self.ask("formulas", name)
        return grid

    def parsed(self, name: str) -> Grid:
        """Return a sheet that was needed already; empty where it was not."""
        grid: Grid = self.answers.get(("values", name), [])
        return grid

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
        shown = self.ask("visible", name)
        return "very" if shown == _VERY_HIDDEN else "" if shown else "hidden"

    def named(self) -> Mapping[str, Place]:
        """Return the cells to which the workbook gives names."""
        return cells_of(self.ask("defined", ""))

    def _values(self, name: str) -> Grid:
        area = self._area(name)
        values = values_of(area) if area is not None else []
        return [[plain_value(value) for value in row[:COLUMNS]] for row in values[:ROWS]]

    def _formulas(self, name: str) -> Grid:
        area = self._area(name)
        found = area.formula if area is not None else ()
        return [list(row[:COLUMNS]) for row in found[:ROWS]] if isinstance(found, tuple | list) else [[found]]

    def _visible(self, name: str) -> Any:
        return self._sheets[name].visible

    def _defined(self, _: str) -> list[tuple[str, str]]:
        return [(name.name, name.refers_to or "") for name in self._book.names]

    def _area(self, name: str) -> Range | None:
        """Return the cells of a sheet from its first to its last; ``None`` where there is no such sheet."""
        if name not in self._areas:
            self._areas[name] = used_area(self._sheets[name], ROWS, COLUMNS) if name in self._sheets else None
        return self._areas[name]


def live_report(book: Book) -> Report:
    """Return the report in an open workbook, every cell with its place.

    Raises:
        Unreadable: it holds no report, or not all of its tables; the findings say why.
    """
    return _whole(ExcelWorkbook(book))


def settled_report(book: Book) -> Report:
    """Return the report in an open workbook, its totals settled; the same object as before where nothing changed.

    Every cell with a function asks for the report. Excel does not say when a calculation begins, and may calculate
    between two cells, so what the last reading asked is asked again, and only where an answer is another is all read
    anew.

    Raises:
        Unreadable: see ``live_report``.
    """
    name = book.name
    last = _readings.get(name)
    if last is None or last.answers != _asked(ExcelWorkbook(book), last.questions):
        last = _read(ExcelWorkbook(book))
        _readings.pop(name, None)
        while len(_readings) >= _KEPT:
            _readings.pop(next(iter(_readings)))
        _readings[name] = last
    if isinstance(last.found, tuple):
        raise Unreadable(*last.found)
    return last.found


@dataclass(frozen=True)
class _Reading:
    """A report, or why there is none; what Excel was asked for it, and a text of its answers."""

    found: Report | tuple[Finding, ...]
    questions: Sequence[tuple[str, str]]
    answers: str


_readings: dict[str, _Reading] = {}
_KEPT = 4  # workbooks


def _read(book: ExcelWorkbook) -> _Reading:
    found: Report | tuple[Finding, ...]
    try:
        found = settled(_whole(book), book)
    except Unreadable as refusal:
        found = tuple(refusal.findings)
    return _Reading(found, list(book.answers), _asked(book, book.answers))


def _asked(book: ExcelWorkbook, questions: Iterable[tuple[str, str]]) -> str:
    """Return the answers of a workbook as a text, in which, unlike in Python, ``1`` and ``True`` differ."""
    known = [(question, name) for question, name in questions if not name or name in book.names]
    return repr((book.names, [(question, book.ask(*question)) for question in known]))


def _whole(book: ExcelWorkbook) -> Report:
    report = read_sheets(book)
    if not report.cells.keys() <= report.places.keys():
        raise Unreadable(*(finding for finding in report.reader_findings if finding.level == "error"))
    return report


def settled(report: Report, book: ExcelWorkbook) -> Report:
    """Return a report whose totals are the sums of their parts where the workbook has them calculated so.

    A function of the worksheet may be asked before Excel has calculated the totals that it looks at.
    """
    open_totals: set[str] = set()
    values: dict[str, Value] = dict(report.cells)
    for key in report.form.parts_first:
        place, parts = report.places[key], parts_of(report, key)
        formula = at(book.formulas(place.sheet), *spot(place.address))
        if summed(str(formula)) == {report.places[part].address for part in parts}:
            held = [values[part] for part in parts]
            if any(isinstance(value, str) for value in held):
                open_totals.add(key)  # Excel's own result stands: an error of a part is one of its total
            if open_totals.isdisjoint({key, *parts}):
                values[key] = added(held)
    return report.with_cells(values)


def file_report(path: Path) -> Report:
    """Return the report in a file; read anew only after its size or time changed.

    Raises:
        Unreadable: it is no report.
        OSError: it cannot be opened.
    """
    seen = path.stat()
    return _file_report(path, seen.st_size, seen.st_mtime_ns)


@lru_cache(maxsize=8)
def _file_report(path: Path, _size: int, _changed: int) -> Report:
    return workbook.read(path)


def plain_value(value: Any) -> Any:
    """Return a value as a file would hold it.

    Excel gives cells in a currency format as Decimal, and errors that xlwings does not know, such as ``#SPILL!``, as
    their numbers; a number in a cell always comes as ``float``.
    """
    if isinstance(value, Decimal):
        return float(value)
    return "#ERROR!" if type(value) is int and value in _ERRORS else value
