"""生成公开稿 and 核对公布稿: what is written and when it is not, and what is found where between page and workbook."""

from __future__ import annotations

import datetime as dt
import re
import sys
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from buttons import at, looks, press, wrong
from cases import of_office, sound
from engine import sheets
from engine.user import User
from workbooks import blank_of, workbook_of

import workbook
from workbook.excel.findings_sheet import HEADS, RESULTS
from workbook.publish.code import check_code
from workbook.report import Body
from xlplugin import macros, publication
from xlplugin.excel import Desk
from xlplugin.marks import MEMORY
from xlplugin.read import live_report

if TYPE_CHECKING:
    from buttons import Open

    from workbook.report import Report

FORMS = (".docx", ".html", "-片段.html", ".txt", ".pdf")
DRAFT = "草稿"


def stem(report: Report) -> str:
    return f"{report.body.name}{report.year}年政府信息公开工作年度报告"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder whose name needs quotes."""
    made = tmp_path / "发布 & %TEMP% ' (甲)"
    made.mkdir()
    return made


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that were opened before the user, in place of opening them."""
    paths: list[Path] = []
    monkeypatch.setattr(publication, "_open", paths.append)
    return paths


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def published(report: Report, form: str = "page", **how: object) -> bytes:
    (data,) = workbook.publish(report, form, **how).values()  # type: ignore[arg-type]
    return data


def final(report: Report, form: str = "page") -> bytes:
    """Return a published report in whose numbers there are errors, as somebody may forge it."""
    return published(report, form, draft=True).replace(DRAFT.encode(), b"")


# ---- 生成公开稿 -----------------------------------------------------------------------------------------------------


def test_publish_report_writes_what_the_command_writes(opened: Open, folder: Path, shown: list[Path]) -> None:
    user = User(answers=["2026-01-20", str(folder), "yes"])
    report = sound("2021")
    with opened(report, user) as book:
        before = looks(book)
        press(macros.publish_report)
        assert looks(book) == before
    assert (user.said, shown) == ([], [folder])
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert set(files) == {f"{stem(report)}{form}" for form in FORMS}
    saved = workbook.read(folder.parent / "年报.xlsx")
    assert files == workbook.publish(saved, ("word", "page", "fragment", "text", "pdf"), date="2026-01-20")
    assert user.proposed == ["{0.year}年{0.month}月{0.day}日".format(dt.date.today())]  # noqa: DTZ011 - the user's day
    told = user.asked[-1]
    assert all(name in told for name in files)
    assert "✓ 没有错误" in told
    assert told.endswith("现在打开这个文件夹吗？")


def in_excel(path: Path, report: Report, *answers: object, **user: object) -> User:
    """Press 生成公开稿 in the quick stand-in for Excel."""
    path.write_bytes(workbook_of(report))
    asked = User(answers=list(answers), **user)  # type: ignore[arg-type]
    with sheets.spreadsheet(path, asked):
        press(macros.publish_report)
    return asked


def test_without_a_date_none_stands_there_and_the_folder_need_not_be_opened(
    tmp_path: Path, folder: Path, shown: list[Path]
) -> None:
    in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "no")
    text = (folder / f"{stem(of_office('甲局'))}.txt").read_text("utf-8-sig")
    assert not re.search("[0-9]{4}年[0-9]+月[0-9]+日", text.rpartition("甲局")[2])
    assert shown == []


def test_what_is_no_day_is_asked_for_again(tmp_path: Path, folder: Path) -> None:
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "明天", "2026.1.20", str(folder), "no")
    assert "“明天”不是日期" in user.asked[1]
    assert user.proposed[1] == "明天"
    assert "2026年1月20日" in (folder / f"{stem(of_office('甲局'))}.txt").read_text("utf-8-sig")


@pytest.mark.parametrize("answers", [[False], ["", False], ["", "FOLDER", "no"]])
def test_giving_up_writes_nothing(answers: list[object], tmp_path: Path, folder: Path) -> None:
    (folder / f"{stem(of_office('甲局'))}.txt").write_text("mine", encoding="utf-8")
    given = [str(folder) if answer == "FOLDER" else answer for answer in answers]
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), *given)
    assert user.said == []
    assert names(folder) == {f"{stem(of_office('甲局'))}.txt"}
    assert (folder / f"{stem(of_office('甲局'))}.txt").read_text("utf-8") == "mine"


