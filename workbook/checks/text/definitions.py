"""Reads ``schema/statements.toml``: what texts say that tables say too; refuses a wrong definition at load."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from workbook.checks.text.sentences import HAN
from workbook.definition import FormError, Reader, read_toml
from workbook.form import cell_key, load_form, without_number
from workbook.resources import editions, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Form, Line, Table

_FILE = "schema/statements.toml"
_REMARK = re.compile(r"（[^）]{3,}）$")
_LAST_REMARK = re.compile("（.*）$")
_TOP = "counters other_counters form_sentences words statements"
_LISTS = "lead office share otherwise elsewhere against behind vague"
_LETTERS = rf"[\d,.{HAN}]{{1,16}}+"
"""What a number is written with; whether it is one, the counts of the text say."""

_SIGNED = re.compile(r" ([+-]) ")
ALONE = "-"
"""In ``after``: the statement may stand without one before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A lawful meaning of a number: a signed sum of cells, and the words for it."""

    terms: tuple[tuple[str, int], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a text may say of an edition's tables; ``after`` and ``whole`` as in the definition."""

    key: str
    name: str
    readings: tuple[Reading, ...]
    counted: bool
    after: tuple[str, ...] = ()
    whole: tuple[Reading, ...] = ()
    context: str | None = None


@dataclass(frozen=True)
class Phrases:
    """Phrases as one expression, made when it is first needed: lead-ins, then one phrase as a named group."""

    expression: str
    statements: Mapping[str, Statement]

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The expression, compiled."""
        return re.compile(self.expression)


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of an edition, and the expressions that recognise them at the start of a clause.

    ``phrases`` has those that may follow a statement by its key (``ALONE`` for none before it).
    """

    counters: tuple[str, ...]
    other_counters: tuple[str, ...]
    form_sentences: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    phrases: Mapping[str, Phrases]
    by_key: Mapping[str, Statement]


_Meant = tuple[Statement, tuple[str, ...]]
_MARK = "(?P<statement>)"
"""Stands in a phrase where it is told which statement it is."""


@cache
def load_statements(edition: str) -> Statements:
    """Return the statements that hold for an edition; all of them are verified against all editions.

    Raises:
        FormError: misspelt key, unknown word, row, column or statement, phrase that states nothing.
    """
    return parse_statements(resource(_FILE).read_text(encoding="utf-8"), edition)


def parse_statements(text: str, edition: str) -> Statements:
    """Return the statements of a TOML definition as they hold for an edition.

    Raises:
        FormError: see ``load_statements``.
    """
    data = Reader(_FILE, read_toml(text, _FILE), _TOP)
    words = {name: tuple(sorted(listed, key=len, reverse=True)) for name, listed in data["words"].items()}
    Reader(f"{_FILE}, words", data["words"], _LISTS, " ".join(words))
    words["#"] = tuple(data["counters"])
    keys = [item.get("key") for item in data["statements"]]
    found: list[_Meant] = []
    for item in data["statements"]:
        where = f"{_FILE}, statement {item.get('key')!r}"
        Reader(where, item, "key name phrases", "readings part_of after whole context")
        if keys.count(item["key"]) > 1:
            raise FormError(f"{where}: duplicate")
        if ("readings" in item) == ("part_of" in item):
            raise FormError(f"{where}: either readings or part_of is expected")
        for name in {*item.get("after", ())} - {ALONE, *keys}:
            raise FormError(f"{where}: there is no statement {name!r}")
        if item.get("context") not in {None, *words}:
            raise FormError(f"{where}: there is no list {item['context']!r}")
        found += _statements(where, item, words, edition)
    statements = {statement.key: statement for statement, _ in found}
    befores = {before for statement, _ in found for before in statement.after or (ALONE,)}
    phrases = {
        before: _together(words, [pair for pair in found if before in (pair[0].after or (ALONE,))], before)
        for before in befores
    }
    return Statements(
        counters=tuple(data["counters"]),
        other_counters=tuple(data["other_counters"]),
        form_sentences=tuple(data["form_sentences"]),
        words=words,
        phrases=phrases,
        by_key=statements,
    )


def _statements(
    where: str, item: Mapping[str, Any], words: Mapping[str, tuple[str, ...]], edition: str
) -> Iterator[_Meant]:
    """Yield the statements that a definition stands for in an edition, each with the parts of a phrase."""
    whole = _readings(where, item.get("whole", ()), edition)
    shared = (tuple(item.get("after", ())), whole, item.get("context"))
    family = _parts(where, item["part_of"], edition) if "part_of" in item else {None: item["readings"]}
    for label, readings in family.items():
        known = {**words, "label": (label,)} if label else words
        key = f"{item['key']}:{label}" if label else item["key"]
        meant = _readings(where, readings, edition)
        for phrase in item["phrases"]:
            expression = _expression(where, phrase, known)
            if meant:
                yield Statement(key, label or item["name"], meant, "#" in phrase or "¥" in phrase, *shared), expression


