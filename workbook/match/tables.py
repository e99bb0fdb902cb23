"""Finds one statutory table in a grid: rows by their labels, columns by their heads, numbers where they meet."""

from __future__ import annotations

from collections import Counter
from dataclasses import field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from workbook.form import cell_key
from workbook.match.align import SLACK, longest_run
from workbook.match.heads import blocks, columns, in_order, in_sequence, lines, under
from workbook.match.labels import forms
from workbook.match.rows import is_blank, is_number, is_text, once
from workbook.match.strays import Stray, behind, between, filled
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from workbook.form import Line, Table
    from workbook.match.grid import Cell, Grid
    from workbook.match.heads import Block
    from workbook.match.rows import Row, Rows
    from workbook.match.strays import Held

Cells = list["Cell | None"]


@dataclass(frozen=True, slots=True)
class Loose:
    """Rows of the form whose numbers stand in one row of the grid with more or fewer cells than columns."""

    lines: tuple[Line, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Found:
    """A table found in a grid.

    ``cells`` gives the grid's cell for each key of the table, ``None`` where the grid has none; ``score`` is how many
    labels were recognised; ``missing`` are rows and columns of the form without a label in the grid, ``unclear_rows``
    those with more than one, ``unsure`` those whose numbers cannot be told apart, ``loose`` those with more or fewer
    numbers than columns, ``strays`` what stands in the grid without a label of the form. ``held`` are the numbers of
    rows that are not read, by their keys.
    """

    table: Table
    grid: Grid
    cells: Mapping[str, Cell | None]
    score: int
    missing_rows: tuple[Line, ...] = ()
    unclear_rows: tuple[Line, ...] = ()
    missing_columns: tuple[Line, ...] = ()
    unsure: tuple[Line, ...] = ()
    loose: tuple[Loose, ...] = ()
    strays: tuple[Stray, ...] = ()
    held: Mapping[str, tuple[Cell, ...]] = field(default_factory=dict)
    line: tuple[str, int, tuple[Cell, ...]] | None = None
    """Of a line of numbers its label, the row of its heads, and all that it holds."""

    @property
    def lacks(self) -> int:
        """How many rows and columns of the form are not there, or cannot be told apart."""
        told = len(self.missing_rows) + len(self.missing_columns) + len(self.unsure)
        return told + len(_covered(self.strays))


def _covered(strays: Sequence[Stray]) -> set[Line]:
    """Return the rows and columns of the form that strays may be."""
    return {line for stray in strays for line in stray.lines}


def find(table: Table, rows: Rows) -> Iterator[Found]:
    """Yield every place in a grid where a table stands."""
    for block in blocks(table, rows.rows):
        if table.shape == "line":
            yield from _line(table, rows.grid, block)
        copies: list[list[int | None]] = [[None] * len(table.columns)]
        if rows.grid.aligned:
            copies = columns(table, block.heads)
        near = block.body[: (SLACK + 1) * (len(table.rows) + 1)]
        texts = [row.texts for row in near]
        for heads in copies:
            found = _rows(table, rows.grid, block, heads, texts)
            if found:
                yield found


def _rows(
    table: Table, grid: Grid, block: Block, heads: Sequence[int | None], texts: Sequence[Sequence[str]]
) -> Found | None:
    """Read a table of rows below its heads; ``None`` where less than half of it is there."""
    known = [at for at in heads if at is not None]
    if grid.aligned and 2 * len(known) < len(heads):
        return None
    first = min(known, default=None)
    uneven = [grid.counted and not _is_even(block, row) for row in block.body[: len(texts)]]
    labels = [_label(before, None if odd else first) for before, odd in zip(texts, uneven, strict=True)]
    fits = [(at, line) for at, label in enumerate(labels) for line in sorted(lines(table.rows, forms(label)))]
    placed = longest_run(fits)
    if 2 * len(placed) < len(table.rows):
        return None
    seen = {line for _, line in fits}
    missing = [line for line in range(len(table.rows)) if line not in seen]
    read, loose = _numbers(table, grid, block, heads, placed, labels, uneven, missing)
    _no_cell_twice(read)

    def held(at: int) -> Held:
        return _held(block, block.body[at], labels[at], heads, even=grid.aligned and not uneven[at])

    strays = tuple(_strays(table, missing, placed, {at for at, _ in fits}, len(labels), held))
    strays += tuple(_columns(table, block, heads, placed)) if grid.aligned else ()
    lost: dict[str, tuple[Cell, ...]] = {}
    for at, line in fits:
        if read.get(line) is None:
            key = table.rows[line].key
            lost[key] = lost.get(key, ()) + held(at)[2]
    return Found(
        table,
        grid,
        _keyed(table, read),
        len(placed) + (len(known) if grid.aligned else in_order(table, block.heads) * len(heads)),
        tuple(row for row in (table.rows[line] for line in missing) if row not in _covered(strays)),
        tuple(row for line, row in enumerate(table.rows) if line in seen and line not in placed),
        tuple(
            column
            for column, at in zip(table.columns, heads, strict=True)
            if grid.aligned and at is None and column not in _covered(strays)
        ),
        tuple(table.rows[line] for line in sorted(read) if read[line] is None and line not in loose),
        tuple(loose[line] for line in sorted(loose)),
        strays,
        lost,
    )


def _numbers(
    table: Table,
    grid: Grid,
    block: Block,
    heads: Sequence[int | None],
    placed: Mapping[int, int],
    labels: Sequence[str],
    uneven: Sequence[bool],
    missing: Sequence[int],
) -> tuple[dict[int, Cells | None], dict[int, Loose]]:
    """Return the cells of the rows that are placed, and those with more or fewer cells than columns."""
    known = [at for at in heads if at is not None]
    read: dict[int, Cells | None] = {}
    loose: dict[int, Loose] = {}
    ordered = (not grid.aligned or any(uneven)) and in_order(table, block.heads)
    for line, at in placed.items():
        row = block.body[at]
        if grid.aligned and not uneven[at]:
            read[line] = _aligned(block, row, heads)
        else:
            read[line] = _ragged(row, len(heads)) if ordered else None
            if read[line] is None and in_sequence(table, block.heads) and (cells := behind(row)):
                loose[line] = Loose((table.rows[line],), tuple(cells))
        below = at + 1
        taken = line + 1 in missing and below not in placed.values()
        if (
            below < len(labels)
            and not labels[below]
            and not taken
            and any(is_number(block.body[below].at(head)) for head in known)
        ):
            read[line] = None  # a second line of numbers under one label
            loose.pop(line, None)
    return read, loose


def _held(block: Block, row: Row, label: str, heads: Sequence[int | None], *, even: bool) -> Held:
    """Return what a row holds: under the heads where it is even, and all behind its label."""
    cells = (_aligned(block, row, heads) if even else _ragged(row, len(heads))) or ()
    return label, tuple(cells), filled(tuple(cells)) or filled(behind(row))


def _strays(
    table: Table,
    missing: Sequence[int],
    placed: Mapping[int, int],
    known: set[int],
    count: int,
    held: Callable[[int], Held],
) -> Iterator[Stray]:
    """Yield the rows without a label of the form between those that are placed, and beside the first and the last."""
    lines = sorted(placed)
    first, last = lines[0], lines[-1]
    end = min(placed[last] + 1 + sum(line > last for line in missing), count)
    ends = [(-1, -1), *((line, placed[line]) for line in lines), (len(table.rows), end)]
    for (before, top), (after, bottom) in pairwise(ends):
        own = [table.rows[line] for line in missing if before < line < after]
        rows = [row for at in range(top + 1, bottom) if at not in known and (row := held(at))[2]]
        if rows and (own or before >= first):
            yield from between(table, own, rows, table.rows[before] if before >= 0 else None)


def _columns(table: Table, block: Block, heads: Sequence[int | None], placed: Mapping[int, int]) -> Iterator[Stray]:
    """Yield the columns without a head of the form, each beside those that are known."""
    known = [-1, *(at for at in heads if at is not None)]
    for line, at in enumerate(heads):
        if at is not None:
            continue
        before = max((head for head in heads[:line] if head is not None), default=min(known[1:]) - 2)
        after = min((head for head in heads[line + 1 :] if head is not None), default=max(known) + 2)
        for column in range(max(before + 1, 0), after):
            cells = [block.body[placed[row]].at(column) if row in placed else None for row in range(len(table.rows))]
            own = filled(cells)
            if own and not any(is_text(cell) for cell in own):
                label = next((c.text for head in reversed(block.heads) if (c := head.at(column)) and c.text), "")
                yield Stray(table, label, (table.columns[line],), tuple(cells), own, across=False)


def _is_even(block: Block, row: Row) -> bool:
    """Say whether a row is as long as each of its heads, so that cells that were counted stand below them."""
    return all(len(head.cells) == len(row.cells) for head in block.heads)


def _label(texts: Sequence[str], before: int | None) -> str:
    """Return the label of a row: the last text before the first number, or before a column."""
    return texts[-1] if before is None else texts[min(before, len(texts) - 1)]


def _aligned(block: Block, row: Row, heads: Sequence[int | None]) -> Cells | None:
    """Return the cells of a row under its heads; ``None`` where they cannot be told apart."""
    try:
        return [None if at is None else under(block.heads, row, at) for at in heads]
    except LookupError:
        return None


def _ragged(row: Row, count: int) -> Cells | None:
    """Return the cells of a row behind its label; ``None`` where they are not as many as columns."""
    after: Cells = [*behind(row)]
    while len(after) > count and is_blank(after[-1]):
        after.pop()
    return after if len(after) == count else None


def _no_cell_twice(read: dict[int, Cells | None]) -> None:
    """Take away the rows that share a number with another row, or hold one in two columns: it spans them."""
    counted = Counter(id(cell) for cells in read.values() if cells for cell in cells if not is_blank(cell))
    for line, cells in read.items():
        if cells and any(counted[id(cell)] > 1 for cell in cells):
            read[line] = None


def _keyed(table: Table, read: Mapping[int, Cells | None]) -> dict[str, Cell | None]:
    return {
        cell_key(table.key, row.key, column.key): cell
        for line, row in enumerate(table.rows)
        for column, cell in zip(table.columns, read.get(line) or [None] * len(table.columns), strict=True)
    }


def _line(table: Table, grid: Grid, block: Block) -> Iterator[Found]:
    """Yield the lines of numbers under heads of several lines; those under half of the heads are unsure.

    A few numbers below one are its stray.
    """
    last: Found | None = None
    for distance, row in enumerate(block.body[:SLACK], 1):
        if not any(map(is_number, row.cells)):
            break
        below = row.index == block.heads[-1].index + distance
        counted = grid.aligned and (not grid.counted or _is_even(block, row))
        read = (_below(table, block, row) if counted else _in_turn(table, block, row)) if below else None
        if read is None and not _is_rest(table, block, row):
            if last and below and not any(map(is_text, row.cells)):
                last = replace(last, strays=(Stray(table, "", (), (), filled(once(row.cells))),))
            break
        if last:
            yield last
        _no_cell_twice(read := read or {})
        unsure = table.rows if None in read.values() or not read else ()
        fits = below and not counted and in_sequence(table, block.heads, len(table.rows))
        rest = tuple(behind(row))
        loose = (Loose(table.rows, rest),) if unsure and fits and rest else ()
        cells = _keyed(table, {} if unsure else read)
        score = len(table.rows) + len(table.columns)
        line = _label(row.texts, None), block.heads[-1].index, filled(rest)
        last = Found(table, grid, cells, score, unsure=() if loose else unsure, loose=loose, line=line)
    if last:
        yield last


def _is_rest(table: Table, block: Block, row: Row) -> bool:
    """Say whether a row without the label of a row stands under half of the heads, or half of their groups."""
    heads = [cell.text for head in block.heads for cell in once(head.cells)]
    above = [cell.text for head in (*block.above, *block.heads) for cell in once(head.cells)]
    groups = {line for text in above for line in lines(table.rows, forms(text))}
    known = sum(bool(lines(table.columns, forms(text))) for text in heads)
    labelled = any(lines(table.rows, forms(cell.text)) for cell in row.cells)
    return not labelled and (2 * len(groups) >= len(table.rows) or 2 * known >= len(table.rows) * len(table.columns))


def _below(table: Table, block: Block, row: Row) -> dict[int, Cells | None] | None:
    """Return the numbers below the two heads of each, the group's and its own."""
    own = {at: line for head in block.heads for at, words in head.words.items() for line in lines(table.columns, words)}
    near = [head for head in block.above if not any(is_number(head.at(at)) for at in own)]
    groups: dict[int, int] = {}
    for head in (*near, *block.heads):
        for at, cell in enumerate(head.cells):
            for line in lines(table.rows, forms(cell.text)):
                groups[at] = line
    found: dict[int, dict[int, int]] = {line: {} for line in range(len(table.rows))}
    for at, column in own.items():
        group = max((start for start in groups if start <= at), default=None)
        if group is None or column in found[groups[group]]:
            return None
        found[groups[group]][column] = at
    if any(len(columns) != len(table.columns) for columns in found.values()):
        return None
    return {line: _aligned(block, row, [at[column] for column in sorted(at)]) for line, at in found.items()}


def _in_turn(table: Table, block: Block, row: Row) -> dict[int, Cells | None] | None:
    """Return as many numbers as there are heads, in the form's order."""
    count = len(table.columns)
    heads = [*block.above, *block.heads]
    words = [cell.text for head in heads for cell in once(head.cells)]
    groups = [line for word in words for line in sorted(lines(table.rows, forms(word)))]
    if groups != sorted(set(groups)) or len(groups) != len(table.rows):
        return None
    if not in_order(table, block.heads, len(table.rows)):
        return None
    read = _ragged(row, count * len(table.rows))
    return {line: None if read is None else read[line * count :][:count] for line in range(len(table.rows))}
