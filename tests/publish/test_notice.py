"""The correction notice: it says just what verify finds, the published side first, and harms nobody."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from cases import EDITIONS, of_office, sound
from command import Run
from command import nianbao as command
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from publication import HARD_TEXTS, LONG_NAME, with_texts
from strategies import examples
from workbooks import workbook_of

import workbook
from workbook.exits import FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.publish.job import Publishing, publish
from workbook.publish.notice import HEADS, Notice, notice
from workbook.publish.notice_files import ENDINGS, write_notice
from workbook.report import Report, Unreadable
from workbook.report.compare import compare
from workbook.report.folding import folded
from workbook.report.paragraphs import Change, changed_paragraphs

TEXT = "（一）主动公开。公开信息12条。\n（二）依申请公开。办理情况良好。\n（三）平台建设。"
GOOD = replace(sound("2021"), narrative={**sound("2021").narrative, "overview": TEXT})
APPLICATIONS, DISPUTES = "三、收到和处理政府信息公开申请情况", "四、政府信息公开行政复议、行政诉讼情况"
RECEIVED = f"{APPLICATIONS}，“一、本年新收政府信息公开申请数量”行，“自然人”列"


def nianbao(*arguments: str | Path, cwd: Path) -> Run:
    return command(*arguments, cwd=cwd)


def with_overview(report: Report, text: str) -> Report:
    return replace(report, narrative={**report.narrative, "overview": text})


def page_of(report: Report) -> str:
    return publish(report, Publishing(("page",)), findings=())[0]["page"][""].decode()


def rows_of(data: bytes, ending: str) -> list[tuple[str, ...]]:
    """Return the rows of the table in a notice, without its heads."""
    if ending == ".docx":
        tables = docx.Document(io.BytesIO(data)).tables
        rows = [tuple(cell.text for cell in row.cells) for table in tables for row in table.rows]
    elif ending == ".html":
        rows = [tuple(cell.text_content() for cell in row) for row in html.fromstring(data).iter("tr")]
    else:
        rows = [tuple(line.split(" | ")) for line in data.decode("utf-8-sig").splitlines() if " | " in line]
    assert rows[:1] in ([], [HEADS])
    return rows[1:]


def lines_of(data: bytes, ending: str) -> list[str]:
    """Return the paragraphs of a notice."""
    if ending == ".docx":
        return [each.text for each in docx.Document(io.BytesIO(data)).paragraphs]
    if ending == ".html":
        return [each.text_content() for each in html.fromstring(data).iter("h1", "h2", "p")]
    return [line.removeprefix("　　") for line in data.decode("utf-8-sig").splitlines()]


def told(old: Report, new: Report, date: str | None = None) -> Notice:
    made = notice(old, new, date)
    assert made
    return made


# ---- forged pages ---------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the workbook that is right."""
    (tmp_path / "年报.xlsx").write_bytes(workbook_of(GOOD))
    return tmp_path


def exchanged(page: str) -> str:
    """Exchange two digits of the first number of three digits."""
    number = str(GOOD.cells["applications.received.natural"])
    forged = number[1] + number[0] + number[2:]
    at = page.index(f">{number}<", page.index("本年新收"))
    return f"{page[: at + 1]}{forged}{page[at + 1 + len(number) :]}"


def without_paragraph(page: str) -> str:
    tree = html.fromstring(page)
    for each in tree.iter("p", "h3"):
        if each.text_content().startswith("（二）依申请公开。"):
            each.drop_tree()
            break
    return html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


def without_row(page: str) -> str:
    tree = html.fromstring(page)
    for row in tree.iter("tr"):
        if "（五）不予处理" in row.text_content() or "行政许可" in row.text_content():
            row.drop_tree()
            break
    return html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")


