"""Numbers that stand in a workbook as text: totals that missed them, and a report in which they are numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.report.equations import added, adds_up
from workbook.report.findings import make_finding, show
from workbook.report.notation import plain_number

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workbook.form import Form
    from workbook.report.findings import Finding
    from workbook.report.report import Report
    from workbook.report.values import Number, Value

CONVERTED = "cell.converted"


def follow(form: Form, cells: dict[str, Value], texts: Collection[str]) -> Iterator[Finding]:
    """Put right the totals that add up their parts without those that are text; yield a finding for each table.

    Args:
        form: the form.
        cells: its cells as they were read; changed in place.
        texts: those that stand in the file as text, where it also knows numbers.
    """
    stood: dict[str, Value] = {**cells, **dict.fromkeys(texts, "text")}
    changed: list[str] = []
    for key in form.parts_first if texts else ():
        parts = [part for part, _ in form.calculated[key].right]
        if adds_up(stood[key], [stood[part] for part in parts]):
            total = added(cells[part] for part in parts)
            if (total or 0) != (cells[key] or 0):
                cells[key] = total
                changed.append(key)
    for table in form.tables:
        count = sum(form.cells[key].table == table.key for key in changed)
        if count:
            yield make_finding("total.missed_text", table.key, table=table.title, count=str(count))


def with_numbers(report: Report) -> Report:
    """Return a report in which digits that are text are numbers, and totals that missed them follow; all is told."""
    texts = _digits(report)
    cells = {**report.cells, **{key: number for key, (_, number) in texts.items()}}
    own = {key for key in texts if isinstance(report.cells[key], str)}
    totals = tuple(follow(report.form, cells, own))
    told = [finding for finding in report.reader_findings if finding.code != "cell.notation" or finding.at not in texts]
    done = [
        make_finding(CONVERTED, key, (replace(report.cell(key), value=number),), text, taken=show(number))
        for key, (text, number) in texts.items()
    ]
    return replace(report, cells=cells, reader_findings=(*told, *totals, *done))


def _digits(report: Report) -> dict[str, tuple[str, Number]]:
    """Return the cells that are digits as text, on the kit's sheets or others, with the text and its number."""
    held = {key: value for key, value in report.cells.items() if key in report.places}
    held |= {finding.at: finding.found for finding in report.reader_findings if finding.code == "cell.notation"}
    texts = ((key, text, plain_number(text)) for key, text in held.items() if isinstance(text, str))
    return {key: (text, number) for key, text, number in texts if number is not None}