def _expression(where: str, phrase: str, words: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the expressions of a phrase's parts: a finite number of words, so that matching costs a bounded time."""
    parts = phrase.split()
    made = []
    for part in parts:
        name, often = part.rstrip("?*"), part[-1]
        if name in {"#", "¥"}:
            made.append(_LETTERS + (_any_of(words["#"]) if name == "#" else "[万亿]?元"))
            continue
        if name not in words:
            raise FormError(f"{where}: there is no list {name!r}")
        made.append(_any_of(words[name]) + {"?": "?", "*": "{0,3}"}.get(often, ""))
    if not made or all(part[-1] in "?*" for part in parts):
        raise FormError(f"{where}: the phrase {phrase!r} states nothing")
    end = () if {"#", "¥"} & set(parts) else (r"(?=[，,。；！？（）\n]|$)",)
    return (made[0] + _MARK, *made[1:], *end) if parts[0] == "label" else (*made, *end, _MARK)


def _any_of(words: Sequence[str]) -> str:
    listed = (re.escape(word).replace("…", r"[^，,。；：、（）\n\d]{1,20}?") for word in words)
    return f"(?:{'|'.join(listed)})"


def _together(words: Mapping[str, tuple[str, ...]], found: Sequence[_Meant], before: str) -> Phrases:
    lead = _any_of((*words["lead"], *words["share"]) if before != ALONE else words["lead"])
    named = {f"s{number}": statement for number, (statement, _) in enumerate(found)}
    phrases = [
        tuple(part.replace(_MARK, f"(?P<s{number}>)") for part in parts) for number, (_, parts) in enumerate(found)
    ]
    return Phrases(rf"(?P<lead>(?:{lead}|\d{{4}}年度?){{0,6}}){_any(phrases)}", named)


def _any(phrases: Sequence[tuple[str, ...]]) -> str:
    """Return one expression for many sequences of parts; what they begin with in common stands once."""
    firsts: dict[str, list[tuple[str, ...]]] = {}
    for first, *rest in phrases:
        firsts.setdefault(first, []).append(tuple(rest))
    heads: dict[str, list[str]] = {}
    for first, rests in firsts.items():
        heads.setdefault(_any(rests) if all(rests) else "", []).append(first)
    alternatives = (f"(?:{'|'.join(listed)}){rest}" for rest, listed in heads.items())
    return f"(?:{'|'.join(alternatives)})"


def _readings(where: str, sums: Iterable[str], edition: str) -> tuple[Reading, ...]:
    """Return those of some sums that an edition has the cells for; each must be known to some edition."""
    return tuple(reading for written in sums if (reading := _reading(where, written, edition)))


def _reading(where: str, written: str, edition: str) -> Reading | None:
    parts = _SIGNED.split(f" + {written}")
    terms: list[tuple[str, int]] = []
    words, complete = [], True
    for sign, name in zip(parts[1::2], parts[2::2], strict=True):
        known = {key: resolved for key in editions() if (resolved := _resolve(load_form(key), name))}
        if not known:
            raise FormError(f"{where}: no edition has {name!r}")
        if edition not in known:
            complete = False
            continue
        cells, label = known[edition]
        terms += [(cell, -1 if sign == "-" else 1) for cell in cells]
        words.append(f"{sign} {label}")
    return Reading(tuple(terms), " ".join(words).removeprefix("+ ")) if complete else None


def _resolve(form: Form, name: str) -> tuple[tuple[str, ...], str] | None:
    """Return the cells that ``table.row`` or ``table.row.column`` names, and its words; ``None`` if there are none."""
    table_key, _, rest = name.partition(".")
    table = next((table for table in form.tables if table.key == table_key), None)
    if table is None:
        return None
    # The label of a group may have a full stop of its own.
    row, column = (rest, "") if _lines(table.rows, rest) else (rest.rpartition(".")[0], rest.rpartition(".")[2])
    rows, columns = _lines(table.rows, row), _lines(table.columns, column or "total")
    if not rows or not columns:
        return None
    cells = tuple(cell_key(table.key, one.key, other.key) for one in rows for other in columns)
    label = _REMARK.sub("", rows[0].label if len(rows) == 1 else row)
    across = bare(columns[0].label if len(columns) == 1 else column)
    return cells, f"{label}·{across}" if column else label


def _lines(lines: Sequence[Line], name: str) -> tuple[Line, ...]:
    """Return the line of a key, or all lines of the group of a label."""
    return tuple(line for line in lines if line.key == name) or tuple(line for line in lines if name in line.under)


def _parts(where: str, name: str, edition: str) -> dict[str | None, list[str]]:
    """Return a reading for the label of each part of a line, and of each group of such parts."""
    table_key, _, whole = name.partition(".")
    table: Table | None = next((table for table in load_form(edition).tables if table.key == table_key), None)
    rows = [row for row in table.rows if row.part_of == whole] if table else []
    if not rows:
        raise FormError(f"{where}: {name!r} has no parts")
    shared = set.intersection(*(set(row.under) for row in rows))
    found: dict[str | None, list[str]] = {}
    for row in rows:
        found.setdefault(bare(row.label), []).append(f"{table_key}.{row.key}")
        for group in row.under:
            if group not in shared:
                found[bare(group)] = [f"{table_key}.{group}"]
    return {label: readings for label, readings in found.items() if label and len(label) > len("其他")}


def bare(label: str) -> str:
    """Return a label without its number and without a remark in brackets at its end.

    >>> bare("（九）甲乙（区分的，只计一次）"), bare("8.甲乙")
    ('甲乙', '甲乙')
    """
    return _LAST_REMARK.sub("", without_number(label))
