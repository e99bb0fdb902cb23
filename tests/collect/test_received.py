"""What comes in, day by day, in this process: repetitions, versions, copies, last year's; what is decided."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from archives import archive
from cases import sound
from collected import HAND, added, codes_of, events, tables

import workbook
from workbook.collect import alike
from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.decisions import RefusalError
from workbook.collect.hand import CLOCK
from workbook.collect.making import make, make_from
from workbook.collect.standing import State
from workbook.publish.job import Publishing, publish

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.receipt import Receipt
    from workbook.report import Report, Value

REGISTER = """单位ID,名称,上级,类型,报送期限,别名
c,临江市人民政府,,人民政府,3月31日,
a,临江市教育局,c,政府部门,1月31日,
b,临江市水利局,c,政府部门,1月31日,
d,城关镇人民政府,c,乡镇或街道,1月31日,老街办
"""
A, B, D = "临江市教育局", "临江市水利局", "城关镇人民政府"
OTHER = "disputes.suit_direct"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("received")
    (folder / "名册.csv").write_text(REGISTER, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(CLOCK, "2026-01-02 09:00")
        make(folder / "名册.csv", folder / "收报", 2025, HAND, "zh")
    return folder / "收报"


class Office:
    """A collection of four units, used in this process."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self._patch = folder, monkeypatch
        self.day("2026-01-20 09:00")

    def day(self, time: str) -> None:
        """Set the clock."""
        self._patch.setenv(CLOCK, time)

    def add(self, file: str, data: bytes, *more: tuple[str, bytes]) -> Receipt:
        """Add files at once, and return the receipt of the last."""
        paths = []
        for name, each in ((file, data), *more):
            path = self.folder.parent / name
            path.parent.mkdir(exist_ok=True, parents=True)
            path.write_bytes(each)
            paths.append(path)
        return added(self.folder, *paths)[-1]

    def state(self, unit: str, at: str = "") -> State:
        """Return the state of a unit."""
        when = dt.datetime.fromisoformat(f"{at}+08:00") if at else None
        with closing(Collection(self.folder)) as collection:
            return collection.standing(unit, 2025, when).state

    def decide(self, what: str, unit: str, reason: str = "") -> None:
        """Decide about the newest version of a unit."""
        with (
            closing(Collection(self.folder)) as collection,
            changing(self.folder, replace(HAND, reason=reason)) as change,
        ):
            newest = collection.standing(unit, 2025).versions[-1]
            if what == "withdraw":
                change.withdraw(newest.submission)
            elif what == "export":
                change.export(self.folder.parent / "上报.zip", 2025, unit, force=True)
            else:
                getattr(change, what)(newest, (unit, 2025))


