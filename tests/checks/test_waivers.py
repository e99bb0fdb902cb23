"""Accepted warnings: from the words typed beside a finding to the document, and what is told of the waivers."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import pytest
from cases import sound
from command import nianbao
from engine.user import User
from openpyxl import load_workbook
from test_macros import looks, opened  # noqa: F401 - a fixture

import workbook
from workbook.checks.run import is_sound
from workbook.checks.waivers import apply, waiver_at
from workbook.excel import findings_sheet
from workbook.excel.findings_sheet import AT, CODE, LEVEL, REASON, RESULTS
from workbook.excel.layout import CHECKS, RESULT, WAIVER_ROWS, WAIVER_SPANS, plan_of
from workbook.excel.template.verdicts import WAIVED, status
from workbook.report import Finding, Report, Waiver, make_finding
from workbook.report.findings import Quote
from xlplugin import macros, udfs
from xlplugin.read import live_report

if TYPE_CHECKING:
    from pathlib import Path

    import xlwings as xw
    from office import Office
    from test_macros import Open

TODAY = dt.date.today().isoformat()  # noqa: DTZ011 - as the macros
GIVEN = Waiver("text.blank", "other", "本年没有其他事项", "李四", "2025-01-20")


def warned(*waivers: Waiver) -> Report:
    """Return a report with two warnings: the edition, and a text that is blank."""
    base = sound("2021")
    return replace(base, year=2020, narrative={**base.narrative, "other": None}, waivers=waivers)


def listed(book: xw.Book) -> dict[str, list[Any]]:
    """Return the rows of the list of findings by their codes."""
    area = book.sheets[RESULTS].range((3, 1), (12, len(findings_sheet.HEADS)))
    return {row[CODE]: row for row in area.options(ndim=2).value if row[CODE]}


def type_reason(book: xw.Book, code: str, reason: str | None) -> None:
    sheet = book.sheets[RESULTS]
    row = next(row for row in range(3, 40) if sheet.range((row, CODE + 1)).value == code)
    sheet.range((row, REASON + 1)).value = reason


# ---- what a waiver covers -------------------------------------------------------------------------------------------


def quoting(text: str) -> Finding:
    return replace(make_finding("text.blank", "overview", section="一"), quote=Quote("overview", 0, len(text), text))


def waived(findings: list[Finding], *waivers: Waiver) -> list[str | None]:
    found = apply(findings, waivers, compared=True)
    return [finding.waived.reason if finding.waived else finding.code for finding in found]


def test_a_waiver_of_a_part_covers_all_its_phrases_and_one_of_a_phrase_goes_before() -> None:
    one, other = quoting("共 33 件"), quoting("同比增长 5%")
    whole = Waiver("text.blank", "overview", "全部", "张三", TODAY)
    narrow = replace(whole, at="overview「共33件」", reason="一处")
    assert waiver_at(one) == "overview「共 33 件」"
    assert waived([one, other]) == ["text.blank"] * 2
    assert waived([one, other], whole) == ["全部"] * 2
    assert waived([one, other], narrow) == ["一处", "text.blank"]
    assert waived([one, other], whole, narrow) == ["一处", "全部"]
    assert waived([one], whole, narrow) == ["一处", "waiver.unused"]


def test_of_two_waivers_of_one_place_the_first_that_is_complete_counts() -> None:
    first = replace(GIVEN, by="")
    assert waived([make_finding("text.blank", "other", section="六")], first, GIVEN) == [
        GIVEN.reason,
        "waiver.incomplete",
    ]
    assert waived([make_finding("text.blank", "other", section="六")], GIVEN, GIVEN) == [GIVEN.reason]


def test_an_error_is_never_waived() -> None:
    report = replace(sound("2021"), waivers=(Waiver("cell.blank", "documents.rules.made", "不报", "张三", TODAY),))
    report = report.with_cells({"documents.rules.made": None})
    findings = workbook.check(report)
    assert not any(finding.waived for finding in findings)
    assert not is_sound(findings)
    assert [finding.identity for finding in findings][-1] == ("waiver.refused", "cell.blank")


def test_hundreds_of_thousands_of_waivers_are_matched_in_no_time() -> None:
    waivers = tuple(replace(GIVEN, at=f"other{number}") for number in range(100_000))
    findings = workbook.check(warned(*waivers, GIVEN))
    assert [finding.at for finding in findings if finding.waived] == ["other"]
    assert sum(finding.code == "waiver.unused" for finding in findings) == 100_000


def test_a_draft_keeps_the_complete_waivers() -> None:
    report = warned(GIVEN, replace(GIVEN, at="problems", by=""))
    assert workbook.from_json(workbook.to_json(report)).waivers == (GIVEN,)


# ---- the command line -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", ["json", "xlsx"])
def test_a_warning_with_a_waiver_passes_strict(suffix: str, tmp_path: Path) -> None:
    edition = Waiver("file.edition_for_year", "year", "沿用", "张三", TODAY)
    path = tmp_path / f"甲局.{suffix}"
    unsigned = replace(edition, by="")  # which no document can hold
    tried = [((), 1), ((GIVEN,), 1), ((GIVEN, edition), 0), *([((GIVEN, unsigned), 1)] if suffix == "xlsx" else [])]
    for waivers, code in tried:
        path.write_bytes((workbook.to_json if suffix == "json" else workbook.write)(warned(*waivers)))
        ran = nianbao("check", path, "--strict", "--format", "json", cwd=tmp_path)
        assert ran.code == code
        found = {item["code"]: item["waived"] for item in ran.json[0]["findings"]}
        assert found["text.blank"] == (asdict(GIVEN) if waivers else None)


def test_a_marked_copy_shows_the_reason_and_what_a_waiver_names() -> None:
    from workbook.excel.mark import mark

    report = warned(GIVEN)
    data = workbook.write(report)
    report = workbook.parse(data, "甲局.xlsx")
    marked = mark(data, report, workbook.check(report))
    sheet = load_workbook(io.BytesIO(marked))[RESULTS]
    rows = {row[CODE].value: row for row in sheet.iter_rows(min_row=3)}
    assert [cell.value for cell in sheet[2]] == list(findings_sheet.HEADS)
    accepted, other = rows["text.blank"], rows["file.edition_for_year"]
    assert [accepted[column].value for column in (LEVEL, REASON, AT)] == ["已说明", GIVEN.reason, "other"]
    assert [other[column].value for column in (LEVEL, REASON, AT)] == ["提示", None, "year"]
    assert sheet["A1"].value.endswith("✓ 没有错误，另有 1 处提示或说明，1 处提示已说明")
    other[REASON].value = "写在副本上的不读"
    stream = io.BytesIO()
    sheet.parent.save(stream)
    assert workbook.parse(stream.getvalue(), "甲局-校验.xlsx").waivers == (GIVEN,)


# ---- the sheet of checks --------------------------------------------------------------------------------------------


def test_the_formulas_take_a_complete_waiver_and_no_other(libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook.write(warned()))
    plan = plan_of("2021")
    with libreoffice.open(path) as document:
        sheet = document.Sheets[CHECKS]
        sheet.unprotect("")

        def shown() -> str:
            document.calculateAll()
            return str(sheet.getCellByPosition(RESULT, plan.checks["text.blank", "other"]).String)

        cells = [sheet.getCellByPosition(column, plan.waivers_row + 1 + WAIVER_ROWS) for column, _ in WAIVER_SPANS]
        assert shown() == status("text.blank")
        for cell, words in zip(cells[:4], ("text.blank", "other", "没有", "张三"), strict=True):
            cell.String = words
            assert shown() == status("text.blank")
        for date, told in (
            ("上周", status("text.blank")),
            ("2025-02-30", status("text.blank")),
            ("2025-01-20", WAIVED),
        ):
            cells[4].String = date
            assert shown() == told
        cells[4].Value = 45_000
        assert shown() == WAIVED
        cells[1].String = "problems"
        assert shown() == status("text.blank")


def test_what_is_written_is_what_the_formulas_calculate(libreoffice: Office, tmp_path: Path) -> None:
    from test_engines import _formula_values

    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook.write(warned(GIVEN, replace(GIVEN, at="problems", by=""))))
    with libreoffice.open(path) as document:
        before = _formula_values(document)
        document.calculateAll()
        assert _formula_values(document) == before
        assert WAIVED in before.values()


# ---- inside Excel ---------------------------------------------------------------------------------------------------


def test_a_reason_typed_beside_a_warning_is_stored_shown_and_exported(opened: Open, tmp_path: Path) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        assert {code: row[LEVEL] for code, row in listed(book).items()} == dict.fromkeys(listed(book), "提示")
        type_reason(book, "text.blank", "=本年没有")
        type_reason(book, "file.edition_for_year", " 沿用 ")
        macros.check_report()
        assert "已记下 2 条说明（说明人：张三）" in user.said[-1]
        assert {code: (row[LEVEL], row[REASON]) for code, row in listed(book).items()} == {
            "text.blank": ("已说明", "=本年没有"),
            "file.edition_for_year": ("已说明", "沿用"),
        }
        expected = {
            Waiver("text.blank", "other", "=本年没有", "张三", TODAY),
            Waiver("file.edition_for_year", "year", "沿用", "张三", TODAY),
        }
        assert set(live_report(book).waivers) == expected
        assert not any(
            sheet.api.ProtectContents != (sheet.name != RESULTS) for sheet in book.sheets if sheet.visible == -1
        )
        assert [row[REASON] for row in udfs.NB_FINDINGS(None, book.sheets[RESULTS].range("Z1"))[1:]] == [
            row[REASON] for row in listed(book).values()
        ]
        book.save()
        macros.export_json()
        assert "已导出" in user.said[-1]
    exported = workbook.read(tmp_path / "年报.json")
    assert set(exported.waivers) == expected
    assert is_sound(workbook.check(exported), strict=True)
    assert is_sound(workbook.check(workbook.read(tmp_path / "年报.xlsx")), strict=True)


def test_a_reason_is_changed_and_cleared_again(opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned(GIVEN), user) as book:
        macros.check_report()
        assert listed(book)["text.blank"][REASON] == GIVEN.reason
        macros.check_report()
        assert "说明人" not in user.said[-1]
        assert live_report(book).waivers == (GIVEN,)
        type_reason(book, "text.blank", "改了的理由")
        macros.check_report()
        assert live_report(book).waivers == (Waiver("text.blank", "other", "改了的理由", "张三", TODAY),)
        type_reason(book, "text.blank", None)
        macros.check_report()
        assert "已删去 1 条说明" in user.said[-1]
        assert live_report(book).waivers == ()
        assert listed(book)["text.blank"][LEVEL] == "提示"


def test_what_is_written_in_the_table_itself_stays(opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        first = plan_of("2021").waivers_row + 3
        for (column, _), value in zip(WAIVER_SPANS, asdict(GIVEN).values(), strict=True):
            book.sheets[CHECKS].range((first, column + 1)).value = f"'{value}"
        macros.check_report()
        assert live_report(book).waivers == (GIVEN,)
        assert listed(book)["text.blank"][LEVEL] == "已说明"
        book.sheets[CHECKS].range((first, WAIVER_SPANS[2][0] + 1)).value = "在表里改的"
        macros.check_report()
        assert listed(book)["text.blank"][REASON] == "在表里改的"


def test_a_reason_beside_an_error_is_refused_and_nothing_changes(opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned().with_cells({"services.licensing.decisions": None}), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        type_reason(book, "cell.blank", "不想填")
        before = looks(book)
        for press in (macros.check_report, macros.clear_marks, macros.export_json):
            press()
            assert "错误要改正" in user.said[-1]
            assert looks(book) == before
        type_reason(book, "cell.blank", None)
        macros.check_report()
        assert "已记下 1 条说明" in user.said[-1]


def test_clearing_the_marks_keeps_what_was_typed(opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        macros.clear_marks()
        assert "已记下 1 条说明" in user.said[-1]
        assert RESULTS not in [sheet.name for sheet in book.sheets]
        assert live_report(book).waivers == (Waiver("text.blank", "other", "没有", "张三", TODAY),)


def test_export_takes_reasons_over_and_asks_to_save_first(opened: Open, tmp_path: Path) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        book.save()
        macros.export_json()
        assert "请先保存" in user.said[-1]
        assert not (tmp_path / "年报.json").exists()
        book.save()
        macros.export_json()
    assert [waiver.reason for waiver in workbook.read(tmp_path / "年报.json").waivers] == ["没有"]


def test_accepting_a_repair_keeps_what_was_typed(opened: Open) -> None:  # noqa: F811
    user = User(answers=["yes"])
    with opened(warned().with_cells({"applications.received.natural": 12}), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        macros.accept_repair()
        assert "已记下 1 条说明" in user.said[-1]
        assert listed(book)["text.blank"][REASON] == "没有"


def test_a_reason_for_a_warning_that_is_gone_is_told(opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        sheet = book.sheets[plan_of("2021").text_sheet]
        headings = [str(value) for value in sheet.range("A1:A60").value]
        row = next(index for index, value in enumerate(headings, 1) if value.startswith("六、"))
        sheet.range((row + 1, 1)).value = "没有其他事项。"
        macros.check_report()
        assert "对应的提示已经没有了" in user.said[-1]
        assert live_report(book).waivers == ()


@pytest.mark.parametrize(("answer", "by"), [(" 王五 ", "王五"), (False, None), ("", None)])
def test_a_user_without_a_name_is_asked_for_it(answer: Any, by: str | None, opened: Open) -> None:  # noqa: F811
    user = User(name="")
    with opened(warned(), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        type_reason(book, "file.edition_for_year", "沿用")
        before = looks(book)
        user.answers = [answer]
        macros.check_report()
        assert [waiver.by for waiver in live_report(book).waivers] == ([by] * 2 if by else [])
        assert by or looks(book) == before
    assert len(user.asked) == 1


@pytest.mark.parametrize("macro", ["check_report", "clear_marks", "export_json"])
def test_an_error_while_a_reason_is_stored_is_undone(macro: str, opened: Open) -> None:  # noqa: F811
    user = User()
    with opened(warned(), user) as book:
        macros.check_report()
        type_reason(book, "text.blank", "没有")
        book.save()
        before, waivers = looks(book), live_report(book).waivers
        for fuse in (1, 2, 4, 7):
            user.fuse = fuse
            getattr(macros, macro)()
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before
            assert live_report(book).waivers == waivers == ()
        user.fuse = None
        getattr(macros, macro)()
        assert [waiver.reason for waiver in live_report(book).waivers] == ["没有"]
