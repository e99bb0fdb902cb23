"""The words that names of offices are made of, as ``schema/offices.toml`` has them, and the normal form of a name."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, load_toml, read_toml
from workbook.expression import expression
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

WHERE = "schema/offices.toml"

_MARKS = dict.fromkeys(map(ord, "“”‘’\"'`《》〈〉「」『』*"), "") | {
    ord(mark): plain
    for marks, plain in (("〔[【〖{", "("), ("〕]】〗}", ")"), ("•‧∙⋅・･", "·"), ("—–―‐‑−~", "-"))
    for mark in marks
}
_AROUND = ",，.。;；:：、·-_/\\|"
_PLAIN = expression("[\u4e00-\u9fff0-9A-Za-z]*")
"""What is its own normal form: most names."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def office_name(text: object) -> str:
    """Return the normal form of a name: without blanks, quotes and marks around it, half-width, in plain brackets.

    >>> office_name(" 甲 市（乙区）“教育局” "), office_name("甲市［乙区］教育局　"), office_name(None)
    ('甲市(乙区)教育局', '甲市(乙区)教育局', '')
    """
    if not isinstance(text, str):
        return ""
    return text if _PLAIN.fullmatch(text) else _normal(text)


def _normal(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_MARKS)
    kept = "".join(letter for letter in plain if not letter.isspace() and unicodedata.category(letter) not in _UNSEEN)
    return kept.strip(_AROUND)


@dataclass(frozen=True)
class Offices:
    """What names of offices are made of.

    Args:
        signs: what the names of areas end with, each with its level from 0 on, that of the widest.
        ends: words that end in such a sign and are no area.
        inside: words with such a sign in them, which then is none.
        signs_first: words that begin with such a sign and may follow an area.
        systems: what stands in front of the names of their offices.
        peoples: the peoples at the end of an area's name without its sign.
        autonomous: what is left out of the signs of such areas too.
        tails: how a name may end, with what that is in full; of several it may be any.
        zones: how zones are called for short and in full, with their names in full.
        committees: in full, the zones with what governs them.
        governing: what stands right behind the name of an area whose office it is.
        nameless: of those what means no office without the name of the area.
        departments: in full, what departments are for, with their endings.
        kinds: how names in full end, with the kind of office that they then are; the first that fits.
    """

    signs: Mapping[str, int]
    ends: tuple[str, ...]
    inside: tuple[str, ...]
    signs_first: tuple[str, ...]
    systems: tuple[str, ...]
    peoples: re.Pattern[str]
    autonomous: str
    tails: Mapping[str, tuple[str, ...]]
    zones: Mapping[str, str]
    committees: tuple[str, ...]
    governing: tuple[str, ...]
    nameless: frozenset[str]
    departments: tuple[str, ...]
    kinds: Mapping[str, str]

    @cached_property
    def longest(self) -> int:
        """How long the longest end of a name is that is known."""
        return max(map(len, self.tails))

    @cached_property
    def sign(self) -> re.Pattern[str]:
        """Finds the signs of levels, the longer ones first."""
        return re.compile("|".join(sorted(self.signs, key=len, reverse=True)))

    @cached_property
    def zone(self) -> re.Pattern[str]:
        """Finds zones by their names in full and for short."""
        return re.compile("|".join(sorted(self.zones, key=len, reverse=True)))


@cache
def offices() -> Offices:
    """Return the words of the names of offices.

    Raises:
        FormError: the definition is wrong.
    """
    return _offices(load_toml(WHERE), WHERE)


def parse_offices(text: str, where: str) -> Offices:
    """Return what a definition says; ``where`` names it in errors.

    Raises:
        FormError: it is wrong.
    """
    return _offices(read_toml(text, where), where)


def _offices(said: dict[str, Any], where: str) -> Offices:
    lists, tables = "ends inside signs_first systems peoples", "levels endings offices zones matters"
    data = Reader(where, said, f"governs autonomous {lists} {tables} kinds")
    data.typed(texts=lists, tables=tables, table="kinds")
    levels = data.many("levels", _signs, "key")
    endings, whole, zones, matters = (data.many(key, _Word.of, "full") for key in tables.split()[1:])
    governs = _Word(data["governs"], next((item.forms for item in whole if item.full == data["governs"]), ()))
    tails = _Tails(where)
    tails.add(matters, endings)
    tails.add(zones, (_Word(governs.full, (*governs.forms, "")),))
    tails.add(whole, (_Word(""),))
    signs = {sign: number for number, some in enumerate(levels) for sign in some}
    behind = {item.full: next((item.full.removeprefix(sign) for sign in signs if item.full.startswith(sign)), item.full)
              for item in whole}  # fmt: skip
    kinds = Reader(data.inside("kinds"), data["kinds"], "", "government department township other")
    return Offices(
        signs=MappingProxyType(signs),
        ends=tuple(data["ends"]),
        inside=tuple(data["inside"]),
        signs_first=tuple(data["signs_first"]),
        systems=tuple(data["systems"]),
        peoples=re.compile("(?:" + "|".join(sorted(data["peoples"], key=len, reverse=True)) + ")+$"),
        autonomous=data["autonomous"],
        tails=MappingProxyType({tail: tuple(full) for tail, full in tails.found.items()}),
        zones=MappingProxyType({form: zone.full for zone in zones for form in (zone.full, *zone.forms)}),
        committees=tuple(zone.full + governs.full for zone in zones),
        governing=tuple(dict.fromkeys(behind.values())),
        nameless=frozenset(behind[item.full] for item in whole if not item.alone),
        departments=tuple(matter.full + ending.full for matter in matters for ending in endings),
        kinds=MappingProxyType({ending: kind for kind, several in _endings(kinds) for ending in several}),
    )


def _signs(where: str, data: Any) -> tuple[str, ...]:
    return tuple(Reader(where, data, "key signs").typed(texts="signs")["signs"])


def _endings(kinds: Reader) -> Iterable[tuple[str, tuple[str, ...]]]:
    known = ("township", "government", "department", "other")
    kinds.typed(texts=" ".join(known))
    return ((kind, tuple(kinds.get(kind, ()))) for kind in known)


@dataclass(frozen=True, slots=True)
class _Word:
    """A word in full, and how else it is written; under ``also`` stands what may be another word too."""

    full: str
    forms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    alone: bool = False

    @classmethod
    def of(cls, where: str, data: Any) -> _Word:
        item = Reader(where, data, "full", "forms also alone").typed(texts="forms also", flag="alone")
        return cls(item["full"], tuple(item.get("forms", ())), tuple(item.get("also", ())), item.get("alone", False))


class _Tails:
    """How names end, and what that is in full; what is said to mean one thing may not mean another."""

    def __init__(self, where: str) -> None:
        self.found: dict[str, list[str]] = {}
        self._where, self._sure = where, set[str]()

    def add(self, words: Iterable[_Word], endings: Iterable[_Word]) -> None:
        """Add words with each of the endings."""
        for word in words:
            for ending in endings:
                for ended in (ending.full, *ending.forms):
                    for form in (word.full, *word.forms, *word.also):
                        self._add(form + ended, word.full + ending.full, sure=form not in word.also)

    def _add(self, tail: str, full: str, *, sure: bool) -> None:
        known = self.found.setdefault(tail, [])
        if full in known or (known and (sure or tail in self._sure)):
            raise FormError(f"{self._where}: duplicate word {tail!r}, of {full!r} and {known[0]!r}")
        known.append(full)
        if sure:
            self._sure.add(tail)
