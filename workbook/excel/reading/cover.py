"""The cover of an open workbook, parsed once: its answers by their questions, and where these stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from workbook.excel.address import a1
from workbook.excel.layout import (
    COVER,
    COVER_ANSWERS,
    COVER_FIRST_ROW,
    COVER_LABELS,
    EDITION_LABEL,
    ORIGIN_LABEL,
    TEMPLATE_LABEL,
    TEMPLATE_VERSION,
    TEXTS_1,
    WAIVERS_HEADING,
    cover_rows,
)
from workbook.excel.reading.grid import text, value_of
from workbook.expression import expression
from workbook.form import QUESTIONS
from workbook.report import Body, Finding, Origin, Place
from workbook.report.findings import year_finding
from workbook.report.limits import TEMPLATE_VERSIONS, YEARS
from workbook.report.values import squeezed

if TYPE_CHECKING:
    from workbook.excel.reading.file import OpenWorkbook
    from workbook.form import Form
    from workbook.report import Value

_ORIGIN = expression("^([0-9a-f]{64}) (.+)$", re.MULTILINE)
_ABOVE = 6  # rows above the template's first question in which questions are looked for


class Cover:
    """What the cover of a workbook answers, wherever its questions stand in their column."""

    def __init__(self, book: OpenWorkbook) -> None:
        self._old = TEXTS_1 in book.names
        first = COVER_FIRST_ROW - _ABOVE
        self._lines: dict[str, tuple[int, Any]] = {
            squeezed(row[COVER_LABELS]): (index, row[COVER_ANSWERS])
            for index, row in enumerate(book.grid(COVER)[first:], first)
            if len(row) > COVER_ANSWERS and squeezed(row[COVER_LABELS])
        }

    def __bool__(self) -> bool:
        """Whether it asks anything."""
        return bool(self._lines)

    def answer(self, question: str) -> Any:
        """Return what stands beside a question; an empty text where there is no such question."""
        return self._lines.get(squeezed(question), (0, ""))[1]

    @property
    def template(self) -> str | None:
        """The version of the template that the workbook was made from."""
        return text(self.answer(TEMPLATE_LABEL))

    @property
    def version(self) -> str:
        """The version of the template that the sheets are laid out by."""
        if self.template in TEMPLATE_VERSIONS:
            return self.template
        return TEMPLATE_VERSIONS[0] if self._old else TEMPLATE_VERSION

    @property
    def made_from(self) -> tuple[Origin, ...]:
        """The files that the workbook was filled from, the first original first."""
        written = text(self.answer(ORIGIN_LABEL)) or ""
        return tuple(Origin(line[2], line[1]) for line in _ORIGIN.finditer(written))

    @property
    def no_waivers(self) -> bool:
        """Whether the cover says that no warning is accepted."""
        return value_of(self.answer(WAIVERS_HEADING)) == 0

    def states(self, edition: str) -> bool:
        """Say whether the cover names this edition as its own."""
        return (text(self.answer(EDITION_LABEL)) or "").startswith(edition)

    def rows(self, form: Form) -> dict[str, int]:
        """Return the row of each line by its key: that of its question, else the template's."""
        found = {field.key: self._lines.get(squeezed(field.label)) for field in form.fields}
        return {key: line[0] if (line := found.get(key)) else row for key, row in cover_rows(form).items()}

    def body(self, form: Form) -> Body:
        """Return the reporting office; an answer that is not in its list as it was found."""
        answers: dict[str, str | None] = {}
        for field in form.fields:
            named = {label: key for key, label in field.choices.items()}
            answer = text(self.answer(field.label))
            answers[field.key] = named.get(answer or "", answer)
        if answers["credit_code"]:
            answers["credit_code"] = "".join(answers["credit_code"].split()).upper()
        more = tuple((field.key, answers[field.key]) for field in form.more_fields)
        return Body(more=more, **{key: answers[key] for key in QUESTIONS if key != "year"})

    def year(self, form: Form) -> int | None:
        """Return the report year; ``None`` where something else stands there, or nothing."""
        value = self._year(form)
        return value if isinstance(value, int) and value in YEARS else None

    def year_findings(self, form: Form) -> tuple[Finding, ...]:
        """Return the finding where something else than a year stands beside its question."""
        if self.year(form) is not None:
            return ()
        place = Place(COVER, a1(self.rows(form)["year"], COVER_ANSWERS))
        return (year_finding(self._year(form), form.field("year").label, place),)

    def _year(self, form: Form) -> Value:
        return value_of(self.answer(form.field("year").label))
