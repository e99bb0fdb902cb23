"""Notes as markup: what is said is added behind what a note says, in a box that is large enough; others stay."""

from __future__ import annotations

import html
import re

from workbook.excel.address import spot
from workbook.excel.notes import END, SHAPE, THREAD, boxes_of, place_of
from workbook.excel.patching.markup import MAIN, Element, Markup, Unpatchable, escaped

AUTHOR = "年报工具箱"
_BOX = 360, 180  # width and height of a note, in pixels
_EMPTY = f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'
_SPACES = (
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office" '
    'xmlns:x="urn:schemas-microsoft-com:office:excel"'
)
_DRAWING = f'<xml {_SPACES}><o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
_TYPE = (
    f'<v:shapetype {_SPACES} id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    f"<v:shape {_SPACES} "
    'id="_x0000_s{number}" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;margin-top:1.5pt;'
    'width:{width}px;height:{height}px;z-index:1;visibility:hidden" fillcolor="#ffffe1" o:insetmode="auto">'
    '<v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/>'
    '<v:textbox style="mso-direction-alt:auto"><div style="text-align:left"></div></v:textbox>'
    '<x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>'
    "<x:Row>{row}</x:Row><x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_NUMBER = re.compile(rb'"_x0000_s([0-9]{1,9})"')
_ANCHOR = re.compile(rb"<(?:\w+:)?Anchor>[^<]*</(?:\w+:)?Anchor>")
_LENGTH = re.compile(rb"(?<![\w-])(width|height):\s*[0-9.]+(?:pt|px)")
_CLOSE = b"</xml>"


class Notes:
    """The notes of a sheet: their texts and the drawing of their boxes; ``touched`` once something was changed."""

    def __init__(self, texts: bytes | None, drawing: bytes | None) -> None:
        """Follow what there is.

        Raises:
            Unpatchable: it is written in another way than programs do, or notes have no boxes.
        """
        if texts and drawing is None:
            raise Unpatchable("notes without boxes")
        self._markup = Markup(texts or _EMPTY.encode(), "comments")
        self._authors, self._list = (self._child(name) for name in ("authors", "commentList"))
        self._notes = {note.attributes.get("ref", ""): note for note in self._list.each("comment")}
        self.drawing = drawing or _DRAWING.encode()
        if self.drawing.count(_CLOSE) != 1:
            raise Unpatchable("an unusual drawing of notes")
        self._names = [self._text(author) for author in self._authors.children]
        self._author = ""
        self._number = max(map(int, _NUMBER.findall(self.drawing)), default=1024)
        self.touched = False

    def _child(self, name: str) -> Element:
        child = self._markup.root.find(name)
        if not child:
            raise Unpatchable(f"no {name}")
        return child

    def _text(self, element: Element) -> str:
        """Return an element without children as text; entities are as they stand."""
        return self._markup.xml[element.inner : element.outer].decode()

    @property
    def threads(self) -> int:
        """How many of the notes stand for threaded comments."""
        return sum(map(self._is_thread, self._notes.values()))

    def _is_thread(self, note: Element) -> bool:
        author = int(note.attributes.get("authorId", 0))
        return author < len(self._names) and self._names[author].startswith(THREAD)

    def say(self, address: str, text: str) -> None:
        """Say something in the note of a cell, which is made if there is none; one that stands for a thread stays."""
        note = self._notes.get(address)
        if note is None:
            self._make(address, text)
        elif not self._is_thread(note) and text not in self._said(note):
            self._go_on(note, text)
            self._enlarge(address)

    def unsay(self, address: str, text: str) -> None:
        """Take back what was said in the note of a cell; a note that says something else stays."""
        note = self._notes.get(address)
        own = note.find("text") if note else None
        if not (note and own) or self._is_thread(note):
            return
        self.touched = True
        runs, letters, tail = [*own.each("r")], own.find("t"), escaped(f"\n\n{text}", quotes=False).encode()
        if self._said(note) == text:
            self._markup.remove(note)
            del self._notes[address]
            self._erase(address)
        elif runs and html.unescape(self._text(runs[-1])).endswith(f">\n\n{text}</t>"):
            self._markup.remove(runs[-1])
        elif letters and not runs and self._markup.xml.endswith(tail, letters.inner, letters.outer):
            self._markup.cut(letters.outer - len(tail), letters.outer)

    def _said(self, note: Element) -> str:
        """Return the words of a note."""
        pieces = (letters for own in note.each("text") for part in own.children for letters in (part, *part.children))
        return "".join(html.unescape(self._text(part)) for part in pieces if part.name == "t")

    def _make(self, address: str, text: str) -> None:
        self.touched = True
        if not self._author:
            known = self._names.index(AUTHOR) if AUTHOR in self._names else len(self._names)
            if known == len(self._names):
                self._markup.append(self._authors, f"<author>{AUTHOR}</author>")
            self._author = str(known)
        content = f'<text><t xml:space="preserve">{escaped(text, quotes=False)}</t></text>'
        self._markup.append(self._list, f'<comment ref="{address}" authorId="{self._author}">{content}</comment>')
        row, column = spot(address)
        self._number += 1
        shape = _SHAPE.format(number=self._number, row=row, column=column, width=_BOX[0], height=_BOX[1])
        kind = _TYPE if b'"_x0000_t202"' not in self.drawing else ""
        self.drawing = self.drawing.replace(_CLOSE, f"{kind}{shape}".encode() + _CLOSE)

    def _go_on(self, note: Element, text: str) -> None:
        """Put words behind those of a note, in letters of their own only where those have some."""
        own, self.touched = note.find("text"), True
        if not own:
            raise Unpatchable("a note without a text")
        more = escaped(f"\n\n{text}", quotes=False)
        runs, letters = [*own.each("r")], own.find("t")
        if runs:
            self._markup.insert(runs[-1].end, f'<r><t xml:space="preserve">{more}</t></r>')
        elif letters:
            self._markup.append(letters, more)
        else:
            self._markup.append(own, f'<t xml:space="preserve">{escaped(text, quotes=False)}</t>')

    def _enlarge(self, address: str) -> None:
        """Make the box of a note large enough for what it says now."""
        at = spot(address)
        piece = next((shape for shape in END.split(self.drawing) if place_of(shape) == at), b"")
        style, size = SHAPE.search(piece), boxes_of(piece).get(at)
        if style and size:
            sides = {b"width": max(size[0], _BOX[0]), b"height": max(size[1], _BOX[1])}
            larger = _LENGTH.sub(lambda side: b"%s:%dpx" % (side[1], sides[side[1]]), style[1])
            shape = piece[: style.start(1)] + larger + piece[style.end(1) :]
            self.drawing = self.drawing.replace(piece, _ANCHOR.sub(b"", shape), 1)  # it counts more than the style

    def _erase(self, address: str) -> None:
        """Take the box of a note away."""
        at = 0
        for shape in END.split(self.drawing):
            drawn, end = SHAPE.search(shape), END.search(self.drawing, at + len(shape))
            if drawn and end and place_of(shape) == spot(address):
                self.drawing = self.drawing[: at + drawn.start()] + self.drawing[end.end() :]
                return
            at = end.end() if end else at

    def texts(self) -> bytes:
        """Return the part of the texts."""
        return self._markup.written()
