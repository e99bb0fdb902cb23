"""Puts numbers and texts into the open workbook: last year's, zeros, those of a JSON document."""

from __future__ import annotations

from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from workbook.excel.layout import CHECKS, WAIVER_ROWS, WAIVER_SPANS, all_text_sheets, plan_of, text_name
from workbook.excel.reading.grid import at
from workbook.report import plain
from workbook.report.limits import PARAGRAPH_LIMIT
from workbook.report.values import squeezed
from xlplugin.excel import Refusal, is_formula, is_own, locked
from xlplugin.picks import allowed, is_name, pick
from xlplugin.read import ExcelWorkbook

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from xlwings import Sheet

    from workbook.report import Report, Value
    from xlplugin.excel import Desk
    from xlplugin.transaction import Transaction

PREVIOUS = "nianbao.previous"
"""The workbook's name that holds the file of last year's report."""

FORGOTTEN = "这份报告的位置没能记住，校验时不会对照。请把它放到本工作簿的文件夹，再载入一次。"
"""What is said where ``remember`` could not."""

_NAME_LIMIT = 240  # characters that a name can hold as a text
_NOTE = 2  # the column of the notes beside the headings of the text parts
_MOST_ROWS = 1_000  # of one text part


def zeros(transaction: Transaction, report: Report) -> int:
    """Put 0 into the blank number cells that are to be filled by hand; return how many."""
    blank = [key for key, value in report.cells.items() if value is None and key not in report.form.calculated]
    return put_numbers(transaction, report, dict.fromkeys(blank, 0))


def put_numbers(transaction: Transaction, shown: Report, numbers: Mapping[str, Value]) -> int:
    """Put numbers into cells by their keys, formulas excepted; return how many cells were changed.

    What is not a number is put as the text that it is, for the check to tell.
    """
    count = 0
    for key, number in numbers.items():
        if shown.cells[key] != number:
            count += _put(
                transaction, shown, key, number if number is None or isinstance(number, str) else plain(number)
            )
    return count


def _put(transaction: Transaction, shown: Report, key: str, value: Any) -> int:
    place = shown.places[key]
    cell = transaction.desk.sheet(place.sheet).range(place.address)
    if is_formula(cell) or not is_own(cell):
        return 0
    transaction.set_value(cell, value)
    return 1


def remember(transaction: Transaction, path: Path) -> bool:
    """Keep the file of last year's report with the workbook, by its name alone where it lies beside it.

    One that lies elsewhere is noted in the user's own settings too: without that, a workbook has no file opened.
    Return whether the file will be found again.
    """
    own = transaction.desk.path
    beside = own is not None and own.parent == path.parent and is_name(path.name)
    text = path.name if beside else str(path)
    if len(text) > _NAME_LIMIT or not (beside or pick(path)):
        return False
    quoted = text.replace('"', '""')
    transaction.define_name(PREVIOUS, f'="{quoted}"')
    return True


def remembered(desk: Desk) -> Path | None:
    """Return the file of last year's report that the workbook remembers; ``None`` where it remembers none.

    Raises:
        Unpicked: it may not have that file opened.
    """
    names = desk.book.names
    if PREVIOUS not in names:
        return None
    text = str(names[PREVIOUS].refers_to).removeprefix('="').removesuffix('"').replace('""', '"')
    return allowed(text, desk.path)


def filled(shown: Report) -> int:
    """Return how many answers, numbers and texts a report holds that a person put there; prompts are nobody's."""
    numbers = [value for key, value in shown.cells.items() if key not in shown.form.calculated]
    prompts = {key: "\n".join(section.skeleton) for key, section in shown.form.narratives()}
    texts = [text for key, text in shown.narrative.items() if text != prompts.get(key)]
    answers = [*_answers(shown).values(), *numbers, *texts]
    return sum(answer is not None for answer in answers) + len(shown.waivers)


def put_report(transaction: Transaction, report: Report, shown: Report) -> int:
    """Fill the open workbook with a report; ``shown`` is what it holds now. Return how many cells were changed."""
    numbers = {key: value for key, value in report.cells.items() if key not in report.form.calculated}
    count = (
        put_numbers(transaction, shown, numbers)
        + put_cover(transaction, report, shown)
        + _put_texts(transaction, report, shown)
    )
    return count + (put_waivers(transaction, report) if report.waivers != shown.waivers else 0)


