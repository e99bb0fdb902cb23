"""Last year's report is found by office and year, through the installed command."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from cases import sound
from command import Run, nianbao
from published import page
from workbooks import workbook_of
from years import last_of

import workbook
from workbook.exits import FAULTY, SOUND, UNREADABLE
from workbook.jobs import pool, targets
from workbook.jobs.file import check_file
from workbook.jobs.prior_year import PriorReports
from workbook.jobs.result import Options
from workbook.jobs.run import run as run_jobs
from workbook.jobs.search import search
from workbook.report import Report

CODE, OTHER_CODE = "91110000600037341L", "91350100M000100Y43"

SLIP = {"applications.carried_forward.charity": 77}


@pytest.fixture
def offices(tmp_path: Path) -> Path:
    """Reports of three offices in 今年, of the year before in 往年: page, workbook, document, of the older edition."""
    base = sound("2021")
    for name in ("今年", "往年"):
        (tmp_path / name).mkdir()
    for name in ("甲局", "乙局", "丙局"):
        report = replace(base, body=replace(base.body, name=name), year=2021)
        (tmp_path / "今年" / f"{name}.xlsx").write_bytes(workbook_of(report))
        last = replace(last_of(report, sound("2019")), source=None)
        if name == "乙局":
            last = last.with_cells(SLIP)
        carriers = {"甲局": ("html", page), "乙局": ("xlsx", workbook_of), "丙局": ("json", workbook.to_json)}
        suffix, made = carriers[name]
        (tmp_path / "往年" / f"{name}-2020.{suffix}").write_bytes(made(last))
    (tmp_path / "往年" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "往年" / "说明.txt").write_text("x", encoding="utf-8")
    return tmp_path


def codes(run: Run) -> dict[str, list[str]]:
    """Return the codes of each file's findings."""
    return {Path(item["file"]).stem: [finding["code"] for finding in item["findings"]] for item in run.json}


def check(*arguments: str | Path, cwd: Path) -> Any:
    run = nianbao("check", *arguments, "--format", "json", cwd=cwd)
    return run.code, codes(run)


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_folder_is_matched_by_office_and_year(offices: Path, processes: str) -> None:
    code, found = check("今年", "--previous", "往年", "--jobs", processes, cwd=offices)
    assert code == FAULTY
    assert found == {"甲局": [], "乙局": ["year.brought_forward"], "丙局": []}


def test_a_finding_names_the_file_and_both_numbers(offices: Path) -> None:
    text = nianbao("check", "今年/乙局.xlsx", "--previous", "往年", cwd=offices).out.decode()
    assert all(part in text for part in ("乙局-2020.xlsx", "现为 6，", "是 77，", "-71"))
    document = nianbao("check", "今年/丙局.xlsx", "--previous", "往年/乙局-2020.xlsx", cwd=offices).out.decode()
    assert "乙局-2020.xlsx" in document


def test_reports_of_both_years_may_lie_in_one_folder(offices: Path) -> None:
    _, found = check("往年", "今年", "--previous", ".", cwd=offices)
    assert found["乙局"] == ["year.brought_forward"]
    assert "year.not_found" in found["乙局-2020"]


def test_a_named_file_is_compared_whatever_it_is_called(offices: Path) -> None:
    (offices / "往年" / "乙局-2020.xlsx").rename(offices / "旧.xlsx")
    assert check("今年/乙局.xlsx", "--previous", "旧.xlsx", cwd=offices) == (1, {"乙局": ["year.brought_forward"]})
    assert check("今年", "--previous", "旧.xlsx", cwd=offices)[1] == {
        "甲局": ["year.not_last"],
        "乙局": ["year.brought_forward"],
        "丙局": ["year.not_last"],
    }


