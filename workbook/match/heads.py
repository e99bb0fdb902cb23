"""The heads of a table: the rows that hold them, and the column of the grid that each of them stands over."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbook.match.labels import forms, own, wanted
from workbook.match.rows import is_blank, is_number, once
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from workbook.form import Line, Table
    from workbook.match.grid import Cell
    from workbook.match.rows import Row

    _Words = Mapping[str, set[int]]

_MANY = 2
"""Columns up to which a single head makes a row of heads."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of heads below each other, and the rows up to the next such block."""

    heads: Sequence[Row]
    body: Sequence[Row]
    above: Sequence[Row]


def blocks(table: Table, rows: Sequence[Row]) -> Iterator[Block]:
    """Yield the blocks of heads of a table, each with what stands below it."""
    marks = {index: None for index, row in enumerate(rows) if row.words and _is_head(table, row)}
    starts = [mark for mark in marks if mark - 1 not in marks]
    ends = [mark + 1 for mark in marks if mark + 1 not in marks]
    for start, end, following in zip(starts, ends, [*starts[1:], len(rows)], strict=False):
        yield Block(rows[start:end], rows[end:following], rows[max(0, start - 3) : start])


def _is_head(table: Table, row: Row) -> bool:
    if row.all_words.isdisjoint(_recognised(table.columns)[1]):
        return False
    found = {line for words in row.words.values() for line in lines(table.columns, words)}
    if len(found) >= _MANY:
        return True
    return (
        bool(found)
        and len(table.columns) <= _MANY
        and not any(lines(table.rows, words) for words in row.words.values())
    )


def lines(form_lines: tuple[Line, ...], words: frozenset[str]) -> set[int]:
    """Return which rows or columns of the form a label may be; those of its very words before its variants."""
    exact, loose = _recognised(form_lines)
    found = {line for word in words for line in exact.get(word, ())}
    return found or {line for word in words for line in loose.get(word, ())}


_RECOGNISED: dict[int, tuple[tuple[Line, ...], tuple[_Words, _Words]]] = {}
"""What lines are recognised by, by their identity: they are asked for often, and their hash is one of many texts."""


def _recognised(form_lines: tuple[Line, ...]) -> tuple[_Words, _Words]:
    """Return the lines of each word, of those that are their own beyond doubt and of all."""
    kept = _RECOGNISED.get(id(form_lines))
    if kept is None:  # the lines are kept too, so that no others get their identity
        kept = _RECOGNISED[id(form_lines)] = form_lines, _words_of(form_lines)
    return kept[1]


@cache
def _words_of(form_lines: tuple[Line, ...]) -> tuple[_Words, _Words]:
    exact: dict[str, set[int]] = {}
    loose: dict[str, set[int]] = {}
    for index, line in enumerate(form_lines):
        for word in own(line.label):
            exact.setdefault(word, set()).add(index)
        for word in wanted(line.label):
            loose.setdefault(word, set()).add(index)
    return exact, loose


def columns(table: Table, heads: Sequence[Row]) -> list[list[int | None]]:
    """Return the grid's column of each column of the form, once for each copy that stands side by side.

    ``None`` stands for a head that is missing, or that is there more often than the others. Heads that are cut so that
    they read alike are taken in the form's order where there are as many as columns.
    """
    found: dict[int, tuple[set[int], set[int]]] = {line: (set(), set()) for line in range(len(table.columns))}
    for row in heads:
        for at, words in row.words.items():
            for line in lines(table.columns, words):
                exact = not words.isdisjoint(own(table.columns[line].label))
                found[line][0 if exact else 1].add(at)
    groups: dict[tuple[int, ...], list[int]] = {}
    for line, (exactly, loosely) in found.items():
        groups.setdefault(tuple(sorted(exactly or loosely)), []).append(line)
    from statistics import mode

    copies = mode(len(at) // len(members) for at, members in groups.items() for _ in members)
    placed: list[list[int | None]] = [[None] * len(table.columns) for _ in range(copies)]
    for places, members in groups.items():
        if len(places) == copies * len(members):
            for index, column in enumerate(places):
                placed[index // len(members)][members[index % len(members)]] = column
    return placed


def under(heads: Sequence[Row], row: Row, column: int) -> Cell | None:
    """Return the cell of a row under a head.

    Raises:
        LookupError: a number stands beside it under the same head, or under none.
    """
    cell = row.at(column)
    own_cells = {id(head.at(column)) for head in heads}
    beside = column + 1
    while beside < len(row.cells):
        other = row.at(beside)
        if is_blank(other) or any(not is_blank(h.at(beside)) and id(h.at(beside)) not in own_cells for h in heads):
            break
        if other is not cell and is_number(other):
            raise LookupError
        beside += 1
    return cell


def in_sequence(table: Table, heads: Sequence[Row], times: int = 1) -> bool:
    """Say whether no head stands before one that the form has before it; some may lack, or be there twice."""
    for row in heads:
        before, begun = 0, 1
        for cell in once(row.cells):
            found = lines(table.columns, forms(cell.text))
            later = [line for line in found if line >= before]
            if found and not later:
                begun += 1
                if 0 not in found or before < len(table.columns) - _MANY or begun > times:
                    return False
            before = min(later, default=0 if found else before)
    return True


def in_order(table: Table, heads: Sequence[Row], times: int = 1) -> bool:
    """Say whether the heads are the form's, ``times`` over, in its order in each row, with no other among them."""
    groups = {word for line in (*table.columns, *table.rows) for label in (*line.under, line.label)
              for word in wanted(label)}  # fmt: skip
    count, last = 0, len(table.columns) - 1
    for row in heads:
        before, begun = -1, False
        for cell in once(row.cells):
            words = forms(cell.text)
            found = lines(table.columns, words)
            later = [line for line in found if line > before]
            if (found and not later) or (begun and not is_blank(cell) and words.isdisjoint(groups)):
                return False
            if found:
                before, begun, count = min(later), True, count + 1
                before = -1 if before == last and times > 1 else before
    return count == times * len(table.columns)
