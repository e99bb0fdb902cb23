"""Taking in what was handed over, and saying whose it is."""

from __future__ import annotations

import datetime as dt
import gettext
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.collect.common import (
    BY,
    IN,
    REASON,
    YEAR,
    Moment,
    changed,
    hand,
    submission_of,
    unit_of,
    units_of,
)
from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, JOBS, LANG, TO_FILE, Output, ends_in
from workbook.cli.runner import printed, refuse, save, writing
from workbook.cli.sharing import with_sharing
from workbook.cli.stdin import Input
from workbook.cli.telling import QUIET, telling
from workbook.cli.terminal import say
from workbook.exits import FAULT, FAULTY, SOUND, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from workbook.collect.account import Account
    from workbook.collect.collection import Collection
    from workbook.collect.receipt import Receipt
    from workbook.collect.recheck import Rechecked
    from workbook.jobs.pool import Jobs
    from workbook.jobs.result import Task

SUBMISSION = argument("submission", metavar="SUBMISSION")
UNIT = argument("unit", metavar="UNIT")


@command()
@argument("inputs", nargs=-1, required=True, metavar="FILE|FOLDER...", type=Input())
@IN
@option("--received", type=Moment(), help="When it was handed in, where that was not now; --reason says why.")
@YEAR
@TO_FILE
@option("--form", "form", type=click.Choice(["text", "csv", "json"]), help="What is printed of every file.")
@option("--receipts", type=Output(file_okay=False), help="Folder for a receipt a unit, as text.")
@BY
@REASON
@with_sharing
@LANG
@QUIET
@FORCE
def add(
    inputs: tuple[Path, ...],
    folder: Path | None,
    received: dt.datetime | None,
    year: int | None,
    output: Path | None,
    form: str | None,
    receipts: Path | None,
    *,
    by: str | None,
    reason: str,
    jobs: Jobs,
    lang: Any,
    force: bool,
) -> None:
    """Take in files, folders and archives (.zip): every file is accounted for, nothing is taken twice."""
    from workbook.collect.account import Account

    when = _when(received, reason)
    ends_in(output, ".csv", ".json", ".txt")
    if output:
        refuse(output, force=force)
    asked = form or (output.suffix[1:].replace("txt", "text") if output else "text")
    who = hand(by, reason)
    with changed(folder, who, lang) as (collection, change):
        account = Account(collection, year or collection.year(), when, who.by, lang)
        tasks = _tasks(inputs, collection, account, lang)
        for receipt in account.receipts if asked == "text" and output is None else ():
            _tell(account, receipt)
        with closing(change.add(tasks, when, year, jobs)) as come:
            for receipt in _barred(come, len(tasks)):
                account.take(receipt)
                if asked == "text" and output is None:
                    _tell(account, receipt)
        for again in change.settle(jobs):
            account.settle(again)
        _give(account, asked, output, force=force, lang=lang)
        if receipts:
            with writing(receipts):
                account.write_receipts(receipts, force=force)
    say(account.summary(), wrong=True)
    _leave(account.exit_code, account.faults)


def _when(received: dt.datetime | None, reason: str) -> dt.datetime:
    """Return when it was handed in."""
    from workbook.collect.hand import now

    if received and not reason.strip():
        raise misuse("--received needs --reason: why it was not entered when it was handed in")
    if received and received > now():
        raise misuse("--received is in the future")
    return received or now()


def _tell(account: Account, receipt: Receipt) -> None:
    """Tell what came of a file, where there is something to tell."""
    if account.is_wrong(receipt) if telling().quiet else account.is_notable(receipt):
        for line in account.lines(receipt):
            say(line, err=False)


def _give(account: Account, asked: str, output: Path | None, *, force: bool, lang: Any) -> None:
    """Give the account of every file to a file or to the screen; text for the screen was told as it came."""
    from workbook.collect.account import FORMS

    if output:
        save(output, FORMS[asked](account), force=force, lang=lang)
    elif asked != "text":
        printed(FORMS[asked](account))


def _tasks(inputs: tuple[Path, ...], collection: Collection, account: Account, lang: Any) -> list[Task]:
    """Return the files that were handed over; what lies in the collection itself is none of them."""
    from workbook.collect.store import FILE, ORIGINALS
    from workbook.collect.unpack import ZIP
    from workbook.intake.kinds import LINES, endings
    from workbook.jobs.result import Options
    from workbook.jobs.search import search

    found = search(inputs, (*endings(), LINES, ZIP), Options(lang=lang))
    for result in found.skipped:
        account.pass_over(replace(result, file=_named(result.file, inputs)))
    own = collection.folder.resolve()

    def is_own(task: Task) -> bool:
        path = task.source.resolve()
        return path == own / FILE or own / ORIGINALS in path.parents

    return [task for task in found.tasks if not is_own(task)]


