"""What a workbook shows and what is read of it: no wrong number without a finding that names its cell."""

from __future__ import annotations

import io
import re
import zipfile
from copy import copy
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
import xlsxwriter
from cases import sound
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from seen import ADDRESS, HELD, KEY, NOISES, SHEET, TOLD, book_of, changed, changed_both, rich, styled, told
from strategies import examples
from workbooks import edited, saved

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import plan_of
from workbook.excel.reading import number_format
from workbook.excel.salvage.read import read_damaged
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("name", NOISES)
def test_what_is_not_seen_or_shown_otherwise_is_told(name: str) -> None:
    """Also of tables that are found by their labels."""
    change, code, value = NOISES[name]
    stay, move = changed_both(change)
    for data in (stay(), move()):
        report = workbook.parse(data, "x.xlsx")
        assert code in told(report)
        assert report.cells[KEY] == value


@pytest.mark.parametrize(
    "change",
    [
        styled(number_format="#,##0"),
        styled(number_format="0.00"),
        styled(number_format='0"件"'),
        styled(number_format='_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ '),
        styled(number_format="#,##0_);[Red](#,##0)"),
        styled(number_format="@"),
        styled(font=Font(color="FFC00000", strike=False)),
        styled(comment=Comment("原为 529", "张三")),
        rich(("901", {"b": True})),
    ],
)
def test_what_changes_no_number_is_not_told(change: Callable[[Any], None]) -> None:
    report = workbook.parse(changed(change), "x.xlsx")
    assert not told(report) & TOLD
    assert {report.cells[KEY]} <= {HELD, str(HELD)}


def test_both_numbers_are_named_and_a_table_is_told_once() -> None:
    def change(cell: Any) -> None:
        for row in cell.parent.iter_rows(min_row=6, min_col=4, max_col=9):
            for other in row:
                other.number_format = "0.0%"

    (finding,) = [
        f for f in workbook.parse(changed(change), "x.xlsx").reader_findings if f.code == "cell.shown_otherwise"
    ]
    assert finding.level == "info"
    for words in ("941", "94100.0%", "等", "D6"):
        assert words in finding.message()
    assert len(finding.cells) > 20


@pytest.mark.parametrize(
    ("formula", "linked"),
    [
        ("[1]Sheet1!A1", True),
        ("SUM('[1]一 月'!A1:A9)", True),
        (r"'C:\年报\[甲.xlsx]表'!A1", True),
        ('WEBSERVICE("http://x")', True),
        ("前年", True),
        ("cmd|'/c x'!A1", True),
        ("SUM(E6:F6)+封面!A1", False),
        ("SUM(T[件数])+封面!A1", False),
    ],
)
def test_a_formula_that_looks_into_another_file_is_told(formula: str, linked: bool) -> None:  # noqa: FBT001
    data = changed(lambda cell: cell.parent.parent.defined_names.update(
        {"前年": openpyxl.workbook.defined_name.DefinedName("前年", attr_text="[1]Sheet1!$A$1")}))  # fmt: skip
    old = f'<c r="{ADDRESS}" s="5" t="n"><v>{HELD}</v></c>'
    new = f'<c r="{ADDRESS}" s="5"><f>{formula.replace("&", "&amp;")}</f><v>{HELD}</v></c>'
    report = workbook.parse(replaced(data, old, new), "x.xlsx")
    assert report.cells[KEY] == HELD
    assert ("cell.linked" in told(report)) == linked


def replaced(data: bytes, old: str, new: str) -> bytes:
    """Return a package in which a cell of a sheet is another; its style may have any number."""
    target = io.BytesIO()
    pattern = re.compile(re.sub(r's="\d+"', r's="\\d+"', re.escape(old).replace(r"\ ", " ")).encode())
    count = 0
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as into:
        for name in source.namelist():
            content = source.read(name)
            if name.startswith("xl/worksheets/"):
                content, found = pattern.subn(new.encode(), content)
                count += found
            into.writestr(name, content)
    assert count == 1
    return target.getvalue()


