"""A workbook whose parts are changed, dropped and added; those that are not touched are copied, packed as they are."""

from __future__ import annotations

import io
import posixpath
import re
import struct
import zipfile
from typing import TYPE_CHECKING

from workbook.excel.patching.markup import Markup, Unpatchable, escaped
from workbook.excel.patching.sheets import RELATIONS, unselected
from workbook.excel.template.zipped import Part, deflated, zipped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from workbook.excel.reading.package import Package

_TYPES_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES, BOOK, STYLES = "[Content_Types].xml", "xl/workbook.xml", "xl/styles.xml"
_BOOK_TYPES = {
    False: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    True: "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
}
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_NOTES_DRAWN = re.compile(rb"""<legacyDrawing\s[^<>]*?:id=["']([^"']*)["']""")
_SIGNED, _SHARED = "_xmlsignatures/", "xl/revisions/"
_ORIGIN = "origin"
"""The last word of the relation by which a package leads to its signatures."""
_BEHIND_NAMES = frozenset(
    ("calcPr", "oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst", "AlternateContent")
)  # fmt: skip


class Patch:
    """What becomes of a workbook."""

    def __init__(self, package: Package, *, macros: bool, anew: bool = False) -> None:
        """Look at a vetted workbook; ``macros`` says whether its name is that of one with macros.

        Of one that openpyxl wrote ``anew`` large sheets may be without what is empty, as they were when it read them.

        Raises:
            Unpatchable: it is not written the way that leaves no program a choice, or a change would do it harm.
        """
        self._parts = package.parts
        self._data, self._anew = package.data, anew
        if any(name.startswith(_SHARED) for name in self._parts.names):
            raise Unpatchable("shared by several users")
        self._signatures = {part for name, part in self._parts.names.items() if name.startswith(_SIGNED)}
        if not {part for kind, part in self._parts.relations("").values() if kind == _ORIGIN} <= self._signatures:
            raise Unpatchable("signed in an unusual way")
        if (self.related("", "officeDocument"), self.related(BOOK, "styles")) != (BOOK, STYLES):
            raise Unpatchable("parts in unusual places")
        self._changed: dict[str, bytes | None] = {}
        self._types = Markup(self.read(_TYPES), "Types", _TYPES_SPACE)
        self._relations: dict[str, Markup] = {}
        self._book = Markup(self.read(BOOK), "workbook")
        if self._type_of(BOOK) != _BOOK_TYPES[macros]:
            raise Unpatchable("a workbook of another type")
        sheets = self._book.root.find("sheets")
        if not sheets or not sheets.children:
            raise Unpatchable("no sheets")
        self._listed = sheets
        declared = f'xmlns:r="{RELATIONS}"'
        self._prefix = "" if declared.encode() in self._book.tag(self._book.root) else f"{declared} "
        self._fresh, self._ids = 0, max(int(sheet.attributes.get("sheetId", 0)) for sheet in sheets.children)

    def read(self, name: str) -> bytes:
        """Return a part as it is in the package.

        Raises:
            Unpatchable: it is not there, or in another encoding.
        """
        if name not in self._parts:
            raise Unpatchable(f"no {name}")
        part = self._parts.read(name)
        if not self._anew and not self._parts.is_plain(name, part):
            raise Unpatchable(f"{name}: another encoding")
        return part

    def change(self, name: str, content: bytes) -> None:
        """Give a part another content."""
        self._changed[name] = content

    def sheet_parts(self) -> Iterator[str]:
        """Yield the parts of all sheets, also of those that are charts."""
        related = self._parts.relations(BOOK)
        for sheet in self._listed.children:
            yield self._parts.find(related.get(sheet.attributes.get(f"{RELATIONS} id", ""), ("", ""))[1])

    def unselect(self, part: str) -> None:
        """Take a sheet out of the selected ones."""
        xml = self._changed.get(part) or self.read(part)
        other = unselected(xml)
        if other != xml:
            self._changed[part] = other

    def related(self, part: str, kind: str) -> str:
        """Return the part of a kind to which a part is related; empty where there is none.

        Raises:
            Unpatchable: there are several.
        """
        found = [target for of, target in self._parts.relations(part).values() if of == kind]
        if len(found) > 1 or (found and found[0] not in self._parts):
            raise Unpatchable(f"{part}: several {kind}")
        return found[0] if found else ""

    def drawing_of_notes(self, sheet: str) -> str:
        """Return the part that draws the notes of a sheet; its pictures of headers and footers are another.

        Raises:
            Unpatchable: the sheet names one that is not there.
        """
        named = _NOTES_DRAWN.search(self.read(sheet))
        if not named:
            return ""
        kind, part = self._parts.relations(sheet).get(named[1].decode(), ("", ""))
        if kind != "vmlDrawing" or part not in self._parts:
            raise Unpatchable(f"{sheet}: no drawing of notes")
        return part

    def add(self, of: str, kind: str, pattern: str, content: bytes, type_: str = "") -> str:
        """Add a part that another is related to, and return the relation's name.

        Args:
            of: the part that it belongs to.
            kind: the last word of the relation's type.
            pattern: its name, with ``{}`` where a number makes it another than those of all parts.
            content: what is in it.
            type_: the last words of its content type; empty for a drawing of notes, which goes by its ending.
        """
        taken = {name.lower() for name in (*self._parts.names.values(), *self._changed)}
        name = next(name for at in range(1, len(taken) + 2) if (name := pattern.format(at)).lower() not in taken)
        self._changed[name] = content
        if type_:
            self._types.append(self._types.root, f'<Override PartName="/{name}" ContentType="{_CONTENT}{type_}+xml"/>')
        elif not any(one.attributes.get("Extension", "").lower() == "vml" for one in self._types.root.each("Default")):
            ending = '<Default Extension="vml" ContentType="application/vnd.openxmlformats-officedocument.vmlDrawing"/>'
            self._types.insert(self._types.root.children[0].start, ending)
        return self._relate(of, kind, name)

    def _relate(self, of: str, kind: str, name: str) -> str:
        markup = self._listed_relations(of)
        taken = {one.attributes.get("Id") for one in markup.root.children}
        self._fresh += 1
        while f"rId{self._fresh}" in taken:
            self._fresh += 1
        relation = f"rId{self._fresh}"
        what = f'Id="{relation}" Type="{RELATIONS}/{kind}" Target="/{name}"'
        markup.append(markup.root, f"<Relationship {what}/>")
        return relation

    def lay_sheet(self, name: str, content: str, *, first: bool = False, state: str = "") -> None:
        """Add a sheet, or lay one anew that is there: before all others, or behind them.

        Raises:
            Unpatchable: it is there in another place, or its name is another's in other letters.
        """
        sheets = self._listed.children
        known = [sheet for sheet in sheets if sheet.attributes.get("name", "").lower() == name.lower()]
        xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{content}'.encode()
        if known:
            at, parts = sheets.index(known[0]), [*self.sheet_parts()]
            if known[0].attributes["name"] != name or (first and at) or not parts[at]:
                raise Unpatchable("such a sheet in another place")
            self.change(parts[at], xml)
            if _relations_of(parts[at]) in self._parts:
                self._changed[_relations_of(parts[at])] = None
            self._book.set(known[0], **({"state": state} if state else {}))
            return
        self._ids += 1
        relation = self.add(BOOK, "worksheet", "xl/worksheets/sheet{}.xml", xml, "worksheet")
        what = f'name="{escaped(name)}" sheetId="{self._ids}"' + f' state="{state}"' * bool(state)
        listed = f'<sheet {self._prefix}{what} r:id="{relation}"/>'
        if first:
            self._book.insert(sheets[0].start, listed)
            self._move_names()
            self._name_heads(name)
        else:
            self._book.append(self._listed, listed)

    def _move_names(self) -> None:
        """Let names that belong to a sheet follow it: sheets are counted, and one comes before them."""
        names = self._book.root.find("definedNames")
        for name in names.children if names else ():
            if "localSheetId" in name.attributes:
                self._book.set(name, localSheetId=str(int(name.attributes["localSheetId"]) + 1))

    def _name_heads(self, sheet: str) -> None:
        """Let the second row of the first sheet be printed on each page."""
        name = f'<definedName name="_xlnm.Print_Titles" localSheetId="0">{sheet}!$2:$2</definedName>'
        names = self._book.root.find("definedNames")
        if names:
            self._book.append(names, name)
        else:
            self._book.insert_before(_BEHIND_NAMES, f"<definedNames>{name}</definedNames>")

    def show_first(self) -> None:
        """Let the first sheet be the one that is seen."""
        views = self._book.root.find("bookViews")
        for view in views.children[:1] if views else ():
            self._book.set(view, activeTab="0", **({"firstSheet": "0"} if "firstSheet" in view.attributes else {}))

    def written(self) -> bytes:
        """Return the workbook."""
        order = self.related(BOOK, "calcChain")
        self._drop(BOOK, "calcChain", {order} - {""})  # it counts sheets; programs make it anew
        self._drop("", _ORIGIN, self._signatures)  # which any change breaks
        self._changed[_TYPES], self._changed[BOOK] = self._types.written(), self._book.written()
        self._changed |= {name: markup.written() for name, markup in self._relations.items()}
        return zipped(self._all())

    def _drop(self, of: str, kind: str, parts: Collection[str]) -> None:
        """Drop parts, with the relations of a kind that lead to them, and what is said of their contents."""
        if not parts:
            return
        self._changed |= dict.fromkeys(parts)
        if _relations_of(of) in self._parts:
            markup = self._listed_relations(of)
            for one in markup.root.children:
                if one.attributes.get("Type", "").rpartition("/")[2] == kind:
                    markup.remove(one)
        for one in self._types.root.each("Override"):
            if one.attributes.get("PartName", "").lstrip("/") in parts:
                self._types.remove(one)

    def _listed_relations(self, of: str) -> Markup:
        """Return the relations of a part, blank ones where it has none."""
        listed = _relations_of(of)
        if listed not in self._relations:
            blank = f'<Relationships xmlns="{_RELATIONS_SPACE}"/>'.encode()
            xml = self.read(listed) if listed in self._parts else blank
            self._relations[listed] = Markup(xml, "Relationships", _RELATIONS_SPACE)
        return self._relations[listed]

    def _type_of(self, part: str) -> str:
        types = (one for one in self._types.root.each("Override") if one.attributes.get("PartName") == f"/{part}")
        return next((one.attributes.get("ContentType", "") for one in types), "")

    def _all(self) -> Iterator[Part]:
        """Yield all parts, the untouched ones packed as they are."""
        data = self._data
        for info in zipfile.ZipFile(io.BytesIO(data)).infolist():
            name = info.filename
            if name in self._changed:
                yield from self._made(name)
                continue
            if not name.isascii():
                raise Unpatchable("a part with a name of its own")
            if info.compress_type != zipfile.ZIP_DEFLATED:
                yield deflated(name, self._parts.vetted(name))
                continue
            start = info.header_offset + _HEADER.size
            start += sum(_HEADER.unpack_from(data, info.header_offset)[-2:])
            yield Part(name, data[start : start + info.compress_size], info.file_size, info.CRC)
        for name in self._changed:
            if name not in self._parts:
                yield from self._made(name)

    def _made(self, name: str) -> Iterator[Part]:
        content = self._changed[name]
        if content is not None:
            yield deflated(name, content)


_HEADER = struct.Struct("<26xHH")
"""What stands before the name of a part: the last two say how long the name is and what follows it."""


def _relations_of(part: str) -> str:
    """Return the name of the part that lists the relations of a part."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{base}.rels")
