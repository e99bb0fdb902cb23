"""The texts in the published workbook of printed tables, letter by letter: by names that it gives their cells.

A text is a row a line; a line that is longer than a cell goes on in the cells to its right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.excel.address import spot
from workbook.excel.reading.grid import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.excel.reading.file import OpenWorkbook
    from workbook.report import Report


def names_of(key: str) -> tuple[str, str]:
    """Return the names of the first and of the last cell of a text."""
    return f"text.{key}", f"text.{key}.end"


def printed_texts(book: OpenWorkbook, report: Report) -> Iterator[tuple[str, str]]:
    """Yield the keys of texts whose cells have such names, with the texts; they stand on the sheet of the tables."""
    named, sheets = book.named(), {place.sheet for place in report.places.values()}
    for key, _ in report.form.narratives():
        first, last = (named.get(name) for name in names_of(key))
        if first and last and first.sheet == last.sheet and first.sheet in sheets:
            top, bottom = (spot(place.address)[0] for place in (first, last))
            rows = book.grid(first.sheet)[top : bottom + 1]
            yield key, "\n".join("".join(str(value_of(cell) or "") for cell in row) for row in rows)
