"""The form as frozen data: sections, tables, lines, cells, rules and the equations they stand for."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Literal

from workbook.expression import expression
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Relation = Literal["=", "<="]
RuleLevel = Literal["error", "warning", "info"]

_NUMBERING = expression(r"^[(（]?(?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})(?:[)）]|[、.．,，:：])+\s*")

PROMPT = "〔请写明本年的情况〕"
"""What stands in the blank template behind each aspect of a text, to be written over."""

_DIGITS = "一二三四五六七八九十"
MOST_ASPECTS = len(_DIGITS)

QUESTIONS = ("name", "credit_code", "division_code", "kind", "year")
"""The questions of the cover that every edition asks."""

DECIMALS = 6
"""The most decimals that a number of the form may have; sides of equations are compared at so many."""

ROWS = 12
"""Paragraphs that the blank template has room for in a text of which the definition does not say it."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of number: its bounds and how many decimals it may have."""

    key: str
    label: str
    label_en: str
    minimum: int
    maximum: int
    decimals: int
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """A question of the cover sheet; ``choices`` maps keys to labels where the answer is one of a list."""

    key: str
    label: str
    note: str
    choices: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    """One of the parts of the report; ``narrative`` is the key of its text, which one of tables may do without.

    ``rows`` is how many paragraphs the blank template has room for, where it consists of text alone; ``aspects`` are
    what the law wants a text to speak of.
    """

    number: str
    title: str
    sheet: str
    narrative: str | None = None
    note: str = ""
    rows: int = ROWS
    aspects: tuple[str, ...] = ()

    @property
    def skeleton(self) -> tuple[str, ...]:
        """The paragraphs that the blank template offers to write over, one for each aspect.

        >>> Section("一", "甲", "甲", "overview", aspects=("乙", "丙")).skeleton
        ('（一）乙。〔请写明本年的情况〕', '（二）丙。〔请写明本年的情况〕')
        """
        return tuple(f"（{digit}）{aspect}。{PROMPT}" for digit, aspect in zip(_DIGITS, self.aspects, strict=False))

    @property
    def heading(self) -> str:
        """The heading as printed: number, mark, title."""
        return f"{self.number}、{self.title}"