def test_a_report_with_errors_is_refused_and_offered_as_a_draft(opened: Open, folder: Path, shown: list[Path]) -> None:
    user = User(answers=["no"])
    with opened(wrong(), user):
        press(macros.publish_report)
        assert "有 2 处错误，不能生成公开稿" in user.asked[-1]
        assert "没有填写" in user.asked[-1]
        assert names(folder) == set()
        user.answers = ["yes", "", str(folder), "yes"]
        press(macros.publish_report)
    assert user.said == []
    assert f"生成{DRAFT}（每页印有“{DRAFT}”，不能公布）" in user.asked[-1]
    assert "核对公布稿" not in user.asked[-1]
    assert shown == [folder]
    for form in (".html", "-片段.html", ".txt"):
        assert DRAFT in (folder / f"{stem(wrong())}{form}").read_text("utf-8-sig").rpartition("<body")[2]


def test_what_last_year_says_makes_a_draft_too(tmp_path: Path, folder: Path) -> None:
    """The workbook by itself is sound; beside last year's report, which it remembers, it is not."""
    report = of_office("甲局")
    last = replace(report, year=report.year and report.year - 1).with_cells({"applications.carried_forward.natural": 7})
    (tmp_path / "上年.json").write_bytes(workbook.to_json(last))
    (tmp_path / "a.xlsx").write_bytes(workbook_of(report))
    user = User(answers=["yes", "", str(folder), "no"])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        book.names.add("nianbao.previous", '="上年.json"')
        book.save()
        press(macros.publish_report)
    assert "不能生成公开稿" in user.asked[0]
    assert DRAFT in (folder / f"{stem(report)}.txt").read_text("utf-8-sig")


def test_what_is_there_is_replaced_only_when_the_user_says_so(tmp_path: Path, folder: Path) -> None:
    name = f"{stem(of_office('甲局'))}.html"
    (folder / name).write_text("mine", encoding="utf-8")
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "no")
    assert name in user.asked[-1]
    assert f"{stem(of_office('甲局'))}.txt" not in user.asked[-1]
    assert (folder / name).read_text("utf-8") == "mine"
    in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "yes", "no")
    assert (folder / name).read_bytes().startswith(b"<!DOCTYPE html>")


def test_changes_that_are_not_saved_are_refused(opened: Open, folder: Path) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        at(book, "services.licensing.decisions").value = 1
        press(macros.publish_report)
    assert "请先保存，再点“生成公开稿”" in user.said[-1]
    assert names(folder) == set()


def test_a_workbook_that_was_never_saved_is_refused(opened: Open) -> None:
    user = User(answers=[2024])
    with opened(sound("2021"), user):
        press(macros.new_report)
        press(macros.publish_report)
    assert "还没有保存过" in user.said[-1]


def test_a_workbook_in_the_cloud_is_published_and_compared(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(of_office("甲局")))
    user = User(answers=["", str(folder), "no", str(folder / f"{stem(of_office('甲局'))}.html")])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        book.impl.cloud = "https://d.docs.live.net/0123456789"
        press(macros.publish_report)
        assert len(names(folder)) == len(FORMS)
        press(macros.verify_published)
    assert user.said[-1].startswith("✓")


def test_a_draft_that_names_no_office_is_called_like_the_workbook(tmp_path: Path, folder: Path) -> None:
    report = replace(of_office("甲局"), body=Body(), year=None)
    in_excel(tmp_path / "底稿一.xlsx", report, "yes", "", str(folder), "no")
    assert names(folder) == {f"底稿一{form}" for form in FORMS}


def test_calculating_is_no_change_of_the_users(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(of_office("甲局")))
    user = User(answers=["", str(folder), "no"])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        app = book.app.impl
        app.calculate = lambda: setattr(app.books.active, "saved", False)
        press(macros.publish_report)
    assert len(names(folder)) == len(FORMS)


def test_what_is_no_folder_is_told(tmp_path: Path) -> None:
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(tmp_path / "没有"))
    assert "不是能写的文件夹，没有生成" in user.said[-1]


