"""What a folder gives: every file has its line, a report is taken once, and nothing that the kit made is one."""

from __future__ import annotations

import os
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import published
import pytest
from cases import of_office, sound
from command import Run, nianbao
from workbooks import workbook_of

import workbook
from workbook.exits import MISUSE, SOUND, UNREADABLE
from workbook.intake.kinds import KINDS

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links, pipes and sockets are others there")
REPORT = sound("2021")
CARRIERS: dict[str, Any] = {
    ".xlsx": workbook_of,
    ".json": workbook.to_json,
    ".docx": published.word,
    ".html": published.page,
    ".txt": published.text,
    ".csv": lambda report: published.delimited(report).encode(),
}


def told(run: Run) -> dict[str, str]:
    """Return what is said of the files that are passed over: by name the code."""
    lines = [line for line in run.err.splitlines() if line.endswith("〕") and "〔skipped." in line]
    return {line.split("”")[0].removeprefix("“"): line.rpartition("〔skipped.")[2][:-1] for line in lines}


def check(folder: Path, *arguments: str) -> tuple[int, list[str], dict[str, str]]:
    """Return the exit code, the reports, and what is said of the other files."""
    run = nianbao("check", ".", "--format", "json", *arguments, cwd=folder)
    return run.code, list(run.codes), told(run)


@POSIX
def test_every_file_of_a_folder_has_a_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "年报.xlsx").write_bytes(workbook_of(REPORT))
    others = {"旧.et": "kind", "网页.mht": "kind", "附件.zip": "kind", "附件.rar": "kind", "图.png": "kind"}
    others |= {".DS_Store": "kind", "Thumbs.db": "kind", "无名": "kind", "~$年报.xlsx": "lock", "._年报.xlsx": "lock"}
    others |= {"说明.txt": "not_a_report", "通知.html": "not_a_report", "表.csv": "not_a_report"}
    for name in others:
        (tmp_path / name).write_bytes(b"<html><p>x</p></html>" if name.endswith("html") else b"a,b\n1,2\n")
    (tmp_path / "去处.docm").symlink_to("没有")
    server = socket.socket(socket.AF_UNIX)
    with monkeypatch.context() as inside:
        inside.chdir(tmp_path)  # a socket's name may not be long
        server.bind("s.sock")
    os.mkfifo(tmp_path / "p.zip")
    code, reports, said = check(tmp_path)
    server.close()
    assert (code, reports) == (SOUND, ["年报.xlsx"])
    assert said == others | {"去处.docm": "kind", "s.sock": "kind", "p.zip": "kind"}


@POSIX
def test_what_may_be_a_report_and_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "去处.xlsx").symlink_to("没有.xlsx")
    os.mkfifo(tmp_path / "管道.json")
    (tmp_path / "坏.docx").write_bytes(b"PK\x03\x04")
    (tmp_path / "不是.json").write_bytes(b"{}")
    run = nianbao("check", ".", "--format", "json", cwd=tmp_path)
    assert run.code == UNREADABLE
    assert {file: codes[0] for file, codes in run.codes.items()} == {
        "去处.xlsx": "file.missing",
        "管道.json": "file.special",
        "坏.docx": "file.damaged",
        "不是.json": "file.not_a_report",
    }


def test_a_published_file_that_is_named_and_no_report_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "说明.txt").write_text("x", encoding="utf-8")
    assert nianbao("check", "说明.txt", cwd=tmp_path).code == UNREADABLE
    (tmp_path / "空.xlsx").write_bytes(workbook.template("2021"))
    assert check(tmp_path)[2] == {"说明.txt": "not_a_report"}


