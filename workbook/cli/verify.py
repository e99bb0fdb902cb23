"""The command that compares two reports."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workbook.cli.giving import give, outputs_of
from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.options import FORCE, FORMAT, LANG, STRICT, TO_FILE
from workbook.cli.stdin import Input, with_standard_input
from workbook.cli.telling import telling, with_telling


@command()
@argument("source", metavar="FILE", type=Input())
@option(
    "--against",
    metavar="FILE",
    required=True,
    type=FilePath(),
    help="The file that is right: what was sent up, in any form that is read.",
)
@FORMAT
@TO_FILE
@STRICT
@LANG
@with_telling
@FORCE
def verify(
    source: Path, against: Path, form: str | None, output: Path | None, *, strict: bool, lang: Any, force: bool
) -> None:
    """Compare a report with the one that is right: a page or a JSON document with the workbook that was sent up.

    Numbers must be equal, texts the same but for blanks, widths and quotes. Exit codes: 0 the same, 1 different (with
    --strict also where the content is the same and the file is another), 3 a file that cannot be read.
    """
    from workbook.jobs.result import Options, Task
    from workbook.jobs.search import Found
    from workbook.jobs.verify import verify_file

    found = with_standard_input(Found([Task(source, against=against)]))
    outputs = outputs_of(form, [output] if output else [], found, [against], force=force)
    give(verify_file, found, Options(lang=lang, strict=strict, force=force, shown=telling().shown), 1, outputs)
