"""Workbooks as scripts change and save them, and what LibreOffice shows of them."""

from __future__ import annotations

import copyreg
import io
import pickle
import warnings
from dataclasses import dataclass, field
from functools import cache, lru_cache
from typing import Any

import openpyxl
from openpyxl.utils.indexed_list import IndexedList

import workbook
from workbook.report import Report


def workbook_of(report: Report) -> bytes:
    """Return the workbook of a report; it is made once for all tests that ask for it."""
    read = report.reader_findings or report.loose or report.copy_of  # which are not shown
    return workbook.write(report) if read else _workbook_of(_Known(repr(report), report))


@dataclass(frozen=True)
class _Known:
    """A report, known by how it is shown."""

    shown: str
    report: Report = field(compare=False)


@lru_cache(maxsize=64)
def _workbook_of(known: _Known) -> bytes:
    return workbook.write(known.report)


@cache
def blank_of(edition: str) -> bytes:
    """Return the blank template of an edition, made once."""
    return workbook.template(edition)


def saved(book: Any) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def edited(report: Report) -> Any:
    """The standard workbook as a script opens it with openpyxl."""
    return opened(workbook_of(report))


def opened(data: bytes) -> Any:
    """Return a workbook as openpyxl opens it, another each time, to be changed at will."""
    return pickle.loads(_opened(data))  # noqa: S301 - made here


@lru_cache(maxsize=32)
def _opened(data: bytes) -> bytes:
    """Return a workbook of openpyxl as bytes, from which it is had in a third of the time that opening takes."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(data))
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, pickle.HIGHEST_PROTOCOL)
    pickler.dispatch_table = copyreg.dispatch_table | {IndexedList: _taken_apart}
    pickler.dump(book)
    return stream.getvalue()


def _taken_apart(styles: IndexedList) -> tuple[Any, ...]:
    """Say how a list of styles is made again: by itself pickle would fill it before it knows what it holds."""
    return _put_together, (list(styles), dict(styles._dict), styles.clean)


def _put_together(items: list[Any], places: dict[Any, int], clean: bool) -> IndexedList:  # noqa: FBT001 - as it was
    made = IndexedList()
    list.extend(made, items)
    made._dict, made.clean = places, clean
    return made


def recalculated(document: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the values of all formulas by their cells, as they were stored and as LibreOffice calculates them anew."""
    areas = []
    for name in document.Sheets.ElementNames:
        area = used(document.Sheets[name])
        areas.append((name, area, area.getFormulaArray()))
    stored = _values(areas)
    document.calculateAll()
    return stored, _values(areas)


def used(sheet: Any) -> Any:
    """Return the cells of a sheet of LibreOffice from the first one to the last that is used."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
    end = cursor.RangeAddress
    return sheet.getCellRangeByPosition(0, 0, end.EndColumn, end.EndRow)


def _values(areas: list[tuple[str, Any, Any]]) -> dict[str, Any]:
    """Return what formulas give, of areas with their names and formulas."""
    return {
        f"{name}!{row},{column}": round(value, 6) if isinstance(value, float) else value
        for name, area, formulas in areas
        for row, (line, values) in enumerate(zip(formulas, area.getDataArray(), strict=True))
        for column, (formula, value) in enumerate(zip(line, values, strict=True))
        if formula.startswith("=")
    }
