"""The table of figures: what stands in it, wide and long, of one year and of several, as CSV and as a workbook."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from cases import sound
from gathered import AT, Gathered, unit
from hypothesis import given
from hypothesis import strategies as st

import workbook
from workbook.collect.standing import State
from workbook.collect.table import Asked, NoSuchCellError, csv_lines, write_table, xlsx
from workbook.collect.table.rows import change
from workbook.report import Unreadable

UNITS = (
    unit("c", "临江市人民政府", None, "government"),
    unit("a", "市财政局", "c"),
    unit("b", '=HYPERLINK("http://x")', "c"),
    unit("d", "城关镇人民政府", "c", "township", until=2024),
)
RECEIVED = "applications.received.total"


def gathered(folder: Path) -> Gathered:
    """Return a collection: two years of one unit, of two editions, one that sent nothing, one that is gone."""
    made = Gathered(UNITS, folder)
    new = replace(sound("2021"), year=2025).with_cells({RECEIVED: 5400, "fees.fee.amount": Decimal("2.50")})
    made.add("a", 2025, new, b"1", "a.xlsx")
    made.add("a", 2024, replace(sound("2019"), year=2024).with_cells({RECEIVED: 5000}), b"2", "b.xlsx")
    made.add("c", 2025, new.with_cells({RECEIVED: None, "fees.fee.amount": "=1+1"}), b"3", "c.xlsx")
    made.add("d", 2024, replace(sound("2021"), year=2024), b"4", "d.xlsx")
    made.states["b", 2025] = State.WAIVED
    return made


def read(made: Gathered, asked: Asked) -> list[dict[str, str]]:
    """Return the rows of a table by their keys."""
    _, *lines = csv.reader(io.StringIO("".join(csv_lines(made, asked, AT)), newline=""))
    keys, *rows = lines
    assert all(len(row) == len(keys) for row in rows)
    return [dict(zip(keys, row, strict=True)) for row in rows]


def test_every_unit_has_its_row_with_its_state_and_blank_cells_are_empty(tmp_path: Path) -> None:
    rows = read(gathered(tmp_path), Asked((2025,)))
    assert [row["unit"] for row in rows] == ["c", "a", "b"]
    assert [row["state"] for row in rows] == ["已收待审", "已收待审", "不应报"]
    assert [row["parent"] for row in rows] == ["", "临江市人民政府", "临江市人民政府"]
    assert [row["kind"] for row in rows] == ["人民政府", "政府部门", "政府部门"]
    assert [row[RECEIVED] for row in rows] == ["", "5400", ""]
    assert [row["fees.fee.amount"] for row in rows] == ["'=1+1", "2.50", ""]
    assert rows[2]["name"].startswith("'=")
    cells = set(sound("2021").cells)
    assert cells <= rows[0].keys()
    assert all(not rows[2][key] for key in cells)
    assert {row["at"] for row in rows} == {"2026-02-03 09:30"}
    assert {row["kit"] for row in rows} == {workbook.__version__}


def test_years_stand_side_by_side_with_the_change_and_its_size(tmp_path: Path) -> None:
    rows = {row["unit"]: row for row in read(gathered(tmp_path), Asked((2025, 2024)))}
    assert list(rows) == ["c", "a", "b", "d"]
    one = rows["a"]
    assert [one[f"{RECEIVED} {what}"] for what in ("2024", "2025", "2025 change", "2025 percent")] == [
        "5000", "5400", "400", "8.00"
    ]  # fmt: skip
    assert (rows["c"]["state 2024"], rows["c"]["state 2025"]) == ("逾期", "已收待审")
    assert rows["c"][f"{RECEIVED} 2025 change"] == ""
    gone = rows["d"]
    assert (gone["state 2024"], gone["state 2025"], gone["name"]) == ("已收待审", "", "城关镇人民政府")
    assert gone[f"{RECEIVED} 2024"] and not gone[f"{RECEIVED} 2025"]  # noqa: PT018


def test_cells_of_another_edition_have_their_columns_and_are_empty_where_a_report_has_them_not(tmp_path: Path) -> None:
    rows = {row["unit"]: row for row in read(gathered(tmp_path), Asked((2024, 2025)))}
    only = next(key for key in sound("2019").cells if key not in sound("2021").cells)
    assert rows["a"][f"{only} 2024"] == str(sound("2019").cells[only])
    assert rows["a"][f"{only} 2025"] == ""
    assert not any(key.startswith(only) for key in read(gathered(tmp_path), Asked((2025,)))[0])


def test_the_long_table_has_a_row_a_cell_and_one_for_a_unit_without_a_report(tmp_path: Path) -> None:
    rows = read(gathered(tmp_path), Asked((2025,), long=True))
    form = sound("2021").form
    own = [row for row in rows if row["unit"] == "a"]
    assert [row["cell"] for row in own] == list(form.cells)
    assert next(row for row in own if row["cell"] == "fees.fee.amount")["measure"] == "万元"
    assert [(row["state"], row["cell"], row["value"]) for row in rows if row["unit"] == "b"] == [("不应报", "", "")]
    both = read(gathered(tmp_path), Asked((2024, 2025), ("applications.received",), long=True))
    found = [row for row in both if row["unit"] == "a" and row["cell"] == RECEIVED]
    assert [(row["year"], row["prior"], row["value"], row["change"], row["percent"]) for row in found] == [
        ("2024", "", "5000", "", ""),
        ("2025", "5000", "5400", "400", "8.00"),
    ]
    assert [row["year"] for row in both if row["unit"] == "b"] == ["2024", "2025"]


@pytest.mark.parametrize(
    ("names", "count"),
    [
        (("applications.received.total",), 1),
        (("applications.received",), 7),
        (("applications.*.total",), 25),
        (("disputes", "applications.received"), 22),
        (("disputes.review", "disputes.review.total"), 5),
        (("disputes.review, fees，services,",), 7),
        (("行政复议", "收到和处理政府信息公开申请情况"), 180),
        (("一、本年新收政府信息公开申请数量",), 7),
    ],
)
def test_cells_are_chosen_by_key_row_table_and_pattern(tmp_path: Path, names: tuple[str, ...], count: int) -> None:
    row = read(gathered(tmp_path), Asked((2025,), names))[0]
    assert len([key for key in row if "." in key]) == count


@pytest.mark.parametrize(
    "name", ["applications.recieved", "nonsense", "", "applications.received.totals", "[a]", "*.x"]
)
def test_an_unknown_cell_is_refused_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    to = tmp_path / "x.csv"
    with pytest.raises(NoSuchCellError) as caught:
        write_table(gathered(tmp_path), to, Asked((2025,), (name,)), AT)
    assert caught.value.name == name
    assert (name == "applications.recieved") <= ("applications.received" in caught.value.like)
    assert not to.exists()


@pytest.mark.parametrize("asked", [Asked((2025,)), Asked((2024, 2025)), Asked((2024, 2025), long=True)])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_same_store_gives_the_same_bytes_and_a_file_is_not_replaced(
    tmp_path: Path, asked: Asked, ending: str
) -> None:
    made, to, other = gathered(tmp_path), tmp_path / f"x.{ending}", tmp_path / f"y.{ending}"
    write_table(made, to, asked, AT)
    write_table(made, other, asked, AT)
    assert to.read_bytes() == other.read_bytes()
    with pytest.raises(FileExistsError):
        write_table(made, to, asked, AT)
    write_table(made, to, asked, AT, force=True)
    with pytest.raises(Unreadable):
        workbook.read(to)  # nobody takes it for a report


@pytest.mark.parametrize("asked", [Asked((2025,)), Asked((2024, 2025)), Asked((2024, 2025), long=True)])
def test_the_workbook_holds_what_the_csv_does_with_numbers_as_numbers(tmp_path: Path, asked: Asked) -> None:
    made, to = gathered(tmp_path), tmp_path / "x.xlsx"
    write_table(made, to, asked, AT)
    sheet = openpyxl.load_workbook(to)["指标"]
    rows = list(sheet.iter_rows())
    top = next(at for at, row in enumerate(rows) if row[0].value == "unit")
    keys = [cell.value for cell in rows[top]]
    expected = read(made, asked)
    assert len(rows) - top - 1 == len(expected)
    for row, wanted in zip(rows[top + 1 :], expected, strict=True):
        for key, cell in zip(keys, row, strict=True):
            said = wanted[key].removeprefix("'")
            assert cell.data_type != "f"
            if isinstance(cell.value, int | float):
                assert Decimal(str(cell.value)) == Decimal(said)
            else:
                assert (cell.value or "") == said
    assert "截至 2026-02-03 09:30" in sheet["A1"].value
    assert sheet.auto_filter.ref.startswith(f"A{top + 1}:")


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 100)
    made, to = gathered(tmp_path), tmp_path / "x.xlsx"
    write_table(made, to, Asked((2025,), long=True), AT)
    book = openpyxl.load_workbook(to)
    assert book.sheetnames == ["指标", *(f"指标 {number}" for number in range(2, 6))]
    counts = [sheet.max_row - 3 for sheet in book.worksheets]
    assert counts[:-1] == [100] * 4
    assert sum(counts) == len(read(made, Asked((2025,), long=True)))


def test_a_table_of_nobody_has_its_heads(tmp_path: Path) -> None:
    made = Gathered((), tmp_path)
    assert read(made, Asked((2025,))) == []
    write_table(made, tmp_path / "x.xlsx", Asked((2025,)), AT)
    assert openpyxl.load_workbook(tmp_path / "x.xlsx")["指标"]["A6"].value is None


def test_heads_are_said_in_english(tmp_path: Path) -> None:
    heads = next(csv_lines(gathered(tmp_path), Asked((2024, 2025), lang="en"), AT)).split(",")
    assert heads[0] == "Unit ID"
    assert heads[-3].endswith("Change in %")
    assert read(gathered(tmp_path), Asked((2025,), lang="en"))[0]["state"] == "received"


numbers = st.integers(-(10**9), 10**9) | st.decimals(0, 10**9, places=6)


@given(numbers, numbers)
def test_what_changed_leads_from_one_to_the_other(last: int | Decimal, this: int | Decimal) -> None:
    difference, percent = change(last, this)
    assert isinstance(difference, int | Decimal)
    assert last + difference == this
    assert (percent is None) == (last <= 0)
    if isinstance(percent, Decimal):
        assert abs(percent * Decimal(last) / 100 - difference) <= Decimal(last) * Decimal("0.00005") + Decimal("1e-9")
