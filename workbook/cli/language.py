"""The language of a run, for help, refusals and findings alike: one rule, and the catalogue of words behind it.

The words stand in the code in English and in ``words.toml`` in Chinese too. They are found by gettext, as click's own
are, in ``locale/``, which is made of ``words.toml``.
"""

from __future__ import annotations

import gettext
import os
import sys
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from workbook.report import Lang

LANGS: tuple[Lang, ...] = ("zh", "en")
VARIABLE = "NIANBAO_LANG"
DOMAIN, LOCALE = "nianbao", Path(__file__).parent / "locale"

_UNSTATED = {"", "C", "POSIX"}
_CHINESE = 0x04
"""The number of the Chinese languages among those of Windows."""
_PRIMARY = 0x3FF

_spoken: ContextVar[Lang] = ContextVar("spoken", default=LANGS[0])


def spoken() -> Lang:
    """Return the language of this run."""
    return _spoken.get()


def chosen(asked: str | None, environment: Mapping[str, str], setting: str | None) -> Lang:
    """Return the language to speak: of the command line, the environment, the settings, the system, the first that is.

    A system that states another language than Chinese gets English, one that states none Chinese.
    """
    for lang in (asked, environment.get(VARIABLE), setting):
        for known in LANGS:
            if lang == known:
                return known
    return "zh" if _of_system(environment) in {None, "zh"} else "en"


def _of_system(environment: Mapping[str, str]) -> str | None:
    """Return the language that the system states, such as ``zh``; ``None`` where it states none."""
    stated = next(filter(None, map(environment.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    language = stated.partition(".")[0].partition("_")[0]
    if language not in _UNSTATED:
        return language.lower()
    if sys.platform != "win32":
        return None
    import ctypes

    return "zh" if ctypes.windll.kernel32.GetUserDefaultUILanguage() & _PRIMARY == _CHINESE else "en"


@contextmanager
def speaking(lang: Lang, locale: Path = LOCALE) -> Iterator[None]:
    """Let help and refusals be in a language, those of click too; ``locale`` is where the catalogues of words are."""
    before = os.environ.get("LANGUAGE"), gettext.textdomain()
    token = _spoken.set(lang)
    os.environ["LANGUAGE"] = lang  # what gettext goes by, whenever it is asked
    gettext.bindtextdomain(DOMAIN, str(locale))
    gettext.textdomain(DOMAIN)
    try:
        yield
    finally:
        _spoken.reset(token)
        gettext.textdomain(before[1])
        if before[0] is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before[0]


def translated(text: str) -> str:
    """Return a text of several paragraphs in the language of this run, each on one line."""
    paragraphs = (" ".join(paragraph.split()) for paragraph in text.split("\n\n"))
    return "\n\n".join(gettext.gettext(paragraph) for paragraph in paragraphs if paragraph)


def misuse(words: str, /, **named: Any) -> click.UsageError:
    """Return a refusal in the language of this run; ``named`` fills the names in braces in its English words."""
    return click.UsageError(gettext.gettext(words).format_map(named))
