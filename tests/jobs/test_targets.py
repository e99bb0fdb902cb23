"""Which files of folders are taken, and that no output takes the place of a file that is read."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attempts import as_nobody
from cases import of_office, sound
from command import nianbao
from workbooks import workbook_of

import workbook
from workbook.exits import MISUSE, SOUND, UNREADABLE
from workbook.files import files_in
from workbook.jobs.file import check_file
from workbook.jobs.result import Options, Task
from workbook.jobs.search import search
from workbook.jobs.targets import would_harm

if TYPE_CHECKING:
    from collections.abc import Iterator

BOOK, DOCUMENT = workbook_of(sound("2021")), workbook.to_json(sound("2021"))
SENT = workbook.to_json(of_office("丁局"))
OTHERS = [workbook_of(of_office(name)) for name in ("乙局", "丙局")]
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="permissions and links are others there")
DEEP = "长" * 60


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report in it and one below."""
    (tmp_path / "区县").mkdir()
    (tmp_path / "甲.xlsx").write_bytes(BOOK)
    (tmp_path / "区县" / "乙.xlsx").write_bytes(OTHERS[0])
    return tmp_path


@pytest.fixture
def shut() -> Iterator[Path]:
    """A folder for everyone, in it one that nobody may list, and one that may be listed and not entered."""
    folder = Path(tempfile.mkdtemp())
    for name, mode in (("锁", 0o300), ("列", 0o744 if os.geteuid() == 0 else 0o600)):
        (folder / name / "里").mkdir(parents=True)
        (folder / name / "乙.xlsx").write_bytes(BOOK)
        (folder / name).chmod(mode)
    (folder / "甲.xlsx").write_bytes(BOOK)
    folder.chmod(0o755)
    yield folder
    for name in ("锁", "列"):
        (folder / name).chmod(0o700)
    shutil.rmtree(folder)


@POSIX
def test_a_folder_that_may_not_be_looked_into_is_told_and_the_rest_goes_on(shut: Path) -> None:
    check_file(Task(shut / "甲.xlsx"), Options())  # what it loads, nobody may not load
    with as_nobody():
        results = [check_file(task, Options()) for task in search([shut], (".xlsx",)).tasks]
    codes = {str(Path(item.file).relative_to(shut)): [found["code"] for found in item.findings] for item in results}
    assert codes == {
        "列/乙.xlsx": ["file.unreadable"],
        "列/里": ["file.unreadable"],
        "甲.xlsx": [],
        "锁": ["file.unreadable"],
    }
    assert {item.exit_code for item in results} == {UNREADABLE, SOUND}
    assert "Permission denied" in results[-1].findings[0]["message"]


@pytest.fixture
def deep(folder: Path) -> Iterator[Path]:
    """A folder in which others lie so deep that the system refuses their path to everyone, root too."""
    here = Path.cwd()
    os.chdir(folder)
    for _ in range(25):
        Path(DEEP).mkdir()
        os.chdir(DEEP)
    os.chdir(here)
    yield folder
    os.chdir(folder)
    for _ in range(24):
        os.chdir(DEEP)
    for _ in range(24):
        Path(DEEP).rmdir()
        os.chdir("..")
    Path(DEEP).rmdir()
    os.chdir(here)


@POSIX
@pytest.mark.parametrize("command", ["check", "convert", "mark"])
def test_every_command_tells_a_folder_that_cannot_be_opened(deep: Path, command: str) -> None:
    run = nianbao(command, ".", cwd=deep)
    told = run.out.decode() + run.err
    assert run.code == UNREADABLE
    assert told.count("〔file.unreadable〕") == 1
    assert "甲.xlsx  2021版" in told
    assert "乙.xlsx  2021版" in told


@POSIX
def test_a_folder_of_last_year_that_cannot_be_opened_is_counted(deep: Path) -> None:
    (deep / "今年.xlsx").write_bytes(BOOK)
    run = nianbao("check", "今年.xlsx", "--previous", ".", "--format", "json", cwd=deep)
    (finding,) = [found for found in run.json[0]["findings"] if found["code"].startswith("year.")]
    assert finding["code"] == "year.not_found"
    assert "另有 1 个文件读不出" in finding["message"]