def test_a_report_is_taken_from_the_first_of_its_carriers(tmp_path: Path) -> None:
    order = [ending for kind in sorted(KINDS, key=lambda kind: kind.rank) for ending in kind.endings]
    left = sorted(CARRIERS, key=order.index)
    for ending, made in CARRIERS.items():
        (tmp_path / f"{ending[1:]}版{ending}").write_bytes(made(REPORT))
    assert left[0] == ".xlsx"
    while left:
        code, reports, said = check(tmp_path)
        assert (code, reports) == (SOUND, [f"{left[0][1:]}版{left[0]}"])
        assert said == {f"{ending[1:]}版{ending}": "same_report" for ending in left[1:]}
        (tmp_path / reports[0]).unlink()
        left.pop(0)


@pytest.mark.parametrize("ending", [ending for ending in CARRIERS if ending != ".xlsx"])
def test_other_numbers_are_another_version_and_both_are_taken(tmp_path: Path, ending: str) -> None:
    (tmp_path / "报送.xlsx").write_bytes(workbook_of(REPORT))
    other = REPORT.with_cells({"documents.rules.in_force": 99})
    (tmp_path / f"公布{ending}").write_bytes(CARRIERS[ending](other))
    run = nianbao("check", ".", "--format", "json", cwd=tmp_path)
    versions = {file: codes for file, codes in run.codes.items() if "batch.versions" in codes}
    assert (list(run.codes), list(versions)) == (["报送.xlsx", f"公布{ending}"], [f"公布{ending}"])
    run = nianbao("convert", ".", "-o", "out", cwd=tmp_path)
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(["报送.json", "公布.json"])


def test_another_text_is_another_version_where_texts_are_exact_and_told_where_they_are_not(tmp_path: Path) -> None:
    other = replace(REPORT, narrative={**REPORT.narrative, "other": "另有说明。"})
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(REPORT))
    (tmp_path / "乙.xlsx").write_bytes(workbook_of(other))
    (tmp_path / "丙.html").write_bytes(published.page(other))
    run = nianbao("check", ".", "--format", "json", cwd=tmp_path)
    assert sorted(run.codes) == ["乙.xlsx", "甲.xlsx"]
    assert sum("batch.versions" in codes for codes in run.codes.values()) == 1
    assert told(run) == {"丙.html": "same_report"}
    (tmp_path / "乙.xlsx").unlink()
    assert "但文字有出入，请核对" in nianbao("check", ".", cwd=tmp_path).err


def test_offices_without_a_name_are_never_the_same(tmp_path: Path) -> None:
    nobody = replace(REPORT, body=replace(REPORT.body, name=None, credit_code=None))
    for name in ("甲", "乙"):
        (tmp_path / f"{name}.xlsx").write_bytes(workbook_of(nobody))
    assert sorted(check(tmp_path)[1]) == ["乙.xlsx", "甲.xlsx"]


@POSIX
@pytest.mark.parametrize("how", ["link", "hard link", "path", "folder"])
def test_one_file_is_taken_once_whatever_it_is_called(tmp_path: Path, how: str) -> None:
    (tmp_path / "里").mkdir()
    (tmp_path / "里" / "甲.xlsx").write_bytes(workbook_of(REPORT))
    given = {"path": "里/../里/甲.xlsx", "folder": "里"}.get(how, "乙.xlsx")
    if how == "link":
        (tmp_path / "乙.xlsx").symlink_to("里/甲.xlsx")
    elif how == "hard link":
        (tmp_path / "乙.xlsx").hardlink_to(tmp_path / "里" / "甲.xlsx")
    run = nianbao("check", "里/甲.xlsx", given, "--format", "json", cwd=tmp_path)
    assert list(run.codes) == ["里/甲.xlsx"]
    assert list(told(run).values()) == ["twice"]


def test_check_and_convert_agree_and_converting_again_and_again_makes_nothing_more(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(REPORT))
    (tmp_path / "a.xlsm").write_bytes(workbook_of(of_office("乙局")))
    for _ in range(3):
        run = nianbao("convert", ".", "--force", cwd=tmp_path)
        assert run.code == SOUND
        assert "写出 2 份，没有写出 0 份" in run.err
        assert sorted(path.name for path in tmp_path.iterdir()) == ["a.json", "a.xlsm", "a.xlsx", "a.xlsx.json"]
        assert sorted(check(tmp_path)[1]) == ["a.xlsm", "a.xlsx"]
    (tmp_path / "a.xlsx").write_bytes(workbook_of(REPORT.with_cells({"documents.rules.in_force": 99})))
    assert check(tmp_path)[2] == {"a.json": "made_from", "a.xlsx.json": "made_from"}


