"""One job a file: what is published of a report, in every form that is asked for; and where it is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.run import is_sound
from workbook.exits import FAULTY, MISUSE
from workbook.files import load, make_folder, parse, save, shown
from workbook.jobs.file import result_of, with_report
from workbook.jobs.names import alike
from workbook.jobs.passed_over import is_made_by_kit
from workbook.jobs.result import Options, Result, Task
from workbook.jobs.targets import would_harm
from workbook.publish.names import CHARTS, LAST_YEAR, USUAL, named, stem_of
from workbook.report import Unreadable, make_finding
from workbook.report.compare import compare

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from workbook.publish.blocks import Block
    from workbook.report import Finding, Report


@dataclass(frozen=True)
class Publishing:
    """What is to be published: the forms, the day, the office's own 底稿 and style sheet (content and name).

    ``behind`` is what is put behind the report on request, of ``BEHIND``.
    """

    forms: tuple[str, ...] = USUAL
    date: str | None = None
    base: tuple[bytes, str] | None = None
    style: tuple[bytes, str] | None = None
    behind: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published(Result):
    """The result of a report that is published: its ``files`` by form, each with its parts, and their common name."""

    stem: str = ""
    files: tuple[tuple[str, tuple[tuple[str, bytes], ...]], ...] = field(default=(), repr=False)


def publish_file(how: Publishing, task: Task, options: Options) -> Result:
    """Make what is published of a report; of one with errors only as a draft."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        report = options.waivers.beside(report)
        result = result_of(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        past = _past(report, options)
        made, refused = publish(report, how, *past, draft=not is_sound(findings), findings=findings)
        about = {name: getattr(result, name) for name in result.__dataclass_fields__}
        stem = stem_of(report, task.source.stem)
        published = Published(**about, stem=stem, files=tuple((form, tuple(made[form].items())) for form in made))
        return published.with_findings(refused, options)

    return with_report(task, options, make)


def _past(report: Report, options: Options) -> tuple[Report | None, Report | None]:
    """Return the reports of the two years before, as far as there are any."""
    last = options.previous.beside(report)[1] if options.previous else None
    return last, options.previous.before(last) if options.previous and last else None


def publish(
    report: Report,
    how: Publishing | None = None,
    previous: Report | None = None,
    earlier: Report | None = None,
    *,
    draft: bool = False,
    findings: Sequence[Finding] | None = None,
) -> tuple[dict[str, dict[str, bytes]], list[Finding]]:
    """Return what is published of a report: by form, its files by the keys of their parts; and why a form is not made.

    Args:
        report: the report.
        how: the forms, and what belongs to them.
        previous: that of the year before.
        earlier: that of the year before this, of which charts have bars too.
        draft: whether every page says that it is a draft.
        findings: what ``check`` returned, where the caller has it.
    """
    from workbook.publish.blocks import blocks
    from workbook.publish.charts import chart_blocks
    from workbook.publish.signs import legible, told

    how = how or Publishing()
    beside = previous if LAST_YEAR in how.behind else None
    drawn = tuple(chart_blocks(report, previous, earlier)) if CHARTS in how.behind else ()
    made = blocks(report, beside, charts=drawn, draft=draft, date=how.date)
    found = tuple(check(report, previous)) if findings is None else tuple(findings)
    work = _Work(how, report, (previous, earlier), made, found)
    files: dict[str, dict[str, bytes]] = {}
    refused = list(told(report))
    report = legible(report)
    for form in how.forms:
        try:
            files[form] = _FORMS[form](work)
        except Unreadable as refusal:
            refused += refusal.findings
        else:
            if how.base and form == "word" and not draft:
                refused += _of_base(files[form][""], how.base[1], report)
    return files, refused


def vet_word() -> None:
    """Refuse to write Word documents where the libraries for them are not installed.

    Raises:
        Unreadable: one is missing.
    """
    lacking = [name for module, name in _OF_WORD.items() if find_spec(module) is None]
    if lacking:
        raise Unreadable(make_finding("file.word_needs_library", library="、".join(lacking)))


_OF_WORD = {"docx": "python-docx", "lxml": "lxml"}
"""What writes Word documents, by module; it comes with an extra."""


@dataclass(frozen=True)
class _Work:
    """What the forms of one report are made of; ``past`` are the reports of the years before, the latest first."""

    how: Publishing
    report: Report
    past: tuple[Report | None, ...]
    blocks: Sequence[Block]
    findings: tuple[Finding, ...]


_Maker = Callable[[_Work], dict[str, bytes]]


def _word(work: _Work) -> dict[str, bytes]:
    vet_word()
    from workbook.publish.word.write import write_word

    return {"": write_word(work.blocks, work.how.base)}


def _of_base(data: bytes, file: str, report: Report) -> Iterator[Finding]:
    """Yield what is told of a Word document that the words of an office's 底稿 make another report when it is read."""
    try:
        found = compare(parse(data, file), report)
    except Unreadable as refusal:
        found = refusal.findings
    if found:
        words = {"differs": found[0].message("zh"), "differs_en": found[0].message("en")}
        yield make_finding("file.base_differs", file=file, **words)


def _page(work: _Work) -> dict[str, bytes]:
    from workbook.publish.page import write_page

    return {"": write_page(work.blocks, work.how.style)}


def _fragment(work: _Work) -> dict[str, bytes]:
    from workbook.publish.page import write_fragment

    return {"": write_fragment(work.blocks)}


def _text(work: _Work) -> dict[str, bytes]:
    from workbook.publish.text import write_text

    return {"": write_text(work.blocks)}


def _pdf(work: _Work) -> dict[str, bytes]:
    from workbook.publish.pdf import write_pdf

    return {"": write_pdf(work.blocks)}


def _data(work: _Work) -> dict[str, bytes]:
    from workbook.publish.data import write_csv, write_document, write_tables

    report, last = work.report, work.past[0]
    tables = write_tables(work.blocks, report, last)
    return {"csv": write_csv(report, last), "xlsx": tables, "json": write_document(report)}


def _charts(work: _Work) -> dict[str, bytes]:
    from workbook.publish.charts import chart_blocks

    return {chart.key: chart.svg for chart in chart_blocks(work.report, *work.past)}


def _proof(work: _Work) -> dict[str, bytes]:
    from workbook.publish.proof import write_proof

    return {"": write_proof(work.report, work.findings, work.past[0])}


_FORMS: dict[str, _Maker] = {
    "word": _word,
    "page": _page,
    "fragment": _fragment,
    "text": _text,
    "pdf": _pdf,
    "data": _data,
    "charts": _charts,
    "proof": _proof,
}


_INPUT = ("不能覆盖输入的文件", "an input is not written over")
_FORCE = ("换一个文件夹，或加 --force 覆盖。", "Choose another folder, or give --force.")
_ELSEWHERE = ("换一个文件夹。", "Choose another folder.")


class Delivery:
    """Writes what is published of each report of a run into one folder, no two into one name, none over an input."""

    def __init__(self, folder: Path, tasks: Sequence[Task], others: Sequence[Path] = ()) -> None:
        """Deliver into a folder what is made of tasks; ``others`` are files that the run reads besides."""
        self._folder = folder
        self._inputs = (*others, *(task.source for task in tasks))
        self._found = tuple(task.source for task in tasks if task.root)
        self._taken: set[str] = set()

    def __call__(self, _task: Task, result: Result, options: Options) -> Result:
        """Return the result with its files written: all of them, or none and a finding that says why."""
        if not isinstance(result, Published) or not result.files or result.is_skipped:
            return result
        files = self._named(result)
        kept = replace(result, files=())
        try:
            if harmed := next((path for path in files if self._harms(path)), None):
                return self._unwritten(kept, harmed.name, _INPUT, options, _ELSEWHERE)
            if not options.force and (there := next((path for path in files if path.exists()), None)):
                raise FileExistsError(str(there))  # noqa: TRY301 - same
            make_folder(self._folder)
            for path, data in files.items():
                save(path, data, force=options.force)
        except FileExistsError as error:
            return self._unwritten(kept, Path(str(error)).name, ("已有这个文件", "the file exists"), options)
        except OSError as error:
            reason = error.strerror or str(error)
            return self._unwritten(kept, next(iter(files)).name, (reason, reason), options)
        return replace(kept, written="、".join(shown(path) for path in files))

    def _named(self, result: Published) -> dict[Path, bytes]:
        number = 1
        while True:
            files = {
                self._folder / name: data
                for form, parts in result.files
                for name, (_, data) in zip(
                    named(result.stem, form, tuple(key for key, _ in parts), number), parts, strict=True
                )
            }
            keys = {alike(path.name) for path in files}
            if self._taken.isdisjoint(keys):
                self._taken |= keys
                return files
            number += 1

    def _harms(self, path: Path) -> bool:
        """Say whether an input would be written over; what a run before published is none."""
        return would_harm(path, self._inputs) and not (would_harm(path, self._found) and _is_ours(path))

    def _unwritten(
        self, result: Result, name: str, reason: tuple[str, str], options: Options, remedy: tuple[str, str] = _FORCE
    ) -> Result:
        words = {"reason": reason[0], "reason_en": reason[1], "remedy": remedy[0], "remedy_en": remedy[1]}
        finding = make_finding("file.not_written", file=shown(name), **words).as_dict(options.lang)
        code = max(result.exit_code, MISUSE, FAULTY)
        return replace(result, exit_code=code, findings=[*result.findings, finding])


def _is_ours(path: Path) -> bool:
    try:
        return is_made_by_kit(path, load(path))
    except Unreadable:
        return False
