"""The table of file kinds: extensions, detection by content, reader.

A file is told by its content; its ending only says whether it is looked at in a folder.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from functools import cached_property
from importlib import import_module
from typing import Any

from workbook.expression import expression
from workbook.intake.archive import directory, names, vet_size
from workbook.intake.delimited import delimiter
from workbook.intake.encoding import decode
from workbook.intake.foreign import UNREAD, Foreign, foreign
from workbook.intake.limits import WRITTEN_LIMIT
from workbook.records import dataclass
from workbook.report import Unreadable, make_finding

PDF_SECONDS = 20
"""How long the reader of a PDF may take, its start included; a page of a report takes two tenths of a second."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_BOOKS = tuple(f"{name}\0".encode("utf-16-le") for name in ("Workbook", "Book"))
"""The streams that hold an ``.xls`` workbook."""

_BOOK_PART = expression(r"(?:[^/]+/)?workbook[0-9]*\.xml")
"""The part of a package that lists the sheets of a workbook; some programs number it."""

_HEAD = 4096
_PAGE = expression(r"<(?:html|table|!doctype|body)\b", re.IGNORECASE)
_FRAGMENT = expression(r"\s*<(?:head|meta|div|p|span|section|article|h[1-6])\b", re.IGNORECASE)
_CONTROL = expression("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@dataclass(frozen=True)
class Sample:
    """The bytes of a file, and what is asked of them to tell its kind, each once."""

    data: bytes
    file: str

    @cached_property
    def start(self) -> bytes:
        """Its beginning, without marks and blanks."""
        return self.data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")

    @cached_property
    def parts(self) -> set[str]:
        """The names of its parts, where it is a package.

        Raises:
            Unreadable: the package is damaged.
        """
        return names(self.data, self.file)

    @cached_property
    def head(self) -> str:
        """Its beginning as a page would be decoded; empty where it is not a text."""
        head = (decode(self.data[:_HEAD], page=True) or "")[:_HEAD]
        return "" if "\0" in head or self.data.startswith((b"PK\x03\x04", _OLE)) else head

    @cached_property
    def text(self) -> str | None:
        """The whole of it as a text; ``None`` where it is not one.

        Raises:
            Unreadable: it is too long for one.
        """
        if self.data.startswith((b"PK\x03\x04", _OLE)):
            return None
        vet_size(self.data, self.file, WRITTEN_LIMIT)
        text = decode(self.data)
        return None if text is None or _CONTROL.search(text) else text


def _is_json(sample: Sample) -> bool:
    return sample.start[:1] in {b"{", b"["} and not sample.start.startswith(b"{\\rtf")


def _is_workbook(sample: Sample) -> bool:
    data = sample.data
    if not data.startswith(b"PK"):
        return False
    # The usual package is opened once, by its reader; one with a Word document in it may be either.
    listed = directory(data)
    if b"xl/workbook.xml" in listed and b"word/document.xml" not in listed:
        return True
    return "word/document.xml" not in sample.parts and any(map(_BOOK_PART.fullmatch, sample.parts))


def _is_other_format(sample: Sample) -> bool:
    if sample.data.startswith(_OLE):
        return _ENCRYPTED not in sample.data and any(name in sample.data for name in _OLD_BOOKS)
    parts = sample.parts
    known = "xl/workbook.bin" in parts or ("content.xml" in parts and "mimetype" in parts)
    return known and not any(map(_BOOK_PART.fullmatch, parts))


def _is_pdf(sample: Sample) -> bool:
    return sample.start.startswith(b"%PDF")


def _is_word(sample: Sample) -> bool:
    return sample.data.startswith(b"PK\x03\x04") and "word/document.xml" in sample.parts


def _is_page(sample: Sample) -> bool:
    return bool(_PAGE.search(sample.head) or _FRAGMENT.match(sample.head))


_LONG = expression(r"\ufeff?\"?年度\"?[,;\t]\"?机关\"?[,;\t]\"?表\"?[,;\t]\"?行\"?[,;\t]\"?列\"?[,;\t]\"?键")
"""How the long CSV begins that the kit publishes."""


def _is_long(sample: Sample) -> bool:
    return sample.text is not None and bool(_LONG.match(sample.text))


def _is_csv(sample: Sample) -> bool:
    return sample.text is not None and delimiter(sample.text) is not None


def _is_text(sample: Sample) -> bool:
    return sample.text is not None


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Args:
        key: what it is called here.
        words: what people call it, in Chinese and in English.
        endings: of the names of such files, in small letters.
        is_it: tells such a file from those of the kinds that stand behind it in the table.
        reader: a module and its function, which makes of ``data`` and ``file`` a ``Report``, or a ``Document`` that
            the tables are then found in.
        rank: of files that hold the same report the one of the lowest rank is taken.
        published: whether it is a form that reports are published in; the others are what offices send up. In a folder
            a published file without any table of the form is no report, and no fault.
        limit: bytes that such a file may have, where it is fewer than for all files.
        seconds: how long the reader may take, in a process of its own; 0 for one that needs none.
        names_source: whether the reader makes the file itself the source of its report, with its digest.
    """

    key: str
    words: tuple[str, str]
    endings: tuple[str, ...]
    is_it: Callable[[Sample], bool]
    reader: str
    rank: int
    published: bool = False
    limit: int = 0
    seconds: int = 0
    names_source: bool = False

    def read(self, data: bytes, file: str) -> Any:
        """Return what the reader makes of a file.

        Raises:
            Unreadable: it refuses the file.
        """
        if self.limit:
            vet_size(data, file, self.limit)
        if self.seconds:
            from workbook.intake.isolate import run_isolated

            return run_isolated(self.reader, data, file, seconds=self.seconds)
        module, _, function = self.reader.partition(":")
        return getattr(import_module(module), function)(data, file)


_EXCEL, _CARRIERS = "workbook.excel.reading", "workbook.carriers"

KINDS = (
    Kind(
        "json", ("JSON", "JSON"), (".json",), _is_json, "workbook.document.document:from_json", 2, limit=WRITTEN_LIMIT
    ),
    Kind(
        "xlsx",
        ("工作簿", "a workbook"),
        (".xlsx", ".xlsm"),
        _is_workbook,
        f"{_EXCEL}.by_position:read_workbook",
        0,
        names_source=True,
    ),
    Kind(
        "xls",
        ("工作簿", "a workbook"),
        (".xls", ".xlsb", ".ods"),
        _is_other_format,
        f"{_EXCEL}.other_formats:read_other_format",
        1,
        names_source=True,
    ),
    Kind(
        "pdf",
        ("PDF", "PDF"),
        (".pdf",),
        _is_pdf,
        f"{_CARRIERS}.pdf.pdf:read_pdf",
        7,
        published=True,
        seconds=PDF_SECONDS,
    ),
    Kind("word", ("Word", "Word"), (".docx",), _is_word, f"{_CARRIERS}.word.word:read_word", 3, published=True),
    Kind(
        "page", ("网页", "a page"), (".html", ".htm"), _is_page, f"{_CARRIERS}.page.page:read_html", 4, published=True
    ),
    Kind("long", ("CSV", "CSV"), (), _is_long, "workbook.document.long_form:from_long_csv", 8, limit=WRITTEN_LIMIT),
    Kind("csv", ("CSV", "CSV"), (".csv",), _is_csv, f"{_CARRIERS}.csv:read_csv", 6, published=True),
    Kind("text", ("文本", "a text"), (".txt",), _is_text, f"{_CARRIERS}.text:read_text", 5, published=True),
)
"""Every kind, in the order in which they are tried."""

LINES = ".jsonl"
"""The ending of files that hold a JSON document a line."""


def endings(*keys: str) -> tuple[str, ...]:
    """Return the endings of some kinds, of all that are read where none is named."""
    return tuple(ending for kind in KINDS if not keys or kind.key in keys for ending in kind.endings)


_BY_ENDING = {ending: kind for kind in KINDS for ending in kind.endings} | {LINES: KINDS[0]}


def of_ending(ending: str) -> Kind | None:
    """Return the kind that the ending of a name speaks of; ``None`` where it is none that is read."""
    return _BY_ENDING.get(ending.lower())


def kinds_of(suffixes: Collection[str]) -> dict[str, str]:
    """Return the words for kinds of these endings, as findings name them."""
    kinds = [kind for kind in KINDS if not {*kind.endings}.isdisjoint(suffixes)]
    zh, en = (dict.fromkeys(kind.words[number] for kind in kinds) for number in (0, 1))
    return {"kinds": "、".join(zh), "kinds_en": ", ".join(en)}


KNOWN = (*endings(), LINES, *(ending for _, _, some in UNREAD for ending in some))
"""All endings that say what a file is."""


def kind_of(data: bytes, file: str) -> Kind:
    """Return the kind of a file, told by its content.

    Raises:
        Unreadable: it is empty, too large, or of no kind that is read; the finding says what it is.
    """
    vet_size(data, file)
    sample = Sample(data, file)
    if known := foreign(data):
        raise _save_as(known, file)
    for kind in KINDS:
        if kind.is_it(sample):
            return kind
    raise wrong_kind(data, file, sample.parts)


_ALL = kinds_of(endings())
_STARTS = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"<!DOCTYPE html", "网页", "a web page"),
    (b"<html", "网页", "a web page"),
    (b"Rar!", "压缩包", "an archive"),
    (b"7z\xbc\xaf", "压缩包", "an archive"),
)
_PARTS = (
    ("word/document.xml", "Word 文档", "a Word document"),
    ("ppt/presentation.xml", "PowerPoint 文稿", "a PowerPoint file"),
    ("xl/workbook.bin", "二进制工作簿（.xlsb）", "a binary workbook (.xlsb)"),
    ("content.xml", "OpenDocument 文件（.ods 等）", "an OpenDocument file"),
)


def wrong_kind(data: bytes, file: str, parts: set[str]) -> Unreadable:
    """Name a file that is not a workbook for what it is; ``parts`` are those of a package."""
    if data.startswith(_OLE):
        return Unreadable(make_finding("file.encrypted" if _ENCRYPTED in data else "file.old_format", file=file))
    if known := foreign(data, parts):
        return _save_as(known, file)
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK"):
        names = next(((kind, en) for part, kind, en in _PARTS if part in parts), ("压缩包", "an archive"))
    else:
        starts = ((kind, en) for magic, kind, en in _STARTS if start[: len(magic)].lower() == magic.lower())
        text = b"\0" not in data[:4096]
        names = next(starts, ("文本文件", "a text file") if text else ("未知格式", "an unknown format"))
    return Unreadable(make_finding("file.not_a_workbook", file=file, kind=names[0], kind_en=names[1], **_ALL))


def _save_as(known: Foreign, file: str) -> Unreadable:
    words = {"kind": known.kind, "kind_en": known.kind_en, "way": known.way, "way_en": known.way_en}
    return Unreadable(make_finding("file.save_as", file=file, **words))
