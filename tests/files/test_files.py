"""Whatever a file is, it gives a report or its own finding with a sentence; never a traceback."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import sound
from hypothesis import given, settings
from hypothesis import strategies as st

import workbook
from workbook.excel.reading import package
from workbook.intake import archive
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GOOD = workbook.write(sound("2021"))


def rezipped(change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The good workbook with its parts changed."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as source, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        for info in source.infolist():
            content = change(info.filename, source.read(info))
            if content is not None:
                target.writestr(info.filename, content)
    return stream.getvalue()


FAR = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'


def in_sheet(old: bytes, new: bytes, part: str = "xl/worksheets/sheet3.xml") -> bytes:
    def change(name: str, content: bytes) -> bytes:
        if name != part:
            return content
        assert old in content
        return content.replace(old, new, 1)

    return rezipped(change)


def other_zip(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return stream.getvalue()


def encrypted_zip() -> bytes:
    data = bytearray(GOOD)
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        for match in re.finditer(re.escape(signature), bytes(data)):
            data[match.start() + at] |= 1
    return bytes(data)


def wrong_checksum() -> bytes:
    data = bytearray(GOOD)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        info = archive.getinfo("xl/worksheets/sheet3.xml")
    start = info.header_offset + 30 + len(info.filename) + struct.unpack_from("<H", data, info.header_offset + 28)[0]
    data[start + info.compress_size // 2] ^= 0xFF
    return bytes(data)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return stream.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600

REFUSED = {
    "empty": (b"", "file.empty"),
    "truncated": (GOOD[: len(GOOD) // 2], "file.damaged"),
    "only the beginning": (b"PK\x03\x04", "file.damaged"),
    "wrong checksum": (wrong_checksum(), "file.damaged"),
    "encrypted by Excel": (OLE + "EncryptedPackage".encode("utf-16-le"), "file.encrypted"),
    "encrypted as zip": (encrypted_zip(), "file.encrypted"),
    "old format": (OLE + "WordDocument\0".encode("utf-16-le"), "file.old_format"),
    "old workbook": (OLE + "Workbook\0".encode("utf-16-le"), "file.damaged"),
    "pdf": (b"%PDF-1.7\n", "file.damaged"),
    "picture": (b"\x89PNG\r\n\x1a\n", "file.not_a_workbook"),
    "web page": (b"\xef\xbb\xbf<!DOCTYPE HTML><html></html>", "file.not_a_report"),
    "text": ("某章\t0\n".encode(), "file.not_a_report"),
    "text in the old code page": ("某章\t0\n".encode("gbk"), "file.not_a_report"),
    "noise": (bytes(range(256)) * 20, "file.not_a_workbook"),
    "word": (other_zip("word/document.xml"), "file.damaged"),
    "opendocument": (other_zip("content.xml"), "file.not_a_workbook"),
    "binary workbook": (other_zip("xl/workbook.bin"), "file.damaged"),
    "archive": (other_zip("a.txt"), "file.not_a_workbook"),
    "bomb": (bomb(), "file.too_large"),
    "too many parts": (other_zip("xl/workbook.xml", *map(str, range(package.MEMBER_LIMIT))), "file.too_large"),
    "no parts that matter": (other_zip("xl/workbook.xml"), "file.damaged"),
    "broken workbook part": (rezipped(lambda n, c: c[:500] if n == "xl/workbook.xml" else c), "file.damaged"),
    "missing sheet part": (rezipped(lambda n, c: None if n.endswith("sheet4.xml") else c), "file.damaged"),
    "missing relations": (rezipped(lambda n, c: None if n.endswith("workbook.xml.rels") else c), "file.damaged"),
    "stray far cell": (in_sheet(b"</sheetData>", FAR), "file.too_large"),
    "entity": (in_sheet(b"<worksheet", b'<!DOCTYPE a [<!ENTITY e "9">]><worksheet'), "file.damaged"),
    "text that is not there": (in_sheet(b' t="s"><v>', b' t="s"><v>9'), "file.damaged"),
    "comments without end": (in_sheet(b"<worksheet", b"<!---->" * 2_000 + b"<!DOCTYPE a><worksheet"), "file.damaged"),
    "a workbook inside one that is cut short": (GOOD[: len(GOOD) // 2] + GOOD, "file.damaged"),
    "comment in a number": (in_sheet(b"<v>", b"<v>5<!-- -->"), "file.damaged"),
}  # fmt: skip


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
        file.truncate(archive.FILE_LIMIT + 1)
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
        xml = archive.read("xl/worksheets/sheet3.xml")
    match = re.search(rb'<c r="B5"[^>]*>.*?</c>', xml)
    assert match
    (finding,) = workbook.check(workbook.parse(in_sheet(match[0], cell), "a.xlsx"))
    assert finding.identity == (code, "documents.rules.made")
    assert finding.as_dict()["found"] == value


@settings(max_examples=60)
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


@settings(max_examples=60)
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


@settings(max_examples=100)
@given(st.binary(max_size=300))
def test_bytes_at_random_are_refused(data: bytes) -> None:
    with pytest.raises(Unreadable):
        workbook.parse(data, "a.xlsx")
