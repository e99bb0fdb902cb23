"""The commands about files that are not the kit's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from workbook.cli.help import argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import (
    BLANK,
    EDITION,
    FORCE,
    INPUTS,
    JOBS,
    LANG,
    TO_FILE,
    Output,
    edition_of,
    ends_in,
    for_many,
)
from workbook.cli.runner import write_each
from workbook.cli.stdin import Input, with_standard_input
from workbook.cli.telling import telling, with_telling
from workbook.cli.terminal import say


@command("import")
@INPUTS
@option(
    "-o",
    "--output",
    required=True,
    type=Output(),
    help="Workbook or .json to write; of many files the folder for their workbooks.",
)
@option("--to-json", is_flag=True, help="Write JSON into that folder, not workbooks.")
@BLANK
@LANG
@JOBS
@with_telling
@FORCE
def import_(
    inputs: tuple[Path, ...], output: Path, *, to_json: bool, zero: bool, lang: Any, jobs: int, force: bool
) -> None:
    """Read reports in any form (.xls, .ods, page, Word, PDF, CSV, text) into the kit's own workbooks or JSON."""
    from workbook.files import is_folder, shown
    from workbook.jobs.file import convert_file, fill_file
    from workbook.jobs.result import Options
    from workbook.jobs.search import search
    from workbook.jobs.targets import with_targets

    options = Options(lang=lang, force=force, zero=zero, draft=True, shown=telling().shown)
    found = search(inputs, options=options, output=output)
    one = found.is_one and not is_folder(output)
    ending = output.suffix.lower() if one else ".json" if to_json else ".xlsx"
    if ending not in {".xlsx", ".json"} or (to_json and ending == ".xlsx"):
        raise misuse(
            "{name} must end in {endings}", name=shown(output), endings=".json" if to_json else ".xlsx / .json"
        )
    for_many(found, output, ".xlsx", ".json")
    found = with_targets(with_standard_input(found), output, ending)
    write_each(convert_file if ending == ".json" else fill_file, found, options, jobs)


@command()
@argument("source", metavar="FILE", type=Input())
@TO_FILE
@EDITION
@BLANK
@LANG
@FORCE
def repair(source: Path, output: Path | None, edition: str | None, *, zero: bool, lang: Any, force: bool) -> None:
    """Save what can be read of an old or damaged report in a fresh workbook; tell what moved, changed or was lost."""
    from workbook.jobs.repair import repair_file
    from workbook.jobs.result import Options, Task
    from workbook.jobs.search import Found
    from workbook.jobs.targets import beside, guarded

    ends_in(output, ".xlsx")
    chosen = edition_of(edition, None) if edition else None
    options = Options(lang=lang, force=force, zero=zero, edition=chosen)
    task = Task(source, output) if output else beside(source, "-修复.xlsx")
    found = with_standard_input(Found([task]), beside=output is None)
    write_each(repair_file, Found(guarded(found.tasks)), options, 1)


@command()
@argument("source", metavar="FILE", type=Input())
@LANG
def inspect(source: Path, *, lang: Any) -> None:
    """Tell what was found where in a file, table by table: for support."""
    from workbook.files import load, parse, shown
    from workbook.jobs.repair import inspected
    from workbook.jobs.result import Task
    from workbook.jobs.search import Found
    from workbook.report import Unreadable

    (task,) = with_standard_input(Found([Task(source)])).tasks
    try:
        if task.refused:
            raise Unreadable(task.refused)  # noqa: TRY301 - told like any other that cannot be read
        report = parse(load(source) if task.data is None else task.data, shown(task.source.name))
    except Unreadable as refusal:
        for finding in refusal.findings:
            say(f"{finding.message(lang)} {finding.hint(lang)}", wrong=True)
        sys.exit(refusal.exit_code)
    say(f"{report.edition}版  {report.year or '年度不明'}  {report.body.name or '机关不明'}", err=False)
    for line in inspected(report):
        say("  ".join(filter(None, line)), err=False)
