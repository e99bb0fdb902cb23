"""What follows from a report in its workbook: what cells hold, what formulas show, how high rows are.

All else is the same in every workbook of an edition. Drawing the template and filling it both take it from here.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.excel.address import a1
from workbook.excel.layout import (
    CHECKS,
    COVER,
    COVER_ANSWERS,
    COVER_LABELS,
    DIFFERENCE,
    DIGITS,
    GUIDE,
    LEFT,
    LINK,
    ORIGIN_LABEL,
    READ,
    RESULT,
    RIGHT,
    TEXT_ROW,
    WAIVER_ROWS,
    WAIVER_SPANS,
    cover_rows,
    equation_row,
    plan_of,
)
from workbook.excel.template.digits import plainly
from workbook.excel.template.spots import (
    GUIDE_NEXT,
    GUIDE_STATE,
    GUIDE_TODO,
    LETTERS,
    OVERALL,
    TEXT_WIDTH,
    TextRows,
    guide_rows,
    marks,
    origin_row,
    overall,
    text_rows,
    verdicts,
    widths,
)
from workbook.excel.template.styles import TALLEST, text_height
from workbook.excel.template.verdicts import IDLE, MARKS, SOUND, next_text, statuses, todo_text, verdict_text
from workbook.report.equations import countable_cells, judged, total
from workbook.report.limits import PARAGRAPH_LIMIT, cell_length
from workbook.report.notation import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet

    from workbook.excel.address import Spot
    from workbook.excel.layout import Plan, SheetPlan
    from workbook.form import Section
    from workbook.report import Report, Value

_FROZEN = 60
"""Points of the highest text above heads that stay in sight; a higher one would leave no room for the rows."""
_ORIGIN = 32
"""Points of the name and the digest of a file on the cover."""


class TextTooLongError(ValueError):
    """A text is longer than a cell can hold: on which sheet, in which cell, how many units of UTF-16 it has."""

    def __init__(self, sheet: str, address: str, length: int) -> None:
        super().__init__(f"the text for {sheet} {address}, of {length} characters, does not fit into a cell")
        self.sheet, self.address, self.length = sheet, address, length


@dataclass(frozen=True)
class Contents:
    """What follows from a report, by the names of sheets.

    Args:
        plan: where everything stands.
        cells: what cells hold, and what formulas show, ``None`` for nothing.
        typed: totals that are not the sum of their parts: they hold what they are, in place of their formulas.
        heights: how many points high rows are that are not as all others.
        thawed: the sheets whose heads cannot stay in sight, for their text is too high.
        texts: the rows of each text that has a sheet for texts alone.
        waiver_rows: how many accepted warnings there is room for.
    """

    plan: Plan
    cells: Mapping[str, Mapping[Spot, Value]]
    typed: Mapping[str, AbstractSet[Spot]]
    heights: Mapping[str, Mapping[int, float]]
    thawed: AbstractSet[str]
    texts: Mapping[str, TextRows]
    waiver_rows: int


def contents_of(report: Report, waiver_rows: int = WAIVER_ROWS) -> Contents:
    """Return what follows from a report; more room for accepted warnings where it has more.

    Raises:
        TextTooLongError: a text is longer than a cell can hold.
    """
    return _Filling(report, max(waiver_rows, len(report.waivers))).contents()


class _Filling:
    """A report on its way into a workbook, sheet by sheet."""

    def __init__(self, report: Report, waiver_rows: int) -> None:
        self.report, self.plan, self.waiver_rows = report, plan_of(report.edition), waiver_rows
        self.cells: dict[str, dict[Spot, Value]] = defaultdict(dict)
        self.typed: dict[str, set[Spot]] = defaultdict(set)
        self.heights: dict[str, dict[int, float]] = defaultdict(dict)
        self.texts: dict[str, TextRows] = {}
        self.shown = statuses(self.plan, report, check(report))

    def contents(self) -> Contents:
        """Go through all sheets.

        Raises:
            TextTooLongError: a text is longer than a cell can hold.
        """
        self._cover()
        for sheet in self.plan.sheets:
            self._tables(sheet)
        for name, texts in self.plan.text_sheets.items():
            self._texts(name, texts)
        self._equations()
        self._number_cells()
        self._waivers()
        checks = self.cells[CHECKS]
        checks.update({(row, RESULT): shown for row, shown in self.shown.items()})
        checks.update({(row, OVERALL): verdict_text(self.shown, rows) for _, row, rows in overall(self.plan)})
        for name, spot, rows in verdicts(self.plan):
            self.cells[name][spot] = verdict_text(self.shown, rows)
        self._guide()
        thawed = {sheet.name for sheet in self.plan.sheets if self.heights[sheet.name].get(TEXT_ROW, 0) > _FROZEN}
        return Contents(self.plan, self.cells, self.typed, self.heights, thawed, self.texts, self.waiver_rows)

    def _guide(self) -> None:
        cells, at = self.cells[GUIDE], guide_rows(self.plan)
        states = {name: verdict_text(self.shown, rows) for name, _, rows in overall(self.plan) if name}
        cells[GUIDE_NEXT] = next_text(states)
        for name, state in states.items():
            cells[at[name], GUIDE_STATE], cells[at[name], GUIDE_TODO] = state, todo_text(state)

    def _hold(self, sheet: str, spot: Spot, value: Value) -> None:
        """Put into a cell what was given."""
        if isinstance(value, str) and len(value) > PARAGRAPH_LIMIT // 2 and cell_length(value) > PARAGRAPH_LIMIT:
            raise TextTooLongError(sheet, a1(*spot), cell_length(value))
        self.cells[sheet][spot] = value

    def _cover(self) -> None:
        form, rows = self.plan.form, cover_rows(self.plan.form)
        for field in form.fields:
            given = self.report.body.answer(field.key)
            answer = self.report.year if field.key == "year" else field.choices.get(given or "", given)
            self._hold(COVER, (rows[field.key], COVER_ANSWERS), answer)
        self.cells[COVER][rows["waivers"], COVER_ANSWERS] = len(self.report.waivers)
        chain, row = self.report.source.chain if self.report.source else (), origin_row(form)
        files = "\n".join(f"{origin.sha256} {origin.file}" for origin in chain)
        self._hold(COVER, (row, COVER_LABELS), ORIGIN_LABEL if chain else None)
        self._hold(COVER, (row, COVER_ANSWERS), files or None)
        if chain:
            self.heights[COVER][row] = min(TALLEST, _ORIGIN * len(chain))

    def _tables(self, sheet: SheetPlan) -> None:
        if sheet.text:
            text = self.report.narrative[sheet.section.narrative or ""]
            self._hold(sheet.name, sheet.text, text)
            self.heights[sheet.name][TEXT_ROW] = text_height(text or "", sum(widths(sheet)))
        for table in sheet.tables:
            for key, spot in table.cells.items():
                value, equation = self.report.cells[key], self.plan.form.calculated.get(key)
                self._hold(sheet.name, spot, value)
                if equation and value != total(self.report, equation):
                    self.typed[sheet.name].add(spot)
            for equation, spot in marks(self.plan, sheet, table):
                good = "" if self.report.cells[equation.left[0][0]] is None else SOUND
                result = self.shown[equation_row(self.plan, equation)][0]
                self.cells[sheet.name][spot] = {SOUND: good, IDLE: IDLE}.get(result, MARKS[equation.rule.level])

    def _texts(self, name: str, texts: Mapping[str, Section]) -> None:
        given = {key: (self.report.narrative[key] or "").split("\n") for key in texts}
        for key, rows in text_rows(texts, {key: len(paragraphs) for key, paragraphs in given.items()}).items():
            self.texts[key] = rows
            for row in range(rows.first, rows.last + 1):
                paragraph = next(iter(given[key][row - rows.first : row - rows.first + 1]), "")
                self._hold(name, (row, 0), paragraph or None)
                self.heights[name][row] = text_height(paragraph, TEXT_WIDTH)
            self.cells[name][rows.heading, LETTERS] = sum(map(cell_length, given[key]))
            # The link of a text names its first cell.
            self.cells[CHECKS][self.plan.checks["text.blank", key], LINK] = a1(rows.first, 0)

    def _equations(self) -> None:
        cells, counted = self.cells[CHECKS], countable_cells(self.report)
        for equation in self.plan.form.equations():
            row, both = equation_row(self.plan, equation), judged(equation, counted)
            cells[row, LEFT], cells[row, RIGHT] = both or (None, None)
            cells[row, DIFFERENCE] = both[0] - both[1] if both else None

    def _number_cells(self) -> None:
        cells, counted = self.cells[CHECKS], countable_cells(self.report)
        for key, held in self.report.cells.items():
            row = self.plan.checks["cell", key]
            cells[row, LEFT], cells[row, RIGHT] = held, counted[key]
            cells[row, DIGITS] = plainly(held) if isinstance(held, str) else None
            cells[row, READ] = plain_number(held) if isinstance(held, str) else None

    def _waivers(self) -> None:
        given = [(waiver.code, waiver.at, waiver.reason, waiver.by, waiver.date) for waiver in self.report.waivers]
        empty = [("",) * len(WAIVER_SPANS)] * (self.waiver_rows - len(given))
        for row, texts in enumerate([*given, *empty], self.plan.waivers_row + 2):
            for (column, _), text in zip(WAIVER_SPANS, texts, strict=True):
                self._hold(CHECKS, (row, column), text or None)
