"""What goes out: the figures of all units as a table, templates filled in, a template of the register."""

from __future__ import annotations

import datetime as dt
import gettext
import io
from pathlib import Path
from typing import Any

import click

from workbook.cli.collect.common import AT, IN, opened, refusals, units_of
from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, LANG, TO_FILE, Output, ends_in
from workbook.cli.runner import save, writing
from workbook.cli.terminal import say

_YEARS = click.IntRange(2000, 2100)


@command()
@TO_FILE
@option("--year", "years", type=_YEARS, multiple=True, help="Report year; several give one beside the other.")
@option(
    "--cells", multiple=True, metavar="KEY", help="Only these cells, rows or tables, such as applications.received."
)
@option("--long", is_flag=True, help="A row a unit, a year and a cell in place of a row a unit.")
@AT
@IN
@LANG
@FORCE
def table(
    output: Path | None,
    years: tuple[int, ...],
    cells: tuple[str, ...],
    folder: Path | None,
    at: dt.datetime | None,
    *,
    long: bool,
    lang: Any,
    force: bool,
) -> None:
    """Give the figures of all units as one table, .xlsx or .csv; of several years with the change."""
    from workbook.collect.hand import now
    from workbook.collect.table import Asked, NoSuchCellError, csv_lines, write_table
    from workbook.collect.table.write import TooWideError
    from workbook.files import make_folder, shown
    from workbook.output.vocabulary import WORDS

    ends_in(output, ".xlsx", ".csv")
    collection = opened(folder)
    asked = Asked(years or (collection.year(at),), cells, long, lang)
    try:
        with refusals(folder):
            if output is None:
                for line in csv_lines(collection, asked, at or now()):
                    click.echo(line.encode("utf-8", "replace"), nl=False)
                return
            with writing(output):
                make_folder(output.parent)
                write_table(collection, output, asked, at or now(), force=force)
    except NoSuchCellError as error:
        if error.like:
            like = ", ".join(error.like)
            raise misuse(
                "no report has a cell called {name}; did you mean {like}?", name=error.name, like=like
            ) from error
        raise misuse("no report has a cell called {name}", name=error.name) from error
    except TooWideError as error:
        words = {"columns": error.columns, "limit": error.limit}
        raise misuse(
            "{columns} columns are more than the {limit} of a sheet; name --cells, or give .csv", **words
        ) from error
    say(WORDS[lang]["written"].format(shown(output)))


@command()
@argument("units", nargs=-1, metavar="[UNIT...]")
@option("-o", "--output", required=True, type=Output(file_okay=False), help="Folder for the templates.")
@option("--year", type=_YEARS, help="Report year; that of the newest due date unless given.")
@AT
@IN
@LANG
@FORCE
def prefill(
    units: tuple[str, ...],
    output: Path,
    year: int | None,
    folder: Path | None,
    at: dt.datetime | None,
    *,
    lang: Any,
    force: bool,
) -> None:
    """Write a template for each unit: name, codes, kind, and what the form takes over from last year's report."""
    from workbook.collect.prefill import prefill as templates

    collection = opened(folder)
    wanted = units_of(collection, units) or None
    written, lacking = 0, []
    with refusals(folder), writing(output):
        for each in templates(collection, year or collection.year(at), output, at, wanted, force=force):
            written += 1
            lacking += [unit.name for unit in each.lacking]
    if lacking:
        words = gettext.gettext("without last year's figures, for there is no report of them: {units}")
        say(
            words.format(units="、".join(dict.fromkeys(lacking)) if lang == "zh" else ", ".join(dict.fromkeys(lacking)))
        )
    say(gettext.gettext("{written} templates written").format(written=written))


@command()
@TO_FILE
@FORCE
def template(output: Path | None, *, force: bool) -> None:
    """Write the blank register: an Excel file to list the units in."""
    from workbook.collect.register_template import write_template

    ends_in(output, ".xlsx")
    data = io.BytesIO()
    write_template(data)
    save(output or Path("名册.xlsx"), data.getvalue(), force=force)
