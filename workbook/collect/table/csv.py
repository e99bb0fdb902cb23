"""A table as CSV: a line of labels, a line of keys, then the rows; foreign text becomes no formula."""

from __future__ import annotations

import csv
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from workbook.output.csv_table import without_formula
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from workbook.collect.table.columns import Column
    from workbook.collect.table.rows import Row


def lines(columns: Sequence[Column], rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines, each with its end."""
    write = csv.writer(_Echo(), lineterminator="\r\n").writerow
    yield write([column.head for column in columns])
    yield write([column.key for column in columns])
    for row in rows:
        yield write(map(_said, row))


def _said(value: Any) -> Any:
    if isinstance(value, str):
        return _safe(value)
    return format(value, "f") if isinstance(value, Decimal) else value


@lru_cache(maxsize=4096)  # a long table says the same in every row
def _safe(text: str) -> Any:
    return without_formula(printable(text))


class _Echo:
    """Gives a line back to whoever writes it."""

    @staticmethod
    def write(line: str) -> str:
        return line
