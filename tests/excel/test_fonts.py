"""Nothing is cut off, whatever stands in for 宋体 and 黑体 where an office program does not have them.

The widths of their Chinese characters are the same everywhere; how high a line is differs, and these are the highest.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, sound
from office import office
from workbooks import workbook_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from office import Office

STAND_INS = {
    "serif": {"宋体": "Noto Serif CJK SC", "黑体": "Noto Sans CJK SC"},
    "sans": {"宋体": "Noto Sans CJK SC", "黑体": "Noto Sans CJK SC"},
    "wide": {"宋体": "DejaVu Sans", "黑体": "DejaVu Sans"},  # wide letters and digits; Chinese from elsewhere
}
SLACK = 15
"""Hundredths of a millimetre: less than the edges of a cell."""


@pytest.fixture(scope="module", params=STAND_INS)
def elsewhere(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """LibreOffice where other fonts stand in for those of the template."""
    folder = tmp_path_factory.mktemp("fonts")
    aliases = "".join(
        f'<alias binding="same"><family>{name}</family><prefer><family>{other}</family></prefer></alias>'
        for name, other in STAND_INS[request.param].items()
    )
    config = folder / f"{request.param}.conf"
    config.write_text(
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f"<include>/etc/fonts/fonts.conf</include>{aliases}</fontconfig>",
        encoding="utf-8",
    )
    with office(folder / "profile", config) as running:
        yield running


LOOKS = ("CharFontName", "CharFontNameAsian", "CharHeight", "CharHeightAsian", "CharWeight", "CharWeightAsian",
         "HoriJustify", "IsTextWrapped", "ParaIndent")  # fmt: skip
"""What of a cell says how high its text is, in the order of the alphabet, in which LibreOffice wants it."""


class Room:
    """The rows and columns of a sheet, each asked for its size once: every question goes to another process."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._width = cache(lambda at: sheet.Columns.getByIndex(at).Width)
        self._height = cache(lambda at: sheet.Rows.getByIndex(at).Height)

    def of(self, cell: Any, column: int, row: int) -> tuple[int, int]:
        """Return width and height of a cell, or of the merged area that begins with it."""
        if not cell.IsMerged:
            return self._width(column), self._height(row)
        cursor = self._sheet.createCursorByRange(cell)
        cursor.collapseToMergedArea()
        area = cursor.RangeAddress
        return (
            sum(map(self._width, range(area.StartColumn, area.EndColumn + 1))),
            sum(map(self._height, range(area.StartRow, area.EndRow + 1))),
        )


def written(sheet: Any) -> Iterator[tuple[Any, int, int]]:
    """Yield the cells of the first rows of a sheet in which anything is, with column and row."""
    cursor = sheet.createCursor()
    cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
    end = cursor.RangeAddress
    values = sheet.getCellRangeByPosition(0, 0, end.EndColumn, min(end.EndRow, 60)).getDataArray()
    for row, line in enumerate(values):
        yield from ((sheet.getCellByPosition(at, row), at, row) for at, value in enumerate(line) if value != "")


def cut_off(document: Any) -> list[tuple[str, str, int]]:
    """Return the cells whose texts need more room than their rows give: sheet, text, how much too little."""
    sheets = [document.Sheets[name] for name in document.Sheets.ElementNames]
    document.Sheets.insertNewByName("量", len(sheets))
    scratch = document.Sheets["量"]
    target, line = scratch.getCellByPosition(0, 0), scratch.Rows.getByIndex(0)
    known: dict[tuple[Any, ...], int] = {}
    found = []
    for sheet in sheets:
        room = Room(sheet)
        for cell, column, row in written(sheet):
            text, looks = cell.String, cell.getPropertyValues(LOOKS)
            if not text or not looks[LOOKS.index("IsTextWrapped")]:
                continue
            width, height = room.of(cell, column, row)
            measured = (text, width, *map(str, looks))
            if measured not in known:
                target.String = text
                target.setPropertyValues(LOOKS, looks)
                scratch.Columns.getByIndex(0).Width = width
                line.OptimalHeight = True
                known[measured] = line.Height
            if known[measured] > height + SLACK:
                found.append((sheet.Name, text[:20], known[measured] - height))
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_row_is_high_enough(edition: str, elsewhere: Office, tmp_path: Path) -> None:
    base = sound(edition)
    long = "全年主动公开政府信息 12345 条，其中 Web 9876 条。" * 20
    report = replace(base, narrative={**base.narrative, "overview": f"{long}\n{long}", "disclosure": long})
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(report))
    with elsewhere.open(path) as document:
        assert cut_off(document) == []
