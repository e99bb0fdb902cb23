"""The functions of the worksheet: they agree with the checks and with the template's formulas, and never raise."""

from __future__ import annotations

import inspect
import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from cases import EDITIONS, Case, cases, cases_of, sound
from engine import sheets
from engine.user import User
from functions import answer, countable
from hypothesis import given
from hypothesis import strategies as st
from packages import light
from workbooks import workbook_of

import workbook
from workbook.excel import findings_sheet
from workbook.report import Report, entries, plain
from workbook.report.equations import countable_cells, judged
from xlplugin import udfs
from xlplugin.addin.definition import load_definition
from xlplugin.excel import Desk
from xlplugin.read import ExcelWorkbook, live_report, plain_value, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.mark.parametrize("edition", EDITIONS)
def test_functions_and_checks_find_the_same_differences(edition: str) -> None:
    for case in cases_of(edition):
        report, values = case.report, countable_cells(case.report)
        for equation in report.form.equations():
            place = str(case), equation.code, equation.at.key
            found = answer(report, equation)
            if countable(report, equation, values):
                left, right = judged(equation, values)
                assert found == [[plain(left - right) if round(left - right, 6) else 0]], place
            elif any(isinstance(report.cells[key], str) for key, _ in (*equation.left, *equation.right)):
                assert found.startswith("参数有误：“"), place


def faulty() -> Report:
    return sound("2021").with_cells({"applications.received.natural": 12, "fees.fee.amount": None})


@pytest.fixture
def book(tmp_path: Path) -> Iterator[xw.Book]:
    """A report with faults, open, and another report beside it."""
    path = tmp_path / "年报.xlsx"
    path.write_bytes(workbook_of(faulty()))
    (tmp_path / "别的.json").write_bytes(workbook.to_json(sound("2019")))
    with sheets.spreadsheet(path, User()) as opened:
        yield opened


def caller(book: xw.Book) -> xw.Range:
    return book.sheets[0].range("Z1")


def test_status_and_findings_are_those_of_the_check(book: xw.Book) -> None:
    causes = findings_sheet.causes_of(workbook.check(workbook.parse(workbook_of(faulty()), "x.xlsx")), "2021")
    assert udfs.NB_STATUS(caller(book)) == findings_sheet.verdict(causes)
    heads, *rows = udfs.NB_FINDINGS(None, caller(book))
    assert heads == list(findings_sheet.HEADS)
    assert [row[2] for row in rows] == [cause.first["code"] for cause in causes]
    assert [row[8] for row in rows] == [cause.message("zh") for cause in causes]
    assert [row[2] for row in udfs.NB_FINDINGS("cell.blank", caller(book))[1:]] == ["cell.blank"]
    assert {row[2].split(".")[0] for row in udfs.NB_FINDINGS("applications", caller(book))[1:]} == {"applications"}
    assert udfs.NB_FINDINGS("text", caller(book)) == [["没有问题"]]


def opened() -> list[Case]:
    """Return cases of which each raises a code that none before it raises, those with the most findings first.

    Last year's report is not beside them here.
    """
    found = {case: {finding.code for finding in workbook.check(case.report)} for case in cases()}
    chosen: dict[str, set[str]] = {edition: set() for edition in EDITIONS}
    kept = [next(case for case in cases_of(edition) if not found[case]) for edition in EDITIONS]
    for case in sorted(cases(), key=lambda case: len(found[case]), reverse=True):
        if found[case] - chosen[case.edition]:
            chosen[case.edition] |= found[case]
            kept.append(case)
    return kept


@pytest.mark.parametrize("case", opened(), ids=str)
def test_status_and_findings_agree_with_python_on_the_corpus(case: Case, tmp_path: Path) -> None:
    """Where no warning is accepted, what makes a workbook large and is not read is left out."""
    path, whole = tmp_path / "年报.xlsx", workbook_of(case.report)
    path.write_bytes(whole if case.report.waivers else light(whole))
    causes = findings_sheet.causes_of(workbook.check(workbook.read(path)), case.edition)
    with sheets.spreadsheet(path, User()) as book:
        assert udfs.NB_STATUS(caller(book)) == findings_sheet.verdict(causes)
        rows = udfs.NB_FINDINGS(None, caller(book))
        assert [row[2] for row in rows[1:]] == [cause.first["code"] for cause in causes]


def test_totals_that_excel_has_not_calculated_yet_are_the_sums_of_their_parts(book: xw.Book) -> None:
    report = live_report(book)
    keys = ("applications.granted.total", "disputes.review.total")
    stale = report.with_cells(dict.fromkeys(keys, 999))
    assert settled(stale, ExcelWorkbook(book)).cells == report.cells
    place = report.places[keys[0]]
    cell = book.sheets[place.sheet].range(place.address)
    with Desk(book).unlocked(cell.sheet):
        cell.value = 999  # typed over: no formula any more
    assert settled(live_report(book), ExcelWorkbook(book)).cells[keys[0]] == 999


@pytest.mark.parametrize("wrong", ["#REF!", "不详"])
def test_a_total_over_what_is_no_number_is_left_to_excel(book: xw.Book, wrong: str) -> None:
    report = live_report(book)
    part, total, above = (f"applications.{key}" for key in ("granted.natural", "granted.total", "concluded.total"))
    seen = settled(report.with_cells({part: wrong, total: 7}), ExcelWorkbook(book))
    assert (seen.cells[part], seen.cells[total], seen.cells[above]) == (wrong, 7, report.cells[above])


