"""Beneath the engine of LibreOffice: protection, the file, what Excel makes of an entry, the objects of ``.api``."""
# ruff: noqa: D101, D102, N802, N803 - names and meaning are those of Excel's object model

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import posixpath
import re
from functools import wraps
from pathlib import Path
from types import FunctionType, SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr, unescape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils.protection import hash_password
from openpyxl.xml.functions import fromstring

from engine.user import ExcelError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ERRORS = {
    -2146826281: "#DIV/0!",
    -2146826246: "#N/A",
    -2146826259: "#NAME?",
    -2146826288: "#NULL!",
    -2146826252: "#NUM!",
    -2146826265: "#REF!",
    -2146826273: "#VALUE!",
}
"""Errors in cells as COM gives them."""

_FAULTS = {32767: "#N/A", 532: "#DIV/0!", 524: "#REF!", 525: "#NAME?", 503: "#NUM!", 523: "#NUM!", 521: "#NULL!"}
"""Errors in cells as LibreOffice counts them; any other is #VALUE!."""

LONGEST = 32767
"""Characters that a cell holds."""

NONSENSE = {501, *range(508, 515), 520}
"""Errors of LibreOffice that say that a formula is none: Excel does not accept it."""

_ALLOWED = {
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
"""What protection may allow; in a file the flag says that it is forbidden, which it is unless the flag is there."""

_SELECTING = {0: ("0", "0"), 1: ("1", "0"), -4142: ("1", "1")}
_DAY_ZERO = dt.datetime(1899, 12, 30)  # noqa: DTZ001 - Excel knows no time zones
_NUMBER = re.compile(r"([+-]?)[¥￥$]?(?=\.?\d)((?:\d{1,3}(?:,\d{3})+|\d*)(?:\.\d*)?(?:[eE][+-]?\d+)?)(%?)", re.ASCII)
_DATES = (
    re.compile(r"(?:(?P<year>\d{4})[-/年])?(?P<month>\d{1,2})[-/月](?P<day>\d{1,2})日?", re.ASCII),
    re.compile(r"(?P<year>\d{4})[-/年](?P<month>\d{1,2})月?(?P<day>)", re.ASCII),
)
_TIME = re.compile(r"(\d{1,2}):([0-5]\d)(?::([0-5]\d))?", re.ASCII)
_QUOTED = re.compile(r"""("[^"]*"|'[^']*')""")
_FROM_CALC = re.compile(r"\b(TRUE|FALSE)\(\)"), r"\1", str.maketrans({";": ",", "|": ";"})
_TO_CALC = re.compile(r"\b(TRUE|FALSE)\b(?!\()", re.IGNORECASE), r"\1()", str.maketrans({",": ";", ";": "|"})
_LOCK = re.compile(rb"<sheetProtection\b([^>]*?)(?:/>|></sheetProtection>)")
_STRUCTURE = re.compile(rb"<workbookProtection\b[^>]*?(?:/>|></workbookProtection>)")
_BOOK, _RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def failure(text: str = "Application-defined or object-defined error") -> ExcelError:
    """Return the COM error with which Excel refuses."""
    return ExcelError(f"(-2147352567, 'Exception occurred.', (0, 'Microsoft Excel', '{text}', None, 0, -2146827284))")


def excel(kind: type) -> type:
    """Let every refusal of LibreOffice leave the methods of a class as Excel's error.

    It must not leave as it is, besides: exceptions of UNO do not pass through context managers made of generators.
    """
    for name, item in list(vars(kind).items()):
        if isinstance(item, property):
            setattr(kind, name, property(*(part and _refusing(part) for part in (item.fget, item.fset))))
        elif isinstance(item, FunctionType):
            setattr(kind, name, _refusing(item))
    return kind


def _refusing(method: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **options: Any) -> Any:
        try:
            return method(*args, **options)
        except Exception as error:
            if hasattr(error, "Message") and hasattr(error, "Context"):  # which all exceptions of UNO have
                raise failure(f"{type(error).__name__} {error.Message}") from None
            raise

    return call


def code_of(fault: int) -> int:
    """Return what COM gives for an error of LibreOffice's."""
    text = _FAULTS.get(fault, "#VALUE!")
    return next(code for code, error in ERRORS.items() if error == text)


def moment(serial: float) -> dt.datetime:
    """Return the date that a number stands for."""
    return _DAY_ZERO + dt.timedelta(milliseconds=round(serial * 86400000))


def serial(moment: dt.date) -> float:
    """Return the number that stands for a date."""
    day = dt.datetime.combine(moment, dt.time()) if not isinstance(moment, dt.datetime) else moment
    return (day.replace(tzinfo=None) - _DAY_ZERO) / dt.timedelta(days=1)


def plain(number: float) -> str:
    """Return a number as Excel writes it into a text."""
    return f"{number:.15G}"


def translated(formula: str, *, to_excel: bool) -> str:
    """Return a formula with the separators of Excel, or with those of LibreOffice; texts in it stay as they are."""
    parts = _QUOTED.split(formula)
    pattern, form, table = _FROM_CALC if to_excel else _TO_CALC
    for at in range(0, len(parts), 2):
        parts[at] = pattern.sub(form, parts[at].translate(table))
    return "".join(parts)


def understood(text: str) -> tuple[Any, str | None]:
    """Return what Excel makes of a text that is typed into a cell, and the number format that comes with it.

    A value that is still a text and begins with ``=`` is a formula.
    """
    bare = text.strip(" ")
    if bare.upper() in {"TRUE", "FALSE"}:
        return bare.upper() == "TRUE", None
    if found := _NUMBER.fullmatch(bare):
        sign, digits, percent = found.groups()
        number = float(f"{float(sign + digits.replace(',', '')):.15g}")  # Excel keeps 15 digits
        if percent:
            return number / 100, "0.00%" if "." in digits else "0%"
        return number, "#,##0" if "," in digits else None
    if found := _TIME.fullmatch(bare):
        hours, minutes, seconds = (int(part or 0) for part in found.groups())
        return (hours * 3600 + minutes * 60 + seconds) / 86400, "h:mm:ss" if found[3] else "h:mm"
    if (day := _day(bare)) is not None:
        return serial(day), "yyyy/m/d"
    return (f"={bare}" if bare[:1] in {"+", "-"} and len(bare) > 1 else text), None


def _day(text: str) -> dt.date | None:
    for pattern in _DATES:
        if found := pattern.fullmatch(text):
            year = found["year"] or dt.date.today().year  # noqa: DTZ011 - the year on the user's clock
            try:
                return dt.date(int(year), int(found["month"]), int(found["day"] or 1))
            except ValueError:
                return None
    return None


def simple(value: Any) -> bool:
    """Return whether a value goes into a cell as it is."""
    if isinstance(value, str):
        return value[:1] not in {"'", "="} and len(value) <= LONGEST and understood(value) == (value, None)
    return type(value) in {int, float}


def constant(value: Any) -> str:
    """Return what COM gives as the formula of a cell that has none."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, dt.datetime):
        value = serial(value)
    return plain(value) if isinstance(value, float) else str(value or "")


class Lock:
    """The protection of a sheet, kept as the attributes that it has in a file; none where there is no protection."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes

    def on(self, flag: str) -> bool:
        return self.attributes.get(flag, "0") in {"1", "true"}

    def allows(self, option: str) -> bool:
        return self.attributes.get(_ALLOWED[option], "1") in {"0", "false"}

    def opened_by(self, password: str) -> bool:
        of = self.attributes.get
        if "hashValue" in self.attributes:
            name = of("algorithmName", "SHA-512").replace("-", "").lower()
            digest = hashlib.new(name, base64.b64decode(of("saltValue", "")) + password.encode("utf-16-le")).digest()
            for turn in range(int(of("spinCount", "0"))):
                digest = hashlib.new(name, digest + turn.to_bytes(4, "little")).digest()
            return base64.b64encode(digest).decode() == of("hashValue")
        return not of("password") or int(of("password", ""), 16) == int(hash_password(password), 16)

    def close(self, password: str | None, **options: Any) -> None:
        parts = {"sheet": "Contents", "objects": "DrawingObjects", "scenarios": "Scenarios"}
        if unknown := options.keys() - parts.values() - _ALLOWED.keys():
            raise failure(f"Protect: {sorted(unknown)}")
        flags = {flag: "1" if options.get(part, True) else "0" for flag, part in parts.items()}
        flags |= {flag: "0" if options.get(option) else "1" for option, flag in _ALLOWED.items()}
        secret = {"password": hash_password(password)} if password else {}
        self.attributes = self._selecting() | secret | flags

    def open(self) -> None:
        self.attributes = self._selecting()

    def _selecting(self) -> dict[str, str]:
        return {flag: value for flag, value in self.attributes.items() if flag.startswith("select")}

    @property
    def selection(self) -> int:
        flags = tuple("1" if self.on(flag) else "0" for flag in ("selectLockedCells", "selectUnlockedCells"))
        return next((value for value, known in _SELECTING.items() if known == flags), 0)

    @selection.setter
    def selection(self, value: int) -> None:
        self.attributes |= dict(zip(("selectLockedCells", "selectUnlockedCells"), _SELECTING[value], strict=True))

    @property
    def tag(self) -> bytes:
        """How the protection stands in a file."""
        if not (self.on("sheet") or self.on("objects") or self.on("scenarios")):
            return b""
        return (
            f"<sheetProtection {' '.join(f'{key}={quoteattr(it)}' for key, it in self.attributes.items())}/>".encode()
        )


def unlock(source: Path, target: Path) -> tuple[dict[str, Lock], bytes]:
    """Copy a workbook without any protection.

    LibreOffice does not keep all that protection allows, heeds it here and not there, and is silent about it.

    Returns:
        The protection of each sheet by name, and the element that protects the structure, empty where it is free.
    """
    with ZipFile(source) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    targets = {relation.get("Id"): relation.get("Target") for relation in fromstring(parts[_RELATIONS])}
    locks = {}
    for sheet in fromstring(parts[_BOOK]).iterfind("{*}sheets/{*}sheet"):
        reference = next(value for key, value in sheet.attrib.items() if key.endswith("}id"))
        part = posixpath.join("/xl", targets[reference]).lstrip("/")
        found = _LOCK.search(parts[part])
        attributes = re.findall(r'(\w+)="([^"]*)"', found[1].decode()) if found else []
        locks[sheet.get("name")] = Lock({key: unescape(value, {"&quot;": '"'}) for key, value in attributes})
        parts[part] = _LOCK.sub(b"", parts[part])
    structure = _STRUCTURE.search(parts[_BOOK])
    parts[_BOOK] = _STRUCTURE.sub(b"", parts[_BOOK])
    _pack(parts, target)
    return locks, structure[0] if structure else b""


def lock(source: Path, target: Path, locks: Sequence[Lock], structure: bytes, names: dict[str, str]) -> None:
    """Copy a workbook of LibreOffice's making with protection, and with names that LibreOffice refuses."""
    with ZipFile(source) as file:
        parts = {name: file.read(name) for name in file.namelist()}
    for number, item in enumerate(locks, 1):
        part = f"xl/worksheets/sheet{number}.xml"
        before, end, after = re.split(rb"(</sheetData>|<sheetData/>)", parts[part], maxsplit=1)
        parts[part] = before + end + item.tag + after
    book = _STRUCTURE.sub(b"", parts[_BOOK]).replace(b"<bookViews>", structure + b"<bookViews>")
    added = "".join(f"<definedName name={quoteattr(key)}>{escape(it[1:])}</definedName>" for key, it in names.items())
    if added and b"</definedNames>" in book:
        book = book.replace(b"</definedNames>", added.encode() + b"</definedNames>")
    elif added:
        book = book.replace(b"</sheets>", f"</sheets><definedNames>{added}</definedNames>".encode())
    parts[_BOOK] = book
    _pack(parts, target)


def _pack(parts: dict[str, bytes], target: Path) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as file:
        for name, data in parts.items():
            file.writestr(name, data)


class AppApi:
    Name = "Microsoft Excel"
    Version = "16.0"

    def __init__(self, app: Any) -> None:
        self._app, self._user = app, app.user
        self.Workbooks = SimpleNamespace(Add=self._add)

    Path = property(lambda self: self._user.office_path)
    ProtectedViewWindows = property(lambda self: SimpleNamespace(Count=self._user.protected_views))

    def InputBox(self, Prompt: str, Title: Any = None, Default: Any = None, Type: int = 2) -> Any:  # noqa: ARG002
        return self._user.answer(Prompt)

    def GetOpenFilename(self, FileFilter: str = "", Title: str = "") -> Any:  # noqa: ARG002
        return self._user.answer(Title)

    def GetSaveAsFilename(self, InitialFileName: str = "", FileFilter: str = "", Title: str = "") -> Any:  # noqa: ARG002
        return self._user.answer(Title)

    def _add(self, Template: str) -> BookApi:
        if not Path(Template).is_file():
            raise failure(f"Sorry, we could not find {Template}.")
        return BookApi(self._app.open(Path(Template), untitled=True))


class BookApi:
    def __init__(self, book: Any) -> None:
        self._book = book

    Name = property(lambda self: self._book.name)
    Path = property(lambda self: str(self._book.path.parent) if self._book.path else "")
    FullName = property(lambda self: self._book.fullname)
    ProtectStructure = property(lambda self: bool(re.search(rb'lockStructure="(1|true)"', self._book.structure)))
    Saved = property(lambda self: self._book.saved, lambda self, value: setattr(self._book, "saved", bool(value)))


class SheetApi:
    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet

    Name = property(lambda self: self._sheet.name)
    ProtectContents = property(lambda self: self._sheet.lock.on("sheet"))
    ProtectDrawingObjects = property(lambda self: self._sheet.lock.on("objects"))
    ProtectScenarios = property(lambda self: self._sheet.lock.on("scenarios"))
    EnableSelection = property(
        lambda self: self._sheet.lock.selection, lambda self, value: setattr(self._sheet.lock, "selection", value)
    )

    @property
    def Protection(self) -> SimpleNamespace:
        return SimpleNamespace(**{option: self._sheet.lock.allows(option) for option in _ALLOWED})

    def Unprotect(self, Password: str = "") -> None:
        if not self._sheet.lock.opened_by(Password):
            raise failure("The password you supplied is not correct.")
        self._sheet.lock.open()
        self._sheet.book.saved = False

    def Protect(self, Password: str | None = None, **options: Any) -> None:
        if options.pop("UserInterfaceOnly", False):
            raise NotImplementedError("protection against the user only")
        self._sheet.lock.close(Password, **options)
        self._sheet.book.saved = False


class RangeApi:
    CommentThreaded = None  # LibreOffice has none

    def __init__(self, cells: Any) -> None:
        self._cells = cells

    Locked = property(lambda self: self._cells.locked)
    HasFormula = property(lambda self: self._cells.has_formula)


def blocks(addresses: Iterable[Any], row: int, column: int) -> Iterable[tuple[int, int]]:
    """Return the cells of ranges of LibreOffice, each as row and column counted from the cell given."""
    for area in addresses:
        for down in range(area.StartRow, area.EndRow + 1):
            yield from ((down - row, right - column) for right in range(area.StartColumn, area.EndColumn + 1))
