"""The register as people keep it: every fault with its place, every way of writing it read alike."""

from __future__ import annotations

import codecs
import datetime as dt
import io
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from sizes import zipped
from strategies import examples

import workbook
from workbook.collect.columns import WHERE, columns, parse_columns
from workbook.collect.register import Due
from workbook.collect.register_file import parse_register, read_register
from workbook.definition import FormError
from workbook.report import catalogue
from workbook.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.collect.register import Register
    from workbook.collect.register_file import Reading

CASES = tomllib.loads((Path(__file__).parent / "registers.toml").read_text(encoding="utf-8"))["cases"]
NAMED = [f"{case['code']} {number}" for number, case in enumerate(CASES)]


def read(text: str, encoding: str = "utf-8") -> Reading:
    filled = text.replace("{501}", "长" * 501).replace("{500}", "长" * 500)
    return parse_register(filled.encode(encoding), "名册.csv")


def sound(reading: Reading) -> Register:
    assert reading.register is not None, [finding.message() for finding in reading.findings]
    return reading.register


def book(sheets: Mapping[str, Sequence[Sequence[Any]]], hidden: str = "", merged: str = "") -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
        if name == hidden:
            sheet.sheet_state = "hidden"
        if merged:
            sheet.merge_cells(merged)
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_a_fault_is_told_with_its_place_and_nothing_else_is(case: Mapping[str, Any]) -> None:
    reading = read(case["wrong"])
    others = {finding.code for finding in reading.findings} - {case["code"], *case.get("tolerates", ())}
    assert not others
    finding = next(finding for finding in reading.findings if finding.code == case["code"])
    if "at" in case:
        assert finding.cells[0].place
        assert finding.cells[0].place.address == case["at"]
        assert case["at"] in finding.message()
    for lang in ("zh", "en"):
        assert "{" not in finding.message(lang) + finding.hint(lang)
    assert (reading.register is None) == (finding.level == "error")


@pytest.mark.parametrize("case", CASES, ids=NAMED)
def test_without_the_fault_it_is_read(case: Mapping[str, Any]) -> None:
    reading = read(case["right"])
    assert [finding.code for finding in reading.findings] == case.get("tolerates", []) * bool(reading.findings)
    assert sound(reading)


def test_every_code_of_the_register_has_a_case() -> None:
    codes = {code for code in catalogue() if code.startswith("register.")}
    assert {case["code"] for case in CASES} == codes - {"register.is_a_report"}  # which is no text


@pytest.mark.parametrize("edition", workbook.editions())
def test_a_report_is_no_register(edition: str) -> None:
    reading = parse_register(workbook.template(edition), "年报.xlsx")
    assert (reading.register, [finding.code for finding in reading.findings]) == (None, ["register.is_a_report"])
    assert "年报.xlsx" in reading.findings[0].message()


HEADS = "序号 单位名称（必填） ＊类型 上级单位 信用代码 行政区划代码 报送期限 起始年度 计入汇总 简称 联系人 联系电话"
ROWS: tuple[tuple[Any, ...], ...] = (
    ("2025年度年报报送单位名册",),
    (),
    tuple(HEADS.split()),
    (1, "甲县人民政府", "人民政府", "", "113301120025000007", 330112, "", "", "", "", "", ""),
    (
        2,
        "甲县财政局",
        "部门",
        "甲县",
        "11330112002500001A",
        330112.0,
        "1月20日",
        "2019年",
        "否",
        "财局、县财局",
        "张三",
        "1-1",
    ),
    (),
    (3, "丙镇人民政府", "乡镇", "甲县人民政府", "", "330112100", "2026-01-25", 2020, "是", "", "", ""),
)


def check_rows(register: Register) -> None:
    top, finance, town = register.units
    assert (top.name, top.kind, top.parent, top.division_code) == ("甲县人民政府", "government", None, "330112")
    assert (finance.id, finance.parent) == ("11330112002500001A", "113301120025000007")
    assert (finance.due, finance.spells, finance.counted) == (Due(1, 20), ((2019, None),), False)
    assert (finance.aliases, finance.contact) == (("财局", "县财局"), "张三 1-1")
    assert (town.id, town.due, town.kind) == ("丙镇人民政府", Due(1, 25, 2026), "township")
    assert [unit.row for unit in register.units] == [4, 5, 7]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_text_in_any_encoding_and_between_any_marks(mark: str, encoding: str) -> None:
    lines = [mark.join(str(value) for value in row) for row in ROWS]
    assert read("\r\n".join(lines), encoding).findings == ()
    check_rows(sound(read("\r\n".join(lines), encoding)))


