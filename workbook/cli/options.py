"""What the commands share: their switches, and what follows from them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import FilePath, argument, option
from workbook.cli.language import LANGS, VARIABLE, misuse, spoken
from workbook.cli.stdin import Input
from workbook.cli.telling import telling
from workbook.output import FORMATS, format_for

if TYPE_CHECKING:
    from workbook.jobs.search import Found
    from workbook.output import Format


class Output(FilePath):
    """The path of what is written: with a name that every system takes.

    Where it may be a file or a folder, a stroke at its end says that it is a folder, which is made: pathlib forgets it.
    """

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        from workbook.cli.runner import writing
        from workbook.files import make_folder, shown
        from workbook.intake.kinds import LINES
        from workbook.jobs.names import unfit_part

        path = super().convert(value, param, ctx)
        part = path.with_name(f"{path.name}.part") if path.suffix.lower() == LINES else path
        if (name := unfit_part(part)) is not None:
            raise misuse("not every system takes the name {name}; choose another", name=shown(name))
        if self.file_okay and self.dir_okay and str(value).endswith(_STROKES):
            with writing(path):
                make_folder(path)
        return path


_STROKES = tuple(filter(None, (os.sep, os.altsep)))

INPUTS = argument("inputs", nargs=-1, required=True, metavar="FILE|FOLDER...", type=Input())
TO_FILE = option("-o", "--output", type=Output(dir_okay=False), help="File to write.")
TO_MANY = option("-o", "--output", type=Output(), help="File for one input, folder for many.")
TO_LINES = option(
    "-o",
    "--output",
    type=Output(allow_dash=True),
    help="File for one input, folder for many; one .jsonl file, a line a report; - for standard output.",
)
TO_FOLDER = option(
    "-o",
    "--output",
    type=Output(file_okay=False),
    default=Path("nianbao-demo"),
    show_default=True,
    help="Folder to write to; a number is added where it exists.",
)
TO_FILES = option(
    "-o",
    "--output",
    "outputs",
    type=Output(dir_okay=False),
    multiple=True,
    help="File to write; for pages of many inputs a table of them, beside which a folder of that name holds the pages. "
    "Give it several times for several files of one run, each by its ending.",
)
FORMAT = option(
    "--format",
    "form",
    type=click.Choice(list(FORMATS)),
    envvar="NIANBAO_FORMAT",
    show_envvar=True,
    help="What to print or write; what the ending of -o says, else text.",
)
CONTRACT = option(
    "--contract",
    type=click.Choice(["1", "2"]),
    callback=lambda _context, _option, value: value and int(value),
    help="Version of the JSON format; the newest unless given.",
)
EDITION = option("--edition", help="Edition of the form, such as 2021; the newest unless given.")
_LANGUAGE = "Language of help and messages; Chinese where nothing says another."
LANG = option("--lang", type=click.Choice(LANGS), default=spoken, help=_LANGUAGE)
LANG_OF_ALL = option(
    "--lang", type=click.Choice(LANGS), envvar=VARIABLE, show_envvar=True, expose_value=False, help=_LANGUAGE
)
PREVIOUS = option(
    "--previous",
    metavar="FILE|FOLDER",
    type=FilePath(),
    envvar="NIANBAO_PREVIOUS",
    show_envvar=True,
    help="Last year's report to compare with, in any form; of a folder, the one of the same office.",
)

JOBS = option(
    "--jobs",
    type=click.IntRange(0),
    default=0,
    envvar="NIANBAO_JOBS",
    show_envvar=True,
    help="Worker processes; 0 chooses by the number of files.",
)
BLANK = option(
    "--blank",
    "zero",
    type=click.Choice(["blank", "zero"]),
    default="blank",
    show_default=True,
    callback=lambda _context, _option, value: value == "zero",
    help="What blank cells are read as.",
)
STRICT = option("--strict", is_flag=True, help="Let warnings fail too.")
RESUME = option(
    "--resume", is_flag=True, help="Go on where a run was interrupted: what was written and says the same is kept."
)
FORCE = option("--force", is_flag=True, help="Overwrite existing files.")
HOME = option("--home", type=Output(file_okay=False), help="The user's folder; your own.")
TO_START = option("--to", type=Output(file_okay=False), help="Folder that Excel starts add-ins from; XLSTART.")


def edition_of(edition: str | None, year: int | None) -> str:
    """Return the edition asked for by name or by year, else the newest."""
    from workbook.form import edition_for
    from workbook.resources import editions

    known = editions()
    if edition is not None:
        if edition not in known:
            raise misuse("no such edition: {edition}; there are {known}", edition=edition, known=", ".join(known))
        return edition
    fitting = known[-1] if year is None else edition_for(year)
    if fitting is None:
        raise misuse("no edition of the form is prescribed for {year}", year=year)
    return fitting


def is_on_the_line(parameter: str) -> bool:
    """Say whether a parameter was given on the command line, not by the settings or the environment."""
    from click.core import ParameterSource

    return click.get_current_context().get_parameter_source(parameter) is ParameterSource.COMMANDLINE


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
        raise misuse(
            "{name} must end in {endings}", name=shown(output.name), endings=" / ".join(dict.fromkeys(endings))
        )


def for_many(found: Found, output: Path | None, *endings: str) -> None:
    """Refuse an output for many that is called like one file."""
    from workbook.files import is_folder, shown

    if not found.is_one and output and output.suffix.lower() in endings and not is_folder(output):
        raise misuse("{name} is the name of one file; for many name a folder", name=shown(output))


def form_of(form: str | None, output: Path | None, inputs: int) -> Format:
    """Return the format of output asked for by name, else by the ending of the output's name, else text.

    A name in the settings or the environment is one for outputs whose endings say nothing.
    """
    from workbook.files import shown

    if (telling().summary or (output and format_for(output.suffix))) and not is_on_the_line("form"):
        form = None
    asked: Any = form or (output and format_for(output.suffix)) or "text"
    fitting = [FORMATS[asked]] if form else FORMATS.values()
    ends_in(output, *(ending for written in fitting for ending in written.endings))
    if telling().summary and asked != "text":
        raise misuse("--summary is for text, not for {form}", form=asked)
    if output is None and asked == "xlsx":
        raise misuse("a workbook is not for the screen; name a file with -o")
    if asked == "html" and inputs > 1:
        if output is None:
            raise misuse("a page shows one report; for many name a file with -o")
        if output.suffix.lower() not in {".html", ".htm"}:
            raise misuse("{name} must end in .html: the folder of that name holds the pages", name=shown(output.name))
    return asked  # type: ignore[no-any-return]
