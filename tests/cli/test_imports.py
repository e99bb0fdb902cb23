"""What the quickest command imports: nothing but what stands in ``imports.toml``, each with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

KNOWN = tomllib.loads(Path(__file__).with_name("imports.toml").read_text(encoding="utf-8"))
CODE = """
import sys
before = set(sys.modules)
from workbook.__main__ import run
sys.argv = ["nianbao", "--lang", "en", "check", "--quiet", sys.argv[1]]
try:
    run()
except SystemExit as leaving:
    assert leaving.code == 0, leaving.code
import json
sys.stderr.write(json.dumps(sorted(set(sys.modules) - before)))
"""


@pytest.fixture(scope="module")
def imported(root: Path, tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Return what a run imports that checks the example and prints what it finds; its user has no settings."""
    nobody = str(tmp_path_factory.mktemp("nobody"))
    own = {name: value for name, value in os.environ.items() if not name.startswith("NIANBAO_")}
    environment = own | dict.fromkeys(("APPDATA", "HOME", "XDG_CONFIG_HOME"), nobody)
    command = [sys.executable, "-c", CODE, root / "examples/linan-2020.xlsx"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False, env=environment)
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stderr))


def test_every_library_has_a_reason(imported: set[str]) -> None:
    tops = {name.partition(".")[0] for name in imported}
    assert tops - sys.stdlib_module_names - {"workbook"} <= KNOWN["libraries"].keys()


def test_every_module_of_the_kit_has_a_reason(imported: set[str]) -> None:
    modules = {name for name in imported if name.partition(".")[0] in {"workbook", "xlplugin"}}
    assert "workbook.checks.run" in modules  # it was checked indeed
    assert not [name for name in modules if not any(fnmatchcase(name, each) for each in KNOWN["kit"])]


def test_no_reason_is_given_for_what_is_not_imported(imported: set[str]) -> None:
    assert not [name for name in KNOWN["kit"] if not any(fnmatchcase(each, name) for each in imported)]


def test_what_takes_long_waits_until_it_is_used(imported: set[str]) -> None:
    assert sorted(imported & KNOWN["never"].keys()) == []
