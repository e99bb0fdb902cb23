"""The tables of a report with the numbers of two years, one below the other, to be put behind it."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.checks.convert import convert_edition
from workbook.form import Label, PrintedTable, load_form, printed_sections
from workbook.match.appendix import heading
from workbook.publish.blocks import Appendix, TableBlock, shown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.publish.blocks import Block
    from workbook.report import Report, Value

LAST = "@last"
"""Behind the key of a cell: its number of last year."""
_NONE = "—"
_CORNER = "年度"


def two_years(report: Report, previous: Report) -> Iterator[Block]:
    """Yield the tables of a report, each line with a line of last year's numbers below it; and their heading.

    A number that last year's report has not, because it is of another edition or the cell is blank, is 「—」.
    """
    years = _years(report, previous)
    numbers = numbers_of(report, previous)
    lacking = _NONE in numbers.values() or previous.edition != report.edition
    yield Appendix(heading(f"{years[0]}与{years[1]}数据对照"), _note(report, previous, years[1]) if lacking else "")
    for section in printed_sections(report.edition):
        for table in section.tables:
            both = _doubled(table, years)
            yield TableBlock(f"{table.table.key}-years", both, {key: shown(numbers[key]) for key in both.cells})


def numbers_of(report: Report, previous: Report) -> Mapping[str, Value]:
    """Return the numbers of these tables by the keys of their cells; 「—」 where there is none."""
    last = convert_edition(previous, report.edition).report.cells
    return {**report.cells, **{f"{key}{LAST}": _NONE if last[key] is None else last[key] for key in report.cells}}


def _years(report: Report, previous: Report) -> tuple[str, str]:
    """Return how the two years are called."""
    if report.year is None or previous.year in {None, report.year}:
        return "本年", "上年"
    return f"{report.year}年", f"{previous.year}年"


def _note(report: Report, previous: Report, last: str) -> str:
    """Return what is said of numbers that are not there; no sentence, for readers tell those of strangers."""
    about = f"{_NONE}：{last}的报告没有这个数"
    if previous.edition == report.edition:
        return about
    return f"{about}（它的格式是{load_form(previous.edition).authority}的，只列两年都有的项目）"


def _doubled(table: PrintedTable, years: tuple[str, str]) -> PrintedTable:
    """Return a table with each of its lines twice, under each other, and a column that says of which year each is."""
    top = min(label.top for label in table.labels if label.role != "title")
    first = min(row for row, _ in table.cells.values())
    left = min(column for _, column in table.cells.values())
    labels = [_moved(label, first, left) for label in table.labels if label.role != "title"]
    right = max(label.right for label in labels)
    title = f"{table.table.title}（{'、'.join(years)}）"
    labels.append(Label(title, top - 1, 0, top - 1, right, "title"))
    labels.append(Label(_CORNER, top, left, first - 1, left, "head"))
    for row in range(first, table.last_row + 1):
        labels += [Label(year, at, left, at, left, "year") for at, year in enumerate(years, first + 2 * (row - first))]
    cells: dict[str, tuple[int, int]] = {}
    wide: dict[str, int] = {}
    for key, (row, column) in table.cells.items():
        for at, ending in enumerate(("", LAST)):
            cells[f"{key}{ending}"] = first + 2 * (row - first) + at, column + 1
            if key in table.wide:
                wide[f"{key}{ending}"] = table.wide[key] + 1
    last = first + 2 * (table.last_row - first) + 1
    own = replace(table.table, title=title)
    return PrintedTable(own, tuple(labels), MappingProxyType(cells), MappingProxyType(wide), last)


def _moved(label: Label, first: int, left: int) -> Label:
    """Return a label where it stands in the table of two years; one of lines covers twice as many."""
    top, bottom = label.top, label.bottom
    if label.role == "line":
        top, bottom = first + 2 * (top - first), first + 2 * (bottom - first) + 1
    right = label.right + (label.right >= left)
    return replace(label, top=top, bottom=bottom, left=label.left + (label.left >= left), right=right)
