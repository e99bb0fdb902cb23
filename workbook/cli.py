"""The command line: one thin function a command. Standard output carries data, standard error carries words."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from workbook import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from workbook.jobs import Options, Result, Task

INPUTS = click.argument("inputs", nargs=-1, required=True, type=click.Path(path_type=Path))
TO_FILE = click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
TO_MANY = click.option("-o", "--output", type=click.Path(path_type=Path), help="File for one input, folder for many.")
TO_LINES = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, allow_dash=True),
    help="File for one input, folder for many; one .jsonl file, a line a report; - for standard output.",
)
TO_FOLDER = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("nianbao-demo"),
    show_default=True,
    help="Folder to write to; a number is added where it exists.",
)
EDITION = click.option("--edition", help="Edition of the form, such as 2021; the newest unless given.")
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of messages."
)
JOBS = click.option(
    "--jobs", type=click.IntRange(0), default=0, help="Worker processes; 0 chooses by the number of files."
)
STRICT = click.option("--strict", is_flag=True, help="Let warnings fail too.")
FORCE = click.option("--force", is_flag=True, help="Overwrite existing files.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """年报工具箱: fill, check and send up the annual report on government information disclosure.

    Exit codes: 0 sound, 1 findings of level error (with --strict also warnings), 2 misuse, 3 an input that cannot be
    read or is no report. With many files the worst of them.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe on Windows would get the code page of the console; a console may lack signs such as ✓.
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))


@main.command()
@EDITION
@click.option("--year", type=int, help="Report year; chooses the edition that the notices prescribe for it.")
@TO_FILE
@FORCE
def template(edition: str | None, year: int | None, output: Path | None, *, force: bool) -> None:
    """Write the blank standard workbook."""
    from workbook.excel.build import template as make

    chosen = _edition(edition, year)
    _save(output or Path(f"年报模板-{chosen}版.xlsx"), make(chosen), force=force)


@main.command()
@INPUTS
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@TO_FILE
@STRICT
@LANG
@JOBS
@FORCE
def check(
    inputs: tuple[Path, ...], form: str, output: Path | None, *, strict: bool, lang: Any, jobs: int, force: bool
) -> None:
    """Check workbooks and JSON documents, files or folders, and print every finding."""
    from workbook.jobs import Options, check_file, tasks
    from workbook.output import render

    chosen = tasks(inputs, (".xlsx", ".xlsm", ".json"))
    results = _run(check_file, chosen, Options(lang=lang, strict=strict), jobs)
    data = render(results, form, lang)
    if output:
        # Excel takes a CSV file for UTF-8 only if it begins with the mark.
        _save(output, b"\xef\xbb\xbf" + data if form == "csv" else data, force=force, inputs=chosen)
    else:
        click.echo(data, nl=False)
    _leave(results)


@main.command()
@INPUTS
@TO_LINES
@click.option("--draft", is_flag=True, help="Convert reports with errors too; such a document says that it is a draft.")
@STRICT
@LANG
@JOBS
@FORCE
def convert(
    inputs: tuple[Path, ...], output: Path | None, *, draft: bool, strict: bool, lang: Any, jobs: int, force: bool
) -> None:
    """Convert workbooks to JSON that passes its schema. A report with errors gives no JSON without --draft."""
    from workbook.jobs import Options, convert_file, placed, tasks

    lines = output is not None and output.suffix == ".jsonl"
    options = Options(lang=lang, strict=strict, draft=draft, force=force, line=lines)
    chosen = tasks(inputs, (".xlsx", ".xlsm", ".json"), twins=False)
    if not lines and str(output) != "-":
        chosen = placed(chosen, output, ".json")
    results = _run(convert_file, chosen, options, jobs)
    made = b"".join(result.data for result in results if result.data)
    if output is not None and lines and made:
        _save(output, made, force=force, inputs=chosen)
    elif made:
        click.echo(made, nl=False)
    _report(results, lang)


@main.command()
@INPUTS
@TO_MANY
@LANG
@JOBS
@FORCE
def fill(inputs: tuple[Path, ...], output: Path | None, *, lang: Any, jobs: int, force: bool) -> None:
    """Write JSON documents into fresh standard workbooks."""
    from workbook.jobs import Options, fill_file, placed, tasks

    chosen = placed(tasks(inputs, (".json",)), output, ".xlsx")
    _report(_run(fill_file, chosen, Options(lang=lang, force=force), jobs), lang)


@main.command()
@INPUTS
@TO_MANY
@STRICT
@LANG
@JOBS
@FORCE
def mark(inputs: tuple[Path, ...], output: Path | None, *, strict: bool, lang: Any, jobs: int, force: bool) -> None:
    """Write copies of workbooks in which findings are colours, comments and a sheet 校验结果."""
    from workbook.jobs import MARKED, Options, mark_file, placed, tasks

    chosen = placed(tasks(inputs, (".xlsx", ".xlsm")), output, MARKED)
    _report(_run(mark_file, chosen, Options(lang=lang, strict=strict, force=force), jobs), lang)


@main.command()
@click.argument("what", type=click.Choice(["report", "finding"]), default="report")
@EDITION
@TO_FILE
@FORCE
def schema(what: str, edition: str | None, output: Path | None, *, force: bool) -> None:
    """Print the JSON Schema of reports or findings."""
    from workbook.report import dump, finding_schema, report_schema

    chosen = _edition(edition, None)
    data = dump(report_schema(chosen) if what == "report" else finding_schema(chosen))
    if output:
        _save(output, data, force=force)
    else:
        click.echo(data, nl=False)


