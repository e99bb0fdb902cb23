"""Reads the register (名册) that people keep: a workbook or values between commas, its columns in any order.

Only the column of names has to be there. What is wrong is told with row and column; with an error there is no register.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbook.collect.entries import Entry, about_head, entries, find_head
from workbook.collect.sheets import sheets
from workbook.collect.tree import register_of
from workbook.files import load, shown
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.collect.register import Register
    from workbook.report import Finding


@dataclass(frozen=True)
class Reading:
    """What was read: the register, ``None`` where an error was found; the SHA-256 of the file, and its name."""

    register: Register | None
    findings: tuple[Finding, ...]
    digest: str
    name: str


def read_register(path: Path) -> Reading:
    """Return what a file says of the units that are expected: a workbook of any format, or a text (.csv)."""
    name = shown(path.name)
    try:
        data = load(path)
    except Unreadable as refusal:
        return Reading(None, refusal.findings, "", name)
    return parse_register(data, name)


def parse_register(data: bytes, name: str) -> Reading:
    """Return what the bytes of a file say of the units that are expected; ``name`` names it in findings."""
    digest = hashlib.sha256(data).hexdigest()
    try:
        head = find_head(sheets(data, name))
    except Unreadable as refusal:
        return Reading(None, refusal.findings, digest, name)
    if head is None:
        return Reading(None, (make_finding("register.no_name_column", file=name),), digest, name)
    findings, rows = list(about_head(head)), list[Entry]()
    for item in entries(head):
        if isinstance(item, Entry):
            rows.append(item)
        else:
            findings.append(item)
    if not rows and not any(finding.level == "error" for finding in findings):
        findings.append(make_finding("register.no_units", file=name))
    units, more = register_of(rows)
    findings += more
    sound = units is not None and not any(finding.level == "error" for finding in findings)
    return Reading(units if sound else None, tuple(findings), digest, name)
