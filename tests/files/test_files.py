"""Whatever a file is, it gives a report or its own finding with a sentence; never a traceback."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import sound
from hypothesis import given
from hypothesis import strategies as st
from packages import GOOD, REFUSED, in_sheet, rezipped
from strategies import examples

import workbook
from workbook.intake import limits
from workbook.report import Unreadable

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_workbook_is_refused_for_what_it_is(name: str) -> None:
    data, code = REFUSED[name]
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(data, "年报.xlsx")
    assert [finding.code for finding in refusal.value.findings] == [code]
    for lang in ("zh", "en"):
        (finding,) = refusal.value.findings
        assert "年报.xlsx" in finding.message(lang)
        assert finding.hint(lang)


def test_a_file_beyond_the_limit_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with path.open("wb") as file:
        file.truncate(limits.FILE_LIMIT + 1)
    with pytest.raises(Unreadable) as refusal:
        workbook.read(path)
    assert [finding.code for finding in refusal.value.findings] == ["file.too_large"]


def test_missing_files_and_folders_are_told_apart(tmp_path: Path) -> None:
    for path, code in ((tmp_path / "a.xlsx", "file.missing"), (tmp_path, "file.folder")):
        with pytest.raises(Unreadable) as refusal:
            workbook.read(path)
        assert [finding.code for finding in refusal.value.findings] == [code]


def test_a_file_that_may_not_be_read_is_told_with_the_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(GOOD)

    def refuse(_: object) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(type(path), "read_bytes", refuse)
    with pytest.raises(Unreadable) as refusal:
        workbook.read(path)
    assert [finding.code for finding in refusal.value.findings] == ["file.unreadable"]
    assert "Permission denied" in refusal.value.findings[0].message()


def test_a_workbook_that_is_no_report_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "工资表"
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(Unreadable) as refusal:
        workbook.parse(stream.getvalue(), "a.xlsx")
    assert [finding.code for finding in refusal.value.findings] == ["file.not_a_report"]


@pytest.mark.parametrize(
    ("cell", "code", "value"),
    [
        (b'<c r="B5" s="11" t="inlineStr"><is><t>3\xe4\xbb\xb6</t></is></c>', "cell.not_a_number", "3件"),
        (b'<c r="B5"><v>-5</v></c>', "cell.negative", -5),
        (b'<c r="B5"><v>1.5</v></c>', "cell.not_whole", 1.5),
        (b'<c r="B5"><v>1e308</v></c>', "cell.too_large", "1.000e+308"),
        (b'<c r="B5" t="b"><v>1</v></c>', "cell.not_a_number", "TRUE"),
        (b'<c r="B5" t="e"><v>#DIV/0!</v></c>', "cell.not_a_number", "#DIV/0!"),
        (b'<c r="B5"><f>1+1</f></c>', "cell.not_calculated", "=1+1"),
        (b'<c r="B5"><f>1+1</f><v></v></c>', "cell.not_calculated", "=1+1"),
        (b'<c r="B5" t="str"><f>"a"</f><v>a</v></c>', "cell.not_a_number", "a"),
        (b'<c r="B5"/>', "cell.blank", None),
    ],
)
def test_each_kind_of_wrong_cell_has_its_own_finding(cell: bytes, code: str, value: object) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        xml = archive.read("xl/worksheets/sheet4.xml")
    match = re.search(rb'<c r="B5"[^>]*>.*?</c>', xml)
    assert match
    (finding,) = workbook.check(workbook.parse(in_sheet(match[0], cell), "a.xlsx"))
    assert finding.identity == (code, "documents.rules.made")
    assert finding.as_dict()["found"] == value


@examples(60)
@given(data=st.data())
def test_a_workbook_with_damaged_bytes_is_read_right_or_refused(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(GOOD) - 1))] = data.draw(st.integers(0, 255))
    try:
        report = workbook.parse(bytes(damaged), "a.xlsx")
    except Unreadable as refusal:
        assert refusal.findings[0].message()  # noqa: PT017 - either way is right
    else:
        assert report.cells == sound("2021").cells


@examples(60)
@given(data=st.data())
def test_a_sheet_with_damaged_xml_never_raises_anything_else(data: st.DataObject) -> None:
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        parts = {info.filename: archive.read(info) for info in archive.infolist()}
    part = data.draw(
        st.sampled_from(["xl/worksheets/sheet3.xml", "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
    )
    xml = bytearray(parts[part])
    start = data.draw(st.integers(0, len(xml) - 1))
    xml[start : start + data.draw(st.integers(0, 40))] = data.draw(st.binary(max_size=10))
    try:
        workbook.check(
            workbook.parse(rezipped(lambda name, content: bytes(xml) if name == part else content), "a.xlsx")
        )
    except Unreadable as refusal:
        assert refusal.findings[0].message()  # noqa: PT017 - either way is right


@examples(100)
@given(st.binary(max_size=300))
def test_bytes_at_random_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        workbook.parse(data, "a.xlsx")