@pytest.mark.skipif(sys.platform != "linux", reason="a folder that even an administrator cannot write to")
def test_a_folder_that_cannot_be_written_to_is_told(tmp_path: Path) -> None:
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", "/proc")
    assert user.said[-1].startswith(f"“/proc”里不能写“{stem(of_office('甲局'))}.docx”（")
    assert "一个文件也没有写。请换一个文件夹。" in user.said[-1]


def test_a_full_disk_says_what_was_written(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true, left = publication.save, [2]

    def fill(path: Path, data: bytes, *, force: bool = False) -> None:
        if not left[0]:
            raise OSError(28, "No space left on device")
        left[0] -= 1
        true(path, data, force=force)

    monkeypatch.setattr(publication, "save", fill)
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder))
    assert "No space left" in user.said[-1]
    assert f"已写出 {stem(of_office('甲局'))}.docx、{stem(of_office('甲局'))}.html" in user.said[-1]
    assert names(folder) == {f"{stem(of_office('甲局'))}{form}" for form in (".docx", ".html")}


def test_a_file_that_another_program_holds_stops_all(tmp_path: Path, folder: Path) -> None:
    """A folder of the name stands in for it here: it cannot be opened for writing either."""
    (folder / f"{stem(of_office('甲局'))}.docx").mkdir()
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "yes")
    assert "一个文件也没有写。如果它正在 Word、WPS 或浏览器里打开，请关闭后再点一次。" in user.said[-1]
    assert names(folder) == {f"{stem(of_office('甲局'))}.docx"}


def without(monkeypatch: pytest.MonkeyPatch, *modules: str) -> None:
    for where in ("workbook.publish.job", "workbook.publish.pdf"):
        monkeypatch.setattr(f"{where}.find_spec", lambda name: None if name in modules else find_spec(name))


def test_without_typst_word_or_wps_makes_the_pdf(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, "typst")
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "no")
    assert "用 Word 或 WPS 打开 .docx，另存为或导出 PDF 即可" in user.asked[-1]
    assert names(folder) == {f"{stem(of_office('甲局'))}{form}" for form in FORMS[:-1]}


def test_without_the_library_of_word_the_others_are_written_and_that_is_told(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    without(monkeypatch, "docx")
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "no")
    assert "python-docx" in user.asked[-1]
    assert names(folder) == {f"{stem(of_office('甲局'))}{form}" for form in FORMS[1:]}


def test_a_letter_that_no_font_has_is_told_and_the_others_are_written(tmp_path: Path, folder: Path) -> None:
    report = of_office("甲局")
    report = replace(report, narrative={**report.narrative, "other": "\U000323af 一个字没有字体。"})
    user = in_excel(tmp_path / "a.xlsx", report, "", str(folder), "no")
    assert "U+323AF" in user.asked[-1]
    assert names(folder) == {f"{stem(report)}{form}" for form in FORMS[:-1]}


def test_the_name_of_an_office_is_no_path(tmp_path: Path, folder: Path) -> None:
    report = replace(sound("2021"), body=replace(sound("2021").body, name="..\\..\\甲/局:*?<>|"))
    user = in_excel(tmp_path / "a.xlsx", report, *(["yes"] if not workbook.is_sound(workbook.check(report)) else []),
                    "", str(folder), "no")  # fmt: skip
    assert user.said == []
    assert len(names(folder)) == len(FORMS)
    assert {path.name for path in tmp_path.iterdir()} == {"a.xlsx", folder.name}


@pytest.mark.parametrize("answer", ["yes", "no"])
def test_the_offices_own_document_and_style_in_the_folder_are_offered(
    answer: str, tmp_path: Path, folder: Path
) -> None:
    from workbook.publish.word.base import template

    (folder / "底稿.docx").write_bytes(template())
    (folder / "本局.css").write_text("body { color: navy; }", encoding="utf-8")
    report = of_office("甲局")
    user = in_excel(tmp_path / "a.xlsx", report, "", str(folder), answer, "no")
    assert "“底稿.docx”、“本局.css”。按本机关自己的样子生成吗" in user.asked[2]
    own = {"base": folder / "底稿.docx", "style": folder / "本局.css"} if answer == "yes" else {}
    made = workbook.publish(workbook.read(tmp_path / "a.xlsx"), ("word", "page"), **own)
    assert {name: (folder / name).read_bytes() for name in made} == made
    assert (b"navy" in made[f"{stem(report)}.html"]) == (answer == "yes")


