"""Hostile and unusual input: every case that was once read wrong, refused wrongly or not refused at all."""

from __future__ import annotations

import io
import json
import os
import re
import resource
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import sound
from command import COMMAND, nianbao
from openpyxl.chart import BarChart
from test_excel import edited, saved
from test_files import FAR, GOOD, in_sheet, rezipped

import workbook
from workbook.excel.reading.markup import area, plain_end
from workbook.jobs import file as jobs
from workbook.report import Unreadable, Waiver

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TABLE = "xl/worksheets/sheet4.xml"


def cell_d6(value: bytes) -> bytes:
    """Return the good workbook with other markup for the value of D6, which is 941."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = archive.read(TABLE)
    match = re.search(rb'<c r="D6"[^>]*><v>941</v></c>', xml)
    assert match
    return in_sheet(match[0], match[0].replace(b"<v>941</v>", value), TABLE)


def codes(data: bytes) -> list[str]:
    """Return the codes of the refusal, or of the findings."""
    try:
        return [finding.code for finding in workbook.check(workbook.parse(data, "a.xlsx"))]
    except Unreadable as refusal:
        return [finding.code for finding in refusal.findings]


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


@pytest.mark.parametrize("digits", [400, 5_000, 300_000])
def test_digits_beyond_what_a_number_holds_are_a_text(digits: int) -> None:
    page = "<table><tr><td>信息内容<td>本年制发件数<td>本年废止件数<td>现行有效件数<tr><td>规章<td>{}<td>2<td>3</table>"
    start = time.monotonic()
    report = workbook.parse(page.format("9" * digits).encode(), "a.html")
    assert report.cells["documents.rules.made"] == "9" * digits
    assert json.loads(workbook.to_json(report))["tables"]["documents"]["rules"]["made"] is None
    assert time.monotonic() - start < 5


def test_openpyxl_without_lxml_is_read_and_marked(tmp_path: Path) -> None:
    """What a script on a fresh machine does: openpyxl writes other markup where lxml is missing."""
    for name, data in {"blank.xlsx": workbook.template("2021"), "full.xlsx": GOOD}.items():
        (tmp_path / name).write_bytes(data)
        code = f"import openpyxl; openpyxl.load_workbook({name!r}).save({name!r})"
        environment = {**os.environ, "OPENPYXL_LXML": "False"}
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=environment)
        before = workbook.read(tmp_path / name)
        done = subprocess.run([COMMAND, "mark", name], cwd=tmp_path, check=False, env=environment, capture_output=True)
        assert done.returncode == (1 if name == "blank.xlsx" else 0), done.stderr.decode()
        after = workbook.read(tmp_path / f"{name.removesuffix('.xlsx')}-校验.xlsx")
        assert before.cells == after.cells


def renamed_part(name: str) -> bytes:
    """Return the good workbook with a far cell, whose table lies in a part of another name."""

    def change(part: str, content: bytes) -> bytes:
        if part == TABLE:
            return content.replace(b"</sheetData>", FAR, 1)
        return (
            content.replace(b"worksheets/sheet4.xml", name.encode(), 1)
            if part.endswith("workbook.xml.rels")
            else content
        )

    moved = rezipped(change)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(moved)) as source, zipfile.ZipFile(stream, "w") as target:
        for info in source.infolist():
            target.writestr(f"xl/{name}" if info.filename == TABLE else info.filename, source.read(info))
    return stream.getvalue()


def in_table(old: bytes, new: bytes) -> Callable[[], bytes]:
    return lambda: in_sheet(old, new, TABLE)


ROW = b"</sheetData>"
FAR_CELLS: dict[str, Callable[[], bytes]] = {
    "odd part name": lambda: renamed_part("odd/s.xml"),
    "odd ending": lambda: renamed_part("worksheets/sheet4.dat"),
    "other attribute first": in_table(ROW, b'<row r="2"><c s="1" r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "no blank between attributes": in_table(ROW, b'<row r="2"><c s="1"r="XFD1048576"><v>1</v></c></row></sheetData>'),
    "single quotes": in_table(ROW, b"<row r='2'><c r='XFD1048576'><v>1</v></c></row></sheetData>"),
    "line break": in_table(ROW, b'<row r="2"><c\nr="XFD1048576"><v>1</v></c></row></sheetData>'),
    "row only": in_table(ROW, b'<row r="1048576"><c><v>1</v></c></row></sheetData>'),
    "small letters": in_table(ROW, b'<row r="2"><c r="xfd99999"><v>1</v></c></row></sheetData>'),
    "entity in the address": in_table(ROW, b'<row r="2"><c r="&#88;FD1048576"><v>1</v></c></row></sheetData>'),
    "address that is none": in_table(ROW, b'<row r="2"><c r="ZZZZZZZ9999999999"><v>1</v></c></row></sheetData>'),
    "cells without addresses": in_table(
        ROW, b"<row><c><v>1</v></c></row>" * 9000 + b"<row>" + b"<c><v>1</v></c>" * 3000 + b"</row></sheetData>"
    ),
}


@pytest.mark.parametrize("name", FAR_CELLS)
def test_a_far_cell_is_refused_however_it_is_written(name: str, tmp_path: Path) -> None:
    """In a process of its own with bounded memory: a far cell that got through would end it."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(FAR_CELLS[name]())
    start = time.monotonic()
    assert nianbao("check", path, cwd=tmp_path).code == jobs.UNREADABLE
    assert time.monotonic() - start < 5


