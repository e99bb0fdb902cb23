"""The command that compares reports: a file with a file, a folder with a folder, paper with a file."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

from workbook.cli.giving import give, outputs_of
from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, FORMAT, JOBS, LANG, STRICT, TO_FILE, Output
from workbook.cli.stdin import Input, with_standard_input
from workbook.cli.telling import telling, with_telling


@command()
@argument("sources", metavar="FILE|FOLDER...", nargs=-1, type=Input())
@option(
    "--against",
    metavar="FILE|FOLDER",
    required=True,
    type=FilePath(),
    help="The file that is right: what was sent up, in any form that is read; of a folder, that of office and year.",
)
@option("--code", metavar="DIGITS", help="The check code on paper, in place of a file.")
@option(
    "--notice",
    "notices",
    metavar="FILE|FOLDER",
    type=Output(),
    multiple=True,
    help="Write a correction notice of what differs: .docx, .html or .txt, several times for several; "
    "for many reports a folder.",
)
@option("--date", metavar="DATE", help="Day under the name of the office in the notice, such as 2026-01-20.")
@FORMAT
@TO_FILE
@STRICT
@LANG
@JOBS
@with_telling
@FORCE
def verify(
    sources: tuple[Path, ...],
    against: Path,
    code: str | None,
    notices: tuple[Path, ...],
    date: str | None,
    form: str | None,
    output: Path | None,
    *,
    strict: bool,
    lang: Any,
    jobs: int,
    force: bool,
) -> None:
    """Compare a report with the one that is right: a page or a JSON document with the workbook that was sent up.

    Numbers must be equal, texts the same but for blanks, widths and quotes. Exit codes: 0 the same, 1 different (with
    --strict also where the content is the same and the file is another), 3 a file that cannot be read.

    FILE is what was published, --against what it should have been; a notice says how the one is to be corrected.
    """
    from workbook.jobs.pairs import paired
    from workbook.jobs.result import Options
    from workbook.jobs.search import previous_files, search
    from workbook.jobs.verify import verify_file

    if bool(sources) == (code is not None):
        raise misuse("give either files to compare or --code")
    if code is not None and notices:
        raise misuse("--notice is for files, not for --code")
    if code is not None:
        _verify_code(code, against, form, output, strict=strict, lang=lang, jobs=jobs, force=force)
    found = with_standard_input(search(sources, options=Options(lang=lang)))
    found = paired(found, against, jobs)
    outputs = outputs_of(form, [output] if output else [], found, previous_files(against), force=force)
    options = Options(lang=lang, strict=strict, force=force, shown=telling().shown)
    if not notices:
        give(verify_file, found, options, jobs, outputs)
    from workbook.cli.notices import noticing

    job, deliver = noticing(notices, date, found, against, output, options)
    give(job, found, options, jobs, outputs, deliver=deliver)


def _verify_code(code: str, against: Path, form: str | None, output: Path | None, **switches: Any) -> None:
    """Compare a check code that was typed from paper with those of reports, and leave."""
    from workbook.jobs.result import Options
    from workbook.jobs.search import search
    from workbook.publish.paper import verify_code

    digits = re.sub(r"[\s\-—]", "", unicodedata.normalize("NFKC", code))
    if not re.fullmatch("[0-9]{16}", digits):
        raise misuse("{code} is no check code: it has 16 digits", code=code)
    jobs = switches.pop("jobs")
    found = search([against], options=Options(lang=switches["lang"]))
    outputs = outputs_of(form, [output] if output else [], found, [], force=switches["force"])
    give(partial(verify_code, digits), found, Options(**switches, shown=telling().shown), jobs, outputs)
