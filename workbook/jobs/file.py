"""One job a file: check, convert, fill, mark. What they make is handed back, and written by whoever follows the run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.run import is_sound
from workbook.exits import FAULTY, SOUND, UNREADABLE
from workbook.files import load, parse, shown
from workbook.jobs.identity import identify
from workbook.jobs.result import Options, Result, Task, skipped
from workbook.report import Finding, Report, Unreadable, make_finding
from workbook.report.limits import PARAGRAPH_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable


def check_file(task: Task, options: Options) -> Result:
    """Check a workbook or a document."""
    return with_report(task, options, lambda _data, report, findings: result_of(task, options, report, findings))


def convert_file(task: Task, options: Options) -> Result:
    """Convert a workbook or a document to a JSON document that passes its schema; with errors only as a draft."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.document.document import dump, left_out, schema_finding, to_document
        from workbook.document.schema import VERSION
        from workbook.document.validate import is_valid, schema_errors

        contract = options.contract or VERSION
        report = options.waivers.beside(report)
        findings = (*findings, *left_out(report, contract))
        result = result_of(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        document = to_document(report, findings, contract=contract)
        if not is_valid(document, report.edition):
            wrong = [schema_finding(breach) for breach in schema_errors(document, report.edition)]
            return replace(result, exit_code=UNREADABLE, findings=[finding.as_dict(options.lang) for finding in wrong])
        return replace(result, data=dump(document, line=options.line), only_sound=not options.draft)

    return with_report(task, options, make)


def fill_file(task: Task, options: Options) -> Result:
    """Write the report of a document or a workbook into a fresh standard workbook."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        return with_workbook(result_of(task, options, report, findings), task, options, report)

    return with_report(task, options, make)


def with_workbook(result: Result, task: Task, options: Options, report: Report) -> Result:
    """Return a result with the fresh workbook of its report; without where a cell cannot hold a text, which is told."""
    from workbook.excel.template.build import write
    from workbook.excel.template.contents import TextTooLongError

    try:
        return replace(result, data=write(report))
    except TextTooLongError as error:
        words = {
            "file": shown(task.to.name) if task.to else "",
            "reason": f"「{error.sheet}」{error.address} 要写的文字有 {error.length} 字，"
            f"单元格最多容纳 {PARAGRAPH_LIMIT} 字",
            "remedy": "原文件没有改动；把这段文字缩短或分成几段后再试。",
        }
        english = {"reason_en": str(error), "remedy_en": "The input is as it was; shorten or divide the text."}
        finding = make_finding("file.not_written", **words, **english)
        return replace(result, exit_code=FAULTY, findings=[*result.findings, finding.as_dict(options.lang)])


def mark_file(task: Task, options: Options) -> Result:
    """Write a copy of a workbook in which the findings are marked, and where asked digits as text are numbers."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.mark import mark

        if not data.startswith(b"PK"):
            raise Unreadable(make_finding("file.document", file=shown(task.source.name)))
        result = result_of(task, options, report, findings)
        if options.only_faulty and result.exit_code == SOUND:
            return result
        return replace(result, data=mark(data, report, findings))

    return with_report(task, options, make)


def with_report(
    task: Task,
    options: Options,
    make: Callable[[bytes, Report, tuple[Finding, ...]], Result],
    read: Callable[[bytes, str], Report] = parse,
) -> Result:
    """Do something with the report in a file; a file that cannot be read gives the findings that say why."""
    if task.refused:
        return Result(shown(task.source), UNREADABLE, [task.refused.as_dict(options.lang)])
    try:
        data = load(task.source) if task.data is None else task.data
    except Unreadable as refusal:
        return _unreadable(task, options, refusal)
    if task.root:
        from workbook.jobs.passed_over import is_made_by_kit

        if is_made_by_kit(task.source, data):
            return skipped(task, "skipped.result", options)
    try:
        return _with_report(task, options, data, read(data, shown(task.source.name)), make)
    except Unreadable as refusal:
        return _passed_over(task, options, data, refusal) or _unreadable(task, options, refusal)


def _with_report(
    task: Task,
    options: Options,
    data: bytes,
    report: Report,
    make: Callable[[bytes, Report, tuple[Finding, ...]], Result],
) -> Result:
    waivers = options.waivers.beside(report).waivers
    identity = identify(task.source, report, waivers)
    if options.fix:
        from workbook.checks.text_numbers import with_numbers

        report = with_numbers(report)
    if options.zero:
        from workbook.checks.convert import with_zeros

        report = with_zeros(report)
    report, last = options.previous.beside(report, zero=options.zero) if options.previous else (report, None)
    if last and report.loose:
        from workbook.match.uneven import settle

        report = settle(report, last)
    findings = check(options.waivers.beside(report), last)
    current = options.resume and _is_current(task, data, report, options, draft=not is_sound(findings))
    if current and is_sound(findings, strict=options.strict):
        return replace(skipped(task, "skipped.current", options), identity=identity)
    made = make(data, report, findings)
    if current and made.data is not None:  # it stands there; that it fails is told again
        made = replace(made, data=None if task.to else b"", written=shown(task.to or task.source))
    return replace(made, identity=identity, waivers=options.waivers.of(report))


def _is_current(task: Task, data: bytes, report: Report, options: Options, *, draft: bool) -> bool:
    """Say whether a run before wrote just this report."""
    from workbook.jobs.passed_over import is_current

    return is_current(task.to, data, report, options, draft=draft)


def _passed_over(task: Task, options: Options, data: bytes, refusal: Unreadable) -> Result | None:
    """Return the result of a file of a folder that is no report and no fault; ``None`` of any other."""
    if not task.root:
        return None
    from workbook.jobs.passed_over import no_report

    return no_report(task, options, data, refusal)


def _unreadable(task: Task, options: Options, refusal: Unreadable) -> Result:
    return Result(shown(task.source), UNREADABLE, [finding.as_dict(options.lang) for finding in refusal.findings])


def index_file(task: Task, options: Options) -> Result:
    """Tell whose report a file is, and of which year."""

    def make(data: bytes, report: Report, _findings: tuple[Finding, ...]) -> Result:
        from workbook.jobs.prior_year import describe

        return Result(shown(task.source), SOUND, edition=report.edition, known=describe(task.source, data, report))

    return with_report(task, options, make)


def result_of(task: Task, options: Options, report: Report, findings: tuple[Finding, ...]) -> Result:
    """Return the result of a report that was read."""
    sound = is_sound(findings, strict=options.strict)
    document = None
    if options.document:
        from workbook.document.document import to_document

        document = to_document(report, findings)
    shown_ones, others = options.shown.divided(finding.as_dict(options.lang) for finding in findings)
    return Result(
        file=shown(task.source),
        exit_code=SOUND if sound else FAULTY,
        findings=shown_ones,
        unshown=others,
        edition=report.edition,
        year=report.year,
        body=report.body.name,
        document=document,
    )
