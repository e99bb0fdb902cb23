"""The demo does the main jobs, leads to what it made, and is the same on every day."""

from __future__ import annotations

import json
import os
import re
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator

import workbook
from workbook import collect
from workbook.cli import main
from workbook.cli.demo.county import county
from workbook.collect.hand import CLOCK, moment
from workbook.intake.results import is_result

if TYPE_CHECKING:
    from pathlib import Path

demo = import_module("workbook.cli.demo")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a run."""
    folder = tmp_path_factory.mktemp("demo") / "演示"
    before = dict(os.environ)
    start = demo.run(folder, "zh")
    assert start.parent == folder
    assert dict(os.environ) == before
    assert list(folder.parent.iterdir()) == [folder]
    return folder


def test_the_report_is_filled_converted_and_published(made: Path) -> None:
    document = json.loads((made / "临安区-2020.json").read_bytes())
    Draft202012Validator(workbook.report_schema("2019")).validate(document)
    broken = workbook.check(workbook.read(made / "临安区-2020-改错一格.xlsx"))
    assert [finding.code for finding in broken if finding.level == "error" and not finding.under] == [
        "applications.total"
    ]
    page = (made / "临安区-2020-改错一格-校验.html").read_text(encoding="utf-8")
    assert "72" in page
    assert "27" in page
    (published,) = (path for path in (made / "发布").glob("*.html") if "片段" not in path.name)
    assert not workbook.compare(workbook.read(published), workbook.read(made / "临安区-2020.xlsx"))


def test_the_county_has_one_of_each_standing(made: Path) -> None:
    collection = collect.Collection(made / "收报2025")
    try:
        at = moment("2026-02-03 09:00")
        standings = {each.unit.name.removeprefix("云溪县"): each for each in collection.standings(2025, at)}
    finally:
        collection.close()
    states = {name: each.state.key for name, each in standings.items()}
    assert states == {
        "人民政府": "received", "财政局": "accepted", "卫生健康局": "accepted", "教育局": "received",
        "水利局": "returned", "青石镇人民政府": "accepted", "白鹭镇人民政府": "overdue",
    }  # fmt: skip
    assert standings["青石镇人民政府"].days_late == 2
    assert standings["教育局"].last.errors == 1
    assert standings["人民政府"].last.errors == standings["人民政府"].last.warnings == 0


def test_the_pages_tell_who_is_missing_what_to_correct_and_who_was_left_out(made: Path) -> None:
    assert "云溪县白鹭镇人民政府" in (made / "收报状况.html").read_text(encoding="utf-8")
    (letter,) = (made / "退回").glob("*.html")
    assert "云溪县水利局" in letter.name
    assert re.search(r"应有\s*<[^>]*>\s*12|应有 ?12|应为 12", letter.read_text(encoding="utf-8"))
    assert "云溪县青石镇人民政府的年报没有加进去" in (made / "汇总.html").read_text(encoding="utf-8")


def test_the_first_page_leads_to_what_was_made(made: Path) -> None:
    start = (made / "从这里看起.html").read_bytes()
    links = [unquote(link) for link in re.findall(r'href="([^"]+)"', start.decode())]
    assert len(links) == 9
    assert all((made / link).is_file() for link in links)
    assert is_result(start)


def test_units_but_those_of_the_story_report_soundly() -> None:
    of = county()
    wrong = {
        of.units[key]["name"] for key, report in of.reports.items() if not workbook.is_sound(workbook.check(report))
    }
    assert wrong == {"云溪县教育局", "云溪县水利局"}


def test_open_shows_the_first_page_and_a_run_without_it_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(demo, "run", lambda folder, _lang: folder / "从这里看起.html")
    for asked in ([], ["--open"]):
        assert not opened
        with pytest.raises(SystemExit) as left:
            main(["demo", "-o", str(tmp_path), *asked])
        assert left.value.code == 0
    assert opened == [(tmp_path / "从这里看起.html").as_uri()]


def test_a_folder_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert demo._free(tmp_path / "a") == tmp_path / "a"
    (tmp_path / "a").mkdir()
    (tmp_path / "a-2").mkdir()
    assert demo._free(tmp_path / "a") == tmp_path / "a-3"


def test_the_steps_are_shown_on_a_terminal_only(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbook.cli.demo.show import STEPS, Show

    for terminal in ("", "1"):
        monkeypatch.setenv("FORCE_COLOR", terminal) if terminal else monkeypatch.delenv("FORCE_COLOR", raising=False)
        show = Show("zh")
        for _ in range(STEPS):
            with show.doing():
                pass
        told = capsys.readouterr()
        assert not told.out
        assert (f"{STEPS}/{STEPS} 汇总" in told.err) == bool(terminal)
    assert CLOCK not in os.environ
