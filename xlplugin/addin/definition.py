"""The definition of what staff see of the add-in: ``definition.toml``, read and verified."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = ("title", "category", "no_python", "odd_path", "failed", "protected_view")
"""What VBA says itself, in the order in which the add-in's sheet holds it."""


_ROW = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


class DefinitionError(ValueError):
    """The definition is wrong."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button: ``macro`` names its function in ``xlplugin.macros``, ``image`` is Office's own (imageMso)."""

    macro: str
    label: str
    image: str
    tip: str
    help: str
    large: bool = False

    @property
    def sub(self) -> str:
        """The name of its callback in VBA: ``check_report`` gives ``NbCheckReport``."""
        return "Nb" + "".join(word.capitalize() for word in self.macro.split("_"))


@dataclass(frozen=True, slots=True)
class Group:
    """A group of buttons."""

    key: str
    label: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the worksheet with its help; ``arguments`` are those that Excel shows, in order."""

    name: str
    help: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Definition:
    """The whole definition."""

    tab: str
    groups: tuple[Group, ...]
    functions: tuple[Function, ...]
    texts: Mapping[str, str]

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons from left to right."""
        return tuple(button for group in self.groups for button in group.buttons)


@cache
def load_definition() -> Definition:
    """Return the definition.

    Raises:
        FaceError: a name is missing, unknown or given twice.
    """
    return parse((Path(__file__).parent / "definition.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Definition:
    """Return the definition in a text; see ``load_definition``."""
    try:
        data = tomllib.loads(_ROW.sub(_label, text))
        groups = tuple(_group(item) for item in data["group"])
        functions = tuple(_function(item) for item in data["function"])
        made = Definition(data["tab"], groups, functions, MappingProxyType(data["texts"]))
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise DefinitionError(f"definition.toml: {error}") from error
    for kind, names in (
        ("group", [group.key for group in groups]),
        ("macro", [button.macro for button in made.buttons]),
        ("label", [button.label for button in made.buttons]),
        ("function", [function.name for function in functions]),
    ):
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise DefinitionError(f"definition.toml: duplicate {kind} {sorted(twice)}")
    if tuple(made.texts) != TEXTS:
        raise DefinitionError(f"definition.toml: texts must be {TEXTS}")
    return made


def _label(match: re.Match[str]) -> str:
    """Return the label of a row of the newest form with the groups that it stands under."""
    form = load_form(editions()[-1])
    rows = {f"{table.key}.{row.key}": row for table in form.tables for row in table.rows}
    if match[1] not in rows:
        raise DefinitionError(f"definition.toml: the form has no row {match[1]}")
    return "".join((*rows[match[1]].under, rows[match[1]].label))


def _group(item: dict[str, Any]) -> Group:
    buttons = tuple(Button(**button) for button in item["button"])
    return Group(item["key"], item["label"], buttons)


def _function(item: dict[str, Any]) -> Function:
    return Function(item["name"], item["help"], MappingProxyType(item.get("arguments", {})))
