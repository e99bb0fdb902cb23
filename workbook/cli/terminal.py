"""Messages of the commands on the terminal; all untrusted text in them is escaped."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import Group
from workbook.cli.telling import telling
from workbook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


def say(line: str, *, err: bool = True, wrong: bool = False) -> None:
    """Print a line to standard error, or with err=False to standard output; ``--quiet`` leaves only what is wrong."""
    if line and not (err and not wrong and telling().quiet):
        click.echo(printable(line), err=err)


class Commands(Group):
    """A group whose error messages escape the arguments that they repeat."""

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Parse the group's own arguments."""
        with _harmless():
            return super().make_context(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        """Parse the arguments of a command and run it."""
        with _harmless():
            return super().invoke(ctx)


@contextmanager
def _harmless() -> Iterator[None]:
    try:
        yield
    except click.exceptions.NoArgsIsHelpError:
        raise  # its lines are the kit's own
    except click.ClickException as error:
        error.message = printable(error.message)  # type: ignore[misc]  # click asks all refusals for it
        raise
