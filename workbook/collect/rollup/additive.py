"""What adds up: ``schema/<edition>/rollup.toml`` says which cells do so with care, and what other editions share."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, read_toml
from workbook.form import load_form
from workbook.resources import editions, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from workbook.form import Form
    from workbook.report import Lang


@dataclass(frozen=True)
class Note:
    """What is to be said of some cells, in both languages."""

    zh: str
    en: str

    def text(self, lang: Lang = "zh") -> str:
        """Return it in a language."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True)
class Apart:
    """Cells whose sum says less than that of others; ``adds`` where it is compared all the same."""

    cells: frozenset[str]
    adds: bool
    note: Note


@dataclass(frozen=True)
class OtherEdition:
    """A report of another edition: which cell of the sum each of its cells is added to; the others are left out."""

    edition: str
    cells: Mapping[str, str]
    note: Note


@dataclass(frozen=True)
class Additive:
    """How reports are summed into one of an edition."""

    form: Form
    aparts: tuple[Apart, ...] = ()
    others: tuple[OtherEdition, ...] = ()

    def apart(self, cell: str) -> Apart | None:
        """Return what is to be said of the sum of a cell, if anything."""
        return next((apart for apart in self.aparts if cell in apart.cells), None)

    def adds(self, cell: str) -> bool:
        """Say whether the sum of a cell is compared with a report that was filed."""
        apart = self.apart(cell)
        return apart is None or apart.adds

    def taken(self, edition: str) -> Mapping[str, str]:
        """Return the cells of a report of an edition that are summed, each with the cell of the sum that it goes to.

        Those of this edition that follow from others are left out: they are calculated from the sums.
        """
        if edition == self.form.edition:
            return {key: key for key in self.form.cells if key not in self.form.calculated}
        return next((other.cells for other in self.others if other.edition == edition), MappingProxyType({}))

    def note(self, edition: str) -> Note | None:
        """Return what is to be said of a report of another edition."""
        return next((other.note for other in self.others if other.edition == edition), None)


@cache
def additive(edition: str) -> Additive:
    """Return how reports are summed into one of an edition; an edition that says nothing takes its own, all cells.

    Raises:
        FormError: the definition is wrong.
    """
    where = f"schema/{edition}/rollup.toml"
    try:
        text = resource(where).read_text(encoding="utf-8")
    except FileNotFoundError:
        return Additive(load_form(edition))
    return parse_additive(text, where, edition)


def parse_additive(text: str, where: str, edition: str) -> Additive:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: misspelt or missing key, a name that no cell has, a cell that stands twice.
    """
    form = load_form(edition)
    top = Reader(where, read_toml(text, where), "edition", "apart editions").typed(tables="apart editions")
    if top["edition"] != edition:
        raise FormError(f"{where}: edition {top['edition']!r} stands in the folder of {edition!r}")
    aparts = tuple(_apart(top.inside(f"apart {at}"), item, form) for at, item in enumerate(top.get("apart", ()), 1))
    twice = [key for key in form.cells if sum(key in apart.cells for apart in aparts) > 1]
    if twice:
        raise FormError(f"{where}: {twice[0]!r} stands in two of apart")
    return Additive(form, aparts, top.many("editions", lambda inside, item: _other(inside, item, form), "edition"))


def _apart(where: str, data: Any, form: Form) -> Apart:
    item = Reader(where, data, "cells adds note note_en").typed(texts="cells", flag="adds")
    return Apart(frozenset(_named(where, item["cells"], form)), item["adds"], Note(item["note"], item["note_en"]))


def _other(where: str, data: Any, form: Form) -> OtherEdition:
    item = Reader(where, data, "edition cells note note_en", "rows").typed(texts="cells", tables="rows")
    if item["edition"] not in editions() or item["edition"] == form.edition:
        raise FormError(f"{where}: {item['edition']!r} is no other edition")
    theirs = load_form(item["edition"])
    rows = dict(_row(f"{where}, row {at}", row) for at, row in enumerate(item.get("rows", ()), 1))
    unknown = rows.keys() - {key.rpartition(".")[0] for key in theirs.cells}
    if unknown:
        raise FormError(f"{where}: the form of {theirs.edition} has no row {min(unknown)!r}")
    goes = {key: _goes_to(key, rows) for key in _named(where, item["cells"], theirs) if key not in theirs.calculated}
    for key, to in goes.items():
        if to not in form.cells or to in form.calculated or form.cells[to].kind.decimals:
            raise FormError(f"{where}: {key!r} goes to {to!r}, which is no count of this form that is filled in")
    return OtherEdition(theirs.edition, goes, Note(item["note"], item["note_en"]))


def _row(where: str, data: Any) -> tuple[str, str]:
    item = Reader(where, data, "from to").typed()
    return item["from"], item["to"]


def _goes_to(key: str, rows: Mapping[str, str]) -> str:
    row, _, column = key.rpartition(".")
    return f"{rows.get(row, row)}.{column}"


def _named(where: str, names: Iterable[str], form: Form) -> list[str]:
    """Return the cells that names mean, in the form's order."""
    found: set[str] = set()
    for name in names:
        meant = {key for key in form.cells if key == name or key.startswith(f"{name}.") or fnmatchcase(key, name)}
        if not meant:
            raise FormError(f"{where}: the form of {form.edition} has no cell {name!r}")
        found |= meant
    return [key for key in form.cells if key in found]
