"""Reads plain text: tables as one cell a line after a TAB, as rows between pipes, as cells between TABs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from workbook.carriers.blocks import clean
from workbook.carriers.limits import Budget
from workbook.intake.archive import damaged, vet_size
from workbook.intake.encoding import decode
from workbook.match.grid import Cell, Document, Grid, Paragraph
from workbook.report import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from workbook.match.grid import Block

_PIPES = str.maketrans("│┃｜", "|||")
_RULED = frozenset("|│┃-:+= \t─━┼├┤┌┐└┘┬┴╋")
_SEPARATING = ("--", "──", "━━", "==", ":-", "-:")
_BARE_PIPE = re.compile(r"(?<!\\)\|")
_SENTENCE = ("。", "；", "！")
_HEADING = re.compile(r"[一二三四五六七八九十]{1,3}[、.．]")
_FIGURE = re.compile(r"[\s0-9.,，+%万亿元件/／—–-]*")

INDENT = "　　"
"""What lines of the texts of a report begin with in a file that the kit wrote, and no others."""
_OWN = re.compile(r"校验码：[0-9]{4}(?: [0-9]{4}){3}\s*\Z")
"""How such a file ends."""

_PAIR = 2
"""Cells that a row between pipes has at least."""
_LABEL = 60
"""Characters of a line that may go on with the label in a cell."""
_CONTINUED = 6
"""Lines that the text of one cell may go on for."""

_Row = list[tuple[str, int]]
"""The texts of a row's cells, with the numbers of their lines."""


class _Found(NamedTuple):
    """A table: its rows, the line after it, and whether its cells can be relied on to stand below each other."""

    rows: list[_Row]
    end: int
    aligned: bool


def read_text(data: bytes, file: str) -> Document:
    """Return the tables and paragraphs of a plain text.

    Raises:
        Unreadable: it is empty, too large, or no text.
    """
    vet_size(data, file)
    text = decode(data)
    if text is None:
        raise damaged(file, "unknown encoding")
    budget = Budget(file)
    own = bool(_OWN.search(text))
    return Document(file, list(_blocks(budget.text(text).split("\n"), budget, own=own)))


def _blocks(lines: list[str], budget: Budget, *, own: bool) -> Iterator[Block]:
    """Yield tables and paragraphs; of a file of the kit's ``own`` indented lines are text, whatever they look like."""
    at = tables = 0
    while at < len(lines):
        if own and lines[at].startswith(INDENT):
            at += 1
            budget.block()
            text = lines[at - 1].removeprefix(INDENT).removesuffix("\r")
            yield Paragraph(text, Place("文本", f"第{at}行"), exact=True)
            continue
        found = next(filter(None, (read(lines, at) for read in _NOTATIONS)), None)
        if found and _is_table(found):
            tables += 1
            budget.block()
            yield _grid(found, f"表{tables}", budget)
        else:
            yield from _paragraphs(lines[at : found.end if found else at + 1], at, budget)
        at = found.end if found else at + 1


def _paragraphs(lines: list[str], first: int, budget: Budget) -> Iterator[Paragraph]:
    for number, line in enumerate(lines, first + 1):
        text = clean(line)
        if text:
            budget.block()
            yield Paragraph(text, Place("文本", f"第{number}行"))


def _grid(found: _Found, name: str, budget: Budget) -> Grid:
    budget.cells(sum(map(len, found.rows)))
    rows = [
        [Cell(clean(text) or None, Place("文本", f"第{number}行")) for text, number in cells] for cells in found.rows
    ]
    return Grid(name, rows, aligned=found.aligned and len({len(row) for row in rows}) == 1)


def _is_table(found: _Found) -> bool:
    """Say whether lines with TABs are a table, and not paragraphs that begin with a TAB or a number and a TAB."""
    cells = [text for row in found.rows for text, _ in row if text.strip()]
    sentences = sum(text.rstrip().endswith(_SENTENCE) for text in cells)
    return any(len(row) > 1 for row in found.rows) and sentences * 3 < len(cells)


def _piped(lines: list[str], at: int) -> _Found | None:
    """Read the rows between pipes from a line on."""
    if not (_is_piped(lines, at) or (_is_ruled(lines, at) and _is_piped(lines, at + 1))):
        return None
    rows: list[_Row] = []
    while at < len(lines):
        if _is_piped(lines, at):
            line = lines[at].strip().translate(_PIPES)
            inner = line[1:-1] if line.endswith("|") else line[1:]
            rows.append([(cell.replace("\\|", "|"), at + 1) for cell in _BARE_PIPE.split(inner)])
        elif not _is_ruled(lines, at):
            break
        at += 1
    return _Found(rows, at, aligned=True)


def _is_piped(lines: list[str], at: int) -> bool:
    line = lines[at].strip().translate(_PIPES) if at < len(lines) else ""
    return line.startswith("|") and len(line) > 1 and not _is_ruled(lines, at)


