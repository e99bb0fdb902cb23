"""Second copies of tables, told on hidden sheets and refused on others; tables that were moved, told once a sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from cases import sound
from workbooks import edited, saved

import workbook
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from office import Office

SHEET, OLD = "三、依申请公开", "旧表"
REPORT = sound("2021")


def with_copy(state: str, sheet: str = SHEET, name: str = OLD) -> Any:
    """Return the workbook with a copy of a sheet that holds another number."""
    book = edited(REPORT)
    copy = book.copy_worksheet(book[sheet])
    copy.title, copy.sheet_state = name, state
    copy["D6" if sheet == SHEET else "A6"] = 4321
    return book


def refusal(data: bytes, file: str = "a.xlsx") -> Any:
    with pytest.raises(Unreadable) as caught:
        workbook.parse(data, file)
    (finding,) = caught.value.findings
    assert finding.code == "file.ambiguous"
    return finding


def moved_down(book: Any) -> None:
    """Move rows and names of the table, so that it is found by its labels."""
    for area in list(book[SHEET].merged_cells.ranges):
        book[SHEET].unmerge_cells(str(area))  # openpyxl would leave them where they are
    book[SHEET].insert_rows(8)
    for key, name in book.defined_names.items():
        sheet, _, address = name.attr_text.rpartition("!")
        column, row = address[1:].split("$")
        if key.startswith("applications.") and int(row) > 7:
            name.attr_text = f"{sheet}!${column}${int(row) + 1}"


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
@pytest.mark.parametrize("change", [lambda book: None, moved_down, lambda book: book.move_sheet(OLD, -9)])  # noqa: ARG005
def test_the_copy_that_is_shown_is_read_where_the_names_lead_there(state: str, change: Callable[[Any], None]) -> None:
    book = with_copy(state)
    change(book)
    report = workbook.parse(saved(book), "a.xlsx")
    for key in REPORT.cells.keys() - REPORT.form.calculated.keys():  # openpyxl moves no formulas
        assert report.cells[key] == REPORT.cells[key]
    (finding,) = [finding for finding in report.reader_findings if finding.code == "file.hidden_copy"]
    assert (finding.at, finding.level) == (OLD, "warning")
    assert ("Alt+F11" in finding.hint()) == (state == "veryHidden")
    assert ("右键" in finding.hint()) == (state == "hidden")
    assert OLD in finding.message("en")


def test_copies_of_several_tables_on_one_sheet_are_one_finding() -> None:
    book = with_copy("hidden")
    old, other = book[OLD], book["四、复议诉讼"]
    for row in other.iter_rows(max_row=7):
        for cell in row:
            if type(cell).__name__ == "Cell":
                old.cell(cell.row + 60, cell.column, 7 if cell.row == 6 else cell.value)
    report = workbook.parse(saved(book), "a.xlsx")
    (finding,) = [finding for finding in report.reader_findings if finding.code == "file.hidden_copy"]
    assert "申请情况”、“" in finding.message()
    assert report.cells == REPORT.cells


def test_a_hidden_copy_with_the_same_numbers_is_nothing() -> None:
    book = edited(REPORT)
    book.copy_worksheet(book[SHEET]).sheet_state = "hidden"
    found = workbook.parse(saved(book), "a.xlsx").reader_findings
    assert {finding.code for finding in found} == {"total.not_calculated"}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_without_names_it_is_said_which_sheet_is_hidden(state: str) -> None:
    book = with_copy(state)
    book.defined_names.clear()
    finding = refusal(saved(book))
    assert f"「{OLD}」（{'已隐藏' if state == 'hidden' else '深度隐藏'}）" in finding.message()
    assert f"“{OLD}”" in finding.hint()
    assert OLD in finding.hint("en")


def test_the_names_of_one_sheet_alone_prove_nothing() -> None:
    book = with_copy("hidden")
    for key, name in list(book.defined_names.items()):
        book[SHEET].defined_names[key] = name
        del book.defined_names[key]
    refusal(saved(book))


def test_where_the_names_lead_to_the_hidden_copy_none_is_chosen() -> None:
    book = with_copy("visible")
    book[SHEET].sheet_state = "hidden"
    finding = refusal(saved(book))
    assert f"“{SHEET}”已隐藏" in finding.hint()


def test_of_two_that_are_shown_none_is_chosen() -> None:
    assert "隐藏" not in refusal(saved(with_copy("visible"))).hint()
    book = with_copy("hidden")
    copy = book.copy_worksheet(book[SHEET])
    copy["D6"] = 99
    refusal(saved(book))


def test_one_cell_whose_name_leads_elsewhere_is_enough() -> None:
    book = with_copy("hidden")
    book.defined_names["applications.granted.natural"].attr_text = f"'{OLD}'!$D$8"
    refusal(saved(book))


def test_of_other_formats_it_is_said_which_sheet_is_hidden(libreoffice: Office, tmp_path: Path) -> None:
    source, target = tmp_path / "a.xlsx", tmp_path / "a.ods"
    source.write_bytes(saved(with_copy("hidden")))
    libreoffice.export(source, target, "calc8")
    assert f"「{OLD}」（已隐藏）" in refusal(target.read_bytes(), "a.ods").message()


def test_a_hidden_copy_is_not_taken_for_one_that_was_changed() -> None:
    """The hidden one stands just as the template has it, the one that is shown has a row more."""
    book = with_copy("hidden")
    moved_down(book)
    book.defined_names.clear()
    refusal(saved(book))


def test_tables_on_other_sheets_are_told_once_a_sheet() -> None:
    book = edited(REPORT)
    for name in ("二、主动公开", "四、复议诉讼"):
        book[name].title = f"{name[2:]}表"
    report = workbook.parse(saved(book), "a.xlsx")
    found = [finding for finding in report.reader_findings if finding.code == "file.table_moved"]
    assert [finding.at for finding in found] == ["documents", "disputes"]
    assert report.cells == REPORT.cells
    for table in report.form.tables:
        assert sum(table.title in finding.message() for finding in found) == (table.key != "applications")
        assert sum(table.title in finding.message("en") for finding in found) == (table.key != "applications")


def test_rows_that_were_moved_in_all_tables_are_told_once_a_sheet() -> None:
    book = edited(REPORT)
    book["二、主动公开"].insert_rows(1)
    book[SHEET].insert_rows(8)
    found = workbook.parse(saved(book), "a.xlsx").reader_findings
    assert [finding.at for finding in found if finding.code == "file.table_moved"] == ["documents", "applications"]
