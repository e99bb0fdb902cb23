"""What ``schema/units.toml`` says: the columns of the register, the words of its answers, the lawful dates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from workbook.definition import FormError, Reader, read_toml
from workbook.form import load_form
from workbook.report.office_words import office_name
from workbook.resources import editions, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

T = TypeVar("T")

WHERE = "schema/units.toml"
KINDS = ("text", "list", "code", "division", "date", "year", "yes_no", "choice")
"""What the cells of a column may hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the register. ``width`` is in characters; of a ``joined`` one the list may have several."""

    key: str
    label: str
    aliases: tuple[str, ...]
    kind: str
    width: int
    note: str
    required: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when the law wants the reports of some kinds of units: a day of the year after that of the report."""

    kinds: tuple[str, ...]
    month: int
    day: int
    clause: str


@dataclass(frozen=True)
class Columns:
    """The definition of the register; texts that are looked up are in the normal form of ``office_name``.

    Args:
        columns: the columns, in the order of the template.
        ignored: heads that say nothing here.
        kinds: what 类型 may say, with the key of each.
        yes_no: what an answer may be.
        deadlines: by when the law wants reports.
        heads: what a column may be called.
        choices: the kinds of units by their keys, as the form's cover calls them.
        guide: what the template says about filling it in.
        examples: rows that show it, by the keys of the columns.
    """

    columns: tuple[Column, ...]
    ignored: frozenset[str]
    kinds: Mapping[str, str]
    yes_no: Mapping[str, bool]
    deadlines: tuple[Deadline, ...]
    heads: Mapping[str, Column]
    choices: Mapping[str, str]
    guide: tuple[str, ...]
    examples: tuple[Mapping[str, str], ...]

    def deadline(self, kind: str | None) -> Deadline:
        """Return by when the law wants the report of a unit of that kind."""
        return next((item for item in self.deadlines if kind in item.kinds), self.deadlines[0])

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)


@cache
def columns() -> Columns:
    """Return the definition of the register.

    Raises:
        FormError: it is wrong.
    """
    return parse_columns(resource(WHERE).read_text(encoding="utf-8"), WHERE)


def parse_columns(text: str, where: str) -> Columns:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: it is wrong.
    """
    data = Reader(where, read_toml(text, where), "columns kinds yes_no deadlines", "ignored guide examples")
    data.typed(tables="columns deadlines examples", table="kinds yes_no", texts="ignored guide")
    found = data.many("columns", _column, "key")
    form = load_form(editions()[-1]).field("kind").choices
    answers = Reader(data.inside("yes_no"), data["yes_no"], "yes no").typed(texts="yes no")
    kinds = Reader(data.inside("kinds"), data["kinds"], "", " ".join(form)).typed(texts=" ".join(form))
    deadlines = tuple(_deadline(data.inside(f"deadline {at}"), item) for at, item in enumerate(data["deadlines"], 1))
    if any(kind not in form for item in deadlines for kind in item.kinds) or deadlines[0].kinds:
        raise FormError(f"{where}: deadlines are of kinds {', '.join(form)}, the first of the others")
    return Columns(
        columns=found,
        ignored=frozenset(map(office_name, data.get("ignored", ()))),
        kinds=_looked_up(where, {key: (key, label, *kinds.get(key, ())) for key, label in form.items()}),
        yes_no=_looked_up(where, {True: answers["yes"], False: answers["no"]}),
        deadlines=deadlines,
        heads=_looked_up(where, {column: (column.label, *column.aliases) for column in found}),
        choices=form,
        guide=tuple(data.get("guide", ())),
        examples=tuple(
            _example(data.inside(f"example {at}"), item, found) for at, item in enumerate(data.get("examples", ()), 1)
        ),
    )


def _column(where: str, data: Any) -> Column:
    item = Reader(where, data, "key label kind width note", "aliases required joined")
    item.typed(texts="aliases", whole="width", flag="required joined")
    if item["kind"] not in KINDS:
        raise FormError(f"{where}: kind {item['kind']!r} is none of {', '.join(KINDS)}")
    return Column(
        item["key"], item["label"], tuple(item.get("aliases", ())), item["kind"], item["width"], item["note"],
        item.get("required", False), item.get("joined", False),
    )  # fmt: skip


def _example(where: str, data: Any, found: Iterable[Column]) -> Mapping[str, str]:
    Reader(where, data, "name", " ".join(column.key for column in found if column.key != "name")).typed()
    return MappingProxyType(dict(data))


def _deadline(where: str, data: Any) -> Deadline:
    item = Reader(where, data, "month day clause", "kinds").typed(texts="kinds", whole="month day")
    return Deadline(tuple(item.get("kinds", ())), item["month"], item["day"], item["clause"])


def _looked_up(where: str, words: Mapping[T, tuple[str, ...]]) -> Mapping[str, T]:
    """Return what each word stands for; a word that stands for two things is a wrong definition."""
    found: dict[str, T] = {}
    for key, several in words.items():
        for word in dict.fromkeys(map(office_name, several)):
            if word in found:
                raise FormError(f"{where}: duplicate word {word!r}")
            found[word] = key
    return MappingProxyType(found)
