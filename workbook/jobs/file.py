"""One job a file: check, convert, fill, mark."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.convert import with_zeros
from workbook.checks.run import is_sound
from workbook.checks.text_numbers import with_numbers
from workbook.document.document import dump, left_out, schema_finding, to_document
from workbook.document.schema import VERSION
from workbook.document.validate import is_valid, schema_errors
from workbook.exits import FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.files import load, parse, save, shown
from workbook.jobs.prior_year import describe
from workbook.jobs.result import Options, Result, Task
from workbook.report import Finding, Report, Unreadable, content_digest, make_finding

if TYPE_CHECKING:
    from collections.abc import Callable

MARKED = "-校验.xlsx"
"""What the name of a marked copy ends in; what it is a copy of stands inside."""


def check_file(task: Task, options: Options) -> Result:
    """Check a workbook or a document."""
    return with_report(task, options, lambda _data, report, findings: result_of(task, options, report, findings))


def convert_file(task: Task, options: Options) -> Result:
    """Convert a workbook or a document to a JSON document that passes its schema; with errors only as a draft."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        contract = options.contract or VERSION
        report = options.waivers.beside(_converted_from(task, data, report))
        findings = (*findings, *left_out(report, contract))
        result = result_of(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        document = to_document(report, findings, contract=contract)
        if not is_valid(document, report.edition):
            wrong = [schema_finding(breach) for breach in schema_errors(document, report.edition)]
            return replace(result, exit_code=UNREADABLE, findings=[finding.as_dict(options.lang) for finding in wrong])
        return write_result(task, options, result, dump(document, line=options.line))

    return with_report(task, options, make)


def fill_file(task: Task, options: Options) -> Result:
    """Write the report of a document or a workbook into a fresh standard workbook."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.template.build import write

        report = _converted_from(task, data, report)
        result = result_of(task, options, report, findings)
        try:
            book = write(report)
        except ValueError as error:
            words = {
                "file": shown(task.to.name) if task.to else "",
                "reason": "有文字超过单元格能容纳的长度",
                "remedy": "缩短后再试。",
            }
            finding = make_finding("file.not_written", **words, reason_en=str(error), remedy_en="Shorten it.")
            return replace(result, exit_code=FAULTY, findings=[*result.findings, finding.as_dict(options.lang)])
        return write_result(task, options, result, book)

    return with_report(task, options, make)


def _converted_from(task: Task, data: bytes, report: Report) -> Report:
    """Return a report that says which file it is converted from, behind those that this was made from."""
    file, digest = shown(task.source.name), hashlib.sha256(data).hexdigest()
    if report.source is None or report.source.sha256 == digest:
        return report
    return replace(report, source=report.source.passed_to(file, digest))


def mark_file(task: Task, options: Options) -> Result:
    """Write a copy of a workbook in which the findings are marked, and where asked digits as text are numbers."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.mark import mark

        if not data.startswith(b"PK"):
            raise Unreadable(make_finding("file.document", file=shown(task.source.name)))
        result = result_of(task, options, report, findings)
        if options.only_faulty and result.exit_code == SOUND:
            return result
        return write_result(task, options, result, mark(data, report, findings))

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
        report = read(data, shown(task.source.name))
        content, copy_of = content_digest(report), report.copy_of
        if task.to and task.batch is None and (task.overwrites_found or (task.root and copy_of)):
            return Result(shown(task.source), SOUND, content=content, copy_of=copy_of, waits=True)
        report = replace(report, reader_findings=(*report.reader_findings, *(task.batch or ())))
        if options.fix:
            report = with_numbers(report)
        if options.zero:
            report = with_zeros(report)
        report, last = options.previous.beside(report, zero=options.zero) if options.previous else (report, None)
        if last and report.loose:
            from workbook.match.uneven import settle

            report = settle(report, last)
        made = make(data, report, check(options.waivers.beside(report), last))
        return replace(made, content=content, copy_of=copy_of, waivers=options.waivers.of(report))
    except Unreadable as refusal:
        findings = [finding.as_dict(options.lang) for finding in refusal.findings]
        return Result(shown(task.source), UNREADABLE, findings)


def index_file(task: Task, options: Options) -> Result:
    """Tell whose report a file is, and of which year."""

    def make(data: bytes, report: Report, _findings: tuple[Finding, ...]) -> Result:
        return Result(shown(task.source), SOUND, edition=report.edition, known=describe(task.source, data, report))

    return with_report(task, options, make)


def result_of(task: Task, options: Options, report: Report, findings: tuple[Finding, ...]) -> Result:
    """Return the result of a report that was read."""
    sound = is_sound(findings, strict=options.strict)
    shown_ones, others = options.shown.divided(finding.as_dict(options.lang) for finding in findings)
    return Result(
        file=shown(task.source),
        exit_code=SOUND if sound else FAULTY,
        findings=shown_ones,
        unshown=others,
        edition=report.edition,
        year=report.year,
        body=report.body.name,
        document=to_document(report, findings) if options.document else None,
    )


def write_result(task: Task, options: Options, result: Result, data: bytes) -> Result:
    """Write what was made to its place, or hand it back where it has none; an input is never overwritten."""
    if task.to is None:
        return replace(result, data=data)
    reason, remedy = ("不能覆盖输入的文件", "an input would be overwritten"), _OTHER_NAME
    if not (task.overwrites_input or task.overwrites_found):
        try:
            task.to.parent.mkdir(parents=True, exist_ok=True)
            try:
                # A worker process that died may have written it already.
                save(task.to, data, force=options.force or task.is_new or task.is_own)
                return replace(result, written=shown(task.to))
            except FileExistsError:
                reason, remedy = ("已有这个文件", "the file exists"), _OTHER_NAME_OR_FORCE
        except OSError as error:
            reason, remedy = (error.strerror or str(error),) * 2, _LOOK_AT_FOLDER
    words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
    finding = make_finding("file.not_written", file=shown(task.to.name), **words).as_dict(options.lang)
    return replace(result, exit_code=max(result.exit_code, MISUSE), findings=[*result.findings, finding])


_OTHER_NAME = ("换一个文件名。", "Choose another name.")
_OTHER_NAME_OR_FORCE = ("换一个文件名，或加 --force 覆盖。", "Choose another name, or give --force.")
_LOOK_AT_FOLDER = ("检查文件夹、写入权限和磁盘空间。", "Check the folder, its permissions and the free space.")
