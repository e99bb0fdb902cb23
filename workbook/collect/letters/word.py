"""Letters as Word documents, by the writer that publishes reports: on the page of official documents, to be printed."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from workbook.collect.letters.content import Returned
from workbook.collect.letters.said import closing, title
from workbook.collect.letters.text import body
from workbook.collect.letters.words import WORDS
from workbook.publish.word.plain import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.letters.content import Reminder
    from workbook.collect.letters.said import Copy
    from workbook.report import Lang

LIBRARY = "docx"
"""What writes Word documents; it comes with an extra."""


def can_write() -> bool:
    """Say whether the library that writes Word documents is installed."""
    return find_spec(LIBRARY) is not None


def word_of(letter: Returned | Reminder, copy: Copy, lang: Lang) -> bytes:
    """Return a letter as a Word document; figures beside last year's stand in a table."""
    addressed, *paragraphs = (line for line in body(letter, copy, lang) if line)
    rows = list(_compared(letter, lang)) if isinstance(letter, Returned) else []
    tables = [rows] if len(rows) > 1 else []
    return document("\n".join(title(letter, lang)), paragraphs, tables, closing(letter, lang), addressed=addressed)


def _compared(letter: Returned, lang: Lang) -> Iterator[tuple[str, ...]]:
    """Yield the rows of the table, the head first; nothing where there is no report of last year."""
    if letter.last is None:
        return
    words = WORDS[lang]
    yield words["figure"], str(letter.last[0]), str(letter.head.year), words["change"]
    for each in letter.compared:
        place = f"（{each.where}）" if each.where and lang == "zh" else f" ({each.where})" if each.where else ""
        yield f"{each.label}{place}", each.last or "—", each.this, each.change
