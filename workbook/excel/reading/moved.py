"""Tables that do not stand where the template has them: told once a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.form import Table
    from workbook.report import Finding, Place


def moved(tables: Iterable[tuple[Table, Place]]) -> Iterator[Finding]:
    """Yield a finding for each sheet to which tables were moved; its place is the first of them.

    Args:
        tables: those that were moved, each with the first place that is another.
    """
    sheets: dict[str, list[tuple[Table, Place]]] = {}
    for table, place in tables:
        sheets.setdefault(place.sheet, []).append((table, place))
    for sheet, found in sheets.items():
        table, place = found[0]
        titles = "”、“".join(table.title for table, _ in found)
        yield make_finding("file.table_moved", table.key, tables=titles, sheet=sheet, address=place.address)
