"""Vets an Excel file before anything reads it: what it is, its sizes and ratios, its checksums, its cells.

What nearly every program writes is read by python-calamine, which is quick and trusting: it allocates the rectangle
between the first and the last used cell, checks no checksums, and reads ``5<!-- -->3`` as 5. So it is given what is
written the plain way and nothing else; any other way of writing is read from the markup, by what the standard says that
it means. The limits are in
``workbook.intake.limits``.
"""

from __future__ import annotations

import io
import zipfile
from functools import cached_property
from typing import TYPE_CHECKING

from workbook.excel.reading.faces import styles
from workbook.excel.reading.markup import END, MAIN, plain_end, shared, values, vet_cells, without_entities
from workbook.excel.reading.parts import Parts
from workbook.excel.reading.scan import SharedTexts, scan, shared_texts
from workbook.excel.reading.usual import (
    are_usual_relations,
    has_usual_directory,
    is_usual_book,
    leads_to_usual_book,
    listed,
)
from workbook.expression import expression
from workbook.intake.archive import (
    ARCHIVE_ERRORS,
    damaged,
    too_large,
    vet_directory,
    vet_doctype,
    vet_encoding,
    vet_size,
)
from workbook.intake.kinds import wrong_kind
from workbook.intake.limits import (
    BOOK_CONTENT_LIMIT,
    BOOK_FILE_LIMIT,
    BOOK_PART_LIMIT,
    BOOK_SHEET_LIMIT,
    REPEATED_LIMIT,
    SHEET_COUNT_LIMIT,
)
from workbook.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from xml.etree import ElementTree as ET

    from workbook.excel.reading.scan import Scanned


