"""Files that are looked into and passed over: no reports, results of the kit, reports that are written already."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING

from workbook.document.schema import VERSION
from workbook.files import load, parse, shown
from workbook.intake.kinds import of_ending
from workbook.intake.results import is_data_of_kit, is_published_by_kit, is_result
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


def is_made_by_kit(path: Path, data: bytes) -> bool:
    """Say whether a file of a folder was published by the kit, or holds findings, and is a result there."""
    if is_published_by_kit(data) or (is_published(path) and is_result(data)):
        return True
    beside = path.with_suffix(".csv")
    try:
        return path.suffix.lower() == ".json" and is_data_of_kit(data, load(beside))
    except Unreadable:
        return False


def is_in_the_way(task: Task, output: Path) -> bool:
    """Say whether an input must not be written over: a page of findings in a folder, made anew, is nobody's report."""
    if not task.root or task.source.name != output.name:
        return True
    try:
        return not is_result(load(task.source))
    except Unreadable:
        return True


def no_report(task: Task, options: Options, data: bytes, refusal: Unreadable) -> Result | None:
    """Return the result of a file of a folder that is no report and no fault; ``None`` where it must be told as one."""
    finding = refusal.findings[0]
    if finding.code in {*_NO_TABLE, "file.contract_unknown"} and is_result(data):
        return skipped(task, "skipped.result", options)
    if finding.code in _NO_TABLE and is_published(task.source):
        return skipped(task, "skipped.not_a_report", options)
    if finding.code == "file.needs_library" and is_published(task.source):
        words = {name: finding.words[name] for name in ("library", "install")}
        return skipped(task, "skipped.library", options, **words)
    return None


def is_current(to: Path | None, data: bytes, report: Report, options: Options, *, draft: bool) -> bool:
    """Say whether a run before wrote just this report: as a line, or into its file in the version that is asked for.

    Args:
        to: the file; ``None`` where it is a line of one.
        data: the bytes that the report was read from.
        report: the report as it would be written; a document has the waivers too that the office keeps.
        options: the switches, which know the lines that are there.
        draft: whether its document would be a draft.
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
    if to.suffix.lower() == ".json" and not _is_as_asked(written, options, draft=draft):
        return False
    return content in {made.content, *made.copy_of}


def _is_as_asked(written: bytes, options: Options, *, draft: bool) -> bool:
    """Say whether a file of a report is a document, of the version that is asked for, and a draft as this one is."""
    try:
        document = json.loads(written)
    except ValueError:  # something else stands under that name
        return False
    version = str(document.get("$schema", "")).rpartition(":")[2]
    return version == str(options.contract or VERSION) and bool(document.get("draft")) == draft
