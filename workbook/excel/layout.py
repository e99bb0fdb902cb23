"""Where everything stands in the workbook, worked out from the form: the plan that template, reader and marks share.

Rows and columns count from 0, as in python-calamine and XlsxWriter.
"""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.definition import FormError
from workbook.excel.address import Spot
from workbook.form import QUESTIONS, load_form, printed_sections
from workbook.records import dataclass
from workbook.report.limits import TEMPLATE_VERSIONS
from workbook.resources import editions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.form import Equation, Form, Label, PrintedSection, PrintedTable, Section, Table

GUIDE, COVER, CHECKS = "填报说明", "封面", "校验"
DIFFERENCES, UNITS, DATA = "差异", "单位", "数据"
"""The sheets behind the report in the workbook of a roll-up, which hold no report."""
ROLLUP_NAMES = {"rollup.differences": DIFFERENCES, "rollup.units": UNITS, "rollup.data": DATA}
"""The names that the workbook of a roll-up gives to the first cells of these: any workbook may have a sheet 单位."""
AT_LEAST = "≥ "
"""What stands before a sum there that may be larger; it is of the format, the cell holds the number."""
TEMPLATE_VERSION = TEMPLATE_VERSIONS[-1]
TEXTS_1 = "文字部分"
"""The sheet of the texts in version 1."""

TITLE_ROW, TEXT_ROW, FIRST_ROW = 0, 1, 2
"""On a sheet of tables: the section's heading with the verdict beside what is printed, its text, the first table.

In version 1 the verdict stands above the heading; the tables stand where they stand now.
"""

COVER_FIRST_ROW, COVER_LABELS, COVER_ANSWERS = 7, 1, 2
"""On the cover: the first question, the column of questions, the column of answers."""

EDITION_LABEL, TEMPLATE_LABEL, ORIGIN_LABEL = "表格版式", "模板版本", "数据来源"

CHECKS_FIRST_ROW = 11
"""On the sheet of checks: the first line of the list."""
ASIDE, LEADS_TO = "← ", "→ "
ONWARD = f"{LEADS_TO}下一张："
"""What begins words that are no part of the report: those beside the results of rules, and links to other sheets."""
TO_CHECKS = "查看校验"
"""The words of the link to the sheet of checks, which stands below the verdict of a sheet, or beside it."""

SHEET, ITEM, WANTED, LEFT, RIGHT, DIFFERENCE, RESULT, LINK, KEY = range(1, 10)
"""On the sheet of checks: the columns of the list, after that of the kind."""
DIGITS, READ = KEY + 1, KEY + 2
"""On the sheet of checks, hidden: a text in a number cell, in plain signs, and the number that it is."""

