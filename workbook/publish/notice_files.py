"""Correction notices as files: by the writers of Word documents and pages, and as text."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import TYPE_CHECKING

from workbook.intake.results import RESULT
from workbook.publish.blocks import Heading
from workbook.publish.geometry import TITLE, WIDTH
from workbook.publish.job import vet_word
from workbook.publish.notice import lines_of
from workbook.publish.page import stylesheet, templates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from workbook.publish.notice import Notice


def write_notice(notice: Notice, ending: str) -> bytes:
    """Return a notice as the bytes of a file with an ending of ``ENDINGS``; the same notice gives the same bytes.

    Raises:
        Unreadable: the library that writes Word documents is not installed.
        KeyError: there is no such ending.
    """
    return ENDINGS[ending](notice)


def _word(notice: Notice) -> bytes:
    vet_word()
    from workbook.publish.word.plain import composed

    parts: list[str | Heading | Sequence[Sequence[str]]] = [notice.opening]
    parts += [notice.rows] if notice.rows else []
    for heading, changes in notice.texts:
        parts += [Heading(1, heading), *(text for change in changes for text, _ in lines_of(change))]
    title = notice.title
    if len(title) * TITLE > WIDTH:  # a title that does not fit on a line is broken behind the name of the office
        title = title.replace(notice.office, f"{notice.office}\n", 1)
    return composed(title, parts, _closing(notice), RESULT)


def _page(notice: Notice) -> bytes:
    texts = [(heading, [line for change in changes for line in lines_of(change)]) for heading, changes in notice.texts]
    template = templates().get_template("notice.html.jinja")
    text = template.render(notice=notice, texts=texts, closing=_closing(notice), generator=RESULT, style=stylesheet())
    return str(text).encode("utf-8", "replace")


def _text(notice: Notice) -> bytes:
    lines = [notice.title, "", notice.opening, ""]
    lines += [" | ".join(row) for row in notice.rows]
    for heading, changes in notice.texts:
        lines += ["", heading]
        lines += [f"　　{text}" for change in changes for text, _ in lines_of(change)]
    lines += ["", *_closing(notice)]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode("utf-8", "replace")


def _closing(notice: Notice) -> list[str]:
    return [line for line in (notice.office, notice.date) if line]


ENDINGS: Mapping[str, Callable[[Notice], bytes]] = MappingProxyType({".docx": _word, ".html": _page, ".txt": _text})
"""What a notice is written as."""
