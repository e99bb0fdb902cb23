"""Where everything stands in the workbook, worked out from the form: the plan that template, reader and marks share.

Rows and columns count from 0, as in python-calamine and XlsxWriter.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import groupby
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from workbook.form import QUESTIONS, FormError, load_form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from workbook.form import Equation, Form, Section, Table

GUIDE, COVER, CHECKS = "填报说明", "封面", "校验"
TEMPLATE_VERSION = "1"

VERDICT_ROW, TITLE_ROW, FIRST_ROW = 0, 1, 2
"""On a sheet of tables: the verdict (not printed), the section's heading, the first table."""

COVER_FIRST_ROW, COVER_LABELS, COVER_ANSWERS = 7, 1, 2
"""On the cover: the first question, the column of questions, the column of answers."""

EDITION_LABEL, TEMPLATE_LABEL = "表格版式", "模板版本"

CHECKS_FIRST_ROW = 11
"""On the sheet of checks: the first line of the list."""

SHEET, ITEM, WANTED, LEFT, RIGHT, DIFFERENCE, RESULT, LINK, KEY = range(1, 10)
"""On the sheet of checks: the columns of the list, after that of the kind."""

WAIVER_COLUMNS = ("代码", "位置", "说明", "说明人", "日期")
WAIVERS_HEADING = "提示说明"
WAIVER_ROWS = 10
WAIVER_SPANS = ((0, 1), (2, 2), (3, 6), (7, 7), (8, 9))
"""First and last column of each column of waivers."""

Spot = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label and the cells it covers."""

    text: str
    top: int
    left: int
    bottom: int
    right: int
    role: Literal["title", "head", "corner", "line"]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table on its sheet. ``wide`` gives the last column of number cells that are printed across several."""

    table: Table
    sheet: str
    labels: tuple[Label, ...]
    cells: Mapping[str, Spot]
    wide: Mapping[str, int]
    last_row: int


@dataclass(frozen=True, slots=True)
class SheetPlan:
    """A sheet of tables; ``width`` is the number of printed columns, ``label_columns`` those that hold labels."""

    section: Section
    tables: tuple[TablePlan, ...]
    width: int
    label_columns: int

    @property
    def name(self) -> str:
        """The name of the sheet."""
        return self.section.sheet

    @property
    def last_row(self) -> int:
        """The last printed row."""
        return self.tables[-1].last_row


@dataclass(frozen=True)
class Plan:
    """The whole workbook of an edition."""

    form: Form
    sheets: tuple[SheetPlan, ...]
    text_sheet: str
    checks: Mapping[tuple[str, str], int]
    """Row on the sheet of checks of each (code, place); the code of a number cell is ``cell``."""

    @property
    def tables(self) -> Iterator[TablePlan]:
        """The tables in the order of the form."""
        return (table for sheet in self.sheets for table in sheet.tables)

    @property
    def waivers_row(self) -> int:
        """The row on the sheet of checks that heads the accepted warnings."""
        return CHECKS_FIRST_ROW + len(self.checks) + 1


def a1(row: int, column: int) -> str:
    """Return the address of a cell.

    >>> a1(5, 3), a1(0, 27)
    ('D6', 'AB1')
    """
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(65 + digit) + letters
    return f"{letters}{row + 1}"


