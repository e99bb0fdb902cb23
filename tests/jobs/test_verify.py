"""Two files compared by the installed command: through every carrier, edited, saved anew, forged; and what is told."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import lxml.html
import openpyxl
import pytest
from cases import EDITIONS, sound, totalled
from command import Run, nianbao
from hypothesis import given
from hypothesis import strategies as st
from published import CARRIERS, delimited, page
from strategies import examples
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.output import FORMATS
from workbook.report import Body, Report, Waiver

if TYPE_CHECKING:
    from pathlib import Path

REPORT = replace(
    sound("2021"),
    body=Body("甲市教育局", "91110000600037341L"),
    narrative={**sound("2021").narrative, "overview": "主动公开“政策” 文件，\n办结 33 件。"},
)
BOOK, PAGE, DOCUMENT = "年报.xlsx", "公布.html", "年报.json"


def carried(report: Report) -> dict[str, bytes]:
    """Return a report as every kind of file that it can be written in here."""
    made = {f"a.{ending}": make(report) for ending, make in CARRIERS.items()}
    made["a.csv"] = delimited(report).encode()
    made["a.xlsx"] = workbook_of(report)
    made["a.json"] = workbook.to_json(report)
    return made


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_report_is_the_same_through_every_carrier(edition: str) -> None:
    report = replace(sound(edition), body=Body("甲市教育局"))
    read = {name: workbook.parse(data, name) for name, data in carried(report).items()}
    for name, one in read.items():
        for other in read.values():
            assert not workbook.compare(one, other), (name, other.source)


@given(data=st.data())
@examples(10)
def test_what_differs_is_found_through_every_carrier(data: st.DataObject) -> None:
    edition = data.draw(st.sampled_from(EDITIONS))
    report = replace(sound(edition), body=Body("甲市教育局"))
    key = data.draw(st.sampled_from(sorted(report.cells.keys() - report.form.calculated.keys())))
    other = totalled(report.with_cells({key: data.draw(st.integers(10**5, 10**6))}))  # as the workbook's formulas do
    changed = [("differs.cell", key) for key in report.cells if report.cells[key] != other.cells[key]]
    for name, file in carried(other).items():
        found = workbook.compare(workbook.parse(file, name), report)
        told = [finding.identity for finding in found if finding.code != "file.still_draft"]  # the document may be one
        assert told == changed, name


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workbook, the page and the document made of it."""
    (tmp_path / BOOK).write_bytes(workbook_of(REPORT))
    (tmp_path / PAGE).write_bytes(page(REPORT))
    assert nianbao("convert", BOOK, cwd=tmp_path).code == SOUND
    return tmp_path


def verified(folder: Path, file: str, against: str, *more: str) -> tuple[int, list[str]]:
    """Return the exit code of a comparison and the codes of its findings, which every verdict must fit."""
    run = nianbao("verify", file, "--against", against, "--format", "json", *more, cwd=folder)
    (item,) = run.json
    said = nianbao("verify", file, "--against", against, *more, cwd=folder)
    assert said.code == run.code
    assert ("✓" in said.out.decode()) == (run.code == SOUND)
    return run.code, [finding["code"] for finding in item["findings"]]


def changed(folder: Path, name: str, change: Any) -> str:
    """Write a copy of the document that somebody changed by hand."""
    document = json.loads((folder / DOCUMENT).read_bytes())
    change(document)
    (folder / name).write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    return name


def test_what_was_made_of_a_workbook_is_the_same(folder: Path) -> None:
    assert verified(folder, PAGE, BOOK) == verified(folder, DOCUMENT, BOOK) == (SOUND, [])
    assert verified(folder, BOOK, DOCUMENT) == verified(folder, BOOK, BOOK) == (SOUND, [])
    assert nianbao("fill", DOCUMENT, "-o", "还原.xlsx", cwd=folder).code == SOUND
    assert verified(folder, "还原.xlsx", DOCUMENT) == verified(folder, "还原.xlsx", BOOK) == (SOUND, [])
    assert nianbao("convert", "还原.xlsx", "-o", "2.json", cwd=folder).code == SOUND
    assert verified(folder, "2.json", DOCUMENT) == verified(folder, "2.json", BOOK) == (SOUND, [])


