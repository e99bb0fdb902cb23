"""Letters, the table and the templates out of a real store, by the commands that an office gives."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from cases import sound
from command import nianbao
from workbooks import workbook_of
from years import last_of

import workbook
from workbook.collect.hand import CLOCK, moment
from workbook.report import Report

REGISTER = """单位ID,名称,上级,类型,截止年度,承接单位,联系人
u0,临江市人民政府,,人民政府,,,
u1,临江市财政局,临江市人民政府,政府部门,,,王晓明
u2,临江市教育局,临江市人民政府,政府部门,,,
u3,城关镇人民政府,临江市人民政府,乡镇或街道,,,
u4,临江市旅游局,临江市人民政府,政府部门,2024,临江市文化和旅游局,
u5,临江市文化和旅游局,临江市人民政府,政府部门,,,
"""
LAST, THIS = "2025-02-01 09:00", "2026-01-25 09:00"
NOW = "2026-02-03 09:30"
TOTAL = "applications.received.total"


def of(name: str, year: int, **cells: int | str | None) -> Report:
    """Return the report of an office."""
    base = replace(sound("2021"), year=2025)
    report = base if year == 2025 else last_of(base)
    return replace(report, body=replace(report.body, name=name, credit_code=None)).with_cells(cells)


def run(folder: Path, now: str, *arguments: str | Path, code: int = 0) -> str:
    """Run a command of the collection at a time; return what it says."""
    done = nianbao("collect", *arguments, cwd=folder, **{CLOCK: now})
    said = done.out.decode() + done.err
    assert done.code == code, said
    return said


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A collection of two years: faulty, missing, of another year, as JSON, and a unit that was merged."""
    mail = {
        2024: {name: of(name, 2024) for name in ("临江市财政局", "临江市旅游局", "临江市文化和旅游局")},
        2025: {
            "临江市人民政府": of("临江市人民政府", 2025),
            "临江市财政局": of("临江市财政局", 2025, **{"applications.received.natural": 12, "fees.fee.amount": "3元"}),
            "城关镇人民政府": of("城关镇人民政府", 2024),
        },
    }
    for year, reports in mail.items():
        (tmp_path / str(year)).mkdir()
        for name, report in reports.items():
            (tmp_path / str(year) / f"{name}.xlsx").write_bytes(workbook_of(report))
    faulty = of("临江市教育局", 2025, **{"disputes.review.total": 7})
    faulty = replace(faulty, narrative=dict.fromkeys(faulty.narrative))
    (tmp_path / "2025" / "教育局.json").write_bytes(workbook.to_json(faulty))
    (tmp_path / "名册.csv").write_text(REGISTER, encoding="utf-8")
    folder = tmp_path / "收报"
    run(tmp_path, "2025-01-10 09:00", "init", tmp_path / "名册.csv", "-o", folder, "--year", "2025")
    run(folder, LAST, "add", tmp_path / "2024", "--year", "2024", code=1)
    run(folder, THIS, "add", tmp_path / "2025", code=1)
    return folder


def test_what_is_wrong_goes_back_and_who_is_missing_is_reminded(office: Path, tmp_path: Path) -> None:
    to = tmp_path / "退回"
    run(office, NOW, "return", "--errors", "--missing", "-o", to, "--reason", "请补盖章页")
    assert {path.name for path in to.iterdir()} == {
        *(f"临江市财政局-{end}" for end in ("退回单.html", "退回单.txt", "退回单.docx", "校验.xlsx")),
        *(f"临江市教育局-退回单.{end}" for end in ("html", "txt", "docx")),
        *(
            f"{name}-催报单.{end}"
            for name in ("城关镇人民政府", "临江市文化和旅游局")
            for end in ("html", "txt", "docx")
        ),
    }
    texts = {path.stem: path.read_text(encoding="utf-8-sig") for path in to.glob("*.txt")}
    returned = texts["临江市财政局-退回单"]
    for said in ("「三、依申请公开」D6", "现有 12", "应有 941", "上年 941", "退回原因：请补盖章页", "2026年2月10日前"):
        assert said in returned
    assert "财政局.xlsx" in returned
    assert "“四、政府信息公开行政复议、行政诉讼情况”行政复议 · 总计：现有 7，应有 208" in texts["临江市教育局-退回单"]
    assert "一、总体情况" in texts["临江市教育局-退回单"]
    assert "报送的不是工作簿" in texts["临江市教育局-退回单"]
    assert "封面写的是 2024 年度" in texts["城关镇人民政府-催报单"]
    assert "已超过报送期限 3 天" in texts["临江市文化和旅游局-催报单"]
    assert workbook.read(to / "临江市财政局-校验.xlsx").copy_of
    said = run(office, NOW, "return", "--errors", "临江市财政局", "临江市教育局", "-o", to)
    assert "退回 0" in said  # they went back already


