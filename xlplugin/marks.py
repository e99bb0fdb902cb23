"""Shows findings in the open workbook, and takes every trace of them back.

What a marked cell looked like, and what it was made to look like, stands on a very hidden sheet, beside a formula
that refers to the cell: Excel keeps it pointing there when sheets are renamed or rows inserted. So the marks can be
taken off after the workbook was saved, closed and opened again, and what the user changed since is left alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from workbook.checks.waivers import key_of
from workbook.excel import findings_sheet
from workbook.excel.address import link_target
from workbook.report import Place
from workbook.report.limits import PARAGRAPH_LIMIT
from xlplugin.excel import Refusal, hide, one_page_wide
from xlplugin.looks import FORMATTED, THREADED, enlarge_note, fill_of, note_left, note_of, rgb
from xlplugin.transaction import literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xlwings import Range, Sheet

    from workbook.report.fold import Cause
    from xlplugin.excel import Desk
    from xlplugin.transaction import Transaction

MEMORY = "nianbao.marks"
"""The sheet that remembers."""

CHECKED, COMPARED = f"{findings_sheet.RESULTS}：", "核对结果："
"""What the title of the list begins with: findings of the report, or what a published file says otherwise."""
FIRST_ROW = 3
"""The first row of the list of findings, counted from 1."""

_TEXTS = (2, 3, 4, 8, 9, 10, 11)
"""Columns of the sheet of results that hold texts, whatever they begin with."""

_HEADS = ("格子", "原底色", "标记底色", "原批注", "标记批注")
_REASON_HEADS = ("代码", "位置", "说明")
_REASONS = len(_HEADS) + 2  # the column of the codes of accepted warnings, beside the marks
_REFERENCE = re.compile(r"='?(.+?)'?!\$?([A-Z]{1,3})\$?([0-9]+)")
_NOT_OURS = (
    f"已有一张「{findings_sheet.RESULTS}」表，不是这些按钮生成的（可能是你自己的表，或 nianbao mark 标好的副本）。"
    "请先把它改名；要重新校验的，请打开原来的工作簿。"
)


_FILLED, _LONG = "filled", "long"
_LEFT = {
    _FILLED: "{count} 格没有涂色（底色是图案、渐变等，涂了不能恢复原样）",
    THREADED: "{count} 格没有加批注（已有会话批注）",
    FORMATTED: "{count} 格没有加批注（原有的批注设了文字格式，改了不能恢复原样）",
    _LONG: "{count} 格没有加批注（原有的批注太长）",
}


@dataclass(frozen=True)
class Mark:
    """A marked cell: where it is, its fill and note before, and those that it was given; empty where none."""

    reference: str
    fill: str
    tint: str
    note: str
    text: str


class Done(NamedTuple):
    """How many cells were marked or are marked no more, and what to say of those that were left as they are."""

    cells: int
    words: str


def show(transaction: Transaction, causes: Sequence[Cause], title: str = "") -> Done:
    """Mark the faulty cells and list all mistakes; marks of an earlier check go.

    A cell whose fill or note could not be put back exactly keeps it, and is listed all the same. Without a ``title`` it
    is the verdict; one that begins with ``COMPARED`` makes it a list of differences, which takes no reasons.

    Raises:
        Refusal: the user has a sheet of the name that the list gets.
    """
    desk = transaction.desk
    if desk.has(findings_sheet.RESULTS) and not is_ours(desk):
        raise Refusal(_NOT_OURS)
    _restore(desk, transaction)
    left: dict[str, set[str]] = defaultdict(set)
    made = {
        mark: _mark_cell(desk, transaction, mark, left) for mark in findings_sheet.marks(causes) if desk.has(mark.sheet)
    }
    _remember(transaction.add_sheet(MEMORY), list(made.values()), causes)
    _write_results(desk, transaction, causes, title)
    parts = [words.format(count=len(left[why])) for why, words in _LEFT.items() if why in left]
    count = sum(bool(was.tint or was.text) for mark, was in made.items() if mark.tint != findings_sheet.RING)
    return Done(count, f"其中 {'，'.join(parts)}，都照常列出。" if parts else "")


def clear(transaction: Transaction) -> Done:
    """Make every marked cell look as it did, and drop what the marks needed."""
    desk = transaction.desk
    done = _restore(desk, transaction)
    if is_ours(desk):
        transaction.delete_sheet(desk.book.sheets[findings_sheet.RESULTS])
    transaction.delete_sheet(desk.book.sheets[MEMORY])
    return done


def is_ours(desk: Desk) -> bool:
    """Return whether there is a list of findings that was laid here, and not a sheet that the user made."""
    if not (desk.has(MEMORY) and desk.has(findings_sheet.RESULTS)):
        return False
    sheet = desk.book.sheets[findings_sheet.RESULTS]
    heads = sheet.range((2, 1), (2, findings_sheet.REASON)).value  # beyond which the lists of older versions had none
    return (
        str(sheet.range("A1").value).startswith((CHECKED, COMPARED))
        and tuple(heads) == findings_sheet.HEADS[: findings_sheet.REASON]
    )


def is_comparison(desk: Desk) -> bool:
    """Return whether the list that was laid here says what a published file says otherwise."""
    return is_ours(desk) and str(desk.book.sheets[findings_sheet.RESULTS].range("A1").value).startswith(COMPARED)


def laid(desk: Desk) -> dict[tuple[str, str], str]:
    """Return the reasons that the list of findings showed when it was laid, by code and place of the findings."""
    sheet = desk.book.sheets[MEMORY]
    last = sheet.used_range.last_cell.row
    area = sheet.range((1, _REASONS), (last, _REASONS + len(_REASON_HEADS) - 1))
    rows = area.options(ndim=2, empty="").value[1:]
    return {key_of(str(code), str(at)): str(reason) for code, at, reason in rows if code}


def _mark_cell(desk: Desk, transaction: Transaction, item: findings_sheet.Mark, left: dict[str, set[str]]) -> Mark:
    """Mark a cell; what could not be put back is left as it is, and the cell noted by the reason."""
    cell = desk.book.sheets[item.sheet].range(item.address).merge_area[0]
    here = link_target(Place(item.sheet, cell.get_address(row_absolute=False, column_absolute=False)))
    before, fill, tint, text = note_of(cell) or "", fill_of(cell), "", ""
    if fill is None:
        left[_FILLED].add(here)
    else:
        tint = item.tint
        transaction.set_fill(cell, tint)
    if item.text:
        whole = "\n\n".join(filter(None, (before, item.text)))
        why = note_left(cell) or (_LONG if len(whole) > PARAGRAPH_LIMIT else None)  # which a cell must remember
        if why:
            left[why].add(here)
        else:
            text = whole
            transaction.set_comment(cell, text)
            if not before:
                enlarge_note(cell)
    return Mark(f"={here}", fill or "", tint, before, text)


def _restore(desk: Desk, transaction: Transaction) -> Done:
    """Give the marked cells their looks back; what the user changed since stays."""
    count = left = 0
    for was in reversed(list(_remembered(desk))):  # merged cells are marked several times over
        cell = _pointed_at(desk, was.reference)
        if cell is None:  # its sheet, row or column was deleted, and the mark with it
            continue
        if was.tint and fill_of(cell) == was.tint:
            transaction.set_fill(cell, was.fill)
        if was.text:
            left += not _took_note(transaction, cell, was)
        count += bool(was.tint or was.text) and was.tint != findings_sheet.RING
    kept = f"有 {left} 格的批注在标记之后改了格式或成了会话批注，没有动，请自行删去标记的文字。"
    return Done(count, kept if left else "")


def _took_note(transaction: Transaction, cell: Range, was: Mark) -> bool:
    """Take the mark out of the note of a cell; return whether that harms nothing of the user's."""
    now, why = note_of(cell) or "", note_left(cell)
    added = was.text.removeprefix(was.note).strip()
    if added not in now:
        return True
    kept = was.note if now == was.text else now.replace(added, "").strip()
    if why == THREADED or (why and kept):
        return False
    transaction.set_comment(cell, kept or None)
    return True


