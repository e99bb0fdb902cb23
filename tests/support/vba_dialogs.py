"""Office's own dialogs, for pyOpenVBA's interpreter, which has none."""

from __future__ import annotations

from typing import Any

from pyopenvba.interpreter._objects import VBAObject, member, method, setter
from pyopenvba.interpreter._values import error

FOLDERS = 4
"""msoFileDialogFolderPicker."""


class Picked(VBAObject):
    """What was picked, counted from 1."""

    vba_type_name = "FileDialogSelectedItems"

    def __init__(self, items: list[str]) -> None:
        self.items = items

    @member(name="Count")
    def count(self) -> int:
        """Return how many there are."""
        return len(self.items)

    @method(name="Item", default=True)
    def item(self, Index: int) -> str:  # noqa: N803 - Office's name
        """Return one."""
        if not 1 <= Index <= len(self.items):
            raise error(9, "Subscript out of range")
        return self.items[int(Index) - 1]


class FolderDialog(VBAObject):
    """The dialog in which a user picks a folder; it is shown once, and never while Python is being called."""

    vba_type_name = "FileDialog"

    def __init__(self, excel: Any) -> None:
        self._excel, self._title, self._several = excel, "", True
        self._picked: list[str] = []

    @member(name="Title")
    def title(self) -> str:
        """Return the title."""
        return self._title

    @setter("Title")
    def set_title(self, value: str) -> None:
        """Set the title."""
        self._title = value

    @member(name="AllowMultiSelect")
    def several(self) -> bool:
        """Return whether several may be picked."""
        return self._several

    @setter("AllowMultiSelect")
    def set_several(self, value: object) -> None:
        """Set whether several may be picked."""
        self._several = bool(value)

    @method(name="Show")
    def show(self) -> int:
        """Show it; return -1 where a folder was picked, 0 where the user gave up."""
        assert not self._excel.server.busy
        self._excel.asked.append((self._title, self._several))
        answer = self._excel.answers.pop(0)
        self._picked = [answer] if answer else []
        return -1 if self._picked else 0

    @member(name="SelectedItems")
    def selected(self) -> Picked:
        """Return what was picked."""
        return Picked(self._picked)


def folder_dialog(excel: Any, kind: int) -> FolderDialog:
    """Return the dialog; Excel makes one of each kind, here there is no other."""
    assert kind == FOLDERS
    return FolderDialog(excel)
