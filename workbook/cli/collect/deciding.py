"""What an office decides: returned, accepted, extended, waived, withdrawn."""

from __future__ import annotations

import datetime as dt
import gettext
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.cli.collect.common import (
    BY,
    IN,
    REASON,
    YEAR,
    Day,
    changed,
    chosen,
    hand,
    refused,
    submission_of,
    unit_of,
    units_of,
)
from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, LANG, Output
from workbook.cli.runner import writing
from workbook.cli.terminal import say
from workbook.exits import FAULTY, SOUND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.collect.change import Change
    from workbook.collect.standing import Standing

RETURNED = "退回"
"""The folder in that of the collection that letters go to where no other is named."""
_ABSENT = {"missing", "overdue"}
"""States of units of which nothing came, as they are called in JSON."""
_TOLD = 20
"""Units that are named of those that were not accepted, where all were meant."""
UNITS = argument("units", nargs=-1, metavar="[UNIT...]")
UNIT = argument("unit", metavar="UNIT")


@command("return")
@UNITS
@option("--errors", is_flag=True, help="All whose newest report has errors; with units, those of them.")
@option("--missing", is_flag=True, help="Letters to those that sent nothing, too.")
@option("--until", type=Day(), help="Until when it is to be corrected; seven days from now unless given.")
@option("-o", "--output", type=Output(file_okay=False), help="Folder for the letters; 退回 beside the collection.")
@IN
@YEAR
@BY
@REASON
@LANG
@FORCE
def return_(
    units: tuple[str, ...],
    output: Path | None,
    folder: Path | None,
    year: int | None,
    until: dt.date | None,
    *,
    errors: bool,
    missing: bool,
    by: str | None,
    reason: str,
    lang: Any,
    force: bool,
) -> None:
    """Return reports with errors: a letter a unit, as page, Word and text, and a marked copy; reminders to the missing.

    A unit that is named is returned without errors too, with --reason; what was returned gets its letter anew.
    """
    from workbook.collect.decisions import DAYS
    from workbook.collect.hand import now
    from workbook.collect.letters import write_letters

    if not (units or errors or missing):
        raise misuse("name units, or give --errors or --missing")
    if until and until < now().date():
        raise misuse("--until is in the past")
    with changed(folder, hand(by, reason), lang) as (collection, change):
        known = chosen(collection.standings(year), units_of(collection, units))
        faulty, absent = _meant(known, named=bool(units), errors=errors, missing=missing)
        _vet(faulty, reason)
        day = until or now().date() + dt.timedelta(days=DAYS)
        to = output or collection.folder / RETURNED / f"{now():%Y-%m-%d}"
        with writing(to):
            letters = write_letters(collection, [*faulty, *absent], to, day, lang, force=force, reason=reason.strip())
        with change.together():
            for each in faulty:
                if each.last and each.last.decision is None:
                    change.give_back(each.last, (each.unit.id, each.year), day)
            for each in absent:
                change.remind(each.unit.id, each.year)
    words = gettext.gettext("returned: {returned}, reminded: {reminded}, files written: {files}")
    say(words.format(returned=len(faulty), reminded=len(absent), files=len(letters)), wrong=True)
    if letters:
        _tell_letters(to)


def _tell_letters(to: Path) -> None:
    """Say where letters are, and what they lack."""
    from workbook.collect.letters.word import can_write
    from workbook.extras import install
    from workbook.files import shown

    say(gettext.gettext("They are in {folder}").format(folder=shown(to)))
    if not can_write():
        words = gettext.gettext("No Word documents were written; for these run {install}.")
        say(words.format(install=install("published")))


def _meant(
    known: Sequence[Standing], *, named: bool, errors: bool, missing: bool
) -> tuple[list[Standing], list[Standing]]:
    """Return those whose report goes back, and those that are reminded: units that are named, as their standing is."""
    alone = named and not (errors or missing)
    faulty = [each for each in known if _is_faulty(each, named=alone)] if errors or alone else []
    absent = [each for each in known if each.state.key in _ABSENT] if missing or alone else []
    return faulty, absent


def _is_faulty(standing: Standing, *, named: bool) -> bool:
    """Say whether a report is to go back: its newest version waits with errors; a unit that is named, what it sent."""
    newest = standing.last
    if newest is None:
        return False
    if named:
        return newest.decision in {None, "returned"}
    return newest.decision is None and bool(newest.errors)


def _vet(standings: Sequence[Standing], reason: str) -> None:
    """Refuse to return what nothing is wrong with, before a letter is written."""
    from workbook.collect.decisions import RefusalError

    for each in standings:
        newest = each.last
        if newest and newest.decision is None and not newest.errors and not reason.strip():
            raise misuse("{reason}", reason=refused(RefusalError("sound", each.unit.name)))


