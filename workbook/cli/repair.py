"""The commands about files that are not the kit's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from workbook.cli.help import FilePath, argument, command, option
from workbook.cli.language import misuse
from workbook.cli.options import BLANK, EDITION, FORCE, LANG, TO_FILE, edition_of, ends_in
from workbook.cli.runner import run, told
from workbook.cli.terminal import say


@command("import")
@argument("source", metavar="FILE", type=FilePath())
@option("-o", "--output", required=True, type=FilePath(dir_okay=False), help="Workbook or .json to write.")
@BLANK
@LANG
@FORCE
def import_(source: Path, output: Path, *, zero: bool, lang: Any, force: bool) -> None:
    """Read a report in any form (.xls, .ods, page, Word, PDF, CSV, text) into the kit's own workbook or JSON."""
    from workbook.files import shown
    from workbook.jobs.file import convert_file, fill_file
    from workbook.jobs.result import Options, Task
    from workbook.jobs.targets import guarded

    if output.suffix.lower() not in {".xlsx", ".json"}:
        raise misuse("{name} must end in {endings}", name=shown(output), endings=".xlsx / .json")
    options = Options(lang=lang, force=force, zero=zero, draft=True)
    job = convert_file if output.suffix.lower() == ".json" else fill_file
    told(run(job, guarded([Task(source, output)]), options, 1), lang)


@command()
@argument("source", metavar="FILE", type=FilePath())
@TO_FILE
@EDITION
@BLANK
@LANG
@FORCE
def repair(source: Path, output: Path | None, edition: str | None, *, zero: bool, lang: Any, force: bool) -> None:
    """Save what can be read of an old or damaged report in a fresh workbook; tell what moved, changed or was lost."""
    from workbook.jobs.repair import repair_file
    from workbook.jobs.result import Options, Task
    from workbook.jobs.targets import guarded

    ends_in(output, ".xlsx")
    chosen = edition_of(edition, None) if edition else None
    options = Options(lang=lang, force=force, zero=zero, edition=chosen)
    target = output or source.with_name(f"{source.stem}-修复.xlsx")
    told(run(repair_file, guarded([Task(source, target)]), options, 1), lang)


@command()
@argument("source", metavar="FILE", type=FilePath())
@LANG
def inspect(source: Path, *, lang: Any) -> None:
    """Tell what was found where in a file, table by table: for support."""
    from workbook.files import read
    from workbook.jobs.repair import inspected
    from workbook.report import Unreadable

    try:
        report = read(source)
    except Unreadable as refusal:
        for finding in refusal.findings:
            say(f"{finding.message(lang)} {finding.hint(lang)}", wrong=True)
        sys.exit(refusal.exit_code)
    say(f"{report.edition}版  {report.year or '年度不明'}  {report.body.name or '机关不明'}", err=False)
    for line in inspected(report):
        say("  ".join(filter(None, line)), err=False)
