"""Damaged packages: ``repair`` gives back what is left, and no number that may be wrong without saying so."""

from __future__ import annotations

import hashlib
import io
import re
import struct
import time
import zipfile
import zlib
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, sound
from command import nianbao
from hypothesis import given
from hypothesis import strategies as st
from packages import light
from strategies import examples
from workbooks import workbook_of

import workbook
from workbook.excel.salvage.read import read_damaged
from workbook.exits import SOUND, UNREADABLE
from workbook.intake.limits import BOOK_PART_LIMIT
from workbook.jobs.repair import repair_file
from workbook.jobs.result import Options, Task
from workbook.report import Report, Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

GOOD = {edition: workbook_of(sound(edition)) for edition in EDITIONS}
DATA = GOOD["2021"]
WANTED = sound("2021")
with zipfile.ZipFile(io.BytesIO(DATA)) as _archive:
    INFOS = {info.filename: info for info in _archive.infolist()}
    PARTS = {name: _archive.read(name) for name in INFOS}
LIGHT = light(DATA)
with zipfile.ZipFile(io.BytesIO(LIGHT)) as _archive:
    LIGHT_PARTS = {name: _archive.read(name) for name in _archive.namelist()}
DIRECTORY = DATA.index(b"PK\x01\x02")
COVER, TABLE, TEXTS = (f"xl/worksheets/sheet{number}.xml" for number in (2, 5, 7))
STRINGS = "xl/sharedStrings.xml"
APPLICATIONS = {key for key in WANTED.cells if key.startswith("applications.")}
FIRST = "applications.received.natural"
DAMAGED = Unreadable(make_finding("file.damaged", file="a", reason=""))
DAMAGE = {"file.salvaged", "file.sheet_doubtful", "file.sheet_lost", "file.cells_lost"}


def zipped(
    parts: Iterable[tuple[str, bytes]], method: int = zipfile.ZIP_DEFLATED, to: io.BytesIO | None = None
) -> bytes:
    stream = to or io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return stream.getvalue()


def without_directory(data: bytes) -> bytes:
    """Return a package without its own directory, whatever directories lie in its parts."""
    (start,) = struct.unpack_from("<L", data, data.rindex(b"PK\x05\x06") + 16)
    return data[:start]


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    return zipped((name, change(content) if name == part else content) for name, content in PARTS.items())


