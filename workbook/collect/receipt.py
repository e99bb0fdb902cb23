"""What came of a file that was handed in: one of a few outcomes, and what there is to say of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

RECEIVED, AGAIN, UNCHANGED, UNKNOWN, UNREADABLE, SKIPPED = (
    "received", "again", "unchanged", "unknown", "unreadable", "skipped"
)  # fmt: skip
OUTCOMES = (RECEIVED, AGAIN, UNCHANGED, UNKNOWN, UNREADABLE, SKIPPED)
"""What may come of a file; each has one of them."""


@dataclass(frozen=True)
class Receipt:
    """What came of a file, of a line or a member of one.

    Args:
        file: its name.
        outcome: one of ``OUTCOMES``.
        submission: its number in the store; that of the one that it repeats.
        unit: the unit that it is of.
        year: the year that it is taken for.
        errors, warnings: mistakes, as people count them.
        findings: what there is to say of it beside its check, as JSON has findings.
        fault: what the log is told where the kit itself failed.
    """

    file: str
    outcome: str
    submission: int | None = None
    unit: str | None = None
    year: int | None = None
    errors: int = 0
    warnings: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)
    fault: str | None = None
