"""Archives of every kind: what is in them is taken member by member, and a hostile one harms nobody."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from archives import CRC, FLAGS, METHOD, SIZE, archive, overlapping, patched
from cases import sound
from collected import HAND, added, originals, tables

import workbook
from workbook.collect.change import changing
from workbook.collect.collection import Collection
from workbook.collect.hand import CLOCK
from workbook.collect.making import make
from workbook.collect.store import FILE

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.receipt import Receipt

NAMES = [f"临江市{name}局" for name in "甲乙丙丁戊己"]
REGISTER = "单位ID,名称,类型,报送期限\n" + "".join(f"u{at},{name},政府部门,1月31日\n" for at, name in enumerate(NAMES))


def of(name: str, received: int = 5400) -> bytes:
    """Return the document of a unit, short and unlike those of others."""
    base = sound("2021")
    report = replace(base, year=2025, body=replace(base.body, name=name))
    return workbook.to_json(report.with_cells({"disputes.review.other": received}))


A, B, C = (of(name, 300 + at) for at, name in enumerate(NAMES[:3]))


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archives")
    (folder / "名册.csv").write_text(REGISTER, encoding="utf-8")
    make(folder / "名册.csv", folder / "收报", 2025, HAND, "zh")
    return folder / "收报"


@pytest.fixture
def folder(fresh: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty collection of six units."""
    import shutil

    monkeypatch.setenv(CLOCK, "2026-01-20 09:00")
    shutil.copytree(fresh, tmp_path / "收报")
    return tmp_path / "收报"


def come(folder: Path, data: bytes, name: str = "来件.zip") -> dict[str, tuple[str, frozenset[str]]]:
    """Add a file, and return what came of what is in it: outcome and codes."""
    path = folder.parent / name
    path.write_bytes(data)
    receipts = added(folder, path)
    told = {each.file.removeprefix(f"{name}/"): (each.outcome, codes(each)) for each in receipts}
    assert len(told) == len(receipts)
    return told


def codes(receipt: Receipt) -> frozenset[str]:
    return frozenset(finding["code"] for finding in receipt.findings)


NONE = frozenset[str]()
GOOD, AGAIN = ("received", NONE), ("again", NONE)


@pytest.mark.parametrize("encoding", ["", "gbk", "gb18030", "utf-8"])
def test_names_are_told_whatever_system_wrote_them(encoding: str, folder: Path) -> None:
    told = come(
        folder,
        archive({"下级\\甲局.json" if encoding == "gbk" else "下级/甲局.json": A, "乙（定稿）.json": B}, encoding),
    )
    assert told == {"下级/甲局.json": GOOD, "乙（定稿）.json": GOOD}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda data: patched(data, "a.json", FLAGS, 1), "file.encrypted"),
        (lambda data: patched(data, "a.json", METHOD, 99), "file.damaged"),
        (lambda data: patched(data, "a.json", METHOD, 14), "file.damaged"),
        (lambda data: patched(data, "a.json", CRC, 7, width=4), "file.damaged"),
        (lambda data: patched(data, "a.json", SIZE, 10, width=4), "file.damaged"),
        (lambda data: patched(data, "a.json", SIZE, 60 * 2**20, width=4), "file.too_large"),
        (lambda data: patched(data, "a.json", SIZE, 2**32 - 2, width=4), "file.too_large"),
        (lambda data: data[:40] + b"\xff" * 60 + data[100:], "file.damaged"),
    ],
    ids=["encrypted", "unknown packing", "lzma", "checksum", "says less", "says more", "says far more", "scrambled"],
)
def test_a_member_that_cannot_be_read_takes_no_other_along(change: object, code: str, folder: Path) -> None:
    told = come(folder, change(archive({"a.json": A, "b.json": B})))  # type: ignore[operator]
    assert told == {"a.json": ("unreadable", {code}), "b.json": GOOD}
    again = come(folder, change(archive({"a.json": A, "b.json": B})))  # type: ignore[operator]
    assert again == {"a.json": ("unreadable", {code}), "b.json": AGAIN}


