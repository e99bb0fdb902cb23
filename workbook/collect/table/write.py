"""Writes the table that was asked for to its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook import __version__
from workbook.collect.table import csv, xlsx
from workbook.collect.table.choice import shown_cells
from workbook.collect.table.columns import WORDS, long, wide
from workbook.collect.table.rows import Rows, when
from workbook.files import saving
from workbook.form import edition_for
from workbook.resources import editions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator
    from pathlib import Path

    from workbook.collect.collection import Collection
    from workbook.collect.table.columns import Column
    from workbook.collect.table.rows import Row
    from workbook.report import Lang

_MARK = "\ufeff"
"""Excel takes a CSV file for UTF-8 only if it begins with it."""


@dataclass(frozen=True)
class Asked:
    """What a table is to show.

    Args:
        years: report years, each once; they are shown in ascending order.
        cells: names of cells, rows and tables; all where there is none.
        long: a row a unit, a year and a cell, in place of a row a unit.
        lang: the language of what is not the form's own.
    """

    years: tuple[int, ...]
    cells: tuple[str, ...] = ()
    long: bool = False
    lang: Lang = "zh"


class TooWideError(ValueError):
    """A table has more columns than a sheet; ``columns`` and ``limit`` say how many."""

    def __init__(self, columns: int) -> None:
        super().__init__(f"{columns} columns, and a sheet has {xlsx.SHEET_COLUMNS}")
        self.columns, self.limit = columns, xlsx.SHEET_COLUMNS


def csv_lines(collection: Collection, asked: Asked, at: dt.datetime) -> Iterator[str]:
    """Yield the lines of the table as CSV, each as soon as it is known.

    Raises:
        NoSuchCellError: no report has a cell of a name that was asked for.
    """
    return csv.lines(*_table(collection, asked, at))


def write_table(collection: Collection, to: Path, asked: Asked, at: dt.datetime, *, force: bool = False) -> None:
    """Write the table, a workbook where the name ends in ``.xlsx``, else CSV.

    Raises:
        NoSuchCellError: no report has a cell of a name that was asked for.
        TooWideError: a sheet has not so many columns.
        FileExistsError: there is such a file, and ``force`` is not given.
        OSError: it cannot be written; nothing is left half written.
    """
    columns, rows = _table(collection, asked, at)
    if to.suffix.lower() == ".xlsx":
        if len(columns) > xlsx.SHEET_COLUMNS:
            raise TooWideError(len(columns))
        years = "、".join(map(str, sorted(set(asked.years))))
        title = WORDS[asked.lang]["title"].format(years=years, at=when(at), kit=__version__)
        with saving(to, force=force) as part:
            xlsx.write(part, columns, rows, title, asked.lang)
        return
    with saving(to, force=force) as part, part.open("x", encoding="utf-8", errors="replace", newline="") as file:
        file.write(_MARK)
        file.writelines(csv.lines(columns, rows))


def _table(collection: Collection, asked: Asked, at: dt.datetime) -> tuple[tuple[Column, ...], Iterator[Row]]:
    years = sorted(set(asked.years))
    standings = (standing for year in years for standing in collection.standings(year, at))
    found = {standing.current.edition for standing in standings if standing.current}
    cells = shown_cells(found or {edition_for(years[-1]) or editions()[-1]}, asked.cells)
    rows = Rows(collection, years, cells, at, asked.lang)
    if asked.long:
        return long(years, asked.lang), rows.long()
    return wide(cells, years, asked.lang), rows.wide()
