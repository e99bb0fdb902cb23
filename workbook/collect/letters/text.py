"""Letters as text, to be pasted into a chat: short lines, nothing that must stand below something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workbook.collect.letters.content import Returned
from workbook.collect.letters.said import asked, closing, how_to_correct, how_to_report, joined, standing_of
from workbook.collect.letters.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.collect.letters.content import Mistake, Reminder
    from workbook.collect.letters.said import Copy
    from workbook.report import Lang

_COLON = {"zh": "：", "en": ": "}
_COMMA = {"zh": "，", "en": ", "}


def text_of(letter: Returned | Reminder, copy: Copy, lang: Lang) -> str:
    """Return the text of a letter; ``copy`` is the marked copy that comes with it."""
    lines = (joined(letter, lang), *body(letter, copy, lang), "", *closing(letter, lang))
    return "".join(f"{line}\n" for line in lines)


def body(letter: Returned | Reminder, copy: Copy, lang: Lang) -> Iterator[str]:
    """Yield the lines of a letter between its title and who writes."""
    yield from _returned(letter, copy, lang) if isinstance(letter, Returned) else _reminder(letter, lang)


def _returned(letter: Returned, copy: Copy, lang: Lang) -> Iterator[str]:
    words, colon = WORDS[lang], _COLON[lang]
    yield words["to"].format(name=letter.head.unit)
    yield asked(letter, lang)
    if letter.reason:
        yield f"{words['reason']}{colon}{letter.reason}"
    yield ""
    for label, value in standing_of(letter, lang):
        yield f"{label}{colon}{value}"
    for mistake in letter.mistakes:
        yield ""
        yield from _mistake(mistake, lang)
    yield ""
    yield from how_to_correct(letter, copy, lang)


def _mistake(mistake: Mistake, lang: Lang) -> Iterator[str]:
    words, colon = WORDS[lang], _COLON[lang]
    found, expected = mistake.values
    shown = [(words["found"], found), (words["expected"], expected), (words["last"], mistake.last or None)]
    values = _COMMA[lang].join(f"{name} {value}" for name, value in shown if value is not None)
    head = f"{mistake.number}. 【{mistake.level}】{mistake.where}"
    yield f"{head}{colon}{values}" if values else head
    yield mistake.message
    if mistake.quote:
        yield f"{words['quote']}“{mistake.quote}”"
    yield f"→ {mistake.hint}"
    if mistake.effects:
        yield mistake.effects


def _reminder(letter: Reminder, lang: Lang) -> Iterator[str]:
    words, colon = WORDS[lang], _COLON[lang]
    yield words["to"].format(name=letter.head.unit)
    yield asked(letter, lang)
    for label, value in standing_of(letter, lang):
        yield f"{label}{colon}{value}"
    for heading, items in how_to_report(letter, lang):
        yield ""
        yield f"{heading}{colon}".rstrip()
        yield from (f"· {item}" for item in items)
