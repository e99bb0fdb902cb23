"""One job a file: what is published of a report, in every form that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from workbook.checks import check
from workbook.checks.run import is_sound
from workbook.jobs.file import result_of, with_report
from workbook.jobs.result import Options, Result, Task
from workbook.publish.deliver import Published
from workbook.publish.names import USUAL, stem_of
from workbook.report import Unreadable, make_finding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.publish.blocks import Block
    from workbook.report import Finding, Report


@dataclass(frozen=True)
class Publishing:
    """What is to be published: the forms, the day, the office's own 底稿 and style sheet (content and name)."""

    forms: tuple[str, ...] = USUAL
    date: str | None = None
    base: tuple[bytes, str] | None = None
    style: tuple[bytes, str] | None = None


def publish_file(how: Publishing, task: Task, options: Options) -> Result:
    """Make what is published of a report; of one with errors only as a draft."""

    def make(_data: bytes, report: Report, findings: tuple[Finding, ...]) -> Result:
        report = options.waivers.beside(report)
        result = result_of(task, options, report, findings)
        if not is_sound(findings, strict=options.strict) and not options.draft:
            return result
        previous = _previous(report, options)
        made, refused = publish(report, how, previous, draft=not is_sound(findings), findings=findings)
        about = {name: getattr(result, name) for name in result.__dataclass_fields__}
        stem = stem_of(report, task.source.stem)
        published = Published(**about, stem=stem, files=tuple((form, tuple(made[form].items())) for form in made))
        return published.with_findings(refused, options)

    return with_report(task, options, make)


def _previous(report: Report, options: Options) -> Report | None:
    return options.previous.beside(report)[1] if options.previous else None


def publish(
    report: Report,
    how: Publishing | None = None,
    previous: Report | None = None,
    *,
    draft: bool = False,
    findings: Sequence[Finding] | None = None,
) -> tuple[dict[str, dict[str, bytes]], list[Finding]]:
    """Return what is published of a report: by form, its files by the keys of their parts; and why a form is not made.

    Args:
        report: the report.
        how: the forms, and what belongs to them.
        previous: that of the year before, whose numbers are to stand beside.
        draft: whether every page says that it is a draft.
        findings: what ``check`` returned, where the caller has it.
    """
    from workbook.publish.blocks import blocks

    how = how or Publishing()
    made = blocks(report, previous, draft=draft, date=how.date)
    found = tuple(check(report, previous)) if findings is None else tuple(findings)
    files: dict[str, dict[str, bytes]] = {}
    refused: list[Finding] = []
    for form in how.forms:
        try:
            files[form] = _FORMS[form](how, report, previous, made, found)
        except Unreadable as refusal:
            refused += refusal.findings
    return files, refused


def vet_word() -> None:
    """Refuse to write Word documents where the libraries for them are not installed.

    Raises:
        Unreadable: one is missing.
    """
    lacking = [name for module, name in _OF_WORD.items() if find_spec(module) is None]
    if lacking:
        raise Unreadable(make_finding("file.word_needs_library", library="、".join(lacking)))


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
_Maker = Callable[
    [Publishing, "Report", "Report | None", "Sequence[Block]", "tuple[Finding, ...]"],
    dict[str, bytes],
]


def _word(
    how: Publishing, _report: Report, _last: Report | None, made: Sequence[Block], _found: object
) -> dict[str, bytes]:
    vet_word()
    from workbook.publish.word.write import write_word

    return {"": write_word(made, how.base)}


def _page(
    how: Publishing, _report: Report, _last: Report | None, made: Sequence[Block], _found: object
) -> dict[str, bytes]:
    from workbook.publish.page import write_page

    return {"": write_page(made, how.style)}


def _fragment(
    _how: Publishing, _report: Report, _last: Report | None, made: Sequence[Block], _found: object
) -> dict[str, bytes]:
    from workbook.publish.page import write_fragment

    return {"": write_fragment(made)}


def _text(
    _how: Publishing, _report: Report, _last: Report | None, made: Sequence[Block], _found: object
) -> dict[str, bytes]:
    from workbook.publish.text import write_text

    return {"": write_text(made)}


def _pdf(
    _how: Publishing, _report: Report, _last: Report | None, made: Sequence[Block], _found: object
) -> dict[str, bytes]:
    from workbook.publish.pdf import write_pdf

    return {"": write_pdf(made)}


def _data(
    _how: Publishing, report: Report, last: Report | None, made: Sequence[Block], found: tuple[Finding, ...]
) -> dict[str, bytes]:
    from workbook.publish.blocks import Draft
    from workbook.publish.data import write_csv, write_document, write_tables

    draft = any(isinstance(block, Draft) for block in made)
    csv, json = write_csv(report, last, draft=draft), write_document(report, found, draft=draft)
    return {"csv": csv, "xlsx": write_tables(made, report), "json": json}


def _charts(_how: Publishing, report: Report, last: Report | None, _made: object, _found: object) -> dict[str, bytes]:
    from workbook.publish.charts import chart_blocks

    return {chart.key: chart.svg for chart in chart_blocks(report, last)}


def _proof(
    _how: Publishing, report: Report, last: Report | None, _made: object, found: tuple[Finding, ...]
) -> dict[str, bytes]:
    from workbook.publish.proof import write_proof

    return {"": write_proof(report, found, last)}


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
