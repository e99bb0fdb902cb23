"""A report with warnings, and a waiver."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cases import sound

from workbook.report import Report, Waiver

TODAY = dt.date.today().isoformat()  # noqa: DTZ011 - as the macros

GIVEN = Waiver("text.blank", "other", "本年没有其他事项", "李四", "2025-01-20")


def warned(*waivers: Waiver) -> Report:
    """Return a report with two warnings: the edition, and a text that is blank."""
    base = sound("2021")
    return replace(base, year=2020, narrative={**base.narrative, "other": None}, waivers=waivers)
