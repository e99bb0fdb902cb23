"""What was copied: the exact values of a spreadsheet where it gives them, and what it shows of them as text."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xlplugin.excel import Refusal
from xlplugin.xml_spreadsheet import ERRORS, ErrorValue, Exact, Table, table

if TYPE_CHECKING:
    from collections.abc import Collection

LIMIT = 20_000
"""Cells that are pasted at once."""

EXACT_FORMAT = "XML Spreadsheet"
"""The name under which spreadsheets put full values on the clipboard."""

_TRIES, _PAUSE = 10, 0.05  # seconds
_QUOTED = re.compile(r'"((?:[^"]|"")*)"(?=[\t\n]|$)')


@dataclass(frozen=True, slots=True)
class CopiedCell:
    """A cell that was copied: what it holds, and what it shows, ``None`` where that is not known."""

    value: Exact
    shown: str | None


@dataclass(frozen=True, slots=True)
class Copied:
    """Rows of cells that were copied; a blank one is ``None``."""

    rows: list[list[CopiedCell | None]]
    exact: bool
    """Whether values are those that the cells hold; else they are what is shown."""
    announced: bool = False
    """Whether there were exact values, which could not be read where ``exact`` does not hold."""
    hidden: tuple[int, int] = (0, 0)
    """Rows and columns with values that are hidden where they were copied, and were copied."""
    left_out: tuple[int, int] = (0, 0)
    """Those that were not."""


def copied() -> Copied:
    """Return what is on the clipboard.

    Raises:
        Refusal: there are no cells and no text, or too many cells, or numbers that are shown as ####, or another
            program holds the clipboard.
    """
    return combined(*_formats())


def combined(text: str | None, xml: bytes | None) -> Copied:
    """Put the exact values of cells together with what is shown of them.

    The text tells which cells were copied: where a filter hides rows, those are not.

    Raises:
        Refusal: there is neither, or too many cells, or numbers that are shown as ####.
    """
    shown = _rows(text) if text else []
    try:
        found = table(xml, LIMIT) if xml else None
    except ValueError:
        found = None
    exact = _joined(found, shown) if found is not None and found.values else None
    if exact is not None:
        return exact
    rows = [[_written(cell) for cell in row] for row in shown]
    filled = [cell.value for row in rows for cell in row if cell]
    if not filled:
        raise Refusal("剪贴板里没有可以粘贴的数或文字。请先复制，再点“粘贴数值”。")
    if any(isinstance(value, str) and not value.strip().strip("#") for value in filled):
        raise Refusal("复制的内容里有数因为列太窄显示成了 ####。请先把来源的列拉宽，再复制一次。")
    return Copied(rows, exact=False, announced=xml is not None)


def _joined(found: Table, shown: list[list[str]]) -> Copied | None:
    """Return exact values with what is shown of them; ``None`` where the text is of other cells."""
    texts = {(row, column): text for row, line in enumerate(shown) for column, text in enumerate(line) if text.strip()}
    sizes = (len(shown), max(map(len, shown))) if texts else (0, 0)
    hidden = found.hidden_rows, found.hidden_columns
    held = [{spot[axis] for spot in found.values} for axis in (0, 1)]
    lines = [
        _copied_lines(count, hidden[axis], held[axis], sizes[axis], {spot[axis] for spot in texts})
        for axis, count in enumerate((found.rows, found.columns))
    ]
    rows, columns = lines
    if rows is None or columns is None:
        return None
    cells = [
        [
            CopiedCell(found.values[row, column], texts.get((down, across))) if (row, column) in found.values else None
            for across, column in enumerate(columns)
        ]
        for down, row in enumerate(rows)
    ]
    concealed = [hidden[axis] & held[axis] for axis in (0, 1)]
    with_them = [concealed[axis].intersection(lines[axis] or ()) for axis in (0, 1)]
    return Copied(
        cells,
        exact=True,
        announced=True,
        hidden=(len(with_them[0]), len(with_them[1])),
        left_out=(len(concealed[0] - with_them[0]), len(concealed[1] - with_them[1])),
    )


def _copied_lines(
    count: int, hidden: Collection[int], held: Collection[int], shown: int, worded: Collection[int]
) -> list[int] | None:
    """Return which rows were copied, or which columns: all, or those that are not hidden.

    Args:
        count: how many there are.
        hidden: those that are hidden.
        held: those that hold a value.
        shown: how many the text has, 0 where there is no text.
        worded: those of the text that show something.
    """
    every = list(range(count))
    if not shown:
        return every
    choices = every, [line for line in every if line not in hidden]
    for whole in (True, False):  # blank ones at the end may be counted or not
        for lines in choices:
            full = _places(lines, held)
            same = len(lines) == shown if whole else max(full, default=-1) == max(worded)
            if same and full.issuperset(worded):
                return lines
    for lines in choices:  # counted from the first of the sheet
        later = lines[max(min(_places(lines, held), default=0) - min(worded), 0) :]
        full = _places(later, held)
        if max(full, default=-1) == max(worded) and full.issuperset(worded):
            return later
    return None


def _places(lines: list[int], held: Collection[int]) -> set[int]:
    return {at for at, line in enumerate(lines) if line in held}


def _written(text: str) -> CopiedCell | None:
    """Return a cell of which only the text is known."""
    bare = text.strip()
    return CopiedCell(ErrorValue(bare) if bare in ERRORS else text, text) if bare else None


def _rows(text: str) -> list[list[str]]:
    """Return the rows of cells in a text as spreadsheets put it on the clipboard.

    A cell that holds a line break or a tab is quoted there, any other is written as it is, with the quotes it has.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    rows: list[list[str]] = [[]]
    at = cells = 0
    while at <= len(text) and cells <= LIMIT:
        cell, at = _field(text, at)
        rows[-1].append(cell)
        cells += 1
        if text[at : at + 1] == "\n":
            rows.append([])
        at += 1
    if cells > LIMIT:
        raise Refusal(f"剪贴板里的格子太多（超过 {LIMIT} 格），请只复制需要的部分。")
    return rows


