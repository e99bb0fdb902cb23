"""The kit's sheets are known as such when they are called otherwise, or stand in a workbook without its other sheets.

The verdict beside a heading, the link to the checks and the one to the next sheet are no texts of the report there.
"""

from __future__ import annotations

import re

import pytest
from cases import EDITIONS, sound
from packages import rezipped
from workbooks import workbook_of

import workbook
from workbook.excel.layout import plan_of
from workbook.report import Report

OTHERS = {"whole": (), "without cover and checks": ("封面", "校验"), "without cover": ("封面",)}


def told(report: Report) -> set[str]:
    """Return the codes of what is told, but of sheets that are not where the template has them and of no year."""
    return {finding.code for finding in report.reader_findings} - {"file.table_moved", "body.year"}


@pytest.mark.parametrize("named", [True, False], ids=["names of cells", "no names"])
@pytest.mark.parametrize("called", ["{}", "表{}", "{} (2)"])
@pytest.mark.parametrize("others", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_what_stands_beside_headings_is_no_text(
    edition: str, others: tuple[str, ...], called: str, *, named: bool
) -> None:
    own = [sheet.name for sheet in plan_of(edition).sheets]

    def change(name: str, part: bytes) -> bytes:
        if name != "xl/workbook.xml":
            return part
        text = part.decode()
        for other in others:
            text = re.sub(f'<sheet name="{other}"[^>]*/>', "", text)
            text = re.sub(f"<definedName [^>]*>'?{other}'?![^<]*</definedName>", "", text)
        for sheet in own:
            text = text.replace(sheet, called.format(sheet))
        return (text if named else re.sub("<definedNames>.*</definedNames>", "", text)).encode()

    report = sound(edition)
    read = workbook.parse(rezipped(change, workbook_of(report)), "a.xlsx")
    assert read.cells == report.cells
    assert read.narrative == report.narrative
    assert told(read) == set()


def test_a_text_in_a_number_cell_of_a_sheet_called_otherwise_is_a_fault() -> None:
    text, key = "约12件", "applications.received.natural"
    report = sound("2021").with_cells({key: text})
    data = workbook_of(report)
    read = workbook.parse(
        rezipped(
            lambda name, part: (
                part.replace("三、依申请公开".encode(), "表三".encode()) if name == "xl/workbook.xml" else part
            ),
            data,
        ),
        "a.xlsx",
    )
    assert read.cells[key] == text
    assert ("cell.not_a_number", key) in {(finding.code, finding.at) for finding in workbook.check(read)}