def flipped(part: str) -> bytes:
    """Return the workbook with a byte changed in the middle of a part."""
    data = bytearray(DATA)
    info = INFOS[part]
    data[info.header_offset + 30 + len(part) + info.compress_size // 2] ^= 0xFF
    return bytes(data)


def other_checksum(part: str) -> bytes:
    """Return the workbook with a part whose checksums, before it and in the directory, are of something else."""
    data = bytearray(DATA)
    data[INFOS[part].header_offset + 14] ^= 0xFF
    data[DATA.index(part.encode(), DIRECTORY) - 30] ^= 0xFF
    return bytes(data)


def in_excels_order() -> bytes:
    """Return the workbook with its parts in the order in which Excel writes them: the texts behind the sheets."""
    first = ("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
    last = ("xl/theme/theme1.xml", "xl/styles.xml", STRINGS)
    sheets = [name for name in PARTS if name.startswith("xl/worksheets/")]
    return zipped((name, PARTS[name]) for name in (*first, *sheets, *last))


def saved(data: bytes) -> Report | None:
    """Return the report that repair reads, which is honest; ``None`` where it is refused with a sentence."""
    try:
        try:
            report = workbook.parse(data, "a.xlsx")
        except Unreadable as refusal:
            report = read_damaged(data, "a.xlsx", refusal)
    except Unreadable as refusal:
        for lang in ("zh", "en"):
            assert all(item.message(lang) for item in refusal.findings)  # noqa: PT017 - either way is right
        return None
    assert_honest(report)
    return report


def assert_honest(report: Report) -> None:
    """Every number is the right one, or blank, or in a sheet that is told to be in doubt; so are the texts."""
    sheets = {item.words["sheet"] for item in report.reader_findings if item.code in DAMAGE - {"file.salvaged"}}
    # What is left may look like another edition; a number that both have is still the same.
    wrong = {key for key, value in report.cells.items() if value not in {None, WANTED.cells.get(key)}}
    assert wrong <= doubted(report)
    assert report.narrative == WANTED.narrative or sheets & {"一、总体情况", "五六、问题与其他", "sheet3", "sheet7"}
    assert (report.body, report.year) == (WANTED.body, WANTED.year) or sheets & {"封面", "sheet2"}
    assert all(item.message("en") and item.message("zh") for item in report.reader_findings)


def rescued(data: bytes) -> Report:
    report = saved(data)
    assert report
    return report


def codes(report: Report) -> set[str]:
    return {item.code for item in report.reader_findings}


def doubted(report: Report) -> set[str]:
    """Return the numbers of the sheets that are told to be in doubt."""
    return {cell.cell for item in report.reader_findings if item.code == "file.sheet_doubtful" for cell in item.cells}


def told_lost(report: Report) -> dict[str, str]:
    """Return the cells that are told to be lost, by sheet."""
    return {
        item.words["sheet"]: item.words["cells"] for item in report.reader_findings if item.code == "file.cells_lost"
    }


def answers(report: Report) -> tuple[Any, ...]:
    return report.body, report.year, report.narrative


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_file_cut_behind_its_parts_gives_back_every_cell(edition: str, tmp_path: Path) -> None:
    path = tmp_path / "半份.xlsx"
    path.write_bytes(without_directory(GOOD[edition]))
    run = nianbao("repair", path, cwd=tmp_path)
    assert run.code == SOUND
    assert "file.salvaged" in run.err
    for code in DAMAGE - {"file.salvaged"}:
        assert code not in run.err
    made, wanted = workbook.read(tmp_path / "半份-修复.xlsx"), sound(edition)
    assert (made.cells, *answers(made)) == (wanted.cells, *answers(wanted))


def test_only_repair_reads_damaged_files(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(without_directory(DATA))
    for arguments in (["check", "a.xlsx"], ["convert", "a.xlsx"], ["import", "a.xlsx", "-o", "b.xlsx"]):
        run = nianbao(*arguments, cwd=tmp_path)
        assert run.code == UNREADABLE
        assert "nianbao repair" in run.err + run.out.decode()
    assert [path.name for path in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_is_sound_is_not_told_as_saved(edition: str) -> None:
    assert not workbook.parse(GOOD[edition], "a.xlsx").reader_findings


def test_a_saved_report_names_the_file_that_was_damaged() -> None:
    data = without_directory(DATA)
    report = rescued(data)
    assert report.source
    assert (report.source.file, report.source.sha256) == ("a.xlsx", hashlib.sha256(data).hexdigest())


@examples(50)
@given(st.integers(0, len(DATA) - 1))
def test_a_file_cut_anywhere_is_read_honestly(cut: int) -> None:
    report = saved(DATA[:cut])
    assert "file.salvaged" in codes(report) if report else cut < INFOS[STRINGS].header_offset


@examples(50)
@given(st.data())
def test_a_file_with_damaged_bytes_is_read_honestly(data: st.DataObject) -> None:
    damaged = bytearray(DATA)
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(DATA) - 1))
        damaged[start : start + 1] = data.draw(st.binary(max_size=3))
    saved(bytes(damaged))


@examples(30)
@given(st.data())
def test_a_part_with_damaged_markup_is_read_honestly(data: st.DataObject) -> None:
    """With a right checksum, as a program that failed while writing leaves it: cut, but what is there is right."""
    part = data.draw(st.sampled_from([COVER, TABLE, TEXTS, STRINGS, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]))
    cut = data.draw(st.integers(0, len(LIGHT_PARTS[part])))
    saved(zipped((name, xml[:cut] if name == part else xml) for name, xml in LIGHT_PARTS.items()))


@pytest.mark.parametrize("damage", [flipped, other_checksum])
@pytest.mark.parametrize("part", [name for name in PARTS if name.startswith("xl/")])
def test_numbers_without_a_right_checksum_are_doubted(part: str, damage: Callable[[str], bytes]) -> None:
    report = rescued(damage(part))
    if part == TABLE:
        assert doubted(report) == APPLICATIONS
    if part in {STRINGS, "xl/styles.xml"}:
        assert doubted(report) == set(WANTED.cells)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_is_missing_is_told(part: str) -> None:
    report = rescued(zipped((name, content) for name, content in PARTS.items() if name != part))
    if part in {COVER, TABLE, TEXTS}:
        assert "file.sheet_lost" in codes(report)
    if part in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}:
        assert codes(report) == {"file.salvaged"}
        assert (report.cells, *answers(report)) == (WANTED.cells, *answers(WANTED))


def test_a_sheet_that_is_no_longer_listed_and_not_there_is_told() -> None:
    listed = PARTS["xl/workbook.xml"].partition("五六、问题与其他".encode())[0]
    report = rescued(zipped(({**PARTS, "xl/workbook.xml": listed, TEXTS: b""}).items()))
    assert "五六、问题与其他" in {
        item.words["sheet"] for item in report.reader_findings if item.code == "file.sheet_lost"
    }


def test_a_sheet_that_breaks_off_keeps_its_whole_cells() -> None:
    at = PARTS[TABLE].index(b'<c r="E9"')
    report = rescued(changed(TABLE, lambda xml: xml[: at + 9]))
    (doubt,) = [item for item in report.reader_findings if item.code == "file.sheet_doubtful"]
    assert "「三、依申请公开」" in doubt.cells[0].where("zh")
    assert "D9" in doubt.message()
    assert doubted(report) == APPLICATIONS
    assert report.cells[FIRST] == WANTED.cells[FIRST]
    assert report.cells["applications.carried_forward.natural"] is None


def test_two_parts_of_one_name_are_not_chosen_from() -> None:
    other = re.sub(rb"<v>941</v>", b"<v>942</v>", PARTS[TABLE])
    assert other != PARTS[TABLE]
    with pytest.warns(UserWarning, match="Duplicate"):
        twins = zipped([*PARTS.items(), (TABLE, other)])
    for data in (twins, without_directory(twins)):
        report = rescued(data)
        assert "file.sheet_lost" in codes(report)
        assert {report.cells[key] for key in APPLICATIONS} == {None}
    with pytest.warns(UserWarning, match="Duplicate"):
        same = zipped([*PARTS.items(), (TABLE, PARTS[TABLE])])
    assert rescued(same).cells == WANTED.cells


def test_texts_cut_off_are_made_up_for_by_the_names_of_the_cells() -> None:
    data = in_excels_order()
    report = rescued(data[: data.index(STRINGS.encode()) - 30])
    assert report.cells == WANTED.cells
    assert doubted(report) == set(WANTED.cells)
    assert "C8" in told_lost(report)["封面"]
    half = rescued(data[: data.index(b"xl/worksheets/sheet6.xml") - 30])
    assert half.cells[FIRST] == 941


def test_names_that_do_not_agree_prove_nothing() -> None:
    moved = PARTS["xl/workbook.xml"].replace(b"$D$6</definedName>", b"$D$7</definedName>", 1)
    assert moved != PARTS["xl/workbook.xml"]
    parts = {**PARTS, "xl/workbook.xml": moved}
    del parts[STRINGS]
    report = rescued(zipped(parts.items()))
    assert {report.cells[key] for key in APPLICATIONS} == {None}


@pytest.mark.parametrize(
    "cell",
    [
        b' t="s"><v>99999</v>',
        b"><v>94<!-- -->1</v>",
        b"><v>94<b/>1</v>",
        b"><v>94<![CDATA[1]]></v>",
        b"><v>941</v><v>9</v>",
        b'><v>941</v></c><c r="D6"><v>9</v>',
    ],
)
def test_cells_that_are_lost_or_that_programs_read_differently_are_blank_and_named(cell: bytes) -> None:
    data = changed(TABLE, lambda xml: re.sub(rb'(<c r="D6")[^>]*><v>941</v>', rb"\g<1>" + cell, xml))
    report = rescued(data)
    assert report.cells == WANTED.with_cells({FIRST: None}).cells
    assert list(told_lost(report).values()) == ["D6"]


def test_what_is_saved_reads_as_the_sound_file_does() -> None:
    """Numbers that are shown as dates are no numbers, formulas without a result and errors are told."""
    cells = [(b"D6", b' s="0"><v>45292</v>'), (b"E6", b"><f>1+1</f>"), (b"F6", b' t="e"><v>#N/A</v>')]
    sheet, styles = PARTS[TABLE], PARTS["xl/styles.xml"]
    for address, content in cells:
        sheet = re.sub(rb'<c r="%s".*?</c>' % address, b'<c r="%s"%s</c>' % (address, content), sheet, count=1)
    head, xfs, formats = styles.partition(b"<cellXfs")
    formats = formats.replace(b'numFmtId="0"', b'numFmtId="14"', 1)
    data = zipped({**PARTS, TABLE: sheet, "xl/styles.xml": head + xfs + formats}.items())
    whole = workbook.parse(data, "a.xlsx")
    report = read_damaged(without_directory(data), "a.xlsx", DAMAGED)
    assert sum(isinstance(value, str) for value in whole.cells.values()) == len(cells)
    assert {key: str(value).removesuffix(" 00:00:00") for key, value in report.cells.items()} == {
        key: str(value) for key, value in whole.cells.items()
    }


def test_parts_with_descriptors_behind_them_and_parts_not_packed_are_found() -> None:
    class Pipe(io.BytesIO):
        """A target that cannot be sought, so that sizes and checksums follow the parts."""

        def tell(self) -> int:
            raise OSError

    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        pipe = zipped(PARTS.items(), method, Pipe())
        for data in (pipe, zipped(PARTS.items(), method)):
            report = rescued(without_directory(data))
            assert codes(report) == {"file.salvaged"}
            assert report.cells == WANTED.cells


def test_a_workbook_inside_the_workbook_is_not_taken_for_it() -> None:
    inner = workbook_of(WANTED.with_cells({FIRST: 1}))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/embeddings/a.xlsx", inner, zipfile.ZIP_STORED)
        for name, content in PARTS.items():
            archive.writestr(name, content)
    # Its directory is the only one that is left.
    report = read_damaged(without_directory(stream.getvalue()), "a.xlsx", DAMAGED)
    assert report.cells == WANTED.cells


def test_the_first_bytes_may_be_what_is_damaged() -> None:
    assert rescued(b"\0\0" + DATA[2:]).cells == WANTED.cells


def head(name: str, content: bytes, *, packed: bytes | None = None) -> bytes:
    """Return a part with the header before it, packed where ``packed`` gives its stream."""
    body = content if packed is None else packed
    fields = (20, 0, 0 if packed is None else 8, 0, 0, zlib.crc32(content), len(body), len(content), len(name), 0)
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + name.encode() + body


def packed(name: str, content: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return head(name, content, packed=engine.compress(content) + engine.flush())


SHEET = "xl/worksheets/sheet1.xml"
BEGIN, END = b"<worksheet><sheetData>", b"</sheetData></worksheet>"
HOSTILE: dict[str, Callable[[], bytes]] = {
    "signatures": lambda: b"PK\x03\x04" * 5_000_000,
    "headers": lambda: head("xl/a.xml", b"") * (BOOK_PART_LIMIT + 1),
    "bomb": lambda: packed(SHEET, bytes(59_000_000)),
    "bombs": lambda: packed(SHEET, bytes(1_000_000)) * 90,
    "no output": lambda: head(SHEET, b"", packed=b"\0\0\0\xff\xff" * 4_000_000),
    "cells": lambda: head(SHEET, BEGIN + b'<row r="1">' + b'<c r="A1"><v>1</v></c>' * 290_000 + b"</row>" + END),
    "elements": lambda: head(SHEET, b"<worksheet>" + b"<a/>" * 2_000_000),
    "depth": lambda: head(STRINGS, b"<sst><si>" + b"<a>" * 1_000_000 + b"<t/>" * 1_000_000) + head(SHEET, BEGIN + END),
    "document type": lambda: head(SHEET, b'<!DOCTYPE a [<!ENTITY a "aa">]>' + BEGIN + b"&a;" + END),
    "far cell": lambda: head(SHEET, BEGIN + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' + END),
    "a text in every cell": lambda: (
        head(STRINGS, b"<sst><si><t>" + b"x" * 1_000_000 + b"</t></si></sst>")
        + head(SHEET, BEGIN + b'<row r="1">' + b'<c t="s"><v>0</v></c>' * 9_000 + b"</row>" + END)
    ),
    "sheets": lambda: (
        head("xl/workbook.xml", b"<workbook>" + b'<sheet name="a"/>' * 400_000) + head(SHEET, BEGIN + END)
    ),
    "no sheet": lambda: head("xl/workbook.xml", b"<workbook/>") + head(SHEET, b"<a/>"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_wrecks_are_refused_in_bounded_time(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(HOSTILE[name]())
    start = time.process_time()
    result = repair_file(Task(path), Options())
    assert time.process_time() - start < 5
    assert result.exit_code == UNREADABLE
    assert {item["code"] for item in result.findings} <= {"file.damaged", "file.too_large", "file.not_a_report"}


@pytest.mark.parametrize("names", [("content.xml", "mimetype"), ("xl/workbook.bin",), ("word/document.xml",), ("a",)])
def test_damaged_packages_of_other_kinds_stay_refused(names: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "a.ods").write_bytes(without_directory(zipped((name, b"<a/>" * 50) for name in names)))
    run = nianbao("repair", "a.ods", cwd=tmp_path)
    assert run.code == UNREADABLE
    assert "已损坏" in run.err
