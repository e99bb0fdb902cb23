"""Reads ``schema/statements.toml``: what texts say that tables say too; refuses a wrong definition at load."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from workbook.definition import FormError, Reader, compiled, read_toml
from workbook.expression import expression
from workbook.form import cell_key, load_form, without_number
from workbook.records import dataclass
from workbook.resources import editions, form_files, resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from workbook.form import Form, Line, Table

_FILE = "schema/statements.toml"
COMPILED = "schema/compiled/{}-statements.json"
"""Where the statements of an edition are kept as data."""
_REMARK = expression(r"（[^）]{3,}）$")
_LAST_REMARK = expression("（.*）$")
_TOP = "counters other_counters form_sentences words statements parts open closing aliases composed groups"
_LISTS = "filler self part wide office otherwise elsewhere against behind vague"
_READ = ("filler", "self", "part")
_REST = "其他"
_SIGNED = expression(r" ([+-]) ")
LONGEST = 120
"""Characters of a clause that are read; what is longer states nothing that is understood."""

_WITHIN = frozenset("的了过件中而所、和或并及")
"""With what no word begins that is put together from pieces."""

NUMBERS = ("#", "¥", "%")
"""What a phrase calls a count (with its counter word, or at the end of a clause), an amount of money, a share."""

ALONE = "-"
"""In ``after``: the statement may stand without one before it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A lawful meaning of a number: a signed sum of cells, and the words for it."""

    terms: tuple[tuple[str, int], ...]
    words: str


@dataclass(frozen=True, slots=True)
class Statement:
    """What a text may say of an edition's tables; the fields are those of the definition.

    Without ``readings`` it is known to say nothing of the tables.
    """

    key: str
    name: str
    readings: tuple[Reading, ...]
    after: tuple[str, ...] = ()
    whole: tuple[Reading, ...] = ()
    share_of: tuple[Reading, ...] = ()
    context: str | None = None
    unless: str | None = None
    near: bool = False
    at_most: bool = False
    counters: tuple[str, ...] = ()
    part: bool = False
    sure: bool = False
    not_at: str = ""
    close: bool = False

    @property
    def table(self) -> str:
        """The table that it speaks of."""
        return self.readings[0].terms[0][0].partition(".")[0] if self.readings else ""


@dataclass(frozen=True, slots=True, eq=False)
class Composed:
    """A list whose words are put together from pieces: any row of them with the core in it is one.

    ``pieces`` stand by their first letters, the longest first.
    """

    lists: frozenset[str]
    pieces: Mapping[str, Sequence[str]]
    core: re.Pattern[str]

    def end(self, text: str, at: int) -> int:
        """Return where the word that begins at a place ends, -1 where none does."""
        end, pieces = at, self.pieces
        while end < at + LONGEST:
            for piece in pieces.get(text[end : end + 1], ()):
                if text.startswith(piece, end):
                    end += len(piece)
                    break
            else:
                break
        return end if end > at and self.core.search(text[at:end]) else -1


Step = dict[str, Any]
"""A step in the phrases: by the name of each list that may follow the next step, and under ``MEANT`` what is said where
a phrase ends here: a list of keys of statements, each with the sign of its number (``NUMBERS``, empty for none)."""
MEANT = ""


@dataclass(frozen=True, slots=True)
class Statements:
    """The statements of an edition, its phrases as a tree, and the lists that each word belongs to."""

    counters: tuple[str, ...]
    other_counters: tuple[str, ...]
    form_sentences: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]
    parts: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, frozenset[str]]
    lengths: Mapping[str, tuple[int, ...]]
    composed: Mapping[str, tuple[Composed, ...]]
    nouns: frozenset[str]
    open: Mapping[str, re.Pattern[str]]
    closing: re.Pattern[str]
    phrases: Step
    by_key: Mapping[str, Statement]
    wholes: frozenset[str]


@cache
def load_statements(edition: str) -> Statements:
    """Return the statements that hold for an edition; all of them are verified against all editions.

    Raises:
        FormError: misspelt key, unknown word, row, column or statement, phrase that states nothing.
    """
    kept = compiled(COMPILED.format(edition), sources())
    if kept is None:
        return parse_statements(resource(_FILE).read_text(encoding="utf-8"), edition)
    from workbook.checks.text.stored import restored

    return restored(kept)


def sources() -> list[Path]:
    """Return the definitions that statements are made of: their own, and the forms of all editions."""
    return [resource(_FILE), *form_files()]


def parse_statements(text: str, edition: str) -> Statements:
    """Return the statements of a TOML definition as they hold for an edition.

    Raises:
        FormError: see ``load_statements``.
    """
    data = Reader(_FILE, read_toml(text, _FILE), _TOP)
    words = {name: tuple(listed) for name, listed in data["words"].items()}
    Reader(f"{_FILE}, words", data["words"], _LISTS, " ".join(words))
    for part, names in data["parts"].items():
        _known(f"{_FILE}, parts, {part}", names, words)
    items = [{**item, "after": _grouped(item, data["groups"])} for item in data["statements"]]
    keys = [str(item.get("key")) for item in items]
    root, statements, labels = Step(), dict[str, Statement](), set[str]()
    for item in items:
        where = f"{_FILE}, statement {item.get('key')!r}"
        _verify(where, item, keys, words)
        for statement, label in _statements(where, item, edition):
            statements[statement.key] = statement
            labels |= {label} if label else set()
            for phrase in item["phrases"]:
                for parts in _written_out(where, phrase, label, words):
                    _plant(root, parts, statement)
    lists = _lists(items, words, {label: data["aliases"].get(label, ()) for label in labels})
    return Statements(
        counters=tuple(data["counters"]),
        other_counters=tuple(data["other_counters"]),
        form_sentences=tuple(data["form_sentences"]),
        words=words,
        parts={part: tuple(names) for part, names in data["parts"].items()},
        lists=lists,
        lengths=lengths(lists),
        composed=_composed(f"{_FILE}, composed", data["composed"], words),
        nouns=frozenset(name for name, item in data["composed"].items() if item.get("noun")),
        open=_open(f"{_FILE}, open", data["open"]),
        closing=re.compile(f"(?:{data['closing']})(?:[，,。；！？（）\n]|$)"),
        phrases=root,
        by_key=statements,
        wholes=frozenset(key for item in items for key in item["after"]),
    )


def _open(where: str, items: Sequence[Any]) -> dict[str, re.Pattern[str]]:
    """Return what is passed over by the letters that it may begin with."""
    found: dict[str, list[str]] = {}
    for item in items:
        one = Reader(where, item, "begins words").typed()
        for first in one["begins"]:
            found.setdefault(first, []).append(one["words"])
    return {first: re.compile("|".join(some)) for first, some in found.items()}


def _lists(
    items: Iterable[Mapping[str, Any]], words: Mapping[str, tuple[str, ...]], aliases: Mapping[str, Iterable[str]]
) -> dict[str, frozenset[str]]:
    """Return the lists that each word is of, as far as they are read along; a label is a list of its own."""
    read = {part.removesuffix("?") for item in items for phrase in item["phrases"] for part in phrase.split()}
    found: dict[str, set[str]] = {}
    for name in words.keys() & {*read, *_READ}:
        for word in words[name]:
            found.setdefault(word, set()).add(name)
    for label, others in aliases.items():
        for word in (label, *others):
            found.setdefault(word, set()).add(label)
    return {word: frozenset(names) for word, names in found.items()}


def _composed(
    where: str, items: Mapping[str, Mapping[str, Any]], words: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[Composed, ...]]:
    """Return the lists of composed words by the letters that such a word may begin with."""
    _known(where, items, words)
    found: dict[str, list[Composed]] = {}
    for name, item in items.items():
        Reader(f"{where}, {name}", item, "of core", "noun")
        pieces: dict[str, list[str]] = {}
        for piece in sorted(item["of"], key=len, reverse=True):
            pieces.setdefault(piece[0], []).append(piece)
        one = Composed(frozenset({name}), pieces, re.compile(item["core"]))
        for first in sorted({piece[0] for piece in item["of"]} - _WITHIN):
            found.setdefault(first, []).append(one)
    return {first: tuple(listed) for first, listed in found.items()}


def _known(where: str, names: Iterable[str | None], words: Mapping[str, tuple[str, ...]]) -> None:
    for name in {*names} - {None, *words}:
        raise FormError(f"{where}: there is no list {name!r}")


def _grouped(item: Mapping[str, Any], groups: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the statements that one may stand after, groups written out; an unknown group stays what it is."""
    return [key for name in item.get("after", ()) for key in groups.get(name.removeprefix("@"), [name])]


