"""One number of a sound report, beside which something is written."""

from __future__ import annotations

from cases import sound

import workbook
from workbook.report import Report

KEY = "services.licensing.decisions"

NUMBER = 592

REPORT = sound("2021").with_cells({KEY: NUMBER})
"""A sound report in which the number stands once."""


def told(report: Report) -> set[str]:
    return {finding.code for finding in workbook.check(report) if finding.at == KEY}
