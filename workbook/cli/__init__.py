"""The command line: one thin function a command. Standard output carries data, standard error carries words."""

from __future__ import annotations

import click

from workbook import __version__
from workbook.cli.addin import addin, doctor
from workbook.cli.contract import Contract
from workbook.cli.explain import explain
from workbook.cli.help import Option
from workbook.cli.options import LANG_OF_ALL
from workbook.cli.publish import publish
from workbook.cli.repair import import_, inspect, repair
from workbook.cli.reports import check, convert, demo, fill, mark, schema, template
from workbook.cli.telling import CONFIG
from workbook.cli.verify import verify


@click.group(cls=Contract, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="nianbao", cls=Option)
@LANG_OF_ALL
@CONFIG
def main() -> None:
    """年报工具箱: fill, check and send up the annual report on government information disclosure.

    Exit codes: 0 sound, 1 findings of level error and nothing else (with --strict also warnings), 2 misuse, or an
    output that could not be written, 3 an input that cannot be read or is not a report, 4 a fault of the kit's own, 130
    stopped by Ctrl-C, 143 by SIGTERM. With many files the worst of them.
    """


for command in (
    template,
    check,
    convert,
    fill,
    mark,
    publish,
    verify,
    import_,
    repair,
    inspect,
    explain,
    schema,
    demo,
    doctor,
    addin,
):
    main.add_command(command)
