"""The command that says what a code of a finding means."""

from __future__ import annotations

import sys
from typing import Any

import click

from workbook.cli.codes import beginnings, completed, known
from workbook.cli.help import argument, command, option
from workbook.cli.options import LANG
from workbook.cli.runner import columns


@command()
@argument("codes", nargs=-1, metavar="[CODE...]", shell_complete=completed)
@option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="What to print."
)
@LANG
def explain(codes: tuple[str, ...], form: str, *, lang: Any) -> None:
    """Explain a code of a finding, or all that begin so; without one, list all codes."""
    from workbook.document.document import dump
    from workbook.output.explain import as_dict, lines
    from workbook.output.vocabulary import WORDS

    begun = beginnings(codes)
    said = [as_dict(code, known()[code], lang) for code in sorted(known()) if code.startswith(begun or ("",))]
    if form == "json":
        click.echo(dump(said), nl=False)
    elif begun:
        click.echo("\n\n".join("\n".join(lines(each, lang, columns(sys.stdout))) for each in said))
    else:
        wide = max(len(each["code"]) for each in said)
        for each in said:
            click.echo(f"{each['code']:{wide}}  {WORDS[lang][each['level']]}  {each['title']}")
