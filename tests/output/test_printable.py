"""What strangers wrote steers no terminal, forges no line and becomes no formula, wherever it is shown."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import sys
import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING

import lxml.html
import openpyxl
import pytest
from cases import sound
from command import COMMAND, nianbao
from hypothesis import given
from hypothesis import strategies as st
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY
from workbook.jobs.result import Result
from workbook.output import FORMATS, html, render
from workbook.output.tally import Tally
from workbook.output.text import block
from workbook.printable import escaped, printable
from workbook.report import make_finding

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.output import Format

HARMFUL = (
    "\x00\x07\t\n\r\x1b\x7f\x85\x9b\xad\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202e"
    "\u2060\u2066\u2069\u3164\ufeff\ufff9\ufffe"
)
NAME = "甲\x1b[2J\x07\u202e局\n✓ 没有错误\u200b\x9b.xlsx"
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="file names cannot hold such characters there")


def harmful(text: str, keep: str = "\n") -> list[str]:
    """Return what should not be there, found in another way than the kit does."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return [c for c in text if c not in keep and (unicodedata.category(c) in kinds or c in "\u3164\ufffe")]


@pytest.mark.parametrize("character", HARMFUL)
def test_each_harmful_character_is_replaced(character: str) -> None:
    assert printable(f"甲{character}乙") == "甲�乙"


@given(st.text(max_size=40))
def test_length_and_all_other_characters_stay(text: str) -> None:
    shown = printable(text)
    assert len(shown) == len(text)
    assert not harmful(shown, keep="")
    assert all(b in (a, "�") for a, b in zip(text, shown, strict=True))
    assert printable("龘𠮷\ue000　é①％") == "龘𠮷\ue000　é①％"


@given(st.text(st.characters(codec="utf-8"), max_size=40))
def test_json_with_escapes_says_the_same(text: str) -> None:
    written = escaped(json.dumps([text], ensure_ascii=False))
    assert json.loads(written) == [text]
    assert not harmful(written)


def hostile() -> Result:
    """A result in which every text that may come from outside does harm."""
    texts = {
        "sheet": NAME,
        "address": NAME,
        "message": NAME,
        "hint": NAME,
        "at": NAME,
    }
    finding = make_finding("file.missing", file="x").as_dict() | dict.fromkeys(("message", "hint", "at"), NAME)
    cell = {"cell": "documents.rules.made", "sheet": texts["sheet"], "address": NAME, "value": NAME}
    document = workbook.to_document(sound("2021"))
    document["narrative"]["overview"] = NAME
    document["body"]["name"] = NAME
    finding |= {"cells": [cell], "found": NAME, "located": [cell | {"should_be": NAME}]}
    finding |= {"quote": {"part": "overview", "start": 0, "end": 9, "text": NAME}}
    waived = {"code": NAME, "at": NAME, "reason": NAME, "by": NAME, "date": NAME}
    findings = [finding, {**finding, "level": "warning", "waived": waived}]
    return Result(NAME, FAULTY, findings, "2021", 2024, NAME, written=NAME, document=document)


@pytest.mark.parametrize("form", FORMATS)
def test_no_form_of_output_does_harm(form: Format) -> None:
    results = [hostile()] if form == "html" else [hostile(), hostile()]
    data = render(results, form, "zh")
    if form == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(data))
        texts = [str(cell.value) for sheet in book for row in sheet for cell in row]
    else:
        texts = [data.decode().replace("\r\n", "\n")]
    for text in texts:
        assert not harmful(text)


def test_lines_are_the_kits_own() -> None:
    for data in (render([hostile(), hostile()], "text", "zh"), block(hostile(), "zh")):
        assert not [line for line in data.decode().split("\n") if line.startswith("✓")]
    rows = list(csv.reader(io.StringIO(render([hostile()], "csv", "zh").decode(), newline="")))
    assert len(rows) == 3
    assert not [cell for row in rows for cell in row if harmful(cell, keep="")]


def test_the_page_of_pages_does_no_harm() -> None:
    assert not harmful(html.index(Tally.of([hostile()]), {hostile().file: "a.html"}, "zh").decode())


def test_json_keeps_every_text_as_it_was() -> None:
    log = json.loads(render([hostile()], "sarif", "zh"))
    assert log["runs"][0]["results"][0]["message"]["text"] == NAME
    (item,) = json.loads(render([hostile()], "json", "zh"))
    assert (item["file"], item["body"], item["findings"][0]["message"]) == (NAME, NAME, NAME)


FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@A1",
    "\n=1",
    "\t=1",
    "\r=1",
    "  =1",
    "　=1",
    "\u200b=1",
    "＝1",
    "＋1",
    "－1",
    "＠A1",
    " \n＝1",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula_in_a_table(text: str) -> None:
    finding = make_finding("file.missing", file="x").as_dict() | {"message": text, "hint": f"好{text}"}
    result = Result(text, FAULTY, [finding], "2021", 2024, text)
    (row,) = csv.DictReader(io.StringIO(render([result], "csv", "zh").decode(), newline=""))
    assert row["file"].startswith("'")
    assert row["message"].startswith("'")
    assert row["hint"].startswith("好")
    book = openpyxl.load_workbook(io.BytesIO(render([result], "xlsx", "zh")))
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {"s", "n"}
    page = lxml.html.document_fromstring(html.index(Tally.of([result]), {result.file: "a.html"}, "zh").decode())
    assert page.xpath("count(//th[@scope='row']/a)") == 1


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Reports whose names, sheets, offices and texts do harm, which no test changes."""
    place = tmp_path_factory.mktemp("harm")
    report = sound("2021").with_cells({"documents.rules.made": "三\u202e件"})
    report = replace(report, body=replace(report.body, name="甲\u202e局\x9b\u200b"))
    (place / NAME).write_bytes(workbook_of(report))
    book = openpyxl.load_workbook(place / NAME)
    book["三、依申请公开"].title = "三\u202e、依\u200b申请"
    book.save(place / "表名.xlsx")
    (place / f"坏{NAME}").write_bytes(b"PK\x03\x04")
    (place / f"{NAME}.html").write_bytes(b"x")
    return place


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of them."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


@POSIX
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "."],
        ["check", ".", "--format", "csv"],
        ["check", ".", "--format", "json"],
        ["check", ".", "--format", "sarif"],
        ["check", ".", "--format", "junit"],
        ["check", ".", "-o", f"{NAME}.txt"],
        ["check", ".", "-o", f"{NAME}/x.html"],
        ["check", NAME, "--format", "html"],
        ["check", NAME, "-o", f"没有/{NAME}"],
        ["check", NAME, "-o", NAME],
        ["check", f"没有{NAME}"],
        ["check", ".", "--previous", f"没有{NAME}"],
        ["check", "表名.xlsx", "--previous", NAME],
        ["check", ".", "--previous", "."],
        ["check", ".", "--edition" + NAME],
        ["check", ".", "--format", NAME],
        ["check", "--jobs", NAME],
        ["convert", ".", "--draft"],
        ["convert", ".", "--draft", "-o", f"出{NAME}"],
        ["mark", "."],
        ["fill", NAME],
        ["inspect", NAME],
        ["inspect", "表名.xlsx"],
        ["inspect", f"没有{NAME}"],
        ["repair", NAME],
        ["repair", NAME, "-o", NAME],
        ["import", NAME, "-o", NAME],
        ["import", NAME, "-o", f"{NAME}.pdf"],
        ["template", NAME],
        ["template", "--edition", NAME],
        ["template", "-o", f"没有/{NAME}/x"],
        ["schema", NAME],
        [NAME],
        [f"--{NAME}"],
        ["addin", NAME],
        ["addin", "build", "-o", f"{NAME}.xlam"],
        ["addin", "bundle", NAME],
        ["addin", "status", "--home", NAME.replace("\n", "")],
        ["addin", "remove", "--home", f"家{NAME}", "--to", f"到{NAME}"],
        ["demo", "-o", f"演示{NAME}"],
    ],
    ids=lambda arguments: ascii(" ".join(arguments)).replace(ascii(NAME)[1:-1], "NAME"),
)
def test_no_command_prints_what_steers_a_terminal(folder: Path, arguments: list[str]) -> None:
    run = nianbao(*arguments, cwd=folder)
    told = run.out.decode().replace("\r\n", "\n") + run.err
    assert told
    assert not harmful(told)
    assert not [line for line in told.split("\n") if line.startswith("✓ 没有错误")]


@POSIX
def test_the_progress_bar_repeats_no_name(folder: Path) -> None:
    import pty
    import subprocess

    master, slave = pty.openpty()
    done = subprocess.Popen([COMMAND, "check", "."], cwd=folder, stdout=subprocess.DEVNULL, stderr=slave)
    os.close(slave)
    told = b""
    while done.poll() is None:
        try:
            told += os.read(master, 65536)
        except OSError:
            break
    done.wait()
    os.close(master)
    assert b"100%" in told
    assert "\u202e".encode() not in told
    assert b"\x1b[2J\x07" not in told
    assert "\n✓" not in told.decode()


@POSIX
def test_a_marked_copy_shows_texts_that_no_package_may_hold() -> None:
    from workbook.excel.findings_sheet import causes_of, marks, rows

    finding = replace(make_finding("file.missing", file="a\x1b\x00b"), waived=None)
    assert not [
        text for row in rows(causes_of([finding], None)) for text in row if isinstance(text, str) and harmful(text)
    ]
    assert not [mark.text for mark in marks(causes_of([finding], None)) if harmful(mark.text)]
