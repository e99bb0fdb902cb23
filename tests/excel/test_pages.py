"""The pages of the template: where it opens, how one goes on from sheet to sheet, what is printed and how."""

from __future__ import annotations

import io
import itertools
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from cases import EDITIONS, sound
from workbooks import blank_of, edited, workbook_of

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import CHECKS, COVER, GUIDE, LEADS_TO, ONWARD, plan_of
from workbook.excel.template.spots import GUIDE_NEXT, GUIDE_STATE, GUIDE_TODO, first_entry, guide_rows

if TYPE_CHECKING:
    from pathlib import Path

    from office import Office

PARTS = 6
"""The cover and the sheets of the report."""


@pytest.fixture(params=EDITIONS)
def edition(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def book(edition: str) -> Any:
    return openpyxl.load_workbook(io.BytesIO(blank_of(edition)))


def links(sheet: Any) -> dict[str, tuple[str, str]]:
    """Return by address what the links of a sheet show, and where they lead."""
    return {
        cell.coordinate: (str(cell.value), cell.hyperlink.location)
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink
    }


def first_page(report: workbook.Report) -> tuple[str, dict[str, tuple[str, str]]]:
    """Return what the first page says is to be done next, and of each part its state and what is to be done."""
    book = openpyxl.load_workbook(io.BytesIO(workbook_of(report)), data_only=True)
    sheet = book[GUIDE]
    rows = guide_rows(plan_of(report.edition))

    def shown(row: int, column: int) -> str:
        return str(sheet[a1(row, column)].value or "")

    states = {name: (shown(row, GUIDE_STATE), shown(row, GUIDE_TODO)) for name, row in rows.items()}
    return shown(*GUIDE_NEXT), states


def test_it_opens_on_the_page_that_leads_to_every_part(edition: str, book: Any) -> None:
    plan = plan_of(edition)
    assert book.active.title == GUIDE
    assert book.sheetnames[0] == GUIDE
    listed = list(links(book[GUIDE]).values())
    names = [COVER, *plan.names]
    assert [text for text, _ in listed] == [f"{LEADS_TO}{name}" for name in names]
    assert len(listed) == PARTS
    assert [target for _, target in listed] == [f"'{name}'!{a1(*first_entry(plan, name))}" for name in names]


def test_the_first_page_says_what_is_to_be_done(edition: str) -> None:
    base = sound(edition)
    step, states = first_page(workbook.blank(edition))
    assert step == "下一步：填写“封面”"
    assert {state[0] for state, _ in states.values()} == {"…"}
    assert {todo for _, todo in states.values()} == {"填浅黄色的格子"}

    step, states = first_page(base)
    assert step == "下一步：保存为 .xlsx，按上级要求报送"
    assert set(states.values()) == {("✓ 校验通过", "")}

    wrong = base.with_cells({"applications.received.natural": 0})
    step, states = first_page(wrong)
    assert step == "下一步：改正“三、依申请公开”里的错误"
    assert states["三、依申请公开"] == ("✗ 有 2 处需要改正", "按“校验”表的结论改正")
    assert states["四、复议诉讼"] == ("✓ 校验通过", "")

    _, states = first_page(replace(base, year=2030 if edition == "2019" else 2020))
    assert states[COVER] == ("✓ 没有错误，有 1 处提示", "看“校验”表里的提示，属实的写明说明")

    step, states = first_page(replace(base, narrative={**base.narrative, "problems": None}))
    assert step == "下一步：填写“五六、问题与其他”"
    assert states["五六、问题与其他"] == ("… 尚有 1 处未填", "填浅黄色的格子")


def test_its_words_follow_what_is_filled_in(edition: str, libreoffice: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook_of(sound(edition)))
    row = guide_rows(plan_of(edition))["三、依申请公开"]
    with libreoffice.open(path) as document:
        guide, table = document.Sheets[GUIDE], document.Sheets["三、依申请公开"]

        def said() -> tuple[str, str]:
            document.calculateAll()
            return guide.getCellByPosition(0, GUIDE_NEXT[0]).String, guide.getCellByPosition(GUIDE_STATE, row).String

        assert said()[1] == "✓ 校验通过"
        entry = table.getCellRangeByName(a1(*first_entry(plan_of(edition), "三、依申请公开")))
        entry.Value = 0
        assert said() == ("下一步：改正“三、依申请公开”里的错误", "✗ 有 2 处需要改正")
        entry.String = ""
        assert said()[1] == "✗ 有 2 处需要改正，另有 1 处未填"


def test_each_sheet_begins_with_its_first_entry_and_leads_to_the_next(edition: str, book: Any) -> None:
    plan = plan_of(edition)
    names = [COVER, *plan.names, CHECKS]
    for name, onward in itertools.pairwise(names):
        first = a1(*first_entry(plan, name))
        (selection,) = (each for each in book[name].sheet_view.selection if each.sqref == first)
        assert selection.activeCell == first
        assert not book[name][first].protection.locked
        assert (f"{ONWARD}{onward}", f"'{onward}'!{a1(*first_entry(plan, onward))}") in links(book[name]).values()


def test_the_words_that_lead_on_are_never_read(edition: str) -> None:
    report = sound(edition)
    book = edited(report)
    for sheet in plan_of(edition).sheets:
        for area in list(book[sheet.name].merged_cells.ranges):  # openpyxl leaves them where they were
            book[sheet.name].unmerge_cells(str(area))
        book[sheet.name].insert_rows(3)
    stream = io.BytesIO()
    book.save(stream)
    read = workbook.parse(stream.getvalue(), "a.xlsx")
    entries = report.cells.keys() - report.form.calculated.keys()  # totals have no stored result after openpyxl
    assert {key: read.cells[key] for key in entries} == {key: report.cells[key] for key in entries}
    assert read.narrative == report.narrative
    assert {finding.code for finding in read.reader_findings} == {"file.table_moved"}


def test_a_heading_that_no_longer_stays_in_sight_leaves_the_cursor() -> None:
    base = sound("2021")
    high = replace(base, narrative={**base.narrative, "applications": "一行。\n" * 9 + "末。"})
    for report in (base, high):
        view = edited(report)["三、依申请公开"].sheet_view
        assert view.selection[-1].activeCell == "D6"
    assert view.pane is None


def test_the_report_prints_white_with_pages_of_its_own(edition: str, book: Any) -> None:
    report = plan_of(edition).names
    for sheet in book.worksheets:
        setup, footer = sheet.page_setup, sheet.oddFooter.center.text
        assert bool(setup.blackAndWhite) == (sheet.title in {COVER, *report})
        assert footer == ("— &P —" if sheet.title in report else "校验 第 &P 页" if sheet.title == CHECKS else None)
        assert bool(setup.useFirstPageNumber) == (sheet.title in {report[0], CHECKS})  # with 1 where none is given


def test_the_guide_says_how_the_report_is_printed(book: Any) -> None:
    words = "".join(str(cell.value) for row in book[GUIDE].iter_rows() for cell in row if cell.value)
    assert "点“一、总体情况”的标签，按住 Shift 再点“五六、问题与其他”" in words


def test_tabs_are_coloured_by_what_is_done_there(edition: str, book: Any) -> None:
    colours = {sheet.title: sheet.sheet_properties.tabColor.rgb for sheet in book.worksheets}
    assert len({colours[name] for name in (COVER, *plan_of(edition).names)}) == 1
    assert len(set(colours.values())) == len({GUIDE, COVER, CHECKS})


def test_nothing_on_the_guide_can_be_typed_over(book: Any) -> None:
    assert all(cell.protection.locked for row in book[GUIDE].iter_rows() for cell in row)