def test_a_value_by_its_key_here_and_in_another_file(book: xw.Book) -> None:
    assert udfs.NB_VALUE("applications.received.natural", None, caller(book)) == 12
    assert udfs.NB_VALUE("fees.fee.amount", None, caller(book)) == ""
    other = sound("2019").cells["applications.received.natural"]
    assert udfs.NB_VALUE("applications.received.natural", "别的.json", caller(book)) == other


def test_a_file_is_read_anew_only_after_it_was_changed(book: xw.Book, tmp_path: Path) -> None:
    path = tmp_path / "别的.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    before = udfs.NB_VALUE("documents.rules.made", "别的.json", caller(book))
    document["tables"]["documents"]["rules"]["made"] = before + 1
    path.write_text(json.dumps(document), encoding="utf-8")
    assert udfs.NB_VALUE("documents.rules.made", str(path), caller(book)) == before + 1


def test_rules_and_codes_are_said_in_words() -> None:
    for edition in EDITIONS:
        for entry in entries(workbook.load_form(edition)):
            assert udfs.NB_RULE(entry.code).startswith(entry.words["zh"]["title"])


def test_wrong_arguments_give_a_text_that_says_what_is_wrong(book: xw.Book) -> None:
    cell = caller(book)
    for told, words in (
        (udfs.NB_BALANCE([[1, 2]], [[1]], [[1]], [[1]]), "四项的大小要相同，现在是 1行2列"),
        (udfs.NB_BALANCE([["#N/A"]], [[1]], [[1]], [[1]]), "“#N/A”不是数"),
        (udfs.NB_BALANCE([[True]], [[1]], [[1]], [[1]]), "“TRUE”不是数"),
        (udfs.NB_TOTAL_DIFF([[1, 2]], [[1, 2, 3]]), "合计是 1行2列，各部分是 1行3列"),
        (udfs.NB_TOTAL_DIFF([[1]], [["三"]]), "“三”不是数"),
        (udfs.NB_FINDINGS("applications.balanced", cell), "是不是“applications.balance”"),
        (udfs.NB_FINDINGS(3.0, cell), "3.0不是文字"),
        (udfs.NB_VALUE("applications.received.naturel", None, cell), "是不是“applications.received.natural”"),
        (udfs.NB_VALUE("x", "没有.json", cell), "打不开文件"),
        (udfs.NB_VALUE(None, None, cell), "没有格子"),
        (udfs.NB_RULE(None), "没有代码"),
    ):
        assert told.startswith("参数有误："), told
        assert words in told


def test_in_a_workbook_that_is_no_report_they_say_so(tmp_path: Path) -> None:
    from openpyxl import Workbook

    Workbook().save(tmp_path / "x.xlsx")
    with sheets.spreadsheet(tmp_path / "x.xlsx", User()) as other:
        cell = caller(other)
        for told in (udfs.NB_STATUS(cell), udfs.NB_FINDINGS(None, cell), udfs.NB_VALUE("a", None, cell)):
            assert told.startswith("本工作簿读不出年报")
        assert udfs.NB_BALANCE([[3.0]], [[1.0]], [[2.0]], [[2.0]]) == [[0]]


def test_errors_that_xlwings_does_not_know_are_errors() -> None:
    assert plain_value(-2146826243) == "#ERROR!"  # #SPILL!
    assert udfs.NB_TOTAL_DIFF([[-2146826243]], [[1.0]]).startswith("参数有误：“#ERROR!”")
    assert (plain_value(-2146826243.0), plain_value(Decimal("1.5")), plain_value("x")) == (-2146826243.0, 1.5, "x")


def test_what_fails_for_another_reason_is_a_text_too() -> None:
    assert udfs.NB_STATUS(None).startswith("没有算出：")


def test_parameters_have_no_hints_that_xlwings_would_take_for_converters() -> None:
    for function in load_definition().functions:
        python = getattr(udfs, function.name)
        assert not inspect.get_annotations(python)
        assert all(item.annotation is inspect.Parameter.empty for item in inspect.signature(python).parameters.values())


NUMBERS = st.none() | st.integers(-(10**9), 10**9).map(float) | st.decimals(-1000, 1000, places=6).map(float)


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=6))
def test_a_balance_of_arrays_is_that_of_its_cells(cells: list[tuple[Any, ...]]) -> None:
    items = [[list(item)] for item in zip(*cells, strict=True)]
    row = udfs.NB_BALANCE(*items)[0]
    assert row == [udfs.NB_BALANCE(*([[value]] for value in cell))[0][0] for cell in cells]
    for difference, (one, two, three, four) in zip(row, cells, strict=True):
        exact = sum(Decimal(repr(value or 0)) * sign for value, sign in ((one, 1), (two, 1), (three, -1), (four, -1)))
        assert difference == pytest.approx(float(exact), abs=1e-5)


@given(st.lists(st.lists(NUMBERS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_totals_by_row_by_column_and_of_all_agree(parts: list[list[Any]]) -> None:
    columns = [list(column) for column in zip(*parts, strict=True)]
    rows = [[sum(value or 0 for value in row)] for row in parts]
    whole = sum(row[0] for row in rows)
    assert udfs.NB_TOTAL_DIFF([[whole]], parts)[0][0] == pytest.approx(0, abs=1e-4)
    assert [row[0] for row in udfs.NB_TOTAL_DIFF(rows, parts)] == pytest.approx([0] * len(parts), abs=1e-4)
    across = [[sum(value or 0 for value in column) + 1 for column in columns]]
    assert udfs.NB_TOTAL_DIFF(across, parts)[0] == pytest.approx([1] * 3, abs=1e-4)
