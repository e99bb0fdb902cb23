"""The definition of what staff see of the add-in: ``definition.toml``, read and verified."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, read_toml
from workbook.form import load_form
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Mapping

TEXTS = (
    "title",
    "category",
    "no_python",
    "odd_path",
    "failed",
    "protected_view",
    "no_workbook",
    "good",
    "bad",
    "colon",
    "program",
    "bits",
    "settings",
    "no_settings",
    "python",
    "library",
    "no_library",
    "other_library",
    "views",
    "workbook",
    "in_cloud",
    "not_excel",
)
"""What VBA says itself, in the order in which the add-in's sheet holds it."""


_FILE = "definition.toml"
_ROW = re.compile(r"\{([a-z_]+\.[a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Button:
    """A button: ``macro`` names its function in ``xlplugin.macros``, ``image`` is Office's own (imageMso).

    ``keytip`` is what is typed behind Alt and the tab's; ``anywhere`` says that it needs no workbook.
    """

    macro: str
    label: str
    image: str
    keytip: str
    tip: str
    help: str
    large: bool = False
    anywhere: bool = False

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
class Cause:
    """Why Python cannot be reached: ``words`` that Windows or xlwings say then, and what to do."""

    words: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Definition:
    """The whole definition; ``menu`` are the buttons that the menu of a cell has too, by their macros."""

    tab: str
    keytip: str
    menu: tuple[str, ...]
    groups: tuple[Group, ...]
    functions: tuple[Function, ...]
    texts: Mapping[str, str]
    causes: tuple[Cause, ...]

    @property
    def buttons(self) -> tuple[Button, ...]:
        """All buttons from left to right."""
        return tuple(button for group in self.groups for button in group.buttons)


@cache
def load_definition() -> Definition:
    """Return the definition.

    Raises:
        FormError: a name is missing, unknown or given twice.
    """
    return parse((Path(__file__).parent / "definition.toml").read_text(encoding="utf-8"))


def parse(text: str) -> Definition:
    """Return the definition in a text; see ``load_definition``."""
    top = Reader(_FILE, read_toml(_ROW.sub(_label, text), _FILE), "tab keytip menu texts group function cause")
    groups = top.many("group", _group, "key")
    functions = top.many("function", _function, "name")
    causes = top.many("cause", _cause, "words")
    made = Definition(
        top["tab"], top["keytip"], tuple(top["menu"]), groups, functions, MappingProxyType(top["texts"]), causes
    )
    for kind, names in (
        ("macro", [button.macro for button in made.buttons]),
        ("label", [button.label for button in made.buttons]),
        ("keytip", [button.keytip for button in made.buttons]),
    ):
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise FormError(f"{_FILE}: duplicate {kind} {sorted(twice)}")
    if unknown := set(made.menu) - {button.macro for button in made.buttons}:
        raise FormError(f"{_FILE}: menu names no button: {sorted(unknown)}")
    if tuple(made.texts) != TEXTS:
        raise FormError(f"{_FILE}: texts must be {TEXTS}")
    return made


def _label(match: re.Match[str]) -> str:
    """Return the label of a row of the newest form with the groups that it stands under."""
    form = load_form(editions()[-1])
    rows = {f"{table.key}.{row.key}": row for table in form.tables for row in table.rows}
    if match[1] not in rows:
        raise FormError(f"{_FILE}: the form has no row {match[1]}")
    return "".join((*rows[match[1]].under, rows[match[1]].label))


def _group(where: str, item: Any) -> Group:
    read = Reader(where, item, "key label button")
    return Group(read["key"], read["label"], read.many("button", _button, "macro"))


def _button(where: str, item: Any) -> Button:
    Reader(where, item, "macro label image keytip tip help", "large anywhere")
    return Button(**item)


def _cause(where: str, item: Any) -> Cause:
    Reader(where, item, "words remedy")
    return Cause(**item)


def _function(where: str, item: Any) -> Function:
    read = Reader(where, item, "name help", "arguments")
    return Function(read["name"], read["help"], MappingProxyType(read.get("arguments", {})))
