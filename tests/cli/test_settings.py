"""The user's own settings: where they are read from and where never, what goes before what, what is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from cases import sound
from command import nianbao

import workbook

DEEP = {"deep.toml": b"a = " + b"[" * 20_000, "deep.json": b"[" * 100_000, "long.toml": b"a" * 5_000_000}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a report."""
    (tmp_path / "甲.json").write_bytes(workbook.to_json(sound("2021")))
    return tmp_path


def settings(folder: Path, text: str, name: str = "office.toml") -> Path:
    """Write a file of settings, in a folder of its own."""
    path = folder / "own" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_options_come_from_the_file_that_is_named(folder: Path) -> None:
    path = settings(folder, 'format = "json"\nlang = "en"\njobs = 1\n')
    for arguments in (["--config", path, "check", "甲.json"], ["check", "甲.json", "--config", path]):
        assert nianbao(*arguments, cwd=folder).json[0]["sound"]
    assert nianbao("--config", path, "check", "--help", cwd=folder).out.startswith(b"Usage:")


def test_the_command_line_goes_before_the_environment_and_that_before_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings(folder, 'format = "csv"\nlang = "en"\n')
    run = ["--config", path, "check", "甲.json"]
    assert nianbao(*run, cwd=folder).out.startswith(b"file,code")
    monkeypatch.setenv("NIANBAO_FORMAT", "text")
    assert "edition 2021" in nianbao(*run, cwd=folder).out.decode()
    monkeypatch.setenv("NIANBAO_LANG", "zh")
    assert "2021版" in nianbao(*run, cwd=folder).out.decode()
    assert json.loads(nianbao(*run, "--format", "json", cwd=folder).out)


def test_the_ending_of_an_output_goes_before_the_settings(folder: Path) -> None:
    path = settings(folder, 'format = "csv"\n')
    assert nianbao("--config", path, "check", "甲.json", "-o", "x.json", cwd=folder).code == 0
    assert json.loads((folder / "x.json").read_bytes())


def test_paths_in_settings_are_paths_from_their_folder(folder: Path) -> None:
    path = settings(folder, 'previous = "last.json"\n')
    last = sound("2021")
    (path.parent / "last.json").write_bytes(workbook.to_json(last))
    done = nianbao("--config", path, "check", "甲.json", "--format", "json", cwd=folder)
    assert any(code.startswith("year.") for code in done.codes["甲.json"])


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="other systems name the folder otherwise")
def test_the_own_folder_is_read_and_no_folder_of_the_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIANBAO_CONFIG")
    own = folder / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(own))
    for name in ("settings.toml", "nianbao.toml", "nianbao/settings.toml"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("no settings of this kit", encoding="utf-8")
    assert nianbao("check", "甲.json", cwd=folder).code == 0
    (own / "nianbao").mkdir(parents=True)
    (own / "nianbao/settings.toml").write_bytes(b'\xef\xbb\xbfformat = "json"\r\n')  # as Notepad writes it
    assert nianbao("check", "甲.json", cwd=folder).json
    monkeypatch.setenv("XDG_CONFIG_HOME", ".")  # this is the folder of the run
    assert nianbao("check", "甲.json", cwd=folder).code == 0


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ('lang = "zh"\nforce = true\n', 2, "force"),
        ('output = "x.json"\n', 1, "output"),
        ('\n\nignore = ["text"]\n', 3, "ignore"),
        ("[force]\na = 1\n", 1, "force"),
        ('formats = "json"\n', 1, "formats"),
        ('lang = "zh"\nlang = "en"\n', 2, ""),
        ("lang = zh\n", 1, ""),
        ('jobs = 1\n"lang" = "fr"\n', 2, "lang"),
        ('jobs = "two"\n', 1, "jobs"),
        ("jobs = -1\n", 1, "jobs"),
        ("jobs = true\n", 1, "jobs"),
        ('# first\nformat = "yaml"\n', 2, "format"),
        ('previous = ""\n', 1, "previous"),
        ("[[waivers]]\ncode = 1\n", 1, "waivers"),
        ("lang = [\n", 1, ""),
    ],
)
def test_wrong_settings_are_told_with_file_line_and_key(folder: Path, text: str, line: int, key: str) -> None:
    path = settings(folder, text)
    done = nianbao("--config", path, "check", "甲.json", cwd=folder)
    assert (done.code, done.out) == (2, b"")
    assert f"{path} 第 {line} 行" in done.err
    assert key in done.err
    for help_ in ("-V", "--help"):
        assert nianbao("--config", path, help_, cwd=folder).code == 0
    assert nianbao("--config", path, "check", "--help", cwd=folder).code == 0


def test_settings_that_cannot_be_read_are_told(folder: Path) -> None:
    path = settings(folder, "")
    assert "none.toml" in nianbao("--config", "none.toml", "check", "甲.json", cwd=folder).err
    assert nianbao("--config", folder, "check", "甲.json", cwd=folder).code == 2
    path.write_bytes('lang = "中文"'.encode("gb18030"))
    done = nianbao("--config", path, "check", "甲.json", cwd=folder)
    assert (done.code, "UTF-8" in done.err) == (2, True)
    assert nianbao("--config", "", "check", "甲.json", cwd=folder).code == 2


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="other systems name the folder otherwise")
def test_a_user_s_folder_that_cannot_be_looked_into_is_none(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NIANBAO_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", f"/{'x' * 300}")  # as one of another user, it can only be asked for in vain
    assert nianbao("check", "甲.json", cwd=folder).code == 0


@pytest.mark.parametrize("option", ["--config", "--waivers"])
@pytest.mark.parametrize(("name", "data"), DEEP.items())
def test_files_that_nobody_wrote_by_hand_are_refused(folder: Path, option: str, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    done = nianbao("check", "甲.json", option, name, cwd=folder)
    assert (done.code, name in done.err) == (2, True)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no file without an end")
@pytest.mark.parametrize("option", ["--config", "--waivers"])
def test_a_file_without_an_end_is_refused(folder: Path, option: str) -> None:
    done = nianbao("check", "甲.json", option, "/dev/zero", cwd=folder)
    assert (done.code, "超过" in done.err) == (2, True)


@pytest.mark.parametrize("key", ["FORCE", "OUTPUT", "IGNORE"])
def test_what_is_for_one_run_is_not_read_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setenv(f"NIANBAO_{key}", "1")
    done = nianbao("check", "甲.json", cwd=folder)
    assert (done.code, f"--{key.lower()}" in done.err) == (2, True)
