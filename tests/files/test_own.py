"""我的机关: what a user said of the own office comes back, and a file that is broken is told and never lost."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workbook import own
from workbook.own import Own, OwnError
from workbook.report import Body

WHOLE = Own(
    Body("示例市人民政府办公室", "11330000002470114C", "330000", "government"),
    Path("年报", "2024 年").absolute(),
    "张三",
)


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The folder of the user's own settings, in which there is nothing yet."""
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    return tmp_path / "nianbao"


def test_who_was_never_asked_said_nothing(folder: Path) -> None:
    assert not own.is_known()
    assert own.load() == Own()
    assert not folder.exists()


@pytest.mark.parametrize("said", [Own(), WHOLE, replace(WHOLE, body=None), Own(Body(name="甲局"))])
def test_what_was_said_comes_back(said: Own) -> None:
    own.save(said)
    assert own.is_known()
    assert own.load() == said


texts = st.text(st.characters(exclude_categories=["Cs"])).map(str.strip)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.builds(Body, *[texts.map(lambda text: text or None)] * 4), texts)
def test_whatever_was_said_comes_back(body: Body, by: str) -> None:
    said = Own(body if body != Body() else None, None, by)
    own.save(said)
    assert own.load() == said


BROKEN: dict[str, tuple[bytes, str]] = {
    "no JSON": (b'{\n"by": "x\n', "第 2 行不是 JSON"),
    "empty": (b"", "第 1 行不是 JSON"),
    "not UTF-8": ("张三".encode("gb18030"), "不是 UTF-8 的 JSON"),
    "no object": (b"[1]", "应是一个 JSON 对象"),
    "no office": (b'{"body": "x"}', "其中的“body”也是"),
    "a number": (b'{"by": 7}', "“by”应是文字，现在是 7"),
    "a list within": (b'{"body": {"name": ["x"]}}', "“name”应是文字"),
    "deep": (b"[" * 100_000, "不是 UTF-8 的 JSON"),
    "large": (b" " * (own.LIMIT + 1), f"超过 {own.LIMIT} 字节"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_told_and_kept(name: str, folder: Path) -> None:
    data, why = BROKEN[name]
    folder.mkdir()
    (folder / own.FILE).write_bytes(data)
    with pytest.raises(OwnError, match=why):
        own.load()
    assert (folder / own.FILE).read_bytes() == data
    assert own.is_known()
    (folder / "own-1.broken.json").write_bytes(b"older")
    own.save(WHOLE)
    assert own.load() == WHOLE
    assert (folder / "own-1.broken.json").read_bytes() == b"older"
    assert (folder / "own-2.broken.json").read_bytes() == data


def test_what_a_newer_version_keeps_there_stays(folder: Path) -> None:
    folder.mkdir()
    newer = {"body": {"name": "旧名", "phone": "1"}, "theme": ["dark"]}
    (folder / own.FILE).write_text(json.dumps(newer), encoding="utf-8")
    own.save(WHOLE)
    now = json.loads((folder / own.FILE).read_text(encoding="utf-8"))
    assert (now["theme"], now["body"]["phone"], now["body"]["name"]) == (["dark"], "1", "示例市人民政府办公室")
    assert [path.name for path in folder.iterdir()] == [own.FILE]


def test_a_folder_in_the_way_is_told_and_kept(folder: Path) -> None:
    (folder / own.FILE).mkdir(parents=True)
    with pytest.raises(OwnError, match="打不开"):
        own.load()
    own.save(WHOLE)
    assert own.load() == WHOLE
    assert (folder / "own-1.broken.json").is_dir()


def test_what_cannot_be_written_is_told(folder: Path) -> None:
    folder.write_text("a file", encoding="utf-8")
    with pytest.raises(OwnError, match="写不进去"):
        own.save(WHOLE)
    assert folder.read_text(encoding="utf-8") == "a file"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such characters")
def test_a_path_that_is_no_text_is_told(folder: Path) -> None:
    with pytest.raises(OwnError, match="写不进去"):
        own.save(replace(WHOLE, last_year=Path(os.fsdecode(b"/\xff"))))
    assert not (folder / own.FILE).exists()


def test_without_a_folder_of_the_user_s_own_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("XDG_CONFIG_HOME", "APPDATA"):
        monkeypatch.setenv(name, "relative")
    assert not own.is_known()
    for ask in (own.load, lambda: own.save(WHOLE)):
        with pytest.raises(OwnError, match="没有给出用户文件夹"):
            ask()
