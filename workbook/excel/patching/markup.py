"""The markup of a part as text that is changed in places: what is not changed stays as it was written.

A tree that is parsed and written again would lose prefixes that values of attributes name, as Office's extensions do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from workbook.intake.limits import COVERED_LIMIT, EDITED_CELLS_LIMIT, EDITED_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TAG = re.compile(rb"""<(?:[^<>"']|"[^"]*"|'[^']*')*>""")
_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


_TAG_LIMIT = EDITED_CELLS_LIMIT + EDITED_LIMIT + 3 * COVERED_LIMIT
"""Tags of a part: openpyxl, which writes anew what has more, makes a cell, in a row, of each that others cover."""


class Unpatchable(Exception):  # noqa: N818 - nobody's error: such a workbook is written anew
    """A part is written in a way that leaves a doubt where a change belongs."""


def escaped(text: str, *, quotes: bool = True) -> str:
    """Return a text as it stands in markup, within double quotes too; without the signs that no markup can hold.

    >>> escaped('a<b> & "c"')
    'a&lt;b&gt; &amp; &quot;c&quot;'
    """
    text = _ILLEGAL.sub("", text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text.replace('"', "&quot;") if quotes else text


def with_attributes(tag: bytes, attributes: dict[str, str]) -> bytes:
    """Return a start tag with other values of attributes, which are without a prefix.

    >>> with_attributes(b'<c r="A1" s="3"/>', {"s": "4", "t": "n"})
    b'<c r="A1" s="4" t="n"/>'
    """
    for name, value in attributes.items():
        said = f'{name}="{escaped(value)}"'.encode()
        given = re.compile(rb"""(?<=\s)%s\s*=\s*(?:"[^"]*"|'[^']*')""" % name.encode())
        end = len(tag) - (2 if tag.endswith(b"/>") else 1)
        if given.search(tag):
            tag = given.sub(said.replace(b"\\", rb"\\"), tag, count=1)
        else:
            tag = tag[:end].rstrip() + b" " + said + tag[end:]
    return tag


@dataclass(slots=True, eq=False)
class Element:
    """An element: its name without prefix, and where it stands; a prefix of an attribute is its namespace and a blank.

    ``inner`` and ``outer`` are where its content begins and ends.
    """

    name: str
    attributes: dict[str, str]
    start: int
    inner: int = 0
    outer: int = 0
    end: int = 0
    children: list[Element] = field(default_factory=list)

    def find(self, name: str) -> Element | None:
        """Return the first child of a name."""
        return next(self.each(name), None)

    def each(self, name: str) -> Iterator[Element]:
        """Yield the children of a name."""
        return (child for child in self.children if child.name == name)


class Markup:
    """A part, its elements, and what is to be changed."""

    def __init__(self, xml: bytes, root: str, space: str = MAIN, leaf: str = "") -> None:
        """Follow the elements.

        Args:
            xml: a part, vetted and in UTF-8.
            root: the name that its root has.
            space: the namespace of the root, which is that of names without prefix.
            leaf: the name of elements whose content is not of interest.

        Raises:
            Unpatchable: it is not well formed, another part, or of more tags than are kept in memory.
        """
        if xml.count(b"<") > _TAG_LIMIT:
            raise Unpatchable("too many tags")
        self.xml = xml
        self._inside: list[Element] = []
        self._leaf, self._skipped = leaf, 0
        self._edits: list[tuple[int, int, bytes]] = []
        self._tags: dict[int, tuple[Element, dict[str, str]]] = {}
        self._added: dict[int, tuple[Element, list[bytes]]] = {}
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        try:
            self._parser.Parse(xml, True)  # noqa: FBT003
        except expat.ExpatError as error:
            raise Unpatchable(str(error)) from error
        if (self._space, self.root.name) != (space, root) or self.tag(self.root)[1 : len(root) + 1] != root.encode():
            raise Unpatchable(f"not a {root}")

    def tag(self, element: Element) -> bytes:
        """Return the start tag of an element, as it was written."""
        return self.xml[element.start : element.inner]

    def raw(self, element: Element) -> bytes:
        """Return an element as it was written."""
        return self.xml[element.start : element.end]

    def set(self, element: Element, **attributes: str) -> None:
        """Give an element other values of attributes."""
        self._tags.setdefault(element.start, (element, {}))[1].update(attributes)

    def append(self, element: Element, content: str) -> None:
        """Put content behind that of an element."""
        self._added.setdefault(element.start, (element, []))[1].append(content.encode())

    def insert(self, at: int, content: str) -> None:
        """Put content somewhere."""
        self._edits.append((at, at, content.encode()))

    def insert_before(self, later: Collection[str], content: str) -> None:
        """Put a child of the root before the first of those that come after it, else behind all."""
        first = next((child for child in self.root.children if child.name in later), None)
        if first:
            self.insert(first.start, content)
        else:
            self.append(self.root, content)

    def remove(self, element: Element) -> None:
        """Take an element out."""
        self.cut(element.start, element.end)

    def cut(self, start: int, end: int) -> None:
        """Take a piece out."""
        self._edits.append((start, end, b""))

    def written(self) -> bytes:
        """Return the part with all changes."""
        edits = [*self._edits]
        for start in self._tags.keys() | self._added.keys():
            element, attributes = self._tags.get(start) or (self._added[start][0], {})
            content = b"".join(self._added[start][1]) if start in self._added else b""
            tag = with_attributes(self.tag(element), attributes)
            if element.inner == element.end and content:
                name = re.match(rb"<([^\s/>]+)", tag)
                tag = tag[:-2].rstrip() + b">" + content + b"</" + (name[1] if name else b"") + b">"
            elif content:
                edits.append((element.outer, element.outer, content))
            edits.append((element.start, element.inner, tag))
        pieces: list[bytes] = []
        at = 0
        for start, end, content in sorted(edits, key=lambda edit: edit[:2]):
            if start < at:
                raise Unpatchable("two changes of one place")
            pieces += self.xml[at:start], content
            at = end
        return b"".join((*pieces, self.xml[at:]))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if self._skipped or (self._inside and self._inside[-1].name == self._leaf):
            self._skipped += 1
            return
        start = self._parser.CurrentByteIndex
        tag = _TAG.match(self.xml, start)
        if not tag:
            raise Unpatchable("a tag that ends in an unusual way")
        element = Element(local, attributes, start, tag.end())
        if self._inside:
            self._inside[-1].children.append(element)
        else:
            self.root, self._space = element, space
        self._inside.append(element)

    def _end(self, _: str) -> None:
        if self._skipped:
            self._skipped -= 1
            return
        element = self._inside.pop()
        if self.xml.endswith(b"/>", element.start, element.inner):
            element.outer = element.end = element.inner
        else:
            element.outer = self._parser.CurrentByteIndex
            element.end = self.xml.index(b">", element.outer) + 1
