"""Results for people and programs: one door to every format in which ``check`` gives them.

What people read is made printable as it comes in, by ``printable_results``; programs get every text as it was.
"""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.jobs.result import Result
    from workbook.report import Lang

Format = Literal["text", "concise", "json", "jsonl", "csv", "sarif", "junit", "github", "html", "xlsx"]


class Written(NamedTuple):
    """How a format is written: the endings of its files, the usual one first, its module, what files begin with."""

    endings: tuple[str, ...]
    module: str
    mark: bytes = b""


FORMATS: Mapping[Format, Written] = MappingProxyType(
    {
        "text": Written((".txt",), "text"),
        "concise": Written((".txt",), "concise"),
        "json": Written((".json",), "json"),
        "jsonl": Written((".jsonl",), "jsonl"),
        "csv": Written((".csv",), "csv_table", mark=b"\xef\xbb\xbf"),
        "sarif": Written((".sarif",), "sarif"),
        "junit": Written((".xml",), "junit"),
        "github": Written((".txt",), "github"),
        "html": Written((".html", ".htm"), "html"),
        "xlsx": Written((".xlsx",), "xlsx"),
    }
)
"""The one table of the formats of output. Excel takes a CSV file for UTF-8 only if it begins with the mark."""


def format_for(ending: str) -> Format | None:
    """Return the format that the ending of an output's name asks for; ``None`` where it is that of none."""
    return next((name for name, written in FORMATS.items() if ending.lower() in written.endings), None)


def render(results: Sequence[Result], form: Format, lang: Lang, columns: int = 0, **told: bool) -> bytes:
    """Return results as the bytes of a file of that format; text is UTF-8.

    ``columns`` is the width of the terminal that ``text`` is for; 0 where it is for none. ``told`` says how much text
    tells: ``quiet``, ``summary``. Programs always get everything.

    Raises:
        ValueError: the format is ``html`` and there is not just one result; a page shows one report.
    """
    data: bytes = import_module(f"{__name__}.{FORMATS[form].module}").render(
        results, lang, **({"columns": columns, **told} if form == "text" else {})
    )
    return data
