"""The VBA of the add-in, run: it reaches Python, and says what to do where there is none."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import vba
from addins import body
from openpyxl import Workbook

import workbook
from xlplugin import macros
from xlplugin.addin.definition import load_definition
from xlplugin.addin.diagnose import XLWINGS
from xlplugin.addin.vba import (
    PYTHON,
    SHEET,
    TEXT_COLUMN,
    BuildError,
    python_module,
)

if TYPE_CHECKING:
    from office import Office


@pytest.mark.parametrize("button", load_definition().buttons, ids=lambda button: button.macro)
def test_a_click_reaches_its_macro(button: Any, addin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pressed: list[tuple[Any, ...]] = []
    monkeypatch.setattr(macros, button.macro, lambda *arguments: pressed.append(arguments))
    with vba.running(addin) as app:
        (command,) = vba.click(app, button.sub)
        assert not app.dialogs
    exec(command, {})  # noqa: S102 - what xlwings does with it
    assert pressed == [(workbook.__version__,)]


def test_a_click_without_python_says_what_to_do(addin: Path) -> None:
    with vba.running(addin, python=False) as app:
        assert vba.click(app, "NbCheckReport") == []
        assert app.dialogs[0][1] == load_definition().texts["no_python"]


def test_a_click_in_protected_view_says_what_to_do(addin: Path) -> None:
    with vba.running(addin, protected=1) as app:
        assert vba.click(app, "NbCheckReport") == []
        assert app.dialogs[0][1] == load_definition().texts["protected_view"]


def test_the_help_of_functions_is_registered_once_from_the_sheet(addin: Path) -> None:
    vba.REGISTERED.clear()
    with vba.running(addin) as app:
        vba.click(app, "NbAbout")
        app.run("PressNbAbout")
    shown = [
        (f"'nianbao.xlam'!{f.name}", f.help, load_definition().texts["category"], list(f.arguments.values()))
        for f in load_definition().functions
    ]
    assert shown == vba.REGISTERED


def test_wrappers_reach_the_functions_with_their_arguments(addin: Path) -> None:
    server = vba.Server(caller="the cell")
    with vba.running(addin, server=server) as app:
        vba.cell(app)
        assert app.evaluate("NB_BALANCE(5, 1, 3, 2)") == 1
        assert app.evaluate("NB_TOTAL_DIFF(7, 3)") == 4
        assert "勾稽" in str(app.evaluate('NB_RULE("applications.balance")'))
        assert "没有代码" in str(app.evaluate('NB_RULE("nonsense")'))
        for call, given in (
            ("NB_STATUS()", ("NB_STATUS", "the cell")),
            ("NB_FINDINGS()", ("NB_FINDINGS", None, "the cell")),
            ('NB_FINDINGS("cell")', ("NB_FINDINGS", "cell", "the cell")),
            ('NB_VALUE("a.b.c")', ("NB_VALUE", "a.b.c", None, "the cell")),
            ('NB_VALUE("a.b.c", "x.json")', ("NB_VALUE", "a.b.c", "x.json", "the cell")),
        ):
            app.evaluate(call)
            assert server.calls[-1] == given


def test_a_function_without_python_gives_a_text(addin: Path) -> None:
    for python, words in ((False, load_definition().texts["no_python"]), (True, load_definition().texts["failed"])):
        with vba.running(addin, python=python, server=vba.Server(fails=True)) as app:
            told = str(app.evaluate("NB_BALANCE(1, 1, 1, 1)"))
            assert told.startswith(words)
            assert "Traceback" not in told
            assert told.endswith("KeyError: 'x'") == python


def test_another_xlwings_is_refused(addin: Path) -> None:
    spec = find_spec("xlwings")
    assert spec
    assert spec.origin
    theirs = vba.modules(Path(spec.origin).parent / "quickstart_addin_ribbon.xlam")["xlwings"]
    assert python_module(theirs, XLWINGS) == vba.modules(addin)[PYTHON]
    for old, new in (
        ("xlwings.serve('$(CLSID)')", "xlwings.start('$(CLSID)')"),
        ('"BOOK_CALLER", ActiveWorkbook', '"CALLER", ActiveWorkbook'),
        ("ByVal mode As Long = 1", "ByVal mode As Long = 2"),
        ('Alias "LoadLibraryA"', 'Alias "LoadLibraryW"'),
    ):
        assert old in theirs
        with pytest.raises(BuildError, match="no such line"):
            python_module(theirs.replace(old, new), XLWINGS)
    with pytest.raises(BuildError, match="no such line"):
        python_module(theirs, "0.0.1")


def test_libreoffice_compiles_the_class_and_runs_it(addin: Path, libreoffice: Office, tmp_path: Path) -> None:
    """The only other compiler of VBA at hand; the other modules name types that Excel alone has."""
    path = tmp_path / "x.xlsx"
    book = Workbook()
    book.active.title = SHEET
    for row, (key, words) in enumerate(load_definition().texts.items(), 1):
        book.active.cell(row, TEXT_COLUMN, key)
        book.active.cell(row, TEXT_COLUMN + 1, words)
    book.save(path)
    head = "Rem Attribute VBA_ModuleType=VBAClassModule\nOption VBASupport 1\nOption ClassModule\n"
    asking = f"Option VBASupport 1\nFunction Asked()\nDim It As New {PYTHON}\nAsked = It.{{}}\nEnd Function\n"
    for call, words in (
        ("Obstacle", load_definition().texts["no_python"]),
        ('Unreached("Traceback" & vbCrLf & "KeyError")', load_definition().texts["no_python"]),
        ('Words("failed")', load_definition().texts["failed"]),
    ):
        with libreoffice.open(path, MacroExecutionMode=4) as document:  # never ask, always run
            document.BasicLibraries.createLibrary("Trial")
            library = document.BasicLibraries.getByName("Trial")
            library.insertByName(PYTHON, head + "\n".join(body(vba.modules(addin)[PYTHON])))
            library.insertByName("Asking", asking.format(call))
            where = "vnd.sun.star.script:Trial.Asking.Asked?language=Basic&location=document"
            assert document.getScriptProvider().getScript(where).invoke((), (), ())[0] == words
