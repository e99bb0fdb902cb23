"""Handing up what was collected."""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.cli.collect.common import BY, IN, REASON, YEAR, changed, hand, unit_of
from workbook.cli.help import argument, command, option
from workbook.cli.options import FORCE, LANG, Output, ends_in
from workbook.cli.runner import refuse, writing
from workbook.cli.terminal import say
from workbook.printable import printable

if TYPE_CHECKING:
    from workbook.collect.bundle.write import Exported


@command()
@argument("unit", required=False, metavar="[UNIT]")
@option("-o", "--output", required=True, type=Output(dir_okay=False), help="The bundle, a file .zip.")
@YEAR
@option("--originals", is_flag=True, help="Put the received files in too.")
@IN
@BY
@REASON
@LANG
@FORCE
def export(
    unit: str | None,
    output: Path,
    year: int | None,
    folder: Path | None,
    *,
    originals: bool,
    by: str | None,
    reason: str,
    lang: Any,
    force: bool,
) -> None:
    """Hand up what was collected as one file, which the office above takes in with collect add."""
    from workbook.files import make_folder, shown

    ends_in(output, ".zip")
    refuse(output, force=force)
    with changed(folder, hand(by, reason), lang) as (collection, change):
        whose = unit_of(collection, unit) if unit else None
        with writing(output):
            make_folder(output.parent)
            made = change.export(output, year, whose, originals=originals, force=force)
    _tell(made, shown(output))


_NAMED = 5
"""Files that are named of those that lose a text."""


def _tell(made: Exported, name: str) -> None:
    words = gettext.gettext(
        "{name} written: {units} units, {reports} reports, {decisions} decisions, {originals} originals, as of {as_of}"
    )
    counts = {"units": made.units, "reports": made.reports, "decisions": made.decisions, "originals": made.originals}
    say(words.format(name=name, as_of=made.as_of.strftime("%Y-%m-%d %H:%M:%S"), **counts))
    say(f"SHA-256 {made.digest}")
    if made.without_original:
        say(gettext.gettext("without original, for it is kept below: {count}").format(count=made.without_original))
    if made.cut:
        files = printable("、".join(made.cut[:_NAMED]))
        words = gettext.gettext("texts too long to be handed up but with --originals, in {count} files: {files}")
        say(words.format(count=len(made.cut), files=files), wrong=True)
    if made.unplaced:
        say(gettext.gettext("nobody's, and so not handed up: {count}").format(count=made.unplaced), wrong=True)
