"""Every button of the ribbon, on a workbook that is open: in LibreOffice over UNO, and quickly over openpyxl."""

from __future__ import annotations

import io
import json
from contextlib import contextmanager
from copy import copy
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest
import xlwings as xw
from cases import sound
from engine import sheets
from engine.user import ExcelError, User
from openpyxl import load_workbook

import workbook
from workbook.excel.address import a1
from workbook.excel.findings_sheet import RESULTS
from workbook.excel.layout import CHECKS, COVER, COVER_ANSWERS, cover_rows, plan_of
from workbook.report import Report, Waiver
from xlplugin import fill, macros
from xlplugin.addin.definition import load_definition
from xlplugin.excel import Desk
from xlplugin.read import live_report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    Open = Callable[..., AbstractContextManager[xw.Book]]

WRONG = {"applications.received.natural": 12, "services.licensing.decisions": None}
"""A wrong number and a blank in the sound base of 2021."""


@pytest.fixture(params=["openpyxl", "libreoffice"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Open:
    """A function that opens a report, a template or a file before a user."""
    if request.param == "libreoffice":
        office = request.getfixturevalue("libreoffice")
        from engine import calc

    @contextmanager
    def open_it(what: Report | bytes | Path, user: User) -> Iterator[xw.Book]:
        path = what if not isinstance(what, Report | bytes) else tmp_path / "年报.xlsx"
        if isinstance(what, Report | bytes):
            path.write_bytes(workbook.write(what) if isinstance(what, Report) else what)
        start = sheets.spreadsheet(path, user) if request.param == "openpyxl" else calc.spreadsheet(path, user, office)
        with start as book:
            yield book

    return open_it


def wrong() -> Report:
    return sound("2021").with_cells(WRONG)


def looks(book: xw.Book) -> dict[str, Any]:
    """Return what the sheets show, how they are protected, and how the cells that may be marked look."""
    shown: dict[str, Any] = {}
    for sheet in book.sheets:
        last = sheet.used_range.last_cell
        area = sheet.range((1, 1), (max(last.row, 12), max(last.column, 12)))
        content = area.options(ndim=2).formula if sheet.name != CHECKS else None  # no macro writes there
        shown[sheet.name] = content, protection(sheet)
    report = live_report(book)
    for key in {*WRONG, "applications.received.total", *list(report.places)[::7]}:
        cell = at(book, key, report)
        shown[key] = cell.color, cell.note.text if cell.note else None
    return shown


def protection(sheet: xw.Sheet) -> tuple[Any, ...]:
    api = sheet.api
    flags = (
        "AllowFormattingCells",
        "AllowFormattingColumns",
        "AllowFormattingRows",
        "AllowInsertingRows",
        "AllowFiltering",
    )
    return api.ProtectContents, api.ProtectDrawingObjects, *(bool(getattr(api.Protection, flag)) for flag in flags)


def at(book: xw.Book, key: str, report: Report | None = None) -> xw.Range:
    place = (report or live_report(book)).places[key]
    return book.sheets[place.sheet].range(place.address)


def test_a_workbook_with_a_row_more_is_checked_and_filled(opened: Open) -> None:
    """The reader of files and the buttons read the same."""
    loaded = load_workbook(io.BytesIO(workbook.write(wrong())))
    sheet = loaded[plan_of("2021").sheets[1].name]
    sheet.protection.sheet = False
    for area in [str(area) for area in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(area)
    sheet.insert_rows(12)
    stream = io.BytesIO()
    loaded.save(stream)
    user = User()
    with opened(stream.getvalue(), user) as book:
        macros.check_report(workbook.__version__)
        assert "applications.balance" in str(book.sheets[RESULTS].used_range.value)
        macros.fill_zeros(workbook.__version__)
        assert live_report(book).cells["services.licensing.decisions"] == 0


def test_the_engines_offer_nothing_that_xlwings_lacks_on_windows() -> None:
    """What is not there in Excel must not pass here: xlwings has some of its interface for its other products only."""
    import ast
    from pathlib import Path

    from engine import excel, ranges
    from xlwings import base_classes

    source = Path(str(xw.__file__)).with_name("_xlwindows.py").read_text(encoding="utf-8")
    windows = {node.name: node for node in ast.parse(source).body if isinstance(node, ast.ClassDef)}
    tried = 0
    for module in (excel, ranges):
        for name, kind in vars(module).items():
            if not isinstance(kind, type) or name not in windows or not hasattr(base_classes, name):
                continue
            there = {item.name for item in ast.walk(windows[name]) if isinstance(item, ast.FunctionDef)}
            there |= {
                target.id for item in windows[name].body if isinstance(item, ast.Assign) for target in item.targets
            }  # type: ignore[attr-defined]
            offered = {item for item in vars(kind) if item in vars(getattr(base_classes, name)) and item[0] != "_"}
            offered -= {"max_cells_per_read", "max_cells_per_write"}  # which have a default
            assert offered <= there, (name, offered - there)
            tried += len(offered)
    assert tried > 50


def test_every_button_has_a_test() -> None:
    tested = {name for name in globals() if name.startswith("test_")}
    for button in load_definition().buttons:
        assert any(button.macro in name for name in tested), button.macro


def test_new_report_opens_the_edition_of_the_year(opened: Open) -> None:
    user = User(answers=[2020])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        macros.new_report()
        fresh = xw.books.active
        assert fresh.name != book.name
        report = live_report(fresh)
        assert (report.edition, report.year) == ("2019", 2020)
        assert set(report.cells.values()) == {None}
        assert all(protection(sheet)[0] for sheet in fresh.sheets)
        assert not fresh.api.Path
        assert looks(book) == before
    assert "2019 版" in user.said[-1]


@pytest.mark.parametrize("answer", [False, 1999])
def test_new_report_opens_nothing_without_a_proper_year(answer: Any, opened: Open) -> None:
    user = User(answers=[answer])
    with opened(sound("2021"), user):
        macros.new_report()
        assert len(xw.books) == 1
    assert bool(user.said) == (answer is not False)


def test_load_last_year_fills_what_is_brought_forward(opened: Open, tmp_path: Path) -> None:
    base = sound("2021")
    year = base.year or 0
    last = workbook.from_json(workbook.to_json(sound("2019")))
    carried = {was: index for index, was in enumerate(base.form.opening_cells.values(), 1) if not was.endswith("total")}
    last = last.with_cells(carried | {"applications.carried_forward.total": sum(carried.values())})
    path = tmp_path / "上年.json"
    document = json.loads(workbook.to_json(sound("2019")))
    document["year"] = year - 1
    document["body"]["name"] = base.body.name
    for key, value in last.cells.items():
        table, row, column = key.split(".")
        document["tables"][table][row][column] = (
            float(value) if value is not None and not isinstance(value, int) else value
        )
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    user = User(answers=[str(path)])
    blank = base.with_cells(dict.fromkeys(base.form.opening_cells))
    with opened(blank, user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        macros.load_last_year()
        report = live_report(book)
        assert [report.cells[key] for key in report.form.opening_cells] == [*carried.values(), sum(carried.values())]
        assert fill.remembered(Desk(book)) == path
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        at(book, "applications.brought_forward.other").value = 99
        macros.check_report()
        codes = [row[0] for row in book.sheets[RESULTS].range("C3:C9").options(ndim=2).value]
        assert "year.brought_forward" in codes
    assert f"{len(carried)} 格" in user.said[0]


def test_load_last_year_asks_before_it_overwrites_and_about_other_reports(opened: Open, tmp_path: Path) -> None:
    path = tmp_path / "别人的.json"
    path.write_bytes(workbook.to_json(sound("2019")))  # of 2019, not of the year before
    user = User(answers=[str(path), "no"])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        macros.load_last_year()
        assert looks(book) == before
        assert "不是本机关上一年度" in user.asked[-1]
        user.answers = [str(path), "yes", "no"]
        macros.load_last_year()
        assert looks(book) == before
        user.answers = [False]
        macros.load_last_year()
        user.answers = [str(tmp_path / "没有.xlsx")]
        macros.load_last_year()
        assert looks(book) == before
    assert "没有.xlsx" in user.said[-1]


def test_fill_zeros_fills_blank_number_cells_and_nothing_else(opened: Open) -> None:
    user = User()
    with opened(workbook.template("2021"), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        macros.fill_zeros()
        report = live_report(book)
        by_hand = set(report.cells) - set(report.form.calculated)
        assert {report.cells[key] for key in by_hand} == {0}
        assert set(report.narrative.values()) == {None}
        assert report.year is None
        assert all(at(book, key).formula.startswith("=") for key in list(report.form.calculated)[::9])
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        assert f"{len(by_hand)} 个" in user.said[-1]
        macros.fill_zeros()
    assert user.said[-1] == "统计表里没有空白格。"


def test_fill_zeros_leaves_what_is_filled(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        macros.fill_zeros()
        report = live_report(book)
        assert report.cells == wrong().cells | {"services.licensing.decisions": 0}


def test_paste_values_takes_rows_of_numbers_and_passes_over_totals(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User(clipboard="1,234\t２\t\t 4 \t5\t6\t99\r\n7\t=1+1\r\n")
    monkeypatch.setattr(Desk, "clipboard", lambda self: user.clipboard)  # noqa: ARG005
    with opened(sound("2021"), user) as book:
        was = live_report(book).cells
        first = at(book, "applications.received.natural")
        keys = [
            f"applications.received.{column.key}" for column in live_report(book).form.table("applications").columns
        ]
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        shown = first.number_format, first.color
        first.sheet.activate()
        first.select()
        macros.paste_values()
        report = live_report(book)
        assert [report.cells[key] for key in keys] == [1234, 2, was[keys[2]], 4, 5, 6, 1251 + int(was[keys[2]] or 0)]
        assert report.cells["applications.brought_forward.natural"] == 7
        assert report.cells["applications.brought_forward.business"] == "=1+1"
        assert not at(book, "applications.brought_forward.business").api.HasFormula
        assert (first.number_format, first.color) == shown
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
    assert "7 格的值，跳过 1 格" in user.said[-1]


@pytest.mark.parametrize(
    ("clipboard", "words"), [(None, "剪贴板里没有"), ("  \n", "剪贴板里没有"), ("1\t" * 20_001, "太多")]
)
def test_paste_values_says_what_cannot_be_pasted(
    clipboard: str | None, words: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = User()
    monkeypatch.setattr(Desk, "clipboard", lambda self: clipboard)  # noqa: ARG005
    with opened(sound("2021"), user) as book:
        before = looks(book)
        macros.paste_values()
        assert looks(book) == before
    assert words in user.said[-1]


def test_check_report_marks_cells_and_lists_findings(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        macros.check_report()
        findings = workbook.check(live_report(book))
        assert book.sheets[0].name == RESULTS
        assert book.sheets.active.name == RESULTS
        rows = book.sheets[RESULTS].range((3, 1), (2 + len(findings), 10)).options(ndim=2).value
        assert [row[2] for row in rows] == [finding.code for finding in findings]
        assert [row[8] for row in rows] == [finding.message() for finding in findings]
        assert book.sheets[RESULTS].range((3 + len(findings), 1)).value is None
        located, blank = at(book, "applications.received.natural"), at(book, "services.licensing.decisions")
        assert located.color == (0xFF, 0x7C, 0x80)
        assert "【错误】" in located.note.text
        assert blank.color == (0xFF, 0xC7, 0xCE)
        assert "没有填写" in blank.note.text
        assert book.app.status_bar.startswith("年报工具箱：✗ 有")
        assert {sheet.name: protection(sheet) for sheet in book.sheets if sheet.name in before} == before
        assert live_report(book).cells == wrong().cells
    assert "已标出 3 格" in user.said[-1]


def test_check_report_again_marks_only_what_is_still_wrong(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        cell = at(book, "services.licensing.decisions")
        shown = cell.color
        macros.check_report()
        said = at(book, "applications.received.natural").note.text
        cell.value = 3
        macros.check_report()
        assert (cell.color, cell.note) == (shown, None)
        assert at(book, "applications.received.natural").note.text == said
        assert [sheet.name for sheet in book.sheets].count(RESULTS) == 1
        assert not any("（新）" in sheet.name for sheet in book.sheets)


def test_check_report_says_when_all_is_well(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user):
        macros.check_report()
    assert user.said == ["校验通过，没有发现问题。"]


def test_next_fault_and_previous_fault_go_round(opened: Open) -> None:
    keys = ("services.licensing.decisions", "applications.received.natural", "applications.received.total")
    with opened(wrong(), User()) as book:
        cells = [at(book, key) for key in keys]
        seen = []
        for macro in (macros.next_fault,) * 4 + (macros.previous_fault,) * 2:
            macro()
            seen.append(Desk(book).selection)
        spots = [(cell.sheet.name, cell.get_address(row_absolute=False, column_absolute=False)) for cell in cells]
        assert seen == [*spots, spots[0], spots[2], spots[1]]
        assert "第 2 处，共 3 处" in book.app.status_bar
        cells[0].value = 1
        macros.previous_fault()
        assert Desk(book).selection == spots[2]


def test_next_fault_says_when_there_is_none(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user):
        macros.next_fault()
        macros.previous_fault()
    assert user.said == ["✓ 没有错误，没有要改的格子。"] * 2


def test_accept_repair_asks_and_puts_the_located_value(opened: Open) -> None:
    user = User(answers=["no", "yes"])
    right = sound("2021").cells["applications.received.natural"]
    with opened(wrong(), user) as book:
        before = looks(book)
        macros.accept_repair()
        assert looks(book) == before
        macros.accept_repair()
        assert at(book, "applications.received.natural").value == right
        assert "应为" in user.asked[-1]
        assert "已改 1 格" in user.said[-1]
        macros.accept_repair()
        assert "没有能确定到格的改正建议" in user.said[-1]


def test_accept_repair_refreshes_the_marks(opened: Open) -> None:
    with opened(wrong(), User(answers=["yes"])) as book:
        cell = at(book, "applications.received.natural")
        shown = cell.color
        macros.check_report()
        cell.sheet.activate()
        cell.select()
        macros.accept_repair()
        assert (cell.color, cell.note) == (shown, None)
        assert book.sheets[RESULTS].range("A4").value is None
        assert Desk(book).selection[0] == cell.sheet.name


def test_clear_marks_leaves_nothing_behind(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(wrong(), user) as book:
        macros.clear_marks()
        assert user.said[-1] == "没有标记要清除。"
        own = at(book, "services.licensing.decisions")
        with Desk(book).unlocked(own.sheet):
            own.add_note("办公室：待补")
            own.color = (1, 2, 3)
        before = looks(book)
        macros.check_report()
        assert own.note.text.startswith("办公室：待补")
        assert looks(book) != before
        book.save(tmp_path / "带标记.xlsx")
    with opened(tmp_path / "带标记.xlsx", user) as book:
        macros.clear_marks()
        assert own_looks(looks(book)) == own_looks(before)
        assert RESULTS not in [sheet.name for sheet in book.sheets]
    assert "恢复原样" in user.said[-1]


def own_looks(shown: dict[str, Any]) -> dict[str, Any]:
    """Return what cells look like, without the formulas of sheets: saving may write these another way."""
    return {key: value for key, value in shown.items() if "." in key}


def test_export_json_writes_what_convert_writes(opened: Open, tmp_path: Path) -> None:
    user = User(answers=["yes"])
    with opened(sound("2021"), user):
        macros.export_json()
        path = tmp_path / "年报.json"
        assert path.read_bytes() == workbook.to_json(workbook.read(tmp_path / "年报.xlsx"))
        path.write_text("旧的", encoding="utf-8")
        macros.export_json()
        assert "已存在" in user.asked[-1]
        assert path.read_bytes() == workbook.to_json(workbook.read(tmp_path / "年报.xlsx"))
        user.answers = ["no"]
        path.write_text("旧的", encoding="utf-8")
        macros.export_json()
        assert path.read_text(encoding="utf-8") == "旧的"
    assert "已导出“年报.json”" in user.said[0]


def test_export_json_refuses_errors_and_changes_that_are_not_saved(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(wrong(), user) as book:
        macros.export_json()
        assert "有 3 处错误，没有导出" in user.said[-1]
        assert "没有填写" in user.said[-1]
        at(book, "services.licensing.decisions").value = 1
        macros.export_json()
        assert "请先保存" in user.said[-1]
    assert not (tmp_path / "年报.json").exists()


def test_import_json_fills_the_template(opened: Open, tmp_path: Path) -> None:
    report = sound("2021")
    long = "\n".join(f"第{index}段" for index in range(60))
    text = {**report.narrative, "overview": f"=1+1\n{long}"}
    document = json.loads(workbook.to_json(report))
    document["narrative"] = text
    path = tmp_path / "报告.json"
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
    user = User(answers=[str(path)])
    with opened(workbook.template("2021"), user) as book:
        before = {sheet.name: protection(sheet) for sheet in book.sheets}
        macros.import_json()
        assert "已从“报告.json”导入" in user.said[-1]
        read = live_report(book)
        assert read.cells == report.cells
        assert read.narrative == text
        assert (read.body, read.year) == (report.body, report.year)
        assert {sheet.name: protection(sheet) for sheet in book.sheets} == before
        assert all(at(book, key).formula.startswith("=") for key in list(report.form.calculated)[::9])
        user.answers = [str(path), "no"]
        macros.import_json()
        assert "当前工作簿已填了" in user.asked[-1]
    assert "没有错误" in user.said[0]


def test_import_json_refuses_another_edition_and_what_is_no_report(opened: Open, tmp_path: Path) -> None:
    path, other = tmp_path / "旧版.json", tmp_path / "别的.json"
    path.write_bytes(workbook.to_json(sound("2019")))
    other.write_text("{}", encoding="utf-8")
    user = User(answers=[str(path), str(other), False])
    with opened(workbook.template("2021"), user) as book:
        before = looks(book)
        macros.import_json()
        assert "2019 版的报告" in user.said[-1]
        macros.import_json()
        assert "别的.json" in user.said[-1]
        macros.import_json()
        assert looks(book) == before
        assert len(user.said) == 2


def test_self_check_open_manual_and_about_work_anywhere(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("webbrowser.open", lambda url: shown.append(url) or True)
    user = User(office_path=r"C:\Program Files (x86)\Kingsoft\WPS Office\12\office6", protected_views=1)
    with opened(sound("2021"), user) as book:
        before = looks(book)
        macros.self_check("0.0.9")
        for words in ("✗ 加载项：0.0.9", "✗ 表格程序：WPS", "✗ 受保护的视图", "✓ xlwings：0.37.8", "生效的配置"):
            assert words in user.said[-1]
        macros.open_manual()
        assert shown
        assert shown[0].endswith(".html")
        macros.about()
        assert workbook.__version__ in user.said[-1]
        assert looks(book) == before


WRITING = [
    button.macro for button in load_definition().buttons if button.macro not in {"self_check", "open_manual", "about"}
]


@pytest.mark.parametrize("macro", WRITING)
def test_in_wps_nothing_is_written_and_said_plainly(macro: str, opened: Open) -> None:
    user = User(office_path=r"C:\Users\lan\AppData\Local\Kingsoft\WPS Office\office6")
    with opened(wrong(), user) as book:
        before = looks(book)
        getattr(macros, macro)()
        assert looks(book) == before
    assert "这里不是 Microsoft Excel" in user.said[-1]


def test_an_add_in_of_another_version_writes_nothing(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        before = looks(book)
        macros.check_report("9.9.9")
        assert looks(book) == before
    assert "9.9.9 版" in user.said[-1]


def test_a_workbook_that_is_no_report_is_told(opened: Open, tmp_path: Path) -> None:
    from openpyxl import Workbook

    other = Workbook()
    other.active["A1"] = "=1+1"
    other.save(tmp_path / "别的.xlsx")
    for macro in ("check_report", "next_fault", "fill_zeros", "accept_repair", "load_last_year", "import_json"):
        user = User()
        with opened(tmp_path / "别的.xlsx", user) as book:
            getattr(macros, macro)()
            assert len(book.sheets) == 1
        assert "别的.xlsx" in user.said[-1]


def test_a_sheet_with_a_password_is_left_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        sheet = book.sheets[plan_of("2021").sheets[0].name]
        sheet.api.Unprotect("")
        sheet.api.Protect(Password="geheim")  # noqa: S106 - nobody's
        before = looks(book)
        macros.check_report()
        assert looks(book) == before
        assert "密码" in user.said[-1]


PREPARED: dict[str, tuple[Report, list[Any]]] = {
    "fill_zeros": (wrong(), []),
    "check_report": (wrong(), []),
    "accept_repair": (wrong(), ["yes"]),
    "import_json": (sound("2021"), ["报告.json", "yes"]),
    "load_last_year": (sound("2021"), ["报告.json", "yes", "yes"]),
}


@pytest.mark.parametrize("macro", PREPARED)
def test_an_error_in_the_middle_is_undone(macro: str, opened: Open, tmp_path: Path) -> None:
    report, answers = PREPARED[macro]
    change = dict.fromkeys(sound("2021").form.opening_cells, 5) | {"documents.rules.made": 5}
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021").with_cells(change)))
    paths = [str(tmp_path / answer) if str(answer).endswith("json") else answer for answer in answers]
    user = User()
    with opened(report, user) as book:
        before, view = looks(book), Desk(book).selection
        for fuse in (1, 2, 3, 5, 8, 13, 21):
            user.fuse, user.answers = fuse, list(paths)
            getattr(macros, macro)()
            if user.fuse is not None:  # the macro was done before
                assert fuse > 1
                break
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before
            assert Desk(book).selection == view
            assert book.app.screen_updating


def test_clearing_that_fails_leaves_the_marks(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        macros.check_report()
        before = looks(book)
        for fuse in (1, 2, 3):
            user.fuse = fuse
            macros.clear_marks()
            assert looks(book) == before
        macros.clear_marks()
        assert RESULTS not in [sheet.name for sheet in book.sheets]


def test_paste_values_never_changes_what_is_locked(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Desk, "clipboard", lambda self: "\n".join(["\t".join("7" * 14)] * 40))  # noqa: ARG005
    with opened(sound("2021"), User()) as book:
        sheet = at(book, "applications.received.natural").sheet
        before = sheet.range("A1:Z60").options(ndim=2).formula
        sheet.activate()
        sheet.range("A1").select()
        macros.paste_values()
        report = live_report(book)
        by_hand = [key for key in report.cells if key.startswith("applications.") and key not in report.form.calculated]
        assert {report.cells[key] for key in by_hand} == {7}
        after = sheet.range("A1:Z60").options(ndim=2).formula
        changed = sum(was != now for rows in zip(before, after, strict=True) for was, now in zip(*rows, strict=True))
        assert changed <= len(by_hand)


def test_paste_values_keeps_the_lines_of_one_cell_together(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    text = '"第一行""\n第二行"\r\n"放管服"改革\r\n'
    user = User()
    with opened(workbook.template("2021"), user) as book:
        sheet = book.sheets[plan_of("2021").text_sheet]
        sheet.activate()
        sheet.range("A3").select()
        monkeypatch.setattr(Desk, "clipboard", lambda self: text)  # noqa: ARG005
        macros.paste_values()
        assert sheet.range("A3:A5").value == ['第一行"\n第二行', '"放管服"改革', None]
        for odd, words in (("####\t1", "####"), ('说"明\t1', "")):
            monkeypatch.setattr(Desk, "clipboard", lambda self, odd=odd: odd)  # noqa: ARG005
            macros.paste_values()
            assert words in user.said[-1]
        assert sheet.range("A3").value == '说"明'


def test_fill_zeros_leaves_cells_that_are_merged_away(opened: Open) -> None:
    keys = ("services.licensing.decisions", "enforcement.penalty.decisions")
    with opened(sound("2021").with_cells({keys[1]: None}), User()) as book:
        one, other = (at(book, key) for key in keys)
        value = one.value
        monkey = {other.address}
        was = fill.is_own
        fill.is_own = lambda cell: cell.address not in monkey and was(cell)
        try:
            macros.fill_zeros()
        finally:
            fill.is_own = was
        assert (one.value, other.value) == (value, None)


def test_check_report_leaves_a_sheet_of_the_users_own_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        book.sheets.add(before=book.sheets[0]).name = RESULTS
        book.sheets[RESULTS].range("A1").value = "我的台账"
        before = looks(book)
        macros.check_report()
        assert "已有一张「校验结果」表" in user.said[-1]
        macros.clear_marks()
        assert looks(book) == before


def test_clear_marks_follows_sheets_that_were_renamed(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        shown, sheet = cell.color, cell.sheet
        macros.check_report()
        sheet.name = "改名 的'表"
        macros.clear_marks()
        assert (cell.color, cell.note) == (shown, None)


def test_clear_marks_leaves_what_the_user_changed_since(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        macros.check_report()
        with Desk(book).unlocked(cell.sheet):
            cell.color = (1, 2, 3)
            cell.note.text = f"{cell.note.text}\n张三：已核实"
        macros.clear_marks()
        assert (cell.color, cell.note.text) == ((1, 2, 3), "张三：已核实")


def test_clear_marks_works_after_the_list_was_deleted(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        before = looks(book)
        macros.check_report()
        book.sheets[RESULTS].delete()
        macros.clear_marks()
        assert looks(book) == before


def test_next_fault_tells_of_hidden_sheets(opened: Open) -> None:
    user = User(answers=["yes"])
    with opened(sound("2021").with_cells({"applications.received.natural": 12}), user) as book:
        cell = at(book, "applications.received.natural")
        cell.sheet.visible = False
        macros.next_fault()
        assert "隐藏的工作表" in user.said[-1]
        macros.accept_repair()
        assert "已改 1 格" in user.said[-1]


def test_next_fault_passes_over_hidden_sheets_and_merged_cells(opened: Open) -> None:
    keys = ("services.licensing.decisions", "applications.received.natural", "enforcement.penalty.decisions")
    with opened(sound("2021").with_cells(dict.fromkeys(keys)), User()) as book:
        at(book, keys[1]).sheet.visible = False
        seen = []
        for _ in range(4):
            macros.next_fault()
            seen.append(Desk(book).selection)
        assert seen[0] == seen[2] != seen[1] == seen[3]
        assert {sheet for sheet, _ in seen} == {at(book, keys[0]).sheet.name}


def test_accept_repair_takes_all_back_where_the_marks_fail(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        macros.check_report()
        before = looks(book)
        for fuse in (2, 5):
            user.answers, user.fuse = ["yes"], fuse
            macros.accept_repair()
            assert "恢复原状" in user.said[-1]
            assert looks(book) == before


def test_export_json_does_not_mind_formulas_that_calculate_anew(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        app = book.app.impl
        app.calculate = lambda: setattr(app.books.active, "saved", False)
        macros.export_json()
    assert (tmp_path / "年报.json").exists()
    assert "已导出" in user.said[-1]


def test_a_sheet_that_the_user_names_like_the_list_afterwards_is_left_alone(opened: Open) -> None:
    user = User()
    with opened(wrong(), user) as book:
        macros.check_report()
        book.sheets[RESULTS].delete()
        book.sheets.add(before=book.sheets[0]).name = RESULTS
        book.sheets[RESULTS].range("A1").value = "我的台账"
        macros.check_report()
        assert "已有一张「校验结果」表" in user.said[-1]
        macros.clear_marks()
        assert book.sheets[RESULTS].range("A1").value == "我的台账"
        assert "nianbao.marks" not in [sheet.name for sheet in book.sheets]


@pytest.mark.parametrize("opened", ["openpyxl"], indirect=True)  # LibreOffice keeps less of it, and takes long
def test_a_comment_too_long_to_be_remembered_is_left_alone(opened: Open) -> None:
    with opened(wrong(), User()) as book:
        cell = at(book, "applications.received.natural")
        with Desk(book).unlocked(cell.sheet):
            cell.add_note("长" * 32_700)
        shown = cell.color
        macros.check_report()
        assert cell.color != shown
        assert cell.note.text == "长" * 32_700
        macros.clear_marks()
        assert (cell.color, cell.note.text) == (shown, "长" * 32_700)


def test_load_last_year_refuses_this_file_and_a_blank_one(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "空白.xlsx").write_bytes(workbook.template("2021"))
    user = User(answers=[str(tmp_path / "年报.xlsx"), str(tmp_path / "空白.xlsx"), "yes"])
    with opened(sound("2021"), user) as book:
        before = looks(book)
        macros.load_last_year()
        assert "就是当前这份" in user.said[-1]
        macros.load_last_year()
        assert "没有填数" in user.said[-1]
        assert looks(book) == before


def test_export_json_goes_on_without_last_years_file(opened: Open, tmp_path: Path) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        book.names.add(fill.PREVIOUS, '="没有了.xlsx"')
        macros.check_report()
        assert "1 处提示或说明" in user.said[-1]
        macros.clear_marks()
        book.save()
        macros.export_json()
    assert (tmp_path / "年报.json").exists()


def test_import_json_finds_the_cover_and_takes_waivers_along(opened: Open, tmp_path: Path) -> None:
    report = sound("2021")
    waiver = Waiver("file.edition_for_year", "year", "沿用", "张三", "2025-01-02")
    document = json.loads(workbook.to_json(report))
    document["waivers"] = [asdict(waiver)]
    (tmp_path / "报告.json").write_text(json.dumps(document), encoding="utf-8")
    user = User(answers=[str(tmp_path / "报告.json"), "yes"])
    moved = tmp_path / "挪过.xlsx"
    moved.write_bytes(shifted_cover(workbook.template("2021")))
    with opened(moved, user) as book:
        macros.import_json()
        read = live_report(book)
        assert (read.body, read.year, read.waivers) == (report.body, report.year, (waiver,))


def shifted_cover(data: bytes) -> bytes:
    """Return a template on whose cover the questions stand a row lower."""
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    book[COVER].move_range("A8:E16", rows=1)
    for row in range(16, 7, -1):
        book[COVER].cell(row + 1, 3).protection = copy(book[COVER].cell(row, 3).protection)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_import_json_names_a_sheet_that_was_renamed(opened: Open, tmp_path: Path) -> None:
    (tmp_path / "报告.json").write_bytes(workbook.to_json(sound("2021")))
    user = User(answers=[str(tmp_path / "报告.json"), "yes"])
    with opened(workbook.template("2021"), user) as book:
        book.sheets[COVER].name = "首页"
        macros.import_json()
        assert "没有工作表「封面」" in user.said[-1]
        report = live_report(book)
        assert set(report.cells.values()) | set(report.narrative.values()) == {None}


def test_what_cannot_be_undone_is_said(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    user = User()

    def refuse(*_: Any) -> None:
        raise ExcelError("busy")

    with opened(wrong(), user) as book:
        user.fuse = 4
        monkeypatch.setattr("xlplugin.transaction._put_note", refuse)
        macros.check_report()
        assert "没能恢复" in user.said[-1] or "恢复原状" in user.said[-1]
        assert book.app.screen_updating


def test_a_report_that_is_calculated_by_hand_is_calculated_first(opened: Open) -> None:
    user = User()
    with opened(sound("2021"), user) as book:
        book.app.calculation = "manual"
        cell = at(book, "applications.received.natural")
        cell.value = (cell.value or 0) + 1
        at(book, "applications.carried_forward.natural").value = (
            at(book, "applications.carried_forward.natural").value + 1
        )
        macros.check_report()
        assert user.said[-1] == "校验通过，没有发现问题。"
        assert book.app.calculation == "manual"


def test_the_year_is_written_where_the_cover_asks_for_it() -> None:
    form = workbook.load_form("2021")
    place = (COVER, a1(cover_rows(form)["year"], COVER_ANSWERS))
    with_year = workbook.parse(workbook.write(sound("2021")), "x.xlsx").places["year"]
    assert (with_year.sheet, with_year.address) == place
