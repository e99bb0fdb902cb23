"""The add-in, built without Excel: what is in it, that every link of its chain holds, that its VBA reaches Python."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
import vba
from addins import body
from custom_ui import RULES
from openpyxl import load_workbook

import workbook
from workbook.definition import FormError
from xlplugin import macros, udfs
from xlplugin.addin.build import RIBBONS, ribbon, signatures
from xlplugin.addin.definition import TEXTS, Definition, load_definition, parse
from xlplugin.addin.diagnose import XLWINGS
from xlplugin.addin.vba import (
    FUNCTION_COLUMN,
    FUNCTIONS,
    PYTHON,
    RIBBON,
    SHEET,
    TEXT_COLUMN,
    VOLATILE,
    functions_module,
    ribbon_module,
)
from xlplugin.press import ANYWHERE, AT_DESK

if TYPE_CHECKING:
    from office import Office


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
        wrong |= {f"picture {item.get('imageMso')}"} if item.get("imageMso") not in RULES["pictures"] else set()
        module, _, sub = called.partition(".")
        if module != RIBBON or sub not in subs:
            wrong.add(f"sub {called}")
            continue
        command = re.fullmatch(r'    Press "(\w+)", (True|False)', subs[sub])
        if not command or command[1] not in {**AT_DESK, **ANYWHERE}:
            wrong.add(f"macro of {sub}")
        elif (command[2] == "True") != (command[1] in ANYWHERE):
            wrong.add(f"place of {sub}")
    if f'Python.Converse Macro, "{workbook.__version__}"' not in modules[RIBBON]:
        wrong.add("version")
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
        (RIBBON, 'Press "fill_zeros"', 'Press "fill_zeroes"', "macro of NbFillZeros"),
        (RIBBON, '"about", True', '"about", False', "place of NbAbout"),
        (RIBBON, '"0.1.0"', '"0.0.9"', "version"),
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


def test_no_keytip_begins_as_another(addin: Path) -> None:
    with zipfile.ZipFile(addin) as archive:
        for part in RIBBONS:
            root = ET.fromstring(archive.read(part))
            tips = [
                item.get("keytip", "")
                for item in root.iter()
                if item.tag.endswith("}button") and "menu" not in item.get("id", "")
            ]
            assert len({tip[:2] for tip in tips}) == len(tips)
            assert all(re.fullmatch("[A-Z]{2}", tip) for tip in tips)


def test_the_menu_of_a_cell_has_what_the_definition_says(addin: Path) -> None:
    """The older of the two schemas knows no menus of cells: Excel would refuse the whole ribbon."""
    with zipfile.ZipFile(addin) as archive:
        older, newer = (ET.fromstring(archive.read(part)) for part in RIBBONS)
    assert "contextMenus" not in {item.tag.partition("}")[2] for item in older.iter()}
    menu = newer.find(".//{*}contextMenu[@idMso='ContextMenuCell']")
    assert menu is not None
    assert [item.get("onAction") for item in menu.findall("{*}button")] == [
        f"{RIBBON}.NbCheckReport",
        f"{RIBBON}.NbCellRules",
    ]
    assert [child.tag.partition("}")[2] for child in newer] == ["ribbon", "contextMenus"]


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
        ('keytip = "GZ"', 'keytip = "JY"', "duplicate keytip"),
        ('"cell_rules"]', '"cell_rule"]', "menu names no button"),
        ('words = "virus"', 'words = "病毒"', "duplicate cause"),
        ('tab = "政务公开年报"', "", "tab"),
        ("[texts]", "[texts", "definition.toml"),
    ):
        with pytest.raises(FormError, match=words):
            parse(text.replace(old, new, 1))