def test_a_document_of_the_office_that_cannot_be_used_is_told(tmp_path: Path, folder: Path) -> None:
    (folder / "底稿.docx").write_bytes(b"no document")
    user = in_excel(tmp_path / "a.xlsx", of_office("甲局"), "", str(folder), "yes", "no")
    assert "底稿.docx" in user.asked[-1].partition("校验：")[2]
    assert names(folder) == {"底稿.docx", *(f"{stem(of_office('甲局'))}{form}" for form in FORMS[1:])}


@pytest.mark.parametrize("edition", ["2019", "2021"])
def test_both_editions_come_back_the_same(edition: str, opened: Open, folder: Path) -> None:
    user = User(answers=["", str(folder), "no"])
    with opened(sound(edition), user):
        press(macros.publish_report)
        for name in sorted(names(folder)):
            user.answers = [str(folder / name)]
            press(macros.verify_published)
            assert user.said[-1].startswith(f"✓ “{name}”与当前工作簿相同"), name


# ---- 核对公布稿 -----------------------------------------------------------------------------------------------------


def test_verify_published_says_that_all_agrees(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "公布.html").write_bytes(published(sound("2021")))
    user = User(answers=[str(tmp_path / "公布.html")])
    with opened(sound("2021"), user) as book:
        before, sheets_before = looks(book), [sheet.name for sheet in book.sheets]
        press(macros.verify_published)
        assert looks(book) == before
        assert [sheet.name for sheet in book.sheets] == sheets_before
        report = live_report(book)
    assert user.said[-1].startswith("✓ “公布.html”与当前工作簿相同：机关名称、年度、200 个数和")
    assert check_code(report) in user.said[-1]
    assert "未保存" not in user.said[-1]
    assert user.undo == ""


def listed(book: object) -> list[dict[str, object]]:
    sheet = book.sheets[RESULTS]  # type: ignore[attr-defined]
    last = sheet.used_range.last_cell.row
    rows = sheet.range((3, 1), (last, len(HEADS))).options(ndim=2).value
    return [dict(zip(HEADS, row, strict=True)) for row in rows]


def test_verify_published_lists_each_difference_at_its_cell(opened: Open, tmp_path: Path) -> None:
    report = sound("2021")
    text = {**report.narrative, "problems": f"改过的。{report.narrative['problems']}"}
    forged = replace(report, narrative=text).with_cells({"applications.received.natural": 77})
    (tmp_path / "公布.html").write_bytes(final(forged))
    user = User(answers=[str(tmp_path / "公布.html")])
    with opened(report, user) as book:
        own = live_report(book)
        press(macros.verify_published)
        assert user.said[-1].startswith("✗ “公布.html”与当前工作簿有 2 处不同")
        assert book.sheets[RESULTS].range("A1").value == "核对结果：✗ “公布.html”与当前工作簿有 2 处不同"
        assert Desk(book).selection == (RESULTS, "A1")
        cell, words = listed(book)
        place = own.places["applications.received.natural"]
        assert (cell["工作表"], cell["单元格"]) == (place.sheet, place.address)
        assert (cell["现有"], cell["应有"]) == (77, own.cells["applications.received.natural"])
        assert "「网页」表5" in str(cell["问题"])
        assert (words["代码"], words["工作表"]) == ("differs.text", "五六、问题与其他")
        assert at(book, "applications.received.natural").impl.comment
        assert book.sheets[str(words["工作表"])].range(str(words["单元格"])).value
        assert user.undo == "撤销“核对公布稿”"
        press(macros.clear_marks)
        assert RESULTS not in [sheet.name for sheet in book.sheets]


FORGED = {
    "a row": ("differs.missing", r"<tr>(?:(?!</tr>).)*行政许可.*?</tr>"),
    "a paragraph": ("differs.text", r"<p[^>]*>第一段。</p>"),
}


