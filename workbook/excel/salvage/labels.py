"""Tells from the template what a damaged workbook has lost: the labels of its tables, the names of its sheets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.excel.address import Spot, column
from workbook.excel.layout import CHECKS, COVER, COVER_LABELS, FIRST_ROW, cover_rows, plan_of
from workbook.excel.reading.grid import Grid, at
from workbook.report.limits import TEMPLATE_VERSIONS
from workbook.report.values import squeezed
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping

_REFERENCE = re.compile(r"(?:'((?:[^']|'')+)'|([^'!]+))!\$([A-Z]{1,3})\$([1-9][0-9]{0,6})")


def labels(names: Mapping[str, str]) -> dict[str, dict[Spot, str]]:
    """Return the labels of the tables by sheet and spot, where the names of the number cells prove them.

    The template names every number cell, and a name goes where its cell goes. So where all cells of a table stand to
    each other as the template has them, its labels stood around them as the template has them.

    Args:
        names: the defined names of a workbook with what they refer to.
    """
    plans = [plan_of(edition, version) for edition in editions() for version in TEMPLATE_VERSIONS]
    keys = {key for plan in plans for key in plan.form.cells}
    found: dict[str, dict[Spot, str]] = {}
    for plan in plans:
        if names.keys() & keys == plan.form.cells.keys():
            for table in plan.tables:
                stands = {_shift(names[key], spot) for key, spot in table.cells.items()}
                place = stands.pop()
                if place and not stands:
                    sheet, down, across = place
                    own = {(label.top + down, label.left + across): label.text for label in table.labels}
                    found.setdefault(sheet, {}).update(own)
    return found


def _shift(reference: str, spot: Spot) -> tuple[str, int, int] | None:
    """Return the sheet that a cell stands on and how far it was moved; ``None`` where it is not a cell."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    quoted, bare, letters, digits = match.groups()
    return quoted.replace("''", "'") if quoted else bare, int(digits) - 1 - spot[0], column(letters) - spot[1]


def called(grid: Grid) -> str | None:
    """Return the template's name of a sheet whose name was lost, told by what stands on it; ``None`` of another."""
    first = [squeezed(at([row], 0, 0)) for row in grid]
    if first[:1] == [CHECKS]:
        return CHECKS
    for plan in (plan_of(edition, version) for edition in editions() for version in TEMPLATE_VERSIONS):
        rows = cover_rows(plan.form)
        if all(
            squeezed(at(grid, rows[field.key], COVER_LABELS)) == squeezed(field.label) for field in plan.form.fields
        ):
            return COVER
        for name, texts in plan.text_sheets.items():
            if {squeezed(section.heading) for section in texts.values()} <= set(first):
                return name
        for sheet in plan.sheets:
            if squeezed(sheet.section.heading) in first[:FIRST_ROW]:
                return sheet.name
    return None
