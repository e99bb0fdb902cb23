"""Bundles that are hostile, damaged or forged: explained, and nothing of them is received."""

from __future__ import annotations

import json
import struct
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from collected import originals, tables
from handed import Office, codes, document, lines, repacked

from workbook.intake import limits

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNTY = [("X", "甲县人民政府", "", "政府"), ("X1", "甲县财政局", "X", "部门"), ("X2", "甲县水利局", "X", "部门")]
CITY = [("S", "丙市人民政府", "", "政府"), ("K", "甲县人民政府", "S", "政府"), ("S1", "丙市财政局", "S", "部门")]
Members = dict[str, bytes]


@pytest.fixture(scope="module")
def patch() -> Any:
    with pytest.MonkeyPatch.context() as found:
        yield found


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory, patch: pytest.MonkeyPatch) -> Path:
    """A sound bundle with originals."""
    folder = tmp_path_factory.mktemp("bundle")
    county = Office.of(folder / "县", COUNTY, patch)
    county.at("2026-02-02 09:00")
    county.send("财政局.json", document("甲县财政局", 1))
    county.send("水利局.json", document("甲县水利局", 2))
    county.decide("accept", "X1", "核实")
    county.hand_up(folder / "上报.zip", originals=True)
    return folder / "上报.zip"


