"""The add-in, built without Excel: what is in it, that every link of its chain holds, that its VBA reaches Python."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import vba
from openpyxl import Workbook, load_workbook

import workbook
from xlplugin import macros, udfs
from xlplugin.addin.build import RIBBONS, build, ribbon, signatures
from xlplugin.addin.definition import TEXTS, Definition, FormError, load_definition, parse
from xlplugin.addin.diagnose import XLWINGS
from xlplugin.addin.vba import (
    FUNCTION_COLUMN,
    FUNCTIONS,
    PYTHON,
    RIBBON,
    SHEET,
    TEXT_COLUMN,
    VOLATILE,
    BuildError,
    functions_module,
    python_module,
    ribbon_module,
)

if TYPE_CHECKING:
    from office import Office

OFFICE_PICTURES = {
    "AcceptInvitation", "ClearFormatting", "ErrorChecking", "FileDocumentInspect", "FileNew", "FileOpen", "FillDown",
    "Help", "Info", "PasteValues", "ReviewNextComment", "ReviewPreviousComment", "XmlExport", "XmlImport",
}  # fmt: skip
"""Names of Office's own pictures (imageMso) that are known to exist."""


@pytest.fixture(scope="module")
def addin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("addin") / "nianbao.xlam"
    path.write_bytes(build())
    return path


def body(source: str) -> list[str]:
    """Return the lines of a module without what readers show differently: attributes and blanks at the end."""
    lines = [line.rstrip() for line in source.replace("\r\n", "\n").split("\n") if not line.startswith("Attribute ")]
    return "\n".join(lines).strip().split("\n")


def test_two_builds_are_identical(addin: Path) -> None:
    command = "import sys; from xlplugin.addin.build import build; sys.stdout.buffer.write(build())"
    again = subprocess.run([sys.executable, "-c", command], capture_output=True, check=True)
    assert again.stdout == addin.read_bytes()


def test_three_readers_see_the_same_modules(addin: Path, libreoffice: Office) -> None:
    from oletools.olevba import VBA_Parser

    seen = {name: body(source) for name, source in vba.modules(addin).items()}
    parser = VBA_Parser(str(addin))
    olevba = {name.rsplit(".", 1)[0]: body(source) for _, _, name, source in parser.extract_macros()}
    parser.close()
    assert olevba == seen
    with libreoffice.open(addin, FilterName="Calc MS Excel 2007 VBA XML") as document:
        (name,) = set(document.BasicLibraries.ElementNames) - {"Standard"}
        document.BasicLibraries.loadLibrary(name)
        library = document.BasicLibraries.getByName(name)
        read = {name: library.getByName(name) for name in library.ElementNames}
    assert read.keys() == seen.keys()
    added = "Rem Attribute", "Option VBASupport", "Option ClassModule"
    for name in (RIBBON, FUNCTIONS, PYTHON):
        lines = [line for line in body(read[name]) if not line.startswith(added)]
        assert [line for line in lines if line] == [line for line in seen[name] if line], name


def test_nothing_runs_by_itself(addin: Path) -> None:
    from oletools.mraptor import MacroRaptor

    scanned = MacroRaptor("\n".join(vba.modules(addin).values()))
    scanned.scan()
    assert not scanned.autoexec
    assert not scanned.suspicious


def test_our_modules_are_ascii_and_say_option_explicit(addin: Path) -> None:
    for name in (RIBBON, FUNCTIONS, PYTHON):
        source = vba.modules(addin)[name]
        assert source.isascii()
        assert "Option Explicit" in source
        assert "\n" not in source.replace("\r\n", "")
        assert all(len(line) < 1024 for line in source.split("\r\n"))


def test_the_library_has_the_version_that_is_installed_and_required(addin: Path, root: Path) -> None:
    import xlwings

    named = set(re.findall(r'"xlwings(?:32|64)-([0-9.]+)\.dll"', vba.modules(addin)[PYTHON]))
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert named == {xlwings.__version__} == {XLWINGS}
    assert f"xlwings=={XLWINGS}" in project["optional-dependencies"]["excel"]


def test_the_package_is_what_excel_expects(addin: Path) -> None:
    with zipfile.ZipFile(addin) as archive:
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert {info.date_time for info in archive.infolist()} == {(2021, 9, 26, 0, 0, 0)}
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ET.fromstring(archive.read(name))
                assert b"Users" not in archive.read(name)
        relations = {
            item.get("Target"): item.get("Type")
            for item in ET.fromstring(archive.read("_rels/.rels"))
            if item.get("Id")
        }
        assert len(relations) == len(ET.fromstring(archive.read("_rels/.rels")))
    for name, (_, kind) in RIBBONS.items():
        assert relations[name] == kind