def test_runs_of_shared_texts_and_readings_above_them() -> None:
    stream = io.BytesIO()
    base = book_of(sound("2021"))
    with xlsxwriter.Workbook(stream) as book:
        raised, struck = book.add_format({"font_script": 1}), book.add_format({"font_strikeout": True})
        for sheet in base.worksheets:
            copied = book.add_worksheet(sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None and not str(cell.value).startswith("="):
                        copied.write(cell.row - 1, cell.column - 1, cell.value)
        table = book.get_worksheet_by_name(SHEET)
        table.write_rich_string("D6", "59", "2", raised, "1")
        table.write_rich_string("E6", struck, "529", "90", "1")
        book.get_worksheet_by_name("二、主动公开").write_rich_string("A5", "规", "章", raised, "①")
    report = workbook.parse(stream.getvalue(), "x.xlsx")
    other = "applications.received.natural"
    assert (report.cells[other], report.cells[KEY]) == (592, 901)
    assert "cell.notation" in told(report, other)
    assert "cell.left_out" in told(report)
    assert report.cells["documents.rules.made"] == sound("2021").cells["documents.rules.made"]
    data = changed(styled(value="901"))
    read_above = '<is><t>901</t><rPh sb="0" eb="1"><t>9</t></rPh></is>'
    report = workbook.parse(replaced(data, f'<c r="{ADDRESS}" s="5" t="inlineStr"><is><t>901</t></is></c>',
                                     f'<c r="{ADDRESS}" t="inlineStr">{read_above}</c>'), "x.xlsx")  # fmt: skip
    assert report.cells[KEY] == "901"


@pytest.mark.parametrize("wrong", ["#REF!", "不详", "=NOW()"])
@pytest.mark.parametrize("moved", [False, True])
def test_a_total_is_not_added_up_over_what_is_no_number(wrong: str, moved: bool) -> None:  # noqa: FBT001
    def change(cell: Any) -> None:
        sheet = cell.parent
        sheet["E6"] = wrong
        if wrong.startswith("#"):
            sheet["E6"].data_type = "e"
        sheet["J6"] = "=SUM(D6:I6)"
        if moved:
            sheet["A7"] = "　二、上年结转政府信息公开申请数量（件）"

    report = workbook.parse(changed(change), "x.xlsx")
    total = "applications.received.total"
    assert report.cells[total] is None
    assert told(report, total) >= {"total.not_added"}
    assert "cell.blank" not in told(report, total)
    (finding,) = [f for f in workbook.check(report) if f.code == "total.not_added"]
    assert "E6" in finding.message()
    assert workbook.to_document(report)["tables"]["applications"]["received"]["total"] is None


def test_a_total_of_totals_is_not_added_up_either() -> None:
    book = edited(sound("2021"))
    book[SHEET]["D8"] = "无"  # granted
    report = workbook.parse(saved(book), "x.xlsx")
    unknown = {f.at for f in report.reader_findings if f.code == "total.not_added"}
    assert unknown >= {"applications.granted.total", "applications.concluded.natural", "applications.concluded.total"}
    assert {report.cells[key] for key in unknown} == {None}
    assert report.cells["applications.received.total"] == sound("2021").cells["applications.received.total"]


def test_what_is_saved_of_a_damaged_workbook_is_looked_at() -> None:
    data = bytearray(changed(NOISES["raised mark"][0]))
    data[data.rfind(b"xl/styles.xml") - 30] ^= 1  # its checksum in the directory
    data[data.find(b"xl/styles.xml") - 16] ^= 1  # and before it
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(bytes(data), "x.xlsx")
    report = read_damaged(bytes(data), "x.xlsx", refusal.value)
    assert report.cells[KEY] == 592
    assert {"cell.notation", "file.sheet_doubtful"} <= told(report)


def kinds() -> st.SearchStrategy[Any]:
    """Draw a number format: of known parts, in any order."""
    parts = st.lists(
        st.sampled_from(
            (*"0#?,.%-万@()", '"件"', '"0"', "\\1", "_ ", "[Red]", "[White]", "[>9]", "General", "* ", "[$¥-804]")
        ),
        min_size=1,
        max_size=6,
    )
    return st.lists(parts.map("".join), min_size=1, max_size=3).map(";".join)


@examples(20)
@given(
    code=kinds(), value=st.sampled_from([0, 7, 592, 12345, 592000]), name=st.sampled_from(sorted(NOISES)), key=st.data()
)
def test_no_wrong_number_without_a_finding(code: str, value: int, name: str, key: Any) -> None:
    """Whatever a format makes of a number, and whatever is done to another: what is not told is read as it is shown."""
    table = plan_of("2021").sheets[1].tables[0]
    one, other = key.draw(st.lists(st.sampled_from(sorted(table.cells)), min_size=2, max_size=2, unique=True))
    base = sound("2021")
    book = book_of(base)
    at = [book[table.sheet][a1(*table.cells[spot])] for spot in (one, other)]
    at[0].value, at[0].number_format = value, code
    at[1].font, at[1].fill = copy(at[1].font), copy(at[1].fill)
    noise, wanted, _ = NOISES[name]
    if name not in {"row", "low row", "column", "sheet", "no zeros", "merged"}:  # those that would take the first along
        noise(at[1])
    report = workbook.parse(saved(book), "x.xlsx")
    if not told(report, one) & {*TOLD, "cell.not_a_number"}:
        text = number_format.shown(code, value)
        assert text is not None
        assert number_format.says(text) == report.cells[one] == value
    bites = name != "condition" or base.cells[other] > 100  # type: ignore[operator]  # its format shows others as they are
    if at[1].has_style and bites and name not in {"row", "low row", "column", "sheet", "no zeros", "merged"}:
        assert wanted in told(report, other)


def test_struck_out_words_of_the_text_are_left_out_and_told() -> None:
    book = book_of(sound("2021"))
    sheet = book["一、总体情况"]
    sheet["A4"] = CellRichText("今年收到申请", TextBlock(InlineFont(strike=True), "500件，"), "592件。")
    report = workbook.parse(saved(book), "x.xlsx")
    assert "收到申请592件" in (report.narrative["overview"] or "")
    (finding,) = [f for f in report.reader_findings if f.code == "text.left_out"]
    assert "A4" in finding.message()