def test_the_table_has_both_years_and_what_became_of_each(office: Path, tmp_path: Path) -> None:
    out = tmp_path / "指标.csv"
    run(office, NOW, "table", "-o", out, "--year", "2024", "--year", "2025", "--cells", f"{TOTAL},fees")
    _, *lines = csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline=""))
    rows = {row[0]: dict(zip(lines[0], row, strict=True)) for row in lines[1:]}
    assert list(rows) == ["u0", "u1", "u2", "u3", "u4", "u5"]
    assert [rows["u0"][f"{TOTAL} {what}"] for what in ("2024", "2025", "2025 change")] == ["", "5400", ""]
    assert [rows["u1"][f"{TOTAL} {what}"] for what in ("2024", "2025", "2025 change")] == ["5400", "5400", "0"]
    assert rows["u1"]["fees.fee.amount 2025"] == "3元"
    assert (rows["u3"]["state 2025"], rows["u4"]["state 2025"], rows["u5"]["state 2025"]) == ("逾期", "", "逾期")
    assert "是不是 applications.received" in run(office, NOW, "table", "--cells", "applications.recieved", code=2)


def test_templates_are_filled_with_what_is_taken_over(office: Path, tmp_path: Path) -> None:
    to = tmp_path / "下发"
    said = run(office, NOW, "prefill", "-o", to)
    assert {path.name for path in to.iterdir()} == {
        f"{name}-2025年度年报.xlsx"
        for name in ("临江市人民政府", "临江市财政局", "临江市教育局", "城关镇人民政府", "临江市文化和旅游局")
    }
    assert "临江市教育局" in said
    assert "临江市财政局" not in said
    one, merged = (workbook.read(to / f"临江市{name}-2025年度年报.xlsx") for name in ("财政局", "文化和旅游局"))
    key, last = "applications.brought_forward.total", last_of(sound("2021")).cells["applications.carried_forward.total"]
    assert (one.year, one.body.name, one.body.kind, one.cells[key]) == (2025, "临江市财政局", "department", last)
    assert merged.cells[key] == 2 * last  # type: ignore[operator]
    run(office, NOW, "prefill", "-o", to, code=2)  # nothing is replaced
    run(office, NOW, "prefill", "-o", to, "--force")


def test_what_was_withdrawn_or_erased_and_comes_again_is_told(office: Path, tmp_path: Path) -> None:
    file = "临江市财政局.xlsx"
    sent = tmp_path / "2025" / file
    (tmp_path / "再来").mkdir()
    (tmp_path / "再来" / file).write_bytes(sent.read_bytes())
    for more, code in ((), "unit.withdrawn"), (("--erase",), "unit.erased"):
        number = next(iter(json.loads(run(office, NOW, "show", "临江市财政局", "--format", "json"))["versions"]))
        run(office, NOW, "withdraw", str(number["submission"]), *more, "--reason", "报错了")
        run(office, NOW, "add", tmp_path / "再来", "-o", tmp_path / f"{code}.json", code=1)
        (row,) = json.loads((tmp_path / f"{code}.json").read_bytes())
        assert (row["outcome"], [finding["code"] for finding in row["findings"]]) == ("again", [code])
    run(office, NOW, "add", tmp_path / "2025" / "教育局.json", "-o", tmp_path / "重复.json")
    assert json.loads((tmp_path / "重复.json").read_bytes())[0]["findings"] == []


def test_what_was_withdrawn_comes_back_as_it_was(office: Path) -> None:
    def standing() -> tuple[str, int]:
        found = json.loads(run(office, NOW, "show", "临江市财政局", "--format", "json"))
        return found["state"], found["versions"][0]["submission"]

    before, number = standing()
    assert "没有撤下过" in run(office, NOW, "withdraw", str(number), "--back", code=2)
    run(office, NOW, "withdraw", str(number), "--reason", "报错了")
    assert standing()[0] == "overdue"
    assert "已恢复" in run(office, NOW, "withdraw", str(number), "--back")
    assert standing() == (before, number)
    with closing(sqlite3.connect(office / "collection.sqlite")) as store:
        assert store.execute("SELECT count(*) FROM counted WHERE submission = ?", [number]).fetchone() == (1,)
    run(office, NOW, "withdraw", str(number), "--back", "--erase", code=2)


def test_nothing_is_due_of_who_reported(office: Path) -> None:
    assert "已经报了" in run(office, NOW, "waive", "临江市教育局", "--reason", "撤销", code=2)
    assert "不应报" in run(office, NOW, "waive", "城关镇人民政府", "--reason", "撤销")


def test_days_and_years_that_make_no_sense_are_refused(office: Path) -> None:
    said = run(office, NOW, "extend", "城关镇人民政府", "--until", "2025-1-1", "--reason", "忙", code=2)
    assert "已经过了" in said
    assert "还没有读入名册" in run(office, NOW, "status", "--at", "2001-01-01", code=2)
    assert "还没有开始" in run(office, NOW, "status", "--year", "2099", code=2)


@pytest.mark.parametrize("said", ["2027-2-5", "2027/02/05", "2027年2月5日", "2027.2.5", "2027-02-05"])
def test_days_are_taken_as_people_write_them(said: str) -> None:
    assert moment(said).date() == dt.date(2027, 2, 5)
