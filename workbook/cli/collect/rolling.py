"""What the units add up to, compared with what an office filed; what was decided about that."""

from __future__ import annotations

import datetime as dt
import gettext
import sys
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.collect.common import AT, BY, IN, REASON, YEAR, changed, hand, opened, refusals, unit_of, vet_moment
from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, LANG, Output
from workbook.cli.runner import columns, printed, refuse, save
from workbook.cli.terminal import say
from workbook.exits import FAULTY, SOUND, UNREADABLE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.collect.rollup.comparison import Comparison
    from workbook.collect.rollup.rollup import RollUp
    from workbook.report import Lang, Report

_SCOPES = ("all", "level", "own")
_FORMS = ("text", "json", "csv", "xlsx", "html")
_ENDINGS = {".txt": "text", ".json": "json", ".csv": "csv", ".xlsx": "xlsx", ".html": "html", ".htm": "html"}


@command()
@argument("unit", metavar="[UNIT]", required=False)
@option(
    "--against",
    metavar="FILE",
    type=FilePath(dir_okay=False),
    help="The report that the office filed, in any form; what the collection has of it unless given.",
)
@option(
    "-o",
    "--output",
    "outputs",
    type=Output(dir_okay=False),
    multiple=True,
    help="File to write: .xlsx, .html, .json, .csv or .txt; several times for several files.",
)
@option("--format", "form", type=click.Choice(["text", "json", "csv"]), help="What to print; text unless given.")
@option(
    "--scope",
    type=click.Choice(_SCOPES),
    help="What the office reports on; what was decided of it, else all below it.",
)
@YEAR
@AT
@IN
@LANG
@FORCE
def rollup(
    unit: str | None,
    against: Path | None,
    outputs: tuple[Path, ...],
    form: str | None,
    scope: str | None,
    year: int | None,
    at: dt.datetime | None,
    folder: Path | None,
    *,
    lang: Any,
    force: bool,
) -> None:
    """Add up what the units below an office reported, and compare it with what the office filed.

    Exit codes: 0 the same, or nothing to compare with, 1 the report of the office differs, 2 misuse, 3 that report
    cannot be read.
    """
    from workbook.collect.hand import now
    from workbook.collect.rollup.scope import Scope

    _vet_outputs(outputs, against, force=force)
    filed = _read(against, lang) if against else None
    collection = opened(folder)
    with refusals(folder):
        moment = at or now()
        vet_moment(collection, moment)
        whose = unit_of(collection, unit, moment) if unit else None
        summed = collection.rollup(year, whose, at=moment, scope=Scope.of(scope) if scope else None)
        filed = filed or summed.filed_report()
        beside = summed.compare(filed) if filed else None
        if form or not outputs:
            printed(_made(summed, beside, form or "text", lang, columns(sys.stdout)))
        for output in outputs:
            _write(summed, beside, output, lang, force=force)
    sys.exit(FAULTY if beside and beside.own else SOUND)


def _vet_outputs(outputs: Sequence[Path], against: Path | None, *, force: bool) -> None:
    """Refuse outputs that cannot be written, before anything is done."""
    from workbook.files import shown

    for at, output in enumerate(outputs):
        if output.suffix.lower() not in _ENDINGS:
            raise misuse("{name} must end in {endings}", name=shown(output.name), endings=" / ".join(_ENDINGS))
        if output in outputs[:at]:
            raise misuse("{name} is named twice", name=shown(output.name))
        if against and output.resolve() == against.resolve():
            raise misuse("{name} is an input; choose another name", name=shown(output))
        refuse(output, force=force)


def _read(path: Path, lang: Lang) -> Report:
    """Return the report of a file; leave where it cannot be read."""
    from workbook.files import read, shown
    from workbook.report import Source, Unreadable

    try:
        report = read(path)
        return report if report.source else replace(report, source=Source(shown(path.name), ""))
    except Unreadable as error:
        for finding in error.findings:
            say(finding.message(lang), wrong=True)
        sys.exit(UNREADABLE)


