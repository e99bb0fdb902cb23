"""The file of waivers that an office keeps: read, refused where it is none, and told where no report is its."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import click

from workbook.cli.help import FilePath, option
from workbook.cli.language import misuse
from workbook.cli.ownfile import parsed, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from workbook.jobs.waivers import Kept, KeptWaivers

_KEY = "workbook.waivers"
_NAMED = ("body", "code", "at")
_MORE = ("reason", "by", "date")
"""What may be missing: then the waiver is incomplete, as in a report, and that is found."""


def waivers() -> KeptWaivers:
    """Return the waivers that the command that is running was given."""
    from workbook.jobs.waivers import KeptWaivers

    found: KeptWaivers = click.get_current_context().meta.get(_KEY) or KeptWaivers()
    return found


def unfitting(fitting: Collection[int]) -> list[str]:
    """Return the waivers of which no report was among the files, as people call them."""
    kept = waivers().kept
    return [f"{each.body} {each.year} {each.waiver.code}" for at, each in enumerate(kept) if at not in fitting]


def _read(context: click.Context, _parameter: click.Parameter, path: Path | None) -> None:
    if path is not None:
        context.meta[_KEY] = _loaded(path)


WAIVERS = option(
    "--waivers",
    type=FilePath(dir_okay=False),
    envvar="NIANBAO_WAIVERS",
    show_envvar=True,
    expose_value=False,
    callback=_read,
    help="File of accepted warnings that the office keeps, each with body and year; TOML or JSON.",
)


def _loaded(path: Path) -> KeptWaivers:
    """Return the waivers of a file.

    Raises:
        click.UsageError: it cannot be read, is no such file, or a waiver lacks what says of what it is.
    """
    from workbook.files import shown
    from workbook.jobs.waivers import KeptWaivers

    said = parsed(text_of(path), path, or_json=True)
    items = said.get("waivers") if isinstance(said, dict) and said.keys() <= {"waivers"} else said
    if not isinstance(items, list):
        raise misuse("waivers {file}: a list called waivers is expected, and nothing else", file=shown(path))
    return KeptWaivers(tuple(_kept(item, number, shown(path)) for number, item in enumerate(items, 1)))


def _kept(item: Any, number: int, file: str) -> Kept:
    from workbook.jobs.waivers import Kept
    from workbook.report.values import Waiver

    where = {"file": file, "number": number}
    if not isinstance(item, dict):
        raise misuse("waivers {file}, waiver {number}: this is no waiver", **where)
    known = ("year", *_NAMED, *_MORE)
    for key in item:
        if key not in known:
            raise misuse(
                "waivers {file}, waiver {number}: unknown key {key}; there are {known}",
                **where,
                key=key,
                known=", ".join(known),
            )
    if type(item.get("year")) is not int:
        raise misuse("waivers {file}, waiver {number}: {key} is missing or wrong", **where, key="year")
    texts = {key: _text(item.get(key, "")) for key in (*_NAMED, *_MORE)}
    wrong = [key for key, text in texts.items() if text is None or (key in _NAMED and not text)]
    if wrong:
        raise misuse("waivers {file}, waiver {number}: {key} is missing or wrong", **where, key=wrong[0])
    return Kept(texts["body"] or "", item["year"], Waiver(**_without_body(texts)))


def _text(value: Any) -> str | None:
    """Return a text without blanks around it; a date of TOML as ISO writes it; ``None`` where it is neither."""
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value.isoformat()
    return value.strip() if isinstance(value, str) else None


def _without_body(texts: Mapping[str, str | None]) -> dict[str, str]:
    return {key: text or "" for key, text in texts.items() if key != "body"}
