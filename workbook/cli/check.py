"""The command ``check``, in a module of its own: most runs are of it, and need no option of any other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.cli.giving import give, outputs_of
from workbook.cli.help import command
from workbook.cli.options import BLANK, FORCE, FORMAT, INPUTS, LANG, PREVIOUS, STRICT, TO_FILES
from workbook.cli.runner import previous_of
from workbook.cli.sharing import with_sharing
from workbook.cli.stdin import with_standard_input
from workbook.cli.telling import telling, with_telling
from workbook.cli.waivers import WAIVERS, waivers

if TYPE_CHECKING:
    from workbook.jobs.pool import Jobs


@command()
@INPUTS
@FORMAT
@TO_FILES
@PREVIOUS
@WAIVERS
@BLANK
@STRICT
@LANG
@with_sharing
@with_telling
@FORCE
def check(
    inputs: tuple[Path, ...],
    form: str | None,
    outputs: tuple[Path, ...],
    *,
    previous: Path | None,
    zero: bool,
    strict: bool,
    lang: Any,
    jobs: Jobs,
    force: bool,
) -> None:
    """Check workbooks, JSON documents and published reports, files or folders, and tell every finding."""
    from workbook.jobs.file import check_file
    from workbook.jobs.result import Options
    from workbook.jobs.search import previous_files, search

    found = with_standard_input(search(inputs, options=Options(lang=lang)))
    others = previous_files(previous)
    asked = outputs_of(form, outputs, found, others, force=force)
    options = Options(
        lang=lang,
        strict=strict,
        force=force,
        zero=zero,
        previous=previous_of(previous, jobs, lang),
        shown=telling().shown,
        waivers=waivers(),
    )
    give(check_file, found, options, jobs, asked, others)
