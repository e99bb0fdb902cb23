"""One job a pair of files: is a report what the file beside it says?"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from workbook.exits import FAULTY, UNREADABLE
from workbook.files import load, parse, shown
from workbook.jobs.file import result_of
from workbook.jobs.passed_over import no_report
from workbook.jobs.result import Result
from workbook.report import Source, Unreadable
from workbook.report.compare import compare

if TYPE_CHECKING:
    from pathlib import Path

    from workbook.jobs.result import Options, Task
    from workbook.report import Finding, Report


def verify_file(task: Task, options: Options) -> Result:
    """Compare a report with that in ``task.against``, which is the one that is right."""
    return compared(task, options)[0]


def compared(task: Task, options: Options) -> tuple[Result, Report | None, Report | None]:
    """Return what comes of a comparison, and the two reports where both could be read."""
    if task.refused:  # of two folders, one has no such report
        faulty = task.refused.code.startswith("differs.")
        code = FAULTY if faulty else UNREADABLE
        return Result(shown(task.source), code, [task.refused.as_dict(options.lang)]), None, None
    report, refused = _read(task.source, task.data)
    if report is None and task.root and (passed_over := _passed_over(task, options, refused)):
        return passed_over, None, None
    other, refused_too = _read(task.against) if task.against else (None, ())
    if report is None or other is None:
        findings = [finding.as_dict(options.lang) for finding in (*refused, *refused_too)]
        return Result(shown(task.source), UNREADABLE, findings), None, None
    result = result_of(task, options, report, compare(report, other))
    return replace(result, against=shown(task.against.name) if task.against else None), report, other


def read_for_comparison(task: Task, options: Options) -> tuple[Report | None, Result]:
    """Return the report in a file, and the result that says why there is none."""
    report, refused = _read(task.source, task.data)
    return report, Result(shown(task.source), UNREADABLE, [finding.as_dict(options.lang) for finding in refused])


def _passed_over(task: Task, options: Options, refused: tuple[Finding, ...]) -> Result | None:
    """Return why a file of a folder is passed over; ``None`` where it must be told that it cannot be read."""
    try:
        data = load(task.source)
    except Unreadable:
        return None
    return no_report(task, options, data, Unreadable(*refused))


def _read(path: Path, data: bytes | None = None) -> tuple[Report | None, tuple[Finding, ...]]:
    """Return the report in a file, or why there is none; a document that names no source is its own."""
    name = shown(path.name)
    try:
        data = load(path) if data is None else data
        report = parse(data, name)
        return replace(report, source=report.source or Source(name, sha256(data).hexdigest())), ()
    except Unreadable as refusal:
        return None, refusal.findings