def _field(text: str, at: int) -> tuple[str, int]:
    """Return the cell that begins at a place, and where it ends."""
    quoted = _QUOTED.match(text, at)
    if quoted and ("\n" in quoted[1] or "\t" in quoted[1]):
        return quoted[1].replace('""', '"'), quoted.end()
    ends = [end for end in (text.find("\t", at), text.find("\n", at)) if end >= 0]
    end = min(ends, default=len(text))
    return text[at:end], end


def _formats() -> tuple[str | None, bytes | None]:
    """Return the text on the clipboard and the exact values; ``b""`` where these are there but not given."""
    import win32clipboard  # comes with xlwings on Windows, the only place where macros run

    for attempt in range(_TRIES):
        try:
            win32clipboard.OpenClipboard()
            break
        except Exception as error:  # another program looks at it
            if attempt == _TRIES - 1:
                raise Refusal("剪贴板正被其他程序占用。请稍等再点一次。") from error
            time.sleep(_PAUSE)
    try:
        kind = win32clipboard.RegisterClipboardFormat(EXACT_FORMAT)
        text, xml = _get(win32clipboard, win32clipboard.CF_UNICODETEXT), _get(win32clipboard, kind)
    finally:
        win32clipboard.CloseClipboard()
    return text if isinstance(text, str) else None, xml if isinstance(xml, bytes | None) else b""


def _get(clipboard: Any, kind: int) -> Any:
    """Return what is on the clipboard in a format; ``None`` where it is not there, ``b""`` where it is not given.

    Spreadsheets make a format only when it is asked for, and may fail to.
    """
    if not clipboard.IsClipboardFormatAvailable(kind):
        return None
    try:
        return clipboard.GetClipboardData(kind)
    except Exception:  # noqa: BLE001 - whatever pywin32 raises; another format may be there
        return b""
