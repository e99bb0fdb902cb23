"""Packages and sheets written in hostile or unusual ways: each was once read wrong, refused wrongly or not refused."""

from __future__ import annotations

import io
import json
import re
import resource
import subprocess
import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import sound
from command import nianbao
from packages import FAR_CELLS, GOOD, TABLE, codes, in_sheet, rezipped
from workbooks import edited, saved, workbook_of

import workbook
from workbook.excel.reading.markup import plain_end, vet_cells
from workbook.report import Waiver

if TYPE_CHECKING:
    from pathlib import Path


def cell_d6(value: bytes) -> bytes:
    """Return the good workbook with other markup for the value of D6, which is 941."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = archive.read(TABLE)
    match = re.search(rb'<c r="D6"[^>]*><v>941</v></c>', xml)
    assert match
    return in_sheet(match[0], match[0].replace(b"<v>941</v>", value), TABLE)


@pytest.mark.parametrize(
    "value",
    [
        b"<v>94&#49;</v>",
        b"<v>94<?x?>1</v>",
        b"<v>94<!-- -->1</v>",
        b"<v>94<b/>1</v>",
        b"<v>94<![CDATA[1]]></v>",
        b"<v>941</v><v>9</v>",
        b"<v>9</c>41</v>",
        b"9<v>41</v>",
        b"<f>1</f>9<v>41</v>",
        b'<f t="shared" si="0"/>9<v>41</v>',
    ],
)
def test_no_number_is_read_in_part(value: bytes) -> None:
    assert codes(cell_d6(value)) == ["file.damaged"]


D6 = b'<c r="D6"><v>941</v></c>'


@pytest.mark.parametrize(
    "cells",
    [
        D6 + b'<c r="D6"/>',
        D6 + b'<c r="D06"><v>7</v></c>',
        D6 + b"<c r='D6'><v>7</v></c>",
        D6 + b'<c r="C6"><v>7</v></c><c><v>8</v></c>',
        D6 + b'</row><row r="6">',
        D6 + b"</row><row r='6'>",
        D6 + b'<x:c xmlns:x="urn:x" r="D6"><x:v>7</x:v></x:c>',
        D6 + b'<c xmlns="urn:x" r="D6"><v>7</v></c>',
        b'<c r="D6"><v xmlns="urn:x">7</v></c>',
        b'<c r="D6"><x:v xmlns:x="urn:x">7</x:v></c>',
    ],
)
def test_no_cell_stands_twice_or_is_of_another_kind(cells: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = archive.read(TABLE)
    match = re.search(rb'<c r="D6"[^>]*><v>941</v></c>', xml)
    assert match
    assert codes(in_sheet(match[0], cells, TABLE)) == ["file.damaged"]


def test_a_sheet_whose_markup_has_prefixes_is_read() -> None:
    def change(part: str, content: bytes) -> bytes:
        if part != TABLE:
            return content
        named = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", content)
        return named.replace(b' xmlns="', b' xmlns:x="', 1)

    assert codes(rezipped(change)) == []


@pytest.mark.parametrize("value", [b"<v> 941 </v>", b"<v>941.0</v>", b"<v>9.41e2</v>"])
def test_other_ways_of_writing_a_number_are_read_right(value: bytes) -> None:
    report = workbook.parse(cell_d6(value), "a.xlsx")
    assert report.cells["applications.received.natural"] in {941, " 941 "}


@pytest.mark.parametrize("empty", [b"<v/>", b"<v />", b"<v></v>", b""])
def test_a_formula_without_a_value_may_be_written_in_several_ways(empty: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = archive.read(TABLE)
    match = re.search(rb'(<c r="J6"[^>]*><f>[^<]*</f>)<v>[^<]*</v></c>', xml)
    assert match
    assert codes(in_sheet(match[0], match[1] + empty + b"</c>", TABLE)) == ["total.not_calculated"]


@pytest.mark.parametrize("name", FAR_CELLS)
def test_a_far_cell_is_told_however_it_is_written(name: str, tmp_path: Path) -> None:
    """That it costs neither room nor time is looked at with all others, in ``tests/files/test_memory.py``."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(FAR_CELLS[name]())
    run = nianbao("check", path, "--format", "json", cwd=tmp_path)
    assert run.code == 0
    assert [finding["code"] for finding in json.loads(run.out)[0]["findings"]] == ["file.far_cells"]


def test_two_sheets_of_one_name_are_refused() -> None:
    def change(part: str, content: bytes) -> bytes:
        if part == "xl/workbook.xml":
            return re.sub(rb'name="[^"]*" sheetId="1"', 'name="三、依申请公开" sheetId="1"'.encode(), content, count=1)
        return content

    assert codes(rezipped(change)) == ["file.damaged"]


