"""Says of the parts of a package whether they are written as nearly all programs write them.

Where they are there is one way to understand them: python-calamine is known to understand them so, and to refuse none
of them. So it need not be asked, and refuses nothing that would be read without it.
"""

from __future__ import annotations

import re
import struct
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.parsers import expat

from workbook.expression import expression

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Sequence

_CACHED = 200_000  # bytes of a part that are worth keeping

# ---- the package ----------------------------------------------------------------------------------------------------

_END, _ENTRY, _PART = b"PK\x05\x06\0\0\0\0", b"PK\x01\x02", b"PK\x03\x04"
_END_LENGTH, _ENTRY_LENGTH = 22, 46


def has_usual_directory(data: bytes, infos: Sequence[zipfile.ZipInfo]) -> bool:
    """Say whether a package is one directory and the parts in it, without comments and extra fields.

    Args:
        data: the package.
        infos: the entries of its directory, as ``zipfile`` has them.
    """
    end = data[-_END_LENGTH:]
    if len(end) < _END_LENGTH or not end.startswith(_END):
        return False
    here, count, size, start, comment = struct.unpack("<HHLLH", end[len(_END) :])
    if not here == count == len(infos) > 0 or comment or start + size != len(data) - _END_LENGTH:
        return False
    # Of the last entry zipfile reads no more than there is, whatever lengths it states.
    last = len(infos[-1].orig_filename)
    lengths = start + size - last - _ENTRY_LENGTH + 28
    return (
        data.startswith(_ENTRY, start)
        and data[lengths : lengths + 6] == struct.pack("<HHH", last, 0, 0)
        and all(
            info.orig_filename == info.filename
            and info.filename.isascii()
            and not info.extra
            and not info.comment
            and data.startswith(_PART, info.header_offset)
            for info in infos
        )
    )


_DECLARATION = rb'(?:<\?xml version="1\.0" encoding="(?:UTF|utf)-8"(?: standalone="(?:yes|no)")?\?>\s*)?'
_RELATIONS = expression(
    _DECLARATION + rb'<Relationships xmlns="http://schemas\.openxmlformats\.org/package/2006/relationships">'
    rb'(?:<Relationship(?: (?:Id|Type|Target)="[^"<>&]*"){3}/>)++</Relationships>\s*+'
)
_LIST, _RELATION, _ATTRIBUTES, _BLANKS = "<Relationships ", "<Relationship ", 3, " \t\r\n"
_ATTRIBUTE = expression('(Id|Type|Target)="([^"]*)"')
_BOOK_KIND = b'/relationships/officeDocument"'
_BOOK_RELATION = expression(
    rb'<Relationship(?=[^>]* Type="[^"]*/relationships/officeDocument")(?=[^>]* Target="/?xl/workbook\.xml")'
)


@lru_cache(maxsize=64)
def are_usual_relations(xml: bytes) -> bool:
    """Say whether a part that lists relations lists those within the package alone, and nothing else is in it."""
    return bool(_RELATIONS.fullmatch(xml))


def plain_relations(xml: bytes) -> list[dict[str, str]]:
    """Return what a part lists that lists relations in plain letters; nothing where it does not, or lists none."""
    if not are_usual_relations(xml) or not xml.isascii():
        return []
    head, _, items = xml.decode().partition(_LIST)
    if head.rstrip(_BLANKS)[-2:] not in {"", "?>"} or not items.rstrip(_BLANKS).isprintable():
        return []
    found = [dict(_ATTRIBUTE.findall(item)) for item in items.split(_RELATION)[1:]]
    return found if all(len(one) == _ATTRIBUTES for one in found) else []


@lru_cache(maxsize=64)
def leads_to_usual_book(xml: bytes) -> bool:
    """Say whether the relations of a package lead to ``xl/workbook.xml`` and to no other workbook."""
    return are_usual_relations(xml) and xml.count(_BOOK_KIND) == 1 and bool(_BOOK_RELATION.search(xml))


# ---- the list of sheets ---------------------------------------------------------------------------------------------