@pytest.fixture
def office(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    shutil.copytree(fresh, tmp_path / "收报")
    return Office(tmp_path / "收报", monkeypatch)


def report(name: str, more: int = 0, year: int = 2025, **cells: Value) -> Report:
    """Return a sound report, with other figures for another number."""
    base = sound("2021")
    values: dict[str, Value] = {f"{OTHER}.other": 10 + more, f"{OTHER}.total": 78 + more}
    body = replace(base.body, name=name, credit_code=None, division_code=None)
    return replace(base, year=year, body=body).with_cells(
        values | {key.replace("__", "."): v for key, v in cells.items()}
    )


def of(name: str, more: int = 0, year: int = 2025, **cells: Value) -> bytes:
    """Return its document."""
    return workbook.to_json(report(name, more, year, **cells))


def again(data: bytes) -> bytes:
    """Return the same document in other bytes."""
    return json.dumps(json.loads(data), ensure_ascii=False).encode()


# ---- the chain -----------------------------------------------------------------------------------------------------


def test_the_same_in_other_bytes_is_no_version(office: Office) -> None:
    first = office.add("a.json", of(A))
    second = office.add("b.json", again(of(A)))
    assert (first.outcome, second.outcome) == ("received", "unchanged")
    with closing(Collection(office.folder)) as collection:
        (version,) = collection.standing("a", 2025).versions
        assert [file for file, _ in version.same_again] == ["b.json"]


def test_back_to_an_earlier_content_is_a_version(office: Office) -> None:
    """甲, 乙, 甲 again in other bytes: the third is newer than the second."""
    for file, data in (("1.json", of(A)), ("2.json", of(A, 1)), ("3.json", again(of(A)))):
        assert office.add(file, data).outcome == "received"
    with closing(Collection(office.folder)) as collection:
        assert [version.file for version in collection.standing("a", 2025).versions] == ["1.json", "2.json", "3.json"]


def test_a_blank_for_zero_is_a_version(office: Office) -> None:
    zero = {"services__licensing__decisions": 0}
    office.add("a.json", of(A, **zero))
    draft = workbook.to_json(report(A, services__licensing__decisions=None), ())
    receipt = office.add("b.json", draft)
    assert receipt.outcome == "received"


@pytest.mark.parametrize(
    ("form", "ending"), [("word", ".docx"), ("page", ".html"), ("text", ".txt"), ("data", ".xlsx")]
)
def test_a_published_draft_comes_as_a_draft(office: Office, form: str, ending: str) -> None:
    for draft, more in ((True, 0), (False, 1)):
        made = publish(report(A, more), Publishing((form,)), draft=draft, findings=())[0][form]
        receipt = office.add(f"{draft}{ending}", made[ending[1:] if form == "data" else ""])
        assert ("file.still_draft" in codes_of(office.folder, receipt.submission or 0)) == draft


def test_two_at_once_are_told_and_nothing_is_chosen(office: Office) -> None:
    receipt = office.add("a.json", of(A), ("b.json", of(A, 1)))
    assert [each["code"] for each in receipt.findings] == ["unit.versions"]
    with closing(Collection(office.folder)) as collection:
        assert [version.together for version in collection.standing("a", 2025).versions] == [False, True]


def test_all_zero_reports_are_no_copies(office: Office) -> None:
    zeros = dict.fromkeys(sound("2021").cells, 0)
    quiet = {"overview": "本年度没有收到申请。", "problems": "加强学习。", "other": "没有收费。"}
    for unit, name in (("a", A), ("b", B)):
        made = replace(report(name).with_cells(zeros), narrative={**sound("2021").narrative, **quiet})
        receipt = office.add(f"{unit}.json", workbook.to_json(made))
        assert "unit.copied" not in codes_of(office.folder, receipt.submission or 0)


def test_a_copy_is_told_of_whoever_comes_second_and_not_after_a_recheck(office: Office) -> None:
    first, second = office.add("a.json", of(A)), office.add("b.json", of(B))
    with changing(office.folder, HAND) as change:
        assert [each.changed for each in change.recheck()] == [False, False]
    assert "unit.copied" not in codes_of(office.folder, first.submission or 0)
    assert "unit.copied" in codes_of(office.folder, second.submission or 0)


def test_of_what_thousands_have_the_newest_are_looked_at(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alike, "_MOST", 1)
    monkeypatch.setattr(alike, "_NAMES", 0)
    office.add("a.json", of(A))
    second = office.add("b.json", of(B))
    with closing(Collection(office.folder)) as collection:
        found = collection.findings(second.submission or 0)
    (copied,) = [each for each in found if each["code"] == "unit.copied"]
    assert "等至少 1 个单位" in copied["message"]


def test_what_a_copy_was_of_is_not_told_of_what_was_erased(office: Office) -> None:
    first, second = office.add("a.json", of(A)), office.add("b.json", of(B))
    with changing(office.folder, replace(HAND, reason="误收")) as change:
        change.erase(first.submission or 0)
        for _ in change.recheck():
            pass
    assert "unit.copied" not in codes_of(office.folder, second.submission or 0)


def test_another_year_is_told_and_stands_in_its_own_chain(office: Office) -> None:
    receipt = office.add("a.json", of(A, year=2023))
    assert [each["code"] for each in receipt.findings] == ["unit.other_year"]
    assert office.state("a") is State.MISSING
    with closing(Collection(office.folder)) as collection:
        assert [of_year for of_year, _ in collection.standing("a", 2025).elsewhere] == [2023]


def test_the_same_bytes_of_two_units_in_lines_are_one_each(office: Office) -> None:
    line = again(of(A)) + b"\n"
    path = office.folder.parent / "x.jsonl"
    path.write_bytes(line + line + again(of(B, 1)) + b"\n")
    assert [each.outcome for each in added(office.folder, path)] == ["received", "again", "received"]
    assert [each.outcome for each in added(office.folder, path)] == ["again"] * 3


def test_what_is_handed_in_before_stands_before(office: Office) -> None:
    office.add("a.json", of(A))
    path = office.folder.parent / "b.json"
    path.write_bytes(of(A, 1))
    early = dt.datetime.fromisoformat("2026-01-10T09:00+08:00")
    from workbook.jobs.result import Task

    with changing(office.folder, replace(HAND, reason="传达室")) as change:
        assert [each.outcome for each in change.add([Task(path)], early)] == ["received"]
    with closing(Collection(office.folder)) as collection:
        standing = collection.standing("a", 2025)
    assert [version.file for version in standing.versions] == ["b.json", "a.json"]
    assert standing.current is standing.versions[1]
    assert standing.first == early


# ---- standing ------------------------------------------------------------------------------------------------------


def test_every_standing_follows_from_what_came_and_what_was_decided(office: Office) -> None:
    assert office.state("a") is State.MISSING
    office.day("2026-02-01 09:00")
    assert (office.state("a"), office.state("c")) == (State.OVERDUE, State.MISSING)
    office.add("a.json", of(A))
    assert office.state("a") is State.RECEIVED
    office.day("2026-02-02 09:00")
    office.decide("give_back", "a", "文字太简单")
    assert office.state("a") is State.RETURNED
    office.day("2026-02-10 09:00")
    assert office.state("a") is State.UNCORRECTED, "seven days are over"
    office.add("b.json", of(A, 1))
    assert office.state("a") is State.RECEIVED
    office.decide("accept", "a", "核过")
    assert office.state("a") is State.ACCEPTED
    office.add("c.json", of(A, 2))
    assert office.state("a") is State.NEWER
    office.day("2026-02-11 09:00")
    office.decide("accept", "a", "核过")
    office.decide("export", "a")
    assert office.state("a") is State.ACCEPTED
    office.day("2026-02-12 09:00")
    office.add("d.json", of(A, 3))
    assert office.state("a") is State.CORRECTED
    office.day("2026-02-13 09:00")
    office.decide("withdraw", "a", "发错了")
    assert office.state("a") is State.ACCEPTED
    for at, state in (
        ("2026-01-21 09:00", State.MISSING), ("2026-02-01 08:59", State.OVERDUE), ("2026-02-01 10:00", State.RECEIVED),
        ("2026-02-05 10:00", State.RETURNED), ("2026-02-12 10:00", State.CORRECTED),
    ):  # fmt: skip
        assert office.state("a", at) is state, at


def test_what_is_not_due_is_due_again_when_it_has_more_time(office: Office) -> None:
    office.day("2026-02-05 09:00")
    with changing(office.folder, HAND) as change, pytest.raises(RefusalError):
        change.waive("a", 2025)
    with changing(office.folder, replace(HAND, reason="并入水利局")) as change:
        change.waive("a", 2025)
    assert office.state("a") is State.WAIVED
    with changing(office.folder, replace(HAND, reason="又恢复了")) as change:
        change.extend("a", 2025, dt.date(2026, 2, 28))
    assert office.state("a") is State.MISSING
    office.day("2026-03-01 00:00")
    assert office.state("a") is State.OVERDUE


def test_decisions_are_events_with_who_when_and_why(office: Office) -> None:
    office.add("a.json", of(A))
    office.decide("give_back", "a", "缺盖章")
    (event,) = [each for each in events(office.folder) if each["kind"] == "returned"]
    assert (event["by"], event["at"], event["reason"], event["unit"], event["year"]) == (
        HAND.by, "2026-01-20 09:00:00", "缺盖章", "a", 2025,
    )  # fmt: skip
    assert event["detail"] == {"until": "2026-01-27"}


# ---- units that are called otherwise, and years --------------------------------------------------------------------


def test_last_year_is_beside_whatever_the_covers_say(office: Office, tmp_path: Path) -> None:
    """An alias this year, the full name last year: it is the same unit, so what was carried over is compared."""
    office.add("上年.json", of(D, year=2025))
    made = tmp_path / "2026"
    office.day("2027-01-05 09:00")
    make_from(office.folder, made, None, HAND, "zh")
    new = Office(made, office._patch)
    office.day("2027-01-20 09:00")
    receipt = new.add("今年.json", of("老街办", 5, year=2026))
    assert (receipt.unit, receipt.year) == ("d", 2026)
    found = codes_of(made, receipt.submission or 0)
    assert "year.not_last" not in found
    assert "year.brought_forward" in found


def test_last_year_s_that_comes_late_is_beside_what_came_before(office: Office) -> None:
    """The report of the year before is added after this year's: what is stale is checked again."""
    first = office.add("今年.json", of(A))
    assert "year.brought_forward" not in codes_of(office.folder, first.submission or 0)
    office.add("去年.json", of(A, 7, year=2024))
    assert "year.brought_forward" in codes_of(office.folder, first.submission or 0)


def test_the_name_of_what_was_erased_is_nowhere_in_what_others_are_told(office: Office) -> None:
    last = office.add("某某的私人材料.json", of(A, 7, year=2024))
    office.add("今年.json", of(A))
    assert "私人材料".encode() in (office.folder / "collection.sqlite").read_bytes()
    with changing(office.folder, replace(HAND, reason="误收")) as change:
        change.erase(last.submission or 0)
        for _ in change.settle():
            pass
    for path in office.folder.rglob("*"):
        if path.is_file():
            assert "私人材料".encode() not in path.read_bytes()


def test_two_collections_know_nothing_of_each_other(office: Office, fresh: Path, tmp_path: Path) -> None:
    shutil.copytree(fresh, tmp_path / "另一个")
    other = Office(tmp_path / "另一个", office._patch)
    office.add("a.json", of(A))
    before = tables(other.folder)
    assert other.state("a") is State.MISSING
    assert other.add("a.json", of(A)).outcome == "received"
    assert before != tables(other.folder) == tables(office.folder)


def test_a_collection_within_what_is_handed_in_is_passed_over(office: Office) -> None:
    office.add("a.json", of(A))
    inside = office.folder / "来件"
    inside.mkdir()
    (inside / "b.json").write_bytes(of(B, 3))
    (inside / "c.zip").write_bytes(archive({"d.json": of(D, 9)}))
    receipts = added(office.folder, office.folder.parent)
    came: dict[str, Any] = {each.file: each.outcome for each in receipts if each.outcome != "skipped"}
    assert came == {"a.json": "again", "收报/来件/b.json": "received", "收报/来件/c.zip/d.json": "received"}
