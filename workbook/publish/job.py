"""One job a file: what is published of a report, in every form that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.run import is_sound
from workbook.extras import install
from workbook.files import parse
from workbook.jobs.file import result_of, with_report
from workbook.jobs.result import Options, Result, Task
from workbook.publish.deliver import Published
from workbook.publish.names import CHARTS, LAST_YEAR, USUAL, stem_of
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
    files: dict[str, dict[str, bytes]] = {}
    refused = list(told(report))
    report = legible(report)
    work = _Work(how, report, (previous, earlier), made, found)
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
        words = {"library": "、".join(lacking), "install": install("published")}
        raise Unreadable(make_finding("file.word_needs_library", **words))


def vet(how: Publishing) -> None:
    """Refuse a 底稿 or a style sheet with which no report can be published, before any is.

    Raises:
        Unreadable: it is unfit; its findings say why.
    """
    if how.base and "word" in how.forms and all(map(find_spec, _OF_WORD)):
        from workbook.publish.word.base import open_base

        open_base(*how.base)
    if how.style and "page" in how.forms:
        from workbook.publish.page import vetted_style

        vetted_style(*how.style)


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
    from workbook.publish.blocks import Draft
    from workbook.publish.data import write_csv, write_document, write_tables

    report, last = work.report, work.past[0]
    draft = any(isinstance(block, Draft) for block in work.blocks)
    csv, json = write_csv(report, last, draft=draft), write_document(report, work.findings, draft=draft)
    return {"csv": csv, "xlsx": write_tables(work.blocks, report, last), "json": json}


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