@pytest.mark.parametrize("ending", ENDINGS)
def test_two_digits_exchanged_on_a_page(folder: Path, ending: str) -> None:
    (folder / "网页.html").write_text(exchanged(page_of(GOOD)), "utf-8")
    line = ("verify", "网页.html", "--against", "年报.xlsx", "--notice", f"更正{ending}", "--date", "2026-2-1")
    assert nianbao(*line, cwd=folder).code == FAULTY
    data = (folder / f"更正{ending}").read_bytes()
    right = str(GOOD.cells["applications.received.natural"])
    assert rows_of(data, ending) == [("1", RECEIVED, right[1] + right[0] + right[2:], right)]
    said = "".join(lines_of(data, ending))
    assert f"关于更正《{GOOD.body.name}2024年政府信息公开工作年度报告》的说明" in said.replace("\n", "")
    assert said.endswith("2026年2月1日")


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_lost_paragraph_on_a_page(folder: Path, ending: str) -> None:
    (folder / "网页.html").write_text(without_paragraph(page_of(GOOD)), "utf-8")
    line = ("verify", "网页.html", "--against", "年报.xlsx", "--notice", f"更正{ending}")
    assert nianbao(*line, cwd=folder).code == FAULTY
    data = (folder / f"更正{ending}").read_bytes()
    assert rows_of(data, ending) == []
    lines = lines_of(data, ending)
    at = lines.index("增加一段，为更正后的第 2 段：")
    assert lines[at + 1] == "（二）依申请公开。办理情况良好。"
    assert "（一）主动公开。公开信息12条。" not in lines


def test_a_lost_row_on_a_page_gives_each_of_its_numbers(folder: Path) -> None:
    (folder / "网页.html").write_text(without_row(page_of(GOOD)), "utf-8")
    assert nianbao("verify", "网页.html", "--against", "年报.xlsx", "--notice", "更正.txt", cwd=folder).code == FAULTY
    rows = rows_of((folder / "更正.txt").read_bytes(), ".txt")
    key = "services.licensing.decisions"
    wanted = [key for key in GOOD.cells if key.rsplit(".", 1)[0] == "services.licensing"] if key in GOOD.cells else []
    assert rows
    assert all(old == "（没有公布或无法辨认）" for _, _, old, _ in rows)
    assert not wanted or [new for *_, new in rows] == [str(GOOD.cells[each]) for each in wanted]


def test_nothing_is_written_where_nothing_differs_and_that_is_said(folder: Path) -> None:
    (folder / "网页.html").write_text(page_of(GOOD), "utf-8")
    run = nianbao("verify", "网页.html", "--against", "年报.xlsx", "--notice", "更正.docx", cwd=folder)
    assert run.code == SOUND
    assert "没有要更正的内容" in run.err
    assert not (folder / "更正.docx").exists()


OTHERS: dict[str, Callable[[Report], Report]] = {
    "another office": lambda report: replace(report, body=replace(report.body, name="某某市水利局")),
    "another year": lambda report: replace(report, year=2023),
}


@pytest.mark.parametrize("name", OTHERS)
def test_there_is_no_notice_for_a_report_of_somebody_else(folder: Path, name: str) -> None:
    (folder / "网页.html").write_text(page_of(OTHERS[name](GOOD)), "utf-8")
    run = nianbao("verify", "网页.html", "--against", "年报.xlsx", "--notice", "更正.docx", cwd=folder)
    assert run.code == FAULTY
    assert "file.not_written" in run.err
    assert "同一机关、同一年度" in run.err
    assert not (folder / "更正.docx").exists()
    with pytest.raises(Unreadable):
        notice(OTHERS[name](GOOD), GOOD)


def test_what_is_wrong_itself_corrects_nothing(folder: Path) -> None:
    wrong = GOOD.with_cells({"applications.received.total": 1})
    (folder / "网页.html").write_text(page_of(GOOD), "utf-8")
    (folder / "错.xlsx").write_bytes(workbook_of(wrong))
    run = nianbao("verify", "网页.html", "--against", "错.xlsx", "--notice", "更正.html", cwd=folder)
    assert run.code == FAULTY
    assert "处错误" in run.err
    assert not (folder / "更正.html").exists()
    with pytest.raises(Unreadable):
        notice(GOOD, wrong)


