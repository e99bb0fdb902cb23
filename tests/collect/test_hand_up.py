"""Handing up: the collection above is as if all had been handed in there; a correction shows at both levels."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from collected import tables
from handed import CITY, YEAR, Office, codes, document, repacked, report, write_register

import workbook
from workbook.collect.collection import Collection
from workbook.document.document import dump, to_document
from workbook.report import Body


def test_the_same_state_gives_the_same_bytes(county: Office, bundle: Path, tmp_path: Path) -> None:
    county.at("2026-02-09 09:00")
    again = county.hand_up(tmp_path / "再报.zip")
    assert bundle.read_bytes() == (tmp_path / "再报.zip").read_bytes()
    assert again.digest == hashlib.sha256(bundle.read_bytes()).hexdigest()
    assert (again.units, again.reports, again.decisions) == (4, 2, 1)


def test_its_reports_are_the_contract(bundle: Path) -> None:
    with zipfile.ZipFile(bundle) as archive:
        first, second = archive.read("reports.jsonl").splitlines()
    assert workbook.from_json(first).body == report("甲县财政局").body
    assert workbook.from_json(second).cells == report("甲县水利局", 2).cells


def test_what_was_handed_up_is_there_as_it_was(city: Office, county: Office, bundle: Path) -> None:
    city.at("2026-02-04 09:00")
    receipts = city.add(bundle)
    assert [each.outcome for each in receipts] == ["received"] * 3
    assert codes(receipts) == {"bundle.merged", "bundle.units_added"}
    theirs, own = county.table(), city.table()
    for unit in ("X1", "X2", "X3"):
        (name, kind, _, spells), *rest = theirs[unit]
        assert own[unit] == ((name, kind, "K", spells), *rest)
    assert city.cells()["X1"] == county.cells()["X1"]
    assert city.states() == {"S": "missing", "S1": "overdue", "K": "missing", "X1": "accepted", "X2": "received",
                             "X3": "missing"} | {"X3": county.states()["X3"]}  # fmt: skip


def test_the_time_of_receipt_below_stays_and_that_of_here_is_kept(city: Office, bundle: Path) -> None:
    city.at("2026-02-04 09:00")
    city.add(bundle)
    with closing(Collection(city.folder)) as collection:
        (version,) = collection.standing("X2").versions
        assert str(version.received)[:16] == "2026-02-02 09:00"
        assert collection.standing("X2").days_late == 2
        (come,) = collection.history("X2", YEAR)
    assert (come.kind, str(come.at)[:16]) == ("received", "2026-02-04 09:00")
    assert come.detail["below"]["from"] == "K"


def test_it_is_received_once_whatever_it_is_called(city: Office, bundle: Path, tmp_path: Path) -> None:
    shutil.copy(bundle, tmp_path / "甲县.dat")
    city.add(tmp_path / "甲县.dat")
    before = tables(city.folder)
    (again,) = city.add(bundle)
    assert again.outcome == "again"
    assert tables(city.folder) == before


def test_it_is_known_in_an_archive_and_repacked(city: Office, bundle: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle) as archive, zipfile.ZipFile(tmp_path / "重打.zip", "w") as other:
        for name in sorted(archive.namelist()):
            other.writestr(name, archive.read(name))
    with zipfile.ZipFile(tmp_path / "各县.zip", "w") as outer:
        outer.write(tmp_path / "重打.zip", "甲县/上报.zip")
    receipts = city.add(tmp_path / "各县.zip")
    assert [each.outcome for each in receipts] == ["received"] * 3
    assert receipts[0].file == "各县.zip/甲县/上报.zip"


def test_a_correction_is_told_at_both_levels(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    city.add(bundle)
    city.hand_up(tmp_path / "市上报.zip")
    county.at("2026-02-05 09:00")
    county.send("财政局更正.json", document("甲县财政局", 7))
    assert county.states()["X1"] == "corrected"
    county.decide("accept", "X1", "核实")
    county.hand_up(tmp_path / "更正.zip")
    assert county.states()["X1"] == "accepted"
    city.at("2026-02-06 09:00")
    receipts = city.add(tmp_path / "更正.zip")
    assert [each.unit for each in receipts] == ["K", "X1"], "only what changed"
    assert codes(receipts) == {"bundle.merged", "bundle.corrected"}
    assert city.states()["X1"] == "corrected"
    assert [v[0] for v in city.table()["X1"][-1]] == [v[0] for v in county.table()["X1"][-1]]


@pytest.mark.usefixtures("bundle")
def test_a_correction_shows_even_where_nothing_was_accepted(county: Office) -> None:
    county.send("水利局更正.json", document("甲县水利局", 9))
    assert county.states()["X2"] == "corrected"


def test_what_is_new_in_an_older_bundle_is_taken(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    county.at("2026-02-05 09:00")
    county.send("镇.json", document("甲县东山镇人民政府", 3))
    county.decide("withdraw", "X2", "报错了")
    county.hand_up(tmp_path / "新.zip")
    city.add(tmp_path / "新.zip")
    receipts = city.add(bundle)
    assert codes(receipts) == {"bundle.merged", "bundle.older", "bundle.gone"}
    assert [each.unit for each in receipts[1:]] == ["X2"]


def test_a_withdrawn_report_is_told_and_withdrawn(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    city.add(bundle)
    county.at("2026-02-05 09:00")
    county.decide("withdraw", "X2", "报错了")
    county.hand_up(tmp_path / "撤.zip")
    city.at("2026-02-06 09:00")
    assert codes(city.add(tmp_path / "撤.zip")) == {"bundle.merged"}
    assert city.states()["X2"] == county.states()["X2"] == "overdue"


def test_what_is_no_longer_there_is_told(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    city.add(bundle)
    with closing(Collection(county.folder)) as collection:
        number = collection.standing("X2").versions[-1].submission
    from workbook.collect.change import changing

    county.at("2026-02-05 09:00")
    with changing(county.folder, county.hand) as change:
        change.assign(number, "X3", YEAR - 1)
    county.hand_up(tmp_path / "少.zip")
    city.at("2026-02-06 09:00")
    receipts = city.add(tmp_path / "少.zip")
    assert "bundle.gone" in codes(receipts)
    (finding,) = [each for each in receipts[0].findings if each["code"] == "bundle.gone"]
    assert "甲县水利局" in finding["message"]
    assert city.states()["X2"] == "received", "what is here stays"


def test_a_decision_of_here_is_never_displaced(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    city.add(bundle)
    city.decide("give_back", "X2", "数字不对")
    county.at("2026-02-05 09:00")
    county.decide("accept", "X2", "核实无误")
    county.hand_up(tmp_path / "决定.zip")
    city.at("2026-02-06 09:00")
    assert "bundle.decided_here" in codes(city.add(tmp_path / "决定.zip"))
    assert city.states()["X2"] == "returned"


def test_what_was_decided_of_sums_goes_along(county: Office, city: Office, tmp_path: Path) -> None:
    from dataclasses import replace

    from workbook.collect.change import changing
    from workbook.collect.rollup.scope import Scope

    cell = "applications.received.natural"
    county.at("2026-02-03 09:00")
    with changing(county.folder, replace(county.hand, reason="联合受理")) as change:
        change.scope("X", YEAR, Scope.LEVEL)
        first = change.adjust("X", YEAR, cell, -2)
        change.adjust("X", YEAR, cell, -3)
    county.hand_up(tmp_path / "一.zip")
    city.at("2026-02-06 09:00")
    assert "bundle.rollup_differs" not in codes(city.add(tmp_path / "一.zip"))
    with closing(Collection(city.folder)) as ours, closing(Collection(county.folder)) as theirs:
        assert ours.rollup(YEAR, "K").scope is Scope.LEVEL
        assert ours.rollup(YEAR, "K").cells[cell].value == theirs.rollup(YEAR, "X").cells[cell].value
    with changing(county.folder, replace(county.hand, reason="算错了")) as change:
        change.take_back(first)
    county.hand_up(tmp_path / "二.zip")
    city.add(tmp_path / "二.zip")
    with closing(Collection(city.folder)) as ours:
        assert [each.amount for each in ours.rollup(YEAR, "K").adjustments] == [-3]


def test_sums_are_compared(county: Office, city: Office, tmp_path: Path) -> None:
    county.at("2026-02-03 09:00")
    city.send("财政局另报.json", document("甲县财政局", 30))
    county.hand_up(tmp_path / "一.zip")
    city.at("2026-02-06 09:00")
    told = [each["message"] for receipt in city.add(tmp_path / "一.zip") for each in receipt.findings]
    assert not [each for each in told if "汇总，和" in each], "nobody was counted twice"


def test_sums_that_differ_are_told(city: Office, bundle: Path, tmp_path: Path) -> None:
    def other(members: dict[str, bytes]) -> None:
        said = json.loads(members["rollup.json"])
        said["cells"]["applications.received.natural"]["value"] += 1
        members["rollup.json"] = json.dumps(said).encode()

    receipts = city.add(repacked(bundle, tmp_path / "改.zip", other, sign=True))
    (told,) = [each for each in receipts[0].findings if each["code"] == "bundle.rollup_differs"]
    assert "applications.received.natural" in told["message"]


def test_erased_below_is_told_and_kept_here(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    from workbook.collect.change import changing

    city.add(bundle)
    with closing(Collection(county.folder)) as collection:
        number = collection.standing("X2").versions[-1].submission
    county.at("2026-02-05 09:00")
    with changing(county.folder, replace(county.hand, reason="个人信息")) as change:
        change.erase(number)
    county.hand_up(tmp_path / "清.zip")
    city.at("2026-02-06 09:00")
    assert codes(city.add(tmp_path / "清.zip")) == {"bundle.merged", "bundle.erased_below", "bundle.rollup_differs"}
    assert city.states()["X2"] == "received"


def test_erased_here_does_not_come_back(county: Office, city: Office, bundle: Path, tmp_path: Path) -> None:
    from dataclasses import replace

    from workbook.collect.change import changing

    city.at("2026-02-04 09:00")
    city.add(bundle)
    with closing(Collection(city.folder)) as collection:
        number = collection.standing("X2").versions[-1].submission
    with changing(city.folder, replace(city.hand, reason="个人信息")) as change:
        change.erase(number)
        assert not any(each.unreadable for each in change.recheck())
    county.at("2026-02-05 09:00")
    county.send("镇.json", document("甲县东山镇人民政府", 3))
    county.hand_up(tmp_path / "新.zip")
    city.at("2026-02-06 09:00")
    assert [each.unit for each in city.add(tmp_path / "新.zip")] == ["K", "X3"]
    assert "X2" not in {unit for unit, chain in city.table().items() if chain[-1]}
    assert document("甲县水利局", 2).split(b'"narrative"')[0] not in b"".join(
        path.read_bytes() for path in (city.folder / "originals").rglob("*") if path.is_file()
    )


def test_units_that_came_stay_when_the_register_is_read_again(city: Office, bundle: Path, tmp_path: Path) -> None:
    from workbook.collect.change import changing

    city.add(bundle)
    write_register(
        tmp_path / "新名册.csv",
        [*CITY, ("S2", "丙市水利局", "S", "部门"), ("X3", "甲县东山镇人民政府", "K", "乡镇街道")],
    )
    with changing(city.folder, city.hand) as change:
        taken = change.register(tmp_path / "新名册.csv")
    assert [each.what for each in taken.changes] == ["added"]
    assert set(city.states()) == {"S", "S1", "S2", "K", "X1", "X2", "X3"}


def test_units_that_are_known_are_not_changed(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*CITY, ("K-1", "甲县财政局", "K", "部门"), ("X2", "丙市审计局", "S", "部门")]
    city = Office.of(tmp_path / "市二", rows, monkeypatch)
    city.at("2026-02-04 09:00")
    receipts = city.add(bundle)
    assert {each.unit for each in receipts[1:]} == {"K-1", "K/X2"}, "the same name, and a key that another unit has"
    with closing(Collection(city.folder)) as collection:
        assert [unit.name for unit in collection.register().units if unit.parent == "S"] == [
            "丙市财政局", "甲县人民政府", "丙市审计局",
        ]  # fmt: skip


def test_originals_go_along_and_are_read_again(county: Office, city: Office, tmp_path: Path) -> None:
    county.send("镇.xlsx", workbook.write(report("甲县东山镇人民政府", 5)))
    made = county.hand_up(tmp_path / "原件.zip", originals=True)
    assert (made.originals, made.without_original) == (3, 0)
    city.at("2026-02-06 09:00")
    assert {each.outcome for each in city.add(tmp_path / "原件.zip")} == {"received"}
    with closing(Collection(city.folder)) as collection, closing(Collection(county.folder)) as theirs:
        ours = collection.original_bytes(collection.standing("X3").versions[0].submission)
        assert ours == theirs.original_bytes(theirs.standing("X3").versions[0].submission)
    again = city.hand_up(tmp_path / "市.zip", originals=True)
    assert (again.originals, again.without_original) == (3, 0)


@pytest.mark.parametrize("originals", [False, True])
def test_a_text_that_no_line_can_hold_is_told_and_goes_up_with_its_original(
    county: Office,
    city: Office,
    tmp_path: Path,
    originals: bool,  # noqa: FBT001
) -> None:
    long = report("甲县东山镇人民政府", 5)
    long = replace(long, narrative={**long.narrative, "overview": "长" * 40_000})
    county.send("镇.json", dump(to_document(long, [])))
    made = county.hand_up(tmp_path / "包.zip", originals=originals)
    assert made.cut == (() if originals else ("镇.json",))
    city.at("2026-02-06 09:00")
    receipts = city.add(tmp_path / "包.zip")
    assert {each.outcome for each in receipts} == {"received"}, receipts[0].findings
    with closing(Collection(city.folder)) as collection:
        number = collection.standing("X3").versions[-1].submission
        assert collection.report(number).narrative["overview"] == (long.narrative["overview"] if originals else None)
        assert "text.too_long" in {each["code"] for each in collection.findings(number)}


def test_what_only_the_original_told_is_kept_through_levels(county: Office, city: Office, tmp_path: Path) -> None:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(workbook.write(report("甲县东山镇人民政府", 5))))
    book["封面"]["Z40"] = "写在表外的话"
    data = io.BytesIO()
    book.save(data)
    county.send("镇.xlsx", data.getvalue())
    county.hand_up(tmp_path / "一.zip")
    city.at("2026-02-06 09:00")
    city.add(tmp_path / "一.zip")

    def told(office: Office) -> list[str]:
        with closing(Collection(office.folder)) as collection:
            return sorted(
                each["code"] for each in collection.findings(collection.standing("X3").versions[0].submission)
            )

    assert told(city) == told(county)
    from workbook.collect.change import changing

    with changing(city.folder, city.hand) as change:
        again = list(change.recheck())
    assert not any(each.changed or each.unreadable for each in again)


def test_nobody_knows_who_hands_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from workbook.collect.bundle.scope import scope_of
    from workbook.collect.decisions import RefusalError
    from workbook.collect.store import Store

    flat = Office.of(tmp_path / "平", [("A", "甲县财政局", "", "部门"), ("B", "甲县水利局", "", "部门")], monkeypatch)
    with closing(Store(flat.folder)) as store:
        with pytest.raises(RefusalError):
            scope_of(store, YEAR, None, None)
        assert scope_of(store, YEAR, None, Body("甲县人民政府")).sender.unit is None
        assert [unit.id for unit in scope_of(store, YEAR, "A", None).units] == ["A"]


def test_a_flat_register_hands_up_below_its_office(
    city: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from workbook.collect.bundle.scope import scope_of
    from workbook.collect.bundle.write import write
    from workbook.collect.store import Store

    flat = Office.of(tmp_path / "平", [("A", "甲县财政局", "", "部门"), ("B", "甲县水利局", "", "部门")], monkeypatch)
    flat.send("财政局.json", document("甲县财政局", 1))
    with closing(Store(flat.folder, writes=True)) as store:
        write(store, scope_of(store, YEAR, None, Body("甲县人民政府")), tmp_path / "平.zip", flat.hand)
    city.at("2026-02-06 09:00")
    city.add(tmp_path / "平.zip")
    assert set(city.states()) == {"S", "S1", "K", "A", "B"}
