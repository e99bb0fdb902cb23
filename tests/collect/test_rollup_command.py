"""The sum of a city by the command: planted faults are named, the workbook is a report and calculates as it stores."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from rolled import less
from workbooks import used

import workbook
from workbook.collect.collection import Collection
from workbook.collect.hand import moment

if TYPE_CHECKING:
    from collected import Desk
    from command import Run
    from office import Office

    from workbook.report import Report

NOON, LATER = "2026-02-03 12:00", "2026-02-04 09:00"


@pytest.fixture(scope="module")
def right(this_year: tuple[Desk, Run]) -> Report:
    """What the city should have filed: the sum of what came in."""
    with closing(Collection(this_year[0].folder)) as found:
        return found.rollup(at=moment(NOON)).report()


def of(desk: Desk, unit: str) -> Report:
    """Return the report of a unit that counts."""
    with closing(Collection(desk.folder)) as found:
        current = found.standing(unit, at=moment(NOON)).current
        assert current
        return found.report(current.submission)


def counted(desk: Desk) -> list[str]:
    """Return the units that are counted."""
    with closing(Collection(desk.folder)) as found:
        return [each.unit.id for each in found.rollup(at=moment(NOON)).counted.values()]


@pytest.mark.parametrize(("sign", "kind"), [(-1, "omitted"), (1, "doubled")])
def test_a_planted_fault_is_named(sign: int, kind: str, desk: Desk, right: Report, tmp_path: Path) -> None:
    unit = counted(desk)[5]
    filed = tmp_path / "本级年报.xlsx"
    filed.write_bytes(workbook.write(less(right, of(desk, unit), sign)))
    run = desk("rollup", "--against", filed, "--format", "json", clock=NOON)
    assert run.code == 1
    (move,) = run.json["compared"]["explanation"]["moves"]
    assert (move["kind"], move["units"]) == (kind, [unit])
    text = desk("rollup", "--against", filed).out.decode()
    with closing(Collection(desk.folder)) as found:
        assert found.name(unit) in text.split("看来是这样")[1][:200]


def test_what_is_filed_rightly_does_not_differ(desk: Desk, right: Report, tmp_path: Path) -> None:
    filed = tmp_path / "本级年报.json"
    filed.write_bytes(workbook.to_json(right))
    run = desk("rollup", "--against", filed, clock=NOON)
    assert (run.code, "与合计一致" in run.out.decode()) == (0, True)


def test_without_a_file_the_report_that_the_city_sent_is_compared(desk: Desk) -> None:
    run = desk("rollup", "--format", "json", clock=NOON)
    assert run.code == 1, "its numbers are made up"
    assert run.json["compared"]["differences"]
    district = next(each["id"] for each in run.json["units"] if each["part"] == "below")
    assert desk("rollup", district).code == 0, "it sent none"


def test_misuse_is_told(desk: Desk, right: Report, tmp_path: Path) -> None:
    broken, filed = tmp_path / "坏.xlsx", tmp_path / "a.xlsx"
    broken.write_bytes(b"PK\3\4 no report")
    filed.write_bytes(workbook.write(right))
    assert desk("rollup", "--against", broken).code == 3
    assert desk("rollup", "--against", tmp_path / "没有.xlsx").code == 3
    assert desk("rollup", "没有的局").code == 2
    assert desk("rollup", "-o", tmp_path / "a.foo").code == 2
    assert desk("rollup", "-o", filed).code == 2, "it is there"
    assert desk("rollup", "-o", filed, "--against", filed, "--force").code == 2, "it is the input"
    assert desk("rollup", "-o", tmp_path / "b.csv", "-o", tmp_path / "b.csv").code == 2
    assert desk("adjust", "C", "--cell", "x.y", "--amount", "1", "--reason", "a").code == 2
    assert desk("adjust", "C", "--cell", "documents.normative.made", "--amount", "多", "--reason", "a").code == 2
    assert desk("adjust", "C").code == 2
    assert desk("scope", "C", "level").code == 2, "why is not said"


def test_adjustments_and_scopes_are_told_everywhere(desk: Desk, tmp_path: Path) -> None:
    cell = "documents.normative.made"
    before = desk("rollup", "--format", "json", clock=NOON).json
    run = desk("adjust", "C", "--cell", cell, "--amount", "-3", "--reason", "联合发文", "--by", "张三", clock=LATER)
    assert run.code == 0, run.err
    files = [tmp_path / f"汇总{ending}" for ending in (".xlsx", ".html", ".json", ".csv", ".txt")]
    run = desk("rollup", *(part for file in files for part in ("-o", file)))
    assert run.code == 1
    after = json.loads(files[2].read_bytes())
    assert after["cells"][cell]["value"] == before["cells"][cell]["value"] - 3
    (told,) = after["adjustments"]
    assert (told["amount"], told["by"], told["reason"]) == (-3, "张三", "联合发文")
    for file in (files[1], files[4]):
        assert "联合发文" in file.read_text(encoding="utf-8")
    book = openpyxl.load_workbook(files[0], data_only=True)
    for name in ("差异", "单位", "数据"):
        assert any("联合发文" in str(value) for row in book[name].values for value in row), name
    assert "联合发文" in desk("show", "C").out.decode()
    assert desk("adjust", "--back", told["id"], "--reason", "算过了").code == 0
    assert desk("rollup", "--format", "json").json["cells"] == before["cells"]
    assert desk("scope", "C", "level", "--reason", "本级政府").code == 0
    assert desk("rollup", "--format", "json").json["counts"]["outside"] > 0
    assert desk("rollup", "--scope", "all", "--format", "json").json["counts"]["outside"] == 0
    assert desk("rollup", "--format", "json", "--at", NOON).json["cells"] == before["cells"]


def _written(desk: Desk, right: Report, folder: Path) -> Path:
    filed, made = folder / "本级年报.xlsx", folder / "汇总.xlsx"
    filed.write_bytes(workbook.write(less(right, of(desk, counted(desk)[5]))))
    assert desk("rollup", "--against", filed, "-o", made, clock=NOON).code == 1
    return made


def test_the_workbook_is_a_sound_report_with_ways_to_every_unit(desk: Desk, right: Report, tmp_path: Path) -> None:
    made = _written(desk, right, tmp_path)
    read = workbook.read(made)
    assert dict(read.cells) == dict(right.cells)
    assert [each.code for each in workbook.check(read)] == [each.code for each in workbook.check(right)]
    assert not [each for each in workbook.check(read) if each.level == "error"]
    book = openpyxl.load_workbook(made)
    sheet, data = book["四、复议诉讼"], book["数据"]
    assert sheet["A6"].value.startswith("=SUMIFS(")
    place = sheet["A6"].hyperlink.location  # first click
    assert place.startswith("'数据'!")
    column = place.partition("!")[2].rstrip("0123456789")
    assert data[f"{column}6"].value == "disputes.review.upheld"
    units = {row[0].value: row[0] for row in data.iter_rows(min_row=8)}
    with closing(Collection(desk.folder)) as found:
        unit = counted(desk)[5]
        name, own = found.name(unit), of(desk, unit)
        cell = units[name]
        assert data[f"{column}{cell.row}"].value == own.cells["disputes.review.upheld"]  # second look
        target = (made.parent / cell.hyperlink.target.replace("\\", "/")).resolve()  # third click
        assert target.is_file()
        assert target.is_relative_to(found.folder)
    same = io.BytesIO(made.read_bytes())
    again = tmp_path / "再.xlsx"
    assert desk("rollup", "--against", tmp_path / "本级年报.xlsx", "-o", again, clock=NOON).code == 1
    assert again.read_bytes() == same.getvalue(), "the same every time"


def test_libreoffice_calculates_what_is_stored(desk: Desk, right: Report, tmp_path: Path, libreoffice: Office) -> None:
    made = _written(desk, right, tmp_path)
    stored = openpyxl.load_workbook(made, data_only=True)
    formulas = openpyxl.load_workbook(made)
    wrong, seen = [], 0
    with libreoffice.open(made) as document:
        document.calculateAll()
        for sheet in formulas:
            shown = used(document.Sheets.getByName(sheet.title)).getDataArray()
            for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
                seen += 1
                found = shown[cell.row - 1][cell.column - 1]
                if not _same(stored[sheet.title][cell.coordinate].value, found):
                    wrong.append((sheet.title, cell.coordinate, cell.value, found))
    assert not wrong
    assert seen > 500


def _same(value: Any, found: Any) -> bool:
    """Say whether a formula gives what is stored; that of one that fails is ``None``."""
    if isinstance(value, int | float):
        return isinstance(found, float) and found == pytest.approx(value, abs=1e-9)
    return bool(found == (value or ""))


def test_of_many_units_the_sums_are_numbers(
    desk: Desk, right: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbook.collect.rollup import data_sheet, xlsx

    monkeypatch.setattr(data_sheet, "LIVE_UNITS", 10)
    monkeypatch.setattr(xlsx, "LIVE_UNITS", 10)
    with closing(Collection(desk.folder)) as found:
        made = tmp_path / "大.xlsx"
        made.write_bytes(xlsx.render(found.rollup(at=moment(NOON)), None, "zh", tmp_path))
    assert openpyxl.load_workbook(made)["四、复议诉讼"]["A6"].data_type == "n"
    assert dict(workbook.read(made).cells) == dict(right.cells)


def test_it_stands_wherever_the_folder_is_moved_to(desk: Desk, right: Report, tmp_path: Path) -> None:
    place = tmp_path / "一处"
    shutil.copytree(desk.folder, place / "收报")
    desk.folder = place / "收报"
    made = _written(desk, right, place)
    moved = tmp_path / "另一处 100%#"
    place.rename(moved)
    data = openpyxl.load_workbook(moved / made.name)["数据"]
    links = [row[0].hyperlink.target for row in data.iter_rows(min_row=8) if row[0].hyperlink]
    assert links
    assert all((moved / link.replace("\\", "/")).is_file() for link in links)


def test_the_program_in_the_docs_runs(desk: Desk) -> None:
    page = Path(__file__).parents[2] / "docs" / "汇总单位.md"
    code = page.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    code = code.replace("某市人民政府", "C").replace("某市财政局", counted(desk)[5])
    done = subprocess.run([sys.executable, "-c", code], cwd=desk.folder, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert done.stdout.decode().startswith("≥ ")