def _pointed_at(desk: Desk, reference: str) -> Range | None:
    match = _REFERENCE.fullmatch(reference)
    name = match[1].replace("''", "'") if match else ""
    return desk.book.sheets[name].range(f"{match[2]}{match[3]}") if match and desk.has(name) else None


def _remembered(desk: Desk) -> Iterator[Mark]:
    if not desk.has(MEMORY):
        return
    sheet = desk.book.sheets[MEMORY]
    for row in range(2, sheet.used_range.last_cell.row + 1):
        reference = sheet.range((row, 1)).formula
        if reference:
            others = sheet.range((row, 2), (row, len(_HEADS))).options(ndim=1, empty="").value
            yield Mark(str(reference), *(str(value) for value in others))


def _remember(sheet: Sheet, made: Sequence[Mark], causes: Sequence[Cause]) -> None:
    accepted = [finding for cause in causes for finding in cause.findings if finding["waived"]]
    reasons = [(item["code"], findings_sheet.accepted_at(item), item["waived"]["reason"]) for item in accepted]
    rows = max(len(made), len(reasons)) + 1
    sheet.range((1, 2), (rows, _REASONS + len(_REASON_HEADS) - 1)).number_format = "@"
    _block(sheet, 1, 1, [_HEADS])
    _block(sheet, 1, _REASONS, [_REASON_HEADS])
    for row, was in enumerate(made, 2):
        sheet.range((row, 1)).formula = was.reference
        _texts(sheet, row, 2, astuple(was)[1:])
    for row, reason in enumerate(reasons, 2):
        _texts(sheet, row, _REASONS, reason)
    hide(sheet)


