"""Trees of the kit with one edition more: copies to which nothing is added but a definition of the form.

What is tested there is tested by another Python, which finds the kit in the tree: the files in ``inside`` are for it.
Run as a script, this makes the tree that a file is for and hands its arguments to pytest there:
``python tests/editions/trees.py tests/editions/inside/more_reading.py -k json``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PARTS = ("workbook", "xlplugin", "schema", "templates", "examples", "docs", "tests")
"""What the kit consists of, as the wheel ships it, and what its pages are made of."""

EDITION = "2027"
"""The edition that is added, whatever its definition."""
BEFORE = ("2019", "2021")
"""Those of the repository."""
ADDED = f"schema/{EDITION}/form.toml"

TREE = "NIANBAO_TREE"
"""The variable that tells the tests inside in which tree they run."""


def more() -> str:
    """Return the made-up definition that has more of everything than that of 2021."""
    return (HERE / EDITION / "form.toml").read_text(encoding="utf-8")


def pure_copy() -> str:
    """Return the definition of 2021 under another name: its edition, notice and first year are others, no more."""
    return replaced(
        (ROOT / "schema/2021/form.toml").read_text(encoding="utf-8"),
        ('edition = "2021"', f'edition = "{EDITION}"'),
        ('authority = "国办公开办函〔2021〕30号"', 'authority = "试验办函〔2027〕2号"'),
        ("first_year = 2021", "first_year = 2027"),
    )


def deep() -> str:
    """Return the definition of 2021 with groups within groups: the refusals five deep, the organisations three."""
    return replaced(
        pure_copy(),
        ('"（三）不予公开"]', '"（三）不予公开", "甲类", "其中", "包括"]'),
        ('under = ["法人或其他组织"]', 'under = ["法人或其他组织", "境内", "登记的"]'),
    )


def twin() -> str:
    """Return the definition of 2021 with another key for one column: the same labels, but other cells."""
    return replaced(pure_copy(), ('key = "natural"', 'key = "person"'))


DEFINITIONS = {"more": more, "copy": pure_copy, "deep": deep, "twin": twin}
"""What is added to a tree, by the first word of the names of the files in ``inside`` that are for it."""


def replaced(text: str, *changes: tuple[str, str]) -> str:
    """Return a text in which each old part, which it must have, is the new one."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


@dataclass(frozen=True)
class Tree:
    """A copy of the kit in a folder, with one edition more."""

    folder: Path

    @classmethod
    def make(cls, folder: Path, definition: str) -> Tree:
        """Copy the kit into a folder, which is made, and add the definition."""
        for part in PARTS:
            shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / ADDED).parent.mkdir()
        (folder / ADDED).write_text(definition, encoding="utf-8")
        return cls(folder)

    def generate(self) -> None:
        """Make all that is generated anew, as the steps for a new edition say."""
        done = self.python("docs/build/all.py")
        assert not done.returncode, done.stdout

    def changed(self) -> set[str]:
        """Return the files in which the tree differs from the repository: more, fewer or others."""
        ours, theirs = _files(self.folder), _files(ROOT)
        return {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}

    def python(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a Python that imports the kit from the tree, and from nowhere else; its words come as one text."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))}
        environment = {
            **own,
            TREE: str(self.folder),
            "PYTHONPATH": str(self.folder),
            "PYTHONSAFEPATH": "1",
        }
        return subprocess.run(
            [sys.executable, "-P", *map(str, arguments)],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            check=False,
        )

    def tested(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run pytest in the tree."""
        return self.python("-m", "pytest", f"--basetemp={self.folder}.tests", *arguments)


def _files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for part in PARTS
        for path in (root / part).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


if __name__ == "__main__":
    facts, *options = sys.argv[1:]
    with tempfile.TemporaryDirectory() as name:
        which = Path(facts).stem.partition("_")[0]
        made = Tree.make(Path(name) / "kit", DEFINITIONS[which]())
        if which == "more":
            made.generate()
        done = made.tested(Path(facts).resolve(), *options)
        sys.stdout.write(done.stdout)
        sys.exit(done.returncode)