def _made(summed: RollUp, beside: Comparison | None, form: str, lang: Lang, wide: int = 0) -> bytes:
    if form == "json":
        from workbook.document.document import dump
        from workbook.printable import escaped

        return escaped(dump(summed.to_dict(beside)).decode()).encode()
    if form == "csv":
        from workbook.collect.rollup.csv_table import render as table

        return table(summed, lang)
    from workbook.collect.rollup.text import render

    return render(summed, beside, lang, wide)


def _write(summed: RollUp, beside: Comparison | None, output: Path, lang: Lang, *, force: bool) -> None:
    """Write a file of the roll-up."""
    form = _ENDINGS[output.suffix.lower()]
    if form == "xlsx":
        from workbook.collect.rollup.xlsx import render

        save(output, render(summed, beside, lang, output.parent), force=force, lang=lang)
    elif form == "html":
        from workbook.collect.rollup.pages import render as page

        save(output, page(summed, beside, lang, output.parent), force=force, lang=lang)
    else:
        mark = b"\xef\xbb\xbf" if form == "csv" else b""
        save(output, mark + _made(summed, beside, form, lang), force=force, lang=lang)


@command()
@argument("unit", metavar="UNIT")
@argument("scope", type=click.Choice(_SCOPES), metavar="SCOPE")
@IN
@YEAR
@BY
@REASON
@LANG
def scope(unit: str, scope: str, folder: Path | None, year: int | None, by: str | None, reason: str, lang: Any) -> None:
    """Say what an office reports on: all below it, its departments alone (level), or its own office alone (own).

    It stands from that year on.
    """
    from workbook.collect.rollup.scope import Scope

    with changed(folder, hand(by, reason), lang) as (collection, change):
        whose = unit_of(collection, unit)
        change.scope(whose, year or collection.year(), Scope.of(scope))
        words = gettext.gettext("{unit} reports on: {scope}")
        say(words.format(unit=collection.name(whose), scope=Scope.of(scope).word(lang)), err=False)


@command()
@argument("unit", metavar="[UNIT]", required=False)
@option("--cell", metavar="KEY", help="The cell, such as documents.normative.made; not one that follows from others.")
@option("--amount", metavar="NUMBER", help="What is added to its sum, such as -1; money in units of 10,000 yuan.")
@option("--back", type=int, metavar="ID", help="Take that adjustment back.")
@IN
@YEAR
@BY
@REASON
@LANG
def adjust(
    unit: str | None,
    cell: str | None,
    amount: str | None,
    back: int | None,
    folder: Path | None,
    year: int | None,
    by: str | None,
    reason: str,
    lang: Any,
) -> None:
    """Declare what is added to a cell of an office's sum, such as -1 for a joint document; --back takes it back."""
    if (back is None) == (unit is None or cell is None or amount is None) or (back is not None and (cell or amount)):
        raise misuse("give UNIT, --cell and --amount, or --back")
    with changed(folder, hand(by, reason), lang) as (collection, change):
        if back is not None:
            gone = change.take_back(back)
            say(gettext.gettext("adjustment #{id} of {cell} was taken back").format(id=back, cell=gone.cell), err=False)
            return
        whose = unit_of(collection, unit or "")
        number = change.adjust(whose, year or collection.year(), cell or "", _amount(amount or ""))
        words = gettext.gettext("adjustment #{id}: {unit}, {cell} {amount}")
        say(words.format(id=number, unit=collection.name(whose), cell=cell, amount=amount), err=False)


def _amount(said: str) -> Decimal:
    """Return the amount that was said."""
    try:
        found = Decimal(said.replace("−", "-"))
    except InvalidOperation as error:
        raise misuse("{amount} is no number", amount=said) from error
    if not found.is_finite():
        raise misuse("{amount} is no number", amount=said)
    return found
