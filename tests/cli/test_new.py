"""``nianbao template --own``: a new report that begins with the own office."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cases import of_office, sound
from command import nianbao

import workbook
from workbook import own
from workbook.exits import MISUSE, SOUND
from workbook.own import Own
from workbook.report import Body

OFFICE = Body("=1+1局", None, "330000", "department")


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the user's own settings."""
    monkeypatch.setenv("APPDATA" if sys.platform == "win32" else "XDG_CONFIG_HOME", str(tmp_path / "own"))
    return tmp_path / "own" / "nianbao"


@pytest.mark.parametrize(("year", "edition"), [("2020", "2019"), ("2024", "2021")])
def test_the_cover_has_what_is_known_of_the_office(year: str, edition: str, tmp_path: Path) -> None:
    own.save(Own(OFFICE))
    assert nianbao("template", "--own", "--year", year, "-o", "a.xlsx", cwd=tmp_path).code == SOUND
    report = workbook.read(tmp_path / "a.xlsx")
    assert (report.edition, report.year, report.body) == (edition, int(year), OFFICE)
    assert set(report.cells.values()) == {None}


def test_who_said_nothing_gets_the_blank_workbook(tmp_path: Path) -> None:
    assert nianbao("template", "--own", "-o", "a.xlsx", cwd=tmp_path).code == SOUND
    report = workbook.read(tmp_path / "a.xlsx")
    assert (report.year, report.body, set(report.cells.values())) == (None, Body(), {None})


def test_what_is_brought_forward_comes_from_last_year_s_report_of_the_office(tmp_path: Path) -> None:
    (tmp_path / "上年").mkdir()
    keys = sound("2021").form.opening_cells
    for name, carried in ((OFFICE.name or "", 7), ("乙局", 9)):
        report = replace(of_office(name), year=2023).with_cells(dict.fromkeys(keys.values(), carried))
        (tmp_path / "上年" / f"{carried}.json").write_bytes(workbook.to_json(report))
    own.save(Own(OFFICE, tmp_path / "上年"))
    assert nianbao("template", "--own", "--year", "2024", "-o", "a.xlsx", cwd=tmp_path).code == SOUND
    report = workbook.read(tmp_path / "a.xlsx")
    assert {report.cells[key] for key in keys if key not in report.form.calculated} == {7}
    run = nianbao("template", "--own", "--year", "2026", "-o", "b.xlsx", cwd=tmp_path)
    assert (run.code, "2025" in run.err) == (SOUND, True)
    own.save(Own(OFFICE, tmp_path / "没有"))
    run = nianbao("template", "--own", "--year", "2024", "-o", "c.xlsx", cwd=tmp_path)
    assert (run.code, "没有" in run.err) == (SOUND, True)


def test_settings_that_cannot_be_read_are_refused(tmp_path: Path, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / own.FILE).write_text("{", encoding="utf-8")
    run = nianbao("template", "--own", "-o", "a.xlsx", cwd=tmp_path)
    assert run.code == MISUSE
    assert "“我的机关”读不出来" in run.err
    assert not (tmp_path / "a.xlsx").exists()
