"""What goes back to units: every mistake with its place, last year's figures, a marked copy; who is missing."""

from __future__ import annotations

import datetime as dt
import html
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import pytest
from browser import chromium
from cases import Case, cases, sound
from gathered import AT, Gathered, unit
from workbooks import workbook_of

import workbook
from workbook.collect.letters import write_letters
from workbook.collect.standing import State
from workbook.files import parse
from workbook.intake.results import is_result
from workbook.printable import printable
from workbook.report import Report, Unreadable, blank, content_digest
from workbook.report.fold import fold

UNTIL = dt.date(2026, 2, 10)
UNITS = (
    unit("c", "临江市人民政府办公室", None, "government"),
    unit("a", "市财政局", "c", contact="王晓明 0571-8123"),
    unit("b", "城关镇人民政府", "c", "township"),
)


def with_file(made: Gathered, report: Report, unit: str = "a", file: str = "财政局.xlsx", year: int = 2025) -> None:
    """Let a workbook come, and be read as it is."""
    data = workbook_of(replace(report, year=year))
    made.add(unit, year, parse(data, file), data, file)


def faulty(**cells: Any) -> Report:
    """Return a report with a wrong total, a blank and a text for a number."""
    change = {"applications.received.natural": 12, "disputes.review.total": None, "fees.fee.amount": "9元"}
    return sound("2021").with_cells({**change, **cells})


def written(
    made: Gathered, units: str, lang: Any = "zh", until: dt.date | None = UNTIL, **more: Any
) -> dict[str, Path]:
    """Return the files of letters by their endings, and by unit where there are several."""
    standings = [made.standing(unit, 2025) for unit in units]
    paths = write_letters(made, standings, made.folder / "退回", until, lang, **more)
    return {path.name.rpartition("-")[2]: path for path in paths}


def shown(page: Path) -> str:
    """Return what a page shows, without its marks."""
    text = re.sub(r"<style>.*?</style>", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]+>", "", text))


