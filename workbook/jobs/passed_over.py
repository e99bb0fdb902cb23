"""Files that are looked into and passed over: no reports, results of the kit, reports that are written already."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from workbook.document.schema import VERSION
from workbook.files import load, parse, shown
from workbook.intake.kinds import of_ending
from workbook.intake.results import is_result
from workbook.jobs.identity import identify
from workbook.jobs.result import Options, Result, Task, skipped
from workbook.report import Unreadable, content_digest

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.report import Report

_NO_TABLE = {"file.not_a_report", "file.not_a_workbook", "file.empty"}
"""Codes of refusals that say that a file holds no table of the form."""


def is_published(path: Path) -> bool:
    """Say whether a file is, by its name, of a kind that reports are published in."""
    kind = of_ending(path.suffix)
    return kind is not None and kind.published


def no_report(task: Task, options: Options, data: bytes, refusal: Unreadable) -> Result | None:
    """Return the result of a file of a folder that is no report and no fault; ``None`` where it must be told as one."""
    finding = refusal.findings[0]
    if finding.code in _NO_TABLE:
        if is_result(data):
            return skipped(task, "skipped.result", options)
        if is_published(task.source):
            return skipped(task, "skipped.not_a_report", options)
    if finding.code == "file.needs_library" and is_published(task.source):
        words = {name: finding.words[name] for name in ("library", "package")}
        return skipped(task, "skipped.library", options, **words)
    return None


def is_current(to: Path | None, data: bytes, report: Report, options: Options) -> bool:
    """Say whether a run before wrote just this report: as a line, or into its file in the version that is asked for.

    Args:
        to: the file; ``None`` where it is a line of one.
        data: the bytes that the report was read from.
        report: the report as it would be written; a document has the waivers too that the office keeps.
        options: the switches, which know the lines that are there.
    """
    if to is None or to.suffix.lower() == ".json":
        report = options.waivers.beside(report)
    content = content_digest(report)
    if to is None:
        return bool(options.have) and not options.have.isdisjoint({sha256(data).hexdigest(), content})
    try:
        written = load(to)
        made = identify(to, parse(written, shown(to.name)))
    except Unreadable:
        return False
    if to.suffix.lower() == ".json":
        version = str(json.loads(written).get("$schema", "")).rpartition(":")[2]
        if version != str(options.contract or VERSION):
            return False
    return content in {made.content, *made.copy_of}