def column(letters: str) -> int:
    """Return the number of a column.

    >>> column("A"), column("AB")
    (0, 27)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def spot(address: str) -> Spot:
    """Return row and column of an address; the other way round from ``a1``.

    >>> spot("D6"), spot("AB1")
    ((5, 3), (0, 27))
    """
    letters = address.rstrip("0123456789")
    return int(address[len(letters) :]) - 1, column(letters)


@cache
def plan_of(edition: str) -> Plan:
    """Return the plan of the workbook of an edition."""
    form = load_form(edition)
    sheets = []
    for section in form.sections:
        tables = [table for table in form.tables if table.section == section.number]
        if tables:
            sheets.append(_sheet(section, tables))
    text_sheet = next(section.sheet for _, section in form.narratives())
    _verify_names(form)
    places = [(equation.code, equation.at.key) for equation in form.equations()]
    places += [("cell", key) for key in form.cells]
    places += [(f"body.{field.key}", field.key) for field in form.fields if field.key in QUESTIONS]
    places += [("body.choice", field.key) for field in form.more_fields if field.choices]
    places += [("file.edition_for_year", "year")]
    places += [("text.blank", key) for key, _ in form.narratives()]
    rows = MappingProxyType({place: CHECKS_FIRST_ROW + index for index, place in enumerate(places)})
    return Plan(form, tuple(sheets), text_sheet, rows)


def _verify_names(form: Form) -> None:
    """Refuse a form that gives a sheet or a question the name of one that every workbook has."""
    where = f"schema/{form.edition}/form.toml"
    for section in form.sections:
        if section.sheet in {GUIDE, COVER, CHECKS}:
            raise FormError(f"{where}, section {section.number}: the workbook has a sheet {section.sheet!r} already")
    for field in form.fields:
        if field.label in {EDITION_LABEL, TEMPLATE_LABEL, WAIVERS_HEADING}:
            raise FormError(f"{where}, field {field.key}: the cover has a line {field.label!r} already")


def equation_row(plan: Plan, equation: Equation) -> int:
    """Return the row on the sheet of checks that shows an equation."""
    return plan.checks[equation.code, equation.at.key]


def cover_rows(form: Form) -> dict[str, int]:
    """Return the row of each line of the cover: the questions, edition, version of the template, number of waivers."""
    keys = [*(field.key for field in form.fields), "edition", "template", "waivers"]
    return {key: COVER_FIRST_ROW + index for index, key in enumerate(keys)}


def _sheet(section: Section, tables: Sequence[Table]) -> SheetPlan:
    label_columns = max(_depth(table.rows) if table.shape == "rows" else 0 for table in tables)
    values = max(len(table.columns) * (len(table.rows) if table.shape == "line" else 1) for table in tables)
    plans: list[TablePlan] = []
    top = FIRST_ROW
    for table in tables:
        make = _line_plan if table.shape == "line" else _rows_plan
        plans.append(make(table, section.sheet, top, label_columns, values, titled=len(tables) > 1))
        top = plans[-1].last_row + 1
    return SheetPlan(section, tuple(plans), label_columns + values, label_columns)


def _rows_plan(table: Table, sheet: str, top: int, left: int, values: int, *, titled: bool) -> TablePlan:
    """Plan a table of rows: title or banner, heads of one line or more, labels on the left."""
    labels = []
    right = left + values - 1
    ends = [left + index for index in range(len(table.columns))]
    ends[-1] = right  # a table with fewer columns than its neighbours spreads its last one
    if titled:
        labels.append(Label(table.title, top, 0, top, right, "title"))
        top += 1
    heads, banner = _depth(table.columns), 1 if table.corner else 0
    if banner:
        labels.append(Label(table.corner, top, 0, top + heads, left - 1, "corner"))
        labels.append(Label(table.head, top, left, top, right, "head"))
    else:
        labels.append(Label(table.head, top, 0, top + heads - 1, left - 1, "head"))
    top += banner
    for text, first, last, level, deepest in _tree([(*line.under, line.label) for line in table.columns]):
        labels.append(Label(text, top + level, left + first, top + deepest, ends[last], "head"))
    top += heads
    for text, first, last, level, deepest in _tree([(*line.under, line.label) for line in table.rows], left):
        labels.append(Label(text, top + first, level, top + last, deepest, "line"))
    cells = {
        f"{table.key}.{row.key}.{column.key}": (top + down, left + across)
        for down, row in enumerate(table.rows)
        for across, column in enumerate(table.columns)
    }
    spread = f".{table.columns[-1].key}"
    wide = {key: right for key, (_, column) in cells.items() if key.endswith(spread) and column != right}
    return _plan(table, sheet, labels, cells, wide, top + len(table.rows) - 1)


def _line_plan(table: Table, sheet: str, top: int, _left: int, values: int, *, titled: bool) -> TablePlan:
    """Plan a table printed as one line of numbers under heads of several lines."""
    labels = []
    if titled:
        labels.append(Label(table.title, top, 0, top, values - 1, "title"))
        top += 1
    paths = [(*row.under, row.label, column.label) for row in table.rows for column in table.columns]
    for text, first, last, level, deepest in _tree(paths):
        labels.append(Label(text, top + level, first, top + deepest, last, "head"))
    row = top + max(map(len, paths))
    keys = [f"{table.key}.{line.key}.{column.key}" for line in table.rows for column in table.columns]
    return _plan(table, sheet, labels, {key: (row, index) for index, key in enumerate(keys)}, {}, row)


def _plan(
    table: Table, sheet: str, labels: list[Label], cells: dict[str, Spot], wide: dict[str, int], last: int
) -> TablePlan:
    return TablePlan(table, sheet, tuple(labels), MappingProxyType(cells), MappingProxyType(wide), last)


def _depth(lines: Iterable[object]) -> int:
    return max(len(getattr(line, "under", ())) + 1 for line in lines)


def _tree(paths: Sequence[tuple[str, ...]], depth: int = 0) -> Iterator[tuple[str, int, int, int, int]]:
    """Yield label, first and last line, first and last level of every node; a leaf reaches the deepest level."""
    depth = max(depth, *map(len, paths))
    for level in range(depth):
        for path, lines in groupby(range(len(paths)), key=lambda index: paths[index][: level + 1]):
            covered = list(lines)
            if len(path) > level:
                leaf = len(paths[covered[0]]) == level + 1
                yield path[level], covered[0], covered[-1], level, depth - 1 if leaf else level