def test_the_sheet_holds_texts_and_helps(addin: Path, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsm"
    with zipfile.ZipFile(addin) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            data = source.read(name).replace(
                b"ms-excel.addin.macroEnabled.main+xml", b"ms-excel.sheet.macroEnabled.main+xml"
            )
            target.writestr(name, data)
    sheet = load_workbook(path)[SHEET]
    texts = [(sheet.cell(row, TEXT_COLUMN).value, sheet.cell(row, TEXT_COLUMN + 1).value) for row in range(1, 99)]
    assert texts[: len(TEXTS)] == list(load_definition().texts.items())
    assert set(texts[len(TEXTS) :]) == {(None, None)}
    functions = [sheet.cell(row, FUNCTION_COLUMN).value for row in range(1, 8)]
    assert functions == [*(function.name for function in load_definition().functions), None]


# ---- the chain: ribbon → Sub → Python, function → wrapper → Python --------------------------------------------------


def broken_links(
    shown: Definition, modules: dict[str, str], namespace: str = RIBBONS["customUI/customUI14.xml"][0]
) -> set[str]:
    """Walk from every button and every function to its Python; return what does not hold."""
    wrong = set()
    root = ET.fromstring(ribbon(shown, namespace))
    controls = [item for item in root.iter() if item.get("id")]
    ids = [item.get("id") for item in controls]
    wrong |= {f"id {name}" for name in ids if ids.count(name) > 1}
    subs = dict(
        re.findall(r"Public Sub (\w+)\(control As IRibbonControl\)\r\n(.*?)\r\nEnd Sub", modules[RIBBON], re.DOTALL)
    )
    for item in controls:
        called = item.get("onAction")
        if called is None:
            continue
        wrong |= {f"picture {item.get('imageMso')}"} if item.get("imageMso") not in OFFICE_PICTURES else set()
        module, _, sub = called.partition(".")
        if module != RIBBON or sub not in subs:
            wrong.add(f"sub {called}")
            continue
        command = re.fullmatch(
            r'    CallPython "import xlplugin\.macros; xlplugin\.macros\.(\w+)\(\'([^\'"]+)\'\)"', subs[sub]
        )
        if not command or not callable(getattr(macros, command[1], None)):
            wrong.add(f"macro of {sub}")
        elif command[2] != workbook.__version__:
            wrong.add(f"version in {sub}")
    if f"Public Sub {str(root.get('onLoad')).partition('.')[2]}(ribbon As IRibbonUI)" not in modules[RIBBON]:
        wrong.add("onLoad")
    return wrong | broken_functions(shown, modules[FUNCTIONS])


def broken_functions(shown: Definition, source: str) -> set[str]:
    wrong = set()
    wrappers = re.findall(
        r"Public Function (\w+)\(([^)]*)\)\r\n(?:    Application\.Volatile\r\n)?    On Error GoTo failed\r\n"
        r'    (\w+) = Python\.XLPy\.CallUDF\("([\w.]+)", "(\w+)", Array\(([^)]*)\), Nothing, Application\.Caller\)',
        source,
    )
    names = [name for name, *_ in wrappers]
    wrong |= {f"wrapper of {function.name}" for function in shown.functions if names.count(function.name) != 1}
    for name, head, assigned, module, called, given in wrappers:
        python = getattr(udfs, called, None)
        if (assigned, module) != (name, udfs.MODULE) or called != name or python is None:
            wrong.add(f"target of {name}")
            continue
        parameters = inspect.signature(python).parameters
        shown_to_user = [part.removeprefix("Optional ") for part in filter(None, head.split(", "))]
        passed = ["caller" if part == "Nothing" else part for part in filter(None, given.split(", "))]
        optional = {part.removeprefix("Optional ") for part in head.split(", ") if part.startswith("Optional ")}
        if passed != list(parameters) or shown_to_user != [item for item in passed if item != "caller"]:
            wrong.add(f"arguments of {name}")
        if optional != {key for key in shown_to_user if parameters[key].default is not inspect.Parameter.empty}:
            wrong.add(f"optional arguments of {name}")
        described = next((list(f.arguments) for f in shown.functions if f.name == name), None)
        if described != shown_to_user:
            wrong.add(f"help of {name}")
    return wrong


def made(shown: Definition) -> dict[str, str]:
    given = {**{f.name: list(f.arguments) for f in shown.functions}, **signatures()}
    return {RIBBON: ribbon_module(shown, workbook.__version__), FUNCTIONS: functions_module(shown, given)}


@pytest.mark.parametrize("part", RIBBONS)
def test_the_chain_holds_from_the_ribbon_to_python(part: str, addin: Path) -> None:
    with zipfile.ZipFile(addin) as archive:
        assert archive.read(part).decode() == ribbon(load_definition(), RIBBONS[part][0])
    assert broken_links(load_definition(), vba.modules(addin), RIBBONS[part][0]) == set()


def test_a_broken_link_of_each_kind_is_noticed() -> None:
    good, modules = load_definition(), made(load_definition())
    button = good.groups[0].buttons[0]

    def with_button(**change: Any) -> Definition:
        group = replace(good.groups[0], buttons=(replace(button, **change), *good.groups[0].buttons[1:]))
        return replace(good, groups=(group, *good.groups[1:]))

    def changed(module: str, old: str, new: str) -> dict[str, str]:
        assert old in modules[module], old
        return {**modules, module: modules[module].replace(old, new)}

    assert broken_links(with_button(image="NoSuchPicture"), modules) == {"picture NoSuchPicture"}
    assert broken_links(with_button(macro="no_such"), modules) == {f"sub {RIBBON}.NbNoSuch"}
    assert broken_links(with_button(macro="no_such"), made(with_button(macro="no_such"))) == {"macro of NbNoSuch"}
    assert "id nianbao.check_report" in broken_links(with_button(macro="check_report"), modules)
    for module, old, new, wrong in (
        (RIBBON, "macros.fill_zeros(", "macros.fill_zeroes(", "macro of NbFillZeros"),
        (RIBBON, "about('0.1.0')", "about('0.0.9')", "version in NbAbout"),
        (RIBBON, "Sub NbClearMarks(control", "Sub NbClear(control", f"sub {RIBBON}.NbClearMarks"),
        (RIBBON, "Sub NbOnLoad(", "Sub NbLoaded(", "onLoad"),
        (FUNCTIONS, "Function NB_STATUS(", "Function NB_STATE(", "wrapper of NB_STATUS"),
        (FUNCTIONS, '"NB_RULE", Array(code)', '"NB_RULES", Array(code)', "target of NB_RULE"),
        (FUNCTIONS, "Array(total, parts)", "Array(parts, total)", "arguments of NB_TOTAL_DIFF"),
        (FUNCTIONS, "NB_VALUE(key, Optional file)", "NB_VALUE(key, file)", "optional arguments of NB_VALUE"),
    ):
        assert wrong in broken_links(good, changed(module, old, new)), old
    other = replace(good.functions[0], arguments={"a": "b"})
    assert "help of NB_BALANCE" in broken_links(replace(good, functions=(other, *good.functions[1:])), modules)


def test_what_looks_beyond_its_arguments_is_volatile() -> None:
    beyond = {
        name for name, parameters in signatures().items() if "caller" in {item.rstrip("?") for item in parameters}
    }
    assert beyond == VOLATILE


def test_every_function_of_the_plugin_is_shown_and_its_help_fits() -> None:
    assert {name for name in vars(udfs) if name.startswith("NB_")} == {
        function.name for function in load_definition().functions
    }
    for function in load_definition().functions:
        assert len(function.help) <= 255
        assert all(len(text) <= 255 and "|" not in text for text in function.arguments.values())


def test_xlwings_own_wrappers_would_be_called_the_same(addin: Path) -> None:
    """What xlwings itself would write for the functions, run with stand-ins for the modules that only Windows has."""
    script = """
import io, sys, types
for name in ("pythoncom", "pywintypes", "win32com", "win32com.client"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["pythoncom"].CoInitialize = None
sys.modules["win32com.client"].Dispatch = None
import xlwings
from xlwings import udfs as theirs
xlwings.func, xlwings.arg, xlwings.ret = theirs.xlfunc, theirs.xlarg, theirs.xlret
import xlplugin.udfs
out = io.StringIO()
theirs.generate_vba_wrapper("xlplugin.udfs", xlplugin.udfs, out, types.SimpleNamespace(Name="nianbao.xlam"))
print(out.getvalue())
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    theirs = done.stdout.replace(
        "ActiveWorkbook, Application", "Nothing, Application"
    )  # ours ask the caller's workbook
    source = vba.modules(addin)[FUNCTIONS].replace("Python.XLPy", "XLPy")
    for kind in (r"Function (NB_\w+\([^)]*\))", r"(NB_\w+ = XLPy\.CallUDF\(.*Application\.Caller\))"):
        assert sorted(re.findall(kind, theirs)) == sorted(re.findall(kind, source))
    assert theirs.count("Application.Volatile") == source.count("Application.Volatile") == len(VOLATILE)
    assert "CommandBars" not in source  # what makes functions return 0 while a workbook is opening


# ---- VBA, run -------------------------------------------------------------------------------------------------------


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


def test_a_wrong_definition_is_refused() -> None:
    text = (Path(macros.__file__).parent / "addin/definition.toml").read_text(encoding="utf-8")
    assert parse(text) == load_definition()
    for old, new, words in (
        ('macro = "about"', 'macro = "check_report"', "duplicate macro"),
        ('label = "关于"', 'label = "校验"', "duplicate label"),
        ('name = "NB_RULE"', 'name = "NB_VALUE"', "duplicate function"),
        ('key = "help"', 'key = "fill"', "duplicate group"),
        ('image = "Info"', 'picture = "Info"', "picture"),
        ("no_python =", "no_pyton =", "texts must be"),
        ('tab = "政务公开年报"', "", "tab"),
        ("[texts]", "[texts", "definition.toml"),
    ):
        with pytest.raises(FormError, match=words):
            parse(text.replace(old, new, 1))
