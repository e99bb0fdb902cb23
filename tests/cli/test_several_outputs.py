"""Several outputs of one run of ``check``: each by its ending, from one reading of the inputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import openpyxl
import pytest
from cases import of_office
from command import nianbao
from packages import GOOD
from workbooks import workbook_of

from workbook.exits import FAULTY, MISUSE, SOUND

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound report and a faulty one of another office."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "甲局.xlsx").write_bytes(GOOD)
    faulty = of_office("乙局").with_cells({"applications.received.natural": 12})
    (tmp_path / "in" / "乙局.xlsx").write_bytes(workbook_of(faulty))
    return tmp_path


def test_a_workbook_and_pages_of_one_run(folder: Path) -> None:
    run = nianbao("check", "in", "-o", "all.xlsx", "-o", "all.html", "-o", "all.json", cwd=folder)
    assert run.code == FAULTY
    assert not run.out
    apart = {name: nianbao("check", "in", "-o", f"one.{name}", cwd=folder) for name in ("xlsx", "html", "json")}
    assert {each.code for each in apart.values()} == {FAULTY}
    assert (folder / "all.json").read_bytes() == (folder / "one.json").read_bytes()
    assert rows(folder / "all.xlsx") == rows(folder / "one.xlsx")
    assert sorted(path.name for path in (folder / "all").iterdir()) == ["乙局.html", "甲局.html"]
    for page in (folder / "all").iterdir():
        assert page.read_bytes() == (folder / "one" / page.name).read_bytes()
    page = (folder / "all.html").read_text(encoding="utf-8")
    assert page.replace('href="all/', 'href="one/') == (folder / "one.html").read_text(encoding="utf-8")
    assert run.err.splitlines()[0] == "共 2 份：1 份没有错误，1 份有错误，0 份无法读取"


def test_one_report_gives_one_page_and_no_folder(folder: Path) -> None:
    run = nianbao("check", "in/乙局.xlsx", "-o", "a.html", "-o", "a.xlsx", "-o", "b.htm", cwd=folder)
    assert run.code == FAULTY
    assert sorted(path.name for path in folder.iterdir()) == ["a.html", "a.xlsx", "b.htm", "in"]
    assert "table" in (folder / "a.html").read_text(encoding="utf-8")
    assert (folder / "a.html").read_bytes() == (folder / "b.htm").read_bytes()


@pytest.mark.parametrize(
    ("outputs", "why"),
    [
        (["a.xlsx", "./a.xlsx"], r"a\.xlsx 写了两次"),
        (["a.xlsx", "A.xlsx"], r"A\.xlsx 写了两次"),
        (["a.html", "b.html"], r"b\.html：多个文件时"),
        (["a.html", "a"], "a 写了两次"),
        (["a.xlsx", "old.html"], r"已有 old\.html"),
        (["a.html", "in/甲局.xlsx"], r"甲局\.xlsx 是要读取的文件"),
        (["a.xlsx", "a.docx"], r"a\.docx 的扩展名"),
    ],
)
def test_outputs_that_cannot_be_are_refused_before_the_work(folder: Path, outputs: list[str], why: str) -> None:
    (folder / "old.html").write_text("mine", encoding="utf-8")
    run = nianbao("check", "in", *(part for name in outputs for part in ("-o", name)), cwd=folder)
    assert run.code == MISUSE
    assert re.search(why, run.err), run.err
    assert sorted(path.name for path in folder.iterdir()) == ["in", "old.html"]


def test_one_format_is_not_for_several(folder: Path) -> None:
    run = nianbao("check", "in", "--format", "json", "-o", "a.xlsx", "-o", "a.html", cwd=folder)
    assert (run.code, run.out) == (MISUSE, b"")
    assert "--format 只用于一个结果" in run.err


def test_force_writes_over_all(folder: Path) -> None:
    (folder / "a.xlsx").write_text("old", encoding="utf-8")
    (folder / "a.json").write_text("old", encoding="utf-8")
    assert nianbao("check", "in/甲局.xlsx", "-o", "a.xlsx", "-o", "a.json", "--force", cwd=folder).code == SOUND
    assert b"old" not in (folder / "a.xlsx").read_bytes()[:3]
    assert (folder / "a.json").read_bytes()[:1] == b"["


def test_what_can_be_written_is_written_where_another_cannot(folder: Path) -> None:
    run = nianbao("check", "in/甲局.xlsx", "-o", "in/甲局.xlsx/a.json", "-o", "a.xlsx", cwd=folder)
    assert run.code == MISUSE
    assert "a.json 写不出去" in run.err
    assert (folder / "a.xlsx").exists()


def rows(path: Path) -> list[tuple[object, ...]]:
    book = openpyxl.load_workbook(path)
    return [row for sheet in book for row in sheet.iter_rows(values_only=True)]
