"""What the functions of the worksheet calculate, on values as Excel hands them over.

Arrays come as lists of rows. A wrong argument gives a text that says what is wrong with it, for a cell can show a text
and only a text; nothing here raises.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import workbook
from workbook.excel import findings_sheet
from workbook.excel.reading.grid import value_of
from workbook.form.model import DECIMALS
from workbook.report import Unreadable, entries, plain
from workbook.report.findings import show
from workbook.report.notation import plain_number
from workbook.resources import editions
from xlplugin.picks import Unpicked, allowed
from xlplugin.read import file_report, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from workbook.report import Finding, Number, Report, Value

Grid = list[list[Any]]
NONE_FOUND = "没有问题"


class BadArgument(Exception):  # noqa: N818 - it becomes a text in a cell
    """An argument cannot be used; the text says why."""


def balance(received: Grid, brought_forward: Grid, concluded: Grid, carried_forward: Grid) -> Grid:
    """Return first plus second minus third minus fourth item, cell by cell; 0 where the rule holds.

    Args:
        received: 第一项, an array.
        brought_forward: 第二项, an array of the same shape.
        concluded: 第三项, likewise.
        carried_forward: 第四项, likewise.

    Raises:
        BadArgument: the shapes differ, or a cell holds no number. A blank counts as 0, as in the checks.
    """
    items = received, brought_forward, concluded, carried_forward
    shapes = [(len(item), len(item[0])) for item in items]
    if len(set(shapes)) > 1:
        raise BadArgument(f"四项的大小要相同，现在是 {'、'.join(f'{rows}行{columns}列' for rows, columns in shapes)}")
    cells = (zip(*rows, strict=True) for rows in zip(*items, strict=True))
    return [[_difference((first, second), (third, fourth)) for first, second, third, fourth in row] for row in cells]


def total_difference(total: Grid, parts: Grid) -> Grid:
    """Return total minus the sum of its parts; 0 where they agree.

    Args:
        total: one cell, for the sum of all parts; or as many rows (columns) as the parts, for sums by row (column).
        parts: an array.

    Raises:
        BadArgument: the shapes do not fit, or a cell holds no number.
    """
    rows, columns = len(parts), len(parts[0])
    if len(total) == len(total[0]) == 1:
        return [[_difference(total[0], [part for row in parts for part in row])]]
    if (len(total), len(total[0])) == (rows, 1):
        return [[_difference(cell, row)] for cell, row in zip(total, parts, strict=True)]
    if (len(total), len(total[0])) == (1, columns):
        return [[_difference([cell], part) for cell, part in zip(total[0], zip(*parts, strict=True), strict=True)]]
    raise BadArgument(f"合计是 {len(total)}行{len(total[0])}列，各部分是 {rows}行{columns}列，对不上")


def _difference(left: Iterable[Any], right: Iterable[Any]) -> int | float:
    difference = sum(map(_counted, left)) - sum(map(_counted, right))
    return plain(difference) if round(difference, DECIMALS) else 0


def _counted(raw: Any) -> Number:
    value = value_of("" if raw is None else plain_value(raw))
    if value is None:
        return 0
    if isinstance(value, str):
        how = "不是数" if plain_number(value) is None else "是文本格式的数字，先转换为数字"
        raise BadArgument(f"{show(value)}{how}")
    return value


def listing(findings: Sequence[Finding], edition: str, code: str | None) -> Grid:
    """Return the findings as the sheet 校验结果 lists them, with heads; of one code or group where given.

    Raises:
        BadArgument: there is no such code.
    """
    if code:
        known = {entry.code for edition in editions() for entry in entries(workbook.load_form(edition))}
        groups = {name.split(".")[0] for name in known}
        if code not in known | groups:
            raise BadArgument(f"没有代码“{code}”{_like(code, known | groups)}")
        findings = [item for item in findings if item.code == code or item.code.split(".")[0] == code]
    causes = findings_sheet.causes_of(findings, edition)
    rows = [["" if value is None else value for value in row] for row in findings_sheet.rows(causes)]
    return [list(findings_sheet.HEADS), *rows] if rows else [[NONE_FOUND]]


def value(report: Report, key: str) -> int | float | str:
    """Return a number cell of a report by its key; an empty text where it is blank.

    Raises:
        BadArgument: the form has no such cell.
    """
    if key not in report.cells:
        raise BadArgument(f"{report.edition} 版没有格子“{key}”{_like(key, report.cells)}")
    found: Value = report.cells[key]
    return "" if found is None else found if isinstance(found, str) else plain(found)


def report_file(file: str, own: Path | None) -> Report:
    """Return the report in a file.

    Args:
        file: what the cell says, a name beside the workbook; a formula too may be a stranger's.
        own: the file of the workbook; ``None`` where it has none.

    Raises:
        BadArgument: it may not be opened, or cannot be read as a report.
    """
    try:
        path = allowed(file, own)
    except Unpicked as refusal:
        raise BadArgument(f"“{refusal.file}”：{refusal}请把那份年报放到本工作簿的文件夹，只写文件名") from refusal
    try:
        return file_report(path)
    except OSError as error:
        raise BadArgument(f"打不开文件“{path}”") from error
    except Unreadable as refusal:
        raise BadArgument(refusal.findings[0].message()) from refusal


def rule(code: str) -> str:
    """Say a rule or a code in words, with its clause of law.

    Raises:
        BadArgument: there is no such code.
    """
    known = {entry.code: entry for edition in editions() for entry in entries(workbook.load_form(edition))}
    if code not in known:
        raise BadArgument(f"没有代码“{code}”{_like(code, known)}")
    words, clause = known[code].words["zh"], known[code].clause
    return f"{words['title']}：{words['explanation']}" + (f"（{clause}）" if clause else "")


def _like(word: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(known), 1, 0.5)
    return f"，是不是“{near[0]}”？" if near else ""
