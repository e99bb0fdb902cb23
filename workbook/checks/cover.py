"""The cover: the office, its codes, the year, and whether the edition is that of the year."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from workbook.expression import expression
from workbook.report.findings import CellValue, make_finding
from workbook.report.limits import CREDIT, DIVISION, TEMPLATE_VERSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report.findings import Finding
    from workbook.report.report import Report
    from workbook.report.values import Value

_REPORT_OF = expression(r"(?<!\d)(20\d\d)年?度?[^\d报]{0,30}(?:年报(?!送)|年度报告)")
"""The year of an annual report in a file's name; a year before 报送 or 上报 is that of its sending."""

CODES = frozenset(
    {
        "body.choice",
        "body.credit_code",
        "body.division_code",
        "body.kind",
        "body.name",
        "body.year",
        "file.edition_for_year",
        "file.other_year",
        "file.template",
    }
)


def check(report: Report, _previous: Report | None = None) -> Iterator[Finding]:
    """Yield what is wrong with office and year."""
    body, form = report.body, report.form
    if not body.name:
        yield _finding(report, "name", body.name)
    if report.year is None and not any(finding.code == "body.year" for finding in report.reader_findings):
        yield _finding(report, "year", None)
    if body.credit_code is not None and not is_credit_code(body.credit_code):
        yield _finding(report, "credit_code", body.credit_code)
    if body.division_code is not None and not is_division_code(body.division_code):
        yield _finding(report, "division_code", body.division_code)
    choices = form.field("kind").choices
    if body.kind is not None and body.kind not in choices:
        yield _finding(report, "kind", body.kind, choices="、".join(choices.values()))
    for field in form.more_fields:
        answer = body.answer(field.key)
        if answer is not None and field.choices and answer not in field.choices:
            cell = CellValue(field.key, field.label, answer, report.places.get(field.key))
            yield make_finding("body.choice", field.key, (cell,), answer, choices="、".join(field.choices.values()))
    if report.year is not None and not form.covers(report.year):
        words = {"year": str(report.year), "edition": form.edition, "authority": form.authority}
        yield make_finding("file.edition_for_year", "year", **words)
    yield from _file(report)


def is_credit_code(text: str) -> bool:
    """Say whether a text is a unified social credit code: 18 characters, the last of which checks the others."""
    from stdnum.cn import uscc

    return re.fullmatch(CREDIT, text) is not None and uscc.is_valid(text)


def is_division_code(text: str) -> bool:
    """Say whether a text looks like a code of administrative division: 6 to 12 digits."""
    return re.fullmatch(DIVISION, text) is not None


def _file(report: Report) -> Iterator[Finding]:
    """Yield the year that the file's name gives, where it never gives the cover's, and an unknown template."""
    name = report.source.file if report.source else ""
    template = report.source.template if report.source else None
    if template is not None and template not in TEMPLATE_VERSIONS:
        yield make_finding("file.template", "template", (), template, known="、".join(TEMPLATE_VERSIONS))
    found = _REPORT_OF.search(name)
    if found and report.year is not None and str(report.year) not in name:
        yield make_finding("file.other_year", "year", said=found[1], year=str(report.year), file=name)


def _finding(report: Report, key: str, found: Value, **words: str) -> Finding:
    cell = CellValue(key, report.form.field(key).label, found, report.places.get(key))
    return make_finding(f"body.{key}", key, (cell,), found, **words)
