"""One job a file: check, convert, fill, mark. Results are plain data, so that worker processes can hand them back."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.checks import check
from workbook.checks.convert import with_zeros
from workbook.checks.run import is_sound
from workbook.document.document import dump, schema_finding, to_document
from workbook.document.validate import is_valid, schema_errors
from workbook.exits import FAULT, FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.files import load, parse, save, shown
from workbook.jobs.pool import shared, workers_for
from workbook.jobs.prior_year import PriorReport, PriorReports, describe
from workbook.report import Finding, Lang, Report, Unreadable, content_digest, make_finding

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

MARKED = "-校验.xlsx"
"""What the name of a marked copy ends in; what it is a copy of stands inside."""


@dataclass(frozen=True)
class Result:
    """What came of one file. ``findings`` are dictionaries as in JSON; ``data`` is what was made and not written.

    ``known`` is what an index of last year's reports keeps of it.
    ``document`` is the report as ``to_document`` returns it, where the options ask for it.
    ``fault`` is what the log is told where the kit itself failed.
    ``content`` is the digest of what the report says, ``copy_of`` those of what it is a marked copy of; ``waits`` says
    that nothing was done but reading, as it depends on the other files.
    """

    file: str
    exit_code: int
    findings: list[dict[str, Any]] = field(default_factory=list)
    edition: str | None = None
    year: int | None = None
    body: str | None = None
    written: str | None = None
    data: bytes | None = None
    known: PriorReport | None = None
    document: dict[str, Any] | None = field(default=None, repr=False)
    fault: str | None = field(default=None, repr=False)
    content: str | None = None
    copy_of: tuple[str, ...] = ()
    waits: bool = False

    @property
    def errors(self) -> int:
        """How many errors the report has; that its output could not be written is none of them."""
        return sum(finding["level"] == "error" and finding["code"] != "file.not_written" for finding in self.findings)

    def as_dict(self) -> dict[str, Any]:
        """Return the result as ``check --format json`` prints it."""
        keys = {
            "file": self.file,
            "edition": self.edition,
            "year": self.year,
            "body": self.body,
            "sound": not self.errors,
        }
        return {**keys, "findings": self.findings}


@dataclass(frozen=True)
class Task:
    """One input, where its output goes (``None`` where nothing is written), and the folder that it was found in.

    ``clash`` says that the output is a file that was named as an input; ``over`` are the inputs found in folders that
    it is, which may turn out to be copies that nobody needs. ``fresh`` says that there was no such file when the run
    began, ``again`` that this run wrote it. ``refused`` says why there is nothing to read; ``told`` is what is known of
    the file when the others were read, ``None`` before.
    """

    source: Path
    to: Path | None = None
    below: Path | None = None
    clash: bool = False
    over: tuple[Path, ...] = ()
    fresh: bool = False
    again: bool = False
    refused: Finding | None = None
    told: tuple[Finding, ...] | None = None


@dataclass(frozen=True)
class Options:
    """What the commands' switches say."""

    lang: Lang = "zh"
    strict: bool = False
    draft: bool = False
    force: bool = False
    line: bool = False
    zero: bool = False
    edition: str | None = None
    previous: PriorReports | None = None
    document: bool = False


def check_file(task: Task, options: Options) -> Result:
    """Check a workbook or a document."""
    return with_report(task, options, lambda _data, report, findings: result_of(task, options, report, findings))


def convert_file(task: Task, options: Options) -> Result:
    """Convert a workbook or a document to a JSON document that passes its schema; with errors only as a draft."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        result = result_of(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        document = to_document(report, findings)
        if not is_valid(document, report.edition):
            wrong = [schema_finding(breach) for breach in schema_errors(document, report.edition)]
            return replace(result, exit_code=UNREADABLE, findings=[finding.as_dict(options.lang) for finding in wrong])
        return write_result(task, options, result, dump(document, line=options.line))

    return with_report(task, options, make)


def fill_file(task: Task, options: Options) -> Result:
    """Write the report of a document or a workbook into a fresh standard workbook."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.template.build import write

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


def mark_file(task: Task, options: Options) -> Result:
    """Write a copy of a workbook in which the findings are marked."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.mark import mark

        if not data.startswith(b"PK"):
            raise Unreadable(make_finding("file.document", file=shown(task.source.name)))
        return write_result(task, options, result_of(task, options, report, findings), mark(data, report, findings))

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
        data = load(task.source)
        report = read(data, shown(task.source.name))
        content, copy_of = content_digest(report), report.copy_of
        if task.to and task.told is None and (task.over or (task.below and copy_of)):
            return Result(shown(task.source), SOUND, content=content, copy_of=copy_of, waits=True)
        report = replace(report, reader_findings=(*report.reader_findings, *(task.told or ())))
        if options.zero:
            report = with_zeros(report)
        report, last = options.previous.beside(report, zero=options.zero) if options.previous else (report, None)
        if last and report.loose:
            from workbook.match.uneven import settle

            report = settle(report, last)
        return replace(make(data, report, check(report, last)), content=content, copy_of=copy_of)
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
    return Result(
        file=shown(task.source),
        exit_code=SOUND if sound else FAULTY,
        findings=[finding.as_dict(options.lang) for finding in findings],
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
    if not (task.clash or task.over):
        try:
            task.to.parent.mkdir(parents=True, exist_ok=True)
            try:
                # A worker process that died may have written it already.
                save(task.to, data, force=options.force or task.fresh or task.again)
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


def run(
    job: Callable[[Task, Options], Result], chosen: Sequence[Task], options: Options, jobs: int = 0
) -> Generator[Result]:
    """Yield the result of each task in order.

    Many files are shared among worker processes; what goes wrong with one file, be it that a process dies of it, takes
    no other with it.

    Args:
        job: one of the functions of this module.
        chosen: the inputs.
        options: the switches.
        jobs: number of processes; 0 chooses by the number of files and processors.
    """
    workers = workers_for(len(chosen), jobs)
    if workers > 1:
        chosen = [replace(task, fresh=task.to is not None and not os.path.lexists(task.to)) for task in chosen]
    return shared(partial(_do, job, options), chosen, partial(_excuse, options), workers)


def _do(job: Callable[[Task, Options], Result], options: Options, task: Task) -> Result:
    return job(task, options)


def _excuse(options: Options, task: Task, error: BaseException | None) -> Result:
    """Return the result of a file whose job raised what it should not, or whose process died."""
    file = shown(task.source.name)
    if error is None:
        return Result(shown(task.source), UNREADABLE, [make_finding("file.crashed", file=file).as_dict(options.lang)])
    # What the error says may be what strangers wrote; the log has it.
    reason = ": ".join(filter(None, (type(error).__name__, getattr(error, "strerror", None))))
    finding = make_finding("file.failed", file=file, reason=reason).as_dict(options.lang)
    return Result(shown(task.source), FAULT, [finding], fault="".join(traceback.format_exception(error)))