def test_what_grows_too_much_is_refused(folder: Path) -> None:
    big = archive({"炸弹.json": b" " * 40_000_000, "b.json": B, "里面.zip": archive({"c": b"\0" * 3_000_000})})
    told = come(folder, big)
    assert told["炸弹.json"] == ("unreadable", {"file.too_large"})
    assert told["b.json"] == GOOD
    deep = archive({"里面.zip": archive({"x.json": b" " * 300_000_000}) + b" " * 30_000_000})
    assert come(folder, deep, "b.zip") == {"里面.zip": ("unreadable", {"file.too_large"})}
    assert not [name for name in originals(folder) if name.endswith(".part")]


@pytest.mark.parametrize("times", [2, 3, 5000])
def test_members_that_lie_in_one_another_are_refused(times: int, folder: Path) -> None:
    assert come(folder, overlapping("a.json", A, times)) == {"来件.zip": ("unreadable", {"file.damaged"})}


HOSTILE = [
    "../../a.json",
    "/etc/a.json",
    "C:\\Windows\\a.json",
    "..\\a.json",
    "a\x1b[31m.json",
    "a\nb.json",
    "a\u202egpj.json",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_leads_nowhere_and_says_nothing_to_a_terminal(name: str, folder: Path) -> None:
    before = {path for path in folder.parent.rglob("*") if folder not in path.parents}
    told = come(folder, archive({name: A, "b.json": B}))
    assert sorted(told.values(), key=str) == [GOOD, GOOD]
    assert all(text.isprintable() for text in told)
    after = {path for path in folder.parent.rglob("*") if folder not in path.parents}
    assert after - before == {folder.parent / "来件.zip"}
    assert len(originals(folder)) == 2, "the register and the archive"


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_archives_in_archives_are_taken_apart(depth: int, folder: Path) -> None:
    (told,) = come(folder, _in_archives(depth)).items()
    assert told[1] == GOOD
    assert told[0].count(".zip") == depth - 1


def _in_archives(depth: int) -> bytes:
    data = archive({"甲.json": A})
    for level in range(1, depth):
        data = archive({f"{level}.zip": data})
    return data


def test_the_fourth_is_refused(folder: Path) -> None:
    (told,) = come(folder, _in_archives(4)).values()
    assert told == ("unreadable", {"file.too_large"})


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file.damaged"), (b"PK\3\4", "file.damaged"), (b"no archive", "file.damaged"),
        (archive({"a.json": A})[:-30], "file.damaged"), (archive({}), "file.empty"),
        (archive({"下级/": b""}), "file.empty"),
        (struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 9, 9, 9, 9, 0), "file.damaged"),
    ],
    ids=["nothing", "a beginning", "a text", "cut", "empty", "a folder", "a directory of nothing"],
)  # fmt: skip
def test_what_is_no_archive_is_told(data: bytes, code: str, folder: Path) -> None:
    assert come(folder, data) == {"来件.zip": ("unreadable", {code})}


def test_the_same_name_twice_are_two_members(folder: Path) -> None:
    path = folder.parent / "来件.zip"
    with pytest.warns(UserWarning, match="Duplicate"):
        path.write_bytes(archive([("a.json", A), ("a.json", B)]))
    receipts = added(folder, path)
    assert [(each.outcome, each.unit) for each in receipts] == [("received", "u0"), ("received", "u1")]


def test_what_lies_in_an_archive_beside_reports_is_told(folder: Path) -> None:
    told = come(
        folder, archive({"__MACOSX/._a.json": b"x", "~$a.xlsx": b"x", "照片.jpg": b"x", "a.json": A, "空.xlsx": b""})
    )
    assert told == {
        "~$a.xlsx": ("skipped", {"skipped.lock"}), "照片.jpg": ("skipped", {"skipped.kind"}), "a.json": GOOD,
        "空.xlsx": ("unreadable", {"file.empty"}),
    }  # fmt: skip


def test_what_came_alone_is_the_same_in_an_archive(folder: Path) -> None:
    assert come(folder, A, "甲.json") == {"甲.json": GOOD}
    assert come(folder, archive({"x/甲局.json": A, "乙.json": B})) == {"x/甲局.json": AGAIN, "乙.json": GOOD}
    assert come(folder, B, "乙.json") == {"乙.json": AGAIN}
    before = tables(folder)
    assert set(come(folder, archive({"y.json": B, "z.json": A}), "三.zip").values()) == {AGAIN}
    assert tables(folder) == before
    assert len(originals(folder)) == 3, "of the archive in which everything was known nothing is kept"


