"""Makes untrusted text safe to print: no terminal escape sequences, no forged lines, no invisible characters."""

from __future__ import annotations

import unicodedata

from workbook.expression import expression

_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Controls, marks of direction and of no width, halves of characters, separators of lines and paragraphs."""

_FILLERS = "\u115f\u1160\u3164\uffa0\u034f\u2800"  # letters and marks that show nothing
_NO_CHARACTERS = "\ufffe\uffff"
_UNESCAPED = expression("[^\x00-\x7e]+")


def printable(text: str, keep: str = "") -> str:
    r"""Return a text of the same length in which what is not to be printed is U+FFFD.

    Args:
        text: the text.
        keep: what is left as it is all the same, such as line feeds where a text may have several lines.

    >>> printable("a\x1b[2J\u202e\n"), printable("a\n", keep="\n")
    ('a�[2J��', 'a\n')
    """
    if text.isprintable() and not any(sign in text for sign in _FILLERS):
        return text
    return "".join(c if c in keep or not _is_harmful(c) else "\ufffd" for c in text)


def escaped(json: str) -> str:
    r"""Return JSON of the same meaning in which what is not to be printed is written as an escape.

    >>> escaped('["甲\u202e"]')
    '["甲\\u202e"]'
    """
    return _UNESCAPED.sub(lambda found: "".join(map(_escape, found[0])), json)


def _is_harmful(character: str) -> bool:
    return unicodedata.category(character) in _HARMFUL or character in _FILLERS or character in _NO_CHARACTERS


def _escape(character: str) -> str:
    if not _is_harmful(character):
        return character
    units = character.encode("utf-16-be", "surrogatepass")
    return "".join(f"\\u{units[at : at + 2].hex()}" for at in range(0, len(units), 2))
