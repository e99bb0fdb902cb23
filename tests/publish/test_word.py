"""The report as a Word document: read back exactly, in the office's own 底稿.docx, the same bytes twice."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from cases import EDITIONS, Case, sound
from publication import HARD_TEXTS, LONG_NAME, rewritten, with_texts
from published import PRINTED
from reading import parse

import workbook
from workbook.publish.blocks import blocks
from workbook.publish.word.base import template
from workbook.publish.word.write import write_word
from workbook.report import Unreadable, tidy
from workbook.report.compare import compare

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

    from workbook.report import Report

NUMBERS = [case for case in PRINTED.values() if not any(isinstance(value, str) for value in case.report.cells.values())]
DATE = "2026年1月20日"


def published(report: Report, base: bytes | None = None, *, draft: bool = False) -> bytes:
    made = blocks(report, draft=draft, date=DATE)
    return write_word(made, (base, "底稿.docx") if base is not None else None)


def part(data: bytes, name: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(name).decode()


def changed(data: bytes, old: str, new: str, name: str = "word/document.xml") -> bytes:
    assert old in part(data, name)
    return rewritten(data, {name: part(data, name).replace(old, new).encode()})


@pytest.mark.parametrize("case", NUMBERS, ids=str)
def test_every_report_is_read_back_exactly(case: Case) -> None:
    back = parse(published(case.report), "年报.docx")
    assert back.cells == case.report.cells
    assert back.narrative == {key: tidy(text) for key, text in case.report.narrative.items()}
    assert back.year == case.report.year
    assert not compare(back, replace(case.report, body=back.body))


@pytest.mark.parametrize("text", HARD_TEXTS.values(), ids=HARD_TEXTS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_texts_are_read_back_letter_by_letter(edition: str, text: str) -> None:
    report = with_texts(edition, text)
    back = parse(published(report), "年报.docx")
    assert back.narrative == report.narrative
    assert back.cells == report.cells


def test_the_same_report_gives_the_same_bytes() -> None:
    one, two = (published(sound("2021")) for _ in range(2))
    assert one == two
    with zipfile.ZipFile(io.BytesIO(one)) as package:
        assert {info.date_time for info in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if "thumbnail" in name or "customXml" in name]


def test_rows_are_whole_and_heads_are_repeated() -> None:
    document = part(published(sound("2021")))
    tables = re.findall("<w:tbl>.*?</w:tbl>", document, re.DOTALL)
    assert len(tables) == len(workbook.load_form("2021").tables)
    for table in tables:
        rows = re.findall("<w:tr>.*?</w:tr>", table, re.DOTALL)
        assert all("<w:cantSplit/>" in row for row in rows)
        heads = [at for at, row in enumerate(rows) if "<w:tblHeader/>" in row]
        assert heads
        assert heads == list(range(len(heads)))
        assert "<w:tblCaption" in table


def test_numbered_beginnings_have_the_type_of_their_level() -> None:
    report = with_texts("2021", "（一）主动公开。全文。\n1.政策。全文。\n（1）文件。全文。\n没有编号。")
    document = part(published(report))
    for style in ("KaiTi", "楷体"):
        if style in part(published(report), "word/styles.xml"):
            break
    else:
        pytest.fail("no 楷体")
    runs = re.findall(r'<w:rStyle w:val="[^"]+"/></w:rPr><w:t xml:space="preserve">([^<]+)</w:t>', document)
    assert any(run.startswith("（一）") for run in runs)
    assert not any(run.startswith("没有编号") for run in runs)


def test_what_the_document_says_of_itself() -> None:
    report = sound("2021")
    about = part(published(report), "docProps/core.xml")
    assert "nianbao report" in about
    assert "nianbao findings" not in about
    assert report.body.name
    assert report.body.name in about
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", about)
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", part(published(report)))


@pytest.mark.parametrize("base", [None, template()], ids=["own", "base"])
def test_a_draft_says_so_on_every_page(base: bytes | None) -> None:
    data = published(sound("2021"), base, draft=True)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        headers = [name for name in package.namelist() if name.startswith("word/header")]
        assert len(headers) == 2
        assert all('string="草稿"' in package.read(name).decode() for name in headers)
    assert "草稿" in part(data, "docProps/core.xml")
    assert "草稿" not in part(published(sound("2021")), "docProps/core.xml")
    assert parse(data, "年报.docx").narrative == sound("2021").narrative


def test_the_kits_own_base_changes_nothing() -> None:
    assert published(sound("2021"), template()) == published(sound("2021"))
    assert template() == template()


def test_places_in_pieces_are_found_and_styles_that_were_changed_are_kept() -> None:
    pieces = (
        '<w:t>【标</w:t></w:r><w:proofErr w:type="spellStart"/><w:r><w:t>题</w:t></w:r>'
        '<w:r><w:t xml:space="preserve">】 </w:t>'
    )
    base = changed(template(), '<w:t xml:space="preserve">【标题】</w:t>', pieces)
    base = changed(base, ">【成文日期】<", ">【机关名称】于【 成文日期 】<")
    base = changed(base, 'w:line="579"', 'w:line="600"', "word/styles.xml")
    data = published(sound("2021"), base)
    words = "".join(re.findall("<w:t[^>]*>([^<]*)<", part(data)))
    assert "【" not in words
    assert f"示例市人民政府办公室于{DATE}" in words
    assert 'w:line="600"' in part(data, "word/styles.xml")
    assert parse(data, "年报.docx").cells == sound("2021").cells


def test_a_text_that_looks_like_a_place_is_a_text() -> None:
    report = replace(with_texts("2021", "【正文】【标题】"), body=replace(sound("2021").body, name="【正文】局"))
    data = published(report)
    assert "【正文】局" in part(data)
    back = parse(data, "年报.docx")
    assert all(text == report.narrative[key] for key, text in back.narrative.items() if key != "other")
    assert (back.narrative["other"] or "").startswith(report.narrative["other"] or "-")


def test_only_the_text_must_have_a_place() -> None:
    base = template()
    for place in ("标题", "开头", "机关名称", "成文日期", "校验码"):
        base = changed(base, f"【{place}】", "本局自己的话")
    data = published(sound("2021"), base)
    back = parse(data, "年报.docx")
    assert back.cells == sound("2021").cells
    assert part(data).count("本局自己的话") == 5
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", part(data)), "the check code stands at the end all the same"
    assert DATE not in part(data)


def test_a_place_without_an_answer_leaves_no_line() -> None:
    with_date, without = (write_word(blocks(sound("2021"), date=date)) for date in (DATE, None))
    assert part(with_date).count("<w:p>") + part(with_date).count("<w:p ") == 1 + (
        part(without).count("<w:p>") + part(without).count("<w:p ")
    )


def _with_relation(kind: str, target: str) -> bytes:
    name = "word/_rels/document.xml.rels"
    link = f'<Relationship Id="rX" Type="http://x/{kind}" Target="{target}" TargetMode="External"/></Relationships>'
    return changed(template(), "</Relationships>", link, name)


def _field(code: str) -> str:
    return f"<w:p><w:r><w:instrText>{code}</w:instrText></w:r></w:p><w:sectPr"


REFUSED = {
    "no body": (lambda: changed(template(), "【正文】", "正文"), "file.base_no_body"),
    "two bodies": (lambda: changed(template(), "【标题】", "【正文】"), "file.base_unfit"),
    "a picture elsewhere": (lambda: _with_relation("image", "http://example.com/a.png"), "file.base_unfit"),
    "macros": (lambda: _with_relation("vbaProject", "a.bin"), "file.base_unfit"),
    "a document with macros": (
        lambda: changed(template(), "document.main+xml", "document.macroEnabled.main+xml", "[Content_Types].xml"),
        "file.base_unfit",
    ),
    "a template of Word": (
        lambda: changed(template(), "document.main+xml", "template.main+xml", "[Content_Types].xml"),
        "file.base_unfit",
    ),
    "a field that runs": (lambda: changed(template(), "<w:sectPr", _field(" DDEAUTO cmd /c calc ")), "file.base_unfit"),
    "a field in pieces": (
        lambda: changed(template(), "<w:sectPr", _field(" D</w:instrText></w:r><w:r><w:instrText>DE a b ")),
        "file.base_unfit",
    ),
    "a field that fetches": (
        lambda: changed(template(), "<w:sectPr", _field("INCLUDETEXT \\\\host\\a.docx")),
        "file.base_unfit",
    ),
    "an entity": (
        lambda: changed(template(), "<w:document", '<!DOCTYPE a [<!ENTITY b "c">]><w:document'),
        "file.damaged",
    ),
    "a workbook": (lambda: b"PK\x03\x04", "file.damaged"),
    "a text": ("【正文】".encode, "file.base_unfit"),
    "nothing": (lambda: b"", "file.empty"),
    "cut short": (lambda: template()[:-5000], "file.damaged"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_base_that_cannot_be_taken_is_refused_with_words(name: str) -> None:
    make, code = REFUSED[name]
    with pytest.raises(Unreadable) as refusal:
        published(sound("2021"), make())
    assert [finding.code for finding in refusal.value.findings] == [code]
    told = refusal.value.findings[0].as_dict("zh")
    assert "底稿.docx" in told["message"]
    assert told["hint"]


def test_the_template_that_a_base_names_is_forgotten() -> None:
    links = "word/_rels/settings.xml.rels"
    with zipfile.ZipFile(io.BytesIO(template())) as package:
        assert links not in package.namelist()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"
    relations = (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{kind}" Target="file:///C:/a.dotm" TargetMode="External"/></Relationships>'
    )
    name = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    base = changed(
        template(), "<w:zoom", f'<w:attachedTemplate xmlns:r="{name}" r:id="rId1"/><w:zoom', "word/settings.xml"
    )
    data = published(sound("2021"), rewritten(base, {links: relations.encode()}))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any(b"a.dotm" in package.read(each) for each in package.namelist())
    assert "attachedTemplate" not in part(data, "word/settings.xml")


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_base_that_another_program_saved_is_filled(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(template())
    libreoffice.export(tmp_path / "a.docx", tmp_path / "底稿.docx", "MS Word 2007 XML")
    report = replace(sound(edition), body=replace(sound(edition).body, name=LONG_NAME))
    data = published(report, (tmp_path / "底稿.docx").read_bytes())
    back = parse(data, "年报.docx")
    assert (back.cells, back.narrative, back.body.name) == (report.cells, report.narrative, LONG_NAME)
    styles = re.findall(r'<w:name w:val="(年报[^"]+)"', part(data, "word/styles.xml"))
    assert len(styles) == len(set(styles))


@pytest.mark.parametrize(("margin", "wide"), [(1440, 9026), (1701, 8504), (20_000, 4422)])
def test_tables_are_as_wide_as_a_line_of_the_base(margin: int, wide: int) -> None:
    base = re.sub(
        r'w:(left|right)="[0-9]+"(?= w:|(?=/>))', rf'w:\1="{margin}"', part(template()).partition("<w:pgMar")[2]
    )
    base = rewritten(
        template(), {"word/document.xml": (part(template()).partition("<w:pgMar")[0] + "<w:pgMar" + base).encode()}
    )
    widths = set(map(int, re.findall(r'<w:tblW w:w="(\d+)"', part(published(sound("2021"), base)))))
    assert all(abs(width - wide) < 15 for width in widths), widths


def test_nothing_but_words_of_the_kit_and_of_the_report_is_in_it() -> None:
    data: Any = published(sound("2021"))
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any(b"TargetMode" in package.read(name) for name in package.namelist())
