"""Formats of numbers are worked out as a spreadsheet shows them; what other formats of files say of it."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest
import xlsxwriter
from cases import sound
from openpyxl.comments import Comment
from seen import KEY, NOISES, changed, told
from workbooks import workbook_of

import workbook
from workbook.excel.reading import faces, number_format

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office


def shown_by(libreoffice: Office, path: Path, spots: list[tuple[int, int]]) -> list[str]:
    with libreoffice.open(path) as document:
        sheet = document.Sheets.getByIndex(0)
        return [sheet.getCellByPosition(column, row).String for row, column in spots]


FORMATS = [
    "General", "0", "0.00", "#,##0", "#,##0.00", "0%",
    "0.0%", "0,", "0.0,", "#,##0,,", ";;;", "0;-0;;@",
    "0;0", "#", "#.##", '0"0"', '"5"0', '0"件"',
    "0\\0", "000000", "00-00", '0"."00', '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ', "#,##0_);(#,##0)",
    "[Red]0", '[>100]"many";0', '[<10]0;[<1000]"x"0;"y"0', '"only"', "0.0#", "0.??",
    "[$¥-804]#,##0.00", "0;;0", "+0;-0",
]  # fmt: skip

VALUES = [0, 1, 5.4, 0.5, 9.996, 592, 12345, 592000, 1234567.891, -3, -0.5, -12345.5]


def test_formats_are_worked_out_as_a_spreadsheet_shows_them(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "formats.xlsx"
    spots = [(row, column) for row in range(len(FORMATS)) for column in range(len(VALUES))]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.set_column(0, len(VALUES), 30)
        for row, code in enumerate(FORMATS):
            style = book.add_format({"num_format": code})
            for column, value in enumerate(VALUES):
                sheet.write_number(row, column, value, style)
    seen = dict(zip(spots, shown_by(libreoffice, path, spots), strict=True))
    wrong = {}
    for (row, column), text in seen.items():
        mine = number_format.shown(FORMATS[row], VALUES[column])
        # LibreOffice leaves out a point behind which nothing stands; Excel shows it.
        if mine is not None and mine.strip().removesuffix(".") != text.strip().removesuffix("."):
            wrong[FORMATS[row], VALUES[column]] = (mine, text)
    assert not wrong


def exported(libreoffice: Office, data: bytes, folder: Path, ending: str, name: str) -> Path:
    source, target = folder / "a.xlsx", folder / f"b.{ending}"
    source.write_bytes(data)
    libreoffice.export(source, target, name)
    return target


ODS = [
    *(
        "percent",
        "hidden by its format",
        "thousands",
        "literal behind",
        "rounded",
        "condition",
        "ten thousands",
        "repeated",
    ),
    *("struck", "struck in part", "raised mark", "lowered mark", "white", "tiny", "row", "column", "sheet", "merged"),
]


@pytest.mark.parametrize("name", ODS)
def test_an_open_document_says_what_it_shows(name: str, libreoffice: Office, tmp_path: Path) -> None:
    change, code, value = NOISES[name]
    report = workbook.read(exported(libreoffice, changed(change), tmp_path, "ods", "calc8"))
    assert code in told(report)
    assert report.cells[KEY] == value


def test_comments_are_no_part_of_an_open_document(libreoffice: Office, tmp_path: Path) -> None:
    data = changed(lambda cell: (setattr(cell, "comment", Comment("529", "张三")),
                                 setattr(cell.parent["A6"], "comment", Comment("其他", "张三"))))  # fmt: skip
    report = workbook.read(exported(libreoffice, data, tmp_path, "ods", "calc8"))
    assert report.cells == sound("2021").cells
    assert not report.reader_findings


def test_of_old_workbooks_it_is_told_that_formats_are_not_looked_at(libreoffice: Office, tmp_path: Path) -> None:
    path = exported(libreoffice, changed(NOISES["percent"][0]), tmp_path, "xls", "MS Excel 97")
    (finding,) = workbook.read(path).reader_findings
    assert (finding.code, finding.level) == ("file.look_unknown", "info")


def test_the_formats_of_the_kit_are_special_to_nobody() -> None:
    with zipfile.ZipFile(io.BytesIO(workbook_of(sound("2021")))) as package:
        styles = faces.styles(package.read("xl/styles.xml"))
    assert {face.code for face in styles.special.values()} == {"0", '0"条"', '0"字"'}
    assert not any(face.odd for face in styles.special.values())
