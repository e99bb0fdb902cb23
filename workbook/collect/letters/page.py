"""Letters as pages: no script, nothing from outside, everything foreign escaped."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbook.collect.letters.content import Returned
from workbook.collect.letters.said import asked, closing, how_to_correct, how_to_report, joined, standing_of, title
from workbook.collect.letters.words import WORDS
from workbook.intake.results import RESULT

if TYPE_CHECKING:
    from workbook.collect.letters.content import Reminder
    from workbook.collect.letters.said import Copy
    from workbook.report import Lang

_FOLDER = Path(__file__).parent
_MANY = 40
"""Cells beside last year's that are shown at once; more are folded away, on paper too."""


def page_of(letter: Returned | Reminder, copy: Copy, lang: Lang) -> bytes:
    """Return the page of a letter, UTF-8; ``copy`` is the marked copy that comes with it."""
    style = (_FOLDER / "letter.css").read_text(encoding="utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    is_returned = isinstance(letter, Returned)
    compared = letter.compared if isinstance(letter, Returned) else ()
    about = {
        "letter": letter,
        "copy": copy,
        "title": title(letter, lang),
        "name": joined(letter, lang),
        "compared": [(table, list(rows)) for table, rows in groupby(compared, attrgetter("table"))],
        "asked": asked(letter, lang),
        "facts": list(standing_of(letter, lang)),
        "correct": list(how_to_correct(letter, copy, lang)) if isinstance(letter, Returned) else [],
        "report": [] if isinstance(letter, Returned) else list(how_to_report(letter, lang)),
        "closing": list(closing(letter, lang)),
        "many": _MANY,
        "w": WORDS[lang],
        "style": style,
        "generator": RESULT,
        "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
    }
    name = "returned.html" if is_returned else "reminder.html"
    text: str = _templates().get_template(name).render(**about)
    return text.encode("utf-8", "replace")


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["own"] = Markup
    return made
