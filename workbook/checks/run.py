"""All checks in one run, in the order in which a person would put right what they find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.checks import (
    causes,
    cells,
    copied,
    cover,
    draft,
    plausible,
    prior_year,
    rules,
    text,
    text_length,
    waivers,
)
from workbook.report.findings import LEVELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.report.findings import Finding
    from workbook.report.report import Report

CHECKS = (cover, cells, text_length, text, prior_year, copied, plausible, rules)
"""Every check: a module with ``check(report, previous)``, which yields findings, and ``CODES``, which it may raise.

Causes come before what follows from them. The codes of a form's own rules stand in the form.
"""


def check(report: Report, previous: Report | None = None) -> tuple[Finding, ...]:
    """Return everything that is wrong with a report, beside last year's where there is one.

    Errors come before warnings and what is only told; among each of them causes come before what follows from them,
    what the reader found before what the checks find, in their order, and what is wrong with the waivers. Warnings that
    a waiver of the report covers are waived. A draft always has an error.
    """
    findings = [*report.reader_findings, *(finding for each in CHECKS for finding in each.check(report, previous))]
    findings = waivers.apply(findings, report.waivers, compared=previous is not None)
    findings = draft.apply(findings, report)
    findings = causes.linked(report, findings)
    return tuple(sorted(findings, key=lambda finding: (LEVELS.index(finding.level), finding.under is not None)))


def is_sound(findings: Sequence[Finding], *, strict: bool = False) -> bool:
    """Say whether a report with these findings may be sent up; ``strict`` refuses warnings that nobody accepted too."""
    failing = {"error", "warning"} if strict else {"error"}
    return not any(finding.level in failing and not finding.waived for finding in findings)