@main.command()
@TO_FOLDER
@LANG
def demo(output: Path, *, lang: Any) -> None:
    """Show the main job on a real report: template, fill, check, convert, and a fault found."""
    from workbook.demo import run
    from workbook.files import shown

    try:
        run(output, lang)
    except OSError as error:
        raise click.UsageError(f"{shown(output)} cannot be written: {error.strerror or error}") from error


HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="The user's folder; your own.")
TO_START = click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="Folder that Excel starts add-ins from; XLSTART."
)


@main.command()
@TO_START
@HOME
def doctor(to: Path | None, home: Path | None) -> None:
    """Say whether everything stands ready here, and what to do about what does not."""
    from xlplugin import environment
    from xlplugin.install import places

    at = places(to, home)
    inside_excel = sys.platform == "win32" or at.addin.exists() or at.configuration.exists()
    facts = environment.packages() + (environment.installed(at) if inside_excel else [])
    click.echo(environment.report(facts))
    sys.exit(0 if all(fact.good for fact in facts) else 1)


@main.group()
def addin() -> None:
    """Build, install and remove the Excel add-in, nianbao.xlam."""


@addin.command("build")
@TO_FILE
@FORCE
def addin_build(output: Path | None, *, force: bool) -> None:
    """Build the add-in from the installed xlwings, without Excel."""
    from xlplugin.build import build
    from xlplugin.vba import BuildError

    try:
        data = build()
    except BuildError as error:
        raise click.UsageError(str(error)) from error
    _save(output or Path("nianbao.xlam"), data, force=force)


@addin.command("install")
@TO_START
@HOME
def addin_install(to: Path | None, home: Path | None) -> None:
    """Install the add-in for this user and tell it the Python in use. Close Excel before."""
    from xlplugin.install import InstallError, install, places

    at = places(to, home)
    try:
        install(at)
    except InstallError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"已安装 {at.addin}\n已写入 {at.configuration}\n请重新打开 Excel。", err=True)


@addin.command("remove")
@TO_START
@HOME
def addin_remove(to: Path | None, home: Path | None) -> None:
    """Take the add-in away from this user. Close Excel before."""
    from xlplugin.install import InstallError, places, remove

    at = places(to, home)
    try:
        found = remove(at)
    except InstallError as error:
        raise click.UsageError(str(error)) from error
    click.echo(f"已删除 {at.addin}" if found else f"没有安装（{at.addin}）", err=True)


@addin.command("status")
@TO_START
@HOME
def addin_status(to: Path | None, home: Path | None) -> None:
    """Say whether the add-in is installed, and whether it fits this package."""
    from xlplugin import environment
    from xlplugin.install import places

    at = places(to, home)
    facts = environment.installed(at)
    click.echo(environment.report(facts, at))
    sys.exit(0 if all(fact.good for fact in facts) else 1)


@addin.command("bundle")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@FORCE
def addin_bundle(folder: Path, *, force: bool) -> None:
    """Make the folder that staff install from: installer, list of packages, scripts that fetch them."""
    from workbook.files import shown
    from xlplugin.bundle import bundle
    from xlplugin.install import InstallError

    try:
        files = bundle(folder, force=force)
    except InstallError as error:
        raise click.UsageError(str(error)) from error
    except FileExistsError as error:
        raise click.UsageError(f"{shown(error.args[0])} exists; choose another folder or give --force") from error
    except OSError as error:
        raise click.UsageError(f"{shown(folder)} cannot be written: {error.strerror or error}") from error
    click.echo("\n".join(f"已写出 {shown(path)}" for path in files), err=True)


def _edition(edition: str | None, year: int | None) -> str:
    """Return the edition asked for by name or by year, else the newest."""
    from workbook.form import load_form
    from workbook.resources import editions

    known = editions()
    if edition is not None:
        if edition not in known:
            raise click.UsageError(f"no such edition: {edition}; there are {', '.join(known)}")
        return edition
    fitting = [name for name in known if year is None or load_form(name).covers(year)]
    if not fitting:
        raise click.UsageError(f"no edition of the form is prescribed for {year}")
    return fitting[-1]


def _save(path: Path, data: bytes, *, force: bool, inputs: Sequence[Task] = ()) -> None:
    """Write what a command made of all its inputs, and never over one of them."""
    from workbook.files import save, shown

    if os.path.realpath(path) in {os.path.realpath(task.source) for task in inputs}:
        raise click.UsageError(f"{shown(path)} is an input")
    try:
        save(path, data, force=force)
    except FileExistsError as error:
        raise click.UsageError(f"{shown(path)} exists; choose another name or give --force") from error
    except OSError as error:
        raise click.UsageError(f"{shown(path)} cannot be written: {error.strerror or error}") from error
    click.echo(f"已写出 {shown(path)}", err=True)


def _run(job: Callable[[Task, Options], Result], tasks: Sequence[Task], options: Options, jobs: int) -> list[Result]:
    """Run a job over all inputs, with a progress bar where a person is watching."""
    from workbook.jobs import run

    results = run(job, tasks, options, jobs)
    if len(tasks) > 1 and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import track

        watched = track(results, total=len(tasks), description="", console=Console(stderr=True), transient=True)
        return list(watched)
    return list(results)


def _report(results: Sequence[Result], lang: Any) -> NoReturn:
    """Tell on standard error what was written and what was found, and leave with the worst exit code."""
    from workbook.output import render

    click.echo(render(results, "text", lang), nl=False, err=True)
    _leave(results)


def _leave(results: Sequence[Result]) -> NoReturn:
    sys.exit(max((result.exit_code for result in results), default=0))