def test_a_workbook_with_a_title_above_numbers_for_codes_and_a_hidden_sheet() -> None:
    sheets = {"旧": [("名称",), ("旧局",)], "说明": [("填写说明",)], "名册": ROWS}
    reading = parse_register(book(sheets, hidden="旧"), "名册.xlsx")
    assert reading.findings == ()
    check_rows(sound(reading))


def test_days_of_excel_and_ids_that_became_numbers() -> None:
    rows = [
        ("单位ID", "名称", "报送期限"),
        (123.0, "甲局", dt.date(2026, 1, 20)),
        (124, "乙局", dt.datetime(2026, 1, 21)),  # noqa: DTZ001 - as Excel has it
        ("125.0", "丙局", 46042),
    ]
    units = sound(parse_register(book({"名册": rows}), "名册.xlsx")).units
    assert [(unit.id, unit.due) for unit in units] == [
        ("123", Due(1, 20, 2026)), ("124", Due(1, 21, 2026)), ("125", Due(1, 20, 2026)),
    ]  # fmt: skip


def test_days_of_old_macs_are_counted_from_1904() -> None:
    rows = [("名称", "报送期限"), ("甲局", 46042 - 1462), *((f"单位{at}", "") for at in range(2_000))]
    made = openpyxl.load_workbook(io.BytesIO(book({"名册": rows})))
    made.epoch = CALENDAR_MAC_1904
    stream = io.BytesIO()
    made.save(stream)
    assert sound(parse_register(stream.getvalue(), "名册.xlsx")).units[0].due == Due(1, 20, 2026)


def test_a_code_that_became_a_number_is_told_for_what_it_is() -> None:
    reading = parse_register(book({"名册": [("名称", "统一社会信用代码"), ("甲局", 113301120025000016)]}), "名册.xlsx")
    (finding,) = reading.findings
    assert finding.code == "register.digits_lost"
    assert "「名册」B2" in finding.message()


def test_a_merged_cell_speaks_for_all_its_rows() -> None:
    rows = [("名称", "上级"), ("甲县人民政府", ""), ("财政局", "甲县人民政府"), ("教育局", ""), ("丙局", "")]
    units = sound(parse_register(book({"名册": rows}, merged="B3:B4"), "名册.xlsx")).units
    assert [unit.parent for unit in units] == [None, "甲县人民政府", "甲县人民政府", None]


def of_lines(*lines: str) -> bytes:
    """Return an OpenDocument spreadsheet of one sheet."""
    uri = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{name}="{uri}:{name}:1.0"' for name in ("office", "table", "text"))
    body = "".join(f"<table:table-row>{line}</table:table-row>" for line in lines)
    sheet = f'<office:spreadsheet><table:table table:name="名册">{body}</table:table></office:spreadsheet>'
    content = f'<office:document-content {spaces} office:version="1.2"><office:body>{sheet}</office:body>'
    parts = {
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": f"{content}</office:document-content>".encode(),
        "META-INF/manifest.xml": b'<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
    }
    return zipped(parts, stored="mimetype")


def test_a_workbook_of_another_format_and_its_merged_cells() -> None:
    cell, spanned = "<table:table-cell office:value-type='string'{}><text:p>{}</text:p></table:table-cell>", (
        " table:number-rows-spanned='2' table:number-columns-spanned='1'"
    )  # fmt: skip
    lines = [
        cell.format("", "名称") + cell.format("", "上级"),
        cell.format("", "甲县人民政府"),
        cell.format("", "财政局") + cell.format(spanned, "甲县"),
        cell.format("", "教育局") + "<table:covered-table-cell/>",
    ]
    reading = parse_register(of_lines(*lines), "名册.ods")
    assert reading.findings == ()
    assert [unit.parent for unit in sound(reading).units] == [None, "甲县人民政府", "甲县人民政府"]
    assert reading.name == "名册.ods"


@pytest.mark.parametrize("height", [30, 1_200, 7_000])
def test_registers_of_any_length_are_read_to_their_end(height: int) -> None:
    rows = [("名称", "上级"), ("甲县人民政府", ""), *((f"单位{at}", "甲县人民政府") for at in range(height))]
    register = sound(parse_register(book({"名册": rows}), "名册.xlsx"))
    assert len(register) == height + 1
    assert register.units[-1].row == height + 2


def test_spells_of_one_unit_and_its_successor() -> None:
    head = "单位ID,名称,起始年度,截止年度,承接单位\n"
    text = head + "1,卫计局,,2018,\n1,卫健局,2019,2022,\n1,卫生健康局,2024,,\n2,老龄办,,2020,卫健局\n"
    register = sound(read(text))
    health, aged = register.unit("1"), register.unit("2")
    assert health.spells == ((None, 2018), (2019, 2022), (2024, None))
    assert [health.name_in(year) for year in (2018, 2019, 2023, 2024, None)] == [
        "卫计局", "卫健局", "卫生健康局", "卫生健康局", "卫生健康局",
    ]  # fmt: skip
    assert set(health.aliases) == {"卫计局", "卫健局"}
    assert (health.name, aged.successor) == ("卫生健康局", "1")
    assert [unit.id for unit in register.expected(2023)] == []
    assert [unit.id for unit in register.expected(2020)] == ["1", "2"]
    assert [unit.id for unit in register.expected(2025)] == ["1"]


