"""Every button of the ribbon has a test, and the programs that stand in for Excel offer no more than Excel."""

from __future__ import annotations

import ast
from pathlib import Path

import xlwings as xw
from cases import sound
from workbooks import workbook_of

import workbook
from workbook.excel.address import a1
from workbook.excel.layout import COVER, COVER_ANSWERS, cover_rows
from xlplugin.addin.definition import load_definition


def test_the_engines_offer_nothing_that_xlwings_lacks_on_windows() -> None:
    """What is not there in Excel must not pass here: xlwings has some of its interface for its other products only."""
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
            offered -= {"max_cells_per_read", "max_cells_per_write", "snapshot"}  # which have a default
            assert offered <= there, (name, offered - there)
            tried += len(offered)
    assert tried > 50


def test_every_button_has_a_test() -> None:
    files = [path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py")]
    tested = {item.name for file in files for item in ast.parse(file).body if isinstance(item, ast.FunctionDef)}
    for button in load_definition().buttons:
        assert any(name.startswith("test_") and button.macro in name for name in tested), button.macro


def test_the_year_is_written_where_the_cover_asks_for_it() -> None:
    form = workbook.load_form("2021")
    place = (COVER, a1(cover_rows(form)["year"], COVER_ANSWERS))
    with_year = workbook.parse(workbook_of(sound("2021")), "x.xlsx").places["year"]
    assert (with_year.sheet, with_year.address) == place
