"""Plain sheets are taken in the scan that vets them, and are what python-calamine reads of those that were vetted."""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from functools import cache
from io import BytesIO

import one_pass
import openpyxl
import pytest
from cases import EDITIONS, sound
from packages import TABLE, in_sheet
from workbooks import edited, saved, workbook_of

from workbook.excel.address import a1
from workbook.excel.reading.file import FileWorkbook
from workbook.excel.reading.package import Package
from workbook.excel.reading.usual import has_usual_directory
from workbook.report import Unreadable


@pytest.mark.parametrize("edition", EDITIONS)
def test_all_sheets_of_the_kit_but_that_of_checks_are_taken_in_one_pass(edition: str) -> None:
    package = Package(workbook_of(sound(edition)), "a.xlsx")
    assert [name for name in package.sheets if package.sheet(name).scanned is None] == ["校验"]


def test_workbooks_of_the_corpora_are_read_in_one_way() -> None:
    different = {name: names for name, data in one_pass.whole() if (names := one_pass.differ(data)[0])}
    assert not different


def test_mutants_are_read_in_one_way() -> None:
    """A hundred thousand are compared by ``python tests/support/one_pass.py 100000``."""
    found: list[list[str]] = []
    scanned, different = one_pass.compare(150, "0", lambda _, __, names: found.append(names))
    assert scanned > 10  # else nothing was compared
    assert (different, found) == (0, [])


CELLS = {
    "a row that ends twice": (b"</row>", b"</row></row>"),
    "a cell twice": (b'<c r="D6"', b'<c r="D7"/><c r="D6"'),
    "an address that is none": (b'<c r="D6"', b'<c r="D06"'),
    "a number with a blank": (b"<v>941</v>", b"<v>941 </v>"),
    "no number": (b"<v>941</v>", b"<v>94_1</v>"),
    "text of its own": (b"<v>941</v></c>", b'<v>941</v></c><c r="AA6" t="inlineStr"><is><t>x</t></is></c>'),
    "a text with an entity": (b"<v>941</v></c>", b'<v>941</v></c><c r="X6" t="str"><v>a&amp;b</v></c>'),
    "what leads elsewhere": (b"<v>941</v></c>", b'<v>941</v></c><c r="X6" t="str"><v>WEBSERVICE</v></c>'),
    "a hidden row": (b'<row r="6"', b'<row r="6" hidden="1"'),
    "another file": (b"<v>941</v>", b"<f>[1]A!B2</f><v>941</v>"),
    "something between": (b"</row>", b"</row> "),
    "an extent that is none": (b'<dimension ref="', b'<dimension ref="!'),
    "merged cells that are none": (b'<mergeCell ref="', b'<mergeCell ref="!'),
    "no end": (b"</mergeCells>", b"</mergeCell>"),
}


@pytest.mark.parametrize("name", CELLS)
def test_anything_else_is_vetted_first(name: str) -> None:
    data = in_sheet(*CELLS[name], TABLE)
    sheet = "三、依申请公开"
    with suppress(Unreadable):
        assert Package(data, "a.xlsx").sheet(sheet).scanned is None
    assert one_pass.outcome(Package, data, [sheet]) == one_pass.outcome(one_pass.TwoPasses, data, [sheet])


@cache
def by_openpyxl() -> bytes:
    """Return a workbook as openpyxl writes it."""
    return saved(edited(sound("2021")))


def test_sheets_of_openpyxl_are_taken_in_one_pass_with_the_texts_of_their_cells() -> None:
    package = Package(by_openpyxl(), "a.xlsx")
    others = [name for name in package.sheets if package.sheet(name).scanned is None]
    assert others == ["填报说明", "校验"]  # a cell that would have a text and has none; hidden columns
    book = openpyxl.load_workbook(BytesIO(by_openpyxl()))
    held = {cell.coordinate: cell.value for row in book["三、依申请公开"].iter_rows() for cell in row}
    grid = FileWorkbook(package).grid("三、依申请公开")
    texts = {
        a1(row, at): text for row, cells in enumerate(grid) for at, text in enumerate(cells) if isinstance(text, str)
    }
    assert {at: text for at, text in texts.items() if text and not str(held[at]).startswith("=")} == {
        at: text for at, text in held.items() if isinstance(text, str) and not text.startswith("=")
    }


OWN = b'<c r="A6"'
OWN_TEXTS = {
    "the format behind the kind": (OWN, b'<c r="A5" t="n" s="1"/>' + OWN),
    "two formats": (OWN, b'<c r="Z5" s="1" t="inlineStr" s="1"><is><t>x</t></is></c>' + OWN),
    "before one that it comes after": (b"</row>", b'<c r="A1" t="inlineStr"><is><t>x</t></is></c></row>'),
    "a sign of another meaning in HTML": (b"<is><t>", b"<is><t>&#128;"),
    "no sign": (b"<is><t>", b"<is><t>&#1;"),
    "a sign beyond the first plane": (b"<is><t>", b"<is><t>&#128512;"),
    "blanks that may not count": (b"<is><t>", b"<is><t> "),
    "blanks that count": (b"<is><t>", b'<is><t xml:space="preserve"> '),
    "an escaped sign": (b"<is><t>", b"<is><t>_x0041_"),
    "no text": (b"<is><t>", b"<is><t></t></is></c></row><row><c><is><t>"),
    "pieces": (b"<is><t>", b"<is><r><t>x</t></r><t>"),
    "a value in place of a text": (b"<is><t>", b"<v>1</v><is><t>"),
    "another kind": (b' t="inlineStr"', b' t="str"'),
    "a prefix that is none": (b"</sheetData>", b"</sheetData><x:y/>"),
    "a line end in a formula": (b"<f>", b"<f>1+\r\n"),
    "an escaped sign in a formula": (b"<f>", b"<f>_x000D_"),
    "markup of another kind": (b'/spreadsheetml/2006/main"', b'/spreadsheetml/2006/other"'),
    "a cell behind the cells": (b"</sheetData>", b'</sheetData><c r="B2" t="str"><v>a</v></c>'),
}


@pytest.mark.parametrize("name", OWN_TEXTS)
def test_texts_of_cells_are_read_as_they_are_when_vetted_first(name: str) -> None:
    data, sheet = in_sheet(*OWN_TEXTS[name], TABLE, by_openpyxl()), "三、依申请公开"
    assert one_pass.outcome(Package, data, [sheet]) == one_pass.outcome(one_pass.TwoPasses, data, [sheet])


def test_what_formats_show_of_sheets_with_texts_of_their_own_is_told() -> None:
    book, sheet = edited(sound("2021")), "三、依申请公开"
    book[sheet]["D6"].number_format = '0"字"'
    read, vetted = (one_pass.outcome(kind, saved(book), [sheet]) for kind in (Package, one_pass.TwoPasses))
    assert read == vetted
    assert list(read[sheet][2]) == ["D6"]


def test_a_directory_that_states_more_than_there_is_is_not_usual() -> None:
    data = workbook_of(sound("2021"))
    with zipfile.ZipFile(BytesIO(data)) as archive:
        infos = archive.infolist()
    assert has_usual_directory(data, infos)
    last = [found.start() for found in re.finditer(b"PK\x01\x02", data)][-1]
    for at in (30, 32):  # the lengths of the extra field and of the comment
        changed = bytearray(data)
        changed[last + at] = 9
        with zipfile.ZipFile(BytesIO(changed)) as archive:
            assert not has_usual_directory(bytes(changed), archive.infolist())
