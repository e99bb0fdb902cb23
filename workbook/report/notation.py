"""Numbers as offices write them, and what is said about each notation that is not a plain number."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from math import isinf
from typing import TYPE_CHECKING, Any

from workbook.expression import expression
from workbook.records import dataclass
from workbook.report.marks import without_notes
from workbook.report.values import number

if TYPE_CHECKING:
    from workbook.report.values import Number, Value

_NOTHING = expression(r"无|零|/{1,2}|\\|[-‐‑‒–—―─━]{1,3}")
"""What declares that there was nothing. Not 一: a dash that was typed as that word, or the number."""

_PLAIN = expression(r"[+-]?(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?")
_UNITS = {"万元": Decimal(1), "元": Decimal("0.0001"), "亿元": Decimal(10_000)}
_COUNTERS = "件|份|宗|起|条|个|次|项|人"
_WRITTEN = expression(
    rf"({_PLAIN.pattern})\s*({'|'.join(_UNITS)}|{_COUNTERS})?\s*"
    r"(\(.*\)|\[.*\]|【.*】|〔.*〕)?",
    re.DOTALL,
)

_WRAPPED = expression(rf"[+-]?[0-9][0-9,.]*(?:\s+[0-9,.]+)+\s*(?:{'|'.join(_UNITS)}|{_COUNTERS})?")

_TYPED_AS_TEXT = "'"
"""What people type before digits that are to stay text; some programs write it out."""

_LONGEST = 500
"""Characters of a number; what is longer is a text, as is what no double holds."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell was read as: the value, and the notation where it was no plain number.

    ``notation`` is ``""`` for a plain number or a blank, else ``"nothing"`` (declares nothing, read as 0), ``"form"``
    (digits, separators, signs, marks of notes or text type), ``"unit"`` or ``"remark"``.
    """

    value: Value
    notation: str = ""


_STATED = expression(r"单位[:：为是\s]{0,3}[(（]?(?:人民币)?([百千万亿]{0,2}元)")
_SHORT = 40
"""Characters of a text that states a unit; what is longer is prose."""


def stated_unit(text: str) -> str | None:
    """Return the unit of money that a short text beside a table states; ``None`` where it states none.

    >>> stated_unit("（金额单位：元）"), stated_unit("单位：件")
    ('元', None)
    """
    found = _STATED.search(text) if "单位" in text and len(text) <= _SHORT else None
    return found[1] if found else None


def reading(raw: Any, unit: str | None) -> Reading:
    """Read a cell; ``unit`` is that of its kind, such as 万元. What is not a number is kept as its text.

    >>> reading("33565万元", "万元").value, reading("251000元", "万元").value, reading("—", None).value
    (33565, Decimal('25.1'), 0)
    """
    if raw is None or (isinstance(raw, int | Decimal) and not isinstance(raw, bool)):
        return Reading(raw)
    if isinstance(raw, float):
        read = number(raw)
        return Reading(str(raw) if read is None else read)
    if not isinstance(raw, str):
        return Reading(str(raw).upper() if isinstance(raw, bool) else str(raw))
    bare = without_notes(raw)
    text = _plainly(bare)
    if not text:
        return Reading(None)
    text = text.removeprefix(_TYPED_AS_TEXT)
    if _NOTHING.fullmatch(text):
        return Reading(0, "nothing")
    return Reading(raw.strip()) if _has_signs(bare) else _written(raw, text, unit)


def plain_number(text: str) -> Number | None:
    """Return the number that a text is, as people write it: with a sign, thousands, decimals; else ``None``.

    >>> plain_number("１,２34.50"), plain_number("3件"), plain_number("1,23")
    (Decimal('1234.5'), None, None)
    """
    if len(text) > _LONGEST:
        return None
    plain = _plainly(text)
    return _shortest(_decimal(plain)) if _PLAIN.fullmatch(plain) and not _has_signs(text) else None


def _plainly(text: str) -> str:
    """Return a text with plain digits and signs, without the blanks around it."""
    return unicodedata.normalize("NFKC", text).replace("−", "-").strip()


def is_wrapped(text: str) -> bool:
    r"""Say whether a text is digits with blanks or ends of lines between them: one number, or several.

    >>> is_wrapped("344\n0"), is_wrapped("3440"), is_wrapped("344\n（其中0）")
    (True, False, False)
    """
    return len(text) <= _LONGEST and bool(_WRAPPED.fullmatch(unicodedata.normalize("NFKC", text).strip()))


def _has_signs(text: str) -> bool:
    """Say whether a text has signs such as ² and ⑫, which would become digits."""
    return any(
        letter.isnumeric() and not letter.isdecimal() and unicodedata.normalize("NFKC", letter) != letter
        for letter in text
    )


def _decimal(digits: str) -> Decimal:
    return Decimal(digits.replace(",", "").lstrip("+"))


def _shortest(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else value.normalize()


def _written(raw: str, text: str, unit: str | None) -> Reading:
    match = _WRITTEN.fullmatch(text)
    if not match:
        return Reading(raw.strip())
    digits, word, remark = match.groups()
    if len(digits) > _LONGEST:
        return Reading(raw.strip())
    value = _decimal(digits)
    if word in _UNITS:
        if unit is None:
            return Reading(raw.strip())
        value *= _UNITS[word]
    if isinf(float(value)):
        return Reading(raw.strip())
    return Reading(_shortest(value), "remark" if remark else "unit" if word else "form")