def test_a_folder_that_goes_while_it_is_read_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def vanish(path: str | Path) -> object:
        if Path(path).name == "区县":
            (folder / "区县" / "乙.xlsx").unlink()
            (folder / "区县").rmdir()
        return scandir(path)

    monkeypatch.setattr(os, "scandir", vanish)
    files, faults = files_in(folder)
    assert [path.name for path in files] == ["甲.xlsx"]
    assert [Path(fault.filename).name for fault in faults] == ["区县"]


@POSIX
def test_links_are_followed_once_and_end(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "丙.xlsx").write_bytes(OTHERS[1])
    (elsewhere / "back").symlink_to(folder)
    for name, target in (("self", "."), ("up", ".."), ("out", elsewhere), ("again", elsewhere), ("twice", "区县")):
        (folder / name).symlink_to(target)
    run = nianbao("check", ".", "--format", "json", cwd=folder)
    assert run.code == 0
    assert list(run.codes) == ["again/丙.xlsx", "区县/乙.xlsx", "甲.xlsx"]


@POSIX
def test_a_link_that_leads_nowhere_is_told(folder: Path) -> None:
    (folder / "丙.xlsx").symlink_to("没有.xlsx")
    (folder / "丁.xlsx").symlink_to("丁.xlsx")
    os.mkfifo(folder / "戊.xlsx")
    run = nianbao("check", ".", "--format", "json", cwd=folder)
    assert run.code == UNREADABLE
    told = {file: codes for file, codes in run.codes.items() if codes}
    assert told == {"丁.xlsx": ["file.unreadable"], "丙.xlsx": ["file.missing"], "戊.xlsx": ["file.special"]}


def test_only_locks_are_passed_over_by_their_names(folder: Path) -> None:
    for name in ("~$甲.xlsx", ".~甲.xlsx", "._甲.xlsx"):
        (folder / name).write_bytes(b"x")
    (folder / ".甲.xlsx").write_bytes(OTHERS[1])
    assert list(nianbao("check", ".", "--format", "json", cwd=folder).codes) == [".甲.xlsx", "区县/乙.xlsx", "甲.xlsx"]


