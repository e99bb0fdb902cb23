"""Commands, options and their help in the language of the run; columns of a terminal are counted, not characters."""

from __future__ import annotations

import gettext
import inspect
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.language import spoken, translated
from workbook.cli.settings import Start
from workbook.output.wrap import hung, width

if TYPE_CHECKING:
    from collections.abc import Iterable

_INDENT, _GAP = 2, 2


class Formatter(click.HelpFormatter):
    """Writes help in which wide characters take two columns."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        """Write the line that shows how a command is called."""
        begin = gettext.gettext("Usage:") if prefix is None else prefix
        head = f"{begin}{' ' if begin.isascii() else ''}{prog} "
        self.write("\n".join(hung(head, args, self.width)).rstrip() + "\n")

    def write_heading(self, heading: str) -> None:
        """Write the head of a list."""
        self.write(" " * self.current_indent + gettext.gettext("{heading}:").format(heading=heading) + "\n")

    def write_text(self, text: str) -> None:
        """Write paragraphs, which are divided by blank lines."""
        lines = [list(hung(" " * self.current_indent, " ".join(part.split()), self.width)) for part in _parts(text)]
        self.write("\n\n".join("\n".join(part) for part in lines) + "\n")

    def write_dl(self, rows: Iterable[tuple[str, str]], col_max: int = 30, col_spacing: int = _GAP) -> None:
        """Write names and what is said of each, below each other; a name that is too wide stands on its own line."""
        rows = list(rows)
        first = min(max((width(name) for name, _ in rows), default=0), col_max) + col_spacing
        indent = " " * self.current_indent
        for name, said in rows:
            fits = width(name) <= first - col_spacing
            if not fits:
                self.write(f"{indent}{name}\n")
            head = indent + (name + " " * (first - width(name)) if fits else " " * first)
            self.write("\n".join(line.rstrip() for line in hung(head, said, self.width)) + "\n")


def _parts(text: str) -> list[str]:
    return [part for part in text.split("\n\n") if part.strip()]


class _Context(click.Context):
    formatter_class = Formatter


class _Spoken:
    """What commands and groups share: their help is that of the language of the run."""

    help: str | None

    def format_help_text(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the command does."""
        formatter.write_paragraph()
        with formatter.indentation():
            formatter.write_text(translated(inspect.cleandoc(self.help or "")))

    def get_short_help_str(self, limit: int = 45) -> str:
        """Return what the command does in its first sentence, cut to so many columns."""
        text = _parts(translated(inspect.cleandoc(self.help or "")))[0]
        sentence = text.partition("。")[0] if spoken() == "zh" else text.partition(". ")[0].removesuffix(".")
        if width(sentence) <= limit:
            return sentence
        return next(hung("", sentence, limit - _GAP)).rstrip("，；、,;") + "…"

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        """Return the pieces of the line that shows how the command is called."""
        return [gettext.gettext(piece) for piece in super().collect_usage_pieces(ctx)]  # type: ignore[misc]

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help; click keeps it from one language to the next."""
        found: click.Option | None = super().get_help_option(ctx)  # type: ignore[misc]
        if found:
            found.help = gettext.gettext("Show this message and exit.")
        return found


class Command(_Spoken, click.Command):
    """A command with help in two languages; it does nothing while the settings are wrong."""

    context_class = _Context

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        if isinstance(ctx.obj, Start) and ctx.obj.refusal:
            raise ctx.obj.refusal
        return super().invoke(ctx)


class Group(_Spoken, click.Group):
    """A group of commands with help in two languages."""

    context_class = _Context
    command_class = Command


class Option(click.Option):
    """An option with help in two languages."""

    def make_metavar(self, *arguments: Any, **named: Any) -> str:
        """Return what stands for its value in the help."""
        return gettext.gettext(super().make_metavar(*arguments, **named))

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        """Return how it is written and what it does."""
        own = self.help
        self.help = translated(own or "")
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = own

    def get_error_hint(self, ctx: click.Context | None) -> str:
        """Return what it is called in a refusal; the variable where the value came from it."""
        from click.core import ParameterSource

        if ctx and self.name and ctx.get_parameter_source(self.name) is ParameterSource.ENVIRONMENT:
            return str(self.envvar)
        return " / ".join(f"'{name}'" for name in self.opts)


class Argument(click.Argument):
    """An argument whose name in the help is of two languages."""

    def make_metavar(self, *arguments: Any, **named: Any) -> str:
        """Return what stands for its value in the help."""
        return gettext.gettext(super().make_metavar(*arguments, **named))

    def get_error_hint(self, *arguments: Any, **named: Any) -> str:
        """Return what it is called in a refusal."""
        return f"'{self.make_metavar(*arguments, **named)}'"


DASH = Path("-")
"""Standard input, or standard output."""


class FilePath(click.Path):
    """A path; that of no characters is refused, which pathlib takes for the current folder.

    So is ``-`` where it is no stream: nobody means a file of that name. Whether a file may be read is told by whoever
    reads it, beside the others that may.
    """

    def __init__(self, **named: Any) -> None:
        super().__init__(path_type=Path, readable=False, **named)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path."""
        if not str(value):
            self.fail(gettext.gettext("a path may not be empty"), param, ctx)
        if str(value) == "-" and not self.allow_dash:
            self.fail(gettext.gettext("- is not for this; ./- is a file of that name"), param, ctx)
        path = Path(os.fsdecode(super().convert(value, param, ctx)))
        # pathlib makes ./- a dash, which is the stream.
        return Path.cwd() / path if path == DASH and str(value) != str(DASH) else path


command = partial(click.command, cls=Command)
option = partial(click.option, cls=Option)
argument = partial(click.argument, cls=Argument)
