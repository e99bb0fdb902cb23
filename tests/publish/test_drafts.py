"""A published draft says so whatever carries it, to every command; a report that only has the word does not."""

from __future__ import annotations

import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from cases import EDITIONS, sound
from command import nianbao
from reading import parse
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY, SOUND
from workbook.publish.job import Publishing, publish
from workbook.report import Finding, Report
from workbook.report.compare import DRAFT

WORD = "草稿\n这是草稿。\n（一）草稿\n草稿"
ENDINGS = {"word": ".docx", "page": ".html", "fragment": ".html", "text": ".txt", "pdf": ".pdf"}
CARRIERS = [*ENDINGS, "csv", "xlsx", "json"]


def report_of(edition: str) -> Report:
    """Return a report in whose texts the word stands in every place."""
    report = sound(edition)
    return replace(report, narrative=dict.fromkeys(report.narrative, WORD))


def published(report: Report, carrier: str, findings: tuple[Finding, ...] = (), *, draft: bool) -> bytes:
    form = carrier if carrier in ENDINGS else "data"
    files, refused = publish(report, Publishing((form,), "2026年1月20日"), draft=draft, findings=findings)
    assert not refused
    return files[form]["" if carrier in ENDINGS else carrier]


def file_of(carrier: str) -> str:
    return f"公布{ENDINGS.get(carrier, f'.{carrier}')}"


def codes(report: Report) -> list[str]:
    return [finding.code for finding in workbook.check(report)]


def is_draft(data: bytes, name: str) -> bool:
    return DRAFT in {finding.code for finding in parse(data, name).reader_findings}


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_draft_is_one_in_every_carrier_and_a_report_with_the_word_is_none(carrier: str, edition: str) -> None:
    report = report_of(edition)
    for draft in (True, False):
        back = parse(published(report, carrier, draft=draft), file_of(carrier))
        assert (DRAFT in {finding.code for finding in back.reader_findings}) == draft
        assert back.narrative == report.narrative
        assert (back.body.name, back.year, back.cells) == (report.body.name, report.year, report.cells)
        assert ("file.still_draft" in codes(back)) == draft


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_draft_has_its_own_errors_and_says_that_it_is_one(carrier: str) -> None:
    wrong = sound("2021").with_cells({"applications.received.total": 99_999})
    found = workbook.check(wrong)
    back = parse(published(wrong, carrier, tuple(found), draft=True), file_of(carrier))
    assert {"applications.total", "file.draft"} <= set(codes(back))


@pytest.mark.parametrize("carrier", CARRIERS)
def test_commands_refuse_a_draft(tmp_path: Path, carrier: str) -> None:
    name = file_of(carrier)
    (tmp_path / name).write_bytes(published(sound("2021"), carrier, draft=True))
    (tmp_path / "年报.xlsx").write_bytes(workbook_of(sound("2021")))
    assert nianbao("check", name, cwd=tmp_path).code == FAULTY
    assert nianbao("convert", name, "-o", "a.json", cwd=tmp_path).code == FAULTY
    assert not (tmp_path / "a.json").exists()
    run = nianbao("verify", name, "--against", "年报.xlsx", "--notice", "a.txt", "--format", "json", cwd=tmp_path)
    assert run.code == FAULTY
    assert [finding["code"] for finding in json.loads(run.out)[0]["findings"]] == ["file.still_draft"]
    assert "草稿" in run.err
    assert not (tmp_path / "a.txt").exists()
    assert nianbao("convert", name, "-o", "b.json", "--draft", cwd=tmp_path).code == FAULTY
    assert json.loads((tmp_path / "b.json").read_bytes())["draft"][0]["code"] == "file.still_draft"


def test_the_command_makes_drafts_of_all_forms(tmp_path: Path) -> None:
    wrong = sound("2021").with_cells({"applications.received.total": 99_999})
    (tmp_path / "a.xlsx").write_bytes(workbook_of(wrong))
    forms = "word,page,fragment,text,pdf,data"
    assert nianbao("publish", "a.xlsx", "-o", "out", "--draft", "--form", forms, cwd=tmp_path).code == FAULTY
    paths = list((tmp_path / "out").iterdir())
    assert len(paths) == len(CARRIERS)
    for path in paths:
        assert DRAFT in codes(workbook.read(path)), path


def test_a_draft_on_the_page_of_a_website_is_one() -> None:
    fragment = published(sound("2021"), "fragment", draft=True).decode("utf-8-sig")
    bare = re.sub(r' (?:style|data-nianbao|headers|id|scope)="[^"]*"', "", fragment)
    page = f"<html><head><title>网站</title></head><body><div>首页 政务公开</div><h1>年报公示</h1>{bare}</body></html>"
    assert is_draft(page.encode(), "网站.html")
    final = page.replace("<p>草稿</p>", "", 1)
    assert not is_draft(final.encode(), "网站.html")
    elsewhere = page.replace("<p>草稿</p>", "", 1).replace("<div>首页", "<div>栏目</div><div>草稿</div><div>首页", 1)
    assert not is_draft(elsewhere.encode(), "网站.html")


def test_word_of_which_only_the_watermark_was_removed_is_a_draft_still() -> None:
    data = published(sound("2021"), "word", draft=True)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, re.sub(rb"<w:pict>.*?</w:pict>", b"", part) if "header" in name else part)
    assert is_draft(stream.getvalue(), "公布.docx")


def test_a_document_of_somebody_else_with_the_state_is_not_one_of_ours() -> None:
    data = published(sound("2021"), "word", draft=True)
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"nianbao report nianbao-draft", b""))
    assert not is_draft(stream.getvalue(), "公布.docx")


def test_the_same_draft_has_the_same_bytes() -> None:
    for carrier in CARRIERS:
        one, two = (published(sound("2021"), carrier, draft=True) for _ in range(2))
        assert one == two
        assert one != published(sound("2021"), carrier, draft=False)


def test_sound_reports_are_sound_in_every_carrier(tmp_path: Path) -> None:
    for carrier in CARRIERS:
        (tmp_path / file_of(carrier)).write_bytes(published(sound("2021"), carrier, draft=False))
        assert nianbao("check", file_of(carrier), cwd=tmp_path).code == SOUND, carrier
