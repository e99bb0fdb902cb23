"""The standard workbook's own formulas, recalculated by LibreOffice."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

from cases import EDITIONS, sound
from workbooks import workbook_of

from workbook.excel.layout import CHECKS, COVER, COVER_ANSWERS, DIFFERENCE, RESULT, cover_rows, plan_of
from workbook.report import Report, Value, catalogue

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from office import Office


class Sheets:
    """The standard workbook open in LibreOffice, laid anew for each report."""

    def __init__(self, document: Any, edition: str) -> None:
        self.document = document
        self.plan = plan_of(edition)
        document.enableAutomaticCalculation(False)  # noqa: FBT003
        for name in document.Sheets.ElementNames:
            document.Sheets[name].unprotect("")
        self.headings = {
            name: list(document.Sheets[name].getCellRangeByName("A1:A80").getDataArray())
            for name in self.plan.text_sheets
        }
        sheets = {name: document.Sheets[name] for name in document.Sheets.ElementNames}
        self._cell = cache(lambda name, row, column: sheets[name].getCellByPosition(column, row))
        self._area = cache(sheets[CHECKS].getCellRangeByPosition)
        self._laid: dict[tuple[str, int, int], Value] = {}
        self.lay(sound(edition))

    def lay(self, report: Report) -> None:
        """Put every answer, number and text of a report that is another into the sheets, totals as numbers."""
        for place, value in self._answers(report):
            if place not in self._laid or self._laid[place] != value:
                put(self._cell(*place), value)
                self._laid[place] = value

    def _answers(self, report: Report) -> Iterator[tuple[tuple[str, int, int], Value]]:
        """Yield sheet, row and column of all that a report says, with what it says."""
        for table in self.plan.tables:
            yield from (((table.sheet, *at), report.cells[key]) for key, at in table.cells.items())
        kind = report.form.field("kind").choices.get(report.body.kind or "", report.body.kind)
        answers = {
            "name": report.body.name,
            "credit_code": report.body.credit_code,
            "division_code": report.body.division_code,
            "kind": kind,
            "year": report.year,
        }
        rows = cover_rows(report.form)
        yield from (((COVER, rows[key], COVER_ANSWERS), answer) for key, answer in answers.items())
        for name, texts in self.plan.text_sheets.items():
            for key, section in texts.items():
                yield (name, self.headings[name].index((section.heading,)) + 1, 0), report.narrative[key]

    def findings(self) -> frozenset[tuple[str, str]]:
        """Recalculate; return code and place of every result that is not good."""
        self.document.calculateAll()
        shown = self._shown(RESULT)
        titles = {item.words["zh"]["title"]: code for code, item in catalogue().items()}
        found = set()
        for (code, at), row in self.plan.checks.items():
            text = shown[row]
            if text not in {"✓", "－"}:
                found.add((titles[text[2:]] if code in {"cell", "text.blank"} else code, at))
        return frozenset(found)

    def differences(self) -> dict[int, Any]:
        """Return the differences that are shown, by the row of their check."""
        return self._shown(DIFFERENCE)

    def _shown(self, column: int) -> dict[int, Any]:
        first, last = min(self.plan.checks.values()), max(self.plan.checks.values())
        area = self._area(column, first, column, last)
        return {row: value for row, (value,) in enumerate(area.getDataArray(), first)}


def put(cell: Any, value: Value) -> None:
    """Put a value into a cell, as a person would type it."""
    if value is None:
        cell.String = ""
    elif value == "#N/A":
        cell.Formula = "=NA()"
    elif value in {"TRUE", "FALSE"}:
        cell.Formula = f"={value}()"
    elif isinstance(value, str):
        cell.String = value
    else:
        cell.NumberFormat = 0  # LibreOffice keeps the format of a logical value
        cell.Value = float(value)


@contextmanager
def both(libreoffice: Office, folder: Path) -> Iterator[dict[str, Sheets]]:
    """Open the workbooks of both editions."""
    for edition in EDITIONS:
        (folder / f"{edition}.xlsx").write_bytes(workbook_of(sound(edition)))
    with libreoffice.open(folder / "2019.xlsx") as old, libreoffice.open(folder / "2021.xlsx") as new:
        yield {"2019": Sheets(old, "2019"), "2021": Sheets(new, "2021")}
