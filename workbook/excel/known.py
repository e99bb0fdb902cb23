"""What is known of the template and can stand in for what a damaged workbook has lost: labels, names of sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.excel.grid import squeezed
from workbook.excel.layout import COVER, COVER_LABELS, TablePlan, a1, column, cover_rows, plan
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$([1-9][0-9]{0,6})")

_LONGEST = 200  # characters of a label


def labels(names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Return the labels of the tables by sheet and address, where the names of the number cells prove them.

    The template names every number cell, and a name goes where its cell goes. So where all cells of a table stand to
    each other as the template has them, its labels stood around them as the template has them.

    Args:
        names: the defined names of a workbook with what they refer to.
    """
    places = {name: match for name, text in names.items() if (match := _REFERENCE.fullmatch(text))}
    keys = {key for edition in editions() for key in plan(edition).form.cells}
    found: dict[str, dict[str, str]] = {}
    for of in map(plan, editions()):
        if names.keys() & keys == of.form.cells.keys():
            for table in of.tables:
                for sheet, down, across in _shift(table, places):
                    own = {a1(label.top + down, label.left + across): label.text for label in table.labels}
                    found.setdefault(sheet, {}).update(own)
    return found


def _shift(table: TablePlan, places: Mapping[str, re.Match[str]]) -> set[tuple[str, int, int]]:
    """Return the sheet of a table and how far it was moved, as one item; nothing where its cells do not agree."""
    found = set()
    for key, (row, across) in table.cells.items():
        if key not in places:
            return set()
        quoted, bare, letters, digits = places[key].groups()
        sheet = quoted.replace("''", "'") if quoted else bare
        found.add((sheet, int(digits) - 1 - row, column(letters) - across))
    return found if len(found) == 1 else set()


def called(texts: Mapping[str, str]) -> str | None:
    """Return the template's name of a sheet that is known by its name only: the cover, the texts.

    Args:
        texts: the texts of a sheet by address.
    """
    # A text may be long, and stand in many cells.
    short = {address: text for address, text in texts.items() if len(text) < _LONGEST}
    first = set(map(squeezed, {text for address, text in short.items() if address.strip("0123456789") == "A"}))
    for of in map(plan, editions()):
        rows, questions = cover_rows(of.form), {field.key: field.label for field in of.form.fields}
        asked = {a1(rows[key], COVER_LABELS): label for key, label in questions.items()}
        if all(squeezed(short.get(address)) == squeezed(label) for address, label in asked.items()):
            return COVER
        if {squeezed(section.heading) for _, section in of.form.narratives()} <= first:
            return of.text_sheet
    return None
