"""The waivers that an office keeps apart from its reports: applied as those in them, told where they fit nothing."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from cases import sound
from command import nianbao
from workbooks import workbook_of

import workbook
from workbook.report.values import Waiver


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report that has one warning."""
    base = sound("2021")
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(replace(base, narrative={**base.narrative, "other": None})))
    return tmp_path


def found(folder: Path, *arguments: str) -> dict[str, str]:
    """Return how each code is found: its level, or waived."""
    run = nianbao("check", "甲.xlsx", "--format", "json", *arguments, cwd=folder)
    return {each["code"]: "waived" if each["waived"] else each["level"] for each in run.json[0]["findings"]}


def waiver(folder: Path, **change: object) -> dict[str, object]:
    """Return a waiver of the warning, with what is changed in it."""
    report = workbook.read(folder / "甲.xlsx")
    warning = next(finding for finding in workbook.check(report) if finding.level == "warning")
    own = Waiver(warning.code, warning.at, "没有需要报告的其他事项", "李四", "2025-01-20")
    return {"body": report.body.name, "year": report.year, **asdict(own), **change}


def as_toml(items: list[dict[str, object]]) -> str:
    """Return waivers as an office writes them."""
    lines = [
        "\n".join(["[[waivers]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in item.items())])
        for item in items
    ]
    return "\n\n".join(lines) + "\n"


def test_a_waiver_beside_the_report_is_one_in_it(folder: Path) -> None:
    one = waiver(folder)
    (folder / "w.toml").write_text(as_toml([one]), encoding="utf-8")
    (folder / "w.json").write_text(json.dumps({"waivers": [one]}), encoding="utf-8")
    (folder / "list.json").write_text(json.dumps([one]), encoding="utf-8")
    assert found(folder)[str(one["code"])] == "warning"
    for name in ("w.toml", "w.json", "list.json"):
        assert found(folder, "--waivers", name) == {one["code"]: "waived"}
    assert nianbao("check", "甲.xlsx", "--strict", cwd=folder).code == 1
    assert nianbao("check", "甲.xlsx", "--strict", "--waivers", "w.toml", cwd=folder).code == 0
    report = workbook.read(folder / "甲.xlsx")
    own = Waiver(**{key: str(one[key]) for key in ("code", "at", "reason", "by", "date")})
    (folder / "in.json").write_bytes(workbook.to_json(replace(report, waivers=(own,))))
    for name, arguments in (("beside", ["甲.xlsx", "--waivers", "w.toml"]), ("inside", ["in.json"])):
        assert nianbao("convert", *arguments, "-o", f"{name}.out.json", cwd=folder).code == 0
    beside, inside = (json.loads((folder / f"{name}.out.json").read_bytes()) for name in ("beside", "inside"))
    assert beside["waivers"] == inside["waivers"] == [asdict(own)]


def test_a_date_of_toml_and_a_credit_code_will_do(folder: Path) -> None:
    report = workbook.read(folder / "甲.xlsx")
    report = replace(report, body=replace(report.body, credit_code="91110000600037341L"))
    (folder / "甲.xlsx").write_bytes(workbook_of(report))
    text = as_toml([waiver(folder, body=report.body.credit_code)]).replace('"2025-01-20"', "2025-01-20")
    (folder / "w.toml").write_text(text, encoding="utf-8")
    assert set(found(folder, "--waivers", "w.toml").values()) == {"waived"}


@pytest.mark.parametrize("change", [{"year": 1999}, {"body": "另一个机关"}])
def test_a_waiver_of_another_report_is_told(folder: Path, change: dict[str, object]) -> None:
    (folder / "w.toml").write_text(as_toml([waiver(folder, **change)]), encoding="utf-8")
    run = nianbao("check", "甲.xlsx", "--waivers", "w.toml", "--format", "json", cwd=folder)
    assert [finding["level"] for finding in run.json[0]["findings"]] == ["warning"]
    assert "没有对应报告的有 1 条" in run.err
    assert str(next(iter(change.values()))) in run.err


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "text.share"}, "waiver.unused"),
        ({"reason": ""}, "waiver.incomplete"),
        ({"date": "2025-02-30"}, "waiver.incomplete"),
    ],
)
def test_what_is_wrong_with_it_is_found_as_in_a_report(folder: Path, change: dict[str, object], code: str) -> None:
    (folder / "w.toml").write_text(as_toml([waiver(folder, **change)]), encoding="utf-8")
    levels = found(folder, "--waivers", "w.toml")
    assert levels.keys() == {str(waiver(folder)["code"]), code}


def test_an_error_stays_one(folder: Path) -> None:
    faulty = workbook.read(folder / "甲.xlsx").with_cells({"applications.received.natural": 12})
    (folder / "甲.xlsx").write_bytes(workbook_of(faulty))
    error = next(finding for finding in workbook.check(faulty) if finding.level == "error")
    (folder / "w.toml").write_text(as_toml([waiver(folder, code=error.code, at=error.at)]), encoding="utf-8")
    levels = found(folder, "--waivers", "w.toml")
    assert (levels[error.code], levels["waiver.refused"]) == ("error", "error")


def test_one_in_the_report_goes_before(folder: Path) -> None:
    one = waiver(folder)
    own = Waiver(str(one["code"]), str(one["at"]), "报告里写的理由", "张三", "2025-01-10")
    report = replace(workbook.read(folder / "甲.xlsx"), waivers=(own,))
    (folder / "甲.xlsx").write_bytes(workbook_of(report))
    (folder / "w.toml").write_text(as_toml([one]), encoding="utf-8")
    run = nianbao("check", "甲.xlsx", "--waivers", "w.toml", "--format", "json", cwd=folder)
    assert [finding["waived"] for finding in run.json[0]["findings"]] == [asdict(own)]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[[waivers]]\nyear = 2024\n", "第 1 条：body"),
        ('[[waivers]]\nbody = "甲"\nyear = "2024"\n', "第 1 条：year"),
        ('[[waivers]]\nbody = "甲"\nyear = 2024\ncode = 1\n', "第 1 条：code"),
        ("waivers = [1]", "第 1 条"),
        ('[[waivers]]\nbodies = "甲"\n', "bodies"),
        ("waivers = 1", "waivers 的清单"),
        ("other = 1", "waivers 的清单"),
        ("[[", "第 1 行"),
        ("\n\nbody = 甲", "第 3 行"),
    ],
)
def test_a_file_that_is_none_is_refused(folder: Path, text: str, told: str) -> None:
    (folder / "w.toml").write_text(text, encoding="utf-8")
    run = nianbao("check", "甲.xlsx", "--waivers", "w.toml", cwd=folder)
    assert (run.code, run.out) == (2, b"")
    assert "w.toml" in run.err
    assert told in run.err


def test_mark_shows_them_as_check_does(folder: Path) -> None:
    (folder / "w.toml").write_text(as_toml([waiver(folder)]), encoding="utf-8")
    assert "1 处提示已说明" in nianbao("mark", "甲.xlsx", "--waivers", "w.toml", cwd=folder).err
