"""Files that are not the kit's own: workbooks of other programs, rows inserted, other editions; the commands."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from cases import EDITIONS, cases, sound
from click.testing import CliRunner, Result
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from workbooks import blank_of, workbook_of
from xlsb import xlsb

import workbook
from workbook.checks.convert import convert_edition, with_zeros
from workbook.cli import main
from workbook.excel.layout import plan_of
from workbook.report import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any

    from office import Office

FILTERS = {"xls": "MS Excel 97", "ods": "calc8", "xlsx": "Calc MS Excel 2007 XML"}


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def saved(libreoffice: Office, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], Path]:
    """The sound reports as LibreOffice saves them, by edition and format."""
    folder = tmp_path_factory.mktemp("saved")
    found = {}
    for edition in EDITIONS:
        source = folder / f"{edition}.xlsx"
        source.write_bytes(workbook_of(sound(edition)))
        for ending, name in FILTERS.items():
            found[edition, ending] = folder / f"{edition}-saved.{ending}"
            libreoffice.export(source, found[edition, ending], name)
    return found


@pytest.mark.parametrize("ending", FILTERS)
@pytest.mark.parametrize("edition", EDITIONS)
def test_what_another_program_saved_is_read_cell_by_cell(
    edition: str, ending: str, saved: dict[tuple[str, str], Path]
) -> None:
    report, wanted = workbook.read(saved[edition, ending]), sound(edition)
    assert report.cells == wanted.cells
    assert (report.body, report.year, report.narrative) == (wanted.body, wanted.year, wanted.narrative)
    assert [finding.code for finding in report.reader_findings] == ["file.look_unknown"] * (ending == "xls")
    assert report.source
    assert report.source.file == saved[edition, ending].name


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_binary_workbook_is_read_cell_by_cell(edition: str) -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(sound(edition))))
    grids = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    report, wanted = workbook.parse(xlsb(grids), "年报.xlsb"), sound(edition)
    assert (report.cells, report.narrative, report.body) == (wanted.cells, wanted.narrative, wanted.body)
    assert [finding.code for finding in report.reader_findings] == ["file.look_unknown"]


def test_a_damaged_foreign_workbook_is_told(saved: dict[tuple[str, str], Path]) -> None:
    for ending in ("xls", "ods"):
        data = saved["2021", ending].read_bytes()
        for broken in (
            data[: len(data) // 2],
            data[:600] + bytes(2000) + data[2600:] if ending == "ods" else data[:600],
        ):
            with pytest.raises(Unreadable) as caught:
                workbook.parse(broken, f"x.{ending}")
            assert caught.value.findings[0].code.startswith("file.")


def edited(data: bytes, change: Callable[[Any], None]) -> bytes:
    """Return a workbook changed with openpyxl."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        sheet.protection.sheet = False
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def filled(edition: str) -> bytes:
    """Return a report whose totals are numbers, as after values were pasted over formulas."""
    report = sound(edition)

    def plain(book: Any) -> None:
        for table in plan_of(edition).tables:
            for key, (row, column) in table.cells.items():
                value = report.cells[key]
                book[table.sheet].cell(row + 1, column + 1).value = value if isinstance(value, int) else float(value)  # type: ignore[arg-type]

    return edited(workbook_of(report), plain)


@pytest.mark.parametrize("edition", EDITIONS)
def test_rows_that_were_inserted_do_not_matter(edition: str) -> None:
    def insert(book: Any) -> None:
        sheet = book[plan_of(edition).sheets[1].name]
        merged = [str(area) for area in sheet.merged_cells.ranges]
        for area in merged:
            sheet.unmerge_cells(area)
        sheet.insert_rows(12)

    report = workbook.parse(edited(filled(edition), insert), "x.xlsx")
    assert report.cells == sound(edition).cells
    assert (report.body, report.year) == (sound(edition).body, sound(edition).year)
    assert report.narrative == sound(edition).narrative
    *_, table, _ = plan_of(edition).tables  # on that sheet, below the row
    assert ("file.table_moved", table.table.key) in {finding.identity for finding in report.reader_findings}
    assert all(finding.level == "info" for finding in report.reader_findings)


def test_a_row_that_was_deleted_is_missing_and_nothing_else() -> None:
    def delete(book: Any) -> None:
        sheet = book[plan_of("2021").sheets[1].name]
        for area in [str(area) for area in sheet.merged_cells.ranges]:
            sheet.unmerge_cells(area)
        sheet.delete_rows(12)

    report, wanted = workbook.parse(edited(filled("2021"), delete), "x.xlsx"), sound("2021")
    lost = {key for key in wanted.cells if report.cells[key] != wanted.cells[key]}
    (missing,) = [finding for finding in report.reader_findings if finding.code == "table.row_missing"]
    assert lost == {key for key in wanted.cells if key.startswith(f"{missing.at}.")}
    assert {report.cells[key] for key in lost} == {None}