# ---- what it says ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_every_number_that_differs_is_said_and_no_other(edition: str, ending: str) -> None:
    good = replace(sound(edition), body=replace(sound(edition).body, name=LONG_NAME))
    keys = list(good.cells)[::7]
    old = good.with_cells(dict.fromkeys(keys, 987_654))
    rows = rows_of(write_notice(told(old, good), ending), ending)
    found = [finding.at for finding in compare(old, good) if finding.code == "differs.cell"]
    assert found == keys
    assert [row[2:] for row in rows] == [("987654", str(good.cells[key])) for key in keys]
    for key, row in zip(keys, rows, strict=True):
        cell = good.form.cells[key]
        assert f"{cell.row.label}”行" in row[1]
        assert f"{cell.column.label}”列" in row[1]
    assert len({row[1] for row in rows}) == len(rows)


def test_the_published_side_is_the_old_one() -> None:
    old = GOOD.with_cells({"documents.rules.in_force": 5})
    (one,) = told(old, GOOD).corrections
    assert (one.old, one.new) == ("5", str(GOOD.cells["documents.rules.in_force"]))


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("text", [text for name, text in HARD_TEXTS.items() if name != "long"])
def test_hard_texts_are_said_as_they_are_and_do_nothing(text: str, ending: str) -> None:
    old, new = with_overview(GOOD, text), with_overview(GOOD, "只有一段。")
    data = write_notice(told(old, new), ending)
    lines = lines_of(data, ending)
    for line in filter(str.strip, text.split("\n")):
        assert line in lines
    if ending == ".html":
        tree = html.fromstring(data)
        assert not list(tree.iter("b", "script", "img"))


def test_hostile_letters_are_not_printed() -> None:
    old = with_overview(GOOD, "甲\u202e乙\x1b[2J丙")
    for ending in ENDINGS:
        data = write_notice(told(old, GOOD), ending)
        assert not {"\u202e", "\x1b"} & set("".join(lines_of(data, ending)))


def test_the_same_notice_has_the_same_bytes() -> None:
    made = told(GOOD.with_cells({"documents.rules.in_force": 5}), GOOD)
    for ending in ENDINGS:
        assert write_notice(made, ending) == write_notice(made, ending)


def test_a_text_of_many_hard_lines_changes_whole() -> None:
    made = told(with_texts("2021", HARD_TEXTS["long"]), sound("2021"))
    assert all(change.old or change.new for _, changes in made.texts for change in changes)


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("甲乙丙。\n丁戊。", "甲乙丙。\n丁戊。", []),
        ("甲乙丙。丁戊。", "甲乙丙。\n丁戊。", []),
        ("甲乙丙一。\n丁戊。", "甲乙丙二。\n丁戊。", [("甲乙丙一。", "甲乙丙二。", 1)]),
        ("甲乙丙。\n丁戊。\n己。", "甲乙丙。\n己。", [("丁戊。", None, 2)]),
        ("甲乙丙。\n己。", "甲乙丙。\n\n丁戊。\n己。", [(None, "丁戊。", 2)]),
        (None, "甲。\n乙。", [(None, "甲。", 1), (None, "乙。", 2)]),
        ("甲。", "", [("甲。", None, 1)]),
        ("甲。乙乙乙乙一。", "甲。\n乙乙乙乙一。\n新。", [(None, "新。", 3)]),
        ("同。\n" * 3 + "尾。", "同。\n" * 4 + "尾。", [(None, "同。", 4)]),
    ],
)
def test_paragraphs_that_change(old: str | None, new: str, changes: list[tuple[str | None, str | None, int]]) -> None:
    assert changed_paragraphs(old, new) == tuple(Change(*each) for each in changes)


@given(
    old=st.lists(st.text("甲乙12a .\u200b", max_size=4), max_size=6),
    new=st.lists(st.text("甲乙12a .\u200b", max_size=4), max_size=6),
)
@examples(200)
def test_texts_change_where_they_are_told_apart_and_only_their_own_paragraphs_are_told(
    old: list[str], new: list[str]
) -> None:
    changes = changed_paragraphs("\n".join(old), "\n".join(new))
    assert bool(changes) == (folded("\n".join(old)) != folded("\n".join(new)))
    here, there = ([line for line in lines if folded(line)] for lines in (old, new))
    for change in changes:
        assert change.old is None or change.old in here
        assert change.new is None or change.new == there[change.number - 1]
        assert change.new is not None or change.old == here[change.number - 1]


