"""Signs that no published file can hold, and signs that nobody sees: what is put in their place, and what is told.

Controls, halves of characters and what is no character are U+FFFD in every form: XML and plain texts cannot hold them.
Marks of direction stay where they are in the texts, so that these read back as they are: an element of a page and a
paragraph of Word end what they turn. Names and titles go into lines with other words, and have none.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from workbook.report import make_finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from workbook.report import Finding, Report

_UNFIT = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\ufdd0-\ufdef]")
"""What no document holds; C1 controls are letters of another encoding."""
_TURNS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Marks of direction."""
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u061c\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
_MOST = 5


_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
"""What ends a line: cells and JSON keep it as it is, Word, pages and texts have one end of a line."""


def legible(report: Report) -> Report:
    """Return a report whose texts and name every form of publication can hold; lines end with line feeds."""
    name = report.body.name
    body = replace(report.body, name=_UNSEEN.sub("", fit(name)).strip()) if name else report.body
    return replace(
        report,
        body=body,
        narrative={key: text and fit(_ENDS.sub("\n", text)) for key, text in report.narrative.items()},
    )


def fit(text: str) -> str:
    r"""Return a text of the same length with U+FFFD in place of what no document holds.

    >>> fit("a\x01\ud800\t\u202e")
    'a��\t\u202e'
    """
    return _UNFIT.sub("\ufffd", text)


def without_turns(text: str) -> str:
    """Return a text without marks of direction."""
    return _TURNS.sub("", text)


def told(report: Report) -> Iterator[Finding]:
    """Yield for the name and each text what of it cannot be published, or turns the order of letters around it."""
    name = report.form.field("name").label
    texts = [("name", name, report.body.name or "")]
    texts += [
        (key, section.heading, _ENDS.sub("\n", report.narrative[key] or ""))
        for key, section in report.form.narratives()
    ]
    for key, where, text in texts:
        found = dict.fromkeys(found[0] for sign in (_UNFIT, _TURNS) for found in sign.finditer(text))
        if found:
            signs = "、".join(f"U+{ord(sign):04X}" for sign in list(found)[:_MOST])
            more, more_en = ("等", " and others") if len(found) > _MOST else ("", "")
            yield make_finding("text.signs", key, section=where, signs=signs + more, signs_en=signs + more_en)
