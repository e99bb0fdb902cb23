"""The rooms have doors: imports go one way, heavy libraries live where they belong, the public names are real."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import sys
from pathlib import Path

import pytest

import workbook
from workbook import cli
from workbook.report import catalogue
from workbook.report.findings import RULES

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "docs" / "build"))

from rooms import OWN, ROOMS, files, imports, room


def test_rooms_import_only_what_stands_before_them(root: Path) -> None:
    order = list(ROOMS)
    seen = set()
    for own, path in files(root):
        seen.add(own)
        for name in imports(path):
            if name.split(".")[0] in OWN and room(name) != own:
                assert room(name) in order[: order.index(own)], f"{path}: {name}"
                assert room(name) not in ROOMS[own].apart, f"{path}: {name}"
    assert seen == set(ROOMS)


def test_no_room_but_the_public_door_shows_what_another_room_has(root: Path) -> None:
    for own, path in files(root):
        if path.name == "__init__.py" and own not in {"workbook", "workbook.cli", "xlplugin"}:
            for name in imports(path):
                listed = f'"{name.rpartition(".")[2]}"' in path.read_text(encoding="utf-8")
                assert not (listed and name.startswith("workbook.")) or room(name) == own, f"{path}: {name}"


def test_nobody_imports_the_command_line_or_the_plugin(root: Path) -> None:
    """The command line alone opens the plugin, in the commands that are about it, and the plugin never it."""
    for own, path in files(root):
        for name in imports(path):
            assert own == "workbook.cli" or not name.startswith("workbook.cli"), f"{path}: {name}"
            assert own in {"workbook.cli", "xlplugin"} or not name.startswith("xlplugin"), f"{path}: {name}"


def test_only_the_open_part_of_xlwings_is_used(root: Path) -> None:
    import subprocess

    everything = [path for _, path in files(root)] + sorted((root / "tests").rglob("*.py"))
    for path in everything:
        assert not [name for name in imports(path) if name.startswith("xlwings.pro")], path
    script = "import sys, xlwings; known = set(sys.modules); assert not xlwings.__pro__\n"
    script += "import xlplugin.macros, xlplugin.udfs, xlplugin.addin.build\n"
    script += "print([name for name in set(sys.modules) - known if name.startswith('xlwings.pro')])"
    done = subprocess.run([sys.executable, "-c", script], cwd=root, capture_output=True, check=True)
    assert done.stdout.strip() == b"[]"  # beyond what xlwings tries itself and then does without


def test_libraries_live_in_their_rooms(root: Path) -> None:
    for own, path in files(root):
        for name in imports(path):
            top = name.split(".")[0]
            if top not in sys.stdlib_module_names and top not in OWN:
                assert top in ROOMS[own].libraries, f"{path}: {name}"


def test_a_breach_would_be_noticed(tmp_path: Path) -> None:
    path = tmp_path / "x.py"
    path.write_text("def f():\n    from workbook.excel import read\n    import openpyxl.styles\n", encoding="utf-8")
    assert imports(path) == {"workbook.excel.read", "openpyxl.styles"}


def test_every_public_name_can_be_imported_and_is_described() -> None:
    assert sorted(workbook.__all__) == workbook.__all__
    for name in workbook.__all__:
        thing = getattr(workbook, name)
        assert inspect.getdoc(thing), name
    with pytest.raises(AttributeError):
        _ = workbook.nonsense
    assert set(workbook.__all__) <= set(dir(workbook))


def test_every_command_has_help_and_a_page(root: Path) -> None:
    page = (root / "docs/reference/commands.md").read_text(encoding="utf-8")
    for name, command in cli.main.commands.items():
        assert command.help
        assert f"## nianbao {name}" in page


def test_every_code_that_is_named_in_the_code_is_in_the_catalogue(root: Path) -> None:
    families = {code.partition(".")[0] for code in catalogue().keys() - RULES}
    named = set()
    for _, path in files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                family, _, rest = node.value.partition(".")
                if family in families and rest.isidentifier():
                    named.add(node.value)
    assert named == catalogue().keys() - RULES


def test_examples_in_docstrings_run(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    tried = 0
    for own, path in files(root):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        module = importlib.import_module(name)
        if ">>>" in path.read_text(encoding="utf-8"):
            result = doctest.testmod(module)
            assert not result.failed, (own, name)
            tried += result.attempted
    assert tried >= 5


def test_no_file_grows_out_of_hand(root: Path) -> None:
    for _, path in files(root):
        text = path.read_text(encoding="utf-8")
        assert text.count("\n") <= 400, path
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                assert (node.end_lineno or 0) - node.lineno <= 45, f"{path}: {node.name}"


def test_no_unfinished_marks_and_no_machine_in_any_file(root: Path) -> None:
    import re
    import subprocess

    marks = r"\bT[O]DO\b|\bF[I]XME\b|NotImplemented[E]rror|/[w]ork/|/[r]oot/|/[h]ome/"  # so as not to find itself
    listed = subprocess.run(["git", "ls-files"], cwd=root, capture_output=True, check=False)  # noqa: S607
    names = listed.stdout.decode().split("\n") if listed.returncode == 0 else []
    for name in names:
        path = root / name.strip('"')
        if path.suffix in {".py", ".md", ".toml", ".json"} and path.is_file():
            text = path.read_text(encoding="utf-8")
            assert not re.search(marks, text), name