def put_cover(transaction: Transaction, report: Report, shown: Report) -> int:
    """Put the answers of the cover; return how many cells were changed."""
    was = _answers(shown)
    return sum(_put(transaction, shown, key, value) for key, value in _answers(report).items() if value != was[key])


def _answers(report: Report) -> dict[str, Any]:
    """Return the answers of the cover as they stand there, by the keys of their questions."""
    given = {field.key: report.body.answer(field.key) for field in report.form.fields}
    shown = {field.key: field.choices.get(given[field.key] or "", given[field.key]) for field in report.form.fields}
    return {**shown, "year": report.year}


def text_rows(desk: Desk, report: Report) -> Iterator[tuple[str, str, int]]:
    """Yield the texts that have a sheet to themselves: key, sheet, and the row below the heading, counted from 1."""
    headings = {squeezed(section.heading): key for key, section in report.form.text_sections()}
    open_book = ExcelWorkbook(desk.book)
    for name in open_book.names:
        for row, values in enumerate(open_book.grid(name) if name in all_text_sheets() else (), 1):
            key = headings.get(squeezed(values[0]))
            if key and at([values], 0, _NOTE):  # the note beside a heading tells it from a paragraph of the same words
                yield key, name, row + 1


def _put_texts(transaction: Transaction, report: Report, shown: Report) -> int:
    desk, count = transaction.desk, 0
    for key, name, row in list(text_rows(desk, report)):
        text = report.narrative[key]
        count += _put_paragraphs(transaction, desk.sheet(name), row, text.split("\n") if text else [])
    return count + _put_besides(transaction, report, shown)


def _put_besides(transaction: Transaction, report: Report, shown: Report) -> int:
    """Put the texts beside tables into their cells, which a workbook of the first template has not."""
    count = 0
    for key, section in report.form.narratives():
        text = report.narrative[key]
        if key in report.form.required_texts or text == shown.narrative[key]:
            continue
        if text_name(key) not in shown.places:
            raise Refusal(
                f"当前工作簿是旧模板，没有地方放“{section.heading}”的文字。请用“新建年报”打开新模板，再导入。"
            )
        count += _put(transaction, shown, text_name(key), text)
    return count


def _put_paragraphs(transaction: Transaction, sheet: Sheet, first: int, paragraphs: Sequence[str]) -> int:
    """Put paragraphs into the unlocked rows from ``first`` on; what has no row of its own goes into the last one."""
    room = next((index for index in range(_MOST_ROWS) if locked(sheet.range((first + index, 1)))), _MOST_ROWS)
    lines = list(paragraphs[:room])
    if lines and len(paragraphs) > room:
        lines[-1] = "\n".join(paragraphs[room - 1 :])
    if (paragraphs and not room) or any(len(line) > PARAGRAPH_LIMIT for line in lines):
        raise Refusal(f"「{sheet.name}」的行不够放下全部段落。请先在该表插入一些行，再导入一次。")
    changed = 0
    for index in range(room):
        cell, line = sheet.range((first + index, 1)), lines[index] if index < len(lines) else None
        if (cell.value or None) != line:
            transaction.set_value(cell, line)
            changed += 1
    return changed


def put_waivers(transaction: Transaction, report: Report) -> int:
    """Put the accepted warnings into their table, in place of those that stand there."""
    sheet, first = transaction.desk.sheet(CHECKS), plan_of(report.edition).waivers_row + 3
    rows = max(len(report.waivers), WAIVER_ROWS, sheet.used_range.last_cell.row - first + 1)
    changed = 0
    for index in range(rows):
        values = astuple(report.waivers[index]) if index < len(report.waivers) else (None,) * len(WAIVER_SPANS)
        for (column, _), value in zip(WAIVER_SPANS, values, strict=True):
            cell = sheet.range((first + index, column + 1))
            if (cell.value or None) != (value or None):
                transaction.set_value(cell, value or None)
                changed += 1
    return changed