def test_a_returned_report_is_told_every_mistake_until_when_and_by_whom(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    files = written(made, "a")
    assert list(files) == ["退回单.html", "退回单.txt", "退回单.docx", "校验.xlsx"]
    assert all(path.name.startswith("市财政局-") for path in files.values())
    causes = fold(made.findings(1), "2021")
    assert len(causes) == 3
    for text in (shown(files["退回单.html"]), files["退回单.txt"].read_text(encoding="utf-8-sig")):
        for cause in causes:
            assert cause.message("zh") in text
            assert cause.first["hint"] in text
        for said in ("「三、依申请公开」D6", "现有 12", "应有 941", "财政局.xlsx（第 1 次报送）", "2026年2月10日前"):
            assert said in text
        assert "临江市人民政府办公室" in text
        assert "截至 2026-02-03 09:30 · 年报工具箱" in text
        assert "市财政局-校验.xlsx" in text


@pytest.mark.parametrize("case", cases(), ids=str)
def test_no_mistake_of_any_kind_is_left_out(case: Case, tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    made.add("a", 2025, case.report, b"{}", "财政局.json")
    files = written(made, "a")
    causes = [cause for cause in fold(made.findings(1), case.edition) if cause.status != "waived"]
    page, text = shown(files["退回单.html"]), files["退回单.txt"].read_text(encoding="utf-8-sig")
    for cause in causes:
        assert printable(cause.message("zh"), keep="\n") in text
        assert printable(cause.message("zh"), keep="\n") in page
    assert len(re.findall(r"^\d+\. 【", text, re.MULTILINE)) == len(causes)


def test_last_years_figures_stand_beside_those_that_mistakes_name(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty(**{"documents.rules.made": None}))
    last = sound("2021").with_cells({"disputes.review.total": 200, "fees.fee.amount": Decimal("2.5")})
    with_file(made, last, file="去年.xlsx", year=2024)
    files = written(made, "a")
    page, text = shown(files["退回单.html"]), files["退回单.txt"].read_text(encoding="utf-8-sig")
    rows = re.findall(r"<tr.*?</tr>", files["退回单.html"].read_text(encoding="utf-8"))
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    found = {html.unescape(re.sub("<small>.*", "", row[0])).strip(): row[1:] for row in cells}
    assert found["行政复议 · 总计"] == ["200", "空白", ""]
    assert found["一、本年新收政府信息公开申请数量 · 自然人"] == ["941", "12", "-929"]
    assert found["一、本年新收政府信息公开申请数量 · 总计"] == ["5400", "5400", "0"]
    assert "（去年.xlsx）" in page
    assert "上年 200" in text
    assert [row[0] for row in cells if len(row) == 1] == [
        "二、主动公开政府信息情况 第二十条第（一）项",
        "二、主动公开政府信息情况 第二十条第（八）项",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]


def test_many_figures_beside_last_years_are_folded_away_and_all_there(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, replace(blank("2021", 2025), body=sound("2021").body))
    with_file(made, sound("2021"), year=2024)
    page = written(made, "a")["退回单.html"].read_text(encoding="utf-8")
    entered = set(sound("2021").cells) - set(sound("2021").form.calculated)
    rows = page.count('<tr class="wrong">')
    assert rows == len(entered)
    assert f"<summary>共 {rows} 格，点开看</summary>" in page


def test_without_last_years_report_nothing_is_compared(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    files = written(made, "a")
    assert "与上年对照" not in shown(files["退回单.html"])
    assert "上年 " not in files["退回单.txt"].read_text(encoding="utf-8-sig")


def test_the_marked_copy_is_one_of_the_file_that_came(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    copy = workbook.read(written(made, "a")["校验.xlsx"])
    assert copy.copy_of == (content_digest(made.report(1)),)
    assert copy.cells["applications.received.natural"] == 12


@pytest.mark.parametrize(
    ("data", "file", "why"),
    [
        (b'{"edition": "2021"}', "a.json", "报送的不是工作簿"),
        (b"", "a.xlsx", "原文件已经不在收报库里"),
        (b"PK\x03\x04 xl/workbook.xml cut", "a.xlsx", "不能加标记"),
    ],
)
def test_without_a_copy_the_letter_says_why(tmp_path: Path, data: bytes, file: str, why: str) -> None:
    made = Gathered(UNITS, tmp_path)
    made.add("a", 2025, replace(faulty(), year=2025), data, file)
    files = written(made, "a")
    assert list(files) == ["退回单.html", "退回单.txt", "退回单.docx"]
    assert why in files["退回单.txt"].read_text(encoding="utf-8-sig")
    assert why in shown(files["退回单.html"])


def test_the_office_may_say_why_and_until_when_it_was_told_is_kept(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, sound("2021"))
    version = replace(made.standing("a", 2025).versions[0], decision="returned", reason="盖章页缺失\n请补", until=UNTIL)
    made.more["a", 2025] = {}
    standing = replace(made.standing("a", 2025), versions=(version,), state=State.RETURNED)
    text = Path(write_letters(made, [standing], tmp_path / "x", None, "zh")[1]).read_text(encoding="utf-8-sig")
    assert "退回原因：盖章页缺失\n请补" in text
    assert "2026年2月10日前" in text
    other = write_letters(made, [standing], tmp_path / "y", dt.date(2026, 3, 1), "zh", reason="另报")[1]
    assert "退回原因：另报" in other.read_text(encoding="utf-8-sig")
    assert "2026年2月10日前" in other.read_text(encoding="utf-8-sig")
    new = replace(standing, versions=(replace(version, decision=None, until=None),))
    (_, text, *_) = write_letters(made, [new], tmp_path / "z", dt.date(2026, 3, 1), "zh")
    assert "2026年3月1日前" in text.read_text(encoding="utf-8-sig")


def test_the_newest_version_is_returned_and_a_withdrawn_one_is_not(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty(), file="一.xlsx")
    with_file(made, faulty(**{"disputes.review.total": 1}), file="二.xlsx")
    assert "二.xlsx（第 2 次报送）" in written(made, "a")["退回单.txt"].read_text(encoding="utf-8-sig")
    first, second = made.standing("a", 2025).versions
    gone = replace(second, decision="withdrawn", reason="错发")
    standing = replace(made.standing("a", 2025), versions=(first, gone))
    (text,) = [path for path in write_letters(made, [standing], tmp_path / "x", UNTIL, "zh") if path.suffix == ".txt"]
    assert "一.xlsx（第 1 次报送）" in text.read_text(encoding="utf-8-sig")
    both = replace(standing, versions=(replace(first, decision="withdrawn"), gone), state=State.OVERDUE)
    (text,) = [path for path in write_letters(made, [both], tmp_path / "y", UNTIL, "zh") if path.suffix == ".txt"]
    assert text.name.endswith("-催报单.txt")
    assert "“二.xlsx”（2026-02-03 09:30 收到）错发" in text.read_text(encoding="utf-8-sig")


@pytest.mark.parametrize(
    ("state", "at", "said"),
    [
        (State.OVERDUE, AT, "已超过报送期限 3 天"),
        (State.MISSING, AT.replace(month=1, day=20), "离报送期限还有 11 天"),
        (State.MISSING, AT.replace(month=1, day=31), "今天是报送期限的最后一天"),
    ],
)
def test_who_sent_nothing_is_reminded_of_the_date(tmp_path: Path, state: State, at: dt.datetime, said: str) -> None:
    made = Gathered(UNITS, tmp_path)
    standing = replace(made.standing("b", 2025), state=state, at=at)
    page, text, _ = write_letters(made, [standing], tmp_path / "x", None, "zh")
    for told in (shown(page), text.read_text(encoding="utf-8-sig")):
        assert said in told
        assert "2026年1月31日（《政府信息公开条例》" in told
        assert "城关镇人民政府" in told
        assert "怎样报送" in told


def test_who_sent_another_year_is_told_so(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, sound("2021"), "b", "镇.xlsx", 2024)
    standing = made.standing("b", 2024)
    made.more["b", 2025] = {"elsewhere": ((2024, standing.versions[0]),), "reason": "换了经办人"}
    text = written(made, "b")["催报单.txt"].read_text(encoding="utf-8-sig")
    assert "“镇.xlsx”（2026-02-03 09:30 收到）：封面写的是 2024 年度" in text
    assert "期限调整：换了经办人" in text


def test_who_need_not_report_gets_no_letter(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    made.states["b", 2025] = State.WAIVED
    assert written(made, "b") == {}
    assert write_letters(made, [], tmp_path, None, "zh") == []


def test_what_is_there_is_not_replaced_and_nothing_is_written_then(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    files = written(made, "ab")
    before = {path: path.read_bytes() for path in files.values()}
    for name in ("退回单.html", "催报单.txt"):
        files[name].unlink()
    with pytest.raises(FileExistsError):
        written(made, "ab")
    assert not files["退回单.html"].exists()
    written(made, "ab", force=True)
    assert {path: path.read_bytes() for path in files.values() if path.suffix != ".xlsx"} == {
        path: data for path, data in before.items() if path.suffix != ".xlsx"
    }


def test_units_of_one_name_have_letters_of_their_own(tmp_path: Path) -> None:
    units = (
        *UNITS,
        unit("e", "甲县人民政府"),
        unit("f", "财政局", "c"),
        unit("g", "财政局", "e"),
        unit("h", "财政局", "e"),
    )
    made = Gathered(units, tmp_path)
    paths = write_letters(made, [made.standing(unit, 2025) for unit in "fgh"], tmp_path / "x", None, "zh")
    assert [path.name for path in paths[::3]] == [
        "财政局（临江市人民政府办公室）-催报单.html",
        "财政局（甲县人民政府）-催报单.html",
        "财政局（h）-催报单.html",
    ]


def test_foreign_text_does_no_harm(tmp_path: Path) -> None:
    evil = "<script>x</script>\u202e\x1b[2J\n../"
    units = (replace(UNITS[0], name=evil), replace(UNITS[1], name=f"{evil}局", contact=evil), UNITS[2])
    made = Gathered(units, tmp_path)
    report = faulty(**{"documents.rules.made": evil})
    report = replace(report, body=replace(report.body, name=evil))
    with_file(made, report, file=f"{evil}.xlsx")
    files = written(made, "a", reason=evil)
    for path in (files["退回单.html"], files["退回单.txt"]):
        text = path.read_text(encoding="utf-8-sig")
        assert not set(text) & {"\u202e", "\x1b"}
        assert path.parent == tmp_path / "退回"
    assert "<script" not in files["退回单.html"].read_text(encoding="utf-8")


def test_nobody_takes_a_letter_for_a_report(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    with_file(made, sound("2021"), year=2024)
    for name, path in written(made, "ab").items():
        if name.endswith("html"):
            assert is_result(path.read_bytes())
        if not name.endswith("xlsx"):
            with pytest.raises(Unreadable):
                workbook.read(path)


def test_letters_are_said_in_english(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty())
    files = written(made, "ab", "en")
    assert list(files) == [
        *("returned.html", "returned.txt", "returned.docx", "校验.xlsx"),
        *("reminder.html", "reminder.txt", "reminder.docx"),
    ]
    assert "by 2026-02-10" in shown(files["returned.html"])
    assert "3 days late" in files["reminder.txt"].read_text(encoding="utf-8-sig")


def test_pages_are_as_wide_as_screens_are(tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, faulty(**{"applications.granted.total": 123456789, "enforcement.penalty.decisions": "无" * 60}))
    with_file(made, sound("2021"), year=2024)
    pages = [path for path in written(made, "ab").values() if path.suffix == ".html"]
    with chromium() as browser:
        for page in pages:
            for width in (1280, 390, 320):
                shown_page = browser.new_page(viewport={"width": width, "height": 800})
                shown_page.goto(page.as_uri())
                assert shown_page.evaluate("document.documentElement.scrollWidth") <= width
                shown_page.close()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_word_document_says_what_the_text_says(lang: Any, tmp_path: Path) -> None:
    made = Gathered(UNITS, tmp_path)
    with_file(made, sound("2021"), year=2024)
    with_file(made, faulty(**{"applications.received.natural": 5}))
    files = {path.suffix: path for path in written(made, "a", lang).values()}
    found = docx.Document(str(files[".docx"]))
    said = [line for paragraph in found.paragraphs for line in paragraph.text.split("\n") if line]
    text = [line for line in files[".txt"].read_text(encoding="utf-8-sig").split("\n") if line]
    assert "".join(said).replace(" ", "") == "".join(text).replace(" ", "")
    (table,) = found.tables
    assert [cell.text for cell in table.rows[0].cells][1:3] == ["2024", "2025"]
    assert len(table.rows) > 1