@pytest.mark.parametrize("what", FORGED)
def test_what_a_page_lost_leads_to_where_the_workbook_has_it(what: str, tmp_path: Path) -> None:
    code, lost = FORGED[what]
    report = sound("2021")
    report = replace(report, narrative={**report.narrative, "problems": "第一段。\n第二段。"})
    page, times = re.subn(lost, "", published(report).decode(), count=1, flags=re.DOTALL)
    assert times == 1
    _, rows = verified(tmp_path, report, page.encode())
    assert code in {row["代码"] for row in rows}
    assert all(row["工作表"] and row["单元格"] for row in rows), rows


@pytest.mark.parametrize("number", [0, 3, 7])
@pytest.mark.parametrize("key", ["overview", "problems", "other"])
def test_a_text_leads_to_the_paragraph_that_is_another(key: str, number: int, tmp_path: Path) -> None:
    lines = [f"（{'一二三四五六七八'[at]}）第{at}段，说到{key}。" for at in range(8)]
    forged = [*lines[:number], lines[number].replace("说到", "未说到"), *lines[number + 1 :]]
    own, other = (
        replace(sound("2021"), narrative={**sound("2021").narrative, key: "\n".join(text)}) for text in (lines, forged)
    )
    (tmp_path / "a.xlsx").write_bytes(workbook_of(own))
    (tmp_path / "公布.html").write_bytes(final(other))
    with sheets.spreadsheet(tmp_path / "a.xlsx", User(answers=[str(tmp_path / "公布.html")])) as book:
        press(macros.verify_published)
        (row,) = listed(book)
        assert book.sheets[str(row["工作表"])].range(str(row["单元格"])).value == lines[number]


def verified(tmp_path: Path, report: Report, data: bytes, *answers: object) -> tuple[User, list[dict[str, object]]]:
    """Compare a published page in the quick stand-in for Excel; return the user and the rows of the list."""
    (tmp_path / "a.xlsx").write_bytes(workbook_of(report))
    (tmp_path / "公布.html").write_bytes(data)
    user = User(answers=[str(tmp_path / "公布.html"), *answers])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        press(macros.verify_published)
        return user, listed(book) if RESULTS in [sheet.name for sheet in book.sheets] else []


def test_a_draft_that_was_published_does_not_pass(tmp_path: Path) -> None:
    user, rows = verified(tmp_path, sound("2021"), published(sound("2021"), draft=True))
    assert user.said[-1].startswith("✗ “公布.html”印着“草稿”，其余与当前工作簿没有不同")
    assert [row["代码"] for row in rows] == ["file.still_draft"]


@pytest.mark.parametrize("answer", ["no", "yes"])
@pytest.mark.parametrize("other", ["office", "year", "edition"])
def test_the_page_of_another_office_year_or_edition_is_asked_about(other: str, answer: str, tmp_path: Path) -> None:
    own = of_office("甲局")
    strangers = {"office": of_office("乙局"), "year": replace(own, year=2023), "edition": sound("2019")}
    user, rows = verified(tmp_path, own, published(strangers[other]), answer)
    assert "“公布.html”可能不是这份年报的公布稿" in user.asked[-1]
    assert bool(rows) == (answer == "yes")
    assert bool(user.said) == (answer == "yes")
    if rows:
        assert f"differs.{other.replace('office', 'body')}" in {row["代码"] for row in rows}


def test_another_comparison_takes_the_place_of_the_list_and_agreement_takes_it_away(
    opened: Open, tmp_path: Path
) -> None:
    report = sound("2021")
    (tmp_path / "对.html").write_bytes(published(report))
    changed = report.with_cells({"applications.received.natural": 77})
    (tmp_path / "错.txt").write_bytes(final(changed, "text"))
    user = User(answers=[str(tmp_path / "错.txt"), str(tmp_path / "错.txt"), str(tmp_path / "对.html")])
    with opened(report, user) as book:
        before = looks(book)
        press(macros.verify_published)
        press(macros.verify_published)
        assert len(listed(book)) == 1
        assert user.undo == ""
        press(macros.verify_published)
        assert user.said[-1].startswith("✓")
        assert looks(book) == before
        assert MEMORY not in [sheet.name for sheet in book.sheets]