def _verify(where: str, item: Mapping[str, Any], keys: list[str], words: Mapping[str, tuple[str, ...]]) -> None:
    Reader(
        where,
        item,
        "key name phrases",
        "readings part_of part after whole share_of context unless near at_most counters sure not_at close",
    )
    if keys.count(item["key"]) > 1:
        raise FormError(f"{where}: duplicate")
    if ("readings" in item) == ("part_of" in item):
        raise FormError(f"{where}: either readings or part_of is expected")
    for name in {*item.get("after", ())} - {ALONE, *keys}:
        raise FormError(f"{where}: there is no statement {name!r}")
    _known(where, (item.get("context"), item.get("unless")), words)


def _statements(where: str, item: Mapping[str, Any], edition: str) -> Iterator[tuple[Statement, str | None]]:
    """Yield the statements that a definition stands for in an edition, each with the label that it is about."""
    family = _parts(where, item["part_of"], edition) if "part_of" in item else {None: item["readings"]}
    for label, written in family.items():
        readings = _readings(where, written, edition)
        if not readings and written:
            continue
        yield (
            Statement(
                key=f"{item['key']}:{label}" if label else item["key"],
                name=label or item["name"],
                readings=readings,
                after=tuple(item.get("after", ())),
                whole=_readings(where, item.get("whole", ()), edition),
                share_of=_readings(where, item.get("share_of", ()), edition),
                context=item.get("context"),
                unless=item.get("unless"),
                near=item.get("near", False),
                at_most=item.get("at_most", False),
                counters=tuple(item.get("counters", ())),
                part=item.get("part", False),
                sure=item.get("sure", False),
                not_at=item.get("not_at", ""),
                close=item.get("close", False),
            ),
            label,
        )