# ---- where it goes --------------------------------------------------------------------------------------------------


def test_several_notices_of_one_run_and_what_is_refused(folder: Path) -> None:
    (folder / "网页.html").write_text(exchanged(page_of(GOOD)), "utf-8")
    line = ("verify", "网页.html", "--against", "年报.xlsx")
    both = (*line, "--notice", "a.docx", "--notice", "a.html")
    assert nianbao(*both, "-o", "核对.json", cwd=folder).code == FAULTY
    assert {path.name for path in folder.iterdir()} == {"年报.xlsx", "网页.html", "a.docx", "a.html", "核对.json"}
    (folder / "a.html").write_text("mine", "utf-8")
    assert nianbao(*both, cwd=folder).code == MISUSE
    assert (folder / "a.html").read_text("utf-8") == "mine"
    assert nianbao(*both, "--force", cwd=folder).code == FAULTY
    assert (folder / "a.html").read_text("utf-8") != "mine"
    for wrong in (
        ("--notice", "a.pdf"),
        ("--notice", "网页.html", "--force"),
        ("--notice", "年报.docx", "--notice", "年报.docx"),
        ("--notice", "b.html", "-o", "b.html"),
        ("--notice", "b.html", "--date", "2026-13-1"),
    ):
        assert nianbao(*line, *wrong, cwd=folder).code == MISUSE, wrong
    assert (
        nianbao("verify", "--code", "1" * 16, "--against", "年报.xlsx", "--notice", "b.txt", cwd=folder).code == MISUSE
    )
    assert nianbao("verify", "无.html", "--against", "年报.xlsx", "--notice", "b.txt", cwd=folder).code == UNREADABLE
    assert not (folder / "b.txt").exists()


@pytest.mark.parametrize("output", [(), ("-o", "核对.html"), ("--format", "json")])
def test_notices_of_folders_lie_in_a_folder_by_office_and_year(tmp_path: Path, output: tuple[str, ...]) -> None:
    offices = ("甲市教育局", "乙市公安局", "丙市财政局")
    for name in ("报送", "公布"):
        (tmp_path / name).mkdir()
    for at, name in enumerate(offices):
        (tmp_path / "报送" / f"{name}.json").write_bytes(workbook.to_json(of_office(name)))
        old = of_office(name).with_cells({"documents.rules.in_force": 900} if at else {})
        (tmp_path / "公布" / f"{name}.html").write_text(page_of(old), "utf-8")
    line = ("verify", "公布", "--against", "报送", "--notice", "更正", *output)
    run = nianbao(*line, cwd=tmp_path)
    assert run.code == FAULTY, run.err
    stem = "{}2024年政府信息公开工作年度报告-更正说明{}"
    wanted = {stem.format(name, ending) for name in offices[1:] for ending in ENDINGS}
    assert {path.name for path in (tmp_path / "更正").iterdir()} == wanted
    for ending in ENDINGS:
        data = (tmp_path / "更正" / stem.format("乙市公安局", ending)).read_bytes()
        assert [row[2] for row in rows_of(data, ending)] == ["900"]
    assert nianbao("verify", "公布", "--against", "报送", "--notice", "a.docx", cwd=tmp_path).code == MISUSE
    assert nianbao(*line[:6], cwd=tmp_path).code == MISUSE
    assert nianbao(*line[:6], "--force", cwd=tmp_path).code == FAULTY


def test_a_folder_takes_no_notice_for_a_report(folder: Path) -> None:
    (folder / "网页.html").write_text(exchanged(page_of(GOOD)), "utf-8")
    notices = [part for ending in ENDINGS for part in ("--notice", f"更正{ending}")]
    assert nianbao("verify", "网页.html", "--against", "年报.xlsx", *notices, cwd=folder).code == FAULTY
    (folder / "网页.html").unlink()
    run = nianbao("check", ".", cwd=folder)
    assert run.code == SOUND, run.err
    assert run.err.count("skipped.") == len(ENDINGS)