def test_a_text_used_thousands_of_times_is_refused() -> None:
    def change(part: str, content: bytes) -> bytes:
        if part == "xl/sharedStrings.xml":
            return content.replace(b"</sst>", b"<si><t>" + b"x" * 1_000_000 + b"</t></si></sst>")
        if part == TABLE:
            count = content.count(b"<row ")
            cells = b"".join(
                b'<row r="%d"><c r="A%d" t="s"><v>0</v></c></row>' % (n, n) for n in range(count + 50, count + 900)
            )
            return content.replace(b"</sheetData>", cells + b"</sheetData>")
        return content

    assert codes(rezipped(change)) == ["file.too_large"]


def test_hundreds_of_sheets_are_refused() -> None:
    book = openpyxl.Workbook()
    for number in range(100):
        book.create_sheet(f"s{number}")
    assert codes(saved(book)) == ["file.too_large"]


def test_the_plain_way_and_the_parser_agree_on_the_kit_s_own_sheets() -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        for number in range(1, 7):
            xml = archive.read(f"xl/worksheets/sheet{number}.xml")
            odd = xml.replace(b'<row r="', b'<row  r="', 1)
            assert plain_end(odd) < 0 < plain_end(xml)
            vet_cells(odd, -1)
            vet_cells(xml, plain_end(xml))


def test_parts_that_are_not_parsed_may_begin_as_they_like() -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("customXml/item1.xml", b"<?mso-contentType?><a/>")
        archive.writestr("customXml/item2.xml", b"")
        archive.writestr("customXml/item3.xml", b"<!--" + b" " * 2_000 + b"--><a/>")
        archive.writestr("customXml/item4.xml", "\ufeff<a/>".encode("utf-16-le"))
        archive.writestr("xl/media/image1.png", b"\x89PNG <!DOCTYPE a>")
    assert codes(stream.getvalue()) == []


def test_inline_text_may_hold_what_looks_like_a_comment() -> None:
    old = re.search(rb'<c r="B5"[^>]*>.*?</c>', zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet4.xml"))
    assert old
    data = in_sheet(old[0], b'<c r="B5" t="inlineStr"><is><t>a!--b</t></is></c>')
    assert codes(data) == ["cell.not_a_number"]


def test_a_strange_version_in_the_directory_is_no_traceback() -> None:
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 6] = 99
    assert codes(bytes(data)) in ([], ["file.damaged"])


def test_only_a_sum_of_the_parts_is_calculated_for_a_total() -> None:
    book = edited(sound("2021"))
    sheet = book["三、依申请公开"]
    sheet["J6"], sheet["J7"], sheet["J8"] = "=D6*1000", "=D7+E7+F7+G7+H7+I7", "=SUM($D$8:$I$8)"
    errors = [
        finding.identity
        for finding in workbook.check(workbook.parse(saved(book), "a.xlsx"))
        if finding.level == "error"
    ]
    assert errors[0] == ("cell.not_calculated", "applications.received.total")
    assert {code for code, _ in errors[1:]} <= {"applications.total", "applications.balance"}
    assert ("applications.total", "brought_forward") not in errors
    assert ("applications.total", "granted") not in errors


def test_a_second_copy_is_found_wherever_it_stands() -> None:
    book = edited(sound("2021"))
    copy = book.copy_worksheet(book["四、复议诉讼"])
    book.move_sheet(copy, -len(book.sheetnames))
    copy["A6"] = 12345
    assert codes(saved(book)) == ["file.ambiguous"]

    book = edited(sound("2021"))
    sheet = book["四、复议诉讼"]
    for row in range(3, 7):
        for column in range(1, 16):
            value = sheet.cell(row, column).value
            sheet.cell(row + 20, column, 7 if row == 6 else value)
    assert codes(saved(book)) == ["file.ambiguous"]


def test_a_date_of_a_waiver_may_be_written_in_several_ways() -> None:
    for written in ("2025/1/3", "2025-01-03", "2025年1月3日", "2025.1.3"):
        report = replace(sound("2021"), waivers=(Waiver("a", "b", "c", "d", written),))
        assert workbook.parse(workbook_of(report), "a.xlsx").waivers[0].date == "2025-01-03"


def test_a_credit_code_with_blanks_and_small_letters_is_read_right() -> None:
    book = edited(sound("2021"))
    book["封面"]["C9"] = "9111 0000 6000 37341l"
    assert workbook.parse(saved(book), "a.xlsx").body.credit_code == "91110000600037341L"


@pytest.mark.skipif(sys.platform == "win32", reason="memory is bounded another way there")
def test_far_cells_take_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(FAR_CELLS["cells without addresses"]())

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_000 * 2**20, 1_000 * 2**20))

    code = "import workbook; print(workbook.read('a.xlsx').reader_findings[0].code)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, preexec_fn=bounded)
    assert done.stdout.strip() == b"file.far_cells"
