"""The command that compares reports: a file with a file, a folder with a folder, paper with a file."""

from __future__ import annotations

import re
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import FORCE, FORMAT, JOBS, LANG, STRICT, TO_FILE, form_of
from workbook.cli.runner import give, pages, spare
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
    """
    from workbook.jobs.pairs import paired
    from workbook.jobs.result import Options
    from workbook.jobs.search import search
    from workbook.jobs.targets import previous_files
    from workbook.jobs.verify import verify_file

    if bool(sources) == (code is not None):
        raise misuse("give either files to compare or --code")
    if code is not None:
        _verify_code(code, against, form, output, strict=strict, lang=lang, jobs=jobs, force=force)
    found = with_standard_input(search(sources, options=Options(lang=lang)))
    spare(output, found.tasks, [against])
    found = paired(found, against, jobs)
    asked = form_of(form, output, len(found.tasks))
    options = Options(lang=lang, strict=strict, force=force, document=asked == "html", shown=telling().shown)
    if output and asked == "html" and len(found.tasks) > 1:
        pages(found, output, options, jobs, previous_files(against), verify_file)
    give(verify_file, found, options, jobs, asked, output)


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
    spare(output, found.tasks, [])
    asked = form_of(form, output, len(found.tasks))
    options = Options(**switches, document=asked == "html", shown=telling().shown)
    give(partial(verify_code, digits), found, options, jobs, asked, output)
