"""A whole city through the installed command: every fault is named and nothing else, and what follows day by day."""

from __future__ import annotations

import csv
import io
import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from collected import FEBRUARY, HAND, JANUARY, Desk, added, codes_of, events, originals, tables
from figures import balanced
from mailbag import YEAR, Mailbag, Office

import workbook
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK
from workbook.collect.making import make, make_from

if TYPE_CHECKING:
    from collections.abc import Mapping

    from command import Run

OTHERS = [(2, 34), (3, 47), (4, 90)]
"""Seeds and sizes of other cities."""


def differing(bag: Mailbag, rows: list[Mapping[str, Any]], folder: Path) -> list[str]:
    """Return the files of which something else came than what must."""
    found = {row["file"]: row for row in rows}
    assert found.keys() == {each.file for each in bag.came}
    assert len(found) == len(rows)
    wrong = []
    for each in bag.came:
        row = found[each.file]
        codes = {finding["code"] for finding in row["findings"]}
        if row["outcome"] in {"received", "unknown"}:
            codes |= codes_of(folder, row["submission"])
        came = (row["outcome"], row["unit"], row["year"], codes)
        if came != (each.outcome, each.unit, each.year, each.codes):
            wrong.append(f"{each}: {came}")
    return wrong


def absent(bag: Mailbag) -> set[str]:
    """Return the units of which no report of the year came: three sent nothing, one what is damaged."""
    return {bag.about[key] for key in ("missing_one", "missing_two", "missing_three", "cut", "other_year")}


def missing_one(bag: Mailbag) -> Office:
    return bag.office(bag.about["missing_one"])


def faulty(bag: Mailbag) -> set[str]:
    """Return the units whose report has errors."""
    kinds = ("wrong_cell", "total", "blank_row", "carry_over", "last_again", "copied_cells")
    return {bag.about[kind] for kind in kinds}


def odd(folder: Path) -> dict[str, set[str]]:
    """Return the codes of what looks odd by unit; whoever is like another is found beside it."""
    with closing(Collection(folder)) as collection:
        units = collection.odd(YEAR).units
        for unit, some in units.items():
            assert all(
                unit in {other for each in units[one] for other in each.others} for each in some for one in each.others
            )
        return {unit: {each.finding.code for each in some} for unit, some in units.items()}


# ---- every fault is named, and nothing else ------------------------------------------------------------------------


def test_every_fault_of_the_mailbag_is_named_and_nothing_else(bag: Mailbag, this_year: tuple[Desk, Run]) -> None:
    desk, run = this_year
    assert not differing(bag, run.json, desk.folder)
    assert run.code == 3, "two files cannot be read"
    assert "读不了 2" in run.err


