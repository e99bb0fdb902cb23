"""Findings as workflow commands of GitHub Actions, which shows them beside the files of a change."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from workbook.output.concise import where
from workbook.output.vocabulary import level, printable_results, title

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

_COMMANDS = {"error": "error", "warning": "warning"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def render(results: Sequence[Result], lang: Lang) -> bytes:
    """Return a command a finding: errors and warnings as such, what is told or was accepted as a notice."""
    lines = [_line(finding, result, lang) for result in printable_results(results) for finding in result.findings]
    return "".join(lines).encode()


def _line(finding: dict[str, Any], result: Result, lang: Lang) -> str:
    command = _COMMANDS.get(level(finding), "notice")
    head = _escaped(f"{finding['code']} {title(finding['code'], result.edition, lang)}", _PROPERTY)
    place = where(finding).removeprefix(":")
    said = _escaped(f"{place + ': ' if place else ''}{finding['message']}\n{finding['hint']}".strip(), _DATA)
    return f"::{command} file={_escaped(_relative(result.file), _PROPERTY)},title={head}::{said}\n"


def _escaped(text: str, signs: Mapping[str, str]) -> str:
    return "".join(signs.get(character, character) for character in text)


def _relative(file: str) -> str:
    """Return the path of a file from the folder of the run, where it lies below that, as GitHub looks for it."""
    path = PurePath(file)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix()