def test_a_document_is_passed_over_only_if_it_was_made_from_the_workbook_beside_it(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    out = tmp_path_factory.mktemp("out")
    assert nianbao("convert", "甲.xlsx", cwd=folder).code == 0
    made = (folder / "甲.json").read_bytes()
    run = nianbao("convert", ".", "-o", out / "一", cwd=folder)
    assert run.code == 0
    assert "“甲.json”没有另算：是由旁边的“甲.xlsx”转换来的。〔skipped.made_from〕" in run.err
    assert nianbao("convert", ".", "--force", cwd=folder).code == 0
    (folder / "甲.xlsx").rename(folder / "丙.xlsx")
    (folder / "甲.json").rename(folder / "丙.json")
    assert "“丙.json”没有另算" in nianbao("convert", ".", "-o", out / "二", cwd=folder).err
    (folder / "区县" / "乙.json").unlink()
    (folder / "丙.json").write_bytes(SENT)  # a report that somebody sent as a document
    run = nianbao("convert", ".", "-o", out / "三", cwd=folder)
    assert (run.code, "没有另算" in run.err) == (0, False)
    assert sorted(path.name for path in (out / "三").glob("*.json")) == ["丙.json", "丙.json.json"]
    run = nianbao("convert", ".", "--force", cwd=folder)
    assert run.code == MISUSE
    assert (folder / "丙.json").read_bytes() == SENT != made


def test_what_a_command_does_not_take_from_a_folder_is_told(folder: Path) -> None:
    for name in ("旧.xls", "丙.json", "公布.pdf"):
        (folder / name).write_bytes(DOCUMENT)
    run = nianbao("mark", ".", cwd=folder)
    for name in ("旧.xls", "丙.json", "公布.pdf"):
        assert f"“{name}”没有处理：这个命令从文件夹里只取工作簿。〔skipped.other_command〕\n" in run.err
    run = nianbao("fill", ".", "-o", "出", "--lang", "en", cwd=folder)
    assert run.err.count("was not taken: of a folder this command takes JSON only.") == 6


def linked(folder: Path, how: str, target: str) -> str:
    """Return another name of a file of the folder."""
    name = f"别名{Path(target).suffix}"
    if how == "link":
        (folder / name).symlink_to(target)
    elif how == "hard link":
        (folder / name).hardlink_to(folder / target)
    elif how == "folder":
        (folder / "旁").symlink_to(".")
        return f"旁/{target}"
    elif how == "path":
        return f"区县/../{target}"
    else:
        return target
    return name


@POSIX
@pytest.mark.parametrize("how", ["name", "path", "link", "hard link", "folder"])
@pytest.mark.parametrize(
    ("arguments", "target"),
    [
        (["check", "甲.xlsx", "-o"], "甲.xlsx"),
        (["check", "甲.xlsx", "--format", "html", "-o"], "甲.xlsx"),
        (["check", "区县", "甲.xlsx", "-o"], "甲.xlsx"),
        (["check", "区县", "--previous", "甲.xlsx", "-o"], "甲.xlsx"),
        (["check", "区县", "--previous", "上年", "-o"], "上年/丙.html"),
        (["check", "区县", "甲.json", "--previous", "上年", "-o"], "上年/丙.html"),
        (["convert", "甲.json", "-o"], "甲.json"),
        (["convert", "甲.xlsx", "--previous", "甲.json", "-o"], "甲.json"),
        (["convert", "甲.xlsx", "--previous", "上年", "-o"], "上年/丁.json"),
        (["convert", "行.jsonl", "甲.xlsx", "-o"], "行.jsonl"),
        (["fill", "甲.xlsx", "-o"], "甲.xlsx"),
        (["mark", "甲.xlsx", "-o"], "甲.xlsx"),
        (["repair", "甲.xlsx", "-o"], "甲.xlsx"),
        (["import", "甲.xlsx", "-o"], "甲.xlsx"),
        (["import", "甲.json", "-o"], "甲.json"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_no_output_takes_the_place_of_a_file_that_is_read(
    folder: Path, arguments: list[str], target: str, how: str
) -> None:
    (folder / "上年").mkdir()
    for name in ("甲.json", "上年/丁.json", "行.jsonl"):
        (folder / name).write_bytes(DOCUMENT)
    (folder / "上年" / "丙.html").write_text("<p>公布的报告</p>", encoding="utf-8")
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    run = nianbao(*arguments, linked(folder, how, target), "--force", cwd=folder)
    assert run.code == MISUSE
    assert "不能覆盖输入的文件" in run.err or "is an input" in run.err
    assert {path: path.read_bytes() for path in before} == before


def test_pages_spare_the_files_of_last_year(folder: Path) -> None:
    (folder / "汇总").mkdir()
    (folder / "汇总" / "甲.html").write_text("<p>上年公布的</p>", encoding="utf-8")
    run = nianbao("check", "甲.xlsx", "区县", "--previous", "汇总", "-o", "汇总.html", "--force", cwd=folder)
    assert run.code == MISUSE
    assert "不能覆盖输入的文件" in run.err
    assert (folder / "汇总" / "甲.html").read_text(encoding="utf-8") == "<p>上年公布的</p>"


@POSIX
def test_two_outputs_never_meet_by_way_of_links(folder: Path) -> None:
    for name, data in (("一", DOCUMENT), ("二", SENT)):
        (folder / name).mkdir()
        (folder / name / "甲.json").write_bytes(data)
    (folder / "出").mkdir()
    (folder / "出" / "一").mkdir()
    (folder / "出" / "二").symlink_to("一")
    (folder / "入").mkdir()
    for name in ("一", "二"):
        (folder / name).rename(folder / "入" / name)
    run = nianbao("fill", "入", "-o", "出", cwd=folder)
    assert run.code == 0
    assert sorted(path.name for path in (folder / "出" / "一").iterdir()) == ["甲.json.xlsx", "甲.xlsx"]


@POSIX
def test_a_link_that_leads_nowhere_is_not_overwritten_without_force(folder: Path) -> None:
    (folder / "甲.json").symlink_to("没有.json")
    run = nianbao("convert", "甲.xlsx", cwd=folder)
    assert run.code == MISUSE
    assert (folder / "甲.json").is_symlink()


def test_names_of_one_file_are_known(tmp_path: Path) -> None:
    path = tmp_path / "a"
    assert not would_harm(path, [tmp_path / "b"])
    assert would_harm(path, [tmp_path / "x" / ".." / "a"])
    path.write_bytes(b"")
    (tmp_path / "b").write_bytes(b"")
    assert not would_harm(path, [tmp_path / "b"])
