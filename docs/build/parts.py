"""What the makers of Markdown pages share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.report.findings import LEVEL_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable

MADE = "<!-- made by nox -s artefacts; do not edit -->\n"
"""The first line of a page that is made as a whole."""

LEVELS = LEVEL_WORDS["zh"]

_BEGIN, _END = "<!-- made: {} -->\n", "<!-- end -->\n"


def table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table; bars within cells are escaped."""
    lines = [list(heads), *map(list, rows)]
    shown = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines]
    return "\n".join((shown[0], "|---" * len(lines[0]) + "|", *shown[1:])) + "\n"


def code(text: str, language: str = "text") -> str:
    """Return a block of code."""
    return f"```{language}\n{text.rstrip()}\n```\n"


def fill(page: str, parts: dict[str, str]) -> str:
    """Return a page that is written by hand with its made parts put between their marks.

    Raises:
        ValueError: the page has no such marks.
    """
    for name, text in parts.items():
        begin = _BEGIN.format(name)
        before, mark, rest = page.partition(begin)
        if not mark or _END not in rest:
            raise ValueError(f"the page has no place for {name!r}")
        page = f"{before}{begin}{text}{_END}{rest.partition(_END)[2]}"
    return page


def without_marks(page: str) -> str:
    """Return a page without the marks around its made parts."""
    return "".join(
        line for line in page.splitlines(keepends=True) if not line.startswith("<!-- made:") and line != _END
    )