def _parted(lines: list[str], at: int) -> _Found | None:
    """Read the rows from a line on whose cells have pipes between or behind them, but none before the first.

    One whose first cell is blank begins with a pipe all the same; so all rows have the same number of pipes.
    """
    end, rows = at, list[_Row]()
    while end < len(lines):
        cells = _BARE_PIPE.split(lines[end].strip(" \r").translate(_PIPES))
        if rows and _is_ruled(lines, end):
            end += 1
            continue
        if len(cells) != (len(rows[0]) if rows else max(len(cells), _PAIR)):
            break
        end += 1
        rows.append([(cell.replace("\\|", "|"), end) for cell in cells])
    if not rows or (_is_piped(lines, at) and all(not row[0][0].strip() for row in rows)):
        return None
    if all(not row[-1][0].strip() for row in rows):
        rows = [row[:-1] for row in rows]
    numbers = any(text.strip() and _FIGURE.fullmatch(text) for row in rows for text, _ in row)
    return _Found(rows if len(rows) > 1 and numbers else [], end, aligned=True)


def _is_ruled(lines: list[str], at: int) -> bool:
    """Say whether a line only separates; single dashes are what cells hold."""
    line = lines[at].strip() if at < len(lines) else ""
    return _RULED.issuperset(line) and any(sign in line for sign in _SEPARATING)


def _tabbed(lines: list[str], at: int) -> _Found | None:
    """Read the rows of cells between TABs from a line on; a single blank line between rows of one length is skipped."""
    if not _is_row(lines, at):
        return None
    rows: list[_Row] = []
    while at < len(lines):
        if "\t" in lines[at]:
            rows.append([(cell, at + 1) for cell in lines[at].split("\t")])
            at += 1
        elif not lines[at].strip() and at + 1 < len(lines) and lines[at + 1].count("\t") == len(rows[-1]) - 1:
            at += 1
        else:
            break
    return _Found(rows, at, aligned=True) if len(rows) > 1 else None


def _is_row(lines: list[str], at: int) -> bool:
    """Say whether a line begins rows of cells between TABs: it is such a row, or has its only cell before one."""
    if _has_cells(lines[at]):
        return True
    following = lines[at + 1] if at + 1 < len(lines) else ""
    return "\t" in lines[at] and _has_cells(following)


def _has_cells(line: str) -> bool:
    """Say whether cells of a line are separated by TABs, a TAB before a single cell not counted."""
    return "\t" in line.rstrip()[1:]


def _listed(lines: list[str], at: int) -> _Found | None:
    """Read the cells that stand each on a line after a TAB; a blank line ends a row, two the table."""
    if not _is_cell(lines, at):
        return None
    rows: list[_Row] = [[]]
    while at < len(lines):
        if _is_cell(lines, at):
            rows[-1].append((lines[at][1:], at + 1))
            at += 1
        elif not _blank(lines, at):
            end = _continued(lines, at, rows[-1][-1][0], after_blank=False)
            if end is None:
                break
            at = _go_on(lines, at, end, rows[-1])
        elif _is_cell(lines, at + 1):
            rows.append([])
            at += 1
        else:
            end = _continued(lines, at + 1, rows[-1][-1][0], after_blank=True)
            if end is None:
                break
            at = _go_on(lines, at, end, rows[-1])
    return _Found(rows, at, aligned=False)


def _go_on(lines: list[str], at: int, end: int, row: _Row) -> int:
    """Add lines to the last cell of a row."""
    text, number = row[-1]
    row[-1] = "\n".join([text, *lines[at:end]]), number
    return end


def _continued(lines: list[str], at: int, text: str, *, after_blank: bool) -> int | None:
    """Return the line at which the text of a cell ends that goes on at a line; ``None`` where that is a paragraph.

    A label that is broken over lines is followed at once by the next cell. Figures do not go on, and what reads like
    the heading of a section is one.
    """
    if _FIGURE.fullmatch(text):
        return None
    broken = after_blank
    for end in range(at, min(at + 2 * _CONTINUED, len(lines))):
        if _is_cell(lines, end):
            return end
        if _blank(lines, end):
            if end + 1 >= len(lines) or _blank(lines, end + 1) or end == at:
                return None
            if _is_cell(lines, end + 1):
                return None if broken else end
            broken = True
        elif "\t" in lines[end] or len(lines[end]) > _LABEL or _HEADING.match(lines[end].strip()):
            return None
    return None


def _is_cell(lines: list[str], at: int) -> bool:
    return at < len(lines) and lines[at].startswith("\t") and "\t" not in lines[at][1:].rstrip()


def _blank(lines: list[str], at: int) -> bool:
    return at >= len(lines) or (not lines[at].strip() and not lines[at].startswith("\t"))


_NOTATIONS: tuple[Callable[[list[str], int], _Found | None], ...] = (_parted, _piped, _tabbed, _listed)