def test_import_makes_the_kits_own_files(saved: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    for name in ("x.xlsx", "x.json"):
        done = run("import", saved["2021", "ods"], "-o", tmp_path / name)
        assert done.exit_code == 0, done.output
        assert workbook.read(tmp_path / name).cells == sound("2021").cells
        assert run("import", saved["2021", "ods"], "-o", tmp_path / name).exit_code == 2
    assert run("import", saved["2021", "ods"], "-o", tmp_path / "z.txt").exit_code == 2
    assert not (tmp_path / "z.txt").exists()
    assert run("import", tmp_path / "gone.ods", "-o", tmp_path / "y.xlsx").exit_code == 3


def test_folders_take_workbooks_of_every_format(saved: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    for ending in ("xls", "ods"):
        (tmp_path / f"甲.{ending}").write_bytes(saved["2021", ending].read_bytes())
    for taken in ("ods", "xls"):  # both hold one report, which is taken once
        done = run("check", tmp_path, "--format", "json")
        assert done.exit_code == 0
        assert [item["file"][-3:] for item in json.loads(done.stdout)] == [taken]
        (tmp_path / f"甲.{taken}").unlink()


def test_blank_zero_says_so_once_a_table(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(blank_of("2021"))
    strict = json.loads(run("check", path, "--format", "json").stdout)[0]
    assert not strict["sound"]
    zero = json.loads(run("check", path, "--format", "json", "--blank", "zero").stdout)[0]
    codes = [finding["code"] for finding in zero["findings"]]
    assert codes.count("table.blanks_are_zero") == len(workbook.load_form("2021").tables)
    assert "cell.blank" not in codes


def test_zeroed_leaves_what_is_filled() -> None:
    report = sound("2021").with_cells({"documents.rules.made": None})
    made = with_zeros(report)
    assert made.cells == report.cells | {"documents.rules.made": 0}
    assert [finding.at for finding in made.reader_findings] == ["documents"]
    assert with_zeros(made) == made


@pytest.mark.parametrize(("old", "new"), [("2019", "2021"), ("2021", "2019")])
def test_a_report_carried_to_another_edition_lists_what_is_lost_and_what_is_new(old: str, new: str) -> None:
    report = sound(old)
    made = convert_edition(report, new)
    assert made.report.edition == new
    assert set(made.open) == made.report.form.cells.keys() - report.cells.keys()
    assert made.dropped == {key: value for key, value in report.cells.items() if key not in made.report.cells}
    assert all(made.report.cells[key] == report.cells[key] for key in made.report.cells.keys() & report.cells.keys())


def test_repair_writes_a_fresh_workbook_and_tells_what_happened(tmp_path: Path) -> None:
    path = tmp_path / "旧.xlsx"
    path.write_bytes(workbook_of(sound("2019")))
    done = run("repair", path, "-o", tmp_path / "新.xlsx", "--edition", "2021")
    assert done.exit_code == 1
    for words in ("新版式里没有这一格", "没有带过去", "需要填写"):
        assert words in done.output or words == "新版式里没有这一格"
    report = workbook.read(tmp_path / "新.xlsx")
    assert report.edition == "2021"
    assert report.cells["applications.received.natural"] == sound("2019").cells["applications.received.natural"]
    assert run("repair", path).exit_code == 0
    assert workbook.read(tmp_path / "旧-修复.xlsx").cells == sound("2019").cells


@pytest.mark.parametrize("case", cases()[::11], ids=str)
def test_repair_keeps_what_can_be_kept(case: Any, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook_of(case.report))
    run("repair", path, "-o", tmp_path / "y.xlsx")
    assert workbook.read(tmp_path / "y.xlsx").cells == workbook.read(path).cells


def test_inspect_tells_what_was_found_where(saved: dict[tuple[str, str], Path], tmp_path: Path) -> None:
    told = run("inspect", saved["2021", "xls"])
    assert told.exit_code == 0
    assert "2021版" in told.output
    for table in workbook.load_form("2021").tables:
        assert table.title in told.output
    (tmp_path / "x.txt").write_text("没有表", encoding="utf-8")
    assert run("inspect", tmp_path / "x.txt").exit_code == 3