def test_two_sheets_of_one_name_hide_nothing() -> None:
    def change(part: str, content: bytes) -> bytes:
        if part == "xl/workbook.xml":
            return re.sub(rb'name="[^"]*" sheetId="1"', 'name="三、依申请公开" sheetId="1"'.encode(), content, count=1)
        return content.replace(b"</sheetData>", FAR) if part == "xl/worksheets/sheet1.xml" else content

    assert codes(rezipped(change)) == ["file.too_large"]


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
            assert 0 < area(odd, -1) <= area(xml, plain_end(xml)) <= 26 * 999


def test_parts_that_are_not_parsed_may_begin_as_they_like() -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("customXml/item1.xml", b"<?mso-contentType?><a/>")
        archive.writestr("customXml/item2.xml", b"")
        archive.writestr("docProps/odd.xml", b"<!-- x --><!DOCTYPE a><a/>")
    assert codes(stream.getvalue()) == []


def test_inline_text_may_hold_what_looks_like_a_comment() -> None:
    old = re.search(rb'<c r="B5"[^>]*>.*?</c>', zipfile.ZipFile(io.BytesIO(GOOD)).read("xl/worksheets/sheet3.xml"))
    assert old
    data = in_sheet(old[0], b'<c r="B5" t="inlineStr"><is><t>a!--b</t></is></c>')
    assert codes(data) == ["cell.not_a_number"]


def test_a_strange_version_in_the_directory_is_no_traceback() -> None:
    data = bytearray(GOOD)
    data[data.index(b"PK\x01\x02") + 6] = 99
    assert codes(bytes(data)) in ([], ["file.damaged"])


# ---- totals, copies, waivers ----------------------------------------------------------------------------------------


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
        assert workbook.parse(workbook.write(report), "a.xlsx").waivers[0].date == "2025-01-03"


def test_an_unfinished_waiver_gives_a_draft_that_conforms() -> None:
    report = replace(sound("2021"), waivers=(Waiver("text.blank", "other", "", "", ""),))
    document = workbook.to_document(report)
    assert workbook.is_valid(document, "2021")
    assert document["draft"][0]["code"] == "waiver.incomplete"


def test_a_credit_code_with_blanks_and_small_letters_is_read_right() -> None:
    book = edited(sound("2021"))
    book["封面"]["C9"] = "9111 0000 6000 37341l"
    assert workbook.parse(saved(book), "a.xlsx").body.credit_code == "91110000600037341L"


# ---- marks ----------------------------------------------------------------------------------------------------------


def marked(data: bytes) -> tuple[workbook.Report, workbook.Report, Any]:
    report = workbook.parse(data, "a.xlsx")
    copy = workbook.mark(data, report, workbook.check(report))
    return report, workbook.parse(copy, "a.xlsx"), openpyxl.load_workbook(io.BytesIO(copy))


def test_marking_a_workbook_without_stored_results_keeps_it_sound() -> None:
    before, after, _ = marked(saved(edited(sound("2021"))))
    assert before.cells == after.cells
    assert not [finding for finding in workbook.check(after) if finding.level == "error"]