def test_what_was_erased_leaves_its_neighbours(folder: Path) -> None:
    secret = of(NAMES[1], 4711).replace("本年度各项工作".encode(), "绝密的住址与姓名".encode())
    assert b"\xe7\xbb\x9d\xe5\xaf\x86" in secret
    lines = b"".join(line.replace(b"\n", b"") + b"\n" for line in (C,))
    files = {"甲.json": A, "保密姓名.json": secret, "里面.zip": archive({"丙.jsonl": lines})}
    assert set(come(folder, archive(files)).values()) == {GOOD}
    with zipfile.ZipFile(folder.parent / "来件.zip") as sent:
        assert "保密姓名.json" in sent.namelist()
    with changing(folder, replace(HAND, reason="误收")) as change:
        collection = Collection(folder)
        (number,) = [version.submission for version in collection.standing("u1", 2025).versions]
        change.erase(number)
        collection.close()
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    for what in ("绝密的住址", "保密姓名"):
        assert what.encode() not in everything
        assert what.encode("gbk") not in everything
    collection = Collection(folder)
    for unit, data in (("u0", A), ("u2", lines)):
        (version,) = collection.standing(unit, 2025).versions
        assert collection.original_bytes(version.submission).strip() == data.strip()
    assert not collection.standing("u1", 2025).versions
    collection.close()
    assert come(folder, archive(files), "again.zip")["甲.json"] == AGAIN
    assert (folder / FILE).is_file()


def kept_bytes(folder: Path) -> bytes:
    """Return all bytes that a collection keeps, those in archives unpacked."""
    found = []
    waiting = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    while waiting:
        data = waiting.pop()
        found.append(data)
        if data[:4] == b"PK\3\4":
            with zipfile.ZipFile(io.BytesIO(data)) as sent:
                waiting += [sent.read(info) for info in sent.infolist()]
                found += [info.filename.encode() for info in sent.infolist()]
    return b"\n".join(found)


PRIVATE = "绝密的住址与姓名"


def private_of(name: str) -> bytes:
    return of(name, 4711).replace("本年度各项工作".encode(), PRIVATE.encode())


LINE = json.dumps(json.loads(private_of(NAMES[1])), ensure_ascii=False).encode() + b"\n"
OTHER = json.dumps(json.loads(C), ensure_ascii=False).encode() + b"\n"
DEEP = {
    "in an archive within": [
        archive({"甲.json": A, "里.zip": archive({"保密.json": private_of(NAMES[1]), "丙.json": C})})
    ],
    "a line within": [archive({"甲.json": A, "里.jsonl": LINE + OTHER})],
    "in a second archive": [
        archive({"保密.json": private_of(NAMES[1]), "甲.json": A}),
        archive({"再.json": private_of(NAMES[1]), "丙.json": C}),
    ],
    "in an archive within a second": [
        private_of(NAMES[1]),
        archive({"丙.json": C, "甲.json": A, "里.zip": archive({"再.json": private_of(NAMES[1])})}),
    ],
}


@pytest.mark.parametrize("how", DEEP)
def test_what_is_erased_is_so_in_every_archive_that_has_it(how: str, folder: Path) -> None:
    for number, data in enumerate(DEEP[how]):
        come(folder, data, f"{number}.zip" if data[:2] == b"PK" else f"{number}.json")
    assert PRIVATE.encode() in kept_bytes(folder)
    collection = Collection(folder)
    (version,) = collection.standing("u1", 2025).versions
    with changing(folder, replace(HAND, reason="误收")) as change:
        change.erase(version.submission)
    assert PRIVATE.encode() not in kept_bytes(folder)
    assert not collection.standing("u1", 2025).versions
    for unit in ("u0", "u2"):
        (other,) = collection.standing(unit, 2025).versions
        data = json.loads(collection.original_bytes(other.submission))
        assert data["body"]["name"] == collection.name(unit)
    collection.close()
    before = tables(folder), originals(folder)
    with changing(folder, HAND) as change:
        for _ in change.recheck():
            pass
    assert before == (tables(folder), originals(folder))