def test_a_document_edited_by_hand_keeps_the_digest_and_is_found(folder: Path) -> None:
    def edit(document: Any) -> None:
        document["tables"]["applications"]["granted"]["natural"] += 1
        document["narrative"]["overview"] = document["narrative"]["overview"].replace("33", "34")

    run = nianbao("verify", changed(folder, "改.json", edit), "--against", BOOK, "--format", "json", cwd=folder)
    cell, text = run.json[0]["findings"]
    assert (run.code, cell["code"], cell["at"]) == (FAULTY, "differs.cell", "applications.granted.natural")
    assert cell["found"] == cell["expected"] + 1
    assert "「三、依申请公开」D8" in cell["message"]
    assert (text["code"], text["at"], text["quote"]["text"]) == ("differs.text", "overview", "4 件。")
    assert run.json[0]["against"] == BOOK
    assert not run.json[0]["sound"]


def test_a_workbook_saved_anew_is_the_same_and_not_the_file(folder: Path) -> None:
    openpyxl.load_workbook(folder / BOOK).save(folder / BOOK)
    assert verified(folder, DOCUMENT, BOOK) == (SOUND, ["differs.digest"])
    assert nianbao("verify", DOCUMENT, "--against", BOOK, "--strict", cwd=folder).code == FAULTY
    book = openpyxl.load_workbook(folder / BOOK)
    book["三、依申请公开"]["D8"] = 1
    book.save(folder / BOOK)
    code, codes = verified(folder, DOCUMENT, BOOK)
    assert (code, codes[0], codes[-1]) == (FAULTY, "differs.cell", "differs.digest")


def test_a_forged_digest_is_found(folder: Path) -> None:
    def forge(document: Any) -> None:
        document["source"]["sha256"] = "0" * 64

    assert verified(folder, changed(folder, "改.json", forge), BOOK) == (SOUND, ["differs.digest"])


def test_a_forged_page_gives_exactly_what_was_done(folder: Path) -> None:
    tree = lxml.html.document_fromstring((folder / PAGE).read_bytes())
    row = next(row for row in tree.iter("tr") if "二、上年结转" in row.text_content())
    row.drop_tree()
    paragraph = next(one for one in tree.iter("p") if "办结" in one.text_content())
    paragraph.drop_tree()
    tree.find(".//h1").text = "乙市教育局2023年政府信息公开工作年度报告"
    (folder / "伪.html").write_bytes(lxml.html.tostring(tree, encoding="utf-8", doctype="<!DOCTYPE html>"))
    expect = ["differs.year", "differs.body", "differs.missing", "differs.text"]
    assert verified(folder, "伪.html", BOOK) == (FAULTY, expect)


def test_what_people_see_and_was_not_compared_is_told(folder: Path) -> None:
    shown = (folder / PAGE).read_text(encoding="utf-8")
    prose = "<p>本机关另有一段说明，写在各部分之前，不属于任何一个部分。</p>"
    (folder / "多.html").write_text(shown.replace("</h1>", f"</h1>{prose}"), encoding="utf-8")
    assert verified(folder, "多.html", BOOK) == (SOUND, ["text.outside"])


def test_a_document_without_a_source_is_named_all_the_same(folder: Path) -> None:
    def strip(document: Any) -> None:
        document["source"], document["narrative"]["problems"] = None, None

    run = nianbao("verify", changed(folder, "无.json", strip), "--against", BOOK, "--format", "json", cwd=folder)
    (finding,) = run.json[0]["findings"]
    assert finding["code"] == "differs.missing"
    assert finding["message"].startswith("“无.json”没有“五、存在的主要问题及改进情况”的文字，“年报.xlsx”有：")


def test_a_waiver_put_in_by_hand_is_found(folder: Path) -> None:
    def excuse(document: Any) -> None:
        waiver = Waiver("text.blank", "other", "无", "张三", "2025-01-20")
        document["waivers"] = [{name: getattr(waiver, name) for name in ("code", "at", "reason", "by", "date")}]

    assert verified(folder, changed(folder, "改.json", excuse), BOOK) == (SOUND, ["differs.waiver"])


