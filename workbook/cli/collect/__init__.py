"""The commands about many units: who is expected, what came, what goes back."""

from __future__ import annotations

import click

from workbook.cli.collect.adding import add, assign, reassign, recheck
from workbook.cli.collect.deciding import accept, extend, return_, waive, withdraw
from workbook.cli.collect.giving import prefill, table, template
from workbook.cli.collect.handing import export
from workbook.cli.collect.making import init, register
from workbook.cli.collect.rolling import adjust, rollup, scope
from workbook.cli.collect.showing import odd, show, status
from workbook.cli.help import Group
from workbook.cli.language import misuse


@click.group(cls=Group)
def collect() -> None:
    """Collect the reports of many units: who is expected, what came, what goes back.

    Exit codes: 0 nothing waits, 1 something waits for a person (add: errors, whose it is, several versions; status:
    late or returned), 2 misuse, 3 a file that cannot be read, 4 a fault of the kit's own.
    """
    from workbook.collect.hand import CLOCK, now

    try:
        now()
    except ValueError as error:
        raise misuse("{name} is to hold a time such as 2026-01-31 08:30", name=CLOCK) from error


for each in (
    template, init, register, add, assign, reassign, recheck, status, show, return_, accept, extend, waive, withdraw,
    table, prefill, rollup, odd, scope, adjust, export,
):  # fmt: skip
    collect.add_command(each)
