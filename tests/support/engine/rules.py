"""Rules of Excel that both engines heed: errors, what it makes of an entry, what protection allows."""

from __future__ import annotations

import datetime as dt
import re
from numbers import Number
from typing import Any

from openpyxl.utils.datetime import to_excel
from openpyxl.utils.protection import hash_password
from openpyxl.worksheet.protection import SheetProtection

from engine.user import ExcelError

ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
"""Errors in cells as COM gives them; the same that xlwings knows."""

CODES = {text: code for code, text in ERRORS.items()}

ALLOWED = {
    "AllowFormattingCells": "formatCells",
    "AllowFormattingColumns": "formatColumns",
    "AllowFormattingRows": "formatRows",
    "AllowInsertingColumns": "insertColumns",
    "AllowInsertingRows": "insertRows",
    "AllowInsertingHyperlinks": "insertHyperlinks",
    "AllowDeletingColumns": "deleteColumns",
    "AllowDeletingRows": "deleteRows",
    "AllowSorting": "sort",
    "AllowFiltering": "autoFilter",
    "AllowUsingPivotTables": "pivotTables",
}
"""What protection may allow; in a file the flag says that it is forbidden."""

SELECTING = {(False, False): 0, (True, False): 1, (True, True): -4142}
"""``EnableSelection`` by what may not be selected: locked cells, and unlocked ones."""

_LONGEST = 32767
_NUMBER = re.compile(
    r"[+-]?[¥￥$]?(?=[\d.]*\d)(?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?(?:[eE][+-]?\d{1,2})?%?", re.ASCII
)  # what Excel takes for a number when it is typed
_DATE = re.compile(r"(?:(\d{4})[-/年])?(\d{1,2})[-/月](\d{1,2})日?", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)


def failure(text: str = "Application-defined or object-defined error") -> ExcelError:
    """Return the COM error with which Excel refuses."""
    return ExcelError(f"(-2147352567, 'Exception occurred.', (0, 'Microsoft Excel', '{text}', None, 0, -2146827284))")


def moment(serial: float) -> dt.datetime:
    """Return the date that a number stands for."""
    return dt.datetime(1899, 12, 30) + dt.timedelta(milliseconds=round(serial * 86400000))  # noqa: DTZ001 - as Excel


class Formula(str):
    """An entry that Excel calculates."""

    __slots__ = ()


def entered(value: Any, number_format: str) -> tuple[Any, str]:
    """Return what a cell holds after a value was assigned to it, and its number format then."""
    if value is None or value == "" or isinstance(value, bool):
        return None if value == "" else value, number_format
    if not isinstance(value, (str, Number)):
        raise TypeError(f"Objects of type '{type(value).__name__}' can not be converted to a COM VARIANT")
    if not isinstance(value, str):
        return f"{float(value):.15g}" if number_format == "@" else float(value), number_format
    if len(value) > _LONGEST:
        raise failure()
    if value.startswith("'"):
        return value[1:] or None, number_format
    if number_format == "@":
        return value, number_format
    found, own = _understood(value)
    return found, own if number_format == "General" else number_format


def _understood(text: str) -> tuple[Any, str]:
    """Return what Excel takes a text for, and the number format that comes with it."""
    bare = text.strip(" ")
    if _NUMBER.fullmatch(bare):
        number = float(f"{float(re.sub('[¥￥$,%]', '', bare)):.15g}")  # Excel keeps 15 digits
        return (number / 100, "0%") if bare.endswith("%") else (number, "#,##0" if "," in bare else "General")
    if bare.upper() in {"TRUE", "FALSE"}:
        return bare.upper() == "TRUE", "General"
    if bare.upper() in CODES:
        raise AssertionError("errors are not assigned")
    if time := _TIME.fullmatch(bare):
        hours, minutes, seconds = (int(part or 0) for part in time.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86400, "h:mm"
    if (day := _day(bare)) is not None:
        return float(to_excel(day)), "yyyy/m/d"
    if len(bare) > 1 and (text.startswith("=") or bare[0] in "+-"):
        return Formula(text if text.startswith("=") else f"={bare}"), "General"
    return text, "General"


def _day(text: str) -> dt.date | None:
    found = _DATE.fullmatch(text)
    year, month, day = found.groups() if found else (None, 0, 0)
    try:
        return dt.date(int(year or dt.date.today().year), int(month), int(day))  # noqa: DTZ011 - the user's year
    except ValueError:
        return None


def quoted(title: str) -> str:
    """Return the name of a sheet as formulas have it."""
    return title if re.fullmatch(r"[^\W\d][\w.]*", title) else "'" + title.replace("'", "''") + "'"


def retold(text: str, title: str, replacement: str) -> str:
    """Return a formula with something else where a sheet is named."""
    inner = re.escape(title.replace("'", "''"))
    return re.sub(rf"'{inner}'!|(?<![\w.'!]){re.escape(title)}!", lambda _: replacement, text)


def opens(protected: SheetProtection, password: str) -> bool:
    """Return whether a password lifts the protection of a sheet."""
    if protected.hashValue:  # which no file of these tests has
        raise AssertionError("protection of Excel 2013 on")
    return not protected.password or int(hash_password(password), 16) == int(protected.password, 16)


def protection(
    *,
    Password: str | None = None,  # noqa: N803
    Contents: bool = True,  # noqa: N803
    DrawingObjects: bool = True,  # noqa: N803
    Scenarios: bool = True,  # noqa: N803
    **allowed: bool,
) -> SheetProtection:
    """Return the protection that ``Protect`` puts on a sheet."""
    forbidden = {flag: not allowed.pop(option, False) for option, flag in ALLOWED.items()}
    assert not allowed, f"unknown to Protect: {allowed}"
    made = SheetProtection(objects=DrawingObjects, scenarios=Scenarios, **forbidden)
    if Password:
        made.set_password(Password)
    made.sheet = Contents
    return made
