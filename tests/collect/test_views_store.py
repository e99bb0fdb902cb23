"""Views of a real store: what was received and decided is seen; an earlier moment gives the very same bytes again."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from cases import sound
from command import nianbao
from results import faulty
from workbooks import workbook_of

from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK, Hand, moment
from workbook.collect.making import make
from workbook.collect.standing import State
from workbook.collect.views import VIEWS, render
from workbook.collect.views.pages import write_pages
from workbook.collect.views.show import show, show_json
from workbook.collect.views.status import overview
from workbook.jobs.search import search

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.report import Report

COUNTY = "甲县人民政府"
NAMES = [f"甲县{name}局" for name in ("财政", "教育", "民政", "水利", "审计")]
FINANCE, SCHOOLS, CIVIL, WATER, AUDIT = NAMES
YEAR = 2024


def register(path: Path) -> Path:
    """Write a register of a county and its departments."""
    lines = [f"{name},{COUNTY},政府部门,张三" for name in NAMES]
    path.write_text("\n".join(["名称,上级,类型,联系人", f"{COUNTY},,人民政府,", *lines]), encoding="utf-8-sig")
    return path


def report(name: str, number: int, base: Report | None = None) -> bytes:
    """Return a workbook with the report of an office; no two are alike."""
    made = base or sound("2021").with_cells({"documents.rules.made": number, "documents.rules.repealed": 0})
    return workbook_of(replace(made, year=YEAR, body=replace(made.body, name=name)))


class Desk:
    """Whoever keeps the collection, with a clock."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Make the collection on 10 January."""
        self.folder, self._environment = folder / "收报", monkeypatch
        self.clock("2025-01-10 09:00")
        make(register(folder / "名册.csv"), self.folder, YEAR, Hand("李四"), "zh")
        self._mail = folder

    def clock(self, now: str) -> None:
        """Set the clock."""
        self._environment.setenv(CLOCK, now)

    def add(self, now: str, **files: bytes) -> None:
        """Receive files."""
        self.clock(now)
        mail = self._mail / now[:10]
        mail.mkdir()
        for name, data in files.items():
            (mail / f"{name}.xlsx").write_bytes(data)
        with changing(self.folder, Hand("李四")) as change:
            for _ in change.add(search([mail]).tasks, moment(now), YEAR, 1):
                pass

    def decide(self, now: str, what: str, unit: str, **more: Any) -> None:
        """Decide about what came last of a unit."""
        self.clock(now)
        standing = self.collection.standing(unit, YEAR)
        with changing(self.folder, Hand("李四", more.pop("reason", ""))) as change:
            getattr(change, what)(standing.versions[-1], (unit, YEAR), **more)

    @property
    def collection(self) -> Collection:
        """The collection, opened anew."""
        return Collection(self.folder)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A collection of six units to which things happen until 5 February."""
    desk = Desk(tmp_path, monkeypatch)
    desk.add("2025-01-20 09:00", 财政=report(FINANCE, 1), 教育=report(SCHOOLS, 2, faulty()), 民政=report(CIVIL, 3))
    desk.add("2025-01-21 09:00", 不明=report("乙县财政局", 9), 坏=b"PK\x03\x04 and no more")
    desk.decide("2025-01-22 09:00", "accept", FINANCE, reason="已核实")
    desk.decide("2025-01-22 10:00", "give_back", SCHOOLS)
    desk.add("2025-02-03 09:00", 教育改=report(SCHOOLS, 12), 水利=report(WATER, 4), 财政又=report(FINANCE, 5))
    desk.clock("2025-02-05 09:00")
    return desk


def test_what_happened_is_seen(desk: Desk) -> None:
    seen = overview(desk.collection, YEAR)
    states = {each.unit.name: each.state for each in seen.standings}
    assert states == {
        COUNTY: State.MISSING,
        FINANCE: State.NEWER,
        SCHOOLS: State.RECEIVED,
        CIVIL: State.RECEIVED,
        WATER: State.RECEIVED,
        AUDIT: State.OVERDUE,
    }
    assert [each.unit.name for each in seen.sections["missing"]] == [AUDIT, COUNTY]
    assert [each.unit.name for each in seen.sections["late"]] == [WATER]
    assert ([file.file for file in seen.unassigned], [file.file for file in seen.unreadable]) == (
        ["不明.xlsx"],
        ["坏.xlsx"],
    )
    assert seen.waits


@pytest.mark.parametrize("form", VIEWS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_earlier_moment_gives_the_same_bytes_whatever_came_since(desk: Desk, form: Any, lang: Any) -> None:
    at = moment("2025-02-05 08:00")
    before = render(form, overview(desk.collection, YEAR, at), lang)
    desk.decide("2025-02-06 09:00", "accept", CIVIL, reason="已核实")
    desk.add("2025-02-07 09:00", 审计=report(AUDIT, 6), 民政改=report(CIVIL, 33))
    with changing(desk.folder, Hand("李四", "机构改革")) as change:
        change.waive(COUNTY, YEAR)
    assert render(form, overview(desk.collection, YEAR, at), lang) == before
    assert render(form, overview(desk.collection, YEAR), lang) != before


def test_pages_too(desk: Desk, tmp_path: Path) -> None:
    at = moment("2025-02-05 08:00")
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        collection = desk.collection
        write_pages(tmp_path / name / "状况.html", collection, overview(collection, YEAR, at), "zh")
        desk.add(f"2025-02-0{8 if name == 'a' else 9} 09:00", **{f"审计{name}": report(AUDIT, ord(name))})
    one, two = (
        {path.relative_to(tmp_path / name): path.read_bytes() for path in (tmp_path / name).rglob("*.html")}
        for name in ("a", "b")
    )
    assert one == two
    assert {path.stem for path in one} == {
        "状况", "list-all", f"office-{COUNTY}", *(f"unit-{name}" for name in (FINANCE, SCHOOLS))
    } | {path.stem for path in one if path.stem.startswith("unit-")}  # fmt: skip


def test_a_unit_with_two_versions_shows_what_changed_and_what_was_decided(desk: Desk) -> None:
    (name,) = (each.unit.id for each in desk.collection.standings(YEAR) if each.unit.name == SCHOOLS)
    told = show(desk.collection, name, YEAR)
    for part in (
        "教育.xlsx",
        "教育改.xlsx",
        "规章 · 本年制发件数：空白 → 12",
        "退回",
        "2025-01-29 前改正",
        "cell.blank",
    ):
        assert part in told
    data = json.loads(show_json(desk.collection, name, YEAR))
    assert [one["number"] for one in data["versions"]] == [1, 2]
    for one in data["versions"]:
        assert (desk.folder / one["original"]).is_file()
        assert one["findings"] == desk.collection.findings(one["submission"])
    assert [event["kind"] for event in data["events"]] == ["returned"]


def test_what_was_erased_leaves_no_trace_in_any_view(desk: Desk) -> None:
    collection = desk.collection
    (standing,) = (each for each in collection.standings(YEAR) if each.unit.name == SCHOOLS)
    with changing(desk.folder, Hand("李四", "含个人信息")) as change:
        change.erase(standing.versions[0].submission)
    told = show(desk.collection, standing.unit.id, YEAR)
    assert "教育.xlsx" not in told
    seen = overview(desk.collection, YEAR)
    assert b"\xe6\x95\x99\xe8\x82\xb2.xlsx" not in render("json", seen, "zh")  # 教育.xlsx


def test_the_command_line_gives_them(desk: Desk, tmp_path: Path) -> None:
    assert os.environ[CLOCK]
    run = nianbao("collect", "status", "-o", "状况.html", "-C", desk.folder, cwd=tmp_path)
    assert run.code == 1
    tree = lxml.html.document_fromstring((tmp_path / "状况.html").read_text(encoding="utf-8"))
    assert "截至 2025-02-05 09:00" in tree.text_content()
    nianbao("collect", "status", "-o", "状况.csv", "-C", desk.folder, cwd=tmp_path)
    assert (tmp_path / "状况.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    run = nianbao("collect", "show", SCHOOLS, "-C", desk.folder, "--format", "json", cwd=tmp_path)
    assert run.json["name"] == SCHOOLS
