"""What a workbook answers outside its tables: cover, texts, accepted warnings, what it is a copy of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.findings_sheet import COPY
from workbook.excel.layout import (
    CHECKS,
    COVER,
    COVER_ANSWERS,
    COVER_FIRST_ROW,
    COVER_LABELS,
    WAIVER_SPANS,
    WAIVERS_HEADING,
    Plan,
    cover_rows,
)
from workbook.excel.reading.grid import at, squeezed, text, value_of
from workbook.form import QUESTIONS
from workbook.report import Body, Finding, Place, Waiver, tidy
from workbook.report.findings import year_finding
from workbook.report.limits import YEARS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbook.excel.reading.file import OpenWorkbook
    from workbook.form import Form

_DIGEST = re.compile("[0-9a-f]{64}$")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?(?: 00:00:00)?$")


def cover_answers(book: OpenWorkbook) -> dict[str, Any]:
    """Return the answers of the cover by their questions, wherever these stand in the column of questions."""
    return {question: row[COVER_ANSWERS] for question, (_, row) in _questions(book).items()}


def cover_places(plan: Plan, book: OpenWorkbook) -> dict[str, int]:
    """Return the row of each line of the cover by its key: that of its question, else the template's."""
    found = _questions(book)
    labels = {field.key: squeezed(field.label) for field in plan.form.fields}
    usual = cover_rows(plan.form)
    return {key: found[labels[key]][0] if labels.get(key) in found else row for key, row in usual.items()}


def _questions(book: OpenWorkbook) -> dict[str, tuple[int, list[Any]]]:
    """Return the lines of the cover by their questions, each with its row."""
    first = COVER_FIRST_ROW - 6
    return {
        squeezed(row[COVER_LABELS]): (index, row)
        for index, row in enumerate(book.grid(COVER)[first:], first)
        if len(row) > COVER_ANSWERS and squeezed(row[COVER_LABELS])
    }


def body(plan: Plan, cover: Mapping[str, Any]) -> Body:
    """Return the reporting office; an answer that is not in its list as it was found."""
    answers: dict[str, str | None] = {}
    for field in plan.form.fields:
        named = {label: key for key, label in field.choices.items()}
        answer = text(cover.get(squeezed(field.label)))
        answers[field.key] = named.get(answer or "", answer)
    if answers["credit_code"]:
        answers["credit_code"] = "".join(answers["credit_code"].split()).upper()
    more = tuple((field.key, answers[field.key]) for field in plan.form.more_fields)
    return Body(more=more, **{key: answers[key] for key in QUESTIONS if key != "year"})


def year(form: Form, cover: Mapping[str, Any], row: int) -> tuple[int | None, list[Finding]]:
    """Return the report year, and the finding where something else stands in its row of the cover."""
    label = form.field("year").label
    value = value_of(cover.get(squeezed(label), ""))
    if isinstance(value, int) and value in YEARS:
        return value, []
    place = Place(COVER, a1(row, COVER_ANSWERS))
    return None, [year_finding(value, label, place)]


def texts(plan: Plan, book: OpenWorkbook) -> dict[str, str | None]:
    """Return the text parts: the paragraphs below each heading."""
    grid = book.grid(plan.text_sheet)
    headings = {squeezed(section.heading): key for key, section in plan.form.narratives()}
    reader_findings = {squeezed(row[0]) for row in grid if at([row], 0, 2)} & headings.keys()
    parts: dict[str, list[str]] = {key: [] for key in headings.values()}
    current: list[str] | None = None
    for row in grid:
        line = squeezed(row[0]) if row else ""
        # The note beside a heading tells it from a paragraph of the same words.
        if line in headings and (line not in reader_findings or at([row], 0, 2)):
            current = parts[headings[line]]
        elif current is not None:
            value = value_of(row[0]) if row else None
            current.append("" if value is None else str(value))
    return {key: tidy("\n".join(paragraphs)) for key, paragraphs in parts.items()}


def waivers(plan: Plan, book: OpenWorkbook, cover: Mapping[str, Any]) -> tuple[Waiver, ...]:
    """Return the accepted warnings; the large sheet of checks is parsed unless the cover says that there are none."""
    if value_of(cover.get(WAIVERS_HEADING, "")) == 0:
        return ()
    found = []
    for row in book.grid(CHECKS)[plan.waivers_row + 2 :]:
        code, place, reason, by, date = (text(at([row], 0, column)) or "" for column, _ in WAIVER_SPANS)
        if code:
            found.append(Waiver(code, place, reason, by, _date(date)))
    return tuple(found)


def copy_of(book: OpenWorkbook) -> tuple[str, ...]:
    """Return the digests of what was marked, which a marked copy carries; the first original first."""
    return tuple(value for row in book.grid(COPY) if row and isinstance(value := row[0], str) and _DIGEST.match(value))


def _date(written: str) -> str:
    """Return a date as ISO writes it; what is no date as it is."""
    match = _DATE.match(written)
    return f"{match[1]}-{match[2]:0>2}-{match[3]:0>2}" if match else written
