"""The rows of a register's sheet: where its heads are, and what each row says of a unit, column by column."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbook.collect.cells import READERS, Misread, shown
from workbook.collect.columns import columns
from workbook.intake.limits import REGISTER_TEXT_LIMIT
from workbook.report import CellValue, Place, make_finding
from workbook.report.office_words import office_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from workbook.collect.columns import Column
    from workbook.collect.sheets import Sheet
    from workbook.report import Finding

_LOOKED_AT = 30
"""Rows among which the heads are looked for."""
_ASIDE = re.compile(r"\([^()]*\)$")


@dataclass(frozen=True)
class Head:
    """The heads of a sheet: their row, and the column of the register that each column of the sheet is."""

    sheet: Sheet
    row: int
    found: Mapping[int, Column]


@dataclass
class Entry:
    """A row: its number from 0 on, what it says by the key of the column, and where."""

    row: int
    said: dict[str, Any]
    places: dict[str, Place]
    raw: dict[str, Any] = field(default_factory=dict)

    def finding(self, code: str, key: str, **words: str) -> Finding:
        """Return a finding about a cell of the row; where that is blank, about its name."""
        key = key if key in self.places else "name"
        column, place = columns().column(key), self.places[key]
        cell = CellValue(
            key, column.label, shown(self.raw[key])[:REGISTER_TEXT_LIMIT] if key in self.raw else None, place
        )
        return make_finding(code, f"{key}.{self.row + 1}", (cell,), cell.value, **words)


def find_head(sheets: Iterable[Sheet]) -> Head | None:
    """Return the heads of the first sheet that has a column of names; of several rows the one with the most heads."""
    for sheet in sheets:
        heads = [_head(sheet, row) for row in list(sheet.rows)[:_LOOKED_AT]]
        named = [head for head in heads if any(column.required for column in head.found.values())]
        if named:
            return max(named, key=lambda head: len(head.found))
    return None


def _head(sheet: Sheet, row: int) -> Head:
    cells = ((at, _column(value)) for at, value in sheet.rows[row].items())
    return Head(sheet, row, {at: column for at, column in cells if column})


def _column(value: Any) -> Column | None:
    """Return the column that a head names, with or without what stands behind it in brackets."""
    label = office_name(shown(value)) if isinstance(value, str) else ""
    return columns().heads.get(label) or columns().heads.get(_ASIDE.sub("", label))


def about_head(head: Head) -> Iterator[Finding]:
    """Yield heads that are not known, and columns that stand twice."""
    counts = Counter(column.key for column in head.found.values() if not column.joined)
    for at, value in sorted(head.sheet.rows[head.row].items()):
        label, column = shown(value)[:REGISTER_TEXT_LIMIT], head.found.get(at)
        cell = CellValue("register", label, label, head.sheet.place(head.row, at))
        if column is None and office_name(label) not in columns().ignored:
            yield make_finding("register.column_unknown", f"head.{at + 1}", (cell,), label)
        elif column and counts[column.key] > 1:
            yield make_finding("register.column_twice", f"head.{at + 1}", (cell,), label, column=column.label)


def entries(head: Head) -> Iterator[Entry | Finding]:
    """Yield the rows below the heads, and what is wrong with their cells; blank rows say nothing."""
    heads = {at: office_name(shown(value)) for at, value in head.sheet.rows[head.row].items()}
    for row, cells in head.sheet.rows.items():
        known = {at: value for at, value in cells.items() if at in head.found and shown(value)}
        repeated = known and all(heads[at] == office_name(shown(value)) for at, value in known.items())
        if row > head.row and known and not repeated:
            yield from _entry(head, row, known)


def _entry(head: Head, row: int, cells: Mapping[int, Any]) -> Iterator[Entry | Finding]:
    entry = Entry(
        row, {}, {"name": head.sheet.place(row, next(at for at, column in head.found.items() if column.required))}
    )
    for at, value in cells.items():
        column = head.found[at]
        entry.places[column.key] = head.sheet.place(row, at)
        entry.raw[column.key] = value
        if len(str(value)) > REGISTER_TEXT_LIMIT:
            yield entry.finding(
                "register.too_long", column.key, limit=str(REGISTER_TEXT_LIMIT), count=str(len(str(value)))
            )
            continue
        try:
            if column.kind == "date" and isinstance(value, float):
                value += head.sheet.days  # noqa: PLW2901 - the same day as others count it
            said = READERS[column.kind](value)
        except Misread as misread:
            yield entry.finding(misread.code, column.key, choices="、".join(columns().choices.values()))
            continue
        if said not in ("", ()):
            entry.said[column.key] = _joined(entry.said.get(column.key), said) if column.joined else said
    if "name" in entry.said:
        yield entry
    elif "name" not in entry.raw:
        yield entry.finding("register.name_missing", "name", row=str(row + 1))


def _joined(before: Any, said: Any) -> Any:
    if before is None:
        return said
    return before + said if isinstance(said, tuple) else f"{before} {said}"