def test_files_that_cannot_be_read_are_told_both(folder: Path) -> None:
    (folder / "坏.xlsx").write_bytes(b"PK\x03\x04")
    assert verified(folder, "坏.xlsx", BOOK)[0] == UNREADABLE
    assert verified(folder, PAGE, "坏.xlsx")[0] == UNREADABLE
    assert verified(folder, "没有.html", "坏.xlsx") == (UNREADABLE, ["file.missing", "file.damaged"])
    assert nianbao("verify", PAGE, cwd=folder).code == MISUSE


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_tells_the_differences(form: str, folder: Path) -> None:
    def edit(document: Any) -> None:
        document["tables"]["applications"]["granted"]["natural"] += 1

    name = changed(folder, "改.json", edit)
    run = nianbao(
        "verify", name, "--against", BOOK, "--format", form, "-o", f"结果{FORMATS[form].endings[0]}", cwd=folder
    )
    assert run.code == FAULTY
    data = (folder / f"结果{FORMATS[form].endings[0]}").read_bytes()
    if form == "xlsx":
        rows = [row for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.iter_rows(values_only=True)]
        data = repr(rows).encode()
    if form == "csv":
        (line,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
        assert int(line["found"]) == int(line["expected"]) + 1
    assert (
        b"differs.cell" in data
        or "数与对照文件不同".encode() in data
        or "对照文件「三、依申请公开」D8".encode() in data
    )


def test_no_result_takes_the_place_of_a_file_that_is_compared(folder: Path) -> None:
    was = (folder / BOOK).read_bytes()
    assert nianbao("verify", DOCUMENT, "--against", BOOK, "-o", BOOK, "--force", cwd=folder).code == MISUSE
    assert nianbao("verify", BOOK, "--against", PAGE, "-o", PAGE, "--force", cwd=folder).code == MISUSE
    assert (folder / BOOK).read_bytes() == was


def test_a_name_steers_neither_the_verdict_nor_the_terminal(folder: Path) -> None:
    name = "{count}{0}.xlsx"
    (folder / name).write_bytes((folder / BOOK).read_bytes())
    assert f"✓ 与“{name}”相同".encode() in nianbao("verify", PAGE, "--against", name, cwd=folder).out
    assert (
        f"✓ the same as “{name}”".encode() in nianbao("verify", PAGE, "--against", name, "--lang", "en", cwd=folder).out
    )


# ---- drafts ---------------------------------------------------------------------------------------------------------

WRONG = REPORT.with_cells({"documents.rules.made": "3件", "applications.received.natural": None})


@pytest.fixture
def drafts(tmp_path: Path) -> Path:
    """A faulty workbook and the draft made of it."""
    (tmp_path / BOOK).write_bytes(workbook_of(WRONG))
    assert nianbao("convert", BOOK, "--draft", cwd=tmp_path).code == FAULTY
    return tmp_path


def nowhere_sound(folder: Path, name: str) -> list[str]:
    """Return the codes that ``check`` finds in a file of which no command may say that it is sound."""
    runs: list[Run] = [
        nianbao("check", name, cwd=folder),
        nianbao("convert", name, "-o", "出.json", "--force", cwd=folder),
        nianbao("fill", name, "-o", "出.xlsx", "--force", cwd=folder),
        nianbao("verify", name, "--against", BOOK, cwd=folder),
        nianbao("verify", BOOK, "--against", name, cwd=folder),
    ]
    for run in runs:
        assert run.code in {FAULTY, UNREADABLE}
        assert "✓" not in run.out.decode() + run.err
    assert not (folder / "出.json").exists()
    return nianbao("check", name, "--format", "json", cwd=folder).codes[name]


def test_a_draft_is_told_as_one_by_every_command(drafts: Path) -> None:
    codes = nowhere_sound(drafts, DOCUMENT)
    assert codes[:2] == ["cell.not_a_number", "cell.blank"]
    assert codes[-1] == "file.draft"
    assert verified(drafts, DOCUMENT, BOOK) == (FAULTY, ["file.still_draft"])


def test_a_forged_draft_is_sound_in_no_command(drafts: Path) -> None:
    """Its numbers come from its list of errors, so that nothing else is wrong with it."""

    def forge(document: Any) -> None:
        for finding in document["draft"]:
            cell = finding["at"]
            if cell in REPORT.cells:
                finding["found"] = REPORT.cells[cell]

    assert nowhere_sound(drafts, changed(drafts, "伪.json", forge))[0] == "file.still_draft"


FORGED: dict[str, tuple[Any, str]] = {
    "the mark is gone": (lambda document: document.pop("draft"), "cell.blank"),
    "the list is empty": (lambda document: document.update(draft=[]), "file.not_conforming"),
    "the list is no list": (lambda document: document.update(draft=True), "file.not_conforming"),
    "findings are dropped": (lambda document: document.update(draft=document["draft"][-1:]), "cell.blank"),
    "a finding is none": (lambda document: document.update(draft=[{}]), "cell.blank"),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_draft_without_its_mark_or_list_has_blanks(name: str, drafts: Path) -> None:
    change, code = FORGED[name]
    assert code in nowhere_sound(drafts, changed(drafts, "伪.json", change))