def _named(file: str, inputs: tuple[Path, ...]) -> str:
    """Return the name of a file with the folders below the one that was given, as files that are read are called."""
    below = [Path(file).relative_to(each).as_posix() for each in inputs if each in Path(file).parents]
    return below[0] if below else Path(file).name


def _barred(come: Iterable[Receipt], total: int) -> Iterable[Receipt]:
    """Show how far it is while receipts come, where a person is watching."""
    if total < 2 or not sys.stderr.isatty() or telling().quiet:  # noqa: PLR2004 - one file needs no bar
        return come
    from rich.console import Console
    from rich.progress import track

    return track(come, total=total, description="", console=Console(stderr=True), transient=True)


def _leave(code: int, faults: list[str]) -> None:
    if faults:
        from workbook.cli.contract import failed

        failed(faults, gettext.gettext("files: {count}").format(count=len(faults)))
        sys.exit(FAULT)
    sys.exit(code)


@command()
@SUBMISSION
@UNIT
@IN
@YEAR
@BY
@REASON
@LANG
def assign(
    submission: str, unit: str, folder: Path | None, year: int | None, by: str | None, reason: str, lang: Any
) -> None:
    """Say of which unit a submission is that is nobody's; the name on its cover is remembered."""
    _assign(submission, unit, folder, (year, by, reason, lang), again=False)


@command()
@SUBMISSION
@UNIT
@IN
@YEAR
@BY
@REASON
@LANG
def reassign(
    submission: str, unit: str, folder: Path | None, year: int | None, by: str | None, reason: str, lang: Any
) -> None:
    """Give a submission to another unit, or to another year."""
    _assign(submission, unit, folder, (year, by, reason, lang), again=True)


def _assign(
    submission: str, unit: str, folder: Path | None, said: tuple[int | None, str | None, str, Any], *, again: bool
) -> None:
    year, by, reason, lang = said
    with changed(folder, hand(by, reason), lang) as (collection, change):
        number = submission_of(collection, submission)
        whose = unit_of(collection, unit)
        has = collection.place(number)
        known = {each.id for each in collection.register().units}
        if has[0] in known and not again:
            raise misuse(
                "{of} is of {unit} already; use collect reassign to change that",
                of=submission,
                unit=collection.name(has[0] or ""),
            )
        if has[0] not in known and again:
            raise misuse("{of} is nobody's yet; use collect assign", of=submission)
        change.assign(number, whose, year)
        for _again in change.settle():
            pass
        place = collection.place(number)
        words = gettext.gettext("{of} is of {unit} for {year} now.")
        say(words.format(of=collection.file(number), unit=collection.name(whose), year=place[1]), err=False)


@command()
@argument("units", nargs=-1, metavar="[UNIT...]")
@IN
@YEAR
@BY
@JOBS
@LANG
@QUIET
def recheck(
    units: tuple[str, ...], folder: Path | None, year: int | None, by: str | None, jobs: int, lang: Any
) -> None:
    """Check again what was received, with this version of the kit; new findings are appended."""
    with changed(folder, hand(by), lang) as (collection, change):
        wanted = None
        if units or year:
            named = units_of(collection, units)
            of_year = collection.standings(year) + collection.strays(year)
            wanted = [
                version.submission
                for each in of_year
                if not named or each.unit.id in named
                for version in each.versions
            ]
        told = list(_told(change.recheck(wanted, jobs)))
    changed_ones = [each for each in told if each.changed]
    words = gettext.gettext("{all} checked, {changed} with other findings than before, {unreadable} unreadable.")
    unreadable = sum(each.unreadable for each in told)
    say(words.format(all=len(told), changed=len(changed_ones), unreadable=unreadable), wrong=True)
    faults = [each.fault for each in told if each.fault]
    worst = UNREADABLE if unreadable else FAULTY if any(each.errors for each in told) else SOUND
    _leave(worst, faults)


def _told(come: Iterable[Rechecked]) -> Iterator[Rechecked]:
    words = gettext.gettext("{file}: other findings than before; errors: {errors}, warnings: {warnings}")
    for each in come:
        if each.changed:
            say(words.format(file=each.file, errors=each.errors, warnings=each.warnings), err=False)
        yield each