def _texts(sheet: Sheet, row: int, column: int, texts: Sequence[str]) -> None:
    """Write texts beside each other, one by one: Excel refuses long texts in a block."""
    for across, text in enumerate(texts, column):
        if text:
            cell = sheet.range((row, across))
            cell.value = literal(cell, text)


def _write_results(desk: Desk, transaction: Transaction, causes: Sequence[Cause], title: str) -> None:
    sheet = transaction.add_sheet(findings_sheet.RESULTS)
    for column, width in enumerate(findings_sheet.WIDTHS, 1):
        sheet.range((1, column)).column_width = width
    bad = any(cause.status == "error" for cause in causes)
    sheet.range("A1").value = title or f"{CHECKED}{findings_sheet.verdict(causes)}"
    sheet.range("A1").font.bold, sheet.range("A1").font.size = True, 14
    sheet.range("A1").font.color = rgb(findings_sheet.BAD if bad else findings_sheet.GOOD)
    heads = _block(sheet, 2, 1, [findings_sheet.HEADS])
    heads.font.bold, heads.color = True, rgb(findings_sheet.HEAD_TINT)
    if causes:
        last = FIRST_ROW + len(causes) - 1
        for column in _TEXTS:
            sheet.range((FIRST_ROW, column + 1), (last, column + 1)).number_format = "@"
        without = [
            (*row[: findings_sheet.REASON], None, *row[findings_sheet.REASON + 1 :])
            for row in findings_sheet.rows(causes)
        ]
        table = _block(sheet, FIRST_ROW, 1, without)
        if not title:
            _reasons(sheet, causes)
        _dress(sheet, table)
        _links(desk, sheet, causes)


def _dress(sheet: Sheet, table: Range) -> None:
    whole = sheet.range((2, 1), table.last_cell)
    whole.wrap_text, whole.vertical_alignment = True, "center"
    whole.borders.set("all", line_style="continuous")
    whole.rows.autofit()
    one_page_wide(sheet)


def _reasons(sheet: Sheet, causes: Sequence[Cause]) -> None:
    """Show why warnings were accepted, and where a reason may be typed."""
    for row, cause in enumerate(causes, FIRST_ROW):
        if cause.first["waived"]:
            _texts(sheet, row, findings_sheet.REASON + 1, [cause.first["waived"]["reason"]])
        if cause.first["level"] == "warning":
            sheet.range((row, findings_sheet.REASON + 1)).color = rgb(findings_sheet.OPEN)


def _links(desk: Desk, sheet: Sheet, causes: Sequence[Cause]) -> None:
    for row, cause in enumerate(causes, FIRST_ROW):
        sheet.range((row, findings_sheet.LEVEL + 1)).color = rgb(findings_sheet.tint(cause))
        place = findings_sheet.place_of(cause)
        if place and desk.has(place.sheet):
            cell = sheet.range((row, findings_sheet.LINK + 1))
            cell.add_hyperlink(f"#{link_target(place)}", place.address, "转到这一格")


def _block(sheet: Sheet, row: int, column: int, values: Sequence[Sequence[Any]]) -> Range:
    """Write rows of values, and return their range."""
    area = sheet.range((row, column), (row + len(values) - 1, column + len(values[0]) - 1))
    area.value = [list(line) for line in values]
    return area
