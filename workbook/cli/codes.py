"""Codes of findings as people write them: whole, or their beginning; one that begins no code is refused."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from workbook.cli.language import misuse

if TYPE_CHECKING:
    from collections.abc import Iterable

    import click

    from workbook.report import Entry

_NEAR = 3


@cache
def known() -> dict[str, dict[str, Entry]]:
    """Return all codes, each with its entry of the catalogue by edition, the newest first."""
    from workbook.form import load_form
    from workbook.report import entries
    from workbook.resources import editions

    found: dict[str, dict[str, Entry]] = {}
    for edition in reversed(editions()):
        for entry in entries(load_form(edition)):
            found.setdefault(entry.code, {})[edition] = entry
    return found


def beginnings(values: Iterable[str]) -> tuple[str, ...]:
    """Return the codes, or beginnings of codes, in values that have one or more of them with commas between.

    Raises:
        click.UsageError: no code begins so; it names those that are near.
    """
    found = tuple(each.strip() for value in values for each in value.replace("，", ",").split(",") if each.strip())
    for each in found:
        if not any(code.startswith(each) for code in known()):
            raise unknown(each)
    return found


def unknown(code: str) -> click.UsageError:
    """Return the refusal of a code that there is not, with those that are near."""
    from difflib import get_close_matches

    families = dict.fromkeys(f"{each.partition('.')[0]}." for each in known())
    near = get_close_matches(code, [*known(), *families], _NEAR, cutoff=0.5)
    if near:
        return misuse("no such code: {code}; near it: {near}", code=code, near=", ".join(near))
    return misuse("no such code: {code}; nianbao explain lists them", code=code)


def completed(_context: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Return the codes that a shell may complete."""
    return [code for code in known() if code.startswith(begun)]
