"""Marked copies that come back: known by what they carry, never lost, never counted twice."""

from __future__ import annotations

import io
import json
import shutil
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import EDITIONS, of_office, sound
from command import Run, nianbao
from workbooks import opened, workbook_of

import workbook
from workbook.excel.findings_sheet import COPY
from workbook.exits import MISUSE
from workbook.report import Waiver, content_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from office import Office

    from workbook.report import Report

FAULTY = sound("2021").with_cells({"applications.received.natural": 12})
MARKED, SECOND = "甲-校验.xlsx", "甲-校验-校验.xlsx"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A faulty report and its marked copy."""
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(FAULTY))
    assert nianbao("mark", "甲.xlsx", cwd=tmp_path).code == 1
    return tmp_path


def edited(path: Path, change: Callable[[Any], None] | None = None) -> None:
    """Repair a number in a workbook, or do something else to it, as its user does."""
    book = opened(path.read_bytes())
    if change:
        change(book)
    else:
        book["三、依申请公开"]["D6"] = sound("2021").cells["applications.received.natural"]
    book.save(path)


def found(folder: Path, *arguments: str) -> dict[str, list[str]]:
    run = nianbao("check", *arguments, "--format", "json", cwd=folder)
    return {
        file: [code for code in codes if code.startswith("batch.")]
        for file, codes in run.codes.items()
    }  # fmt: skip


@pytest.mark.parametrize("name", [MARKED, "退回.xlsx"])
def test_a_copy_without_change_is_told_and_not_counted_beside_its_original(folder: Path, name: str) -> None:
    (folder / MARKED).rename(folder / name)
    run = nianbao("check", ".", "--format", "json", cwd=folder)
    assert list(run.codes) == ["甲.xlsx"]
    assert f"“{name}”没有另算：和“甲.xlsx”是同一份报告，文字也相同。〔skipped.same_report〕" in run.err
    assert "was not counted again" in nianbao("check", ".", "--lang", "en", cwd=folder).err


@pytest.mark.parametrize("name", [MARKED, "退回.xlsx"])
def test_a_changed_copy_is_another_version_and_is_told(folder: Path, name: str) -> None:
    (folder / MARKED).rename(folder / name)
    edited(folder / name)
    run = nianbao("check", ".", "--format", "json", cwd=folder)
    findings = {
        item["file"]: [finding for finding in item["findings"] if finding["code"] == "batch.versions"]
        for item in run.json
    }
    assert sum(map(len, findings.values())) == 1
    (told,) = (some[0] for some in findings.values() if some)
    assert told["level"] == "warning"
    assert "甲.xlsx" in told["message"]
    assert name in told["message"]
    text = nianbao("check", ".", cwd=folder).out.decode()
    assert text.count("〔batch.versions〕") == 1
    run = nianbao("convert", ".", "-o", "数据", "--draft", cwd=folder)
    assert run.err.count("〔batch.versions〕") == 1
    assert {path.stem for path in (folder / "数据").iterdir()} == {"甲", name.removesuffix(".xlsx")}


@pytest.mark.parametrize(
    "change",
    [
        lambda book: book["封面"].__setitem__("C8", 2023),
        lambda book: book["封面"].__setitem__("C9", "乙局"),
        lambda book: book["一、总体情况"].__setitem__("A4", "改写了。"),
    ],
    ids=["year", "office", "text"],
)
def test_whatever_the_report_says_is_a_change(folder: Path, change: Callable[[Any], None]) -> None:
    edited(folder / MARKED, change)
    assert found(folder, ".") == {"甲.xlsx": [], MARKED: ["batch.versions"]}


def test_without_its_original_a_copy_is_a_report(folder: Path) -> None:
    (folder / "甲.xlsx").unlink()
    assert found(folder, ".") == {MARKED: []}
    edited(folder / MARKED)
    assert found(folder, ".") == {MARKED: []}
    assert nianbao("convert", ".", "-o", "数据", "--draft", cwd=folder).code <= 1
    assert (folder / "数据" / "甲-校验.json").exists()


def test_a_copy_that_is_named_is_a_report(folder: Path) -> None:
    assert found(folder, MARKED) == {MARKED: []}
    assert found(folder, "甲.xlsx", MARKED) == {"甲.xlsx": [], MARKED: []}
    edited(folder / MARKED)
    assert found(folder, "甲.xlsx", MARKED) == {"甲.xlsx": [], MARKED: ["batch.versions"]}


def test_a_report_that_is_only_named_like_a_copy_is_a_report(tmp_path: Path) -> None:
    (tmp_path / MARKED).write_bytes(workbook_of(of_office("乙局")))
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(FAULTY))
    assert found(tmp_path, ".") == {"甲.xlsx": [], MARKED: []}


def test_a_copy_of_which_the_original_was_repaired_too_is_another_version(folder: Path) -> None:
    edited(folder / "甲.xlsx")
    assert found(folder, ".") == {"甲.xlsx": [], MARKED: ["batch.versions"]}


def test_a_copy_of_a_copy_knows_both(folder: Path) -> None:
    edited(folder / MARKED)
    assert nianbao("mark", MARKED, cwd=folder).code <= 1
    assert found(folder, ".") == {"甲.xlsx": [], MARKED: ["batch.versions"]}
    (folder / MARKED).unlink()
    assert found(folder, ".") == {"甲.xlsx": [], SECOND: ["batch.versions"]}
    assert len(workbook.read(folder / SECOND).copy_of) == 2


def test_strict_writes_the_first_of_two_versions(folder: Path) -> None:
    (folder / "甲.xlsx").write_bytes(workbook_of(sound("2021")))
    assert nianbao("mark", "甲.xlsx", "--force", cwd=folder).code == 0
    edited(folder / MARKED, lambda book: book["一、总体情况"].__setitem__("A4", "改写了。"))
    run = nianbao("convert", ".", "-o", "数据", "--strict", cwd=folder)
    assert run.code == 1
    assert [path.name for path in folder.glob("数据/*")] == ["甲.json"]
    assert nianbao("convert", ".", "-o", "数据", "--resume", cwd=folder).code == 0
    assert len([*folder.glob("数据/*")]) == 2


@pytest.mark.parametrize("processes", ["1", "2"])
def test_pages_and_lines_count_what_is_counted(folder: Path, processes: str) -> None:
    nianbao("check", ".", "-o", "out/汇总.html", "--jobs", processes, cwd=folder)
    shutil.copy(folder / MARKED, folder / "退回.xlsx")
    edited(folder / "退回.xlsx")
    run = nianbao("check", ".", "-o", "结果/汇总.html", "--jobs", processes, cwd=folder)
    assert {path.stem for path in (folder / "结果" / "汇总").iterdir()} == {"甲", "退回"}
    assert f"“{MARKED}”没有另算" in run.err
    assert "batch.versions" in (folder / "结果" / "汇总.html").read_text(encoding="utf-8")
    run = nianbao("convert", ".", "-o", "全部.jsonl", "--draft", "--jobs", processes, cwd=folder)
    names = [json.loads(line)["source"]["file"] for line in (folder / "全部.jsonl").read_bytes().splitlines()]
    assert sorted(names) == sorted(["甲.xlsx", "退回.xlsx"])


def test_marking_a_folder_again_renews_the_copies_and_none_that_was_changed(folder: Path) -> None:
    run = nianbao("mark", ".", cwd=folder)
    assert run.code == MISUSE
    assert "已有这个文件" in run.err
    assert nianbao("mark", ".", "--force", cwd=folder).code == 1
    assert sorted(path.name for path in folder.iterdir()) == sorted(["甲.xlsx", MARKED])
    assert "没有另算" in run.err
    edited(folder / MARKED)
    before = (folder / MARKED).read_bytes()
    run = nianbao("mark", ".", "--force", cwd=folder)
    assert run.code == MISUSE
    assert "不能覆盖输入的文件" in run.err
    assert (folder / MARKED).read_bytes() == before
    assert (folder / SECOND).exists()


def test_copies_in_a_folder_of_last_year_are_not_other_reports(folder: Path) -> None:
    last_year = folder / "上年"
    last_year.mkdir()
    for name in ("甲.xlsx", MARKED):
        (folder / name).rename(last_year / name)
    report = replace(FAULTY, year=2025)
    (folder / "今年.xlsx").write_bytes(workbook_of(report))
    run = nianbao("check", "今年.xlsx", "--previous", "上年", "--format", "json", cwd=folder)
    codes = run.codes["今年.xlsx"]
    assert "year.ambiguous" not in codes
    assert "year.not_found" not in codes
    edited(last_year / MARKED)
    run = nianbao("check", "今年.xlsx", "--previous", "上年", "--format", "json", cwd=folder)
    assert "year.ambiguous" in run.codes["今年.xlsx"]


def test_a_later_version_can_be_accepted_with_a_reason(folder: Path) -> None:
    waiver = Waiver("batch.versions", "", "两份都要", "张三", "2025-01-08")
    (folder / "甲.xlsx").write_bytes(workbook_of(replace(FAULTY, waivers=(waiver,))))
    assert nianbao("mark", "甲.xlsx", "--force", cwd=folder).code == 1
    edited(folder / MARKED)
    run: Run = nianbao("check", ".", "--format", "json", cwd=folder)
    waived = [finding["waived"] for item in run.json for finding in item["findings"] if "batch" in finding["code"]]
    assert len(waived) == 1
    assert all(waived)
    assert "waiver.unused" not in {finding["code"] for item in run.json for finding in item["findings"]}


def marked(report: Report) -> bytes:
    data = workbook_of(report)
    again = workbook.parse(data, "a.xlsx")
    made: bytes = workbook.mark(data, again, workbook.check(again))
    return made


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_mark_is_hidden_and_disturbs_no_reading(edition: str) -> None:
    report = sound(edition)
    data = marked(report)
    sheet = openpyxl.load_workbook(io.BytesIO(data))[COPY]
    assert sheet.sheet_state == "veryHidden"
    again = workbook.parse(data, "a.xlsx")
    assert again.copy_of == (content_digest(report),)
    assert (again.cells, again.narrative, again.body, again.reader_findings) == (
        report.cells,
        report.narrative,
        report.body,
        (),
    )
    assert not workbook.parse(workbook_of(report), "a.xlsx").copy_of


def test_tables_that_are_found_by_their_labels_are_read_with_the_mark() -> None:
    book = opened(marked(sound("2021")))
    book["三、依申请公开"].insert_rows(8)
    stream = io.BytesIO()
    book.save(stream)
    again = workbook.parse(stream.getvalue(), "a.xlsx")
    assert again.copy_of == (content_digest(sound("2021")),)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(
    ("name", "filter_name"),
    [("b.xlsx", "Calc MS Excel 2007 XML"), ("b.xls", "MS Excel 97"), ("b.ods", "calc8")],
)
def test_a_copy_that_libreoffice_saved_is_known(
    edition: str, name: str, filter_name: str, libreoffice: Office, tmp_path: Path
) -> None:
    text = "第一段。\n\n＝第二段，“引号”、<尖括号>&  两个空格。"
    report = replace(sound(edition), narrative={**sound(edition).narrative, "other": text})
    report = report.with_cells({"documents.rules.made": "约三件"})
    source = tmp_path / "a.xlsx"
    source.write_bytes(marked(report))
    libreoffice.export(source, tmp_path / name, filter_name)
    again = workbook.read(tmp_path / name)
    assert again.copy_of == (content_digest(workbook.read(source)),)
    assert content_digest(again) in again.copy_of


def test_the_digest_is_that_of_what_is_said_and_stays_the_same_in_every_version() -> None:
    report = sound("2021")
    assert content_digest(report) == content_digest(replace(report, source=None, places={}, reader_findings=()))
    key = "fees.fee.amount" if "fees.fee.amount" in report.cells else "documents.rules.made"
    same = [content_digest(report.with_cells({key: value})) for value in (3, Decimal(3), Decimal("3.00"))]
    assert len(set(same)) == 1
    others = [report.with_cells({key: value}) for value in (None, 0, "3", "", Decimal("3.01"), 30, Decimal(300))]
    others += [replace(report, year=2020), replace(report, waivers=(Waiver("a", "b", "c", "d", "2025-01-01"),))]
    others += [replace(report, narrative={**report.narrative, "other": "a\ud800"})]
    assert len({content_digest(item) for item in others} | set(same)) == len(others) + 1
    assert (
        content_digest(workbook.blank("2021", 2024))
        == "d4af5cb2033799ab9d75935288670bcf07aea2f844b8b6a51982c821d893e122"
    )