_OPEN = rb'<sheet(?: xmlns:r="http://schemas\.openxmlformats\.org/officeDocument/2006/relationships")? '
_SHEET_LIST = expression(
    rb"<sheets>((?:"
    + _OPEN
    + rb'name="[^"<>]*" sheetId="[0-9]+"(?: state="[A-Za-z]+")? r:id="[A-Za-z0-9]+"/>)+)</sheets>'
)
_SHEET = expression(_OPEN + rb'name="([^"]*)" sheetId="[0-9]+"(?: state="([A-Za-z]+)")? r:id="([^"]*)"/>')
_STATES = {b"", b"visible", b"hidden", b"veryHidden"}
_BEGINS = expression(_DECLARATION + b"<workbook[ >]")
_SHEETS, _BOOKS = expression(rb"[<:]sheet[\s/>]"), expression(rb"[/:]workbook[\s/>]")
_ODD_IN_NAME = expression(rb"[&\x00-\x1f]")


def listed(book: bytes) -> tuple[tuple[bytes, bytes, bytes], ...]:
    """Return name, state and relation of each sheet, where a workbook lists them in a way that leaves no choice."""
    return _kept(book) if len(book) < _CACHED else _listed(book)


def _listed(book: bytes) -> tuple[tuple[bytes, bytes, bytes], ...]:
    found = _SHEET_LIST.search(book)
    if not found or book.count(b"sheets>") != 2 or b"<!--" in book or book.count(b"<?") > 1:  # noqa: PLR2004 - a pair
        return ()
    return tuple(_SHEET.findall(found[1]))


_kept = lru_cache(maxsize=16)(_listed)


def is_usual_book(book: bytes) -> bool:
    """Say whether a workbook whose sheets are listed so is well formed, and nothing in it is taken for other sheets."""
    return _is_kept_usual(book) if len(book) < _CACHED else _is_usual(book)


def _is_usual(book: bytes) -> bool:
    sheets = listed(book)
    return (
        bool(_BEGINS.match(book))
        and len(_SHEETS.findall(book)) == len(sheets)
        and len(_BOOKS.findall(book)) == 1
        and all(state in _STATES and not _ODD_IN_NAME.search(name) for name, state, _ in sheets)
        and _is_well_formed(book)
    )


_is_kept_usual = lru_cache(maxsize=16)(_is_usual)


def _is_well_formed(xml: bytes) -> bool:
    try:
        expat.ParserCreate("utf-8").Parse(xml, True)  # noqa: FBT003
    except expat.ExpatError:
        return False
    return True


# ---- formats --------------------------------------------------------------------------------------------------------

_STYLES_BEGIN, _STYLES_END = expression(_DECLARATION + b"<styleSheet[ >]"), expression(rb"</styleSheet>\s*\Z")
_FORMATS = expression(rb"<cellXfs[ >].*</cellXfs>", re.DOTALL)
_CODES = expression(rb"<numFmts(?: [^<>]*)?(?:/>|(?<!/)>(?:<numFmt [^<>]*/>)*+</numFmts>)")
_PREFIXED = expression(rb":(?:numFmts?|cellXfs|xf|styleSheet)\b")
_OF_NUMBERS = expression(r'General|@|(?:[-0#?,.%; ()]|"[^"_\\]*")+')


def number_formats(xml: bytes, codes: Sequence[str]) -> frozenset[str]:
    """Return the formats that leave a number a number to any reader, by their numbers; the empty one is the usual one.

    Args:
        xml: the well-formed part that lists formats.
        codes: the code of each format of cells, in their order.

    Returns:
        nothing where the part is written in a way that readers may understand differently.
    """
    cells = _FORMATS.search(xml)
    if (
        not _STYLES_BEGIN.match(xml)
        or not _STYLES_END.search(xml)
        or not cells
        or cells[0].count(b"<xf") != len(codes)
        or xml.count(b"<numFmts") != len(_CODES.findall(xml))
        or xml.count(b"xmlns=") != 1
        or _PREFIXED.search(xml)
    ):
        return frozenset()
    return frozenset(("", *(str(at) for at, code in enumerate(codes) if _OF_NUMBERS.fullmatch(code))))
