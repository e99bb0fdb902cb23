"""The command that writes the report itself, in the forms that it is published in."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.cli.help import FilePath, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, INPUTS, JOBS, LANG, PREVIOUS, STRICT, Output
from workbook.cli.runner import close, coded, follow, previous_of, teller
from workbook.cli.stdin import with_standard_input
from workbook.cli.telling import telling, with_telling
from workbook.cli.terminal import say
from workbook.cli.waivers import WAIVERS, waivers
from workbook.exits import MISUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.jobs.result import Result


@command()
@INPUTS
@option("-o", "--output", type=Output(file_okay=False), required=True, help="Folder to write to.")
@option(
    "--form",
    "forms",
    metavar="FORM,...",
    help="What to write: word, page, fragment, text, pdf, data, charts, proof, or all; the first four unless given.",
)
@option(
    "--with",
    "behind",
    metavar="PART,...",
    help="What to put behind the report: last-year (the tables with the numbers of both years, which takes "
    "--previous), charts.",
)
@option("--draft", is_flag=True, help="Publish reports with errors too; every page then says 草稿.")
@option("--date", metavar="DATE", help="Day under the name of the office, such as 2026-01-20.")
@option("--base", metavar="FILE", type=FilePath(), help="The office's own Word document; see template --word.")
@option("--style", metavar="FILE", type=FilePath(), help="The office's own style sheet for the page.")
@PREVIOUS
@WAIVERS
@STRICT
@LANG
@JOBS
@with_telling
@FORCE
def publish(
    inputs: tuple[Path, ...],
    output: Path,
    forms: str | None,
    behind: str | None,
    *,
    draft: bool,
    date: str | None,
    base: Path | None,
    style: Path | None,
    previous: Path | None,
    strict: bool,
    lang: Any,
    jobs: int,
    force: bool,
) -> None:
    """Write the report itself: as a Word document, a page, a fragment for a website's editor, a text and more.

    A report with errors is not published without --draft. Files are called by office and year.
    """
    from workbook.jobs.result import Options
    from workbook.jobs.search import previous_files, search
    from workbook.publish.deliver import Delivery, Published
    from workbook.publish.job import Publishing, publish_file, vet

    content = _content(base, lang), _content(style, lang)
    how = Publishing(_forms(forms), _day(date), *content, _behind(behind, previous))
    with _refusing(lang, MISUSE):  # they belong to the command: what they are is no fault of a report
        vet(how)
    options = Options(lang=lang, strict=strict, draft=draft, force=force, shown=telling().shown, waivers=waivers())
    found = with_standard_input(search(inputs, options=options, output=output))
    others = [*previous_files(previous), *(path for path in (base, style) if path)]
    options = Options(**{**options.__dict__, "previous": previous_of(previous, jobs, lang)})
    made, refused = teller(lang), teller(lang, "not_published")

    def tell(result: Result) -> None:
        (made if isinstance(result, Published) else refused)(result)

    deliver = Delivery(output, found.tasks, others)
    tally = follow(partial(publish_file, how), found, options, jobs, tell, deliver=deliver)
    close(tally, lang)


def _forms(asked: str | None) -> tuple[str, ...]:
    """Return the forms that are asked for."""
    from workbook.publish.names import ALL, FORMS, UnknownFormError, chosen

    try:
        return chosen(asked)
    except UnknownFormError as error:
        known = ", ".join((*FORMS, ALL))
        raise misuse("no such form: {form}; there are {known}", form=error.form, known=known) from error


def _behind(asked: str | None, previous: Path | None) -> tuple[str, ...]:
    """Return what is asked to be put behind the report."""
    from workbook.publish.names import BEHIND, LAST_YEAR

    if asked is None:
        return ()
    named, wrong = _listed(asked, BEHIND)
    if wrong is not None:
        raise misuse("nothing of that name goes behind: {form}; there are {known}", form=wrong, known=", ".join(BEHIND))
    if LAST_YEAR in named and previous is None:
        raise misuse("{option} takes last year's report: --previous FILE|FOLDER", option=f"--with {LAST_YEAR}")
    return named


def _listed(asked: str, known: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    """Return the names in a list, each once, and the first that is not known; all of a list without names is that."""
    named = tuple(dict.fromkeys(name.strip() for name in asked.replace("，", ",").split(",") if name.strip()))
    return named, next((name for name in named or (asked,) if name not in known), None)


def _day(asked: str | None) -> str | None:
    """Return a day as it is printed under a report."""
    from workbook.publish.day import day

    try:
        return None if asked is None else day(asked)
    except ValueError as error:
        raise misuse("{date} is no day; write it as 2026-01-20", date=asked) from error


def _content(path: Path | None, lang: Any) -> tuple[bytes, str] | None:
    """Return the content and the name of a file that belongs to the command; leave where it cannot be read."""
    from workbook.files import load, shown

    if path is None:
        return None
    with _refusing(lang):
        return load(path), shown(path.name)


@contextmanager
def _refusing(lang: Any, code: int | None = None) -> Iterator[None]:
    """Tell what is found of a file that belongs to the command, and leave with its exit code, or with ``code``."""
    from workbook.report import Unreadable

    try:
        yield
    except Unreadable as refusal:
        for finding in refusal.findings:
            say(coded(finding.as_dict(lang), lang), wrong=True)
            say(f"      → {finding.hint(lang)}", wrong=True)
        sys.exit(refusal.exit_code if code is None else code)