def test_marking_a_workbook_with_a_chart_sheet_keeps_every_result() -> None:
    book = edited(sound("2021").with_cells({"applications.received.total": 1}))
    book.create_chartsheet("图", 0).add_chart(BarChart())
    before, after, _ = marked(saved(book))
    assert before.cells == after.cells


def test_merged_number_cells_and_odd_sheet_names_are_marked() -> None:
    book = edited(sound("2021").with_cells({"enforcement.penalty.decisions": None, "disputes.review.total": 1}))
    book["四、复议诉讼"].title = "=1+1 O'Brien"
    _, _, after = marked(saved(book))
    results = after["校验结果"]
    named = [row for row in results.iter_rows(min_row=3) if row[3].value == "=1+1 O'Brien"]
    assert named
    assert {row[3].data_type for row in named} == {"s"}
    assert all("''" in row[4].hyperlink.location for row in named)


def test_a_workbook_that_cannot_be_edited_is_told() -> None:
    def change(part: str, content: bytes) -> bytes:
        return b"<a><b></a>" if part == "docProps/core.xml" else content

    data = rezipped(change)
    report = workbook.parse(data, "a.xlsx")
    with pytest.raises(Unreadable):
        workbook.mark(data, report, workbook.check(report))


# ---- documents ------------------------------------------------------------------------------------------------------


def document() -> dict[str, Any]:
    return json.loads(workbook.to_json(sound("2021")))


def test_a_draft_does_not_override_what_a_person_corrected() -> None:
    data = json.loads(workbook.to_json(sound("2021").with_cells({"documents.rules.made": "3件"})))
    data["tables"]["documents"]["rules"]["made"] = 3
    assert workbook.from_document(data).cells["documents.rules.made"] == 3


def test_a_key_that_stands_twice_is_refused() -> None:
    data = workbook.to_json(sound("2021")).replace(b'"made": 59', b'"made": 1, "made": 59', 1)
    with pytest.raises(Unreadable) as refusal:
        workbook.from_json(data)
    assert refusal.value.findings[0].code == "file.not_json"


@pytest.mark.parametrize(
    "change",
    [
        {"source": {"file": "a", "sha256": "a" * 64 + "\n", "template": None}},
        {"waivers": [{"code": "a", "at": "", "reason": "b", "by": "c", "date": "2025-01-01\n"}]},
        {"waivers": [1] * 100_000},
        {"body": None},
        {"year": "2024"},
        {"narrative": {"overview": "x" * 200_001, "problems": None, "other": None}},
    ],
)
def test_a_document_that_breaks_its_schema_is_refused_soon_and_by_name(change: dict[str, Any]) -> None:
    data = json.dumps(document() | change)
    start = time.monotonic()
    with pytest.raises(Unreadable) as refusal:
        workbook.from_json(data)
    assert refusal.value.findings[0].code == "file.not_conforming"
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("found", [5, True, [[]], {"a": 1}, None, "x"])
@pytest.mark.parametrize("code", ["body.division_code", "body.name", "cell.blank"])
def test_strange_entries_of_a_draft_are_passed_over_or_found(code: str, found: object) -> None:
    at = {"body.division_code": "division_code", "body.name": "name", "cell.blank": "documents.rules.made"}[code]
    data = document() | {"draft": [{"code": code, "at": at, "found": found}]}
    data["body"]["division_code"] = None
    data["tables"]["documents"]["rules"]["made"] = None
    report = workbook.from_document(data)
    assert workbook.is_valid(workbook.to_document(report), "2021")


