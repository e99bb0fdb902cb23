"""What ``schema/odd.toml`` says: the thresholds, each with its reason beside it, and the ratios that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, read_toml
from workbook.form import load_form
from workbook.resources import editions, resource

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.form import Form

WHERE = "schema/odd.toml"


@dataclass(frozen=True, slots=True)
class Texts:
    """When texts are alike; ``characters`` and ``percent`` must be the same."""

    clause: int
    shared: int
    characters: int
    percent: int


@dataclass(frozen=True, slots=True)
class Tables:
    """When sections of tables are alike; ``percent`` of the rows must be the same, a cell has at most ``cell`` bits."""

    shared: int
    percent: int
    cell: int


@dataclass(frozen=True, slots=True)
class History:
    """When a number jumps; ``usual`` and ``steady`` are logarithms of its change, in percent."""

    years: int
    least: int
    usual: int
    pairs: int
    steady: int


@dataclass(frozen=True, slots=True)
class Peers:
    """How the usual ratio of the others is known; ``between`` are shares, ``worth`` and ``supposed`` cases."""

    least: int
    between: tuple[float, float]
    worth: tuple[int, int]
    supposed: int
    units: int
    cases: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio: cells that are added, over cells that are added, as the definition names them."""

    key: str
    name: str
    name_en: str
    part: tuple[str, ...]
    whole: tuple[str, ...]

    def cells(self, form: Form) -> tuple[frozenset[str], frozenset[str]] | None:
        """Return the cells of a form that are its part and its whole; ``None`` where the form lacks some of them."""
        lists = [[_named(name, form) for name in names] for names in (self.part, self.whole)]
        if not all(found for names in lists for found in names):
            return None
        part, whole = (frozenset().union(*names) for names in lists)
        return part, whole


@dataclass(frozen=True)
class Thresholds:
    """What ``schema/odd.toml`` says; its comments explain each."""

    most: int
    bits: int
    texts: Texts
    tables: Tables
    history: History
    peers: Peers
    ratios: tuple[Ratio, ...]


@cache
def thresholds() -> Thresholds:
    """Return the thresholds.

    Raises:
        FormError: the definition is wrong.
    """
    return parse_thresholds(resource(WHERE).read_text(encoding="utf-8"), WHERE)


def parse_thresholds(text: str, where: str) -> Thresholds:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: a misspelt or missing key, a number that is none or below 1, a cell that no edition has.
    """
    top = Reader(where, read_toml(text, where), "most bits texts tables history peers ratios")
    top.typed(whole="most bits", table="texts tables history peers", tables="ratios")
    whole = _Whole(top)
    peers = Reader(top.inside("peers"), top["peers"], "least between worth supposed units cases")
    low, high = _pair(peers, "between")
    ratios = top.many("ratios", _ratio, "key")
    forms = [load_form(edition) for edition in editions()]
    for each in ratios:
        if not any(each.cells(form) for form in forms):
            raise FormError(f"{where}: no edition has all cells of the ratio {each.key!r}")
    return Thresholds(
        most=whole.one("most"),
        bits=whole.one("bits"),
        texts=Texts(*whole.all("texts", "clause", "shared", "characters", "percent")),
        tables=Tables(*whole.all("tables", "shared", "percent", "cell")),
        history=History(*whole.all("history", "years", "least", "usual", "pairs", "steady")),
        peers=Peers(
            _count(peers, "least"), (low / 100, high / 100), _pair(peers, "worth"),
            _count(peers, "supposed"), _count(peers, "units"), _count(peers, "cases"),
        ),
        ratios=ratios,
    )  # fmt: skip


class _Whole:
    """The whole numbers of a definition."""

    def __init__(self, top: Reader) -> None:
        self._top = top

    def one(self, key: str) -> int:
        return _count(self._top, key)

    def all(self, table: str, *keys: str) -> list[int]:
        inside = Reader(self._top.inside(table), self._top[table], " ".join(keys))
        return [_count(inside, key) for key in keys]


def _count(table: Reader, key: str) -> int:
    value = table[key]
    if type(value) is not int or value < 1:
        raise FormError(f"{table.where}: {key} {value!r} is not a whole number of 1 or more")
    return value


def _pair(table: Reader, key: str) -> tuple[int, int]:
    match table[key]:
        case [int(low), int(high)] if 0 < low < high:
            return low, high
    raise FormError(f"{table.where}: {key} {table[key]!r} is not two whole numbers, the smaller first")


def _ratio(where: str, data: Any) -> Ratio:
    item = Reader(where, data, "key name name_en part whole").typed(texts="part whole")
    return Ratio(item["key"], item["name"], item["name_en"], tuple(item["part"]), tuple(item["whole"]))


def _named(name: str, form: Form) -> Sequence[str]:
    return [key for key in form.cells if key == name or fnmatchcase(key, name)]
