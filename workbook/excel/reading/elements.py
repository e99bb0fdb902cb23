"""Follows the elements of a part of a workbook, as far as they go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar
from xml.parsers import expat

from workbook.expression import expression

if TYPE_CHECKING:
    from collections.abc import Collection

_ESCAPED = expression("_x([0-9A-Fa-f]{4})_")
_DEEPEST = 50  # elements inside each other; a sheet has some ten


class Elements:
    """Follows the elements of a part until it ends or breaks off; those that are whole are taken, without prefix.

    ``spaces`` are the namespaces whose elements are meant; without any, a prefix is whatever stands before a colon, as
    in a part that is damaged. ``whole`` says that the part ended.
    """

    spaces: ClassVar[Collection[str]] = ()

    def __init__(self, content: bytes) -> None:
        self.inside: list[tuple[str, dict[str, str], list[str]]] = []
        self.parser = expat.ParserCreate(namespace_separator=" " if self.spaces else None)
        self.parser.StartElementHandler, self.parser.EndElementHandler = self._start, self._end
        self.parser.CharacterDataHandler, self.parser.buffer_text = self._text, True
        self.parser.StartDoctypeDeclHandler = _stop
        self.prepare()
        try:
            self.parser.Parse(content, True)  # noqa: FBT003
            self.whole = True
        except (expat.ExpatError, ValueError, LookupError):
            self.whole = False

    def prepare(self) -> None:
        """Make ready what ``take`` needs."""

    def take(self, name: str, parent: str, attributes: dict[str, str], text: str) -> None:
        """Take an element that has ended, with its own text; ``inside`` holds what it stands in."""

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.inside) > _DEEPEST:
            raise ValueError("too deep")
        space, _, local = name.rpartition(" " if self.spaces else ":")
        self.inside.append((local if not self.spaces or space in self.spaces else "", attributes, []))

    def _text(self, text: str) -> None:
        self.inside[-1][2].append(text)

    def _end(self, _: str) -> None:
        name, attributes, texts = self.inside.pop()
        self.take(name, self.inside[-1][0] if self.inside else "", attributes, unescaped("".join(texts)))


def unescaped(text: str) -> str:
    r"""Return a text with the signs that its part had to escape; control characters are none.

    >>> unescaped("a_x000D_b_x005F_x0041_c_x0001_")
    'a\rb_x0041_c'
    """
    return _ESCAPED.sub(_sign, text) if "_x" in text else text


def _sign(match: re.Match[str]) -> str:
    sign = chr(int(match[1], 16))
    if "\ud800" <= sign <= "\udfff":
        return match[0]
    return sign if sign >= " " or sign in "\t\n\r" else ""


def _stop(*_: object) -> None:
    raise ValueError("a document type could change what follows")
