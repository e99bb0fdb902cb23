"""Nothing is cut off, whatever stands in for 宋体 and 黑体 where an office program does not have them.

The widths of their Chinese characters are the same everywhere; how high a line is differs, and these are the highest.
"""

from __future__ import annotations

from dataclasses import replace
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


def area_of(sheet: Any, column: int, row: int) -> Any:
    """Return the address of the merged area that begins with a cell."""
    cursor = sheet.createCursorByRange(sheet.getCellByPosition(column, row))
    cursor.collapseToMergedArea()
    return cursor.RangeAddress


def cut_off(document: Any) -> list[tuple[str, str, int]]:
    """Return the cells whose texts need more room than their rows give: sheet, text, how much too little."""
    sheets = [document.Sheets[name] for name in document.Sheets.ElementNames]
    document.Sheets.insertNewByName("量", len(sheets))
    scratch = document.Sheets["量"]
    target, line = scratch.getCellByPosition(0, 0), scratch.Rows.getByIndex(0)
    known: dict[tuple[Any, ...], int] = {}
    found = []
    for sheet in sheets:
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)  # noqa: FBT003
        end = cursor.RangeAddress
        for row in range(min(end.EndRow, 60) + 1):
            for column in range(end.EndColumn + 1):
                cell = sheet.getCellByPosition(column, row)
                if not cell.String or not cell.IsTextWrapped:
                    continue
                area = area_of(sheet, column, row)
                width = sum(sheet.Columns.getByIndex(at).Width for at in range(area.StartColumn, area.EndColumn + 1))
                height = sum(sheet.Rows.getByIndex(at).Height for at in range(area.StartRow, area.EndRow + 1))
                looks = (cell.String, width, cell.CharFontName, cell.CharHeight, cell.CharWeight, cell.ParaIndent)
                if looks not in known:
                    target.String = cell.String
                    for name in ("CharFontName", "CharFontNameAsian", "CharHeight", "CharHeightAsian", "CharWeight",
                                 "CharWeightAsian", "IsTextWrapped", "HoriJustify", "ParaIndent"):  # fmt: skip
                        setattr(target, name, getattr(cell, name))
                    scratch.Columns.getByIndex(0).Width = width
                    line.OptimalHeight = True
                    known[looks] = line.Height
                if known[looks] > height + SLACK:
                    found.append((sheet.Name, cell.String[:20], known[looks] - height))
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
