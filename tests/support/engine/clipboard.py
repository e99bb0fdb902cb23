"""The clipboard of Windows as macros ask for it, and what a spreadsheet puts there."""
# ruff: noqa: D102, N802 - names and meaning are those of pywin32

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pytest import MonkeyPatch  # noqa: PT013 - the class

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from copies import Source

_TEXT, _FIRST_OWN = 13, 0xC000


class ClipboardError(Exception):
    """What pywin32 raises."""


class Clipboard:
    """What was copied, by the names of its formats; this is the module ``win32clipboard`` too.

    ``busy`` counts down the times that another program holds it. A format whose data are ``None`` is there and is not
    made when it is asked for, as where the program that copied does not answer.
    """

    CF_UNICODETEXT = _TEXT
    error = ClipboardError

    def __init__(self, text: str | None = None, xml: bytes | None = None) -> None:
        self.formats: dict[str, Any] = {}
        if text is not None:
            self.formats["text"] = text
        if xml is not None:
            self.formats["XML Spreadsheet"] = xml
        self.busy = 0
        self._open = False
        self._names = {_TEXT: "text"}

    def copy(self, rows: Sequence[Sequence[Source | None]], **hidden: Any) -> None:
        """Copy cells as a spreadsheet does: what they show as text, what they hold as XML Spreadsheet."""
        from copies import text_of, xml_of

        self.formats = {"text": text_of(rows, **hidden), "XML Spreadsheet": xml_of(rows, **hidden)}

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Be what ``import win32clipboard`` gives."""
        with MonkeyPatch.context() as patch:  # this key alone: what is imported meanwhile stays
            patch.setitem(sys.modules, "win32clipboard", self)
            yield
        assert not self._open, "no other program could copy any more"

    def OpenClipboard(self) -> None:
        if self.busy:
            self.busy -= 1
            raise ClipboardError(5, "OpenClipboard", "Access is denied.")
        self._open = True

    def CloseClipboard(self) -> None:
        self._need()
        self._open = False

    def RegisterClipboardFormat(self, name: str) -> int:
        known = {of: number for number, of in self._names.items()}
        number = known.get(name, _FIRST_OWN + len(known))
        self._names[number] = name
        return number

    def IsClipboardFormatAvailable(self, number: int) -> bool:
        return self._names.get(number) in self.formats

    def GetClipboardData(self, number: int) -> Any:
        self._need()
        name = self._names[number]
        data = self.formats.get(name)
        if data is None:
            raise ClipboardError(0, "GetClipboardData", "No error message is available")
        return data if isinstance(data, str) else data + b"\0\0\x7f<"  # memory is given in whole pieces

    def _need(self) -> None:
        if not self._open:
            raise ClipboardError(1418, "GetClipboardData", "Thread does not have a clipboard open.")
