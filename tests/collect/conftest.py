"""A city of 60 units that all tests of collections share: its mailbag, last year's collection and this year's."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from collected import FEBRUARY, JANUARY, Desk
from handed import CITY, COUNTY, Office, document
from mailbag import YEAR, Mailbag

if TYPE_CHECKING:
    from pathlib import Path

    from command import Run


@pytest.fixture(scope="session")
def bag() -> Mailbag:
    return Mailbag(1, 60)


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, bag: Mailbag) -> Path:
    """A folder with the register, last year's reports and the mailbag."""
    folder = tmp_path_factory.mktemp("city")
    bag.write_register(folder / "名册.xlsx")
    bag.write_last(folder / "上年.jsonl")
    bag.write(folder / "来件")
    return folder


@pytest.fixture(scope="session")
def last_year(place: Path) -> Desk:
    """Last year's collection, in which everybody was accepted."""
    desk = Desk(place / "收报2024", "2025-02-03 10:00")
    assert desk("init", place / "名册.xlsx", "-o", desk.folder, "--year", YEAR - 1).code == 0
    run = desk("add", place / "上年.jsonl", "--year", YEAR - 1)
    assert (run.code, "收 60" in run.err) == (0, True), run.err
    assert desk("accept", "--sound", "--year", YEAR - 1).code == 0
    return desk


@pytest.fixture(scope="session")
def this_year(place: Path, last_year: Desk) -> tuple[Desk, Run]:
    """This year's collection, made from last year's, and what the mailbag gave; no test changes it."""
    desk = Desk(place / "收报2025", JANUARY)
    assert desk("init", last_year.folder, "-o", desk.folder, "--year", YEAR).code == 0
    return desk, desk("add", place / "来件", "--form", "json", "--by", "收件人", clock=FEBRUARY)


@pytest.fixture
def desk(this_year: tuple[Desk, Run], tmp_path: Path) -> Desk:
    """A copy of this year's collection: what was copied is a collection like the one it was copied from."""
    shutil.copytree(this_year[0].folder, tmp_path / "收报")
    return Desk(tmp_path / "收报", FEBRUARY)


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A county that received two of its four reports."""
    office = Office.of(tmp_path / "县", COUNTY, monkeypatch)
    office.at("2026-01-20 09:00")
    office.send("财政局.json", document("甲县财政局", 1))
    office.at("2026-02-02 09:00")
    office.send("水利局.json", document("甲县水利局", 2))
    office.decide("accept", "X1", "电话核实")
    return office


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """A city whose register knows the county and nothing below it."""
    return Office.of(tmp_path / "市", CITY, monkeypatch)


@pytest.fixture
def bundle(county: Office, tmp_path: Path) -> Path:
    county.at("2026-02-03 09:00")
    county.hand_up(tmp_path / "上报.zip")
    return tmp_path / "上报.zip"