def _written_out(
    where: str, phrase: str, label: str | None, words: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, ...]]:
    """Yield the sequences of lists that a phrase stands for."""
    found: list[tuple[str, ...]] = [()]
    parts = phrase.split()
    for part in parts:
        name = part.removesuffix("?")
        if name not in words and name not in NUMBERS and not (name == "label" and label):
            raise FormError(f"{where}: there is no list {name!r}")
        step = label if name == "label" and label else name
        longer = [(*one, step) for one in found]
        found = [*found, *longer] if part != name else longer
    if all(part.endswith("?") for part in parts) or set(parts) <= {*NUMBERS}:
        raise FormError(f"{where}: the phrase {phrase!r} states nothing")
    yield from found


def _plant(root: Step, parts: tuple[str, ...], statement: Statement) -> None:
    step = root
    for part in parts:
        step = step.setdefault(part, {})
    step.setdefault(MEANT, []).append([statement.key, next((part for part in parts if part in NUMBERS), "")])


def lengths(words: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Return how long the words are that begin with a letter, the longest first."""
    found: dict[str, set[int]] = {}
    for word in words:
        found.setdefault(word[0], set()).add(len(word))
    return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}


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
                listed = found.setdefault(bare(group), [f"{table_key}.{group}"])
                # Beside the other rows of its group, 其他处理 2 件 is the last of them.
                listed += [f"{table_key}.{row.key}"] if bare(row.label) == _REST else []
    return {label: readings for label, readings in found.items() if label and len(label) > len(_REST)}


def bare(label: str) -> str:
    """Return a label without its number and without a remark in brackets at its end.

    >>> bare("（九）甲乙（区分的，只计一次）"), bare("8.甲乙")
    ('甲乙', '甲乙')
    """
    return _LAST_REMARK.sub("", without_number(label))
