"""The commands about workbooks and documents of the kit, but for ``check``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse, spoken
from workbook.cli.options import (
    BLANK,
    CONTRACT,
    EDITION,
    FORCE,
    INPUTS,
    JOBS,
    LANG,
    PREVIOUS,
    RESUME,
    STRICT,
    TO_FILE,
    TO_FOLDER,
    TO_LINES,
    TO_MANY,
    edition_of,
    ends_in,
    for_many,
)
from workbook.cli.runner import (
    previous_of,
    save,
    spare,
    to_lines,
    to_output,
    write_each,
)
from workbook.cli.sharing import here, with_sharing
from workbook.cli.stdin import with_standard_input
from workbook.cli.telling import telling, with_telling
from workbook.cli.waivers import WAIVERS, waivers

if TYPE_CHECKING:
    from workbook.jobs.pool import Jobs


def _apart() -> dict[str, Any]:
    """Return what options say that no command names: which findings are shown, the waivers of the office."""
    return {"shown": telling().shown, "waivers": waivers()}


@command()
@EDITION
@option("--year", type=int, help="Report year; chooses the edition that the notices prescribe for it.")
@option(
    "--own",
    is_flag=True,
    help="Fill in the year, what is kept of your own office, and what is brought forward from its last report.",
)
@option("--word", is_flag=True, help="Write a Word document to edit, in which the report is then put (publish --base).")
@TO_FILE
@FORCE
def template(edition: str | None, year: int | None, output: Path | None, *, own: bool, word: bool, force: bool) -> None:
    """Write the blank standard workbook."""
    if word:
        from workbook.publish.job import vet_word
        from workbook.publish.word.base import template as make_base
        from workbook.report import Unreadable

        ends_in(output, ".docx")
        try:
            vet_word()
        except Unreadable as lacking:
            (finding,) = lacking.findings
            raise misuse("{reason}", reason=f"{finding.message(spoken())}{finding.hint(spoken())}") from lacking
        save(output or Path("底稿.docx"), make_base(), force=force)
        return
    from workbook.excel.template.build import template as make
    from workbook.resources import template_file

    ends_in(output, ".xlsx")
    from workbook.cli.new import begun

    chosen = edition_of(edition, year)
    data = begun(chosen, year) if own else make(chosen)
    save(output or Path(template_file(chosen).rpartition("/")[2]), data, force=force)


@command()
@INPUTS
@TO_LINES
@option("--draft", is_flag=True, help="Convert reports with errors too; such a document says that it is a draft.")
@CONTRACT
@PREVIOUS
@WAIVERS
@BLANK
@STRICT
@LANG
@with_sharing
@RESUME
@with_telling
@FORCE
def convert(
    inputs: tuple[Path, ...],
    output: Path | None,
    *,
    draft: bool,
    contract: int | None,
    previous: Path | None,
    zero: bool,
    strict: bool,
    lang: Any,
    jobs: Jobs,
    force: bool,
    resume: bool,
) -> None:
    """Convert workbooks to JSON that passes its schema. A report with errors gives no JSON without --draft."""
    from workbook.jobs.file import convert_file
    from workbook.jobs.lines import Lines
    from workbook.jobs.result import Options
    from workbook.jobs.search import previous_files, search
    from workbook.jobs.targets import with_targets

    ends_in(output, ".json", ".jsonl")
    lines = output is not None and output.suffix.lower() == ".jsonl"
    options = Options(
        lang=lang,
        strict=strict,
        draft=draft,
        force=force,
        line=lines,
        zero=zero,
        contract=contract,
        resume=resume,
        **_apart(),
    )
    found = with_standard_input(search(inputs, options=options, output=output), beside=output is None)
    others = previous_files(previous)
    options = replace(options, previous=previous_of(previous, jobs, lang))
    if output is not None and lines:
        for written in (output, Lines.part_of(output)):
            spare(written, found.tasks, others)
        to_lines(convert_file, found, output, options, jobs, "not_converted")
    if str(output) == "-":
        to_output(convert_file, found, options, jobs, "not_converted")
    here(jobs, resume=resume)
    for_many(found, output, ".json")
    write_each(convert_file, with_targets(found, output, ".json", others), options, jobs, "not_converted")


@command()
@INPUTS
@TO_MANY
@LANG
@JOBS
@RESUME
@with_telling
@FORCE
def fill(inputs: tuple[Path, ...], output: Path | None, *, lang: Any, jobs: int, force: bool, resume: bool) -> None:
    """Write JSON documents into fresh standard workbooks."""
    from workbook.intake.kinds import LINES, endings
    from workbook.jobs.file import fill_file
    from workbook.jobs.result import Options
    from workbook.jobs.search import search
    from workbook.jobs.targets import with_targets

    ends_in(output, ".xlsx")
    options = Options(lang=lang, force=force, resume=resume, shown=telling().shown)
    found = search(inputs, (*endings("json"), LINES), options, output)
    found = with_standard_input(found, beside=output is None)
    for_many(found, output, ".xlsx")
    write_each(fill_file, with_targets(found, output, ".xlsx"), options, jobs)


@command()
@INPUTS
@TO_MANY
@option("--fix", is_flag=True, help="Convert numbers stored as text in the copies, and list them.")
@option("--only-faulty", is_flag=True, help="Write no copies of those in which nothing is wrong.")
@PREVIOUS
@WAIVERS
@STRICT
@LANG
@JOBS
@RESUME
@with_telling
@FORCE
def mark(
    inputs: tuple[Path, ...],
    output: Path | None,
    *,
    fix: bool,
    only_faulty: bool,
    previous: Path | None,
    strict: bool,
    lang: Any,
    jobs: int,
    force: bool,
    resume: bool,
) -> None:
    """Write copies of workbooks in which findings are colours, comments and a sheet 校验结果."""
    from workbook.intake.kinds import endings
    from workbook.jobs.file import mark_file
    from workbook.jobs.result import MARKED, Options
    from workbook.jobs.search import previous_files, search
    from workbook.jobs.targets import with_targets

    ends_in(output, *endings("xlsx"))
    options = Options(
        lang=lang,
        strict=strict,
        force=force,
        fix=fix,
        resume=resume,
        **_apart(),
        only_faulty=only_faulty,
    )
    found = with_standard_input(search(inputs, endings("xlsx"), options, output), beside=output is None)
    for_many(found, output, *endings("xlsx"))
    found = with_targets(found, output, MARKED, previous_files(previous))
    options = replace(options, previous=previous_of(previous, jobs, lang))
    write_each(mark_file, found, options, jobs, "not_marked" if only_faulty else "")


@command()
@argument("what", type=click.Choice(["report", "finding"]), default="report")
@EDITION
@CONTRACT
@TO_FILE
@FORCE
def schema(what: str, edition: str | None, contract: int | None, output: Path | None, *, force: bool) -> None:
    """Print the JSON Schema of reports or findings."""
    from workbook.document.document import dump
    from workbook.document.schema import VERSION, finding_schema, report_schema

    ends_in(output, ".json")
    chosen = edition_of(edition, None)
    data = dump(report_schema(chosen, contract or VERSION) if what == "report" else finding_schema(chosen))
    if output:
        save(output, data, force=force)
    else:
        click.echo(data, nl=False)


@command()
@TO_FOLDER
@option("--open", "opens", is_flag=True, help="Open the page that leads to what was made.")
@LANG
def demo(output: Path, *, opens: bool, lang: Any) -> None:
    """Show the main jobs: a real report filled, checked, converted, published; a made-up county that collects."""
    from workbook.cli.demo import run
    from workbook.files import shown

    try:
        start = run(output, lang)
    except OSError as error:
        raise misuse(
            "{name} cannot be written: {reason}", name=shown(output), reason=error.strerror or error
        ) from error
    if opens:
        import webbrowser

        webbrowser.open(start.resolve().as_uri())