def test_the_list_of_a_check_stays_where_all_agrees(tmp_path: Path) -> None:
    report = replace(of_office("甲局"), narrative={**of_office("甲局").narrative, "other": None})
    (tmp_path / "a.xlsx").write_bytes(workbook_of(report))
    (tmp_path / "公布.html").write_bytes(published(report))
    user = User(answers=[str(tmp_path / "公布.html")])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        press(macros.check_report)
        rows = listed(book)
        press(macros.verify_published)
        assert user.said[-1].startswith("✓")
        assert listed(book) == rows


def test_reasons_that_were_typed_are_taken_before_the_list_goes_and_none_is_taken_from_differences(
    tmp_path: Path,
) -> None:
    report = replace(of_office("甲局"), narrative={**of_office("甲局").narrative, "other": None})
    (tmp_path / "a.xlsx").write_bytes(workbook_of(report))
    changed = report.with_cells({"applications.received.natural": 77})
    (tmp_path / "公布.html").write_bytes(final(changed))
    user = User(answers=[str(tmp_path / "公布.html")])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        press(macros.check_report)
        (row,) = [number for number, each in enumerate(listed(book), 3) if each["级别"] == "提示"]
        book.sheets[RESULTS].range((row, HEADS.index("说明") + 1)).value = "没有其他事项"
        press(macros.verify_published)
        assert user.said[-1].startswith("已记下 1 条说明")
        assert [waiver.reason for waiver in live_report(book).waivers] == ["没有其他事项"]
        book.sheets[RESULTS].range((3, HEADS.index("说明") + 1)).value = "就这样"
        press(macros.check_report)
        assert "写了说明也不能放过" not in user.said[-1]
        assert [waiver.reason for waiver in live_report(book).waivers] == ["没有其他事项"]


def test_what_is_not_saved_is_compared_as_it_is_shown(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "公布.html").write_bytes(published(sound("2021")))
    user = User(answers=[str(tmp_path / "公布.html")])
    with opened(sound("2021"), user) as book:
        at(book, "applications.received.natural").value = 77
        press(macros.verify_published)
    assert "核对的是现在显示的内容" in user.said[-1]
    assert user.said[-1].startswith("✗")


def test_giving_up_and_picking_the_workbook_itself(opened: Open, tmp_path: Path) -> None:
    user = User(answers=[False, str(tmp_path / "年报.xlsx")])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        press(macros.verify_published)
        assert user.said == []
        press(macros.verify_published)
        assert "选的就是当前这份工作簿" in user.said[-1]
        assert looks(book) == before


HOSTILE = {
    "empty": b"",
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "another page": "<html><body><p>首页</p></body></html>".encode(),
    "a saved archive of a page": b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n--x--\r\n",
    "no package": b"PK\x03\x04" + bytes(64),
    "no PDF": b"%PDF-1.7\n" + bytes(64),
    "deep": b"<div>" * 5000 + b"<table><tr><td>1</td></tr></table>",
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_is_no_report_is_told_and_nothing_is_changed(what: str, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook_of(sound("2021")))
    (tmp_path / "公布.html").write_bytes(HOSTILE[what])
    user = User(answers=[str(tmp_path / "公布.html"), str(tmp_path / "没有.html"), str(tmp_path)])
    with sheets.spreadsheet(tmp_path / "a.xlsx", user) as book:
        before = looks(book)
        for _ in range(3):
            press(macros.verify_published)
            assert "Error" not in user.said[-1]
            assert "没有完成" not in user.said[-1]
        assert looks(book) == before
        assert "公布.html" in user.said[0]


def test_what_a_stranger_wrote_is_text_and_no_formula(tmp_path: Path) -> None:
    report = sound("2021")
    evil = replace(report, narrative={**report.narrative, "problems": "=cmd|' /C calc'!A0\n+1"})
    user, rows = verified(tmp_path, report, published(evil))
    assert user.said[-1].startswith("✗")
    assert all(not str(row[head]).startswith(("=", "+")) for row in rows for head in ("问题", "怎么办"))


def test_a_blank_workbook_is_compared_too(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "公布.html").write_bytes(published(sound("2021")))
    user = User(answers=[str(tmp_path / "公布.html"), "yes"])
    with opened(blank_of("2021"), user):
        press(macros.verify_published)
    assert user.said[-1].startswith("✗")