@pytest.mark.parametrize("name", ["没有.xlsx", "往年/坏.xlsx", "往年/说明.txt"])
def test_a_named_file_that_cannot_be_read_is_told_before_anything_is_done(offices: Path, name: str) -> None:
    run = nianbao("convert", "今年", "--previous", name, cwd=offices)
    assert run.code == UNREADABLE
    assert Path(name).name in run.err
    assert not list((offices / "今年").glob("*.json"))


def test_nothing_found_names_what_was_looked_for(offices: Path) -> None:
    (offices / "往年" / "甲局-2020.html").unlink()
    run = nianbao("check", "今年/甲局.xlsx", "--previous", "往年", cwd=offices)
    assert run.code == SOUND
    text = run.out.decode()
    assert all(part in text for part in ("year.not_found", "往年", "“甲局”2020 年度", "2 份", "1 个"))
    assert nianbao("check", "今年/甲局.xlsx", "--previous", "往年", "--strict", cwd=offices).code == FAULTY


def test_an_empty_folder_stops_nothing(offices: Path) -> None:
    (offices / "空").mkdir()
    assert check("今年/甲局.xlsx", "--previous", "空", cwd=offices) == (0, {"甲局": ["year.not_found"]})


def test_of_two_that_differ_none_is_chosen_and_of_two_alike_either(offices: Path) -> None:
    last = workbook.read(offices / "往年" / "甲局-2020.html")
    (offices / "往年" / "甲局-副本.xlsx").write_bytes(workbook_of(last))
    assert check("今年/甲局.xlsx", "--previous", "往年", cwd=offices) == (0, {"甲局": []})
    (offices / "往年" / "甲局-另一份.xlsx").write_bytes(workbook_of(last.with_cells(SLIP)))
    run = nianbao("check", "今年/甲局.xlsx", "--previous", "往年", cwd=offices)
    assert run.code == SOUND
    text = run.out.decode()
    assert all(part in text for part in ("year.ambiguous", "甲局-另一份.xlsx", "甲局-副本.xlsx"))
    assert "year.brought_forward" not in text


def test_convert_refuses_what_does_not_fit_last_year(offices: Path) -> None:
    run = nianbao("convert", "今年", "--previous", "往年", "-o", "数据", cwd=offices)
    assert run.code == FAULTY
    assert sorted(path.name for path in (offices / "数据").iterdir()) == ["丙局.json", "甲局.json"]
    assert nianbao("convert", "今年/乙局.xlsx", cwd=offices).code == SOUND


def write(folder: Path, file: str, **body: str | None) -> Report:
    """Write the report of an office to a workbook and return it."""
    report = replace(sound("2021"), body=replace(sound("2021").body, **body))
    (folder / file).write_bytes(workbook_of(report))
    return report


def test_a_credit_code_goes_before_a_name(tmp_path: Path) -> None:
    report = write(tmp_path, "今年.xlsx", name="新名称", credit_code=CODE)
    (tmp_path / "往年").mkdir()
    last = last_of(report)
    renamed = replace(last, body=replace(last.body, name="旧名称"))
    namesake = replace(last.with_cells(SLIP), body=replace(last.body, credit_code=OTHER_CODE))
    (tmp_path / "往年" / "a.xlsx").write_bytes(workbook_of(renamed))
    (tmp_path / "往年" / "b.xlsx").write_bytes(workbook_of(namesake))
    assert check("今年.xlsx", "--previous", "往年", cwd=tmp_path) == (0, {"今年": []})


def test_a_name_counts_where_one_states_no_code_and_blanks_in_it_do_not(tmp_path: Path) -> None:
    report = write(tmp_path, "今年.xlsx", name="甲局", credit_code=CODE)
    (tmp_path / "往年").mkdir()
    last = last_of(report).with_cells(SLIP)
    last = replace(last, body=replace(last.body, name="甲　局", credit_code=None))
    (tmp_path / "往年" / "a.xlsx").write_bytes(workbook_of(last))
    assert check("今年.xlsx", "--previous", "往年", cwd=tmp_path) == (1, {"今年": ["year.brought_forward"]})