@command()
@UNITS
@option("--sound", is_flag=True, help="All whose newest report has neither errors nor warnings; with units, of them.")
@IN
@YEAR
@BY
@REASON
@LANG
def accept(
    units: tuple[str, ...],
    folder: Path | None,
    year: int | None,
    *,
    sound: bool,
    by: str | None,
    reason: str,
    lang: Any,
) -> None:
    """Accept reports: none with errors; one with warnings needs --reason, which waives them."""
    if not (units or sound):
        raise misuse("name units, or give --sound")
    left: list[str] = []
    accepted = 0
    with changed(folder, hand(by, reason), lang) as (collection, change):
        named = units_of(collection, units)
        known = chosen([*collection.standings(year), *collection.strays(year)], named)
        with change.together():
            for each in known:
                if sound and not units and (each.last is None or each.last.decision):
                    continue
                why = _accept(change, each, alone=not sound)
                left += [why] if why else []
                accepted += not why
    for line in left if units else left[:_TOLD]:
        say(line, wrong=True)
    words = gettext.gettext("accepted: {accepted}, not accepted: {left}")
    say(words.format(accepted=accepted, left=len(left)), wrong=True)
    sys.exit(FAULTY if left else SOUND)


def _accept(change: Change, standing: Standing, *, alone: bool) -> str:
    """Accept the newest report of a unit; return why not, where that may not be.

    ``alone`` says that the unit was named, which settles what of several that came at once is meant: the newest.
    """
    from workbook.collect.decisions import RefusalError

    newest, unit = standing.last, standing.unit.name
    if newest is None:
        return gettext.gettext("{unit}: nothing was received").format(unit=unit)
    if newest.decision == "accepted":
        return gettext.gettext("{unit}: it was accepted before").format(unit=unit)
    if newest.together and not alone:
        return gettext.gettext(
            "{unit}: several versions came at once; name the unit to accept the last, or withdraw the others"
        ).format(unit=unit)
    try:
        change.accept(newest, (standing.unit.id, standing.year))
        if newest.together:
            words = gettext.gettext("{unit}: of several that came at once, #{number} {file} was accepted")
            say(words.format(unit=unit, number=newest.submission, file=newest.file), err=False)
    except RefusalError as error:
        return refused(RefusalError(error.why, unit))
    return ""


@command()
@UNIT
@option("--until", type=Day(), required=True, help="Until when the report is due.")
@IN
@YEAR
@BY
@REASON
@LANG
def extend(
    unit: str, folder: Path | None, year: int | None, until: dt.date, by: str | None, reason: str, lang: Any
) -> None:
    """Give a unit more time; one that was not due is due again."""
    from workbook.collect.hand import now

    if until < now().date():
        raise misuse("--until is in the past")
    with changed(folder, hand(by, reason), lang) as (collection, change):
        whose = unit_of(collection, unit)
        change.extend(whose, year or collection.year(), until)
        words = gettext.gettext("{unit}: due until {until}")
        say(words.format(unit=collection.name(whose), until=until), err=False)


@command()
@UNIT
@IN
@YEAR
@BY
@REASON
@LANG
def waive(unit: str, folder: Path | None, year: int | None, by: str | None, reason: str, lang: Any) -> None:
    """Say that nothing is due of a unit."""
    with changed(folder, hand(by, reason), lang) as (collection, change):
        whose, of_year = unit_of(collection, unit), year or collection.year()
        if collection.standing(whose, of_year).last:
            raise misuse("{unit} has reported for {year}; withdraw that first", unit=unit, year=of_year)
        change.waive(whose, of_year)
        say(gettext.gettext("{unit}: nothing is due for {year}").format(unit=collection.name(whose), year=of_year),
            err=False)  # fmt: skip


@command()
@argument("submission", metavar="SUBMISSION")
@option("--erase", is_flag=True, help="Erase it too: bytes, name, cells, texts and findings; that it was is kept.")
@option("--back", is_flag=True, help="Bring back what was withdrawn by mistake.")
@IN
@BY
@REASON
@LANG
def withdraw(
    submission: str, folder: Path | None, *, erase: bool, back: bool, by: str | None, reason: str, lang: Any
) -> None:
    """Take a submission out of its chain; --back brings it back. What was erased is gone."""
    if erase and back:
        raise misuse("give either --erase or --back")
    with changed(folder, hand(by, reason), lang) as (collection, change):
        number = submission_of(collection, submission)
        file, whose = collection.file(number), collection.place(number)[0]
        name = collection.name(whose) if whose else "—"
        if back:
            change.restore(number)
        elif erase:
            change.erase(number)
        else:
            change.withdraw(number)
        for _again in change.settle():
            pass
    erased = gettext.gettext("#{number} {file} ({unit}) was erased.")
    withdrawn = gettext.gettext("#{number} {file} ({unit}) was withdrawn.")
    restored = gettext.gettext("#{number} {file} ({unit}) is back.")
    say((restored if back else erased if erase else withdrawn).format(number=number, file=file, unit=name), err=False)
