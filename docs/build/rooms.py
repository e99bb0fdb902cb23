"""The rooms of the house as ``rooms.toml`` lists them, and who imports whom, read from the code with ``ast``."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import workbook

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
OWN = ("workbook", "xlplugin")
"""The packages of the kit."""

_MODULE = re.compile(r"(workbook(?:\.\w+)+)(?::\w+)?")


@dataclass(frozen=True, slots=True)
class Room:
    """A room: what it does, the libraries that it may import, the rooms before it that it may not.

    Modules that it names in strings, in a table of readers, are called on behalf of the room ``calls_for``.
    """

    name: str
    does: str
    libraries: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    calls_for: str = ""


def _definition() -> dict[str, list[dict[str, str]]]:
    return tomllib.loads((Path(__file__).parent / "rooms.toml").read_text(encoding="utf-8"))


DATA = tuple((item["path"], item["does"]) for item in _definition()["data"])
"""The data files that the house stands on, each with what it says."""

ROOMS = {
    item["name"]: Room(**{key: tuple(value) if isinstance(value, list) else value for key, value in item.items()})
    for item in _definition()["room"]
}
"""Every room by its name, from the foundations up."""


def room(name: str) -> str:
    """Return the room of a module, or of a name in it; what the public door offers is the door's."""
    first, _, rest = name.partition(".")
    if rest == "__main__":
        return "workbook.cli"  # its other door
    if name in ROOMS:
        return name
    if first == "xlplugin" or rest in {*workbook.__all__, "__init__"}:
        return first
    return f"{first}.{rest.partition('.')[0]}"


def path_of(name: str) -> str:
    """Return the path of a room in the repository: a folder, or a file."""
    path = name.replace(".", "/")
    return path if (ROOT / path).is_dir() else f"{path}.py"


def files(root: Path = ROOT) -> list[tuple[str, Path]]:
    """Return every module of the kit with its room."""
    paths = [path for package in OWN for path in sorted((root / package).rglob("*.py"))]
    return [(room(".".join(path.relative_to(root).with_suffix("").parts)), path) for path in paths]


@cache
def imports(path: Path) -> frozenset[str]:
    """Return the names of all modules that a file imports, wherever in it.

    The version is not among them: it stands in the package itself, which is there before any of its rooms.

    Raises:
        ValueError: an import is relative.
    """
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                raise ValueError(f"{path}: relative import")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found - {"workbook.__version__"})


@cache
def edges(root: Path = ROOT) -> dict[str, tuple[str, ...]]:
    """Return for each room those that it imports, or calls by a name in a table, from the foundations up."""
    found: dict[str, set[str]] = defaultdict(set)
    for own, path in files(root):
        found[own] |= {room(name) for name in imports(path) if name.split(".")[0] in OWN}
        asking = ROOMS[own].calls_for
        if asking:
            found[asking] |= {room(name) for name in _named(path)}
    for package in OWN:
        found[package] |= {room(f"{package}.{name}") for name in _offered(root / package / "__init__.pyi")}
    return {own: tuple(name for name in ROOMS if name in found[own] - {own}) for own in ROOMS}


def _offered(stub: Path) -> Iterator[str]:
    """Yield the modules of a package that its stub offers names of; they are imported when a name is first used."""
    for node in ast.walk(ast.parse(stub.read_text(encoding="utf-8") if stub.exists() else "")):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def _named(path: Path) -> Iterator[str]:
    """Yield the modules that a file names in strings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (match := _MODULE.fullmatch(node.value)):
            yield match[1]