@pytest.fixture
def city(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    office = Office.of(tmp_path / "市", CITY, monkeypatch)
    office.at("2026-02-04 09:00")
    return office


def test_the_bundle_itself_is_sound(city: Office, bundle: Path, tmp_path: Path) -> None:
    whole = repacked(bundle, tmp_path / "同.zip", lambda _: None, sign=True)
    assert [each.outcome for each in city.add(whole)] == ["received"] * 3


def _edit(member: str, change: Callable[[list[Any]], Any]) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        said = lines(members, member)
        change(said)
        members[member] = b"".join(json.dumps(each, ensure_ascii=False).encode() + b"\n" for each in said)

    return edit


def _manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        said = json.loads(members["manifest.json"])
        change(said)
        members["manifest.json"] = json.dumps(said).encode()

    return edit


def _receipt(**values: Any) -> Callable[[Members], None]:
    return _edit("receipts.jsonl", lambda said: said[1].update(values))


def _decision(**values: Any) -> Callable[[Members], None]:
    return _edit("decisions.jsonl", lambda said: said[0].update(values))


def _set(name: str, data: bytes) -> Callable[[Members], None]:
    return lambda members: members.update({name: data})


def _original(members: Members) -> None:
    """Put one original in the place of the other, under its digest."""
    first, second = sorted(name for name in members if name.startswith("originals/"))
    members[first] = members[second]


UNSIGNED = {
    "changed member": (_set("decisions.jsonl", b""), "bundle.member_changed"),
    "changed report": (_edit("reports.jsonl", lambda said: said[0]["body"].update(name="乙")), "bundle.member_changed"),
    "member missing": (lambda members: members.pop("receipts.jsonl"), "bundle.member_missing"),
    "manifest missing": (lambda members: members.pop("manifest.json"), "bundle.member_missing"),
    "extra member": (_set("说明.docx", b"x"), "bundle.member_extra"),
    "extra with a path": (_set("../../x.sh", b"x"), "bundle.member_extra"),
    "manifest is no JSON": (_set("manifest.json", b"{"), "bundle.manifest"),
    "manifest is deep": (_set("manifest.json", b"[" * 100_000), "bundle.manifest"),
    "manifest says a thing twice": (_set("manifest.json", b'{"format": 1, "format": 1}'), "bundle.manifest"),
    "manifest is a list": (_set("manifest.json", b"[]"), "bundle.manifest"),
    "manifest has more": (_manifest(lambda said: said.update(more=1)), "bundle.manifest"),
    "manifest lacks a member": (_manifest(lambda said: said["members"].pop("units.json")), "bundle.manifest"),
    "a newer layout": (_manifest(lambda said: said.update(format=2)), "bundle.version"),
    "a year that is none": (_manifest(lambda said: said.update(year=10**30)), "bundle.manifest"),
    "a time that is none": (_manifest(lambda said: said.update(as_of="昨天")), "bundle.manifest"),
    "a time to come": (_manifest(lambda said: said.update(as_of="2031-01-01 00:00:00")), "bundle.future"),
    "other counts": (_manifest(lambda said: said["counts"].update(reports=3)), "bundle.manifest"),
    "counts below zero": (_manifest(lambda said: said["counts"].update(without_original=-1)), "bundle.manifest"),
    "an unknown sender": (_manifest(lambda said: said["from"].update(name="乙县人民政府")), "bundle.sender_unknown"),
}
SIGNED = {
    "another kind": (_set("mimetype", b"application/zip"), "bundle.line"),
    "a roll-up that is none": (_set("rollup.json", b"[]"), "bundle.line"),
    "a roll-up that is no JSON": (_set("rollup.json", b"{"), "bundle.line"),
    "a decision with a sum": (_decision(sum={"scope": "all"}), "bundle.line"),
    "a scope that is none": (_decision(kind="scoped", digest=None, sum={"scope": "x"}), "bundle.line"),
    "no register": (_set("units.json", b"{}"), "bundle.line"),
    "a register in a circle": (
        _edit("units.json", lambda said: said[0][0].update(parent="X1")), "bundle.line",
    ),
    "a register of other things": (_set("units.json", b'[{"id": "X"}]\n'), "bundle.line"),
    "a register of wrong kinds": (_edit("units.json", lambda said: said[0][1].update(name=7)), "bundle.line"),
    "a line that is no JSON": (_set("decisions.jsonl", b"x\n"), "bundle.line"),
    "a deep line": (_set("decisions.jsonl", b"[" * 200_000 + b"\n"), "bundle.line"),
    "a blank line": (_set("decisions.jsonl", b"\n"), "bundle.line"),
    "an unknown decision": (_decision(kind="erase all"), "bundle.line"),
    "a decision about others": (_decision(unit="S1"), "bundle.line"),
    "a decision of another year": (_decision(year=2024), "bundle.line"),
    "a decision without a time": (_decision(at="x"), "bundle.line"),
    "a decision with more": (_decision(more=1), "bundle.line"),
    "a receipt with a wrong digest": (_receipt(digest="0"), "bundle.line"),
    "a receipt twice": (_edit("receipts.jsonl", lambda said: said.__setitem__(1, said[0])), "bundle.line"),
    "a receipt too many": (_edit("receipts.jsonl", lambda said: said.append(said[0])), "bundle.line"),
    "a receipt too few": (_edit("receipts.jsonl", lambda said: said.pop()), "bundle.line"),
    "a receipt of nobody": (_receipt(unit="S1"), "bundle.line"),
    "a receipt of another year": (_receipt(year=2024), "bundle.line"),
    "received after": (_receipt(received="2027-01-01 00:00:00"), "bundle.line"),
    "received never": (_receipt(received="x"), "bundle.line"),
    "a number that is a text": (_receipt(errors="0"), "bundle.line"),
    "a number beyond": (_receipt(delivery=10**40), "bundle.line"),
    "a finding that is none": (_receipt(findings=[{"code": "cell.blank"}]), "bundle.line"),
    "an original that is not there": (_receipt(original="originals/" + "0" * 64), "bundle.line"),
    "an original of nobody": (_receipt(original=None), "bundle.member_extra"),
    "an original of another": (_original, "bundle.original_differs"),
    "a report that is none": (_edit("reports.jsonl", lambda said: said[1].clear()), "bundle.report"),
    "a report of an unknown edition": (
        _edit("reports.jsonl", lambda said: said[1].update(edition="2099")), "bundle.report",
    ),
    "a report with other numbers": (
        _edit("reports.jsonl", lambda said: said[1]["tables"]["fees"]["fee"].update(amount=3)),
        "bundle.original_differs",
    ),
}  # fmt: skip


def refused(city: Office, path: Path, code: str) -> None:
    """It is explained with a code, and the collection is as it was."""
    before, kept = tables(city.folder), originals(city.folder)
    (receipt,) = city.add(path)
    assert receipt.outcome == "unreadable", receipt
    assert codes([receipt]) == {code}
    assert all(each["message"] and each["hint"] for each in receipt.findings)
    assert "{" not in receipt.findings[0]["message"]
    assert tables(city.folder) == before
    assert originals(city.folder) == kept


@pytest.mark.parametrize("case", UNSIGNED)
def test_what_was_changed_on_the_way_is_refused(case: str, city: Office, bundle: Path, tmp_path: Path) -> None:
    change, code = UNSIGNED[case]
    refused(city, repacked(bundle, tmp_path / "坏.zip", change), code)


@pytest.mark.parametrize("case", SIGNED)
def test_what_was_forged_with_its_manifest_is_refused(case: str, city: Office, bundle: Path, tmp_path: Path) -> None:
    change, code = SIGNED[case]
    if code == "bundle.report":
        change = _without_originals(change)
    refused(city, repacked(bundle, tmp_path / "坏.zip", change, sign=True), code)


def _without_originals(change: Callable[[Members], Any]) -> Callable[[Members], None]:
    def edit(members: Members) -> None:
        for name in [name for name in members if name.startswith("originals/")]:
            members.pop(name)
        _edit("receipts.jsonl", lambda said: [each.update(original=None) for each in said])(members)
        _manifest(lambda said: said["counts"].update(originals=0))(members)
        change(members)

    return edit


def test_a_bundle_cut_short_is_refused(city: Office, bundle: Path, tmp_path: Path) -> None:
    data = bundle.read_bytes()
    for share in (0.2, 0.6, 0.95, 0.999):
        (tmp_path / "短.zip").write_bytes(data[: int(len(data) * share)])
        refused(city, tmp_path / "短.zip", "file.damaged")


def test_a_member_that_stands_twice_is_refused(city: Office, bundle: Path, tmp_path: Path) -> None:
    path = repacked(bundle, tmp_path / "双.zip", lambda _: None)
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("reports.jsonl", b"")
    refused(city, path, "file.damaged")


def test_an_encrypted_bundle_is_refused(city: Office, bundle: Path, tmp_path: Path) -> None:
    data = bytearray(bundle.read_bytes())
    at = data.index(b"PK\x01\x02")
    struct.pack_into("<H", data, at + 8, 1)
    (tmp_path / "密.zip").write_bytes(data)
    refused(city, tmp_path / "密.zip", "file.encrypted")


def test_a_unit_that_stands_elsewhere_is_refused(bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "91110000600037341L"
    register = tmp_path / "市码.csv"
    register.write_text(
        f"单位ID,名称,上级,统一社会信用代码\nS,丙市人民政府,,\nK,甲县人民政府,S,\nQ,丙市某局,S,{code}\n",
        encoding="utf-8",
    )
    from collected import HAND

    from workbook.collect.making import make

    make(register, tmp_path / "市码", 2025, HAND, "zh")
    city = Office(tmp_path / "市码", monkeypatch)
    city.at("2026-02-04 09:00")
    claimed = _edit("units.json", lambda said: said[0][1].update(credit_code=code))
    refused(city, repacked(bundle, tmp_path / "别.zip", claimed, sign=True), "bundle.unit_elsewhere")


BOMBS = {
    "BUNDLE_LINE_LIMIT": _set("decisions.jsonl", b'"' + b" " * 5_000_000),
    "BUNDLE_CONTENT_LIMIT": _set("decisions.jsonl", b" " * 400_000),
    "BUNDLE_MANIFEST_LIMIT": _set("units.json", b" " * 500_000),
}


@pytest.mark.parametrize("limit", BOMBS)
def test_a_bomb_is_refused(
    limit: str, city: Office, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {
        "BUNDLE_LINE_LIMIT": limits.BUNDLE_LINE_LIMIT,
        "BUNDLE_CONTENT_LIMIT": 300_000,
        "BUNDLE_MANIFEST_LIMIT": 400_000,
    }
    monkeypatch.setattr(f"workbook.collect.bundle.read.{limit}", sizes[limit])
    refused(city, repacked(bundle, tmp_path / "弹.zip", BOMBS[limit], sign=True), "file.too_large")


def test_a_harmless_change_of_names_is_printable(city: Office, bundle: Path, tmp_path: Path) -> None:
    hostile = "=cmd|' /C calc'!A0\x1b[31m\u202exslx"
    path = repacked(bundle, tmp_path / "名.zip", _receipt(file=hostile), sign=True)
    receipts = city.add(path)
    assert receipts[0].outcome == "received"
    assert "\x1b" not in receipts[2].file
    assert "\u202e" not in receipts[2].file


def test_errors_of_here_count(city: Office, bundle: Path, tmp_path: Path) -> None:
    def wrong(members: Members) -> None:
        _without_originals(lambda _: None)(members)
        amount = lambda said: said[0]["tables"]["disputes"]["review"].update(total=99)  # noqa: E731
        _edit("reports.jsonl", amount)(members)

    receipts = city.add(repacked(bundle, tmp_path / "错.zip", wrong, sign=True))
    assert {"bundle.check_differs", "bundle.accepted_faulty"} <= codes(receipts)
    assert city.states()["X1"] == "received", "what has errors is not accepted, whoever did so"


def test_another_year_is_told(city: Office, bundle: Path, tmp_path: Path) -> None:
    def earlier(members: Members) -> None:
        _without_originals(lambda _: None)(members)
        _manifest(lambda said: said.update(year=2024))(members)
        _edit("receipts.jsonl", lambda said: [each.update(year=2024) for each in said])(members)
        _edit("decisions.jsonl", lambda said: [each.update(year=2024) for each in said])(members)

    receipts = city.add(repacked(bundle, tmp_path / "去年.zip", earlier, sign=True))
    assert "unit.other_year" in codes(receipts)
