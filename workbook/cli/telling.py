"""How much a run tells: which findings, only what went wrong, or one line a file."""

from __future__ import annotations

import gettext
from typing import TYPE_CHECKING, Any, TypeVar

import click

from workbook.cli.codes import beginnings, completed
from workbook.cli.help import FilePath, option
from workbook.cli.settings import VARIABLE
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Sequence

    from workbook.jobs.shown import Shown

T = TypeVar("T", bound="Callable[..., Any]")
_KEY = "workbook.telling."


@dataclass(frozen=True, slots=True)
class Telling:
    """What the options of this run say: beginnings of codes, and how much is told."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    quiet: bool = False
    summary: bool = False

    @property
    def amount(self) -> dict[str, bool]:
        """How much text tells, as ``workbook.output`` takes it; nothing where it tells all."""
        said = {"quiet": self.quiet, "summary": self.summary}
        return {name: asked for name, asked in said.items() if asked}

    @property
    def shown(self) -> Shown:
        """Which findings are shown."""
        from workbook.jobs.shown import Shown

        return Shown(self.select, self.ignore)


def telling() -> Telling:
    """Return how much the command that is running tells."""
    context = click.get_current_context(silent=True)
    said = context.meta if context else {}
    return Telling(**{key.removeprefix(_KEY): value for key, value in said.items() if key.startswith(_KEY)})


def unshown(counts: Counter[str]) -> str:
    """Say how many findings are not shown; nothing where all are."""
    if not counts:
        return ""
    codes = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
    words = gettext.gettext("Not shown, as --select and --ignore say: {count} ({codes}); verdicts count them.")
    return words.format(count=counts.total(), codes=codes)


def _kept(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    context.meta[f"{_KEY}{parameter.name}"] = value


def _codes(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> None:
    _kept(context, parameter, beginnings(value))


_SELECT = option(
    "--select",
    metavar="CODE",
    multiple=True,
    expose_value=False,
    callback=_codes,
    shell_complete=completed,
    help="Show only findings whose codes begin so, and errors; several with commas.",
)
_IGNORE = option(
    "--ignore",
    metavar="CODE",
    multiple=True,
    expose_value=False,
    callback=_codes,
    shell_complete=completed,
    help="Do not show findings whose codes begin so; errors are shown, and nothing is judged otherwise.",
)
QUIET = option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_kept,
    help="Tell only what went wrong: the files that fail, and why.",
)
_SUMMARY = option(
    "--summary",
    is_flag=True,
    expose_value=False,
    callback=_kept,
    help="Tell a line a file, then how often each code.",
)
CONFIG = option(
    "--config",
    type=FilePath(dir_okay=False),
    envvar=VARIABLE,
    show_envvar=True,
    expose_value=False,
    help="File of settings in place of your own.",
)


def with_telling(command: T) -> T:
    """Give a command the options about how much it tells."""
    for each in (CONFIG, _SUMMARY, QUIET, _IGNORE, _SELECT):
        command = each(command)
    return command