_PACKAGE_RELATIONS = "_rels/.rels"
_BOOK, _RELATIONS, _STRINGS, _STYLES, _SHEETS = (
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    "xl/worksheets/",
)
_ROUNDABOUT = expression(rb"[%\\]|\./")  # parts of a target that programs resolve in different ways
_LISTED = "{{{0}}}sheets/{{{0}}}sheet"
_NAMES = "{{{0}}}definedNames/{{{0}}}definedName"
_RELATION = {
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
}
_TEXTS = expression(rb"(?:<\?xml[^<>]*\?>\s*)?<sst[\s>]")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, its part, and how it is shown: ``visible``, ``hidden`` or ``veryHidden``."""

    name: str
    part: str
    state: str = "visible"


@dataclass(frozen=True, slots=True)
class Markup:
    """The vetted markup of a sheet.

    ``end`` is where its cells end if it is written the plain way, else -1; ``plain`` says that python-calamine reads it
    as it is, and ``scanned`` are its cells where that is not needed any more.
    """

    xml: bytes
    end: int
    plain: bool
    scanned: Scanned | None = None


class Package:
    """A vetted workbook: its bytes, and the XML of its sheets where it is asked for."""

    def __init__(self, data: bytes, file: str, limit: int = BOOK_SHEET_LIMIT) -> None:
        """Vet everything that is parsed but the sheets.

        Args:
            data: the bytes of the file.
            file: its name, for findings.
            limit: bytes that a sheet, or another part that is parsed, may have.

        Raises:
            Unreadable: it is empty, encrypted, of another kind, damaged, or beyond a limit.
        """
        self.data, self.file = data, file
        vet_size(data, file, BOOK_FILE_LIMIT)
        if not data.startswith(b"PK"):
            raise wrong_kind(data, file, set())
        self.parts = Parts(data, file, limit)
        self._book = self._part(self.parts.relations(""), "officeDocument") or self.parts.find(_BOOK)
        if not self._book:
            raise wrong_kind(data, file, set(self.parts.names))
        self.book = self.parts.read(self._book)
        self._relations = self.parts.relations(self._book)
        self._others = {kind: self._part(self._relations, kind) for kind in ("sharedStrings", "styles")}
        self.texts, self.styles = (self.parts.read(part) if part else b"" for part in self._others.values())
        self.parts.vet_beginnings()
        self._markup: dict[str, Markup] = {}
        self._shared = shared_texts(self.texts) if self.texts else SharedTexts(())
        plain = self._listed_plainly() if self._is_usual() else []
        self.plain = bool(plain)
        """Whether python-calamine may read the plain sheets, for there is but one way to understand the package."""
        self.sheets = {sheet.name: sheet for sheet in plain or self._listed()}
        if not self.sheets or len(self.sheets) < len(plain):
            raise damaged(file, "no sheets, or two of one name")

    def sheet(self, name: str) -> Markup:
        """Return the markup of a sheet, vetted when it is asked for first.

        Raises:
            Unreadable: it is damaged, or beyond a limit.
        """
        if name not in self._markup:
            part = self.sheets[name].part
            if not part:
                raise damaged(self.file, f"{name}: a sheet without a part")
            xml = self.parts.read(part)
            self._markup[name] = self._scanned(xml, part) or self._vetted(xml, part)
        return self._markup[name]

    def _scanned(self, xml: bytes, part: str) -> Markup | None:
        """Take the cells of a sheet if it and all around it are plainly written."""
        if not self._is_scanned or self._shared is None or not self.parts.is_plain(part, xml):
            return None
        scanned = scan(xml, self._shared, styles(self.styles).numbers)
        if scanned is None or scanned.uses * len(self.texts) > REPEATED_LIMIT:
            return None
        return Markup(xml, xml.find(END), plain=True, scanned=scanned)

    def _vetted(self, xml: bytes, part: str) -> Markup:
        """Vet a sheet."""
        end = plain_end(xml)
        self._vet_sheet(xml, end)
        return Markup(xml, end, self.plain and end >= 0 and self.parts.is_plain(part, xml))

    @cached_property
    def _is_scanned(self) -> bool:
        """Whether plain sheets are scanned: python-calamine would understand all around them, and as it is meant."""
        return (
            self.plain
            and _PACKAGE_RELATIONS in self.parts
            and leads_to_usual_book(self.parts.read(_PACKAGE_RELATIONS))
            and are_usual_relations(self.parts.read(_RELATIONS))
            and is_usual_book(self.book)
            and bool(styles(self.styles).numbers)
            and has_usual_directory(self.data, self.parts.infos)
        )

    def _part(self, relations: Mapping[str, tuple[str, str]], wanted: str) -> str:
        """Return the part of a kind; empty where there is none."""
        found = {part for kind, target in relations.values() if kind == wanted and (part := self.parts.find(target))}
        if len(found) > 1:
            raise damaged(self.file, f"two parts for {wanted}")
        return next(iter(found), "")

    def _is_usual(self) -> bool:
        """Say whether all that is parsed but the sheets stands where all programs look for it, as all read it."""
        usual = {_BOOK: self._book, _STRINGS: self._others["sharedStrings"], _STYLES: self._others["styles"]}
        parts = [_RELATIONS, *filter(None, usual.values())]
        return (
            all(self.parts.find(name) == part == (part and name) for name, part in usual.items())
            and all(part in self.parts and self.parts.is_plain(part, self.parts.read(part)) for part in parts)
            and (self._shared is not None or _are_plain(self.texts))
        )

    def _listed_plainly(self) -> list[Sheet]:
        """Return the sheets where the package lists them in the one way that leaves no reader a choice."""
        items = listed(self.book)
        found = self._located(
            (without_entities(name.decode("utf-8", "replace")), state.decode(), key.decode())
            for name, state, key in items
        )
        targets = {target for _, target in self._relations.values()}
        usual = all(sheet.part.startswith(_SHEETS) and sheet.part in targets for sheet in found)
        return (
            found if usual and not _ROUNDABOUT.search(self.parts.read(_RELATIONS)) and len(found) == len(items) else []
        )

    def _listed(self) -> list[Sheet]:
        """Return the sheets in whatever way the package lists them."""
        items = [item for space in MAIN for item in self.parts.tree(self._book).iterfind(_LISTED.format(space))]
        return self._located((item.get("name", ""), item.get("state", ""), _relation(item)) for item in items)

    def _located(self, items: Iterable[tuple[str, str, str]]) -> list[Sheet]:
        """Return the sheets that hold cells, by their names, states and relations."""
        found = []
        for name, state, key in items:
            kind, target = self._relations.get(key, ("worksheet", ""))
            if kind == "worksheet":
                found.append(Sheet(name, target and self.parts.find(target), state or "visible"))
        if len(found) > SHEET_COUNT_LIMIT:
            raise too_large(self.file, f"有 {len(found)} 张工作表", f"{len(found)} sheets", SHEET_COUNT_LIMIT)
        return found

    def _vet_sheet(self, xml: bytes, end: int) -> None:
        """Vet what the texts of a sheet come to, and its cells."""
        named = shared(xml) if self.plain else []
        uses = len(named) if self.plain and end >= 0 else values(xml)
        if uses * len(self.texts) > REPEATED_LIMIT:
            size = uses * max(map(len, self.texts.split(b"si>")))
            if size > REPEATED_LIMIT:
                raise too_large(self.file, f"中的文字重复后有 {size} 字节", f"texts of {size} bytes", REPEATED_LIMIT)
        if max(named, default=-1) >= self._count_of_texts:
            # python-calamine would take the first text for it.
            raise damaged(self.file, "a text that is not there")
        try:
            vet_cells(xml, end)
        except ValueError as error:
            raise damaged(self.file, str(error)) from error

    @cached_property
    def names(self) -> list[tuple[str, str, bool]]:
        """The names that the workbook gives to cells, with what they stand for, and whether all sheets know them."""
        tree = self.parts.tree(self._book)
        items = [item for space in MAIN for item in tree.iterfind(_NAMES.format(space))]
        return [(item.get("name", ""), item.text or "", item.get("localSheetId") is None) for item in items]

    @cached_property
    def _count_of_texts(self) -> int:
        return sum(map(self.texts.count, (b"<si>", b"<si ", b"<si/>")))

    def whole(self) -> bytes:
        """Return the package for openpyxl, which reads more of it than its cells, every part of it vetted.

        One whose parts are written in unusual ways comes as programs expect it, large sheets without what is empty.

        Raises:
            Unreadable: a part is damaged, or in another encoding, or the parts are beyond a limit.
        """
        from workbook.excel.reading.edited import vet_edited

        parts, size = {}, 0
        for name in self.parts.names.values():
            parts[name] = self.parts.vetted(name)
            size += len(parts[name])
            if size > BOOK_CONTENT_LIMIT:
                what, what_en = f"解压后超过 {BOOK_CONTENT_LIMIT} 字节", f"over {BOOK_CONTENT_LIMIT} bytes inflated"
                raise too_large(self.file, what, what_en, BOOK_CONTENT_LIMIT)
        vet_edited(parts, self._others["sharedStrings"], self.file)
        if self.plain and all(self.parts.is_plain(name, part) for name, part in parts.items()):
            return self.data
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                archive.writestr(self.parts.usual_name(name), part)
        return stream.getvalue()


def _are_plain(texts: bytes) -> bool:
    """Say whether shared texts are without prefixes, comments and sections."""
    return bool(_TEXTS.match(texts)) and b"xmlns:" not in texts and b"<!" not in texts


def _relation(item: ET.Element) -> str:
    """Return the relation that an item names, in either of the two namespaces for it."""
    return next((value for key, value in item.items() if key in _RELATION), "")


def vet_other_format(data: bytes, file: str) -> None:
    """Vet a workbook of another format: its size, and of its package the directory and the checksums of all parts.

    Raises:
        Unreadable: it is damaged, encrypted or beyond a limit.
    """
    vet_size(data, file, BOOK_FILE_LIMIT)
    if not data.startswith(b"PK"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            vet_directory(archive.infolist(), file, members=BOOK_PART_LIMIT, content=BOOK_CONTENT_LIMIT)
            for info in archive.infolist():
                part = archive.read(info)  # which compares its checksum
                vet_encoding(part, info.filename, file)
                vet_doctype(part, info.filename, file)
    except ARCHIVE_ERRORS as error:
        raise damaged(file, str(error)) from error
