"""What the cells of a register say, by the kind of their column; what cannot be read has the code of a finding."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from workbook.checks.cover import is_credit_code, is_division_code
from workbook.collect.columns import columns
from workbook.collect.register import Due
from workbook.report.limits import YEARS
from workbook.report.office_words import office_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_EPOCH = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - days of spreadsheets have no zone
_DAYS = range(36_526, 73_051)
"""The numbers of the days from 2000 to 2099 in spreadsheets."""
_EXACT = 10**15
"""From here on a number has lost digits."""

_SCIENTIFIC = re.compile(r"[0-9](?:\.[0-9]+)?[Ee]\+?[0-9]{1,2}")
_WHOLE = re.compile(r"([0-9]+)\.0+")
_FULL = re.compile(
    r"([0-9]{4})(?:[-/.年])([0-9]{1,2})(?:[-/.月])([0-9]{1,2})[日号]?(?:[T ]?[0-9]{1,2}:.*)?(?:以前|之前|前)?"
)
_DIGITS = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_EVERY_YEAR = re.compile(r"(?:次年|翌年|每年|下年|第二年)?([0-9]{1,2})[月/-]([0-9]{1,2})[日号]?(?:以前|之前|前)?")
_YEAR = re.compile(r"([0-9]{4})(?:年度?)?")
_BETWEEN = re.compile(r"[、,，;；|\n]")


class Misread(Exception):  # noqa: N818 - it is a verdict on a cell
    """A cell is not what its column asks for; ``code`` is that of the finding."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def shown(raw: Any) -> str:
    """Return what a cell shows as a text of one line: whole numbers without a point, days as ISO has them."""
    if isinstance(raw, str) and raw.isprintable() and "  " not in raw:
        return raw.strip()
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < _EXACT else repr(raw)
    if isinstance(raw, dt.datetime) and raw.time() == dt.time():
        raw = raw.date()
    return " ".join("".join(letter for letter in str(raw) if letter.isprintable() or letter.isspace()).split())


def text(raw: Any) -> str:
    """Return a text; numbers that a program wrote with a point are whole again (``123.0``)."""
    said = shown(raw)
    whole = _WHOLE.fullmatch(said)
    return whole[1] if whole else said


def several(raw: Any) -> tuple[str, ...]:
    """Return the texts of a list, each once."""
    lines = str(raw) if isinstance(raw, str) else shown(raw)
    return tuple(dict.fromkeys(filter(None, (shown(item) for item in _BETWEEN.split(lines)))))


def credit_code(raw: Any) -> str:
    """Return a unified social credit code.

    Raises:
        Misread: it has lost digits as a number, or is none.
    """
    said = re.sub(r"[\s-]", "", office_name(text(raw))).upper()
    if (isinstance(raw, float | int) and not isinstance(raw, bool) and raw >= _EXACT) or _SCIENTIFIC.fullmatch(said):
        raise Misread("register.digits_lost")
    if not is_credit_code(said):
        raise Misread("register.bad_code")
    return said


def division_code(raw: Any) -> str:
    """Return a code of administrative division.

    Raises:
        Misread: it has lost digits as a number, or is none.
    """
    said = office_name(text(raw))
    if _SCIENTIFIC.fullmatch(said):
        raise Misread("register.digits_lost")
    if not is_division_code(said):
        raise Misread("register.bad_division_code")
    return said


def due(raw: Any) -> Due:
    """Return a day of one year, or of every year.

    Raises:
        Misread: it is none.
    """
    if isinstance(raw, dt.date):
        return _day(raw.year, raw.month, raw.day)
    if isinstance(raw, float | int) and not isinstance(raw, bool) and int(raw) in _DAYS:
        day = _EPOCH + dt.timedelta(days=int(raw))
        return _day(day.year, day.month, day.day)
    said = office_name(text(raw))
    full = _FULL.fullmatch(said) or _DIGITS.fullmatch(said)
    if full:
        return _day(*map(int, full.groups()))
    every = _EVERY_YEAR.fullmatch(said)
    if every:
        return _day(None, *map(int, every.groups()))
    raise Misread("register.bad_date")


def _day(year: int | None, month: int, day: int) -> Due:
    try:
        dt.date(year if year is not None else 2000, month, day)
    except ValueError as error:
        raise Misread("register.bad_date") from error
    if year is not None and year not in YEARS:
        raise Misread("register.bad_date")
    return Due(month, day, year)


def year(raw: Any) -> int:
    """Return a report year.

    Raises:
        Misread: it is none.
    """
    found = _YEAR.fullmatch(office_name(text(raw)))
    if not found or int(found[1]) not in YEARS:
        raise Misread("register.bad_year")
    return int(found[1])


def yes_no(raw: Any) -> bool:
    """Return an answer.

    Raises:
        Misread: it is neither.
    """
    return bool(_one_of(raw, columns().yes_no, "register.bad_yes_no"))


def choice(raw: Any) -> str:
    """Return a kind of units, as a key of the choices of the form's cover.

    Raises:
        Misread: it is none.
    """
    return str(_one_of(raw, columns().kinds, "register.bad_kind"))


def _one_of(raw: Any, words: Mapping[str, Any], code: str) -> Any:
    said = office_name(text(raw))
    for word in (said, said.upper(), said.lower()):
        if word in words:
            return words[word]
    raise Misread(code)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "text": text,
    "list": several,
    "code": credit_code,
    "division": division_code,
    "date": due,
    "year": year,
    "yes_no": yes_no,
    "choice": choice,
}
"""What reads a cell, by the kind of its column (``workbook.collect.columns.KINDS``)."""
