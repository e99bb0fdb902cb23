"""Pastes values alone into the open workbook, and says what was passed over and what may not be exact."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.form.model import PROMPT
from workbook.report import Unreadable, plain
from workbook.report.notation import plain_number
from xlplugin.excel import is_formula, is_own, locked
from xlplugin.read import live_report
from xlplugin.xml_spreadsheet import ErrorValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xlwings import Range

    from xlplugin.clipboard import Copied, CopiedCell
    from xlplugin.excel import Desk
    from xlplugin.transaction import Transaction

_TEXT = "@"
_DIGITS = 16  # of a number that a cell holds exactly, with its point


@dataclass
class Pasted:
    """What became of the copied cells."""

    filled: int = 0
    fixed: int = 0
    """Passed over because the cell may not be changed."""
    odd: int = 0
    """Number cells filled with what is no number."""
    rough: int = 0
    """Cells of money that were filled with fewer decimals than they may have, from what was shown."""
    dates: int = 0
    """Passed over because the cell takes a number, and a date would become one."""
    errors: list[str] = field(default_factory=list)
    """Passed over because nothing was calculated."""


@dataclass
class Planned:
    """What is to be pasted: cells with their values, how many hold something else, and what is passed over."""

    cells: list[tuple[Range, Any]]
    over: int
    done: Pasted


def planned(desk: Desk, copied: Copied) -> Planned:
    """Return what pasting the values of what was copied at the active cell comes to; nothing is written.

    Cells that may not be changed are passed over. A blank cell leaves the one below it as it is.

    Raises:
        Refusal: something else than cells is shown.
    """
    done = Pasted()
    decimals = {} if copied.exact else _decimals(desk)
    sheet, corner = desk.book.sheets.active, desk.corner
    protected = desk.protected(sheet)
    chosen: list[tuple[Range, Any]] = []
    over = 0
    for (down, across), one in _filled(copied):
        cell = sheet.range((corner.row + down, corner.column + across))
        if not is_own(cell) or (protected and locked(cell)) or is_formula(cell):
            done.fixed += 1
        elif isinstance(one.value, ErrorValue):
            done.errors.append(one.value)
        elif isinstance(one.value, dt.datetime) and cell.number_format != _TEXT:
            done.dates += 1
        else:
            words = cell.number_format == _TEXT
            value = _words(one) if words else _number(one.value)
            done.odd += not words and isinstance(value, str | bool)
            done.rough += not isinstance(value, str) and _places(one) < decimals.get(
                a1(cell.row - 1, cell.column - 1), 0
            )
            over += cell.value not in {None, "", value} and PROMPT not in str(cell.value)
            chosen.append((cell, value))
    done.filled = len(chosen)
    return Planned(chosen, over, done)


def paste(transaction: Transaction, plan: Planned) -> Pasted:
    """Paste what was planned, and return what became of it."""
    for cell, value in plan.cells:
        transaction.set_value(cell, value)
    return plan.done


def _filled(copied: Copied) -> Iterator[tuple[tuple[int, int], CopiedCell]]:
    for down, row in enumerate(copied.rows):
        yield from (((down, across), cell) for across, cell in enumerate(row) if cell is not None)


def _decimals(desk: Desk) -> Mapping[str, int]:
    """Return how many decimals the number cells of the active sheet may have, by their addresses."""
    try:
        report = live_report(desk.book)
    except Unreadable:  # it can be pasted into all the same
        return {}
    here, cells = desk.book.sheets.active.name, report.form.cells
    return {
        place.address: cells[key].kind.decimals
        for key, place in report.places.items()
        if key in cells and place.sheet == here
    }


def _places(cell: CopiedCell) -> int:
    """Return how many decimals are shown."""
    return len(unicodedata.normalize("NFKC", cell.shown or "").strip().partition(".")[2])


def _number(value: Any) -> Any:
    """Return what is pasted where numbers are taken: a number where one is written, else what was copied."""
    if not isinstance(value, str):
        return value
    written = value.strip()
    number = plain_number(written) if len(written) <= _DIGITS else None
    return written if number is None else plain(number)


def _words(cell: CopiedCell) -> str:
    """Return what is pasted where texts are taken: of a number what is shown, which may begin with zeros."""
    value, shown = cell.value, (cell.shown or "").strip()
    if isinstance(value, str):
        return value.strip()
    if shown.strip("#"):
        return shown
    if isinstance(value, dt.datetime):
        return str(value.date() if value.time() == dt.time() else value)
    return str(value).upper() if isinstance(value, bool) else f"{value:.15g}"


def told(copied: Copied, done: Pasted) -> str:
    """Return what is said of it."""
    skipped = f"，跳过 {done.fixed} 格不能改动的格子（合计、表头等）" if done.fixed else ""
    words = [f"已粘贴 {done.filled} 格的值{skipped}。"]
    if done.odd:
        words.append(f"其中 {done.odd} 格是文字不是数，请核对。")
    if done.errors:
        kinds = "、".join(dict.fromkeys(done.errors))
        words.append(f"来源有 {len(done.errors)} 格是错误值（{kinds}），没有粘贴。请在来源改好，再复制一次。")
    if done.dates:
        words.append(f"来源有 {done.dates} 格是日期，没有粘贴：这里应填数，日期会变成另一个数。")
    if any(copied.hidden):
        words.append(f"来源里隐藏的 {_lines(*copied.hidden)}也粘贴了，请核对。")
    if any(copied.left_out):
        words.append(f"来源里隐藏的 {_lines(*copied.left_out)}没有复制过来。")
    if copied.announced and not copied.exact:
        words.append("没能取到来源的精确值，粘贴的是来源显示的样子。")
    if done.rough:
        rough = "按来源显示的样子取数，小数少于可填的位数，可能已四舍五入，请对照来源核对。"
        words.append(f"有 {done.rough} 格金额{rough}")
    return "".join([*words, "格式、锁定和填写要求都没有变。"])


def _lines(rows: int, columns: int) -> str:
    return "、".join(f"{count} {name}" for count, name in ((rows, "行"), (columns, "列")) if count)
