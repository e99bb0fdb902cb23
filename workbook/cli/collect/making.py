"""Making a collection and keeping its register."""

from __future__ import annotations

import gettext
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.collect.common import BY, IN, REASON, changed, hand, refusals
from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import LANG, Output
from workbook.cli.terminal import say
from workbook.exits import FAULTY, SOUND, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from workbook.collect.registers import WrongRegisterError
    from workbook.report import Finding

REGISTER = argument("file", metavar="REGISTER", type=FilePath())


@command()
@REGISTER
@option("-o", "--output", required=True, type=Output(file_okay=False), help="Folder of the collection; it is made.")
@option("--year", type=click.IntRange(2000, 2100), help="Report year, where the register has no due dates with a year.")
@BY
@LANG
def init(file: Path, output: Path, year: int | None, by: str | None, lang: Any) -> None:
    """Make a collection: from a register, or from last year's collection, whose register and reports it takes over."""
    from workbook.collect.making import make, make_from
    from workbook.collect.registers import WrongRegisterError
    from workbook.collect.store import CollectionExistsError, NoCollectionError, find
    from workbook.files import is_folder, shown

    who = hand(by)
    try:
        with refusals(file):
            if is_folder(file):
                made = make_from(find(file), output, year, who, lang)
            else:
                made = make(file, output, year, who, lang)
    except CollectionExistsError as error:
        raise misuse("{name} is not empty; choose another folder", name=shown(output)) from error
    except NoCollectionError as error:
        raise misuse(
            "{name} is a folder, and no collection; name a register, or last year's collection", name=file
        ) from error
    except WrongRegisterError as error:
        _leave(error, lang)
    except OSError as error:
        raise misuse(
            "{name} cannot be written: {reason}", name=shown(output), reason=error.strerror or error
        ) from error
    _tell(made.findings, lang)
    say(gettext.gettext("{units} units, {expected} of them expected for {year}: {name}").format(
        units=made.units, expected=made.expected, year=made.year, name=shown(output)), wrong=True)  # fmt: skip


@command()
@REGISTER
@IN
@BY
@REASON
@LANG
def register(file: Path, folder: Path | None, by: str | None, reason: str, lang: Any) -> None:
    """Read a register that was changed, and say what changed; what was nobody's is given to whose it is now."""
    from workbook.collect.registers import WrongRegisterError

    try:
        with changed(folder, hand(by, reason), lang) as (_collection, change):
            taken = change.register(file)
            for _again in change.settle():
                pass
    except WrongRegisterError as error:
        _leave(error, lang)
    _tell(taken.findings, lang)
    for each in taken.changes:
        say(each.text, err=False)
    if not taken.changes:
        say(gettext.gettext("Nothing changed in the register."), err=False)
    for file_name, unit in taken.assigned:
        say(gettext.gettext("{file} is of {unit} now").format(file=file_name, unit=unit), err=False)
    sys.exit(FAULTY if any(each.what == "gone" for each in taken.changes) else SOUND)


def _leave(error: WrongRegisterError, lang: Any) -> None:
    """Tell what is wrong with a register, and leave."""
    _tell(error.findings, lang)
    say(gettext.gettext("Nothing was made or changed; mend the register and try again."), wrong=True)
    sys.exit(FAULTY if error.is_readable else UNREADABLE)


def _tell(findings: Iterable[Finding], lang: Any) -> None:
    for finding in findings:
        say(f"{finding.message(lang)}〔{finding.code}〕", wrong=True)
        say(f"      → {finding.hint(lang)}", wrong=True)
