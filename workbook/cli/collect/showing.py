"""What is known: the standing of all units, and everything about one."""

from __future__ import annotations

import datetime as dt
import gettext
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.collect.common import AT, IN, YEAR, opened, refusals, unit_of, vet_moment
from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, LANG, STRICT, TO_FILE, ends_in
from workbook.cli.runner import columns, printed, refuse, save, writing
from workbook.cli.terminal import say
from workbook.exits import FAULTY, SOUND

if TYPE_CHECKING:
    from workbook.collect.views.status import Overview

_FORMS = ("text", "csv", "json", "xlsx", "html")
_ODD_FORMS = ("text", "csv", "json", "xlsx")
_ENDINGS = {".txt": "text", ".csv": "csv", ".json": "json", ".xlsx": "xlsx", ".html": "html", ".htm": "html"}


@command()
@argument("unit", metavar="[UNIT]", required=False)
@TO_FILE
@option("--format", "form", type=click.Choice(_FORMS), help="What to give; what the ending of -o says, else text.")
@YEAR
@AT
@IN
@LANG
@FORCE
def status(
    unit: str | None,
    output: Path | None,
    form: str | None,
    year: int | None,
    at: dt.datetime | None,
    folder: Path | None,
    *,
    lang: Any,
    force: bool,
) -> None:
    """Tell who is missing, late, returned, received, accepted; of one unit, with what is below it."""
    from workbook.collect.hand import now
    from workbook.collect.views import VIEWS, render
    from workbook.collect.views.status import overview

    asked: Any = _asked(form, output, *_ENDINGS)
    if output is None and asked in {"xlsx", "html"}:
        raise misuse("{form} needs -o", form=asked)
    if output:
        refuse(output, force=force)
    collection = opened(folder)
    with refusals(folder):
        moment = at or now()
        vet_moment(collection, moment)
        under = unit_of(collection, unit, moment) if unit else None
        found = overview(collection, year or collection.year(moment), moment, under)
        if asked == "html" and output:
            from workbook.collect.views.pages import write_pages

            with writing(output):
                count = write_pages(output, collection, found, lang, force=force)
            say(gettext.gettext("{count} pages, the first is {name}").format(count=count, name=output.name))
        else:
            data = render(asked, found, lang, columns(sys.stdout) if output is None else 0)
            if output:
                save(output, VIEWS[asked].mark + data, force=force, lang=lang)
            else:
                printed(data)
    sys.exit(_code(found))


@command()
@argument("unit", metavar="[UNIT]", required=False)
@TO_FILE
@option("--format", "form", type=click.Choice(_ODD_FORMS), help="What to give; what the ending of -o says, else text.")
@YEAR
@AT
@IN
@LANG
@STRICT
@FORCE
def odd(
    unit: str | None,
    output: Path | None,
    form: str | None,
    year: int | None,
    at: dt.datetime | None,
    folder: Path | None,
    *,
    lang: Any,
    strict: bool,
    force: bool,
) -> None:
    """Tell what looks odd among the reports: like another unit's, far from earlier years or from units of its kind.

    All of it are warnings, at most ten a unit, the strongest first. Exit codes: 0 whatever is told, 1 with --strict
    where something is, 2 misuse.
    """
    from workbook.collect.hand import now
    from workbook.collect.odd.views import MARKS, render

    asked: Any = _asked(form, output, *(ending for ending, of in _ENDINGS.items() if of in _ODD_FORMS))
    if output is None and asked == "xlsx":
        raise misuse("{form} needs -o", form=asked)
    if output:
        refuse(output, force=force)
    collection = opened(folder)
    with refusals(folder):
        moment = at or now()
        vet_moment(collection, moment)
        found = collection.odd(year, unit_of(collection, unit, moment) if unit else None, moment)
        data = render(asked, found, lang, columns(sys.stdout) if output is None else 0)
    if output:
        save(output, MARKS.get(asked, b"") + data, force=force, lang=lang)
    else:
        printed(data)
    sys.exit(FAULTY if strict and found.units else SOUND)


def _asked(form: str | None, output: Path | None, *endings: str) -> str:
    """Return the form that is asked for: by its name, else by the ending of the file, which then must be known."""
    from workbook.files import shown

    ends_in(output, *endings)
    if form or output is None:
        return form or "text"
    if output.suffix.lower() not in endings:
        raise misuse("{name} must end in {endings}", name=shown(output.name), endings=" / ".join(endings))
    return _ENDINGS[output.suffix.lower()]


def _code(found: Overview) -> int:
    """Return what to leave with: whether something is late or returned, or waits for a person."""
    return FAULTY if found.waits or found.files else SOUND


@command()
@argument("unit", metavar="UNIT")
@TO_FILE
@option(
    "--format", "form", type=click.Choice(["text", "json", "html"]), help="What to give; text unless -o says another."
)
@YEAR
@AT
@IN
@LANG
@FORCE
def show(
    unit: str,
    output: Path | None,
    form: str | None,
    year: int | None,
    at: dt.datetime | None,
    folder: Path | None,
    *,
    lang: Any,
    force: bool,
) -> None:
    """Tell everything about one unit: versions, what changed, findings, decisions, where the original is."""
    from workbook.collect.hand import now
    from workbook.collect.views.show import show as text_of
    from workbook.collect.views.show import show_json

    asked = _asked(form, output, ".txt", ".json", ".html")
    collection = opened(folder)
    with refusals(folder):
        moment = at or now()
        vet_moment(collection, moment)
        whose, of_year = unit_of(collection, unit, moment), year or collection.year(moment)
        if asked == "json":
            data = show_json(collection, whose, of_year, moment, lang)
        elif asked == "html":
            from workbook.collect.views.pages import show_page

            data = show_page(collection, whose, of_year, moment, lang)
        else:
            wide = 0 if output else columns(sys.stdout)
            data = text_of(collection, whose, of_year, moment, lang, wide).encode()
    if output:
        save(output, data, force=force, lang=lang)
    else:
        printed(data)