@dataclass(frozen=True, slots=True)
class Line:
    """A row or a column of a table.

    ``under`` holds the labels of the groups above it, outermost first.
    """

    key: str
    label: str
    under: tuple[str, ...] = ()
    part_of: str | None = None
    kind: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a table as the definition states it: signed names of lines, or ``name/*`` for all parts of a line."""

    key: str
    each: Literal["row", "column"]
    left: tuple[str, ...]
    right: tuple[str, ...]
    relation: Relation
    title: str
    title_en: str
    clause: str
    level: RuleLevel = "error"


@dataclass(frozen=True, slots=True)
class OpeningRule:
    """What a line takes over: it equals a signed sum of lines of last year's report, plus one of this year's."""

    key: str
    each: Literal["row", "column"]
    line: str
    last_year: tuple[str, ...]
    this_year: tuple[str, ...] = ()


def without_number(label: str) -> str:
    """Return a label without the number that it begins with.

    >>> without_number("（九）甲乙"), without_number("8.甲乙")
    ('甲乙', '甲乙')
    """
    return _NUMBERING.sub("", label, count=1)


def cell_key(table: str, row: str, column: str) -> str:
    """Return the key of a number cell: its name in JSON, in the workbook and in findings."""
    return f"{table}.{row}.{column}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number cell of the form, named ``table.row.column``."""

    key: str
    table: str
    row: Line
    column: Line
    kind: Kind

    @property
    def label(self) -> str:
        """Row and column in the form's own words."""
        return f"{self.row.label} · {self.column.label}"

    @property
    def note(self) -> str:
        """The counting rules of row and column, as far as the law gives any."""
        return self.row.note + self.column.note


@dataclass(frozen=True, slots=True, eq=False)
class Equation:
    """A rule written out for one row or column: signed sums of cells on both sides of a relation."""

    rule: Rule
    table: str
    at: Line
    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]

    @property
    def code(self) -> str:
        """The code of the finding that a breach gives: ``table.rule``."""
        return f"{self.table}.{self.rule.key}"

    @property
    def terms(self) -> tuple[tuple[str, int], ...]:
        """All (cell, coefficient) pairs with the right side brought to the left."""
        return self.left + tuple((cell, -coefficient) for cell, coefficient in self.right)

    @property
    def exact(self) -> bool:
        """Whether both sides are equal in every sound report, so that numbers can be calculated and placed by it."""
        return self.rule.relation == "=" and self.rule.level == "error"

    @property
    def calculates(self) -> str | None:
        """The cell that this equation gives the value of: the only one on its left, else ``None``."""
        if self.exact and len(self.left) == 1 and self.left[0][1] == 1:
            return self.left[0][0]
        return None


@dataclass(frozen=True, slots=True, eq=False)
class OpeningEquation:
    """An opening rule written out for one cell: the signed cells, of last year and of this, that give its value."""

    opening: OpeningRule
    cell: str
    last_year: tuple[tuple[str, int], ...]
    this_year: tuple[tuple[str, int], ...]

    @property
    def code(self) -> str:
        """The code of the finding that a breach gives: ``year.key``."""
        return f"year.{self.opening.key}"


@dataclass(frozen=True, slots=True)
class Table:
    """A statutory table; in the shape ``line`` its rows are printed side by side as one line of numbers."""

    key: str
    section: str
    title: str
    columns: tuple[Line, ...]
    rows: tuple[Line, ...]
    rules: tuple[Rule, ...] = ()
    opening_rules: tuple[OpeningRule, ...] = ()
    head: str = ""
    corner: str = ""
    shape: Literal["rows", "line"] = "rows"


@dataclass(frozen=True, slots=True)
class Publication:
    """What stands above a published report: patterns with ``{body}``, the office, and ``{year}``.

    ``opening`` is the usual sentence before the first section; empty where there is none.
    """

    title: str
    opening: str = ""

    def title_of(self, body: str | None, year: int | None) -> str:
        """Return the title of the report of an office for a year."""
        return _filled(self.title, body, year)

    def opening_of(self, body: str | None, year: int | None) -> str:
        """Return the sentence before the first section of it."""
        return _filled(self.opening, body, year)


def _filled(pattern: str, body: str | None, year: int | None) -> str:
    return pattern.replace("{year}", "" if year is None else str(year)).replace("{body}", body or "")


@dataclass(frozen=True, eq=False)
class Form:
    """An edition of the form. ``cells`` are in printed order: by table, row, column."""

    edition: str
    title: str
    authority: str
    statute: str
    deadline: str
    first_year: int
    last_year: int | None
    kinds: Mapping[str, Kind]
    fields: tuple[Field, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table, ...]
    cells: Mapping[str, Cell]
    publication: Publication
    _equations: tuple[Equation, ...]
    opening_equations: tuple[OpeningEquation, ...] = ()

    def equations(self) -> tuple[Equation, ...]:
        """Return every rule of every table written out, definitions of totals before the rules that use them."""
        return self._equations

    @cached_property
    def calculated(self) -> Mapping[str, Equation]:
        """The cells that follow from others, each with the equation that gives its value (the first, where two do)."""
        found: dict[str, Equation] = {}
        for equation in self._equations:
            if equation.calculates:
                found.setdefault(equation.calculates, equation)
        return found

    @cached_property
    def opening_cells(self) -> Mapping[str, str]:
        """The cells that take over a number of last year's report as it is, each with the cell that it had there."""
        plain = [
            opening
            for opening in self.opening_equations
            if not opening.this_year and [sign for _, sign in opening.last_year] == [1]
        ]
        return {opening.cell: opening.last_year[0][0] for opening in plain}

    @cached_property
    def parts_first(self) -> tuple[str, ...]:
        """The calculated cells in an order in which each stands after those that it is calculated from.

        Raises:
            ValueError: some are calculated from each other; the loader refuses such a definition.
        """
        order: list[str] = []
        pending = dict(self.calculated)
        while pending:
            ready = [key for key, equation in pending.items() if not any(part in pending for part, _ in equation.right)]
            if not ready:
                raise ValueError(f"calculated from each other: {', '.join(pending)}")
            order += ready
            pending = {key: equation for key, equation in pending.items() if key not in ready}
        return tuple(order)

    @cached_property
    def range(self) -> tuple[int, int]:
        """The least and the largest whole number that a cell of any kind takes."""
        kinds = {cell.kind.key: cell.kind for cell in self.cells.values()}.values()
        return max(kind.minimum for kind in kinds), min(kind.maximum for kind in kinds)

    @cached_property
    def keys(self) -> Mapping[str, Mapping[str, Mapping[str, str]]]:
        """The keys of the cells by table, row and column."""
        found: dict[str, dict[str, dict[str, str]]] = {}
        for key, cell in self.cells.items():
            found.setdefault(cell.table, {}).setdefault(cell.row.key, {})[cell.column.key] = key
        return found

    @cached_property
    def section_of(self) -> Mapping[str, Section]:
        """The section of each table."""
        numbered = {section.number: section for section in self.sections}
        return {table.key: numbered[table.section] for table in self.tables}

    def table(self, key: str) -> Table:
        """Return the table of that key; ``KeyError`` where there is none."""
        return {table.key: table for table in self.tables}[key]

    def narratives(self) -> Iterator[tuple[str, Section]]:
        """Yield key and section of each text, in the order of the form."""
        for section in self.sections:
            if section.narrative:
                yield section.narrative, section

    def text_sections(self) -> Iterator[tuple[str, Section]]:
        """Yield key and section of each text that is all there is of its section, so that it may not be blank."""
        tabled = {table.section for table in self.tables}
        yield from ((key, section) for key, section in self.narratives() if section.number not in tabled)

    @cached_property
    def narrative_keys(self) -> frozenset[str]:
        """The keys of the texts."""
        return frozenset(key for key, _ in self.narratives())

    @cached_property
    def required_texts(self) -> frozenset[str]:
        """The keys of the texts that may not be blank: those of sections without tables."""
        return frozenset(key for key, _ in self.text_sections())

    @cached_property
    def more_fields(self) -> tuple[Field, ...]:
        """The questions of the cover that not every edition asks."""
        return tuple(field for field in self.fields if field.key not in QUESTIONS)

    def field(self, key: str) -> Field:
        """Return the cover question of that key; ``KeyError`` where there is none."""
        return {field.key: field for field in self.fields}[key]

    def covers(self, year: int) -> bool:
        """Say whether the notice prescribes this edition for reports of that year."""
        return self.first_year <= year and (self.last_year is None or year <= self.last_year)
