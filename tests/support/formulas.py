"""The standard workbook's own formulas, recalculated by LibreOffice."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cases import EDITIONS, sound
from workbooks import workbook_of

from workbook.excel.layout import COVER, COVER_ANSWERS, DIFFERENCE, RESULT, cover_rows, plan_of
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
        self.report = sound(edition)
        document.enableAutomaticCalculation(False)  # noqa: FBT003
        for name in document.Sheets.ElementNames:
            document.Sheets[name].unprotect("")
        self.headings = {
            name: list(document.Sheets[name].getCellRangeByName("A1:A80").getDataArray())
            for name in self.plan.text_sheets
        }
        for table in self.plan.tables:
            for key, (row, column) in table.cells.items():
                put(document.Sheets[table.sheet].getCellByPosition(column, row), self.report.cells[key])

    def lay(self, report: Report) -> None:
        """Put every answer, number and text of a report into the sheets, totals as numbers."""
        for table in self.plan.tables:
            sheet = self.document.Sheets[table.sheet]
            for key, (row, column) in table.cells.items():
                if report.cells[key] != self.report.cells[key]:
                    put(sheet.getCellByPosition(column, row), report.cells[key])
        cover = self.document.Sheets[COVER]
        kind = report.form.field("kind").choices.get(report.body.kind or "", report.body.kind)
        answers = {
            "name": report.body.name,
            "credit_code": report.body.credit_code,
            "division_code": report.body.division_code,
            "kind": kind,
            "year": report.year,
        }
        rows = cover_rows(report.form)
        for key, answer in answers.items():
            put(cover.getCellByPosition(COVER_ANSWERS, rows[key]), answer)
        for name, texts in self.plan.text_sheets.items():
            for key, section in texts.items():
                row = self.headings[name].index((section.heading,)) + 1
                put(self.document.Sheets[name].getCellByPosition(0, row), report.narrative[key])
        self.report = report

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
        area = self.document.Sheets["校验"].getCellRangeByPosition(column, first, column, last)
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
