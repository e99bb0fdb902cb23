"""The user's own settings: a file in the user's folder or one that is named, never one of the folder of the run."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import field
from itertools import pairwise, takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.language import LANGS, chosen, misuse, speaking
from workbook.cli.ownfile import parsed, text_of
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from workbook.report import Lang

VARIABLE = "NIANBAO_CONFIG"
FILE = "settings.toml"
NEVER = ("force", "output", "ignore")
"""What is said for one run only: it lets files be replaced, or findings go unseen."""


@dataclass(frozen=True)
class Start:
    """What a run begins with: its language, its settings by option, and why these are refused."""

    lang: Lang
    settings: Mapping[str, Any] = field(default_factory=dict)
    refusal: click.ClickException | None = None

    def defaults(self, commands: Mapping[str, click.Command]) -> dict[str, dict[str, Any]]:
        """Return the settings as click takes them: by command, then by parameter; those of a group by its commands."""
        return {
            name: self.defaults(command.commands)
            if isinstance(command, click.Group)
            else {
                param.name or "": self.settings[key]
                for param in command.params
                for key in self.settings
                if key != "lang" and f"--{key}" in param.opts and _takes(param, self.settings[key])
            }
            for name, command in commands.items()
        }


def _takes(param: click.Parameter, value: Any) -> bool:
    """Say whether an option has a setting among its choices: formats are not the same everywhere."""
    return not isinstance(param.type, click.Choice) or value in param.type.choices


def start(arguments: Sequence[str], environment: Mapping[str, str]) -> Start:
    """Return what a run with these arguments begins with; nothing is raised before the language is known."""
    asked = next((lang for lang in reversed(_asked(arguments, "--lang")) if lang in LANGS), None)
    settings, refusal = {}, None
    with speaking(chosen(asked, environment, None)):
        try:
            _vet_environment(environment)
            settings = _found(next(reversed(_asked(arguments, "--config")), None) or environment.get(VARIABLE))
        except click.UsageError as error:
            refusal = error
    return Start(chosen(asked, environment, settings.get("lang")), settings, refusal)


def _asked(arguments: Sequence[str], name: str) -> list[str]:
    """Return what the options of a name say, wherever they stand: help is shown before options are read."""
    own = list(takewhile("--".__ne__, arguments))
    apart = [f"{each}={after}" for each, after in pairwise(own)]
    joined = [each for pair in zip(own, [*apart, ""], strict=False) for each in pair]
    return [each.removeprefix(f"{name}=") for each in joined if each.startswith(f"{name}=")]


def _vet_environment(environment: Mapping[str, str]) -> None:
    for key in NEVER:
        if environment.get(f"NIANBAO_{key.upper()}"):
            raise misuse("{name} is not read from the environment; say it on the command line", name=f"--{key}")


def _found(named: str | None) -> dict[str, Any]:
    """Return the settings of the file that is named, else of the user's own where there is one."""
    from workbook.own import folder

    own = folder()
    path = Path(named) if named else own / FILE if own else None
    # Of a user's folder that somebody else owns, or whose name is too long, pathlib raises.
    if path is None or (not named and not os.path.isfile(path)):  # noqa: PTH113
        return {}
    return _settings(text_of(path), path)


def _settings(text: str, path: Path) -> dict[str, Any]:
    """Return what a file of settings says.

    Raises:
        click.UsageError: it is not TOML, or a key or a value is not one of settings; it names file, line and key.
    """
    from workbook.files import shown

    said = parsed(text, path)
    for key, value in said.items():
        where = {"file": shown(path), "line": _line_of(key, text), "key": key}
        if key in NEVER:
            raise misuse(
                "settings {file}, line {line}: {key} is never read from settings; say it on the command line", **where
            )
        if key not in _KEYS:
            raise misuse(
                "settings {file}, line {line}: unknown key {key}; there are {known}", **where, known=", ".join(_KEYS)
            )
        fits, expected = _KEYS[key]
        if not fits(value):
            raise misuse(
                "settings {file}, line {line}: {key} is {value}; expected: {expected}",
                **where,
                value=repr(value),
                expected=expected(),
            )
    return {key: str(path.parent / value) if key in _PATHS else value for key, value in said.items()}


def _line_of(key: str, text: str) -> int:
    """Return the line on which a key stands; TOML has no word about it."""
    head = re.compile(rf"\s*\[*\s*[\"']?{re.escape(key)}[\"']?\s*[.=\]]")
    return next((number for number, line in enumerate(text.split("\n"), 1) if head.match(line)), 1)


def _formats() -> tuple[str, ...]:
    from workbook.output import FORMATS

    return tuple(FORMATS)


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and bool(value)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


_KEYS: Mapping[str, tuple[Callable[[Any], bool], Callable[[], str]]] = {
    "lang": (lambda value: value in LANGS, lambda: ", ".join(LANGS)),
    "jobs": (lambda value: type(value) is int and value >= 0, lambda: "0, 1, 2 …"),
    "format": (lambda value: value in _formats(), lambda: ", ".join(_formats())),
    "previous": (_is_path, lambda: '"…"'),
    "waivers": (_is_path, lambda: '"…"'),
    "by": (_is_text, lambda: '"…"'),
}
"""What settings may say: how a value is told, and what is expected in its place."""
_PATHS = {"previous", "waivers"}
"""Where a setting is a path, it is one from the folder of the settings."""


def given(arguments: Any) -> list[str]:
    """Return the arguments that a run was given; those of the process where it was given none."""
    return sys.argv[1:] if arguments is None else [os.fspath(each) for each in arguments]
