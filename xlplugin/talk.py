"""What a button says and asks: VBA shows one dialog at a time, while Python is not being called.

A dialog inside a call would keep Excel waiting for Python, and after a minute and a half Excel gives the call up. So a
macro hands each of its questions back to VBA, and goes on with the answer when it is called again.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

SEPARATOR = "\x1f"
"""Between the parts of what is handed to VBA: the kind of dialog, then its texts."""

SHEETS = "/"
"""Between names of sheets, in which Excel allows none."""

YES = "yes"

GIVEN = "="
"""What VBA puts before a text that the user gave."""


class Question(Protocol):
    """A dialog with an answer; ``kind`` and ``parts`` are what VBA is told."""

    kind: ClassVar[str]

    @property
    def parts(self) -> tuple[str, ...]:
        """The texts of the dialog."""

    def answer(self, text: str) -> Any:
        """Return what the user's answer means; VBA gives nothing where the user gives up."""


Talk = Generator[Question, Any, str | None]
"""A macro that may ask; it returns what to say at the end, or nothing."""


@dataclass(frozen=True)
class Ask:
    """A question with yes and no; the answer is whether the user says yes."""

    question: str
    kind: ClassVar[str] = "ask"

    @property
    def parts(self) -> tuple[str, ...]:
        """The question."""
        return (self.question,)

    def answer(self, text: str) -> bool:
        """Return whether the user says yes."""
        return text == YES


@dataclass(frozen=True)
class AskNumber:
    """A question for a whole number; ``None`` where the user gives up."""

    question: str
    default: int
    kind: ClassVar[str] = "number"

    @property
    def parts(self) -> tuple[str, ...]:
        """The question, and the number that is proposed."""
        return self.question, str(self.default)

    def answer(self, text: str) -> int | None:
        """Return the number."""
        return int(float(text.replace(",", "."))) if text else None


@dataclass(frozen=True)
class AskText:
    """A question for a text; ``None`` where the user gives up, which is not the same as nothing."""

    question: str
    default: str = ""
    kind: ClassVar[str] = "text"

    @property
    def parts(self) -> tuple[str, ...]:
        """The question, and the text that is proposed."""
        return self.question, self.default

    def answer(self, text: str) -> str | None:
        """Return the text."""
        return text.removeprefix(GIVEN).strip() if text.startswith(GIVEN) else None


@dataclass(frozen=True)
class PickFile:
    """A file to pick; ``kinds`` is a filter such as ``"年报,*.xlsx;*.json"``; ``None`` where the user gives up."""

    title: str
    kinds: str
    kind: ClassVar[str] = "file"

    @property
    def parts(self) -> tuple[str, ...]:
        """The title and the filter."""
        return self.title, self.kinds

    def answer(self, text: str) -> Path | None:
        """Return the file."""
        return Path(text) if text else None


@dataclass(frozen=True)
class PickFolder:
    """A folder to pick; ``None`` where the user gives up."""

    title: str
    kind: ClassVar[str] = "folder"

    @property
    def parts(self) -> tuple[str, ...]:
        """The title."""
        return (self.title,)

    def answer(self, text: str) -> Path | None:
        """Return the folder."""
        return Path(text) if text else None


@dataclass(frozen=True)
class OpenCopy:
    """A fresh, unsaved workbook made from a file; it is the active one afterwards."""

    template: Path
    kind: ClassVar[str] = "open"

    @property
    def parts(self) -> tuple[str, ...]:
        """The file."""
        return (str(self.template),)

    def answer(self, _text: str) -> None:
        """Nothing is answered."""


@dataclass(frozen=True)
class Preview:
    """Sheets of the active workbook, shown as they print; the answer is why not, in Excel's words, else nothing."""

    sheets: tuple[str, ...]
    kind: ClassVar[str] = "print"

    @property
    def parts(self) -> tuple[str, ...]:
        """The names of the sheets."""
        return (SHEETS.join(self.sheets),)

    def answer(self, text: str) -> str:
        """Return why it was not shown."""
        return text


def said(text: str, *, grave: bool = False, undo: str = "") -> str:
    """Return what VBA is handed to tell the user something at the end; nothing where there is nothing to tell.

    ``undo`` is what Excel then offers to undo, where it does.
    """
    return SEPARATOR.join(("grave" if grave else "say", text, undo)) if text else ""


class Conversation:
    """The macro that was pressed last, as long as it waits for an answer."""

    def __init__(self) -> None:
        self._talk: Generator[Question, Any, str] | None = None
        self._asked: Question | None = None

    def begin(self, talk: Generator[Question, Any, str]) -> str:
        """Return the first dialog of a macro; one that still waited for an answer is given up."""
        if self._talk is not None:
            self._talk.close()
        self._talk, self._asked = talk, None
        return self._on(None)

    def go_on(self, answer: str) -> str:
        """Return the dialog that follows an answer: a question, or what is said at the end."""
        return self._on(self._asked.answer(answer)) if self._asked else ""

    def _on(self, answer: Any) -> str:
        if self._talk is None:
            return ""
        try:
            self._asked = self._talk.send(answer)
        except StopIteration as end:
            self._talk = self._asked = None
            return str(end.value)
        return SEPARATOR.join((self._asked.kind, *self._asked.parts))