def of_last_year(folder: Path) -> list[str]:
    """Return what is found of a report beside those of a folder; a district has no 规章, which is told too."""
    (found,) = check("今年.xlsx", "--previous", "往年", cwd=folder)[1].values()
    return [code for code in found if code.startswith("year.")]


NAMES = {
    "for short": ("乙区卫健局", "乙区卫生健康局", ["year.brought_forward"]),
    "without the city": ("甲市乙区人民政府", "乙区人民政府", ["year.brought_forward"]),
    "of the district beside": ("宿城区人民政府", "宿豫区人民政府", ["year.not_found"]),
    "of another level": ("乙县卫健局", "甲市卫健委", ["year.not_found"]),
}


@pytest.mark.parametrize("case", NAMES)
def test_an_office_is_known_by_what_it_is_certainly_called(tmp_path: Path, case: str) -> None:
    this, before, expected = NAMES[case]
    report = write(tmp_path, "今年.xlsx", name=this, credit_code=None)
    (tmp_path / "往年").mkdir()
    last = last_of(report).with_cells(SLIP)
    last = replace(last, body=replace(last.body, name=before, credit_code=None))
    (tmp_path / "往年" / "a.xlsx").write_bytes(workbook_of(last))
    assert of_last_year(tmp_path) == expected


def test_of_two_that_may_be_called_so_the_one_that_is_goes_first(tmp_path: Path) -> None:
    report = write(tmp_path, "今年.xlsx", name="鼓楼区人民政府", credit_code=None)
    (tmp_path / "往年").mkdir()
    for number, (name, slip) in enumerate({"鼓楼区人民政府": {}, "徐州市鼓楼区人民政府": SLIP}.items()):
        last = last_of(report).with_cells(slip)
        last = replace(last, body=replace(last.body, name=name, credit_code=None))
        (tmp_path / "往年" / f"{number}.xlsx").write_bytes(workbook_of(last))
    assert of_last_year(tmp_path) == []


def test_blanks_of_last_year_are_zeros_where_blanks_are(tmp_path: Path) -> None:
    report = write(tmp_path, "今年.xlsx")
    last = last_of(report).with_cells({"applications.carried_forward.charity": None})
    (tmp_path / "上年.json").write_bytes(workbook.to_json(last))
    assert check("今年.xlsx", "--previous", "上年.json", cwd=tmp_path) == (0, {"今年": []})
    code, found = check("今年.xlsx", "--previous", "上年.json", "--blank", "zero", cwd=tmp_path)
    assert (code, found) == (1, {"今年": ["year.brought_forward"]})


def test_many_reports_are_matched_by_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "CHUNK", 3)
    for name in ("今年", "往年"):
        (tmp_path / name).mkdir()
    for number in range(20):
        body = replace(sound("2021").body, name=f"第{number}局")
        report = replace(sound("2021"), body=body)
        last = last_of(report) if number % 5 else last_of(report).with_cells(SLIP)
        (tmp_path / "今年" / f"{number:02}.json").write_bytes(workbook.to_json(report))
        (tmp_path / "往年" / f"{number:02}.json").write_bytes(workbook.to_json(last))
    last_year = targets.index(tmp_path / "往年", 2)
    assert isinstance(last_year, PriorReports)
    chosen = search([tmp_path / "今年"], (".json",)).tasks
    results = list(run_jobs(check_file, chosen, Options(previous=last_year), jobs=2))
    assert [bool(result.findings) for result in results] == [number % 5 == 0 for number in range(20)]


def test_amounts_are_compared_as_they_are_written(tmp_path: Path) -> None:
    report = write(tmp_path, "今年.xlsx")
    last = last_of(report).with_cells({"fees.fee.amount": Decimal("5.92372449")})
    (tmp_path / "上年.xlsx").write_bytes(workbook_of(last))
    assert check("今年.xlsx", "--previous", "上年.xlsx", cwd=tmp_path) == (0, {"今年": ["year.thousandfold"]})
