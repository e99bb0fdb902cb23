"""What commands take: standard input, many files to import, and what ``mark`` leaves out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from cases import of_office, sound
from command import COMMAND, nianbao
from workbooks import workbook_of

import workbook


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of a sound and a faulty workbook and a document."""
    base = sound("2021")
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(base))
    (tmp_path / "乙.xlsx").write_bytes(workbook_of(base.with_cells({"applications.received.natural": 12})))
    (tmp_path / "丙.json").write_bytes(workbook.to_json(base))
    return tmp_path


def piped(*arguments: str, data: bytes, cwd: Path) -> subprocess.CompletedProcess[bytes]:
    """Run the command with something on standard input."""
    done = subprocess.run([COMMAND, *arguments], input=data, cwd=cwd, capture_output=True, check=False)
    assert b"Traceback" not in done.stderr
    return done


@pytest.mark.parametrize("name", ["甲.xlsx", "丙.json", "乙.xlsx"])
def test_standard_input_is_checked_like_the_file(folder: Path, name: str) -> None:
    plain = nianbao("check", name, "--format", "json", cwd=folder)
    done = piped("check", "-", "--format", "json", data=(folder / name).read_bytes(), cwd=folder)
    assert done.returncode == plain.code
    assert json.loads(done.stdout) == [{**plain.json[0], "file": "标准输入"}]


def test_conversion_works_in_a_pipe(folder: Path) -> None:
    done = piped("convert", "-", "-o", "-", data=(folder / "甲.xlsx").read_bytes(), cwd=folder)
    assert done.returncode == 0
    assert json.loads(done.stdout)["source"]["file"] == "标准输入"
    again = piped("fill", "-", "-o", "丁.xlsx", data=done.stdout, cwd=folder)
    assert again.returncode == 0
    assert workbook.read(folder / "丁.xlsx").cells == workbook.read(folder / "甲.xlsx").cells
    assert piped("convert", "-", "-o", "x.json", data=done.stdout, cwd=folder).returncode == 0
    assert sorted(path.name for path in folder.iterdir()) == ["x.json", "丁.xlsx", "丙.json", "乙.xlsx", "甲.xlsx"]


def test_standard_input_in_english_beside_files_and_workers(folder: Path) -> None:
    arguments = ["check", "甲.xlsx", "-", "--format", "json", "--lang", "en", "--jobs", "2"]
    done = piped(*arguments, data=(folder / "乙.xlsx").read_bytes(), cwd=folder)
    assert [item["file"] for item in json.loads(done.stdout)] == ["甲.xlsx", "standard input"]


def test_standard_input_that_is_no_report_is_told(folder: Path) -> None:
    for data in (b"", b"PK\x03\x04", b"\x00" * 1000):
        done = piped("check", "-", data=data, cwd=folder)
        assert done.returncode == 3
        assert "标准输入" in done.stdout.decode()


def test_it_is_read_once_and_gets_no_name_by_itself(folder: Path) -> None:
    for arguments in (["check", "-", "-"], ["convert", "-"], ["mark", "-"], ["fill", "-"]):
        done = piped(*arguments, data=(folder / "甲.xlsx").read_bytes(), cwd=folder)
        assert (done.returncode, "标准输入" in done.stderr.decode()) == (2, True)
    assert len(list(folder.iterdir())) == 3


def test_a_file_of_that_name_is_reached_by_its_path(folder: Path) -> None:
    (folder / "-").write_bytes((folder / "甲.xlsx").read_bytes())
    run = nianbao("check", "./-", "--format", "json", cwd=folder)
    assert run.code == 0
    assert run.json[0]["file"] != "标准输入"


def test_import_takes_files_and_folders(folder: Path) -> None:
    (folder / "区县").mkdir()
    (folder / "区县" / "丁.csv").write_bytes(b"a,b\n1,2\n")
    (folder / "区县" / "戊.xlsx").write_bytes(workbook_of(of_office("戊局")))
    (folder / "区县" / "己.xlsx").write_bytes(b"PK\x03\x04")
    run = nianbao("import", "甲.xlsx", "丙.json", "区县", "-o", "out", cwd=folder)
    assert run.code == 3  # 己.xlsx is damaged, the others are taken; 丁.csv is no report and no fault
    assert "丁.csv”不是年报" in run.err
    written = {path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.xlsx")}
    assert written == {"甲.xlsx", "丙.xlsx", "戊.xlsx"}
    again = nianbao("import", "甲.xlsx", "丙.json", "-o", "json", "--to-json", "-q", cwd=folder)
    assert (again.code, again.err) == (0, "")
    assert {path.name for path in (folder / "json").iterdir()} == {"甲.json", "丙.json"}


def test_import_of_one_file_is_as_it_was(folder: Path) -> None:
    assert nianbao("import", "丙.json", "-o", "x.xlsx", cwd=folder).code == 0
    assert nianbao("import", "甲.xlsx", "-o", "x.json", cwd=folder).code == 0
    assert nianbao("import", "甲.xlsx", "-o", "x.json", cwd=folder).code == 2
    assert nianbao("import", "甲.xlsx", "乙.xlsx", "-o", "x.xlsx", "--force", cwd=folder).code == 2
    assert nianbao("import", "甲.xlsx", "-o", "y.xlsx", "--to-json", cwd=folder).code == 2


def test_mark_compares_with_last_year(folder: Path) -> None:
    report = sound("2021")
    (folder / "上年").mkdir()
    (folder / "上年" / "甲.json").write_bytes(workbook.to_json(report))
    with_it = nianbao("mark", "甲.xlsx", "--previous", "上年/甲.json", "-o", "a.xlsx", cwd=folder)
    checked = nianbao("check", "甲.xlsx", "--previous", "上年/甲.json", cwd=folder)
    assert with_it.code == checked.code
    assert "〔year." in with_it.err
    assert "〔year." not in nianbao("mark", "甲.xlsx", "-o", "b.xlsx", cwd=folder).err


def test_mark_makes_no_copies_of_sound_ones_where_that_is_asked(folder: Path) -> None:
    run = nianbao("mark", "甲.xlsx", "乙.xlsx", "--only-faulty", "-o", "out", cwd=folder)
    assert run.code == 1
    assert [path.name for path in (folder / "out").iterdir()] == ["乙-校验.xlsx"]
    assert run.err.count("没有写副本") == 1
    again = nianbao("mark", "甲.xlsx", "乙.xlsx", "--only-faulty", "-o", "out", cwd=folder)
    assert (again.code, again.err.count("没有写副本")) == (2, 1)
