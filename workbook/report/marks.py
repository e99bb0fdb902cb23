"""Marks of notes at numbers and labels: raised and lowered signs, circled numbers, stars, numbers in square brackets.

A carrier that knows raised text writes it with Unicode's own raised signs, so that one rule holds for all carriers and
nothing that stands in a cell is lost.
"""

from __future__ import annotations

import re

from workbook.expression import expression

_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_BRACKETS = str.maketrans("[]（）【】〔〕", "()()()()")
_SIGNS = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼₀₁₂₃₄₅₆₇₈₉₊₋₌①-⓿❶-➓㉈-㉏㉑-㉟㊱-㊿"
_NOTE = (
    rf"(?:[{_SIGNS}]|⁽[^⁽⁾]{{0,40}}⁾|₍[^₍₎]{{0,40}}₎|[*＊※†‡§]"
    r"|(?:\[|【|〔|［)\s*(?:注释?|备注)?\s*(?:[0-9０-９]{1,2}|[a-zA-Z])?\s*(?:\]|】|〕|］)|注释?\s*[0-9０-９]{0,2})"
)
_AROUND = expression(rf"(?P<before>(?:\s*{_NOTE})*)\s*(?P<rest>.*?)\s*(?P<behind>(?:{_NOTE}\s*)*)", re.DOTALL)
_STANDS = expression(rf"(?:[{_SIGNS}]|[*＊※†‡§])+")
_SIGNED = expression(rf"[{_SIGNS}]+|⁽[{_SIGNS}]+⁾|₍[{_SIGNS}]+₎")
_NO_BRACKETS = dict.fromkeys(map(ord, "⁽⁾₍₎"))
_WITHIN = expression(rf"[{_SIGNS}]|⁽[^⁽⁾]{{0,40}}⁾|₍[^₍₎]{{0,40}}₎")
_LONGEST = 500
"""Characters of a text in which marks are looked for; what is longer is prose."""


def as_mark(text: str, *, lowered: bool = False) -> str:
    """Return raised (or lowered) text written with raised (lowered) signs, so that it cannot be taken for a digit.

    >>> as_mark("1"), as_mark("[2]"), as_mark("注1"), as_mark("3", lowered=True), as_mark("①")
    ('¹', '⁽²⁾', '⁽注1⁾', '₃', '①')
    """
    bare = text.strip()
    if not bare or _STANDS.fullmatch(bare):
        return text
    signs = bare.translate(_BRACKETS).translate(_LOWERED if lowered else _RAISED)
    if not _SIGNED.fullmatch(signs):
        first, last = "₍₎" if lowered else "⁽⁾"
        signs = first + bare.translate(_NO_BRACKETS) + last
    return text.replace(bare, signs)


def without_notes(text: str) -> str:
    """Return a number without the marks of notes before and behind it; a text of marks alone as it is.

    >>> without_notes("592¹"), without_notes("203.97 ⁽注2⁾"), without_notes("*4"), without_notes("①")
    ('592', '203.97', '4', '①')
    """
    if len(text) > _LONGEST:
        return text
    found = _AROUND.fullmatch(text.strip())
    return found["rest"] if found and found["rest"] else text


def without_raised(label: str) -> str:
    """Return a label without raised and lowered signs and circled numbers, wherever they stand in it."""
    return _WITHIN.sub("", label)