def test_results_of_the_kit_are_no_reports(tmp_path: Path) -> None:
    (tmp_path / "里").mkdir()
    (tmp_path / "里" / "甲.xlsx").write_bytes(workbook_of(REPORT))
    for name in ("清单.html", "清单.xlsx", "清单.json", "清单.csv", "清单.txt"):
        assert nianbao("check", "里", "-o", f"里/{name}", cwd=tmp_path).code == SOUND
    (tmp_path / "里" / "乙.xlsx").write_bytes(workbook_of(of_office("乙局")))
    assert nianbao("check", "里", "-o", "里.html", cwd=tmp_path).code == SOUND
    assert sorted(path.name for path in (tmp_path / "里-网页").iterdir()) == ["乙.html", "甲.html"]
    assert not list((tmp_path / "里").glob("甲*.html"))
    code, reports, said = check(tmp_path)
    assert (code, sorted(reports)) == (SOUND, ["里/乙.xlsx", "里/甲.xlsx"])
    assert {said[f"里/清单.{ending}"] for ending in ("html", "xlsx", "json")} == {"result"}
    assert {said[name] for name in ("里.html", "里-网页/甲.html", "里-网页/乙.html")} == {"result"}


def test_what_is_written_into_a_folder_below_is_not_taken_the_next_time(tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(REPORT))
    assert nianbao("convert", ".", "-o", "out", cwd=tmp_path).code == SOUND
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(REPORT.with_cells({"documents.rules.in_force": 99})))
    run = nianbao("convert", ".", "-o", "out", "--force", cwd=tmp_path)
    assert (run.code, told(run)) == (SOUND, {"out/甲.json": "made_from"})
    assert [path.name for path in (tmp_path / "out").rglob("*.json")] == ["甲.json"]


@pytest.mark.parametrize("output", [".", "..", "in/../.", "/"])
def test_a_folder_above_the_input_holds_no_results(tmp_path: Path, output: str) -> None:
    folder = tmp_path / "there" / "in"
    (folder / "sub").mkdir(parents=True)
    for name in ("甲局", "乙局"):
        (folder / "sub" / f"{name}.xlsx").write_bytes(workbook_of(of_office(name)))
    output = output if output != "/" else str(tmp_path)
    run = nianbao("convert", "in", "-o", output, cwd=tmp_path / "there")
    assert run.code == SOUND, run.err
    assert len(list(tmp_path.rglob("*.json"))) == 2


def test_the_closing_sentence_counts_what_was_written(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / f"{number}.json").write_bytes(workbook.to_json(of_office(f"第{number}局")))
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    run = nianbao("fill", ".", "-o", "out/x", cwd=tmp_path)
    assert run.code == MISUSE
    assert run.err.splitlines()[-1].endswith("；写出 0 份，没有写出 3 份")
    run = nianbao("fill", ".", "-o", "there", cwd=tmp_path)
    assert run.err.splitlines()[-1].endswith("；写出 3 份，没有写出 0 份")


def test_a_library_that_is_missing_is_told_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "甲.xlsx").write_bytes(workbook_of(REPORT))
    (tmp_path / "公布.html").write_bytes(published.page(of_office("乙局")))
    import subprocess

    code = (
        "import sys\nsys.modules['lxml'] = None\nimport workbook.cli\nworkbook.cli.main(['check', '.', '--lang', 'zh'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, check=False)
    assert done.returncode == SOUND
    assert "〔skipped.library〕" in done.stderr.decode()
    assert "whl[published]" in done.stderr.decode()
