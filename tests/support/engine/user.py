"""The user in front of the spreadsheet, and what may go wrong: shared by the engines."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.clipboard import Clipboard


class ExcelError(Exception):
    """What Excel would raise as a COM error."""


@dataclass
class User:
    """Answers dialogs in the order given, and remembers what was said.

    ``answers`` are taken one a dialog: ``"yes"`` or ``"no"`` for questions, what InputBox and GetOpenFilename would
    return for those (a number, a path as ``str``, ``False`` for giving up; so too where a folder is picked). Messages
    with OK alone take no answer. ``fuse`` counts down with every change to a workbook; at 0 the change fails, as
    Excel's may.
    """

    answers: list[Any] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    undo: str = ""
    always: Any = None
    """What is answered where ``answers`` are used up."""
    asked: list[str] = field(default_factory=list)
    proposed: list[str] = field(default_factory=list)
    """What boxes for a text were filled with when they were shown."""
    clipboard: Clipboard = field(default_factory=Clipboard)
    fuse: int | None = None
    changes: int = 0
    office_path: str = r"C:\Program Files\Microsoft Office\root\Office16"
    protected_views: int = 0
    knows_threads: bool = True
    """Whether the version of Excel knows threaded comments; to others they are notes."""
    name: str = "张三"
    has_printer: bool = True
    previewed: list[list[str]] = field(default_factory=list)
    """The sheets of each preview that was shown."""

    def answer(self, question: str) -> Any:
        """Answer a dialog."""
        self.asked.append(question)
        assert self.answers or self.always is not None, f"nobody expected to be asked: {question}"
        return self.answers.pop(0) if self.answers else self.always

    def change(self) -> None:
        """Count a change to a workbook, or let it fail."""
        self.changes += 1
        if self.fuse is not None:
            self.fuse -= 1
            if self.fuse == 0:
                self.fuse = None
                raise ExcelError("(-2147352567, 'Exception occurred.', (0, 'Microsoft Excel', '1004'))")
