"""Templates that are sent out: whose they are, what is in them, which figures of last year."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cases import sound
from gathered import AT, Gathered, unit
from hypothesis import given
from hypothesis import strategies as st
from years import last_of

import workbook
from workbook.collect.names import file_stems
from workbook.collect.prefill import Prefilled, prefill
from workbook.form import PROMPT
from workbook.jobs.names import alike, is_fit
from workbook.report import Report

UNITS = (
    unit("c", "临江市人民政府", None, "government", credit_code="11330112002501234A", division_code="330112"),
    unit("a", "市财政局", "c"),
    unit("n", "市数据局", "c"),
    unit("x", "市旅游局", "c", successor="y", until=2024),
    unit("y", "市文化和旅游局", "c"),
    unit("o", "市文化局", "c", until=2024),
)
OPENING = "applications.brought_forward"
CLOSING = "applications.carried_forward"


def told(made: Gathered, folder: Path, year: int = 2025) -> dict[str, Prefilled]:
    return {one.unit.id: one for one in prefill(made, year, folder / "下发", AT)}


def opening(report: Report, line: str = OPENING) -> list[object]:
    return [value for key, value in report.cells.items() if key.startswith(f"{line}.")]


def gathered(folder: Path) -> Gathered:
    made = Gathered(UNITS, folder)
    for key, name in (("c", "临江市人民政府"), ("x", "市旅游局"), ("y", "市文化和旅游局")):
        report = replace(sound("2021"), year=2024)
        made.add(key, 2024, replace(report, body=replace(report.body, name=name)), key.encode(), "x.xlsx")
    return made


def test_a_template_says_whose_it_is_and_has_what_the_form_takes_over(tmp_path: Path) -> None:
    one = told(gathered(tmp_path), tmp_path)["c"]
    assert one.path.name == "临江市人民政府-2025年度年报.xlsx"
    report = workbook.read(one.path)
    assert report.year == 2025
    assert report.body.name == "临江市人民政府"
    assert (report.body.credit_code, report.body.division_code) == ("11330112002501234A", "330112")
    assert report.body.kind == "government"
    assert opening(report) == opening(sound("2021"), CLOSING)
    held = [key for key, value in report.cells.items() if value is not None]
    assert all(key.startswith(OPENING) for key in held)
    assert len(one.filled) == len(held) - 1  # the total is a formula
    assert not one.blank
    assert all(text is None or PROMPT in text for text in report.narrative.values())
    codes = {finding.code for finding in workbook.check(report, gathered(tmp_path).report(1))}
    assert not {code for code in codes if code.startswith("year.")}


def test_a_unit_that_took_over_others_takes_over_their_open_applications(tmp_path: Path) -> None:
    one = told(gathered(tmp_path), tmp_path)["y"]
    assert len(one.sources) == 2
    assert opening(workbook.read(one.path)) == [2 * value for value in opening(sound("2021"), CLOSING)]


def test_whose_report_of_last_year_is_not_there_has_no_figures_and_is_told(tmp_path: Path) -> None:
    made = gathered(tmp_path)
    found = told(made, tmp_path)
    assert set(found) == {"c", "a", "n", "y"}
    assert [unit.id for unit in found["a"].lacking] == ["a"]
    assert not any(opening(workbook.read(found["a"].path)))
    assert not found["a"].filled
    assert OPENING in found["a"].blank[0]
    half = Gathered(UNITS, tmp_path / "half")
    (tmp_path / "half").mkdir()
    half.add("y", 2024, replace(sound("2021"), year=2024), b"y", "y.xlsx")
    assert [unit.id for unit in told(half, tmp_path / "half")["y"].lacking] == ["x"]
    assert not told(half, tmp_path / "again")["y"].filled


def test_a_new_unit_lacks_nobody_s_report(tmp_path: Path) -> None:
    made = Gathered((replace(UNITS[2], parent=None, spells=((2025, None),)),), tmp_path)
    assert told(made, tmp_path)["n"].lacking == ()


def test_what_is_no_number_last_year_is_left_blank_and_told(tmp_path: Path) -> None:
    made = gathered(tmp_path)
    wrong = {f"{CLOSING}.natural": "三", f"{CLOSING}.business": -4, f"{CLOSING}.other": None}
    made.add("c", 2024, replace(sound("2021"), year=2024).with_cells(wrong), b"w", "w.xlsx")
    one = told(made, tmp_path)["c"]
    assert set(one.blank) == {f"{OPENING}.{column}" for column in ("natural", "business", "other")}
    report = workbook.read(one.path)
    assert [report.cells[key] for key in one.blank] == [None] * 3
    parts = [report.cells[key] for key in one.filled]
    assert report.cells[f"{OPENING}.total"] == sum(parts)


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_figures_come_from_any_edition(tmp_path: Path, edition: str) -> None:
    made = Gathered(UNITS[:1], tmp_path)
    base = sound(edition)
    made.add("c", 2020, replace(base, year=2020), b"c", "c.xlsx")
    report = workbook.read(told(made, tmp_path, 2021)["c"].path)
    assert report.edition == "2021"
    assert opening(report) == opening(base, CLOSING)


def test_what_is_the_sum_of_several_of_last_year_s_cells_is_added_up(tmp_path: Path) -> None:
    this = replace(sound("2019"), year=2020)
    made = Gathered(UNITS[:1], tmp_path)
    made.add("c", 2019, last_of(this), b"c", "c.xlsx")
    report = workbook.read(told(made, tmp_path, 2020)["c"].path)
    assert report.edition == "2019"
    keys = {opening.cell for opening in report.form.opening_equations if not opening.this_year}
    assert len(keys) > 7
    assert {key: report.cells[key] for key in keys} == {key: this.cells[key] for key in keys}


def test_files_are_not_replaced_and_nothing_is_written_then(tmp_path: Path) -> None:
    made = gathered(tmp_path)
    one = told(made, tmp_path)["n"]
    before = one.path.read_bytes()
    for name in ("c", "a", "y"):
        next(path for path in one.path.parent.iterdir() if path != one.path and name).unlink()
    with pytest.raises(FileExistsError):
        told(made, tmp_path)
    assert list(one.path.parent.iterdir()) == [one.path]
    assert len(list(prefill(made, 2025, one.path.parent, AT, {"n", "c"}, force=True))) == 2
    assert one.path.read_bytes() == before


hostile = st.text(max_size=120) | st.sampled_from(["CON", "a.", "A", "a", "é", "é", "con.x", "a:b", "a?b", "/", ""])


@given(st.lists(hostile, max_size=12))
def test_names_of_files_fit_every_system_and_are_told_apart(names: list[str]) -> None:
    units = tuple(unit(f"{number}/{name}", name) for number, name in enumerate(names))
    stems = file_stems(units, "-longest ending.xlsx")
    for ending in ("-longest ending.xlsx", "-x.txt"):
        files = [stems[unit.id] + ending for unit in units]
        assert all(map(is_fit, files))
        assert len(set(map(alike, files))) == len(files)
