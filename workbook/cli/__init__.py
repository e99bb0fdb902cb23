"""The command line: one thin function a command. Standard output carries data, standard error carries words."""

from __future__ import annotations

import sys

import click

from workbook import __version__
from workbook.cli.excel import addin, doctor
from workbook.cli.foreign import import_, inspect, repair
from workbook.cli.reports import check, convert, demo, fill, mark, schema, template
from workbook.cli.terminal import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
def main() -> None:
    """年报工具箱: fill, check and send up the annual report on government information disclosure.

    Exit codes: 0 sound, 1 findings of level error (with --strict also warnings), 2 misuse, 3 an input that cannot be
    read or is no report. With many files the worst of them.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A pipe on Windows would get the code page of the console; a console may lack signs such as ✓.
            stream.reconfigure(**({"errors": "replace"} if stream.isatty() else {"encoding": "utf-8"}))


for command in (template, check, convert, fill, mark, import_, repair, inspect, schema, demo, doctor, addin):
    main.add_command(command)