@pytest.mark.parametrize("edition", ["x" * 5000, "../schema/2019", "", "2021\n"])
def test_an_edition_that_is_none_touches_no_file(edition: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        workbook.from_document(document() | {"edition": edition})
    assert refusal.value.findings[0].code == "file.not_a_report"


def test_a_name_of_blanks_is_no_name() -> None:
    data = document()
    data["body"]["name"] = "   "
    assert [finding.code for finding in workbook.check(workbook.from_document(data))] == ["body.name"]


# ---- commands -------------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "r.xlsx").write_bytes(GOOD)
    return tmp_path


def test_inputs_of_one_name_give_as_many_outputs(folder: Path) -> None:
    run = nianbao("convert", "a/r.xlsx", "b/r.xlsx", "c/r.xlsx", "-o", "out", cwd=folder)
    assert run.code == 0
    assert sorted(path.name for path in (folder / "out").iterdir()) == ["r-2.json", "r.json", "r.xlsx.json"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert", "--force", "in.xlsx", "in.json"],
        ["mark", "in.xlsx", "in-校验.xlsx", "--force"],
        ["check", "in.xlsx", "-o", "in.xlsx", "--force"],
        ["check", "in.json", "-o", "./in.json", "--force"],
    ],
)
def test_no_input_is_overwritten_even_by_force(folder: Path, arguments: list[str]) -> None:
    files = {"in.xlsx": GOOD, "in-校验.xlsx": GOOD, "in.json": workbook.to_json(sound("2021"))}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    assert nianbao(*arguments, cwd=folder).code == jobs.MISUSE
    assert {name: (folder / name).read_bytes() for name in files} == files


def test_a_user_s_own_part_file_is_left_alone(folder: Path) -> None:
    (folder / ".o.json.part").write_text("mine", encoding="utf-8")
    assert nianbao("convert", "a/r.xlsx", "-o", "o.json", cwd=folder).code == 0
    assert (folder / ".o.json.part").read_text(encoding="utf-8") == "mine"


def test_names_that_are_too_long_are_told(folder: Path) -> None:
    assert nianbao("check", "x" * 300 + ".xlsx", cwd=folder).code == jobs.UNREADABLE
    assert nianbao("convert", "a/r.xlsx", "-o", "y" * 300 + ".json", cwd=folder).code == jobs.MISUSE
    assert nianbao("demo", "-o", str(folder / ("z" * 300)), cwd=folder).code == jobs.MISUSE


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_special_files_are_neither_read_nor_replaced(folder: Path) -> None:
    os.mkfifo(folder / "pipe.xlsx")
    assert nianbao("check", "pipe.xlsx", cwd=folder).code == jobs.UNREADABLE
    assert nianbao("convert", "a/r.xlsx", "-o", "pipe.xlsx", "--force", cwd=folder).code == jobs.MISUSE
    assert nianbao("check", "/dev/zero", cwd=folder).code == jobs.UNREADABLE


def test_no_more_processes_than_files(folder: Path) -> None:
    start = time.monotonic()
    assert nianbao("check", "a/r.xlsx", "b/r.xlsx", "--jobs", "99999", cwd=folder).code == 0
    assert time.monotonic() - start < 20


def test_texts_that_no_cell_can_hold_are_told(folder: Path) -> None:
    data = document()
    data["body"]["name"] = "长" * 40_000
    (folder / "long.json").write_text(json.dumps(data), encoding="utf-8")
    run = nianbao("fill", "long.json", cwd=folder)
    assert run.code == jobs.FAULTY
    assert "file.not_written" in run.err
    report = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": "😀" * 20_000})
    assert [finding.code for finding in workbook.check(report)] == ["text.too_long"]


def test_english_messages_are_english(folder: Path) -> None:
    del_ = document()
    del del_["waivers"]
    (folder / "x.json").write_text(json.dumps(del_), encoding="utf-8")
    text = nianbao("check", "x.json", "--lang", "en", cwd=folder).out.decode()
    assert "'waivers' is a required property" in text
    (folder / "b.xlsx").write_bytes(workbook.write(sound("2021").with_cells({"documents.rules.made": None})))
    assert (
        "a whole number, 0 or more is expected" in nianbao("check", "b.xlsx", "--lang", "en", cwd=folder).out.decode()
    )


@pytest.mark.skipif(sys.platform == "win32", reason="memory is bounded another way there")
def test_a_refusal_takes_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(FAR_CELLS["cells without addresses"]())

    def bounded() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (1_000 * 2**20, 1_000 * 2**20))

    code = "import workbook\ntry: workbook.read('a.xlsx')\nexcept workbook.Unreadable as e: print(e.findings[0].code)"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, check=True, cwd=tmp_path, preexec_fn=bounded)
    assert done.stdout.strip() == b"file.too_large"
