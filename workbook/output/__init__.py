"""Results for people and programs: one door to every form in which ``check`` gives them.

What people read is made printable as it comes in, by ``words.harmless``; programs get every text as it was.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Literal, get_args

if TYPE_CHECKING:
    from collections.abc import Sequence

    from workbook.jobs.file import Result
    from workbook.report import Lang

Format = Literal["text", "json", "csv", "sarif", "junit", "html", "xlsx"]
FORMATS: tuple[Format, ...] = get_args(Format)

SUFFIXES: dict[str, Format] = {
    ".txt": "text",
    ".json": "json",
    ".csv": "csv",
    ".sarif": "sarif",
    ".xml": "junit",
    ".html": "html",
    ".htm": "html",
    ".xlsx": "xlsx",
}
"""The form that the ending of an output's name asks for."""

_MODULES: dict[Format, str] = {
    "text": "text",
    "json": "json",
    "csv": "csv_table",
    "sarif": "sarif",
    "junit": "junit",
    "html": "html",
    "xlsx": "xlsx",
}


def render(results: Sequence[Result], form: Format, lang: Lang) -> bytes:
    """Return results as the bytes of a file of that form; text is UTF-8.

    Raises:
        ValueError: the form is ``html`` and there is not just one result; a page shows one report.
    """
    data: bytes = import_module(f"{__name__}.{_MODULES[form]}").render(results, lang)
    return data
