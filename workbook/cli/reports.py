"""The commands about workbooks and documents of the kit."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import (
    BLANK,
    CONTRACT,
    EDITION,
    FORCE,
    FORMAT,
    INPUTS,
    JOBS,
    LANG,
    PREVIOUS,
    STRICT,
    TO_FILE,
    TO_FOLDER,
    TO_LINES,
    TO_MANY,
    TO_PAGES,
    edition_of,
    ends_in,
    form_of,
)
from workbook.cli.runner import changed, columns, leave, pages, passed_over, previous_of, run, save, spare, told
from workbook.cli.stdin import with_standard_input
from workbook.cli.telling import telling, with_telling
from workbook.cli.waivers import WAIVERS, waivers
from workbook.output import FORMATS


def _apart() -> dict[str, Any]:
    """Return what options say that no command names: which findings are shown, the waivers of the office."""
    return {"shown": telling().shown, "waivers": waivers()}


@command()
@EDITION
@option("--year", type=int, help="Report year; chooses the edition that the notices prescribe for it.")
@TO_FILE
@FORCE
def template(edition: str | None, year: int | None, output: Path | None, *, force: bool) -> None:
    """Write the blank standard workbook."""
    from workbook.excel.template.build import template as make
    from workbook.resources import template_file

    ends_in(output, ".xlsx")
    chosen = edition_of(edition, year)
    save(output or Path(template_file(chosen).rpartition("/")[2]), make(chosen), force=force)


@command()
@INPUTS
@FORMAT
@TO_PAGES
@PREVIOUS
@WAIVERS
@BLANK
@STRICT
@LANG
@JOBS
@with_telling
@FORCE
def check(
    inputs: tuple[Path, ...],
    form: str | None,
    output: Path | None,
    *,
    previous: Path | None,
    zero: bool,
    strict: bool,
    lang: Any,
    jobs: int,
    force: bool,
) -> None:
    """Check workbooks, JSON documents and published reports, files or folders, and tell every finding."""
    from workbook.intake.kinds import SENT, TOLD, endings
    from workbook.jobs.file import check_file
    from workbook.jobs.result import Options
    from workbook.jobs.targets import previous_files, search
    from workbook.output import render

    found = search(inputs, SENT, TOLD)
    chosen, others = with_standard_input(found.tasks), previous_files(previous, endings())
    spare(output, chosen, others)
    passed_over(found, lang)
    asked = form_of(form, output, len(chosen))
    last = previous_of(previous, jobs, lang)
    options = Options(
        lang=lang,
        strict=strict,
        force=force,
        zero=zero,
        previous=last,
        document=asked == "html",
        **_apart(),
    )
    if output and asked == "html" and len(chosen) > 1:
        leave(pages(chosen, output, options, jobs, others))
    results = run(check_file, chosen, options, jobs)
    data = render(results, asked, lang, columns(sys.stdout) if not output else 0, **telling().amount)
    if output:
        save(output, FORMATS[asked].mark + data, force=force, lang=lang)
    else:
        click.echo(data, nl=False)
    leave(results)


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
@JOBS
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
    jobs: int,
    force: bool,
) -> None:
    """Convert workbooks to JSON that passes its schema. A report with errors gives no JSON without --draft."""
    from workbook.intake.kinds import SENT, TOLD, endings
    from workbook.jobs.file import convert_file
    from workbook.jobs.result import Options
    from workbook.jobs.targets import previous_files, search, with_targets

    ends_in(output, ".json", ".jsonl")
    lines = output is not None and output.suffix.lower() == ".jsonl"
    found = search(inputs, SENT, TOLD, twins=False)
    chosen, others = with_standard_input(found.tasks, beside=output is None), previous_files(previous, endings())
    passed_over(found, lang)
    if lines:
        spare(output, chosen, others)
    elif str(output) != "-":
        chosen = with_targets(chosen, output, ".json", others)
    options = Options(
        lang=lang,
        strict=strict,
        draft=draft,
        force=force,
        line=lines,
        zero=zero,
        previous=previous_of(previous, jobs, lang),
        contract=contract,
        **_apart(),
    )
    results = run(convert_file, chosen, options, jobs)
    made = b"".join(result.data for result in results if result.data)
    if output is not None and lines and made:
        save(output, made, force=force, lang=lang)
    elif made:
        click.echo(made, nl=False)
    told(results, lang, "not_converted")


@command()
@INPUTS
@TO_MANY
@LANG
@JOBS
@with_telling
@FORCE
def fill(inputs: tuple[Path, ...], output: Path | None, *, lang: Any, jobs: int, force: bool) -> None:
    """Write JSON documents into fresh standard workbooks."""
    from workbook.intake.kinds import TOLD, endings
    from workbook.jobs.file import fill_file
    from workbook.jobs.result import Options
    from workbook.jobs.targets import search, with_targets

    ends_in(output, ".xlsx")
    found = search(inputs, endings("json"), TOLD)
    passed_over(found, lang)
    chosen = with_targets(with_standard_input(found.tasks, beside=output is None), output, ".xlsx")
    told(run(fill_file, chosen, Options(lang=lang, force=force, shown=telling().shown), jobs), lang)


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
) -> None:
    """Write copies of workbooks in which findings are colours, comments and a sheet 校验结果."""
    from workbook.intake.kinds import TOLD, endings
    from workbook.jobs.file import MARKED, mark_file
    from workbook.jobs.result import Options
    from workbook.jobs.targets import previous_files, search, with_targets

    ends_in(output, *endings("xlsx"))
    found = search(inputs, endings("xlsx"), TOLD)
    passed_over(found, lang)
    given = with_standard_input(found.tasks, beside=output is None)
    chosen = with_targets(given, output, MARKED, previous_files(previous, endings()))
    options = Options(
        lang=lang,
        strict=strict,
        force=force,
        fix=fix,
        previous=previous_of(previous, jobs, lang),
        **_apart(),
        only_faulty=only_faulty,
    )
    results = run(mark_file, chosen, options, jobs)
    changed(results)
    told(results, lang, "not_marked" if only_faulty else "")


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
@LANG
def demo(output: Path, *, lang: Any) -> None:
    """Show the main job on a real report: template, fill, check, convert, and a fault found."""
    from workbook.cli.demo import run
    from workbook.files import shown

    try:
        run(output, lang)
    except OSError as error:
        raise misuse(
            "{name} cannot be written: {reason}", name=shown(output), reason=error.strerror or error
        ) from error
