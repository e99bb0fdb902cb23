"""Formulas without a stored result: totals are added up, all others are kept as what they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.excel.reading.formulas import summed
from workbook.report import make_finding
from workbook.report.equations import added
from workbook.report.findings import show
from workbook.report.notation import plain_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.excel.reading.file import OpenWorkbook
    from workbook.report import Finding, Report, Value


def with_totals(report: Report, book: OpenWorkbook) -> Report:
    """Fill in the totals whose formulas have no stored result; keep other formulas and errors as what they are.

    A total of which a part is not a number is not known: it is blank, and that is told.
    """
    change = _unstored(report, book)
    totals = [key for key in report.form.parts_first if is_sum(report, key, change.get(key))]
    reader_findings = list(report.reader_findings)
    unknown: set[str] = set()
    for key in totals:
        parts = {part: change.get(part, report.cells[part]) for part in parts_of(report, key)}
        wrong = next((part for part, value in parts.items() if _is_lost(value) or part in unknown), None)
        change[key] = None if wrong else added(parts.values())
        if wrong:
            unknown.add(key)
            reader_findings.append(_not_added(report, key, wrong, parts[wrong]))
    for table in report.form.tables:
        count = sum(report.form.cells[key].table == table.key and change[key] is not None for key in totals)
        if count:
            reader_findings.append(make_finding("total.not_calculated", table.key, table=table.title, count=str(count)))
    return replace(report, cells={**report.cells, **change}, reader_findings=tuple(reader_findings))


def is_sum(report: Report, key: str, formula: Value) -> bool:
    """Say whether a formula adds up the parts of a total and nothing else."""
    if not isinstance(formula, str) or key not in report.places:
        return False
    return summed(formula) == {report.places[part].address for part in parts_of(report, key) if part in report.places}


def parts_of(report: Report, total: str) -> list[str]:
    """Return the keys of the parts of a total."""
    return [part for part, _ in report.form.calculated[total].right]


def _is_lost(value: Value) -> bool:
    """Say whether nothing can be read where a part of a total should be; digits as text a sum only leaves out."""
    return isinstance(value, str) and plain_number(value) is None


def _unstored(report: Report, book: OpenWorkbook) -> dict[str, Value]:
    """Return the cells that were read as blank and are not."""
    found: dict[str, Value] = {}
    texts: dict[str, Mapping[str, str]] = {}
    for key, place in report.places.items():
        if key in report.cells and report.cells[key] is None:
            if place.sheet not in texts:
                texts[place.sheet] = book.unseen(place.sheet)
            if place.address in texts[place.sheet]:
                found[key] = texts[place.sheet][place.address]
    return found


def _not_added(report: Report, total: str, part: str, value: Value) -> Finding:
    cells = report.cell(total), report.cell(part)
    words = {"part": cells[1].where("zh"), "part_en": cells[1].where("en"), "value": show(value)}
    return make_finding("total.not_added", total, cells, None, **words)
