"""What a workbook from a stranger cannot do through the add-in: run code, or choose the code that runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import vba
from pyopenvba.exceptions import PyOpenVBAError, VBARuntimeError
from pyopenvba.interpreter._values import NOTHING
from workbooks import blank_of

import xlplugin
from xlplugin.addin.build import build, signatures
from xlplugin.addin.definition import load_definition
from xlplugin.addin.install import REFUSED, InstallError, install, places
from xlplugin.addin.vba import FUNCTIONS, PYTHON, RIBBON

if TYPE_CHECKING:
    from collections.abc import Callable

SIX = {function.name for function in load_definition().functions}
CALLBACKS = {button.sub for button in load_definition().buttons} | {"NbOnLoad"}
OTHERS = {"NbUndo", "NbRegister"}
"""What Excel itself calls."""


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "nianbao.xlam"
    path.write_bytes(build())
    return path


# ---- a cell that calls ----------------------------------------------------------------------------------------------

_DECLARED = re.compile(
    r"(?:(?P<scope>Public|Private|Friend|Global|Dim)\s+)?(?:Static\s+)?"
    r"(?P<kind>Sub|Function|Property\s+[GLS]et|Declare\s+(?:PtrSafe\s+)?(?:Sub|Function)|Const|Type|Enum|Event|WithEvents)?"
    r"\s*(?P<name>\w+)",
    re.IGNORECASE,
)
_BY_DEFAULT = ("sub", "function", "property", "declare", "type", "enum")
"""What is public where nothing is said."""


def shown(source: str) -> set[str]:
    """Return what a module shows to cells and to other modules; of variables the first name of a line."""
    found, inside = set(), ""
    for written in re.sub(r"[ \t]_\r?\n", " ", source).splitlines():
        line = written.strip()
        if inside:
            inside = "" if line.lower() == f"end {inside}" else inside
            continue
        if not line or line.startswith(("'", "#", "Attribute ", "Option ")):
            continue
        match = _DECLARED.match(line)
        assert match, line
        scope, kind = (match["scope"] or "").lower(), (match["kind"] or "").lower().partition(" ")[0]
        if scope in {"public", "global", "friend"} or (not scope and kind in _BY_DEFAULT):
            found.add(match["name"])
        if kind in {"sub", "function", "property", "type", "enum"}:
            inside = kind
    return found


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("Public Sub A()\nDim X\nEnd Sub", {"A"}),
        ("Sub A()\nEnd Sub\nFunction B()\nEnd Function", {"A", "B"}),
        ("Private Sub A()\nEnd Sub\nPrivate Function B() As Long\nEnd Function", set()),
        ("Static Function A()\nEnd Function", {"A"}),
        ("Public _\nFunction A()\nEnd Function", {"A"}),
        ("Property Get A()\nEnd Property\nPrivate Property Let B(X)\nEnd Property", {"A"}),
        ('Declare PtrSafe Function A Lib "x" ()\nPrivate Declare Function B Lib "x" ()', {"A"}),
        ("Public Const A = 1\nConst B = 2\nPrivate Const C = 3\nGlobal D As Long\nDim E\nPrivate F", {"A", "D"}),
        ("Type A\nX As Long\nEnd Type\nPrivate Enum B\nC\nEnd Enum", {"A"}),
    ],
)  # fmt: skip
def test_what_a_module_shows_is_noticed(line: str, names: set[str]) -> None:
    assert shown(line) == names


def test_a_cell_finds_six_functions_and_the_callbacks_of_the_ribbon(addin: Path) -> None:
    from oletools.olevba import VBA_Parser

    parser = VBA_Parser(str(addin))
    read = {name: source for _, _, name, source in parser.extract_macros()}
    parser.close()
    standard = {name.removesuffix(".bas"): source for name, source in read.items() if name.endswith(".bas")}
    assert {name: shown(source) for name, source in standard.items()} == {RIBBON: CALLBACKS | OTHERS, FUNCTIONS: SIX}
    for name, source in standard.items():
        kinds = {kind for kind, sub in re.findall(r"(?m)^Public (\w+) (\w+)\(", source)}
        assert kinds == {"Function" if name == FUNCTIONS else "Sub"}
        assert ("Option Private Module" in source) == (name != FUNCTIONS)
    classes = {name.removesuffix(".cls"): source for name, source in read.items() if name.endswith(".cls")}
    assert {name for name, source in classes.items() if shown(source)} == {PYTHON}
    for attribute in ("VB_GlobalNameSpace", "VB_Creatable", "VB_PredeclaredId", "VB_Exposed"):
        assert f"Attribute {attribute} = False" in classes[PYTHON]


def attempts(folder: Path) -> tuple[list[str], Callable[[], bool]]:
    """Return texts that run code where anything takes them for code, and what tells whether any did."""
    code = f"__import__('pathlib').Path({str(folder / 'ran')!r}).touch()"
    return [
        code,
        f"'+{code}+'",
        f'"&{code}&"',
        f"x'); {code} #",
        f"__import__('os').system('touch {folder / 'ran'}')",
    ], (folder / "ran").exists


def test_whatever_a_cell_calls_reaches_python_through_the_six_alone(addin: Path, tmp_path: Path) -> None:
    texts, ran = attempts(tmp_path)
    taken = {name: sum(item.rstrip("?") != "caller" for item in items) for name, items in signatures().items()}
    server = vba.Server()
    vba.REGISTERED.clear()
    with vba.running(addin, server=server) as app:
        vba.cell(app)
        excel = app.application
        for text in texts:
            for name in CALLBACKS:
                app.run(name, NOTHING)
                with pytest.raises(VBARuntimeError, match="IRibbon"):
                    app.run(name, text)
            assert (excel.machine.started, excel.machine.loaded, server.calls) == ([], [], [])
            for name in SIX:
                app.run(name, *[text] * taken[name])
                (call,) = server.calls
                assert call[0] == name
                assert all(given in (text, [[text]], None) for given in call[1:])
                server.calls.clear()
            assert len(set(excel.machine.started)) == 1
            assert text not in excel.machine.started[0]
            excel.machine.started.clear()
            excel.machine.loaded.clear()
        assert (server.ran, server.set, excel.boxes, vba.REGISTERED, ran()) == ([], [], [], [], False)


def test_no_cell_reaches_a_member_of_the_class_or_what_xlwings_shows(addin: Path) -> None:
    spec = Path(sys.modules["xlwings"].__file__ or "")
    theirs = shown(vba.modules(spec.parent / "quickstart_addin_ribbon.xlam")["xlwings"])
    theirs -= {"XLPyDLLActivateAuto"}  # which the interpreter is lent; in the add-in the class alone declares it
    assert {"RunPython", "ExecuteWindows", "ReadFile", "SaveConfigToFile"} <= theirs
    with vba.running(addin) as app:
        vba.cell(app)
        own = shown(vba.modules(addin)[PYTHON])
        for name in sorted(theirs | own):
            with pytest.raises((PyOpenVBAError, RuntimeError)):
                app.run(name, "import os")
        assert app.application.machine.started == []


# ---- a name that chooses --------------------------------------------------------------------------------------------

NAMES = [
    "年报.xlsx",
    "年报;终稿.xlsx",
    "a&calc&b.xlsx",
    "^&calc.xlsx",
    "%TEMP%.xlsx",
    "x$(RandomGUID)y.xlsx",
    "a'b=c (1),!.xlsx",
]
COMMAND = f'"{vba.INTERPRETER}" -P -B -c "import xlwings; xlwings.serve(\'$(CLSID)\')"'


@pytest.mark.parametrize("name", NAMES)
def test_the_command_is_the_same_whatever_the_workbook_is_called(name: str, addin: Path, tmp_path: Path) -> None:
    folder = tmp_path / name.removesuffix(".xlsx")
    folder.mkdir()
    (folder / name).write_bytes(blank_of("2021"))
    copy = folder / "nianbao.xlam"
    copy.write_bytes(addin.read_bytes())
    for at in (addin, copy):
        with vba.running(at) as app:
            app.activate_workbook(app.open_workbook(folder / name))
            assert str(app.evaluate("ActiveWorkbook.FullName")).endswith(name)
            assert len(vba.click(app, "NbCheckReport")) == 1
            vba.cell(app)
            app.evaluate('NB_RULE("x")')
            assert app.application.machine.started == [COMMAND, COMMAND]
            (told, _, book) = app.application.server.set[0]
            assert (told, book) == ("xlwings._xlwindows", app.workbook)


def test_python_takes_no_module_from_beside_a_workbook(tmp_path: Path) -> None:
    folder = tmp_path / "年报;终稿"
    folder.mkdir()
    for name in ("xlplugin.py", "xlwings.py", "sitecustomize.py", "终稿.zip"):
        (folder / name).write_text("print('ran', flush=True)", encoding="utf-8")
    match = re.fullmatch(r'"[^"]+" (?P<options>[-\w ]+) "(?P<code>[^"]+)"', COMMAND)
    assert match
    code = match["code"].replace("xlwings.serve('$(CLSID)')", "import sys, xlplugin.macros; print(xlplugin.__file__)")
    done = subprocess.run(
        [sys.executable, *match["options"].split(), code], cwd=folder, capture_output=True, check=True, text=True
    )
    assert done.stdout.splitlines() == [xlplugin.__file__]


def test_no_list_of_folders_is_handed_to_python(addin: Path) -> None:
    """It would be split at semicolons, those in the names of workbooks too."""
    from xlwings.utils import prepare_sys_path

    before = list(sys.path)
    try:
        prepare_sys_path("false;/文件夹/年报;终稿.xlsx;/x/nianbao.xlam;;;;")  # what the add-in handed over once
        assert set(sys.path) != set(before)
    finally:
        sys.path[:] = before
    source = "".join(vba.modules(addin).values())
    for word in ("prepare_sys_path", "PYTHONPATH", "cmd.exe", "WScript", "Shell", "ActiveWorkbook.Path"):
        assert word not in source


@pytest.mark.parametrize("sign", REFUSED)
def test_an_interpreter_with_an_odd_path_is_refused_plainly(sign: str, addin: Path, tmp_path: Path) -> None:
    path = rf"C:\Python{sign}3\python.exe"
    with vba.running(addin, interpreter=path.replace('"', '""')) as app:
        app.application.machine.files[path] = ""
        assert vba.click(app, "NbCheckReport") == []
        vba.cell(app)
        told = load_definition().texts["odd_path"] + path
        assert [box[0] for box in app.application.boxes] == [told]
        assert app.evaluate('NB_RULE("cell.blank")') == told
        assert app.application.machine.started == app.application.machine.loaded == []
    with pytest.raises(InstallError, match=re.escape(f"含有 {sign}")):
        install(places(home=tmp_path), path)
    assert not any(tmp_path.iterdir())


def test_the_path_of_the_interpreter_is_refused_as_it_is_once_expanded(addin: Path) -> None:
    for local, works in ((r"C:\Users\lan\AppData\Local", True), (r"C:\Users\a;b\AppData\Local", False)):
        with vba.running(addin, interpreter=r"%LOCALAPPDATA%\nianbao\python.exe") as app:
            machine = app.application.machine
            machine.environment["LOCALAPPDATA"] = local
            machine.files[rf"{local}\nianbao\python.exe"] = ""
            assert bool(vba.click(app, "NbCheckReport")) == works
            assert machine.started == ([COMMAND] if works else [])
            assert ("a;b" in str(app.application.boxes)) != works


@pytest.mark.parametrize(
    "path", ["python", "python.exe", r"Scripts\python.exe", r"\python.exe", "C:python.exe", "%NOSUCH%", ""]
)
def test_an_interpreter_without_its_folder_is_none(path: str, addin: Path) -> None:
    """Windows would look for it in the folder of the workbook."""
    with vba.running(addin, interpreter=path) as app:
        app.application.machine.files[path] = ""
        assert vba.click(app, "NbCheckReport") == []
        assert app.application.boxes[0][0] == load_definition().texts["no_python"]
        vba.cell(app)
        assert app.evaluate('NB_RULE("cell.blank")') == load_definition().texts["no_python"]
        assert app.application.machine.started == app.application.machine.loaded == []


@pytest.mark.parametrize(
    "text", [None, "", '"INTERPRETER_WIN"', '"OTHER","C:\\\\x.exe"', '"INTERPRETER_WIN","C:\\\\no.exe",']
)
def test_without_a_whole_configuration_python_is_not_found(text: str | None, addin: Path) -> None:
    with vba.running(addin) as app:
        machine = app.application.machine
        del machine.files[vba.CONFIGURATION]
        if text is not None:
            machine.files[vba.CONFIGURATION] = text
        assert vba.click(app, "NbCheckReport") == []
        assert app.application.boxes[0][0] == load_definition().texts["no_python"]
        assert (machine.started, machine.loaded, machine.channels) == ([], [], {})


def test_a_sheet_of_the_workbook_does_not_configure_the_add_in(addin: Path) -> None:
    for name in ("nianbao.conf", "nianbao.texts", "xlwings.conf"):
        with vba.running(addin) as app:
            app.add_workbook()
            for row, (key, value) in enumerate((("INTERPRETER_WIN", r"C:\evil.exe"), ("title", "evil")), 1):
                app.sheet(1).set_value(f"A{row}", key)
                app.sheet(1).set_value(f"B{row}", value)
            app.application.machine.files[r"C:\evil.exe"] = ""
            app.add_module(f'Sub NameIt()\n    ActiveWorkbook.Sheets(1).Name = "{name}"\nEnd Sub\n', name="NameIt")
            app.run("NameIt")
            assert vba.click(app, "NbCheckReport")
            assert app.application.machine.started == [COMMAND]