@pytest.mark.parametrize(("seed", "size"), OTHERS)
def test_other_cities_are_told_as_exactly(
    seed: int, size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = Mailbag(seed, size)
    before, now = tmp_path / "2024", tmp_path / "2025"
    monkeypatch.setenv(CLOCK, JANUARY)
    make(bag.write_register(tmp_path / "名册.csv"), before, YEAR - 1, HAND, "zh")
    receipts = added(before, bag.write_last(tmp_path / "上年.jsonl"), year=YEAR - 1)
    assert {(each.outcome, each.errors, each.warnings) for each in receipts} == {("received", 0, 0)}
    make_from(before, now, YEAR, HAND, "zh")
    monkeypatch.setenv(CLOCK, FEBRUARY)
    rows = [vars(each) for each in added(now, bag.write(tmp_path / "来件"))]
    for row in rows:  # what is passed over is called by its path here
        row["file"] = row["file"].removeprefix(f"{tmp_path / '来件'}/")
    assert not differing(bag, rows, now)
    planted = {"copied_cells": {"odd.table"}, "copied_text": {"odd.text"}, "yuan": {"odd.jump"}}
    looks = odd(now)
    assert {bag.about[kind]: codes for kind, codes in planted.items()}.items() <= looks.items()
    assert sorted(map(sorted, looks.values())) == [
        ["odd.jump"],
        ["odd.table"],
        ["odd.table"],
        ["odd.text"],
        ["odd.text"],
    ]


def test_who_is_missing_is_whoever_sent_nothing_of_the_year(bag: Mailbag, this_year: tuple[Desk, Run]) -> None:
    run = this_year[0]("status", "--format", "json")
    assert run.code == 1
    units = {unit["id"]: unit for unit in run.json["units"]}
    assert units.keys() == set(bag.expected), "the closed office is not expected"
    assert {key for key, unit in units.items() if unit["state"] == "overdue"} == absent(bag)
    assert {unit["state"] for key, unit in units.items() if key not in absent(bag)} == {"received"}
    assert {key for key, unit in units.items() if any(each["errors"] for each in unit["versions"])} == faulty(bag)
    assert [each["file"] for each in run.json["unassigned"]] == ["远山管委会.xlsx"]
    assert len(run.json["unreadable"]) == 2
    assert len(units[bag.about["versions"]]["versions"]) == 2


def test_the_account_says_by_its_code_whether_anything_waits(bag: Mailbag, last_year: Desk, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "收报", JANUARY)
    assert desk("init", last_year.folder, "-o", desk.folder, "--year", YEAR).code == 0
    sound = tmp_path / "a.xlsx"
    office = missing_one(bag)
    sound.write_bytes(workbook.write(bag.now[office.id]))
    assert desk("add", sound).code == 0
    assert desk("add", sound).code == 0, "the same bytes once more"
    wrong = tmp_path / "b.xlsx"
    wrong.write_bytes(bag.files[f"{bag.office(bag.about['wrong_cell']).name}{YEAR}年年报.xlsx"])
    assert desk("add", wrong).code == 1
    assert desk("add", tmp_path / "没有.xlsx").code == 3
    (tmp_path / "空").mkdir()
    assert desk("add", tmp_path / "空").code == 3


# ---- what follows ---------------------------------------------------------------------------------------------------


def test_the_same_mailbag_once_more_changes_nothing(desk: Desk, place: Path) -> None:
    before, kept = tables(desk.folder), originals(desk.folder)
    run = desk("add", place / "来件", "--form", "json", clock="2026-02-05 10:00")
    assert {row["outcome"] for row in run.json} == {"again", "unreadable", "skipped"}
    assert tables(desk.folder) == before
    assert originals(desk.folder) == kept


def test_what_is_assigned_is_remembered(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    unit = missing_one(bag)
    assert desk("assign", "远山管委会.xlsx", unit.id).code == 0
    assert desk.states()[unit.id] == "received"
    assert desk("assign", "远山管委会.xlsx", unit.id).code == 2, "it is somebody's already"
    other = bag.office(bag.about["missing_two"])
    assert desk("reassign", "远山管委会.xlsx", other.name).code == 0
    states = desk.states()
    assert (states[unit.id], states[other.id]) == ("overdue", "received")
    report = bag.now[other.id]
    body = replace(report.body, name="远山旅游度假区管理委员会", credit_code=None)
    again = tmp_path / "远山二.xlsx"
    again.write_bytes(workbook.write(replace(report, body=body)))
    (row,) = desk("add", again, "--form", "json").json
    assert (row["outcome"], row["unit"]) == ("received", other.id)


def test_what_has_errors_goes_back_and_comes_again(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    run = desk("return", "--errors", "-o", tmp_path / "退回", "--by", "李四", clock="2026-02-04 09:00")
    assert run.code == 0, run.err
    states = desk.states()
    assert {unit for unit, state in states.items() if state == "returned"} == faulty(bag)
    pages = [path.name for path in (tmp_path / "退回").rglob("*.html")]
    assert len(pages) == len(faulty(bag))
    office = bag.office(bag.about["wrong_cell"])
    same = tmp_path / "又来.json"  # the same mistakes in other bytes
    report = workbook.parse(bag.files[f"{office.name}{YEAR}年年报.xlsx"], "a.xlsx")
    same.write_bytes(workbook.to_json(report, workbook.check(report)))
    (row,) = desk("add", same, "--form", "json", clock="2026-02-05 09:00").json
    assert row["outcome"] == "unchanged", row
    assert desk.states()[office.id] == "uncorrected"
    good = tmp_path / "改好了.xlsx"
    good.write_bytes(workbook.write(bag.now[office.id]))
    (row,) = desk("add", good, "--form", "json", clock="2026-02-06 09:00").json
    assert (row["outcome"], row["errors"], row["findings"]) == ("received", 0, [])
    assert desk.states()[office.id] == "received"
    assert desk("accept", office.id, clock="2026-02-07 09:00").code == 0
    assert desk("add", tmp_path / "又来.json", clock="2026-02-08 09:00").code == 0
    assert desk.states()[office.id] == "accepted", "what came before is not what came since"


def test_only_what_is_sound_is_accepted(bag: Mailbag, desk: Desk) -> None:
    run = desk("accept", "--sound", "--by", "张三")
    states = desk.states()
    accepted = {unit for unit, state in states.items() if state == "accepted"}
    warned = {bag.about[kind] for kind in ("text", "yuan", "copied_text", "versions")}
    assert accepted == set(bag.expected) - absent(bag) - faulty(bag) - warned
    assert run.code == 1, "some that were received were not accepted"
    unit = bag.about["wrong_cell"]
    assert desk("accept", unit).code == 1
    assert desk("accept", unit, "--reason", "先收下").code == 1, "errors cannot be accepted"
    assert desk("accept", bag.about["yuan"]).code == 1
    assert desk("accept", bag.about["yuan"], "--reason", "核对过收费台账，确有这一笔").code == 0
    assert desk("accept", bag.about["versions"]).code == 0, "who is named has one version that is meant"
    assert desk.states()[unit] == "received"


def test_an_accepted_report_is_not_displaced_by_a_later_faulty_one(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    unit = bag.about["json"]
    assert desk("accept", unit).code == 0
    wrong = tmp_path / "后来的.xlsx"
    wrong.write_bytes(workbook.write(bag.now[unit].with_cells({"disputes.review.other": 77})))
    assert desk("add", wrong, clock="2026-02-09 10:00").code == 1
    assert desk.states()[unit] == "newer"
    table = row_of(desk("table").out, unit)
    assert table["disputes.review.other"] == str(bag.now[unit].cells["disputes.review.other"])


def row_of(data: bytes, unit: str) -> dict[str, str]:
    """Return the row of a unit in a table, by the keys."""
    _, keys, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    return next(row for row in (dict(zip(keys, line, strict=True)) for line in rows) if row["unit"] == unit)


def test_an_earlier_table_is_made_again_byte_for_byte(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    asked = [["status", "--format", form] for form in ("json", "csv")] + [["table"], ["table", "--long"]]
    then = "2026-02-03 12:00"
    asked += [["show", bag.about["wrong_cell"], "--format", "json"]]
    before = [desk(*each, "--at", then, clock=then).out for each in asked]
    later = "2026-03-10 10:00"
    assert desk("return", "--errors", "-o", tmp_path / "r", clock=later).code == 0
    desk("accept", "--sound")
    assert desk("assign", "远山管委会.xlsx", bag.about["missing_one"]).code == 0
    assert desk("withdraw", f"{bag.about['json']}.json", "--reason", "收错了").code == 0
    assert desk("waive", bag.about["missing_two"], "--reason", "并入别的单位").code == 0
    assert desk("extend", bag.about["missing_three"], "--until", "2026-04-01", "--reason", "换人").code == 0
    assert desk("recheck").code in {0, 1}
    rows = [[*row] for row in bag.rows()]
    for row in rows:
        row[1] = row[1].replace("财政局", "财政和国资局")
    assert desk("register", bag.write_register(tmp_path / "新.xlsx", rows)).code == 0
    after = [desk(*each, "--at", then).out for each in asked]
    for each, one, other in zip(asked, before, after, strict=True):
        assert one == other, each
    assert desk("status", "--format", "json").out != before[0]


def test_a_changed_register_tells_what_changed(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    rows = {row[0]: [*row] for row in bag.rows()}
    closed, renamed = bag.about["missing_one"], bag.about["page"]
    rows[closed][9] = str(YEAR - 1)
    was = rows[renamed][1]
    rows[renamed][1] = f"{was}（新）"
    new = [*rows.values(), ["N-1", "远山旅游度假区管理委员会", "", "C", "其他机关", *[""] * 8]]
    run = desk("register", bag.write_register(tmp_path / "名册2.xlsx", new))
    out = run.out.decode()
    assert f"{YEAR - 1} 年度为止" in out
    assert f"“{was}”改名为“{was}（新）”" in out
    assert "新增“远山旅游度假区管理委员会”" in out
    assert len([line for line in out.splitlines() if line.strip()]) == 4, out
    status = desk.status()
    states = {unit["id"]: unit["state"] for unit in status["units"]}
    assert closed not in states, "a closed unit is not missing"
    assert states["N-1"] == "received", "what was nobody's is given to whose it is now"
    assert not status["unassigned"]
    assert "没有变化" in desk("register", tmp_path / "名册2.xlsx").out.decode()


def test_what_is_erased_leaves_no_byte(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    office = missing_one(bag)
    secret, name = "身份证号一二三四五六甲乙丙丁", "张三的个人材料"
    text = f"{secret}，{bag.now[office.id].narrative['overview']}"
    report = bag.now[office.id]
    cells: dict[str, Any] = {"services.licensing.decisions": 7_654_321}
    file = tmp_path / f"{name}.xlsx"
    file.write_bytes(
        workbook.write(replace(report, narrative={**report.narrative, "overview": text}).with_cells(cells))
    )
    document = tmp_path / f"{name}.json"
    document.write_bytes(workbook.to_json(workbook.read(file)))
    (row,) = desk("add", document, "--form", "json").json
    assert row["unit"] == office.id
    assert secret.encode() in (desk.folder / "collection.sqlite").read_bytes()
    assert desk("withdraw", row["submission"], "--erase").code == 2, "why is not said"
    assert desk("withdraw", row["submission"], "--erase", "--reason", "误收个人信息").code == 0
    everything = b"".join(path.read_bytes() for path in desk.folder.rglob("*") if path.is_file())
    for what in (secret, name, text[20:60]):
        assert what.encode() not in everything, what
    assert row["submission"] not in [each["submission"] for each in desk.status()["unassigned"]]
    assert desk.states()[office.id] == "overdue"
    (event,) = [each for each in events(desk.folder) if each["kind"] == "erased"]
    assert (event["submission"], event["reason"]) == (row["submission"], "误收个人信息")
    assert desk("withdraw", row["submission"], "--erase", "--reason", "再来").code == 2


def test_to_check_again_finds_the_same(desk: Desk) -> None:
    before = tables(desk.folder)
    run = desk("recheck", clock="2026-02-20 10:00")
    assert run.code == 1, "errors are still there"
    assert "0 份的问题和以前不同" in run.err or "0" in run.err
    assert tables(desk.folder) == before


def test_next_year_begins_with_this_year(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    desk("accept", "--sound")
    moved = tmp_path / "别处" / "搬过来的"
    moved.parent.mkdir()
    desk.folder.rename(moved)
    new = Desk(tmp_path / "收报2026", "2027-01-04 09:00")
    run = new("init", moved, "-o", new.folder)
    assert run.code == 0
    assert f"{YEAR + 1} 年度" in run.err
    assert set(new.states().values()) == {"missing"}, "the due dates of the register were of the year before"
    run = new("prefill", "-o", tmp_path / "下发")
    files = list((tmp_path / "下发").iterdir())
    assert len(files) == len(bag.expected)
    unit = bag.about["json"]
    report = next(each for each in map(workbook.read, files) if each.body.name == bag.office(unit).name)
    assert report.year == YEAR + 1
    for opening in report.form.opening_equations:
        if not opening.this_year and opening.cell not in report.form.calculated:
            assert report.cells[opening.cell] == bag.now[unit].cells[opening.last_year[0][0]]


def test_a_copy_elsewhere_and_a_backup_are_whole(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    backup = tmp_path / "备份 100%#?" / "收报"
    shutil.copytree(desk.folder, backup)
    other = Desk(backup, FEBRUARY)
    assert other("status", "--format", "csv").out == desk("status", "--format", "csv").out
    assert other("status", cwd=backup / "originals").code == 1
    assert other("accept", bag.about["json"]).code == 0
    assert desk.states()[bag.about["json"]] == "received"


def test_a_report_that_came_earlier_stands_before(bag: Mailbag, desk: Desk, tmp_path: Path) -> None:
    unit = bag.about["json"]
    file = tmp_path / "先到的.xlsx"
    file.write_bytes(workbook.write(balanced(bag.now[unit].with_cells({"applications.received.natural": 171}))))
    assert desk("add", file, "--received", "2026-01-10 09:00").code == 2, "why is not said"
    assert desk("add", file, "--received", "2026-12-10", "--reason", "x").code == 2, "that is in the future"
    assert desk("add", file, "--received", "2026-01-10 09:00", "--reason", "送到传达室的日期").code in {0, 1}
    (found,) = [each for each in desk.status()["units"] if each["id"] == unit]
    assert [each["file"] for each in found["versions"]] == ["先到的.xlsx", f"{unit}.json"]
    assert found["current"] == found["versions"][1]["submission"]
    assert (found["late"], found["days_late"]) == (False, 0)


def test_a_collection_is_no_input_of_its_own(desk: Desk) -> None:
    before = tables(desk.folder)
    run = desk("add", desk.folder, "--form", "json")
    assert tables(desk.folder) == before
    assert {row["outcome"] for row in run.json} <= {"skipped"}


def test_a_file_whose_ending_says_nothing_is_misuse(last_year: Desk, tmp_path: Path) -> None:
    for verb, more in (("status", ()), ("show", ("C",)), ("rollup", ())):
        for name in ("x", "x.foo", "x.docx"):
            refused = last_year(verb, *more, "-o", tmp_path / name)
            assert (refused.code, list(tmp_path.iterdir())) == (2, []), refused.err