def test_what_is_said_and_not_how_makes_the_digest() -> None:
    text = "名称,上级\n甲县人民政府,\n财政局,甲县人民政府\n"
    one, other = sound(read(text)), sound(read("上级;;名称\n;;甲县人民政府\n\n甲县;;财政局\n"))
    assert one.digest == other.digest
    assert one.digest != sound(read(text.replace("财政", "教育"))).digest


NAMES = (
    ("甲县/财政局", "乙县/财政局"),
    "名称,上级\n甲县,\n乙县,\n财政局,甲县\n财政局,乙县\n",
)


def test_twins_without_an_id_are_known_by_the_unit_above() -> None:
    register = sound(read(NAMES[1]))
    assert {unit.id for unit in register.units} == {"甲县", "乙县", *NAMES[0]}


HOSTILE = {
    "nothing": b"",
    "zeros": bytes(1000),
    "a page": b"<html><table><tr><td>\xe5\x90\x8d\xe7\xa7\xb0</td></tr></table></html>",
    "a PDF": b"%PDF-1.4\n",
    "a cut workbook": book({"名册": ROWS})[:3000],
    "a package of something else": b"PK\x03\x04" + bytes(200),
    "half a letter": "名称\n甲局".encode("gbk")[:-1],
    "a quote that is not closed": '名称\n"甲局'.encode(),
    "a field without end": ("名称\n" + "长" * 200_000).encode(),
    "only marks": codecs.BOM_UTF8,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_register_is_told_and_never_raises(name: str, tmp_path: Path) -> None:
    (tmp_path / "名册.xlsx").write_bytes(HOSTILE[name])
    reading = read_register(tmp_path / "名册.xlsx")
    assert (reading.register is None) == any(finding.level == "error" for finding in reading.findings)
    assert reading.register or reading.findings
    assert not read_register(tmp_path / "没有.xlsx").register


WORKBOOK = book({"名册": ROWS})
fields = st.one_of(
    st.text('甲乙局,;"\n\t=+-@2019年月日\u202e\x1b', max_size=12),
    st.sampled_from(["名称", "上级", "甲局", "1", "2020"]),
)


@examples(200)
@given(rows=st.lists(st.lists(fields, max_size=6), max_size=8), mark=st.sampled_from(",;\t"))
def test_whatever_text_is_given_a_reading_is_made(rows: list[list[str]], mark: str) -> None:
    head = mark.join(["单位ID", "名称", "上级", "起始年度", "截止年度", "报送期限"])
    for text in ("\n".join([head, *map(mark.join, rows)]), "\n".join(map(mark.join, rows))):
        reading = parse_register(text.encode("utf-8", "surrogatepass"), "名册.csv")
        assert (reading.register is None) == any(finding.level == "error" for finding in reading.findings)
        for finding in reading.findings:
            assert finding.message()
            assert finding.hint("en")


@examples(100)
@given(at=st.integers(0, len(WORKBOOK) - 1), cut=st.booleans(), byte=st.integers(0, 255))
def test_a_damaged_workbook_never_raises(at: int, byte: int, *, cut: bool) -> None:
    data = WORKBOOK[:at] if cut else WORKBOOK[:at] + bytes([byte]) + WORKBOOK[at + 1 :]
    reading = parse_register(data, "名册.xlsx")
    assert reading.register or reading.findings


DEFINITION = resource(WHERE).read_text(encoding="utf-8")
WRONG = {
    "an unknown key": ('key = "id"\n', 'key = "id"\ncolour = "red"\n'),
    "a column twice": ('key = "parent"', 'key = "id"'),
    "a head of two columns": ('"汇总到"', '"单位名称"'),
    "an unknown kind": ('kind = "choice"', 'kind = "colour"'),
    "a yes that is a no": ('"否", ', '"否", "是", '),
    "a kind of unit that the form does not know": ("[kinds]\n", '[kinds]\nschool = ["学校"]\n'),
    "a deadline of such a kind": ('kinds = ["township"]', 'kinds = ["school"]'),
    "no deadline for the others": ("kinds = []", 'kinds = ["other"]'),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_definition_is_refused(name: str) -> None:
    before, after = WRONG[name]
    assert before in DEFINITION
    assert parse_columns(DEFINITION, WHERE) == columns()
    with pytest.raises(FormError, match=WHERE):
        parse_columns(DEFINITION.replace(before, after, 1), WHERE)
