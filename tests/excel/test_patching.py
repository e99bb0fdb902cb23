"""Marks are patched into a workbook: all else in it is as it was, to every reader and byte for byte."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import sound
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from packages import prefixed, rezipped
from workbooks import blank_of, edited, saved, workbook_of

import workbook
from workbook.excel import rewriting
from workbook.excel.findings_sheet import COPY, RESULTS, causes_of, marks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from office import Office

SHEET = "三、依申请公开"
RESULTS_PART = "xl/worksheets/sheet9.xml"
PACKAGE = b"http://schemas.openxmlformats.org/package/2006/relationships"
WRONG = sound("2021").with_cells({"applications.received.natural": 12, "documents.rules.made": "无"})


@pytest.fixture
def _never_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "workbook.excel.rewriting", None)


def with_parts(data: bytes, extra: dict[str, bytes]) -> bytes:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as archive:
        for name, content in extra.items():
            archive.writestr(name, content)
    return stream.getvalue()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def marked(data: bytes) -> bytes:
    report = workbook.parse(data, "a.xlsx")
    return workbook.mark(data, report, workbook.check(report))


def look(cell: Any, faces: dict[bytes, tuple[str, ...]]) -> tuple[Any, ...]:
    """What is seen of a cell but for its colour and its note; ``faces`` keeps how the formats of a workbook look."""
    key = cell._style.tobytes() if cell.has_style else b""
    if key not in faces:
        faces[key] = tuple(map(repr, (cell.font, cell.border, cell.alignment, cell.protection, cell.number_format)))
    return cell.value, cell.hyperlink and cell.hyperlink.location, faces[key]


def view(sheet: Any) -> dict[str, Any]:
    """What openpyxl sees of a sheet but for its cells."""
    return {
        "merged": sorted(map(str, sheet.merged_cells.ranges)),
        "widths": {key: one.width for key, one in sheet.column_dimensions.items()},
        "heights": {key: one.height for key, one in sheet.row_dimensions.items()},
        "rules": [len(sheet.data_validations.dataValidation), sorted(map(repr, sheet.conditional_formatting))],
        "names": {key: name.attr_text for key, name in sheet.defined_names.items()},
        "state": [sheet.sheet_state, sheet.print_area, sheet.print_title_rows, sheet.freeze_panes],
    }


def from_openpyxl() -> bytes:
    book = edited(WRONG)
    book[SHEET]["D6"].comment = Comment("请核实", "张三")
    book[SHEET]["E6"].comment = Comment("请核实", "张三")
    book.move_sheet("校验", -8)
    book.create_chartsheet("图").add_chart(BarChart())
    return saved(book)


WAYS: dict[str, Callable[[], bytes]] = {
    "blank": lambda: blank_of("2019"),
    "by openpyxl": from_openpyxl,
    "marked before": lambda: marked(workbook_of(WRONG)),
}


@pytest.mark.usefixtures("_never_written_anew")
@pytest.mark.parametrize("way", WAYS)
def test_openpyxl_sees_the_marks_and_else_what_it_saw_before(way: str) -> None:
    data = WAYS[way]()
    report = workbook.parse(data, "a.xlsx")
    findings = workbook.check(report)
    copy = workbook.mark(data, report, findings)
    before, after = (openpyxl.load_workbook(io.BytesIO(one)) for one in (data, copy))
    own, faces, faces_now = {RESULTS, COPY}, {}, {}
    assert after.sheetnames == [RESULTS, *[name for name in before.sheetnames if name not in own], COPY]
    assert (after.active.title, after[COPY].sheet_state) == (RESULTS, "veryHidden")
    assert [sheet.title for sheet in after.worksheets if sheet.sheet_view.tabSelected] == [RESULTS]
    assert {key: one.attr_text for key, one in after.defined_names.items()} == {
        key: one.attr_text for key, one in before.defined_names.items()
    }
    expected = {(mark.sheet, mark.address): mark for mark in marks(causes_of(findings, report.edition))}
    for sheet in before.worksheets:
        if sheet.title in own:
            continue
        assert view(after[sheet.title]) == view(sheet)
        for row in sheet.iter_rows():
            for cell in row:
                now, mark = after[sheet.title][cell.coordinate], expected.get((sheet.title, cell.coordinate))
                assert look(now, faces_now) == look(cell, faces)
                assert now.fill.fgColor.rgb == f"FF{mark.tint}" if mark else repr(now.fill) == repr(cell.fill)
                said, more = cell.comment.text if cell.comment else "", mark.text if mark else ""
                assert (now.comment.text if now.comment else "") == (
                    said if more in said else f"{said}\n\n{more}" if said else more
                )
    again = workbook.parse(copy, "a.xlsx")
    assert [one.as_dict() for one in workbook.check(again)] == [one.as_dict() for one in findings]


@pytest.mark.usefixtures("_never_written_anew")
def test_parts_that_are_not_marked_are_copied_and_a_second_marking_adds_none() -> None:
    strange = {"xl/ctrlProps/ctrlProp1.xml": b"<formControlPr/>", "custom/x.bin": b"\0\1"}
    data = with_parts(workbook_of(WRONG), strange)
    before, once = parts(data), marked(data)
    after = parts(once)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml", "xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml",
    }  # fmt: skip
    assert {name: after[name] for name in strange} == strange
    twice = parts(marked(once))
    assert twice.keys() == after.keys()
    assert {name for name in twice if twice[name] != after[name]} <= {
        "xl/worksheets/sheet9.xml",
        "xl/worksheets/sheet10.xml",
    }


def by_hand(copy: bytes) -> bytes:
    """A marked copy in which the wrong number is put right, nothing else."""
    right = sound("2021").cells["applications.received.natural"]

    def change(part: str, content: bytes) -> bytes:
        if part != "xl/worksheets/sheet5.xml":
            return content
        return re.sub(rb'(<c r="D6"[^<>]*>)<v>12</v>', rb"\1<v>%d</v>" % right, content)

    return rezipped(change, copy)


def by_openpyxl(copy: bytes) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(copy))
    book[SHEET]["D6"] = int(str(sound("2021").cells["applications.received.natural"]))
    return saved(book)


@pytest.mark.parametrize("corrected", [by_hand, by_openpyxl])
@pytest.mark.parametrize("own", ["", "请核实"])
@pytest.mark.usefixtures("_never_written_anew")
def test_marks_of_what_was_put_right_go_when_a_copy_is_marked_again(
    corrected: Callable[[bytes], bytes], own: str
) -> None:
    data = workbook_of(WRONG)
    if own:
        book = openpyxl.load_workbook(io.BytesIO(data))
        book[SHEET]["D6"].comment = Comment(own, "张三")
        data = saved(book)
    before = openpyxl.load_workbook(io.BytesIO(data))
    once, again = marked(data), marked(corrected(marked(data)))
    first, second = (openpyxl.load_workbook(io.BytesIO(one)) for one in (once, again))
    assert first[SHEET]["D6"].fill.fgColor.rgb == "FFFF7C80"
    assert second[SHEET]["D6"].fill.fgColor.rgb == before[SHEET]["D6"].fill.fgColor.rgb != "FFFF7C80"
    assert (second[SHEET]["D6"].comment.text if own else second[SHEET]["D6"].comment) == (own or None)
    assert second["二、主动公开"]["B5"].fill.fgColor.rgb == "FFFFC7CE"
    assert second["二、主动公开"]["B5"].comment.text == first["二、主动公开"]["B5"].comment.text
    listed = second[RESULTS].iter_rows(min_row=3, values_only=True)
    assert [row[2] for row in listed if row[1] == "错误"] == ["cell.not_a_number"]


def test_a_colour_that_the_user_gave_since_stays() -> None:
    book = openpyxl.load_workbook(io.BytesIO(by_hand(marked(workbook_of(WRONG)))))
    book[SHEET]["D6"].fill = PatternFill("solid", fgColor="FF00FF00")
    again = openpyxl.load_workbook(io.BytesIO(marked(saved(book))))
    assert again[SHEET]["D6"].fill.fgColor.rgb == "FF00FF00"


@pytest.mark.usefixtures("_never_written_anew")
def test_what_counts_sheets_is_told_of_the_new_one_or_dropped() -> None:
    chain = (
        b'<calcChain xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><c r="J6" i="5"/></calcChain>'
    )

    def change(part: str, content: bytes) -> bytes:
        if part == "[Content_Types].xml":
            kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.calcChain+xml"
            return content.replace(
                b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="%s"/></Types>' % kind
            )
        if part.endswith("workbook.xml.rels"):
            kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/calcChain"
            new = b'<Relationship Id="rId99" Type="%s" Target="calcChain.xml"/></Relationships>' % kind
            return content.replace(b"</Relationships>", new)
        return content

    after = parts(marked(with_parts(rezipped(change, workbook_of(WRONG)), {"xl/calcChain.xml": chain})))
    assert "xl/calcChain.xml" not in after
    assert not any(b"calcChain" in content for content in after.values())
    assert re.findall(rb'Print_Titles" localSheetId="(\d+)"', after["xl/workbook.xml"]) == [b"8", b"0"]


@pytest.mark.usefixtures("_never_written_anew")
def test_macros_and_pictures_of_headers_stay_what_they_are() -> None:
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    drawn = b'<legacyDrawingHF xmlns:r="%s" r:id="rId1"/></worksheet>' % office
    kinds = (b"spreadsheetml.sheet.main+xml", b"application/vnd.openxmlformats-officedocument.")
    table = "xl/worksheets/sheet5.xml"

    def change(part: str, content: bytes) -> bytes:
        if part == "[Content_Types].xml":
            content = content.replace(kinds[1] + kinds[0], b"application/vnd.ms-excel.sheet.macroEnabled.main+xml")
        return content.replace(b"</worksheet>", drawn) if part == table else content

    relation = b'<Relationship Id="rId1" Type="%s/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/>' % office
    space = b"http://schemas.openxmlformats.org/package/2006/relationships"
    extra = {
        "xl/vbaProject.bin": b"\0macros",
        "xl/drawings/vmlDrawing1.vml": b"<xml><v:shape xmlns:v='urn:schemas-microsoft-com:vml' id='CH'/></xml>",
        "xl/worksheets/_rels/sheet5.xml.rels": b'<Relationships xmlns="%s">%s</Relationships>' % (space, relation),
    }
    data = with_parts(rezipped(change, workbook_of(WRONG)), extra)
    report = workbook.parse(data, "a.xlsm")
    copy = parts(workbook.mark(data, report, workbook.check(report)))
    assert copy["xl/vbaProject.bin"] == extra["xl/vbaProject.bin"]
    assert copy["xl/drawings/vmlDrawing1.vml"] == extra["xl/drawings/vmlDrawing1.vml"]
    assert b"_x0000_s1025" in copy["xl/drawings/vmlDrawing3.vml"]
    assert re.search(rb"<legacyDrawing [^<>]*/><legacyDrawingHF ", copy[table])


@pytest.mark.usefixtures("_never_written_anew")
def test_cells_that_are_not_written_are_made_where_they_belong() -> None:
    report = sound("2021").with_cells(dict.fromkeys(["applications.granted.charity", "applications.granted.other"]))

    def change(part: str, content: bytes) -> bytes:
        return re.sub(rb'<c r="[GI]8"[^<>]*/>', b"", content) if part == "xl/worksheets/sheet5.xml" else content

    sheet = openpyxl.load_workbook(io.BytesIO(marked(rezipped(change, workbook_of(report)))))[SHEET]
    assert {sheet[address].fill.fgColor.rgb for address in ("G8", "I8")} == {"FFFFC7CE"}
    assert "没有填写" in sheet["G8"].comment.text


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", b"<styleSheet", b"<!-- --><styleSheet"),
        ("xl/worksheets/sheet5.xml", b'<c r="D6"', b"<c\n r='D6'"),
        ("xl/workbook.xml", b"<sheets>", b"<!-- x --><sheets>"),
    ],
)
@pytest.mark.usefixtures("_never_written_anew")
def test_other_ways_to_write_the_same_are_patched(part: str, old: bytes, new: bytes) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(old, new, 1) if name == part else content

    copy = marked(rezipped(change, workbook_of(WRONG)))
    assert new in parts(copy)[part].replace(b" s='", b"")
    assert openpyxl.load_workbook(io.BytesIO(copy))[SHEET]["D6"].fill.fgColor.rgb == "FFFF7C80"


def lead_to(origin: str) -> Callable[[str, bytes], bytes]:
    """Let the relations of a package lead to the origin of its signatures."""
    what = b'<Relationship Id="s" Type="%s/digital-signature/origin" Target="%s"/>' % (PACKAGE, origin.encode())

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</Relationships>", what + b"</Relationships>") if name == "_rels/.rels" else content

    return change


@pytest.mark.usefixtures("_never_written_anew")
def test_a_signature_which_any_mark_breaks_goes_with_all_that_leads_to_it() -> None:
    kinds = b"application/vnd.openxmlformats-package.digital-signature-"
    said = b'<Override PartName="/_xmlsignatures/sig1.xml" ContentType="%sxmlsignature+xml"/>' % kinds
    said += b'<Override PartName="/_xmlsignatures/origin.sigs" ContentType="%sorigin"/>' % kinds
    relation = b'<Relationship Id="rId1" Type="%s/digital-signature/signature" Target="sig1.xml"/>' % PACKAGE
    signature = {
        "_xmlsignatures/origin.sigs": b"",
        "_xmlsignatures/_rels/origin.sigs.rels": b'<Relationships xmlns="%s">%s</Relationships>' % (PACKAGE, relation),
        "_xmlsignatures/sig1.xml": b'<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>',
    }

    def change(name: str, content: bytes) -> bytes:
        content = content.replace(b"</Types>", said + b"</Types>") if name == "[Content_Types].xml" else content
        return lead_to("_xmlsignatures/origin.sigs")(name, content)

    unsigned = workbook_of(WRONG)
    copy = parts(marked(with_parts(rezipped(change, unsigned), signature)))
    assert not [name for name, content in copy.items() if b"signature" in name.encode() + content.lower()]
    assert copy["_rels/.rels"] == parts(unsigned)["_rels/.rels"]
    assert copy == parts(marked(unsigned)) | {RESULTS_PART: copy[RESULTS_PART]}  # which has the digest of the file


def with_prefixes() -> bytes:
    return rezipped(lambda name, part: prefixed(part) if name == "xl/styles.xml" else part, workbook_of(WRONG))


@pytest.mark.parametrize("extra", ["services/origin.sigs", "xl/revisions/revisionHeaders.xml", ""])
def test_where_a_change_could_do_harm_the_workbook_is_written_anew(extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    anew, kept = [], rewriting.rewritten

    def rewritten(*given: Any, **named: Any) -> bytes:
        anew.append(kept(*given, **named))
        return anew[-1]

    monkeypatch.setattr(rewriting, "rewritten", rewritten)
    data = with_parts(workbook_of(WRONG), {extra: b"<a/>"}) if extra else with_prefixes()
    copy = marked(rezipped(lead_to(extra), data) if extra.startswith("services/") else data)
    assert len(anew) == 1
    assert extra not in parts(copy)
    assert openpyxl.load_workbook(io.BytesIO(copy))[SHEET]["D6"].fill.fgColor.rgb == "FFFF7C80"


def test_libreoffice_shows_the_marks(libreoffice: Office, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(marked(workbook_of(WRONG)))
    with libreoffice.open(tmp_path / "a.xlsx") as document:
        sheets = document.Sheets
        assert sheets.ElementNames[0] == RESULTS
        assert not sheets[COPY].IsVisible
        wrong = sheets[SHEET].getCellByPosition(3, 5)
        assert wrong.CellBackColor == 0xFF7C80
        assert "应为" in wrong.Annotation.String
        assert sheets[RESULTS].getCellByPosition(0, 0).String.startswith("校验结果：✗")
        link = sheets[RESULTS].getCellByPosition(4, 2)
        assert link.TextFields[0].URL.endswith("B5")
