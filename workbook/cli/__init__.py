"""The command line: one thin function a command. Standard output carries data, standard error carries words."""

from __future__ import annotations

from collections import UserDict
from importlib import import_module
from typing import Any

import click

from workbook import __version__
from workbook.cli.contract import Contract
from workbook.cli.help import Option
from workbook.cli.options import LANG_OF_ALL
from workbook.cli.telling import CONFIG


class _Commands(UserDict[str, Any]):
    """The commands by name, given as ``module:name`` in this package; each is imported when it is first asked for."""

    def __getitem__(self, name: str) -> Any:
        """Return a command."""
        found = super().__getitem__(name)
        if isinstance(found, str):
            module, _, attribute = found.partition(":")
            found = self[name] = getattr(import_module(f"{__name__}.{module}"), attribute)
        return found


_COMMANDS = _Commands(
    {
        "template": "reports:template",
        "check": "check:check",
        "convert": "reports:convert",
        "fill": "reports:fill",
        "mark": "reports:mark",
        "publish": "publish:publish",
        "verify": "verify:verify",
        "collect": "collect:collect",
        "import": "repair:import_",
        "repair": "repair:repair",
        "inspect": "repair:inspect",
        "explain": "explain:explain",
        "schema": "reports:schema",
        "demo": "reports:demo",
        "doctor": "addin:doctor",
        "addin": "addin:addin",
    }
)


@click.group(cls=Contract, commands=_COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="nianbao", cls=Option)
@LANG_OF_ALL
@CONFIG
def main() -> None:
    """年报工具箱: fill, check and send up the annual report on government information disclosure.

    Exit codes: 0 sound, 1 findings of level error and nothing else (with --strict also warnings), 2 misuse, or an
    output that could not be written, 3 an input that cannot be read or is not a report, 4 a fault of the kit's own, 130
    stopped by Ctrl-C, 143 by SIGTERM. With many files the worst of them.
    """