WAIVER_COLUMNS = ("代码", "位置", "说明", "说明人", "日期")
WAIVERS_HEADING = "提示说明"
WAIVER_ROWS = 10
WAIVER_SPANS = ((0, 1), (2, 2), (3, 6), (7, 7), (8, 9))
"""First and last column of each column of waivers."""


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
    """A sheet of tables; ``width`` is the number of printed columns, ``label_columns`` those that hold labels.

    ``text`` is the cell of the section's text, ``None`` where it has no place.
    """

    section: Section
    text: Spot | None
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
    version: str
    sheets: tuple[SheetPlan, ...]
    text_sheets: Mapping[str, Mapping[str, Section]]
    """The sheets of texts alone, each with their keys and sections."""
    checks: Mapping[tuple[str, str], int]
    """Row on the sheet of checks of each (code, place); the code of a number cell is ``cell``."""

    @property
    def tables(self) -> Iterator[TablePlan]:
        """The tables in the order of the form."""
        return (table for sheet in self.sheets for table in sheet.tables)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sheets of the report, between cover and checks: printed together they are the report.

        They stand in the order of the law, in version 1 with the texts last.
        """
        tables, texts = [sheet.name for sheet in self.sheets], list(self.text_sheets)
        if self.version == "1":
            return *tables, *texts
        return tuple(dict.fromkeys(section.sheet for section in self.form.sections if section.sheet in tables + texts))

    @property
    def waivers_row(self) -> int:
        """The row on the sheet of checks that heads the accepted warnings."""
        return CHECKS_FIRST_ROW + len(self.checks) + 1


def all_text_sheets() -> frozenset[str]:
    """Return the names of the sheets of texts alone in every edition and version."""
    plans = (plan_of(edition, version) for edition in editions() for version in TEMPLATE_VERSIONS)
    return frozenset(name for plan in plans for name in plan.text_sheets)


@cache
def plan_of(edition: str, version: str = TEMPLATE_VERSION) -> Plan:
    """Return the plan of the workbook of an edition, in a version of the template."""
    form = load_form(edition)
    texts: dict[str, dict[str, Section]] = {}
    for key, section in form.text_sections():
        texts.setdefault(TEXTS_1 if version == "1" else section.sheet, {})[key] = section
    _verify_names(form)
    places = [(equation.code, equation.at.key) for equation in form.equations()]
    places += [("cell", key) for key in form.cells]
    places += [(f"body.{field.key}", field.key) for field in form.fields if field.key in QUESTIONS]
    places += [("body.choice", field.key) for field in form.more_fields if field.choices]
    places += [("file.edition_for_year", "year")]
    places += [("text.blank", key) for key, _ in form.text_sections()]
    rows = MappingProxyType({place: CHECKS_FIRST_ROW + index for index, place in enumerate(places)})
    sheets = tuple(_sheet(printed, version) for printed in printed_sections(edition))
    if len(sheets) + len(texts) > _MOST_SHEETS:
        raise FormError(f"schema/{edition}/form.toml, sections: more than {_MOST_SHEETS} sheets")
    return Plan(form, version, sheets, MappingProxyType(texts), rows)


_MOST_SHEETS = CHECKS_FIRST_ROW - 6
"""Sheets of sections whose verdicts stand above the list of checks."""


def _verify_names(form: Form) -> None:
    """Refuse a form that gives a sheet or a question the name of one that every workbook has."""
    where = f"schema/{form.edition}/form.toml"
    for section in form.sections:
        if section.sheet in {GUIDE, COVER, CHECKS}:
            raise FormError(f"{where}, section {section.number}: the workbook has a sheet {section.sheet!r} already")
    for field in form.fields:
        if field.label in {EDITION_LABEL, TEMPLATE_LABEL, ORIGIN_LABEL, WAIVERS_HEADING}:
            raise FormError(f"{where}, field {field.key}: the cover has a line {field.label!r} already")


def text_name(key: str) -> str:
    """Return the defined name of the cell that holds the text beside tables, which is its path in JSON."""
    return f"narrative.{key}"


def equation_row(plan: Plan, equation: Equation) -> int:
    """Return the row on the sheet of checks that shows an equation."""
    return plan.checks[equation.code, equation.at.key]


def cover_rows(form: Form) -> dict[str, int]:
    """Return the row of each line of the cover: the questions, edition, version of the template, number of waivers."""
    keys = [*(field.key for field in form.fields), "edition", "template", "waivers"]
    return {key: COVER_FIRST_ROW + index for index, key in enumerate(keys)}


def _sheet(printed: PrintedSection, version: str) -> SheetPlan:
    text = (TEXT_ROW, 0) if version != "1" and printed.section.narrative else None
    tables = tuple(_table(table, printed.section.sheet) for table in printed.tables)
    return SheetPlan(printed.section, text, tables, printed.width, printed.label_columns)


def _table(printed: PrintedTable, sheet: str) -> TablePlan:
    labels = tuple(label.lower(FIRST_ROW) for label in printed.labels)
    cells = {key: (FIRST_ROW + row, column) for key, (row, column) in printed.cells.items()}
    return TablePlan(printed.table, sheet, labels, MappingProxyType(cells), printed.wide, FIRST_ROW + printed.last_row)
