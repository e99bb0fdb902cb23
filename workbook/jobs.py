"""One job a file: check, convert, fill, mark. Results are plain data, so that worker processes can hand them back."""

from __future__ import annotations

import os
import traceback
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain, count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.exits import FAULT, FAULTY, MISUSE, SOUND, UNREADABLE
from workbook.files import is_folder, load, parse, reports_in, save, shown
from workbook.pool import shared, workers_for
from workbook.previous import Known, Previous, known
from workbook.report import (
    Finding,
    Lang,
    Report,
    Unreadable,
    breaches,
    check,
    conforms,
    dump,
    is_sound,
    not_conforming,
    note,
    to_document,
    zeroed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Sequence

MARKED = "-校验.xlsx"
"""What the name of a marked copy ends in; folders are searched without them."""


@dataclass(frozen=True)
class Result:
    """What came of one file. ``findings`` are dictionaries as in JSON; ``data`` is what was made and not written.

    ``known`` is what an index of last year's reports keeps of it.
    ``document`` is the report as ``to_document`` returns it, where the options ask for it.
    ``fault`` is what the log is told where the kit itself failed.
    """

    file: str
    exit_code: int
    findings: list[dict[str, Any]] = field(default_factory=list)
    edition: str | None = None
    year: int | None = None
    body: str | None = None
    written: str | None = None
    data: bytes | None = None
    known: Known | None = None
    document: dict[str, Any] | None = field(default=None, repr=False)
    fault: str | None = field(default=None, repr=False)

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

    ``clash`` says that the output is an input of this run; ``fresh`` that there was no such file when the run began.
    """

    source: Path
    to: Path | None = None
    below: Path | None = None
    clash: bool = False
    fresh: bool = False


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
    previous: Previous | None = None
    document: bool = False


def check_file(task: Task, options: Options) -> Result:
    """Check a workbook or a document."""
    return with_report(task, options, lambda _data, report, findings: judged(task, options, report, findings))


def convert_file(task: Task, options: Options) -> Result:
    """Convert a workbook or a document to a JSON document that passes its schema; with errors only as a draft."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        result = judged(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        document = to_document(report, findings)
        if not conforms(document, report.edition):
            wrong = [not_conforming(breach) for breach in breaches(document, report.edition)]
            return replace(result, exit_code=UNREADABLE, findings=[finding.as_dict(options.lang) for finding in wrong])
        return written(task, options, result, dump(document, line=options.line))

    return with_report(task, options, make)


def fill_file(task: Task, options: Options) -> Result:
    """Write the report of a document or a workbook into a fresh standard workbook."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.build import write

        result = judged(task, options, report, findings)
        try:
            book = write(report)
        except ValueError as error:
            words = {
                "file": shown(task.to.name) if task.to else "",
                "reason": "有文字超过单元格能容纳的长度",
                "remedy": "缩短后再试。",
            }
            finding = note("file.not_written", **words, reason_en=str(error), remedy_en="Shorten it.")
            return replace(result, exit_code=FAULTY, findings=[*result.findings, finding.as_dict(options.lang)])
        return written(task, options, result, book)

    return with_report(task, options, make)


def mark_file(task: Task, options: Options) -> Result:
    """Write a copy of a workbook in which the findings are marked."""

    def make(data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        from workbook.excel.mark import mark

        if not data.startswith(b"PK"):
            raise Unreadable(note("file.document", file=shown(task.source.name)))
        return written(task, options, judged(task, options, report, findings), mark(data, report, findings))

    return with_report(task, options, make)


def with_report(
    task: Task,
    options: Options,
    make: Callable[[bytes, Report, tuple[Finding, ...]], Result],
    read: Callable[[bytes, str], Report] = parse,
) -> Result:
    """Do something with the report in a file; a file that cannot be read gives the findings that say why."""
    if task.source == task.below:
        finding = note("file.no_reports", file=shown(task.source)).as_dict(options.lang)
        return Result(shown(task.source), UNREADABLE, [finding])
    try:
        data = load(task.source)
        report = read(data, shown(task.source.name))
        if options.zero:
            report = zeroed(report)
        report, last = options.previous.beside(report, zero=options.zero) if options.previous else (report, None)
        if last and report.loose:
            from workbook.match.uneven import settle

            report = settle(report, last)
        return make(data, report, check(report, last))
    except Unreadable as refusal:
        findings = [finding.as_dict(options.lang) for finding in refusal.findings]
        return Result(shown(task.source), UNREADABLE, findings)


def index_file(task: Task, options: Options) -> Result:
    """Tell whose report a file is, and of which year."""

    def make(data: bytes, report: Report, _findings: tuple[Finding, ...]) -> Result:
        return Result(shown(task.source), SOUND, edition=report.edition, known=known(task.source, data, report))

    return with_report(task, options, make)


def indexed(path: Path, suffixes: Sequence[str], jobs: int = 0) -> Previous | Result:
    """Return where last year's reports are, each read once; the result of a file that was named and cannot be read.

    Files in a folder that cannot be read are counted.
    """
    results = list(run(index_file, tasks([path], suffixes, twins=False), Options(), jobs))
    reports = [result.known for result in results if result.known]
    if is_folder(path):
        return Previous.of(path, reports, len(results) - len(reports))
    return Previous(named=reports[0]) if reports else results[0]


def judged(task: Task, options: Options, report: Report, findings: tuple[Finding, ...]) -> Result:
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


def written(task: Task, options: Options, result: Result, data: bytes) -> Result:
    """Write what was made to its place, or hand it back where it has none; an input is never overwritten."""
    if task.to is None:
        return replace(result, data=data)
    reason, remedy = ("不能覆盖输入的文件", "an input would be overwritten"), _OTHER_NAME
    if not task.clash:
        try:
            task.to.parent.mkdir(parents=True, exist_ok=True)
            try:
                # A worker process that died may have written it already.
                save(task.to, data, force=options.force or task.fresh)
                return replace(result, written=shown(task.to))
            except FileExistsError:
                reason, remedy = ("已有这个文件", "the file exists"), _OTHER_NAME_OR_FORCE
        except OSError as error:
            reason, remedy = (error.strerror or str(error),) * 2, _LOOK_AT_FOLDER
    words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
    finding = note("file.not_written", file=shown(task.to.name), **words).as_dict(options.lang)
    return replace(result, exit_code=max(result.exit_code, MISUSE), findings=[*result.findings, finding])


_OTHER_NAME = ("换一个文件名。", "Choose another name.")
_OTHER_NAME_OR_FORCE = ("换一个文件名，或加 --force 覆盖。", "Choose another name, or give --force.")
_LOOK_AT_FOLDER = ("检查文件夹、写入权限和磁盘空间。", "Check the folder, its permissions and the free space.")


def tasks(inputs: Iterable[Path], suffixes: Sequence[str], *, twins: bool = True) -> list[Task]:
    """Return the files to process: those named, and those in the folders named.

    Args:
        inputs: files and folders.
        suffixes: what is taken from a folder; a file that is named is always taken.
        twins: whether a document in a folder is taken although a workbook of the same name stands beside it.
    """
    found: list[Task] = []
    for path in inputs:
        if not is_folder(path):
            found.append(Task(path))
            continue
        files = [file for file in reports_in(path, suffixes) if not file.name.endswith(MARKED)]
        books = {file.with_suffix("") for file in files if file.suffix.lower() != ".json"}
        files = [file for file in files if twins or file.suffix.lower() != ".json" or file.with_suffix("") not in books]
        found += [Task(file, below=path) for file in files] or [Task(path, below=path)]
    return found


def placed(chosen: Sequence[Task], output: Path | None, suffix: str) -> list[Task]:
    """Return the tasks with the file that each writes: beside its input, or as ``output`` says.

    ``output`` names a file for one input that is a file, unless it is a folder already; else a folder, in which the
    files of an input folder keep their places.
    """
    if len(chosen) == 1 and chosen[0].below is None and output is not None and not is_folder(output):
        return _guarded([replace(chosen[0], to=output)])
    taken: set[str] = set()
    found = []
    for task in chosen:
        to = _free(_folder(task, output), task.source, suffix, taken)
        taken.add(_alike(to))
        found.append(replace(task, to=to))
    return _guarded(found)


def _free(folder: Path, source: Path, suffix: str, taken: set[str]) -> Path:
    """Return a name that no other input of this run is written to: a.json, a.xlsm.json, a-2.json and so on."""
    names = chain((source.stem, source.name), (f"{source.stem}-{number}" for number in count(2)))
    return next(to for name in names if _alike(to := folder / (name + suffix)) not in taken)


def _alike(path: Path) -> str:
    """Return what two paths share that may be the same file: some systems do not tell A from a."""
    return str(path).casefold()


def _guarded(chosen: Sequence[Task]) -> list[Task]:
    """Mark the tasks whose output would take the place of an input."""
    inputs = {os.path.realpath(task.source) for task in chosen}
    return [replace(task, clash=task.to is not None and os.path.realpath(task.to) in inputs) for task in chosen]


def _folder(task: Task, output: Path | None) -> Path:
    """Return the folder that the output of a task goes to."""
    if output is None:
        return task.source.parent
    return output / task.source.relative_to(task.below).parent if task.below else output


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
        return Result(shown(task.source), UNREADABLE, [note("file.crashed", file=file).as_dict(options.lang)])
    # What the error says may be what strangers wrote; the log has it.
    reason = ": ".join(filter(None, (type(error).__name__, getattr(error, "strerror", None))))
    finding = note("file.failed", file=file, reason=reason).as_dict(options.lang)
    return Result(shown(task.source), FAULT, [finding], fault="".join(traceback.format_exception(error)))
