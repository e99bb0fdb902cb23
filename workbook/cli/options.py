"""What the commands share: their switches, and what follows from them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.output import FORMATS

if TYPE_CHECKING:
    from workbook.output import Format

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
CONTRACT = click.option(
    "--contract",
    type=click.Choice(["1", "2"]),
    callback=lambda _context, _option, value: value and int(value),
    help="Version of the JSON format; the newest unless given.",
)
EDITION = click.option("--edition", help="Edition of the form, such as 2021; the newest unless given.")
LANG = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of messages."
)
PREVIOUS = click.option(
    "--previous",
    metavar="FILE|FOLDER",
    type=click.Path(path_type=Path),
    help="Last year's report to compare with, in any form; of a folder, the one of the same office.",
)

JOBS = click.option(
    "--jobs", type=click.IntRange(0), default=0, help="Worker processes; 0 chooses by the number of files."
)
BLANK = click.option(
    "--blank",
    "zero",
    type=click.Choice(["blank", "zero"]),
    default="blank",
    show_default=True,
    callback=lambda _context, _option, value: value == "zero",
    help="What blank cells are read as.",
)
FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    help=f"What to print or write; as the ending of -o says ({' '.join(how.endings[0] for how in FORMATS.values())}), "
    "else text.",
)
STRICT = click.option("--strict", is_flag=True, help="Let warnings fail too.")
RESUME = click.option(
    "--resume", is_flag=True, help="Go on where a run was interrupted: what was written and says the same is kept."
)
FORCE = click.option("--force", is_flag=True, help="Overwrite existing files.")
HOME = click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="The user's folder; your own.")
TO_START = click.option(
    "--to", type=click.Path(path_type=Path, file_okay=False), help="Folder that Excel starts add-ins from; XLSTART."
)


def edition_of(edition: str | None, year: int | None) -> str:
    """Return the edition asked for by name or by year, else the newest."""
    from workbook.form import edition_for
    from workbook.resources import editions

    known = editions()
    if edition is not None:
        if edition not in known:
            raise click.UsageError(f"no such edition: {edition}; there are {', '.join(known)}")
        return edition
    fitting = known[-1] if year is None else edition_for(year)
    if fitting is None:
        raise click.UsageError(f"no edition of the form is prescribed for {year}")
    return fitting


def ends_in(output: Path | None, *endings: str) -> None:
    """Refuse an output whose name ends as files of another kind than the one that is written.

    An unknown ending says nothing, and a folder may be called anything.
    """
    from workbook.files import is_folder, shown
    from workbook.intake.kinds import KNOWN

    if output is None or is_folder(output) or output.suffix.lower() in endings:
        return
    known = {*KNOWN, ".xlam", *(ending for written in FORMATS.values() for ending in written.endings)}
    if output.suffix.lower() in known:
        raise click.UsageError(f"{shown(output.name)} must end in {' or '.join(endings)}")


def form_of(form: str | None, output: Path | None, inputs: int) -> Format:
    """Return the format of output asked for by name, else by the ending of the output's name, else text."""
    from workbook.output import format_for

    asked: Any = form or (output and format_for(output.suffix)) or "text"
    fitting = [FORMATS[asked]] if form else FORMATS.values()
    ends_in(output, *(ending for written in fitting for ending in written.endings))
    if output is None and asked == "xlsx":
        raise click.UsageError("a workbook is not for the screen; name a file with -o")
    if asked == "html" and inputs > 1:
        if output is None:
            raise click.UsageError("a page shows one report; for many name a file with -o")
        if output.suffix.lower() not in {".html", ".htm"}:
            raise click.UsageError(f"{output.name} must end in .html: the folder of that name holds the pages")
    return asked  # type: ignore[no-any-return]
